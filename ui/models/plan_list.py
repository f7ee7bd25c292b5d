"""The saved plans as list rows: two identifiers of the patient in each."""

from collections.abc import Mapping
from typing import Protocol

from planner.model.civil import clinical_date
from planner.model.revision import PlanSummary
from planner.services.store.beside import Beside, person_words
from ui.models.rows_model import Column
from ui.tongue import say

DEMO = "DEMO  "
"""Before the name of an invented patient."""
BESIDE = (
    "This patient has another plan here ({protocols}). Rules, sums and sheets look at one plan at a time: what stands "
    "in the other is in none of them."
)
NUMBER = "The number {number} is also that of {person}: one of them is a slip."
BEHIND = "This plan was changed elsewhere since it was opened here: the store holds a newer state. Open it again."


class Notice(Protocol):
    """Where a sentence is told."""

    def tell(self, words: str) -> None: ...


def tell_plans_beside(notice: Notice, beside: Beside, titles: Mapping[str, str]) -> None:
    """Say which other plans the patient has, and who else has the same number."""
    told = (
        [say(BESIDE, protocols=", ".join(protocol_names(one, titles) for one in beside.plans))] if beside.plans else []
    )
    persons = dict.fromkeys(map(person_words, beside.numbers))
    told += [say(NUMBER, number=beside.numbers[0].patient_id, person=one) for one in persons]
    if told:
        notice.tell(" ".join(told))


def plan_name(summary: PlanSummary) -> str:
    """The patient's name as it stands in every list of plans: the demo is told from real patients before it."""
    if summary.damaged:
        return say("Damaged plan {id}", id=summary.plan_id)
    return (DEMO if summary.demo else "") + ", ".join(
        part for part in (summary.family_name, summary.given_name) if part
    )


def protocol_names(summary: PlanSummary, titles: Mapping[str, str]) -> str:
    """A plan's protocols by their titles, one that the library does not have by its id; empty where it has none."""
    return ", ".join(titles.get(one, one) for one in summary.protocols.split(", "))


def plan_columns(titles: Mapping[str, str]) -> tuple[Column, ...]:
    """How a plan reads."""

    def detail(summary: PlanSummary) -> str:
        return _detail(summary, titles)

    return (
        Column(
            "Plan",
            plan_name,
            tip=lambda summary: f"{plan_name(summary)}\n{detail(summary)}",
            detail=detail,
            mark=lambda summary: "damaged" if summary.damaged else "",
        ),
    )


def _detail(summary: PlanSummary, titles: Mapping[str, str]) -> str:
    if summary.damaged:
        return say("cannot be read; a backup may have it")
    born = say("born {day}", day=clinical_date(summary.birth_date)) if summary.birth_date else ""
    who = " · ".join(part for part in (summary.patient_id, born) if part)
    return f"{who}\n{protocol_names(summary, titles) or say('no protocol yet')}"
