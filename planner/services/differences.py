"""What changed between two schedules: every event that moved, appeared, vanished or changed its dose."""

from collections import defaultdict
from dataclasses import dataclass

from planner.model.civil import weekday_date
from planner.model.quantity import format_amount
from planner.model.schedule import Event, Schedule, State


@dataclass(frozen=True, slots=True)
class Difference:
    """One changed event. `what` is moved, appeared, vanished, dose or status; texts are ready to read."""

    what: str
    label: str
    order_id: str
    before: str
    after: str
    old_day: int
    new_day: int


def differences(old: Schedule, new: Schedule) -> tuple[Difference, ...]:
    """Every difference in order of time. Same block, cycle, order, day number and count: same event."""
    before, after = _by_identity(old), _by_identity(new)
    found = []
    for key in before.keys() | after.keys():
        found += _compare(before.get(key), after.get(key))
    return tuple(sorted(found, key=lambda one: (max(one.old_day, one.new_day), one.order_id, one.what)))


def _by_identity(schedule: Schedule) -> dict[tuple[str, int, int], Event]:
    seen: dict[tuple[str, int], int] = defaultdict(int)
    found = {}
    for event in schedule.events:
        key = (event.placed.id, event.cycle_day)
        found[(*key, seen[key])] = event
        seen[key] += 1
    return found


def _compare(old: Event | None, new: Event | None) -> list[Difference]:
    if old is None and new is not None:
        return [Difference("appeared", new.label, new.placed.id, "", _text(new), 0, new.day)]
    if new is None and old is not None:
        return [Difference("vanished", old.label, old.placed.id, _text(old), "", old.day, 0)]
    if old is None or new is None:
        return []
    found = []
    if (old.day, old.minute) != (new.day, new.minute):
        found.append(_difference("moved", old, new, weekday_date(old.day), weekday_date(new.day)))
    if dose_text(old) != dose_text(new):
        found.append(_difference("dose", old, new, dose_text(old) or "not set", dose_text(new) or "not set"))
    if _left_out(old) != _left_out(new) or _provisional(old) != _provisional(new):
        found.append(_difference("status", old, new, str(old.state), str(new.state)))
    return found


def _difference(what: str, old: Event, new: Event, before: str, after: str) -> Difference:
    return Difference(what, new.label, new.placed.id, before, after, old.day, new.day)


def _left_out(event: Event) -> bool:
    return event.state in (State.OMITTED, State.STOPPED, State.HELD)


def _provisional(event: Event) -> bool:
    return event.state is State.PROVISIONAL


def dose_text(event: Event) -> str:
    """The single dose with its unit, or an empty text where there is none."""
    if event.dose is None or event.dose.value is None:
        return ""
    return format_amount(event.dose.value, event.dose.unit)


def _text(event: Event) -> str:
    return f"{weekday_date(event.day)} {dose_text(event)}".rstrip()
