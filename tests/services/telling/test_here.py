"""Where the patient is: what is due today first, a drug on hold by its name, and no course of which all is stopped."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from planner.model.plan import Deferral, Given, GivenRecord, Hold, Plan, Scope, Stop
from planner.services.evaluation import evaluate
from planner.services.telling.position import position_line, you_are_here
from planner.services.verbs import editing, pausing, recording, together
from tests.golden.cases import library
from tests.services.courses_at_hand import plan_of, scheduled


def line(plan: Plan, day: int) -> str:
    return position_line(you_are_here(evaluate(plan, library()), day))


def first_day(plan: Plan, block: str) -> int:
    return scheduled(plan).block(block).start


def test_what_is_due_today_and_not_recorded_is_named_before_what_is_next() -> None:
    """ "next Liver tests, Mon 07-Dec" stood for inotuzumab of today."""
    plan = plan_of("inotuzumab-rr")
    today = first_day(plan, "cycle-1")
    told = line(plan, today)
    assert "; due today, not recorded: Inotuzumab ozogamicin C1 D1 and 3 more; next " in told
    of_today = [one for one in scheduled(plan).events if one.day == today]
    done = together.give_together(plan, scheduled(plan), of_today, "A. P.", date.fromordinal(today))
    assert "due today" not in line(done, today)


def test_a_drug_on_hold_is_named_and_the_days_go_on() -> None:
    plan = plan_of("hyper-cvad")
    today = first_day(plan, "part-a") + 11
    held = pausing.hold(plan, scheduled(plan), Hold("part-a", 1, 12, "toxicity", order="dexamethasone"))
    assert f"Part A 1 C1 D12, {date.fromordinal(today):%a %d-%b-%Y}, Dexamethasone on hold since" in line(held, today)
    whole = pausing.hold(plan, scheduled(plan), Hold("part-a", 1, 12, "toxicity"))
    assert "Part A 1 C1 D11" in line(whole, today)
    assert ", on hold since" in line(whole, today)


def test_a_course_of_which_all_drugs_are_stopped_is_not_where_the_patient_is() -> None:
    plan = plan_of("hyper-cvad")
    both = plan_of("inotuzumab-rr")
    course = scheduled(both).block("cycle-2")
    stopped = pausing.stop(
        both, scheduled(both), Stop("cycle-1", 1, 15, Scope.ALL, "toxicity", order="inotuzumab-days-8-15")
    )
    today = course.start + 1
    assert "Inotuzumab 2" in line(both, today)
    hyper = replace(plan.blocks[0], start=replace(plan.blocks[0].start, on=date.fromordinal(course.start - 3)))
    beside = replace(
        stopped,
        pins=(*stopped.pins, *plan.pins),
        blocks=(hyper, *stopped.blocks),
    )
    assert "Part A 1" in line(beside, today)


def test_a_hold_of_an_earlier_cycle_is_told_from_its_own_day() -> None:
    """ "on hold since Mon 30-Nov" was the first day of the running cycle."""
    plan = plan_of("pomp")
    block = scheduled(plan).blocks[0]
    since = block.cycles[1].start + 15
    held = pausing.hold(plan, scheduled(plan), Hold(block.id, 2, 16, "counts", order="mercaptopurine"))
    assert f"Mercaptopurine on hold since {date.fromordinal(since):%a %d-%b-%Y}" in line(held, block.cycles[2].start)


def test_a_drug_that_keeps_its_days_names_no_second_day_number_in_a_late_cycle() -> None:
    plan = plan_of("graaph-2014")
    block = "methotrexate-cycle"
    number = scheduled(plan).block(block).cycles[0].number
    late = editing.defer(plan, scheduled(plan), Deferral(block, number, 1, 8, Scope.FOLLOWING, "counts"))
    today = first_day(plan, block) + 29
    told = line(late, today)
    assert f"C{number} D22, " in told
    assert "Nilotinib and 1 more; next Nilotinib, " in told
    assert f"Nilotinib C{number} D22 and 1 more" in line(plan, first_day(plan, block) + 21), (
        "in time both say one number"
    )


@pytest.mark.parametrize(
    ("protocol", "order", "late"),
    [
        ("inotuzumab-rr", "premedication-paracetamol", 3),  # "C1 D-1, waiting 2 days" on Day 2
        ("inotuzumab-rr", "inotuzumab-day-1", -1),
        ("hyper-cvad", "cyclophosphamide", 1),  # mesna goes with it
        ("hyper-cvad", "cytarabine-it", -1),
    ],
)
def test_a_dose_given_on_another_day_holds_up_no_count(protocol: str, order: str, late: int) -> None:
    """Beside "C2 D1, waiting 1 day" in the window and by command stood "C2 D2" on every sheet and on the axis."""
    plan = plan_of(protocol)
    dose = next(one for one in scheduled(plan).events if one.placed.order.id == order)
    place = dose.placed.block.id, dose.placed.cycle, dose.cycle_day, order
    assert dose.dose
    amount = dose.dose.value, dose.dose.unit
    record = GivenRecord(*place, 0, Given.GIVEN, dose.date + timedelta(late), *amount, "A. P.")
    shown = evaluate(recording.record_given(plan, scheduled(plan), record, date(2100, 1, 1)), library())
    bar = next(one for lane in shown.timeline.lanes for one in lane.bars if one.form == "cycle")
    for day in range(bar.start, bar.end):
        here = you_are_here(shown, day)
        assert (here.day, here.waiting) == (bar.day_number(day), 0)


def test_a_cycle_that_ends_to_be_given_once_more_counts_no_days_until_then() -> None:
    """ "Blinatumomab C1 D9" stood between a stop on Day 5 and the new cycle, ten days later."""
    plan = plan_of("blinatumomab-rr")
    block = scheduled(plan).blocks[0]
    held = pausing.hold(plan, scheduled(plan), Hold(block.id, 1, 5, "toxicity"))
    on = date.fromordinal(block.start + 14)
    again = pausing.resume(held, scheduled(held), library().agents, (block.id, ""), on).plan
    shown = evaluate(again, library())
    told = [(here.day, here.waiting) for day in range(3, 14) for here in (you_are_here(shown, block.start + day),)]
    assert told == [(4, waiting) for waiting in range(11)]
    assert you_are_here(shown, on.toordinal()).day == 1


def test_days_without_doses_are_counted_from_where_the_cycle_went_on() -> None:
    """Day 8, put off by three days, was "D10, waiting 1 day": the next dose but the tablets that go on is on Day 11."""
    plan = plan_of("phallcon")
    block = scheduled(plan).blocks[0]
    off = editing.defer(plan, scheduled(plan), Deferral(block.id, 1, 8, 3, Scope.FOLLOWING, "toxicity"))
    shown = evaluate(off, library())
    told = [(here.day, here.waiting) for day in range(6, 13) for here in (you_are_here(shown, block.start + day),)]
    assert told == [(7, 0), (7, 1), (7, 2), (7, 3), (8, 0), (9, 0), (10, 0)]
