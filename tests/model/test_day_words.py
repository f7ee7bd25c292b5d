"""Days in words, and doses named by them."""

from planner.model.day_words import dose_words, run_words
from planner.model.plan import BlockStart
from planner.services.evaluation import evaluate
from planner.services.verbs.placing import add_protocol, new_plan
from tests.golden.cases import PATIENTS, START, library


def test_runs_of_days_are_drawn_together() -> None:
    assert run_words([1, 2, 3, 4, 8, 15, 16]) == "1 to 4, 8, 15, 16"
    assert run_words([]) == ""


def test_doses_stand_by_drug_and_cycle_each_day_once() -> None:
    plan = add_protocol(new_plan("p", PATIENTS["adult"]), library().protocols["e1910"], BlockStart(on=START))
    events = evaluate(plan, library()).schedule.events
    some = [event for event in events if event.placed.block.id == "induction-1" and event.dose]
    named = dose_words(one for one in some if one.placed.agent in ("daunorubicin", "dexamethasone"))
    assert named == ("Daunorubicin C1 D1, 8, 15, 22", "Dexamethasone C1 D1 to 7, 15 to 21")
