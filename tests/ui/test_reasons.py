"""Reasons of changes of the course in the window: offered while a plan is built, asked for once it is under way."""

from datetime import date, timedelta
from unittest.mock import patch

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel

from planner.model.plan import REASONS, Given, GivenRecord
from planner.services.telling.change_words import course_lines
from tests.ui.desks import NOON, open_dialog
from ui.dialogs.described import DescribedDialog
from ui.dialogs.history import HistoryDialog
from ui.dialogs.patient import PatientDialog
from ui.dialogs.protocol_choice import ProtocolDialog

BLOCK = "blinatumomab"


@pytest.fixture
def begun(desk):
    """The plan with the first dose of it recorded as not given: a course under way in which every block may move."""
    first = next(one for one in desk.document.evaluated.schedule.events if one.dose)
    desk.document.edit("Record", lambda plan: replace(plan, given=(_not_given(first),)))
    return desk


def _not_given(event):
    placed = event.placed
    where = placed.block.id, placed.cycle, event.cycle_day, placed.order.id, 0
    return GivenRecord(*where, Given.NOT_GIVEN, None, None, "", "Ph. One", "other")


def _plan(desk):
    return desk.document.evaluated.plan


def _blocks(desk):
    return [block.id for block in desk.document.evaluated.schedule.blocks]


def _start(desk, block=BLOCK):
    return desk.document.evaluated.schedule.block(block).begins


def _say(dialog, reason, grade=0, note=""):
    """Answer the fields of a reason."""
    field = dialog.editors["reason"]
    field.widget.setCurrentIndex([one for one, _ in field.field.choices].index(reason))
    dialog.editors["grade"].widget.setCurrentIndex(grade)
    dialog.editors["note"].widget.setText(note)


def _asked(qtbot, desk):
    return open_dialog(qtbot, desk, DescribedDialog)


def test_a_move_asks_for_a_date_shows_what_follows_and_may_say_why(qtbot, desk):
    before, start = _plan(desk), _start(desk)
    desk.window.select(BLOCK)
    desk.window.act("move")
    dialog = _asked(qtbot, desk)
    assert not dialog.ok.isEnabled()
    assert dialog.preview.words.text() == "Nothing would change."
    dialog.editors["on"].widget.set_day(date.fromordinal(start + 7))
    assert "moved" in dialog.preview.words.text()
    assert dialog.answers()["reason"] == ""
    assert dialog.editors["note"].widget.isHidden()
    _say(dialog, "toxicity", 2, "liver")
    assert "(toxicity grade 2, liver)" in dialog.preview.words.text()
    dialog.accept()
    (kept,) = _plan(desk).course_changes
    assert (kept.block, kept.reason, kept.grade, kept.note) == (BLOCK, "toxicity", 2, "liver")
    assert _start(desk) == start + 7
    assert desk.document.stack.texts()[-1].endswith(" +7 days (toxicity)")
    desk.window.act("undo")
    assert _plan(desk) == before


@pytest.mark.parametrize("text", ["", "soon", "1/2/2027", "1-Jan-2090"])
def test_a_move_refuses_what_is_no_day_or_too_far(qtbot, desk, text):
    desk.window.select(BLOCK)
    desk.window.act("move")
    dialog = _asked(qtbot, desk)
    dialog.editors["on"].widget.line.setText(text)
    assert not dialog.ok.isEnabled()
    assert dialog.preview.words.text()
    dialog.reject()


def test_while_a_plan_is_built_keys_drags_and_removals_ask_nothing(desk):
    last = _blocks(desk)[-1]
    desk.window.select(last)
    desk.window.act("later_day")
    desk.window.wishes.move_block(last, 3)
    desk.window.act("remove")
    assert last not in {block.id for block in _plan(desk).blocks}
    assert _plan(desk).course_changes == ()


def test_with_a_dose_selected_the_key_that_moves_its_block_asks_first(qtbot, desk):
    lanes = desk.document.evaluated.timeline.lanes
    dose = next(bar for lane in lanes if lane.kind == "drug" for bar in lane.bars)
    before = _plan(desk)
    desk.window.select(dose.id)
    desk.window.act("later_day")
    assert _plan(desk) == before
    dialog = _asked(qtbot, desk)
    assert dialog.preview.words.text()
    dialog.accept()
    assert _plan(desk) != before


@pytest.mark.parametrize("way", ["move", "later_week", "drag", "remove", "hang"])
def test_a_course_under_way_asks_why_and_takes_nothing_without(qtbot, begun, way):
    before, last = _plan(begun), _blocks(begun)[-1]
    begun.window.select(last)
    if way == "drag":
        begun.window.wishes.move_block(last, 7)
    else:
        begun.window.act(way)
    dialog = _asked(qtbot, begun)
    if way == "move":
        dialog.editors["on"].widget.set_day(date.fromordinal(_start(begun, last) + 7))
    if way == "hang":
        dialog.editors["after"].widget.setCurrentIndex(0)
        dialog.editors["on"].widget.set_day(date.fromordinal(_start(begun, last) + 7))
    dialog.accept()
    assert dialog.isVisible()
    assert "Reason: choose one." in dialog.problems.text()
    assert _plan(begun) == before
    _say(dialog, "capacity", note="no bed")
    dialog.accept()
    (kept,) = _plan(begun).course_changes
    assert (kept.block, kept.reason, kept.note) == (last, "capacity", "no bed")
    assert (kept.now is None) is (way == "remove")
    assert begun.document.stack.texts()[-1].endswith(" (capacity)")


def test_several_blocks_of_a_course_under_way_move_and_go_with_one_reason(qtbot, begun):
    picked = _blocks(begun)[-2:]
    begun.window.timeline.pick(frozenset(picked))
    begun.window.timeline.setFocus()
    QTest.keyClick(begun.window.timeline, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    dialog = _asked(qtbot, begun)
    assert dialog.answers()["days"] == 1
    _say(dialog, "holiday")
    dialog.accept()
    assert {one.reason for one in _plan(begun).course_changes} == {"holiday"}
    moved = len(_plan(begun).course_changes)
    begun.window.act("remove")
    dialog = _asked(qtbot, begun)
    _say(dialog, "patient choice")
    dialog.accept()
    assert [one.block for one in _plan(begun).course_changes[moved:]] == picked


def test_a_protocol_placed_beside_others_may_say_why(qtbot, desk):
    desk.window.act("add_protocol")
    dialog = open_dialog(qtbot, desk, ProtocolDialog)
    assert dialog.why.isVisible()
    assert not dialog.why.note.isVisible()
    dialog.why.reason.setCurrentText("infection")
    dialog.why.note.setText(" bridging ")
    assert not dialog.why.grade.isVisible()
    dialog.accept()
    # Enter twice put a graft into the middle of an induction, on the day that was offered.
    assert "It starts today, while Blinatumomab goes on to" in dialog.problems.text()
    dialog.day.set_day(NOON.date() + timedelta(days=1))
    assert dialog.find_doubts() == (), "somebody who gives the day means it"
    dialog.accept()
    (kept,) = _plan(desk).course_changes
    assert (kept.was, kept.reason, kept.note) == (None, "infection", "bridging")
    assert desk.document.stack.texts()[-1].endswith(" (infection)")


def test_the_first_protocol_of_a_plan_is_not_asked_why(qtbot, desk):
    desk.window.act("new_plan")
    assert not open_dialog(qtbot, desk, ProtocolDialog).why.isVisible()


def test_a_new_plan_that_is_not_wanted_is_none(qtbot, desk):
    """A slip in the menu, then Cancel, left an empty plan in the place of the patient's course, and in the store."""
    before, listed = desk.document.evaluated, desk.archive.list()
    desk.window.act("new_plan")
    open_dialog(qtbot, desk, ProtocolDialog).reject()
    assert desk.document.evaluated is before
    assert desk.archive.list() == listed
    desk.window.act("new_plan")
    dialog = open_dialog(qtbot, desk, ProtocolDialog)
    dialog.accept()
    assert not dialog.isVisible(), dialog.problems.text()
    new = _plan(desk)
    assert (new.patient, bool(new.blocks)) == (before.plan.patient, True)
    assert new.id != before.plan.id
    assert {one.plan_id for one in desk.archive.list()} == {one.plan_id for one in listed} | {new.id}
    told = desk.window.notice.words.text()
    assert told.startswith("This patient has another plan here ("), "rules look at neither with the other in sight"


def test_where_nothing_may_be_changed_a_new_plan_reaches_no_other(qtbot, desk):
    before = desk.document.evaluated
    desk.window.act("new_plan")
    dialog = open_dialog(qtbot, desk, ProtocolDialog)
    desk.document.barred = "The plans are read only"
    asked = patch.object(desk.window.wishes.courses, "_place")
    with asked as placed:
        dialog.accept()
    assert not placed.called
    assert desk.document.evaluated is before


@pytest.mark.parametrize("action", ["new_patient", "new_plan", "add_protocol"])
def test_where_nothing_may_be_changed_no_form_is_filled_in_for_nothing(qtbot, desk, action):
    desk.document.barred = "Somebody has the plans open"
    desk.window.act(action)
    assert not [one for one in desk.window.findChildren(QDialog) if one.isVisible()]
    assert "Somebody has the plans open" in desk.window.notice.words.text()


def test_the_history_compares_with_the_plan_as_it_is_judged_now(qtbot, desk):
    """Opened before the rules were read, it told every finding of the plan as gone."""
    library = desk.document.library
    desk.document.edit("Name", lambda plan: replace(plan, patient=replace(plan.patient, given_name="Eva")))
    desk.document.use_library(replace(library, rules=()))
    desk.window.act("plan_history")
    dialog = open_dialog(qtbot, desk, HistoryDialog)
    desk.document.use_library(library)
    assert desk.document.evaluated.findings
    dialog.table.selectRow(1)
    qtbot.waitUntil(lambda: "From this state" in dialog.told.text())
    assert "No longer" not in dialog.told.text()


def test_an_edited_patient_may_say_why_and_the_plan_keeps_what_changed(qtbot, desk):
    desk.window.act("edit_patient")
    dialog = open_dialog(qtbot, desk, PatientDialog)
    dialog.person.weight_field.setText("66")
    dialog.person.measured.line.setText("20-Nov-2026")
    assert dialog.why() is None
    row = dialog._why
    row.reason.setCurrentIndex(row.reason.findData("toxicity"))
    row.grade.setCurrentIndex(row.grade.findData(3))
    row.note.setText("lost weight")
    dialog.accept()
    assert not dialog.isVisible(), dialog.problems.text()
    (line,) = course_lines(_plan(desk))
    assert line.startswith("Measured: 168 cm, 66 kg on 20-Nov-2026")
    assert line.endswith("(toxicity grade 3, lost weight)")
    assert desk.document.stack.texts()[-1] == "Edit patient (toxicity)"


def test_the_comparison_and_the_inspector_tell_why(qtbot, desk):
    desk.window.select(BLOCK)
    desk.window.act("move")
    dialog = _asked(qtbot, desk)
    dialog.editors["on"].widget.set_day(date.fromordinal(_start(desk) + 7))
    _say(dialog, "capacity", note="no bed")
    dialog.accept()
    told = course_lines(_plan(desk))[0]
    desk.window.select(BLOCK)
    assert any(told in one.lines for one in desk.window.inspector.shown.sections)
    desk.window.act("compare_plan")
    page = open_dialog(qtbot, desk)
    assert any(told in label.text() for label in page.findChildren(QLabel))


def test_every_reason_is_offered(qtbot, begun):
    begun.window.select(BLOCK)
    begun.window.act("move")
    assert [one for one, _ in _asked(qtbot, begun).editors["reason"].field.choices] == list(REASONS)


def test_a_key_moves_no_block_to_where_a_drag_of_it_goes_back(desk, monkeypatch):
    before, last = _plan(desk), _blocks(desk)[-1]
    monkeypatch.setattr(type(desk.window.wishes.changes), "verdicts", lambda *_: (("contraindicated", "XX-01 Never"),))
    desk.window.select(last)
    desk.window.act("later_day")
    assert _plan(desk) == before
    assert "Not moved: XX-01 Never" in desk.window.notice.words.text()
