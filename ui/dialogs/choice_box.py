"""Boxes the wheel leaves alone, to choose from or to count in; choices are shown whole, or ended in an ellipsis."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSpinBox, QStyle, QStyleOptionComboBox, QStylePainter

from ui.tongue import say

TYPED = 99_999
"""As many digits as a box takes before it is left or refused."""
ROOM = 16
"""Px beside the words that are not theirs: their margins."""


class StillBox(QComboBox):
    """A combo box that the wheel does not change: whoever scrolls a page over it would answer without seeing it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the page it stands on scrolls

    def showPopup(self) -> None:
        """Show where the keys stand where nothing is chosen yet: Qt stood on the first line without showing it."""
        super().showPopup()
        if self.currentIndex() < 0 and not self.isEditable():
            self.view().setCurrentIndex(self.model().index(0, self.modelColumn()))


MARGIN = 6
"""Px before a number: its box gives it none."""


class StillSpin(QSpinBox):
    """A number that the wheel does not change either, from `least` to `most`.

    What is typed beyond them stands there and is refused in words: a box that takes no more digits makes 70 of "700".
    """

    def __init__(self, least: int, most: int, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._least, self._most, self._name = least, most, name
        self.lineEdit().setTextMargins(MARGIN, 0, 0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setRange(-TYPED if least < 0 else 0, TYPED)

    def problem(self) -> str:
        """What is wrong with the number; empty where it can be used."""
        if self._least <= self.value() <= self._most:
            return ""
        return say(
            "{field}: write a number from {least} to {most}.", field=say(self._name), least=self._least, most=self._most
        )

    def stepBy(self, steps: int) -> None:
        self.setValue(max(self._least, min(self._most, self.value() + steps)))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ChoiceBox(StillBox):
    """A combo box that never cuts its words without saying so."""

    def choose_later(self) -> None:
        """Begin with nothing chosen, and say so."""
        self.setPlaceholderText("choose")
        self.setCurrentIndex(-1)

    def full_width(self) -> int:
        """Px in which every choice is shown whole."""
        widest = max(
            (self.fontMetrics().horizontalAdvance(self.itemText(one)) for one in range(self.count())), default=0
        )
        return widest + 1 + ROOM + self.width() - self._words_width()  # a width is rounded, and half a px ends in dots

    def _words_width(self) -> int:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        return self._field(option).width()

    def _field(self, option: QStyleOptionComboBox) -> QRect:
        return self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        field = self._field(option)
        if self.currentIndex() < 0 and self.placeholderText():
            option.palette.setBrush(QPalette.ColorRole.ButtonText, option.palette.placeholderText())
            option.currentText = self.placeholderText()
        whole = option.currentText
        option.currentText = option.fontMetrics.elidedText(whole, Qt.TextElideMode.ElideRight, field.width() - ROOM)
        self.setToolTip(whole if option.currentText != whole else "")
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


class TypedBox(StillBox):
    """A combo box to type in. Enter answers the dialog it stands in, as it does in every other field.

    In a `closed` one nothing else can be answered than what is listed: of a name a beginning does that no other has.
    """

    def __init__(self, name: str, *, closed: bool = False) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setAccessibleName(name)
        edit = self.lineEdit()
        if edit is not None and closed:
            edit.editingFinished.connect(self._complete)

    def _complete(self) -> None:
        """Once it is left, the only name that begins as what is typed stands there whole."""
        typed = self.currentText().strip().casefold()
        names = [self.itemText(number) for number in range(self.count())]
        begin = [name for name in names if name.casefold().startswith(typed)]
        if typed and len(begin) == 1:
            self.setCurrentText(begin[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()  # Qt keeps it for itself; the dialog would wait in silence
