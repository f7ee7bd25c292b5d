"""EWALL, GRAAPH and PETHEMA courses for Ph-positive ALL: a second reading of abstracts and records."""

from decimal import Decimal

import pytest

from tests.resources.reading import drugs_of, given, patient, plan_of, protocol, schedule_of


def undosed(protocol_id):
    """(phase, agent) of every order without a dose."""
    return {
        (phase.id, one.agent)
        for phase in protocol(protocol_id).phases
        for one in phase.orders
        if one.bands[0].dose is None
    }


# ---------------------------------------------------------------- EWALL-PH-01


@pytest.mark.parametrize(
    ("age", "choice", "dasatinib", "steroid"),
    [(70, "final", 140, 40), (71, "final", 100, None), (71, "early", 140, None), (56, "early", 140, 40)],
)
def test_ewall_induction_by_age(age, choice, dasatinib, steroid):
    course = schedule_of(plan_of("ewall-ph-01", patient(age=age), {"dasatinib-induction": choice}))
    first = [event for event in course.events if event.placed.block.phase.id == "induction" and event.dose is not None]
    by_agent = {}
    for event in first:
        by_agent.setdefault(event.placed.order.agent, []).append((event.cycle_day, event.dose.value))
    assert by_agent["dasatinib"] == [(day, dasatinib) for day in range(1, 29)]
    assert by_agent["vincristine"] == [(day, 1) for day in (1, 8, 15, 22)]
    assert by_agent["dexamethasone"] == [(day, steroid) for day in (1, 2, 8, 9, 15, 16, 22, 23)]


@pytest.mark.parametrize(
    ("age", "methotrexate", "asparaginase", "cytarabine"),
    [(70, "1,000 mg/m2", "10,000 units/m2", "1,000 mg/m2"), (71, "500 mg/m2", "5,000 units/m2", "500 mg/m2")],
)
def test_ewall_consolidation_takes_turns_and_halves_over_70_years(age, methotrexate, asparaginase, cytarabine):
    facts = {"age": Decimal(age)}
    for cycle in (1, 3, 5):
        drugs = drugs_of("ewall-ph-01", "consolidation", cycle, facts)
        assert drugs["methotrexate", "IV"] == ([1], {methotrexate})
        assert drugs["asparaginase-e-coli", "IM"] == ([2], {asparaginase})
        assert ("cytarabine", "IV") not in drugs
    for cycle in (2, 4, 6):
        assert drugs_of("ewall-ph-01", "consolidation", cycle, facts)["cytarabine", "IV"] == ([1, 3, 5], {cytarabine})
    course = schedule_of(plan_of("ewall-ph-01", patient(age=60)))
    assert len(given(course, "cytarabine")) == 3 * 3 * 2


@pytest.mark.parametrize(("choice", "steps", "oral"), [("months-18", 20, False), ("months-24", 26, True)])
def test_ewall_maintenance_runs_without_a_gap_and_without_overlap(choice, steps, oral):
    course = schedule_of(plan_of("ewall-ph-01", patient(age=60), {"maintenance": choice}))
    assert [block.phase.id for block in course.blocks] == [
        "pre-phase",
        "induction",
        "consolidation",
        choice.replace("months", "maintenance"),
        "dasatinib-alone",
    ]
    assert [later.start - earlier.end for earlier, later in zip(course.blocks, course.blocks[1:], strict=False)] == [
        0
    ] * 4
    taken = [one for one in given(course, "dasatinib") if "maintenance" in one.placed.block.phase.id]
    assert len(taken) == 28 * steps
    assert {event.dose.value for event in taken} == {100}
    assert bool(given(course, "mercaptopurine")) is oral
    weekly = given(course, "methotrexate", "PO")
    assert {event.cycle_day for event in weekly} == ({1, 8, 15, 22} if oral else set())
    assert {event.placed.cycle % 2 for event in weekly} == ({1} if oral else set())


def test_ewall_pre_phase_leaves_two_days_free_and_names_no_dose_where_none_was_read():
    course = schedule_of(plan_of("ewall-ph-01", patient(age=60)))
    start = given(course, "dasatinib")[0].day
    before = [event.day - start for event in given(course, "dexamethasone") if event.day < start]
    assert before == [-7, -6, -5, -4, -3]
    assert undosed("ewall-ph-01") == {
        ("induction", "dexamethasone"),
        ("consolidation", "leucovorin"),
        ("consolidation", "dasatinib"),
        ("maintenance-18", "vincristine"),
        ("maintenance-18", "dexamethasone"),
        ("maintenance-24", "vincristine"),
        ("maintenance-24", "dexamethasone"),
    }
    assert [block.phase.id for block in schedule_of(plan_of("ewall-ph-01", patient(), response="no-cr")).blocks] == [
        "pre-phase",
        "induction",
    ]
