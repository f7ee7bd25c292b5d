"""The doses in the cells of the roadmap's days: how much and how often, the full dose, and a line to write on."""

from collections.abc import Sequence

from planner.exports.sheets.ends import FROM_BEFORE, written
from planner.exports.sheets.sheet import Line
from planner.exports.wording.doses import (
    NOT_TO_BE_GIVEN,
    STATES,
    dose_words,
    if_tolerated,
    instead_words,
    is_often_open,
    is_to_enter,
)
from planner.exports.wording.order_words import times_of
from planner.exports.wording.runs import DayDoses, Run
from planner.model.civil import clock
from planner.model.cycle_content import State
from planner.model.flow import duration_words
from planner.model.language import glued
from planner.model.schedule import Event

OFTEN_UNSAID = ", how often is not entered"
MOST_LINES = 4
"""Doses of a day that have a line each to write on."""
LONG_H = 12
"""Hours from which the length of a dose stands with it: of 24 h with methotrexate the rescue is counted."""


def dose_lines(day: DayDoses, micrograms: str) -> list[Line]:
    """The dose, its times, and a place to write what was given for each single dose."""
    first, count = day.first, len(day.events)
    words = dose_words(first, micrograms) or "dose"
    if first.state in NOT_TO_BE_GIVEN:
        return [Line(words, "struck"), Line(STATES[first.state], "strong")]
    if len({event.dose.value if event.dose else None for event in day.events}) > 1:
        words = " + ".join(dose_words(event, micrograms) for event in day.events)
    elif count > 1 and not is_to_enter(first):
        words = glued(f"{count} × {words}")
    times = times_of(day)
    lines = [_dose_line(first, words), *_full_lines(day.events, micrograms)]
    if count > 1 and is_to_enter(first):
        lines.append(Line(glued(f"each of {count} times")))
    if first.placed.kind == "infusion":
        lines.append(Line("this day's infusion"))
    elif first.placed.duration_h is not None and first.placed.duration_h >= LONG_H:
        lines.append(Line(f"over {glued(duration_words(first.placed.duration_h))}"))
    if times:
        lines.append(Line(", ".join(clock(minute) for minute in times)))
    return [*lines, *_given_lines(day.events if first.placed.route != "PO" else day.events[:1])]


def _given_lines(events: Sequence[Event]) -> list[Line]:
    """A place to write each dose; of many how many were given: four lines under "8 × 167 mg" read as four doses."""
    if len(events) > MOST_LINES:
        return [written(events[0], glued(f"of {len(events)} given"))]
    return [written(event, "given") for event in events]


def _full_lines(events: Sequence[Event], micrograms: str) -> list[Line]:
    """What the doses of a day would be that were reduced, or of which less was given; what a rising one hangs on."""
    told = dict.fromkeys(text for event in events for text in (if_tolerated(event), instead_words(event, micrograms)))
    return [Line(text) for text in told if text]


def _dose_line(event: Event, words: str) -> Line:
    """The dose, with a rule to write on where the site has to enter it."""
    return Line(words, "strong", blank=event.dose is not None and event.dose.value is None)


def run_lines(run: Run, micrograms: str, days: str, *, begun: bool) -> list[Line]:
    """The dose on the first of some `days` in a row, how often, and a place to write that it is begun."""
    words = dose_words(run.first, micrograms)
    if run.first.state in NOT_TO_BE_GIVEN:
        lines = [Line(words, "struck"), Line(STATES[run.first.state], "strong")]
    else:
        count = "" if run.doses_a_day == 1 else f", {glued(f'{run.doses_a_day} times a day')}"
        often = OFTEN_UNSAID if is_often_open(run.first) and not is_to_enter(run.first) else count
        lines = [_dose_line(run.first, f"{words}{often}"), *_full_lines([run.first], micrograms)]
    if run.first.placed.kind == "infusion":
        begins = f" from {clock(run.first.minute)}" if run.first.minute >= 0 else ""
        lines.append(Line(f"a day, continuous infusion{begins}"))
    lines.append(Line(days))
    if run.first.state in NOT_TO_BE_GIVEN:
        return lines
    return [*lines, written(run.first, "begun") if begun or run.first.state is State.GIVEN else Line(FROM_BEFORE)]


def intrathecal_lines(event: Event, micrograms: str, unchecked: str) -> list[Line]:
    """The drug in capitals with its dose, what is to be checked of it, and a place to write that it is given."""
    words = dose_words(event, micrograms)
    name = event.placed.agent_name.upper()
    if event.state in NOT_TO_BE_GIVEN:
        return [Line(f"{name} {words}", "struck"), Line(STATES[event.state], "strong")]
    told = [_dose_line(event, words), *_full_lines([event], micrograms), *([Line(unchecked)] if unchecked else [])]
    return [Line(name, "capital"), *told, written(event, "given")]
