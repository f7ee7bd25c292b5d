"""What changed between two schedules: every event that moved, appeared, vanished or changed its dose."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from planner.model.civil import weekday_date
from planner.model.cycle_content import State
from planner.model.quantity import format_amount
from planner.model.schedule import Event, Schedule

LEFT_OUT = (State.OMITTED, State.STOPPED, State.HELD)


class Difference(NamedTuple):
    """One changed event: `what` is moved, appeared, vanished, agent, dose, bag or status.

    Its texts are made when they are read: an edit can move thousands of events, and only a few are ever shown.
    """

    what: str
    old: Event | None
    new: Event | None

    @property
    def _event(self) -> Event:
        event = self.new or self.old
        if event is None:
            raise ValueError("a difference needs an event on one side")
        return event

    @property
    def label(self) -> str:
        """Agent, cycle and day."""
        return self._event.label

    @property
    def order_id(self) -> str:
        """The placed order the event belongs to."""
        return self._event.placed.id

    @property
    def old_day(self) -> int:
        """The ordinal before; 0 for what appeared."""
        return self.old.day if self.old else 0

    @property
    def new_day(self) -> int:
        """The ordinal after; 0 for what vanished."""
        return self.new.day if self.new else 0

    @property
    def before(self) -> str:
        """What stood there, ready to read."""
        return self._text(self.old)

    @property
    def after(self) -> str:
        """What stands there now, ready to read."""
        return self._text(self.new)

    def _text(self, event: Event | None) -> str:
        if event is None:
            return ""
        if self.what == "moved":
            return weekday_date(event.day)
        if self.what == "dose":
            return dose_text(event) or "not set"
        if self.what == "agent":
            return f"{event.placed.agent_name} {dose_text(event)}".rstrip()
        if self.what == "bag":
            return event.note
        if self.what == "status":
            return str(event.state)
        return f"{weekday_date(event.day)} {dose_text(event)}".rstrip()


def differences(old: Schedule, new: Schedule) -> tuple[Difference, ...]:
    """Every difference in order of time. Same block, cycle, order, day number and count: same event."""
    before, after = _by_identity(old), _by_identity(new)
    found = [one for key, event in before.items() for one in _compare(event, after.get(key))]
    found += [Difference("appeared", None, event) for key, event in after.items() if key not in before]
    return tuple(sorted(found, key=_place))


def dose_text(event: Event) -> str:
    """The single dose with its unit, or an empty text where there is none."""
    if event.dose is None or event.dose.value is None:
        return ""
    return format_amount(event.dose.value, event.dose.unit)


def _place(one: Difference) -> tuple[int, str, str]:
    return max(one.old_day, one.new_day), one.order_id, one.what


def _by_identity(schedule: Schedule) -> dict[tuple[str, int, int], Event]:
    seen: dict[tuple[str, int], int] = defaultdict(int)
    found = {}
    for event in schedule.events:
        key = (event.placed.id, event.cycle_day)
        found[(*key, seen[key])] = event
        seen[key] += 1
    return found


def _compare(old: Event, new: Event | None) -> Iterator[Difference]:
    if new is None:
        yield Difference("vanished", old, None)
        return
    if old.day != new.day or old.minute != new.minute:
        yield Difference("moved", old, new)
    if old.placed.agent != new.placed.agent:
        yield Difference("agent", old, new)
    elif old.dose is not new.dose and _dose(old) != _dose(new):
        yield Difference("dose", old, new)
    if old.placed.kind == "bag" and old.end_day - old.day != new.end_day - new.day:
        yield Difference("bag", old, new)
    if old.state is not new.state and _standing(old) != _standing(new):
        yield Difference("status", old, new)


def _dose(event: Event) -> tuple[object, str]:
    return (event.dose.value, event.dose.unit) if event.dose else (None, "")


def _standing(event: Event) -> tuple[bool, bool]:
    return event.state in LEFT_OUT, event.state is State.PROVISIONAL
