"""Lanes and bars of whole courses: nothing lost, nothing twice, everything in its place."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import hypothesis
import pytest
from hypothesis import strategies as st
from msgspec.structs import replace

from planner.assembly.assemble import assemble
from planner.content.notation import parse_frequency
from planner.model.cycle_content import State
from planner.model.finding import FindingStatus
from planner.model.patient import CoMedication
from planner.model.plan import BlockStart, Deferral, Omission, Plan, Scope, Stop
from planner.model.schedule import Event, Schedule
from planner.model.site import Site
from planner.model.timeline import READ, Bar, Lane, Timeline, redrawn
from planner.timeline.lay_out import GROUPS, lay_out
from planner.timeline.words import TIMES_A_DAY
from tests.assembly.random_protocols import protocols
from tests.builders import placed
from tests.courses import AGENTS, COURSE_START, PATIENT, course_findings, course_plan, course_schedule, finding
from tests.schedules import with_events

START = COURSE_START.toordinal()
AROUND = ("ribbon", "cycle", "mark")


def lay(plan: Plan | None = None, findings=()) -> Timeline:
    plan = plan or course_plan()
    return lay_out(plan, course_schedule(plan), findings, AGENTS)


def lane(timeline: Timeline, title: str) -> Lane:
    return next(one for one in timeline.lanes if one.title == title)


def holds(bar: Bar, event: Event) -> bool:
    on_day = event.day in bar.ticks if bar.form == "dots" else bar.start <= event.day < bar.end
    same = (bar.state, bar.shift) == (event.state, event.day - event.due_day)
    return on_day and event.placed.id in bar.orders and same


def assert_every_event_on_one_bar(schedule: Schedule, timeline: Timeline) -> None:
    bars = [bar for one in timeline.lanes for bar in one.bars if bar.form not in AROUND]
    by_order: dict[str, list[Bar]] = {}
    for bar in bars:
        for order in bar.orders:
            by_order.setdefault(order, []).append(bar)
    for event in schedule.events:
        assert sum(holds(bar, event) for bar in by_order.get(event.placed.id, ())) == 1, event.label


def test_every_event_of_the_course_is_on_exactly_one_bar():
    schedule = course_schedule()
    assert_every_event_on_one_bar(schedule, lay_out(course_plan(), schedule, (), AGENTS))


@pytest.mark.timeout(600)  # on a busy machine 120 s ended it in the middle, which hypothesis then called flaky
@hypothesis.given(protocols(), st.integers(-10, 20))
def test_every_event_of_a_random_protocol_is_on_exactly_one_bar(text, shift):
    plan, known = placed(text, PATIENT, date(2026, 1, 5))
    first = plan.blocks[0]
    if shift:
        day = known[first.pin].phases[0].first_day + 2
        change = Deferral(first.id, first.cycles[0], day, shift, Scope.CYCLE, "other")
        plan = replace(plan, modifications=(change,))
    schedule = assemble(plan, known, AGENTS, Site())
    timeline = lay_out(plan, schedule, (), AGENTS)
    assert_every_event_on_one_bar(schedule, timeline)
    for one in timeline.lanes:
        drawn = [bar for bar in one.bars if bar.form != "cycle"]
        assert all(before.end <= after.start for before, after in pairwise(drawn)), one.title
    ids = Counter(bar.id for one in timeline.lanes for bar in one.bars)
    assert max(ids.values()) == 1


def test_lanes_stand_in_the_order_of_the_design():
    timeline = lay(findings=course_findings())
    kinds = [one.kind for one in timeline.lanes]
    wanted = ["blocks", "drug", "intrathecal", "drug", "assessments", "co-medications", "findings"]
    assert [kind for number, kind in enumerate(kinds) if number == 0 or kinds[number - 1] != kind] == wanted
    roles = [GROUPS.index(one.role) for one in timeline.lanes if one.kind in ("drug", "intrathecal")]
    assert roles == sorted(roles)
    titles = [one.title for one in timeline.lanes if one.kind == "assessments"]
    assert list(dict.fromkeys(titles)) == ["Assessments", "Procedures", "Decisions"]


def test_lanes_of_one_sign_stand_in_the_order_in_which_they_begin():
    oral = [one.title for one in lay().lanes if one.role == "oral"]
    assert oral == ["Prednisone PO", "Mercaptopurine PO", "Methotrexate PO"]


def test_one_drug_has_a_lane_for_each_route():
    titles = [one.title for one in lay().lanes]
    assert {"Methotrexate IV", "Methotrexate PO", "Cytarabine IV"} <= set(titles)
    assert titles.count("INTRATHECAL") == 1


def test_daily_tablets_become_one_span_over_the_cycles_of_a_block():
    spans = [bar for bar in lane(lay(), "Mercaptopurine PO").bars if bar.block == "maintenance"]
    assert [(bar.form, bar.end - bar.start, len(bar.orders)) for bar in spans] == [("span", 6 * 84, 6)]
    assert spans[0].label == "136 mg daily"
    assert "Maintenance C1 D1 to C6 D84" in spans[0].detail


def test_an_omitted_day_breaks_the_span():
    plan = course_plan()
    omission = Omission("induction", 1, 10, "prednisone-po", "toxicity")
    plan = replace(plan, modifications=(*plan.modifications, omission))
    bars = [bar for bar in lane(lay(plan), "Prednisone PO").bars if bar.block == "induction"]
    assert [(bar.form, bar.end - bar.start, bar.state) for bar in bars] == [
        ("span", 9, State.PLANNED),
        ("dots", 1, State.OMITTED),
        ("span", 18, State.PLANNED),
    ]
    assert bars[0].label == "54.4 mg twice daily"


def test_weekly_tablets_are_dots_on_their_days():
    dots = lane(lay(), "Methotrexate PO").bars[0]
    assert dots.form == "dots"
    assert {later - earlier for earlier, later in pairwise(dots.ticks)} == {7}
    assert "D8, D15, D22" in dots.detail


def test_intravenous_doses_stand_alone_even_on_days_in_a_row():
    bars = lane(lay(), "Cytarabine IV").bars
    assert {bar.form for bar in bars} == {"dose"}
    assert len(bars) == 16


def test_several_doses_of_a_day_are_one_bar_that_counts_them():
    assert [bar.label for bar in lane(lay(), "Leucovorin IV").bars][:3] == ["27.2 mg × 3", "27.2 mg × 4", "27.2 mg"]


def test_two_orders_of_one_drug_on_one_day_are_one_bar():
    schedule = course_schedule()
    first = next(event for event in schedule.events if event.placed.id == "high-dose/1/methotrexate-iv")
    again = replace(
        first.placed,
        id="high-dose/1/methotrexate-loading",
        order=replace(first.placed.order, id="methotrexate-loading"),
    )
    events = sorted((*schedule.events, first._replace(placed=again)), key=lambda event: event[:3])
    bars = lane(lay_out(course_plan(), with_events(schedule, events), (), AGENTS), "Methotrexate IV").bars
    assert bars[0].label == "6,346 mg + 6,346 mg"
    assert set(bars[0].orders) == {first.placed.id, again.id}
    assert len(bars) == 3


def test_step_doses_of_an_infusion_have_two_heights():
    low, high = lane(lay(), "Blinatumomab IV").bars[:2]
    assert (low.label, high.label) == ("9 mcg/day", "28 mcg/day")
    assert low.end == high.start
    assert low.level < high.level == 1.0


def test_what_goes_into_the_spine_on_one_day_is_one_bar_in_one_lane():
    bars = {bar.start: bar for bar in lane(lay(), "INTRATHECAL").bars}
    triple = next(bar for bar in bars.values() if bar.block == "blinatumomab")
    assert triple.label == "Methotrexate 15 mg + Cytarabine 40 mg + Hydrocortisone 50 mg"
    assert len(triple.orders) == 3
    assert bars[START].label == "Cytarabine 70 mg"


def test_assessments_of_one_day_are_one_sign_with_their_number():
    bars = {bar.start - START + 1: bar for bar in lane(lay(), "Assessments").bars}
    assert (bars[29].letter, bars[29].window, bars[29].form) == ("2", (1, 3), "diamond")
    assert bars[29].label == "Bone marrow · MRD by flow, marrow"
    assert (bars[8].letter, bars[8].label) == ("C", "Counts")
    assert bars[1].letter == "H"


def test_procedures_are_triangles():
    assert {(bar.form, bar.letter) for bar in lane(lay(), "Procedures").bars} == {("triangle", "L")}


def test_an_open_decision_asks_and_a_taken_one_answers():
    taken, still_open = lane(lay(), "Decisions").bars
    assert (taken.form, taken.letter, taken.label) == ("hexagon", "", "Complete remission: go on")
    assert (still_open.letter, still_open.label) == ("?", "MRD negative after blinatumomab?")
    assert still_open.branches == ("MRD negative: maintenance", "MRD positive: transplant")
    assert "(expected)" in still_open.detail
    assert "(taken)" in taken.detail


def test_what_hangs_on_an_open_decision_is_provisional():
    timeline = lay()
    states = {bar.block: bar.state for one in timeline.lanes if one.kind == "blocks" for bar in one.bars}
    assert states["maintenance"] is states["high-dose"] is State.PROVISIONAL
    assert states["induction"] is State.PLANNED
    spans = lane(timeline, "Mercaptopurine PO").bars
    assert [bar.state for bar in spans] == [State.PLANNED, State.DEFERRED, State.PROVISIONAL]


def test_a_deferral_shows_its_days_and_where_it_came_from():
    bar = lane(lay(), "Cyclophosphamide IV").bars[1]
    assert (bar.state, bar.shift) == (State.DEFERRED, 7)
    assert "from Mon 09-Mar-2026" in bar.detail
    ribbon = next(one for one in lane(lay(), "Blocks").bars if one.id == "consolidation")
    assert ribbon.shift == 7


def test_a_block_whose_rest_was_put_off_and_then_stopped_is_not_said_to_have_moved():
    put_off = Deferral("consolidation", 1, 15, 8, Scope.FOLLOWING, "infection")
    for day, shift in ((15, 0), (16, 8), (8, 0)):
        ended = Stop("consolidation", 1, day, Scope.FOLLOWING, "toxicity")
        timeline = lay(replace(course_plan(), modifications=(put_off, ended)))
        ribbon = next(one for one in lane(timeline, "Blocks").bars if one.id == "consolidation")
        assert ribbon.shift == shift, day
    drug = Stop("consolidation", 1, 8, Scope.FOLLOWING, "toxicity", order="cyclophosphamide")
    timeline = lay(replace(course_plan(), modifications=(put_off, drug)))
    assert next(one for one in lane(timeline, "Blocks").bars if one.id == "consolidation").shift == 8


def test_a_block_of_which_all_is_deferred_begins_where_its_first_dose_falls():
    put_off = Deferral("induction", 1, 1, 3, Scope.FOLLOWING, "infection")
    before, after = (lay(replace(course_plan(), modifications=changes)) for changes in ((), (put_off,)))
    for name in ("induction", "induction/1"):
        old, new = (next(bar for bar in lane(one, "Blocks").bars if bar.id == name) for one in (before, after))
        assert (new.start - old.start, new.end - old.end) == (3, 3)
    assert new.day_number(new.start) == 1
    assert min(bar.start for bar in lane(after, "Vincristine IV").bars) == new.start


def test_day_numbers_leave_out_the_days_of_a_deferral():
    cycle = next(bar for bar in lane(lay(), "Blocks").bars if bar.id == "consolidation/1")
    first = cycle.start
    assert [cycle.day_number(first + day) for day in (0, 27, 28, 34, 35, 62, 63)] == [1, 28, None, None, 29, 56, None]
    assert cycle.day_number(first - 1) is None


def test_day_numbers_follow_every_dose_of_the_course():
    plan = course_plan()
    cycles = {bar.id: bar for bar in lane(lay(plan), "Blocks").bars if bar.form == "cycle"}
    for event in course_schedule(plan).events:
        cycle = cycles[f"{event.placed.block.id}/{event.placed.cycle}"]
        assert cycle.day_number(event.day) == event.cycle_day, event.label


def test_a_single_day_that_moved_leaves_the_numbering_alone():
    plan = replace(course_plan(), modifications=(Deferral("induction", 1, 8, 2, Scope.DAY, "holiday"),))
    cycle = next(bar for bar in lane(lay(plan), "Blocks").bars if bar.id == "induction/1")
    assert cycle.numbering == ((START, 1),)
    moved = [bar for bar in lane(lay(plan), "Vincristine IV").bars if bar.shift]
    assert [(bar.start - START, bar.shift) for bar in moved] == [(9, 2)]


def test_blocks_at_the_same_time_stand_in_rows():
    plan = course_plan()
    apart = replace(plan.blocks[1], start=BlockStart(on=COURSE_START + timedelta(days=10)))
    rows = [one for one in lay(replace(plan, blocks=(plan.blocks[0], apart))).lanes if one.kind == "blocks"]
    assert [[bar.id for bar in row.bars if bar.form == "ribbon"] for row in rows] == [["induction"], ["consolidation"]]
    assert len({row.id for row in rows}) == 2


def test_values_to_enter_and_to_check_are_marked():
    timeline = lay()
    saline = lane(timeline, "Sodium chloride 0.9% IV").bars[0]
    assert (saline.label, saline.needs_check) == ("dose to enter", True)
    assert lane(timeline, "Trimethoprim-sulfamethoxazole PO").bars[0].needs_check
    assert not lane(timeline, "Vincristine IV").bars[0].needs_check


def test_windows_stay_with_single_doses():
    first = lane(lay(), "Vincristine IV").bars[0]
    assert first.window == (0, 2)
    assert "Window −0 to +2 days" in first.detail


def test_co_medications_are_spans_and_one_without_end_is_open():
    timeline = lay()
    posaconazole = lane(timeline, "Posaconazole").bars[0]
    levetiracetam = lane(timeline, "Levetiracetam").bars[0]
    assert (posaconazole.end - posaconazole.start, posaconazole.open_end) == (26, False)
    assert levetiracetam.open_end
    assert levetiracetam.end > timeline.end


def test_co_medications_that_ended_before_the_course_are_left_out():
    old = CoMedication("posaconazole", date(2025, 1, 1), date(2025, 12, 1))
    plan = replace(course_plan(), patient=replace(PATIENT, co_medications=(old,)))
    assert "co-medications" not in {one.kind for one in lay(plan).lanes}


def test_a_finding_marks_the_bars_of_its_orders_on_its_days():
    timeline = lay(findings=course_findings())
    marked = {bar.start - START + 1: bar.finding for bar in lane(timeline, "Vincristine IV").bars if bar.finding}
    assert marked == {22: "contraindicated"}
    assert lane(timeline, "Prednisone PO").bars[0].finding == "", "an acknowledged finding is no mark on the item"
    marks = {bar.id: bar for one in timeline.lanes if one.kind == "findings" for bar in one.bars}
    assert marks["f8"].ticks == (START + 3, START + 49)
    assert {mark.id: mark.state for mark in marks.values() if mark.state is State.GIVEN} == {"f9": State.GIVEN}


def test_the_worst_of_several_findings_marks_a_bar():
    order = ("induction/1/vincristine-iv",)
    found = (finding(1, "advice", (START,), order), finding(2, "warning", (START,), order))
    assert lane(lay(findings=found), "Vincristine IV").bars[0].finding == "warning"


def test_findings_without_a_day_and_those_that_cannot_be_checked_are_not_drawn():
    unchecked = finding(1, "warning", (START,), (), status=FindingStatus.CANNOT_CHECK)
    placeless = finding(2, "warning", (), ())
    assert "findings" not in {one.kind for one in lay(findings=(unchecked, placeless)).lanes}


def test_findings_at_the_same_time_stand_in_rows():
    found = tuple(finding(number, "warning", (START, START + 9), ()) for number in range(5))
    rows = [one for one in lay(findings=found).lanes if one.kind == "findings"]
    assert [len(row.bars) for row in rows] == [1, 1, 1, 1, 1]


def test_the_timeline_reaches_from_the_first_to_the_last_day():
    timeline = lay()
    assert timeline.start == START
    assert timeline.end == max(bar.end for bar in lane(timeline, "Blocks").bars)


def test_an_empty_plan_gives_an_empty_timeline():
    plan = replace(course_plan(), blocks=(), patient=replace(PATIENT, co_medications=()))
    assert lay_out(plan, Schedule((), (), ()), (), AGENTS) == Timeline((), 0, 0)


@pytest.mark.parametrize("state", [State.GIVEN, State.HELD, State.STOPPED])
def test_states_of_events_reach_their_bars_and_words(state):
    schedule = course_schedule()
    events = tuple(event._replace(state=state) for event in schedule.events)
    timeline = lay_out(course_plan(), with_events(schedule, events), (), AGENTS)
    bar = lane(timeline, "Vincristine IV").bars[0]
    assert bar.state is state
    assert state.value in bar.detail.casefold()


def test_a_block_that_moved_keeps_its_bars_on_other_days():
    blocks = tuple(
        replace(one, start=replace(one.start, on=one.start.on + timedelta(9))) if one.start.on else one
        for one in course_plan().blocks
    )
    before, after = lay(), lay(replace(course_plan(), blocks=blocks))
    assert after.start == before.start + 9
    drawn = {bar.id: bar for one in after.lanes for bar in one.bars}
    alike = [bar for one in before.lanes for bar in one.bars if bar.block and bar.form != "ribbon"]
    assert len(alike) > 100
    for bar in alike:
        there = drawn[bar.id]
        if bar.form != "cycle":
            assert there.label == bar.label
        assert (there.start, there.end, there.orders) == (bar.start + 9, bar.end + 9, bar.orders)
        assert (there.ticks, there.numbering) == (
            tuple(day + 9 for day in bar.ticks),
            tuple((day + 9, number) for day, number in bar.numbering),
        )
        assert (bar.detail == there.detail) == (not bar.shift or bar.form == "cycle")


def test_blocks_of_like_contents_share_their_figures_and_still_say_where_each_stands():
    plan = course_plan()
    block = plan.blocks[-1]
    again = replace(block, id="again", title="Again", start=BlockStart(after=block.id))
    drawn = [bar for one in lay(replace(plan, blocks=(*plan.blocks, again))).lanes for bar in one.bars]
    first, second = ([bar for bar in drawn if bar.block == name] for name in (block.id, "again"))
    assert len(first) == len(second) > 3
    for one, two in zip(first, second, strict=True):
        assert two.figure is one.figure or one.form == "ribbon"
        assert two.id == one.id.replace(block.id, "again", 1)
        assert "Again" in two.detail
        assert two.orders == tuple(order.replace(block.id, "again", 1) for order in one.orders)


def test_a_bar_can_be_drawn_elsewhere_with_all_that_is_read_from_it():
    for bar in (bar for one in lay(findings=course_findings()).lanes for bar in one.bars):
        same, later = redrawn(bar), redrawn(bar, start=bar.start + 1, shift=3)
        assert all(getattr(same, name) == getattr(bar, name) for name in READ)
        assert (later.start, later.end, later.shift, later.id) == (bar.start + 1, bar.end, 3, bar.id)


def test_a_dose_moved_onto_the_day_of_another_has_a_bar_of_its_own():
    schedule = course_schedule()
    first = next(event for event in schedule.events if event.placed.route == "PO")
    here = [event for event in schedule.events if event.placed is first.placed][:2]
    later = here[1]._replace(day=here[0].day, state=State.DEFERRED)
    events = [later if event is here[1] else event for event in schedule.events]
    timeline = lay_out(course_plan(), with_events(schedule, events), (), AGENTS)
    assert_every_event_on_one_bar(with_events(schedule, events), timeline)


def test_every_number_of_doses_a_day_that_protocols_may_ask_for_has_its_word() -> None:
    assert {parse_frequency(words)[0] for words in TIMES_A_DAY.values() if words != "daily"} == {2, 3, 4, 5, 6}
