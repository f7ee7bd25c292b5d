"""What was given, measured and taken: actual days and doses stand, a shortfall has its reason, doses follow weight."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.errors import Refusal
from planner.model.civil import clinical_date, weekday_date
from planner.model.patient import CoMedication, LabResult, Measurement
from planner.model.plan import Deferral, Given, GivenRecord, Hold, Plan, Scope, Stop
from planner.model.schedule import Event, Schedule, number_of_day
from planner.services.evaluation import evaluate
from planner.services.telling.dose_moves import dose_moves, move_lines, move_words, moves_to_ask
from planner.services.telling.position import position_line, you_are_here
from planner.services.verbs.editing import defer, remove_block
from planner.services.verbs.pausing import hold, stop
from planner.services.verbs.recording import (
    doubtful_day,
    forget_given,
    measure,
    record_given,
    shift_by_given,
    take_medicine,
    with_doses_kept,
)
from tests.golden.cases import library
from tests.schedules import with_events
from tests.services.courses_at_hand import days, doses, events, plan_of, scheduled, states

VCR = "vincristine"
LATER = date(2030, 1, 1)
D8 = date(2026, 1, 12)


def calgb() -> Plan:
    return plan_of("calgb-10403")


RECORD = GivenRecord("induction", 1, 8, VCR, 0, Given.GIVEN, D8, Decimal(2), "mg", "A. P.")


def given(plan: Plan, today: date = LATER, **more) -> Plan:
    return record_given(plan, scheduled(plan), replace(RECORD, **more), today)


def test_what_was_given_stands_with_its_day_and_dose_in_place_of_the_plan() -> None:
    after = given(
        calgb(), on=date(2026, 1, 13), dose=Decimal("1.5"), status=Given.PARTLY, reason="toxicity", note="arm"
    )
    event = events(after, "induction", VCR)[1]
    assert (event.date, event.cycle_day, str(event.state)) == (date(2026, 1, 13), 8, "given")
    assert event.dose is not None
    assert (event.dose.value, event.dose.origin) == (Decimal("1.5"), "given")
    assert event.dose.steps[-1] == "given 1.5 mg; planned 2 mg"
    assert event.note.startswith("partly given; toxicity: arm")
    assert len(scheduled(after).events) == len(scheduled(calgb()).events)


def test_a_dose_given_as_planned_then_is_no_other_dose_once_the_weight_is_set_right() -> None:
    """ "1,771 mg instead of 1,673 mg" stood at a dose that nobody changed."""
    plan = plan_of("calgb-10403")
    first = next(one for one in events(plan, "induction", "daunorubicin") if one.dose)
    assert first.dose is not None
    record = replace(RECORD, order="daunorubicin", day=first.cycle_day, on=first.date, dose=first.dose.value)
    done = record_given(plan, scheduled(plan), record, LATER)
    light = replace(plan.patient.measurements[0], weight_kg=Decimal(50))
    now = replace(done, patient=replace(done.patient, measurements=(light,)))
    event = events(now, "induction", "daunorubicin")[0]
    assert event.dose is not None
    assert event.dose.value == event.dose.full == event.dose.planned == first.dose.value
    assert "as planned then; " in event.dose.steps[-1]
    other = record_given(
        plan, scheduled(plan), replace(record, dose=Decimal(20), status=Given.PARTLY, reason="other"), LATER
    )
    event = events(other, "induction", "daunorubicin")[0]
    assert event.dose is not None
    assert (event.dose.full, event.dose.planned) == (first.dose.value, first.dose.value)


def test_a_day_nearer_to_another_dose_or_weeks_off_is_doubtful_and_one_in_the_window_is_not() -> None:
    plan = calgb()
    schedule = scheduled(plan)

    def doubt(**more: object) -> str:
        return doubtful_day(schedule, replace(RECORD, **more))

    assert doubt() == ""
    assert doubt(on=date(2026, 1, 14)) == "", "two days late, and the next dose is five days off"
    words = doubt(on=date(2026, 1, 17))
    assert words.startswith(
        "17-Jan-2026 is +5 days from the planned Mon 12-Jan-2026 and nearer to Vincristine C1 D15 ("
    )
    assert doubt(on=date(2026, 1, 7)).startswith("07-Jan-2026 is -5 days from")
    taken = given(plan, day=15, on=date(2026, 1, 19))
    assert doubtful_day(scheduled(taken), replace(RECORD, on=date(2026, 1, 17))) == "", "that dose is recorded"
    assert doubt(status=Given.NOT_GIVEN, on=None, dose=None) == ""
    assert doubt(number=1) == "", "no such dose; the record itself is refused"
    single = next(one for one in schedule.events if one.placed.order.id == "pegaspargase")
    where = {"day": single.cycle_day, "order": "pegaspargase", "block": single.placed.block.id}
    far = date.fromordinal(single.day + 20)
    assert "+20 days" in doubt(**where, on=far)
    alone = replace_events(schedule, single)
    assert doubtful_day(alone, replace(RECORD, **where, on=far)) == (
        f"{clinical_date(far)} is +20 days from the planned {weekday_date(single.day)}"
    )
    near = date.fromordinal(single.day + 14)
    assert doubtful_day(alone, replace(RECORD, **where, on=near)) == ""


def replace_events(schedule: Schedule, *kept: Event) -> Schedule:
    """A schedule that holds nothing of the drug but the doses kept."""
    drug = kept[0].placed.agent
    return with_events(schedule, [one for one in schedule.events if one in kept or one.placed.agent != drug])


def test_a_part_is_corrected_by_what_was_planned_not_by_the_part_before() -> None:
    part = given(calgb(), dose=Decimal(1), status=Given.PARTLY, reason="toxicity")
    more = given(part, dose=Decimal("1.5"), status=Given.PARTLY, reason="toxicity")
    assert doses(more, "induction", VCR)[1] == "1.5"
    with pytest.raises(Refusal, match="2 mg are planned; a dose given in part is not more"):
        given(part, dose=Decimal("2.5"), status=Given.PARTLY, reason="toxicity")


def test_what_was_not_given_is_left_out_with_its_reason() -> None:
    after = given(calgb(), status=Given.NOT_GIVEN, on=None, dose=None, unit="", reason="infection")
    assert states(after, "induction", VCR)[1] == (8, "omitted")
    assert "not given: infection" in events(after, "induction", VCR)[1].note


def test_what_was_not_given_is_due_again_on_the_day_to_which_it_is_put_off() -> None:
    """The record of the 12th moved along to the 19th: the dose stood as not given before its new day was over."""
    missed = given(calgb(), status=Given.NOT_GIVEN, on=None, dose=None, unit="", reason="infection")
    assert missed.given[0].on == date(2026, 1, 12)
    later = Deferral("induction", 1, 8, 7, Scope.FOLLOWING, "infection")
    after = defer(missed, scheduled(missed), later)
    assert states(after, "induction", VCR)[1] == (8, "deferred")
    second = events(after, "induction", VCR)[1]
    assert second.date == date(2026, 1, 19)
    assert second.note.startswith("not given on Mon 12-Jan-2026: infection")
    again = given(after, on=second.date)
    assert states(again, "induction", VCR)[1] == (8, "given")
    sooner = replace(missed, modifications=(replace(later, days=-1),))
    assert states(sooner, "induction", VCR)[1] == (8, "omitted")
    of_old = replace(after, given=(replace(after.given[0], on=None),))
    assert states(of_old, "induction", VCR)[1] == (8, "omitted")


def test_a_new_record_replaces_the_old_and_can_be_taken_back() -> None:
    once = given(calgb())
    twice = given(once, dose=Decimal(1))
    assert len(twice.given) == 1
    assert forget_given(twice, twice.given[0]) == calgb()
    with pytest.raises(Refusal, match="no such record"):
        forget_given(once, twice.given[0])


def test_what_follows_moves_by_the_delay_if_it_is_told_to() -> None:
    plan = calgb()
    record = replace(RECORD, on=date(2026, 1, 15))
    moved = shift_by_given(plan, scheduled(plan), record, Scope.FOLLOWING)
    after = record_given(moved, scheduled(plan), record, LATER)
    assert days(after, "induction", VCR) == [
        (1, "2026-01-05"),
        (8, "2026-01-15"),
        (15, "2026-01-22"),
        (22, "2026-01-29"),
    ]
    assert days(after, "consolidation")[0][1] != days(plan, "consolidation")[0][1]
    with pytest.raises(Refusal, match="nothing moves"):
        shift_by_given(plan, scheduled(plan), RECORD, Scope.FOLLOWING)


def test_several_doses_of_a_day_are_told_apart() -> None:
    plan = calgb()
    first = next(one for one in events(plan, "induction", "prednisone") if one.cycle_day == 3)
    assert first.dose is not None
    record = GivenRecord(
        "induction", 1, 3, first.placed.order.id, 1, Given.NOT_GIVEN, None, None, "", "A. P.", "patient choice"
    )
    after = record_given(plan, scheduled(plan), record, LATER)
    assert [state for day, state in states(after, "induction", "prednisone") if day == 3] == ["planned", "omitted"]


def test_a_given_dose_outlives_a_stop_and_a_skipped_day_of_the_plan() -> None:
    after = given(calgb())
    assert states(after, "induction", VCR)[1] == (8, "given")
    measured = measure(after, Measurement(date(2026, 1, 10), Decimal(170), Decimal(40)), LATER)
    assert events(measured, "induction", VCR)[1].dose == events(after, "induction", VCR)[1].dose


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"day": 9}, "unknown name"),
        ({"number": 1}, "unknown dose"),
        ({"by": " "}, "no name"),
        ({"on": None}, "half told"),
        ({"dose": None}, "half told"),
        ({"status": Given.NOT_GIVEN}, "half told"),
        ({"status": Given.PARTLY}, "unknown reason"),
        ({"status": Given.PARTLY, "reason": "toxicity", "dose": Decimal(3)}, "not in part"),
        ({"reason": "mood"}, "unknown reason"),
        ({"dose": Decimal(0)}, "no dose"),
        ({"unit": "mcg"}, "other unit"),
        ({"unit": ""}, "no unit"),
        ({"on": date(2026, 5, 1)}, "far off"),
        ({"on": date(2031, 1, 1)}, "future"),
    ],
)
def test_a_record_that_cannot_be_is_refused(more: dict[str, object], rule: str) -> None:
    with pytest.raises(Refusal) as caught:
        given(calgb(), **more)
    assert caught.value.rule == rule


def test_a_new_weight_changes_the_doses_of_later_cycles_and_says_which() -> None:
    plan = calgb()
    after = measure(plan, Measurement(date(2026, 2, 1), Decimal(170), Decimal(60)), LATER)
    assert [one.dose for one in events(after, "induction")] == [one.dose for one in events(plan, "induction")]
    moved = dose_moves(scheduled(plan), scheduled(after))
    assert moved
    assert all(abs(one.percent) >= 5 for one in moved)
    names = {one.new.placed.id for one in moved}
    assert "consolidation/1/cyclophosphamide" in names
    assert not any(VCR in name for name in names), "the capped dose stays"
    cyclophosphamide = next(one for one in moved if one.new.placed.id == "consolidation/1/cyclophosphamide")
    assert cyclophosphamide.percent.quantize(Decimal("0.1")) == Decimal("-7.4")
    # The next tablet of 2.5 mg can be more than the weight alone would change.
    far = dose_moves(scheduled(plan), scheduled(after), Decimal(10))
    assert {(one.new.placed.agent, one.new.placed.route) for one in far} == {("methotrexate", "PO")}


@pytest.mark.parametrize(
    ("found", "rule", "nearest"),
    [
        (Measurement(date(2026, 2, 1), Decimal(170), Decimal(700)), "no body", "400 kg"),
        (Measurement(date(2026, 2, 1), Decimal(17), Decimal(70)), "no body", "30 cm"),
        (Measurement(date(2026, 2, 1), Decimal(70), Decimal(170)), "no body", ""),
        (Measurement(date(2031, 2, 1), Decimal(170), Decimal(70)), "future", "2030-01-01"),
        (Measurement(date(1900, 2, 1), Decimal(170), Decimal(70)), "before birth", "1990-06-15"),
    ],
)
def test_a_measurement_that_cannot_be_is_refused(found: Measurement, rule: str, nearest: str) -> None:
    with pytest.raises(Refusal) as caught:
        measure(calgb(), found, LATER)
    assert (caught.value.rule, caught.value.nearest) == (rule, nearest)


def test_medicines_are_spans_that_do_not_overlap() -> None:
    plan = take_medicine(calgb(), CoMedication("posaconazole", date(2026, 2, 1), date(2026, 2, 10)))
    ended = take_medicine(plan, CoMedication("posaconazole", date(2026, 2, 1), date(2026, 2, 5)))
    assert [one.end for one in ended.patient.co_medications] == [date(2026, 2, 5)]
    again = take_medicine(plan, CoMedication("posaconazole", date(2026, 2, 11)))
    assert len(again.patient.co_medications) == 2
    refusals: list[tuple[Callable[[], Plan], str]] = [
        (lambda: take_medicine(plan, CoMedication("posaconazole", date(2026, 2, 10))), "overlap"),
        (lambda: take_medicine(plan, CoMedication("x", date(2026, 2, 10), date(2026, 2, 9))), "end before start"),
    ]
    for edit, rule in refusals:
        with pytest.raises(Refusal) as caught:
            edit()
        assert caught.value.rule == rule


def test_you_are_here_in_the_protocols_words() -> None:
    shown = evaluate(calgb(), library())
    here = you_are_here(shown, date(2026, 1, 12).toordinal())
    assert here.block is not None
    assert here.cycle is not None
    assert (here.block.id, here.cycle.number, here.day, here.waiting) == ("induction", 1, 8, 0)
    assert {event.placed.agent for event in here.due} >= {VCR, "daunorubicin"}
    assert position_line(here).startswith("Induction C1 D8, Mon 12-Jan-2026; due today, not recorded: ")
    nowhere = you_are_here(shown, date(2025, 1, 1).toordinal())
    assert nowhere.block is None
    assert "in no block; next" in position_line(nowhere)
    assert you_are_here(shown, date(2040, 1, 1).toordinal()).next is None


MARCH = date(2026, 3, 1)


def weighed(plan: Plan, kilograms: str, *, for_doses: bool = True) -> Plan:
    height = plan.patient.measurements[-1].height_cm
    return measure(plan, Measurement(MARCH, height, Decimal(kilograms), for_doses), LATER)


@pytest.mark.parametrize(
    ("kilograms", "told", "asked"), [("70", False, False), ("61", True, False), ("55", True, True)]
)
def test_doses_that_move_are_told_from_five_and_asked_about_from_ten_percent(
    kilograms: str, told: bool, asked: bool
) -> None:
    plan = calgb()
    moves = dose_moves(scheduled(plan), scheduled(weighed(plan, kilograms)))
    assert bool(moves) is told
    assert bool(moves_to_ask(moves, plan.patient, MARCH)) is asked
    assert len(moves_to_ask(moves, replace(plan.patient, birth_date=date(2016, 1, 1)), MARCH)) == len(moves)
    if moves:
        assert moves[0].new.placed.id in move_words(moves[0])
        assert " -> " in move_words(moves[0])
        assert len(move_lines(moves)) <= len(moves)


def test_doses_that_move_alike_in_many_cycles_are_told_in_one_line() -> None:
    plan = plan_of("pomp")
    lines = move_lines(dose_moves(scheduled(plan), scheduled(weighed(plan, "40"))))
    assert len(lines) < 6, lines
    first = next(one for one in lines if one.startswith("Methotrexate C"))
    assert " to 12, from " in first
    assert "(first-year/" in first
    assert " -> " in first


def test_doses_stay_where_somebody_says_so_and_the_weight_is_kept_all_the_same() -> None:
    plan = calgb()
    kept = weighed(plan, "50", for_doses=False)
    assert not dose_moves(scheduled(plan), scheduled(kept), Decimal("0.01"))
    assert kept.patient.measurements[-1].weight_kg == 50
    assert kept.patient.measurement_on(MARCH) == plan.patient.measurement_on(MARCH)
    followed = weighed(kept, "50")
    assert dose_moves(scheduled(kept), scheduled(followed))
    assert with_doses_kept(plan.patient, followed.patient) == kept.patient
    assert with_doses_kept(plan.patient, plan.patient) is None
    with pytest.raises(Refusal, match="no other one"):
        measure(replace(plan, patient=replace(plan.patient, measurements=())), kept.patient.measurements[-1], LATER)


def test_doses_cannot_stay_where_the_measurement_that_they_follow_is_set_right() -> None:
    plan = weighed(weighed(calgb(), "90"), "60")  # the second is of the same day, and takes the first one's place
    assert [one.weight_kg for one in plan.patient.measurements if one.date == MARCH] == [60]
    with pytest.raises(Refusal, match="doses follow 60 kg") as caught:
        weighed(plan, "66", for_doses=False)
    assert caught.value.nearest == "follow"
    assert with_doses_kept(plan.patient, weighed(plan, "66").patient) is None
    # That doses shall not follow it after all may be said; one that they never followed is set right freely.
    aside = weighed(plan, "60", for_doses=False)
    again = weighed(aside, "61", for_doses=False)
    assert not dose_moves(scheduled(aside), scheduled(again), Decimal("0.01"))
    assert with_doses_kept(aside.patient, weighed(aside, "61").patient) == again.patient


def test_the_clearance_follows_the_newest_weight_in_any_case() -> None:
    plan = weighed(calgb(), "50", for_doses=False)
    free = replace(plan.patient, sex="female", labs=(LabResult(MARCH, "creatinine", Decimal(1), "mg/dL"),))
    light, _ = free.results_on(MARCH)["crcl"]
    followed = replace(free, measurements=free.measurements[-1:])
    assert followed.results_on(MARCH)["crcl"][0] == light


def test_what_was_given_cannot_be_removed_or_closed_over() -> None:
    plan = plan_of("d-alba")
    second = next(one for one in events(plan, "blinatumomab", "blinatumomab", 2) if one.dose)
    assert second.dose is not None
    where = ("blinatumomab", 2, second.cycle_day, second.placed.order.id, 0)
    record = GivenRecord(*where, Given.GIVEN, second.date, second.dose.value, second.dose.unit, "A. P.")
    done = record_given(plan, scheduled(plan), record, LATER)
    with pytest.raises(Refusal, match="stop the block instead"):
        remove_block(done, "blinatumomab")
    closing = Stop("blinatumomab", 1, 10, Scope.FOLLOWING, "toxicity", closes=True)
    with pytest.raises(Refusal, match="stop after it, or keep the dates") as caught:
        stop(done, scheduled(done), closing)
    assert caught.value.nearest == "C2"
    kept = stop(done, scheduled(done), replace(closing, closes=False))
    assert states(kept, "blinatumomab", "blinatumomab", 2)[0] == (1, "given")
    assert remove_block(forget_given(done, done.given[0]), "blinatumomab").blocks
    assert stop(forget_given(done, done.given[0]), scheduled(plan), closing).modifications


def test_doses_of_a_day_keep_their_order_whatever_was_recorded_of_some_days_before() -> None:
    plan = plan_of("hsct-bu-cy", **{"busulfan-dose": "every-6-hours"})
    first = events(plan, "conditioning", "busulfan")[0]
    for number in (0, 1):
        where = ("conditioning", 1, -7, "busulfan-every-6-h", number)
        record = GivenRecord(*where, Given.PARTLY, first.date, Decimal(20), "mg", "A. P.", "toxicity")
        plan = record_given(plan, scheduled(plan), record, LATER)
    doses_of_day = [(one.cycle_day, number_of_day(one)) for one in events(plan, "conditioning", "busulfan")]
    assert doses_of_day == [(day, number) for day in (-7, -6, -5, -4) for number in (1, 2, 3, 4)]


def test_a_dose_that_is_on_hold_is_asked_about_before_it_is_recorded() -> None:
    plan = plan_of("pomp")
    block = scheduled(plan).blocks[0]
    held = hold(plan, scheduled(plan), Hold(block.id, 2, 16, "counts", order="mercaptopurine"))
    dose = next(
        one
        for one in events(held, block.id, "mercaptopurine", 2)
        if one.cycle_day == 20 and one.placed.order.id == "mercaptopurine"
    )
    assert dose.dose
    record = GivenRecord(block.id, 2, 20, "mercaptopurine", 0, Given.GIVEN, dose.date, dose.dose.value, "mg", "A. P.")
    assert doubtful_day(scheduled(held), record) == "Mercaptopurine C2 D20 is on hold"
    assert doubtful_day(scheduled(plan), record) == ""
