"""What changed between two schedules: every event that moved, appeared, vanished or changed its dose."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain

from planner.model.cycle_content import State
from planner.model.difference import Difference
from planner.model.schedule import Event, PlacedContent, Schedule

LEFT_OUT = (State.OMITTED, State.STOPPED, State.HELD)
TREATING = ("antineoplastic", "cell therapy")
GOING_WITH = ("premedication", "rescue")
"""Roles of what is given because something else is."""


def differences(old: Schedule, new: Schedule) -> tuple[Difference, ...]:
    """Every difference in order of time. Same block, cycle, order, day number and count: same event."""
    found = [one for pair in _changed_pieces(old, new) for one in _between(*pair)]
    return tuple(sorted(found, key=_place))


def first_differences(old: Schedule, new: Schedule, number: int) -> tuple[Difference, ...]:
    """The first so many of the differences. Of cycles that come later no event is looked at."""
    found: list[Difference] = []
    for pair in sorted(_changed_pieces(old, new), key=_begins):
        known = sorted(found, key=_place)[:number]
        if len(known) == number and _place(known[-1])[0] < _begins(pair):
            break
        found = [*known, *_between(*pair)]
    return tuple(sorted(found, key=_place)[:number])


def left_behind(old: Schedule, new: Schedule) -> tuple[Event, ...]:
    """What goes with treatment and stays planned on days on which a treatment is now left out, in order of time."""
    found = []
    for was, now in _changed_pieces(old, new):
        if was is None or now is None or was.content is now.content:
            continue
        before, after = _standing_by_day(was), _standing_by_day(now)
        for day, events in after.items():
            treated = {one.placed.order.id for one in before.get(day, ()) if one.placed.role in TREATING}
            if treated - {one.placed.order.id for one in events if one.placed.role in TREATING}:
                found += [one for one in events if one.placed.role in GOING_WITH]
    return tuple(sorted(found, key=lambda one: one[:3]))


def _standing_by_day(piece: PlacedContent) -> dict[int, list[Event]]:
    """The events of a cycle that are to be given, by the protocol's day number."""
    days: dict[int, list[Event]] = {}
    for event in chain.from_iterable(piece.orders):
        if event.state not in LEFT_OUT and event.dose is not None:
            days.setdefault(event.cycle_day, []).append(event)
    return days


def counts(old: Schedule, new: Schedule) -> Mapping[str, int]:
    """How many differences there are of each sort. In cycles that only moved no event is looked at."""
    found: Counter[str] = Counter()
    for before, after in _changed_pieces(old, new):
        if before and after and before.content is after.content:
            found["moved"] += after.content.count
        else:
            found.update(one.what for one in _between(before, after))
    return found


def _place(one: Difference) -> tuple[int, str, str]:
    what, old, new = one
    if old is None or new is None:
        return max(one.old_day, one.new_day), one.order_id, what
    return max(old.day, new.day), new.placed.id, what


def _begins(pair: tuple[PlacedContent | None, PlacedContent | None]) -> int:
    """A day before which no difference of the pair stands."""
    return max(piece.first_day for piece in pair if piece is not None)


def _changed_pieces(old: Schedule, new: Schedule) -> Iterator[tuple[PlacedContent | None, PlacedContent | None]]:
    """The cycles, before and after, that do not stand as they stood."""
    before = {(piece.block.id, piece.cycle): piece for piece in old.pieces}
    for piece in new.pieces:
        was = before.pop((piece.block.id, piece.cycle), None)
        if was is None or was.content is not piece.content or was.start != piece.start:
            yield was, piece
    for was in before.values():
        yield was, None


def _between(old: PlacedContent | None, new: PlacedContent | None) -> Iterator[Difference]:
    if old and new and old.content is new.content:
        for were, are in zip(old.orders, new.orders, strict=True):
            yield from (Difference("moved", was, now) for was, now in zip(were, are, strict=True))
        return
    before, after = _by_identity(old), _by_identity(new)
    for key, event in before.items():
        yield from _compare(event, after.get(key))
    for key, event in after.items():
        if key not in before:
            yield Difference("appeared", None, event)


def _by_identity(piece: PlacedContent | None) -> dict[tuple[str, int, int], Event]:
    seen: Counter[tuple[str, int]] = Counter()
    found: dict[tuple[str, int, int], Event] = {}
    for event in chain.from_iterable(piece.orders) if piece else ():
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
