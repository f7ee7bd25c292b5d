"""The saved plans as list rows: two identifiers of the patient in each."""

from collections.abc import Mapping

from planner.model.civil import clinical_date
from planner.model.revision import PlanSummary
from ui.models.rows_model import Column
from ui.tongue import say


def _name(summary: PlanSummary) -> str:
    if summary.damaged:
        return say("Damaged plan {id}", id=summary.plan_id)
    demo = "DEMO  " if summary.demo else ""
    return demo + ", ".join(part for part in (summary.family_name, summary.given_name) if part)


def plan_columns(titles: Mapping[str, str]) -> tuple[Column, ...]:
    """How a plan reads; its protocols by their titles, one that the library does not have by its id."""

    def detail(summary: PlanSummary) -> str:
        return _detail(summary, titles)

    return (
        Column(
            "Plan",
            _name,
            tip=lambda summary: f"{_name(summary)}\n{detail(summary)}",
            detail=detail,
            mark=lambda summary: "damaged" if summary.damaged else "",
        ),
    )


def _detail(summary: PlanSummary, titles: Mapping[str, str]) -> str:
    if summary.damaged:
        return say("cannot be read; a backup may have it")
    born = say("born {day}", day=clinical_date(summary.birth_date)) if summary.birth_date else ""
    who = " · ".join(part for part in (summary.patient_id, born) if part)
    named = ", ".join(titles.get(one, one) for one in summary.protocols.split(", "))
    return f"{who}\n{named or say('no protocol yet')}"
