"""E1910 as a skeleton: the order, the decision points and blinatumomab are there, no recalled chemotherapy is."""

from decimal import Decimal

import pytest

from planner.model.civil import add_months
from planner.model.evidence import Evidence
from tests.resources.reading import drugs_of, given, patient, plan_of, protocol, schedule_of

ORDER = ["blinatumomab", "blinatumomab", "chemo", "chemo", "chemo", "blinatumomab", "chemo", "blinatumomab"]


def cycles(schedule):
    """Phase of every cycle in order of time."""
    return [block.phase.id for block in schedule.blocks for _ in block.cycles]


def test_the_courses_run_b_b_c_c_c_b_c_b_between_intensification_and_maintenance():
    course = schedule_of(plan_of("e1910", patient(age=45), remission="cr", mrd="negative"))
    found = cycles(course)
    assert found[:3] == ["induction-1", "induction-2", "intensification"]
    assert found[3:11] == ORDER
    assert set(found[11:]) == {"maintenance"}
    assert [c.number for block in course.blocks if block.phase.id == "blinatumomab" for c in block.cycles] == [
        1,
        2,
        3,
        4,
    ]
    assert not any(block.provisional for block in course.blocks)


@pytest.mark.parametrize("arm", ["blinatumomab", "chemotherapy"])
def test_maintenance_ends_30_months_after_the_first_day_of_intensification(arm):
    course = schedule_of(plan_of("e1910", patient(age=45), {"arm": arm}, remission="cr", mrd="negative"))
    blocks = {block.phase.id: block for block in course.blocks}
    begins = blocks["intensification"].start
    until = add_months(course.events[0].date.fromordinal(begins), 30)
    assert blocks["maintenance"].end == until.toordinal()


def test_the_other_arm_and_the_other_answers_leave_out_what_they_should():
    chemotherapy = schedule_of(
        plan_of("e1910", patient(age=45), {"arm": "chemotherapy"}, remission="cr", mrd="negative")
    )
    assert cycles(chemotherapy)[3:7] == ["chemo"] * 4
    positive = schedule_of(plan_of("e1910", patient(age=45), remission="cr", mrd="positive"))
    assert cycles(positive)[3:11] == ORDER
    both = schedule_of(plan_of("e1910", patient(age=45), {"arm": "chemotherapy"}, remission="cr", mrd="positive"))
    assert cycles(both)[3:11] == ORDER
    transplant = schedule_of(plan_of("e1910", patient(age=45), remission="cr", mrd="transplant"))
    assert cycles(transplant)[-2:] == ["intensification", "what-comes-next-2"]
    left = schedule_of(plan_of("e1910", patient(age=45), remission="no-cr"))
    assert cycles(left) == ["induction-1", "induction-2", "what-comes-next"]


def test_blinatumomab_is_28_mcg_a_day_for_28_days_of_42_without_a_step():
    course = schedule_of(plan_of("e1910", patient(age=45), remission="cr", mrd="negative"))
    infused = given(course, "blinatumomab")
    assert len(infused) == 4 * 28
    assert {(event.dose.value, event.dose.unit) for event in infused} == {(Decimal(28), "mcg")}
    assert protocol("e1910").phase("blinatumomab").cycle_days == 42
    premedication = given(course, "dexamethasone", "IV")
    assert [event.dose.value for event in premedication] == [20] * 4


@pytest.mark.parametrize(
    ("age", "steroid", "asparaginase"), [(54, [*range(1, 8), *range(15, 22)], [18]), (55, [*range(1, 8)], [])]
)
def test_induction_part_1_has_the_days_of_the_listing_and_no_dose(age, steroid, asparaginase):
    found = drugs_of("e1910", "induction-1", 1, {"age": Decimal(age)})
    assert {key: days for key, (days, _) in found.items() if days} == {
        ("cytarabine", "IT"): [1],
        ("daunorubicin", "IV"): [1, 8, 15, 22],
        ("vincristine", "IV"): [1, 8, 15, 22],
        ("dexamethasone", "PO"): steroid,
        ("methotrexate", "IT"): [14],
        **({("pegaspargase", "IM"): asparaginase} if asparaginase else {}),
    }
    assert {dose for _, doses in found.values() for dose in doses} == {"none"}


def test_only_blinatumomab_and_its_premedication_have_a_dose():
    orders = [(phase.id, order) for phase in protocol("e1910").phases for order in phase.orders]
    dosed = {(phase, order.agent) for phase, order in orders if any(band.dose for band in order.bands)}
    assert dosed == {("blinatumomab", "blinatumomab"), ("blinatumomab", "dexamethasone")}
    assert {phase for phase, _ in orders} == {"induction-1", "blinatumomab"}
    markers = [one for phase in protocol("e1910").phases for one in phase.assessments if one.id == "to-enter"]
    assert len(markers) == 6, "two of them where an answer leads out of the protocol"
    assert {one.evidence for one in markers} == {Evidence.LOCAL}


def test_mrd_is_read_after_intensification_and_after_the_second_blinatumomab_cycle():
    found = [
        (phase.id, one.cycles) for phase in protocol("e1910").phases for one in phase.assessments if one.topic == "mrd"
    ]
    assert found == [("intensification", ()), ("blinatumomab", (2,))]
    assert {one.id: (one.phase, one.expected) for one in protocol("e1910").decisions} == {
        "remission": ("induction-2", "cr"),
        "mrd": ("intensification", "negative"),
    }
