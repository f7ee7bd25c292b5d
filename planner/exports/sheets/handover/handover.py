"""The hand-over sheet: for the team that shares the care, the next weeks day by day and whom to ask."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from planner.exports.sheets.changes import Key, change_marks, changes_section
from planner.exports.sheets.day_numbers import Numbered, numbered_days, place_of, place_on
from planner.exports.sheets.frame import NOT_RECORDED, clinician_frame
from planner.exports.sheets.handover.daily import OFTEN_OPEN, WHOLE_DAY, amount_lines, daily_of, state_lines
from planner.exports.sheets.handover.not_given import apart as not_given
from planner.exports.sheets.handover.open import open_lines
from planner.exports.sheets.job import Job
from planner.exports.sheets.notes import (
    MOST_LINES,
    given_lines,
    kept_lines,
    mark_of,
    moved_words,
    running_line,
    still_running,
    without_words,
)
from planner.exports.sheets.results import latest_results
from planner.exports.sheets.sheet import PROSE, Cell, Column, Facts, Line, Paragraphs, Part, Row, Section, Sheet, Table
from planner.exports.sheets.signing import signatures
from planner.exports.sheets.unsaid import to_enter
from planner.exports.sheets.unsure import unsure_lines
from planner.exports.wording.answers import Answers, answer_of, answers_of, is_decided
from planner.exports.wording.calls import calls_in
from planner.exports.wording.checks import Checks, check_words, checks_of
from planner.exports.wording.doses import (
    NOT_TO_BE_GIVEN,
    asks_for_dose,
    asks_how_often,
    dose_of_day,
    dose_words,
    in_order_of_day,
    instead_words,
    is_day_total,
    is_drug,
    is_intrathecal,
    is_unsure,
    moved_with_cycle,
    route_words,
    window_told,
)
from planner.exports.wording.holds import UNTIL, Ends, off_words
from planner.exports.wording.order_words import event_name, once_a_week_words, own_notes
from planner.exports.wording.runs import FirstDays
from planner.exports.wording.text import continued, day_name, event_facts, listed
from planner.model.civil import clinical_date, clock, weekday_date
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.flow import duration_words
from planner.model.going_on import stands_in
from planner.model.kept import Doses, doses_by_order, kept, kept_words
from planner.model.language import glued
from planner.model.patient import CoMedication
from planner.model.protocol import TemplateOrder
from planner.model.schedule import Event, PlacedBlock

TITLE = "Hand-over sheet"
NOTES = "Notes of the protocol on what is due"
ADDED = "added: "
"""How the note of what somebody ordered begins, which is none of the protocol's."""
NOT_ENTERED = "days and doses are not entered, ask the treating clinic; any day from"
SHORT = 20
"""Characters of what a note is about ("an estimate") that are said again with it."""
LONG = 60
"""Characters from which a note is not said again in a later row."""
ENGLISH = "en"
"""What sheets for clinicians are written in."""
MOST_CHANGES = 14
"""Changes of treatment, the last ones, that are told; the roadmap has all."""
WEEKS = 6
"""Weeks from the first day asked for that are told where no last day is asked for."""


_Said = tuple[Sequence[Line], Sequence[Line]]
"""What is said under the name of a dose, and what beside its amount."""


class _Told(Struct, frozen=True):
    """What is said beside events: the site's word for mcg, answers, all doses by order, who checked which, changes."""

    micrograms: str
    answers: Answers
    doses: Doses
    checks: Checks
    marks: Mapping[Key, str]
    numbered: Numbered


def handover(evaluated: EvaluatedPlan, job: Job) -> Sheet:
    """From the first day asked for on: who, where in the course, what on which day.

    Where none is asked for, from the day of printing on, or from the first day of a plan that begins later.
    """
    first = job.wish.first or _begins(evaluated, job.stamp.printed_at.date())
    last = job.wish.last or first + timedelta(7 * WEEKS - 1)
    days = range(first.toordinal(), last.toordinal() + 1)
    drawn = [one for one in evaluated.schedule.events if not one.placed.block.waits]
    standing = kept(evaluated.plan, drawn)
    marks = change_marks(job.changes)
    told = _Told(
        job.site.micrograms,
        answers_of(evaluated),
        doses_by_order(standing),
        checks_of(evaluated.plan),
        marks,
        evaluated.once(numbered_days),
    )
    daily, single, struck = daily_of(evaluated.plan, standing, days, job.site.micrograms, marks)
    apart, due = not_given(single, struck, job.site.micrograms)
    running = still_running(standing).get(days.start, ())
    still = tuple(running_line(one, days.start, job.site) for one in running)
    off = off_words(evaluated.plan, standing, job.site.micrograms)
    still += tuple(Line(said, "strong") for here, _, said in off if days.start in here and not said.endswith(UNTIL))
    title = f"{weekday_date(first)} to {weekday_date(last)}"
    told_of = (
        *((("Not to be given in this time", apart),) if apart else ()),
        ("What is due", (*_before(evaluated, standing, days), *_due(due, told))),
        ("Daily medicines, infusions and checks", (*((Paragraphs(still),) if still else ()), *daily)),
        ("Still open", (Paragraphs(open_lines(evaluated, first, last, job.stamp.printed_at.date())),)),
        *_order_notes([one for one in standing if one.day in days]),
    )
    sections = [
        Section(title, (*_who(evaluated, job, first, last),), again=continued(title)),
        *(Section(name, parts, level=1, again=continued(f"{name}, {title}")) for name, parts in told_of),
        *_decided(job.decided),
        *changes_section(job.changes, lambda event: first.toordinal() <= event.day <= last.toordinal()),
        Section("Handed over", signatures(), level=1, follows=True),
    ]
    return Sheet("handover", TITLE, "clinician", clinician_frame(evaluated, TITLE, job), tuple(sections))


def _medicine(one: CoMedication, first: date) -> str:
    """Another medicine of these days, since or from when and until when."""
    since = "since" if one.start <= first else "from"
    until = f" until {glued(clinical_date(one.end))}" if one.end else ""
    return f"{one.agent} {since} {glued(clinical_date(one.start))}{until}"


def _begins(evaluated: EvaluatedPlan, today: date) -> date:
    events = evaluated.schedule.events
    return max(today, events[0].date) if events and not events[0].placed.block.waits else today


def _outside(evaluated: EvaluatedPlan, day: date) -> str:
    """Where in the course a day lies on which no block runs."""
    blocks = evaluated.schedule.blocks
    if all(block.start > day.toordinal() for block in blocks):
        return "before the first block"
    return "between two blocks" if any(block.start > day.toordinal() for block in blocks) else "after the last block"


def _where(evaluated: EvaluatedPlan, day: date) -> str:
    """The blocks that run on a day: that of the first day asked for read as where the patient is today."""
    begins, ends = FirstDays(evaluated.schedule), evaluated.once(Ends)
    here = [one for one in evaluated.schedule.blocks if min(one.start, begins.of(one)) <= day.toordinal() < one.end]
    numbered = evaluated.once(numbered_days)
    told = (_standing(one, day.toordinal(), begins, ends, numbered) for one in here)
    return "; ".join(told) or _outside(evaluated, day)


def _standing(block: PlacedBlock, day: int, begins: FirstDays, ends: Ends, numbered: Numbered) -> str:
    """The block with its cycle and day, or that it is on hold, left out, stopped or put off: else it read as begun."""
    if since := ends.held.get(block.id, 0):
        held = f"on hold from {glued(weekday_date(since))} on"
        return f"{block.title}, ON HOLD" if since <= day else f"{block.title}, {held}"
    if ends.is_left_out(block):
        return f"in the days of {block.title}, which is LEFT OUT"
    if ends.is_stopped(block) and day >= ends.stopped_from(block):
        return f"{block.title}, STOPPED"
    if ends.is_stopped(block):
        return f"{block.title}, stopped from {glued(weekday_date(ends.stopped_from(block)))} on"
    if day < begins.of(block):
        return f"waits for {block.title}, which begins on {glued(weekday_date(begins.of(block)))}"
    title, place = place_on(day, block, numbered)
    named = f"{block.title} {place}" if title == block.title and day >= block.start else block.title
    return ", ".join(filter(None, (named, ends.held_on(block, day))))


def _who(evaluated: EvaluatedPlan, job: Job, first: date, last: date) -> list[Part]:
    patient, site = evaluated.plan.patient, job.site
    today = job.stamp.printed_at.date()
    where = [f"on {glued(weekday_date(first))}: {_where(evaluated, first)}"]
    where += [f"on {glued(weekday_date(today))}: {_where(evaluated, today)}"] if first < today <= last else []
    where += [
        f"{one.placed.agent_name} given {glued(weekday_date(one.day))}: {dose_words(one, site.micrograms)}"
        for one in evaluated.schedule.events
        if one.placed.kind == "cell_infusion" and one.state is State.GIVEN and one.day < first.toordinal()
    ]
    taken = [
        _medicine(one, first)
        for one in patient.co_medications
        if one.start <= last and (one.end is None or one.end >= first)
    ]
    calls = calls_in(site.when_to_call, ENGLISH)
    lines = (
        Line(f"Ask {site.name or 'the treating clinic'}: {site.phone_24h}", "strong")
        if site.phone_24h
        else Line("Ask the treating clinic, 24-hour phone", "strong", blank=True),
        Line(calls) if calls else Line("When to call", blank=True),
        Line("Shared care at", blank=True),
    )
    facts = (
        ("Where in the course", "; ".join(where)),
        ("Diagnosis", patient.diagnosis or NOT_RECORDED),
        ("Allergies", ", ".join(patient.allergies) or NOT_RECORDED),
        ("Other medicines", "; ".join(taken) or NOT_RECORDED),
    )
    results = latest_results(patient.labs, first, last, graded=False)
    known = Facts(facts, 4), *results, *(Facts((one,), 1) for one in event_facts(patient))
    return [Paragraphs(lines, boxed=True), *known, *_block_notes(evaluated, first, last)]


def _block_notes(evaluated: EvaluatedPlan, first: date, last: date) -> list[Part]:
    """What the protocol notes of the blocks of these days: "no steroid until ..." stood on the roadmap alone."""
    titles: dict[str, list[str]] = {}
    for block in evaluated.schedule.blocks:
        if block.phase.note and block.start <= last.toordinal() and first.toordinal() < block.end:
            titles.setdefault(block.phase.note, []).append(block.title)
    notes = tuple((f"Note of the protocol, {listed(several)}", note) for note, several in titles.items())
    return [Facts(notes, 1)] if notes else []


def _decided(changes: Sequence[str]) -> list[Section]:
    """The changes of treatment: that a pump was stopped, and why its first cycle comes again, stood nowhere else."""
    more = len(changes) - MOST_CHANGES
    left = (Line(f"The last {MOST_CHANGES} of {len(changes)}; the roadmap has all.", "strong"),) if more > 0 else ()
    lines = *left, *(Line(text) for text in changes[-MOST_CHANGES:])
    title = "Changes in this plan, with their reasons"
    return [Section(title, (Paragraphs(lines),), level=1, again=continued(title))] if lines else []


def _before(evaluated: EvaluatedPlan, standing: Sequence[Event], days: range) -> list[Part]:
    """What provisional blocks hang on, and courses of which neither days nor doses are entered, with their days.

    By the day of its mark alone, a course of methotrexate read as three free weeks.
    """
    ends, blocks = evaluated.once(Ends), [one.placed.block for one in standing if one.day in days]
    lines = [*unsure_lines(evaluated.schedule, [one for one in blocks if not ends.is_stopped(one)])]
    for event in standing:
        may_fall = to_enter(event)
        if may_fall and may_fall.start < days.stop and may_fall.stop > days.start:
            span = " to ".join(glued(weekday_date(day)) for day in (may_fall.start, may_fall.stop - 1))
            lines.append(
                Line(f"{event.placed.agent_name} ({event.placed.block.title}): {NOT_ENTERED} {span}", "strong")
            )
    return [Paragraphs(tuple(dict.fromkeys(lines)))] if lines else []


def _order_notes(events: Sequence[Event]) -> list[tuple[str, tuple[Part, ...]]]:
    """What the protocol notes of each drug, cell dose and study: the reader has no protocol to look it up in.

    Of a drug with several notes, each with the day that it is first about.
    """
    firsts: dict[str, dict[str, Event]] = {}
    for event in events:
        standing = event.state not in (State.OMITTED, State.STOPPED)
        changed = stands_in(event.placed) or event.placed.note.startswith(ADDED)  # the changes tell why
        if event.placed.note and standing and not changed:
            firsts.setdefault(event.placed.note, {}).setdefault(event_name(event.placed), event)
    often = Counter(name for several in firsts.values() for name in several)
    lines = []
    for note, several in firsts.items():
        names = [f"{name} {_cycle_day(first)}" if often[name] > 1 else name for name, first in several.items()]
        lines.append(Line(f"{listed(names)}: {note}"))
    return [(NOTES, (Paragraphs(tuple(lines)),))] if lines else []


def _cycle_day(event: Event) -> str:
    return glued(f"C{event.placed.cycle} D{day_name(event.day_number)}")


def _due(events: Sequence[Event], told: _Told) -> tuple[Part, ...]:
    columns = (
        Column((Line("Date, time", "strong"),), 124, 0),
        Column((Line("Block, cycle, day", "strong"),), 98, 0.5, gap=PROSE),
        Column((Line("What", "strong"),), 118, 0.6),
        Column((Line("Dose, route", "strong"),), 144, 1.2),
        Column((Line("Where, by whom", "strong"),), 84, 0.5),
        Column((Line("Done, date", "strong"),), 72, 0.2),
    )
    rows: list[Row] = []
    noted: dict[tuple[str, ...], str] = {}
    """By note, the dose that it stands with (see `_said_by`)."""
    kept_before: set[str] = set()
    day = 0
    for event, *others in _alike(sorted(events, key=lambda event: (event.day, in_order_of_day(event)))):
        kept_on = kept_lines(event, again=event.placed.id in kept_before)
        kept_before |= {event.placed.id} if kept_on else set()
        said = [*without_words(event, told.doses), *kept_on], _notes(event, noted, told.checks)
        rows.append(_row(event, told, said, same_day=event.day == day, count=1 + len(others)))
        day = event.day
    return (Table(columns, tuple(rows)),) if rows else (Paragraphs((Line("Nothing on single days in this time."),)),)


def _alike(events: Sequence[Event]) -> Iterable[list[Event]]:
    """The events, equal doses of a day without an hour together: four equal rows of busulfan seemed doubled."""
    found: dict[tuple[object, ...], list[Event]] = {}
    for event in events:
        dose = event.dose and (event.dose.value, event.dose.unit)
        apart = event.sequence if event.minute >= 0 or not is_drug(event.placed) else tuple(own_notes(event))
        key = event.day, event.minute, event.placed.id, event.placed.agent, event.state, dose, apart
        found.setdefault(key, []).append(event)
    return found.values()


def _said_by(event: Event, text: str) -> tuple[str, ...]:
    """By what a note is known again: how long something lasts by its drug and cycle, all else by its words.

    Leucovorin was sent to the note of the fluids three weeks before: both end "until methotrexate has cleared".
    """
    placed = event.placed
    return (text, placed.id) if text.startswith("until ") else (text,)


def _notes(event: Event, noted: dict[tuple[str, ...], str], checks: Checks) -> list[Line]:
    """What is to be said of it; of a long text that stands in an earlier row is only said in which.

    Four lines stood under each of eleven doses that wait for the same counts.
    """
    when = f"{weekday_date(event.day)} {clock(event.minute)}".rstrip()  # two rows of a day may have one name
    here = f"see {event.placed.agent_name} on {glued(when)}"
    lines = []
    unchecked = check_words(event.placed, checks)
    kept_on = kept_words(event)
    told = (text for text in own_notes(event) if text != kept_on and not asks_for_dose(event, text))
    divided = WHOLE_DAY if is_day_total(event) and event.state not in NOT_TO_BE_GIVEN else ""
    by_itself = not moved_with_cycle(event) and event.placed.kind != "bag"  # bags move with their pump, all of them
    moved = moved_words(event) if by_itself else ""
    said = moved, divided, window_told(event), unchecked, once_a_week_words(event), *told
    for text in filter(None, said):
        about, colon, _ = text.partition(": ")
        named = f"{about}: " if colon and len(about) <= SHORT else "note: "
        key = _said_by(event, text)
        lines.append(Line(f"{named}{noted[key]}" if len(text) > LONG and key in noted else text))
        noted.setdefault(key, here)
    return lines


def _row(event: Event, told: _Told, said: _Said, *, same_day: bool, count: int) -> Row:
    """One thing to do, or so many alike; its date in bold where it is the first of its day."""
    remarks, notes = said
    placed, struck = event.placed, event.state in NOT_TO_BE_GIVEN
    intrathecal = is_intrathecal(placed)
    name = placed.agent_name.upper() if intrathecal else placed.agent_name
    where, dated = f"{placed.block.title} {place_of(event, told.numbered)}", "body" if same_day else "strong"
    style = "struck" if struck else "capital" if intrathecal else "strong"
    answer = answer_of(event, told.answers)
    dose = dose_of_day(_in_bag(event, told.doses), told.micrograms)
    doses = (Line(answer),) if answer else amount_lines(event, dose, _way(event, count))
    if instead := instead_words(event, told.micrograms):
        doses = *doses, Line(instead)
    when = f"{weekday_date(event.day)} {clock(event.minute)}".rstrip()
    settled = (struck and not remarks) or event.state is State.GIVEN or is_decided(answer)
    written = Cell(() if settled else (Line("", blank=True),) * min(count, MOST_LINES))
    done = Cell(given_lines(event)) if event.state is State.GIVEN else written
    return Row(
        (
            Cell((Line(glued(when), dated), *(() if remarks else _no_day(event)))),
            Cell((Line(where),)),
            Cell(
                (Line(name, style), *state_lines(event), *remarks, *mark_of(event, told.marks)),
                "dashed" if is_unsure(event) else "",
            ),
            Cell((*doses, *notes)),
            written,
            done,
        )
    )


def _in_bag(event: Event, doses: Doses) -> Event:
    """The infusion that a bag is for on its first day: its row named length and rate, and the dose two pages on."""
    infusion = doses.get(event.placed.id.removesuffix("-bag"), ()) if event.placed.kind == "bag" else ()
    return next((one for one in infusion if one.day == event.day), event)


def _no_day(event: Event) -> tuple[Line, ...]:
    """That the day of what is on hold is only the one that it was drawn on."""
    return (Line("on hold: has no day"),) if event.state is State.HELD else ()


def _way(event: Event, count: int) -> str:
    """Route, length and how often: the reader has no protocol to look it up in."""
    placed = event.placed
    over = f"over {glued(duration_words(placed.duration_h))}" if placed.duration_h and is_drug(placed) else ""
    over = "continuous infusion" if placed.kind == "infusion" else over
    every = placed.order.every_hours if isinstance(placed.order, TemplateOrder) else None
    often = glued(f"every {every} h") if every else OFTEN_OPEN if asks_how_often(event) else ""
    times = glued(f"{count} times on this day") if count > 1 else ""
    return ", ".join(filter(None, (route_words(placed.route), over, often, times)))
