"""Questions as data: a field is described, and one class a kind makes its widget, reads it and says what is wrong."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from planner.files import nearest_folder
from planner.model.civil import clinical_date
from ui.dialogs.choice_box import ChoiceBox, StillSpin, TypedBox
from ui.dialogs.date_field import DateField
from ui.dialogs.date_text import parse_date
from ui.dialogs.form import count_days, hand_keys_on, line, number_text, parse_number
from ui.dialogs.several_boxes import SeveralBoxes
from ui.rows.words import plain_label
from ui.tongue import as_kept, say

Answers = Mapping[str, Any]
NOT_THERE = '{field}: there is no "{typed}".'


class Field(Struct, frozen=True):
    """One question of a form.

    `kind` is text, secret, lines, number (Decimal), whole or days (int), date, dates, choice, pick (typed), several,
    tick or folder. Under a folder stands what `tells` says of it.
    `choices` are pairs of value and words. `shown_if` hides the field unless the answers so far say otherwise; nobody
    is asked a hidden one. An `optional` field may stay empty: its value is then None, for texts "". A choice with a
    `stand_in` begins with nothing chosen and has to be made; until then a preview goes by the stand-in.
    """

    id: str
    label: str
    kind: str = "text"
    value: Any = None
    choices: Sequence[tuple[Any, str]] = ()
    hint: str = ""
    optional: bool = False
    least: int = 0
    most: int = 9999
    suffix: str = ""
    shown_if: Callable[[Answers], bool] | None = None
    stand_in: Any = None
    tells: Callable[[str], str] | None = None

    @property
    def name(self) -> str:
        """The label without the mark of its access key."""
        return self.label.replace("&", "")


class Editor(QObject):
    """The widget of one field. `changed` comes when its value may be another one."""

    changed = Signal()

    def __init__(self, field: Field, widget: QWidget) -> None:
        super().__init__(widget)
        self.field, self.widget = field, widget

    def value(self) -> Any:
        """What is entered; None where nothing, or nothing readable, is."""
        raise NotImplementedError

    def is_open(self) -> bool:
        """Whether nothing is chosen yet where something has to be."""
        return self.field.stand_in is not None and self.value() is None

    def problem(self) -> str:
        """What keeps the value from being used; empty where nothing does."""
        return ""

    def _missing(self) -> str:
        return (
            ""
            if self.field.optional
            else say("{field}: nothing is entered.", field=say(self.field.label).replace("&", ""))
        )


class TextEditor(Editor):
    """One line of words; `secret` hides them."""

    def __init__(self, field: Field) -> None:
        self._line = line(field.name, field.value or "", hint=field.hint)
        super().__init__(field, self._line)
        if field.kind == "secret":
            self._line.setEchoMode(QLineEdit.EchoMode.Password)
        self._line.textChanged.connect(self.changed)

    def value(self) -> str:
        text = self._line.text()
        return text if self.field.kind == "secret" else text.strip()

    def problem(self) -> str:
        return "" if self.value() else self._missing()


class DoseEditor(TextEditor):
    """One line for a dose, in the words of the window or in those that plans keep."""

    def value(self) -> str:
        return as_kept(super().value())


class LinesEditor(Editor):
    """Several lines of words."""

    def __init__(self, field: Field) -> None:
        self._area = QPlainTextEdit(field.value or "")
        self._area.setAccessibleName(field.name)
        self._area.setPlaceholderText(field.hint)
        self._area.setTabChangesFocus(True)
        self._area.setFixedHeight(64)
        super().__init__(field, self._area)
        self._area.textChanged.connect(self.changed)

    def value(self) -> str:
        return self._area.toPlainText().strip()

    def problem(self) -> str:
        return "" if self.value() else self._missing()


class NumberEditor(Editor):
    """An exact number, typed."""

    def __init__(self, field: Field) -> None:
        shown = number_text(field.value) if isinstance(field.value, Decimal) else str(field.value or "")
        self._line = line(field.name, shown, width=128, hint=field.hint)
        super().__init__(field, self._line)
        self._line.textChanged.connect(self.changed)

    def value(self) -> Decimal | None:
        try:
            return parse_number(self._line.text())
        except ValueError:
            return None

    def problem(self) -> str:
        text = self._line.text().strip()
        if not text:
            return self._missing()
        try:
            parse_number(text)
        except ValueError as error:
            return f"{say(self.field.name)}: {error}."
        return ""


class WholeEditor(Editor):
    """A whole number within its range."""

    def __init__(self, field: Field) -> None:
        self._box = StillSpin(field.least, field.most, field.name)
        self._box.setSuffix(field.suffix)
        self._box.setValue(field.value or 0)
        self._box.setMaximumWidth(160)
        super().__init__(field, self._box)
        self._box.valueChanged.connect(self.changed)

    def value(self) -> int:
        return self._box.value()

    def problem(self) -> str:
        return self._box.problem()


class DaysEditor(WholeEditor):
    """So many days."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        count_days(self._box)


class DateEditor(Editor):
    """A day."""

    def __init__(self, field: Field) -> None:
        self._field = DateField(field.name, field.value, optional=field.optional)
        if field.hint:
            self._field.line.setPlaceholderText(field.hint)
        super().__init__(field, self._field)
        self._field.changed.connect(self.changed)

    def value(self) -> date | None:
        return self._field.day

    def problem(self) -> str:
        return f"{self.field.name}: {self._field.problem}." if self._field.problem else ""


class DatesEditor(Editor):
    """Any number of days in one line, with commas between them; as a tuple, the earliest first."""

    def __init__(self, field: Field) -> None:
        self._line = line(field.name, ", ".join(map(clinical_date, field.value or ())), hint=field.hint)
        super().__init__(field, self._line)
        self._line.textChanged.connect(self.changed)

    def value(self) -> tuple[date, ...] | None:
        try:
            return tuple(sorted({parse_date(one) for one in self._entered()}))
        except ValueError:
            return None

    def problem(self) -> str:
        for one in self._entered():
            try:
                parse_date(one)
            except ValueError as error:
                return f"{self.field.name}, {one}: {error}."
        return "" if self._entered() else self._missing()

    def _entered(self) -> list[str]:
        return [one.strip() for one in self._line.text().split(",") if one.strip()]


class ChoiceEditor(Editor):
    """One of several."""

    def __init__(self, field: Field) -> None:
        self._box = ChoiceBox()
        self._box.setAccessibleName(field.name)
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._box.setMinimumContentsLength(12)
        values = [value for value, _ in field.choices]
        self._box.addItems([words for _, words in field.choices])
        if field.stand_in is None:
            self._box.setCurrentIndex(values.index(field.value) if field.value in values else 0)
        else:
            self._box.choose_later()
        self._values = values
        super().__init__(field, self._box)
        self._box.currentIndexChanged.connect(self.changed)

    def value(self) -> Any:
        index = self._box.currentIndex()
        return self._values[index] if 0 <= index < len(self._values) else None

    def problem(self) -> str:
        return "" if self._values else self._missing()


class PickEditor(Editor):
    """One of many, typed: what is typed narrows the list."""

    def __init__(self, field: Field) -> None:
        self._box = TypedBox(field.name, closed=True)
        self._box.addItems([words for _, words in field.choices])
        completer = QCompleter(self._box.model(), self._box)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._box.setCompleter(completer)
        self._values = {words.casefold(): value for value, words in field.choices}
        self._box.setCurrentText(dict(field.choices).get(field.value, ""))
        super().__init__(field, self._box)
        edit = self._box.lineEdit()
        if edit is not None:
            edit.setPlaceholderText(field.hint)
        self._box.currentTextChanged.connect(self.changed)

    def value(self) -> Any:
        return self._values.get(self._box.currentText().strip().casefold())

    def problem(self) -> str:
        typed = self._box.currentText().strip()
        if not typed:
            return self._missing()
        return "" if self.value() is not None else say(NOT_THERE, field=self.field.name, typed=typed)


class SeveralEditor(Editor):
    """Any number of several, as a tuple in their order."""

    def __init__(self, field: Field) -> None:
        self.several = SeveralBoxes(field.name, field.choices, field.value or ())
        super().__init__(field, self.several)
        self.several.changed.connect(self.changed)

    def value(self) -> tuple[Any, ...]:
        return self.several.ticked()

    def problem(self) -> str:
        return "" if self.value() else self._missing()


class TickEditor(Editor):
    """Yes or no."""

    def __init__(self, field: Field) -> None:
        self._box = QCheckBox(field.hint)
        self._box.setAccessibleName(field.name or field.hint)
        self._box.setChecked(bool(field.value))
        super().__init__(field, self._box)
        self._box.toggled.connect(self.changed)

    def value(self) -> bool:
        return self._box.isChecked()


class FolderEditor(Editor):
    """The path of a folder, typed or chosen; where one with other files is chosen, a new folder in it is meant."""

    def __init__(self, field: Field) -> None:
        whole, row = QWidget(), QHBoxLayout()
        self._line = line(field.name, field.value or "", hint=field.hint)
        choose = QPushButton("Choo&se…")
        choose.setAccessibleName("Choose a folder")
        choose.clicked.connect(self._choose)
        row.addWidget(self._line, 1)
        row.addWidget(choose)
        self._told = plain_label(tone="muted")
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._told)
        hand_keys_on(whole, self._line)
        super().__init__(field, whole)
        self._line.textChanged.connect(self._tell)
        self._line.textChanged.connect(self.changed)
        self._tell()

    def value(self) -> str:
        return self._line.text().strip()

    def problem(self) -> str:
        return "" if self.value() else self._missing()

    def take(self, picked: str) -> None:
        """Take the folder that was chosen."""
        # Imported here because hardly any form asks for a folder.
        from planner.services.store.folders import suggested

        self._line.setText(str(suggested(Path(picked))))

    def _tell(self) -> None:
        told = self.field.tells(self.value()) if self.field.tells else ""
        self._told.setText(told)
        self._told.setVisible(bool(told))

    def _choose(self) -> None:
        dialog = QFileDialog(self.widget, say(self.field.name), str(nearest_folder(Path(self.value()))))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


KINDS: dict[str, Callable[[Field], Editor]] = {
    "text": TextEditor,
    "dose": DoseEditor,
    "secret": TextEditor,
    "lines": LinesEditor,
    "number": NumberEditor,
    "whole": WholeEditor,
    "days": DaysEditor,
    "date": DateEditor,
    "dates": DatesEditor,
    "choice": ChoiceEditor,
    "pick": PickEditor,
    "several": SeveralEditor,
    "tick": TickEditor,
    "folder": FolderEditor,
}
