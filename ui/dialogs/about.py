"""What the program is, and what it does not claim."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from planner.model.library import Library
from planner.services.store.protection import LIMITS
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
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(plain_label(f"Regimap {version}", "title"))
        for words in (*CLAIMS, LIMITS):
            column.addWidget(plain_label(say(words)))
        column.addWidget(plain_label(content_words(library), "muted"))
        if library.problems:
            column.addWidget(plain_label("Files left out", "heading"))
            column.addWidget(plain_label("\n".join(str(problem) for problem in library.problems), "wrong"))
        column.addStretch(1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self.resize(520, 380)

    def showEvent(self, event: QShowEvent) -> None:
        """As high as its wrapped words are: a dialog does not see to that, and the last lines went missing."""
        self.resize(self.width(), max(self.height(), self.heightForWidth(self.width())))
        super().showEvent(event)


def content_words(library: Library) -> str:
    """How much content is loaded."""
    return say(
        "{protocols} protocols, {rules} rules, {drugs} drugs loaded.",
        protocols=len(library.protocols),
        rules=len(library.rules),
        drugs=len(library.agents),
    )
