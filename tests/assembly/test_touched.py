"""Corners of what changes do to a cycle, each with the words and labels that come of it."""

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from planner.model.cycle_content import State
from planner.model.flow import flow_of
from planner.model.plan import (
    Addition,
    DecisionTaken,
    DoseChange,
    Given,
    GivenRecord,
    Plan,
    Repetition,
    Replacement,
    Scope,
    Skip,
    Stop,
)
from planner.model.schedule import Event
from planner.services.verbs import editing, pausing, redosing
from planner.services.verbs.repeating import repeat_cycle
from tests.services.courses_at_hand import AGENTS, events, plan_of, protocols_of, scheduled

VCR = "vincristine"


def percent(number: int, order: str = VCR, block: str = "induction", scope: Scope = Scope.FOLLOWING) -> DoseChange:
    return DoseChange(block, 1, 1, order, scope, "toxicity", percent=number)


def changed(plan: Plan, *changes: DoseChange | Replacement | Stop | Addition | Skip) -> Plan:
    return replace(plan, modifications=(*plan.modifications, *changes))


def answered(plan: Plan, choice: str) -> Plan:
    taken = DecisionTaken("d-alba", "after-cycle-2", choice, date(2026, 4, 1), "A. P.")
    return editing.decide(plan, protocols_of(plan), taken)


def test_a_percentage_of_a_dose_nobody_knows_stays_unknown_and_is_labelled() -> None:
    plan = changed(plan_of("e1910"), percent(50, block="induction-1"))
    first = events(plan, "induction-1", VCR)[0]
    assert first.dose is not None
    assert (first.dose.value, first.dose.origin) == (None, "reduced")


def test_a_reduction_that_rounds_to_nothing_is_said_and_gives_no_dose() -> None:
    swap = Replacement("induction", 1, 1, VCR, Scope.DAY, "vinblastine", "other", dose="0.1 mg")
    tiny = changed(plan_of("calgb-10403"), swap, percent(1))
    first = events(tiny, "induction", "vinblastine")[0]
    assert first.dose is not None
    assert (first.dose.value, first.dose.missing, first.dose.full) == (None, "rounds to nothing", None)


def test_another_drug_has_not_the_volume_and_rate_of_the_one_it_replaces() -> None:
    plan = plan_of("inotuzumab-rr")
    assert flow_of(events(plan, "cycle-1", "inotuzumab")[0].placed.order).words() == "50 mL at 50 mL/h"
    swap = Replacement("cycle-1", 1, 1, "inotuzumab-day-1", Scope.DAY, "rituximab", "other", dose="375 mg/m2")
    found = events(changed(plan, swap), "cycle-1", "rituximab")[0]
    assert flow_of(found.placed.order, found.dose).words() == ""


def test_a_reduced_dose_remembers_the_full_one_and_a_typed_one_has_none() -> None:
    plan = changed(plan_of("calgb-10403"), percent(50))
    assert {str(one.dose.full) for one in events(plan, "induction", VCR) if one.dose} == {"2"}
    level = changed(plan_of("calgb-10403"), replace(percent(100), dose="1 mg"))
    assert {str(one.dose.full) for one in events(level, "induction", VCR) if one.dose} == {"2"}
    entered = DoseChange("induction-1", 1, 1, VCR, Scope.FOLLOWING, "other", dose="2 mg")
    typed = changed(plan_of("e1910"), entered)
    assert {one.dose.full for one in events(typed, "induction-1", VCR) if one.dose} == {None}
    again = changed(typed, percent(50, block="induction-1"))
    assert {one.dose.origin for one in events(again, "induction-1", VCR) if one.dose} == {"reduced"}


def test_a_change_of_the_whole_plan_reaches_on_where_a_decision_leaves_its_block_out() -> None:
    """The drug that had been replaced came back, and a plan that had been stopped went on."""
    further = answered(plan_of("d-alba"), "further")
    swap = Replacement("blinatumomab-further", 3, 1, "dasatinib", Scope.ALL, "ponatinib", "toxicity", dose="30 mg")
    other = answered(changed(further, swap), "tki")
    assert {one.placed.agent for one in events(other, "tki-maintenance")} == {"ponatinib"}
    assert "ponatinib" not in {one.placed.agent for one in events(other, "blinatumomab")}
    stop = Stop("blinatumomab-further", 3, 1, Scope.ALL, "other")
    ended = answered(changed(further, stop), "tki")
    assert {one.state for one in events(ended, "tki-maintenance")} == {State.STOPPED}
    assert State.STOPPED not in {one.state for one in events(ended, "blinatumomab")}


def test_a_change_of_one_block_that_a_decision_leaves_out_reaches_nothing() -> None:
    plan = plan_of("d-alba")
    stop = Stop("blinatumomab-further", 3, 1, Scope.FOLLOWING, "other")
    assert scheduled(changed(plan, stop)) == scheduled(plan)


def test_a_change_of_the_whole_plan_outlives_the_cycle_it_was_made_in() -> None:
    """Where that cycle closed up, the drug that had been replaced came back in every later block."""
    swap = Replacement("blinatumomab", 2, 1, "dasatinib", Scope.ALL, "ponatinib", "toxicity", dose="30 mg")
    plan = changed(plan_of("d-alba"), swap)
    assert {one.placed.agent for one in events(plan, "tki-maintenance")} == {"ponatinib"}
    shorter = changed(plan, Skip("blinatumomab", 2, "other", closes=True))
    assert {one.placed.cycle for one in events(shorter, "blinatumomab")} == {1}
    assert {one.placed.agent for one in events(shorter, "tki-maintenance")} == {"ponatinib"}
    assert "ponatinib" not in {one.placed.agent for one in events(shorter, "blinatumomab")}
    middle = changed(plan_of("d-alba"), Replacement("blinatumomab", 1, 1, "dasatinib", Scope.ALL, "ponatinib", "other"))
    first = changed(middle, Skip("blinatumomab", 1, "other", closes=True))
    assert {one.placed.agent for one in events(first, "blinatumomab")} >= {"ponatinib", "blinatumomab"}
    assert {one.placed.agent for one in events(first, "tki-maintenance")} == {"ponatinib"}


def test_a_drug_no_block_has_is_touched_by_nobody() -> None:
    plan = plan_of("calgb-10403")
    assert scheduled(changed(plan, percent(50, "nothing"))).events == scheduled(plan).events


def test_a_decision_is_asked_once_after_the_repeated_cycle() -> None:
    plan = plan_of("calgb-10403")
    again = repeat_cycle(plan, scheduled(plan), Repetition("", "induction", 1, "other"))
    asked = [one.block for one in scheduled(again).decisions]
    assert asked == ["induction-again"]
    taken = DecisionTaken("calgb-10403", "response", "cr", date(2026, 4, 1), "A. P.")
    firm = editing.decide(again, protocols_of(again), taken)
    assert not any(block.provisional for block in scheduled(firm).blocks)


def test_labels_outlive_a_chain_of_changes() -> None:
    """C15: reduced, typed, replaced, local, provisional stay told whatever is done around them."""
    plan = plan_of("calgb-10403")
    plan = redosing.reduce(plan, scheduled(plan), percent(50))
    swap = Replacement("induction", 1, 4, "pegaspargase", Scope.FOLLOWING, "rituximab", "toxicity", dose="375 mg/m2")
    plan = redosing.replace_agent(plan, scheduled(plan), AGENTS, swap)
    plan = redosing.add_order(
        plan,
        scheduled(plan),
        AGENTS,
        Addition("induction", 1, "extra", "ondansetron", "supportive", "PO", (2,), "other", dose="8 mg"),
    )
    before = labels(plan)
    plan = editing.move_block(plan, "induction", 3)
    plan = pausing.stop(plan, scheduled(plan), Stop("maintenance", 1, 1, Scope.FOLLOWING, "other"))
    plan = repeat_cycle(plan, scheduled(plan), Repetition("", "consolidation", 1, "other"))
    assert labels(plan) == before
    assert before[VCR] == ("reduced", "secondary", "planned")
    assert before["rituximab"] == ("replaced", "local", "planned")
    assert before["ondansetron"] == ("typed", "local", "planned")
    assert {str(one.state) for one in events(plan, "consolidation-again")} == {"provisional"}


def labels(plan: Plan) -> dict[str, tuple[str, str, str]]:
    return {
        one.placed.agent: (one.dose.origin, str(one.placed.evidence), str(one.state))
        for one in events(plan, "induction")
        if one.dose
    }


def test_a_recorded_dose_does_not_say_why_none_was_planned() -> None:
    """A graft of 400,000,000 cells, given, and "no sourced dose: enter the site's own" beside it on the day sheet."""
    plan = plan_of("hsct-bu-cy")

    def graft_of(changed: Plan) -> Event:
        return next(one for one in events(changed, "conditioning") if one.placed.kind == "cell_infusion")

    def recorded(dose: Decimal | None) -> Plan:
        place = "conditioning", 1, before.cycle_day, before.placed.order.id
        unit = "" if dose is None else "cells"
        return replace(plan, given=(GivenRecord(*place, 0, Given.GIVEN, before.date, dose, unit, "N. Nurse", ""),))

    before = graft_of(plan)
    assert before.dose.missing in before.notes
    given = graft_of(recorded(Decimal(400_000_000)))
    assert (given.state, given.dose.value, given.dose.missing) == (State.GIVEN, 400_000_000, "")
    assert before.dose.missing not in given.notes
    assert given.placed.note in given.notes
    assert before.dose.missing in graft_of(recorded(None)).notes
