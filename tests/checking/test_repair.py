"""The least repair against brute force; what cannot be satisfied is told by name; plans are really repaired."""

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from planner.checking.repair import Choice, Chosen, Conflict, Network, Wait
from planner.errors import Refusal
from planner.model.plan import BlockStart
from planner.model.rule import RuleExample
from planner.services import evaluation, fixing
from planner.services.closed_days import Closed
from planner.services.evaluation import evaluate
from planner.services.repairing import Repair, repair
from planner.services.verbs import placing
from tests.builders import DAY_ONE, example_patient
from tests.checking.judging import rule
from tests.example_courses import plan_of_example
from tests.golden.cases import library

REACH = 12
WAITS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(-4, 5)).filter(lambda one: one[0] != one[1]), max_size=5
)
OPEN = st.lists(st.lists(st.booleans(), min_size=7, max_size=7).filter(any), min_size=3, max_size=3)


def _fits(starts, waits, allowed, closed):
    return all(starts[later] - starts[earlier] >= days for earlier, later, days in waits) and all(
        allowed[number][day % 7] and day not in closed for number, day in enumerate(starts)
    )


@given(st.tuples(*[st.integers(0, 6)] * 3), WAITS, OPEN, st.frozensets(st.integers(0, 12), max_size=3))
def test_the_repair_is_the_least_of_all(base, waits, allowed, closed):
    named = [Wait(*one, f"w{number}") for number, one in enumerate(waits)]
    found = Network(base, named, allowed, closed).repaired()
    reach = [range(day, day + REACH) for day in base]
    fitting = [starts for starts in product(*reach) if _fits(starts, waits, allowed, closed)]
    if isinstance(found, Conflict):
        assert not fitting
        assert set(found.whys) <= {one.why for one in named}
        return
    assert _fits(found, waits, allowed, closed)
    assert all(day >= old for day, old in zip(found, base, strict=True))
    if fitting:
        assert sum(found) == min(map(sum, fitting))


CHOICES = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 4), st.integers(0, 4)).filter(
        lambda one: one[0] != one[1]
    ),
    max_size=3,
)


@settings(max_examples=50)
@given(st.tuples(*[st.integers(0, 6)] * 3), WAITS, CHOICES, OPEN, st.frozensets(st.integers(0, 12), max_size=3))
def test_with_choices_it_is_still_the_least_of_all(base, waits, pairs, allowed, closed):
    named = [Wait(*one, f"w{number}") for number, one in enumerate(waits)]
    choices = [Choice(Wait(one, two, ahead, "a"), Wait(two, one, back, "b")) for one, two, ahead, back in pairs]
    found = Network(base, named, allowed, closed).chosen(choices)
    reach = [range(day, day + REACH) for day in base]
    fitting = [
        starts
        for starts in product(*reach)
        if _fits(starts, waits, allowed, closed)
        and all(any(starts[one.later] - starts[one.earlier] >= one.days for one in pair) for pair in choices)
    ]
    if isinstance(found, Conflict):
        assert not fitting
        return
    assert found.proven
    assert all(found.starts[one.later] - found.starts[one.earlier] >= one.days for one in found.waits)
    if fitting:
        assert sum(found.starts) == min(map(sum, fitting))


def test_a_choice_that_nothing_satisfies_is_a_conflict():
    net = Network([0, 0], [Wait(0, 1, 0, "keep"), Wait(1, 0, 0, "keep")])
    found = net.chosen([Choice(Wait(0, 1, 3, "a"), Wait(1, 0, 3, "b"))])
    assert isinstance(found, Conflict)
    assert "keep" in found.whys


def test_more_ways_than_are_tried_are_told_not_to_be_proven(monkeypatch):
    monkeypatch.setattr("planner.checking.repair.MOST_TRIES", 1)
    choices = [Choice(Wait(0, 1, 9, "a"), Wait(1, 0, 2, "b")), Choice(Wait(0, 2, 9, "c"), Wait(2, 0, 2, "d"))]
    found = Network([0, 0, 0], []).chosen(choices)
    assert isinstance(found, Chosen)
    assert not found.proven


def test_the_day_in_the_clinic_is_what_may_not_be_closed():
    monday = frozenset({10})
    assert Network([8, 8, 8], [], closed=monday, first=[2, 0, None]).repaired() == [9, 8, 8]


def test_a_delay_moves_only_what_waits():
    waits = [Wait(0, 1, 10, "a"), Wait(1, 2, 10, "b"), Wait(2, 3, 5, "c")]
    assert Network([5, 12, 22, 60], waits).repaired() == [5, 15, 25, 60]
    assert Network([0, 13, 22, 60], waits).repaired() == [0, 13, 23, 60]


def test_waits_in_a_circle_are_named():
    found = Network([0, 0], [Wait(0, 1, 3, "first"), Wait(1, 0, 1, "second")]).repaired()
    assert isinstance(found, Conflict)
    assert set(found.whys) == {"first", "second"}


def test_a_block_that_no_weekday_fits_starts_on_any_day():
    assert Network([0, 0], [Wait(0, 1, 3, "a")], [[True] * 7, [False] * 7]).repaired() == [0, 3]


def _shown(*course):
    plan = placing.new_plan("p", example_patient((("cd19", "positive"), ("ph", "negative"))))
    for step in course:
        protocol, day = step.split()
        start = placing.start_on(DAY_ONE + timedelta(int(day)))
        plan = placing.add_protocol(plan, library().protocols[protocol], start)
    return evaluate(plan, library())


@pytest.mark.parametrize("course", [("calgb-10403 0", "pomp 400"), ("hyper-cvad 0", "blinatumomab-mrd 30")])
def test_a_repaired_plan_needs_no_repair(course):
    shown = _shown(*course)
    found = repair(shown, library())
    assert not found.conflict
    after = (
        shown
        if found.fix is None
        else evaluate(fixing.apply(shown.plan, shown.schedule, found.fix, library().agents), library())
    )
    assert repair(after, library()).fix is None


def test_closed_days_are_respected():
    shown = _shown("hyper-cvad 0")
    closed = Closed(frozenset({5, 6}), frozenset({DAY_ONE}))  # the first day, a Thursday, and every weekend
    found = repair(shown, library(), closed)
    assert found.fix is not None
    after = evaluate(fixing.apply(shown.plan, shown.schedule, found.fix, library().agents), library())
    for block in after.schedule.blocks:
        for cycle in block.cycles:
            days = [
                event.day
                for event in after.schedule.events
                if (event.placed.block.id, event.placed.cycle) == (block.id, cycle.number)
                and event.placed.route != "PO"
            ]
            assert not days or not closed.on(min(days)), (block.title, cycle.number)
    assert repair(after, library(), closed).fix is None


def test_cycles_of_one_block_are_moved_apart():
    """Pegaspargase of cycle 2 comes 13 days after that of cycle 1: the second cycle waits a day."""
    example = RuleExample(1, ("1 pegaspargase 2500 units/m2 IV", "14 pegaspargase 2500 units/m2 IV cycle=2"))
    plan, protocols = plan_of_example(example)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluation, "pinned_protocol", protocols.__getitem__)
        shown = evaluate(plan, library())
        found = repair(shown, library())
        assert [(one.cycle, one.days) for one in found.fix.changes] == [(2, 1)]
        after = evaluate(fixing.apply(plan, shown.schedule, found.fix, library().agents), library())
        assert not [one for one in after.findings if one.rule == "AS-01"]
        assert repair(after, library()).fix is None


def test_another_order_of_blocks_is_told_where_it_moves_less():
    """GC-02: pegfilgrastim within 14 days before chemotherapy, but only a day behind it."""
    example = RuleExample(
        1, ("5 pegfilgrastim 6 mg SC role=growth-factor block=support", "6 cytarabine 100 mg/m2 IV block=chemo")
    )
    plan, protocols = plan_of_example(example)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluation, "pinned_protocol", protocols.__getitem__)
        shown = evaluate(plan, library())
        found = repair(shown, library(), reorder=True)
        assert [(one.block, one.days) for one in found.fix.moves] == [("chemo", 13)]
        assert [(one.block, one.days) for one in found.reordered.moves] == [("support", 2)]
        after = evaluate(fixing.apply(plan, shown.schedule, found.reordered, library().agents), library())
        assert not [one for one in after.findings if one.rule == "GC-02"]
        assert repair(after, library(), reorder=True) == Repair()


def test_a_plan_without_hard_clashes_is_left_alone():
    found = repair(_shown("hyper-cvad 0"), library())
    assert (found.fix, found.conflict) == (None, ())


def test_an_empty_plan_has_nothing_to_repair():
    shown = evaluate(placing.new_plan("p", example_patient()), library())
    assert repair(shown, library()).fix is None
    with pytest.raises(Refusal):
        fixing.offered_fixes(shown, "x", library())


def test_blocks_that_clash_are_moved_by_the_least_total():
    """A year of POMP and, ten days before its end, hyper-CVAD: methotrexate of two courses within a week."""
    shown = _shown("pomp 0", "hyper-cvad 355")
    found = repair(shown, library())
    assert found.fix is not None
    after = evaluate(fixing.apply(shown.plan, shown.schedule, found.fix, library().agents), library())
    assert repair(after, library()).fix is None
    assert "MT-13:pomp-later/methotrexate" in {one.id for one in shown.findings}
    assert "MT-13:pomp-later/methotrexate" not in {one.id for one in after.findings}
    starts = {block.id: block.start for block in shown.schedule.blocks}
    shifts = {block.id: block.start - starts[block.id] for block in after.schedule.blocks}
    assert f"{sum(shifts.values())} days in all" in found.fix.title
    for move in found.fix.moves:  # one day less of any move would not do
        less = tuple(type(move)(one.block, one.days - (one is move)) for one in found.fix.moves)
        plan = fixing.apply(shown.plan, shown.schedule, fixing.Fix("less", "less", moves=less), library().agents)
        assert repair(evaluate(plan, library()), library()).fix is not None


@pytest.fixture
def hard(monkeypatch):
    """An example as a plan judged by one hard rule alone: its repair, and what is left of the findings after it."""

    def make(judging, *events, change=lambda plan: plan):
        plan, protocols = plan_of_example(RuleExample(1, events))
        monkeypatch.setattr(evaluation, "pinned_protocol", protocols.__getitem__)
        known = replace(library(), rules=(judging,))
        shown = evaluate(change(plan), known)
        found = repair(shown, known)
        if found.fix is None:
            return found, shown.findings
        after = evaluate(fixing.apply(shown.plan, shown.schedule, found.fix, known.agents), known)
        assert repair(after, known).fix is None
        return found, after.findings

    return make


def test_a_barred_weekday_of_a_hard_rule_is_left(hard):
    monday = rule("weekdays", "contraindicated", agents=["vincristine"], allowed=["Monday"])
    found, left = hard(monday, "1 vincristine 2 mg IV")
    assert ([one.days for one in found.fix.moves], left) == ([4], ())  # from Thursday on


def test_hours_between_blocks_use_the_clock(hard):
    apart = rule("minimum_interval", "contraindicated", agents=["cytarabine"], after=["vincristine"], at_least="24 h")
    lines = ("1 21:00 vincristine 2 mg IV block=a", "2 09:00 cytarabine 100 mg/m2 IV block=b")
    found, left = hard(apart, *lines)
    assert ([(one.block, one.days) for one in found.fix.moves], left) == ([("b", 1)], ())


def test_what_a_rule_passes_over_inside_a_block_is_no_wait(hard):
    apart = rule(
        "minimum_interval", "contraindicated", agents=["vincristine"], at_least="20 days", outside_block=True
    )  # fmt: skip
    found, left = hard(apart, "1 vincristine 2 mg IV", "8 vincristine 2 mg IV cycle=2")
    assert (found.fix, left) == (None, ())


def test_cycles_that_start_too_soon_wait_for_the_start_before(hard):
    apart = rule("minimum_interval", "contraindicated", agents=["vincristine"], at_least="21 days", between="cycles")
    found, left = hard(apart, "1 vincristine 2 mg IV", "3 vincristine 2 mg IV", "15 vincristine 2 mg IV cycle=2")
    assert ([(one.cycle, one.days) for one in found.fix.changes], left) == ([(2, 7)], ())


def test_a_cycle_of_another_block_waits_for_the_last_cycle_of_the_one_before(hard):
    apart = rule("minimum_interval", "contraindicated", agents=["vincristine"], at_least="42 days", between="cycles")
    lines = (
        "1 vincristine 2 mg IV block=a",
        "43 vincristine 2 mg IV block=a cycle=2",
        "60 vincristine 2 mg IV block=b",
    )
    found, left = hard(apart, *lines)
    assert ([(one.block, one.days) for one in found.fix.moves], left) == ([("b", 25)], ())


@pytest.mark.parametrize(("start", "moves"), [(18, []), (17, [("again", 1)]), (12, [("again", 6)])])
def test_a_new_cycle_after_one_that_was_cut_short_waits_for_the_days_without_a_dose(hard, start, moves):
    apart = rule(
        "minimum_interval", "contraindicated",
        agents=["blinatumomab"], at_least="42 days", between="cycles", new_cycle_after_days=7,
    )  # fmt: skip
    lines = (
        "1-9 blinatumomab 28 mcg/day IV block=a",
        "10-28 blinatumomab 28 mcg/day IV block=a stopped=toxicity-2",
        f"{start}-{start + 27} blinatumomab 28 mcg/day IV block=again",
    )
    found, left = hard(apart, *lines)
    assert ([(one.block, one.days) for one in found.fix.moves] if found.fix else [], left) == (moves, ())


@pytest.mark.parametrize("day", [8, 40, None])
def test_a_block_that_counts_from_a_day_goes_with_its_cycle(hard, day):
    """The second pegaspargase of block a waits; b hangs on a day of the first or of the second cycle, or on the end."""

    def hang(plan):
        first, second = plan.blocks
        return replace(plan, blocks=(first, replace(second, start=BlockStart(after="a", day=day, gap_days=30))))

    apart = rule("minimum_interval", "contraindicated", agents=["pegaspargase"], at_least="56 days")
    lines = (
        "1 pegaspargase 2500 units/m2 IV block=a",
        "36 pegaspargase 2500 units/m2 IV block=a cycle=2",
        "50 mesna 400 mg IV block=b",
    )
    found, left = hard(apart, *lines, change=hang)
    assert left == ()
    assert [(one.block, one.cycle, one.days) for one in found.fix.changes] == [("a", 2, 21)]
    assert found.fix.moves == ()


@pytest.mark.parametrize(("protocol", "moves"), [("two", []), ("one", [("b", 6)])])
def test_half_a_high_dose_of_another_protocol_makes_nothing_wait(hard, protocol, moves):
    apart = rule(
        "minimum_interval",
        "contraindicated",
        protocols=["one"],
        agents=["methotrexate IV from 500 mg/m2 a day"],
        at_least="20 days",
    )
    found, _ = hard(
        apart,
        "1 09:00 methotrexate 500 mg/m2 IV block=a protocol=one",
        "15 09:00 methotrexate 251 mg/m2 IV block=b protocol=one",
        f"15 21:00 methotrexate 250 mg/m2 IV block=c protocol={protocol}",
    )
    assert ([(one.block, one.days) for one in found.fix.moves] if found.fix else []) == moves
