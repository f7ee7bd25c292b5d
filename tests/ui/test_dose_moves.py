"""A new weight in the patient form: where doses move by much, the window asks whether they do."""

from datetime import date
from decimal import Decimal

import pytest

from planner.model.patient import Measurement, Patient
from planner.services.verbs.placing import add_protocol, new_plan, start_on
from tests.ui.desks import open_desk, open_dialog
from ui.dialogs.described import DescribedDialog
from ui.dialogs.dose_moves import doses_form
from ui.dialogs.patient import PatientDialog


@pytest.fixture
def desk(qtbot, tmp_path):
    measured = Measurement(date(2026, 11, 1), Decimal(168), Decimal("70.4"))
    patient = Patient("00123", "Example", "Ana", date(1981, 3, 14), "female", (measured,), diagnosis="B-ALL")
    with open_desk(qtbot, tmp_path / "data") as made:
        shelved = made.document.library.protocols["calgb-10403"]
        plan = add_protocol(new_plan("p-1", patient), shelved, start_on(date(2026, 12, 1)))
        made.document.create(plan, "New plan")
        yield made


def _weigh(qtbot, desk, kilograms):
    desk.window.act("edit_patient")
    dialog = open_dialog(qtbot, desk, PatientDialog)
    dialog.person.weight_field.setText(kilograms)
    dialog.person.measured.line.setText("20-Nov-2026")
    dialog.accept()
    assert not dialog.isVisible(), dialog.problems.text()


def _cyclophosphamide(desk):
    doses = [one.dose for one in desk.document.evaluated.schedule.events if one.placed.agent == "cyclophosphamide"]
    return [dose.value for dose in doses if dose]


@pytest.mark.parametrize("answer", ["follow", "stay"])
def test_a_weight_that_moves_doses_by_a_tenth_is_asked_about(qtbot, desk, answer):
    before = _cyclophosphamide(desk)
    _weigh(qtbot, desk, "45")
    assert desk.document.evaluated.plan.patient.measurements[-1].weight_kg != 45
    asked = open_dialog(qtbot, desk, DescribedDialog)
    field = asked.editors["doses"]
    field.widget.setCurrentIndex([one for one, _ in field.field.choices].index(answer))
    asked.accept()
    newest = desk.document.evaluated.plan.patient.measurements[-1]
    assert (newest.weight_kg, newest.for_doses) == (Decimal(45), answer == "follow")
    assert (_cyclophosphamide(desk) == before) is (answer == "stay")
    desk.window.act("undo")
    assert desk.document.evaluated.plan.patient.measurements[-1].weight_kg != 45


def test_a_small_change_is_kept_without_a_question(qtbot, desk):
    known = desk.document.evaluated.plan.patient.measurements[-1]
    _weigh(qtbot, desk, str(known.weight_kg + 1))
    assert desk.document.evaluated.plan.patient.measurements[-1].weight_kg == known.weight_kg + 1


def test_doses_that_move_for_another_reason_cannot_stay(qtbot, desk):
    assert [value for value, _ in doses_form((), can_stay=False).fields[0].choices] == ["follow"]
