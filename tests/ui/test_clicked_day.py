"""Where a change that is asked in the window begins: on the clicked day, today, or in the past after a look."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from planner.model.cycle_content import State
from tests.ui.desks import NOON, open_dialog
from tests.ui.test_verbs import _ask as ask
from tests.ui.test_verbs import _select as select
from ui.dialogs.changes import OmitDialog
from ui.dialogs.described import DescribedDialog
from ui.dialogs.verb_place import DAY
from ui.models.subject import bar_of_event


def _click(desk, bar, day):
    """Click on that day of the bar, with the pointer."""
    timeline = desk.window.timeline
    timeline.select(bar)
    place = timeline.scene.find(bar)
    timeline.reveal((day - 3, day + 4), (place.row.top, place.row.bottom))
    x = timeline.frame.header + timeline.scale.x(day + 0.5)
    y = timeline.frame.y(place.row) + place.row.height / 2
    QTest.mouseClick(timeline.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))


def _span(desk):
    """A bar of many days of dasatinib, and its events."""
    event = select(desk, "dasatinib", 30)
    return desk.window.subject.id, event.placed.order.id, desk.window.subject.events


def test_a_change_begins_on_the_day_of_the_bar_that_was_clicked(qtbot, desk):
    bar, order, events = _span(desk)
    clicked = events[len(events) // 2]
    _click(desk, bar, clicked.day)
    assert desk.window.subject.day == clicked.day
    for action in ("reduce", "hold", "stop", "given"):
        desk.window.act(action)
        dialog = open_dialog(qtbot, desk, DescribedDialog)
        assert dialog.answers()[DAY].day == clicked.day, action
        assert dialog.answers().get("what", order) == order, "the drug that was clicked"
        dialog.reject()
    desk.window.select(bar)
    assert desk.window.subject.day == 0, "selected otherwise, nobody pointed at a day"


def test_what_is_left_out_is_offered_for_the_clicked_day_or_for_today(qtbot, desk):
    """The first day of the bar stood there, weeks ago."""
    bar, _, events = _span(desk)
    middle = events[len(events) // 2]
    _click(desk, bar, middle.day)
    desk.window.act("omit")
    dialog = open_dialog(qtbot, desk, OmitDialog)
    assert dialog.omission().day == middle.cycle_day
    dialog.reject()
    due = [one for one in desk.document.evaluated.due if one.placed.agent == "dasatinib"]
    today = next(one for one in due if one.day == NOON.toordinal())
    desk.window.select(bar_of_event(desk.document.evaluated.timeline, today))
    desk.window.act("omit")
    assert open_dialog(qtbot, desk, OmitDialog).omission().day == today.cycle_day


def test_a_pause_that_lies_ahead_goes_on_on_its_first_day_at_the_earliest(qtbot, desk):
    event = select(desk, "dexamethasone", -1)
    ask(qtbot, desk, "hold")
    select(desk, "dexamethasone", -1)
    desk.window.act("resume")
    assert open_dialog(qtbot, desk, DescribedDialog).answers()["on"] == event.date


def test_a_day_chosen_in_the_calendar_is_the_one_that_is_meant(qtbot, desk):
    _, _, events = _span(desk)
    desk.window._select_event(events[-2])
    desk.window.act("reduce")
    assert open_dialog(qtbot, desk, DescribedDialog).answers()[DAY].day == events[-2].day


def test_a_pause_of_a_block_asks_from_which_of_its_days(qtbot, desk):
    """It began on the first day of the block, weeks ago."""
    desk.window.select("blinatumomab")
    desk.window.act("hold")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    chosen = dialog.answers()[DAY]
    assert chosen.day >= NOON.toordinal()
    assert "what" not in dialog.editors
    dialog.reject()
    held = ask(qtbot, desk, "hold")
    orders = {one.placed.order.id for one in held.schedule.events if one.state is State.HELD}
    assert len(orders) > 1
    assert not any(one.day < chosen.day for one in held.schedule.events if one.state is State.HELD)


def test_a_pause_that_begins_before_today_is_asked_about(qtbot, desk):
    _, _, events = _span(desk)
    past = next(one for one in events if one.day < NOON.toordinal() - 3)
    for action in ("hold", "stop"):
        desk.window._select_event(past)
        after = ask(qtbot, desk, action, "doses before today would count as not given, from")
        assert any(one.day == past.day and one.state in (State.HELD, State.STOPPED) for one in after.schedule.events)
        desk.window.act("undo")


def test_a_pause_is_named_by_what_is_paused(qtbot, desk):
    """The history said that the block was stopped where one drug of it was."""
    select(desk, "dexamethasone", -1)
    desk.window.act("stop")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert (dialog.windowTitle(), dialog.answers()["what"] != "") == ("Stop", True)
    dialog.reject()
    place = desk.window.wishes.verbs._place()
    ask(qtbot, desk, "stop")
    assert desk.document.stack.undo_text().startswith(f"Stop Dexamethasone, C{place.cycle} D{place.day}")
    desk.window.act("undo")
    select(desk, "dexamethasone", -1)
    ask(qtbot, desk, "stop", what="")
    assert desk.document.stack.undo_text().startswith(f"Stop {place.block.title}, C{place.cycle} D{place.day}")
