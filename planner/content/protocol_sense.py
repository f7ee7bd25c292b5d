"""Whether a protocol file of the right shape can be meant: names that exist, days that exist, a course that can run."""

import difflib
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any

from planner.content.broken import BrokenParts, Table, tables
from planner.content.facts import condition_problems
from planner.content.intake import ENOUGH, Located, Walk, walk
from planner.content.names import doubled_ids, ids_of, mixed_scripts
from planner.content.notation import parse_step
from planner.content.order_sense import company_problems, day_problems, order_problems
from planner.content.protocol_parts import build_decision
from planner.content.protocol_view import SeenPhase, see_phases
from planner.content.toml_lines import Path
from planner.model.agent import Agent
from planner.model.condition import PENDING
from planner.model.patient import AGE_AT_ENTRY
from planner.model.protocol import TemplateDecision


def sense_problems(data: Table, broken: BrokenParts, agents: Mapping[str, Agent]) -> tuple[Located, ...]:
    """The problems of sense, at most ENOUGH, in the parts of the file whose shape is right."""
    phases, problems = see_phases(data, broken)
    everything = tuple(walk(data))
    by_id = {seen.phase.id: seen for seen in reversed(phases)}
    phase_ids = ids_of(data.get("phases"))
    found = chain(
        problems,
        _doubled(data),
        _look_alikes(everything),
        condition_problems(everything, _answers(data), _strings(data.get("facts")) | {AGE_AT_ENTRY}),
        _unknown_references(data, everything),
        _review_before_start(data, broken),
        _succession(data),
        (problem for seen in phases for problem in _phase_problems(seen, phase_ids, by_id)),
        (problem for seen in phases for problem in order_problems(seen, agents)),
        (problem for seen in phases for problem in _assessment_problems(seen)),
        _both_dose_and_bands(data),
        _course_problems(data, broken, phase_ids, by_id),
        _variant_problems(data),
        _decision_problems(data, broken, phase_ids, by_id),
    )
    return tuple(islice(found, ENOUGH))


def _strings(items: object) -> frozenset[str]:
    return frozenset(item for item in items if isinstance(item, str)) if isinstance(items, list) else frozenset()


def _doubled(data: Table) -> Iterator[Located]:
    for key in ("phases", "variants", "decisions"):
        yield from doubled_ids(data.get(key), (key,))
    for path, phase in tables(data, "phases"):
        # One schedule row is named by block, cycle and id, so orders and assessments share their names.
        order_ids = ids_of(phase.get("orders"))
        yield from doubled_ids(phase.get("orders"), (*path, "orders"))
        yield from doubled_ids(phase.get("assessments"), (*path, "assessments"))
        for inner, item in tables(phase, "assessments"):
            if isinstance(item.get("id"), str) and item["id"] in order_ids:
                yield (*path, *inner, "id"), f'the id "{item["id"]}" is already an order of this phase'
    for key in ("variants", "decisions"):
        for path, item in tables(data, key):
            yield from doubled_ids(item.get("choices"), (*path, "choices"))


def _look_alikes(everything: Walk) -> Iterator[Located]:
    for path, value in everything:
        if path[-1] in ("title", "short", "question") and isinstance(value, str) and (message := mixed_scripts(value)):
            yield path, message


def _answers(data: Table) -> dict[str, frozenset[str]]:
    """What may be asked of the file's own questions; to an order, a decision that is not due yet is "pending"."""
    return {
        f"{kind[:-1]}.{item['id']}": ids_of(item.get("choices")) | further
        for kind, further in (("variants", frozenset[str]()), ("decisions", frozenset({PENDING})))
        for _, item in tables(data, kind)
        if isinstance(item.get("id"), str)
    }


def _unknown_references(data: Table, everything: Walk) -> Iterator[Located]:
    known = data.get("references")
    known = known if isinstance(known, dict) else {}
    for path, value in everything:
        named = path[-2] if len(path) > 1 else ""
        names_one = named == "entry_references" or (named == "references" and len(path) > 2 and path[0] != "references")
        if names_one and isinstance(value, str) and value not in known:
            yield path, f'there is no reference "{value}" under [references]'


def _review_before_start(data: Table, broken: BrokenParts) -> Iterator[Located]:
    dates = [data[key] for key in ("valid_from", "review_by") if key in data and broken.spares((key,))]
    if len(dates) == 2 and dates[1] <= dates[0]:
        yield ("review_by",), "must come after valid_from"


def _succession(data: Table) -> Iterator[Located]:
    if data.get("superseded_by") and data.get("status") != "superseded":
        yield ("superseded_by",), 'stands only beside status = "superseded"'
    if data.get("superseded_by") and data.get("superseded_by") == data.get("id"):
        yield ("superseded_by",), "names the protocol itself"


def _phase_problems(seen: SeenPhase, phase_ids: frozenset[str], by_id: Mapping[str, SeenPhase]) -> Iterator[Located]:
    phase, path = seen.phase, seen.path
    if phase.max_cycles and phase.max_cycles < phase.cycles:
        yield (*path, "max_cycles"), f"is {phase.max_cycles}, but {phase.cycles} cycles are placed by default"
    for cycle, _ in phase.cycle_lengths:
        if cycle > seen.last_cycle:
            yield (
                (*path, "cycle_lengths", str(cycle)),
                f"cycle {cycle} does not exist; the phase has at most {seen.last_cycle}",
            )
    yield from _phase_day((*path, "start"), phase.start.phase, phase.start.day, phase_ids, by_id)
    if phase.start.phase == phase.id or phase.id in _starts_behind(phase.start.phase, by_id):
        yield (*path, "start"), "waits in a circle: the phase would start after itself"
    for position, end in enumerate(phase.ends):
        place = (*path, "ends", position, "until")
        yield from _phase_day(place, end.phase, end.day, phase_ids, by_id)
        yield from _beyond_all_cycles(place, end.phase, end.day, by_id)
        if end.phase != phase.id and phase.id in _starts_behind(end.phase, by_id):
            yield place, f"{end.phase} starts only when this phase has ended"


def _phase_day(
    place: Path, phase_id: str, day: int | None, phase_ids: frozenset[str], by_id: Mapping[str, SeenPhase]
) -> Iterator[Located]:
    """A phase that does not exist, or a day its numbering does not have."""
    if phase_id and phase_id not in phase_ids:
        yield place, _unknown_phase(phase_id, phase_ids)
    elif day == 0 and phase_id in by_id and by_id[phase_id].phase.first_day >= 1:
        yield place, f"there is no Day 0 in {phase_id}"


def _beyond_all_cycles(place: Path, phase_id: str, day: int, by_id: Mapping[str, SeenPhase]) -> Iterator[Located]:
    """A day that no cycle of a phase has; the day on which the next cycle starts may be meant."""
    if phase_id not in by_id or (day == 0 and by_id[phase_id].phase.first_day >= 1):
        return
    seen = by_id[phase_id]
    longest = max(seen.phase.length_of(cycle) for cycle in range(1, seen.last_cycle + 1))
    if seen.phase.offset(day) > longest:
        yield place, f"day {day} lies beyond {phase_id}: no cycle of it has more than {longest} days"


def _unknown_phase(phase_id: str, phase_ids: frozenset[str]) -> str:
    close = difflib.get_close_matches(phase_id, phase_ids, 1)
    return f'there is no phase "{phase_id}"' + (f'; did you mean "{close[0]}"?' if close else "")


def _starts_behind(phase_id: str, by_id: Mapping[str, SeenPhase]) -> set[str]:
    """The phases that phase waits for, directly or through others."""
    passed: set[str] = set()
    while phase_id in by_id:
        phase_id = by_id[phase_id].phase.start.phase
        if not phase_id or phase_id in passed:
            break
        passed.add(phase_id)
    return passed


def _assessment_problems(seen: SeenPhase) -> Iterator[Located]:
    orders = {order.id: order for _, order in reversed(seen.orders)}
    for path, item in seen.assessments:
        if not item.references and not item.evidence.needs_confirmation:
            yield (*path, "references"), f"evidence {item.evidence} needs a reference"
        if item.gate and (len(item.days.numbers) > 1 or item.days.to_end):
            yield (*path, "days"), "a gate stands on one day; give each day that waits an assessment of its own"
        yield from company_problems(path, item, seen, orders)
        yield from day_problems(path, item, seen, due_at_end=True)


def _both_dose_and_bands(data: Table) -> Iterator[Located]:
    for path, phase in tables(data, "phases"):
        for inner, order in tables(phase, "orders"):
            if "bands" in order and ("dose" in order or "cap" in order):
                yield (*path, *inner, "bands"), "either dose and cap, or bands; not both"


def _course_problems(
    data: Table, broken: BrokenParts, phase_ids: frozenset[str], by_id: Mapping[str, SeenPhase]
) -> Iterator[Located]:
    placed: set[tuple[str, int]] = set()
    course = data.get("course")
    for position, text in enumerate(course if isinstance(course, list) else ()):
        place = ("course", position)
        if not broken.spares(place):
            continue
        phase_id, cycles = parse_step(text)
        if phase_id not in phase_ids:
            yield place, _unknown_phase(phase_id, phase_ids)
        if phase_id not in by_id:
            continue
        seen = by_id[phase_id]
        for cycle in cycles or range(1, seen.phase.cycles + 1):
            if cycle > seen.last_cycle:
                yield place, f"cycle {cycle} does not exist; {phase_id} has at most {seen.last_cycle}"
                break
            if (phase_id, cycle) in placed:
                yield place, f"cycle {cycle} of {phase_id} is already in the course"
                break
            placed.add((phase_id, cycle))


def _variant_problems(data: Table) -> Iterator[Located]:
    for path, variant in tables(data, "variants"):
        yield from _unknown_choice(path, variant, "default")


def _unknown_choice(path: Path, table: Mapping[str, Any], key: str) -> Iterator[Located]:
    choices = ids_of(table.get("choices"))
    if isinstance(table.get(key), str) and choices and table[key] not in choices:
        yield (*path, key), f'"{table[key]}" is not one of its choices: {", ".join(sorted(choices))}'


def _asks_ahead(path: Path, decision: TemplateDecision, earlier: frozenset[str]) -> Iterator[Located]:
    """What a decision's own condition asks for besides variants and the decisions above it."""
    for clause in decision.when.clauses:
        kind, _, name = clause.subject.partition(".")
        if kind != "variant" and not (kind == "decision" and name in earlier):
            yield (*path, "when"), f'"{clause}": a decision may ask for variants and for the decisions above it only'


def _decision_problems(
    data: Table, broken: BrokenParts, phase_ids: frozenset[str], by_id: Mapping[str, SeenPhase]
) -> Iterator[Located]:
    earlier: set[str] = set()
    for path, table in tables(data, "decisions"):
        yield from _unknown_choice(path, table, "expected")
        if PENDING in ids_of(table.get("choices")):
            yield (*path, "choices"), f'"{PENDING}" is the answer of a decision that is not due yet; use another id'
        if not broken.spares(path):
            continue
        decision = build_decision(table)
        yield from _asks_ahead(path, decision, frozenset(earlier))
        earlier.add(decision.id)
        if not decision.references and not decision.evidence.needs_confirmation:
            yield (*path, "references"), f"evidence {decision.evidence} needs a reference"
        yield from _phase_day((*path, "phase"), decision.phase, None, phase_ids, by_id)
        if decision.phase not in by_id:
            continue
        seen = by_id[decision.phase]
        phase = seen.phase
        if decision.id in {order.id for _, order in seen.orders} | {item.id for _, item in seen.assessments}:
            yield (*path, "id"), f'{phase.id} already has "{decision.id}"; a decision needs an id of its own'
        if decision.cycle > seen.last_cycle:
            yield (*path, "cycle"), f"cycle {decision.cycle} does not exist; {phase.id} has at most {seen.last_cycle}"
        elif decision.day == 0 and phase.first_day >= 1:
            yield (*path, "day"), f"there is no Day 0 in {phase.id}"
        elif phase.offset(decision.day) > phase.length_of(decision.cycle):
            length = phase.length_of(decision.cycle)
            yield (*path, "day"), f"day {decision.day} lies beyond the phase: cycle {decision.cycle} has {length} days"
