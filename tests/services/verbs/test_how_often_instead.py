"""Another drug in place of one, given as often a day as somebody says."""

import pytest
from msgspec.structs import replace

from planner.errors import Refusal
from planner.model.plan import Replacement, Scope
from planner.services.verbs.redosing import replace_agent
from tests.services.courses_at_hand import AGENTS, doses, events, plan_of, scheduled


def test_another_drug_is_given_as_often_as_somebody_says() -> None:
    """Nilotinib 400 mg every 12 h; dasatinib is taken once a day (facts-ph-positive, section A)."""
    plan = plan_of("graaph-2014")
    swap = Replacement(
        "vincristine-cycle", 1, 10, "nilotinib", Scope.ALL, "dasatinib", "other", dose="100 mg", doses_per_day=1
    )
    before = events(plan, "vincristine-cycle", "nilotinib")
    after = replace_agent(plan, scheduled(plan), AGENTS, swap)
    kept, new = events(after, "vincristine-cycle", "nilotinib"), events(after, "vincristine-cycle", "dasatinib")
    assert [one.day for one in kept] == [one.day for one in before if one.cycle_day < 10]
    assert [one.day for one in new] == sorted({one.day for one in before if one.cycle_day >= 10})
    later = events(after, "interphase", "dasatinib")
    assert len(later) == len({one.day for one in later}) == 14
    thrice = replace(swap, block="interphase", day=1, agent="imatinib", dose="600 mg/day", doses_per_day=3)
    third = replace_agent(after, scheduled(after), AGENTS, thrice)
    assert doses(third, "interphase", "imatinib") == ["200"] * 42


def test_a_third_drug_is_given_as_often_as_the_second_unless_somebody_says() -> None:
    plan = plan_of("graaph-2014")
    swap = Replacement("vincristine-cycle", 1, 10, "nilotinib", Scope.FOLLOWING, "dasatinib", "other", doses_per_day=1)
    second = replace_agent(plan, scheduled(plan), AGENTS, swap)
    third = replace_agent(second, scheduled(second), AGENTS, replace(swap, day=20, agent="imatinib", doses_per_day=0))
    found = events(third, "vincristine-cycle", "imatinib")
    assert len(found) == len({one.day for one in found}) == 9


def test_several_doses_a_day_in_place_of_one_have_no_hour_and_move_with_their_day() -> None:
    plan = plan_of("hyper-cvad")
    timed = next(one for one in events(plan, "part-a") if one.minute >= 0 and one.placed.order.doses_per_day == 1)
    order, agent = timed.placed.order.id, timed.placed.agent
    for times, minutes in ((1, {one.minute for one in events(plan, "part-a", agent, 1)}), (3, {-1})):
        swap = Replacement(
            "part-a", 1, timed.cycle_day, order, Scope.DAY, "vinblastine", "other", dose="1 mg", doses_per_day=times
        )
        after = replace(plan, modifications=(swap,))
        found = events(after, "part-a", "vinblastine")
        assert (len(found), {one.minute for one in found} <= minutes) == (times, True)


@pytest.mark.parametrize(
    ("protocol", "block", "day", "order", "times", "rule", "nearest"),
    [
        ("hyper-cvad", "part-a", 1, "cyclophosphamide", 1, "hours of its own", "2"),
        ("blinatumomab-mrd", "", 1, "blinatumomab", 2, "hours of its own", "1"),
        ("calgb-10403", "induction", 1, "prednisone", 13, "doses a day", "12"),
    ],
)
def test_other_doses_a_day_that_cannot_be_are_refused(
    protocol: str, block: str, day: int, order: str, times: int, rule: str, nearest: str
) -> None:
    plan = plan_of(protocol)
    block = block or plan.blocks[0].id
    swap = Replacement(block, 1, day, order, Scope.FOLLOWING, "etoposide", "other", dose="1 mg", doses_per_day=times)
    with pytest.raises(Refusal) as caught:
        replace_agent(plan, scheduled(plan), AGENTS, swap)
    assert (caught.value.rule, caught.value.nearest) == (rule, nearest)
