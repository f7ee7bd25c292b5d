"""`regimap plan counters` and `plan branches`: what the course adds up to, and how it would go under other answers."""

import argparse
import json
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from planner.cli.plan_access import PLAN_HELP, open_plan, rules_and_agents, site_of
from planner.cli.streams import write_text
from planner.cli.values import as_json
from planner.model.civil import weekday_date
from planner.model.counter import INTENSITY_DEFINITION, Counter, Intensity, Totals
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.quantity import format_number
from planner.paths import resources
from planner.services.evaluation import evaluate
from planner.services.telling.preview import preview, preview_lines
from planner.services.telling.totals import totals
from planner.services.verbs.deciding import Branch, branches, find_decision


def add_arguments(edits: Any) -> None:
    """The sub-commands, to stand beside the others of `regimap plan`."""
    counters = edits.add_parser("counters", help="what the whole course adds up to: doses, cycles, days, intensity")
    counters.add_argument("plan", metavar="PLAN", help=PLAN_HELP)
    counters.add_argument("--json", action="store_true", help="as JSON")
    counters.set_defaults(run=_counters)
    ways = edits.add_parser("branches", help="the plan under each answer of a decision, side by side")
    ways.add_argument("plan", metavar="PLAN", help=PLAN_HELP)
    ways.add_argument("decision", metavar="DECISION", help="the id of the question, as `plan show` lists it")
    ways.add_argument("--group", default="", help="the placement, where several have this decision")
    ways.add_argument("--json", action="store_true", help="as JSON")
    ways.set_defaults(run=_branches)


def _counters(chosen: argparse.Namespace) -> int:
    library = rules_and_agents()
    plan = open_plan(chosen.plan, library).plan
    found = totals(evaluate(plan, library, site_of(plan)), library, resources(), site_of(plan))
    write_text("-", _totals_json(found) if chosen.json else _totals_text(found))
    return 0


def _totals_text(found: Totals) -> str:
    lines = ["Counters: before + given + planned = total"] + [_counter_line(one) for one in found.counters]
    lines += [_counter_line(one) for one in found.vials]
    lines += ["", "Dose intensity", f"  {INTENSITY_DEFINITION}"] + [_intensity_line(one) for one in found.intensities]
    if found.ends:
        lines += ["", f"Planned end: {weekday_date(found.ends)}"]
    return "\n".join(lines) + "\n"


def _counter_line(one: Counter) -> str:
    name = f"{one.rule.title}: {one.agent}" if one.agent else one.rule.title
    sums = " + ".join(_amount(value) for value in (one.before, one.given, one.planned))
    unit = " mg/m2" if one.rule.count == "sum" else ""
    line = f"  {name}: {sums} = {_amount(one.total)}{unit}"
    if one.limit is not None:
        line += f", at most {_amount(one.limit)} ({one.limit_rule})"
    if one.held:
        line += f"; on hold {_amount(one.held)}"
    if one.parts:
        line += f" [{'; '.join(one.parts)}]"
    if one.unknown:
        line += f"; not counted: {', '.join(one.unknown)}"
    return line


def _intensity_line(one: Intensity) -> str:
    if one.relative is None:
        return f"  {one.block}, {one.drug}: cannot be told: {one.unknown}"
    present = _week(one.present, one.present_weeks)
    planned = _week(one.planned, one.planned_weeks)
    return f"  {one.block}, {one.drug}: {present} of {planned} {one.unit} a week = {_amount(one.relative)} %"


def _week(amount: Decimal | None, weeks: Decimal) -> str:
    return "unknown" if amount is None else _amount(amount / weeks)


def _amount(value: Decimal) -> str:
    return format_number(value.quantize(Decimal("0.1")))


def _totals_json(found: Totals) -> str:
    value = {
        "counters": [
            {
                "id": one.rule.id,
                "title": one.rule.title,
                "agent": one.agent or None,
                **{key: as_json(getattr(one, key)) for key in ("before", "given", "planned", "held", "total")},
                "limit": as_json(one.limit),
                "limit_rule": one.limit_rule or None,
                "parts": list(one.parts),
                "unknown": list(one.unknown),
                "reference": one.rule.reference,
            }
            for one in (*found.counters, *found.vials)
        ],
        "intensity_definition": INTENSITY_DEFINITION,
        "intensities": [
            {
                "block": one.block,
                "drug": one.drug,
                "unit": one.unit,
                "relative_percent": None if one.relative is None else str(one.relative.quantize(Decimal("0.1"))),
                "missing": list(one.missing),
            }
            for one in found.intensities
        ],
        "ends": weekday_date(found.ends) if found.ends else None,
    }
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _branches(chosen: argparse.Namespace) -> int:
    library = rules_and_agents()
    plan = open_plan(chosen.plan, library).plan
    known = evaluate(plan, library, site_of(plan))
    decision = find_decision(known, chosen.decision, chosen.group)
    ways = branches(known, library, site_of(plan), decision.group, decision.decision.id)
    if chosen.json:
        write_text("-", json.dumps([_branch_json(one) for one in ways], indent=2, ensure_ascii=False) + "\n")
        return 0
    lines = [f"{decision.decision.question} Due {weekday_date(decision.day)}"]
    for one in ways:
        lines += ["", *_branch_lines(one), *_against(known, one)]
    write_text("-", "\n".join(lines) + "\n")
    return 0


def _branch_lines(one: Branch) -> list[str]:
    drawn = " (as the plan is drawn)" if one.is_drawn else ""
    counts = ", ".join(f"{number} {severity}" for severity, number in one.findings.items())
    lines = [f"{one.choice.id}: {one.choice.title}{drawn}"]
    lines += [
        f"  {block.id}: {weekday_date(block.begins)} to {weekday_date(block.end - 1)}"
        + (f", {block.unsure}" if block.waits else "")
        for block in one.evaluated.schedule.blocks
    ]
    return [*lines, f"  ends {weekday_date(one.ends)}; open findings: {counts}" if one.ends else "  no block"]


def _against(drawn: EvaluatedPlan, one: Branch) -> list[str]:
    """What would be another date, dose or finding than on the plan as it stands."""
    found = preview(drawn, one.evaluated)
    lines = preview_lines(replace(found, records=()))
    return ["  against the plan as it is drawn:", *(f"    {line}" for line in lines)] if lines else []


def _branch_json(one: Branch) -> dict[str, object]:
    return {
        "choice": one.choice.id,
        "drawn": one.is_drawn,
        "ends": weekday_date(one.ends) if one.ends else None,
        "findings": dict(one.findings),
        "blocks": [
            {"id": block.id, "start": weekday_date(block.begins), "end": weekday_date(block.end - 1)}
            for block in one.evaluated.schedule.blocks
        ],
    }
