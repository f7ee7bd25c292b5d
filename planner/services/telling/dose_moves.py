"""Doses that other facts of the patient move: which, by how much, and from when somebody has to be asked."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from msgspec import Struct

from planner.model.civil import weekday_date
from planner.model.day_words import run_words
from planner.model.patient import Patient
from planner.model.quantity import format_amount
from planner.model.schedule import Event, Schedule

TOLD_FROM = Decimal(5)
"""Percent: doses that move by this much are told."""
ASKED_FROM, ASKED_FROM_CHILD = Decimal(10), Decimal(5)
"""Percent from which somebody has to say whether doses are computed anew: the limits of rule GE-02. Sources disagree on
5 % for children."""
ADULT = 18
"""Years."""


class DoseMove(Struct, frozen=True):
    """One drug's dose in one cycle before and after, and the change in percent of the dose before."""

    old: Event
    new: Event
    percent: Decimal


def dose_moves(old: Schedule, new: Schedule, least: Decimal = TOLD_FROM) -> tuple[DoseMove, ...]:
    """The doses that change by at least so many percent, one line for each drug of a cycle, in order of time."""
    before = {(one.placed.id, one.cycle_day, one.minute): one for one in old.events if one.dose}
    seen: set[str] = set()
    found = []
    for event in new.events:
        was = before.get((event.placed.id, event.cycle_day, event.minute))
        moved = _percent(was, event) if was else None
        if was and moved is not None and abs(moved) >= least and event.placed.id not in seen:
            seen.add(event.placed.id)
            found.append(DoseMove(was, event, moved))
    return tuple(found)


def small_moves(old: Schedule, new: Schedule, told: Iterable[DoseMove]) -> Iterator[str]:
    """That doses move by less than is told of each: how many drugs of how many cycles, and the next of them."""
    named = {move.new.placed.id for move in told}
    small = [move for move in dose_moves(old, new, Decimal(0)) if move.percent and move.new.placed.id not in named]
    if small:
        day = weekday_date(small[0].new.day)
        yield f"and {len(small)} by less than {TOLD_FROM} %, first on {day}: {move_words(small[0])}"


def moves_to_ask(moves: Iterable[DoseMove], patient: Patient, day: date) -> tuple[DoseMove, ...]:
    """Those of the moves that nobody may make without being asked: of 10 % and more, of 5 % in children."""
    limit = ASKED_FROM if patient.age_on(day) >= ADULT else ASKED_FROM_CHILD
    return tuple(move for move in moves if abs(move.percent) >= limit)


def move_words(move: DoseMove) -> str:
    """One move in a line: drug, cycle, old and new single dose, percent."""
    return f"{move.new.label} ({move.new.placed.id}): {_amounts(move)}"


def move_lines(moves: Iterable[DoseMove]) -> tuple[str, ...]:
    """The moves in words: those of one order that are alike in several cycles of its block stand in one line."""
    alike: dict[tuple[str, str, str], list[DoseMove]] = {}
    for move in moves:
        placed = move.new.placed
        alike.setdefault((placed.block.id, placed.order.id, _amounts(move)), []).append(move)
    return tuple(_line(run) if len(run) > 1 else move_words(run[0]) for run in alike.values())


def _line(run: list[DoseMove]) -> str:
    first = run[0].new
    cycles = run_words([one.new.placed.cycle for one in run])
    place = f"{first.placed.block.id}/{cycles}/{first.placed.order.id}"
    return f"{first.placed.agent_name} C{cycles}, from {weekday_date(first.day)} on ({place}): {_amounts(run[0])}"


def _amounts(move: DoseMove) -> str:
    both = (move.old.dose, move.new.dose)
    texts = [format_amount(dose.value, dose.unit) for dose in both if dose and dose.value is not None]
    return f"{' -> '.join(texts)}, {move.percent:+.1f} %"


def _percent(was: Event, event: Event) -> Decimal | None:
    """The change of the dose in percent of the one before; None where either is not known."""
    if was.dose is event.dose or not (was.dose and event.dose):
        return None
    if not was.dose.value or event.dose.value is None or was.dose.unit != event.dose.unit:
        return None
    return (event.dose.value - was.dose.value) * 100 / was.dose.value
