"""TKI with blinatumomab or chemotherapy in Ph-positive ALL: a second reading of abstracts, records and labels."""

from decimal import Decimal

import pytest

from planner.model.evidence import Evidence
from tests.resources.reading import drugs_of, given, patient, plan_of, protocol, schedule_of


def tki_by_cycle(course, agent):
    """(phase, cycle) -> the single doses of that TKI in mg and the days it is given on."""
    seen = {}
    for event in given(course, agent, "PO"):
        doses, days = seen.setdefault((event.placed.block.phase.id, event.placed.cycle), (set(), []))
        doses.add(event.dose.value)
        days.append(event.cycle_day)
    return seen


def doses_of(course, agent, phase):
    """The single dose of that TKI in each cycle of a phase, where it is one dose on every day of the cycle."""
    found = tki_by_cycle(course, agent)
    placed = [block for block in course.blocks if block.phase.id == phase]
    for block in placed:
        for cycle in block.cycles:
            assert found[phase, cycle.number][1] == list(range(1, cycle.end - cycle.start + 1))
    return [found[phase, cycle.number][0] for block in placed for cycle in block.cycles]


# ---------------------------------------------------------------- ponatinib and blinatumomab


@pytest.mark.parametrize(
    ("answers", "doses", "afterwards"),
    [
        ({}, [30, 15, 15, 15, 15], 15),
        ({"cmr_1": "yes", "cmr_2": "no"}, [30, 15, 15, 15, 15], 15),
        ({"cmr_1": "no"}, [30, 30, 15, 15, 15], 15),
        ({"cmr_1": "no", "cmr_2": "no", "cmr_3": "no", "cmr_4": "no"}, [30, 30, 30, 30, 30], 15),
        ({f"cmr_{number}": "no" for number in range(1, 6)}, [30, 30, 30, 30, 30], 30),
    ],
)
def test_ponatinib_goes_down_to_15_mg_in_the_cycle_after_complete_molecular_response(answers, doses, afterwards):
    course = schedule_of(plan_of("ponatinib-blinatumomab", patient(), **answers))
    assert doses_of(course, "ponatinib", "combination") == [{dose} for dose in doses]
    assert doses_of(course, "ponatinib", "maintenance") == [{afterwards}] * 22
    assert (course.blocks[1].end - course.blocks[1].start) >= 5 * 365.25


@pytest.mark.parametrize(("answers", "state"), [({}, "provisional"), ({"cmr_1": "yes"}, "planned")])
def test_the_lower_dose_is_provisional_until_the_response_is_recorded(answers, state):
    course = schedule_of(plan_of("ponatinib-blinatumomab", patient(), **answers))
    combined = [event for event in given(course, "ponatinib") if event.placed.block.phase.id == "combination"]
    assert {str(event.state) for event in combined if event.placed.cycle == 1} == {"planned"}
    assert {str(event.state) for event in combined if event.placed.cycle == 2} == {state}


def test_blinatumomab_with_ponatinib_is_28_mcg_for_28_of_42_days_five_times():
    course = schedule_of(plan_of("ponatinib-blinatumomab", patient()))
    infused = given(course, "blinatumomab")
    assert [(event.placed.cycle, event.cycle_day) for event in infused] == [
        (cycle, day) for cycle in range(1, 6) for day in range(1, 29)
    ]
    assert {event.dose.value for event in infused} == {28}
    assert {block.phase.cycle_days for block in course.blocks[:1]} == {42}


def test_no_intrathecal_dose_is_made_up_where_days_and_doses_were_not_found():
    for protocol_id in ("ponatinib-blinatumomab", "all2820", "phallcon"):
        found = protocol(protocol_id)
        assert [one.id for phase in found.phases for one in phase.orders if one.role == "intrathecal"] == []
        assert "ntrathecal" in found.phases[0].note + found.phases[1].note


def test_ponatinib_30_mg_for_years_without_response_is_marked_as_recalled():
    orders = {one.id: one for one in protocol("ponatinib-blinatumomab").phase("maintenance").orders}
    assert orders["ponatinib-30"].evidence is Evidence.UNVERIFIED
    assert {one.evidence for key, one in orders.items() if key != "ponatinib-30"} == {Evidence.TRIAL}


# ---------------------------------------------------------------- ALL2820


@pytest.mark.parametrize(
    ("age", "choice", "days_of_45"),
    [(64, "day-28", 27), (64, "day-29", 28), (66, "day-28", 0), (66, "day-29", 0)],
)
def test_all2820_gives_45_mg_below_65_years_only_and_30_mg_to_all_by_day_28(age, choice, days_of_45):
    course = schedule_of(plan_of("all2820", patient(age=age), {"ponatinib-step": choice}))
    induction = [event for event in given(course, "ponatinib") if event.placed.block.phase.id == "induction"]
    assert [event.cycle_day for event in induction] == list(range(1, 71))
    assert [event.dose.value for event in induction] == [45] * days_of_45 + [30] * (70 - days_of_45)


def test_all2820_draws_no_first_dose_at_exactly_65_years_because_no_source_says_which():
    course = schedule_of(plan_of("all2820", patient(age=65)))
    induction = [event for event in given(course, "ponatinib") if event.placed.block.phase.id == "induction"]
    assert [event.dose.value for event in induction] == [None] * 27 + [30] * 43
    assert induction[0].dose.missing == "the protocol gives no dose for this patient"


@pytest.mark.parametrize(
    ("answers", "cycles"),
    [
        ({"response": "no-chr"}, 0),
        ({"response": "chr", "after_cycle_2": "transplant"}, 2),
        ({"response": "chr", "after_cycle_2": "further"}, 5),
    ],
)
def test_all2820_gives_two_to_five_blinatumomab_cycles(answers, cycles):
    course = schedule_of(plan_of("all2820", patient(), **answers))
    infused = given(course, "blinatumomab")
    assert [(event.placed.cycle, event.cycle_day) for event in infused] == [
        (cycle, day) for cycle in range(1, cycles + 1) for day in range(1, 29)
    ]
    assert {event.placed.evidence for event in infused} <= {Evidence.UNVERIFIED}


# ---------------------------------------------------------------- PhALLCON


@pytest.mark.parametrize(
    ("answers", "consolidation", "maintenance"),
    [
        ({}, 15, 15),
        ({"eoi": "mrd-negative", "mrd_9": "no"}, 15, 15),
        ({"eoi": "mrd-positive", "mrd_9": "yes"}, 30, 15),
        ({"eoi": "mrd-positive", "mrd_9": "no"}, 30, 30),
    ],
)
def test_phallcon_lowers_ponatinib_to_15_mg_once_mrd_is_negative_at_or_after_cycle_3(
    answers, consolidation, maintenance
):
    course = schedule_of(plan_of("phallcon", patient(), **answers))
    assert doses_of(course, "ponatinib", "induction") == [{30}] * 3
    assert doses_of(course, "ponatinib", "consolidation") == [{consolidation}] * 6
    assert doses_of(course, "ponatinib", "maintenance") == [{maintenance}] * 11
    assert doses_of(course, "ponatinib", "tki-alone") == [{maintenance}]


def test_phallcon_is_20_cycles_of_28_days_and_stops_for_transplant():
    course = schedule_of(plan_of("phallcon", patient()))
    cycles = [cycle for block in course.blocks for cycle in block.cycles]
    assert [cycle.number for cycle in cycles] == [*range(1, 21), 1]
    assert {cycle.end - cycle.start for cycle in cycles} == {28}
    left = schedule_of(plan_of("phallcon", patient(), eoi="transplant"))
    assert [block.phase.id for block in left.blocks] == ["induction"]


def test_phallcon_with_imatinib_is_600_mg_all_along_and_no_ponatinib():
    course = schedule_of(plan_of("phallcon", patient(), {"tki": "imatinib"}))
    assert {event.dose.value for event in given(course, "imatinib")} == {600}
    assert len(given(course, "imatinib")) == 21 * 28
    assert given(course, "ponatinib") == []


@pytest.mark.parametrize(("age", "dexamethasone", "methotrexate"), [(59, 40, "1,000 mg/m2"), (60, 20, "250 mg/m2")])
def test_phallcon_lowers_steroid_and_methotrexate_from_60_years(age, dexamethasone, methotrexate):
    facts = {"age": Decimal(age)}
    first = drugs_of("phallcon", "induction", 1, facts)
    assert first["dexamethasone", "PO"] == ([1, 2, 3, 4, 11, 12, 13, 14], {f"{dexamethasone} mg/day"})
    assert first["vincristine", "IV"] == ([1, 14], {"1.4 mg/m2"})
    for cycle in (4, 6, 8):
        assert drugs_of("phallcon", "consolidation", cycle, facts)["methotrexate", "IV"] == ([1], {methotrexate})
        assert ("cytarabine", "IV") not in drugs_of("phallcon", "consolidation", cycle, facts)
    for cycle in (5, 7, 9):
        assert drugs_of("phallcon", "consolidation", cycle, facts)["cytarabine", "IV"] == ([1, 3, 5], {"none"})
        assert ("methotrexate", "IV") not in drugs_of("phallcon", "consolidation", cycle, facts)


def test_phallcon_caps_vincristine_at_2_mg_and_names_no_dose_where_none_was_read():
    course = schedule_of(plan_of("phallcon", patient()))
    induction = [one for one in given(course, "vincristine") if one.placed.block.phase.id == "induction"]
    assert [(one.dose.value, one.dose.capped) for one in induction] == [(2, True)] * 6
    undosed = {
        (phase.id, one.agent)
        for phase in protocol("phallcon").phases
        for one in phase.orders
        if one.bands[0].dose is None
    }
    assert undosed == {
        ("consolidation", "leucovorin"),
        ("consolidation", "cytarabine"),
        ("maintenance", "vincristine"),
        ("maintenance", "prednisone"),
    }
