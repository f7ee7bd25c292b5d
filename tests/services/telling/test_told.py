"""What people recorded is told even where it moves no date: doses, decisions, body, results, medicines."""

from datetime import date, timedelta
from decimal import Decimal

from msgspec.structs import replace

from planner.model.civil import clinical_date
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.patient import CoMedication, LabResult, PriorExposure
from planner.model.plan import DecisionTaken, Deferral, Given, GivenRecord, Hold, Plan, Scope
from planner.model.position import unrecorded
from planner.services.evaluation import evaluate
from planner.services.telling.position import you_are_here
from planner.services.telling.preview import preview, preview_lines
from planner.services.telling.told import told
from planner.services.verbs import editing, pausing
from planner.services.verbs.deciding import reopen
from planner.services.verbs.recording import take_medicine
from tests.golden.cases import library
from tests.services.courses_at_hand import plan_of
from tests.services.verbs.test_deciding import decided

SPLIT = 'More than 20 % blasts in the marrow before lymphodepletion? "20 % or less: low burden"'


def shown(plan: Plan) -> EvaluatedPlan:
    return evaluate(plan, replace(library(), rules=()))


def lines(before: Plan, after: Plan) -> tuple[str, ...]:
    return preview_lines(preview(shown(before), shown(after)))


def measured(plan: Plan, **more: object) -> Plan:
    last = plan.patient.measurements[-1]
    found = replace(last, date=date(2026, 3, 1), weight_kg=last.weight_kg - 10, **more)
    return replace(plan, patient=replace(plan.patient, measurements=(*plan.patient.measurements, found)))


def test_an_answer_is_told_with_its_words_and_what_it_rests_on_and_leaves_nothing_behind() -> None:
    plan = plan_of("obe-cel")
    said = lines(plan, decided(plan, "obe-cel", burden="low"))
    assert said[0].startswith(f"decided: {SPLIT}, ")
    assert any(line.startswith("appeared: Obecabtagene") for line in said)
    assert not any("still planned" in line for line in said), "the other split is given on the same day"


def test_a_postponed_block_loses_its_day_and_gets_one_again() -> None:
    plan = decided(plan_of("obe-cel"), "obe-cel", burden="low")
    put_off = decided(plan, "obe-cel", second_dose="postpone")
    said = lines(plan, put_off)
    assert any(line.startswith("no day any more: Obe-cel 2 (second-dose), put off by") for line in said)
    there = shown(put_off).schedule
    day = there.block("second-dose").begins
    here = you_are_here(shown(put_off), day)
    assert here.block
    assert here.block.id == "first-dose"
    assert not any(event.placed.block.id == "second-dose" for event in here.due)
    assert not any(event.placed.block.id == "second-dose" for event in unrecorded(there.events, day + 30))
    moved = editing.defer(put_off, there, Deferral("second-dose", 1, 10, 7, Scope.FOLLOWING, "toxicity", "CRS", 2))
    (again,) = [line for line in lines(put_off, moved) if line.startswith("has a day again")]
    assert "Obe-cel 2 (second-dose), " in again
    assert shown(moved).schedule.block("second-dose").begins == day + 7
    opened = reopen(put_off, "obe-cel", "second-dose", "CRS grade 3", "Ph. One", date(2026, 4, 1))
    asked = "Give the second dose on Day 10 (Day 8 to 12)?"
    assert f'open again: {asked} It was "Postpone, at the latest to Day 21"' in lines(put_off, opened)


def test_a_measurement_is_told_also_where_no_dose_moves() -> None:
    plan = plan_of("e1910")
    said = lines(plan, measured(plan))
    assert said[0].startswith("measured: ")
    assert said[0].endswith(" %)")
    assert " -> " in said[0]
    assert said[1] == "no planned dose moves"
    kept = lines(plan, measured(plan, for_doses=False))
    assert kept[0].endswith("; doses do not follow it")
    (back,) = told(shown(measured(plan)), shown(plan))
    assert back.startswith("measurement taken back: ")


def test_a_measurement_that_moves_doses_does_not_say_that_none_moves() -> None:
    plan = plan_of("hyper-cvad")
    said = lines(plan, measured(plan))
    assert any(line.startswith("dose: ") for line in said)
    assert "no planned dose moves" not in said


def test_results_medicines_markers_allergies_and_earlier_treatment_are_told() -> None:
    plan = plan_of("e1910")
    more = replace(
        plan.patient,
        labs=(
            *plan.patient.labs,
            LabResult(date(2026, 3, 3), "marrow-blasts", Decimal(12), "%"),
            LabResult(date(2026, 3, 4), "crs", Decimal(2), "grade"),
        ),
        co_medications=(
            CoMedication("aciclovir", date(2026, 3, 1)),
            CoMedication("posaconazole", date(2026, 3, 2), date(2026, 3, 9)),
        ),
        markers=(*plan.patient.markers, ("trial", "yes")),
        allergies=("Penicillin",),
        prior_exposures=(PriorExposure("daunorubicin", Decimal(180), "mg/m2"),),
    )
    said = told(shown(plan), shown(replace(plan, patient=more)))
    assert said == (
        "result: blasts in marrow 12 % on 03-Mar-2026",
        "result: cytokine release syndrome grade 2 on 04-Mar-2026",
        "medicine: aciclovir from 01-Mar-2026, no end yet",
        "medicine: posaconazole from 02-Mar-2026 to 09-Mar-2026",
        "marker: trial yes",
        "allergy: Penicillin",
        "given before: daunorubicin 180 mg/m2",
    )
    back = told(shown(replace(plan, patient=more)), shown(plan))
    assert back == tuple(line.replace(":", " taken back:", 1) for line in said)


def test_a_medicine_that_ends_is_told_with_its_end_and_not_taken_back() -> None:
    plan = plan_of("e1910")
    taken = replace(plan, patient=replace(plan.patient, co_medications=(CoMedication("aciclovir", date(2026, 3, 1)),)))
    ended = take_medicine(taken, CoMedication("aciclovir", date(2026, 3, 1), date(2026, 3, 9)))
    assert told(shown(taken), shown(ended)) == ("medicine: aciclovir from 01-Mar-2026 to 09-Mar-2026",)
    assert told(shown(ended), shown(taken)) == ("medicine: aciclovir from 01-Mar-2026, no end yet",)


def test_who_the_patient_is_is_told_where_it_was_set_right() -> None:
    plan = plan_of("e1910")
    who = replace(plan.patient, given_name="Other", birth_date=date(1950, 2, 3), sex="unknown", diagnosis="T-ALL")
    earlier = PriorExposure("daunorubicin", Decimal(180), "mg/m2", date(2024, 5, 1))
    here = plan.patient
    assert told(shown(plan), shown(replace(plan, patient=replace(who, prior_exposures=(earlier,))))) == (
        f"name: {here.display_name} -> {here.family_name}, Other",
        f"born: {clinical_date(here.birth_date)} -> 03-Feb-1950",
        f"sex: {here.sex} -> unknown",
        "diagnosis: not recorded -> T-ALL",
        "given before: daunorubicin 180 mg/m2 until 01-May-2024",
    )


def test_what_comes_after_a_block_on_hold_says_so_and_not_that_it_hangs_on_a_decision() -> None:
    plan = plan_of("d-alba")
    there = shown(plan).schedule
    first = there.blocks[0]
    day = next(one.cycle_day for one in there.events if one.placed.block.id == first.id)
    held = shown(pausing.hold(plan, there, Hold(first.id, first.cycles[0].number, day, "infection"))).schedule
    later = [block for block in held.blocks if block.id != first.id and block.provisional]
    assert later
    assert {block.unsure for block in later} == {f"{first.title} before it is on hold"}


def test_a_preview_that_comes_before_the_name_has_no_empty_brackets() -> None:
    plan = plan_of("e1910")
    taken = DecisionTaken("e1910", "remission", "cr", date(2026, 5, 20), "")
    (said,) = told(shown(plan), shown(replace(plan, decisions=(taken,))))
    assert said.endswith('"Yes", 20-May-2026')


def test_doses_recorded_alike_stand_in_one_line() -> None:
    """Forty recorded doses were forty lines, over all that moves."""
    plan = plan_of("blinatumomab-mrd")
    first = GivenRecord("consolidation", 1, 1, "x", 0, Given.GIVEN, date(2026, 3, 2), Decimal(9), "mcg", "N")
    days = tuple(replace(first, day=day, on=first.on + timedelta(day - 1)) for day in range(1, 41))
    (line,) = told(shown(plan), shown(replace(plan, given=days)))
    assert line.startswith("recorded: Blinatumomab 2 to 4 C1 D1 to 40 x, 40 doses: given from Mon 02-Mar-2026 to ")
    (back,) = told(shown(replace(plan, given=days)), shown(plan))
    assert back == line.replace("recorded: ", "record taken back: ")
