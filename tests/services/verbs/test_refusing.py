"""Every refusal names the rule that stands against an edit, and the nearest that would be taken where there is one."""

import ast
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.errors import Refusal
from planner.model.patient import CoMedication, LabResult
from planner.model.plan import BagPlan, DecisionTaken, Plan
from planner.model.site import Site
from planner.services.evaluation import evaluate
from planner.services.fixing import find_fix, offered_fixes
from planner.services.release import issue, sign
from planner.services.repairing import delay_fix
from planner.services.verbs.editing import decide, plan_bags, replace_patient
from planner.services.verbs.placing import add_phase, add_protocol, start_on
from planner.services.verbs.recording import take_medicine
from planner.services.verbs.refusing import most_like
from planner.services.verbs.reported import forget_result, mark
from tests.architecture.imports import ROOT
from tests.golden.cases import START, library
from tests.services.courses_at_hand import AGENTS, plan_of, protocols_of, scheduled

LATER = date(2030, 1, 1)
SERVICES = [file for file in sorted((ROOT / "planner" / "services").rglob("*.py")) if file.parent.name != "store"]


def nearest(edit: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(Refusal) as caught:
        edit()
    return caught.value.rule, caught.value.nearest


@pytest.mark.parametrize("file", SERVICES, ids=lambda file: file.stem)
def test_every_refusal_of_an_edit_names_its_rule(file) -> None:
    calls = [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)]
    made = [call for call in calls if getattr(call.func, "id", "") in ("Refusal", "NothingToDo")]
    assert [call.lineno for call in made if len(call.args) < 2] == []


def test_the_most_like_name_is_the_only_one_or_one_that_is_like_it() -> None:
    assert most_like("transplnt", ("continue", "transplant")) == "transplant"
    assert most_like("xyz", ("continue", "transplant")) == ""
    assert most_like("xyz", ("continue",)) == "continue"


def test_answers_phases_and_variants_that_a_protocol_does_not_have_name_one_it_has() -> None:
    plan, shelved = plan_of("inotuzumab-rr"), library().protocols["inotuzumab-rr"]

    def answered(decision: str, choice: str) -> Callable[[], Plan]:
        taken = DecisionTaken("inotuzumab-rr", decision, choice, START, "A. P.")
        return lambda: decide(plan, protocols_of(plan), taken)

    assert nearest(answered("respons-1", "cr")) == ("unknown name", "response-1")
    assert nearest(answered("response-1", "nocr")) == ("unknown answer", "no-cr")
    assert nearest(lambda: add_phase(plan, shelved, "cycle-33", start_on(START))) == ("unknown name", "cycle-3")
    wrong = {"busulfan-doses": "daily-by-weight"}
    shelf = library().protocols["hsct-bu-cy"]
    assert nearest(lambda: add_protocol(plan, shelf, start_on(START), wrong)) == ("unknown name", "busulfan-dose")


def test_bags_that_do_not_exist_or_are_too_long_for_a_light_patient_name_the_nearest_that_may_be_hung() -> None:
    plan = plan_of("blinatumomab-mrd")

    def bags(plan: Plan, *hours: int) -> Callable[[], Plan]:
        return lambda: plan_bags(plan, scheduled(plan), AGENTS, BagPlan("induction", hours))

    assert nearest(bags(plan, 90)) == ("unknown bag", "96 h")
    light = replace(plan.patient.measurements[0], weight_kg=Decimal(15))
    light_plan = replace(plan, patient=replace(plan.patient, measurements=(light,)))
    rule, other = nearest(bags(light_plan, 168))
    assert rule == "weight"
    assert nearest(bags(light_plan, 169)) == ("unknown bag", "168 h")
    assert plan_bags(light_plan, scheduled(light_plan), AGENTS, BagPlan("induction", (int(other.split()[0]),)))


def test_what_is_recorded_of_the_patient_names_the_nearest_that_is() -> None:
    plan = plan_of("blinatumomab-mrd")
    assert nearest(lambda: replace_patient(plan, replace(plan.patient, id="x"))) == ("another patient", plan.patient.id)
    taken = take_medicine(plan, CoMedication("posaconazole", date(2026, 1, 5), date(2026, 1, 20)))
    again = CoMedication("posaconazole", date(2026, 1, 10), None)
    assert nearest(lambda: take_medicine(taken, again)) == ("overlap", "2026-01-21")
    labs = tuple(LabResult(date(2026, 1, day), "anc", Decimal(1), "x 10^9/L") for day in (3, 20))
    known = replace(plan, patient=replace(plan.patient, labs=labs))
    assert nearest(lambda: forget_result(known, "anc", date(2026, 1, 17))) == ("unknown result", "2026-01-20")
    assert nearest(lambda: mark(plan, "p", ""))[0] == "unknown marker"


def test_a_delay_that_the_past_cannot_allow_and_a_fix_that_is_not_offered_name_what_can_be_done() -> None:
    plan = plan_of("calgb-10403")
    shown = evaluate(plan, library())
    finding = next(one for one in shown.findings if offered_fixes(shown, one.id, library()))
    offered = offered_fixes(shown, finding.id, library())
    assert nearest(lambda: find_fix(shown, finding.id, f"{offered[0].id}x", library())) == (
        "unknown name",
        offered[0].id,
    )
    assert nearest(lambda: find_fix(shown, f"{finding.id}x", "", library())) == ("unknown name", finding.id)
    assert nearest(lambda: delay_fix(shown, library(), plan.blocks[0].id, 0)) == ("no days", "1")


def test_signing_and_issuing_name_the_nearest_choice() -> None:
    shown = evaluate(plan_of("pomp"), replace(library(), rules=()))
    assert nearest(lambda: sign(shown, "agreed", "A. P.", "2026-01-01T10:00")) == ("unknown name", "prepared")
    at = ("A. P.", "2026-01-01T10:00", Site())
    assert nearest(lambda: issue(shown, "calender", *at)) == ("unknown name", "calendar")
    assert nearest(lambda: issue(shown, "roadmap", *at, copies=500)) == ("copies", "99")
    assert nearest(lambda: issue(shown, "roadmap", *at))[0] == "not verified"
