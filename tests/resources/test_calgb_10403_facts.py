"""CALGB 10403 against a second reading of its sources (AALL0232 record NCT00075725 for the days)."""

from decimal import Decimal
from itertools import pairwise

import pytest

from planner.model.civil import add_months
from planner.model.protocol import TO_ENTER
from tests.resources.reading import agents, given, orders_in_force, patient, plan_of, protocol, schedule_of

# Phase, agent, route, dose as the source has it, days. For CNS1, default variants, cycle 1.
TABLE = [
    ("induction", "allopurinol", "PO", "300 mg/day", [1]),
    ("induction", "cytarabine", "IT", "70 mg", [1]),
    ("induction", "prednisone", "PO", "60 mg/m2/day", [*range(1, 29)]),
    ("induction", "vincristine", "IV", "1.5 mg/m2", [1, 8, 15, 22]),
    ("induction", "daunorubicin", "IV", "25 mg/m2", [1, 8, 15, 22]),
    ("induction", "pegaspargase", "IM", "2,500 units/m2", [4]),
    ("induction", "methotrexate", "IT", "15 mg", [8, 29]),
    ("consolidation", "cyclophosphamide", "IV", "1,000 mg/m2", [1, 29]),
    ("consolidation", "cytarabine", "IV", "75 mg/m2", [1, 2, 3, 4, 8, 9, 10, 11, 29, 30, 31, 32, 36, 37, 38, 39]),
    ("consolidation", "mercaptopurine", "PO", "60 mg/m2", [*range(1, 15), *range(29, 43)]),
    ("consolidation", "vincristine", "IV", "1.5 mg/m2", [15, 22, 43, 50]),
    ("consolidation", "pegaspargase", "IM", "2,500 units/m2", [15, 43]),
    ("consolidation", "methotrexate", "IT", "15 mg", [1, 8, 15, 22]),
    ("interim-maintenance", "vincristine", "IV", "1.5 mg/m2", [1, 11, 21, 31, 41]),
    ("interim-maintenance", "methotrexate", "IV", "100 mg/m2", [1, 11, 21, 31, 41]),
    ("interim-maintenance", "pegaspargase", "IM", "2,500 units/m2", [2, 22]),
    ("interim-maintenance", "methotrexate", "IT", "15 mg", [1, 31]),
    ("delayed-intensification", "vincristine", "IV", "1.5 mg/m2", [1, 8, 15, 43, 50]),
    ("delayed-intensification", "dexamethasone", "PO", "10 mg/m2/day", [*range(1, 8), *range(15, 22)]),
    ("delayed-intensification", "doxorubicin", "IV", "25 mg/m2", [1, 8, 15]),
    ("delayed-intensification", "pegaspargase", "IM", "2,500 units/m2", [4, 43]),
    ("delayed-intensification", "cyclophosphamide", "IV", "1,000 mg/m2", [29]),
    ("delayed-intensification", "cytarabine", "IV", "75 mg/m2", [29, 30, 31, 32, 36, 37, 38, 39]),
    ("delayed-intensification", "thioguanine", "PO", "60 mg/m2", [*range(29, 43)]),
    ("delayed-intensification", "methotrexate", "IT", "15 mg", [1, 29, 36]),
    ("maintenance", "vincristine", "IV", "1.5 mg/m2", [1, 29, 57]),
    ("maintenance", "dexamethasone", "PO", "6 mg/m2/day", [*range(1, 6), *range(29, 34), *range(57, 62)]),
    ("maintenance", "mercaptopurine", "PO", "75 mg/m2", [*range(1, 85)]),
    ("maintenance", "methotrexate", "PO", "20 mg/m2", [8, 15, 22, 36, 43, 50, 57, 64, 71, 78]),
    ("maintenance", "methotrexate", "IT", "15 mg", [1, 29]),
]


def days_and_doses(phase_id, cycle=1, **facts):
    """(agent, route) -> days and dose texts of the orders in force."""
    found = protocol("calgb-10403")
    known = {"cns": "CNS1", **{name.replace("_", "-"): value for name, value in facts.items()}}
    seen: dict[tuple[str, str], tuple[list[int], set[str]]] = {}
    for order in orders_in_force(found, found.phase(phase_id), known):
        if order.in_cycle(cycle):
            days, doses = seen.setdefault((order.agent, order.route), ([], set()))
            days += order.days.numbers
            doses |= {str(band.dose) for band in order.bands}
    return {key: (sorted(days), doses) for key, (days, doses) in seen.items()}


@pytest.mark.parametrize("phase", [*dict.fromkeys(row[0] for row in TABLE)])
def test_every_drug_of_a_course_stands_on_its_days_with_its_dose_and_no_other_drug_is_there(phase):
    wanted = {(agent, route): (days, {dose}) for where, agent, route, dose, days in TABLE if where == phase}
    assert days_and_doses(phase) == wanted


def test_the_courses_follow_each_other_with_the_lengths_of_the_sources():
    found = protocol("calgb-10403")
    assert [(phase.id, phase.cycle_days) for phase in found.phases] == [
        ("induction", 35),
        ("consolidation", 56),
        ("interim-maintenance", 56),
        ("delayed-intensification", 56),
        ("maintenance", 84),
        ("what-comes-next", 28),
    ]
    assert [phase.id for phase in found.phases if "0.75" in phase.start.gate and "75 ×" in phase.start.gate] == [
        "consolidation",
        "delayed-intensification",
    ]
    mid_phase = [
        phase.id
        for phase in found.phases
        for one in phase.assessments
        if (one.topic, one.days.numbers) == ("counts", (29,))
    ]
    assert mid_phase == ["consolidation", "delayed-intensification"]


def test_cns3_moves_two_intrathecal_doses_from_consolidation_to_induction():
    cns3 = [days_and_doses(phase, cns="CNS3")["methotrexate", "IT"][0] for phase in ("induction", "consolidation")]
    assert cns3 == [[8, 15, 22, 29], [1, 8]]


def test_where_sources_disagree_the_other_choice_moves_the_days_and_nothing_else():
    interim = days_and_doses("interim-maintenance", **{"variant.it-interim": "day-21"})
    assert interim["methotrexate", "IT"][0] == [1, 21]
    delayed = days_and_doses("delayed-intensification", **{"variant.cytarabine-delayed": "day-30"})
    assert delayed["cytarabine", "IV"][0] == [30, 31, 32, 33, 37, 38, 39, 40]
    maintenance = days_and_doses("maintenance", **{"variant.maintenance-steroid": "prednisone"})
    assert maintenance["prednisone", "PO"] == (sorted([*range(1, 6), *range(29, 34), *range(57, 62)]), {"40 mg/m2/day"})
    assert ("dexamethasone", "PO") not in maintenance


def test_every_vincristine_dose_is_capped_at_2_mg():
    orders = [
        order for phase in protocol("calgb-10403").phases for order in phase.orders if order.agent == "vincristine"
    ]
    assert [str(band.cap) for order in orders for band in order.bands] == ["2 mg"] * 5


def test_steroids_are_divided_over_two_doses_a_day():
    orders = {
        (phase.id, order.agent): order.doses_per_day
        for phase in protocol("calgb-10403").phases
        for order in phase.orders
        if order.agent in ("prednisone", "dexamethasone")
    }
    assert orders["induction", "prednisone"] == 2
    assert orders["delayed-intensification", "dexamethasone"] == 2
    assert orders["maintenance", "dexamethasone"] == 2


def test_a_big_patient_gets_pegaspargase_uncapped_unless_the_site_chooses_one_vial():
    big = patient(kg="110", height_cm="190")
    uncapped = given(schedule_of(plan_of("calgb-10403", big)), "pegaspargase")
    capped = given(schedule_of(plan_of("calgb-10403", big, {"pegaspargase-cap": "one-vial"})), "pegaspargase")
    assert {event.dose.value > 3750 for event in uncapped} == {True}
    assert {event.dose.value for event in capped} == {Decimal(3750)}


@pytest.fixture(scope="module")
def course():
    return schedule_of(plan_of("calgb-10403", patient(), response="cr"))


def test_the_whole_course_has_seven_pegaspargase_doses_never_closer_than_14_days(course):
    days = [event.day for event in given(course, "pegaspargase")]
    assert len(days) == 7
    assert min(later - earlier for earlier, later in pairwise(days)) == 15


def test_vincristine_doses_are_never_closer_than_a_week(course):
    days = [event.day for event in given(course, "vincristine")]
    assert min(later - earlier for earlier, later in pairwise(days)) == 7


def test_the_anthracyclines_add_up_to_100_and_75_mg_per_m2_which_is_135_as_doxorubicin(course):
    doses = {"daunorubicin": Decimal(0), "doxorubicin": Decimal(0)}
    for agent in doses:
        for event in given(course, agent):
            doses[agent] += Decimal(event.dose.protocol_dose.removesuffix(" mg/m2"))
    assert doses == {"daunorubicin": 100, "doxorubicin": 75}
    factors = {agent.id: agent.doxorubicin_factor for agent in agents().values()}
    assert sum(dose * factors[agent] for agent, dose in doses.items()) == 135


def test_interim_methotrexate_rises_from_100_to_300_mg_per_m2(course):
    doses = [event.dose.protocol_dose for event in given(course, "methotrexate", "IV")]
    assert doses == ["100 mg/m2", "150 mg/m2", "200 mg/m2", "250 mg/m2", "300 mg/m2"]


@pytest.mark.parametrize("radiotherapy", ["no", "yes"])
def test_oral_methotrexate_is_weekly_and_never_on_an_intrathecal_day(radiotherapy):
    course = schedule_of(plan_of("calgb-10403", patient(), {"cranial-radiotherapy": radiotherapy}, response="cr"))
    oral = [event.day for event in given(course, "methotrexate", "PO")]
    intrathecal = {event.day for event in given(course, "methotrexate", "IT")}
    assert len(oral) == len(set(oral))
    assert not intrathecal.intersection(oral)
    assert {(later - earlier) % 7 for earlier, later in pairwise(oral)} == {0}
    maintenance = next(block for block in course.blocks if block.phase.id == "maintenance")
    on_day_29 = {cycle.start + 28 for cycle in maintenance.cycles[:4]}
    assert on_day_29.issubset(set(oral) if radiotherapy == "yes" else intrathecal)


@pytest.mark.parametrize(
    ("sex", "duration", "months"),
    [("female", "by-sex", 24), ("male", "by-sex", 36), ("female", "two-years", 24), ("male", "two-years", 24)],
)
def test_maintenance_ends_so_many_months_after_the_first_day_of_interim_maintenance(sex, duration, months):
    course = schedule_of(plan_of("calgb-10403", patient(sex=sex), {"duration": duration}, response="cr"))
    interim = next(block for block in course.blocks if block.phase.id == "interim-maintenance")
    first = given(course, "methotrexate", "IV")[0].date
    assert first.toordinal() == interim.start
    last = max(event.date for event in given(course, "mercaptopurine"))
    assert last.toordinal() == add_months(first, months).toordinal() - 1


def test_without_remission_the_next_treatment_is_to_be_entered_after_induction():
    """Nothing followed on any sheet: a leukaemia without remission read as one whose treatment is over."""
    left = schedule_of(plan_of("calgb-10403", patient(), response="no-cr"))
    assert [block.phase.id for block in left.blocks] == ["induction", "what-comes-next"]
    assert left.blocks[1].phase.orders == ()
    assert [one.topic for one in left.blocks[1].phase.assessments] == [TO_ENTER]
