"""The level that ends a rescue: read from the words of its protocol, found among what was recorded."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.model.cleared import Level, cleared_on, level_asked
from planner.model.going_on import may_go_on
from planner.model.patient import LabResult
from planner.model.plan import Plan
from planner.model.site import Site
from planner.services.evaluation import evaluate
from planner.services.telling.cleared import ended_by_it, low_too_early
from planner.services.telling.unlisted import unlisted
from tests.golden.cases import library
from tests.services.courses_at_hand import events, plan_of, scheduled
from tests.services.verbs.test_raising import HIGH, LEV, child, day_of, raised

CODE = "methotrexate-level"


@pytest.mark.parametrize(
    ("words", "below"),
    [
        ("methotrexate is below 0.1 micromol/L", "0.1"),
        ("methotrexate is below 0.05 to 0.1 micromol/L", "0.05"),
        ("methotrexate has cleared (below 0.05 to 0.1 micromol/L)", "0.05"),
        ("methotrexate has cleared", None),
        ("methotrexate levels are no longer high", None),
        ("neutrophils are above 1 × 10⁹/L", None),
        ("busulfan is below 5 mg", None),
        ("methotrexate is below 0.1 mg/dL", None),
    ],
)
def test_the_bound_is_read_from_the_words_and_of_two_the_lower_one_counts(words, below) -> None:
    assert level_asked(words) == (Level(CODE, Decimal(below)) if below else None)


def level(day: date, value: str, unit: str = "micromol/L") -> LabResult:
    return LabResult(day, CODE, Decimal(value), unit)


def test_the_first_low_level_counts_unless_a_later_one_is_high() -> None:
    wanted, first = Level(CODE, Decimal("0.1")), date(2026, 3, 2)
    days = [first + timedelta(step) for step in range(5)]
    start = first.toordinal()

    def found(*values: str) -> int | None:
        labs = [level(day, value) for day, value in zip(days, values, strict=False)]
        day = cleared_on(wanted, labs, start, start + 5)
        return None if day is None else day - start

    assert found("3", "0.4", "0.09", "0.05") == 2
    assert found("3", "0.09", "0.4", "0.05") == 3
    assert found("3", "0.09", "0.1") is None
    assert found() is None
    assert cleared_on(wanted, [level(days[0], "0.01", "mg/dL")], start, start + 5) is None
    assert cleared_on(wanted, [level(days[0], "0.01")], start + 1, start + 5) is None
    assert cleared_on(wanted, [level(days[4], "0.01")], start, start + 4) is None


def with_levels(plan: Plan, block: str = HIGH, **values: str) -> Plan:
    """With levels on day numbers: d5="0.04"."""
    labs = [level(day_of(plan, int(day[1:]), block), value) for day, value in values.items()]
    return replace(plan, patient=replace(plan.patient, labs=(*plan.patient.labs, *labs)))


def on(plan: Plan, agent: str, block: str = HIGH) -> list[int]:
    """The day numbers on which a drug may go on."""
    first = day_of(plan, 1, block).toordinal()
    going = may_go_on(plan, scheduled(plan).events)
    here = [day for day, some in going.items() if any(one.placed.agent == agent for one in some)]
    return [day - first + 1 for day in sorted(here) if 0 <= day - first < 63]


def test_a_low_level_ends_the_rescue_and_fluids_of_that_methotrexate_alone() -> None:
    plan = child()
    fluids = next(one.placed.agent for one in events(plan, HIGH) if one.placed.role == "hydration")
    before = {agent: on(plan, agent) for agent in (LEV, fluids)}
    assert [day for day in before[LEV] if day < 15] == list(range(4, 15))
    after = with_levels(plan, d5="0.2", d6="0.04", d20="0.09", d33="0.01")
    for agent in (LEV, fluids):
        found = on(after, agent)
        assert max(day for day in found if day < 14) == 6
        assert [day for day in found if 19 <= day <= 26] == [day for day in before[agent] if 19 <= day <= 26]
        assert max(day for day in found if 29 <= day < 42) == 33
        assert [day for day in found if day > 43] == [day for day in before[agent] if day > 43]


def test_a_level_of_before_the_methotrexate_or_of_its_end_ends_nothing() -> None:
    """0.05 for 50 at the end of the infusion ended the rescue before its first dose."""
    plan = child()
    assert on(with_levels(plan, d1="0.01", d2="0.01", d15="0.01", d16="0.05"), LEV) == on(plan, LEV)
    assert on(with_levels(plan, d3="0.01"), LEV) != on(plan, LEV)


def test_a_raised_rescue_ends_with_the_low_level_too() -> None:
    plan = raised(child(), 3)
    assert [day for day in on(plan, LEV) if day < 15] == list(range(5, 15))
    assert [day for day in on(with_levels(plan, d6="0.04"), LEV) if day < 15] == [5, 6]


def test_fluids_without_a_number_go_by_that_of_the_rescue() -> None:
    plan = plan_of("hyper-cvad")
    part = next(one.placed.block.id for one in scheduled(plan).events if one.placed.order.id == "leucovorin-next")
    fluids = next(one.placed.agent for one in events(plan, part) if one.placed.role == "hydration")
    assert on(plan, fluids, part)
    assert max(day for day in on(with_levels(plan, part, d6="0.09"), fluids, part) if day < 22) == 6


def test_it_is_told_what_ends_and_what_of_it_is_still_drawn() -> None:
    plan = child()
    shown = evaluate(plan, library(), Site())
    lines = [*ended_by_it(shown, evaluate(with_levels(plan, d6="0.04"), library(), Site()))]
    assert "ends Leucovorin C1 D3: it goes on no longer behind that day" in " ".join(lines)
    more = raised(plan, 3, until=day_of(plan, 9))
    lines = [*ended_by_it(evaluate(more, library(), Site()), evaluate(with_levels(more, d6="0.04"), library(), Site()))]
    assert any("of which doses are drawn to" in line for line in lines)
    assert [*ended_by_it(shown, shown)] == []


def test_the_timeline_draws_no_open_end_behind_it() -> None:
    plan = child()

    def open_ends(one: Plan) -> set[int]:
        timeline = evaluate(one, library(), Site()).timeline
        first = day_of(one, 1).toordinal()
        bars = [bar for lane in timeline.lanes for bar in lane.bars if bar.open_end and lane.role == "rescue"]
        return {bar.start - first + 1 for bar in bars if 0 <= bar.start - first < 63}

    assert open_ends(plan) == {3, 17, 31, 45}
    assert open_ends(with_levels(plan, d6="0.04", d19="0.3")) == {17, 31, 45}


@pytest.mark.parametrize(("days", "value", "told"), [(0, "0.03", 1), (1, "0.03", 1), (2, "0.03", 0), (1, "6", 0)])
def test_a_low_level_within_two_days_of_methotrexate_is_questioned(days: int, value: str, told: int) -> None:
    plan = child()
    labs = (level(day_of(plan, 15) + timedelta(days), value),)
    after = replace(plan, patient=replace(plan.patient, labs=labs))
    found = [*low_too_early(evaluate(plan, library()), evaluate(after, library()))]
    assert len(found) == told
    if told:
        assert "as low as one that ends Leucovorin, but Methotrexate C1 D15" in found[0]
        assert found[0] in unlisted(evaluate(plan, library()), evaluate(after, library()))
