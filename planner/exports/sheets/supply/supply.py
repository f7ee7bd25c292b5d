"""The supply sheet: what patients take themselves, cycle by cycle: how much each time, on which days, how much in all.

That is what goes by mouth, into the eye or on the skin. Who gives what goes under the skin no protocol says.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from itertools import groupby, pairwise

from msgspec import Struct

from planner.exports.sheets.changes import ON_THESE_DAYS, Key, change_marks, changes_section
from planner.exports.sheets.frame import clinician_frame, extract_of
from planner.exports.sheets.job import Job
from planner.exports.sheets.notes import as_it_goes_on, begun_line, marks_of
from planner.exports.sheets.sheet import Cell, Column, Line, Paragraphs, Row, Section, Sheet, Table
from planner.exports.sheets.signing import signatures
from planner.exports.sheets.supply.further import WEEK, further, to_day
from planner.exports.sheets.supply.others import is_at_clinic, others
from planner.exports.wording.checks import Checks, check_words, checks_of
from planner.exports.wording.doses import (
    AT_HOME,
    IN_ALL,
    NOT_SAID,
    NOT_TO_BE_GIVEN,
    dose_each_time,
    doses_a_day,
    is_day_total,
    is_often_open,
    is_recorded_total,
    is_unsure,
    place_words,
    route_words,
    state_told,
)
from planner.exports.wording.order_words import LENGTH_UNSAID, days_in_words, until_words, weekly_words
from planner.exports.wording.runs import NO_END, DayDoses, FirstDays, by_day, is_weekly
from planner.exports.wording.text import NO_DAY, continued, counted, listed
from planner.model.agent import Piece
from planner.model.civil import weekday_date
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.going_on import goes_beyond, lasts_unsaid, may_go_on, stays_unsaid
from planner.model.language import glued
from planner.model.protocol import Days
from planner.model.quantity import format_amount, format_number
from planner.model.schedule import Event, PlacedBlock, PlacedCycle
from planner.model.wish import Wish

TITLE = "Supply sheet: medicines by mouth, into the eye, on the skin"
NOTHING = "No medicine to take home by mouth, into the eye or on the skin lies in the time asked for."
TABLET = "tablet"
FEW = 2
"""As many days at an end of a cycle are named on which a weekly medicine is not taken."""
GOING = "Begun before, and may still go on"
Drug = tuple[str, str]
"""An agent by a route."""


class _Told(Struct, frozen=True):
    """What rows are told by: first days, the word for mcg, who checked which, all days of a drug, the extract."""

    begins: FirstDays
    micrograms: str
    checks: Checks
    taken: Mapping[Drug, Mapping[int, Event]]
    wish: Wish
    marks: Mapping[Key, str]


_COLUMNS = (
    Column((Line("Medicine", "strong"),), 110, 1),
    Column((Line("Dose", "strong"),), 74, 0.2),
    Column((Line("How often", "strong"),), 100, 0.8),
    Column((Line("From, to", "strong"),), 104, 0.2),
    Column((Line("Days, doses", "strong"),), 84, 0.2),
    Column((Line("Amount in all", "strong"),), 70, 0.2),
    Column((Line("Tablets of that dose", "strong"), Line("number × strength")), 96, 0.5),
    Column((Line("Handed out", "strong"), Line("number, date, by")), 90, 0.5),
)


def supply(evaluated: EvaluatedPlan, job: Job) -> Sheet:
    """A table for each block, its cycles one under the other. A medicine stands once for each stretch of one dose."""
    standing = evaluated.due
    covered = [event for event in standing if job.wish.covers(event.day)]
    events = [event for event in covered if _is_supplied(event)]
    begins = FirstDays(evaluated.schedule)
    told = _Told(
        begins,
        job.site.micrograms,
        checks_of(evaluated.plan),
        _taken_days(standing),
        job.wish,
        change_marks(job.changes),
    )
    sections: list[Section] = []
    for block in evaluated.schedule.blocks:
        here = [one for one in events if one.placed.block.id == block.id]
        if here:
            table = Table(_COLUMNS, tuple(_block_rows(block, here, told)), bands_together=True)
            sections.append(Section(_title(block, begins), (table,), again=continued(block.title)))
    sections += _going_on(evaluated, told, {one.placed.id for one in events})
    signed = [Section("Signatures", signatures(), level=1, follows=True)] if sections else []
    sections = sections or [Section("Nothing to hand out", (Paragraphs((Line(NOTHING),)),))]
    sections += [*others(covered, evaluated, job.wish), *signed]
    extract = extract_of(evaluated, job.wish)
    sections += changes_section(
        job.changes, lambda one: _is_supplied(one) and job.wish.covers(one.day), ON_THESE_DAYS if extract else ""
    )
    return Sheet("supply", TITLE, "clinician", clinician_frame(evaluated, TITLE, job, extract), tuple(sections))


def _title(block: PlacedBlock, begins: FirstDays) -> str:
    """The block; one of a single cycle with its days, for no band names them."""
    return block.title if len(block.cycles) > 1 else f"{block.title}: {_span_of(block, block.cycles[0], begins)}"


def _span_of(block: PlacedBlock, cycle: PlacedCycle, begins: FirstDays) -> str:
    return NO_DAY if block.waits else f"{weekday_date(begins.of(block, cycle))} to {weekday_date(cycle.end - 1)}"


def _block_rows(block: PlacedBlock, events: Sequence[Event], told: _Told) -> Iterator[Row]:
    """What is handed out cycle by cycle, each under a band where there are several."""
    for cycle in block.cycles:
        here = [one for one in events if one.placed.cycle == cycle.number]
        if here and len(block.cycles) > 1:
            span = _span_of(block, cycle, told.begins)
            yield Row((Cell((Line(f"Cycle {cycle.number}: {span}", "strong"),)),), band=True)
        days = range(told.begins.of(block, cycle), cycle.end)
        yield from (_row(same, told, _left_out(same, days, told)) for same in _stretches(here))


def _is_supplied(event: Event) -> bool:
    return event.placed.route in AT_HOME and event.dose is not None and not is_at_clinic(event.placed)


def _going_on(evaluated: EvaluatedPlan, told: _Told, drawn: set[str]) -> list[Section]:
    """What was begun before the time asked for and may go on in it: left out, it seemed to have ended."""
    going = may_go_on(evaluated.plan, evaluated.due)
    begun = {one.placed.id: one for day in sorted(going) if told.wish.covers(day) for one in going[day]}
    rows = [_going_row(first, told) for order, first in begun.items() if order not in drawn and _is_supplied(first)]
    named = {(one.placed.agent, one.placed.route) for one in begun.values()}
    rows += [_beyond_row(last, told) for key, last in _beyond(told) if key not in named and _is_supplied(last)]
    return [Section(GOING, (Table(_COLUMNS, tuple(rows)),), again=continued(GOING))] if rows else []


def _going_row(first: Event, told: _Told) -> Row:
    going = as_it_goes_on(first)
    whole = _row([going], told, ())
    name = Cell((*whole.cells[0].lines, begun_line(first)), whole.cells[0].edge)
    may = Cell((Line(f"may still go on, {until_words(first.placed)}", "strong"),))
    days, amount = Cell((Line("how many days is open"),)), Cell((Line("open"),))
    return Row((name, *whole.cells[1:3], may, days, amount, *whole.cells[6:]))


def _beyond(told: _Told) -> Iterator[tuple[Drug, Event]]:
    """The last doses, before the time asked for, of what ends a block without an end: it goes on, drawn no further."""
    if told.wish.first is None:
        return
    start = told.wish.first.toordinal()
    for drug, taken in told.taken.items():
        last = max((day for day in taken if not told.wish.last or day <= told.wish.last.toordinal()), default=start)
        if last < start and goes_beyond(taken[last]):
            yield drug, taken[last]


def _beyond_row(last: Event, told: _Told) -> Row:
    whole = _row([as_it_goes_on(last)], told, ())
    to = Cell((Line(NO_END, "strong"), Line(f"drawn in this plan {to_day(last.day)}")))
    days, amount = Cell((Line("how many days is open"),)), Cell((Line("open"),))
    tablets = tuple(_each(one, last.dose.unit) for one in last.dose.tablets) if last.dose else ()
    return Row((*whole.cells[:3], to, days, amount, Cell(tablets or (Line("", blank=True),)), whole.cells[7]))


def _stretches(events: Sequence[Event]) -> list[list[Event]]:
    """The doses of a row: days of one order at one dose, and what other orders of the protocol give alike.

    A weekly day that the protocol writes as an order of its own read as a second dose.
    """
    by_order: dict[str, list[Event]] = {}
    for event in events:
        by_order.setdefault(event.placed.id, []).append(event)
    found: dict[tuple[object, ...], list[Event]] = {}
    for order, several in by_order.items():
        for number, (dose, same) in enumerate(groupby(several, key=_sameness)):
            first = several[0].placed
            alone = (order, number) if number or lasts_unsaid(first) else ()
            found.setdefault((*first.drug, *dose, *alone), []).extend(same)
    return [sorted(same, key=lambda event: (event.day, event.minute)) for same in found.values()]


def _sameness(event: Event) -> tuple[object, ...]:
    """What the doses of a row have alike: "0.5 mg a day" and "0.5 mg twice a day" are two rows, not one of half."""
    amount = (event.dose.value, event.dose.unit) if event.dose else None
    return amount, event.state, is_day_total(event), doses_a_day(event.placed)


def _taken_days(events: Sequence[Event]) -> Mapping[Drug, Mapping[int, Event]]:
    """By drug and route the days on which the whole plan gives it, each with its last dose.

    Of an extract, judged by its own days, the Mondays outside it were days on which methotrexate is left out.
    """
    found: dict[Drug, dict[int, Event]] = defaultdict(dict)
    for event in events:
        if event.state not in NOT_TO_BE_GIVEN:
            found[event.placed.agent, event.placed.route][event.day] = event
    return found


def _left_out(same: Sequence[Event], days: range, told: _Told) -> list[int]:
    """The days of a weekly medicine's weekday on which it is not taken, up to the doses of it before and after.

    At the cycle's ends only where they are few: there the medicine pauses, and "from, to" says so.
    """
    first, last = same[0], same[-1]
    if not is_weekly(first.placed) or first.state in NOT_TO_BE_GIVEN or len({one.day % WEEK for one in same}) > 1:
        return []
    taken = set(told.taken[first.placed.agent, first.placed.route])
    before, after = range(first.day - WEEK, days.start - 1, -WEEK), range(last.day + WEEK, days.stop, WEEK)
    ends = [[] if taken & set(side) or len(side) > FEW else side for side in (before, after)]
    found = {*ends[0], *range(first.day, last.day, WEEK), *ends[1]}
    return sorted(day for day in found - taken if told.wish.covers(day))


def _row(events: Sequence[Event], told: _Told, left_out: Sequence[int]) -> Row:
    first, last, micrograms = events[0], events[-1], told.micrograms
    drug = last.placed.agent, last.placed.route
    struck = first.state in NOT_TO_BE_GIVEN
    name = [Line(first.placed.agent_name, "struck" if struck else "strong")]
    if first.placed.role != "antineoplastic":
        name.append(Line(first.placed.role))
    if first.placed.route != "PO":
        name.append(Line(route_words(first.placed.route)))
    if state := state_told(first):
        name.append(Line(state, "strong"))
    if unchecked := check_words(first.placed, told.checks):
        name.append(Line(unchecked, "strong"))
    name += marks_of(events, told.marks)
    open_dose = first.dose is not None and first.dose.value is None
    done = struck or first.state is State.GIVEN
    written = Cell(() if done else (Line("", blank=True), Line("", blank=True)))
    return Row(
        (
            Cell(tuple(name), "dashed" if is_unsure(first) else ""),
            Cell(
                (
                    Line(dose_each_time(first, micrograms), "struck" if struck else "strong", blank=open_dose),
                    *_range(first),
                )
            ),
            Cell((Line(_often(events), blank=is_often_open(first)), *_not_on(left_out))),
            Cell(tuple(_span(first, last, further(last, told.taken[drug], told.wish, told.micrograms)))),
            Cell((Line(_count(events)),)),
            Cell((Line(_total(events, micrograms)),)),
            Cell() if first.placed.route != "PO" else written if struck else _tablets(events) or written,
            written,
        )
    )


def _range(event: Event) -> tuple[Line, ...]:
    """The bounds of a dose that the site has to choose."""
    told = event.dose.missing if event.dose and event.dose.least is not None else ""
    return (Line(told),) if told else ()


def _tablets(events: Sequence[Event]) -> Cell | None:
    """The tablets of one dose, with those of the whole supply in whole ones, where known strengths make it exactly.

    Else what comes nearest, with a line to write on: empty without a word, it looked forgotten. The pharmacist still
    has to hold them so.
    """
    dose = events[0].dose
    if dose is None:
        return None
    if not dose.tablets:
        return Cell((Line(dose.made_of), Line("", blank=True))) if dose.made_of else None
    return Cell(tuple(line for one in dose.tablets for line in _piece(one, dose.unit, events)))


def _piece(piece: Piece, unit: str, events: Sequence[Event]) -> list[Line]:
    """Tablets of one strength: for each dose, and for all of them, in whole ones, where that is known."""
    each = _each(piece, unit)
    total = piece.number * len(events)
    if lasts_unsaid(events[0].placed) or is_often_open(events[0]):
        return [each]
    whole = int(total.to_integral_value(ROUND_CEILING))  # nobody hands out half a tablet
    taken = "" if whole == total else f", {format_number(total)} taken"
    return [each, Line(f"{glued(f'{counted(whole, TABLET)} in all')}{taken}")]


def _each(piece: Piece, unit: str) -> Line:
    return Line(f"{format_number(piece.number)} × {_amount(piece.strength, unit)}")


def _amount(value: Decimal, unit: str) -> str:
    return glued(f"{format_number(value)} {unit}")


def _often(events: Sequence[Event]) -> str:
    if is_weekly(events[0].placed):
        return weekly_words(events)
    days = by_day(events)  # they are in one state
    counts = sorted({len(day.events) for day in days})
    times = " or ".join("once" if count == 1 else f"{count} times" for count in counts)
    unsaid = "not set" if is_often_open(events[0]) else NOT_SAID if is_day_total(events[0]) else ""
    unsaid = unsaid or (IN_ALL if is_recorded_total(events[0]) else "")
    often = unsaid or _times_a_day(days, times)
    gaps = {later.day - earlier.day for earlier, later in pairwise(days)}
    on = days_in_words(Days(tuple(day.first.day_number for day in days)))
    return often if gaps <= {1} else f"{often}, on {on}" if unsaid else f"{often} on {on}"


def _times_a_day(days: Sequence[DayDoses], times: str) -> str:
    """How often a day; of days on which doses are recorded or left out already, how many are to come.

    "Once or 2 times a day" was the frequency of clonazepam as soon as the first dose of a day was recorded.
    """
    usual = doses_a_day(days[0].first.placed)
    fewer = [day for day in days if len(day.events) < usual]
    if not fewer or len(fewer) == len(days) or max(len(day.events) for day in days) != usual:
        return f"{times} a day"
    rest = [f"on {glued(weekday_date(day.day))} {counted(len(day.events), 'dose')}" for day in fewer]
    return f"{usual} times a day; {listed(rest)}"


def _not_on(days: Sequence[int]) -> list[Line]:
    return [Line(f"not on {listed([glued(weekday_date(day)) for day in days])}", "strong")] if days else []


def _span(first: Event, last: Event, further: str) -> list[Line]:
    if first.placed.block.waits:  # its days are only those of the protocol
        return [Line(NO_DAY, "strong")]
    on = [Line(f"and on, {until_words(first.placed)}", "strong")] if lasts_unsaid(first.placed) else []
    on += [Line(LENGTH_UNSAID, "strong")] if stays_unsaid(first.placed) else []
    on += [Line(NO_END, "strong")] if goes_beyond(last) else []
    on += [Line(further, "strong")] if further else []
    to = [Line(to_day(last.day))] if first.day != last.day else []
    return [Line(glued(weekday_date(first.day))), *to, *on]


def _count(events: Sequence[Event]) -> str:
    days = counted(len(by_day(events)), "day")
    by_the_day = is_day_total(events[0]) or is_recorded_total(events[0])
    a_day_each = by_the_day and len(by_day(events)) == len(events)
    told = days if is_often_open(events[0]) or a_day_each else f"{days}, {counted(len(events), 'dose')}"
    return f"{told} drawn, how many follow is open" if lasts_unsaid(events[0].placed) else told


def _total(events: Sequence[Event], micrograms: str) -> str:
    """What all these doses come to, as far as that is known."""
    values = [event.dose.value for event in events if event.dose is not None and event.dose.value is not None]
    dose = events[0].dose
    if events[0].state in NOT_TO_BE_GIVEN:
        return "none"
    if len(values) != len(events) or dose is None:
        return "not known: a dose has to be entered"
    if is_often_open(events[0]):
        return "not known: how often is not entered"
    total = glued(format_amount(sum(values, Decimal(0)), dose.unit, micrograms)) + place_words(events[0])
    drawn = "day" if len(by_day(events)) == 1 else "days"
    return f"{total} for the {drawn} drawn" if lasts_unsaid(events[0].placed) else total
