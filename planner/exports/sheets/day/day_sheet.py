"""The day sheet: each treatment day to the minute, with places to write what was begun, ended, and by whom.

Contents after peers.md 6c: premedication, drugs in sequence, fluids, rates, times of start and stop, checks.
"""

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from planner.exports.sheets.changes import change_marks
from planner.exports.sheets.day.going import apart_words, key_of
from planner.exports.sheets.day.lists import quiet_section
from planner.exports.sheets.day.off import is_off, off_section
from planner.exports.sheets.day.rows import clinic_table, home_table, wide_notes
from planner.exports.sheets.day.runs import Day, asked_once, is_home_medicine, is_quiet, listed_days, stretches
from planner.exports.sheets.day.silent import without_lines
from planner.exports.sheets.day_numbers import NO_NUMBERS, Numbered, numbered_days, place_behind, place_of
from planner.exports.sheets.frame import NOT_RECORDED, clinician_frame
from planner.exports.sheets.job import Job
from planner.exports.sheets.notes import (
    OFF,
    Beside,
    ending_line,
    going_lines,
    guard_lines,
    is_known,
    rest_of_day,
    restart_lines,
    running_lines,
    said,
    step_lines,
    still_going,
    still_running,
)
from planner.exports.sheets.results import latest_results
from planner.exports.sheets.sheet import Facts, Line, Paragraphs, Part, Section, Sheet
from planner.exports.sheets.unsaid import moved_apart, to_enter
from planner.exports.sheets.unsure import unset_lines, unsure_lines
from planner.exports.wording.answers import answers_of
from planner.exports.wording.checks import checks_of
from planner.exports.wording.clock_words import timed
from planner.exports.wording.doses import (
    AT_HOME,
    NOT_TO_BE_GIVEN,
    in_order_of_day,
    is_drug,
)
from planner.exports.wording.holds import last_days, off_words
from planner.exports.wording.pumps import Pumps
from planner.exports.wording.runs import dose_steps, is_weekly, pump_ends
from planner.exports.wording.stops import told_once
from planner.exports.wording.text import continued, day_name, goes_on, listed
from planner.model.civil import clinical_date, weekday_date
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import Finding
from planner.model.going_on import may_go_on
from planner.model.kept import doses_by_order, kept
from planner.model.language import glued
from planner.model.patient import Measurement
from planner.model.quantity import format_number
from planner.model.schedule import Event, PlacedBlock
from planner.model.wish import Wish

TITLE = "Day sheet"


def day_sheet(evaluated: EvaluatedPlan, job: Job) -> Sheet:
    """A page for every day on which the clinic does something, or a medicine by mouth begins.

    Days between them on which nothing is begun (an infusion runs on, something is examined) are rows of one list.
    No protocol says who is an inpatient: of the days on which medicines are only taken on, those that may be a ward's
    are rows below the sheet before them, the others are told there in one line.
    """
    sections: list[Section] = []
    drawn = [event for event in evaluated.schedule.events if not event.placed.block.waits]
    standing = [*told_once(evaluated, kept(evaluated.plan, drawn))]
    by_day = {day: asked_once([*events]) for day, events in groupby(standing, key=lambda event: event.day)}
    running, ending, ends = still_running(standing), pump_ends(standing), evaluated.once(last_days)
    off = off_words(evaluated.plan, standing, job.site.micrograms)
    beside = Beside(
        job.site,
        running,
        ending,
        may_go_on(evaluated.plan, standing),
        change_marks(job.changes),
        timed(evaluated.schedule.events),
        answers_of(evaluated),
        doses_by_order(standing),
        Pumps(standing),
        checks_of(evaluated.plan),
        dose_steps(standing),
        evaluated.once(numbered_days),
        _by_day((*moved_apart(standing), *((day, one) for days, one, _ in off for day in days))),
        {key_of(one): told for _, one, told in off},
        [(one, may_fall) for one in drawn if (may_fall := to_enter(one, ends))],
        evaluated.plan.patient.labs,
    )
    days = _days(evaluated, standing, by_day, beside, job.wish)
    undrawn = {day: (*beside.going.get(day, ()), *beside.apart.get(day, ())) for day in {*beside.going, *beside.apart}}
    groups = stretches(days.shown, days.by_day, days.earlier, days.found, undrawn, days.listed, off=days.off)
    silent = _silent(groups, days, beside.going, job.wish)
    for number, stretch in enumerate(groups):
        sections += _sections(evaluated, stretch, days, beside, first=not number)
        if told := without_lines(silent.get(number, ()), beside.going):
            last = sections[-1]
            sections[-1] = replace(last, parts=(*last.parts, Paragraphs(told)))
    if not sections:
        nothing = Paragraphs((Line("No treatment day lies in the time asked for."),))
        sections = [Section("No treatment day", (nothing,))]
    return Sheet("daysheet", TITLE, "clinician", clinician_frame(evaluated, TITLE, job), tuple(sections))


def _by_day(found: Iterable[tuple[int, Event]]) -> dict[int, list[Event]]:
    days: dict[int, list[Event]] = defaultdict(list)
    for day, event in found:
        days[day].append(event)
    return days


class _Days(Struct, frozen=True):
    """The days of a plan: the events of each, what runs or ends on it from a day before, and what is found of it.

    `shown` are those that are printed, `listed` those without the clinic that have a line to sign on.
    """

    by_day: Mapping[int, tuple[Event, ...]]
    earlier: Mapping[int, Sequence[Event]]
    found: Mapping[int, Sequence[Finding]]
    shown: Sequence[Day]
    listed: Collection[int]
    off: Collection[int]
    """Those on which nothing is to be given."""


def _days(
    evaluated: EvaluatedPlan,
    standing: Sequence[Event],
    by_day: Mapping[int, tuple[Event, ...]],
    beside: Beside,
    wish: Wish,
) -> _Days:
    """Of days asked for by their first and their last, a ward wants every one on which something is due."""
    earlier = {**beside.running, **beside.ending}
    begins = _first_days(standing)
    clinic = {day for day in {*by_day, *earlier} if day in begins or day in earlier or _is_of_the_clinic(by_day[day])}
    whole = wish.first is not None and wish.last is not None
    due = {*by_day, *beside.going, *beside.apart}
    ahead = {day for day, apart in beside.apart.items() if any(one.day > day for one in apart)}
    told = {*ahead, *(one.day for one in standing if one.state is State.STOPPED)}
    listed = due - clinic if whole else listed_days(clinic, by_day, beside.going) | (told - clinic)
    shown = [(day, by_day.get(day, ())) for day in sorted({*clinic, *listed}) if wish.covers(day)]
    waiting = {block.id for block in evaluated.schedule.blocks if block.waits}
    about = [one for one in evaluated.findings if not one.orders or not waiting.issuperset(_blocks_of(one))]
    found = {day: [one for one in about if day in one.days] for day, _ in shown}
    off = {one[0] for one in shown if is_off(one, earlier, beside.going, beside.apart)}
    return _Days(by_day, earlier, found, shown, listed, off)


def _blocks_of(finding: Finding) -> set[str]:
    """The blocks that a finding is about: on a day on which a block was put off, nothing of it is given."""
    return {order.split("/")[0] for order in finding.orders}


def _silent(
    groups: Sequence[Sequence[Day]], days: _Days, going: Mapping[int, Sequence[Event]], wish: Wish
) -> dict[int, list[Day]]:
    """The days without a line of their own, by the number of the days printed before them."""
    starts = [stretch[0][0] for stretch in groups]
    shown = {day for day, _ in days.shown}
    found: dict[int, list[Day]] = defaultdict(list)
    for day in sorted({*days.by_day, *going} - shown):
        number = bisect(starts, day) - 1
        if wish.covers(day) and number >= 0 and day > groups[number][-1][0]:
            found[number].append((day, days.by_day.get(day, ())))
    return found


def _sections(
    evaluated: EvaluatedPlan, stretch: Sequence[Day], days: _Days, beside: Beside, *, first: bool
) -> list[Section]:
    """The sheet of a day, or a list of several; days without the clinic stand below the sheet before them."""
    listed = all(day in days.listed for day, _ in stretch)
    found = {day: days.found[day] for day, _ in stretch}
    if all(one[0] in days.off for one in stretch):
        known = {one.id: one for several in found.values() for one in several if is_known(one)}
        head = _head(evaluated, stretch, [*known.values()], beside)
        return [off_section(stretch, head, beside, below=not first)]
    if len(stretch) == 1 and not listed and not is_quiet(stretch[0], days.by_day, days.earlier):
        ((day, events),) = stretch
        head = *_head(evaluated, stretch, found[day], beside), *_on_the_day(day, events, beside)
        return _day(day, events, head, beside)
    often = Counter(one.id for several in found.values() for one in several)
    same = {one.id: one for several in found.values() for one in several if len(stretch) == 1 or often[one.id] > 1}
    head = _head(evaluated, stretch, [*same.values()], beside)
    own = {day: _own(found[day], same, events, len(stretch), often) for day, events in stretch}
    below = listed and not first
    return [quiet_section(stretch, head, own, beside, below=below)]


def _own(
    found: Sequence[Finding], above: Collection[str], events: Sequence[Event], days: int, often: Mapping[str, int]
) -> tuple[Line, ...]:
    """What is said of one day of several; of a finding about some of them only which it is: its words stand above."""
    named = [one for one in found if one.id in above and often[one.id] < days]
    short = tuple(Line(f"{one.severity} {glued(one.rule)}: see above") for one in named if is_known(one))
    return (*short, *said([one for one in found if one.id not in above], events))


def _first_days(events: Sequence[Event]) -> set[int]:
    """The days on which a block begins with a medicine taken at home, or gives it once; not of weekly ones."""
    found: dict[tuple[str, str], int] = {}
    for event in events:
        if is_drug(event.placed) and event.placed.route in AT_HOME and not is_weekly(event.placed):
            found.setdefault((event.placed.block.id, event.placed.order.id), event.day)
    return set(found.values())


def _is_of_the_clinic(events: Iterable[Event]) -> bool:
    return not all(is_drug(one.placed) and one.placed.route in AT_HOME for one in events)


def _day(day: int, events: tuple[Event, ...], head: tuple[Part, ...], beside: Beside) -> list[Section]:
    here = sorted((event for event in events if not is_home_medicine(event)), key=in_order_of_day)
    home = [event for event in events if is_home_medicine(event)]
    noted = (*_told_of_blocks(day, events, beside), *wide_notes(here, beside))
    told = (Paragraphs(noted, leads=True),) if noted else ()
    parts = (*head, *told, *([clinic_table(here, beside)] if here else []))
    title = weekday_date(day)
    sections = [Section(title, parts, new_page=True, again=continued(title), goes_on=goes_on(title))]
    if home:
        table = home_table(home, beside)
        sections.append(Section("By mouth or at home on this day", (table,), level=1))
    written = Paragraphs((Line(""), Line("Notes", "strong", blank=True), Line(""), Line("", blank=True)), spare=True)
    *others, last = sections
    return [*others, replace(last, parts=(*last.parts, written))]


def _told_of_blocks(day: int, events: Sequence[Event], beside: Beside) -> Iterable[Line]:
    """What the protocols say of the blocks of a day: "no steroid, also not against nausea" is for its ward.

    Also of one that gives nothing then: the note of what follows a graft holds from its day on.
    """
    running = [block for block, _, number in beside.numbered.get(day, ()) if number is not None]
    blocks = {block.id: block for block in (*(event.placed.block for event in events), *running)}.values()
    return map(Line, dict.fromkeys(f"{block.title}: {block.phase.note}" for block in blocks if block.phase.note))


def _head(
    evaluated: EvaluatedPlan, days: Sequence[Day], findings: Sequence[Finding], beside: Beside
) -> tuple[Part, ...]:
    """What stands above the table of a day, or of several: facts, what was put off, findings."""
    first, today = days[0]
    here = [one for _, events in days for one in events]
    names = " to ".join(dict.fromkeys(filter(None, (_named(*one, beside) for one in (days[0], days[-1])))))
    before = *beside.running.get(first, ()), *beside.ending.get(first, ())
    facts = Facts((("Block, cycle, day", names or f"after {_cycle_days(before)}"), *_facts(evaluated, first, here)), 3)
    behind = *before, *beside.going.get(first, ()), *here
    unsure = unsure_lines(evaluated.schedule, [one.placed.block for one in behind])
    boxes = _put_off(evaluated, days), said(findings, today), unset_lines(beside.unset, first, days[-1][0])
    above = (Paragraphs(unsure, leads=True),) if unsure else ()
    known = latest_results(evaluated.plan.patient.labs, *(date.fromordinal(day) for day in (first, days[-1][0])))
    return (facts, *known, *above, *(Paragraphs(box, boxed=True) for box in boxes if box))


def _on_the_day(day: int, today: Sequence[Event], beside: Beside) -> tuple[Part, ...]:
    """What still runs on a day, ends, goes on with another dose or may go on; several have it in their rows."""
    still = [line for one in beside.running.get(day, ()) for line in running_lines(one, day, beside.site)]
    for one in beside.ending.get(day, ()):
        still += [ending_line(one, beside.site), OFF]
    for last, following in beside.steps.get(day, ()):
        still += step_lines(last, following, beside)
    still += restart_lines(today)
    for one in still_going(beside, day, today):
        still += [*going_lines(one, beside), *guard_lines(one, today, beside, day)]
    still += rest_of_day(beside, day, today)
    still += (Line(apart_words(one, beside), "strong") for one in beside.apart.get(day, ()))
    return (Paragraphs(tuple(still), boxed=True),) if still else ()


def _put_off(evaluated: EvaluatedPlan, days: Sequence[Day]) -> tuple[Line, ...]:
    """The blocks that an answer put off, where they would have begun on one of these days."""
    here = {day for day, _ in days}
    waiting = (block for block in evaluated.schedule.blocks if block.waits and block.begins in here)
    return tuple(
        Line(f'Not on this day: {one.title}, put off by "{one.waits}". No day is set yet.', "strong") for one in waiting
    )


def _named(day: int, events: Sequence[Event], beside: Beside) -> str:
    """The blocks of a day with cycle and day; where nothing is due those of what runs, ends or may go on."""
    if events:
        return _cycle_days(events, beside.numbered, beside.numbered.get(day, ()))
    before = *beside.running.get(day, ()), *beside.ending.get(day, ()), *beside.going.get(day, ())
    before = *before, *beside.apart.get(day, ())
    places = (place_behind(day, one, beside.numbered) for one in before[:1])
    return listed(list(dict.fromkeys(glued(" ".join(place)) for place in places if all(place))))


def _cycle_days(
    events: Sequence[Event],
    numbered: Numbered = NO_NUMBERS,
    running: Sequence[tuple[PlacedBlock, int, int | None]] = (),
) -> str:
    """Every block that day with its cycle and day, also those of `running` that give nothing.

    The number is that of the day itself, as the calendar counts it: a dose given days late keeps that of its own day.
    """
    counted = [(block, cycle, number) for block, cycle, number in running if number is not None]
    known = {(block.id, cycle): glued(f"C{cycle} D{day_name(number)}") for block, cycle, number in counted}
    placed = ((one, one.placed.block, one.placed.cycle) for one in events)
    places = [(block, known.get((block.id, cycle)) or place_of(one, numbered)) for one, block, cycle in placed]
    own = {block.id for block, _ in places}
    places += [(block, known[block.id, cycle]) for block, cycle, _ in counted if block.id not in own]
    return listed(list(dict.fromkeys(glued(f"{block.title} {place}") for block, place in places)))


def _facts(evaluated: EvaluatedPlan, day: int, events: Iterable[Event]) -> tuple[tuple[str, str], ...]:
    patient = evaluated.plan.patient
    measured = patient.measurement_on(date.fromordinal(day))
    sizes = [f"{format_number(measured.height_cm)} cm, {_size(measured, evaluated)}"] if measured else [NOT_RECORDED]
    for title, cycle, one in _dosed_by(evaluated, events):
        if one != measured:
            sizes.append(f"doses of {glued(f'{title} C{cycle}')} by {_size(one, evaluated)}")
    return (
        ("Measured", "; ".join(sizes)),
        ("Allergies", ", ".join(patient.allergies) or NOT_RECORDED),
    )


def _size(one: Measurement, evaluated: EvaluatedPlan) -> str:
    area = format_number(one.surface(evaluated.plan.bsa_formula))
    return f"{format_number(one.weight_kg)} kg on {glued(clinical_date(one.date))}, BSA {glued(f'{area} m2')}"


def _dosed_by(evaluated: EvaluatedPlan, events: Iterable[Event]) -> Iterable[tuple[str, int, Measurement]]:
    """The cycles of these doses by weight or surface, each with what was measured when it began: it keeps that.

    Under the weight of today a checker worked out another dose and found no word why.
    """
    cycles = dict.fromkeys((one.placed.block, one.placed.cycle) for one in events if _is_by_size(one))
    for block, number in cycles:
        for begins in (one.begins for one in block.cycles if one.number == number):
            if used := evaluated.plan.patient.measurement_on(date.fromordinal(begins)):
                yield block.title, number, used


def _is_by_size(event: Event) -> bool:
    dose = event.dose
    if dose is None or dose.value is None or event.state in NOT_TO_BE_GIVEN:
        return False
    return any(unit in dose.protocol_dose for unit in ("/kg", "/m2"))
