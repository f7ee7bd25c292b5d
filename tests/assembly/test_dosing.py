"""Single doses: basis, division over the day, cap, rounding, bands, escalation; every step told."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.assembly.dosing import DosingBasis, Size, compute_dose
from planner.assembly.rounding import Habits, round_dose, rounded_dose
from planner.model.agent import Agent, DoseRange, Strength
from planner.model.condition import parse_condition
from planner.model.cycle_content import ComputedDose
from planner.model.evidence import Evidence
from planner.model.patient import Measurement
from planner.model.protocol import Days, DoseBand, TemplateOrder
from planner.model.quantity import parse_amount, parse_dose

MEASURED = Measurement(date(2026, 1, 2), Decimal("168"), Decimal("70.4"))


def band(dose: str = "", cap: str = "", when: str = "") -> DoseBand:
    return DoseBand(parse_condition(when), parse_dose(dose) if dose else None, parse_amount(cap) if cap else None)


def order(*bands: DoseBand, **more: object) -> TemplateOrder:
    basis: dict[str, object] = {
        "id": "o",
        "agent": "vincristine",
        "role": "antineoplastic",
        "route": "IV",
        "bands": bands,
        "days": Days((1,)),
        "evidence": Evidence.LABEL,
        "references": ("X1",),
    }
    return TemplateOrder(**{**basis, **more})  # type: ignore[arg-type]


def dose(one: TemplateOrder, number: int = 0, agent: Agent | None = None, **facts: object) -> ComputedDose:
    known = {"weight": Decimal("70.4"), "bsa": MEASURED.bsa, **facts}
    # Facts as tests write them: what a fact may be is not the subject here.
    return compute_dose(one, DosingBasis(known, Size(MEASURED)), agent, number)  # type: ignore[arg-type]


def test_bsa_is_mosteller_to_three_decimals() -> None:
    """Test vectors of the calculator sheet, section C1."""
    for height, weight, area in (("170", "70", "1.818"), ("178", "110", "2.332"), ("110", "18", "0.742")):
        assert Measurement(date(2026, 1, 1), Decimal(height), Decimal(weight)).bsa == Decimal(area)


@pytest.mark.parametrize(
    ("protocol", "cap", "value", "unit"),
    [
        ("1.5 mg/m2", "2 mg", "2", "mg"),
        ("1 mg/m2", "2 mg", "1.81", "mg"),
        ("25 mg/m2", "", "45.3", "mg"),
        ("2500 units/m2", "", "4533", "units"),
        ("2500 units/m2", "3750 units", "3750", "units"),
        ("2 mg", "", "2", "mg"),
        ("5 mcg/kg", "", "352", "mcg"),
        ("3 g/m2", "", "5439", "mg"),
        ("28 mcg/day", "", "28", "mcg"),
    ],
)
def test_single_doses(protocol: str, cap: str, value: str, unit: str) -> None:
    found = dose(order(band(protocol, cap)))
    assert (found.value, found.unit) == (Decimal(value), unit)
    assert found.protocol_dose == protocol.replace("2500", "2,500")


def test_a_daily_total_is_divided_and_says_so() -> None:
    found = dose(order(band("60 mg/m2/day"), doses_per_day=2))
    assert found.value == Decimal("54.4")
    assert found.protocol_dose == "60 mg/m2/day in 2 doses"
    assert any("in 2 doses a day" in step for step in found.steps)


def test_every_step_is_told() -> None:
    found = dose(order(band("1.5 mg/m2", "2 mg")))
    assert found.steps == (
        "1.5 mg/m2 × BSA 1.813 m2 (Mosteller, 168 cm, 70.4 kg on 02-Jan-2026) = 2.7195 mg",
        "more than the cap: 2 mg",
    )
    assert found.capped


def test_an_agents_own_rounding_step_is_used() -> None:
    agent = Agent("vincristine", "Vincristine", round_to=Decimal("0.1"))
    assert dose(order(band("1 mg/m2")), agent=agent).value == Decimal("1.8")


@pytest.mark.parametrize(
    ("agent", "habits"),
    [
        (Agent("vincristine", "Vincristine", round_to=Decimal("0.7")), Habits()),
        (Agent("vincristine", "Vincristine", vials=(Strength(Decimal("2.05"), "mg"),)), Habits(rounding="vials")),
        (
            Agent(
                "vincristine", "Vincristine", dose_bands=(DoseRange(Decimal("1.9"), Decimal("2.2"), Decimal("2.2")),)
            ),
            Habits(rounding="bands"),
        ),
    ],
)
def test_rounding_lifts_no_dose_above_the_cap(agent: Agent, habits: Habits) -> None:
    found = compute_dose(order(band("1.08 mg/m2", "2 mg")), DosingBasis({}, Size(MEASURED, habits)), agent)
    assert found.value == Decimal(2)
    assert found.capped
    assert found.steps[-1] == "more than the cap: 2 mg"


def by_mouth(
    text: str, tablets: tuple[str, ...], *, halves: bool = False, route: str = "PO", **more: object
) -> ComputedDose:
    kinds = tuple(Strength(Decimal(size), "mg", halves) for size in tablets)
    return dose(replace(order(band(text)), route=route), agent=Agent("a", "A", tablets=kinds, **more))


def test_an_oral_dose_is_what_the_least_tablet_makes() -> None:
    found = by_mouth("20 mg/m2", ("2.5",))
    assert found.value == Decimal("37.5")
    assert found.steps[-1] == "rounded to 2.5 mg tablets: 37.5 mg, 3.4 % more"
    assert found.made_of == "tablets: 15 × 2.5 mg"
    several = by_mouth("30 mg/m2", ("5", "1", "20"))
    assert (several.value, several.steps[-1]) == (Decimal(54), "rounded to 1 mg tablets: 54 mg, 0.7 % less")


def test_tablets_are_halved_where_their_label_allows_it() -> None:
    found = by_mouth("60 mg/m2", ("50",), halves=True)
    assert (found.value, found.made_of) == (Decimal(100), "tablets: 2 × 50 mg")
    assert found.steps[-1] == "rounded to halves of 50 mg tablets: 100 mg, 8.1 % less"
    assert by_mouth("70 mg/m2", ("50",), halves=True).made_of == "tablets: 2.5 × 50 mg"
    assert by_mouth("27 mg/m2", ("50",)).value == Decimal(50)


def test_tablets_that_are_too_far_off_do_not_round_and_say_so() -> None:
    found = by_mouth("25 mg/m2", ("70",))
    assert found.value == Decimal("45.3")
    assert found.steps[-1].endswith("rounded to 0.1 mg: 45.3 mg, for 70 mg tablets make nothing within 10 % of it")
    assert by_mouth("1 mg/m2", ("50",)).value == Decimal("1.81")


def test_a_dose_that_tablets_make_exactly_is_left_as_it_is() -> None:
    found = by_mouth("50 mg/day", ("50",))
    assert (found.value, found.steps) == (Decimal(50), ())


@pytest.mark.parametrize("route", ["IV", "IT"])
def test_tablets_round_nothing_that_is_not_swallowed(route: str) -> None:
    found = by_mouth("20 mg/m2", ("2.5",), route=route, round_to=Decimal("0.1"))
    assert (found.value, found.steps[-1]) == (Decimal("36.3"), "rounded to 0.1 mg: 36.3 mg")


def test_an_oral_dose_of_no_known_tablets_says_so() -> None:
    found = by_mouth("20 mg/m2", ())
    assert (found.value, found.steps[-1]) == (
        Decimal("36.3"),
        "rounded to 0.1 mg: 36.3 mg; no tablet strengths are known",
    )


def test_whole_vials_are_no_way_to_round_tablets() -> None:
    agent = Agent("a", "A", tablets=(Strength(Decimal("2.5"), "mg"),), vials=(Strength(Decimal(36), "mg"),))
    assert round_dose(Decimal("36.3"), "mg", agent, Habits(rounding="vials"), "IV")[0] == Decimal(36)
    assert round_dose(Decimal("36.3"), "mg", agent, Habits(rounding="vials"), "PO")[0] == Decimal("37.5")
    assert rounded_dose(Decimal("36.3"), "mg", agent, Habits(rounding="vials"), "PO") == Decimal("37.5")


def test_the_bounds_of_an_oral_range_are_what_tablets_make() -> None:
    found = by_mouth("20-40 mg/m2", ("10",))
    assert (found.least, found.most) == (Decimal(40), Decimal(70))


def test_flat_doses_are_never_rounded() -> None:
    agent = Agent("vincristine", "Vincristine", round_to=Decimal("10"))
    assert dose(order(band("28 mcg/day")), agent=agent).value == Decimal(28)


def test_the_first_band_that_holds_gives_the_dose() -> None:
    weight_banded = order(band("28 mcg/day", when="weight >= 45"), band("15 mcg/m2/day", "28 mcg", "weight < 45"))
    assert dose(weight_banded).value == Decimal(28)
    assert dose(weight_banded, weight=Decimal("44.9")).value == Decimal("27.2")


def test_escalation_grows_with_each_administration() -> None:
    capizzi = order(band("100 mg/m2"), escalation=parse_dose("50 mg/m2"))
    assert [dose(capizzi, number).value for number in range(5)] == [Decimal(v) for v in (181, 272, 363, 453, 544)]
    assert dose(capizzi, 2).steps[0] == "100 mg/m2 + 2 × 50 mg/m2, if each dose before was tolerated = 200 mg/m2"


def test_missing_inputs_give_no_dose_and_a_reason() -> None:
    nothing = DosingBasis({}, Size(None))
    assert compute_dose(order(band("1.5 mg/m2")), nothing, None).missing == "height and weight not recorded"
    assert compute_dose(order(band("5 mcg/kg")), nothing, None).missing == "weight not recorded"
    unknown = compute_dose(order(band("2 mg", when="cns = CNS3")), nothing, None)
    assert (unknown.value, unknown.missing) == (None, "not recorded: CNS status")
    none = compute_dose(order(band()), nothing, None)
    assert (none.value, none.missing) == (None, "no sourced dose: enter the site's own")
    outside = dose(order(band("2 mg", when="weight < 45")))
    assert outside.missing == "the protocol gives no dose for this patient"
