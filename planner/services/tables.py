"""Tables of a plan for other programs, in the fixed formats of the contract."""

from planner.exports.table_writer import findings_json, schedule_csv, schedule_json
from planner.model.evaluated_plan import EvaluatedPlan

SCHEDULE_FORMATS = {"csv": schedule_csv, "json": schedule_json}


def schedule_text(evaluated: EvaluatedPlan, form: str) -> str:
    """The schedule, one row an event, as "csv" or "json"."""
    return SCHEDULE_FORMATS[form](evaluated)


def findings_text(evaluated: EvaluatedPlan) -> str:
    """The findings as a JSON list."""
    return findings_json(evaluated)
