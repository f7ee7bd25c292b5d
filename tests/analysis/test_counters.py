"""Counters and dose intensity, each held against a count or a sum done by hand here."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.analysis.counters import count
from planner.content.counter_file import shipped_counters
from planner.model.condition import parse_condition
from planner.model.counter import Counter, CounterRule, Intensity, Totals
from planner.model.cycle_content import State, Working
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.patient import PriorExposure
from planner.model.plan import BagPlan, Deferral, DoseChange, Given, GivenRecord, Hold, Omission, Plan, Scope, Skip
from planner.model.schedule import Event
from planner.paths import resources
from planner.services.evaluation import evaluate
from planner.services.telling.totals import cycle_limits, totals
from planner.services.verbs import editing, pausing, recording, redosing
from tests.golden.cases import PATIENTS, library
from tests.services.courses_at_hand import events, plan_of, scheduled

SHELF = replace(library(), rules=())


def known(plan: Plan) -> EvaluatedPlan:
    return evaluate(plan, SHELF)


def counted(plan: Plan) -> Totals:
    return totals(known(plan), library(), resources())


def counter(plan: Plan, name: str, agent: str = "") -> Counter:
    return next(one for one in counted(plan).counters if (one.rule.id, one.agent) == (name, agent))


def intensity(plan: Plan, block: str, drug: str) -> Intensity:
    return next(one for one in counted(plan).intensities if (one.block, one.drug) == (block, drug))


def test_intrathecal_treatments_are_days_not_drugs() -> None:
    plan = plan_of("calgb-10403")
    by_hand = {(one.placed.block.id, one.day) for one in scheduled(plan).events if one.placed.route == "IT"}
    assert counter(plan, "intrathecal").planned == len(by_hand) > 10


def test_given_left_out_and_held_are_told_apart() -> None:
    plan = plan_of("calgb-10403")
    all_doses = counter(plan, "asparaginase").planned
    (first,) = events(plan, "induction", "pegaspargase")
    assert first.dose is not None
    record = GivenRecord(
        "induction", 1, 4, "pegaspargase", 0, Given.GIVEN, first.date, first.dose.value, first.dose.unit, "A. P."
    )
    given = recording.record_given(plan, scheduled(plan), record, date(2030, 1, 1))
    found = counter(given, "asparaginase")
    assert (found.given, found.planned, found.total) == (1, all_doses - 1, all_doses)
    omitted = editing.omit(plan, scheduled(plan), Omission("induction", 1, 4, "pegaspargase", "toxicity"))
    assert counter(omitted, "asparaginase").total == all_doses - 1
    held = pausing.hold(plan, scheduled(plan), Hold("consolidation", 1, 1, "counts"))
    found = counter(held, "asparaginase")
    in_consolidation = len(events(plan, "consolidation", "pegaspargase"))
    assert (found.held, found.planned) == (in_consolidation, all_doses - in_consolidation)


@pytest.mark.parametrize(
    ("scheme", "factor"), [("anthracycline-feijen", Decimal("0.6")), ("anthracycline-cog", Decimal(1))]
)
def test_anthracyclines_by_scheme_with_earlier_treatment(scheme: str, factor: Decimal) -> None:
    earlier = (
        PriorExposure("daunorubicin", Decimal(180), "mg/m2"),
        PriorExposure("doxorubicin", Decimal(100), "mg"),
    )
    plan = plan_of("calgb-10403", replace(PATIENTS["adult"], prior_exposures=earlier))
    bsa = PATIENTS["adult"].measurements[0].bsa
    sums = {"daunorubicin": Decimal(0), "doxorubicin": Decimal(0)}
    for event in scheduled(plan).events:
        if event.placed.agent in sums and event.dose and event.dose.value is not None:
            sums[event.placed.agent] += event.dose.value / bsa
    found = counter(plan, scheme)
    assert found.before == 180 * factor
    assert abs(found.planned - (sums["daunorubicin"] * factor + sums["doxorubicin"])) < Decimal("0.001")
    assert found.unknown == ("earlier doxorubicin: 100 mg",)
    assert [one.partition(" × ")[0].rpartition(" ")[0] for one in found.parts] == [
        "earlier daunorubicin",
        "Daunorubicin",
        "Doxorubicin",
    ]


def test_infusion_days_cycles_and_tki_days() -> None:
    plan = plan_of("d-alba")
    assert counter(plan, "blinatumomab-days").planned == 2 * 28
    assert counter(plan, "antibody-cycles", "blinatumomab").planned == 2
    tki = {one.day for one in scheduled(plan).events if one.placed.agent == "dasatinib"}
    assert counter(plan, "tki-days").planned == len(tki)
    skipped = pausing.skip(plan, scheduled(plan), Skip("blinatumomab", 2, "other"))
    assert counter(skipped, "antibody-cycles", "blinatumomab").planned == 1
    assert counter(skipped, "blinatumomab-days").planned == 28
    assert counter(skipped, "tki-days").planned == len(tki), "the tablets go on"


def test_earlier_treatment_written_by_a_trade_name_counts() -> None:
    """The rules counted "Adriamycin 400 mg/m2", and the counter of the same sum said 0 before."""
    earlier = (PriorExposure("Adriamycin", Decimal(400), "mg/m2"),)
    plan = plan_of("calgb-10403", replace(PATIENTS["adult"], prior_exposures=earlier))
    assert counter(plan, "anthracycline-cog").before == 400


def test_earlier_cycles_count_and_other_units_are_named() -> None:
    earlier = (PriorExposure("blinatumomab", Decimal(3), "cycles"), PriorExposure("rituximab", Decimal(700), "mg"))
    plan = plan_of("d-alba", replace(PATIENTS["adult"], prior_exposures=earlier))
    assert counter(plan, "antibody-cycles", "blinatumomab").total == 5
    assert counter(plan, "antibody-cycles", "rituximab").unknown == ("earlier rituximab: 700 mg",)


def test_limits_come_from_the_rules() -> None:
    limits = cycle_limits(library())
    for agent, (limit, rule_id) in limits.items():
        rule = next(one for one in library().rules if one.id == rule_id)
        assert rule.kind == "cycle_count"
        assert rule.parameters["at_most"] == limit
        assert agent in {str(one).split()[0] for one in rule.parameters["agents"]}  # type: ignore[attr-defined]


def test_a_limit_of_the_one_protocol_that_gives_the_drug_counts() -> None:
    """ "None set" stood beside the warning about a fifth cycle of four."""
    mrd = plan_of("blinatumomab-mrd")
    found = counter(mrd, "antibody-cycles", "blinatumomab")
    assert (found.limit, found.limit_rule) == (4, "BL-05")
    assert counter(plan_of("d-alba"), "antibody-cycles", "blinatumomab").limit is None


def test_intensity_is_hundred_percent_before_anybody_changes_anything() -> None:
    for one in counted(plan_of("calgb-10403")).intensities:
        assert one.relative in (None, Decimal(100)), one
        assert one.relative is not None or one.unknown, one


def test_less_drug_over_more_time_is_less_intensity() -> None:
    plan = plan_of("hyper-cvad")
    block = plan.blocks[0].id
    assert intensity(plan, block, "Cyclophosphamide IV").unit == "mg/m2"
    half = DoseChange(block, 1, 1, "cyclophosphamide", Scope.CYCLE, "toxicity", percent=50)
    less = redosing.reduce(plan, scheduled(plan), half)
    weeks = (scheduled(plan).block(block).end - scheduled(plan).block(block).start) / 7
    relative = intensity(less, block, "Cyclophosphamide IV").relative
    assert relative is not None
    assert abs(relative - 50) < Decimal("0.1")
    longer = editing.defer(less, scheduled(less), Deferral(block, 1, 11, 7, Scope.FOLLOWING, "counts"))
    relative = intensity(longer, block, "Cyclophosphamide IV").relative
    assert relative is not None
    assert abs(relative - Decimal(50 * weeks / (weeks + 1))) < Decimal("0.1")


def test_the_worked_example_of_the_reference_sheet() -> None:
    """75 mg/m2 every 3 weeks, 6 times, over 18 weeks; given 60 mg/m2 over 20 weeks: 72 %."""
    found = Intensity("b", "x", "mg/m2", Decimal(450), Decimal(18), Decimal(360), Decimal(20))
    assert found.relative == 72
    assert Intensity("b", "x", "mg", None, Decimal(1), Decimal(1), Decimal(1)).relative is None


def test_shipped_counters_name_their_factors_sources() -> None:
    rules = shipped_counters(resources())
    assert len({one.id for one in rules}) == len(rules)
    for rule in rules:
        assert rule.count in ("days", "occasions", "doses", "cycles", "sum")
        assert rule.agents or rule.classes or rule.routes
        assert (rule.count == "sum") == bool(rule.factors) == bool(rule.reference)


def test_taking_a_pump_off_is_no_cycle_of_its_drug() -> None:
    plan = plan_of("e1910")
    bags = BagPlan("blinatumomab", (96, 72))
    bagged = editing.plan_bags(plan, scheduled(plan), library().agents, bags)
    found = counter(bagged, "antibody-cycles", "blinatumomab")
    assert found == counter(plan, "antibody-cycles", "blinatumomab")
    assert not any("disconnect" in part for part in found.parts)


@pytest.mark.parametrize("protocol", ["calgb-10403", "aall0232-hr"])
def test_treatments_that_exclude_each_other_are_counted_as_they_can_come(protocol: str) -> None:
    """With CNS disease and without: both are drawn while the status is not recorded, and were added up."""
    plan = plan_of(protocol)
    unknown = replace(plan, patient=replace(plan.patient, markers=()))
    statuses = [replace(plan, patient=replace(plan.patient, markers=(("cns", one),))) for one in ("CNS1", "CNS3")]
    drawn = {one.day for one in scheduled(unknown).events if one.placed.route == "IT"}
    assert counter(unknown, "intrathecal").planned == max(counter(one, "intrathecal").planned for one in statuses)
    assert counter(unknown, "intrathecal").planned < len(drawn)


ALIKE = CounterRule("it", "Intrathecal", "days", "days", routes=("IT",))
ANTHRACYCLINES = CounterRule("a", "Sum", "sum", "mg/m2", factors=(("daunorubicin", Decimal(1)),))


def under(event: Event, condition: str, count: int, per_m2: int) -> list[Event]:
    """So many provisional doses of that size under that condition, on days in a row."""
    placed = replace(event.placed, order=replace(event.placed.order, when=parse_condition(condition)))
    dose = replace(event.dose, how=Working(per_m2=Decimal(per_m2)))
    return [
        event._replace(placed=placed, state=State.PROVISIONAL, dose=dose, day=event.day + later)
        for later in range(count)
    ]


def test_alternatives_are_added_up_by_what_comes_to_most() -> None:
    """Two of 50 mg/m2 are more than three of 10; as treatments three are more than two."""
    first = events(plan_of("calgb-10403"), "induction", "daunorubicin")[0]
    doses = [*under(first, "cns = CNS3", 2, 50), *under(first, "cns != CNS3", 3, 10)]
    patient = PATIENTS[next(iter(PATIENTS))]
    rule = replace(ALIKE, routes=("IV",))
    by_sum, by_day = count((ANTHRACYCLINES, rule), patient, doses, library().agents, {})
    assert (by_sum.planned, by_day.planned) == (100, 3)
    unknown = [*doses, first._replace(dose=replace(first.dose, how=Working()))]
    (whole,) = count((ANTHRACYCLINES,), patient, unknown, library().agents, {})
    assert whole.planned == 130, "a dose that is not known may be more than all others"
    assert whole.unknown
