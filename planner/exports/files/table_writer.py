"""Schedule and findings as files for other programs, in fixed columns and keys. Dates are ISO, numbers plain."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date

from planner.exports.files.standing import standing
from planner.model.civil import clock
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import Finding
from planner.model.flow import flow_of
from planner.model.kept import kept, kept_words
from planner.model.quantity import plain
from planner.model.schedule import Event

COLUMNS = (
    "date",
    "time",
    "end_date",
    "end_time",
    "block",
    "cycle",
    "cycle_day",
    "kind",
    "role",
    "agent",
    "protocol_dose",
    "dose",
    "unit",
    "route",
    "duration_h",
    "status",
    "evidence",
    "order_id",
    "note",
    "volume_ml",
    "rate_ml_h",
)
FREE_TEXT = ("agent", "note")
"""Columns whose words come from people or from protocol files."""

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula (promises S12)."""


def schedule_csv(evaluated: EvaluatedPlan) -> str:
    """One row an event, ordered by date, time and order; UTF-8 text with a header row.

    A free text that a spreadsheet would take for a formula gets an apostrophe in front; dates, doses and day numbers
    (Day -1) are never touched.
    """
    target = io.StringIO(newline="")
    writer = csv.DictWriter(target, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in schedule_rows(evaluated):
        writer.writerow({**row, **{name: safe_text(str(row[name])) for name in FREE_TEXT}})
    return target.getvalue()


def schedule_json(evaluated: EvaluatedPlan) -> str:
    """The rows of `schedule_csv` as a JSON list of objects; cycle and cycle_day are numbers, all else text."""
    return json.dumps(list(schedule_rows(evaluated)), ensure_ascii=False, indent=1) + "\n"


def findings_json(evaluated: EvaluatedPlan) -> str:
    """The findings as a JSON list, in the order the checks gave them."""
    return json.dumps([_finding(one) for one in evaluated.findings], ensure_ascii=False, indent=1) + "\n"


def safe_text(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would compute it."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def schedule_rows(evaluated: EvaluatedPlan) -> Iterator[dict[str, str | int]]:
    """Every event as a row of the fixed columns, in order of time. Rescue that a pause must not end says so."""
    events = evaluated.schedule.events
    for event, standing_one in zip(events, kept(evaluated.plan, events), strict=True):
        told = kept_words(standing_one)
        yield _row(event, "; ".join(filter(None, (told, event.note))))


def _row(event: Event, note: str) -> dict[str, str | int]:
    placed, dose = event.placed, event.dose
    length, flow = placed.duration_h, flow_of(placed.order, dose)
    return {
        "date": event.date.isoformat(),
        "time": clock(event.minute),
        "end_date": date.fromordinal(event.end_day).isoformat() if event.end_day >= 0 else "",
        "end_time": clock(event.end_minute),
        "block": placed.block.id,
        "cycle": placed.cycle,
        "cycle_day": event.cycle_day,
        "kind": placed.kind,
        "role": placed.role,
        "agent": placed.agent or placed.agent_name,
        "protocol_dose": _protocol_dose(dose.protocol_dose) if dose else "",
        "dose": plain(dose.value) if dose and dose.value is not None else "",
        "unit": dose.unit if dose else "",
        "route": placed.route,
        "duration_h": plain(round(length, 4)) if length is not None else "",
        "status": standing(event).value,
        "evidence": placed.evidence.value,
        "order_id": placed.id,
        "note": note,
        "volume_ml": plain(flow.volume_ml) if flow.volume_ml is not None else "",
        "rate_ml_h": plain(flow.rate_ml_h) if flow.rate_ml_h is not None else "",
    }


def _protocol_dose(text: str) -> str:
    """The dose as the protocol file writes it: no thousands comma, and without the words on its division over a day."""
    return text.replace(",", "").split(" in ", 1)[0]


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "id": finding.id,
        "rule": finding.rule,
        "title": finding.title,
        "severity": finding.severity,
        "status": finding.status.value,
        "message": finding.message,
        "dates": [date.fromordinal(day).isoformat() for day in finding.days],
        "orders": list(finding.orders),
        "inputs": dict(finding.inputs),
        "arithmetic": finding.arithmetic,
        "statement": finding.statement,
        "source": finding.source,
        "url": finding.url,
        "evidence": finding.evidence,
        "advice": finding.advice,
        "count": finding.count,
        "fixes": [{"id": fix.id, "title": fix.title} for fix in finding.fixes],
    }
