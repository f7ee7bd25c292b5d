"""A patient as recorded otherwise: what is judged again, and that it gives the findings of a check from nothing."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.checking import memory, rings
from planner.checking.check import check, make_ruling
from planner.checking.known import Asked, Known
from planner.checking.memory import Memory
from planner.model.body import SURFACES
from planner.model.patient import CoMedication, LabResult, Measurement, Patient, PriorExposure
from planner.model.plan import Plan
from planner.model.results import RESULTS
from planner.services.evaluation import assembled
from planner.services.verbs import editing
from tests.golden.cases import PATIENTS, library
from tests.services.courses_at_hand import plan_of

COURSES = ("calgb-10403", "d-alba", "e1910", "mini-hyper-cvd-inotuzumab", "obe-cel")
START = date(2026, 1, 5)
AGENTS = sorted(library().agents)
OFTEN = ("posaconazole", "omeprazole", "pneumococcal-vaccine", "methotrexate", "asparaginase", "vincristine")
MARKERS = ("ph", "cd19", "cd20", "cns", "mrd", "hbsag", "tpmt")


def changed(plan: Plan, dice: random.Random) -> Plan:
    """The plan with its patient, or one of its blocks, otherwise."""
    patient = plan.patient
    day = START + timedelta(dice.randrange(-30, 400))
    kind = dice.choice(
        ("weight", "weight", "medicine", "medicine", "end", "lab", "lab", "marker", "move", "formula", "else")
    )
    if kind == "weight":
        weighed = Measurement(day, Decimal(168), Decimal(dice.randrange(40, 110)), for_doses=dice.random() < 0.8)
        return replace(plan, patient=replace(patient, measurements=(*patient.measurements[:3], weighed)))
    if kind == "medicine":
        agent = dice.choice(OFTEN if dice.random() < 0.6 else AGENTS)
        taken = CoMedication(agent, day, dice.choice((None, day + timedelta(dice.randrange(60)))))
        return replace(plan, patient=replace(patient, co_medications=(*patient.co_medications[-3:], taken)))
    if kind == "end":
        return replace(plan, patient=replace(patient, co_medications=patient.co_medications[:-1]))
    if kind == "lab":
        code = dice.choice(sorted(RESULTS))
        lab = LabResult(day, code, Decimal(dice.randrange(1, 400)) / 10, RESULTS[code][0])
        return replace(plan, patient=replace(patient, labs=(*patient.labs[-5:], lab)))
    if kind == "marker":
        known = {**dict(patient.markers), dice.choice(MARKERS): dice.choice(("positive", "negative", "CNS1"))}
        return replace(plan, patient=replace(patient, markers=tuple(known.items())))
    if kind == "move":
        return editing.move_block(plan, dice.choice(plan.blocks).id, dice.choice((-3, -1, 1, 2, 7)))
    if kind == "formula":
        return replace(plan, bsa_formula=dice.choice(sorted(SURFACES)))
    until = dice.choice((None, START - timedelta(dice.randrange(1, 200))))
    prior = (PriorExposure("doxorubicin", Decimal(dice.randrange(50, 500)), "mg/m2", until),)
    return replace(plan, patient=replace(patient, prior_exposures=dice.choice(((), prior))))


def walk(course: str, steps: int, seed: int) -> None:
    """Each step judged with what is kept, and from nothing."""
    dice, shelf = random.Random(seed), library()
    plan = plan_of(course, replace(PATIENTS["adult"], id=f"walk-{course}"))
    for number in range(steps):
        # Now and then back, as somebody who looks at a change and does not take it.
        plan = plan if number and dice.random() < 0.1 else changed(plan, dice)
        schedule = assembled(plan, shelf)
        kept, _ = check(plan, schedule, shelf.rules, shelf.agents)
        fresh = Memory(shelf.rules, shelf.agents, plan.patient, make_ruling, plan.bsa_formula).check(plan, schedule)
        assert sorted(map(str, kept)) == sorted(map(str, fresh)), (course, seed, number)


@pytest.mark.parametrize("course", COURSES)
def test_a_changed_patient_is_judged_as_if_for_the_first_time(course: str) -> None:
    walk(course, 14, 7)


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("seed", range(40))
def test_many_changed_patients_are_judged_as_if_for_the_first_time(seed: int) -> None:
    walk(COURSES[seed % len(COURSES)], 60, seed)


@pytest.fixture
def plan() -> Plan:
    memory.forget()
    return plan_of("calgb-10403", replace(PATIENTS["adult"], id="one"))


def judged(plan: Plan) -> Memory:
    shelf = library()
    check(plan, assembled(plan, shelf), shelf.rules, shelf.agents)
    return memory._memories[-1]


def test_another_medicine_leaves_the_verdicts_of_rules_that_do_not_mean_it(plan: Plan) -> None:
    before = judged(plan)
    kept = {ruling.rule.id: len(ruling.memo) for ruling in before._checker.rulings.values() if ruling.memo}
    taken = CoMedication("posaconazole", START + timedelta(20), None)
    after = judged(replace(plan, patient=replace(plan.patient, co_medications=(taken,))))
    assert after is before
    assert sum(len(ruling.memo) >= kept.get(ruling.rule.id, 0) > 0 for ruling in after._checker.rulings.values()) > 50
    found, _ = check(
        replace(plan, patient=after.patient), assembled(plan, library()), library().rules, library().agents
    )
    assert any("Posaconazole" in one.message or "posaconazole" in one.message for one in found)


def test_another_history_makes_another_memory_and_leaves_the_first(plan: Plan) -> None:
    before = judged(plan)
    prior = (PriorExposure("doxorubicin", Decimal(400), "mg/m2", None),)
    other = replace(plan, patient=replace(plan.patient, prior_exposures=prior))
    assert judged(other) is not before
    assert judged(plan) is before


def test_a_medicine_that_a_rules_reach_rests_on_makes_the_rules_anew(plan: Plan) -> None:
    before = judged(plan)
    rulings = before._checker
    named = next(
        selectors
        for ruling in rulings.rulings.values()
        for selectors in ruling.made_by
        if isinstance(selectors, tuple) and any(one.by == "agent" and not one.routes for one in selectors)
    )
    agent = next(one.name for one in named if one.by == "agent" and not one.routes)
    taken = CoMedication(agent, START + timedelta(20), None)
    after = judged(replace(plan, patient=replace(plan.patient, co_medications=(taken,))))
    assert after is before
    assert after._checker is not rulings


def test_what_is_asked_of_a_patient_is_noted() -> None:
    patient: Patient = PATIENTS["adult"]
    known = Known(patient, library().agents)
    asked = {
        "age": lambda: known.facts(739_000)["age"],
        "no-such": lambda: known.facts(739_000).get("no-such"),
        Asked.ANYTHING: lambda: dict(known.facts(739_000)),
        Asked.RESULTS: lambda: known.results(739_000),
        Asked.MEASUREMENTS: lambda: known.measurements and known.measurement_on(739_000),
        Asked.LABS: lambda: known.labs,
        Asked.TURNS: lambda: known.turning(("anc", "weight"))(739_000),
        Asked.TURNS_OF_LABS: lambda: known.turning(("anc", "crcl"))(739_000),
    }
    for what, ask in asked.items():
        known.noting = set()
        ask()
        assert what in known.noting
    assert len(known.facts(739_000)) == len(dict(known.facts(739_000)))
    known.noting = set()
    assert known.patient is patient
    assert known.noting == {Asked.ANYTHING}
    era = known.era(739_000)
    assert known.become(replace(patient, sex="other")) is None
    assert known.patient is patient
    differs = known.become(replace(patient, markers=(("ph", "positive"),)))
    assert differs is not None
    assert differs.any_of({"ph"})
    assert not differs.any_of({"age", Asked.MEASUREMENTS, Asked.RESULTS, Asked.TURNS})
    weighed = Measurement(START, Decimal(168), Decimal(50))
    differs = known.become(replace(patient, markers=(("ph", "positive"),), measurements=(weighed,)))
    assert all(differs.any_of({one}) for one in (Asked.MEASUREMENTS, Asked.TURNS, Asked.ANYTHING, "weight", "bsa"))
    assert not differs.any_of({"ph", "age", "anc", "crcl", Asked.RESULTS, Asked.LABS, Asked.TURNS_OF_LABS})
    lab = LabResult(START, "anc", Decimal(1), "10^9/L")
    differs = known.become(replace(patient, markers=(("ph", "positive"),), measurements=(weighed,), labs=(lab,)))
    of_labs = (Asked.RESULTS, Asked.LABS, Asked.TURNS, Asked.TURNS_OF_LABS, "anc", "crcl")
    assert all(differs.any_of({one}) for one in of_labs)
    assert not differs.any_of({"ph", "weight", Asked.MEASUREMENTS})
    known.noting = set()
    assert known.turning(("crcl",))(739_000) == known.era(739_000), "a clearance turns with the weight too"
    heavier = Measurement(START, Decimal(168), Decimal(51))
    differs = known.become(replace(known._patient, measurements=(heavier,)))
    assert all(differs.any_of({one}) for one in (Asked.RESULTS, Asked.TURNS, "crcl", "weight"))
    assert not differs.any_of({"anc", Asked.LABS, Asked.TURNS_OF_LABS})
    assert known.era(739_000) != era, "a number never stands for other facts than before"


def test_a_time_keeps_its_number_as_long_as_the_same_is_known_of_it() -> None:
    patient: Patient = PATIENTS["adult"]
    known, day = Known(patient, library().agents), START.toordinal()
    before, after = known.era(day), known.era(day + 400)
    later = Measurement(START + timedelta(300), Decimal(168), Decimal(50))
    known.become(replace(patient, measurements=(*patient.measurements, later)))
    assert known.era(day) == before
    assert known.era(day + 400) not in (before, after)
    known.become(patient)
    assert (known.era(day), known.era(day + 400)) == (before, after)


def test_a_weight_behind_the_plan_asks_no_rule_about_the_kidneys_again(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(plan)
    asked: set[str] = set()
    ask = rings.Ring._ask

    def noted(ring, ruling, *more):
        asked.add(ruling.rule.kind)
        return ask(ring, ruling, *more)

    monkeypatch.setattr(rings.Ring, "_ask", noted)
    later = Measurement(START + timedelta(3000), Decimal(168), Decimal(90))
    judged(replace(plan, patient=replace(plan.patient, measurements=(*plan.patient.measurements, later))))
    assert asked == {"dose_limit", "dose_rounding"}


def test_a_memory_that_another_thread_took_first_is_left_to_it(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(list[Memory]):
        def remove(self, _: Memory) -> None:
            raise ValueError

    first, shelf = judged(plan), library()
    monkeypatch.setattr(memory, "_memories", Gone([first]))
    assert memory.take(shelf.rules, shelf.agents, plan, make_ruling) is not first


def test_a_memory_that_never_checked_goes_on_with_the_patient_as_recorded_now(plan: Plan) -> None:
    """A fix that was never tried leaves one behind."""
    shelf = library()
    fresh = Memory(shelf.rules, shelf.agents, plan.patient, make_ruling, plan.bsa_formula)
    lighter = (*plan.patient.measurements, Measurement(START, Decimal(168), Decimal(55)))
    later = replace(plan, patient=replace(plan.patient, measurements=lighter))
    assert fresh.become(later.patient)
    schedule = assembled(later, shelf)
    assert fresh.check(later, schedule) == judged(later).check(later, schedule)


def test_conditions_on_the_surface_follow_the_formula_of_the_plan() -> None:
    """170 cm and 70 kg: 1.818 m2 by Mosteller, 1.810 by Du Bois and Du Bois."""
    day = START.toordinal()
    patient = replace(PATIENTS["adult"], measurements=(Measurement(START, Decimal(170), Decimal(70)),))
    sizes = [Known(patient, library().agents, formula).facts(day)["bsa"] for formula in ("mosteller", "dubois")]
    assert sizes == [Decimal("1.818"), Decimal("1.810")]


@pytest.mark.parametrize("formula", sorted(SURFACES))
def test_a_dose_is_rounded_from_the_surface_that_the_plan_computes_with(formula: str) -> None:
    """A very tall and light person: the formulas part by more than a dose may be rounded."""
    shelf = library()
    odd = replace(PATIENTS["adult"], measurements=(Measurement(START, Decimal(205), Decimal(48)),))
    plan = replace(plan_of("hyper-cvad", odd), bsa_formula=formula)
    rounding = [rule for rule in shelf.rules if rule.kind == "dose_rounding"]
    found, _ = check(plan, assembled(plan, shelf), rounding, shelf.agents)
    assert [one.message for one in found if one.rule in ("GE-06", "GE-07")] == []
