"""Continuous infusions by the day: which run on from the day before, which bag hangs, and since when a pump is off."""

import re
from collections.abc import Iterable
from itertools import pairwise

from msgspec import Struct

from planner.exports.wording.doses import NOT_TO_BE_GIVEN, dose_of_day
from planner.model.civil import clock, weekday_date
from planner.model.cycle_content import State
from planner.model.flow import flow_of
from planner.model.language import glued
from planner.model.quantity import format_number
from planner.model.schedule import Event

_BAG = re.compile(r"(bag \d+ of \d+(?: so far)?): (\d+ h)(?: at ([\d.,]+ mL/h))?,? ?(.*)")
"""How the note of a bag is made up: its number, hours and rate, and what comes after it."""


class Bag(Struct, frozen=True):
    """A bag in words: "bag 2 of 8", "72 h", "1.8 mL/h" (empty where it is not known), "then bag 3 on …"."""

    number: str
    length: str
    rate: str
    then: str


def bag_of(event: Event) -> Bag | None:
    """What the note of a bag says, part by part; None of anything else."""
    found = _BAG.fullmatch(event.notes[0]) if event.placed.kind == "bag" and event.notes else None
    return Bag(found[1], found[2], found[3] or "", found[4]) if found else None


class Pumps:
    """The continuous infusions of a plan with their bags."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._days: dict[tuple[str, int], Event] = {}
        self._bags: dict[str, list[Event]] = {}
        for event in events:
            if event.placed.kind == "infusion" and event.state not in NOT_TO_BE_GIVEN:
                self._days[event.placed.id, event.day] = event
            elif event.placed.kind == "bag":
                self._bags.setdefault(event.placed.id.removesuffix("-bag"), []).append(event)

    def runs_on(self, event: Event) -> bool:
        """Whether the infusion ran at this dose the day before: then nothing is begun."""
        before = self._days.get((event.placed.id, event.day - 1))
        if before is None or event.state in NOT_TO_BE_GIVEN:
            return False
        return (before.minute, _amount(before)) == (event.minute, _amount(event))

    def hanging(self, event: Event) -> tuple[Event, Bag] | None:
        """The bag that hangs when the infusion's day begins, with its words."""
        for one in self._bags.get(event.placed.id, ()):
            words = bag_of(one)
            if words and one.day <= event.day < one.end_day:
                return one, words
        return None

    def rate(self, event: Event) -> str:
        """What the pump has to show that day, as far as the bag or the protocol tells it."""
        if event.state in NOT_TO_BE_GIVEN or event.placed.kind != "infusion":
            return ""
        hung, flow = self.hanging(event), flow_of(event.placed.order, event.dose).rate_ml_h
        return hung[1].rate if hung else "" if flow is None else f"{format_number(flow)} mL/h"


class PumpOff(Struct, frozen=True):
    """A continuous infusion that stands still between two of its days, because the later ones are put off."""

    before: Event
    after: Event

    @property
    def days(self) -> range:
        """From the day on which the pump comes off to the last one without it."""
        return range(self.before.day + 1, self.after.day)

    def words(self, micrograms: str) -> str:
        """ "Blinatumomab: pump off since Sat 28-Nov-2026 09:00, goes on Wed 02-Dec-2026 09:00, 9 mcg a day"."""
        off = f"{self.before.placed.agent_name}: pump off since {_moment(self.days.start, self.before.minute)}"
        if self.after.state is State.HELD:
            return f"{off}, on HOLD"
        dose = dose_of_day(self.after, micrograms)
        return f"{off}, goes on {_moment(self.after.day, self.after.minute)}" + (f", {dose}" if dose else "")


def _moment(day: int, minute: int) -> str:
    return glued(f"{weekday_date(day)} {clock(minute)}".rstrip())


def pumps_off(events: Iterable[Event]) -> list[PumpOff]:
    """Where pumps stand still within a cycle. On a day between, no sheet had a word of the infusion."""
    by_drug: dict[tuple[object, ...], list[Event]] = {}
    for event in events:
        if event.placed.kind == "infusion":
            placed = event.placed
            by_drug.setdefault((placed.block.id, placed.cycle, placed.agent, placed.route), []).append(event)
    return [
        PumpOff(before, after)
        for several in by_drug.values()
        for before, after in pairwise(sorted(several, key=lambda one: (one.due_day, one.day)))
        if before.state not in NOT_TO_BE_GIVEN and after.state not in (State.OMITTED, State.STOPPED)
        if after.due_day - before.due_day == 1 < after.day - before.day
    ]


def _amount(event: Event) -> object:
    return event.dose and event.dose.value
