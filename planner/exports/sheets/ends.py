"""Where the days of a daily drug begin and end, and where they only pass from cycle to cycle."""

from collections import defaultdict
from collections.abc import Iterable

from planner.exports.sheets.notes import given_word
from planner.exports.sheets.sheet import Line
from planner.exports.wording.doses import (
    NOT_TO_BE_GIVEN,
    STATES,
    dose_words,
    is_drug,
    is_to_enter,
    is_unsure,
    planned_value,
)
from planner.exports.wording.holds import UNTIL
from planner.exports.wording.runs import NO_END, Run, spans
from planner.exports.wording.text import day_name
from planner.model.civil import clock, weekday_date
from planner.model.cycle_content import State
from planner.model.going_on import goes_beyond
from planner.model.language import glued
from planner.model.schedule import Event

FROM_BEFORE = "goes on from the day before"


class Days:
    """The daily doses of the whole plan, by drug and day: what a block does not see of its neighbours.

    Mercaptopurine of 27 cycles was "last day, D28, ended" and "begun" the next morning: 26 stops that nobody meant.
    """

    def __init__(self, events: Iterable[Event]) -> None:
        self._doses: dict[tuple[str, str, str, str, int], list[Event]] = defaultdict(list)
        for event in events:
            if is_drug(event.placed) and spans(event.placed) and event.state not in NOT_TO_BE_GIVEN:
                self._doses[(*event.placed.drug, event.placed.kind, event.day)].append(event)

    def goes_on_from(self, run: Run) -> bool:
        """Whether the same was taken the day before: then nothing is begun, but another dose is."""
        before = self._beside(run.first, -1)
        return bool(before) and _amounts(before) == _amounts(self._of_it(run.first))

    def since(self, run: Run) -> int:
        """The first day on which the same was given day after day up to this run, also in another state."""
        event = run.first
        while run.first.state not in NOT_TO_BE_GIVEN and (before := self._beside(event, -1)):
            if _amounts(before) != _amounts(self._of_it(event)):
                break
            event = before[0]
        return event.day

    def end_of(self, run: Run) -> Event:
        """The last dose of the same given day after day from this run on, also recorded ones; sure, where it is."""
        event, unsure = run.last, run.last.state is State.PROVISIONAL
        while event.state not in NOT_TO_BE_GIVEN and (after := self._beside(event, 1)):
            if _amounts(after) != _amounts(self._of_it(run.last)) or (after[0].state is State.PROVISIONAL) != unsure:
                break
            event = after[0]
        return event

    def last_lines(self, run: Run, micrograms: str) -> list[Line]:
        """What stands on the last day of a run: its end to write in, or that it goes on, where, and at which dose."""
        last = run.last
        if last.state in NOT_TO_BE_GIVEN:
            return [_last_day(last)]
        words = self.further_words(run, micrograms)
        if not words:
            return [_last_day(last), written(last, "ended")]
        return [Line(words, "strong"), *([written(last, "")] if last.state is State.GIVEN else [])]

    def further_words(self, run: Run, micrograms: str, *, dated: bool = False) -> str:
        """That what ends a run goes on, where, at which dose and from when; nothing of what does not.

        `dated` names the date of another dose in place of the protocol's day.
        """
        last, after = run.last, self._beside(run.last, 1)
        if last.state in NOT_TO_BE_GIVEN or not after:
            return NO_END if goes_beyond(last) else ""
        into = _into(last, after[0])
        words = f"goes on{into}"
        one_order = _order(after[0]) == _order(last)  # with fewer doses that day where some are recorded otherwise
        now, then = _amounts(self._of_it(last)), _amounts(after)
        if then[:1] != now[:1] or (then != now and not one_order):
            dose = "dose to be entered" if is_to_enter(after[0]) else f"with {dose_words(after[0], micrograms)}"
            words += f", {dose}{_from(after[0], within=not into, dated=dated)}"
        if after[0].state is not State.PROVISIONAL or last.state is State.PROVISIONAL:
            return words
        return f"{words}, {'provisional' if is_unsure(after[0]) else 'its dose provisional'}"

    def _beside(self, event: Event, later: int) -> list[Event]:
        """The doses of the day before or after that take up those of the event's order: its own, or those of another.

        Not those of an order that gives the drug on the event's day as well: it goes on by itself, at its own dose.
        """
        others = {_order(one) for one in self._on(event, 0)} - {_order(event)}
        found = [one for one in self._on(event, later) if _order(one) not in others]
        return [one for one in found if _order(one) == _order(event)] or found

    def _of_it(self, event: Event) -> list[Event]:
        return [one for one in self._on(event, 0) if _order(one) == _order(event)]

    def _on(self, event: Event, later: int) -> list[Event]:
        return self._doses.get((*event.placed.drug, event.placed.kind, event.day + later), [])


def written(event: Event, word: str) -> Line:
    """A place to write what was given; where it was recorded, that it was, and its dose stands above."""
    given = event.state is State.GIVEN
    return Line(given_word(event) if given else word, "strong" if given else "body", blank=not given)


def _order(event: Event) -> tuple[str, str]:
    return event.placed.block.id, event.placed.order.id


def _amounts(events: Iterable[Event]) -> list[object]:
    """Their doses as planned: a day on which less was given begins nothing anew."""
    return [event.dose and (planned_value(event.dose), event.dose.unit) for event in events]


def _into(last: Event, following: Event) -> str:
    """Into which block or cycle it passes; nothing within one."""
    if last.placed.block.id != following.placed.block.id:
        return f" into {following.placed.block.title}"
    return f" into {glued(f'cycle {following.placed.cycle}')}" if last.placed.cycle != following.placed.cycle else ""


def _from(event: Event, *, within: bool, dated: bool) -> str:
    """From when another dose is given: read on the day before, "with 28 mcg" raised the pump a day early."""
    timed = event.placed.kind == "infusion" and event.minute >= 0
    day = weekday_date(event.day) if dated else f"D{day_name(event.day_number)}"
    return f" from {glued(day)}{f', {clock(event.minute)}' if timed else ''}" if within or timed or dated else ""


def _last_day(event: Event) -> Line:
    """Where a daily drug ends; of one that is not given, where it would have; a pump runs into the next day."""
    words = "last day"
    if event.state is State.HELD:
        return Line(f"HELD, {UNTIL}", "strong")
    if event.state in NOT_TO_BE_GIVEN:
        return Line(f"{words}, {STATES[event.state]}", "strong")
    if event.placed.kind == "infusion":
        words += f", to {clock(event.minute)} of the next day" if event.minute >= 0 else ", runs into the next day"
    return Line(words, "strong")
