"""On which of its days an order is given: kept to weekdays, moved off those the protocol excludes, said in words."""

from collections.abc import Iterator, Mapping, Sequence

from planner.assembly.times import Slot
from planner.model.civil import WEEKDAYS
from planner.model.protocol import Phase, TemplateOrder

DAYS_A_WEEK = 7


def accepted_days(
    order: TemplateOrder, days: tuple[int, ...], phase: Phase, first_weekday: int, length: int
) -> tuple[tuple[int, ...], Mapping[int, str]]:
    """Those of the days the order is given on in a cycle that starts on that weekday (0: Monday), and what was moved.

    A day on an excluded weekday moves to the nearest day that the protocol accepts for it: one of those it lists
    ("4 or 5 or 6"), or one within the window, later days first, and never out of the `length` days of the cycle. Where
    none is free, the day stays and the note says so.
    """
    if order.weekdays:
        return tuple(day for day in days if _weekday(day, phase, first_weekday) in order.weekdays), {}
    if not order.not_on:
        return days, {}
    kept: list[int] = []
    notes: dict[int, str] = {}
    for day in days:
        if _weekday(day, phase, first_weekday) not in order.not_on:
            kept.append(day)
            continue
        name = WEEKDAYS[_weekday(day, phase, first_weekday)]
        free = (
            other
            for other in other_days(order, day, phase)
            if _weekday(other, phase, first_weekday) not in order.not_on
            and other not in (*days, *kept)
            and (phase.offset(other) < 0) == (phase.offset(day) < 0)
            and phase.offset(other) < length
        )
        found = next(free, None)
        kept.append(day if found is None else found)
        notes[kept[-1]] = (
            f"Day {day} is a {name}, which the protocol excludes, and no other day is accepted"
            if found is None
            else f"Day {day} would be a {name}, which the protocol excludes"
        )
    return tuple(sorted(set(kept))), notes


def with_notes(found: tuple[Slot, ...], notes: Mapping[int, str]) -> tuple[Slot, ...]:
    """The same times with what was said of their days."""
    if not notes:
        return found
    return tuple(slot._replace(notes=(*slot.notes, notes[slot.day])) if slot.day in notes else slot for slot in found)


def after_gates(found: tuple[Slot, ...], gates: Sequence[tuple[int, str]]) -> tuple[Slot, ...]:
    """The same times; those from a gate on say that they wait for it. The last gate before a dose counts."""
    told = []
    for slot in found:
        before = [note for offset, note in gates if offset <= slot.offset]
        told.append(slot._replace(notes=(*slot.notes, before[-1])) if before else slot)
    return tuple(told)


def rules_of_days(order: TemplateOrder) -> Iterator[str]:
    """What the protocol says about the order's days besides their numbers."""
    if order.until:
        known = len(order.days.numbers) > 1 or order.days.to_end
        yield f"until {order.until}: {'the last day is an estimate' if known else 'how long is not known'}"
    for day, others in order.days.others:
        yield f"Day {' or '.join(map(str, (day, *others)))}"
    if order.not_on:
        yield f"not on {', '.join(WEEKDAYS[number] for number in order.not_on)}"
    for other, least in order.apart:
        yield f"at least {least} days from {other}"


def other_days(order: TemplateOrder, day: int, phase: Phase) -> Iterator[int]:
    """The days that the protocol accepts for a day of the order: those it lists, else its window, later days first."""
    listed = order.accepts(day)
    if listed:
        yield from listed
        return
    at = phase.offset(day)
    yield from (phase.day_at(at + more) for more in range(1, order.window.later + 1))
    yield from (phase.day_at(at - less) for less in range(1, order.window.earlier + 1))


def _weekday(day: int, phase: Phase, first_weekday: int) -> int:
    """0 for Monday."""
    return (first_weekday + phase.offset(day)) % DAYS_A_WEEK
