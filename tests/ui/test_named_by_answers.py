"""An edit is named by what was answered, and a form opens on what is meant, not on the day that was clicked."""

from datetime import date

from PySide6.QtWidgets import QLabel

from tests.ui.desks import NOON, open_dialog
from tests.ui.test_verbs import _ask as ask
from tests.ui.test_verbs import _select as select
from ui.dialogs.described import DescribedDialog
from ui.dialogs.verb_place import DAY


def test_a_drug_is_added_to_the_cycle_that_is_chosen_and_the_history_names_it(qtbot, desk):
    """A field "From" named a cycle and did nothing: the drug went into the cycle that was selected."""
    desk.window.select("blinatumomab")
    desk.window.act("add_order")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert DAY not in dialog.editors
    assert [words for _, words in dialog.editors["cycle"].field.choices] == ["only C1", "only C2", "every cycle"]
    dialog.reject()
    where = {"route": "IV", "role": "supportive", "days": "3"}
    after = ask(qtbot, desk, "add_order", agent="Glucarpidase", dose="50 units/kg", cycle=2, **where)
    assert {one.placed.cycle for one in after.schedule.events if one.placed.agent == "glucarpidase"} == {2}
    told = "Add a drug to Blinatumomab: Glucarpidase 50 units/kg, C2 D3 (other)"
    assert desk.document.stack.undo_text() == told
    ask(qtbot, desk, "add_examination", title="Liver tests", days="3", cycle=0)
    assert desk.document.stack.undo_text() == "Add an examination to Blinatumomab: Liver tests, D3 (other)"


def test_the_history_names_the_dose_and_the_drug_of_a_change(qtbot, desk):
    select(desk, "dasatinib")
    ask(qtbot, desk, "reduce", percent=50)
    assert desk.document.stack.undo_text().endswith(": 50 % (other)")
    select(desk, "dasatinib", -1)
    ask(qtbot, desk, "replace", agent="ponatinib", dose="15 mg", times=1)
    assert desk.document.stack.undo_text().endswith(": Ponatinib 15 mg (other)")


def test_what_goes_on_is_named_without_the_clicked_day_and_with_the_day_of_the_hold(qtbot, desk):
    infusion = [one for one in desk.document.evaluated.schedule.events if one.placed.agent == "blinatumomab"]
    held = next(one for one in infusion if one.day == NOON.toordinal())
    desk.window._select_event(held)
    ask(qtbot, desk, "hold")
    for pointed in (lambda: desk.window._select_event(infusion[1]), lambda: desk.window.select("blinatumomab")):
        pointed()
        desk.window.act("resume")
        dialog = open_dialog(qtbot, desk, DescribedDialog)
        assert dialog.windowTitle() == "Go on with Blinatumomab"
        told = [label.text() for label in dialog.findChildren(QLabel)]
        assert f"On hold since C1 D{held.cycle_day}, Sun 22-Nov-2026." in told
        dialog.reject()
    ask(qtbot, desk, "resume", on=date(2026, 11, 24))
    assert desk.document.stack.undo_text() == "Go on with Blinatumomab"


def test_what_goes_on_is_named_as_it_is_held(qtbot, desk):
    """The order keeps its name where another drug was put in its place: dasatinib was said to go on, ponatinib does."""
    select(desk, "dasatinib", -1)
    ask(qtbot, desk, "replace", agent="ponatinib", dose="15 mg", times=1)
    held = select(desk, "ponatinib")
    ask(qtbot, desk, "hold", what=held.placed.order.id)
    desk.window.act("resume")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert dialog.windowTitle() == "Go on with Ponatinib"
    dialog.reject()


def test_a_dose_is_entered_from_the_first_day_on_that_lacks_one(qtbot, desk):
    """Opened on the clicked day, the days before it stayed without a dose."""
    days = [one for one in desk.document.evaluated.schedule.events if one.placed.order.id == "corticosteroid"]
    desk.window._select_event(days[3])
    desk.window.act("enter_dose")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert dialog.answers()[DAY].day == days[0].day
    dialog.reject()
    entered = ask(qtbot, desk, "enter_dose", dose="60 mg/m2")
    doses = [one.dose.value for one in entered.schedule.events if one.placed.order.id == "corticosteroid"]
    assert None not in doses
    assert desk.document.stack.undo_text() == "Enter the dose of Corticosteroid, C1 D-7: 60 mg/m2 (other)"


def test_doses_without_an_amount_are_not_called_not_due(desk):
    desk.window.select("pre-phase")
    desk.window.act("given")
    told = desk.window.notice.words.text()
    assert "Corticosteroid C1 D-7 to C1 D-1" in told
    assert "it has no amount" in told
    assert "enter its dose" in told


def test_a_dose_that_no_protocol_gives_is_recorded_with_its_unit_and_looked_at(qtbot, desk):
    """The form had no field for it, so what it told could not be recorded, and pointed to a dose to enter first."""
    spinal = next(one for one in desk.document.evaluated.schedule.events if one.placed.route == "IT")
    desk.window._select_event(spinal)
    desk.window.act("given")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    dialog.editors["dose"].widget.setText("1200")
    dialog.editors["by"].widget.setText("A. Pharmacist")
    dialog.accept()
    assert dialog.problems.text() == "Unit: choose one."
    dialog.editors["unit"].widget.setCurrentText("mg")
    dialog.accept()
    assert "1,200 mg" in dialog.problems.text(), "a hundred times what is given there"
    dialog.editors["dose"].widget.setText("12")
    dialog.accept()
    assert not dialog.isVisible(), dialog.problems.text()
    made = desk.document.evaluated.plan.given[-1]
    assert (str(made.dose), made.unit) == ("12", "mg")
    desk.window._select_event(spinal)
    desk.window.act("given")
    again = open_dialog(qtbot, desk, DescribedDialog)
    assert (again.answers()["unit"], str(again.answers()["dose"])) == ("mg", "12")
    again.reject()
    dosed = next(one for one in desk.document.evaluated.schedule.events if one.placed.agent == "dexamethasone")
    desk.window._select_event(dosed)
    desk.window.act("given")
    other = open_dialog(qtbot, desk, DescribedDialog)
    assert "unit" not in other.editors
    other.reject()
