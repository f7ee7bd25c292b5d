"""The saved plans as list rows: two identifiers of the patient in each."""

from planner.model.civil import clinical_date
from planner.model.revision import PlanSummary
from ui.models.rows_model import Column
from ui.tongue import say


def _name(summary: PlanSummary) -> str:
    if summary.damaged:
        return say("Damaged plan {id}", id=summary.plan_id)
    demo = "DEMO  " if summary.demo else ""
    return demo + ", ".join(part for part in (summary.family_name, summary.given_name) if part)


def _detail(summary: PlanSummary) -> str:
    if summary.damaged:
        return say("cannot be read; a backup may have it")
    born = say("born {day}", day=clinical_date(summary.birth_date)) if summary.birth_date else ""
    who = " · ".join(part for part in (summary.patient_id, born) if part)
    return f"{who}\n{summary.protocols or say('no protocol yet')}"


PLAN_COLUMNS = (
    Column(
        "Plan",
        _name,
        tip=lambda summary: f"{_name(summary)}\n{_detail(summary)}",
        detail=_detail,
        mark=lambda summary: "damaged" if summary.damaged else "",
    ),
)
