"""What stays behind a change without a word of its own: a premedication, an order of begun cycles, another Day 0."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.errors import Refusal
from planner.model.civil import clinical_date, weekday_date
from planner.model.patient import Measurement
from planner.model.plan import (
    Addition,
    BlockStart,
    Deferral,
    DoseChange,
    Given,
    GivenRecord,
    Plan,
    Replacement,
    Scope,
    Stop,
)
from planner.services.evaluation import evaluate
from planner.services.telling.elsewhere import stays_elsewhere
from planner.services.telling.unlisted import unlisted
from planner.services.telling.weights import in_place_of
from planner.services.verbs import editing, redosing
from planner.services.verbs.placing import add_protocol
from planner.services.verbs.recording import measure, record_given
from tests.golden.cases import library
from tests.services.courses_at_hand import AGENTS, events, plan_of, scheduled
from tests.services.verbs.test_lasting import as_given


def told(before: Plan, after: Plan) -> tuple[str, ...]:
    return unlisted(evaluate(before, library()), evaluate(after, library()))


def test_premedication_for_a_step_that_comes_later_is_told() -> None:
    plan = plan_of("blinatumomab-rr")
    rise = events(plan, "induction", "blinatumomab")[7]
    lower = DoseChange("induction", 1, 8, rise.placed.order.id, Scope.CYCLE, "toxicity", dose="9 mcg")
    less = redosing.reduce(plan, scheduled(plan), lower)
    (line,) = told(plan, less)
    assert line == f"Dexamethasone of D8, {rise.date:%a %d-%b-%Y}, comes before no step of Blinatumomab any more"
    again = DoseChange("induction", 1, 11, rise.placed.order.id, Scope.CYCLE, "other")
    (line,) = told(less, redosing.full_dose(less, scheduled(less), again))
    assert "any more, which now rises on D11, " in line
    other = DoseChange("induction", 1, 20, rise.placed.order.id, Scope.CYCLE, "toxicity", dose="9 mcg")
    assert told(plan, redosing.reduce(plan, scheduled(plan), other)) == ()


def test_a_day_of_the_pump_given_in_part_is_told_to_be_no_recorded_stop() -> None:
    plan = plan_of("blinatumomab-rr")
    third = events(plan, "induction", "blinatumomab")[2]
    place = "induction", 1, 3, third.placed.order.id, 0
    record = GivenRecord(*place, Given.PARTLY, third.date, Decimal(4), "mcg", "A nurse", "other")
    part = record_given(plan, scheduled(plan), record, date(2100, 1, 1))
    (line,) = told(plan, part)
    assert line.startswith(f"Blinatumomab of {third.date:%a %d-%b-%Y} was given in part: where the pump stood still")
    assert told(plan, as_given(plan, scheduled(plan), third)) == ()
    assert told(part, part) == ()


def test_an_order_of_every_cycle_is_told_to_stand_in_those_that_have_begun() -> None:
    plan = plan_of("pomp")
    block = scheduled(plan).blocks[0].id
    more = Addition(block, 0, "extra", "ondansetron", "supportive", "PO", (2,), "other", dose="8 mg")
    assert told(plan, redosing.add_order(plan, scheduled(plan), AGENTS, more)) == ()
    done = as_given(plan, scheduled(plan), next(one for one in events(plan, block) if one.dose and one.dose.value))
    (line,) = told(done, redosing.add_order(done, scheduled(done), AGENTS, more))
    assert "is added to every cycle of" in line
    assert "also to C1, of which something was given on " in line


def test_what_counts_from_a_graft_that_moves_is_told_to_stay() -> None:
    plan = plan_of("hsct-cy-tbi")
    graft = next(one for one in events(plan, "conditioning") if one.placed.role == "cell therapy")
    plan = add_protocol(plan, library().protocols["ptcy-gvhd"], BlockStart(on=graft.date))
    later = editing.defer(plan, scheduled(plan), Deferral("conditioning", 1, -4, 1, Scope.FOLLOWING, "other"))
    for changed, days in ((editing.move_block(plan, "conditioning", 7), 7), (later, 1)):
        new = date.fromordinal(graft.day + days)
        lines = [one for one in told(plan, changed) if one.startswith("PTCy counts from ")]
        assert len(lines) == 1
        assert f"which moves to {new:%a %d-%b-%Y} ({days:+d} d), and keeps {graft.date:%a %d-%b-%Y}" in lines[0]
    both = editing.move_block(editing.move_block(plan, "conditioning", 7), "ptcy", 7)
    assert not any("counts from" in one for one in told(plan, both))


def test_ponatinib_that_counts_to_a_graft_that_moves_is_told_to_stay() -> None:
    """Nothing of its block comes behind Day 0, so nothing was said; what comes after the transplant began before it."""
    plan = plan_of("ponalfil")
    (before,) = {one.placed.block.begins for one in events(plan, "before-transplant")}
    graft = BlockStart(on=date.fromordinal(before + 30 - 7))
    plan = add_protocol(plan, library().protocols["hsct-cy-tbi"], graft)
    (line,) = [one for one in told(plan, editing.move_block(plan, "conditioning", 7)) if "counts from" in one]
    assert line.startswith("Before transplant counts from Haematopoietic stem cells, which moves to ")
    both = editing.move_block(editing.move_block(plan, "conditioning", 7), "before-transplant", 7)
    assert not any("counts from" in one for one in told(plan, both))


def test_more_than_the_protocol_gives_is_said_to_be_an_order_of_its_own_by_every_verb() -> None:
    plan = plan_of("pomp")
    first = next(one for one in events(plan, scheduled(plan).blocks[0].id, "vincristine") if one.dose)
    place = first.placed.block.id, 1, first.cycle_day, first.placed.order.id
    edits = (
        lambda: redosing.reduce(plan, scheduled(plan), DoseChange(*place, Scope.CYCLE, "other", percent=125)),
        lambda: redosing.enter_dose(plan, scheduled(plan), DoseChange(*place, Scope.CYCLE, "other", dose="9 mg")),
        lambda: redosing.replace_agent(
            plan, scheduled(plan), AGENTS, Replacement(*place, Scope.CYCLE, "vincristine", "other", dose="9 mg")
        ),
    )
    for edit in edits:
        with pytest.raises(Refusal, match="is an order of its own: stop this one and add that"):
            edit()


def test_a_block_hung_on_one_that_ends_on_its_day_0_is_told_to_come_a_day_behind_it() -> None:
    plan = plan_of("hsct-cy-tbi")
    graft = next(one for one in events(plan, "conditioning") if one.placed.role == "cell therapy")
    plan = add_protocol(plan, library().protocols["ptcy-gvhd"], BlockStart(on=graft.date))
    hung = editing.hang_block(plan, "ptcy", BlockStart(after="conditioning"))
    lines = told(plan, hung)
    assert "Day 0 of PTCy comes on the day behind Day 0 of Conditioning: a start one day earlier (-1)" in lines[0]
    assert told(plan, editing.hang_block(plan, "ptcy", BlockStart(after="conditioning", gap_days=-1))) == ()
    late = GivenRecord(
        "conditioning", 1, 0, "graft", 0, Given.GIVEN, graft.date + timedelta(1), Decimal(5), "cells", "N"
    )
    given = record_given(plan, scheduled(plan), late, date(2100, 1, 1))
    moved = editing.hang_block(given, "ptcy", BlockStart(after="conditioning"))
    assert not any("day behind" in line for line in told(given, moved)), "its Day 0 is the day of the graft"


def test_a_stop_that_closes_up_names_no_day_of_before_for_what_comes_behind_it() -> None:
    schedule = scheduled(plan_of("calgb-10403"))
    closing = Stop("induction", 1, 8, Scope.FOLLOWING, "other", closes=True)
    assert stays_elsewhere(schedule, closing).startswith("What is planned behind it moves up and still comes: ")
    assert "from " in stays_elsewhere(schedule, replace(closing, closes=False))


def test_cells_that_follow_a_new_weight_are_told_to_be_made_perhaps() -> None:
    plan = plan_of("brexu-cel")
    cells = next(one for one in events(plan, scheduled(plan).blocks[-1].id) if one.placed.role == "cell therapy")
    weight = plan.patient.measurements[-1]
    lighter = Measurement(cells.date - timedelta(2), weight.height_cm, weight.weight_kg - 3)
    lines = told(plan, measure(plan, lighter, date(2100, 1, 1)))
    assert any("a bag that is made already holds the cells it was made with" in one for one in lines)
    stays = replace(lighter, for_doses=False)
    assert not any("a bag" in one for one in told(plan, measure(plan, stays, date(2100, 1, 1))))


def test_what_is_placed_in_maintenance_of_a_set_length_is_told_to_end_on_another_day() -> None:
    plan = plan_of("e1910")
    block = next(one for one in scheduled(plan).blocks if one.phase.id == "maintenance")
    pomp = library().protocols["pomp"]
    after = add_protocol(plan, pomp, BlockStart(on=date.fromordinal(block.start)))
    (line,) = [one for one in told(plan, after) if "set its length right" in one]
    assert line.startswith("Maintenance ends 30 months after Day 1 of Intensification (")
    assert f"last day {weekday_date(block.end - 1)}; it ends now where POMP 1 to 12 begins, and POMP from" in line
    later = add_protocol(plan, pomp, BlockStart(on=date.fromordinal(block.end)))
    assert not any("set its length right" in one for one in told(plan, later)), "it stands behind it"


def test_a_weight_of_the_same_day_is_told_to_take_the_place_of_the_other() -> None:
    patient = plan_of("pomp").patient
    known = patient.measurements[0]
    right = Measurement(known.date, known.height_cm, known.weight_kg + 5)
    assert in_place_of(patient, right) == (
        f"in place of {known.weight_kg} kg, {known.height_cm} cm, which was measured on {clinical_date(known.date)} too"
    )
    assert in_place_of(patient, known) == ""
    assert in_place_of(patient, Measurement(known.date + timedelta(1), known.height_cm, Decimal(50))) == ""
