"""A confirmation does not outlive the dose that somebody looked at."""

from msgspec.structs import replace

from planner.model.plan import Confirmation, DoseChange, Plan, Replacement, Scope
from planner.model.release import open_items
from planner.services.verbs import editing
from planner.services.verbs.redosing import enter_dose, replace_agent
from tests.services.courses_at_hand import AGENTS, events, plan_of, scheduled


def entered(plan: Plan, dose: str, scope: Scope = Scope.FOLLOWING) -> Plan:
    change = DoseChange("induction-1", 1, 1, "vincristine", scope, "other", dose=dose)
    return enter_dose(plan, scheduled(plan), change)


def confirmed(plan: Plan, *orders: str) -> Plan:
    made = tuple(Confirmation(plan.blocks[0].pin, one, "A. Lee", "2026-01-01T09:00:00+00:00") for one in orders)
    return replace(plan, confirmations=made)


def is_open(plan: Plan, order: str = "vincristine") -> bool:
    return order in {one.order for one in open_items(plan, scheduled(plan))}


def test_a_tenfold_dose_is_not_checked_because_the_one_before_was() -> None:
    plan = confirmed(entered(plan_of("e1910"), "1 mg"), "vincristine", "daunorubicin")
    assert not is_open(plan)
    after = entered(plan, "10 mg")
    assert is_open(after)
    assert [one.order for one in after.confirmations] == ["daunorubicin"]
    assert is_open(editing.take_back(plan, 1))


def test_another_drug_and_its_next_dose_have_to_be_looked_at_each() -> None:
    plan = confirmed(plan_of("graaph-2014"), "nilotinib", "nilotinib=dasatinib", "vincristine")
    swap = Replacement(
        "vincristine-cycle", 1, 8, "nilotinib", Scope.ALL, "dasatinib", "other", dose="100 mg", doses_per_day=1
    )
    after = replace_agent(plan, scheduled(plan), AGENTS, swap)
    assert [one.order for one in after.confirmations] == ["vincristine"]
    assert events(after, "vincristine-cycle", "dasatinib")
    again = replace(after, confirmations=plan.confirmations)
    assert [one.order for one in editing.take_back(again, 1).confirmations] == ["vincristine"]
