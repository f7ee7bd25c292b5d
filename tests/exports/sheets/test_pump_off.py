"""Days on which a pump stands still, or a drug on hold is not drawn: the sheets of such a day had no word of it."""

from datetime import date, timedelta

from msgspec.structs import replace

from planner.exports.sheets.unsaid import moved_apart
from planner.exports.wording.pumps import pumps_off
from planner.model.cycle_content import State
from planner.model.going_on import paused_behind
from planner.model.plan import Deferral, Hold, Plan, Scope
from planner.model.wish import Wish
from planner.services.verbs import editing
from tests.exports.papers import lines_of, words_of
from tests.exports.sheets.calendars import framed_on
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


def on_hold(until: date | None) -> Plan:
    """Ciclosporin, of which the first day alone is drawn, on hold from twelve days behind it on."""
    plan = placed("ptcy-gvhd", {"partner": "ciclosporin"})
    first = doses_of(plan, "Ciclosporin")[0]
    since = Hold("ptcy", 1, first.cycle_day + 12, "toxicity", grade=3, order=first.placed.order.id, until=until)
    return replace(plan, modifications=(since,))


def test_a_drug_on_hold_behind_its_drawn_days_is_told_on_each_of_them() -> None:
    """Ciclosporin had a word on the first day of its hold alone, and read as forgotten on all others."""
    first = doses_of(placed("ptcy-gvhd", {"partner": "ciclosporin"}), "Ciclosporin")[0].date
    since, again = first + timedelta(12), first + timedelta(17)
    told = f"Ciclosporin: on hold since {since:%a %d-%b-%Y}, "
    for until, then, family in (
        (None, "until when is not known", "Ciclosporin: on hold, ask us"),
        (again, f"goes on {again:%a %d-%b-%Y}", "Ciclosporin: not on these days"),
    ):
        plan, wish = on_hold(until), Wish(since + timedelta(2), since + timedelta(3))
        lines = [one.text.replace("\u00a0", " ") for one in lines_of(printed_sheet(plan, "daysheet", wish))]
        assert lines.count(f"{told}{then}") == 1, lines
        frames = framed_on(printed_sheet(plan, "calendar"))
        assert all(family in frames[since + timedelta(day)] for day in range(1, 5))
        assert (family in frames[again]) is (until is None)
        handed = [one.text.replace("\u00a0", " ") for one in lines_of(printed_sheet(plan, "handover", wish))]
        assert (
            sum(text.startswith(("Ciclosporin: on hold since", "Ciclosporin of PTCy: on hold")) for text in handed) == 1
        )


def test_a_drug_on_hold_on_its_drawn_days_is_so_behind_them() -> None:
    plan = placed("hyper-cvad", {"leucovorin": "from-24-h"})
    doses = [one for one in doses_of(plan, "Leucovorin") if one.placed.id.startswith("part-b/2/leucovorin-from")]
    (order,), days = {one.placed.id for one in doses}, sorted({one.day for one in doses})
    held = [
        one._replace(state=State.HELD) if one.placed.id == order and one.day > days[0] else one
        for one in seen(plan).schedule.events
    ]
    (behind,) = [one for one in paused_behind(plan, held) if one.held.placed.id == order]
    assert behind.held.day == days[1]
    assert behind.days.start == days[-1] + 1
    assert not behind.again


def test_tablets_that_end_where_the_next_cycle_is_waited_for_are_asked_about() -> None:
    """Dasatinib up to day 28, and again from day 6 of a cycle put off by three days: eight days without a word."""
    plan = placed("ewall-ph-01")
    second = next(one for one in seen(plan).schedule.blocks if one.id == "consolidation").cycles[1]
    late = editing.defer(plan, seen(plan).schedule, Deferral("consolidation", 2, 1, 3, Scope.FOLLOWING, "counts"))
    asked = [day for day, one in moved_apart(seen(late).schedule.events) if one.placed.agent == "dasatinib"]
    assert [*range(second.start, second.start + 3)] == [day for day in asked if day < second.end]
    assert not [one for _, one in moved_apart(seen(plan).schedule.events) if one.placed.agent == "dasatinib"]
