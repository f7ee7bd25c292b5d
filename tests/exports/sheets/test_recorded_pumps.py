"""What is recorded of a pump or of a first dose changes nothing of what goes on, and no rescue stands twice."""

from datetime import timedelta

from planner.exports.sheets.unsaid import moved_apart
from planner.model.cycle_content import State
from planner.model.plan import BagPlan, BlockStart, Deferral, DoseChange, Given, Plan, Scope
from planner.model.schedule import Event
from planner.model.wish import Wish
from planner.services.verbs import editing
from planner.services.verbs.placing import add_protocol, new_plan
from planner.services.verbs.redosing import enter_dose, full_dose, reduce
from tests.courses import PATIENT
from tests.exports.papers import library, worded, words_of
from tests.exports.sheets.day.test_rows import boxes
from tests.exports.sheets.test_after_edits import START, doses_of, placed, printed_sheet, recorded, rows, seen
from tests.exports.sheets.test_what_is_done import with_state


def lowered_pump() -> Plan:
    """Blinatumomab of the second cycle, at 9 mcg on days 4 to 10."""
    plan = placed("blinatumomab-rr")
    first = next(one for one in doses_of(plan, "Blinatumomab") if one.placed.cycle == 2)
    place = first.placed.block.id, 2
    order = first.placed.order.id
    down = DoseChange(*place, 4, order, Scope.CYCLE, "toxicity", dose="9 mcg/day", grade=3)
    plan = reduce(plan, seen(plan).schedule, down)
    plan = full_dose(plan, seen(plan).schedule, DoseChange(*place, 11, order, Scope.CYCLE, "toxicity"))
    bags = BagPlan(first.placed.block.id, (96, 72), (1, 4))
    return editing.plan_bags(plan, seen(plan).schedule, library().agents, bags)


def of_cycle_2(plan: Plan, first: int, last: int) -> list[Event]:
    return [one for one in doses_of(plan, "Blinatumomab") if one.placed.cycle == 2 and first <= one.cycle_day <= last]


def test_a_recorded_day_of_a_pump_at_another_dose_is_no_step() -> None:
    """Recorded at 9 mcg, the bag stood as "28 mcg, 9 mcg", and the day behind had the box of a step."""
    plan = lowered_pump()
    days = of_cycle_2(plan, 4, 6)
    given = recorded(plan, days)
    wish = Wish(days[0].date, days[-1].date + timedelta(3))
    for one in (plan, given):
        doses = [words_of(row[3]) for row in rows(printed_sheet(one, "bags", wish)) if len(row) == 9]
        assert set(doses) <= {"9 mcg", ""}, doses
        told = [text for section in printed_sheet(one, "daysheet", wish).sections for text in boxes(section)]
        assert not [
            text for text in told if text.startswith("Step in dose") and "C2 D4" not in text and "D3" not in text
        ]


def test_a_day_of_a_pump_given_in_part_is_no_step() -> None:
    plan = lowered_pump()
    (day,) = of_cycle_2(plan, 6, 6)
    partly = recorded(plan, [day], Given.PARTLY)
    wish = Wish(day.date - timedelta(1), day.date + timedelta(2))
    told = [text for section in printed_sheet(partly, "daysheet", wish).sections for text in boxes(section)]
    assert not any(text.startswith("Step in dose") for text in told)


def test_what_goes_on_is_told_as_it_was_planned() -> None:
    """Recorded, ciclosporin of "204 mg a day" went on as "204 mg"."""
    shelved = worded("ptcy-gvhd", '1.5 mg/kg"\ndays = "5"\nfrequency = "twice daily"', '3 mg/kg/day"\ndays = "5"')
    plan = add_protocol(new_plan("p", PATIENT), shelved, BlockStart(on=START), {"partner": "ciclosporin"})
    last = [one for one in doses_of(plan, "Ciclosporin") if one.placed.block.id == "ptcy"][-1]
    wish = Wish(last.date + timedelta(1), last.date + timedelta(3))
    told = [
        words_of(cell).replace("\u00a0", " ")
        for row in rows(printed_sheet(recorded(plan, [last]), "daysheet", wish))
        for cell in row
        if words_of(cell).startswith("Ciclosporin")
    ]
    assert told
    assert all(" mg a day, intravenous, may still go on" in text for text in told)


def test_the_notes_of_what_goes_on_stand_on_its_list() -> None:
    plan = placed("ptcy-gvhd", {"partner": "ciclosporin"})
    last = [one for one in doses_of(plan, "Ciclosporin") if one.placed.block.id == "ptcy"][-1]
    wish = Wish(last.date + timedelta(1), last.date + timedelta(3))
    told = [text for section in printed_sheet(plan, "daysheet", wish).sections for text in boxes(section)]
    assert last.placed.note
    assert any(text == f"Ciclosporin: {last.placed.note}" for text in told)


def test_days_before_a_moved_dose_on_hold_are_asked_about() -> None:
    """Mercaptopurine to 6 December, moved to the 11th and on hold from then on: four days without a word."""
    plan = placed("aall0232-hr")
    daily = [one for one in doses_of(plan, "Mercaptopurine") if one.placed.block.id == "interim-high-dose"]
    late = daily[14]
    place = late.placed.block.id, late.placed.cycle, late.cycle_day
    moved = editing.defer(plan, seen(plan).schedule, Deferral(*place, 4, Scope.FOLLOWING, "counts"))
    events = [one for one in seen(moved).schedule.events if one.placed.id == late.placed.id]
    held = [one._replace(state=State.HELD) if one.cycle_day >= late.cycle_day else one for one in events]
    assert [day for day, _ in moved_apart(held)] == [day for day, _ in moved_apart(events)]
    evaluated = with_state(
        seen(moved), State.HELD, lambda one: one.placed.id == late.placed.id and one.cycle_day >= late.cycle_day
    )
    assert [day for day, _ in moved_apart(evaluated.schedule.events)]


def test_fluids_that_go_on_themselves_stand_once() -> None:
    """ "May still go on: Intravenous fluids", and again "as long as Leucovorin goes on": it read as two infusions."""
    plan = placed("hyper-cvad", {"leucovorin": "from-24-h"})
    last = [one for one in doses_of(plan, "Leucovorin") if one.placed.block.id == "part-b"][-1]
    wish = Wish(last.date + timedelta(1), last.date + timedelta(6))
    for section in printed_sheet(plan, "daysheet", wish).sections:
        told = [text for text in boxes(section) if "Alkaline intravenous fluids" in text and "CHECK" not in text]
        assert sum(text.startswith(("May still go on", "As long as")) for text in told) <= 1, told


def test_days_between_two_cycles_of_a_daily_medicine_are_asked_about() -> None:
    """Mercaptopurine to the last day of a cycle and again from the first of the next, put off by two days."""
    plan = placed("pomp")
    block = seen(plan).schedule.blocks[0]
    late = editing.defer(plan, seen(plan).schedule, Deferral(block.id, 3, 1, 2, Scope.FOLLOWING, "counts"))
    third = block.cycles[2].start
    found = {day for day, one in moved_apart(seen(late).schedule.events) if one.placed.agent == "mercaptopurine"}
    assert found == {third, third + 1}


def test_what_goes_on_has_the_amount_that_was_drawn_last() -> None:
    """Fluids entered from the second day on went on as "enter dose", because the first day has none."""
    plan = placed("hyper-cvad", {"leucovorin": "from-24-h"})
    fluids = [one for one in doses_of(plan, "Alkaline intravenous fluids") if one.placed.block.id == "part-b"]
    second = fluids[1]
    place = second.placed.block.id, second.placed.cycle, second.cycle_day, second.placed.order.id
    entered = enter_dose(plan, seen(plan).schedule, DoseChange(*place, Scope.FOLLOWING, "other", dose="3000 mL"))
    last = [one for one in doses_of(entered, "Leucovorin") if one.placed.block.id == "part-b"][-1]
    wish = Wish(last.date + timedelta(1), last.date + timedelta(4))
    told = [
        words_of(cell).replace("\u00a0", " ")
        for row in rows(printed_sheet(entered, "daysheet", wish))
        for cell in row
        if words_of(cell).startswith("Alkaline intravenous fluids") and "may still go on" in words_of(cell)
    ]
    assert told
    assert all("3,000 mL" in text for text in told), told
