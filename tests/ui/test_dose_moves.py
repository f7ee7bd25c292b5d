"""A new weight in the patient form: where doses move by much, the window asks whether they do."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QLabel

from planner.model.patient import Measurement, Patient
from planner.services.verbs.editing import replace_patient
from planner.services.verbs.placing import add_protocol, new_plan, start_on
from tests.ui.desks import open_desk, open_dialog
from ui.dialogs.described import DescribedDialog
from ui.dialogs.dose_moves import doses_form
from ui.dialogs.patient import PatientDialog
from ui.plan_words import plan_words
from ui.tongue import use_language


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
    assert not dialog.problems.isVisible(), dialog.problems.text()
    return dialog


def _cyclophosphamide(desk):
    doses = [one.dose for one in desk.document.evaluated.schedule.events if one.placed.agent == "cyclophosphamide"]
    return [dose.value for dose in doses if dose]


@pytest.mark.parametrize("answer", ["follow", "stay"])
def test_a_weight_that_moves_doses_by_a_tenth_is_asked_about(qtbot, desk, answer):
    before = _cyclophosphamide(desk)
    form = _weigh(qtbot, desk, "45")
    assert desk.document.evaluated.plan.patient.measurements[-1].weight_kg != 45
    asked = open_dialog(qtbot, desk, DescribedDialog)
    asked.reject()
    assert form.isVisible(), "what was typed is still there"
    assert form.person.weight_field.text() == "45"
    assert desk.document.evaluated.plan.patient.measurements[-1].weight_kg != 45
    form.accept()
    asked = open_dialog(qtbot, desk, DescribedDialog)
    field = asked.editors["doses"]
    field.widget.setCurrentIndex([one for one, _ in field.field.choices].index(answer))
    asked.accept()
    assert not form.isVisible()
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


def test_a_cycle_that_has_begun_is_said_to_go_on_by_its_own_weight(qtbot, tmp_path):
    """Somebody corrects a slip, and the doses of the cycle under way stay with it."""
    wrong = Measurement(date(2026, 11, 10), Decimal(181), Decimal(92))
    patient = Patient("00124", "Example", "Jon", date(1981, 3, 14), "male", (wrong,), diagnosis="B-ALL")
    with open_desk(qtbot, tmp_path / "data") as desk:
        shelved = desk.document.library.protocols["calgb-10403"]
        desk.document.create(add_protocol(new_plan("p-2", patient), shelved, start_on(date(2026, 11, 11))), "New plan")
        _weigh(qtbot, desk, "72")
        asked = open_dialog(qtbot, desk, DescribedDialog)
        told = "\n".join(one.text() for one in asked.findChildren(QLabel))
        assert "Induction C1, begun Wed 11-Nov-2026, goes on by 92 kg of 10-Nov-2026" in told
        assert "set right under the day it was measured on" in told
        use_language("es")
        line = next(one for one in told.split("\n") if one.startswith("Induction C1, begun"))
        words = plan_words(line.rstrip("."))
        assert words.startswith("Induction C1, empezado el mié 11-Nov-2026, sigue por 92 kg del 10-Nov-2026")


def test_a_weight_that_reaches_nothing_says_so_after_the_edit(qtbot, desk):
    known = desk.document.evaluated.plan.patient.measurements[-1]
    newer = replace(known, date=date(2026, 11, 21), weight_kg=Decimal(71))
    both = replace(desk.document.evaluated.plan.patient, measurements=(known, newer))
    desk.document.edit("Edit patient", lambda plan: replace_patient(plan, both))
    desk.window.wishes.courses._replace_patient(
        desk.document.evaluated,
        replace(both, measurements=(known, replace(known, date=date(2026, 11, 15)), newer)),
        None,
    )
    assert "which is newer" in desk.window.notice.words.text()
