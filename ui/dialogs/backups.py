"""The backups of the store: when, why, how large; and the way to put one in the store's place."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from planner.errors import KnownError
from planner.files import Backup
from ui.dialogs.form import Question
from ui.models.rows_model import Column, RowsModel
from ui.rows.table import RowTable
from ui.rows.words import plain_label
from ui.tongue import say

WORDS = (
    "Putting a backup back replaces all plans by those of the backup.",
    "The plans as they are now are kept first, as a backup of their own, and can be put back in the same way.",
)
Look = Callable[[Path], Backup]
"""The backup in a file; may raise KnownError."""


def put_back_words(backup: Backup, before: Path | None) -> str:
    """That a backup stands in the store's place now, and where the state before is kept, if there was one."""
    words = "Backup of {when} put back. The state before is kept as {name}."
    if before is None:
        words = "Backup of {when} put back. There were no plans before."
    return say(words, when=backup.label, name=before.name if before else "")


def size_text(backup: Backup) -> str:
    """The size in megabytes; empty where the file is gone."""
    try:
        return f"{backup.path.stat().st_size / 1_000_000:.1f} MB"
    except OSError:
        return ""


CAUSES = ("before import", "before void", "before restore", "before upgrade", "protection")
"""Why a backup was made where nobody asked for it, as the name of its file says it."""
BACKUP_COLUMNS = (
    Column("Made", lambda one: one.made),
    Column("Why", lambda one: say(one.why or "by the clock or by hand")),
    Column("Size", size_text, figures=True),
    Column("File", lambda one: one.path.name, tip=lambda one: str(one.path)),
)


class BackupsDialog(Question):
    """Accepted, `backup()` is the one to put back."""

    def __init__(self, backups: Sequence[Backup], look: Look, second: str, parent: QWidget | None = None) -> None:
        super().__init__("Backups", "Put this backup back", parent)
        self._look = look
        self._elsewhere: Backup | None = None
        self.table = RowTable(RowsModel(BACKUP_COLUMNS, lambda one: one.path, self), "Backups")
        self.table.set_widths((228, 168, 80, 0))
        self.other = QPushButton("A backup in another folder…")
        self.chosen = plain_label(tone="muted")
        self.chosen.hide()
        for words in WORDS:
            self.body.addWidget(plain_label(words, "muted"))
        nothing = plain_label("There is no backup yet; one is made soon after the first change.")
        nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.table.setVisible(bool(backups))
        nothing.setVisible(not backups)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(nothing, 1)
        self.body.addWidget(self.chosen)
        self.body.addWidget(self.other, 0, Qt.AlignmentFlag.AlignLeft)
        copies = say("Copies go to {folder} as well.", folder=second) if second else say("No second folder is set.")
        self.body.addWidget(plain_label(copies, "muted"))
        self.table.show_rows(tuple(backups))
        self.table.chosen.connect(self._choose)
        self.other.clicked.connect(self._ask_file)
        self.ok.setEnabled(False)
        self.leave_by_enter()
        self.resize(760, 480)
        (self.table if backups else self.other).setFocus()

    def backup(self) -> Backup | None:
        """The chosen one."""
        row: Backup | None = self.table.row()
        return self._elsewhere or row

    def take_file(self, file: str) -> None:
        """Choose the backup in that file."""
        try:
            self._elsewhere = self._look(Path(file))
        except KnownError as problem:
            self.show_problems(problem.lines, "wrong")
            return
        self.show_problems((), "")
        self.chosen.setText(f"{self._elsewhere.label}: {self._elsewhere.path}")
        self.chosen.show()
        self.ok.setEnabled(True)

    def _choose(self, _row: Backup) -> None:
        self._elsewhere = None
        self.chosen.hide()
        self.ok.setEnabled(True)

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, say("A backup in another folder"), "", "(plans-*.db)")
        dialog.fileSelected.connect(self.take_file)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
