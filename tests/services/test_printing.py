"""Printing as a service: the same bytes again, versions without names, refusals in words."""

from datetime import datetime

import pytest
from msgspec.structs import replace

from planner.errors import InputProblem
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.site import Site
from planner.services.printing import make_sheet, sheet_pdf
from planner.services.release import version_code
from planner.services.sheet_titles import SHEET_TITLES
from tests.exports.papers import shipped

PRINTED_AT = datetime(2026, 11, 22, 14, 5)


@pytest.fixture(scope="module")
def evaluated() -> EvaluatedPlan:
    return shipped("blinatumomab-mrd")


@pytest.mark.parametrize("kind", SHEET_TITLES)
def test_a_sheet_is_a_pdf_and_the_same_bytes_again(evaluated: EvaluatedPlan, kind: str) -> None:
    pdf = sheet_pdf(evaluated, kind, "A4", Site(), PRINTED_AT)
    assert pdf.startswith(b"%PDF")
    assert sheet_pdf(evaluated, kind, "A4", Site(), PRINTED_AT) == pdf


def test_a_text_that_cannot_be_printed_is_refused_by_name(evaluated: EvaluatedPlan) -> None:
    patient = replace(evaluated.plan.patient, family_name="王")
    with pytest.raises(InputProblem):
        sheet_pdf(
            replace(evaluated, plan=replace(evaluated.plan, patient=patient)), "roadmap", "A4", Site(), PRINTED_AT
        )


def test_an_unknown_sheet_is_refused(evaluated: EvaluatedPlan) -> None:
    with pytest.raises(InputProblem, match="sheet: poster is not known; choose roadmap or calendar"):
        make_sheet(evaluated, "poster", Site(), PRINTED_AT)


def test_the_version_changes_with_the_plan_and_only_with_it(evaluated: EvaluatedPlan) -> None:
    plan = evaluated.plan
    assert version_code(plan) == version_code(replace(plan))
    assert len(version_code(plan)) == 8
    assert version_code(plan) != version_code(replace(plan, demo=not plan.demo))
    assert version_code(plan) in make_sheet(evaluated, "roadmap", Site(), PRINTED_AT).frame.footer[1][0].text


def test_only_the_print_time_differs_between_two_prints(evaluated: EvaluatedPlan) -> None:
    later = replace(make_sheet(evaluated, "roadmap", Site(), PRINTED_AT.replace(hour=15)), title="x")
    sooner = replace(make_sheet(evaluated, "roadmap", Site(), PRINTED_AT), title="x")
    assert later.sections == sooner.sections
    assert later.frame != sooner.frame
