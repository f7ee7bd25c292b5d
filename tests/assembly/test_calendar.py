"""Blocks, cycles, clock times and deferrals on small protocols: each test one sentence of the format."""

from datetime import date
from decimal import Decimal

from planner.assembly.assemble import assemble
from planner.assembly.explain import STAYS, why
from planner.model.civil import clock
from planner.model.cycle_content import State
from planner.model.patient import LabResult, Measurement, Patient
from planner.model.plan import BlockStart, DecisionTaken, Deferral, DoseChange, Omission, Plan, Scope, Stop
from planner.model.schedule import Event, Schedule
from planner.model.site import Site
from planner.services.verbs.placing import add_phase, new_plan
from tests.assembly.texts import HEAD, assessment, decision, order, phase
from tests.builders import placed, shelved
from tests.services.courses_at_hand import plan_of, protocols_of

START = date(2026, 1, 5)
MEASURED = Measurement(date(2026, 1, 2), Decimal(170), Decimal(70))
SOMEBODY = Patient("1", "Some", "Body", date(1980, 3, 1), "male", (MEASURED,))


def schedule(
    text: str, *changes: Deferral | DoseChange | Omission | Stop, taken: DecisionTaken | None = None, head: str = HEAD
) -> Schedule:
    plan, protocols = placed(head + text, SOMEBODY, START)
    decisions = (taken,) if taken else ()
    changed = Plan(plan.id, plan.patient, plan.pins, plan.blocks, decisions, changes)
    return assemble(changed, protocols, {}, Site())


def days(found: Schedule, order_id: str) -> list[tuple[int, str]]:
    return [(event.cycle_day, event.date.isoformat()) for event in found.events if event.placed.order.id == order_id]


def times(found: Schedule, order_id: str) -> list[str]:
    return [
        f"{event.date:%d} {clock(event.minute)}".strip() for event in found.events if event.placed.order.id == order_id
    ]


def one(found: Schedule, order_id: str) -> Event:
    return next(event for event in found.events if event.placed.order.id == order_id)


def test_the_day_before_day_one_is_day_minus_one() -> None:
    found = schedule(phase("a", order("o", days="-2:-1, 1:2")))
    assert days(found, "o") == [(-2, "2026-01-03"), (-1, "2026-01-04"), (1, "2026-01-05"), (2, "2026-01-06")]


def test_a_phase_may_count_from_day_zero_or_run_on() -> None:
    from_zero = schedule(phase("a", order("o", days="0, 1, 7"), first_day=0))
    assert days(from_zero, "o") == [(0, "2026-01-05"), (1, "2026-01-06"), (7, "2026-01-12")]
    before_graft = schedule(phase("a", order("o", days="-2, 0, 1"), first_day=-2))
    assert days(before_graft, "o") == [(-2, "2026-01-05"), (0, "2026-01-07"), (1, "2026-01-08")]
    running_on = schedule(phase("a", order("o", days="26, 28"), first_day=26))
    assert days(running_on, "o") == [(26, "2026-01-05"), (28, "2026-01-07")]


def test_daily_to_the_end_reaches_the_next_cycle_without_a_gap() -> None:
    found = schedule(phase("a", order("o", days="1:end"), cycle_days=7, cycles=2))
    assert [day for day, _ in days(found, "o")] == [1, 2, 3, 4, 5, 6, 7] * 2
    assert len({on for _, on in days(found, "o")}) == 14


def test_cycles_may_have_another_length() -> None:
    found = schedule(phase("a", order("o"), cycle_days=42, cycles=3, cycle_lengths="{ 2 = 84 }"))
    assert [on for _, on in days(found, "o")] == ["2026-01-05", "2026-02-16", "2026-05-11"]


def test_clock_times_hang_on_other_orders() -> None:
    text = phase(
        "a",
        order("premed", timing="1 h before mtx"),
        order("mtx", duration="24 h"),
        order("rescue", days="2", timing="12 h after end of mtx", frequency="every 6 h x 3"),
        order("lost", days="9", timing="1 h before mtx"),
    )
    found = schedule(text)
    assert times(found, "premed") == ["05 08:00"]
    assert times(found, "mtx") == ["05 09:00"]
    assert (one(found, "mtx").end_day, one(found, "mtx").end_minute) == (date(2026, 1, 6).toordinal(), 9 * 60)
    assert times(found, "rescue") == ["06 21:00", "07 03:00", "07 09:00"]
    assert times(found, "lost") == ["13"]
    assert one(found, "lost").note == "no clock time: no mtx to hang on"


def test_what_comes_before_several_doses_of_a_day_comes_before_the_first() -> None:
    text = phase(
        "a",
        order("premed", timing="1 h before cy"),
        order("cy", frequency="every 12 h x 6", duration="3 h"),
        order("each", timing="1 h before cy", frequency="every 12 h x 6"),
        order("after", timing="6 h after end of cy", days="2"),
    )
    found = schedule(text)
    assert times(found, "premed") == ["05 08:00"]
    assert times(found, "each") == ["05 08:00", "05 20:00", "06 08:00", "06 20:00", "07 08:00", "07 20:00"]
    assert times(found, "after") == ["06 18:00"], "the dose of 21:00 is over at 06:00 on the day after"


def test_an_order_does_not_hang_on_one_that_is_not_given() -> None:
    text = phase("a", order("premed", timing="1 h before mtx"), order("mtx", when="sex = female"))
    found = schedule(text)
    assert times(found, "mtx") == []
    assert times(found, "premed") == ["05"]


def test_a_timed_run_crosses_midnight() -> None:
    found = schedule(phase("a", order("o", frequency="every 12 h x 4")))
    assert times(found, "o") == ["05 09:00", "05 21:00", "06 09:00", "06 21:00"]
    assert [day for day, _ in days(found, "o")] == [1, 1, 2, 2]


def test_doses_may_have_clock_times_of_their_own() -> None:
    found = schedule(phase("a", order("o", at="08:00, 20:00", days="1:2", dose="60 mg/day")))
    assert times(found, "o") == ["05 08:00", "05 20:00", "06 08:00", "06 20:00"]
    dose = one(found, "o").dose
    assert dose is not None
    assert (dose.value, dose.protocol_dose) == (Decimal(30), "60 mg/day in 2 doses")


def test_an_order_may_keep_to_weekdays_also_when_the_cycle_is_deferred() -> None:
    text = phase("a", order("o", weekdays="Sat, Sun", days="1:14"), order("iv", days="8"))
    assert [day for day, _ in days(schedule(text), "o")] == [6, 7, 13, 14]
    deferred = schedule(text, Deferral("a", 1, 8, 3, Scope.CYCLE, "counts"))
    assert days(deferred, "o") == days(schedule(text), "o")
    assert days(deferred, "iv") == [(8, "2026-01-15")]


def test_a_phase_starts_on_a_day_of_another_or_after_its_end() -> None:
    text = (
        phase("a", order("o"))
        + phase("b", order("p"), start="a day 8")
        + phase("c", order("q"), start="after a + 2 days")
    )
    found = schedule(text)
    assert [on for _, on in days(found, "p")] == ["2026-01-12"]
    assert [on for _, on in days(found, "q")] == ["2026-01-28"]


def test_a_block_may_stand_before_the_one_it_starts_after() -> None:
    """In the plan's list, that is: starts follow from what waits for what, whichever was put there first."""
    plan = plan_of("calgb-10403")
    known = protocols_of(plan)
    turned = Plan(plan.id, plan.patient, plan.pins, plan.blocks[::-1])
    here, there = (assemble(one, known, {}, Site()).blocks for one in (plan, turned))
    assert {(one.id, one.start) for one in here} == {(one.id, one.start) for one in there}


def test_an_end_rule_cuts_the_last_cycle() -> None:
    text = phase("a", order("o")) + phase(
        "b", order("p", days="1:end"), cycles=4, ends='[{ until = "2 months after a day 1" }]'
    )
    found = schedule(text)
    block = found.block("b")
    assert date.fromordinal(block.end) == date(2026, 3, 5)
    assert [(cycle.number, cycle.cut) for cycle in block.cycles] == [(1, False), (2, True)]
    assert days(found, "p")[-1][1] == "2026-03-04"


def test_a_block_whose_cycles_do_not_reach_its_end_rule_says_so() -> None:
    short = "the cycles on the plan end before that date"
    for cycles, says in ((1, True), (2, False)):
        text = phase("a", order("o")) + phase(
            "b", order("p"), cycles=cycles, ends='[{ until = "2 months after a day 1" }]'
        )
        why = schedule(text).block("b").why
        assert why[-2 if says else -1] == "ends 2 months after Day 1 of A (05-Jan-2026)"
        assert (short in why) is says


def test_an_end_rule_may_leave_the_block_out_altogether() -> None:
    text = phase("a", order("o"), cycle_days=90) + phase("b", order("p"), ends='[{ until = "1 months after a day 1" }]')
    assert [block.id for block in schedule(text).blocks] == ["a"]


def test_an_end_rule_without_its_anchor_says_so() -> None:
    text = phase("a", order("o"), only_if="sex = female") + phase(
        "b", order("p"), ends='[{ until = "2 months after a day 1" }]'
    )
    assert "no end date: A is not on the plan before it" in schedule(text).block("b").why


def test_an_end_does_not_count_from_a_phase_that_a_stop_closed_up_wholly() -> None:
    text = phase("a", order("o")) + phase(
        "b", order("p", days="1:end"), cycles=4, ends='[{ until = "2 months after a day 1" }]'
    )
    found = schedule(text, Stop("a", 1, 1, Scope.FOLLOWING, "toxicity", closes=True))
    assert [block.id for block in found.blocks] == ["b"]
    block = found.block("b")
    assert "no end date: A is not on the plan before it" in block.why
    assert [cycle.cut for cycle in block.cycles] == [False] * 4
    begun = schedule(text, Stop("a", 1, 2, Scope.FOLLOWING, "toxicity", closes=True))
    assert date.fromordinal(begun.block("b").end) == date(2026, 3, 5)  # its Day 1 was to be given: it counts


def test_an_end_counts_from_the_first_part_of_a_phase_that_is_on_the_plan() -> None:
    head = 'course = ["a 1", "c", "a 2", "b"]\n' + HEAD
    ends = '[{ until = "3 months after a day 1" }]'
    text = phase("a", order("o"), cycles=2) + phase("c", order("q"))
    text += phase("b", order("p", days="1:end"), cycles=9, ends=ends)
    assert date.fromordinal(schedule(text, head=head).block("b").end) == date(2026, 4, 5)
    found = schedule(text, Stop("a", 1, 1, Scope.CYCLE, "toxicity", closes=True), head=head)
    assert [(block.id, date.fromordinal(block.start)) for block in found.blocks[:2]] == [
        ("c", START),
        ("a-2", date(2026, 1, 26)),
    ]
    assert date.fromordinal(found.block("b").end) == date(2026, 4, 26)


def test_an_open_decision_makes_what_hangs_on_it_provisional() -> None:
    text = (
        phase("a", order("o"))
        + phase("b", order("p"), only_if="decision.go = yes")
        + phase("c", order("q"))
        + phase("d", order("r"), only_if="decision.go = no")
        + decision("go", "a", 21)
    )
    found = schedule(text)
    assert [(block.id, block.provisional) for block in found.blocks] == [("a", False), ("b", True), ("c", True)]
    assert one(found, "q").state is State.PROVISIONAL
    assert [(item.decision.id, item.choice) for item in found.decisions] == [("go", None)]
    against = schedule(text, taken=DecisionTaken("small", "go", "no", START, "A. P."))
    assert [(block.id, block.provisional) for block in against.blocks] == [("a", False), ("c", False), ("d", False)]
    assert [on for _, on in days(against, "q")] == ["2026-01-26"]


def test_a_block_behind_one_that_is_left_out_starts_as_that_would_have() -> None:
    """ "Interim maintenance starts where Interim maintenance would have": the two branches have one title."""
    text = phase("a", order("o")) + phase("b", order("p"), only_if="sex = unknown")
    found = schedule(text + phase("c", order("q")) + phase("d", order("r"), start="after b + 2 days"))
    assert found.block("c").why == ("starts after A ends on 25-Jan-2026",)
    assert found.block("d").why == ("starts after A ends on 25-Jan-2026", "+2 days")
    first = schedule(phase("b", order("p"), only_if="sex = unknown") + phase("c", order("q")))
    assert first.block("c").why == ("starts on 05-Jan-2026",)


def test_orders_know_an_answer_only_from_the_first_cycle_after_it() -> None:
    text = phase(
        "a",
        order("full", when="decision.go != yes", dose="30 mg"),
        order("reduced", when="decision.go = yes", dose="15 mg"),
        cycles=3,
    ) + decision("go", "a", 21, cycle=2)
    found = schedule(text)
    assert [event.placed.cycle for event in found.events if event.placed.order.id == "full"] == [1, 2]
    assert [(event.placed.cycle, event.state) for event in found.events if event.placed.order.id == "reduced"] == [
        (3, State.PROVISIONAL)
    ]


def test_why_a_block_is_there_is_told_in_the_protocols_words() -> None:
    variant = (
        '[[variants]]\nid = "v"\nquestion = "Which one?"\ndefault = "x"\n'
        'choices = [{ id = "x", title = "The first" }, { id = "y", title = "The second" }]\n'
    )
    text = (
        phase("a", order("o"))
        + phase("b", order("p"), only_if="variant.v != y and decision.go = yes and age >= 18")
        + decision("go", "a", 21)
        + variant
    )
    told = 'on the plan if "Which one?" is not "The second" and "go?" is "Yes" and age at least 18 years'
    assert told in schedule(text).block("b").why


def test_an_unrecorded_fact_keeps_the_order_and_says_what_is_missing() -> None:
    found = schedule(phase("a", order("o", when="cns = CNS3")))
    event = one(found, "o")
    assert (event.state, event.note) == (State.PROVISIONAL, "only if CNS status CNS3; not recorded: CNS status")


def test_a_gate_is_an_assessment_on_the_first_day_of_the_first_cycle() -> None:
    found = schedule(phase("a", order("o"), cycles=2, gate="ANC ≥ 0.75 × 10⁹/L"))
    gates = [event for event in found.events if event.placed.order.id == "start-gate"]
    assert [(event.placed.agent_name, event.date) for event in gates] == [("Start when ANC ≥ 0.75 × 10⁹/L", START)]


def test_an_order_that_stays_is_not_moved_by_a_deferral() -> None:
    text = phase("a", order("tki", days="1:end", stays=True), order("iv", days="1, 8"), cycle_days=14)
    found = schedule(text, Deferral("a", 1, 8, 5, Scope.FOLLOWING, "counts"))
    assert days(found, "iv") == [(1, "2026-01-05"), (8, "2026-01-17")]
    assert one(found, "iv").state is State.PLANNED
    moved = [event for event in found.events if event.state is State.DEFERRED]
    assert [(event.placed.order.id, event.cycle_day) for event in moved] == [("iv", 8)]
    assert [day for day, _ in days(found, "tki")] == list(range(1, 20))


def test_a_deferral_of_a_day_leaves_daily_orders_and_takes_assessments_along() -> None:
    text = phase(
        "a", order("daily", days="1:14"), order("iv", days="1, 8"), assessment("counts", "8"), decision("d", "a", 8)
    )
    found = schedule(text, Deferral("a", 1, 8, 2, Scope.DAY, "counts"))
    assert days(found, "iv")[1] == days(found, "counts")[0] == (8, "2026-01-14")
    assert [on for _, on in days(found, "daily")][7] == "2026-01-12"
    assert date.fromordinal(found.decisions[0].day) == date(2026, 1, 14)


def test_an_omission_takes_one_order_or_the_whole_day() -> None:
    text = phase("a", order("o", days="1, 8"), order("p", days="8"))
    single = schedule(text, Omission("a", 1, 8, "o", "toxicity"))
    assert [event.placed.order.id for event in single.events if event.state is State.OMITTED] == ["o"]
    whole = schedule(text, Omission("a", 1, 8, "", "toxicity"))
    assert [event.placed.order.id for event in whole.events if event.state is State.OMITTED] == ["o", "p"]


def test_why_tells_the_way_from_the_first_decision_to_the_day() -> None:
    text = phase("a", order("o", days="8", window="-0/+2"))
    plan, protocols = placed(HEAD + text, SOMEBODY, START)
    changed = Plan(plan.id, plan.patient, plan.pins, plan.blocks, (), (Deferral("a", 1, 8, 2, Scope.DAY, "counts"),))
    found = assemble(changed, protocols, {}, Site())
    assert why(found, one(found, "o")) == (
        "from Small, version 3",
        "A starts on 05-Jan-2026",
        "Cycle 1 starts on Mon 05-Jan-2026",
        "Day 8 is +7 days from Day 1: Mon 12-Jan-2026",
        "may fall from 0 days earlier to 2 days later",
        "deferred by +2 days: Wed 14-Jan-2026",
    ), "the window is that of the day before it was deferred"
    changed = Plan(plan.id, plan.patient, plan.pins, plan.blocks, (), (Deferral("a", 1, 8, 1, Scope.DAY, "counts"),))
    found = assemble(changed, protocols, {}, Site())
    assert why(found, one(found, "o"))[-1] == "deferred by +1 day: Tue 13-Jan-2026"


def test_why_says_of_what_keeps_its_days_that_the_deferral_of_its_cycle_does_not_move_it() -> None:
    text = phase("a", order("o", days="8"), order("tki", days="1:end", stays=True))
    found = schedule(text, Deferral("a", 1, 1, 5, Scope.FOLLOWING, "counts"))
    tki = next(event for event in found.events if event.placed.order.id == "tki" and event.cycle_day == 3)
    assert "A its first day is deferred by +5 days (counts)" in why(found, tki)
    assert why(found, tki)[-2:] == ("Day 3 is +2 days from Day 1: Wed 07-Jan-2026", STAYS)
    assert why(found, one(found, "o"))[-1] == "deferred by +5 days: Sat 17-Jan-2026"
    assert STAYS not in why(schedule(text), tki)


def test_why_of_a_decision_behind_another_says_that_it_is_provisional() -> None:
    text = (
        phase("a", order("o"))
        + phase("b", order("p"), only_if="decision.go = yes")
        + decision("go", "a", 21)
        + decision("more", "b", 21)
    )
    found = schedule(text)
    assert why(found, one(found, "more"))[-1] == "provisional: behind an open decision"
    assert why(found, one(found, "o"))[-1] == "Day 1 is Mon 05-Jan-2026"


def test_an_end_rule_holds_only_for_whom_it_is_written() -> None:
    ends = '[{ when = "sex = female", until = "1 months after a day 1" }, { until = "2 months after a day 1" }]'
    found = schedule(phase("a", order("o")) + phase("b", order("p"), cycles=9, ends=ends))
    assert date.fromordinal(found.block("b").end) == date(2026, 3, 5)
    only_her = schedule(phase("a", order("o")) + phase("b", order("p"), ends=ends.split("}, {", maxsplit=1)[0] + "}]"))
    assert not only_her.block("b").cycles[-1].cut


def test_a_phase_may_end_some_months_after_its_own_start() -> None:
    found = schedule(phase("a", order("o"), cycles=9, ends='[{ until = "2 months after a day 1" }]'))
    assert date.fromordinal(found.block("a").end) == date(2026, 3, 5)


def test_a_phase_cannot_end_by_one_that_comes_later() -> None:
    text = phase("a", order("o"), ends='[{ until = "2 months after b day 1" }]') + phase("b", order("p"))
    assert "no end date: B is not on the plan before it" in schedule(text).block("a").why


def test_a_phase_placed_alone_has_no_end_date_from_another() -> None:
    text = phase("a", order("o")) + phase("b", order("p"), ends='[{ until = "1 months after a day 1" }]')
    known = shelved(HEAD + text)
    plan = add_phase(new_plan("p", SOMEBODY), known, "b", BlockStart(on=START))
    found = assemble(plan, {known.pin.sha256: known.protocol}, {}, Site())
    assert "no end date: A is not on the plan before it" in found.block("b").why


def test_assessments_keep_to_their_cycles_and_conditions() -> None:
    rules = assessment("second", "1") + 'cycles = "2"\n' + assessment("her", "1") + 'when = "sex = female"\n'
    found = schedule(phase("a", order("o"), rules, cycles=2))
    assert [(event.placed.order.id, event.placed.cycle) for event in found.events if event.dose is None] == [
        ("second", 2)
    ]


def test_the_clearance_is_a_fact_and_makes_an_auc_dose() -> None:
    text = phase("a", order("o", dose="AUC 5"), order("low", when="crcl < 60"))
    labs = (LabResult(date(2026, 1, 2), "creatinine", Decimal("88.4"), "umol/L"),)
    patient = Patient("1", "Some", "Body", date(1966, 1, 1), "male", (MEASURED,), labs)
    plan, protocols = placed(HEAD + text, patient, START)
    found = assemble(plan, protocols, {}, Site())
    dose = one(found, "o").dose
    assert dose is not None
    assert (dose.value, dose.unit) == (Decimal(514), "mg")
    assert days(found, "low") == []
    without = schedule(text)
    missing = one(without, "o").dose
    assert missing is not None
    assert missing.missing == "creatinine, weight or sex not recorded"
