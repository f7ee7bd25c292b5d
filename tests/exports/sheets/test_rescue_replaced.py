"""What stands in for a rescue goes on as that, fluids with the dose that was entered last, and reasons not named."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from planner.model.going_on import may_go_on
from planner.model.plan import Addition, DoseChange, Plan, Replacement, Scope, Stop
from planner.model.wish import Wish
from planner.services.verbs import pausing, redosing
from tests.exports.papers import library, lines_of
from tests.exports.sheets.calendar.test_medicines import rows_of
from tests.exports.sheets.calendars import framed_on, said_on
from tests.exports.sheets.test_after_edits import START, doses_of, placed, printed_sheet, rows, seen, text

BLOCK = "part-b"


def rescue_of(plan: Plan) -> list:
    return [one for one in doses_of(plan, "Leucovorin") if one.placed.block.id == BLOCK]


def replaced(day: int) -> Plan:
    """Leucovorin of 15 mg replaced by levoleucovorin from that day of the second course on."""
    plan = placed("hyper-cvad")
    order = next(one for one in rescue_of(plan) if one.cycle_day == 3).placed.order.id
    swap = Replacement(BLOCK, 2, day, order, Scope.CYCLE, "levoleucovorin", "other", dose="7.5 mg")
    return replace(plan, modifications=(swap,))


def going(plan: Plan) -> list[list[str]]:
    first = rescue_of(plan)[0].date
    sheet = printed_sheet(plan, "handover", Wish(first, first + timedelta(15)))
    found = [[text(cell) for cell in row] for row in rows(sheet) if len(row) == 4]
    return [row for row in found if "may still go on" in row[3]]


def test_what_stands_in_for_a_rescue_goes_on_until_methotrexate_has_cleared() -> None:
    """Levoleucovorin ended with its last drawn hour, and no level was asked for any more."""
    (row,) = (one for one in going(replaced(3)) if "eucovorin" in one[0])
    assert row[0].startswith("Levoleucovorin")
    assert "as long as it goes on, also every day: Methotrexate level and creatinine" in row[0]
    assert row[1].startswith("7.5 mg, intravenous, every 6 h")
    assert row[3].startswith("may still go on, until methotrexate is below 0.1 micromol/L")


def test_a_family_reads_of_it_what_a_rescue_is_for() -> None:
    """ "Good to know" was empty beside what protects from methotrexate."""
    told = rows_of(printed_sheet(replaced(3), "calendar"), "Levoleucovorin")
    assert [row.notes.split(".")[0] for row in told] == ["Protects you from methotrexate"]


def test_a_family_reads_on_the_last_drawn_day_that_the_rescue_goes_on_that_day() -> None:
    """Drawn at 03:00, 09:00 and 15:00, its dose of 21:00 stood on no day: the frame began on the next."""
    plan = placed("hyper-cvad", {"leucovorin": "from-24-h"})
    drawn = [one for one in rescue_of(plan) if one.placed.cycle == 2]
    assert drawn[-1].minute < 18 * 60
    on = drawn[-1].date
    sheet = printed_sheet(plan, "calendar")
    frames = [text for text in framed_on(sheet)[on] if text.startswith("Leucovorin")]
    assert frames == ["Leucovorin, drip into a vein: until we tell you to stop"]
    assert any(text.startswith("Leucovorin, ") for text in said_on(sheet)[on])
    assert not any(text.startswith("Leucovorin") for text in framed_on(sheet).get(on - timedelta(1), []))


def test_the_rescue_before_it_does_not_go_on_beside_it() -> None:
    plan = replaced(4)
    assert {one.placed.agent for one in rescue_of(plan)} == {"leucovorin"}
    (row,) = (one for one in going(plan) if "eucovorin" in one[0])
    assert row[0].startswith("Levoleucovorin")
    events = seen(plan).schedule.events
    days = {
        day for day, firsts in may_go_on(plan, events).items() for one in firsts if one.placed.agent == "leucovorin"
    }
    last = max(one.day for one in rescue_of(plan))
    here = range(last, last + 17)
    assert not days.intersection(here), "levoleucovorin took its place"


def test_fluids_go_on_with_the_dose_that_was_entered_last() -> None:
    """ "enter dose" stood behind three days of 3,000 mL: the first day's, which nobody had entered."""
    plan = placed("hyper-cvad")
    fluids = next(one for one in doses_of(plan, "Alkaline intravenous fluids") if one.placed.block.id == BLOCK)
    change = DoseChange(BLOCK, 2, 2, fluids.placed.order.id, Scope.CYCLE, "other", dose="3000 mL")
    plan = redosing.enter_dose(plan, seen(plan).schedule, change)
    (row,) = (one for one in going(plan) if one[0].startswith("Alkaline intravenous fluids"))
    assert row[1].startswith("3,000 mL, intravenous")
    assert f"first dose planned {fluids.date:%a %d-%b-%Y}" in row[0]


def test_a_reduction_without_a_reason_is_not_called_entered() -> None:
    """ "dose entered for this plan: 50 %" of a reduction whose reason is "other"."""
    plan = placed("hyper-cvad-ponatinib")
    order = doses_of(plan, "Ponatinib")[0].placed.order.id
    change = DoseChange("part-a", 1, 8, order, Scope.CYCLE, "other", percent=50)
    plan = redosing.reduce(plan, seen(plan).schedule, change)
    sheet = printed_sheet(plan, "handover", Wish(START, START + timedelta(20)))
    assert "dose 50 %: reason not named" in [line.text.replace("\u00a0", " ") for line in lines_of(sheet)]


def laid_on(
    agent: str = "leucovorin", days: tuple[int, ...] = (5, 6, 7), role: str = "rescue", stopped: int = 3
) -> Plan:
    """Leucovorin of 15 mg stopped by name, and an order of one's own in its place."""
    plan = placed("hyper-cvad")
    order = next(one for one in rescue_of(plan) if one.cycle_day == 3).placed.order.id
    if stopped:
        plan = pausing.stop(plan, seen(plan).schedule, Stop(BLOCK, 2, stopped, Scope.CYCLE, "other", order=order))
    change = Addition(BLOCK, 2, "high", agent, role, "IV", days, "toxicity", dose="150 mg", doses_per_day=8)
    return redosing.add_order(plan, seen(plan).schedule, library().agents, change)


@pytest.mark.parametrize(("agent", "name"), [("leucovorin", "Leucovorin"), ("levoleucovorin", "Levoleucovorin")])
def test_a_rescue_laid_on_in_place_of_a_stopped_one_goes_on_as_that(agent: str, name: str) -> None:
    """150 mg in place of 15 mg ended with the last day that was entered: no rescue, and no level, at 0.6 micromol/L."""
    (row,) = (one for one in going(laid_on(agent)) if "eucovorin" in one[0])
    assert row[0].startswith(name)
    assert "as long as it goes on, also every day: Methotrexate level and creatinine" in row[0]
    assert row[1].startswith("150 mg, intravenous, 8 times a day")
    assert row[3].startswith("may still go on, until methotrexate is below 0.1 micromol/L")


@pytest.mark.parametrize("told", [{"agent": "glucarpidase"}, {"role": "supportive"}, {"stopped": 0}])
def test_no_other_added_order_stands_in_for_a_rescue(told: dict) -> None:
    """A dose more beside the rescue, or an enzyme, goes on until nothing."""
    plan = laid_on(**told)
    events = seen(plan).schedule.events
    last = max(one.day for one in events if one.placed.order.id == "high")
    assert all(one.placed.order.id != "high" for one in may_go_on(plan, events).get(last + 1, ()))


def test_a_dose_of_a_rescue_laid_on_may_change_behind_its_days() -> None:
    plan = laid_on()
    change = DoseChange(BLOCK, 2, 10, "high", Scope.CYCLE, "other", dose="15 mg")
    plan = redosing.enter_dose(plan, seen(plan).schedule, change)
    drawn = {one.cycle_day: one.dose.value for one in seen(plan).schedule.events if one.placed.order.id == "high"}
    assert drawn == {5: 150, 6: 150, 7: 150, 10: 15}
