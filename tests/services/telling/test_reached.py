"""Which other orders of its drug a change of one order reaches, and one that is of the one order alone."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.errors import Refusal
from planner.model.plan import DoseChange, Hold, Plan, Replacement, Scope, Stop
from planner.services.telling.change_words import change_words
from planner.services.telling.drugs_given import changes_as_given
from planner.services.telling.elsewhere import stays_elsewhere
from planner.services.telling.reached import (
    also_reached,
    given_daily,
    goes_on_otherwise,
    other_doses,
    out_of_range,
    raised,
)
from planner.services.verbs.redosing import enter_dose, full_dose, reduce, replace_agent
from tests.services.courses_at_hand import AGENTS, events, plan_of, scheduled

FIRST, NEXT = ("part-b", 2, 2, "leucovorin-first"), ("part-b", 2, 3, "leucovorin-next")
OTHER = Replacement(*FIRST, Scope.CYCLE, "levoleucovorin", "other", dose="25 mg")
LONG, SHORT = ("part-b", 2, 1, "methotrexate-22-h"), ("part-b", 2, 1, "methotrexate-2-h")
LESS = DoseChange(*LONG, Scope.FOLLOWING, "toxicity", percent=75)


def given_of(plan: Plan, order: str, block: str = "part-b") -> set[tuple[str, Decimal | None]]:
    here = [one for one in events(plan, block) if one.placed.order.id == order and one.dose]
    return {(one.placed.agent, one.dose.value) for one in here if one.dose}


def test_a_drug_in_place_of_one_order_alone_leaves_its_other_orders_to_a_dose_of_their_own() -> None:
    plan = plan_of("hyper-cvad")
    alone = replace(OTHER, alone=True)
    after = replace_agent(plan, scheduled(plan), AGENTS, alone)
    assert given_of(after, FIRST[3]) == {("levoleucovorin", Decimal(25))}
    assert given_of(after, NEXT[3]) == {("leucovorin", Decimal(15))}
    half = replace(alone, day=3, order=NEXT[3], dose="7.5 mg")
    both = replace_agent(after, scheduled(after), AGENTS, half)
    assert given_of(both, FIRST[3]) == {("levoleucovorin", Decimal(25))}
    assert given_of(both, NEXT[3]) == {("levoleucovorin", Decimal("7.5"))}
    named = changes_as_given(both, scheduled(both))
    assert [change_words(one).split(" by ")[0] for one in named] == [
        "Replaced leucovorin (leucovorin-first), this order alone,",
        "Replaced leucovorin (leucovorin-next), this order alone,",
    ]


def test_without_it_all_orders_of_the_drug_are_reached_as_before_and_named() -> None:
    plan = plan_of("hyper-cvad")
    schedule = scheduled(plan)
    assert also_reached(schedule, OTHER) == ("Reaches this drug's other orders too: Leucovorin 15 mg (leucovorin-next)")
    assert other_doses(schedule, OTHER) == "25 mg would stand in place of Leucovorin 15 mg (leucovorin-next) too"
    after = replace_agent(plan, schedule, AGENTS, OTHER)
    assert given_of(after, NEXT[3]) == {("levoleucovorin", Decimal(25))}
    with pytest.raises(Refusal, match="leucovorin-next is Levoleucovorin already; reduce it to give less"):
        replace_agent(after, scheduled(after), AGENTS, replace(OTHER, day=3, order=NEXT[3]))
    own = DoseChange(*NEXT, Scope.CYCLE, "other", dose="7.5 mg", alone=True)
    entered = enter_dose(after, scheduled(after), own)
    assert given_of(entered, FIRST[3]) == {("levoleucovorin", Decimal(25))}
    assert given_of(entered, NEXT[3]) == {("levoleucovorin", Decimal("7.5"))}


def test_a_reduction_of_one_order_alone_and_its_full_dose_again() -> None:
    plan = plan_of("hyper-cvad")
    (short,), (long,) = given_of(plan, SHORT[3]), given_of(plan, LONG[3])
    assert all((short[1], long[1]))
    both = reduce(plan, scheduled(plan), LESS)
    assert given_of(both, SHORT[3]) != {short}
    alone = reduce(plan, scheduled(plan), replace(LESS, alone=True))
    assert given_of(alone, SHORT[3]) == {short}
    assert given_of(alone, LONG[3]) != {long}
    again = full_dose(both, scheduled(both), DoseChange(*SHORT, Scope.CYCLE, "other", alone=True))
    assert given_of(again, SHORT[3]) == {short}
    assert given_of(again, LONG[3]) == given_of(both, LONG[3])


def test_in_the_whole_plan_it_is_the_order_of_that_name_in_later_blocks_too() -> None:
    plan = plan_of("hyper-cvad")
    after = replace_agent(plan, scheduled(plan), AGENTS, replace(OTHER, alone=True, scope=Scope.ALL))
    assert given_of(after, FIRST[3], "part-b-2") == {("levoleucovorin", Decimal(25))}
    assert given_of(after, NEXT[3], "part-b-2") == {("leucovorin", Decimal(15))}


def test_only_a_typed_dose_is_asked_about_and_only_beside_another_dose() -> None:
    schedule = scheduled(plan_of("hyper-cvad"))
    assert also_reached(schedule, LESS).endswith("Methotrexate 200 mg/m2 (methotrexate-2-h)")
    for change in (LESS, replace(OTHER, dose=""), replace(OTHER, alone=True), replace(OTHER, scope=Scope.DAY)):
        assert other_doses(schedule, change) == ""
    for change in (replace(OTHER, alone=True), replace(OTHER, scope=Scope.DAY), replace(OTHER, order="nothing")):
        assert also_reached(schedule, change) == ""
    assert other_doses(schedule, replace(OTHER, order="nothing")) == ""
    alike = DoseChange("part-a", 1, 1, "dexamethasone", Scope.FOLLOWING, "toxicity", dose="20 mg")
    assert other_doses(schedule, alike) == ""


def test_where_the_drug_comes_back_is_told_of_the_order_that_is_meant_alone() -> None:
    schedule = scheduled(plan_of("hyper-cvad"))
    back = next(one for one in schedule.events if one.placed.block.id == "part-b-2")
    told = stays_elsewhere(schedule, replace(OTHER, alone=True))
    assert "Leucovorin is then given as before in Part B" in told
    assert f"before {back.date:%a}" not in told  # not the methotrexate of the day before


def test_what_goes_on_by_another_route_is_told_of_a_stop_and_in_its_words() -> None:
    plan = plan_of("hyper-cvad-blinatumomab")
    block = next(one.placed.block.id for one in scheduled(plan).events if one.placed.order.id == LONG[3])
    stop = Stop(block, plan.block(block).cycles[0], 1, Scope.ALL, "toxicity", order=LONG[3])
    told = goes_on_otherwise(scheduled(plan), stop)
    assert told.startswith("Does not reach: ")
    assert {"Methotrexate IT (intrathecal)", "Methotrexate PO (antineoplastic)"} == set(told[16:].split(", "))
    here = goes_on_otherwise(scheduled(plan), replace(stop, scope=Scope.CYCLE))
    assert here == "Does not reach: Methotrexate IT (intrathecal)"
    assert goes_on_otherwise(scheduled(plan), replace(stop, order="")) == ""
    rituximab = Hold("part-a", 1, 1, "other", order="vincristine")
    assert goes_on_otherwise(scheduled(plan), rituximab) == ""
    (named,) = changes_as_given(replace(plan, modifications=(stop,)), scheduled(plan))
    assert change_words(named).startswith("Stopped methotrexate IV (methotrexate-22-h) from ")


def test_a_reduction_that_gives_more_than_now_is_told() -> None:
    plan = plan_of("pomp")
    third = DoseChange("first-year", 1, 1, "mercaptopurine", Scope.ALL, "toxicity", percent=33)
    less = reduce(plan, scheduled(plan), third)
    assert raised(scheduled(plan), scheduled(less)) == ""
    more = reduce(less, scheduled(less), replace(third, day=8, percent=80))
    day = next(one for one in events(more, "first-year", "mercaptopurine") if one.cycle_day == 8).date
    told = raised(scheduled(less), scheduled(more))
    assert told.startswith("This raises Mercaptopurine from 16.5 mg to 40 mg from ")
    assert f"{day:%d-%b-%Y}" in told


def test_a_dose_entered_outside_the_range_of_its_protocol_is_told() -> None:
    plan = plan_of("tisa-cel")
    cells = next(one for one in scheduled(plan).events if one.dose and one.dose.least is not None)
    assert cells.dose
    assert cells.dose.least
    assert cells.dose.most
    place = cells.placed
    where = (place.block.id, place.cycle, cells.cycle_day, place.order.id)
    for amount, outside in ((cells.dose.most, False), (cells.dose.most * 2, True), (cells.dose.least / 2, True)):
        change = DoseChange(*where, Scope.FOLLOWING, "other", dose=f"{amount:f} {cells.dose.unit}")
        entered = enter_dose(plan, scheduled(plan), change)
        told = out_of_range(scheduled(plan), scheduled(entered))
        assert bool(told) is outside
        assert not outside or "is outside the range of the protocol" in told


def test_a_long_acting_growth_factor_on_each_day_of_the_daily_one_is_asked_about() -> None:
    plan, place = plan_of("flag-ida"), ("flag-ida", 1, 1, "filgrastim")
    assert "filgrastim" in {one.placed.agent for one in events(plan, "flag-ida")}

    def asked(scope: Scope, agent: str = "pegfilgrastim", order: tuple[str, int, int, str] = place) -> str:
        change = Replacement(*order, scope, agent, "other", dose="6 mg", doses_per_day=1)
        after = scheduled(replace_agent(plan, scheduled(plan), AGENTS, change))
        return given_daily(after, change, AGENTS.get(agent))

    told = asked(Scope.FOLLOWING)
    assert told.startswith("Pegfilgrastim is long-acting and would go on every day from ")
    assert "until neutrophils have recovered" in told
    assert asked(Scope.FOLLOWING, order=("flag-ida", 1, 6, "filgrastim")).startswith("Pegfilgrastim is long-acting")
    assert asked(Scope.DAY) == ""
    assert asked(Scope.FOLLOWING, "etoposide") == ""


def test_six_drawn_days_of_a_long_acting_drug_are_counted() -> None:
    plan = plan_of("d-alba")
    place = next(one for one in events(plan, "induction", "dasatinib"))
    order = place.placed.order.id
    change = Replacement("induction", 1, place.cycle_day, order, Scope.FOLLOWING, "pegfilgrastim", "other", dose="6 mg")
    after = scheduled(replace_agent(plan, scheduled(plan), AGENTS, replace(change, route="SC")))
    days = {one.day for one in events(plan, "induction", "dasatinib")}
    told = given_daily(after, change, AGENTS["pegfilgrastim"])
    assert f"would be given on {len(days)} days, " in told
