"""The day sheet: each treatment day to the minute, with places to write what was begun, ended, and by whom.

Contents after peers.md 6c: premedication, drugs in sequence, fluids, rates, times of start and stop, checks.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby

from msgspec.structs import replace

from planner.exports.sheets.changes_part import change_marks
from planner.exports.sheets.day_notes import (
    CHANGED,
    OFF,
    Beside,
    ending_line,
    going_lines,
    running_lines,
    said,
    step_line,
    still_running,
)
from planner.exports.sheets.day_rows import clinic_table, home_table
from planner.exports.sheets.day_runs import Day, is_home_medicine, is_quiet, quiet_section, stretches
from planner.exports.sheets.frame import NOT_RECORDED, clinician_frame
from planner.exports.sheets.job import Job
from planner.exports.sheets.sheet import Facts, Line, Paragraphs, Part, Section, Sheet
from planner.exports.wording.answers import answers_of
from planner.exports.wording.checks import checks_of
from planner.exports.wording.clock_words import timed
from planner.exports.wording.doses import (
    AT_HOME,
    in_order_of_day,
    is_drug,
)
from planner.exports.wording.not_given import doses_by_order
from planner.exports.wording.pumps import Pumps
from planner.exports.wording.runs import dose_steps, is_weekly, pump_ends
from planner.exports.wording.text import continued, day_name, goes_on, listed
from planner.model.civil import clinical_date, weekday_date
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import Finding
from planner.model.going_on import may_go_on
from planner.model.language import glued
from planner.model.quantity import format_number
from planner.model.schedule import Event

TITLE = "Day sheet"


def day_sheet(evaluated: EvaluatedPlan, job: Job) -> Sheet:
    """A page for every day on which the clinic does something, or a medicine by mouth begins; other days are left out.

    No protocol says who is an inpatient: of medicines that are only taken on, a ward day is as silent as one at home.
    Days between them on which nothing is begun (an infusion runs on, something is examined) are rows of one list.
    """
    sections: list[Section] = []
    standing = [event for event in evaluated.schedule.events if not event.placed.block.waits]
    by_day = {day: tuple(events) for day, events in groupby(standing, key=lambda event: event.day)}
    running, ending = still_running(standing), pump_ends(standing)
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
    )
    earlier = {**running, **ending}
    days = [(day, by_day.get(day, ())) for day in sorted({*by_day, *earlier}) if job.wish.covers(day)]
    begins = _first_days(standing)
    clinic = [one for one in days if one[0] in begins or _is_of_the_clinic(one, earlier)]
    found = {day: _found(evaluated, day) for day, _ in clinic}
    for stretch in stretches(clinic, by_day, earlier, found):
        first = stretch[0][0]
        if len(stretch) > 1 or is_quiet(stretch[0], by_day, earlier):
            same = [one for one in found[first] if all(one in found[day] for day, _ in stretch)]
            head = _head(evaluated, stretch, same, beside)
            own = {day: said([one for one in found[day] if one not in same], events) for day, events in stretch}
            sections.append(quiet_section(stretch, head, own, beside))
        else:
            head = _head(evaluated, stretch, found[first], beside)
            sections += _day(*stretch[0], head, beside)
    if not sections:
        nothing = Paragraphs((Line("No treatment day lies in the time asked for."),))
        sections = [Section("No treatment day", (nothing,))]
    return Sheet("daysheet", TITLE, "clinician", clinician_frame(evaluated, TITLE, job), tuple(sections))


def _first_days(events: Sequence[Event]) -> set[int]:
    """The days on which a block begins with a medicine taken at home, or gives it once; not of weekly ones."""
    found: dict[tuple[str, str], int] = {}
    for event in events:
        if is_drug(event.placed) and event.placed.route in AT_HOME and not is_weekly(event.placed):
            found.setdefault((event.placed.block.id, event.placed.order.id), event.day)
    return set(found.values())


def _is_of_the_clinic(today: Day, earlier: Mapping[int, Sequence[Event]]) -> bool:
    day, events = today
    return day in earlier or not all(is_drug(one.placed) and one.placed.route in AT_HOME for one in events)


def _day(day: int, events: tuple[Event, ...], head: tuple[Part, ...], beside: Beside) -> list[Section]:
    here = [event for event in events if not is_home_medicine(event)]
    home = [event for event in events if is_home_medicine(event)]
    parts = (*head, clinic_table(sorted(here, key=in_order_of_day), beside)) if here else head
    title = weekday_date(day)
    sections = [Section(title, parts, new_page=True, again=continued(title), goes_on=goes_on(title))]
    if home:
        table = home_table(home, beside)
        sections.append(Section("By mouth or at home on this day", (table,), level=1))
    written = Paragraphs((Line(""), Line("Notes", "strong", blank=True), Line(""), Line("", blank=True)), spare=True)
    *others, last = sections
    return [*others, replace(last, parts=(*last.parts, written))]


def _head(
    evaluated: EvaluatedPlan,
    days: Sequence[Day],
    findings: Sequence[Finding],
    beside: Beside,
) -> tuple[Part, ...]:
    """What stands above the table of a day, or of several: facts, findings, what still runs or may."""
    first, today = days[0]
    running = beside.running.get(first, ()) if len(days) == 1 else ()  # several have it in their rows
    here = {(one.placed.agent, one.placed.route) for one in today}
    going = [one for one in beside.going.get(first, ()) if (one.placed.agent, one.placed.route) not in here]
    ending = beside.ending.get(first, ()) if len(days) == 1 else ()
    still = [line for one in running for line in running_lines(one, first, beside.site)]
    for one in ending:
        still += [ending_line(one, beside.site), OFF]
    for last, following in beside.steps.get(first, ()) if len(days) == 1 else ():
        still += [step_line(last, following, beside.site), CHANGED]
    for one in going:
        still += going_lines(one, beside.site)
    boxes = _put_off(evaluated, days), said(findings, today), tuple(still)
    names = " to ".join(dict.fromkeys(_cycle_days(events) for _, events in (days[0], days[-1]) if events))
    names = names or f"after {_cycle_days((*running, *ending))}"
    facts = Facts((("Block, cycle, day", names), *_facts(evaluated, first)), 3)
    return (facts, *(Paragraphs(box, boxed=True) for box in boxes if box))


def _put_off(evaluated: EvaluatedPlan, days: Sequence[Day]) -> tuple[Line, ...]:
    """The blocks that an answer put off, where they would have begun on one of these days."""
    here = {day for day, _ in days}
    waiting = (block for block in evaluated.schedule.blocks if block.waits and block.begins in here)
    return tuple(
        Line(f'Not on this day: {one.title}, put off by "{one.waits}". No day is set yet.', "strong") for one in waiting
    )


def _found(evaluated: EvaluatedPlan, day: int) -> list[Finding]:
    return [one for one in evaluated.findings if day in one.days]


def _cycle_days(events: Sequence[Event]) -> str:
    """Every block that day with its cycle and day."""
    names = dict.fromkeys(
        glued(f"{event.placed.block.title} C{event.placed.cycle} D{day_name(event.day_number)}") for event in events
    )
    return listed(list(names))


def _facts(evaluated: EvaluatedPlan, day: int) -> tuple[tuple[str, str], ...]:
    patient = evaluated.plan.patient
    measured = patient.measurement_on(date.fromordinal(day))
    size = NOT_RECORDED
    if measured:
        area = format_number(measured.surface(evaluated.plan.bsa_formula))
        size = (
            f"{format_number(measured.height_cm)} cm, {format_number(measured.weight_kg)} kg on "
            f"{glued(clinical_date(measured.date))}; BSA {glued(f'{area} m2')}"
        )
    return (
        ("Measured", size),
        ("Allergies", ", ".join(patient.allergies) or NOT_RECORDED),
    )
