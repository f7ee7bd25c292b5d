"""What the program is, and what it does not claim."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFrame, QScrollArea, QVBoxLayout, QWidget

from planner.model.library import Library
from planner.services.store.protection import LIMITS
from ui.dialogs.form import room_on
from ui.rows.words import plain_label
from ui.tongue import say

IS = (
    "Regimap is a planning aid for trained oncology staff. It puts a patient's whole course on one line and says which "
    "of its rules the course breaks."
)
IS_NOT = (
    "It is not an order system and claims no conformity as a medical device. A plan may change; it is not a "
    "prescription."
)
SAYS = (
    'Every date and dose can be followed to its source. A rule that lacks an input says "cannot check"; that is never '
    "a pass. Rules that are not in the library are not checked. Nothing is changed without being asked for."
)
CLAIMS = (IS, IS_NOT, SAYS, "Everything stays on this computer.")


class AboutDialog(QDialog):
    """The claims, and what content is loaded, with the files that were left out and why."""

    def __init__(self, library: Library, version: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(say("What this program claims"))
        self.page = QWidget()
        inside = QVBoxLayout(self.page)
        inside.setContentsMargins(8, 4, 12, 4)  # clear of the frame it has while it has the keys
        inside.setSpacing(12)
        for words in (*CLAIMS, LIMITS):
            inside.addWidget(plain_label(say(words)))
        inside.addWidget(plain_label(content_words(library), "muted"))
        if library.problems:
            inside.addWidget(plain_label("Files left out", "heading"))
            inside.addWidget(plain_label("\n".join(str(problem) for problem in library.problems), "wrong"))
        inside.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidget(self.page)
        self.area.setAccessibleName(self.windowTitle())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(plain_label(f"Regimap {version}", "title"))
        column.addWidget(self.area, 1)
        column.addWidget(buttons)
        self.resize(520, 380)
        buttons.button(QDialogButtonBox.StandardButton.Close).setFocus()  # the box itself is no stop of Tab

    def showEvent(self, event: QShowEvent) -> None:
        """As high as its wrapped words are, as far as the screen is: many files left out scroll."""
        if layout := self.layout():
            layout.activate()
        missing = self.page.heightForWidth(self.area.viewport().width()) - self.area.viewport().height()
        self.resize(self.width(), min(self.height() + missing, room_on(self.screen()).height()))
        super().showEvent(event)


def content_words(library: Library) -> str:
    """How much content is loaded."""
    return say(
        "{protocols} protocols, {rules} rules, {drugs} drugs loaded.",
        protocols=len(library.protocols),
        rules=len(library.rules),
        drugs=len(library.agents),
    )
