"""What has to be confirmed says so until somebody has confirmed it by name."""

from msgspec.structs import replace

from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import Confirmation, Replacement, Scope
from planner.model.release import open_items
from planner.services.evaluation import evaluate
from tests.exports.papers import library, lines_of, make, shipped


def texts(evaluated: EvaluatedPlan, kind: str) -> list[str]:
    return [line.text.replace("\u00a0", " ") for line in lines_of(make(evaluated, kind))]


def confirmed(*orders: str, changes: tuple[Replacement, ...] = (), of: str = "obe-cel") -> EvaluatedPlan:
    plan = shipped(of).plan
    made = tuple(Confirmation(plan.blocks[0].pin, one, "Pat Miller", "2026-02-20T09:00:00Z") for one in orders)
    return evaluate(replace(plan, confirmations=made, modifications=changes), library())


def orders_to_check(evaluated: EvaluatedPlan) -> set[str]:
    return {one.placed.order.id for one in evaluated.schedule.events if one.placed.evidence.needs_confirmation}


def test_what_was_confirmed_by_name_is_not_to_be_checked_any_more() -> None:
    """ "local: CHECK" stood on the sheets of a verified plan; a nurse could not tell what was still to be checked."""
    orders = orders_to_check(confirmed())
    assert orders
    for kind in ("daysheet", "roadmap"):
        assert any("CHECK" in text for text in texts(confirmed(), kind))
        assert not any(text.endswith(": CHECK") for text in texts(confirmed(*orders), kind))
    assert "local, checked by Pat Miller 20-Feb-2026" in texts(confirmed(*orders), "roadmap")
    some = texts(confirmed(*sorted(orders)[1:]), "roadmap")
    assert any(text.endswith(": CHECK") for text in some)


def test_a_drug_put_in_the_place_of_a_confirmed_one_is_still_to_be_checked() -> None:
    evaluated = confirmed(of="flag-ida")
    where = evaluated.plan.blocks[0].id, 1, 6
    change = Replacement(*where, "filgrastim", Scope.CYCLE, "pegfilgrastim", "capacity", dose="6 mg")
    replaced = confirmed("filgrastim", changes=(change,), of="flag-ida")
    assert "local: CHECK" in texts(replaced, "daysheet")
    assert "local: CHECK" in texts(replaced, "roadmap")
    key = "filgrastim=pegfilgrastim"
    next_one = "to-enter"
    assert [one.order for one in open_items(replaced.plan, replaced.schedule) if one.order] == [key, next_one]
    both = confirmed("filgrastim", key, next_one, changes=(change,), of="flag-ida")
    assert "local: CHECK" not in texts(both, "daysheet")
    assert [one.order for one in open_items(both.plan, both.schedule) if one.order] == []
