"""The number of a day on which its cycle gives nothing, counted as on the calendar: none while it is waited for."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from planner.exports.wording.doses import days_words
from planner.exports.wording.holds import Ends
from planner.exports.wording.runs import Run
from planner.exports.wording.text import day_name
from planner.model.civil import weekday_date
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.language import glued
from planner.model.schedule import Event, PlacedBlock

WEEKS = 200
"""Days within which a cycle that is put off goes on."""

Numbered = Mapping[int, Sequence[tuple[PlacedBlock, int, int | None]]]
"""By day the cycles that cover it: block, cycle, and the day's number; none on a day that a delay put in."""

NO_NUMBERS: Numbered = MappingProxyType({})


def numbered_days(evaluated: EvaluatedPlan) -> Numbered:
    """The cycles over each day; not of blocks that an answer put off, nor behind the day on which one is stopped."""
    ends = evaluated.once(Ends)
    standing = {block.id: block for block in evaluated.schedule.blocks if not block.waits}
    found: dict[int, list[tuple[PlacedBlock, int, int | None]]] = defaultdict(list)
    for lane in evaluated.timeline.lanes:
        for bar in lane.bars:
            if bar.form == "cycle" and bar.block in standing:
                cycle = int(bar.id.rsplit("/", 1)[1])
                block = standing[bar.block]
                over = 1 if ends.stopped_from(block) else 0  # one of which nothing is given has no first day either
                for day in (day for day in range(bar.start, bar.end) if not ends.is_over(block, day - over)):
                    found[day].append((block, cycle, bar.day_number(day)))
    return found


def one_count(numbered: Numbered) -> Numbered:
    """The same, where a part goes on with the day numbers of another one that still runs, by the count of that one.

    Cells of "Day 10" that were put off to Day 17 made two numbers of each day, and the count jumped back behind them.
    """
    later: dict[str, int] = {}
    found: dict[int, list[tuple[PlacedBlock, int, int | None]]] = {}
    for day in sorted(numbered):
        here = numbered[day]
        first = {block.group: number for block, _, number in here if block.phase.first_day == 1 and number is not None}
        for block, _, number in here:
            if block.phase.first_day > 1 and number is not None:
                later.setdefault(block.id, first.get(block.group, number) - number)
        found[day] = [
            (block, cycle, number if number is None else number + later.get(block.id, 0))
            for block, cycle, number in here
        ]
    return found


def place_behind(day: int, first: Event, numbered: Numbered) -> tuple[str, str]:
    """Block, and cycle and day, of a day behind a dose."""
    return place_on(day, first.placed.block, numbered, (first.placed.cycle, first.day_number))


def place_on(
    day: int, own: PlacedBlock, numbered: Numbered, known: tuple[int, int | None] = (1, None)
) -> tuple[str, str]:
    """Block, and cycle and day, of a day: of that block, or of that which runs then; `known` where none is near.

    Counted from the day on which a cycle should have begun, two days were its day 1: a day that a delay put in is told
    by the next one that has a number, one behind the last of a cycle by that. It is the latest there is: what goes on
    may have been begun some courses before.
    """
    here = sorted(numbered.get(day, ()), key=lambda one: (one[2] is None, one[0].id != own.id))
    if not here:
        before = (one for on in range(day - 1, day - WEEKS, -1) for one in numbered.get(on, ()) if one[2] is not None)
        block, number, last = next(before, (own, *known))
        return block.title, glued(f"after C{number}" + (f" D{day_name(last)}" if last is not None else ""))
    block, number, counted = here[0]
    if counted is not None:
        return block.title, glued(f"C{number} D{day_name(counted)}")
    return block.title, _waiting_on(day, block, number, numbered)


def place_of(event: Event, numbered: Numbered) -> str:
    """Cycle and day of what is due, counted as on the calendar: "C2 D3", on a day that a delay put in "before C2 D3".

    What was moved by itself keeps the number that the protocol gives it. Rescue, and what is taken every day, that
    stayed while its cycle was put off had the numbers of days that came again: two of one date, one on two dates.
    The day of a part that goes on with the numbers of another names its day by that one too, where it was moved.
    """
    placed, number = event.placed, event.day_number
    for block, cycle, counted in numbered.get(event.day, ()):
        if (block.id, cycle) == (placed.block.id, placed.cycle):
            if counted is None:
                return _waiting_on(event.day, block, cycle, numbered)
            number = number if event.moved_from is not None else counted
    told, since = glued(f"C{placed.cycle} D{day_name(number)}"), _since_day_one(event, numbered)
    return told if since in (0, number) else f"{told} ({glued(f'on D{day_name(since)}')})"


def days_of_run(run: Run, numbered: Numbered) -> str:
    """ "daily D1 to D84, 84 days"; to its last date where its first or last day has another number on the calendar.

    "Daily D2 to D7" stood in the row "before C1 D8" of a course that was put off under way.
    """
    ends = run.first, run.last
    if all(place_of(one, numbered) == glued(f"C{one.placed.cycle} D{day_name(one.day_number)}") for one in ends):
        return days_words(run.first.day_number, run.last.day_number, len(run.days))
    return f"daily to {glued(weekday_date(run.last.day))}, {glued(f'{len(run.days)} days')}"


def _since_day_one(event: Event, numbered: Numbered) -> int:
    """The number of its day by the part with Day 1 whose numbers its own part goes on with; 0 where there is none.

    "C1 D10" stood on the date that the calendar and the day's heading call Day 17.
    """
    own = event.placed.block
    if own.phase.first_day > 1:
        for day in range(event.day, own.start - 1, -1):
            for block, _, counted in numbered.get(day, ()):
                if block.group == own.group and block.phase.first_day == 1 and counted is not None:
                    return counted + event.day - day
    return 0


def _waiting_on(day: int, block: PlacedBlock, cycle: int, numbered: Numbered) -> str:
    """ "before C2 D3", of a day that a delay put in."""
    later = (found for on in range(day, day + WEEKS) for found in numbered.get(on, ()))
    following = next(
        (on for one, number, on in later if (one.id, number) == (block.id, cycle) and on is not None), None
    )
    return glued(f"before C{cycle}" + (f" D{day_name(following)}" if following is not None else ""))
