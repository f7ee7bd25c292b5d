"""How long a drug may go on of which nobody knows when it ends."""

from msgspec.structs import replace

from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.going_on import ends_unsaid, may_go_on
from planner.model.plan import Deferral, Scope
from planner.services.evaluation import evaluate
from tests.exports.papers import SITE, library, shipped


def with_third_course_put_off(scope: Scope) -> EvaluatedPlan:
    plan = shipped("hyper-cvad-dasatinib").plan
    deferral = Deferral("part-a-2", 3, 1, 7, scope, "counts")
    return evaluate(replace(plan, modifications=(deferral,)), library(), SITE)


def days_of_filgrastim(evaluated: EvaluatedPlan) -> set[int]:
    found = may_go_on(evaluated.plan, evaluated.schedule.events)
    return {day for day, events in found.items() if any(one.placed.agent == "filgrastim" for one in events)}


def test_what_waits_for_the_counts_goes_on_while_the_next_course_waits_for_them() -> None:
    """The calendar said "No treatment" on the seven days on which filgrastim was most certainly due."""
    planned, put_off = shipped("hyper-cvad-dasatinib"), with_third_course_put_off(Scope.FOLLOWING)
    (course,) = (one for one in planned.schedule.blocks if one.id == "part-a-2")
    waited = set(range(course.start, course.start + 7))
    assert course.start - 1 in days_of_filgrastim(planned)
    assert course.start not in days_of_filgrastim(planned)
    assert waited <= days_of_filgrastim(put_off)
    assert course.start + 7 not in days_of_filgrastim(put_off), "the course begins"


def test_it_is_asked_about_behind_the_last_course_alone() -> None:
    evaluated = with_third_course_put_off(Scope.FOLLOWING)
    asked = [day for day, event in ends_unsaid(evaluated.plan, evaluated.schedule.events)]
    begins = {cycle.begins for block in evaluated.schedule.blocks for cycle in block.cycles}
    assert asked
    assert all(day in begins or day == evaluated.schedule.blocks[-1].end for day in asked)


def put_off(protocol: str, block: str, cycle: int) -> EvaluatedPlan:
    deferral = Deferral(block, cycle, 1, 7, Scope.FOLLOWING, "counts")
    return evaluate(replace(shipped(protocol).plan, modifications=(deferral,)), library(), SITE)


def going(evaluated: EvaluatedPlan, agent: str) -> list[int]:
    found = may_go_on(evaluated.plan, evaluated.schedule.events)
    return sorted(day for day, events in found.items() if any(one.placed.agent == agent for one in events))


def given(evaluated: EvaluatedPlan, agent: str) -> set[int]:
    return {event.day for event in evaluated.schedule.events if event.placed.agent == agent}


def test_a_kinase_inhibitor_of_so_many_days_may_go_on_to_the_end_of_a_cycle_put_off() -> None:
    """Interphase 1 put off a week: a week without nilotinib that nobody ordered, and not a word of it."""
    assert not set(going(shipped("graaph-2014"), "nilotinib")), "each next cycle takes over at once"
    evaluated = put_off("graaph-2014", "interphase", 1)
    (interphase,) = (one for one in evaluated.schedule.blocks if one.id == "interphase")
    assert going(evaluated, "nilotinib") == list(range(interphase.end - 7, interphase.end))


def test_it_no_longer_may_once_a_later_cycle_gives_it() -> None:
    """Cycle 3 put off keeps its nilotinib on the old days; a second frame "until we tell you to stop" stood beside."""
    evaluated = put_off("graaph-2014", "vincristine-cycle-2", 3)
    assert not set(going(evaluated, "nilotinib")) & given(evaluated, "nilotinib")


def test_imatinib_of_graaph_2005_goes_on_to_the_end_of_a_cycle_put_off() -> None:
    evaluated = put_off("graaph-2005", "cycle-1-a", 1)
    (cycle,) = (one for one in evaluated.schedule.blocks if one.id == "cycle-1-a")
    assert set(range(cycle.end - 28, cycle.end)) <= given(evaluated, "imatinib")
