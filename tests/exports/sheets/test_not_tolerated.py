"""A dose that rises if each before was tolerated names the one that was not, on every sheet of its day."""

from datetime import timedelta

from planner.model.plan import Given, Omission, Plan
from planner.model.schedule import Event
from planner.model.wish import Wish
from planner.services.verbs import editing
from tests.exports.papers import lines_of
from tests.exports.sheets.test_after_edits import doses_of, placed, printed_sheet, recorded, seen


def rising(plan: Plan) -> list[Event]:
    return [
        one for one in doses_of(plan, "Methotrexate") if one.dose and any("if each dose" in x for x in one.dose.steps)
    ]


def told(plan: Plan, kind: str, event: Event) -> list[str]:
    days = Wish(event.date, event.date + timedelta(1))
    return [line.text.replace("\u00a0", " ") for line in lines_of(printed_sheet(plan, kind, days))]


def test_the_next_dose_names_the_one_that_was_not_tolerated() -> None:
    plan = placed("calgb-10403")
    first = rising(plan)[0]
    several = [one for one in doses_of(plan, "Methotrexate") if one.placed.id == first.placed.id]
    assert len(several) > 3
    kinds = "handover", "daysheet", "roadmap"
    assert not any("NOT tolerated" in one for kind in kinds for one in told(plan, kind, several[2]))
    less = recorded(plan, [several[1]], Given.PARTLY)
    amount = f"{several[1].dose.value / 2:f}".rstrip("0").rstrip(".")
    said = f"dose of {several[1].date:%a %d-%b-%Y} NOT tolerated: {amount} mg given, toxicity; ask"
    for kind in kinds:
        assert said in told(less, kind, several[2]), kind
        assert kind == "roadmap" or said not in told(less, kind, several[0]), kind
    since = recorded(less, [several[2]])
    assert not any("NOT tolerated" in one for one in told(since, "handover", several[3]))


def test_a_dose_left_out_for_toxicity_counts_and_one_for_capacity_does_not() -> None:
    plan = placed("calgb-10403")
    first = rising(plan)[0]
    several = [one for one in doses_of(plan, "Methotrexate") if one.placed.id == first.placed.id]
    place = first.placed.block.id, first.placed.cycle, several[1].cycle_day, first.placed.order.id
    out = editing.omit(plan, seen(plan).schedule, Omission(*place, "toxicity"))
    said = f"dose of {several[1].date:%a %d-%b-%Y} NOT tolerated: none given, toxicity; ask"
    assert said in told(out, "handover", several[2])
    other = editing.omit(plan, seen(plan).schedule, Omission(*place, "capacity"))
    assert not any("NOT tolerated" in one for one in told(other, "handover", several[2]))
