"""Printing as a service: whole files or none, versions without names, refusals in words."""

import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from planner.errors import EnvironmentProblem, InputProblem
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.site import Site
from planner.services.printing import SHEETS, make_sheet, print_sheet, sheet_pdf, version_code
from tests.exports.papers import shipped

PRINTED_AT = datetime(2026, 11, 22, 14, 5)


@pytest.fixture(scope="module")
def evaluated() -> EvaluatedPlan:
    return shipped("blinatumomab-mrd")


@pytest.mark.parametrize("kind", SHEETS)
def test_a_sheet_becomes_a_private_file(evaluated: EvaluatedPlan, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "sheet.pdf"
    print_sheet(evaluated, kind, path, "A4", Site(), PRINTED_AT)
    assert path.read_bytes() == sheet_pdf(evaluated, kind, "A4", Site(), PRINTED_AT)
    assert path.read_bytes().startswith(b"%PDF")
    assert [one.name for one in tmp_path.iterdir()] == ["sheet.pdf"]
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0


def test_a_text_that_cannot_be_printed_leaves_the_old_file(evaluated: EvaluatedPlan, tmp_path: Path) -> None:
    path = tmp_path / "sheet.pdf"
    path.write_bytes(b"old")
    patient = replace(evaluated.plan.patient, family_name="王")
    with pytest.raises(InputProblem):
        print_sheet(
            replace(evaluated, plan=replace(evaluated.plan, patient=patient)), "roadmap", path, "A4", Site(), PRINTED_AT
        )
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["sheet.pdf"]


def test_a_missing_folder_is_a_problem_of_the_machine(evaluated: EvaluatedPlan, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem):
        print_sheet(evaluated, "roadmap", tmp_path / "none" / "sheet.pdf", "A4", Site(), PRINTED_AT)


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
