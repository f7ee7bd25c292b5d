"""What a reissued calendar marks, judged day by day by what a family reads on the older sheet (promises P10).

A family does not know which dose of a series is which: what is due on a day anyway is neither struck out nor new there.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from typing import NamedTuple

from planner.exports.sheets.changes import key_of
from planner.exports.wording.doses import NOT_TO_BE_GIVEN, is_drug, is_intrathecal
from planner.exports.wording.plain_words import home_amount, how_given, medicine_name, test_name
from planner.exports.wording.runs import is_weekly, pump_ends, pump_starts, spans
from planner.model.cycle_content import BY_TIME, State
from planner.model.difference import UNDATED, Difference
from planner.model.language import Words
from planner.model.schedule import PUMP_OFF, Event

Start = tuple[int, str]
"""A day, and the id of the block whose pump is put on then."""
Thing = tuple[str, str]
"""What is due on a day, and how it is given."""
UNMARKED = ("bag",)
"""Kinds of change that a family does not read on its days."""


class Due(NamedTuple):
    """One event as a family reads it. Changed is what differs in `detail`: how much, when, whether it is sure."""

    day: int
    thing: Thing
    detail: tuple[object, ...]
    is_due: bool
    event: Event


class Gone(NamedTuple):
    """What is struck out on a day of the older sheet, and where it is now in words; empty beside what replaces it.

    What went to one day stands together: "Changed: now on 17 December" stood below each of four names.
    """

    day: int
    names: tuple[str, ...]
    place: int
    now: tuple[str, ...]


class Reader:
    """Reads events as a family does, in one language; only what `concerns` it."""

    def __init__(self, words: Words, micrograms: str, concerns: Callable[[Event], bool]) -> None:
        self.words = words
        self._micrograms = micrograms
        self._concerns = concerns

    def read(self, event: Event, starts: Container[Start] = ()) -> Due:
        """The event in a family's words. Frames of daily medicines have no clock time.

        The first bag of a pump, on one of its `starts`, is its start to a family.
        """
        placed = event.placed
        minute = -1 if spans(placed) else event.minute
        unsure = event.state is State.PROVISIONAL
        if is_drug(placed):
            how = self.words.say("intrathecal") if is_intrathecal(placed) else how_given(placed, self.words)
            thing = medicine_name(placed, self.words), how
            detail: tuple[object, ...] = home_amount(event, self.words, self._micrograms), minute, unsure
        else:
            begins = placed.kind == "bag" and (event.day, placed.block.id) in starts
            name = self.words.say("pump_starts") if begins else test_name(placed, self.words)
            thing, detail = (name, ""), (minute, unsure)
        return Due(event.day, thing, detail, event.state not in NOT_TO_BE_GIVEN, event)

    def all(self, events: Sequence[Event]) -> Iterator[Due]:
        """All that stands on a sheet of these events, the ends of pumps included."""
        standing = [one for one in events if self._concerns(one)]
        starts = starts_of(standing)
        yield from (self.read(one, starts) for one in standing)
        for day, ended in pump_ends(standing).items():
            for last in ended:
                yield self.pump_end(day, last)

    def pump_end(self, day: int, last: Event) -> Due:
        """The end of a pump, whose last day's dose is given."""
        detail = last.minute, last.state is State.PROVISIONAL
        return Due(day, (self.words.term(PUMP_OFF), ""), detail, is_due=True, event=last)


def _is_marked(one: Difference) -> bool:
    """Whether a family reads it on its days; of what is only another kind of change there, where it moved as well."""
    moved = one.old is None or one.new is None or (one.old.day, one.old.minute) != (one.new.day, one.new.minute)
    return moved or one.what not in UNMARKED


def starts_of(events: Collection[Event]) -> frozenset[Start]:
    """The days on which pumps are put on."""
    return frozenset((one.day, one.placed.block.id) for one in pump_starts(events))


class Marks:
    """What is new on its day, and what is gone from it."""

    def __init__(self, events: Sequence[Event], changes: Sequence[Difference], reader: Reader) -> None:
        self._words, self._reader = reader.words, reader
        changed = {(id(one.old), id(one.new)): one for one in changes if _is_marked(one)}.values()
        self._became = {id(one.old): one.new for one in changed if one.old is not None}
        """By the identity of a changed event of the older plan, what it is now; None where it is gone."""
        self._unset = {id(one.old) for one in changed if one.what == UNDATED}
        self._starts = starts_of(events)
        self._now, self._left_out = _by_day(reader.all(events))
        self._older = tuple(reader.all(_events_before(events, changed)))
        self._before, _ = _by_day(self._older)
        self._days: dict[str, list[int]] = defaultdict(list)
        """The days on which an order is given now."""
        for event in events:
            if event.state not in NOT_TO_BE_GIVEN:
                self._days[event.placed.id].append(event.day)
        self._ends = {last.placed.id: day for day, ended in pump_ends(events).items() for last in ended}

    def is_new(self, event: Event) -> bool:
        """Whether the older sheet says something else of it on its day."""
        return self._differs(self._reader.read(event, self._starts))

    def is_new_end(self, day: int, last: Event) -> bool:
        """Whether the older sheet has no end of that pump on this day."""
        return self._differs(self._reader.pump_end(day, last))

    def changed(self, text: str) -> str:
        """The text with the word that the first page tells to look for."""
        return self._words.say("changed", name=text)

    def gone(self) -> Iterator[Gone]:
        """What the older sheet has on days on which it is not any more; once a day, whatever became of each dose."""
        found: dict[tuple[int, Thing], dict[str, None]] = defaultdict(dict)
        places: dict[tuple[int, Thing], int] = {}
        replaced: set[tuple[int, Thing]] = set()
        """Days of what another drug stands in for: of days in a row the first alone says so."""
        for due in self._older:
            here = due.day, due.thing
            if self._is_replaced(due):
                replaced.add(here)
                if (due.day - 1, due.thing) in replaced:
                    continue
            if id(due.event) in self._unset and not is_drug(due.event.placed):
                continue  # "stay near for four weeks" of the second cells holds since the first ones
            if due.is_due and due.thing not in self._now.get(due.day, ()) and here not in self._left_out:
                found[here][self._where(due)] = None
                places.setdefault(here, due.event.sequence)
        over = self._words.say("gone")
        together: dict[tuple[int, tuple[str, ...]], list[Thing]] = defaultdict(list)
        for (day, thing), told in found.items():
            dated = tuple(one for one in told if one not in ("", over))
            now = dated or (() if "" in told else (over,))
            if now:
                together[day, now].append(thing)
            else:
                yield Gone(day, (self._named(thing),), places[day, thing], ())
        for (day, now), things in together.items():
            yield Gone(day, tuple(map(self._named, things)), min(places[day, thing] for thing in things), now)

    def _is_replaced(self, due: Due) -> bool:
        """Whether another drug of every day is taken in its place on its day."""
        now = self._became.get(id(due.event))
        here = now is not None and now.day == due.day and now.state not in NOT_TO_BE_GIVEN
        return (
            now is not None and here and spans(now.placed) and self._reader.read(now, self._starts).thing != due.thing
        )

    def _named(self, thing: Thing) -> str:
        """What is struck out; into the spine says so, for the same drug may be due by vein that day."""
        name, how = thing
        spinal = how == self._words.say("intrathecal")
        return self._words.say("intrathecal_names", names=name) if spinal else name

    def _differs(self, due: Due) -> bool:
        before = self._before.get(due.day, {}).get(due.thing)
        if not due.is_due:
            return before is not None and due.thing not in self._now.get(due.day, ())
        return before is None or before[due.detail] != self._now[due.day][due.thing][due.detail]

    def _where(self, due: Due) -> str:
        """Where what was due on a day is now; empty where something else stands in its place on that day."""
        old, words = due.event, self._words
        days = self._days.get(old.placed.id, [])
        if due.day != old.day:  # the end of a pump
            end = self._ends.get(old.placed.id)
            return words.say("now_on", date=words.day(end)) if end else words.say("gone")
        if id(old) in self._unset:
            return words.say("no_day_set")
        now = self._became.get(id(old))
        if now is not None and now.state in NOT_TO_BE_GIVEN:
            now = None
        if now is not None and now.day == old.day:
            return ""
        if now is not None and self._reader.read(now, self._starts).thing != due.thing:
            return words.say("gone")  # "now on" another day sent a family to take it beside what replaces it
        if days and spans(old.placed) and not is_weekly(old.placed):
            # Of days in the middle that are put off, each named another single day.
            later = min((day for day in days if day > old.day), default=0)
            key, day = ("now_from", later) if later else ("now_until", days[-1])
            return words.say(key, date=words.day(day))
        day = now.day if now else self._next_bag(old)
        return words.say("now_on", date=words.day(day)) if day else words.say("gone")

    def _next_bag(self, old: Event) -> int:
        """The day on which the pump has a new bag instead, up to the next one of the older plan; else 0.

        Bags of other lengths have other numbers: the one of the day before read as taken out of the plan.
        """
        if old.placed.kind != "bag":
            return 0
        older = (one.day for one in self._older if one.event.placed.id == old.placed.id and one.day > old.day)
        following = min(older, default=0)
        later = (day for day in self._days.get(old.placed.id, ()) if day > old.day)
        return min((day for day in later if not following or day < following), default=0)


def _by_day(found: Iterable[Due]) -> tuple[dict[int, dict[Thing, Counter[object]]], set[tuple[int, Thing]]]:
    """What is due on each day, as often as each reads the same; and what is said to be left out on it."""
    due: dict[int, dict[Thing, Counter[object]]] = defaultdict(lambda: defaultdict(Counter))
    left_out: set[tuple[int, Thing]] = set()
    for one in found:
        if one.is_due:
            due[one.day][one.thing][one.detail] += 1
        else:
            left_out.add((one.day, one.thing))
    return {day: dict(things) for day, things in due.items()}, left_out


def _events_before(events: Sequence[Event], changed: Iterable[Difference]) -> list[Event]:
    """The events of the older plan: those that did not change, and what the others were."""
    new = Counter(key_of(one.new) for one in changed if one.new is not None)
    before = [one.old for one in changed if one.old is not None]
    for event in events:
        if new[key_of(event)]:
            new[key_of(event)] -= 1
        else:
            before.append(event)
    return sorted(before, key=BY_TIME)
