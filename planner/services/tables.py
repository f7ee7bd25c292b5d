"""Tables, calendars and bundles of a plan for other programs, in the fixed formats of the contract."""

from collections.abc import Callable
from datetime import datetime

from planner.exports.files.table_writer import findings_json, schedule_csv, schedule_json
from planner.model.evaluated_plan import EvaluatedPlan
from planner.services.release import version_code

SCHEDULE_FORMATS = {"csv": schedule_csv, "json": schedule_json}


def schedule_text(evaluated: EvaluatedPlan, form: str) -> str:
    """The schedule, one row an event, as "csv" or "json"."""
    return SCHEDULE_FORMATS[form](evaluated)


def findings_text(evaluated: EvaluatedPlan) -> str:
    """The findings as a JSON list."""
    return findings_json(evaluated)


def exported(evaluated: EvaluatedPlan, form: str, stamp: datetime) -> bytes:
    """The plan as "csv", "xlsx", "ics" or "fhir", as the bytes of a file; `stamp` is the moment in UTC."""
    return EXPORTS[form](evaluated, stamp)


def _csv(evaluated: EvaluatedPlan, _stamp: datetime) -> bytes:
    return schedule_csv(evaluated).encode()


def _xlsx(evaluated: EvaluatedPlan, _stamp: datetime) -> bytes:
    from planner.exports.files.xlsx_writer import schedule_xlsx

    return schedule_xlsx(evaluated, version_code(evaluated.plan, evaluated.dosed_as))


def _ics(evaluated: EvaluatedPlan, stamp: datetime) -> bytes:
    from planner.exports.files.calendar_file import schedule_ics

    return schedule_ics(evaluated, version_code(evaluated.plan, evaluated.dosed_as), stamp).encode()


def _fhir(evaluated: EvaluatedPlan, _stamp: datetime) -> bytes:
    from planner.exports.files.fhir_writer import schedule_fhir

    return schedule_fhir(evaluated, version_code(evaluated.plan, evaluated.dosed_as)).encode()


EXPORTS: dict[str, Callable[[EvaluatedPlan, datetime], bytes]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "ics": _ics,
    "fhir": _fhir,
}
"""What a plan can be exported to."""
