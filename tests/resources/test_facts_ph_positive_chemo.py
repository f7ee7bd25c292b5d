"""EWALL, GRAAPH and PETHEMA courses for Ph-positive ALL: a second reading of abstracts and records."""

from decimal import Decimal
from itertools import pairwise

import pytest
from msgspec.structs import replace

from planner.content.protocol_file import make_pin
from planner.model.evidence import Evidence
from planner.model.library import ShelvedProtocol
from planner.model.plan import BlockStart, DecisionTaken, Deferral, Scope
from planner.services.verbs.editing import defer
from planner.services.verbs.placing import add_phase, new_plan
from tests.resources.reading import (
    START,
    drugs_of,
    given,
    patient,
    plan_of,
    protocol,
    protocol_text,
    schedule_of,
)


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
    facts = {"age_at_entry": Decimal(age)}
    for cycle in (1, 3, 5):
        drugs = drugs_of("ewall-ph-01", "consolidation", cycle, facts)
        assert drugs["methotrexate", "IV"] == ([1], {methotrexate})
        assert drugs["asparaginase-e-coli", "IM"] == ([2], {asparaginase})
        assert ("cytarabine", "IV") not in drugs
    for cycle in (2, 4, 6):
        assert drugs_of("ewall-ph-01", "consolidation", cycle, facts)["cytarabine", "IV"] == ([1, 3, 5], {cytarabine})
    course = schedule_of(plan_of("ewall-ph-01", patient(age=age)))
    doses = [event.dose.protocol_dose for event in given(course, "cytarabine")]
    assert doses == [cytarabine] * 18, "the age on entry counts, also after a birthday"


@pytest.mark.parametrize("day", [1, 3])
def test_ewall_consolidation_that_is_put_off_has_dasatinib_on_no_day_of_chemotherapy(day):
    """It is given in turn with chemotherapy; it stayed on its days and met cytarabine of a course put off."""
    plan = plan_of("ewall-ph-01", patient(age=60))
    later = Deferral("consolidation", 2, day, 7, Scope.FOLLOWING, "counts")
    course = schedule_of(defer(plan, schedule_of(plan), later))
    taken = {one.day for one in given(course, "dasatinib") if one.placed.block.phase.id == "consolidation"}
    assert taken
    assert taken.isdisjoint(one.day for one in given(course, "cytarabine"))


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
        ("consolidation", "intravenous-fluids"),
        ("consolidation", "dasatinib"),
        ("maintenance-18", "vincristine"),
        ("maintenance-18", "dexamethasone"),
        ("maintenance-24", "vincristine"),
        ("maintenance-24", "dexamethasone"),
    }
    assert [block.phase.id for block in schedule_of(plan_of("ewall-ph-01", patient(), response="no-cr")).blocks] == [
        "pre-phase",
        "induction",
        "what-comes-next",
    ]


# ---------------------------------------------------------------- GRAAPH-2005

WEEKLY = {
    ("vincristine", "IV"): ([1, 8, 15, 22], {"2 mg"}),
    ("dexamethasone", "PO"): ([1, 2, 8, 9, 15, 16, 22, 23], {"40 mg/day"}),
}
HYPER_CVAD = {
    ("imatinib", "PO"): (list(range(1, 15)), {"800 mg/day"}),
    ("cyclophosphamide", "IV"): ([1], {"300 mg/m2"}),
    ("mesna", "IV"): ([1, 2, 3], {"600 mg/m2/day"}),
    ("doxorubicin", "IV"): ([4], {"50 mg/m2"}),
    ("vincristine", "IV"): ([4, 11], {"2 mg"}),
    ("dexamethasone", "PO"): ([1, 2, 3, 4, 11, 12, 13, 14], {"40 mg/day"}),
}


def test_graaph_2005_gives_the_drugs_of_each_arm():
    assert drugs_of("graaph-2005", "cycle-1-a") == WEEKLY | {
        ("imatinib", "PO"): ([1], {"800 mg/day"}),
    }
    course = schedule_of(plan_of("graaph-2005", patient(age=40)))
    first = [event.cycle_day for event in given(course, "imatinib") if event.placed.block.phase.id == "cycle-1-a"]
    assert sorted(set(first)) == list(range(1, 29))
    assert drugs_of("graaph-2005", "cycle-1-b") == HYPER_CVAD
    assert drugs_of("graaph-2005", "cycle-2", 2, {"variant.arm": "b"}) == {
        ("imatinib", "PO"): (list(range(1, 15)), {"800 mg/day"}),
        ("methotrexate", "IV"): ([1], {"1 g/m2"}),
        ("cytarabine", "IV"): ([2], {"3 g/m2"}),
        ("leucovorin", "IV"): ([2], {"none"}),
        ("intravenous-fluids", "IV"): ([1, 2, 3, 4], {"none"}),
    }
    second = [one for one in given(course, "imatinib") if one.placed.block.phase.id == "cycle-2"]
    assert [(one.cycle_day, one.dose.protocol_dose) for one in second] == [(day, "") for day in range(1, 29)]


@pytest.mark.parametrize(("arm", "phase", "days"), [("a", "cycle-1-a", 28), ("b", "cycle-1-b", 21)])
def test_graaph_2005_places_one_arm_only_and_cycle_2_after_it(arm, phase, days):
    course = schedule_of(plan_of("graaph-2005", patient(age=40), {"arm": arm}))
    assert [block.phase.id for block in course.blocks] == ["pre-phase", phase, "cycle-2", "what-comes-next"]
    assert [block.start - course.blocks[0].start for block in course.blocks] == [0, 7, 7 + days, 35 + days]
    high_dose = given(course, "cytarabine")
    assert [(event.placed.cycle, event.cycle_day) for event in high_dose] == [(2, 2), (2, 2), (2, 3), (2, 3)]
    assert {event.placed.evidence for event in high_dose} == {Evidence.UNVERIFIED}


def test_graaph_2005_cycle_2_of_arm_a_that_is_put_off_has_imatinib_to_its_end():
    """It ended on the old Day 28, while the cycle went on for the days by which it was put off."""
    plan = plan_of("graaph-2005", patient(age=40))
    before = schedule_of(plan)
    course = schedule_of(defer(plan, before, Deferral("cycle-2", 2, 1, 9, Scope.FOLLOWING, "counts")))
    cycle = course.block("cycle-2")
    taken = sorted({one.day for one in given(course, "imatinib") if one.placed.block.phase.id == "cycle-2"})
    assert taken == list(range(before.block("cycle-2").start, cycle.end))
    assert cycle.end == before.block("cycle-2").end + 9


# ---------------------------------------------------------------- GRAAPH-2014


def test_graaph_2014_is_arm_a_with_cytarabine_of_which_no_dose_was_read():
    found = protocol("graaph-2014")
    assert "arm A" in found.title
    assert found.variants == ()
    assert undosed("graaph-2014") == {
        ("methotrexate-cycle", "leucovorin"),
        ("methotrexate-cycle", "intravenous-fluids"),
        ("methotrexate-cycle", "cytarabine"),
        ("imatinib-after-transplant", "imatinib"),
    }


def test_graaph_2014_gives_nilotinib_400_mg_twice_a_day_in_four_cycles_and_300_mg_in_two_interphases():
    course = schedule_of(plan_of("graaph-2014", patient(age=40)))
    seen = {}
    for event in given(course, "nilotinib"):
        block = (event.placed.block.phase.id, event.placed.cycle)
        seen.setdefault(block, []).append((event.cycle_day, event.dose.value))
    assert list(seen) == [
        ("vincristine-cycle", 1),
        ("methotrexate-cycle", 2),
        ("interphase", 1),
        ("vincristine-cycle", 3),
        ("methotrexate-cycle", 4),
        ("interphase", 2),
    ]
    for (phase, _), doses in seen.items():
        last, single = (14, 300) if phase == "interphase" else (28, 400)
        assert doses == [(day, single) for day in range(1, last + 1) for _ in range(2)]


def test_graaph_2014_cycles_1_and_3_are_those_of_graaph_2005_with_nilotinib():
    drugs = drugs_of("graaph-2014", "vincristine-cycle", 3)
    assert {key: value for key, value in drugs.items() if key[0] != "nilotinib"} == WEEKLY
    assert drugs_of("graaph-2014", "methotrexate-cycle", 2)["methotrexate", "IV"] == ([1], {"1 g/m2"})
    after = protocol("graaph-2014").phase("imatinib-after-transplant")
    assert after.cycles * after.cycle_days == 728
    assert "imatinib-after-transplant" not in {step.phase for step in protocol("graaph-2014").course}


@pytest.mark.parametrize(("answer", "transplant"), [("allogeneic", True), ("autologous", True), ("none", False)])
def test_graaph_2014_names_no_transplant_where_the_answer_is_none(answer, transplant):
    """ "Next: transplant, then imatinib for 2 years" stood behind "No transplant" too."""
    course = schedule_of(plan_of("graaph-2014", patient(age=40), after_cycle_4=answer))
    titles = [one.placed.order.title for one in course.events if one.placed.block.phase.id == "what-comes-next"]
    assert [title.startswith("To enter: transplant") for title in titles] == [transplant]


# ---------------------------------------------------------------- PONALFIL

TRIPLE = {"methotrexate": 12, "cytarabine": 30, "hydrocortisone": 20}


def placed_by_hand(phase_id, **answers):
    """One phase of PONALFIL that stands outside its course, placed on a date."""
    text = protocol_text("ponalfil")
    shelved = ShelvedProtocol(make_pin(text), protocol("ponalfil"), "shipped")
    plan = add_phase(new_plan("plan", patient(age=40)), shelved, phase_id, BlockStart(on=START))
    group = plan.blocks[0].group
    taken = [DecisionTaken(group, name.replace("_", "-"), choice, START, "Test") for name, choice in answers.items()]
    return schedule_of(replace(plan, decisions=tuple(taken)))


def test_ponalfil_induction_and_consolidation_day_by_day():
    facts = {"age": Decimal(40)}
    assert drugs_of("ponalfil", "induction", 1, facts) == {
        ("ponatinib", "PO"): ([1], {"30 mg"}),
        ("vincristine", "IV"): ([1, 8, 15, 22], {"1.5 mg/m2"}),
        ("daunorubicin", "IV"): ([1, 8, 15, 22], {"45 mg/m2"}),
        ("prednisone", "PO"): (list(range(1, 28)), {"60 mg/m2/day"}),
        **{(agent, "IT"): ([1, 22], {f"{dose} mg"}) for agent, dose in TRIPLE.items()},
    }
    assert drugs_of("ponalfil", "consolidation", 1, facts) == {
        ("ponatinib", "PO"): ([1], {"30 mg"}),
        ("mercaptopurine", "PO"): ([*range(1, 8), *range(28, 36), *range(56, 64)], {"50 mg/m2"}),
        ("methotrexate", "IV"): ([1, 28, 56], {"1.5 g/m2"}),
        ("leucovorin", "IV"): ([2, 29, 57], {"none"}),
        ("intravenous-fluids", "IV"): ([*range(1, 5), *range(28, 32), *range(56, 60)], {"none"}),
        ("etoposide", "IV"): ([14, 42], {"100 mg/m2"}),
        ("cytarabine", "IV"): ([14, 42], {"1,000 mg/m2"}),
        **{(agent, "IT"): ([1, 28, 56], {f"{dose} mg"}) for agent, dose in TRIPLE.items()},
    }


def test_ponalfil_counts_of_timed_doses_and_the_cap_of_vincristine():
    course = schedule_of(plan_of("ponalfil", patient(age=40)))
    assert [event.cycle_day for event in given(course, "etoposide")] == [14, 14, 42, 42]
    assert [event.cycle_day for event in given(course, "cytarabine", "IV")] == [14, 14, 15, 15, 42, 42, 43, 43]
    assert {(event.dose.value, event.dose.capped) for event in given(course, "vincristine")} == {(2, True)}
    spinal = [event for event in course.events if event.placed.role == "intrathecal"]
    assert len(spinal) == 3 * (1 + 2 + 3)


def test_ponalfil_gives_ponatinib_every_day_until_15_days_before_transplant_and_none_after():
    course = schedule_of(plan_of("ponalfil", patient(age=40)))
    before = next(block for block in course.blocks if block.phase.id == "before-transplant")
    graft = before.end - 1
    taken = [event.day for event in given(course, "ponatinib")]
    assert taken == list(range(taken[0], graft - 14))
    consolidation = next(block for block in course.blocks if block.phase.id == "consolidation")
    assert graft - (consolidation.end - 1) == 31
    assert course.blocks[-1].phase.id == "after-allogeneic"
    assert course.blocks[-1].start == graft + 1


def test_ponalfil_draws_no_graft_of_its_own_beside_that_of_the_conditioning():
    """Its mark stayed on its day where the conditioning was moved: one transplant on two days."""
    course = schedule_of(plan_of("ponalfil", patient(age=40)))
    (asked,) = (
        event
        for event in course.events
        if event.placed.block.phase.id == "before-transplant" and event.placed.kind == "procedure"
    )
    assert (asked.cycle_day, asked.placed.agent_name) == (-14, "To enter: conditioning and transplant")


@pytest.mark.parametrize(
    ("phase", "decision"),
    [("ponatinib-after-allogeneic", "sustained_allogeneic"), ("after-autologous", "sustained_autologous")],
)
@pytest.mark.parametrize(("answer", "year_2"), [("yes", 15), ("no", 30)])
def test_ponalfil_lowers_ponatinib_in_year_2_after_transplant_on_sustained_response(phase, decision, answer, year_2):
    course = placed_by_hand(phase, **{decision: answer})
    doses = {event.placed.cycle: event.dose.value for event in given(course, "ponatinib")}
    assert [doses[cycle] for cycle in range(1, 27)] == [30] * 13 + [year_2] * 13
    assert len(given(course, "ponatinib")) == 26 * 28


def test_ponalfil_after_autologous_transplant_adds_a_year_of_mercaptopurine_and_weekly_methotrexate():
    course = placed_by_hand("after-autologous")
    assert {one.dose.protocol_dose for one in given(course, "mercaptopurine")} == {"40 mg/m2"}
    assert len(given(course, "mercaptopurine")) == 13 * 28
    weekly = given(course, "methotrexate", "IM")
    assert {later.day - earlier.day for earlier, later in pairwise(weekly)} == {7}
    assert len(weekly) == 13 * 4
    assert {event.dose.protocol_dose for event in weekly} == {"15 mg/m2"}
