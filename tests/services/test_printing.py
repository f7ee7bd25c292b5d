"""Printing as a service: the same bytes again, versions without names, refusals in words."""

from datetime import date, datetime

import pytest
from msgspec.structs import replace

from planner.errors import InputProblem
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.site import Site
from planner.model.wish import Wish
from planner.services import printing
from planner.services.printing import left_in_english, make_sheet, pdf_of, words_of
from planner.services.release import version_code
from planner.services.sheet_titles import SHEET_TITLES
from tests.exports.papers import shipped

PRINTED_AT = datetime(2026, 11, 22, 14, 5)


@pytest.fixture(scope="module")
def evaluated() -> EvaluatedPlan:
    return shipped("blinatumomab-mrd")


@pytest.mark.parametrize("kind", SHEET_TITLES)
def test_a_sheet_is_a_pdf_and_the_same_bytes_again(evaluated: EvaluatedPlan, kind: str) -> None:
    pdf = pdf_of(make_sheet(evaluated, kind, Site(), PRINTED_AT), "A4")
    assert pdf.startswith(b"%PDF")
    assert pdf_of(make_sheet(evaluated, kind, Site(), PRINTED_AT), "A4") == pdf


def test_a_text_that_cannot_be_printed_is_refused_by_name(evaluated: EvaluatedPlan) -> None:
    patient = replace(evaluated.plan.patient, family_name="王")
    with pytest.raises(InputProblem):
        pdf_of(
            make_sheet(
                replace(evaluated, plan=replace(evaluated.plan, patient=patient)), "roadmap", Site(), PRINTED_AT
            ),
            "A4",
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


def test_notes_for_patients_without_words_in_the_language_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    evaluated, note = shipped("d-alba"), "Take every day."
    lacking = {note, "Take every day. Do not stop on your own."}
    assert left_in_english(evaluated, Wish(language="es", alongside="de")) == ()
    spanish = words_of("es")
    fewer = replace(spanish, terms={term: words for term, words in spanish.terms.items() if term != note})
    monkeypatch.setattr(printing, "words_of", lambda language: fewer if language == "es" else words_of(language))
    assert set(left_in_english(evaluated, Wish(language="es"))) == lacking
    assert set(left_in_english(evaluated, Wish(language="de", alongside="es"))) == lacking
    assert left_in_english(evaluated, Wish(language="en")) == ()
    assert left_in_english(evaluated, Wish(last=date(2000, 1, 1), language="es")) == ()
