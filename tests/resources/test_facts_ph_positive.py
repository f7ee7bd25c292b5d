"""TKI with blinatumomab or chemotherapy in Ph-positive ALL: a second reading of abstracts, records and labels."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from msgspec.structs import replace

from planner.model.evidence import Evidence
from planner.model.protocol import TO_ENTER
from tests.resources.reading import START, drugs_of, given, patient, plan_of, protocol, schedule_of, with_markers


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
        drawn = [phase for phase in found.phases if phase.orders]
        marks = [one for phase in drawn for one in phase.assessments if one.topic == TO_ENTER]
        assert marks
        assert all("intrathecal" in one.title and one.evidence is Evidence.LOCAL for one in marks)


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


def test_all2820_keeps_its_dose_on_a_birthday_within_induction():
    """Ponatinib lost its dose on the day on which somebody of 64 became 65."""
    who = replace(patient(), birth_date=date(START.year - 65, START.month, START.day + 15))
    course = schedule_of(plan_of("all2820", who))
    doses = [event.dose.value for event in given(course, "ponatinib") if event.placed.block.phase.id == "induction"]
    assert doses == [45] * 27 + [30] * 43


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
    assert [block.phase.id for block in left.blocks] == ["induction", "what-comes-next"]


def test_phallcon_asks_after_cycle_9_only_where_the_answer_changes_a_dose():
    """It was asked with imatinib too, and after a remission without MRD, where it led nowhere."""
    asked = {}
    for tki, eoi in product(("ponatinib", "imatinib"), ("mrd-negative", "mrd-positive")):
        course = schedule_of(plan_of("phallcon", patient(), {"tki": tki}, eoi=eoi))
        asked[tki, eoi] = any(
            getattr(event.placed.order, "question", "").endswith("cycle 9?") for event in course.events
        )
    assert [those for those, so in asked.items() if so] == [("ponatinib", "mrd-positive")]


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
        ("consolidation", "intravenous-fluids"),
        ("consolidation", "cytarabine"),
        ("maintenance", "vincristine"),
        ("maintenance", "prednisone"),
    }


# ---------------------------------------------------------------- hyper-CVAD with a TKI

HYPER = ("hyper-cvad-ponatinib", "hyper-cvad-dasatinib")
DAY = 1440


def by_m2(course, agent, phases=("part-a", "part-b")):
    """Sum of the protocol doses by m2 in those phases, in mg/m2."""
    texts = [one.dose.protocol_dose for one in given(course, agent, "IV") if one.placed.block.phase.id in phases]
    return sum(Decimal(text.split()[0]) * (1000 if " g/" in text else 1) for text in texts)


@pytest.mark.parametrize("protocol_id", HYPER)
@pytest.mark.parametrize(("age", "cytarabine"), [(59, 3000), (60, 1000)])
def test_hyper_cvad_with_a_tki_has_the_sums_of_the_backbone(protocol_id, age, cytarabine):
    course = schedule_of(plan_of(protocol_id, with_markers(patient(age=age), cd20="positive")))
    assert by_m2(course, "cyclophosphamide") == 4 * 1800
    assert by_m2(course, "doxorubicin") == 200
    assert by_m2(course, "methotrexate") == 4 * 1000
    assert by_m2(course, "cytarabine") == 4 * 4 * cytarabine
    assert by_m2(course, "rituximab") == 8 * 375
    assert len(given(course, "methylprednisolone")) == 4 * 6
    first = given(course, "vincristine")[:8]
    assert {event.dose.value for event in first} == {2}


@pytest.mark.parametrize("protocol_id", HYPER)
def test_hyper_cvad_with_a_tki_takes_turns_every_21_days_eight_times(protocol_id):
    course = schedule_of(plan_of(protocol_id, patient()))
    found = [(block.phase.id, block.cycles[0].number, block.start - course.blocks[0].start) for block in course.blocks]
    parts = [(("part-a", "part-b")[number % 2], number + 1, 21 * number) for number in range(8)]
    assert found == [*parts, ("maintenance", 1, 168), ("tki-alone", 1, 168 + 26 * 28)]


@pytest.mark.parametrize("protocol_id", HYPER)
def test_hyper_cvad_with_a_tki_gives_leucovorin_12_h_after_methotrexate_then_every_6_h_eight_times(protocol_id):
    course = schedule_of(plan_of(protocol_id, patient()))
    first = given(course, "methotrexate", "IV")[0]
    rescue = [event for event in given(course, "leucovorin") if event.placed.cycle == 2]
    hours = [((one.day - first.day) * DAY + one.minute - first.minute) / 60 for one in rescue]
    assert hours == [36, *range(42, 90, 6)]
    assert [event.dose.value for event in rescue] == [50] + [15] * 8


@pytest.mark.parametrize(
    ("protocol_id", "default", "other"),
    [("hyper-cvad-ponatinib", [1, 11], "day-4-11"), ("hyper-cvad-dasatinib", [4, 11], "day-1-11")],
)
def test_vincristine_days_are_those_of_each_trials_record_with_the_others_as_a_choice(protocol_id, default, other):
    assert drugs_of(protocol_id, "part-a", 1)["vincristine", "IV"] == (default, {"2 mg"})
    changed = drugs_of(protocol_id, "part-a", 1, {"variant.vincristine-days": other})
    assert changed["vincristine", "IV"] == ([int(day) for day in other.split("-")[1:]], {"2 mg"})
    assert ("vincristine", "IV") not in drugs_of(protocol_id, "part-b", 2)


def test_hyper_cvad_with_ponatinib_has_12_intrathecal_doses_on_the_days_of_its_record():
    course = schedule_of(plan_of("hyper-cvad-ponatinib", patient()))
    found = [
        (event.placed.cycle, event.cycle_day, event.placed.order.agent, event.dose.value)
        for event in course.events
        if event.placed.role == "intrathecal"
    ]
    odd = [(2, "methotrexate", 12), (7, "cytarabine", 100)]
    even = [(5, "cytarabine", 100), (8, "methotrexate", 12)]
    assert found == [(cycle, *dose) for cycle in range(1, 7) for dose in (odd if cycle % 2 else even)]


@pytest.mark.parametrize(("choice", "courses"), [("it-8", 4), ("it-6", 3)])
def test_hyper_cvad_with_dasatinib_has_6_or_8_intrathecal_doses(choice, courses):
    course = schedule_of(plan_of("hyper-cvad-dasatinib", patient(), {"intrathecal": choice}))
    found = [(event.placed.cycle, event.cycle_day) for event in course.events if event.placed.role == "intrathecal"]
    assert found == [(cycle, day) for cycle in range(1, courses + 1) for day in (2, 8)]


@pytest.mark.parametrize(
    ("answers", "courses", "afterwards"),
    [
        ({}, [30, 30, 15, 15, 15, 15, 15], 15),
        ({"cmr_1": "yes"}, [15] * 7, 15),
        ({"cmr_1": "no", "cmr_3": "no"}, [30, 30, 30, 30, 30, 15, 15], 15),
        ({"cmr_1": "no", "cmr_3": "no", "cmr_6": "no"}, [30] * 7, 15),
        ({"cmr_1": "no", "cmr_3": "no", "cmr_6": "no", "cmr_8": "no"}, [30] * 7, 30),
    ],
)
def test_hyper_cvad_gives_ponatinib_45_mg_for_14_days_then_30_mg_then_15_mg_on_response(answers, courses, afterwards):
    course = schedule_of(plan_of("hyper-cvad-ponatinib", patient(), **answers))
    found = tki_by_cycle(course, "ponatinib")
    assert found["part-a", 1] == ({45}, list(range(1, 15)))
    later = [found[("part-a", "part-b")[cycle % 2 == 0], cycle] for cycle in range(2, 9)]
    assert later == [({dose}, list(range(1, 22))) for dose in courses]
    assert doses_of(course, "ponatinib", "maintenance") == [{afterwards}] * 26
    assert doses_of(course, "ponatinib", "tki-alone") == [{afterwards}]


@pytest.mark.parametrize(("dose", "a_day", "single"), [("once", 1, 100), ("twice", 2, 50)])
def test_hyper_cvad_gives_dasatinib_100_mg_a_day_on_days_1_to_14_of_each_course(dose, a_day, single):
    course = schedule_of(plan_of("hyper-cvad-dasatinib", patient(), {"dasatinib-dose": dose}))
    found = tki_by_cycle(course, "dasatinib")
    for cycle in range(1, 9):
        days = [day for day in range(1, 15) for _ in range(a_day)]
        assert found[("part-a", "part-b")[cycle % 2 == 0], cycle] == ({single}, days)
    assert found["maintenance", 1][0] == {single}
    assert len(found["maintenance", 1][1]) == 28 * a_day


def test_dasatinib_every_day_from_course_2_has_no_dose_because_the_record_gives_none():
    course = schedule_of(plan_of("hyper-cvad-dasatinib", patient(), {"dasatinib-days": "every-day"}))
    found = tki_by_cycle(course, "dasatinib")
    assert found["part-a", 1] == ({100}, list(range(1, 15)))
    for cycle in range(2, 9):
        assert found[("part-a", "part-b")[cycle % 2 == 0], cycle] == ({None}, list(range(1, 22)))


@pytest.mark.parametrize("protocol_id", HYPER)
def test_recalled_maintenance_doses_are_marked_and_give_way_to_a_further_course_in_months_6_and_13(protocol_id):
    orders = {one.id: one for one in protocol(protocol_id).phase("maintenance").orders}
    doses = ("vincristine", "prednisone", "vincristine-months-6-13", "prednisone-months-6-13")
    # A report on the trial gives those of ponatinib's maintenance; of dasatinib's none was found.
    expected = Evidence.UNVERIFIED if protocol_id == "hyper-cvad-dasatinib" else Evidence.SECONDARY
    assert {orders[key].evidence for key in doses} == {expected}
    recalled = {key for key, one in orders.items() if one.evidence is Evidence.UNVERIFIED}
    assert recalled == (set(doses) if expected is Evidence.UNVERIFIED else set())
    course = schedule_of(plan_of(protocol_id, patient(), {"late-intensification": "months-6-and-13"}))
    late = [one for one in given(course, "doxorubicin") if one.placed.block.phase.id == "maintenance"]
    assert [event.placed.cycle for event in late] == [6, 13]
    assert {one.placed.cycle for one in given(course, "prednisone")} == set(range(1, 27)) - {6, 13}
    assert by_m2(course, "cyclophosphamide", ("maintenance",)) == 2 * 1800
