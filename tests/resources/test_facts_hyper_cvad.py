"""Hyper-CVAD A and B against a second reading of Thomas 2010, table 1, and of the centre's registry records."""

from decimal import Decimal

import pytest

from planner.model.civil import add_months
from planner.model.evidence import Evidence
from tests.resources.reading import drugs_of, given, patient, plan_of, protocol, schedule_of, with_markers

ADULT = {"age": Decimal(40), "cd20": "positive"}
PART_A = {
    ("cyclophosphamide", "IV"): ([1], {"300 mg/m2"}),
    ("mesna", "IV"): ([1, 2, 3], {"600 mg/m2/day"}),
    ("doxorubicin", "IV"): ([4], {"50 mg/m2"}),
    ("vincristine", "IV"): ([4, 11], {"2 mg"}),
    ("dexamethasone", "PO"): ([1, 2, 3, 4, 11, 12, 13, 14], {"40 mg/day"}),
    ("rituximab", "IV"): ([1, 11], {"375 mg/m2"}),
    ("methotrexate", "IT"): ([2], {"12 mg"}),
    ("cytarabine", "IT"): ([8], {"100 mg"}),
    ("filgrastim", "SC"): ([5], {"5 mcg/kg/day"}),
}
PART_B = {
    ("methotrexate", "IV"): ([1, 1], {"200 mg/m2", "800 mg/m2"}),
    ("cytarabine", "IV"): ([2], {"3 g/m2"}),
    ("methylprednisolone", "IV"): ([1], {"50 mg"}),
    ("leucovorin", "IV"): ([2, 3], {"50 mg", "15 mg"}),
    ("rituximab", "IV"): ([1, 8], {"375 mg/m2"}),
    ("methotrexate", "IT"): ([2], {"12 mg"}),
    ("cytarabine", "IT"): ([8], {"100 mg"}),
    ("filgrastim", "SC"): ([5], {"5 mcg/kg/day"}),
    ("alkaline-fluids", "IV"): ([1, 2, 3, 4], {"none"}),
}
POMP = {
    ("mercaptopurine", "PO"): ([1], {"50 mg"}),
    ("methotrexate", "PO"): ([1, 8, 15, 22], {"20 mg/m2"}),
    ("vincristine", "IV"): ([1], {"2 mg"}),
    ("prednisone", "PO"): ([1, 2, 3, 4, 5], {"200 mg"}),
}


def totals(schedule, agent, route="IV"):
    """Sum of the protocol doses by m2, in mg/m2."""
    found = [event.dose.protocol_dose for event in given(schedule, agent, route)]
    grams = sum(Decimal(text.removesuffix(" g/m2")) for text in found if text.endswith(" g/m2"))
    milligrams = sum(Decimal(text.removesuffix(" mg/m2")) for text in found if text.endswith(" mg/m2"))
    return grams * 1000 + milligrams


@pytest.mark.parametrize(
    ("phase", "cycle", "table"),
    [
        ("part-a", 1, PART_A),
        ("part-a", 3, PART_A),
        ("part-b", 2, PART_B),
        ("part-b", 4, PART_B),
        ("pomp", 1, POMP),
        ("pomp-later", 6, POMP),
    ],
)
def test_every_drug_stands_on_its_days_with_its_dose_and_no_other_drug_is_there(phase, cycle, table):
    assert drugs_of("hyper-cvad", phase, cycle, ADULT) == table


def test_part_a_and_b_take_turns_every_21_days_and_pomp_follows():
    course = schedule_of(plan_of("hyper-cvad", patient(age=40)))
    intensive = [(block.phase.id, block.cycles[0].number) for block in course.blocks[:8]]
    assert intensive == [(("part-a", "part-b")[number % 2], number + 1) for number in range(8)]
    assert [block.start - course.blocks[0].start for block in course.blocks[:9]] == [21 * n for n in range(9)]
    assert course.blocks[8].phase.id == "pomp"


@pytest.mark.parametrize(("age", "cytarabine"), [(59, 3000), (60, 1000)])
def test_sums_of_the_eight_courses(age, cytarabine):
    course = schedule_of(plan_of("hyper-cvad", patient(age=age)))
    assert totals(course, "cyclophosphamide") == 4 * 1800
    assert totals(course, "doxorubicin") == 200
    assert totals(course, "methotrexate") == 4 * 1000
    assert totals(course, "cytarabine") == 4 * 4 * cytarabine
    assert len(given(course, "methylprednisolone")) == 4 * 6


@pytest.mark.parametrize("doses", [16, 8, 6, 4])
def test_intrathecal_doses_are_as_many_as_the_risk_asks_for_two_in_each_of_the_first_courses(doses):
    course = schedule_of(plan_of("hyper-cvad", patient(age=40), {"intrathecal": f"it-{doses}"}))
    found = given(course, "methotrexate", "IT") + given(course, "cytarabine", "IT")
    assert len(found) == doses
    assert {event.placed.cycle for event in found} == set(range(1, doses // 2 + 1))


def test_rituximab_is_eight_doses_for_cd20_only():
    positive, negative = (with_markers(patient(age=40), cd20=sign) for sign in ("positive", "negative"))
    doses = given(schedule_of(plan_of("hyper-cvad", positive)), "rituximab")
    assert [(event.placed.cycle, event.cycle_day) for event in doses] == [
        (1, 1), (1, 11), (2, 1), (2, 8), (3, 1), (3, 11), (4, 1), (4, 8),
    ]  # fmt: skip
    assert given(schedule_of(plan_of("hyper-cvad", negative)), "rituximab") == []
    assert given(schedule_of(plan_of("hyper-cvad", positive, {"rituximab": "none"})), "rituximab") == []


def hours_from_methotrexate(choice):
    """Hours from the start of methotrexate to each leucovorin dose of course 2."""
    course = schedule_of(plan_of("hyper-cvad", patient(age=40), {"leucovorin": choice}))
    first = next(event for event in given(course, "methotrexate", "IV"))
    rescue = [event for event in given(course, "leucovorin") if event.placed.cycle == 2]
    return [((event.day - first.day) * 1440 + event.minute - first.minute) / 60 for event in rescue]


def test_leucovorin_starts_12_h_after_the_24_h_of_methotrexate_then_every_6_h_eight_times():
    assert hours_from_methotrexate("after-end") == [36, *range(42, 42 + 48, 6)]
    assert hours_from_methotrexate("from-36-h") == [36]
    assert hours_from_methotrexate("from-24-h") == [*range(24, 60, 6)]


def test_the_other_vincristine_days_are_1_and_11():
    other = drugs_of("hyper-cvad", "part-a", 1, {**ADULT, "variant.vincristine-days": "day-1-11"})
    assert other["vincristine", "IV"] == ([1, 11], {"2 mg"})
    assert ("vincristine", "IV") not in drugs_of("hyper-cvad", "part-b", 2, ADULT)


@pytest.mark.parametrize("months", [24, 30])
@pytest.mark.parametrize("late", ["none", "months-6-and-18"])
def test_pomp_ends_so_many_months_after_its_first_day(months, late):
    choices = {"maintenance-length": f"months-{months}", "late-intensification": late}
    course = schedule_of(plan_of("hyper-cvad", patient(age=40), choices))
    taken = [event.date for event in given(course, "mercaptopurine")]
    assert max(taken).toordinal() == add_months(min(taken), months).toordinal() - 1


def test_late_intensification_stands_in_months_6_and_7_18_and_19_and_adds_100_mg_per_m2_of_doxorubicin():
    course = schedule_of(plan_of("hyper-cvad", patient(age=40), {"late-intensification": "months-6-and-18"}))
    pomp = next(block for block in course.blocks if block.phase.id == "pomp")
    late = [block for block in course.blocks if block.phase.id.startswith("late-")]
    assert [((block.start - pomp.start) // 28 + 1, block.phase.id) for block in late] == [
        (6, "late-hyper-cvad"),
        (7, "late-methotrexate"),
        (18, "late-hyper-cvad"),
        (19, "late-methotrexate"),
    ]
    assert totals(course, "doxorubicin") == 300
    assert drugs_of("hyper-cvad", "late-methotrexate") == {
        ("methotrexate", "IV"): ([1], {"none"}),
        ("vincristine", "IV"): ([1], {"none"}),
        ("pegaspargase", "IV"): ([2], {"none"}),
    }


def test_the_recalled_methotrexate_dose_of_pomp_is_marked_as_such():
    orders = {order.id: order for order in protocol("hyper-cvad").phase("pomp").orders}
    assert orders["methotrexate-oral"].evidence is Evidence.UNVERIFIED
    assert "not read in a source" in orders["methotrexate-oral"].note
