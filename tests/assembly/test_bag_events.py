"""Bags of a real blinatumomab course: when each hangs, how long, at which rate, and the disconnect."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from msgspec.structs import replace

from planner.assembly.assemble import assemble
from planner.errors import Refusal
from planner.model.civil import clock, weekday_date
from planner.model.cycle_content import State
from planner.model.plan import (
    BagPlan,
    BlockStart,
    Deferral,
    DoseChange,
    Given,
    GivenRecord,
    Hold,
    Omission,
    Plan,
    Repetition,
    Scope,
)
from planner.model.schedule import Event, Schedule
from planner.model.site import Site
from planner.services.telling.change_words import change_words
from planner.services.verbs import editing, pausing, redosing
from planner.services.verbs.placing import add_protocol, new_plan
from tests.golden.cases import PATIENTS, START, library


def blinatumomab(patient: str = "adult") -> Plan:
    shelved = library().protocols["blinatumomab-mrd"]
    return add_protocol(new_plan("p", PATIENTS[patient]), shelved, BlockStart(on=START))


def scheduled(plan: Plan) -> Schedule:
    shelved = library().protocols["blinatumomab-mrd"]
    return assemble(plan, {shelved.pin.sha256: shelved.protocol}, library().agents, Site())


def planned(
    plan: Plan, *hours: int, on: tuple[int, ...] = (), block: str = "induction", closed: tuple[date, ...] = ()
) -> Plan:
    return editing.plan_bags(plan, scheduled(plan), library().agents, BagPlan(block, hours, on, closed))


def bags(plan: Plan) -> list[Event]:
    return [event for event in scheduled(plan).events if event.placed.kind == "bag"]


def test_bags_follow_each_other_and_end_with_the_disconnect() -> None:
    found = bags(planned(blinatumomab(), 168))
    assert [f"{weekday_date(bag.day)} {clock(bag.minute)}" for bag in found] == [
        "Mon 05-Jan-2026 09:00",
        "Mon 12-Jan-2026 09:00",
        "Mon 19-Jan-2026 09:00",
        "Mon 26-Jan-2026 09:00",
    ]
    assert found[0].note == "bag 1 of 4: 168 h at 0.6 mL/h, then bag 2 on Mon 12-Jan-2026 09:00"
    assert found[-1].note == "bag 4 of 4: 168 h at 0.6 mL/h, then disconnect on Mon 02-Feb-2026 09:00"
    assert all(bag.dose is None for bag in found)
    off = [
        event for event in scheduled(planned(blinatumomab(), 168)).events if event.placed.order.id.endswith("connect")
    ]
    assert [(event.placed.kind, event.cycle_day, weekday_date(event.day)) for event in off] == [
        ("procedure", 29, "Mon 02-Feb-2026")
    ]
    assert [bag.cycle_day for bag in found] == [1, 8, 15, 22]


def test_a_recorded_last_day_does_not_tell_that_the_pump_is_off() -> None:
    """It was ticked as done for tomorrow, with no line left to sign."""
    plan = planned(blinatumomab(), 168)
    (off,) = [one for one in scheduled(plan).events if one.placed.order.id.endswith("-disconnect")]
    before = [one for one in scheduled(plan).events if one.day == off.day - 1 and one.dose is not None]
    records = tuple(
        GivenRecord(
            one.placed.block.id, one.placed.cycle, one.cycle_day, one.placed.order.id, 0, Given.GIVEN, one.date,
            one.dose.value if one.dose else None, one.dose.unit if one.dose else "", "A. P.",
        )
        for one in before
    )  # fmt: skip
    found = scheduled(replace(plan, given=records)).events
    states = {one.placed.order.id: one.state for one in found if off.day - 1 <= one.day <= off.day}
    assert states.pop(off.placed.order.id) is State.PLANNED
    assert State.GIVEN in states.values()


def test_what_is_recorded_moves_no_step_in_dose() -> None:
    """A bag ran over the step once its days were recorded: two doses in it at one rate."""
    plan = planned(blinatumomab(), 48, 96)
    order = next(one.placed.order.id for one in scheduled(plan).events if one.placed.kind == "infusion")
    less = DoseChange("induction", 1, 4, order, Scope.CYCLE, "toxicity", dose="9 mcg/day")
    stepped = replace(plan, modifications=(less, replace(less, day=11, dose="", percent=100)))
    before = [(bag.day, bag.end_day) for bag in bags(stepped)]
    days = [
        one
        for one in scheduled(stepped).events
        if (one.placed.block.id, one.placed.cycle, one.placed.order.id) == ("induction", 1, order)
    ]
    (eleventh,) = [one.day for one in days if one.cycle_day == 11]
    assert eleventh in dict(before)
    assert eleventh not in {bag.day: bag.end_day for bag in bags(plan)}
    for recorded in (days[:10], days[:12], days):
        given = tuple(
            GivenRecord(
                "induction", 1, one.cycle_day, order, 0, Given.GIVEN, one.date, one.dose and one.dose.value, "mcg", "A"
            )
            for one in recorded
        )
        assert [(bag.day, bag.end_day) for bag in bags(replace(stepped, given=given))] == before
        other = replace(given[5], status=Given.PARTLY, dose=Decimal(4))
        assert [
            (bag.day, bag.end_day) for bag in bags(replace(stepped, given=(*given[:5], other, *given[6:])))
        ] == before


def test_no_bag_is_changed_on_a_closed_day_where_another_fits() -> None:
    holiday = date(2026, 1, 12)
    weekly = bags(planned(blinatumomab(), 24, 72, 96, on=(0, 3), closed=(holiday,)))
    changes = [bag.date for bag in weekly[1:]]
    assert holiday not in changes
    assert sum(day.weekday() not in (0, 3) for day in changes) == 1, "one Sunday stands between"
    assert all(bag.end_day == after.day for bag, after in pairwise(weekly))
    assert not any("closed" in bag.note for bag in weekly)


def test_a_change_that_has_to_fall_on_a_closed_day_says_so() -> None:
    found = bags(planned(blinatumomab(), 168, closed=(date(2026, 1, 12),)))
    assert [bag.note for bag in found if "closed" in bag.note] == [
        "bag 1 of 4: 168 h at 0.6 mL/h, then bag 2 on Mon 12-Jan-2026 09:00, a closed day"
    ]


def test_a_change_on_a_weekday_that_nobody_chose_says_so() -> None:
    found = bags(planned(blinatumomab(), 96, 168, on=(1,)))  # the course begins on a Monday
    off = [bag for bag in found if "not a chosen weekday" in bag.note]
    ends = [date.fromordinal(bag.end_day) for bag in found]
    assert off
    assert [date.fromordinal(bag.end_day) for bag in off] == [day for day in ends if day.weekday() != 1]


def test_changes_keep_to_chosen_weekdays() -> None:
    found = bags(planned(blinatumomab(), 72, 96, on=(0, 3)))
    assert {bag.date.weekday() for bag in found} == {0, 3}
    assert {str(bag.placed.evidence) for bag in found} == {"unverified"}
    assert all(bag.end_day == after.day for bag, after in pairwise(found))


def test_bags_move_with_a_deferral_and_stop_at_an_omitted_day() -> None:
    plan = planned(blinatumomab(), 168)
    moved = editing.defer(plan, scheduled(plan), Deferral("induction", 1, 1, 2, Scope.FOLLOWING, "capacity"))
    assert [bag.day for bag in bags(moved)] == [bag.day + 2 for bag in bags(plan)]
    stopped = editing.omit(plan, scheduled(plan), Omission("induction", 1, 10, "blinatumomab", "toxicity"))
    assert [(bag.cycle_day, bag.end_day - bag.day) for bag in bags(stopped)] == [
        (1, 7),
        (8, 2),
        (11, 7),
        (18, 7),
        (25, 4),
    ]
    assert "a 168 h bag taken down early" in bags(stopped)[1].note


def test_a_step_in_dose_is_no_disconnect() -> None:
    """Cycle 1 of a relapse: 9 mcg on days 1 to 7, 28 mcg from day 8 on, without a minute between."""
    shelved = library().protocols["blinatumomab-rr"]
    pins = {shelved.pin.sha256: shelved.protocol}
    plan = add_protocol(new_plan("p", PATIENTS["adult"]), shelved, BlockStart(on=START))
    bagged = editing.plan_bags(
        plan, assemble(plan, pins, library().agents, Site()), library().agents, BagPlan("induction", (168,))
    )
    first = [
        event
        for event in assemble(bagged, pins, library().agents, Site()).events
        if event.placed.block.id == "induction" and event.placed.cycle == 1
    ]
    off = [event.cycle_day for event in first if event.placed.order.id.endswith("-disconnect")]
    assert off == [29]
    hung = [event for event in first if event.placed.kind == "bag"]
    assert all(bag.end_day == after.day for bag, after in pairwise(hung))
    assert hung[0].note.endswith("then bag 2 with the next dose on Mon 12-Jan-2026 09:00")


def test_a_disconnect_in_the_middle_says_when_the_infusion_goes_on() -> None:
    plan = planned(blinatumomab(), 168)
    stopped = editing.omit(plan, scheduled(plan), Omission("induction", 1, 10, "blinatumomab", "toxicity"))
    off = [event for event in scheduled(stopped).events if event.placed.order.id.endswith("-disconnect")]
    assert [(event.cycle_day, event.note) for event in off] == [
        (10, "infusion stops, and goes on Thu 15-Jan-2026"),
        (29, ""),
    ]


def interrupted(day: int, days: int, hours: int | None = None, plan: Plan | None = None) -> Plan:
    """The infusion of the induction stopped on that day number and gone on with so many days later."""
    plan = plan or planned(blinatumomab(), 168)
    held = pausing.hold(plan, scheduled(plan), Hold("induction", 1, day, "toxicity", grade=2))
    on = date.fromordinal(START.toordinal() + day - 1 + days)
    return pausing.resume(held, scheduled(held), library().agents, ("induction", ""), on, hours).plan


def hung(plan: Plan, block: str = "induction") -> list[tuple[int, str]]:
    """Day number and the first words of each bag's note."""
    return [(bag.cycle_day, bag.note.split(":")[0]) for bag in bags(plan) if bag.placed.block.id == block]


def offs(plan: Plan, block: str = "induction") -> list[tuple[str, str]]:
    found = [one for one in scheduled(plan).events if one.placed.order.id.endswith("-disconnect")]
    return [(weekday_date(one.day), one.note) for one in found if one.placed.block.id == block]


def test_bags_count_on_after_an_interruption_of_five_days() -> None:
    plan = interrupted(10, 5)
    assert hung(plan) == [
        (1, "bag 1 of 5"),
        (8, "bag 2 of 5"),
        (10, "bag 3 of 5"),
        (17, "bag 4 of 5"),
        (24, "bag 5 of 5"),
    ]
    assert offs(plan) == [
        ("Wed 14-Jan-2026", "infusion stops, and goes on Mon 19-Jan-2026"),
        ("Sat 07-Feb-2026", ""),
    ]
    assert "then disconnect on Wed 14-Jan-2026" in bags(plan)[1].note
    assert sum(bag.end_day - bag.day for bag in bags(plan)) == 28


def test_an_interruption_within_a_day_leaves_the_bags_and_its_reason_in_the_plan() -> None:
    plan = interrupted(10, 0, 6)
    assert [one for one, _ in hung(plan)] == [1, 8, 15, 22]
    assert offs(plan) == [("Mon 02-Feb-2026", "")]
    assert Deferral("induction", 1, 10, 0, Scope.FOLLOWING, "toxicity", "held for 6 h", 2) in plan.modifications
    assert "Interrupted on C1 D10 of induction; no date moved (toxicity grade 2, held for 6 h)" in map(
        change_words, plan.modifications
    )


def test_after_more_than_seven_days_the_new_cycle_counts_its_own_bags() -> None:
    plan = interrupted(10, 10)
    assert hung(plan) == [(1, "bag 1 of 2"), (8, "bag 2 of 2")]
    assert offs(plan) == [("Wed 14-Jan-2026", "")], "this cycle has ended"
    (again,) = (one.block for one in plan.modifications if isinstance(one, Repetition))
    assert [words for _, words in hung(plan, again)] == [f"bag {number} of 4" for number in (1, 2, 3, 4)]
    assert len(offs(plan, again)) == 1


def test_a_bag_that_hung_before_an_interruption_is_the_one_that_was_planned() -> None:
    """Nobody knew on Monday that the infusion would stop on Wednesday: it was a bag of a week that came down."""
    plan = interrupted(10, 5, plan=planned(blinatumomab(), 48, 168))
    before, after = bags(plan)[1:3]
    assert before.note.startswith(
        "bag 2 of 5: 48 h at 0.6 mL/h, a 168 h bag taken down early, then disconnect on Wed 14"
    )
    assert after.note.startswith("bag 3 of 5: 168 h at 0.6 mL/h")
    over = interrupted(10, 10, plan=planned(blinatumomab(), 48, 168))
    assert "48 h at 0.6 mL/h, a 168 h bag taken down early" in bags(over)[1].note


def test_while_an_infusion_is_on_hold_no_disconnect_is_the_last() -> None:
    plan = planned(blinatumomab(), 168)
    held = pausing.hold(plan, scheduled(plan), Hold("induction", 1, 10, "toxicity"))
    assert hung(held) == [(1, "bag 1 of 2 so far"), (8, "bag 2 of 2 so far")]
    assert offs(held) == [("Wed 14-Jan-2026", "infusion stops, on hold; when it goes on is not known")]


def test_two_interruptions_and_a_smaller_dose_leave_every_number_once() -> None:
    plan = interrupted(20, 7, plan=interrupted(10, 3))
    change = DoseChange("induction", 1, 22, "blinatumomab", Scope.CYCLE, "toxicity", dose="9 mcg/day")
    plan = redosing.reduce(plan, scheduled(plan), change)
    found = hung(plan)
    assert [words for _, words in found] == [f"bag {number} of {len(found)}" for number in range(1, len(found) + 1)]
    assert 22 in [day for day, _ in found], "no bag runs over a day on which the dose changes"
    before = next(bag for bag in bags(plan) if bag.cycle_day == 20)
    assert "bag 6 with the next dose" in before.note
    assert len(offs(plan)) == 3


def test_only_the_block_asked_for_has_bags() -> None:
    both = planned(planned(blinatumomab(), 168), 48, block="consolidation")
    assert {bag.placed.block.id for bag in bags(both)} == {"induction", "consolidation"}
    assert len([bag for bag in bags(both) if bag.placed.block.id == "consolidation"]) == 3 * 14
    assert {bag.placed.block.id for bag in bags(planned(both, block="consolidation"))} == {"induction"}


@pytest.mark.parametrize(
    ("plan", "hours", "words"),
    [
        (blinatumomab(), (36,), "no bag of 36 h; the bags are 24 h, 48 h, 72 h, 96 h, 168 h"),
    ],
)
def test_what_cannot_be_hung_is_refused(plan: Plan, hours: tuple[int, ...], words: str) -> None:
    with pytest.raises(Refusal, match=words):
        planned(plan, *hours)


def test_a_block_without_infusion_is_refused() -> None:
    shelved = library().protocols["calgb-10403"]
    plan = add_protocol(new_plan("p", PATIENTS["adult"]), shelved, BlockStart(on=START))
    schedule = assemble(plan, {shelved.pin.sha256: shelved.protocol}, library().agents, Site())
    with pytest.raises(Refusal, match="no continuous infusion"):
        editing.plan_bags(plan, schedule, library().agents, BagPlan("induction", (24,)))


def test_an_infusion_left_out_altogether_has_no_bags() -> None:
    plan = planned(blinatumomab(), 168)
    for day in range(1, 29):
        plan = editing.omit(plan, scheduled(plan), Omission("induction", 1, day, "blinatumomab", "toxicity"))
    assert bags(plan) == []


def recorded(plan: Plan, days: int) -> Plan:
    """The plan with the infusion of the first `days` days of its first cycle recorded as given."""
    found = [one for one in scheduled(plan).events if one.placed.kind == "infusion"][:days]
    given = tuple(
        GivenRecord(
            "induction", 1, one.cycle_day, one.placed.order.id, 0, Given.GIVEN, one.date,
            one.dose.value if one.dose else None, "mcg", "A",
        )
        for one in found
    )  # fmt: skip
    return replace(plan, given=given)


@pytest.mark.parametrize("days", [1, 3, 4, 8, 27, 28])
def test_bags_that_have_run_stay_when_others_are_planned(days: int) -> None:
    """A bag of 96 h that was running became one of 168 h at a third of its rate."""
    plan = recorded(planned(blinatumomab(), 72, 96, on=(0, 3)), days)
    before = [bag for bag in bags(plan) if bag.placed.block.id == "induction"]
    after = planned(plan, 168, on=(2,))
    assert [one.since for one in after.bag_plans] == [None, date.fromordinal(before[0].day + days)]
    found = [bag for bag in bags(after) if bag.placed.block.id == "induction"]
    ran = [bag for bag in before if bag.day < before[0].day + days]
    assert [(one.day, one.end_day) for one in found[: len(ran)]] == [(one.day, one.end_day) for one in ran]
    assert all("at 1.8 mL/h" in one.note for one in found[: len(ran)])
    assert all("at 0.6 mL/h" in one.note for one in found[len(ran) :])
    assert all(one.end_day == then.day for one, then in pairwise(found))
    assert found[-1].end_day == before[-1].end_day
    assert len({one.note.partition(":")[0] for one in found}) == len(found)


def test_bags_planned_a_third_time_hold_from_their_day_and_without_a_record_all_are_new() -> None:
    plan = planned(recorded(planned(blinatumomab(), 72, 96, on=(0, 3)), 4), 168)
    third = planned(recorded(plan, 12), 48)
    assert [one.hours for one in third.bag_plans] == [(72, 96), (168,), (48,)]
    assert [one.hours for one in planned(third, 24).bag_plans] == [(72, 96), (168,), (24,)]
    assert [one.hours for one in planned(replace(third, given=()), 24).bag_plans] == [(24,)]
    sizes = [one.end_day - one.day for one in bags(third) if one.placed.block.id == "induction"]
    assert sizes[0] in (3, 4)
    assert 7 in sizes
    assert sizes[-1] == 2


@pytest.mark.parametrize("days", [1, 3, 5, 9])
def test_a_dose_that_changes_behind_recorded_days_hangs_no_other_bag_in_the_past(days: int) -> None:
    """The running 72 h bag became one of 168 h taken down early: a third of the rate on the new sheet."""
    plan = recorded(planned(blinatumomab(), 72, 96, 168, on=(3,)), days)
    order = next(one.placed.order.id for one in scheduled(plan).events if one.placed.kind == "infusion")
    before = [bag for bag in bags(plan) if bag.placed.block.id == "induction"]
    ran = [bag for bag in before if bag.day < before[0].day + days]
    change = DoseChange("induction", 1, days + 1, order, Scope.CYCLE, "toxicity", percent=75)
    less = redosing.reduce(plan, scheduled(plan), change)
    found = [bag for bag in bags(less) if bag.placed.block.id == "induction"]
    assert [one.day for one in found[: len(ran)]] == [one.day for one in ran]
    assert [one.note.partition("mL/h")[0].split("h at")[1] for one in found[: len(ran)]] == [
        one.note.partition("mL/h")[0].split("h at")[1] for one in ran
    ]
    assert found[len(ran)].cycle_day == days + 1
    assert all(one.end_day == then.day for one, then in pairwise(found))
    again = redosing.full_dose(less, scheduled(less), replace(change, day=days + 3))
    assert len(again.bag_plans) == len(less.bag_plans) == 2
