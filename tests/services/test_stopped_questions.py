"""Questions of a course that was stopped for good are asked no longer, on no sheet and by no rule."""

import pytest

from planner.model.asked import settled, still_asked
from planner.model.plan import BlockStart, Scope, Stop
from planner.services.evaluation import evaluate
from planner.services.printing import words_of
from planner.services.verbs.pausing import stop
from planner.services.verbs.placing import add_phase, new_plan
from tests.exports.papers import lines_of, make
from tests.exports.sheets.calendars import said_on
from tests.golden.cases import PATIENTS, START, library
from tests.services.courses_at_hand import plan_of, scheduled

BOTH = ["response", "continued"]


@pytest.mark.parametrize(("scope", "asked"), [(Scope.ALL, []), (Scope.FOLLOWING, BOTH), (None, BOTH)])
def test_a_stop_of_everything_settles_what_comes_behind_it(scope: Scope | None, asked: list[str]) -> None:
    """ST-02 wanted a marrow before "Remission after two cycles?" of a course that had ended with another treatment."""
    plan = plan_of("blinatumomab-rr")
    if scope:
        plan = stop(plan, scheduled(plan), Stop("induction", 2, 1, scope, "other"))
    found = evaluate(plan, library())
    schedule = found.schedule
    assert [one.decision.id for one in schedule.decisions if still_asked(one, schedule, plan)] == asked
    assert len(settled(schedule, plan)) == 2 - len(asked)
    assert any(one.rule == "ST-02" for one in found.findings) is (scope is Scope.FOLLOWING)
    talk = words_of("en").say("decision")
    assert any(talk in texts for texts in said_on(make(found, "calendar")).values()) is bool(asked)
    told = [line.text for line in lines_of(make(found, "roadmap"))]
    assert told.count("No longer asked: what it decides was stopped.") == 2 - len(asked)


@pytest.mark.parametrize(("order", "asked"), [("dasatinib-by-age", True), ("", False)])
def test_a_stop_of_one_drug_ends_no_course(order: str, asked: bool) -> None:
    """Of an induction alone dasatinib is all that is drawn on its last day; remission is asked without it too."""
    shelved = library().protocols["ewall-ph-01"]
    plan = add_phase(new_plan("p", PATIENTS["older"]), shelved, "induction", BlockStart(on=START))
    plan = stop(plan, scheduled(plan), Stop("induction", 1, 10, Scope.FOLLOWING, "toxicity", order=order))
    schedule = scheduled(plan)
    (due,) = schedule.decisions
    assert still_asked(due, schedule, plan) is asked
