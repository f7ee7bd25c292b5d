"""One selection in all views; F8 goes through the open findings."""

from planner.model.finding import FindingStatus
from planner.services.verbs import editing
from tests.ui.desks import nudge, open_dialog
from ui.dialogs.described import DescribedDialog
from ui.models.finding_table import first_day, in_order


def _event(desk, agent="blinatumomab"):
    return next(one for one in desk.document.evaluated.schedule.events if one.placed.agent == agent)


def test_one_selection_in_every_view(desk):
    window, event = desk.window, _event(desk)
    window.bottom.go_to(window.bottom.schedule)
    window.bottom.schedule.chosen.emit(event)
    assert window.inspector.shown.title == "Blinatumomab"
    assert window.timeline.selection.bar.orders == (event.placed.id,)
    assert window.bottom.schedule.row().placed.id == event.placed.id


def test_table_in_front_shows_what_was_selected_before(desk):
    window, event = desk.window, _event(desk)
    window._select_event(event)
    window.act("table")
    assert window.bottom.schedule.row() == event
    assert window.inspector.shown.title == "Blinatumomab"


def test_looking_at_a_table_selects_nothing(desk):
    window = desk.window
    window.activateWindow()
    window.select("blinatumomab")
    for view in ("table", "findings", "history", "table"):
        window.act(view)
        assert window.subject.id == "blinatumomab", view
    assert window.bottom.schedule.row() is None


def test_click_on_the_timeline_selects_in_table_and_inspector(desk):
    window = desk.window
    window.timeline.select("blinatumomab")
    window.timeline.selected.emit("blinatumomab")
    assert window.inspector.shown.title == "Blinatumomab"
    assert window.inspector.shown.actions == ("given", "move", "defer", "hold", "remove", "compare_plan")


def _a_week_later(qtbot, desk):
    """By the key, which asks first where a dose is selected."""
    desk.window.act("later_week")
    open_dialog(qtbot, desk, DescribedDialog).accept()


def test_selection_follows_what_moves(qtbot, desk):
    window, event = desk.window, _event(desk)
    window._select_event(event)
    _a_week_later(qtbot, desk)
    assert desk.document.evaluated.schedule.block("blinatumomab").start == event.placed.block.start + 7
    assert window.subject.events[0].cycle_day == event.cycle_day
    assert window.subject.events[0].day == event.day + 7
    assert window.inspector.shown.title == "Blinatumomab"


def test_the_view_goes_along_with_what_is_moved_out_of_it(qtbot, desk):
    window, event, view = desk.window, _event(desk), desk.window.timeline
    window._select_event(event)
    window.act("span_cycle")
    assert view.scale.left < event.day < view.scale.right
    for week in range(1, 7):
        _a_week_later(qtbot, desk)
        assert window.subject.events[0].day == event.day + 7 * week
        assert view.scale.left < window.subject.events[0].day < view.scale.right, week
    left = view.scale.left
    view.go_to(event.day - 90)
    _a_week_later(qtbot, desk)
    assert view.scale.left < left, "who looks elsewhere stays there"


def test_selection_of_a_removed_block_ends(desk):
    window = desk.window
    window.select("blinatumomab")
    window.act("remove")
    assert window.subject is None
    assert window.inspector.shown.title == "Where the course stands"


def test_inspector_says_why_with_what_dose_and_from_where(desk):
    event = next(one for one in desk.document.evaluated.schedule.events if one.placed.agent == "dexamethasone")
    desk.window._select_event(event)
    headings = [section.heading for section in desk.window.inspector.shown.sections]
    assert {"What", "When", "Why is it here?", "Source"} <= set(headings)
    assert next(one for one in desk.window.inspector.shown.sections if one.heading == "Source").lines


def test_f8_visits_every_open_finding_once_around(desk):
    window = desk.window
    opened = [one for one in desk.document.evaluated.findings if one.status is FindingStatus.OPEN]
    count = len(opened)
    assert 1 < count < window.bottom.findings.model().rowCount()
    seen = []
    for _ in range(count):
        window.act("next_finding")
        seen.append(window.subject.finding.id)
    findings = {one.id: one for one in opened}
    assert sorted(seen) == sorted(findings)
    days = [first_day(findings[one]) for one in seen]
    start = next((number for number in range(1, count) if days[number] < days[number - 1]), count)
    assert days[start:] + days[:start] == sorted(days)  # in order of time from where somebody was, then around
    window.act("next_finding")
    assert window.subject.finding.id == seen[0]
    window.act("previous_finding")
    assert window.subject.finding.id == seen[-1]


def test_f8_goes_on_from_a_finding_that_was_let_stand_or_fixed(desk):
    window = desk.window
    opened = [one for one in desk.document.evaluated.findings if one.status is FindingStatus.OPEN]
    way = [one.id for one in sorted(opened, key=in_order)]
    window.select(way[1])
    finding = window.subject.finding
    desk.document.edit("Let it stand", lambda plan: editing.acknowledge(plan, finding, "seen", "Ann", "2026-11-22"))
    window.act("next_finding")
    assert window.subject.finding.id == way[2]
    window.select(way[3])
    window.select("")  # as where an edit ended the finding
    window.act("next_finding")
    assert window.subject.finding.id == way[4 % len(way)]
    window.act("previous_finding")
    assert window.subject.finding.id == way[3]


def test_what_an_edit_moved_is_marked_until_somebody_looks(desk):
    window, view = desk.window, desk.window.timeline
    assert view.focus.unseen == frozenset()
    window.select("blinatumomab")
    nudge(window, "later_week")
    event = _event(desk)
    window._select_event(event)
    unseen = set(view.focus.unseen)
    assert unseen
    assert view.selection.bar.id not in unseen
    other = next(one for one in unseen if view.scene.bars[one].bar.block == "blinatumomab")
    window.select(other)
    assert other not in view.focus.unseen
    window.act("undo")
    assert view.focus.unseen == frozenset()
