"""A drug without an end beside a course that goes on: it is told of, and drawn on as far as the plan goes."""

from datetime import date
from functools import cache

import pytest
from msgspec.structs import replace

from planner.errors import Refusal
from planner.model.civil import clinical_date
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.patient import CoMedication
from planner.model.plan import BlockStart, DecisionTaken, Scope, Stop
from planner.services import fixing
from planner.services.evaluation import evaluate
from planner.services.verbs import pausing, recording
from planner.services.verbs.drawing_on import draw_on
from planner.services.verbs.placing import add_protocol
from tests.golden.cases import library
from tests.services.courses_at_hand import plan_of

RULE = "ST-20"


@cache
def course(further: bool = True) -> EvaluatedPlan:
    """TKI maintenance after two cycles of blinatumomab, and POMP beside it for two years."""
    plan = plan_of("d-alba")
    group = plan.blocks[0].group
    answers = (("response", "chr"), ("after-cycle-2", "tki"))
    taken = tuple(DecisionTaken(group, name, choice, date(2026, 1, 1), "A. P.") for name, choice in answers)
    plan = replace(plan, decisions=taken)
    shown = evaluate(plan, library())
    start = date.fromordinal(shown.schedule.block("tki-maintenance").start)
    if further:
        plan = add_protocol(plan, library().protocols["pomp"], BlockStart(on=start))
    return evaluate(plan, library())


def told(shown: EvaluatedPlan) -> list[str]:
    return [one.message for one in shown.findings if one.rule == RULE]


def last_dose(shown: EvaluatedPlan, block: str) -> int:
    return max(one.day for one in shown.schedule.events if one.placed.block.id == block and one.placed.agent)


def test_a_drug_without_an_end_is_told_of_where_the_plan_goes_on_behind_it() -> None:
    (message,) = told(course())
    assert message.startswith("Dasatinib of Kinase inhibitor goes on until somebody says when it ends, but is drawn")
    assert told(course(further=False)) == []


def test_the_fix_draws_it_on_in_whole_cycles_to_the_end_of_the_plan() -> None:
    shown = course()
    finding = next(one for one in shown.findings if one.rule == RULE)
    (fix,) = fixing.offered_fixes(shown, finding.id, library())
    assert fix.id == "draw-on:tki-maintenance"
    assert fix.title.startswith("Draw Kinase inhibitor on to ")
    longer = evaluate(fixing.apply(shown.plan, shown.schedule, fix, library().agents), library())
    assert told(longer) == []
    end = max(last_dose(shown, block) for block in ("first-year", "later"))
    assert 0 <= last_dose(longer, "tki-maintenance") - end < 28
    assert last_dose(longer, "later") == last_dose(shown, "later")
    assert "ST-08" not in {one.rule for one in longer.findings}


def test_a_stop_on_its_last_day_says_when_it_ends() -> None:
    shown = course()
    stop = Stop("tki-maintenance", 1, 28, Scope.FOLLOWING, "other", order="dasatinib")
    assert told(evaluate(pausing.stop(shown.plan, shown.schedule, stop), library())) == []


def beside(protocol: str, weeks: int, shown: EvaluatedPlan | None = None) -> EvaluatedPlan:
    """The same course with a protocol placed so many weeks behind the last drawn day of the TKI, if any."""
    shown = shown or course(further=False)
    start = date.fromordinal(shown.schedule.block("tki-maintenance").end + 7 * weeks)
    return evaluate(add_protocol(shown.plan, library().protocols[protocol], BlockStart(on=start)), library())


def medicated(shown: EvaluatedPlan, weeks: int) -> EvaluatedPlan:
    start = date.fromordinal(shown.schedule.block("tki-maintenance").end + 7 * weeks)
    return evaluate(recording.take_medicine(shown.plan, CoMedication("voriconazole", start)), library())


def after_fix(shown: EvaluatedPlan, rule: str = RULE) -> EvaluatedPlan | None:
    """The plan with the offered fix of a rule done; None where none is offered."""
    (finding,) = [one for one in shown.findings if one.rule == rule]
    offered = fixing.offered_fixes(shown, finding.id, library())
    if not offered:
        return None
    (fix,) = offered
    return evaluate(fixing.apply(shown.plan, shown.schedule, fix, library().agents), library())


def test_cells_collected_behind_the_drawn_days_count_as_the_plan_going_on() -> None:
    shown = beside("leukapheresis", 6)
    (message,) = told(shown)
    day = max(one.date for one in shown.schedule.events if one.placed.block.protocol_id == "leukapheresis")
    assert f"The plan goes on to {clinical_date(day.toordinal())}: " in message
    assert "CT-15" not in {one.rule for one in shown.findings}
    longer = after_fix(shown)
    assert longer is not None
    assert "CT-15" in {one.rule for one in longer.findings}


def test_no_fix_moves_anything_behind_the_last_drawn_day_of_a_drug_without_an_end() -> None:
    """18 days later the cells would be collected behind the last tablet drawn, and the patient would take it on."""
    longer = after_fix(beside("leukapheresis", 6))
    assert longer is not None
    assert after_fix(longer, "CT-15") is None


def test_another_medicine_that_begins_behind_the_drawn_days_is_told_with_its_day() -> None:
    shown = medicated(course(further=False), 6)
    (message,) = told(shown)
    assert "voriconazole (from " in message
    assert "begins behind that: from " in message
    assert "The plan goes on" not in message
    longer = after_fix(shown)
    assert longer is not None
    assert "TK-07" in {one.rule for one in longer.findings}
    assert told(longer) == []


def test_in_the_gap_before_the_drug_is_given_again_only_other_medicines_are_told_and_nothing_is_drawn_on() -> None:
    """Whole cycles more would reach into the course that gives it."""
    shown = beside("hyper-cvad-dasatinib", 6)
    assert told(shown) == []
    with_azole = medicated(shown, 2)
    (message,) = told(with_azole)
    again = clinical_date(shown.schedule.block("tki-maintenance").end + 41)
    assert message.endswith(f" to {again} no rule sees it.")
    assert "The plan goes on" not in message
    assert after_fix(with_azole) is None
    assert told(medicated(shown, 6)) == []


@pytest.mark.parametrize(
    ("block", "more", "words"),
    [
        ("induction", 28, "has an end of its own"),
        ("tki-maintenance", -1, "is drawn to .* already"),
        ("tki-maintenance", 28 * 130, "more than 130 cycles"),
    ],
)
def test_what_cannot_be_drawn_on_is_refused(block: str, more: int, words: str) -> None:
    shown = course()
    with pytest.raises(Refusal, match=words):
        draw_on(shown.plan, shown.schedule, block, shown.schedule.block(block).end + more)


def test_as_many_cycles_as_reach_the_day_and_no_more() -> None:
    shown = course()
    end = shown.schedule.block("tki-maintenance").end
    counts = [len(draw_on(shown.plan, shown.schedule, "tki-maintenance", end + days).block("tki-maintenance").cycles)
              for days in (0, 27, 28, 28 * 128 + 27)]  # fmt: skip
    assert counts == [2, 2, 3, 130]
