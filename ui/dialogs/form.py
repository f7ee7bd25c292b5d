"""The frame every question of the window has: a title, a form, one place for problems, two buttons."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QScreen, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from planner.model.quantity import plain
from ui.dialogs.halves import BESIDE, Halves
from ui.problem_words import problem_words
from ui.reading_order import go_beside
from ui.rows.words import FieldLabel, plain_label
from ui.tongue import say


def line(name: str, text: str = "", *, width: int = 0, hint: str = "") -> QLineEdit:
    """A named text field; `width` in px limits it."""
    field = QLineEdit(text)
    if len(text) > LONG:
        field.setCursorPosition(0)  # its end alone could be anybody's
    field.setAccessibleName(name)
    field.setPlaceholderText(hint)
    if width:
        field.setMaximumWidth(width)
    return field


LONG = 40
"""Letters from which a text may not have room in its field."""
TITLE_BAR = 32
"""Px at the most that a window manager takes for the title of a dialog."""
TWO_READINGS = '"{typed}" can be read in two ways: write {whole}, or {fraction}'


def room_on(screen: QScreen) -> QSize:
    """How large a dialog may be there, in px."""
    return screen.availableGeometry().size() - QSize(0, TITLE_BAR)


def _is_grouped(number: str) -> bool:
    """Whether the point may as well part thousands."""
    return re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", number) is not None


def number_text(value: Decimal) -> str:
    """A number as it stands in a field, so that `parse_number` reads it again."""
    text = plain(value)
    return f"{text}0" if _is_grouped(text) else text


def parse_number(text: str) -> Decimal:
    """Read 70.4 or 70,4 as an exact number; ValueError for anything else, more than 9 digits included.

    Neither is "4,758" one, nor "4.758": for some people it is 4758, for others a little less than 5.
    """
    cleaned = text.strip().replace(",", ".")
    if _is_grouped(cleaned):
        typed = text.strip()
        fraction = typed.rstrip("0").rstrip(".,") if typed.endswith("0") else f"{typed}0"
        raise ValueError(say(TWO_READINGS, typed=typed, whole=cleaned.replace(".", ""), fraction=fraction))
    if not cleaned.replace(".", "", 1).isdigit() or not cleaned.isascii() or len(cleaned) > 10:
        raise ValueError(say('"{typed}" is not a number', typed=text.strip()))
    try:
        return Decimal(cleaned)
    except InvalidOperation:
        raise ValueError(say('"{typed}" is not a number', typed=text.strip())) from None


class Rows(QFormLayout):
    """A form whose labels have room for their access keys."""

    def addRow(self, *parts: Any) -> None:
        if isinstance(parts[0], str) and parts[0]:
            field = parts[1]
            super().addRow(FieldLabel(parts[0], field if isinstance(field, QWidget) else None), field)
        else:
            super().addRow(*parts)


def form_layout(parent: QWidget | None = None) -> QFormLayout:
    """A form with labels on the left, as wide as its window."""
    form = Rows(parent) if parent else Rows()
    form.setContentsMargins(0, 0, 0, 0)
    form.setHorizontalSpacing(16)
    form.setVerticalSpacing(8)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form


def count_days(box: QSpinBox, one: str = "day", many: str = "days") -> None:
    """Let the number stand before its word, one day or several days."""

    def name(value: int) -> None:
        box.setSuffix(f" {say(one if abs(value) == 1 else many)}")

    box.valueChanged.connect(name)
    name(box.value())


def hand_keys_on(whole: QWidget, part: QWidget) -> None:
    """Let that part take the keys for the whole, also when the access key of its label is pressed."""
    whole.setFocusProxy(part)
    whole.setFocusPolicy(part.focusPolicy())


def sentence(words: str) -> str:
    """The words of a refusal with a capital letter, but for the name of a file, and a full stop."""
    first = words.split(" ", 1)[0]
    begin = words[:1] if re.search(r"[/\\]|\w\.\w", first) else words[:1].upper()
    return begin + words[1:] + ("" if words[-1:] in ("", ".", "?", "!") else ".")


class Question(QDialog):
    """A dialog with a title line, a body, and OK that stays until `find_problems` finds nothing.

    `find_doubts` are questions that a person has to answer with a tick before OK works. `helpRequested` comes with F1.
    """

    helpRequested = Signal()

    def __init__(self, title: str, accept_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        self.halves = Halves(self.body)
        self.problems = plain_label(tone="wrong")
        self.problems.setAccessibleName("Problems")
        self.problems.hide()
        self.checked = QCheckBox()
        self.checked.setText("I have checked these values; they are right")
        self.checked.hide()
        self._refused: tuple[str, ...] = ()
        self._doubted: tuple[str, ...] = ()
        self._watched: set[QWidget] = set()
        self._area: QScrollArea | None = None
        self.buttons = QDialogButtonBox()
        self.ok = QPushButton(accept_text)
        self.ok.setProperty("main", "true")
        self.buttons.addButton(self.ok, QDialogButtonBox.ButtonRole.AcceptRole)
        self.cancel = QPushButton("Cancel")
        self.buttons.addButton(self.cancel, QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 16, 24, 16)
        outer.setSpacing(12)
        outer.addWidget(plain_label(title, "title"))
        outer.addLayout(self.halves, 1)
        for widget in (self.problems, self.checked, self.buttons):
            outer.addWidget(widget)
        # Once it stands in the dialog: only then it stays what Enter means after another button had the keys.
        self.ok.setDefault(True)

    def showEvent(self, event: QShowEvent) -> None:
        """Never larger than the screen: the buttons at its lower end must be there."""
        super().showEvent(event)
        self._stay_on_the_screen()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is said or asked later must not push the buttons off the screen either."""
        super().resizeEvent(event)
        if self.isVisible():
            self._stay_on_the_screen()

    def _stay_on_the_screen(self) -> None:
        room = room_on(self.screen())
        wants = self._area is None and self.halves.is_stacked and self.sizeHint().height() > room.height()
        if wants and room.width() >= BESIDE:
            self.halves.stand_beside()
            self.resize(room.width(), 0)
        least = self._least_height(min(self.width(), room.width()))
        if self._area is None and least > room.height():
            self._scroll_the_body(room.width())
        elif self._area is None and least > self.height():
            self.resize(self.width(), least)  # its fields would be pressed together instead
        if self.height() > room.height() or self.width() > room.width():
            self.resize(self.size().boundedTo(room))
        screen = self.screen().availableGeometry()
        if (below := self.frameGeometry().bottom() - screen.bottom()) > 0:
            self.move(self.x(), max(screen.top(), self.y() - below))  # a doubt that is told makes it higher

    def _least_height(self, width: int) -> int:
        """What all of it needs at that width: wrapped lines are more of them than the hint of the dialog counts."""
        layout = self.layout()
        wrapped = layout.minimumHeightForWidth(width) if layout else 0
        return max(self.minimumSizeHint().height(), wrapped)

    def _scroll_the_body(self, most: int) -> None:
        """Where the fields do not all have room, they move under the title and the buttons stay.

        All of their width is shown as far as the dialog may be `most` px wide, because nobody moves them sideways. What
        would change, which is below the fields, is told in one line beside the buttons.
        """
        outer, focused = self.layout(), self.focusWidget()
        if not isinstance(outer, QVBoxLayout):
            return
        outer.removeItem(self.halves)
        inside = QWidget()
        self.halves.setContentsMargins(0, 0, 8, 0)
        inside.setLayout(self.halves)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(inside)
        outer.insertWidget(1, self._area, 1)
        margins = outer.contentsMargins()
        wide = inside.minimumSizeHint().width() + self._area.verticalScrollBar().sizeHint().width()
        self._area.setMinimumWidth(min(wide, most - margins.left() - margins.right()))
        if self.halves.brief is not None:
            row = QHBoxLayout()
            row.addWidget(self.halves.brief, 1)
            self.halves.brief.show()
            row.addWidget(self.buttons)
            outer.addLayout(row)
        outer.activate()
        if focused is not None:
            focused.setFocus()
            self._area.ensureWidgetVisible(focused)
            self._area.horizontalScrollBar().setValue(0)

    def focusNextPrevChild(self, forward: bool) -> bool:
        return go_beside(self, forward=forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F1 and not event.modifiers():
            self.helpRequested.emit()
            return
        super().keyPressEvent(event)

    def find_problems(self) -> Sequence[str]:
        """What keeps the answer from being used."""
        return ()

    def find_problems_again(self) -> Sequence[str]:
        """The same while one mends it, with every key that is pressed: it may do nothing but look."""
        return self.find_problems()

    def find_doubts(self) -> Sequence[str]:
        """What somebody has to look at twice."""
        return ()

    def to_choose(self) -> QWidget | None:
        """The first field in which nothing is chosen yet and something has to be; the keys go there."""
        return None

    def to_mend(self) -> QWidget | None:
        """The field that was refused; the keys go there."""
        return self.to_choose()

    def _bring_keys_to(self, field: QWidget | None) -> None:
        """What is typed next takes the place of what was refused."""
        if field is None:
            return
        field.setFocus()
        typed = self.focusWidget()
        if isinstance(typed, QLineEdit):
            typed.selectAll()

    def accept(self) -> None:
        problems = tuple(self.find_problems())
        self._refused = problems
        if problems:
            self.checked.hide()
            self.show_problems(problems, "wrong")
            self._watch_answers()
            self._bring_keys_to(self.to_mend())
            return
        doubts = tuple(self.find_doubts())
        if doubts and not (doubts == self._doubted and self.checked.isChecked()):
            if doubts != self._doubted:
                self.checked.setChecked(False)
            self._doubted = doubts
            self.show_problems(doubts, "doubt")
            self._watch_answers()
            self.checked.show()
            self.checked.setFocus()
            return
        self.finish()

    def leave_by_enter(self) -> None:
        """Enter closes it with nothing done: a row that somebody walks over, or a key held down, is no answer."""
        self.ok.setDefault(False)
        self.cancel.setDefault(True)  # once a button has the keys, Enter means that one

    def finish(self) -> None:
        """Close with what was answered."""
        super().accept()

    def _watch_answers(self) -> None:
        """From now on what was refused or doubted goes as soon as it is mended; nothing new is said while one types."""
        for field in self.findChildren(QWidget):
            if field is self.checked or field in self._watched:
                continue
            changes = (getattr(field, name, None) for name in ("textChanged", "currentIndexChanged", "toggled"))
            for change in filter(None, changes):
                self._watched.add(field)
                change.connect(self._look_again)

    def _look_again(self) -> None:
        if self._refused:
            still = tuple(self.find_problems_again())
            self._refused = tuple(one for one in self._refused if one in still)
            self.show_problems(self._refused, "wrong")
        elif not self.checked.isHidden() and tuple(self.find_doubts()) != self._doubted:
            self._doubted = ()
            self.checked.hide()
            self.show_problems((), "doubt")

    def show_problems(self, lines: Sequence[str], tone: str) -> None:
        """Say what is wrong, above the buttons."""
        self.problems.setText("\n".join(sentence(problem_words(line)) for line in lines))
        self.problems.setProperty("tone", tone)
        self.problems.style().polish(self.problems)
        self.problems.setVisible(bool(lines))
        # A window that stands already does not grow by itself; its lines would be cut instead.
        if layout := self.layout():
            self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))
