"""The pharmacist's roadmap: the course on one page, then each block with its drugs, days, decisions and findings.

Contents after the therapy delivery maps described in peers.md 6b, with arithmetic, counters and findings added.
"""

from collections import defaultdict
from datetime import date

from planner.exports.sheets.changes import IN_THESE_BLOCKS, change_marks, changes_section
from planner.exports.sheets.day_numbers import numbered_days
from planner.exports.sheets.ends import Days
from planner.exports.sheets.frame import NOT_RECORDED, clinician_frame, draft_reasons, extract_of
from planner.exports.sheets.job import Job, Stamp
from planner.exports.sheets.roadmap.choices import choices_made
from planner.exports.sheets.roadmap.findings import block_findings, findings_section, of_block
from planner.exports.sheets.roadmap.grid import Beside, grid
from planner.exports.sheets.roadmap.parts import (
    arithmetic,
    counters,
    decision_boxes,
    drug_table,
    sources,
    studies,
)
from planner.exports.sheets.sheet import PROSE, Cell, Column, Facts, Line, Paragraphs, Part, Row, Section, Sheet, Table
from planner.exports.sheets.signing import signatures
from planner.exports.wording.answers import answers_of
from planner.exports.wording.checks import checks_of
from planner.exports.wording.holds import Ends
from planner.exports.wording.runs import FirstDays
from planner.exports.wording.text import NO_DAY, continued, counted, marker_words
from planner.model.body import MOSTELLER, SURFACES
from planner.model.civil import clinical_date, weekday_date
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.going_on import may_go_on
from planner.model.language import glued
from planner.model.patient import Measurement, Patient
from planner.model.quantity import format_number
from planner.model.schedule import Event, PlacedBlock
from planner.model.site import Site
from planner.model.wish import Wish

TITLE = "Pharmacist roadmap"
COURSE = "The course"
SIGNATURES = "Signatures"
NO_GATE = "no criteria in the protocol"
ON_THE_PLAN_IF = "on the plan if "
"""How a block tells its condition."""


def roadmap(evaluated: EvaluatedPlan, job: Job) -> Sheet:
    """Every event of the plan, block by block; of the blocks that run in the time asked for, if one is."""
    blocks = [block for block in evaluated.schedule.blocks if job.wish.meets(block.start, block.end)]
    extract = extract_of(evaluated, job.wish) if _leaves_out(evaluated, job.wish) else ""
    told = {block.id for block in blocks}
    changes = changes_section(
        job.changes, lambda one: not extract or one.placed.block.id in told, IN_THESE_BLOCKS if extract else ""
    )
    begins, ends, checks = FirstDays(evaluated.schedule), evaluated.once(Ends), checks_of(evaluated.plan)
    sections = [_course(evaluated, job.stamp, begins, ends), *changes, *_decided(job.decided)]
    standing = evaluated.due
    going, marks = may_go_on(evaluated.plan, standing), change_marks(job.changes)
    answers, daily, numbered = answers_of(evaluated), Days(standing), evaluated.once(numbered_days)
    by_block = defaultdict[str, list[Event]](list)
    for event in standing:
        by_block[event.placed.block.id].append(event)
    for block in blocks:
        beside = Beside(
            of_block(evaluated, block), marks, going, answers, daily, begins, ends, checks, numbered, job.wish
        )
        sections += _block(evaluated, block, tuple(by_block[block.id]), job.site, beside)
    sections += findings_section(evaluated)
    extract = extract and f"{extract.removesuffix(' only')}: only the cycles that run then"
    frame = clinician_frame(evaluated, TITLE, job, extract)
    return Sheet("roadmap", TITLE, "clinician", frame, tuple(sections))


def _course(evaluated: EvaluatedPlan, stamp: Stamp, begins: FirstDays, ends: Ends) -> Section:
    parts: list[Part] = []
    reasons = draft_reasons(evaluated, stamp.release)
    if reasons:
        lines = [Line("DRAFT because", "strong"), *(Line(f"• {reason}") for reason in reasons)]
        parts.append(Paragraphs(tuple(lines), boxed=True))
    parts.append(Facts(_patient_pairs(evaluated.plan.patient, evaluated.plan.bsa_formula), 3))
    parts.append(_course_table(evaluated, begins, ends))
    return Section(COURSE, tuple(parts), again=continued(COURSE))


def _leaves_out(evaluated: EvaluatedPlan, wish: Wish) -> bool:
    """Whether any cycle lies outside the days asked for."""
    return not all(wish.meets(one.start, one.end) for block in evaluated.schedule.blocks for one in block.cycles)


def _decided(changes: tuple[str, ...]) -> list[Section]:
    """Every change of the plan with its reason, in the order they were made."""
    lines = Paragraphs(tuple(Line(one) for one in changes))
    return [Section("Changes in this plan, with their reasons", (lines,), level=1)] if changes else []


def _patient_pairs(patient: Patient, formula: str) -> tuple[tuple[str, str], ...]:
    exposures = "; ".join(
        f"{one.agent} {glued(f'{format_number(one.dose)} {one.unit}')}"
        + (f" until {glued(clinical_date(one.until))}" if one.until else "")
        for one in patient.prior_exposures
    )
    taken = "; ".join(
        f"{one.agent} from {glued(clinical_date(one.start))}"
        + (f" to {glued(clinical_date(one.end))}" if one.end else ", still taken")
        for one in patient.co_medications
    )
    return (
        ("Diagnosis", patient.diagnosis or NOT_RECORDED),
        ("Markers", marker_words(patient.markers) or NOT_RECORDED),
        ("Allergies", ", ".join(patient.allergies) or NOT_RECORDED),
        ("Measured", "; ".join(_measured(one, formula) for one in patient.measurements[-1:]) or NOT_RECORDED),
        ("Given before this plan", exposures or NOT_RECORDED),
        ("Other medicines", taken or NOT_RECORDED),
    )


def _measured(found: Measurement, formula: str) -> str:
    size = f"{format_number(found.height_cm)} cm, {format_number(found.weight_kg)} kg on {clinical_date(found.date)}"
    area = glued(f"{format_number(found.surface(formula))} m2")
    how = "Mosteller, √(cm × kg / 3,600)" if formula == MOSTELLER else SURFACES[formula].name
    return f"{size}; BSA {area} ({how})"


def _course_table(evaluated: EvaluatedPlan, begins: FirstDays, ends: Ends) -> Table:
    gates = any(block.phase.start.gate for block in evaluated.schedule.blocks)
    columns = (
        Column((Line("Block", "strong"),), 120, 1),
        Column((Line("First day", "strong"),), 84, 0),
        Column((Line("Last day", "strong"),), 84, 0),
        Column((Line("Length", "strong"),), 70, 0.5),
        Column((Line("Why it starts then", "strong"),), 200, 3, gap=PROSE),
        *((Column((Line("Start when", "strong"),), 110, 1),) if gates else ()),
    )
    blocks = evaluated.schedule.blocks
    several = len({(block.protocol_id, block.protocol_version) for block in blocks}) > 1
    rows = (_course_row(one, ends.last_day(one), several, begins, gates=gates) for one in blocks)
    return Table(columns, tuple(rows))


def _course_row(block: PlacedBlock, ends: str, several: bool, begins: FirstDays, *, gates: bool) -> Row:
    """One block; its protocol only where the plan has `several`, for the header of the page names it.

    Its criteria only where a block has `gates`: a column of "no criteria in the protocol" cost two lines a block.
    """
    cycles = f", {len(block.cycles)} cycles" if len(block.cycles) > 1 else ""
    title = [Line(block.title, "strong")]
    title += [Line(f"{block.protocol_id} version {block.protocol_version}")] if several else []
    if block.provisional:
        title.append(Line(f"provisional: {block.unsure}"))
    texts = (
        NO_DAY if block.waits else weekday_date(begins.of(block)),
        ends,
        f"{glued(counted(block.end - begins.of(block), 'day'))}{cycles}",
        "; ".join((*_open_reasons(block), *_early(block, begins))),
        *((block.phase.start.gate or NO_GATE,) if gates else ()),
    )
    edge = "dashed" if block.provisional else ""
    return Row((Cell(tuple(title), edge), *(Cell((Line(text),)) for text in texts)))


def _open_reasons(block: PlacedBlock) -> list[str]:
    """Why it starts then, without the condition that holds: it stands with the block, and here filled a page."""
    settled = not block.provisional and not block.facts_unknown
    return [one for one in block.why if not (settled and one.startswith(ON_THE_PLAN_IF))]


def _early(block: PlacedBlock, begins: FirstDays) -> tuple[str, ...]:
    """That a drug comes before the day that it starts on."""
    days = block.begins - begins.of(block)
    return (f"its first medicine comes {glued(counted(days, 'day'))} before",) if days else ()


def _block(
    evaluated: EvaluatedPlan, block: PlacedBlock, events: tuple[Event, ...], site: Site, beside: Beside
) -> list[Section]:
    notes = _block_notes(block)
    facts = (Facts(_block_pairs(evaluated, block, beside.begins), 3), *((Facts(notes, 1),) if notes else ()))
    checks = checks_of(evaluated.plan)
    head = Section(block.title, facts, level=0, new_page=True, again=continued(block.title))
    parts: list[tuple[str, tuple[Part, ...]]] = [
        ("Drugs", drug_table(events, checks)),
        ("Days", (grid(block, events, evaluated.schedule.blocks, site, beside),)),
        ("Studies", studies(events, checks)),
        ("Decisions", decision_boxes(evaluated, block)),
        ("Findings in this block", block_findings(evaluated, block)),
        ("Dose arithmetic", arithmetic(events, site.micrograms)),
        ("Counters, as planned", counters(evaluated.schedule.events, block, site.micrograms)),
        ("Sources", sources(block, events)),
        (SIGNATURES, signatures()),
    ]
    return [head, *(Section(title, shown, level=1, follows=title == SIGNATURES) for title, shown in parts if shown)]


def _block_pairs(evaluated: EvaluatedPlan, block: PlacedBlock, begins: FirstDays) -> tuple[tuple[str, str], ...]:
    status = block.protocol.status.value if block.protocol else "status unknown"
    return (
        ("Protocol", f"{block.protocol_title}, version {block.protocol_version} ({status})"),
        ("Length", _length(block, begins)),
        ("Why it starts then", "; ".join((*block.why, *_early(block, begins)))),
        ("Start when", block.phase.start.gate or NO_GATE),
        ("Measured", _measurements(evaluated, block)),
        ("Choices made", choices_made(evaluated, block)),
    )


def _block_notes(block: PlacedBlock) -> tuple[tuple[str, str], ...]:
    """What is said of the block over the whole width: in a column of the facts a longer note was half a page."""
    unsure = f"{block.unsure}; dashed frames in the grid" if block.provisional else ""
    notes = ("PROVISIONAL", unsure), ("Note of the protocol", block.phase.note)
    return tuple((label, text) for label, text in notes if text)


def _length(block: PlacedBlock, begins: FirstDays) -> str:
    first = begins.of(block)
    span = NO_DAY if block.waits else f"{glued(weekday_date(first))} to {glued(weekday_date(block.end - 1))}"
    days = counted(block.end - first, "day")
    if len(block.cycles) == 1:
        return f"{days}: {span}"
    return f"{days} in {len(block.cycles)} cycles: {span}"


def _measurements(evaluated: EvaluatedPlan, block: PlacedBlock) -> str:
    patient, formula = evaluated.plan.patient, evaluated.plan.bsa_formula
    used = [patient.measurement_on(date.fromordinal(cycle.begins)) for cycle in block.cycles]
    return "; ".join(dict.fromkeys(_measured(one, formula) for one in used if one)) or "height and weight not recorded"
