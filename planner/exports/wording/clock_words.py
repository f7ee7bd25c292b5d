"""What a change of the clocks does to doses that are timed by hours: the wall clock stays, the hours between do not."""

from collections.abc import Iterator, Mapping, Sequence

from planner.model.civil import clock, weekday_date
from planner.model.clock_change import HOUR, ClockChange, clock_changes
from planner.model.language import glued
from planner.model.protocol import TemplateOrder
from planner.model.schedule import Event

DAY = 24 * HOUR
DOUBTFUL = range(HOUR, 3 * HOUR)
"""Minutes of the night of a change that exist twice or not at all, by the place."""

Timed = Mapping[tuple[str, int, str], Sequence[Event]]
"""Block, cycle and order -> the doses that have a clock time, in order of time."""


def timed(events: Sequence[Event]) -> Timed:
    """The doses that others may be timed by."""
    found: dict[tuple[str, int, str], list[Event]] = {}
    for event in events:
        if event.minute >= 0 and event.placed.kind != "bag":
            found.setdefault((event.placed.block.id, event.placed.cycle, event.placed.order.id), []).append(event)
    return found


def clock_words(event: Event, others: Timed, rule: str) -> Iterator[str]:
    """Sentences on changes of the clocks while a dose runs, and since the dose that it is timed by.

    `rule` is the clinic's of clock_change.CLOCK_CHANGES; where nobody chose one, both are asked, and the sentence says
    "if". Nothing is said of bags, which have a sheet of their own.
    """
    if event.minute < 0 or event.placed.kind == "bag":
        return
    for one in (rule,) if rule else ("eu", "us"):
        if event.end_minute >= 0:
            for change in clock_changes(one, _at(event), (event.end_day, event.end_minute)):
                hours = (_minutes(event.end_day, event.end_minute) - _minutes(*_at(event))) / HOUR
                over = _moment(_minutes(event.end_day, event.end_minute) + change.minutes, event.end_day)
                yield f"{_going(change, rule)}: the {hours:g} h are over at {over}"
        since = _since(event, others)
        if since:
            for change in clock_changes(one, _at(since), _at(event)):
                yield f"{_going(change, rule)}: {_elapsed(event, since, change)}"
        if any(event.day == change.day and event.minute in DOUBTFUL for change in _of_day(one, event.day)):
            yield f"The clocks change in this very night: agree on the hour that is meant by {clock(event.minute)}"


def _elapsed(event: Event, since: Event, change: ClockChange) -> str:
    """How many hours have really passed, and by when as many as planned have."""
    planned = (_minutes(*_at(event)) - _minutes(*_at(since))) / HOUR
    real = planned - change.minutes / HOUR
    after = _moment(_minutes(*_at(event)) + change.minutes, event.day)
    of_it = "the dose before" if since.placed.id == event.placed.id else since.placed.agent_name
    return (
        f"{real:g} h, not {planned:g} h, lie between the start of {of_it} and this; {planned:g} h are over at {after}"
    )


def _since(event: Event, others: Timed) -> Event | None:
    """The dose by which this one is timed: the last one begun of the order it hangs on, or of its own run of doses."""
    order = event.placed.order
    if not isinstance(order, TemplateOrder) or (order.anchor and order.anchor.minutes < 0):
        return None
    name = order.anchor.order_id if order.anchor else order.id if order.every_hours else ""
    doses = others.get((event.placed.block.id, event.placed.cycle, name), ())
    return next((one for one in reversed(doses) if _at(one) < _at(event)), None)


def _going(change: ClockChange, rule: str) -> str:
    moved = "forward" if change.minutes > 0 else "back"
    day = glued(weekday_date(change.day))
    return (
        f"Clocks go {moved} on {day}" if rule else f"If clocks go {moved} here on {day} (nobody chose in the settings)"
    )


def _of_day(rule: str, day: int) -> tuple[ClockChange, ...]:
    return clock_changes(rule, (day, 0), (day, DAY))


def _moment(minutes: int, shown: int) -> str:
    day, minute = divmod(minutes, DAY)
    return clock(minute) if day == shown else glued(f"{clock(minute)} on {weekday_date(day)}")


def _at(event: Event) -> tuple[int, int]:
    return event.day, event.minute


def _minutes(day: int, minute: int) -> int:
    return day * DAY + minute
