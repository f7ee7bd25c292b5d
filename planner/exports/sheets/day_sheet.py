"""The day sheet: each treatment day to the minute, with places to write what was begun, ended, and by whom.

Contents after peers.md 6c: premedication, drugs in sequence, fluids, rates, times of start and stop, checks.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from planner.exports.sheets.changes_part import Key, change_marks
from planner.exports.sheets.day_notes import (
    ending_line,
    going_line,
    mark_of,
    notes_of,
    running_line,
    said,
    still_running,
)
from planner.exports.sheets.day_runs import Day, is_home_medicine, quiet_section, stretches
from planner.exports.sheets.frame import NOT_RECORDED, clinician_frame
from planner.exports.sheets.job import Job
from planner.exports.sheets.sheet import Cell, Column, Facts, Line, Paragraphs, Part, Row, Section, Sheet, Table
from planner.exports.wording.answers import Answers, answer_of, answers_of, is_decided
from planner.exports.wording.clock_words import Timed, clock_words, timed
from planner.exports.wording.doses import (
    AT_HOME,
    DONE,
    GIVEN,
    NOT_TO_BE_GIVEN,
    dose_words,
    in_order_of_day,
    is_drug,
    is_intrathecal,
    is_often_open,
    is_to_enter,
    route_words,
)
from planner.exports.wording.order_words import dose_formula
from planner.exports.wording.runs import pump_ends
from planner.exports.wording.text import continued, day_name, listed
from planner.model.civil import clinical_date, clock, weekday_date
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import Finding
from planner.model.flow import duration_words, flow_of
from planner.model.going_on import may_go_on
from planner.model.language import glued
from planner.model.quantity import format_number
from planner.model.schedule import Event
from planner.model.site import Site

TITLE = "Day sheet"
SINGLE = "single, or a day's"


class _Beside(Struct, frozen=True):
    """What is said beside the events of a day: the clinic's ways, what runs on or ends, changes, hours, answers."""

    site: Site
    running: Mapping[int, Sequence[Event]]
    ending: Mapping[int, Sequence[Event]]
    going: Mapping[int, Sequence[Event]]
    marks: Mapping[Key, str]
    clocks: Timed
    answers: Answers
    on: frozenset[tuple[str, int]]
    """The orders of continuous infusions with the days on which they run on from the day before."""


def day_sheet(evaluated: EvaluatedPlan, job: Job) -> Sheet:
    """A page for every day on which the clinic does something; days with medicines at home only are left out.

    Days between them on which nothing is begun (an infusion runs on, something is examined) are rows of one list.
    """
    sections: list[Section] = []
    standing = [event for event in evaluated.schedule.events if not event.placed.block.waits]
    by_day = {day: tuple(events) for day, events in groupby(standing, key=lambda event: event.day)}
    running, ending = still_running(standing), pump_ends(standing)
    beside = _Beside(
        job.site,
        running,
        ending,
        may_go_on(evaluated.plan, standing),
        change_marks(job.changes),
        timed(evaluated.schedule.events),
        answers_of(evaluated),
        _days_on(standing),
    )
    earlier = {**running, **ending}
    days = [(day, by_day.get(day, ())) for day in sorted({*by_day, *earlier}) if job.wish.covers(day)]
    clinic = [one for one in days if _is_of_the_clinic(one, earlier)]
    found = {day: _found(evaluated, day) for day, _ in clinic}
    for stretch in stretches(clinic, by_day, earlier, found):
        first = stretch[0][0]
        if len(stretch) > 1:
            same = [one for one in found[first] if all(one in found[day] for day, _ in stretch)]
            head = _head(evaluated, stretch, same, beside)
            own = {day: said([one for one in found[day] if one not in same]) for day, _ in stretch}
            sections.append(quiet_section(stretch, head, own, beside.marks, job.site.micrograms))
        else:
            head = _head(evaluated, stretch, found[first], beside)
            sections += _day(*stretch[0], head, beside)
    if not sections:
        nothing = Paragraphs((Line("No treatment day lies in the time asked for."),))
        sections = [Section("No treatment day", (nothing,))]
    return Sheet("daysheet", TITLE, "clinician", clinician_frame(evaluated, TITLE, job), tuple(sections))


def _days_on(events: Sequence[Event]) -> frozenset[tuple[str, int]]:
    running = (one for one in events if one.placed.kind == "infusion" and one.state not in NOT_TO_BE_GIVEN)
    return frozenset((one.placed.id, one.day + 1) for one in running)


def _is_of_the_clinic(today: Day, earlier: Mapping[int, Sequence[Event]]) -> bool:
    day, events = today
    return day in earlier or not all(is_drug(one.placed) and one.placed.route in AT_HOME for one in events)


def _day(day: int, events: tuple[Event, ...], head: tuple[Part, ...], beside: _Beside) -> list[Section]:
    here = [event for event in events if not is_home_medicine(event)]
    home = [event for event in events if is_home_medicine(event)]
    parts = (*head, _table(sorted(here, key=in_order_of_day), beside)) if here else head
    title = weekday_date(day)
    sections = [Section(title, parts, new_page=True, again=continued(title))]
    if home:
        table = _home(home, beside.site.micrograms, beside.marks)
        sections.append(Section("By mouth or at home on this day", (table,), level=1))
    written = Paragraphs((Line(""), Line("Notes", "strong", blank=True), Line(""), Line("", blank=True)), spare=True)
    *others, last = sections
    return [*others, replace(last, parts=(*last.parts, written))]


def _head(
    evaluated: EvaluatedPlan,
    days: Sequence[Day],
    findings: Sequence[Finding],
    beside: _Beside,
) -> tuple[Part, ...]:
    """What stands above the table of a day, or of several: facts, findings, what still runs or may."""
    first, today = days[0]
    running = beside.running.get(first, ()) if len(days) == 1 else ()  # several have it in their rows
    here = {(one.placed.agent, one.placed.route) for one in today}
    going = [one for one in beside.going.get(first, ()) if (one.placed.agent, one.placed.route) not in here]
    ending = beside.ending.get(first, ()) if len(days) == 1 else ()
    still = [running_line(one, first, beside.site) for one in running]
    for one in ending:
        still += [ending_line(one, beside.site), Line("Pump off at, by", blank=True)]
    still += [going_line(one, beside.site) for one in going]
    boxes = _put_off(evaluated, days), said(findings, first if len(days) == 1 else 0), tuple(still)
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
        glued(f"{event.placed.block.title} C{event.placed.cycle} D{day_name(event.cycle_day)}") for event in events
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


def _table(events: Sequence[Event], beside: _Beside) -> Table:
    columns = (
        Column((Line("Time", "strong"),), 46, 0),
        Column((Line("What", "strong"),), 120, 0.3),
        Column((Line("Dose", "strong"), Line(SINGLE)), 88, 0.2),
        Column((Line("Route, length, rate", "strong"),), 116, 0.2),
        Column((Line("Begun", "strong"),), 58, 0),
        Column((Line("Ended", "strong"),), 58, 0),
        Column((Line("By, checked by", "strong"),), 74, 0),
        Column((Line("Notes", "strong"),), 180, 1.8),
    )
    return Table(columns, tuple(_row(event, beside) for event in events))


def _row(event: Event, beside: _Beside) -> Row:
    placed = event.placed
    struck = event.state in NOT_TO_BE_GIVEN
    style = "struck" if struck else "strong"
    name = placed.agent_name.upper() if is_intrathecal(placed) else placed.agent_name
    what = [Line(name, "capital" if is_intrathecal(placed) and not struck else style)]
    what.append(Line(_day_words(event)))
    words = dose_words(event, beside.site.micrograms)
    dose = [Line(words, style, blank=is_to_enter(event))] if words else []
    formula = dose_formula((event,)) if event.dose is not None and event.dose.protocol_dose and not struck else ""
    if formula and glued(formula) != words:  # a flat dose is its own formula
        dose.append(Line(formula))
    edge = "dashed" if event.state is State.PROVISIONAL else ""
    hours = () if struck else clock_words(event, beside.clocks, beside.site.clock_changes)
    told = [Line(text, "strong") for text in (answer_of(event, beside.answers), *hours) if text]
    return Row(
        (
            Cell((Line(clock(event.minute) or "no time", "strong" if event.minute >= 0 else "body"),)),
            Cell(tuple(what), edge),
            Cell(tuple(dose)),
            Cell(tuple(_way(event))),
            *_to_write(event, beside),
            Cell((*mark_of(event, beside.marks), *told, *map(Line, notes_of(event)))),
        )
    )


def _to_write(event: Event, beside: _Beside) -> tuple[Cell, Cell, Cell]:
    """Begun, ended and by whom, to be written in. What is recorded says so, and what runs on is not begun again."""
    blank, none, placed = Cell((Line("", blank=True),)), Cell(), event.placed
    if event.state in NOT_TO_BE_GIVEN or is_decided(answer_of(event, beside.answers)):
        return none, none, none
    if event.state is State.GIVEN:
        return Cell((Line(GIVEN if is_drug(placed) else DONE, "strong"),)), none, none
    if not is_drug(placed):
        return Cell((Line("answered" if placed.kind == "decision" else "done", tick=True),)), none, blank
    if (placed.id, event.day) in beside.on:
        return Cell((Line("runs on"),)), none, blank
    return blank, blank, blank


def _day_words(event: Event) -> str:
    role = event.placed.role if is_drug(event.placed) and event.placed.role != "antineoplastic" else ""
    return ", ".join(part for part in (glued(f"C{event.placed.cycle} D{day_name(event.cycle_day)}"), role) if part)


def _way(event: Event) -> list[Line]:
    """Route, length, volume, rate and end of what is given."""
    placed = event.placed
    if not is_drug(placed):
        return []
    lines = [Line(route_words(placed.route), "capital" if is_intrathecal(placed) else "body")]
    hours = placed.duration_h
    if placed.kind == "infusion":
        lines.append(Line("continuous infusion, this day's dose"))
    elif hours is not None:
        lines.append(Line(f"over {glued(duration_words(hours))}"))
    flow = flow_of(placed.order, event.dose).words()
    if flow:
        lines.append(Line(glued(flow), "strong"))
    if hours is not None and event.end_minute >= 0:
        later = f" on {weekday_date(event.end_day)}" if event.end_day != event.day else ""
        lines.append(Line(f"until {glued(clock(event.end_minute) + later)}"))
    return lines


def _home(events: Sequence[Event], micrograms: str, marks: Mapping[Key, str]) -> Table:
    columns = (
        Column((Line("Medicine", "strong"),), 150, 1),
        Column((Line("Dose", "strong"), Line(SINGLE)), 90, 0.3),
        Column((Line("Times this day", "strong"),), 76, 0),
        Column((Line("This day in all", "strong"),), 86, 0.3),
        Column((Line("Notes", "strong"),), 160, 1.5),
    )
    alike: dict[tuple[object, ...], list[Event]] = {}
    for event in events:
        amount = event.dose.value if event.dose else None
        alike.setdefault((event.placed.id, amount, event.state), []).append(event)
    return Table(columns, tuple(_home_row(found, micrograms, marks) for found in alike.values()))


def _home_row(events: Sequence[Event], micrograms: str, marks: Mapping[Key, str]) -> Row:
    first = events[0]
    struck = first.state in NOT_TO_BE_GIVEN
    edge = "dashed" if first.state is State.PROVISIONAL else ""
    name = (Line(first.placed.agent_name, "struck" if struck else "strong"), Line(_day_words(first)))
    return Row(
        (
            Cell(name, edge),
            Cell((Line(dose_words(first, micrograms), "struck" if struck else "strong", blank=is_to_enter(first)),)),
            Cell((Line("", blank=True) if is_often_open(first) else Line(str(len(events))),)),
            Cell((Line(_total(events, micrograms)),)),
            Cell((*mark_of(first, marks), *map(Line, notes_of(first)))),
        )
    )


def _total(events: Sequence[Event], micrograms: str) -> str:
    values = [event.dose.value for event in events if event.dose is not None and event.dose.value is not None]
    first = events[0]
    if len(values) != len(events) or first.dose is None:
        return "not known"
    total = sum(values, Decimal(0))
    unit = micrograms if first.dose.unit == "mcg" else first.dose.unit
    return glued(f"{format_number(total)} {unit}")
