"""Days and clock times of one order within its cycle."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from planner.model.protocol import Phase, TemplateOrder, TimeAnchor

DAY = 24 * 60
NO_TIME = -1
USUAL_START = 9 * 60
"""When the treatment days start by which protocols number the days of what hangs on another order."""

Notes = tuple[str, ...]
"""What is to be said of a time, part by part."""


class _Start(NamedTuple):
    """Minutes after the cycle's midnight, by the site's clock and by that of usual days; what is said of them."""

    at: int
    usual: int
    notes: Notes = ()


def filled(*notes: str) -> Notes:
    """Those of the notes that say something."""
    return tuple(filter(None, notes))


class Slot(NamedTuple):
    """When one administration falls: its day number, days after the cycle's first day, minute of the day (-1: none).

    `number` counts the administrations of the order in its cycle from 0; `usual` are the minutes from the cycle's
    midnight at which it would fall on a treatment day that starts at `USUAL_START`.
    """

    day: int
    offset: int
    minute: int
    number: int
    notes: tuple[str, ...] = ()
    usual: int = 0


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
    midnights = [phase.offset(day) * DAY for day in days]
    starts = [_Start(at + max(minute, 0), at + (USUAL_START if minute >= 0 else 0)) for at in midnights]
    return _numbered(order, phase, starts, has_clock=minute >= 0)


def _numbered(order: TemplateOrder, phase: Phase, starts: list[_Start], has_clock: bool) -> tuple[Slot, ...]:
    return tuple(_slot(phase, start, has_clock, number) for number, start in enumerate(_runs(order, starts)))


def _runs(order: TemplateOrder, starts: list[_Start]) -> list[_Start]:
    """Each start as the doses it opens: a timed run, or the doses of the day."""
    if order.every_hours:
        steps = [order.every_hours * 60 * number for number in range(order.dose_count)]
        return [_Start(one.at + step, one.usual + step, one.notes) for one in starts for step in steps]
    if order.at:
        own = [(one.usual - one.usual % DAY + minute, one.notes) for one in starts for minute in order.at]
        return [_Start(at, at, notes) for at, notes in own]
    if order.doses_per_day == 1:
        return starts
    count = order.doses_per_day
    return [
        one._replace(notes=(*one.notes, f"dose {number + 1} of {count} this day"))
        for one in starts
        for number in range(count)
    ]


def _slot(phase: Phase, start: _Start, has_clock: bool, number: int) -> Slot:
    offset, minute = divmod(start.at, DAY)
    clear = has_clock and not any(note.startswith("no clock time") for note in start.notes)
    return Slot(phase.day_at(offset), offset, minute if clear else NO_TIME, number, start.notes, start.usual)


def _anchored(
    anchor: TimeAnchor, days: tuple[int, ...], phase: Phase, others: Mapping[str, tuple[Slot, ...]]
) -> list[_Start]:
    """When the order starts, taken from the order it hangs on.

    The protocol numbers its days by the usual treatment day; where the site's starts at another hour, what hangs on it
    falls as much sooner or later, over midnight if need be. Of several doses on one day the first leads what comes
    before it, the last what comes after.
    """
    target = next((one for one in phase.orders if one.id == anchor.order_id), None)
    away = anchor.minutes
    if anchor.edge == "end" and target is not None and target.duration_h is not None:
        away += int(target.duration_h * 60)
    clear = [slot for slot in others.get(anchor.order_id, ()) if slot.minute >= 0]
    # by time, because the runs of timed doses that an order opens day after day may overlap
    led = sorted(_Start(slot.offset * DAY + slot.minute + away, slot.usual + away) for slot in clear)
    on_day = {start.usual // DAY: start for start in (reversed(led) if anchor.minutes < 0 else led)}
    missing = (f"no clock time: no {anchor.order_id} to hang on",)
    wanted = [phase.offset(day) for day in days]
    return [on_day.get(offset) or _Start(offset * DAY, offset * DAY, missing) for offset in wanted]
