"""The treatment summary: what was planned and what was given, on two pages at the most (contents: peers.md 6d)."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from planner.exports.sheets.frame import NOT_RECORDED, clinician_frame
from planner.exports.sheets.job import Job
from planner.exports.sheets.sheet import Cell, Column, Facts, Line, Paragraphs, Row, Section, Sheet, Table
from planner.exports.sheets.signing import blanks, signatures
from planner.exports.wording.checks import check_words, checks_of
from planner.exports.wording.doses import NOT_TO_BE_GIVEN, route_words
from planner.exports.wording.holds import Ends
from planner.exports.wording.runs import NO_END, FirstDays
from planner.exports.wording.sums import (
    ALL_UNSURE,
    CELLS,
    DRUGS,
    RADIOTHERAPY,
    kind_of_treatment,
    no_intrathecal,
    number_words,
    sum_words,
    total_words,
    unsure_words,
)
from planner.exports.wording.text import NO_DAY, continued, event_facts, marker_words
from planner.model.civil import clinical_date, weekday_date
from planner.model.counter import Counter
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import FindingStatus
from planner.model.language import glued
from planner.model.protocol import TO_ENTER, TemplateAssessment
from planner.model.quantity import format_number
from planner.model.schedule import Event, PlacedBlock

TITLE = "Treatment summary"
_TREATMENTS = (("Anticancer drugs", (DRUGS,)), ("Cells and radiotherapy", (CELLS, RADIOTHERAPY)))
WRITTEN = ("Major toxicities, admissions", "Next steps", "Followed up by")
"""What the plan does not know."""
MOST_CHANGES = 14
"""Changes of the course that fit on the summary; the roadmap and the history hold all of them."""


def summary(evaluated: EvaluatedPlan, job: Job) -> Sheet:
    """Blocks, drugs, changes with their reasons, responses, sums, and what comes next."""
    title = "Patient and course"
    blocks = _blocks(evaluated)
    shown = (Facts(_facts(evaluated), 2), *((blocks,) if blocks.rows else ()))
    sections = [Section(title, shown, again=continued(TITLE))]
    for name, kinds in _TREATMENTS:
        treatments = _treatments(evaluated, kinds, job.site.micrograms)
        spinal = no_intrathecal(evaluated.schedule.events) if DRUGS in kinds else ""
        parts = (treatments, *((Paragraphs((Line(spinal),)),) if spinal else ()))
        sections += [Section(f"{name}: given of planned", parts, level=1)] if treatments.rows else []
    if job.totals and job.totals.counters:
        sums = Table(_SUM_COLUMNS, tuple(_sum(one) for one in job.totals.counters))
        sections.append(Section("Sums over the whole course, earlier treatment included", (sums,), level=1))
    sections.append(
        Section(
            "Changes, responses and overrides", (Paragraphs(_story(evaluated, len(job.changes), job.decided)),), level=1
        )
    )
    sections.append(Section("To be written in", (blanks(WRITTEN), *signatures()), level=1, follows=True))
    frame = clinician_frame(evaluated, TITLE, job)
    return Sheet("summary", TITLE, "clinician", frame, tuple(sections), landscape=False)


def _facts(evaluated: EvaluatedPlan) -> tuple[tuple[str, str], ...]:
    patient, blocks = evaluated.plan.patient, evaluated.schedule.blocks
    span = NOT_RECORDED
    if blocks:
        begins = FirstDays(evaluated.schedule)
        ends = evaluated.once(Ends)
        first = min(map(begins.of, blocks))
        last = max(first, *map(ends.last_meant, blocks))
        on = any(ends.go_on(one) and ends.last_drawn(one) == last for one in blocks)
        span = f"{glued(clinical_date(first))} to {glued(clinical_date(last))}{f', {NO_END}' if on else ''}"
    return (
        ("Diagnosis", patient.diagnosis or NOT_RECORDED),
        ("Markers", marker_words(patient.markers) or NOT_RECORDED),
        ("Course as planned now", span),
        ("Protocols", ", ".join(dict.fromkeys(one.protocol_title for one in blocks)) or NOT_RECORDED),
        *event_facts(patient),
    )


def _blocks(evaluated: EvaluatedPlan) -> Table:
    columns = (
        Column((Line("Block", "strong"),), 180, 2),
        Column((Line("Cycles", "strong"),), 50, 0),
        Column((Line("First day", "strong"),), 96, 0.2),
        Column((Line("Last day", "strong"),), 96, 0.2),
        Column((Line("Anticancer doses: given, left out, planned", "strong"),), 200, 1.5),
    )
    begins, ends = FirstDays(evaluated.schedule), evaluated.once(Ends)
    return Table(columns, tuple(_block(evaluated, one, begins, ends) for one in evaluated.schedule.blocks))


def _block(evaluated: EvaluatedPlan, block: PlacedBlock, begins: FirstDays, ends: Ends) -> Row:
    here = [one for one in evaluated.schedule.events if one.placed.block.id == block.id]
    counted = [one for one in here if kind_of_treatment(one.placed)]
    orders = (one.placed.order for one in here)
    to_enter = any(isinstance(one, TemplateAssessment) and one.topic == TO_ENTER for one in orders)
    provisional = " (provisional)" if block.provisional else ""
    texts = (
        f"{block.title}{provisional}",
        ", ".join(filter(None, (str(len(block.cycles)), ends.left_out_words(block)))),
        NO_DAY if block.waits else glued(weekday_date(begins.of(block))),
        ends.last_day(block),
    )
    shares = ["doses still to be entered"] if to_enter and not counted else _shares_by_kind(counted, block)
    return Row((*(Cell((Line(text),)) for text in texts), Cell(tuple(map(Line, shares)))))


def _shares_by_kind(events: Sequence[Event], block: PlacedBlock) -> list[str]:
    """Anticancer doses, then what is none with its name: a graft was the only anticancer dose of its block.

    That all are provisional says the block itself.
    """
    by_kind: dict[str, list[Event]] = {DRUGS: []}
    for event in events:
        by_kind.setdefault(kind_of_treatment(event.placed), []).append(event)
    drugs = by_kind.pop(DRUGS)
    others = [f"{kind}: {_shares(several)}" for kind, several in by_kind.items()]
    shares = [_shares(drugs), *others] if drugs or not others else others
    return [one.removesuffix(f", {ALL_UNSURE}") if block.provisional else one for one in shares]


def _shares(events: Sequence[Event]) -> str:
    """How many are given, left out, planned, on hold; a block whose drugs are to be entered has none to count."""
    if not events:
        return "no anticancer dose in the plan"
    given = sum(event.state is State.GIVEN for event in events)
    out = sum(event.state in (State.OMITTED, State.STOPPED) for event in events)
    held = sum(event.state is State.HELD for event in events)
    planned = [event for event in events if event.state not in (State.GIVEN, *NOT_TO_BE_GIVEN)]
    days = all(event.placed.kind == "infusion" for event in events)  # of one infusion, and no doses
    unit = "" if not days else " day" if given == 1 else " days"
    shares = f"{number_words(given)}{unit} given, {number_words(out)} left out, {number_words(len(planned))} planned"
    on_hold = f"{number_words(held)} on hold" if held else ""
    return ", ".join(filter(None, (shares, unsure_words(planned), on_hold)))


def _treatments(evaluated: EvaluatedPlan, kinds: Sequence[str], micrograms: str) -> Table:
    columns = (
        Column((Line("What, and route", "strong"),), 140, 1),
        Column((Line("Doses", "strong"),), 200, 3),
        Column((Line("Total given", "strong"),), 70, 0.2),
        Column((Line("Total given and planned", "strong"),), 90, 0.5),
    )
    groups: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in evaluated.schedule.events:
        if kind_of_treatment(event.placed) in kinds:
            groups[event.placed.agent_name, event.placed.route].append(event)
    rows, checks = [], checks_of(evaluated.plan)
    for (name, route), events in groups.items():
        given = [event for event in events if event.state is State.GIVEN]
        totals = sum_words(given, micrograms), total_words(events, micrograms)
        unchecked = dict.fromkeys(filter(None, (check_words(event.placed, checks) for event in events)))
        shares = Cell((Line(_shares(events)), *(Line(words, "strong") for words in unchecked)))
        named = Cell((Line(f"{name}, {route_words(route)}"),))
        rows.append(Row((named, shares, *(Cell((Line(text),)) for text in totals))))
    return Table(columns, tuple(rows))


_SUM_COLUMNS = (
    Column((Line("What", "strong"),), 200, 2),
    Column((Line("Before this plan", "strong"),), 90, 0.3),
    Column((Line("Given", "strong"),), 70, 0.3),
    Column((Line("Still planned", "strong"),), 80, 0.3),
    Column((Line("In all", "strong"),), 70, 0.3),
    Column((Line("Limit", "strong"),), 90, 0.5),
)


def _sum(one: Counter) -> Row:
    name = f"{one.rule.title}: {one.agent}" if one.agent else one.rule.title
    unit = " mg/m2" if one.rule.count == "sum" else ""
    numbers = (one.before, one.given, one.planned, one.total)
    texts = [glued(f"{format_number(value.quantize(Decimal('0.1')))}{unit}") for value in numbers]
    limit = f"{format_number(one.limit)} ({one.limit_rule})" if one.limit is not None else "none set"
    unknown = f"; not counted: {', '.join(one.unknown)}" if one.unknown else ""
    return Row(tuple(Cell((Line(text),)) for text in (f"{name}{unknown}", *texts, limit)))


def _story(evaluated: EvaluatedPlan, changes: int, decided: Sequence[str]) -> tuple[Line, ...]:
    plan = evaluated.plan
    lines = [Line(f"CHANGED since the issue before: {changes} events; the roadmap lists them", "strong")]
    lines = lines if changes else []
    lines += map(Line, decided[:MOST_CHANGES])
    more = len(decided) - MOST_CHANGES
    lines += [Line(f"and {more} more changes, see the roadmap")] if more > 0 else []
    questions = {(one.group, one.decision.id): one.decision for one in evaluated.schedule.decisions}
    for taken in plan.decisions:
        rule = questions.get((taken.group, taken.decision))
        choices = {choice.id: choice.title for choice in rule.choices} if rule else {}
        asked = rule.question if rule else taken.decision
        answer = choices.get(taken.choice, taken.choice)
        lines.append(Line(f"Decided: {asked} {answer}, by {taken.by} on {clinical_date(taken.on)}"))
    for finding in evaluated.findings:
        if finding.status is FindingStatus.ACKNOWLEDGED:
            reason = next((one.reason for one in plan.acknowledgements if one.finding == finding.id), finding.message)
            lines.append(Line(f"Let stand: {finding.severity} {glued(finding.rule)}: {reason}"))
    return tuple(dict.fromkeys(lines)) or (Line("No change, no decision, no override is recorded."),)
