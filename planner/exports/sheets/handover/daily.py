"""What runs daily on the hand-over: since when, until when, and what goes on behind the last day of the sheet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from planner.exports.sheets.changes import Key
from planner.exports.sheets.ends import Days
from planner.exports.sheets.notes import as_it_goes_on, begun_line, kept_lines, marks_of
from planner.exports.sheets.sheet import Cell, Column, Line, Paragraphs, Part, Row, Table
from planner.exports.sheets.unsaid import moved_apart
from planner.exports.wording.checks import Checks, check_words, checks_of
from planner.exports.wording.doses import (
    AT_HOME,
    IN_ALL,
    NOT_SAID,
    NOT_TO_BE_GIVEN,
    PREMEDICATION,
    dose_of_day,
    dose_words,
    doses_a_day,
    if_tolerated,
    instead_words,
    is_day_total,
    is_drug,
    is_often_open,
    is_often_unsaid,
    is_recorded_total,
    is_to_enter,
    is_unsure,
    route_words,
    state_told,
)
from planner.exports.wording.holds import UNTIL
from planner.exports.wording.levels import newest_level
from planner.exports.wording.not_given import guards_of
from planner.exports.wording.order_words import LAST_DAY_OPEN, NO_END_PLANNED, own_notes, until_words, weight_words
from planner.exports.wording.runs import NO_END, DayDoses, Run, daily_checks, open_ends, pump_ends, runs_across
from planner.exports.wording.text import listed
from planner.model.civil import clock, weekday_date
from planner.model.cycle_content import State
from planner.model.going_on import day_of, goes_beyond, may_go_on
from planner.model.kept import Doses, doses_by_order, kept_words
from planner.model.language import glued
from planner.model.plan import Hold, Plan, Stop
from planner.model.protocol import TemplateOrder
from planner.model.schedule import Event, PlacedOrder

WHOLE_DAY = "the whole of the day: ask whether and how it is divided"
OFTEN_OPEN = "how often a day is not entered: ask the prescriber"
STOPPED = "stopped: no more of it"
ASK = "ask the pharmacist"
DRAWN_TO = f"{ASK}; drawn in this plan to"
NOTHING = "Nothing of the plan runs daily in this time."

CHANGED = "dose "
"""How the notes begin that say that somebody changed a dose, and why."""

HOUR, DAY = 60, 24 * 60
"""In minutes."""

Going = Mapping[int, Sequence[Event]]

_COLUMNS = (
    Column((Line("What", "strong"),), 150, 1.2),
    Column((Line("Dose, how often", "strong"),), 140, 0.8),
    Column((Line("From, in this time", "strong"),), 110, 0.3),
    Column((Line("To, in this time", "strong"),), 140, 0.5),
)


@dataclass(frozen=True)
class _Whole:
    """What is read in the whole plan, not in the days of the sheet alone: a drug that runs on behind them is no end."""

    days: range
    micrograms: str
    doses: Days
    going: Going
    off: Going
    checks: Checks
    drawn: Doses
    held: Mapping[tuple[str, str], Event]
    moved: Mapping[tuple[str, str, int], Event]
    pauses: Sequence[Stop | Hold]
    plan: Plan
    over: int
    marks: Mapping[Key, str]


def daily_of(
    plan: Plan, standing: Sequence[Event], days: range, micrograms: str, marks: Mapping[Key, str]
) -> tuple[tuple[Part, ...], tuple[Event, ...], tuple[Event, ...]]:
    """The table of what runs daily on these days, the events of these days that stand in no run, and the first doses
    of drugs that run on these days and are not to be given.
    """
    pumps = [one for one in standing if one.placed.kind != "bag"]  # those with bags come off too
    off = {**open_ends(pumps), **pump_ends(pumps)}
    held: dict[tuple[str, str], Event] = {}
    for event in (one for one in standing if one.state is State.HELD):
        held.setdefault(_drug_of(event), event)
    going, checks, drawn = may_go_on(plan, standing), checks_of(plan), doses_by_order(standing)
    pauses = [one for one in plan.modifications if isinstance(one, Stop | Hold)]
    moved = {(*_by(one), day - 1): one for day, one in reversed([*moved_apart(standing)])}
    over = max((one.placed.block.end for one in standing), default=0)
    whole = _Whole(days, micrograms, Days(standing), going, off, checks, drawn, held, moved, pauses, plan, over, marks)
    drugs, others = runs_across(standing, lambda last: (*_by(last), last.day) in moved)
    watched, single = daily_checks(others)
    rows = (
        *_running(drugs, whole),
        *_coming_off(drugs, whole),
        *_beyond(drugs, whole),
        *_going(whole),
        *_running(watched, whole),
    )
    table = Table(_COLUMNS, rows, together=True) if rows else Paragraphs((Line(NOTHING),))
    firsts = (next((day.first for day in run.days if day.day in days), None) for run in drugs)
    struck = tuple(one for one in firsts if one is not None and one.state in NOT_TO_BE_GIVEN)
    return (table,), tuple(one for one in single if one.day in days), struck


def _by(event: Event) -> tuple[str, str]:
    """What goes on in the next cycle as well."""
    return event.placed.agent, event.placed.route


def _drug_of(event: Event) -> tuple[str, str]:
    return event.placed.block.id, event.placed.agent


def _going(whole: _Whole) -> Iterator[Row]:
    """What is drawn on earlier days alone and may go on: the other hospital cannot know that it was ever begun."""
    begins: dict[Event, int] = {}
    ends: dict[Event, int] = {}
    for day, firsts in sorted(whole.going.items()):
        for first in firsts:
            ends[first] = day
            if day in whole.days:
                begins.setdefault(first, day)
    yield from (_going_row(first, day, ends[first], whole) for first, day in begins.items())


def _beyond(runs: Sequence[Run], whole: _Whole) -> Iterator[Row]:
    """What ends a block that has no end of its own, before these days: it goes on, and is drawn no further.

    Ponatinib of a last block without an end stood on no sheet of the weeks behind its drawn days.
    """
    lasts: dict[tuple[str, str], Run] = {}
    for run in runs:
        if run.first.day < whole.days.stop:
            key = run.first.placed.agent, run.first.placed.route
            lasts[key] = max(run, lasts.get(key, run), key=lambda one: one.last.day)
    going = {(one.placed.agent, one.placed.route) for day in whole.days for one in whole.going.get(day, ())}
    for key, run in lasts.items():
        if key not in going and run.last.day < whole.days.start and goes_beyond(run.last):
            last = as_it_goes_on(run.last)
            told = amount_lines(last, dose_of_day(last, whole.micrograms), _way(run))
            name = Cell((Line(last.placed.agent_name, "strong"), *state_lines(last)), _edge(last))
            since = _line("since", whole.doses.since(run))
            to = Line(NO_END, "strong"), _line(DRAWN_TO, run.last.day)
            yield Row((name, Cell((*told, *_check(last, whole.checks))), Cell((since,)), Cell(to)))


def _going_row(first: Event, begins: int, ends: int, whole: _Whole) -> Row:
    going = as_it_goes_on(first)
    name = Line(going.placed.agent_name, "strong"), *state_lines(going), begun_line(first), *_guards(first, whole)
    way = ", ".join(filter(None, (route_words(going.placed.route), _often_on(going))))
    amount = *amount_lines(going, dose_words(going, whole.micrograms), way), *_check(going, whole.checks)
    open_end = until_words(going.placed) in (LAST_DAY_OPEN, NO_END_PLANNED)
    drawn_to = Line(ASK) if ends + 1 >= whole.over else _line(DRAWN_TO, ends)  # the plan's end is none of the drug
    latest = drawn_to if open_end else _line("in this plan at the latest to", ends)
    level = newest_level(first, whole.plan.patient.labs)
    to = Line(f"may still go on, {until_words(going.placed)}"), *((Line(level, "strong"),) if level else ()), latest
    if why := _ended_by(first.placed, ends + 1, whole):
        to = _line("may still go on to", ends), Line(f"then {why}", "strong")
    amount = *amount, *((Line(going.placed.note),) if open_end and going.placed.note else ())
    return Row((Cell(name, _edge(going)), Cell(amount), Cell((_next_dose(first, begins, whole),)), Cell(to)))


def _guards(first: Event, whole: _Whole) -> tuple[Line, ...]:
    """The levels that are looked at as long as a rescue goes on: their drawn days ended, and nobody measured them."""
    going = (one for firsts in whole.going.values() if first in firsts for one in firsts)
    names = [one.placed.agent_name for one in guards_of(first, whole.drawn, going) if not is_drug(one.placed)]
    return (Line(f"as long as it goes on, also every day: {listed(names)}", "strong"),) if names else ()


def _ended_by(placed: PlacedOrder, day: int, whole: _Whole) -> str:
    """That somebody stopped it or put it on hold on that day: "at the latest to" read as if the plan alone ended it."""
    for one in whole.pauses:
        here = one.block == placed.block.id and one.order in ("", placed.order.id)
        if here and day_of(one, whole.plan, placed.block) == day:
            return STOPPED if isinstance(one, Stop) else f"on hold, {_until(one)}"
    return ""


def _until(hold: Hold) -> str:
    return f"to {glued(weekday_date(hold.until.toordinal() - 1))}" if hold.until else UNTIL


def _next_dose(first: Event, day: int, whole: _Whole) -> Line:
    """From when it may go on: of a dose every 6 h that is drawn to 15:00, from 21:00 of that day on.

    Named by the day after alone, the dose of the evening stood on no sheet.
    """
    order = first.placed.order
    drawn = [one for one in whole.drawn[first.placed.id] if one.day < day]
    if not drawn or drawn[-1].minute < 0 or not isinstance(order, TemplateOrder) or not order.every_hours:
        return _line("", day)
    later, minute = divmod(drawn[-1].minute + order.every_hours * HOUR, DAY)
    due = drawn[-1].day + later
    return _line("", due, clock(minute)) if due in whole.days and due >= day - 1 else _line("", day)


def _often(event: Event, count: int) -> str:
    """How often a day; nothing where the protocol does not say it."""
    if is_to_enter(event):
        return ""
    if is_day_total(event):
        return NOT_SAID if event.placed.route in AT_HOME else WHOLE_DAY
    if is_often_open(event):
        return OFTEN_OPEN
    if is_recorded_total(event):
        return IN_ALL
    if is_often_unsaid(event):  # given, or struck out: nothing to ask any more, and nothing to claim
        return ""
    usual = doses_a_day(event.placed)
    if count < usual:  # the others of that day are recorded or left out: "once a day" was the frequency of half a day
        return glued(f"{count} of {usual} doses of a day")
    return glued(f"{count} times a day" if count > 1 else "once a day")


def _often_on(event: Event) -> str:
    """Likewise of what may go on, whose doses are not drawn: by the protocol's order."""
    order = event.placed.order
    if not isinstance(order, TemplateOrder):
        return ""
    return glued(f"every {order.every_hours} h") if order.every_hours else _often(event, doses_a_day(event.placed))


def _running(runs: Sequence[Run], whole: _Whole) -> Iterator[Row]:
    """What runs daily with its first and last day; an infusion with the hours at which it begins and is over."""
    for run in runs:
        here = [one for one in run.days if one.day in whole.days]
        if not here:
            continue
        first = here[0].first
        style = "struck" if first.state in NOT_TO_BE_GIVEN else "strong"
        told = amount_lines(first, dose_of_day(first, whole.micrograms), _way(run))
        amount = Cell((*told, *_reduced(first, whole), *_check(first, whole.checks), *_notes(first)))
        begun = tuple(_begins(run, here[0], whole))
        marked = marks_of((one for day in here for one in day.events), whole.marks)
        said = *state_lines(first), *kept_lines(first), *marked
        name = Cell((Line(first.placed.agent_name, style), *said), _edge(first))
        yield Row((name, amount, Cell(begun), Cell(tuple(_ends(run, here[-1].day, whole)))))


def _coming_off(runs: Sequence[Run], whole: _Whole) -> Iterator[Row]:
    """The pumps that come off on the first of these days, begun before it: "nothing runs daily in this time"."""
    for run in runs:
        over = run.last.day + 1
        if over == whole.days.start and run.last in whole.off.get(over, ()):
            told = amount_lines(run.last, dose_of_day(run.last, whole.micrograms), _way(run))
            name = Cell((Line(run.last.placed.agent_name, "strong"), *state_lines(run.last)), _edge(run.last))
            since = Cell((_line("since", whole.doses.since(run)),))
            yield Row((name, Cell(told), since, Cell((_line("ends", over, _hour(run.last) or "(no hour known)"),))))


def _reduced(event: Event, whole: _Whole) -> tuple[Line, ...]:
    """What the dose would be that somebody reduced, and why: half of it stood there as if the protocol said so."""
    instead = instead_words(event, whole.micrograms)
    why = [note for note in own_notes(event) if note.startswith(CHANGED)]
    return tuple(map(Line, [*filter(None, [instead]), *(why if event.state not in NOT_TO_BE_GIVEN else ())]))


def _notes(event: Event) -> Iterator[Line]:
    """Why it is not given; of a watch or a stay all that is said of it."""
    kept_on = kept_words(event)
    if not is_drug(event.placed) or event.state in NOT_TO_BE_GIVEN:
        yield from (Line(note) for note in own_notes(event) if note != kept_on)


def _begins(run: Run, here: DayDoses, whole: _Whole) -> Iterator[Line]:
    """Its first day of these, and since when it runs; of a hold, that it is one.

    The first day behind those that are recorded as given read as the day on which the pump is begun.
    """
    first, since = here.first, whole.doses.since(run)
    if first.state is State.HELD:
        begun = whole.held[_drug_of(first)]
        words = "on hold from" if run.first.day == begun.day else "on hold, was to begin"
        yield _line(words, run.first.day, _hour(run.first))
    elif first.state is State.STOPPED:
        yield _line("stopped from", run.first.day)
    elif since < first.day:
        yield from (_line("", first.day), _line("since", since))
    else:
        yield _line("", first.day, _hour(first))


def _way(run: Run) -> str:
    """How it is given and how often; of a watch or a stay, that it is every day."""
    placed = run.first.placed
    if not is_drug(placed):
        return "every day"
    if placed.kind == "infusion":
        return f"{route_words(placed.route)}, continuous infusion"
    return ", ".join(filter(None, (route_words(placed.route), _often(run.first, run.doses_a_day))))


def _hour(event: Event) -> str:
    """The hour of a continuous infusion, where it is known: with the day alone nobody knew when the dose is changed."""
    return clock(event.minute) if event.placed.kind == "infusion" and event.minute >= 0 else ""


def _ends(run: Run, last_here: int, whole: _Whole) -> Iterator[Line]:
    """Its last day of these, and what comes behind that: the edge of the sheet read as the end of the drug."""
    last, over = run.last, run.last.day + 1
    if last.state in (State.HELD, State.STOPPED):
        yield Line(UNTIL if last.state is State.HELD else STOPPED, "strong")
        yield _line("was drawn to", last.day)
        return
    if last.day != last_here:  # the last recorded day is no end of what goes on behind it
        last = whole.doses.end_of(run)
        over, run = last.day + 1, Run((DayDoses(last.day, (last,)),))
    further = whole.doses.further_words(run, whole.micrograms, dated=True)
    if last.day == last_here:
        yield from (_line("", last.day), *((Line(further),) if further else ()))
    else:
        yield _line("and after" if last.state in NOT_TO_BE_GIVEN else "goes on after", last_here)
        yield Line(f"to {glued(weekday_date(last.day))}{further and f', then {further}'}")
    if moved := whole.moved.get((*_by(last), last.day)):
        words = "on hold from" if moved.state is State.HELD else "its next dose is moved to"
        yield Line(f"then none drawn: {words} {glued(weekday_date(moved.day))}, ask", "strong")
    if last in whole.off.get(over, ()):
        yield _line("ends", over, _hour(last) or "(no hour known)")
    if over not in whole.days and any(one.placed.id == last.placed.id for one in whole.going.get(over, ())):
        yield Line(f"or longer, {until_words(last.placed)}")


def _line(words: str, day: int, hour: str = "") -> Line:
    """A day that is not torn, with its hour, behind what is said of it."""
    return Line(f"{words} {glued(f'{weekday_date(day)} {hour}'.rstrip())}".lstrip())


def _check(event: Event, checks: Checks) -> tuple[Line, ...]:
    """What nobody has confirmed yet of the order."""
    words = check_words(event.placed, checks)
    return (Line(words, "strong"),) if words else ()


def _edge(event: Event) -> str:
    return "dashed" if is_unsure(event) else ""


def amount_lines(event: Event, dose: str, way: str) -> tuple[Line, ...]:
    """Dose and way in one line; in two where the dose has to be written in."""
    if is_to_enter(event):
        return Line(dose, blank=True), Line(way)
    style = "struck" if event.state in NOT_TO_BE_GIVEN else "body"
    told = Line(", ".join(part for part in (dose, way, weight_words(event)) if part), style)
    lines = told, *(Line(text, "strong") for text in (if_tolerated(event),))
    return tuple(line for line in lines if line.text)


def state_lines(event: Event) -> tuple[Line, ...]:
    """What is taken first, and what the frame or the stroke through a name means: the reader works elsewhere."""
    before = (Line(PREMEDICATION),) if event.placed.role == PREMEDICATION else ()
    return (*before, *((Line(state_told(event), "strong"),) if state_told(event) else ()))
