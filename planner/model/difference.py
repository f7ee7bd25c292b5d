"""One event that differs between two schedules."""

from typing import NamedTuple

from planner.model.civil import clock, weekday_date
from planner.model.quantity import format_amount
from planner.model.schedule import Event

UNDATED = "undated"
"""What becomes of an event that an answer put off until nobody knows when."""


class Difference(NamedTuple):
    """One changed event: `what` is moved, appeared, vanished, undated, agent, dose, bag or status.

    Its texts are made when they are read: an edit can move thousands of events, and only a few are ever shown.
    """

    what: str
    old: Event | None
    new: Event | None

    @property
    def event(self) -> Event:
        """The event as it is now, or as it was where it is gone."""
        event = self.new or self.old
        if event is None:
            raise ValueError("a difference needs an event on one side")
        return event

    @property
    def label(self) -> str:
        """Agent, cycle and day."""
        return self.event.label

    @property
    def cycle_day(self) -> int:
        """The number the protocol gives the day."""
        return self.event.cycle_day

    @property
    def is_dose(self) -> bool:
        """Whether it is something given, no examination or question."""
        return self.event.dose is not None

    @property
    def order_id(self) -> str:
        """The placed order the event belongs to."""
        return self.event.placed.id

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
            return weekday_date(event.day) if self.old_day != self.new_day else clock(event.minute) or "no time"
        if self.what == "dose":
            return dose_text(event) or "not set"
        if self.what == "agent":
            return f"{event.placed.agent_name} {dose_text(event)}".rstrip()
        if self.what == "bag":
            return event.note
        if self.what == "status":
            return str(event.state)
        return f"{weekday_date(event.day)} {dose_text(event)}".rstrip()


def dose_text(event: Event) -> str:
    """The single dose with its unit, or an empty text where there is none."""
    if event.dose is None or event.dose.value is None:
        return ""
    return format_amount(event.dose.value, event.dose.unit)
