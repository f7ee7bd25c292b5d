"""Lists of other medicines, earlier treatment and results: a line each, added and taken away by buttons."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from planner.model.agent import Agent
from planner.model.patient import CoMedication, LabResult, PriorExposure
from planner.model.results import RESULTS, units_of
from ui.dialogs.choice_box import StillBox, TypedBox
from ui.dialogs.date_field import DateField
from ui.dialogs.form import line, number_text, parse_number
from ui.rows.words import plain_label
from ui.tongue import fact_title, say

EXPOSURE_UNITS = ("mg/m2", "mg", "units", "doses")


def agent_id(text: str, agents: Mapping[str, Agent]) -> str:
    """The id of the agent of that name, synonym or id; else the words themselves as an id nobody knows."""
    wanted = text.strip().casefold()
    for agent in agents.values():
        if wanted in (agent.id.casefold(), agent.name.casefold(), *(synonym.casefold() for synonym in agent.synonyms)):
            return agent.id
    return wanted


def agent_box(name: str, agents: Mapping[str, Agent], chosen: str = "") -> QComboBox:
    """A field to type or choose an agent's name in."""
    box = TypedBox(name)
    box.addItems(sorted((agent.name for agent in agents.values()), key=str.casefold))
    completer = QCompleter(box.model(), box)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    box.setCompleter(completer)
    known = agents.get(chosen)
    box.setCurrentText(known.name if known else chosen)
    return box


class MedicineRow(QWidget):
    """One other medicine with its first and last day."""

    removed = Signal(object)

    def __init__(self, agents: Mapping[str, Agent], medication: CoMedication | None) -> None:
        super().__init__()
        self._agents = agents
        self.agent = agent_box(say("Medicine"), agents, medication.agent if medication else "")
        self.start = DateField(say("First day"), medication.start if medication else None)
        self.end = DateField(
            say("Last day; empty while it goes on"), medication.end if medication else None, optional=True
        )
        self.end.line.setPlaceholderText(say("goes on"))
        _in_two_lines(self, "Remove this medicine", _line("from", self.start, "until", self.end))

    def problems(self) -> list[str]:
        """What is missing or wrong in this line."""
        name = self.agent.currentText().strip()
        found = [] if name else [say("A medicine has no name.")]
        found += [_of(name, "{name}, first day: {problem}.", self.start)] if self.start.problem else []
        found += [_of(name, "{name}, last day: {problem}.", self.end)] if self.end.problem else []
        return found

    def value(self) -> CoMedication | None:
        """The medicine; None while something is wrong."""
        if self.problems() or self.start.day is None:
            return None
        return CoMedication(agent_id(self.agent.currentText(), self._agents), self.start.day, self.end.day)


def _of(name: str, sentence: str, field: DateField) -> str:
    return say(sentence, name=name or say("Medicine"), problem=field.problem)


class ExposureRow(QWidget):
    """One earlier treatment with its total dose."""

    removed = Signal(object)

    def __init__(self, agents: Mapping[str, Agent], exposure: PriorExposure | None) -> None:
        super().__init__()
        self._agents = agents
        self.agent = agent_box(say("Drug given before"), agents, exposure.agent if exposure else "")
        self.dose = line(
            say("Total dose"), number_text(exposure.dose) if exposure else "", width=96, hint=say("total dose")
        )
        self.unit = StillBox()
        self.unit.setAccessibleName(say("Unit of the total dose"))
        self.unit.addItems(EXPOSURE_UNITS)
        if exposure and exposure.unit not in EXPOSURE_UNITS:
            self.unit.addItem(exposure.unit)
        self.unit.setCurrentText(exposure.unit if exposure else "mg/m2")
        self.until = DateField(say("Last given; may be empty"), exposure.until if exposure else None, optional=True)
        _in_two_lines(self, "Remove this treatment", _line("total", self.dose, self.unit, "until", self.until))

    def problems(self) -> list[str]:
        """What is missing or wrong in this line."""
        name = self.agent.currentText().strip() or say("Earlier treatment")
        found = [] if self.agent.currentText().strip() else [say("An earlier treatment has no drug.")]
        above = say("{name}: the total dose must be a number above zero.", name=name)
        found += [] if self._dose() else [_not_read(name, self.dose.text()) or above]
        found += [f"{name}: {self.until.problem}."] if self.until.problem else []
        problem = "" if found else self._read().problem
        return [f"{problem}."] if problem else found

    def value(self) -> PriorExposure | None:
        """The treatment; None while something is wrong."""
        return None if self.problems() else self._read()

    def _read(self) -> PriorExposure:
        agent = agent_id(self.agent.currentText(), self._agents)
        return PriorExposure(agent, self._dose() or Decimal(0), self.unit.currentText(), self.until.day)

    def _dose(self) -> Decimal | None:
        try:
            return parse_number(self.dose.text()) or None
        except ValueError:
            return None


class LabRow(QWidget):
    """One laboratory result or graded event with its day."""

    removed = Signal(object)

    def __init__(self, result: LabResult | None, today: date) -> None:
        super().__init__()
        self.agent = StillBox()
        self.agent.setAccessibleName(say("What was measured"))
        known = sorted(RESULTS, key=lambda code: fact_title(code).casefold())
        codes = [*known, *([result.code] if result and result.code not in RESULTS else [])]
        for code in codes:
            self.agent.addItem(fact_title(code), code)
        self.agent.setPlaceholderText(say("choose what was measured"))
        self.amount = line(say("Result"), number_text(result.value) if result else "", width=96, hint=say("result"))
        self.unit = StillBox()
        self.unit.setAccessibleName(say("Unit of the result"))
        self.unit.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)  # else "micromol/L" is cut
        self.on = DateField(say("Day of the result"), result.date if result else today, latest=today)
        _in_two_lines(self, "Remove this result", _line(self.amount, self.unit, "on", self.on))
        self.agent.currentIndexChanged.connect(self._show_units)
        # Nothing beforehand: a number must not become a creatinine because nobody looked.
        self.agent.setCurrentIndex(codes.index(result.code) if result else -1)
        self._show_units()
        if result:
            if self.unit.findText(result.unit) < 0:
                self.unit.addItem(result.unit)
            self.unit.setCurrentText(result.unit)

    def problems(self) -> list[str]:
        """What is missing or wrong in this line."""
        if self.agent.currentIndex() < 0:
            return [say("Choose what was measured.")]
        name = self.agent.currentText()
        no_number = say("{name}: the result must be a number.", name=name)
        found = [] if self._value() is not None else [_not_read(name, self.amount.text()) or no_number]
        return found + ([f"{name}: {self.on.problem}."] if self.on.problem else [])

    def value(self) -> LabResult | None:
        """The result; None while something is wrong."""
        amount = self._value()
        if amount is None or self.on.day is None or self.agent.currentIndex() < 0:
            return None
        return LabResult(self.on.day, self.agent.currentData(), amount, self.unit.currentText())

    def _value(self) -> Decimal | None:
        try:
            return parse_number(self.amount.text())
        except ValueError:
            return None

    def _show_units(self) -> None:
        self.unit.clear()
        self.unit.addItems(units_of(self.agent.currentData() or ""))


def _not_read(name: str, typed: str) -> str:
    """Why a number that was typed is none; empty where nothing was."""
    try:
        parse_number(typed)
    except ValueError as error:
        return f"{name}: {error}." if typed.strip() else ""
    return ""


Row = TypeVar("Row", MedicineRow, ExposureRow, LabRow)


class RowList(QWidget, Generic[Row]):
    """Rows of one kind under each other, with a button that adds one."""

    def __init__(self, empty: str, add: str, rows: Sequence[Row]) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self._empty = plain_label(empty, "muted")
        self.add_button = QPushButton(add)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._empty)
        self._column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch(1)
        for row in rows:
            self.append(row)

    def append(self, row: Row) -> None:
        """Show one more row."""
        self.rows.append(row)
        row.removed.connect(self._remove)
        self._column.insertWidget(self._column.count() - 2, row)
        self._empty.setVisible(False)
        row.agent.setFocus()

    def problems(self) -> list[str]:
        """What is missing or wrong in any row."""
        return [problem for row in self.rows for problem in row.problems()]

    def _remove(self, row: Row) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.deleteLater()
        self._empty.setVisible(not self.rows)
        self.add_button.setFocus()


def _in_two_lines(row: MedicineRow | ExposureRow | LabRow, remove: str, rest: QHBoxLayout) -> None:
    """What it is, with the button that takes it away at the end of the same line; the rest of it below."""
    grid = QGridLayout(row)
    grid.setContentsMargins(0, 0, 0, 8)
    grid.setColumnStretch(0, 1)
    grid.addWidget(row.agent, 0, 0)
    grid.addWidget(_remove_button(row, remove), 0, 1)
    grid.addLayout(rest, 1, 0, 1, 2)


def _remove_button(row: MedicineRow | ExposureRow | LabRow, name: str) -> QPushButton:
    button = QPushButton(say("Remove"))
    button.setProperty("quiet", "true")
    button.setProperty("after", "true")  # Tab goes from what it is to how much, and not first to what takes it away
    button.setAccessibleName(say(name))
    button.clicked.connect(lambda: row.removed.emit(row))
    return button


def _line(*parts: str | QWidget) -> QHBoxLayout:
    """Words and fields beside each other, as close as they belong."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for part in parts:
        row.addWidget(QLabel(say(part)) if isinstance(part, str) else part)
    row.addStretch(1)
    return row
