"""What a patient's day holds, in plain words: single items, spans of daily medicines, and the day's number."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from planner.exports.sheets.day_numbers import numbered_days, one_count
from planner.exports.sheets.sheet import Line
from planner.exports.sheets.unsaid import dropped, moved_apart, on_hold, parts_off, paused, still_asked, to_enter
from planner.exports.wording.doses import NOT_TO_BE_GIVEN, is_drug, left_that_day
from planner.exports.wording.holds import last_days
from planner.exports.wording.not_given import guards_of
from planner.exports.wording.plain_words import day_label, how_given, medicine_name, test_name
from planner.exports.wording.runs import FirstDays, is_taken_on
from planner.exports.wording.text import is_in_title, numbered
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.going_on import asked_once, may_go_on
from planner.model.kept import Doses, doses_by_order
from planner.model.language import Words
from planner.model.schedule import Event, PlacedOrder


class SpanWords(Struct, frozen=True):
    """A daily medicine as one frame over its days.

    A `quiet` one says of a medicine that it may go on for long, until nobody knows when; it stands below the others.
    """

    text: str
    ticks: int
    provisional: bool
    quiet: bool = False


class Item(Struct, frozen=True):
    """One thing on one day. Things given in the same way (`how`) stand under one heading.

    `provisional` things stand after the others, each in the order of their clock times, what has none (`minute` -1)
    first, without heading (`how`) before with one, and in the order of the protocol. `once` things that are called the
    same (blood tests, decisions) are one to the patient; each dose has its own box. What is given `before` the
    treatment stands under headings of its own: paracetamol by mouth came after the drip that it is taken for. `name`
    is that of a medicine; `more` lines stand below it. What is `plain` names the way itself ("New bag for the pump").
    A `talk` hangs on nobody's confirmation, and says nothing of what does.
    """

    line: Line
    order: float
    how: str = ""
    provisional: bool = False
    once: bool = False
    before: bool = False
    minute: int = -1
    name: str = ""
    more: tuple[Line, ...] = ()
    plain: bool = False
    talk: bool = False


class DayWork:
    """The whole plan by day, in the words of the calendar."""

    def __init__(self, evaluated: EvaluatedPlan, words: Words, events: Sequence[Event]) -> None:
        self._words = words
        # A block that an answer put off has no day: a family that reads the protocol's comes on it.
        self._blocks = tuple(block for block in evaluated.schedule.blocks if not block.waits)
        self._off = evaluated.once(parts_off)
        """The parts of which nothing is given: none of them starts."""
        begins = FirstDays(evaluated.schedule)
        self._begins = {block.id: begins.of(block) for block in self._blocks}
        self._counted = one_count(evaluated.once(numbered_days))
        """The cycles that cover a day, with the day's number in each; none on a day that a delay put between two."""
        self._numbers: dict[int, str] = {}
        self._items: dict[int, list[Item]] = defaultdict(list)
        self._spans: list[SpanWords] = []
        self._spans_on: dict[int, list[int]] = defaultdict(list)
        self.recorded: Counter[tuple[str, int]] = Counter()
        """The texts of spans with the days on which doses of it are recorded as given, and how many."""
        self.span_lengths: Counter[int] = Counter()
        """How many days each span has in all."""
        self._unsaid: set[int] = {*on_hold(evaluated), *still_asked(evaluated)}
        # What Day 0 is counted from (a graft, cells) may stand in another protocol: no day without treatment.
        self._unsaid.update(day for day, counted in self._counted.items() if any(number == 0 for *_, number in counted))
        self.ends = evaluated.once(last_days)
        events = [event for event in events if not event.placed.block.waits]
        self._taken_before_parts: dict[int, set[str]] = {day: set() for day in self._begins.values()}
        """What is taken on the day before a part begins, by the part's first day."""
        for event in events:
            if event.day + 1 in self._taken_before_parts and event.state not in NOT_TO_BE_GIVEN:
                self._taken_before_parts[event.day + 1].add(medicine_name(event.placed, words))
        self._doses = doses_by_order(events)
        self._open = may_go_on(evaluated.plan, events)
        self._goes_on = dict(self._open)
        """The first doses of what may go on on a day, nobody knows how long: treatment may fall on it."""
        self._framed: set[tuple[int, str]] = set()
        """The days with the name of what stands there in a quiet frame instead."""
        asked = *paused(events), *asked_once(events), *dropped(evaluated.plan, events), *moved_apart(events)
        for day, event in asked:
            self._goes_on[day] = (*self._goes_on.get(day, ()), event)
        self._unsaid.update(self._goes_on)
        self._asked_anew: set[tuple[int, str]] = set()
        """The days with the name of what is asked about and was surely due on the older sheet."""
        self._before = range(0)
        """The days before the first part: what comes on them is not in the plan."""
        self._unsure: dict[range, bool] = {}
        """What `is_provisional` found: it is asked for each day of a month."""

    def add_unsaid(self, event: Event) -> None:
        """Keep the days on which treatment may fall that the plan does not hold."""
        self._unsaid.update(to_enter(event, self.ends))

    def add_before(self) -> None:
        """Keep the days before the first block as days on which treatment may fall: what comes before is not planned.

        Some of what belongs to a block stands there (medicines to stop before cells are collected), none of the
        treatment that goes on until it begins.
        """
        if self._blocks and self._items:
            begins = min(block.start for block in self._blocks)
            self._before = range(min(*self._items, begins), begins)
            self._unsaid.update(self._before)

    def rests_on(self, day: date) -> bool:
        """Whether nothing falls on the day, and the plan knows it."""
        ordinal = day.toordinal()
        nothing = ordinal not in self._unsaid and not self._items.get(ordinal) and not self._spans_on.get(ordinal)
        return nothing and not any(self._starting(day))

    def asks_on(self, day: date) -> bool:
        """Whether all that is said of the day is to ask, and not of what."""
        ordinal = day.toordinal()
        here = self._items.get(ordinal) or self._spans_on.get(ordinal) or any(self._starting(day)) or self.asked_on(day)
        return ordinal in self._unsaid and not here

    def nothing_on(self, day: date) -> tuple[Line, ...]:
        """What a day says on which nothing of the plan falls, whatever is struck out or begins on it."""
        ordinal = day.toordinal()
        if self._spans_on.get(ordinal) or any(item.line.style != "struck" for item in self._items.get(ordinal, ())):
            return ()
        if ordinal in self._before and not self.asked_on(day):
            return (Line(self._words.say("not_in_plan")),)
        if ordinal in self._unsaid:
            return () if self.asked_on(day) else (Line(self._words.say("ask_day")),)
        return (Line(self._words.say("no_treatment")),)

    def add_number(self, event: Event) -> None:
        """Keep the day's number as the protocol says it, for days in no cycle (Day −2 before a part begins).

        None on a day of waiting: "Day −21" of a cycle that was put off by three weeks tells a patient nothing.
        """
        if event.day in self._numbers or event.day in self._counted or is_taken_on(event):
            return
        block = event.placed.block
        title, cycle = self._words.title(block.title), event.placed.cycle
        label = day_label(title, len(block.cycles), cycle, event.day_number, self._words, alone=False)
        self._numbers[event.day] = label

    def add_item(self, day: int, item: Item) -> None:
        """Add a thing to its day."""
        here = self._items[day]
        if not (item.once and any(one.line == item.line and one.provisional == item.provisional for one in here)):
            here.append(item)

    def add_span(self, words: SpanWords, days: Sequence[int]) -> None:
        """A span of these days; it joins one of the same words that ends the day before.

        The same medicine of two parts that run at once has two frames: both are given.
        """
        for number in self._spans_on.get(days[0] - 1, []):
            if self._spans[number] == words and not any(number in self._spans_on.get(day, ()) for day in days):
                break
        else:
            number = len(self._spans)
            self._spans.append(words)
        self.span_lengths[number] += len(days)
        for day in days:
            self._spans_on[day].append(number)

    def add_open_ends(self) -> None:
        """A quiet frame for what may go on: a line on each day was not read, and first these and then a frame were two.

        Up to the day on which it is given again or is surely over, so that nobody reads before that it is.
        """
        behind: dict[tuple[str, int], list[tuple[int, Event]]] = defaultdict(list)
        for day in sorted(self._open):
            for event in self._open[day]:
                behind[event.placed.id, event.day].append((day, event))
        for days in behind.values():
            event = days[0][1]
            name = medicine_name(event.placed, self._words)
            told = self._words.say("until_we_say", name=f"{name}, {how_given(event.placed, self._words)}")
            span = SpanWords(told, 0, event.state is State.PROVISIONAL, quiet=True)
            for day in _begun(self._doses[event.placed.id], days[0][0] - 1):
                self.add_span(span, [day])
            for day, _ in days:
                if name in self._asked_about(day):
                    self.add_span(span, [day])
                    self._framed.add((day, name))
            for day, _ in days:
                for guard in _guards(event, day, self._doses, self._open[day], self._words):
                    self.add_span(guard, [day])

    def spans_on(self, day: date) -> list[int]:
        """Numbers of the spans that cover the day."""
        return self._spans_on.get(day.toordinal(), [])

    def span_words(self, number: int) -> SpanWords:
        return self._spans[number]

    def is_provisional(self, first: date, following: date) -> bool:
        """Whether all that stands between two days (the second not included) hangs on a decision."""
        days = range(first.toordinal(), following.toordinal())
        if days not in self._unsure:
            found = [item.provisional for day in days for item in self._items.get(day, ()) if not item.talk]
            found += [self._spans[span].provisional for day in days for span in self._spans_on.get(day, ())]
            self._unsure[days] = bool(found) and all(found)
        return self._unsure[days]

    def lines_on(self, day: date, told: bool, daily: Sequence[Line] = ()) -> tuple[tuple[Line, ...], bool]:
        """The day's lines, starts of parts first, and whether everything on it is provisional.

        `told` leaves out the words for provisional items, where the month says them once for all. `daily` medicines
        that are sure stand before what is provisional, which then has a frame of its own: nothing sure is read as
        hanging on a decision.
        """
        intrathecal = self._words.say("intrathecal")
        items = sorted(self._items.get(day.toordinal(), ()), key=lambda item: _place(item, intrathecal))
        sure = [item for item in items if not item.provisional]
        told_surely = [item.line for item in sure if item.once]
        unsure = [item for item in items if item.provisional and item.line not in told_surely]
        begun, maybe = self._starting(day)
        above = (Line(self._words.say("confirms")),) if unsure and not told else ()
        # What to ask about stands under no heading: below INTRATHECAL it would be read as given that way.
        certain = (*self.asked_on(day), *_under_headings(sure, intrathecal), *daily)
        doubtful = (*above, *maybe, *_under_headings(unsure, intrathecal, above))
        if certain:
            doubtful = tuple(as_unsure(line) for line in doubtful)
        return (*begun, *certain, *doubtful), bool(items) and not certain

    def asked_on(self, day: date) -> tuple[Line, ...]:
        """What to ask about by name: left out, a shot of every day reads as over."""
        lines = []
        for name in self._asked_about(day.toordinal()):
            told = self._words.say("ask_about", name=name)
            anew = (day.toordinal(), name) in self._asked_anew
            if anew or (day.toordinal(), name) not in self._framed:
                lines.append(Line(self._words.say("changed", name=told) if anew else told))
        return tuple(lines)

    def ask_anew(self, day: int, name: str) -> bool:
        """Mark as changed that a medicine is asked about on a day, and tell whether it is.

        Struck out there it read as over, above the line that says to ask.
        """
        asked = name in self._asked_about(day)
        if asked:
            self._asked_anew.add((day, name))
        return asked

    def _asked_about(self, day: int) -> list[str]:
        here = {item.name for item in self._items.get(day, ())}
        names = dict.fromkeys(_name(event.placed, self._words) for event in self._goes_on.get(day, ()))
        return [name for name in names if name not in here]

    def label(self, day: date) -> str:
        """The day's number in its part of the plan; all of them where parts run at the same time and differ in it."""
        ordinal = day.toordinal()
        covering = self._counted.get(ordinal, ())
        labels: dict[str, str] = {}
        for block, cycle, number in covering:
            if number is None:
                continue
            many = len(block.cycles) if is_in_title(cycle, block.title) else max(len(block.cycles), cycle)
            title = numbered(self._words.title(block.title))
            alone = day_label(title, many, cycle, number, self._words, alone=True)
            labels[day_label(title, many, cycle, number, self._words, alone=False)] = alone
        found = list(dict.fromkeys(labels.values()))
        if len(found) != 1:
            found = list(labels)
        # On a day that a delay put between two numbered days nothing is counted.
        return ", ".join(found) or ("" if covering else self._numbers.get(ordinal, ""))

    def running(self, first: date, following: date) -> list[str]:
        """The parts of the plan that run between two days, as one line: names with first and last day."""
        texts = []
        for block in self._blocks:
            if self._begins[block.id] < following.toordinal() and self.ends[block.id] >= first.toordinal():
                begin, end = self._words.day(self._begins[block.id]), self._words.day(self.ends[block.id])
                title = numbered(self._words.title(block.title))
                dated = {"day": begin} if begin == end else {"first": begin, "last": end}
                span = self._words.say("part_day" if begin == end else "span", part=title, **dated)
                off = self._off.get(block.id)
                texts.append(self._words.say("told", name=title, text=self._words.say(off)) if off else span)
        return [" · ".join(texts)] if texts else []

    def _starting(self, day: date) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
        """The parts that surely begin and those that may; not one called as a medicine that is only taken on."""
        taken = self._taken_before_parts.get(day.toordinal(), ())
        begun = [one for one in self._blocks if self._begins[one.id] == day.toordinal() and one.id not in self._off]
        begun = [block for block in begun if self._words.title(block.title) not in taken]
        sure, unsure = (
            tuple(
                Line(self._words.say("starts", part=self._words.title(block.title)), "strong")
                for block in begun
                if block.provisional == provisional
            )
            for provisional in (False, True)
        )
        return sure, unsure


def _name(placed: PlacedOrder, words: Words) -> str:
    """What it is called, a medicine or a stay in the hospital."""
    return medicine_name(placed, words) if is_drug(placed) else test_name(placed, words)


def _place(item: Item, first: str) -> tuple[int, int, bool, float]:
    """What stands under no heading is before what does: below one it would be read as given that way.

    The heading `first` (INTRATHECAL) is above all others, whatever their hours.
    """
    rank = 1 if item.how == first else 2 if item.how or item.minute >= 0 else 0
    return rank, item.minute, bool(item.how), item.order


def as_unsure(line: Line) -> Line:
    """The line, and the headings that are said again with it, in a broken frame."""
    return replace(line, unsure=True, under=tuple(map(as_unsure, line.under)))


def _under_headings(items: Sequence[Item], strong: str, above: tuple[Line, ...] = ()) -> list[Line]:
    """The items in order, those given in the same way together, the heading `strong` in bold; all under `above`.

    What names its way itself needs its heading only below another one.
    """
    lines: list[Line] = []
    heads, last = above, ""
    for before, how in dict.fromkeys((item.before, item.how) for item in items):
        plain = not last and all(item.plain for item in items if item.how == how)
        if how != last and not plain:
            heads = (*above, Line(how, "strong" if how == strong else "body", under=above)) if how else above
            lines += heads[len(above) :]
            last = how
        here = [item for item in items if (item.before, item.how) == (before, how)]
        lines += [replace(line, under=heads) for item in here for line in (item.line, *item.more)]
    return lines


def _begun(doses: Sequence[Event], day: int) -> Iterator[int]:
    """The last drawn day of what goes on, where doses of that day itself are not drawn."""
    last = [one for one in doses if one.day == day]
    if last and left_that_day(last):
        yield day


def _guards(rescue: Event, day: int, doses: Doses, going: Iterable[Event], words: Words) -> Iterator[SpanWords]:
    """The tests of a day that tell when a rescue may end, behind their last drawn one: they read as over."""
    for one in guards_of(rescue, doses, going):
        if not is_drug(one.placed) and day > one.day:
            told = words.say("until_we_say", name=test_name(one.placed, words))
            yield SpanWords(told, 0, rescue.state is State.PROVISIONAL, quiet=True)
