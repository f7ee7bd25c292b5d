"""AALL1731, standard-risk average, against its abstract (order) and the delivery maps (days and doses)."""

from decimal import Decimal

import pytest

from planner.model.civil import add_months
from planner.model.evidence import Evidence
from tests.resources.reading import drugs_of, given, patient, plan_of, protocol, schedule_of

ID = "aall1731"
CHILD = patient(age=5, kg="20", height_cm="110")
FACTS = {"age": Decimal(5)}
IT = {"12 mg"}
TABLE = {
    "induction": {
        ("cytarabine", "IT"): ([1], {"70 mg"}),
        ("vincristine", "IV"): ([1, 8, 15, 22], {"1.5 mg/m2"}),
        ("dexamethasone", "PO"): ([*range(1, 29)], {"6 mg/m2/day"}),
        ("pegaspargase", "IM"): ([4], {"2,500 units/m2"}),
        ("methotrexate", "IT"): ([8, 29], IT),
    },
    "consolidation": {
        ("vincristine", "IV"): ([1], {"1.5 mg/m2"}),
        ("mercaptopurine", "PO"): ([*range(1, 29)], {"75 mg/m2"}),
        ("methotrexate", "IT"): ([1, 8, 15], IT),
    },
    "interim-1": {
        ("vincristine", "IV"): ([1, 11, 21, 31, 41], {"1.5 mg/m2"}),
        ("methotrexate", "IV"): ([1, 11, 21, 31, 41], {"100 mg/m2"}),
        ("methotrexate", "IT"): ([31], IT),
    },
    "delayed-intensification": {
        ("vincristine", "IV"): ([1, 8, 15], {"1.5 mg/m2"}),
        ("dexamethasone", "PO"): ([*range(1, 8), *range(15, 22)], {"10 mg/m2/day"}),
        ("doxorubicin", "IV"): ([1, 8, 15], {"25 mg/m2"}),
        ("pegaspargase", "IM"): ([4], {"2,500 units/m2"}),
        ("cyclophosphamide", "IV"): ([29], {"1,000 mg/m2"}),
        ("cytarabine", "IV"): ([29, 30, 31, 32, 36, 37, 38, 39], {"75 mg/m2"}),
        ("thioguanine", "PO"): ([*range(29, 43)], {"60 mg/m2"}),
        ("methotrexate", "IT"): ([1, 29], IT),
    },
    "interim-2": {
        ("vincristine", "IV"): ([1, 11, 21, 31, 41], {"1.5 mg/m2"}),
        ("methotrexate", "IV"): ([1, 11, 21, 31, 41], {"none"}),
        ("methotrexate", "IT"): ([1, 31], IT),
    },
    "maintenance": {
        ("vincristine", "IV"): ([1, 29, 57], {"1.5 mg/m2"}),
        ("dexamethasone", "PO"): (sorted([*range(1, 6), *range(29, 34), *range(57, 62)]), {"6 mg/m2/day"}),
        ("mercaptopurine", "PO"): ([*range(1, 85)], {"75 mg/m2"}),
        ("methotrexate", "PO"): ([*range(8, 79, 7)], {"20 mg/m2"}),
        ("methotrexate", "IT"): ([1], IT),
    },
}


@pytest.mark.parametrize("phase", TABLE)
def test_every_drug_stands_on_its_days_with_its_dose_and_no_other_drug_is_there(phase):
    assert drugs_of(ID, phase, 1, FACTS) == TABLE[phase]


def test_cns2_has_two_more_intrathecal_doses_in_induction():
    assert drugs_of(ID, "induction", 1, {**FACTS, "cns": "CNS2"})["methotrexate", "IT"][0] == [8, 15, 22, 29]


def steps(answer):
    course = schedule_of(plan_of(ID, CHILD, group=answer))
    return [(block.phase.id, block.cycles[0].number) for block in course.blocks]


def test_blinatumomab_stands_before_and_after_interim_maintenance_1():
    chemotherapy = [
        ("induction", 1), ("consolidation", 1), ("interim-1", 1), ("delayed-intensification", 1), ("interim-2", 1),
        ("maintenance", 1),
    ]  # fmt: skip
    assert steps("average-chemotherapy") == chemotherapy
    assert steps("average") == [
        *chemotherapy[:2], ("blinatumomab", 1), chemotherapy[2], ("blinatumomab", 2), *chemotherapy[3:]
    ]  # fmt: skip
    assert steps("favourable") == steps("high") == [("induction", 1), ("what-comes-next", 1)]


def test_blinatumomab_is_15_mcg_per_m2_up_to_28_for_28_days_and_marked_unverified():
    course = schedule_of(plan_of(ID, CHILD, group="average"))
    infused = given(course, "blinatumomab")
    assert len(infused) == 2 * 28
    assert {event.dose.protocol_dose for event in infused} == {"15 mcg/m2/day"}
    assert {event.placed.evidence for event in infused} == {Evidence.UNVERIFIED}
    order = protocol(ID).phase("blinatumomab").orders[0]
    assert str(order.bands[0].cap) == "28 mcg"
    assert protocol(ID).phase("blinatumomab").cycle_days == 35


def test_treatment_ends_two_years_after_the_first_day_of_interim_maintenance_1_for_both_sexes():
    for sex in ("female", "male"):
        who = patient(age=5, sex=sex, kg="20", height_cm="110")
        course = schedule_of(plan_of(ID, who, group="average"))
        first = next(block.start for block in course.blocks if block.phase.id == "interim-1")
        until = add_months(course.events[0].date.fromordinal(first), 24)
        assert max(event.date for event in given(course, "mercaptopurine")).toordinal() == until.toordinal() - 1


def test_pulses_every_12_weeks_are_another_choice_and_marked_unverified():
    found = drugs_of(ID, "maintenance", 1, {**FACTS, "variant.pulses": "every-12-weeks"})
    assert found["vincristine", "IV"][0] == [1]
    assert found["dexamethasone", "PO"][0] == [1, 2, 3, 4, 5]
    orders = {order.id: order.evidence for order in protocol(ID).phase("maintenance").orders}
    assert orders["vincristine-every-12-weeks"] is orders["dexamethasone-every-12-weeks"] is Evidence.UNVERIFIED


def test_no_anthracycline_in_induction_and_75_mg_per_m2_of_doxorubicin_in_all():
    course = schedule_of(plan_of(ID, CHILD, group="average"))
    assert [event.dose.protocol_dose for event in given(course, "doxorubicin")] == ["25 mg/m2"] * 3
    assert given(course, "daunorubicin") == []


def test_oral_methotrexate_is_never_on_an_intrathecal_day():
    course = schedule_of(plan_of(ID, CHILD, group="average"))
    oral = {event.day for event in given(course, "methotrexate", "PO")}
    assert not oral.intersection(event.day for event in given(course, "methotrexate", "IT"))


def test_pegaspargase_of_induction_is_given_on_day_4_5_or_6():
    (order,) = [order for order in protocol(ID).phase("induction").orders if order.agent == "pegaspargase"]
    assert (order.days.numbers, order.window.earlier, order.window.later) == ((4,), 0, 2)
