"""Days and clock times of one order within its cycle."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from planner.model.protocol import Phase, TemplateOrder, TimeAnchor

DAY = 24 * 60
NO_TIME = -1

Notes = tuple[str, ...]
"""What is to be said of a time, part by part."""
_Start = tuple[int, Notes]
"""Minutes after the cycle's midnight, and what is to be said of them."""


def filled(*notes: str) -> Notes:
    """Those of the notes that say something."""
    return tuple(filter(None, notes))


class Slot(NamedTuple):
    """When one administration falls: its day number, days after the cycle's first day, minute of the day (-1: none).

    `number` counts the administrations of the order in its cycle from 0.
    """

    day: int
    offset: int
    minute: int
    number: int
    notes: tuple[str, ...] = ()


def slots(
    order: TemplateOrder,
    days: tuple[int, ...],
    phase: Phase,
    others: Mapping[str, tuple[Slot, ...]],
    minute: int,
    day_starts: int,
) -> tuple[Slot, ...]:
    """All administrations of the order in one cycle, in order of time.

    A clock time is given only where the protocol speaks in hours: to an order that hangs on another, to the order it
    hangs on (`minute` is then the time it starts, otherwise -1), and to a run of timed doses, which begins with the
    site's treatment day (`day_starts`, minutes).
    """
    if order.anchor:
        return _numbered(order, phase, _anchored(order.anchor, days, phase, others), has_clock=True)
    return _on_days(order, days, phase, day_starts if order.every_hours or order.at else minute)


@lru_cache(maxsize=4096)
def _on_days(order: TemplateOrder, days: tuple[int, ...], phase: Phase, minute: int) -> tuple[Slot, ...]:
    """Remembered, because every cycle of a phase and every edit of the plan asks again."""
    starts: list[_Start] = [(phase.offset(day) * DAY + max(minute, 0), ()) for day in days]
    return _numbered(order, phase, starts, has_clock=minute >= 0)


def _numbered(order: TemplateOrder, phase: Phase, starts: list[_Start], has_clock: bool) -> tuple[Slot, ...]:
    found = [_slot(phase, start, has_clock, notes) for start, notes in _runs(order, starts)]
    return tuple(Slot(day, offset, minute, number, notes) for number, (day, offset, minute, notes) in enumerate(found))


def _runs(order: TemplateOrder, starts: list[_Start]) -> list[_Start]:
    """Each start as the doses it opens: a timed run, or the doses of the day."""
    if order.every_hours:
        step = order.every_hours * 60
        return [(start + step * number, notes) for start, notes in starts for number in range(order.dose_count)]
    if order.at:
        return [(start - start % DAY + minute, notes) for start, notes in starts for minute in order.at]
    if order.doses_per_day == 1:
        return starts
    count = order.doses_per_day
    return [
        (start, (*notes, f"dose {number + 1} of {count} this day"))
        for start, notes in starts
        for number in range(count)
    ]


def _slot(phase: Phase, start: int, has_clock: bool, notes: Notes) -> tuple[int, int, int, Notes]:
    offset, minute = divmod(start, DAY)
    clear = has_clock and not any(note.startswith("no clock time") for note in notes)
    return phase.day_at(offset), offset, minute if clear else NO_TIME, notes


def _anchored(
    anchor: TimeAnchor, days: tuple[int, ...], phase: Phase, others: Mapping[str, tuple[Slot, ...]]
) -> list[_Start]:
    """Minutes after the cycle's midnight at which the order starts, taken from the order it hangs on.

    Of several doses on one day the first leads what comes before it, the last what comes after.
    """
    target = next((one for one in phase.orders if one.id == anchor.order_id), None)
    length = 0
    if anchor.edge == "end" and target is not None and target.duration_h is not None:
        length = int(target.duration_h * 60)
    clear = [slot for slot in others.get(anchor.order_id, ()) if slot.minute >= 0]
    times = [slot.offset * DAY + slot.minute + length + anchor.minutes for slot in clear]
    on_day = {time // DAY: time for time in (reversed(times) if anchor.minutes < 0 else times)}
    wanted = [phase.offset(day) for day in days]
    return [
        (on_day[offset], ())
        if offset in on_day
        else (offset * DAY, (f"no clock time: no {anchor.order_id} to hang on",))
        for offset in wanted
    ]
