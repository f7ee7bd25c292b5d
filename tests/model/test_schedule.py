"""A schedule that is only kept: its events go, and come again as they were."""

from datetime import date

from msgspec.structs import replace

from planner.assembly.assemble import assemble
from planner.model.evaluated_plan import CheckSummary, EvaluatedPlan
from planner.model.site import Site
from planner.model.timeline import Timeline
from tests.services.courses_at_hand import AGENTS, plan_of, protocols_of


def test_events_that_were_dropped_come_again_as_they_were() -> None:
    plan = plan_of("blinatumomab-mrd")
    schedule = assemble(plan, protocols_of(plan), AGENTS, Site())
    events = schedule.events
    schedule.forget_events(None)
    assert "events" not in vars(schedule)
    assert not any(vars(piece) for piece in schedule.pieces)
    assert schedule.events == events
    assert schedule.count == len(events)


def test_what_is_due_goes_with_the_events_and_comes_again_from_the_new_ones() -> None:
    """An undone state kept them all beside the new ones, and the window held doses of which the plan knew nothing."""
    plan = plan_of("blinatumomab-mrd")
    schedule = assemble(plan, protocols_of(plan), AGENTS, Site())
    evaluated = EvaluatedPlan(plan, schedule, (), lambda *_: Timeline((), 0, 0), CheckSummary(0, 0, ()))
    events = evaluated.due
    assert evaluated.once(len_of_due) == len(events)
    evaluated.forget_events(None)
    assert not vars(evaluated)
    assert not any(vars(piece) for piece in schedule.pieces)
    assert evaluated.due == events
    assert set(map(id, evaluated.due)) == set(map(id, schedule.events))


def len_of_due(evaluated: EvaluatedPlan) -> int:
    return len(evaluated.due)


def test_what_another_schedule_shows_too_is_kept() -> None:
    plan = plan_of("blinatumomab-mrd")
    schedule = assemble(plan, protocols_of(plan), AGENTS, Site())
    assert schedule.events
    schedule.forget_events(replace(schedule, pieces=schedule.pieces[:1]))
    assert [bool(vars(piece)) for piece in schedule.pieces] == [True] + [False] * (len(schedule.pieces) - 1)


def test_a_piece_of_a_plan_is_equal_to_pieces_only() -> None:
    plan = plan_of("blinatumomab-mrd", start=date(2026, 1, 5))
    piece = assemble(plan, protocols_of(plan), AGENTS, Site()).pieces[0]
    assert (piece == "a piece") is False
    assert piece == assemble(plan, protocols_of(plan), AGENTS, Site()).pieces[0]
