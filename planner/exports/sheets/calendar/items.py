"""What happens on each day of a plan, event by event, in the words of the patient's calendar."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from msgspec.structs import replace

from planner.exports.sheets.calendar.changes import Marks, Reader
from planner.exports.sheets.calendar.days import DayWork, Item, SpanWords
from planner.exports.sheets.calendar.frames import add_on_hold, add_to_enter
from planner.exports.sheets.calendar.making import (
    DayOfBlock,
    Maker,
    at_hours,
    but_replaced,
    day_of,
    first_stops,
    heading_of,
    is_in_parts,
)
from planner.exports.sheets.calendar.pumps import add_drips, add_pump_ends, add_pump_starts
from planner.exports.sheets.sheet import Line
from planner.exports.wording.doses import (
    AT_HOME,
    PREMEDICATION,
    doses_a_day,
    is_day_total,
    is_drug,
    is_intrathecal,
    is_often_open,
    is_recorded,
    is_unsure,
)
from planner.exports.wording.holds import Ends
from planner.exports.wording.not_given import goes_without
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
    SHORTEST_RUN,
    DayDoses,
    Run,
    is_weekly,
    pump_starts,
    split_runs,
)
from planner.exports.wording.stops import told_once
from planner.model.asked import settled
from planner.model.civil import clock
from planner.model.cycle_content import State
from planner.model.difference import Difference
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.going_on import paused_behind, stands_in
from planner.model.kept import Doses, doses_by_order
from planner.model.language import Words, glued
from planner.model.open_dose import is_dose_open
from planner.model.protocol import PRECAUTION, TREATING, TemplateAssessment
from planner.model.schedule import PUMP_OFF, Event


def day_works(evaluated: EvaluatedPlan, words: Words, micrograms: str, changes: Sequence[Difference] = ()) -> DayWork:
    """Sort every event of the plan into days and spans; `changes` are marked."""
    answered = settled(evaluated.schedule, evaluated.plan)

    def concerns(event: Event) -> bool:
        """Whether a family is told of it: not of a day that nobody has set, nor of a question that is none any more."""
        placed = event.placed
        return not placed.block.waits and (
            placed.kind != "decision" or (placed.block.id, placed.order.id) not in answered
        )

    known = [*told_once(evaluated, evaluated.due)]
    events = [one for one in known if concerns(one)]
    reader = Reader(words, micrograms, concerns)
    marks = Marks(events, changes, reader) if changes else None
    starts, stops = frozenset(map(day_of, pump_starts(events))), first_stops(evaluated, words)
    doses = doses_by_order(known)
    ends, is_new = evaluated.once(Ends), marks.is_new if marks else _as_before
    make = Maker(words, micrograms, is_new, _paused(events), ends, starts, stops, doses)
    work = DayWork(evaluated, words, known)
    for event in events:
        work.add_number(event)
        work.add_unsaid(event)
    _add_events(work, but_replaced(events, make.ends), make, doses)
    add_pump_starts(work, events, make)
    add_pump_ends(work, events, words, marks)
    add_drips(work, events, words)
    work.add_open_ends()
    add_on_hold(work, paused_behind(evaluated.plan, events), words)
    _add_instead(work, events, words)
    add_to_enter(work, events, words)
    work.add_before()
    if marks:
        _add_gone(work, marks)
    return work


def _paused(events: Iterable[Event]) -> frozenset[DayOfBlock]:
    """The days on which the treatment of a part is on hold: a box for its premedication sent a family to the clinic."""
    states: dict[DayOfBlock, set[bool]] = defaultdict(set)
    for event in events:
        if event.placed.role in TREATING:
            states[day_of(event)].add(event.state is State.HELD)
    return frozenset(day for day, held in states.items() if held == {True})


def _as_before(_: Event) -> bool:
    """Nothing is new where there is no older sheet."""
    return False


def _add_events(work: DayWork, events: Iterable[Event], make: Maker, all_doses: Doses) -> None:
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
            # A pump of one day has a frame too: "Pump, day and night: at 09:00" was a box beside that of its bag.
            shortest = 1 if several[0].placed.kind == "infusion" else SHORTEST_RUN
            runs, single = split_runs([_to_come(event) for event in several], shortest)
            for run in runs:
                _add_run(work, run, make)
            singles += single
        else:
            for event in several:
                item = _test_item(event, make)
                alone = goes_without(event, all_doses)
                work.add_item(event.day, replace(item, provisional=True) if alone else item)
    _add_singles(work, singles, make, begins, all_doses)


def _add_singles(
    work: DayWork, singles: Sequence[DayDoses], make: Maker, begins: Mapping[DayOfBlock, float], all_doses: Doses
) -> None:
    """The doses that stand on a day alone."""
    if make.is_new is _as_before:  # else it is struck out there, with its new day below
        _add_moved_weekly(work, singles, make.words)
    given = {(one.first.placed.id, one.day) for one in singles if one.first.state not in STATES}
    for doses in _same_to_the_family(singles, make):
        partly = doses.first.state is State.OMITTED and (doses.first.placed.id, doses.day) in given
        item = _some_left_out(doses, make) if partly else _drug_item(doses, make, begins)
        alone = any(goes_without(one, all_doses) for one in doses.events)
        work.add_item(doses.day, replace(item, provisional=True) if alone else item)


def _add_moved_weekly(work: DayWork, singles: Sequence[DayDoses], words: Words) -> None:
    """On its old weekday, that something of once a week is not taken; of all that moved alike in a row the first."""
    before: dict[str, int] = {}
    taken = {(one.day, one.first.placed.agent) for one in singles}
    for event in (one.first for one in singles):
        placed, old = event.placed, event.moved_from
        if placed.route != "PO" or not is_weekly(placed):
            continue
        moved, before[placed.agent] = before.get(placed.agent, 0), event.day - (event.day if old is None else old)
        if old is None or (old, placed.agent) in taken or moved == before[placed.agent]:
            continue
        told = words.say("told", name=medicine_name(placed, words), text=words.say("state_omitted"))
        now = words.say("now_on", date=words.day(event.day))
        work.add_item(old, Item(Line(f"{told}, {now}", "strong"), event.sequence, once=True))


def _add_run(work: DayWork, run: Run, make: Maker) -> None:
    """A frame over the days of a run, and one of its own over those that are new."""
    told = _span(run, make)

    def alike(day: DayDoses) -> tuple[bool, bool]:
        """Whether it is new, and whether it has boxes though nobody said how often: what is recorded is ticked."""
        return any(map(make.is_new, day.events)), not told.ticks and all(map(is_recorded, day.events))

    for (is_new, done), days in groupby(run.days, key=alike):
        text = make.words.say("changed", name=told.text) if is_new else told.text
        here = [*days]
        work.recorded.update({(text, day.day): sum(map(is_recorded, day.events)) for day in here})
        ticks = run.doses_a_day if done and run.first.placed.kind != "infusion" else told.ticks
        work.add_span(replace(told, text=text, ticks=ticks), [day.day for day in here])


def _add_instead(work: DayWork, events: Sequence[Event], words: Words) -> None:
    """On the first day of tablets that stand in for others of their order, that these are over, and of no others."""
    taken: dict[int, dict[str, Event]] = defaultdict(dict)
    for event in events:
        placed = event.placed
        if placed.route in AT_HOME and event.state not in STATES:
            taken[event.day].setdefault(placed.agent, event)
    for day, here in taken.items():
        before = taken.get(day - 1, {})
        over = [one.placed for agent, one in before.items() if agent not in here]
        for agent, event in here.items():
            order, phase = event.placed.order.id, event.placed.block.phase
            own = {one.agent for one in phase.orders if one.id == order}
            old = [medicine_name(one, words) for one in over if one.order.id == order or one.agent in own]
            if old and agent not in before and stands_in(event.placed):
                told = words.say("instead", new=medicine_name(event.placed, words), old=words.listed(old))
                work.add_item(day, Item(Line(told, "strong"), event.sequence, provisional=is_unsure(event), once=True))


def _add_gone(work: DayWork, marks: Marks) -> None:
    """What the older sheet has on a day and the plan has not any more, struck out, and where it is now."""
    for one in marks.gone():
        names = [name for name in one.names if not work.ask_anew(one.day, name)]
        words = [marks.changed(one.now[0]), *one.now[1:]] if one.now else []
        more = *(Line(name, "struck", joined=True) for name in names[1:]), *(Line(text, joined=True) for text in words)
        if names:
            work.add_item(one.day, Item(Line(names[0], "struck"), one.place, more=more))


def _to_come(event: Event) -> Event:
    """The event as a family sees it, which is told nothing of what is recorded: one infusion stays one frame."""
    return event._replace(state=State.PLANNED) if event.state is State.GIVEN else event


def _first_treatment(events: Iterable[Event]) -> dict[DayOfBlock, float]:
    """By day and block, a place before all that is given there: that of what is taken beforehand."""
    found: dict[DayOfBlock, float] = {}
    for event in events:
        if is_drug(event.placed) and event.placed.role != PREMEDICATION:
            found[day_of(event)] = min(found.get(day_of(event), event.sequence), event.sequence - 0.5)
    return found


def _same_to_the_family(singles: Iterable[DayDoses], make: Maker) -> Iterator[DayDoses]:
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


def _span(run: Run, make: Maker) -> SpanWords:
    words, micrograms = make.words, make.micrograms
    # A dose that was given has no tablets, and how often it is taken nobody recorded.
    event = next((day.first for day in run.days if not is_recorded(day.first)), run.first)
    if event.state in STATES:
        name = medicine_name(event.placed, words)
        return SpanWords(words.say("told", name=name, text=_off_words(run, name, make)), ticks=0, provisional=False)
    parts = [words.say("told", name=medicine_name(event.placed, words), text=how_given(event.placed, words))]
    at_home = event.placed.kind != "infusion"
    if at_home:
        # Of a dose that was given nobody recorded whether it was the whole of its day.
        often = "" if is_recorded(event) and run.doses_a_day == 1 else times_a_day(event, run.doses_a_day, words)
        parts += [home_amount(event, words, micrograms), glued(often)]
    ticks = run.doses_a_day if at_home and not is_often_open(event) else 0
    told = ", ".join(part for part in parts if part)
    return SpanWords(_dose_open(told, event, words), ticks, is_unsure(event))


def _off_words(run: Run, name: str, make: Maker) -> str:
    """What a frame says that is not given: a frame "stopped" that ended read as if it began again behind it."""
    words, event = make.words, run.first
    if event.state is State.STOPPED:
        stops = make.stops[name, how_given(event.placed, words)]
        return words.say("stopped_part", day=words.day(min(stops.values())))
    several = event.state is State.OMITTED and len(run.days) > 1
    return words.say("state_omitted_days" if several else STATES[event.state])


def _dose_open(told: str, event: Event, words: Words) -> str:
    """With the words for a drug that goes on whatever is decided: "if your doctor confirms" read as none till then."""
    return f"{told}. {words.say('dose_open')}" if is_dose_open(event) else told


def _drug_item(doses: DayDoses, make: Maker, begins: Mapping[DayOfBlock, float]) -> Item:
    event, words = doses.first, make.words
    placed = event.placed
    name = medicine_name(placed, words)
    if event.state in STATES:
        return _left_out(name, doses.events, make)
    amount = home_amount(event, words, make.micrograms)
    parts = [f"{name}, {amount}" if amount == words.say("amount_told") else f"{name} {amount}".strip()]
    boxes: tuple[tuple[str, int, bool], ...] = ()
    if is_in_parts(doses.events):
        parts.append(glued(words.say("pieces", count=len(doses.events))))
    elif len(doses.events) > 1:
        parts.append(_times(doses, words))
        boxes = tuple(("", 1, is_recorded(one)) for one in doses.events)
    elif placed.route == "PO" and is_day_total(event):
        parts.append(glued(words.say("whole_day")))
    if placed.route == "PO" and is_weekly(placed):
        parts.append(once_a_week([event.date.weekday()], words))
    minutes = [one.minute for one in doses.events]
    told = _dose_open(at_hours(", ".join(parts), minutes, words), event, words)
    done = not boxes and all(map(is_recorded, doses.events))
    line = Line(make.told(told, doses.events), "strong", tick=not boxes, ticked=done)
    below = (Line("", boxes=boxes, joined=True),) if boxes else ()
    how = heading_of(how_given(placed, words), words)
    before, unsure = placed.role == PREMEDICATION, is_unsure(event)
    order = begins.get(day_of(event), event.sequence) if before else event.sequence
    return Item(line, order, how, unsure, before=before, minute=min(minutes), name=name, more=below)


def _times(doses: DayDoses, words: Words) -> str:
    """How often on this day; "a day" only where the day has all its doses."""
    count, placed = len(doses.events), doses.first.placed
    whole = placed.route in AT_HOME and count == doses_a_day(placed)
    return times_a_day(doses.first, count, words) if whole else words.times(count)


def _left_out(name: str, events: Sequence[Event], make: Maker) -> Item:
    """That something of the protocol is not given on its day; where its part as a whole stops that day, that."""
    first, words = events[0], make.words
    if first.state is State.STOPPED and make.ends.stops_on(first.placed.block, first.day):
        stopped = words.say("stopped_part", day=words.day(first.day))
        told = words.say("told", name=words.title(first.placed.block.title), text=stopped)
        return Item(Line(make.told(told, events), "strong"), first.sequence, name=name, once=True)
    text = make.words.say("told", name=name, text=make.words.say(STATES[events[0].state]))
    return Item(Line(make.told(text, events)), events[0].sequence, name=name)


def _some_left_out(doses: DayDoses, make: Maker) -> Item:
    """That one of several doses of a day is not given: "not this day" stood above the box of the other."""
    words, name = make.words, medicine_name(doses.first.placed, make.words)
    hours = sorted({one.minute for one in doses.events})
    if hours[0] >= 0:
        when = glued(words.say("at_time", time=words.listed([clock(hour) for hour in hours])))
        text = words.say("told", name=name, text=words.say("not_at", when=when))
    else:
        text = words.say("doses_off", name=name, count=len(doses.events))
    return Item(Line(make.told(text, doses.events)), doses.first.sequence, name=name)


def _intrathecal_item(events: Sequence[Event], make: Maker) -> Item:
    words, first = make.words, events[0]
    names = words.listed([medicine_name(event.placed, words) for event in events])
    if first.state in STATES:
        return _left_out(words.say("intrathecal_names", names=names), events, make)
    unsure, minutes = first.state is State.PROVISIONAL, [event.minute for event in events]
    done = all(map(is_recorded, events))
    line = Line(make.told(at_hours(names, minutes, words), events), "strong", tick=True, ticked=done)
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


def _test_item(event: Event, make: Maker) -> Item:
    first = event.placed.kind == "bag" and day_of(event) in make.starts
    name = make.words.say("pump_starts") if first else test_name(event.placed, make.words)
    if event.state in STATES:
        return _left_out(name, [event], make)
    is_talk = event.placed.kind == "decision"
    done = event.state is State.GIVEN and not is_talk
    is_rule = isinstance(event.placed.order, TemplateAssessment) and event.placed.order.topic == PRECAUTION
    tick = not is_talk and not is_rule  # what is to be minded is never done
    line = Line(make.told(at_hours(name, [event.minute], make.words), [event]), tick=tick, ticked=done and tick)
    unsure = event.state is State.PROVISIONAL and not is_talk
    is_pump = event.placed.kind == "bag" or event.placed.agent_name == PUMP_OFF
    how = heading_of(make.words.say("pump"), make.words) if is_pump else ""
    return Item(line, event.sequence, how, unsure, once=True, minute=event.minute, plain=is_pump, talk=is_talk)
