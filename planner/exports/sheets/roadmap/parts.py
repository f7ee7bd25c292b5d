"""The parts of a block around its grid: drugs, studies, decisions, arithmetic, counters, sources."""

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from decimal import Decimal

from planner.exports.sheets.sheet import Cell, Column, Line, Paragraphs, Part, Row, Table
from planner.exports.wording.answers import answer_words
from planner.exports.wording.checks import Checks, evidence_words
from planner.exports.wording.doses import NOT_TO_BE_GIVEN, dose_of_day, is_drug, is_intrathecal, route_words
from planner.exports.wording.order_words import (
    assessment_when,
    cycles_words,
    days_in_words,
    dose_formula,
    source_codes,
    when_given,
)
from planner.exports.wording.sums import CELLS, kind_of_treatment, number_words, total_words, unsure_words
from planner.exports.wording.text import counted
from planner.model.alternatives import most_together
from planner.model.asked import still_asked
from planner.model.civil import weekday_date
from planner.model.cycle_content import ComputedDose
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.language import glued
from planner.model.protocol import Days, TemplateAssessment, TemplateOrder
from planner.model.quantity import default_step, format_number, round_to, unit_word
from planner.model.schedule import Event, OpenDecision, PlacedBlock
from planner.model.timeline import TOPIC_LETTERS

LARGE, FEW_MG = 1000, Decimal(10)
"""From which sum by surface on it is rounded to what: three doses of 1,500 mg/m2, each rounded, were 4,501."""
BY_SURFACE = "/m2"
"""How the dose of a protocol says that it goes by body surface."""


def _by_order(events: Sequence[Event]) -> list[tuple[Event, ...]]:
    """The events of the block by order, cycles together, in the protocol's order; what stands in for a drug apart."""
    found: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in sorted(events, key=lambda event: event.sequence):
        found[event.placed.order.id, event.placed.agent if is_drug(event.placed) else ""].append(event)
    return [tuple(one) for one in found.values()]


def drug_table(events: Sequence[Event], checks: Checks) -> tuple[Part, ...]:
    """Every drug of the block as the protocol says it, with the evidence for it."""
    columns = (
        Column((Line("Drug", "strong"),), 96, 0.6),
        Column((Line("Dose of the protocol", "strong"),), 96, 0.6),
        Column((Line("Route", "strong"),), 72, 0),
        Column((Line("Days, times, length", "strong"),), 126, 0.6),
        Column((Line("Evidence, source", "strong"),), 88, 0.2),
        Column((Line("Notes", "strong"),), 130, 4),
    )
    names = {one.placed.order.id: one.placed.agent_name for one in events}
    alike: dict[tuple[object, ...], list[Event]] = {}
    for found in _by_order(events):
        if is_drug(found[0].placed):
            alike.setdefault(_but_cycles(found, names), []).extend(found)
    agents: dict[str, set[str]] = defaultdict(set)
    for event in events:
        agents[event.placed.id].add(event.placed.agent)
    shared = {order for order, several in agents.items() if len(several) > 1}
    rows = tuple(_drug_row(found, names, checks, shared) for found in alike.values())
    return (Table(columns, rows),) if rows else ()


def _but_cycles(events: Sequence[Event], names: Mapping[str, str]) -> tuple[object, ...]:
    """All that a row says of an order but its cycles: two orders that differ in these alone read as two doses."""
    placed = events[0].placed
    when = when_given(events, names).replace(cycles_words(events), "")
    told = placed.evidence, source_codes(placed.order), placed.note
    return placed.agent_name, placed.role, placed.route, dose_formula(events), when, *told


def _drug_row(events: Sequence[Event], names: Mapping[str, str], checks: Checks, shared: Container[str]) -> Row:
    """One drug as the protocol gives it, on the days on which it is this one."""
    placed = events[0].placed
    name = [Line(placed.agent_name, "strong")]
    if placed.role not in ("antineoplastic", "intrathecal"):
        name.append(Line(placed.role))
    style = "capital" if is_intrathecal(placed) else "body"
    return Row(
        (
            Cell(tuple(name)),
            Cell((Line(dose_formula(events)),)),
            Cell((Line(route_words(placed.route), style),)),
            Cell((Line(_on_its_days(events, when_given(events, names), shared)),)),
            Cell((Line(evidence_words(placed, checks)), Line(source_codes(placed.order)))),
            Cell((Line(placed.note),) if placed.note else ()),
        )
    )


def _on_its_days(events: Sequence[Event], when: str, shared: Container[str]) -> str:
    """The words for its days; of an order that another drug is given for on some (`shared`), of those of this drug.

    Pegaspargase and what was given in its place once were both told with both days.
    """
    order, cycles = events[0].placed.order, dict.fromkeys(event.placed.cycle for event in events)
    days: dict[int, list[int]] = defaultdict(list)
    for event in events:
        if event.placed.id in shared:
            days[event.placed.cycle].append(event.day_number)
    if not days or not isinstance(order, TemplateOrder):
        return when
    spans = {cycle: days_in_words(Days(tuple(dict.fromkeys(several)))) for cycle, several in days.items()}
    here = (
        next(iter(spans.values()))
        if len(cycles) == 1
        else ", ".join(f"cycle {one}: {span}" for one, span in spans.items())
    )
    rest = when.removeprefix(days_in_words(order.days))
    others = f"; other cycles: {days_in_words(order.days)}" if len(spans) < len(cycles) else ""
    return f"{here}{others}{rest}"


def study_letters(events: Sequence[Event]) -> dict[str, str]:
    """A letter for each study by its topic, the same as on screen; the second of a topic gets "2"."""
    letters: dict[str, str] = {}
    used: dict[str, int] = defaultdict(int)
    for found in _by_order(events):
        order = found[0].placed.order
        if is_drug(found[0].placed) or found[0].placed.kind == "decision":
            continue
        topic = order.topic if isinstance(order, TemplateAssessment) else ""
        letter = TOPIC_LETTERS.get(topic, TOPIC_LETTERS["other"])
        used[letter] += 1
        letters[order.id] = letter if used[letter] == 1 else f"{letter}{used[letter]}"
    return letters


def studies(events: Sequence[Event], checks: Checks) -> tuple[Part, ...]:
    """The key to the letters in the grid."""
    letters = study_letters(events)
    rows = []
    for found in _by_order(events):
        order = found[0].placed.order
        if order.id in letters and isinstance(order, TemplateAssessment):
            words = evidence_words(found[0].placed, checks)
            texts = (order.title, assessment_when(order) or _days(found), words, source_codes(order), order.note)
            rows.append(Row((Cell((Line(letters[order.id], "strong"),)), *(Cell((Line(text),)) for text in texts))))
    columns = (
        Column((Line("Key", "strong"),), 30, 0),
        Column((Line("Study", "strong"),), 150, 1),
        Column((Line("Days", "strong"),), 110, 0.5),
        Column((Line("Evidence", "strong"),), 80, 0),
        Column((Line("Source", "strong"),), 60, 0),
        Column((Line("Notes", "strong"),), 120, 2),
    )
    return (Table(columns, tuple(rows)),) if rows else ()


def _days(events: Sequence[Event]) -> str:
    """The days of what the plan itself put there, bags; the rows of the days tell them where its cycles differ."""
    cycles: dict[int, set[int]] = defaultdict(set)
    for event in events:
        cycles[event.placed.cycle].add(event.cycle_day)
    alike = {tuple(sorted(days)) for days in cycles.values()}
    return days_in_words(Days(alike.pop())) if len(alike) == 1 else "not the same in each cycle: see Days"


def decision_boxes(evaluated: EvaluatedPlan, block: PlacedBlock) -> tuple[Part, ...]:
    """The decisions due in this block, with their answers as boxes, or with the answer taken and by whom."""
    here = [decision for decision in evaluated.schedule.decisions if decision.block == block.id]
    return tuple(Paragraphs(_decision_lines(evaluated, decision), boxed=True) for decision in here)


def _decision_lines(evaluated: EvaluatedPlan, found: OpenDecision) -> tuple[Line, ...]:
    rule = found.decision
    lines = [Line(f"{rule.question} Due {weekday_date(found.day)}.", "strong")]
    if rule.needs:
        lines.append(Line(f"Needs: {', '.join(rule.needs)}"))
    if not still_asked(found, evaluated.schedule, evaluated.plan):
        lines.append(Line("No longer asked: what it decides was stopped."))
    elif found.choice is None:
        for choice in rule.choices:
            drawn = " (this plan is drawn with this answer)" if choice.id == rule.expected else ""
            note = f": {choice.note}" if choice.note else ""
            lines.append(Line(f"{choice.title}{note}{drawn}", tick=True))
        lines.append(Line("Decided by, date", blank=True))
    else:
        note = next((one.note for one in rule.choices if one.id == found.choice), "")
        lines += [Line(answer_words(evaluated, found)), *([Line(note)] if note else [])]
    lines.append(Line(f"{rule.evidence.value} {source_codes(rule)}"))
    return tuple(lines)


def arithmetic(events: Sequence[Event], micrograms: str) -> tuple[Part, ...]:
    """How every dose came about, once for each result, the results of one drug and route together."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for event in events:
        if event.dose is not None:
            name = f"{event.placed.agent_name}, {route_words(event.placed.route)}"
            steps = _steps(event.dose)
            if steps not in found[name]:
                found[name][steps] = dose_of_day(event, micrograms)
    columns = (
        Column((Line("Drug and route", "strong"),), 150, 1),
        Column((Line("Dose", "strong"),), 80, 0),
        Column((Line("Steps", "strong"),), 300, 3),
    )
    rows = tuple(
        Row((Cell((Line(name),)), Cell((Line(dose, "strong"),)), Cell((Line(steps),))))
        for name, results in found.items()
        for steps, dose in results.items()
    )
    return (Table(columns, rows, begins=2),) if rows else ()


def _steps(dose: ComputedDose) -> str:
    if dose.value is None:
        steps = f"not computed: {dose.missing}"
    else:
        steps = "; ".join(filter(None, ("; ".join(dose.steps) or "flat dose, nothing to compute", dose.made_of)))
    return f"{dose.protocol_dose}: {steps}" if dose.protocol_dose and not dose.steps else steps


def counters(events: Sequence[Event], block: PlacedBlock, micrograms: str) -> tuple[Part, ...]:
    """Doses and totals of the treatment the clinic gives, cells last: in this block, and from the plan's start on."""
    meant = sorted((event for event in events if event.day < block.end and _is_counted(event)), key=_cells_last)
    groups: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in meant:
        groups[event.placed.agent_name, event.placed.route].append(event)
    rows = []
    for (name, route), found in groups.items():
        here = [event for event in found if event.placed.block.id == block.id]
        if here:
            texts = (f"{name}, {route_words(route)}", *_totals(here, micrograms), *_totals(found, micrograms))
            rows.append(Row(tuple(Cell((Line(text),)) for text in texts)))
    columns = (
        Column((Line("What, and route", "strong"),), 150, 2),
        *(
            Column((Line(f"{what} {where}", "strong"),), 90, 1)
            for where in ("in this block", "in all up to its last day")
            for what in ("Doses", "Total")
        ),
    )
    return (Table(columns, tuple(rows), together=True),) if rows else ()


def _is_counted(event: Event) -> bool:
    placed = event.placed
    return bool(kind_of_treatment(placed)) and placed.route != "PO" and event.state not in NOT_TO_BE_GIVEN


def _cells_last(event: Event) -> bool:
    return kind_of_treatment(event.placed) == CELLS


def _totals(events: Sequence[Event], micrograms: str) -> tuple[str, str]:
    """Number of single doses or of infusion days, and their sum; by surface too where the protocol gives all so."""
    words, areas = total_words(events, micrograms), [_by_surface(event) for event in events]
    units = {event.dose.unit for event in events if event.dose}
    if len(units) == 1 and None not in areas:
        area = _area_of(most_together(events, _area_of)[0])
        unit = unit_word(area, units.pop(), micrograms)
        step = max(default_step(area), FEW_MG if area >= LARGE else Decimal(0))
        words += f" ({glued(f'{format_number(round_to(area, step))} {unit}/m2')})"
    by_day = all(event.placed.kind == "infusion" for event in events)
    count = counted(len(events), "day") if by_day else number_words(len(events))
    return ", ".join(filter(None, (count, unsure_words(events)))), words


def _area_of(events: Sequence[Event]) -> Decimal:
    return sum(filter(None, map(_by_surface, events)), Decimal(0))


def _by_surface(event: Event) -> Decimal | None:
    """Its dose by body surface; None where the protocol does not give it so: 12 mg INTRATHECAL are not 6.62 mg/m2."""
    return event.dose.per_m2 if event.dose and BY_SURFACE in event.dose.protocol_dose else None


def sources(block: PlacedBlock, events: Sequence[Event]) -> tuple[Part, ...]:
    """The sources behind the codes in square brackets. Their addresses stay on the screen."""
    if block.protocol is None:
        return ()
    used = {code for event in events for code in event.placed.order.references} | set(block.phase.references)
    found = [reference for reference in block.protocol.references if reference.id in used]
    lines = tuple(Line(f"[{one.id}] {one.text}") for one in found)
    return (Paragraphs(lines, together=True),) if lines else ()
