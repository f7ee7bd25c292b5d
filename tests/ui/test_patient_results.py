"""Results in the patient form: chosen, not presumed; questioned where unlikely; the clearance that follows."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QPushButton

from planner.model.patient import LabResult
from planner.model.results import RESULTS, in_its_unit
from tests.ui.patient_forms import KNOWN, TODAY
from ui.dialogs.medicine_rows import LabRow, units_of
from ui.dialogs.patient import PatientDialog
from ui.tongue import fact_title


def _form_with_labs(qtbot, *labs):
    patient = replace(KNOWN, labs=labs)
    form = PatientDialog(patient, today=TODAY, agents={}, asked={"ph": ("positive",)})
    qtbot.addWidget(form)
    return form


def test_results_are_shown_changed_and_given_back(qtbot):
    known = (
        LabResult(date(2026, 11, 1), "creatinine", Decimal("0.8"), "mg/dL"),
        LabResult(date(2026, 11, 3), "anc", Decimal("1.2"), "10^9/L"),
    )
    form = _form_with_labs(qtbot, *known)
    assert form.patient().labs == known
    form.labs.append(LabRow(None, TODAY))
    row = form.labs.rows[-1]
    assert (row.agent.currentIndex(), row.unit.currentText()) == (-1, "")  # nothing is measured beforehand
    row.amount.setText("0.8")
    assert form.find_problems() == ("Choose what was measured.",)
    row.amount.setText("")
    row.agent.setCurrentIndex(row.agent.findData("creatinine"))
    assert "Creatinine: the result must be a number." in form.find_problems()
    row.agent.setCurrentIndex(row.agent.findData("platelets"))
    row.amount.setText("87")
    assert form.find_problems() == ()
    assert form.patient().labs == (*known, LabResult(TODAY, "platelets", Decimal(87), "10^9/L"))
    form.labs.rows[0].removed.emit(form.labs.rows[0])
    assert len(form.patient().labs) == 2


@pytest.mark.parametrize(
    ("code", "value", "unit", "words"),
    [
        ("creatinine", "72", "mg/dL", "is the unit right"),
        ("creatinine", "72", "micromol/L", ""),
        ("anc", "1500", "10^9/L", "is the unit right"),
        ("anc", "1500", "/mcL", ""),
        ("crs", "6", "grade", "is the unit right"),
        ("creatinine", "0.8", "furlongs", "no rule understands furlongs"),
    ],
)
def test_unlikely_results_are_questioned_not_refused(qtbot, code, value, unit, words):
    form = _form_with_labs(qtbot)
    form.labs.append(LabRow(LabResult(date(2026, 11, 1), code, Decimal(value), unit), TODAY))
    assert form.find_problems() == ()
    doubts = [doubt for doubt in form.find_doubts() if fact_title(code) in doubt]
    assert bool(doubts) == bool(words)
    assert words in "".join(doubts)


def test_results_of_tomorrow_are_refused(qtbot):
    form = _form_with_labs(qtbot, LabResult(TODAY + timedelta(days=1), "anc", Decimal(1), "10^9/L"))
    assert "Neutrophils (ANC) carries a date in the future." in form.find_problems()


def test_clearance_is_shown_with_its_formula(qtbot):
    form = _form_with_labs(qtbot, LabResult(date(2026, 11, 1), "creatinine", Decimal("0.8"), "mg/dL"))
    form._show_clearance()
    assert "mL/min (Cockcroft-Gault" in form.clearance.text()
    form.labs.rows[0].agent.setCurrentIndex(form.labs.rows[0].agent.findData("crcl"))
    form._show_clearance()
    assert "(measured" in form.clearance.text()


def test_every_result_the_rules_may_ask_for_can_be_entered_in_its_unit():
    for code, (unit, _) in RESULTS.items():
        assert units_of(code)[0] == unit
        assert all(in_its_unit(LabResult(TODAY, code, Decimal(1), one)) for one in units_of(code))


def test_the_button_that_takes_a_row_away_stands_at_the_end_of_its_line(qtbot):
    row = LabRow(LabResult(TODAY, "anc", Decimal("1.2"), "10^9/L"), TODAY)
    qtbot.addWidget(row)
    row.resize(600, row.sizeHint().height())
    row.show()
    row.grab()
    remove = row.findChild(QPushButton)
    assert remove.geometry().right() == row.contentsRect().right()
    assert remove.geometry().left() - row.agent.geometry().right() <= 12


def test_a_unit_is_shown_whole_once_it_is_known_what_was_measured(qtbot):
    """ "micromol/L" was cut to "microm": the box kept the width it had while nothing was chosen."""
    dialog = PatientDialog(KNOWN, today=TODAY, agents={}, asked={"ph": ("positive",)})
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.pages.setCurrentIndex(2)
    dialog.labs.add_button.click()
    row = dialog.labs.rows[-1]
    qtbot.waitUntil(row.unit.isVisible)
    row.agent.setCurrentIndex(row.agent.findData("methotrexate-level"))
    words = row.unit.fontMetrics().horizontalAdvance(row.unit.currentText())
    qtbot.waitUntil(lambda: row.unit.width() > words + 24)
