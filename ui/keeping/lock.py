"""The window locked: after idle time, after a sleep of the machine, or when somebody asks for it.

Everything on screen is hidden, open questions too, and comes back as it was. Nothing is closed and nothing is lost,
because every finished edit is saved and what is half written stays in its question.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QWidget
from shiboken6 import isValid

from planner.errors import KnownError
from planner.model.store import Protection
from planner.services.store.idle import IdleWatch
from ui.dialogs.described import DescribedDialog, Form
from ui.dialogs.fields import Answers, Field
from ui.translated import translate
from ui.vault import Vault

LOOK_EVERY = 2000
"""Milliseconds between two looks at the clocks; the lock comes at most two of them late."""
LOCKED = "Everything is saved, and the window will stand as you left it."
HIDES_ONLY = "This store opens without a passphrase, so the lock only hides the screen."
HANDS = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletMove,
    }
)
Clocks = Callable[[], tuple[float, float]]
"""The readings, in seconds, of a clock that stops while the machine sleeps and of the wall clock."""


class Hands(QObject):
    """Tells of the first touch after `listen`, then stops looking: most events must not pass through Python."""

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._app = app
        self._listening = False
        self.touched = False

    def listen(self) -> None:
        """Wait for the next touch."""
        self.touched = False
        if not self._listening:
            self._app.installEventFilter(self)
            self._listening = True

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in HANDS:
            self.touched = True
            self.stop()
        return False

    def stop(self) -> None:
        """Look no more."""
        self._app.removeEventFilter(self)
        self._listening = False


class LockQuestion(DescribedDialog):
    """Stands alone while everything else is hidden. Esc does not leave it: half-written questions would be lost."""

    def __init__(self, form: Form, then: Callable[[bool], None]) -> None:
        super().__init__(form)
        self._then = then
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        for button in self.buttons.buttons():
            if self.buttons.buttonRole(button) is QDialogButtonBox.ButtonRole.RejectRole:
                button.setText("Quit")

    def done(self, result: int) -> None:
        # First, so that the program never stands without a window, which would end it.
        self._then(result == QDialog.DialogCode.Accepted)
        super().done(result)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)


class LockGuard(QObject):
    """Locks the window and opens it again: `locked`, `opened`. `leaving` comes when somebody quits instead."""

    locked = Signal()
    opened = Signal()
    leaving = Signal()

    def __init__(
        self, app: QApplication, vault: Vault, minutes: Callable[[], int], clocks: Clocks, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._vault, self._minutes, self._clocks = vault, minutes, clocks
        self._hands = Hands(app, self)
        self._watch = IdleWatch()
        self._watch.touch(*clocks())
        self._hidden: list[QWidget] = []
        self.question: LockQuestion | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(LOOK_EVERY)
        self._hands.listen()

    def look(self) -> None:
        """Lock where nobody touched the window for as long as the settings say."""
        now = self._clocks()
        if self._hands.touched or self.question:
            self._watch.touch(*now)
        self._watch.limit = 60.0 * self._minutes()
        if self._watch.due(*now):
            self.lock()
        self._hands.listen()

    def lock(self) -> None:
        """Hide everything and ask for the passphrase."""
        if self.question:
            return
        while popup := QApplication.activePopupWidget():
            popup.close()
        self._hidden = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
        self.question = self._ask()
        self.question.show()
        for window in self._hidden:
            window.hide()
        self.question.activateWindow()
        self.locked.emit()

    def _ask(self) -> LockQuestion:
        kind = self._vault.protection
        fields = (Field("passphrase", "&Passphrase", "secret"),) if kind is Protection.PASSPHRASE else ()
        words = {Protection.PASSPHRASE: (), Protection.KEYRING: ()}.get(kind, (HIDES_ONLY,))
        form = Form("The plans are locked", "Open", fields, (LOCKED, *words), problems=self._try)
        dialog = LockQuestion(form, self._end)
        translate(dialog)
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def _try(self, answers: Answers) -> Sequence[str]:
        try:
            opened = self._vault.opens(answers.get("passphrase", ""))
        except KnownError as error:
            return error.lines
        return () if opened else ("This does not open the store that is locked here.",)

    def _end(self, opened: bool) -> None:
        self.question = None
        self._watch.touch(*self._clocks())
        hidden, self._hidden = self._hidden, []
        if not opened:
            self.leaving.emit()
            return
        for window in hidden:
            if isValid(window):
                window.show()
        self.opened.emit()
