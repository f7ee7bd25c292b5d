"""A plan as a calendar file (iCalendar, RFC 5545) for calendar programs. No name and no id of the patient is in it.

What is given once a day with the same dose on days without a gap is one entry over those days; everything else is an
entry of its own. Clock times are floating: they mean the clock on the wall where the patient is.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from planner.exports.files.standing import disclaimer, orders_as_due, standing
from planner.exports.wording.doses import is_drug, route_words
from planner.exports.wording.order_words import event_name
from planner.exports.wording.pumps import bag_of
from planner.exports.wording.text import NO_DAY
from planner.model.cycle_content import State
from planner.model.difference import dose_text
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.kept import NOT_OUT, kept_words
from planner.model.schedule import Event

LONGEST_LINE = 75
"""Octets of a line before it is folded (RFC 5545, 3.1)."""
STATUSES = {
    State.PROVISIONAL: "TENTATIVE",
    State.HELD: "CANCELLED",
    State.OMITTED: "CANCELLED",
    State.STOPPED: "CANCELLED",
}


class _Entry(NamedTuple):
    """Events that stand in one entry: the same order, dose and state, on days without a gap."""

    first: Event
    last_day: int
    a_day: int


def schedule_ics(evaluated: EvaluatedPlan, version: str, stamp: datetime) -> str:
    """The calendar as text with CRLF line ends. `version` is the plan's version code, `stamp` a moment in UTC."""
    told = disclaimer(evaluated, version)
    title = "DEMO treatment plan" if evaluated.plan.demo else "Treatment plan"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Regimap//Treatment plan//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(title)}",
        f"X-WR-CALDESC:{_text(told)}",
    ]
    used: dict[str, int] = {}
    for entry in _entries(evaluated):
        name = _name(entry, evaluated.plan.id)
        used[name] = used.get(name, 0) + 1
        number = f"-{used[name]}" if used[name] > 1 else ""
        lines += _event(entry, f"{name}{number}@regimap", told, stamp)
    return "".join(f"{_folded(line)}\r\n" for line in (*lines, "END:VCALENDAR"))


def _entries(evaluated: EvaluatedPlan) -> Iterator[_Entry]:
    """Entries in order of their first day."""
    found: list[_Entry] = []
    for events in orders_as_due(evaluated):
        by_day: dict[int, list[Event]] = {}
        for event in events:
            by_day.setdefault(event.day, []).append(event)
        for day, here in by_day.items():
            found = _joined(found, here, day)
    return iter(sorted(found, key=lambda one: one.first[:3]))


def _joined(found: list[_Entry], here: list[Event], day: int) -> list[_Entry]:
    """The day's events as entries; one that only goes on from the day before lengthens that entry."""
    first, alike = here[0], all(_same(event, here[0]) for event in here)
    last = found[-1] if found else None
    if not alike or any(event.minute >= 0 for event in here):
        return [*found, *(_Entry(event, day, 1) for event in here)]
    if (
        last is not None
        and last.first.placed is first.placed
        and (last.last_day, last.a_day) == (day - 1, len(here))
        and last.first.minute < 0
        and _same(last.first, first)
    ):
        return [*found[:-1], last._replace(last_day=day)]
    return [*found, _Entry(first, day, len(here))]


def _same(one: Event, other: Event) -> bool:
    return (dose_text(one), one.state) == (dose_text(other), other.state)


def _name(entry: _Entry, plan_id: str) -> str:
    """The same for the same entry of a later version, so that a calendar replaces it."""
    return f"{plan_id}-{entry.first.placed.id}-{entry.first.cycle_day}".replace("/", "-").replace(" ", "-")


def _event(entry: _Entry, uid: str, told: str, stamp: datetime) -> list[str]:
    event, placed = entry.first, entry.first.placed
    times = "" if entry.a_day == 1 else f" × {entry.a_day} a day"
    amount = f" {dose_text(event)}{times}" if dose_text(event) else ""
    # In the title, because a calendar shows no more: methotrexate into the spine is another dose than into a vein.
    bag = bag_of(event)
    name = f"{event_name(placed)}: {bag.number}" if bag else placed.agent_name
    route = f" {route_words(placed.route)}" if placed.route and (bag or is_drug(placed)) else ""
    lacking = ", enter dose" if event.dose is not None and not dose_text(event) else ""
    state = standing(event)  # held without a day: a calendar that has the day of an earlier version takes it back
    left_out = f" ({NO_DAY if placed.block.waits else state})" if state in STATUSES else ""
    left_out += f" ({NOT_OUT})" if kept_words(event) else ""
    days = f"C{placed.cycle} D{event.cycle_day}"
    if entry.last_day > event.day:
        days += f", {entry.last_day - event.day + 1} days"
    words = [f"{placed.block.title} {days}", event.note, told]
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(uid)}",
        f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
        *_times(entry),
        f"SUMMARY:{_text(f'{name}{amount}{route}{lacking}{left_out}')}",
        f"DESCRIPTION:{_text('; '.join(filter(None, words)))}",
        f"STATUS:{STATUSES.get(state, 'CONFIRMED')}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _times(entry: _Entry) -> list[str]:
    event = entry.first
    if event.minute < 0:
        return [
            f"DTSTART;VALUE=DATE:{event.date:%Y%m%d}",
            f"DTEND;VALUE=DATE:{date.fromordinal(entry.last_day + 1):%Y%m%d}",
        ]
    starts = datetime.combine(event.date, datetime.min.time()) + timedelta(minutes=event.minute)
    lines = [f"DTSTART:{starts:%Y%m%dT%H%M%S}"]
    if event.end_day >= 0:
        ends = datetime.combine(date.fromordinal(event.end_day), datetime.min.time())
        lines.append(f"DTEND:{ends + timedelta(minutes=event.end_minute):%Y%m%dT%H%M%S}")
    return lines


def _text(words: str) -> str:
    """Text as RFC 5545 escapes it; other control characters have no place in it and go."""
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    escaped = escaped.replace("\r\n", "\\n").replace("\n", "\\n")
    return "".join(sign for sign in escaped if sign >= " " and sign != "\x7f")


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, never inside a character."""
    pieces, piece, size = [], "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > LONGEST_LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece += sign
        size += octets
    return "\r\n".join([*pieces, piece])
