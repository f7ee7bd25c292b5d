"""Decisions taken, opened again and followed as what-if: the named cases of the field."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.errors import Refusal
from planner.model.cycle_content import State
from planner.model.plan import BlockStart, DecisionTaken, Deferral, Given, GivenRecord, Plan, Scope
from planner.model.rule import SequencingRule
from planner.model.site import Site
from planner.paths import resources
from planner.services.evaluation import evaluate
from planner.services.telling.preview import preview, preview_lines
from planner.services.telling.totals import totals
from planner.services.telling.without_place import without_place
from planner.services.verbs import editing
from planner.services.verbs.deciding import Branch, branches, find_decision, reopen
from planner.services.verbs.placing import add_protocol
from planner.services.verbs.recording import record_given
from tests.golden.cases import PATIENTS, library
from tests.services.courses_at_hand import doses, events, plan_of, protocols_of, scheduled, starts

PH_POSITIVE = replace(PATIENTS["adult"], markers=(*PATIENTS["adult"].markers, ("ph", "positive")))


def decided(plan: Plan, group: str, **answers: str) -> Plan:
    for decision, choice in answers.items():
        taken = DecisionTaken(group, decision.replace("_", "-"), choice, date(2026, 6, 1), "A. P.", "", "as measured")
        plan = editing.decide(plan, protocols_of(plan), taken)
    return plan


def ways(plan: Plan, decision: str, rules: tuple[SequencingRule, ...] = ()) -> dict[str, Branch]:
    shelf = replace(library(), rules=rules)
    known = evaluate(plan, shelf)
    group = find_decision(known, decision).group
    return {one.choice.id: one for one in branches(known, shelf, Site(), group, decision)}


def blocks(branch: Branch) -> list[str]:
    return [block.id for block in branch.evaluated.schedule.blocks]


def test_a_decision_opened_again_is_as_if_never_taken_and_remembers_why() -> None:
    plan = plan_of("calgb-10403")
    firm = decided(plan, "calgb-10403", response="cr")
    assert not any(block.provisional for block in scheduled(firm).blocks)
    again = reopen(firm, "calgb-10403", "response", "marrow was read wrongly", "A. P.", date(2026, 6, 2))
    assert scheduled(again) == scheduled(plan)
    assert [(one.choice, one.reason) for one in again.reopened] == [("cr", "marrow was read wrongly")]
    for wrong in (("nothing", "why", "A. P."), ("response", " ", "A. P."), ("response", "why", "")):
        with pytest.raises(Refusal):
            reopen(firm, "calgb-10403", wrong[0], wrong[1], wrong[2], date(2026, 6, 2))


def test_e1910_mrd_after_intensification() -> None:
    plan = decided(plan_of("e1910"), "e1910", remission="cr")
    found = ways(plan, "mrd")
    assert found["negative"].is_drawn
    assert "blinatumomab" in blocks(found["negative"])
    assert "blinatumomab" in blocks(found["positive"])
    assert not any(block.startswith(("blinatumomab", "chemo", "maintenance")) for block in blocks(found["transplant"]))
    assert found["transplant"].ends < found["negative"].ends
    alone = decided(plan_of("e1910", arm="chemotherapy"), "e1910", remission="cr", mrd="negative")
    assert not any(block.startswith("blinatumomab") for block in starts(alone))
    firm = decided(plan, "e1910", mrd="positive")
    assert not any(block.provisional for block in scheduled(firm).blocks)


def test_d_alba_after_two_cycles() -> None:
    plan = decided(plan_of("d-alba", PH_POSITIVE), "d-alba", response="chr")
    found = ways(plan, "after-cycle-2")
    assert blocks(found["further"])[-2:] == ["blinatumomab-further", "tki-after-further"]
    assert blocks(found["transplant"])[-2:] == ["blinatumomab", "what-comes-next-2"]
    assert found["tki"].is_drawn
    assert found["further"].ends > found["tki"].ends == found["transplant"].ends


def test_ponatinib_goes_down_to_15_mg_from_the_cycle_after_a_complete_molecular_response() -> None:
    plan = decided(plan_of("ponatinib-blinatumomab", PH_POSITIVE), "ponatinib-blinatumomab", cmr_1="no", cmr_2="yes")
    by_cycle = {cycle: set(doses(plan, "combination", "ponatinib", cycle)) for cycle in (1, 2, 3, 4)}
    assert by_cycle == {1: {"30"}, 2: {"30"}, 3: {"15"}, 4: {"15"}}


def test_inotuzumab_follows_the_response_and_stops_after_two_cycles_before_transplant() -> None:
    plan = decided(plan_of("inotuzumab-rr"), "inotuzumab-rr", week_4="extend", response_1="cr")
    first = [one for one in events(plan, "cycle-2") if one.placed.agent == "inotuzumab" and one.cycle_day == 1]
    assert [one.dose.protocol_dose for one in first if one.dose] == ["0.5 mg/m2"]
    other = decided(plan_of("inotuzumab-rr"), "inotuzumab-rr", week_4="extend", response_1="no-cr")
    first = [one for one in events(other, "cycle-2") if one.placed.agent == "inotuzumab" and one.cycle_day == 1]
    assert [one.dose.protocol_dose for one in first if one.dose] == ["0.8 mg/m2"]
    found = ways(plan, "response-2")
    assert "cycle-3" in blocks(found["cr"])
    assert "cycle-3" not in blocks(found["transplant"])


def test_a_transplant_decided_after_cycle_two_leaves_two_cycles_of_inotuzumab() -> None:
    plan = decided(plan_of("inotuzumab-rr"), "inotuzumab-rr", week_4="extend", response_1="cr", response_2="transplant")
    counted = [
        one
        for one in totals(evaluate(plan, replace(library(), rules=())), library(), resources()).counters
        if one.agent == "inotuzumab"
    ]
    assert [(one.planned, one.total) for one in counted] == [(2, 2)]


def test_transplant_after_car_t_cells_or_none() -> None:
    plan = plan_of("tisa-cel")
    last = scheduled(plan).blocks[-1].id
    with_transplant = add_protocol(plan, library().protocols["hsct-cy-tbi"], BlockStart(after=last, gap_days=60))
    found = preview(evaluate(plan, library()), evaluate(with_transplant, library()))
    assert found.count("appeared") == len(scheduled(with_transplant).events) - len(scheduled(plan).events)
    assert found.count("moved") == 0
    assert found.ends[1] > found.ends[0]
    transplant = [block.id for block in with_transplant.blocks if block.group != plan.blocks[0].group]
    without = with_transplant
    for block in reversed(transplant):
        without = editing.remove_block(without, block)
    assert without == plan


def test_obe_cel_second_dose_is_postponed_to_day_21_at_the_latest_and_refused_after_grade_3() -> None:
    plan = decided(plan_of("obe-cel"), "obe-cel", burden="high", second_dose="postpone")
    put_off = events(plan, "second-dose", "obe-cel")[0]
    assert put_off.state is State.PROVISIONAL
    beside = [one for one in scheduled(plan).events if one.placed.block.id == "second-dose"]
    assert all('no day set yet after "Postpone, at the latest to Day 21"' in one.note for one in (put_off, *beside))
    block = scheduled(plan).block("second-dose")
    assert block.provisional
    assert block.unsure == "its day is not set yet"
    assert any("put off by the answer" in line for line in block.why)
    late = editing.move_block(plan, "second-dose", 11)
    assert not scheduled(late).block("second-dose").provisional
    (dose,) = events(late, "second-dose", "obe-cel")
    first = events(late, "first-dose", "obe-cel")[0]
    assert dose.day - first.day == 20, "Day 21, for Day 1 counts"
    deferred = editing.defer(
        plan, scheduled(plan), Deferral("second-dose", 1, 10, 11, Scope.FOLLOWING, "toxicity", "CRS", 2)
    )
    assert [one.day for one in events(deferred, "second-dose", "obe-cel")] == [dose.day]
    assert [one.state for one in events(deferred, "second-dose", "obe-cel")] == [State.DEFERRED]
    given = GivenRecord("second-dose", 1, 10, put_off.placed.order.id, 0, Given.GIVEN, put_off.date, None, "", "N")
    taken = replace(plan, given=(given,))
    assert not scheduled(taken).block("second-dose").provisional
    kept = decided(plan, "obe-cel", second_dose="give")
    assert events(kept, "second-dose", "obe-cel")[0].state is State.PLANNED
    beyond = editing.move_block(plan, "second-dose", 12)
    told = {one.rule for one in evaluate(beyond, library()).findings if one.severity == "contraindicated"}
    kept = {one.rule for one in evaluate(late, library()).findings if one.severity == "contraindicated"}
    if "CT-04" in {rule.id for rule in library().rules}:
        assert "CT-04" in told - kept
    refused = decided(plan, "obe-cel", second_dose="no")
    assert [block.id for block in scheduled(refused).blocks] == ["lymphodepletion", "first-dose"]


def test_a_preview_tells_events_findings_and_the_end() -> None:
    plan = plan_of("calgb-10403")
    before = evaluate(plan, library())
    after = evaluate(editing.move_block(plan, "consolidation", 7), library())
    found = preview(before, after)
    assert bool(found)
    assert found.count("moved") > 100
    assert found.ends[1] - found.ends[0] in (0, 7)
    assert any(line.startswith("moved: Cyclophosphamide C1 D1") for line in preview_lines(found))
    assert not preview(before, before)
    assert preview_lines(preview(before, before)) == ()
    back = preview(after, before)
    assert {one.id for one in back.gone} == {one.id for one in found.appeared}


def test_a_branch_that_does_not_exist_is_refused() -> None:
    known = evaluate(plan_of("calgb-10403"), library())
    with pytest.raises(Refusal, match="no decision nothing"):
        branches(known, library(), Site(), "calgb-10403", "nothing")
    with pytest.raises(Refusal, match="no placement"):
        branches(known, library(), Site(), "elsewhere", "response")
    with pytest.raises(Refusal, match="no decision nothing"):
        find_decision(known, "nothing")


def test_an_answer_is_set_right_and_what_was_given_by_the_wrong_one_stays_and_is_told() -> None:
    plan = plan_of("obe-cel")
    cells = next(one for one in events(plan, "second-dose") if one.placed.role == "cell therapy" and one.dose)
    assert cells.dose is not None
    where = ("second-dose", 1, cells.cycle_day, cells.placed.order.id, 0)
    amount = cells.dose.value or Decimal(100_000_000)
    record = GivenRecord(*where, Given.GIVEN, cells.date, amount, "cells", "A. P.")
    done = record_given(plan, scheduled(plan), record, date(2030, 1, 1))
    refused = DecisionTaken("obe-cel", "second-dose", "no", date(2026, 1, 20), "A. P.")
    right = editing.decide(done, protocols_of(done), refused)
    (told,) = without_place(done, right)
    assert told.startswith(f"given, and without a place in the course then: obe-cel C1 D{cells.cycle_day} of ")
    kept = [one for one in events(right, "second-dose") if one.state is State.GIVEN]
    assert [(one.placed.id, one.day) for one in kept] == [(cells.placed.id, cells.day)]
    assert any("as far as it was given" in words for words in scheduled(right).block("second-dose").why)
    give = editing.decide(right, protocols_of(done), replace(refused, choice="give"))
    assert replace(give, decisions=()) == replace(done, decisions=())
    assert without_place(done, give) == without_place(right, give) == ()
    assert without_place(plan, editing.decide(plan, protocols_of(plan), refused)) == ()


def test_once_the_response_is_there_nobody_asks_for_it_again() -> None:
    plan = decided(plan_of("ponatinib-blinatumomab"), "ponatinib-blinatumomab", cmr_1="no")
    known = evaluate(plan, replace(library(), rules=()))
    asked = [one.decision.id for one in known.schedule.decisions if one.decision.id.startswith("cmr")]
    assert asked == ["cmr-1", "cmr-2"], "drawn with a response after cycle 2, after which it is not looked for"
    known = evaluate(decided(plan, "ponatinib-blinatumomab", cmr_1="yes"), replace(library(), rules=()))
    assert [one.decision.id for one in known.schedule.decisions if one.decision.id.startswith("cmr")] == ["cmr-1"]
    doses = [one for one in known.schedule.events if one.placed.agent == "ponatinib" and one.placed.cycle < 5]
    assert {str(one.state) for one in doses if one.placed.block.phase.id == "combination"} == {"planned"}
    with pytest.raises(Refusal, match=r"cmr-2 is not asked as the plan stands; it is if .*after cycle 1.* is not"):
        find_decision(known, "cmr-2")
