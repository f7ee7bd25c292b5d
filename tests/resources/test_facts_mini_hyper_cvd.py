"""Mini-hyper-CVD with inotuzumab against the abstracts and the registry record of NCT01371630."""

from decimal import Decimal

import pytest

from planner.model.civil import add_months
from planner.model.evidence import Evidence
from tests.resources.reading import drugs_of, given, patient, plan_of, protocol, schedule_of, with_markers

ID = "mini-hyper-cvd-inotuzumab"
WHO = with_markers(patient(age=65), cd20="positive")
VERSIONS = ("fractionated", "registry", "first")
ODD = {
    ("cyclophosphamide", "IV"): ([1], {"150 mg/m2"}),
    ("mesna", "IV"): ([1, 2, 3], {"none"}),
    ("vincristine", "IV"): ([1, 8], {"2 mg"}),
    ("dexamethasone", "PO"): ([1, 2, 3, 4, 11, 12, 13, 14], {"20 mg"}),
    ("pegfilgrastim", "SC"): ([4], {"6 mg"}),
}
EVEN = {
    ("methotrexate", "IV"): ([1], {"250 mg/m2"}),
    ("cytarabine", "IV"): ([2], {"0.5 g/m2"}),
    ("leucovorin", "IV"): ([2], {"none"}),
    ("intravenous-fluids", "IV"): ([1, 2, 3, 4], {"none"}),
    ("pegfilgrastim", "SC"): ([4], {"6 mg"}),
}


def schedule(version="fractionated", **choices):
    named = {name.replace("_", "-"): value for name, value in choices.items()}
    return schedule_of(plan_of(ID, WHO, {"version": version, **named}))


@pytest.mark.parametrize("version", VERSIONS)
def test_liver_tests_stand_on_every_day_of_inotuzumab(version):
    """The first version, replaced because of the liver, had none."""
    found = schedule(version)
    tested = {event.day for event in found.events if event.placed.order.id.startswith("liver")}
    assert tested == {event.day for event in given(found, "inotuzumab")}


def cycles(found):
    """(phase, number) of every cycle in order of time."""
    return [(block.phase.id, cycle.number) for block in found.blocks for cycle in block.cycles]


@pytest.mark.parametrize(
    ("phase", "number", "table"),
    [
        ("odd-first-version", 5, ODD),
        ("odd-registry", 7, ODD),
        ("even-first-version", 6, EVEN),
        ("even-registry", 10, EVEN),
    ],
)
def test_later_courses_hold_the_chemotherapy_alone(phase, number, table):
    assert drugs_of(ID, phase, number) == table


@pytest.mark.parametrize(
    ("phase", "number", "table"), [("odd", 1, ODD), ("odd", 3, ODD), ("even", 2, EVEN), ("even", 4, EVEN)]
)
def test_courses_1_to_4_hold_the_same_and_inotuzumab_rituximab_and_intrathecal_doses(phase, number, table):
    found = drugs_of(ID, phase, number, {"cd20": "positive"})
    assert {key: found[key] for key in table} == table
    assert found["rituximab", "IV"] == ([1, 8], {"375 mg/m2"})
    intrathecal = (found["methotrexate", "IT"], found["cytarabine", "IT"])
    odd = (([2], {"12 mg"}), ([8], {"100 mg"}))
    even = (([8], {"12 mg"}), ([5], {"100 mg"}))
    assert intrathecal == (odd if phase == "odd" else even)
    doses = {"0.6 mg/m2", "0.3 mg/m2"} if number == 1 else {"0.3 mg/m2"}
    assert found["inotuzumab", "IV"] == ([2, 8], doses)


@pytest.mark.parametrize("version", ["fractionated", "registry"])
def test_inotuzumab_adds_up_to_2_7_mg_per_m2_with_0_6_on_day_2_of_course_1(version):
    found = [
        (event.placed.cycle, event.cycle_day, Decimal(event.dose.protocol_dose.removesuffix(" mg/m2")))
        for event in given(schedule(version), "inotuzumab")
    ]
    assert found[:2] == [(1, 2, Decimal("0.6")), (1, 8, Decimal("0.3"))]
    assert sum(dose for *_, dose in found) == Decimal("2.7")


def test_the_single_doses_of_the_first_version_are_the_range_of_the_abstracts_and_none_is_computed():
    found = given(schedule("first"), "inotuzumab")
    assert [(event.placed.cycle, event.cycle_day, event.dose.value) for event in found] == [
        (course, 3, None) for course in (1, 2, 3, 4)
    ]
    ranges = [event.dose.protocol_dose for event in found]
    assert ranges == ["1.3 to 1.8 mg/m2", "0.8 to 1.3 mg/m2", "0.8 to 1.3 mg/m2", "0.8 to 1.3 mg/m2"]
    assert {event.placed.evidence for event in found} == {Evidence.TRIAL}


def test_each_version_goes_on_in_its_own_way():
    first_four = [("odd", 1), ("even", 2), ("odd", 3), ("even", 4)]
    found = {version: cycles(schedule(version)) for version in VERSIONS}
    assert {tuple(courses[:4]) for courses in found.values()} == {tuple(first_four)}
    assert found["first"][4:8] == [
        ("odd-first-version", 5), ("even-first-version", 6), ("odd-first-version", 7), ("even-first-version", 8),
    ]  # fmt: skip
    assert found["fractionated"][4:8] == [("blinatumomab", number) for number in (5, 6, 7, 8)]
    assert found["registry"][4:12] == [
        ("blinatumomab-registry", 5), ("blinatumomab-registry", 6), ("odd-registry", 7), ("even-registry", 8),
        ("odd-registry", 9), ("even-registry", 10), ("blinatumomab-registry", 11), ("blinatumomab-registry", 12),
    ]  # fmt: skip


@pytest.mark.parametrize(("choice", "blocks"), [("four", 4), ("three", 3)])
def test_blinatumomab_follows_every_third_pomp_cycle_of_the_fractionated_version(choice, blocks):
    found = [phase for phase, _ in cycles(schedule(maintenance_blinatumomab=choice))[8:]]
    names = ["maintenance-blinatumomab"] * 3 + ["last-blinatumomab"] * (blocks - 3)
    wanted = []
    for number in range(4):
        wanted += ["pomp"] * 3 + names[number : number + 1]
    assert found == wanted


def test_blinatumomab_of_the_registry_version_starts_lower_for_four_days_of_course_5_only():
    infused = given(schedule("registry"), "blinatumomab")
    assert len(infused) == 4 * 28
    undosed = [(event.placed.cycle, event.cycle_day) for event in infused if event.dose.value is None]
    assert undosed == [(5, day) for day in (1, 2, 3, 4)]
    assert {event.dose.value for event in infused if event.dose.value is not None} == {Decimal(28)}
    others = given(schedule(), "blinatumomab")
    assert (len(others), {event.dose.value for event in others}) == (8 * 28, {Decimal(28)})


def test_leucovorin_starts_12_h_after_the_end_of_methotrexate_eight_doses_without_a_number():
    found = schedule()
    start = given(found, "methotrexate", "IV")[0]
    rescue = [event for event in given(found, "leucovorin") if event.placed.cycle == 2]
    assert [(e.day - start.day) * 24 + (e.minute - start.minute) / 60 for e in rescue] == [*range(36, 36 + 48, 6)]
    assert {event.dose.value for event in rescue} == {None}


def test_leucovorin_is_that_of_hyper_cvad_only_where_it_was_chosen():
    course = schedule_of(plan_of(ID, patient(age=65), {"leucovorin": "as-hyper-cvad"}))
    rescue = given(course, "leucovorin")
    for number, methotrexate in enumerate(given(course, "methotrexate", "IV")):
        end = methotrexate.day * 24 + methotrexate.minute / 60 + 24
        mine = rescue[9 * number : 9 * number + 9]
        assert [e.day * 24 + e.minute / 60 - end for e in mine] == [12, *range(18, 66, 6)]
        assert [e.dose.value for e in mine] == [50] + [15] * 8
    assert {e.placed.evidence for e in rescue} == {Evidence.SECONDARY}


@pytest.mark.parametrize(("version", "months"), [("first", 36), ("registry", None), ("fractionated", None)])
def test_pomp_has_twelve_cycles_and_goes_on_to_three_years_in_the_first_version(version, months):
    found = schedule(version)
    assert len(given(found, "vincristine")) == {"first": 8, "registry": 8, "fractionated": 4}[version] + 12
    pomp = [event.date for event in given(found, "mercaptopurine")]
    if months:
        assert max(pomp).toordinal() == add_months(min(pomp), months).toordinal() - 1
    else:
        assert len(pomp) == 12 * 28 * 2
    further = schedule_of(plan_of(ID, WHO, {"version": "registry"}, four_blinatumomab="no"))
    assert further.blocks[-1].phase.id == "pomp-further-registry"


def test_pegfilgrastim_on_day_4_is_an_exemption_with_its_reason():
    assert [(rule, "day 4" in because) for rule, because in protocol(ID).exemptions] == [("GC-02", True)]


def test_pegfilgrastim_is_never_drawn_before_24_h_have_passed_since_chemotherapy():
    orders = [order for phase in protocol(ID).phases for order in phase.orders if order.agent == "pegfilgrastim"]
    assert len(orders) == 6
    assert {(order.days.numbers, order.window.earlier, order.window.later) for order in orders} == {((4,), 0, 2)}
