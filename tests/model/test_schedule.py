"""A schedule that is only kept: its events go, and come again as they were."""

from datetime import date

from planner.assembly.assemble import assemble
from planner.model.site import Site
from planner.services.verbs.editing import move_block
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


def test_what_the_next_schedule_shows_too_is_kept() -> None:
    plan = plan_of("blinatumomab-mrd")
    first = assemble(plan, protocols_of(plan), AGENTS, Site())
    later = assemble(move_block(plan, plan.blocks[-1].id, 7), protocols_of(plan), AGENTS, Site())
    shared = {id(piece) for piece in first.pieces} & {id(piece) for piece in later.pieces}
    assert first.events
    first.forget_events(later)
    assert {id(piece) for piece in first.pieces if vars(piece)} == shared


def test_a_piece_of_a_plan_is_equal_to_pieces_only() -> None:
    plan = plan_of("blinatumomab-mrd", start=date(2026, 1, 5))
    piece = assemble(plan, protocols_of(plan), AGENTS, Site()).pieces[0]
    assert piece != "a piece"
    assert piece == assemble(plan, protocols_of(plan), AGENTS, Site()).pieces[0]
