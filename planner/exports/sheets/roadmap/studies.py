"""Studies in the rows of the roadmap's days: a letter each, and the name of what no letter tells."""

from collections.abc import Iterator, Sequence

from planner.exports.sheets.sheet import Line
from planner.exports.wording.doses import NOT_TO_BE_GIVEN, STATES
from planner.exports.wording.text import day_name
from planner.model.cycle_content import State
from planner.model.language import glued
from planner.model.schedule import Event
from planner.model.timeline import TOPIC_LETTERS


def study_lines(event: Event, letter: str) -> tuple[Line, ...]:
    """Its letter to tick; ticked once it is done: an empty box stood beside each bag that was recorded.

    The letter alone is struck out: "OMITTED" with a stroke through it can be read as not omitted.
    """
    if event.state in NOT_TO_BE_GIVEN:
        return Line(letter, "struck"), Line(STATES[event.state], "strong")
    return (Line(letter, "strong", tick=True, ticked=event.state is State.GIVEN),)


def named(events: Sequence[Event], letter: str) -> Iterator[tuple[Event, Line]]:
    """What is said of a study under the letter of all others, on the first of its days in a row.

    The day of a transplant was "A" among lipase and X-rays, its name on the next page.
    """
    if not letter.startswith(TOPIC_LETTERS["other"]):
        return
    stretches: list[list[Event]] = []
    for event in events:
        before = stretches[-1][-1] if stretches else None
        if before and event.day <= before.day + 1 and event.state is before.state:
            stretches[-1].append(event)
        else:
            stretches.append([event])
    for first, *others in stretches:
        until = f", to {glued(f'D{day_name(others[-1].day_number)}')}" if others else ""
        struck = first.state in NOT_TO_BE_GIVEN
        yield first, Line(f"{letter}: {first.placed.agent_name}{until}", "struck" if struck else "strong")
