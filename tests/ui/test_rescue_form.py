"""Leucovorin by the level of methotrexate, in the window: from an hour on, in the place of what was planned."""

from datetime import date

import pytest

from planner.model.cycle_content import State
from planner.model.plan import Plan
from planner.services.verbs import placing
from tests.benchmarks.edit import PATIENT
from tests.ui.desks import open_dialog
from ui.dialogs.described import DescribedDialog

START = date(2026, 11, 21)


@pytest.fixture
def course(desk):
    """A course with methotrexate 1 g/m2 of which the first rescue falls on today."""
    plan: Plan = placing.new_plan("mtx", PATIENT)
    pinned = desk.document.library.protocols["hyper-cvad"]
    desk.document.create(placing.add_protocol(plan, pinned, placing.start_on(START)), "New plan")
    block = desk.document.evaluated.schedule.blocks
    assert block
    return desk


def _rescue(desk):
    return [one for one in desk.document.evaluated.schedule.events if one.placed.role == "rescue" and one.dose]


def _open(qtbot, desk, event):
    desk.window._select_event(event)
    desk.window.act("rescue")
    return open_dialog(qtbot, desk, DescribedDialog)


def test_more_leucovorin_is_given_in_one_step(qtbot, course):
    first = _rescue(course)[0]
    dialog = _open(qtbot, course, first)
    assert dialog.preview.words.text() == "Dose: nothing is entered."
    second = next(one for one in _rescue(course) if one.day > first.day)
    dialog.editors["on"].widget.set_day(second.date)
    dialog.editors["hour"].widget.setCurrentText("18:00")
    dialog.editors["dose"].widget.setText("100 mg/m2")
    every = dialog.editors["every"]
    every.widget.setCurrentIndex([hours for hours, _ in every.field.choices].index(3))
    dialog.editors["reason"].widget.setCurrentIndex(0)
    assert dialog.ok.isEnabled(), dialog.preview.words.text()
    dialog.accept()
    if dialog.isVisible():
        dialog.checked.setChecked(True)
        dialog.accept()
    assert not dialog.isVisible(), dialog.problems.text()
    added = [
        one for one in _rescue(course) if one.day == second.day and one.minute >= 18 * 60 and one.state is State.PLANNED
    ]
    assert [one.minute for one in added] == [1080, 1260]
    assert len(course.document.stack.texts()) == 1


def test_the_panel_of_a_rescue_offers_to_give_it_otherwise(course):
    course.window._select_event(_rescue(course)[0])
    assert "rescue" in course.window.inspector.shown.actions


def test_a_drug_is_added_at_an_hour(qtbot, course):
    """Glucarpidase without an hour could never be checked against the hours of leucovorin."""
    dose = next(one for one in course.document.evaluated.schedule.events if one.placed.agent == "methotrexate")
    course.window._select_event(dose)
    course.window.act("add_order")
    dialog = open_dialog(qtbot, course, DescribedDialog)
    for name, words in (("agent", "Glucarpidase"), ("hour", "23:00")):
        dialog.editors[name].widget.setCurrentText(words)
    dialog.editors["dose"].widget.setText("50 units/kg")
    for name, value in (("route", "IV"), ("role", "rescue"), ("reason", "other")):
        editor = dialog.editors[name]
        editor.widget.setCurrentIndex([one for one, _ in editor.field.choices].index(value))
    assert "give it otherwise" in dialog.preview.words.text(), "a rescue has a verb of its own"
    role = dialog.editors["role"]
    role.widget.setCurrentIndex([one for one, _ in role.field.choices].index("supportive"))
    dialog.editors["times"].widget.setValue(2)
    assert "one dose on one day" in dialog.preview.words.text()
    dialog.editors["times"].widget.setValue(1)
    assert dialog.ok.isEnabled(), dialog.preview.words.text()
    dialog.accept()
    if dialog.isVisible():
        dialog.checked.setChecked(True)
        dialog.accept()
    added = [one for one in course.document.evaluated.schedule.events if one.placed.agent == "glucarpidase"]
    assert [(one.minute, one.day) for one in added] == [(23 * 60, dose.day)]
