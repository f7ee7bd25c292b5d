"""What happens on each day of a plan, event by event, in the words of the patient's calendar."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from msgspec.structs import replace

from planner.exports.sheets.calendar_changes import Marks, Reader
from planner.exports.sheets.calendar_days import DayWork, Item, SpanWords
from planner.exports.sheets.calendar_unsaid import to_enter
from planner.exports.sheets.sheet import Line
from planner.exports.wording.doses import (
    PREMEDICATION,
    is_day_total,
    is_drug,
    is_intrathecal,
    is_often_open,
    is_recorded,
    is_unsure,
)
from planner.exports.wording.not_given import Doses, doses_by_order, goes_without, kept
from planner.exports.wording.plain_words import (
    STATES,
    home_amount,
    how_given,
    medicine_name,
    once_a_week,
    test_name,
    times_a_day,
)
from planner.exports.wording.runs import (
    DayDoses,
    Run,
    dose_steps,
    is_weekly,
    open_ends,
    pump_ends,
    pump_starts,
    split_runs,
)
from planner.exports.wording.text import sentence
from planner.model.civil import clock
from planner.model.cycle_content import State
from planner.model.difference import Difference
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.language import Words, glued
from planner.model.open_dose import is_dose_open
from planner.model.schedule import PUMP_OFF, Event

DayOfBlock = tuple[int, str]
"""A day and the id of a block."""
TREATING = ("antineoplastic", "cell therapy", "intrathecal")
"""Roles of what other things are there for."""
HOURS = 24
"""Of this length or longer, a drip without a clock time runs into the next day."""
MOST_TIMES = 4
"""Clock times of one medicine that a day names; of more, how often it is given is enough."""


class _Maker(NamedTuple):
    """What every entry of a day is made with."""

    words: Words
    micrograms: str
    is_new: Callable[[Event], bool]
    """Whether the older sheet says something else of an event on its day."""
    paused: frozenset[DayOfBlock]
    """Days of parts of the plan whose treatment is on hold then, all of it."""

    def told(self, text: str, events: Sequence[Event]) -> str:
        """The text, marked where any of its events is new on its day or goes with a treatment that is on hold."""
        if any(_goes_with(event) and _day_of(event) in self.paused for event in events):
            text = self.words.say("ask_first", name=text)
        return self.words.say("changed", name=text) if any(map(self.is_new, events)) else text


def day_works(evaluated: EvaluatedPlan, words: Words, micrograms: str, changes: Sequence[Difference] = ()) -> DayWork:
    """Sort every event of the plan into days and spans; `changes` are marked."""
    answered = {(one.block, one.decision.id) for one in evaluated.schedule.decisions if one.choice is not None}

    def concerns(event: Event) -> bool:
        """Whether a family is told of it: not of a day that nobody has set, nor of a question that is answered."""
        placed = event.placed
        return not placed.block.waits and (
            placed.kind != "decision" or (placed.block.id, placed.order.id) not in answered
        )

    known = kept(evaluated.plan, evaluated.schedule.events)
    events = [one for one in known if concerns(one)]
    reader = Reader(words, micrograms, concerns)
    marks = Marks(events, changes, reader) if changes else None
    make = _Maker(words, micrograms, marks.is_new if marks else _as_before, _paused(events))
    work = DayWork(evaluated, words, known)
    for event in events:
        work.add_number(event)
        work.add_unsaid(event)
    _add_events(work, events, make, doses_by_order(evaluated.schedule.events))
    _add_pump_starts(work, events, make)
    _add_pump_ends(work, events, words, marks)
    _add_drips(work, events, words)
    work.add_open_ends()
    _add_to_enter(work, events, words)
    work.add_before()
    if marks:
        _add_gone(work, marks)
    return work


def _goes_with(event: Event) -> bool:
    """Whether it is there because of a treatment, and would be given: premedication, a rescue, tests, a stay."""
    placed = event.placed
    going = placed.role in (PREMEDICATION, "rescue") or placed.kind in ("assessment", "procedure")
    return going and event.state not in STATES


def _paused(events: Iterable[Event]) -> frozenset[DayOfBlock]:
    """The days on which the treatment of a part is on hold: a box for its premedication sent a family to the clinic."""
    states: dict[DayOfBlock, set[bool]] = defaultdict(set)
    for event in events:
        if event.placed.role in TREATING:
            states[_day_of(event)].add(event.state is State.HELD)
    return frozenset(day for day, held in states.items() if held == {True})


def _as_before(_: Event) -> bool:
    """Nothing is new where there is no older sheet."""
    return False


def _add_events(work: DayWork, events: Iterable[Event], make: _Maker, all_doses: Doses) -> None:
    """Each event as an entry of its day, or its days as a frame.

    What goes with a dose that is on hold or left out is as unsure to a family as what hangs on an answer.
    """
    by_order: dict[str, list[Event]] = defaultdict(list)
    begins = _first_treatment(events)
    intrathecal: dict[tuple[int, State], list[Event]] = defaultdict(list)
    for event in events:
        if is_intrathecal(event.placed):
            intrathecal[event.day, _to_come(event).state].append(event)
        else:
            by_order[event.placed.id].append(event)
    singles: list[DayDoses] = []
    weekly = _weekly_tablets(events)
    for (day, _), found in intrathecal.items():
        work.add_item(day, replace(_intrathecal_item(found, make), more=_no_tablets(found, weekly, make.words)))
    for several in by_order.values():
        if is_drug(several[0].placed):
            runs, single = split_runs([_to_come(event) for event in several])
            for run in runs:
                _add_run(work, run, make)
            singles += single
        else:
            for event in several:
                work.add_item(event.day, _test_item(event, make))
    _add_moved_weekly(work, singles, make.words)
    for doses in _same_to_the_family(singles, make):
        item = _drug_item(doses, make, begins)
        alone = any(goes_without(one, all_doses) for one in doses.events)
        work.add_item(doses.day, replace(item, provisional=True) if alone else item)


def _add_moved_weekly(work: DayWork, singles: Sequence[DayDoses], words: Words) -> None:
    """On its old weekday, that something of once a week is not taken: a family took it then and on the new one."""
    taken = {(one.day, one.first.placed.agent) for one in singles}
    for event in (one.first for one in singles):
        placed, old = event.placed, event.moved_from
        if old is None or placed.route != "PO" or not is_weekly(placed) or (old, placed.agent) in taken:
            continue
        told = words.say("told", name=medicine_name(placed, words), text=words.say("state_omitted"))
        now = words.say("now_on", date=words.day(event.day))
        work.add_item(old, Item(Line(f"{told}, {now}", "strong"), event.sequence, once=True))


def _add_run(work: DayWork, run: Run, make: _Maker) -> None:
    """A frame over the days of a run, and one of its own over those that are new."""
    told = _span(run, make)
    for is_new, days in groupby(run.days, key=lambda day: any(map(make.is_new, day.events))):
        text = make.words.say("changed", name=told.text) if is_new else told.text
        here = [*days]
        work.recorded |= {(text, day.day) for day in here if all(map(is_recorded, day.events))}
        work.add_span(replace(told, text=text), [day.day for day in here])


def _add_pump_starts(work: DayWork, events: Sequence[Event], make: _Maker) -> None:
    """The hour at which a pump is put on or gets another dose.

    Its frame has none: a family that came by day waited or was late, and nobody was told that the dose goes up.
    """
    words = make.words
    steps = [then for found in dose_steps(events).values() for _, then in found]
    for first, said in (
        *((one, "pump_starts") for one in pump_starts(events)),
        *((one, "pump_steps") for one in steps),
    ):
        done = first.state is State.GIVEN
        line = Line(make.told(_at(words.say(said), [first.minute], words), [first]), tick=True, ticked=done)
        unsure, how = first.state is State.PROVISIONAL, _heading(words.say("pump"), words)
        work.add_item(first.day, Item(line, first.sequence, how, unsure, once=True, minute=first.minute, plain=True))


def _add_pump_ends(work: DayWork, events: Sequence[Event], words: Words, marks: Marks | None) -> None:
    """The day on which a pump comes off that runs into it from the day before."""
    for day, ended in pump_ends(events).items():
        for last in ended:
            name = words.term(PUMP_OFF)
            told = words.say("changed", name=name) if marks and marks.is_new_end(day, last) else name
            line = Line(_at(told, [last.minute], words), tick=True)
            unsure, how = last.state is State.PROVISIONAL, _heading(words.say("pump"), words)
            work.add_item(day, Item(line, last.sequence, how, unsure, once=True, minute=last.minute, plain=True))


def _add_drips(work: DayWork, events: Sequence[Event], words: Words) -> None:
    """On the days after its first that a drip goes on, and until when; with no hour known it may still run."""
    for day, ended in open_ends(events).items():
        for last in ended:
            line = Line(words.say("drip_may_run", name=medicine_name(last.placed, words)))
            work.add_item(
                day, Item(line, last.sequence, provisional=last.state is State.PROVISIONAL, once=True, minute=0)
            )
    for event in events:
        placed = event.placed
        if placed.kind != "administration" or placed.route != "IV" or event.state in STATES:
            continue
        name, unsure = medicine_name(placed, words), event.state is State.PROVISIONAL
        if event.minute < 0 and (placed.duration_h or 0) >= HOURS:
            told = {event.day + 1: words.say("drip_may_run", name=name)}
        else:
            told = {day: words.say("drip_goes_on", name=name) for day in range(event.day + 1, event.end_day)}
            if event.end_day > event.day and event.end_minute > 0:
                told[event.end_day] = words.say("drip_until", name=name, time=clock(event.end_minute))
        for day, text in told.items():
            work.add_item(day, Item(Line(text), event.sequence, provisional=unsure, once=True, minute=0))


def _add_to_enter(work: DayWork, events: Sequence[Event], words: Words) -> None:
    """A quiet frame for what is still to be entered, where a daily medicine stands: "Ask us" has no place there.

    Radiation beside a shot of every day was asked about once and then read as none.
    """
    for event in events:
        for day in to_enter(event):
            if day > event.day and work.spans_on(date.fromordinal(day)):
                name, unsure = test_name(event.placed, words), event.state is State.PROVISIONAL
                work.add_span(SpanWords(name, 0, unsure, quiet=True), [day])


def _add_gone(work: DayWork, marks: Marks) -> None:
    """What the older sheet has on a day and the plan has not any more, struck out, and where it is now."""
    for one in marks.gone():
        if work.ask_anew(one.day, one.name):
            continue
        more = tuple(Line(text, joined=True) for text in one.now)
        work.add_item(one.day, Item(Line(one.name, "struck"), one.place, more=more))


def _to_come(event: Event) -> Event:
    """The event as a family sees it, which is told nothing of what is recorded: one infusion stays one frame."""
    return event._replace(state=State.PLANNED) if event.state is State.GIVEN else event


def _day_of(event: Event) -> DayOfBlock:
    return event.day, event.placed.block.id


def _first_treatment(events: Iterable[Event]) -> dict[DayOfBlock, float]:
    """By day and block, a place before all that is given there: that of what is taken beforehand."""
    found: dict[DayOfBlock, float] = {}
    for event in events:
        if is_drug(event.placed) and event.placed.role != PREMEDICATION:
            found[_day_of(event)] = min(found.get(_day_of(event), event.sequence), event.sequence - 0.5)
    return found


def _same_to_the_family(singles: Iterable[DayDoses], make: _Maker) -> Iterator[DayDoses]:
    """One drug that a protocol orders in parts ("2 h, then 22 h") stands once on its day, with the number of its parts.

    Only what reads the same: in one block, one state, one way, one amount. A weekly drug stands alone.
    """
    found: dict[tuple[object, ...], list[Event]] = defaultdict(list)
    for doses in singles:
        event, placed = doses.first, doses.first.placed
        alone = placed.id if placed.route == "PO" or event.state in STATES else ""
        name, amount = medicine_name(placed, make.words), home_amount(event, make.words, make.micrograms)
        how = how_given(placed, make.words)
        found[doses.day, placed.block.id, event.state, name, how, amount, alone] += doses.events
    return (DayDoses(events[0].day, tuple(events)) for events in found.values())


def _span(run: Run, make: _Maker) -> SpanWords:
    words, micrograms = make.words, make.micrograms
    # A dose that was given has no tablets, and how often it is taken nobody recorded.
    event = next((day.first for day in run.days if not is_recorded(day.first)), run.first)
    if event.state in STATES:
        key = STATES[event.state]
        key = f"{key}_days" if event.state is State.OMITTED else key
        told = words.say("told", name=medicine_name(event.placed, words), text=words.say(key))
        return SpanWords(told, ticks=0, provisional=False)
    parts = [words.say("told", name=medicine_name(event.placed, words), text=how_given(event.placed, words))]
    at_home = event.placed.kind != "infusion"
    if at_home:
        # Of a dose that was given nobody recorded whether it was the whole of its day.
        often = "" if is_recorded(event) and run.doses_a_day == 1 else times_a_day(event, run.doses_a_day, words)
        parts += [home_amount(event, words, micrograms), glued(often)]
    ticks = run.doses_a_day if at_home and not is_often_open(event) else 0
    told = ", ".join(part for part in parts if part)
    return SpanWords(_dose_open(told, event, words), ticks, is_unsure(event))


def _dose_open(told: str, event: Event, words: Words) -> str:
    """With the words for a drug that goes on whatever is decided: "if your doctor confirms" read as none till then."""
    return f"{told}. {words.say('dose_open')}" if is_dose_open(event) else told


def _drug_item(doses: DayDoses, make: _Maker, begins: Mapping[DayOfBlock, float]) -> Item:
    event, words = doses.first, make.words
    placed = event.placed
    name = medicine_name(placed, words)
    if event.state in STATES:
        return _left_out(name, doses.events, make)
    amount = home_amount(event, words, make.micrograms)
    parts = [f"{name}, {amount}" if amount == words.say("amount_told") else f"{name} {amount}".strip()]
    if len(doses.events) > 1:
        count = len(doses.events)
        pieces = len({one.placed.id for one in doses.events}) > 1
        parts.append(glued(words.say("pieces", count=count)) if pieces else words.times(count))
    elif placed.route == "PO" and is_day_total(event):
        parts.append(glued(words.say("whole_day")))
    if placed.route == "PO" and is_weekly(placed):
        parts.append(once_a_week([event.date.weekday()], words))
    minutes = [one.minute for one in doses.events]
    told = _dose_open(_at(", ".join(parts), minutes, words), event, words)
    done = all(map(is_recorded, doses.events))
    line = Line(make.told(told, doses.events), "strong", tick=True, ticked=done)
    how = _heading(how_given(placed, words), words)
    before, unsure = placed.role == PREMEDICATION, is_unsure(event)
    order = begins.get(_day_of(event), event.sequence) if before else event.sequence
    return Item(line, order, how, provisional=unsure, before=before, minute=min(minutes), name=name)


def _heading(how: str, words: Words) -> str:
    """Above all that is given in one way."""
    return words.say("how_heading", how=sentence(how))


def _at(text: str, minutes: Iterable[int], words: Words) -> str:
    """The text with its clock times, where each is known and they are not too many."""
    times = sorted(set(minutes))
    if not times or times[0] < 0 or len(times) > MOST_TIMES:
        return text
    told = words.say("at_time", time=words.listed([clock(minute) for minute in times]))
    return f"{text}, {glued(told) if len(times) == 1 else told}"


def _left_out(name: str, events: Sequence[Event], make: _Maker) -> Item:
    """That something of the protocol is not given on its day."""
    text = make.words.say("told", name=name, text=make.words.say(STATES[events[0].state]))
    return Item(Line(make.told(text, events)), events[0].sequence, name=name)


def _intrathecal_item(events: Sequence[Event], make: _Maker) -> Item:
    words, first = make.words, events[0]
    names = words.listed([medicine_name(event.placed, words) for event in events])
    if first.state in STATES:
        return _left_out(words.say("intrathecal_names", names=names), events, make)
    unsure, minutes = first.state is State.PROVISIONAL, [event.minute for event in events]
    done = all(map(is_recorded, events))
    line = Line(make.told(_at(names, minutes, words), events), "strong", tick=True, ticked=done)
    return Item(line, first.sequence, words.say("intrathecal"), provisional=unsure, minute=min(minutes))


def _weekly_tablets(events: Iterable[Event]) -> dict[tuple[str, int, str], dict[int, Event]]:
    """By block, cycle and agent the days on which something of once a week is taken by mouth."""
    found: dict[tuple[str, int, str], dict[int, Event]] = defaultdict(dict)
    for event in events:
        placed = event.placed
        if placed.route == "PO" and event.state not in STATES and is_weekly(placed):
            found[placed.block.id, placed.cycle, placed.agent][event.day] = event
    return found


def _no_tablets(
    given: Iterable[Event], weekly: Mapping[tuple[str, int, str], Mapping[int, Event]], words: Words
) -> tuple[Line, ...]:
    """That the tablets of a week are left out for what is given into the spine on their weekday.

    The cell showed INTRATHECAL alone, and a family with a habit of Mondays took both.
    """
    lines = []
    for event in given:
        placed = event.placed
        taken = weekly.get((placed.block.id, placed.cycle, placed.agent), {})
        weekdays = {one.date.weekday() for one in taken.values()}
        if event.state not in STATES and event.day not in taken and event.date.weekday() in weekdays:
            name = medicine_name(next(iter(taken.values())).placed, words)
            lines.append(Line(words.say("told", name=name, text=words.say("no_tablets")), "strong", joined=True))
    return tuple(lines)


def _test_item(event: Event, make: _Maker) -> Item:
    name = test_name(event.placed, make.words)
    if event.state in STATES:
        return _left_out(name, [event], make)
    is_talk = event.placed.kind == "decision"
    done = event.state is State.GIVEN and not is_talk
    line = Line(make.told(_at(name, [event.minute], make.words), [event]), tick=not is_talk, ticked=done)
    unsure = event.state is State.PROVISIONAL and not is_talk
    is_pump = event.placed.kind == "bag" or event.placed.agent_name == PUMP_OFF
    how = _heading(make.words.say("pump"), make.words) if is_pump else ""
    return Item(line, event.sequence, how, unsure, once=True, minute=event.minute, plain=is_pump, talk=is_talk)
