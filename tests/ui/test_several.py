"""Several selected things in the window: moved, left out, removed as one step, by keys and by the pointer."""

from datetime import date

from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from planner.model.civil import weekday_date
from planner.model.cycle_content import State
from planner.services.verbs import editing, placing
from planner.services.verbs.together import to_record
from tests.benchmarks.edit import PATIENT
from tests.ui.desks import open_dialog
from ui.actions import ACTIONS, Need, plain_text
from ui.dialogs.described import DescribedDialog

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def _pick_blocks(desk, *blocks):
    desk.window.timeline.pick(frozenset(blocks))
    assert {one.id for one in desk.window.subject.several} == set(blocks)


def _blocks(desk):
    return [block.id for block in desk.document.evaluated.schedule.blocks]


def test_the_inspector_says_several_where_values_differ(desk):
    window = desk.window
    window.timeline.pick_all()
    shown = window.inspector.shown
    assert shown.title == f"{len(window.timeline.picked)} items selected"
    assert any(one.startswith("Several: Item, Dose") for one in shown.sections[0].lines)
    assert set(shown.actions) == {"move", "omit", "given"}


def test_what_is_of_one_thing_waits_until_one_is_selected(desk):
    _pick_blocks(desk, *_blocks(desk)[:2])
    enabled = {spec.id for spec in ACTIONS if desk.window.actions_by_id[spec.id].isEnabled()}
    of_one = {spec.id for spec in ACTIONS if spec.need in (Need.BLOCK, Need.DOSE) and not spec.several}
    assert not enabled & of_one
    assert {"move", "later_day", "remove", "pick_cycle"} <= enabled


def test_blocks_move_together_by_keys_in_one_step_and_back(desk):
    window, before = desk.window, desk.document.evaluated
    first, last = _blocks(desk)[0], _blocks(desk)[-1]
    _pick_blocks(desk, first, last)
    window.timeline.setFocus()
    for _ in range(3):
        QTest.keyClick(window.timeline, Qt.Key.Key_Right, ALT)
    after = desk.document.evaluated
    assert {block.start - before.schedule.block(block.id).start for block in after.schedule.blocks} == {3}
    assert desk.document.stack.texts() == ("Move 2 items +3 days",)
    assert {one.id for one in window.subject.several} == {first, last}
    window.act("undo")
    assert desk.document.evaluated == before


def test_doses_are_left_out_together(qtbot, desk):
    window, before = desk.window, desk.document.evaluated
    doses = [one for one in before.schedule.events if one.dose and one.state is State.PLANNED]
    bars = {bar.id: bar for lane in before.timeline.lanes for bar in lane.bars if bar.form == "dose"}
    ids = sorted(bars, key=lambda one: bars[one].start)[:5]
    window.timeline.pick(frozenset(ids))
    window.act("omit")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert "with another status" in dialog.preview.words.text()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.problems.text() == "Reason: choose one."
    QTest.keyClick(dialog.to_choose(), Qt.Key.Key_T)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.document.evaluated != before)
    after = desk.document.evaluated
    orders = {(name, bars[one].start) for one in ids for name in bars[one].orders}
    left = [one for one in after.schedule.events if one.state is State.OMITTED]
    was_left = [one for one in before.schedule.events if one.state is State.OMITTED]
    assert {(one.placed.id, one.day) for one in left if one not in was_left} == orders
    assert len([one for one in after.schedule.events if one.dose]) >= len(doses)
    assert desk.document.stack.count() == 1
    window.act("undo")
    assert desk.document.evaluated == before


def test_a_whole_cycle_is_moved_by_the_form(qtbot, desk):
    window, before = desk.window, desk.document.evaluated
    window.select(next(bar.id for lane in before.timeline.lanes for bar in lane.bars if bar.form == "dose"))
    window.act("pick_cycle")
    window.act("move")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert dialog.preview.words.text()  # either what would change, or why it cannot
    dialog.reject()
    assert desk.document.evaluated == before


def test_selected_blocks_are_dragged_together(qtbot, desk):
    window, before = desk.window, desk.document.evaluated
    view, blocks = window.timeline, _blocks(desk)
    view.fit_all()
    _pick_blocks(desk, *blocks)
    place = view.scene.bars[blocks[1]]
    x = round(view.frame.header + view.scale.x(place.bar.start + 2.5))
    y = view.frame.y(place.row) + 10
    QTest.mousePress(view.viewport(), LEFT, pos=QPoint(x, y))
    to = QPoint(round(x + 10 * view.scale.per_day), y)
    QTest.mouseMove(view.viewport(), to)
    assert view.drag.blocks == set(blocks)
    assert view.focus.dragged == set(blocks)
    view.viewport().grab()
    days = view.drag.delta
    QTest.mouseRelease(view.viewport(), LEFT, pos=to)
    after = desk.document.evaluated
    assert days
    assert {block.start - before.schedule.block(block.id).start for block in after.schedule.blocks} == {days}
    assert desk.document.stack.texts() == (f"Move {len(blocks)} items {days:+d} days",)


def test_blocks_are_removed_together(desk):
    before = desk.document.evaluated
    gone = _blocks(desk)[:2]
    _pick_blocks(desk, *gone)
    desk.window.act("remove")
    assert set(_blocks(desk)) == {block.id for block in before.schedule.blocks} - set(gone)
    assert desk.document.stack.count() == 1
    desk.window.act("undo")
    assert desk.document.evaluated == before


def test_control_a_selects_everything(desk):
    view = desk.window.timeline
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_A, CONTROL)
    assert len(view.picked) > 20


def test_several_doses_are_recorded_as_given_in_one_step(qtbot, desk):
    window, evaluated = desk.window, desk.document.evaluated
    window.timeline.pick_all()
    doses = {id(event): event for one in window.subject.several for event in one.events if event.dose}.values()
    due = to_record(doses, desk.today())
    assert len(due) > 2
    window.act("given")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert dialog.windowTitle().endswith(f": {len(due)}")
    dialog.editors["by"].widget.setText("Ana Ruiz")
    dialog.accept()
    after = desk.document.evaluated
    assert len(after.plan.given) == len(evaluated.plan.given) + len(due)
    assert all(one.as_planned and one.by == "Ana Ruiz" for one in after.plan.given)
    window.act("undo")
    assert desk.document.evaluated.plan == evaluated.plan


def test_what_stays_without_a_record_is_named_with_the_reason(qtbot, desk):
    desk.window.timeline.pick_all()
    desk.window.act("given")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    said = [one for one in dialog.asks.intro if one.startswith("Not recorded: ")]
    assert any("ortico" in one and "it has no amount" in one for one in said), dialog.asks.intro
    named = [one.split(": ")[1] for one in said]
    assert len(named) == len(set(named))
    assert not any("/" in one for one in named), "ids of orders are the file's, and nobody's who records"
    assert any("later than today or settled already" in one for one in dialog.asks.intro)


def test_the_inspector_records_several_doses_as_given(qtbot, desk):
    window = desk.window
    window.timeline.pick_all()
    title = plain_text(next(spec for spec in ACTIONS if spec.id == "given"))
    button = next(one for one in window.inspector.findChildren(QPushButton) if one.text() == title)
    button.click()
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    dialog.editors["by"].widget.setText("Ana Ruiz")
    dialog.accept()
    assert desk.document.evaluated.plan.given


def test_a_selected_block_is_recorded_as_given_up_to_today(qtbot, desk):
    """Ctrl+G with a block selected said only that it needs a dose."""
    window, evaluated = desk.window, desk.document.evaluated
    block = next(one for one in evaluated.schedule.blocks if one.begins <= desk.today().toordinal() < one.end)
    window.select(block.id)
    due = to_record([one for one in evaluated.due if one.placed.block.id == block.id and one.dose], desk.today())
    assert due
    assert window.actions_by_id["given"].isEnabled()
    window.act("given")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    dialog.editors["by"].widget.setText("Ana Ruiz")
    dialog.accept()
    given = desk.document.evaluated.plan.given[len(evaluated.plan.given) :]
    assert len(given) == len(due)
    assert {one.block for one in given} == {block.id}


def test_a_whole_cycle_is_no_more_than_that_cycle(qtbot, desk):
    """The daily tablets of two cycles are one bar: leaving out the first cycle reached into the second."""
    window = desk.window
    first = next(
        one
        for one in desk.document.evaluated.schedule.events
        if one.placed.agent == "blinatumomab" and one.placed.cycle == 1
    )
    window._select_event(first)
    window.act("pick_cycle")
    meant = window.subject.all_events
    assert {(one.placed.block.id, one.placed.cycle) for one in meant} == {(first.placed.block.id, 1)}
    assert {"blinatumomab", "dasatinib"} <= {one.placed.agent for one in meant}
    told = window.inspector.shown
    when = next(section.lines for section in told.sections if section.heading == "When")[0]
    assert when.endswith(weekday_date(max(one.day for one in meant)))
    assert told.title == f"{len(window.subject.several)} items selected"
    desk.document.edit("Name", lambda plan: editing.replace_patient(plan, replace(plan.patient, given_name="Eva")))
    assert {one.placed.cycle for one in window.subject.all_events} == {1}, "an edit does not widen what is selected"


def test_a_dose_of_a_later_hour_of_today_is_asked_about_before_it_counts_as_given(qtbot, desk):
    """Ctrl+G in the night recorded the dose of the evening."""
    plan = placing.new_plan("late", PATIENT)
    pinned = desk.document.library.protocols["hyper-cvad"]
    desk.document.create(placing.add_protocol(plan, pinned, placing.start_on(date(2026, 11, 20))), "New plan")
    desk.window.select(desk.document.evaluated.schedule.blocks[0].id)
    desk.window.act("given")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    dialog.editors["by"].widget.setText("Ph. One")
    dialog.accept()
    assert dialog.isVisible()
    assert "Planned for a later hour of today: " in dialog.problems.text()
    assert "21:00" in dialog.problems.text()
    dialog.checked.setChecked(True)
    dialog.accept()
    assert not dialog.isVisible()
