"""What happens on each day of a plan, event by event, in the words of the patient's calendar."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from planner.exports.sheets.calendar_days import DayWork, Item, SpanWords
from planner.exports.sheets.changes_part import Key, key_of
from planner.exports.sheets.sheet import Line
from planner.exports.wording.doses import PREMEDICATION, is_drug, is_intrathecal
from planner.exports.wording.plain_words import (
    STATES,
    home_amount,
    how_given,
    medicine_name,
    once_a_week,
    test_name,
    times_a_day,
)
from planner.exports.wording.runs import DayDoses, Run, is_weekly, pump_ends, spans, split_runs
from planner.exports.wording.text import sentence
from planner.model.cycle_content import State
from planner.model.difference import Difference
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.language import Words, glued
from planner.model.schedule import PUMP_OFF, Event

MARKED = ("moved", "vanished", "appeared", "dose", "agent", "status")
"""Kinds of change that a patient's calendar marks."""
DayOfBlock = tuple[int, str]
"""A day and the id of a block."""


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
            work.add_item(old.day, Item(Line(_name(one, words), "struck"), old.sequence))
            if new is not None:
                work.add_item(old.day, Item(Line(words.say("now_on", date=words.day(new.day))), old.sequence))
        if new is not None and not daily and key_of(new) not in told:
            told.add(key_of(new))
            work.add_item(new.day, Item(Line(words.say("changed", name=_name(one, words)), "strong"), new.sequence - 1))


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
    begins = _first_treatment(evaluated.schedule.events)
    intrathecal: dict[tuple[int, State], list[Event]] = defaultdict(list)
    for event in (one for one in evaluated.schedule.events if not one.placed.block.waits):
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
            runs, single = split_runs([_to_come(event) for event in events])
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
        work.add_item(doses.day, _drug_item(doses, words, micrograms, begins))
    _add_pump_ends(work, evaluated, words)
    work.add_before()
    add_changes(work, changes, words)
    return work


def _add_pump_ends(work: DayWork, evaluated: EvaluatedPlan, words: Words) -> None:
    """The day on which a pump comes off that runs into it from the day before."""
    standing = [one for one in evaluated.schedule.events if not one.placed.block.waits]
    for day, ended in pump_ends(standing).items():
        for last in ended:
            line = Line(words.term(PUMP_OFF), tick=True)
            work.add_item(day, Item(line, last.sequence, provisional=last.state is State.PROVISIONAL, once=True))


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


def _same_to_the_family(singles: Iterable[DayDoses], words: Words, micrograms: str) -> Iterator[DayDoses]:
    """One drug that a protocol orders in parts ("2 h, then 22 h") stands once on its day, with the number of its parts.

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
        parts += [home_amount(event, words, micrograms), glued(times_a_day(event, run.doses_a_day, words))]
    ticks = run.doses_a_day if at_home else 0
    return SpanWords(", ".join(part for part in parts if part), ticks, event.state is State.PROVISIONAL)


def _drug_item(doses: DayDoses, words: Words, micrograms: str, begins: Mapping[DayOfBlock, float]) -> Item:
    event = doses.first
    placed = event.placed
    name = medicine_name(placed, words)
    if event.state in STATES:
        return Item(Line(f"{name}: {words.say(STATES[event.state])}"), event.sequence)
    parts = [f"{name} {home_amount(event, words, micrograms)}".strip()]
    if len(doses.events) > 1:
        pieces = len({one.placed.id for one in doses.events}) > 1
        parts.append(glued(words.say("pieces" if pieces else "times", count=len(doses.events))))
    if placed.route == "PO" and is_weekly(placed):
        parts.append(once_a_week([event.date.weekday()], words))
    line = Line(", ".join(parts), "strong", tick=True)
    how = f"{sentence(how_given(placed, words))}:"
    before = placed.role == PREMEDICATION
    order = begins.get(_day_of(event), event.sequence) if before else event.sequence
    return Item(line, order, how, provisional=event.state is State.PROVISIONAL, before=before)


def _intrathecal_item(events: Sequence[Event], words: Words) -> Item:
    names = words.listed([medicine_name(event.placed, words) for event in events])
    first = events[0]
    if first.state in STATES:
        told = f"{words.say('intrathecal_names', names=names)}: {words.say(STATES[first.state])}"
        return Item(Line(told), first.sequence)
    provisional = first.state is State.PROVISIONAL
    return Item(Line(names, "strong", tick=True), first.sequence, words.say("intrathecal"), provisional=provisional)


def _test_item(event: Event, words: Words) -> Item:
    name = test_name(event.placed, words)
    if event.state in STATES:
        return Item(Line(f"{name}: {words.say(STATES[event.state])}"), event.sequence)
    line = Line(name, tick=event.placed.kind != "decision")
    return Item(line, event.sequence, provisional=event.state is State.PROVISIONAL, once=True)
