"""What a patient's day holds, in plain words: single items, spans of daily medicines, and the day's number."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from planner.exports.sheets.changes_part import Key, key_of
from planner.exports.sheets.sheet import Line
from planner.exports.wording.doses import NOT_TO_BE_GIVEN, is_drug, is_intrathecal
from planner.exports.wording.plain_words import (
    STATES,
    day_label,
    home_amount,
    how_given,
    medicine_name,
    once_a_week,
    test_name,
    times_a_day,
)
from planner.exports.wording.runs import DayDoses, Run, is_weekly, lasts_unsaid, spans, split_runs
from planner.exports.wording.text import sentence
from planner.model.cycle_content import State
from planner.model.difference import Difference
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.language import Words, glued
from planner.model.plan import Hold
from planner.model.protocol import TO_ENTER, TemplateAssessment
from planner.model.schedule import Event, PlacedBlock
from planner.model.timeline import Bar

MARKED = ("moved", "vanished", "appeared", "dose", "agent", "status")
"""Kinds of change that a patient's calendar marks."""


class SpanWords(Struct, frozen=True):
    """A daily medicine as one frame over its days."""

    text: str
    ticks: int
    provisional: bool


class _Item(Struct, frozen=True):
    """One thing on one day. Things given in the same way (`how`) stand under one heading.

    `provisional` things stand after the others, each in the order of the protocol. `once` things that are called the
    same (blood tests, decisions) are one to the patient; each dose has its own box.
    """

    line: Line
    order: int
    how: str = ""
    provisional: bool = False
    once: bool = False


class DayWork:
    """The whole plan by day, in the words of the calendar."""

    def __init__(self, evaluated: EvaluatedPlan, words: Words) -> None:
        self._words = words
        self._blocks = evaluated.schedule.blocks
        self._counted: dict[int, list[tuple[Bar, int | None]]] = defaultdict(list)
        """The cycles that cover a day, with the day's number in each; none on a day that a delay put between two."""
        for bar in (bar for lane in evaluated.timeline.lanes for bar in lane.bars if bar.form == "cycle"):
            for day in range(bar.start, bar.end):
                self._counted[day].append((bar, bar.day_number(day)))
        self._numbers: dict[int, str] = {}
        self._items: dict[int, list[_Item]] = defaultdict(list)
        self._spans: list[SpanWords] = []
        self._spans_on: dict[int, list[int]] = defaultdict(list)
        self._unsaid: set[int] = set(_on_hold(evaluated))
        self._unsure: dict[range, bool] = {}
        """What `is_provisional` found: it is asked for each day of a month."""

    def add_unsaid(self, event: Event) -> None:
        """Keep the days on which treatment may fall that the plan does not hold.

        These are all days of the cycle where something of it is still to be entered (up to the block's end where the
        protocol says so in one cycle alone), and those after the one day of a drug given for nobody knows how long.
        """
        placed, order = event.placed, event.placed.order
        cycle = next((one for one in placed.block.cycles if one.number == placed.cycle), None)
        if cycle is None or event.state in NOT_TO_BE_GIVEN:
            return
        if isinstance(order, TemplateAssessment) and order.topic == TO_ENTER:
            alone = order.cycles == (cycle.number,)
            self._unsaid.update(range(cycle.start, placed.block.end if alone else cycle.end))
        elif lasts_unsaid(placed):
            self._unsaid.update(range(event.day + 1, cycle.end))

    def add_before(self) -> None:
        """Keep the days before the first block as days on which treatment may fall: what comes before is not planned.

        Some of what belongs to a block stands there (medicines to stop before cells are collected), none of the
        treatment that goes on until it begins.
        """
        if self._blocks and self._items:
            begins = min(block.start for block in self._blocks)
            self._unsaid.update(range(min(*self._items, begins), begins))

    @property
    def has_unsaid(self) -> bool:
        """Whether there are days without anything of the plan on which something may be given all the same."""
        return any(day not in self._items and day not in self._spans_on for day in self._unsaid)

    def rests_on(self, day: date) -> bool:
        """Whether nothing falls on the day, and the plan knows it."""
        ordinal = day.toordinal()
        nothing = ordinal not in self._unsaid and not self._items.get(ordinal) and not self._spans_on.get(ordinal)
        return nothing and not self._starting(day)

    def nothing_on(self, day: date) -> Line:
        """What a day says on which nothing of the plan falls."""
        return Line(self._words.say("ask_day" if day.toordinal() in self._unsaid else "no_treatment"))

    def add_number(self, event: Event) -> None:
        """Keep the day's number as the protocol says it, for days in no cycle (Day −2 before a part begins)."""
        if event.day in self._numbers or event.day in self._counted:
            return
        block = event.placed.block
        title, cycle = short_title(block, self._words), event.placed.cycle
        label = day_label(title, len(block.cycles), cycle, event.cycle_day, self._words, alone=False)
        self._numbers[event.day] = label

    def add_item(self, day: int, item: _Item) -> None:
        """Add a thing to its day."""
        here = self._items[day]
        if not (item.once and any(one.line == item.line and one.provisional == item.provisional for one in here)):
            here.append(item)

    def add_span(self, words: SpanWords, days: Sequence[int]) -> None:
        """A span of these days; it joins one of the same words that ends the day before."""
        for number in self._spans_on.get(days[0] - 1, []):
            if self._spans[number] == words:
                break
        else:
            number = len(self._spans)
            self._spans.append(words)
        for day in days:
            self._spans_on[day].append(number)

    @property
    def has_spans(self) -> bool:
        """Whether anything comes daily."""
        return bool(self._spans)

    def spans_on(self, day: date) -> list[int]:
        """Numbers of the spans that cover the day."""
        return self._spans_on.get(day.toordinal(), [])

    def span_words(self, number: int) -> SpanWords:
        return self._spans[number]

    def is_provisional(self, first: date, following: date) -> bool:
        """Whether all that stands between two days (the second not included) hangs on a decision."""
        days = range(first.toordinal(), following.toordinal())
        if days not in self._unsure:
            found = [item.provisional for day in days for item in self._items.get(day, ())]
            found += [self._spans[span].provisional for day in days for span in self._spans_on.get(day, ())]
            self._unsure[days] = bool(found) and all(found)
        return self._unsure[days]

    def lines_on(self, day: date, told: bool, daily: Sequence[Line] = ()) -> tuple[tuple[Line, ...], bool]:
        """The day's lines, starts of parts first, and whether all of its items are provisional.

        `told` leaves out the words for provisional items, where the month says them once for all. `daily` medicines
        that are sure stand before what is provisional: nothing sure is read as hanging on a decision.
        """
        items = sorted(self._items.get(day.toordinal(), ()), key=attrgetter("order"))
        intrathecal = self._words.say("intrathecal")
        sure = [item for item in items if not item.provisional]
        unsure = [item for item in items if item.provisional]
        above = (Line(self._words.say("confirms")),) if unsure and not told else ()
        lines = (
            *(Line(text, "strong") for text in self._starting(day)),
            *_under_headings(sure, intrathecal),
            *daily,
            *above,
            *_under_headings(unsure, intrathecal, above),
        )
        return lines, bool(items) and not sure

    def label(self, day: date) -> str:
        """The day's number in its part of the plan; all of them where parts run at the same time."""
        ordinal = day.toordinal()
        covering = self._counted.get(ordinal, ())
        here = [(bar, number) for bar, number in covering if number is not None]
        labels = []
        for bar, number in here:
            block = self._block(bar.block)
            cycle = int(bar.id.rsplit("/", 1)[1])
            many, title = max(len(block.cycles), cycle), short_title(block, self._words)
            labels.append(day_label(title, many, cycle, number, self._words, alone=len(here) == 1))
        # On a day that a delay put between two numbered days nothing is counted.
        return ", ".join(labels) or ("" if covering else self._numbers.get(ordinal, ""))

    def running(self, first: date, following: date) -> list[str]:
        """The parts of the plan that run between two days, as one line: names with first and last day."""
        texts = []
        for block in self._blocks:
            if block.start < following.toordinal() and block.end > first.toordinal():
                begin, end = self._words.day(block.begins), self._words.day(block.end - 1)
                title = self._words.title(block.title)
                texts.append(self._words.say("span", part=title, first=begin, last=end))
        return [" · ".join(texts)] if texts else []

    def _starting(self, day: date) -> list[str]:
        begun = [block for block in self._blocks if block.begins == day.toordinal()]
        return [self._words.say("starts", part=short_title(block, self._words)) for block in begun]

    def _block(self, block_id: str) -> PlacedBlock:
        return next(block for block in self._blocks if block.id == block_id)


def _on_hold(evaluated: EvaluatedPlan) -> Iterator[int]:
    """The days on which a block on hold may be given once it goes on, and all days of the blocks that wait for it."""
    held = {
        one.block
        for one in evaluated.plan.modifications
        if isinstance(one, Hold) and not one.order and one.until is None
    }
    for block in evaluated.schedule.blocks:
        if block.hold:
            yield from range(block.start, block.end)
        elif block.id in held:
            events = (one for one in evaluated.schedule.events if one.placed.block.id == block.id)
            since = min((one.day for one in events if one.state is State.HELD), default=block.end)
            yield from range(since, block.end)


def _under_headings(items: Sequence[_Item], strong: str, above: tuple[Line, ...] = ()) -> list[Line]:
    """The items in order, those given in the same way together, the heading `strong` in bold; all under `above`."""
    lines: list[Line] = []
    for how in dict.fromkeys(item.how for item in items):
        heads = above
        if how:
            heads = (*above, Line(how, "strong" if how == strong else "body", under=above))
            lines.append(heads[-1])
        lines += [replace(item.line, under=heads) for item in items if item.how == how]
    return lines


def short_title(block: PlacedBlock, words: Words) -> str:
    """The block's name where there is little room."""
    return words.title(block.phase.short or block.title)


def add_changes(work: DayWork, changes: Sequence[Difference], words: Words) -> None:
    """Mark on their days what is no longer there (struck out, with the new date) and what is new (promises P10).

    Daily medicines say it in their frames (`changed_keys`); one that is gone from a day is struck out there.
    """
    told: set[Key] = set()
    for one in changes:
        if one.what not in MARKED or (one.what == "moved" and one.old_day == one.new_day):
            continue
        old, new = one.old, one.new
        daily = spans(one.event.placed)
        if old is not None and (new is None or (new.day != old.day and not daily)):
            work.add_item(old.day, _Item(Line(_name(one, words), "struck"), old.sequence))
            if new is not None:
                work.add_item(old.day, _Item(Line(words.say("now_on", date=words.day(new.day))), old.sequence))
        if new is not None and not daily and key_of(new) not in told:
            told.add(key_of(new))
            work.add_item(
                new.day, _Item(Line(words.say("changed", name=_name(one, words)), "strong"), new.sequence - 1)
            )


def changed_keys(changes: Sequence[Difference]) -> frozenset[Key]:
    """The events of now that a reader of the older sheet does not expect."""
    return frozenset(key_of(one.new) for one in changes if one.new is not None and one.what in MARKED)


def _name(one: Difference, words: Words) -> str:
    placed = one.event.placed
    return medicine_name(placed, words) if is_drug(placed) else test_name(placed, words)


def day_works(evaluated: EvaluatedPlan, words: Words, micrograms: str, changes: Sequence[Difference] = ()) -> DayWork:
    """Sort every event of the plan into days and spans; `changes` are marked."""
    changed = changed_keys(changes)
    work = DayWork(evaluated, words)
    by_order: dict[str, list[Event]] = defaultdict(list)
    intrathecal: dict[tuple[int, State], list[Event]] = defaultdict(list)
    for event in evaluated.schedule.events:
        work.add_number(event)
        work.add_unsaid(event)
        if is_intrathecal(event.placed):
            intrathecal[event.day, event.state].append(event)
        else:
            by_order[event.placed.id].append(event)
    singles: list[DayDoses] = []
    for (day, _), found in intrathecal.items():
        work.add_item(day, _intrathecal_item(found, words))
    for events in by_order.values():
        if is_drug(events[0].placed):
            runs, single = split_runs(events)
            for run in runs:
                told = _span(run, words, micrograms)
                if any(key_of(event) in changed for day in run.days for event in day.events):
                    told = replace(told, text=words.say("changed", name=told.text))
                work.add_span(told, [day.day for day in run.days])
            singles += single
        else:
            for event in events:
                work.add_item(event.day, _test_item(event, words))
    for doses in _same_to_the_family(singles, words, micrograms):
        work.add_item(doses.day, _drug_item(doses, words, micrograms))
    work.add_before()
    add_changes(work, changes, words)
    return work


def _same_to_the_family(singles: Iterable[DayDoses], words: Words, micrograms: str) -> Iterator[DayDoses]:
    """One drug that a protocol orders in parts ("2 h, then 22 h") stands once on its day, given so many times.

    Only what reads the same: in one block, one state, one way, one amount. A weekly drug stands alone.
    """
    found: dict[tuple[object, ...], list[Event]] = defaultdict(list)
    for doses in singles:
        event, placed = doses.first, doses.first.placed
        alone = placed.id if placed.route == "PO" or event.state in STATES else ""
        name, amount = medicine_name(placed, words), home_amount(event, words, micrograms)
        found[doses.day, placed.block.id, event.state, name, how_given(placed, words), amount, alone] += doses.events
    return (DayDoses(events[0].day, tuple(events)) for events in found.values())


def _span(run: Run, words: Words, micrograms: str) -> SpanWords:
    event = run.first
    if event.state in STATES:
        told = f"{medicine_name(event.placed, words)}: {words.say(STATES[event.state])}"
        return SpanWords(told, ticks=0, provisional=False)
    parts = [f"{medicine_name(event.placed, words)}: {how_given(event.placed, words)}"]
    at_home = event.placed.kind != "infusion"
    if at_home:
        parts += [home_amount(event, words, micrograms), glued(times_a_day(run.doses_a_day, words))]
    ticks = run.doses_a_day if at_home else 0
    return SpanWords(", ".join(part for part in parts if part), ticks, event.state is State.PROVISIONAL)


def _drug_item(doses: DayDoses, words: Words, micrograms: str) -> _Item:
    event = doses.first
    placed = event.placed
    name = medicine_name(placed, words)
    if event.state in STATES:
        return _Item(Line(f"{name}: {words.say(STATES[event.state])}"), event.sequence)
    parts = [f"{name} {home_amount(event, words, micrograms)}".strip()]
    if len(doses.events) > 1:
        parts.append(glued(words.say("times", count=len(doses.events))))
    if placed.route == "PO" and is_weekly(placed):
        parts.append(once_a_week([event.date.weekday()], words))
    line = Line(", ".join(parts), "strong", tick=True)
    how = f"{sentence(how_given(placed, words))}:"
    return _Item(line, event.sequence, how, provisional=event.state is State.PROVISIONAL)


def _intrathecal_item(events: Sequence[Event], words: Words) -> _Item:
    names = words.listed([medicine_name(event.placed, words) for event in events])
    first = events[0]
    if first.state in STATES:
        told = f"{words.say('intrathecal_names', names=names)}: {words.say(STATES[first.state])}"
        return _Item(Line(told), first.sequence)
    provisional = first.state is State.PROVISIONAL
    return _Item(Line(names, "strong", tick=True), first.sequence, words.say("intrathecal"), provisional=provisional)


def _test_item(event: Event, words: Words) -> _Item:
    name = test_name(event.placed, words)
    if event.state in STATES:
        return _Item(Line(f"{name}: {words.say(STATES[event.state])}"), event.sequence)
    line = Line(name, tick=event.placed.kind != "decision")
    return _Item(line, event.sequence, provisional=event.state is State.PROVISIONAL, once=True)
