"""A date has one day number of a cycle, and a day number is on one date: a day that a delay put in has none."""

from datetime import date, timedelta

from msgspec.structs import replace

from planner.exports.sheets.day_numbers import numbered_days, one_count, place_of
from planner.model.plan import BagPlan, Deferral, Scope
from planner.model.wish import Wish
from planner.services.verbs import editing
from tests.exports.papers import library, words_of
from tests.exports.sheets.day.test_between import rows as day_rows
from tests.exports.sheets.test_after_edits import doses_of, placed, printed_sheet, rows, seen
from tests.exports.sheets.test_pump_off import put_off


def test_a_pump_that_comes_off_before_a_day_that_is_put_off_has_not_its_number() -> None:
    """ "C1 D6" stood on the day of the disconnect and four days later on that of the next dose."""
    plan, day = put_off()
    off = day - timedelta(1)
    plan = editing.plan_bags(plan, seen(plan).schedule, library().agents, BagPlan("induction", (96, 72)))
    found = [
        [words_of(cell).replace("\u00a0", " ") for cell in row[:3]]
        for row in rows(printed_sheet(plan, "bags"))
        if len(row) == 9
    ]
    assert [row[1] for row in found if f"{off:%d-%b-%Y}" in row[0]] == ["before C1 D6"]
    assert [row[1] for row in found if f"{off + timedelta(4):%d-%b-%Y}" in row[0]] == ["C1 D6"]
    for kind in ("daysheet", "handover"):
        told = [words_of(cell) for row in rows(printed_sheet(plan, kind, Wish(off, off))) for cell in row]
        assert any("before C1 D6" in text.replace("\u00a0", " ") for text in told), kind


def test_tablets_that_keep_their_days_have_the_number_of_the_date() -> None:
    """Imatinib was of C2 D4 in a row under "C2 D2", because day 2 of all else was put off by two days."""
    plan = placed("graaph-2005", {"arm": "a"})
    block = next(one for one in seen(plan).schedule.blocks if one.id == "cycle-2")
    late = editing.defer(plan, seen(plan).schedule, Deferral("cycle-2", 2, 2, 2, Scope.CYCLE, "infection"))
    evaluated = seen(late)
    numbered = evaluated.once(numbered_days)
    days = {
        one.day - block.start: place_of(one, numbered).replace("\u00a0", " ")
        for one in evaluated.schedule.events
        if one.placed.block.id == "cycle-2" and one.placed.agent == "imatinib" and one.day < block.start + 6
    }
    assert days == {0: "C2 D1", 1: "before C2 D2", 2: "before C2 D2", 3: "C2 D2", 4: "C2 D3", 5: "C2 D4"}
    first = date.fromordinal(block.start)
    sheet = printed_sheet(late, "daysheet", Wish(first, first + timedelta(8)))
    shown = {words_of(row.cells[1]) for _, text, row in day_rows(sheet) if text.startswith("Imatinib")}
    assert {one.replace("\u00a0", " ") for one in shown} <= {*days.values(), "C2 D5", "C2 D6", "C2 D7"}
    cells = [words_of(cell).replace("\u00a0", " ") for row in rows(printed_sheet(late, "roadmap")) for cell in row]
    last = date.fromordinal(block.start + 27)
    assert any(f"daily to {last:%a %d-%b-%Y}, 28 days" in one for one in cells)


def test_a_dose_moved_by_itself_keeps_its_number() -> None:
    plan = placed("calgb-10403")
    dose = next(one for one in doses_of(plan, "Vincristine") if one.cycle_day == 8)
    place = dose.placed.block.id, dose.placed.cycle, dose.cycle_day
    moved = editing.defer(plan, seen(plan).schedule, Deferral(*place, 2, Scope.DAY, "capacity"))
    evaluated = seen(moved)
    (late,) = [one for one in evaluated.schedule.events if one.placed.id == dose.placed.id and one.cycle_day == 8]
    assert late.day == dose.day + 2
    assert place_of(late, evaluated.once(numbered_days)).replace("\u00a0", " ") == f"C{dose.placed.cycle} D8"


def test_a_family_counts_the_days_after_cells_once() -> None:
    """The second cells of "Day 10", given on Day 17: both stood on each day, and behind Day 28 came Day 22."""
    plan = placed("obe-cel")
    first, second = (
        next(one for one in seen(plan).schedule.blocks if one.id == name) for name in ("first-dose", "second-dose")
    )
    late = replace(
        plan, modifications=(Deferral("second-dose", second.cycles[0].number, 10, 7, Scope.FOLLOWING, "toxicity"),)
    )
    counted = one_count(seen(late).once(numbered_days))
    for day in range(first.start, first.start + 40):
        numbers = {
            number for block, _, number in counted.get(day, ()) if block.group == first.group and number is not None
        }
        assert numbers <= {day - first.start + 1}, day
    numbered = seen(late).once(numbered_days)
    told = {place_of(one, numbered).replace("\u00a0", " ") for one in doses_of(late, "Obecabtagene autoleucel")}
    assert told == {"C1 D1", "C1 D10 (on D17)"}
    assert {place_of(one, numbered)[-3:] for one in doses_of(plan, "Obecabtagene autoleucel")} == {"\u00a0D1", "D10"}
