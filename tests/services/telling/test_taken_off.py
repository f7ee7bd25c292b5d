"""A block that is taken off is told with its doses and with what moves."""

from planner.services.telling.taken_off import taken_off
from planner.services.verbs import editing
from tests.services.courses_at_hand import plan_of, scheduled


def test_what_is_taken_off_and_what_comes_earlier_for_it_is_told() -> None:
    plan = plan_of("calgb-10403")
    before = scheduled(plan)
    gone = before.block("consolidation")
    after = scheduled(editing.remove_block(plan, "consolidation"))
    first, second = taken_off(before, after)
    doses = sum(one.dose is not None for one in before.events if one.placed.block.id == "consolidation")
    assert first.startswith("Consolidation, ")
    assert first.endswith(f"is taken off with {doses} doses")
    assert "Maintenance" in second
    assert second.endswith(f"moves by {gone.start - gone.end} days")
    assert taken_off(before, before) == ()
