"""GMALL 06/99 and 07/03 against the published table of induction and consolidation I."""

from decimal import Decimal

import pytest

from planner.model.evidence import Evidence
from tests.resources.reading import drugs_of, given, patient, plan_of, protocol, schedule_of

ID = "gmall-07-03"
TABLE = {
    "pre-phase": {
        ("dexamethasone", "PO"): ([1, 2, 3, 4, 5], {"10 mg/m2/day"}),
        ("cyclophosphamide", "IV"): ([3, 4, 5], {"200 mg/m2/day"}),
        ("methotrexate", "IT"): ([1], {"15 mg"}),
    },
    "induction-1": {
        ("dexamethasone", "PO"): ([6, 7, 13, 14, 15, 16], {"10 mg/m2/day"}),
        ("vincristine", "IV"): ([6, 13, 20], {"2 mg"}),
        ("daunorubicin", "IV"): ([6, 7, 13, 14], {"45 mg/m2/day"}),
        ("pegaspargase", "IV"): ([20], {"1,000 units/m2"}),
        ("filgrastim", "SC"): ([6], {"5 mcg/kg/day"}),
    },
    "induction-2": {
        ("cyclophosphamide", "IV"): ([26, 46], {"1,000 mg/m2"}),
        ("cytarabine", "IV"): ([28, 29, 30, 31, 35, 36, 37, 38, 42, 43, 44, 45], {"75 mg/m2"}),
        ("mercaptopurine", "PO"): ([*range(26, 47)], {"60 mg/m2"}),
        ("methotrexate", "IT"): ([28, 35, 42], {"15 mg"}),
        ("filgrastim", "SC"): ([26], {"5 mcg/kg/day"}),
    },
    "consolidation-1": {
        ("dexamethasone", "PO"): ([1, 2, 3, 4, 5], {"10 mg/m2/day"}),
        ("vindesine", "IV"): ([1], {"3 mg/m2"}),
        ("methotrexate", "IV"): ([1], {"1.5 g/m2"}),
        ("leucovorin", "IV"): ([2], {"none"}),
        ("intravenous-fluids", "IV"): ([1, 2, 3, 4], {"none"}),
        ("etoposide", "IV"): ([4, 5], {"250 mg/m2"}),
        ("cytarabine", "IV"): ([5], {"2 g/m2"}),
        ("filgrastim", "SC"): ([7], {"5 mcg/kg/day"}),
        ("methotrexate", "IT"): ([12], {"15 mg"}),
        ("cytarabine", "IT"): ([12], {"40 mg"}),
        ("dexamethasone", "IT"): ([12], {"4 mg"}),
    },
}


@pytest.mark.parametrize("phase", TABLE)
def test_every_drug_stands_on_its_days_with_its_dose_and_no_other_drug_is_there(phase):
    assert drugs_of(ID, phase, 1, {"age": Decimal(55)}) == TABLE[phase]


def test_days_of_induction_run_on_from_the_first_day_of_the_pre_phase():
    course = schedule_of(plan_of(ID, patient(age=40)))
    first = course.blocks[0].start
    for event in course.events:
        if event.placed.block.phase.id not in ("consolidation-1", "what-comes-next"):
            assert event.day - first + 1 == event.cycle_day
    assert {event.cycle_day for event in given(course, "vindesine")} == {1}


def test_sums_are_180_of_daunorubicin_and_600_of_cyclophosphamide_before_induction():
    course = schedule_of(plan_of(ID, patient(age=40)))
    doses = [event.dose.protocol_dose for event in given(course, "daunorubicin")]
    assert doses == ["45 mg/m2/day"] * 4
    assert [event.dose.protocol_dose for event in given(course, "cyclophosphamide")][:3] == ["200 mg/m2/day"] * 3


@pytest.mark.parametrize(("age", "methotrexate", "cytarabine"), [(55, "1.5 g/m2", "2 g/m2"), (56, "1 g/m2", "1 g/m2")])
def test_above_55_years_methotrexate_and_cytarabine_are_lower(age, methotrexate, cytarabine):
    course = schedule_of(plan_of(ID, patient(age=age)))
    infused = given(course, "methotrexate", "IV")
    assert [event.dose.protocol_dose for event in infused] == [methotrexate]
    high = [event for event in given(course, "cytarabine", "IV") if event.placed.block.phase.id == "consolidation-1"]
    assert [(event.cycle_day, event.dose.protocol_dose) for event in high] == [(5, cytarabine)] * 2


def test_leucovorin_stands_on_the_day_after_methotrexate_and_its_dose_is_not_invented():
    """A box to tick stood before the methotrexate, and on the days on which the rescue is due nothing."""
    course = schedule_of(plan_of(ID, patient(age=40)))
    (infused,) = given(course, "methotrexate", "IV")
    (rescue,) = given(course, "leucovorin")
    assert (rescue.day - infused.day, rescue.dose.value, rescue.placed.evidence) == (1, None, Evidence.LOCAL)
    assert rescue.placed.order.until
    assert not any(one.topic == "to enter" for one in protocol(ID).phase("consolidation-1").assessments)


def test_infusions_of_consolidation_last_as_long_as_the_table_says():
    course = schedule_of(plan_of(ID, patient(age=40)))
    lengths = {
        (event.placed.agent, event.placed.order.duration_h)
        for event in course.events
        if event.placed.block.phase.id == "consolidation-1" and event.placed.agent in {"etoposide", "cytarabine"}
    }
    assert lengths == {("etoposide", 1), ("cytarabine", 3), ("cytarabine", None)}


def test_growth_factor_is_the_tables_and_its_end_in_induction_2_too():
    course = schedule_of(plan_of(ID, patient(age=40)))
    found = [(event.cycle_day, event.placed.evidence) for event in given(course, "filgrastim")]
    assert found == [(6, Evidence.TRIAL), (26, Evidence.SECONDARY), (7, Evidence.TRIAL)]


def test_consolidation_begins_in_week_11_and_radiotherapy_asks_for_its_days():
    course = schedule_of(plan_of(ID, patient(age=40)))
    assert course.blocks[3].start - course.blocks[0].start == 70
    marker = next(one for one in protocol(ID).phase("induction-2").assessments if one.id == "radiotherapy-to-enter")
    assert (marker.evidence, marker.topic) == (Evidence.LOCAL, "to enter")


@pytest.mark.parametrize(("age", "enters"), [(14, False), (15, True), (65, True), (66, False)])
def test_who_enters_is_15_to_65_years_old(age, enters):
    """The short version of the 07/03 protocol: "Age 15-65 yrs"."""
    (when, said), *_ = protocol(ID).entry
    assert when.holds({"age": Decimal(age)}) is enters
    assert "15 to 65 years" in said
