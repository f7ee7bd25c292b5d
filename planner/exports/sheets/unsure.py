"""What the provisional blocks of a sheet hang on, and what nobody has entered yet that may fall on its days."""

from collections.abc import Iterable

from planner.exports.sheets.sheet import Line
from planner.exports.wording.answers import drawn_as
from planner.exports.wording.text import listed
from planner.model.civil import weekday_date
from planner.model.language import glued
from planner.model.schedule import Event, OpenDecision, PlacedBlock, Schedule


def unsure_lines(schedule: Schedule, blocks: Iterable[PlacedBlock]) -> tuple[Line, ...]:
    """Once a page what its "provisional" means: the word alone told nobody whom to ask, or what."""
    found: dict[str, dict[str, None]] = {}
    for block in blocks:
        if block.provisional:
            found.setdefault(_hangs_on(schedule, block), {})[block.title] = None
    return tuple(Line(f"Provisional: {listed([*titles])}, {words}", "strong") for words, titles in found.items())


def _hangs_on(schedule: Schedule, block: PlacedBlock) -> str:
    """In words; of open decisions those of its placement that are due before it begins."""
    if block.waits or block.hold or block.facts_unknown:
        return block.unsure
    asked = [one for one in schedule.decisions if (one.group, one.choice) == (block.group, None)]
    before = [_question(schedule, one) for one in asked if one.day <= block.start]
    return f"{block.unsure}: {'; '.join(before)}" if before else block.unsure


def _question(schedule: Schedule, one: OpenDecision) -> str:
    drawn = drawn_as(schedule, one.decision)
    return f'"{one.decision.question}" (due {glued(weekday_date(one.day))}; {drawn})'


def unset_lines(unset: Iterable[tuple[Event, range]], first: int, last: int) -> tuple[Line, ...]:
    """What is still to be entered and may fall on these days: its row stands on the first day alone."""
    found: dict[str, None] = {}
    for event, days in unset:
        if days[0] <= last and first <= days[-1] and not first <= event.day <= last:
            span = " to ".join(glued(weekday_date(day)) for day in (days[0], days[-1]))
            found[
                f"{event.placed.agent_name}: days and doses not entered, any day from {span}. Ask the pharmacist."
            ] = None
    return tuple(Line(text, "strong") for text in found)
