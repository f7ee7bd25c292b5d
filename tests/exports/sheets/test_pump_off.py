"""A day on which a pump stands still is told: the sheets of one such day had no word of the infusion."""

from datetime import date, timedelta

from planner.exports.wording.pumps import pumps_off
from planner.model.cycle_content import State
from planner.model.plan import Deferral, Plan, Scope
from planner.model.wish import Wish
from planner.services.verbs import editing
from tests.exports.papers import lines_of, words_of
from tests.exports.sheets.test_after_edits import doses_of, placed, printed_sheet, rows, seen


def put_off() -> tuple[Plan, date]:
    """Blinatumomab of the first cycle that goes on with day 6 four days later, and the second day without it."""
    plan = placed("blinatumomab-mrd")
    sixth = doses_of(plan, "Blinatumomab")[5]
    late = Deferral(sixth.placed.block.id, 1, sixth.cycle_day, 4, Scope.CYCLE, "toxicity", grade=3)
    return editing.defer(plan, seen(plan).schedule, late), sixth.date + timedelta(1)


def test_a_day_without_the_pump_says_since_when_it_is_off_and_when_it_goes_on() -> None:
    plan, day = put_off()
    told = "Blinatumomab: pump off since Sat 07-Mar-2026 09:00, goes on Wed 11-Mar-2026 09:00, 28 mcg a day"
    for kind in ("daysheet", "bags", "handover"):
        lines = [one.text.replace("\u00a0", " ") for one in lines_of(printed_sheet(plan, kind, Wish(day, day)))]
        assert lines.count(told) == 1, kind


def test_the_days_without_the_pump_are_one_row() -> None:
    plan, day = put_off()
    sheet = printed_sheet(plan, "daysheet", Wish(day - timedelta(3), day + timedelta(6)))
    off = [[*words_of(row[0]).split()] for row in rows(sheet) if any("pump off since" in words_of(one) for one in row)]
    assert [" ".join(one).replace("\u00a0", " ") for one in off] == ["Sun 08-Mar-2026 to Tue 10-Mar-2026"]


def test_a_pump_that_is_on_hold_again_goes_on_nobody_knows_when() -> None:
    plan, day = put_off()
    events = [one for one in doses_of(plan, "Blinatumomab") if one.placed.cycle == 1]
    (off,) = pumps_off(events)
    assert day.toordinal() in off.days
    held = [one._replace(state=State.HELD) if one.day >= off.after.day else one for one in events]
    assert [one.words("mcg").endswith("09:00, on HOLD") for one in pumps_off(held)] == [True]
    assert not pumps_off([one._replace(state=State.STOPPED) if one.day >= off.after.day else one for one in events])
