"""A number that was recorded stands on the sheets of whoever treats the patient, also where no rule speaks of it."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.exports.sheets.sheet import Facts
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.patient import LabResult
from planner.model.wish import Wish
from planner.services.evaluation import evaluate
from planner.services.printing import BUILDERS
from tests.exports.papers import job, library, shipped

DAY = date(2026, 3, 4)
LABS = (
    LabResult(date(2026, 2, 3), "anc", Decimal(3), "10^9/L"),  # older than a cycle
    LabResult(date(2026, 3, 2), "creatinine", Decimal("0.9"), "mg/dL"),
    LabResult(date(2026, 3, 3), "creatinine", Decimal("1.5"), "mg/dL"),
    LabResult(date(2026, 3, 3), "methotrexate-level", Decimal("0.3"), "umol/L"),
    LabResult(date(2026, 3, 2), "potassium", Decimal("3.1"), "mmol/L"),  # no rule asks for it
    LabResult(date(2026, 3, 4), "crs", Decimal(2), "grade"),
    LabResult(date(2026, 3, 6), "platelets", Decimal(20), "10^9/L"),  # behind the day
)
NEWEST = "03-Mar-2026: creatinine 1.5 mg/dL, methotrexate level 0.3 micromol/L; 02-Mar-2026: potassium 3.1 mmol/L"


def with_labs(*labs: LabResult) -> EvaluatedPlan:
    made = shipped("hyper-cvad").plan
    return evaluate(replace(made, patient=replace(made.patient, labs=labs)), library())


def told(kind: str, evaluated: EvaluatedPlan) -> list[str]:
    sheet = BUILDERS[kind](evaluated, job(wish=Wish(DAY, DAY)))
    facts = [part for one in sheet.sections for part in one.parts if isinstance(part, Facts)]
    pairs = [pair for part in facts for pair in part.pairs]
    return [value.replace("\u00a0", " ") for label, value in pairs if label == "Latest results"]


def test_the_newest_result_of_each_kind_stands_in_the_head_with_its_day() -> None:
    evaluated = with_labs(*LABS)
    assert told("daysheet", evaluated) == [f"04-Mar-2026: cytokine release syndrome grade 2; {NEWEST}"]
    assert told("handover", evaluated) == [NEWEST], "it has a line of its own for events"


@pytest.mark.parametrize("kind", ["daysheet", "handover"])
def test_without_a_recent_result_there_is_no_line(kind: str) -> None:
    assert told(kind, with_labs(LABS[0])) == []


def test_a_head_names_so_many_results_and_says_of_how_many_more() -> None:
    days = (date(2026, 3, 1), date(2026, 3, 2))
    labs = [LabResult(days[number > 1], f"thing-{number}", Decimal(1), "mg/dL") for number in range(14)]
    (line,) = told("daysheet", with_labs(*labs))
    assert line.startswith("02-Mar-2026: thing 2 1 mg/dL")
    assert line.endswith("; 2 older")
