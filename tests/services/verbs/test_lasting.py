"""What was given is never lost: not by an answer, not by opening a decision again, not by facts set right later."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.assembly.assemble import assemble
from planner.errors import Refusal
from planner.model.cycle_content import State
from planner.model.patient import Measurement, Patient
from planner.model.plan import (
    Addition,
    DecisionTaken,
    Given,
    GivenRecord,
    Plan,
    Replacement,
    Scope,
)
from planner.model.protocol import Protocol
from planner.model.schedule import Event, Schedule
from planner.model.site import Site
from planner.services.telling.without_place import without_place
from planner.services.verbs import deciding, editing, redosing
from planner.services.verbs.lasting import lost
from planner.services.verbs.recording import record_given
from tests.assembly.texts import HEAD, decision, order, phase
from tests.builders import placed
from tests.golden.cases import PATIENTS
from tests.services.courses_at_hand import AGENTS, events, plan_of, protocols_of, scheduled

LATER = date(2100, 1, 1)
PH_POSITIVE = replace(PATIENTS["adult"], markers=(*PATIENTS["adult"].markers, ("ph", "positive")))


def as_given(plan: Plan, schedule: Schedule, event: Event) -> Plan:
    """The dose recorded as given on its day, at what is planned or at 7 of its unit."""
    assert event.dose
    where = (event.placed.block.id, event.placed.cycle, event.cycle_day, event.placed.order.id, 0)
    amount, unit = event.dose.value or Decimal(7), event.dose.unit or "mg"
    return record_given(plan, schedule, GivenRecord(*where, Given.GIVEN, event.date, amount, unit, "A. P."), LATER)


def drawn(schedule: Schedule) -> list[tuple[str, int, str, str]]:
    """What stands as given."""
    return [
        (event.placed.id, event.cycle_day, event.date.isoformat(), event.placed.agent)
        for event in schedule.events
        if event.state is State.GIVEN
    ]


def further(answer: str = "further") -> Plan:
    plan = plan_of("d-alba", PH_POSITIVE)
    taken = DecisionTaken("d-alba", "after-cycle-2", answer, date(2026, 6, 1), "A. P.")
    return editing.decide(plan, protocols_of(plan), taken)


def test_a_decision_is_opened_again_and_what_was_given_by_its_answer_stays_and_is_told() -> None:
    plan = further()
    first = next(one for one in events(plan, "blinatumomab-further") if one.dose)
    done = as_given(plan, scheduled(plan), first)
    opened = deciding.reopen(done, "d-alba", "after-cycle-2", "donor found", "A. P.", date(2026, 9, 1))
    assert drawn(scheduled(opened)) == drawn(scheduled(done)) != []
    (told,) = without_place(done, opened)
    assert "dasatinib C3 D1 of More blinatumomab. What is recorded stays" in told
    assert deciding.other_answers(done, "d-alba", "after-cycle-2") == (), "no other answer has a place for it"
    assert without_place(plan, deciding.reopen(plan, "d-alba", "after-cycle-2", "donor", "A. P.", LATER)) == ()


def test_a_decision_is_opened_again_where_all_that_was_given_stays() -> None:
    plan = further()
    first = next(one for one in events(plan, "blinatumomab") if one.dose)
    done = as_given(plan, scheduled(plan), first)
    opened = deciding.reopen(done, "d-alba", "after-cycle-2", "donor found", "A. P.", date(2026, 9, 1))
    assert drawn(scheduled(opened)) == drawn(scheduled(done)) != []


def test_an_order_that_was_added_or_put_in_place_of_another_stays_once_given() -> None:
    plan = plan_of("calgb-10403")
    more = Addition("induction", 1, "extra", "ondansetron", "supportive", "PO", (2,), "other", dose="8 mg")
    swap = Replacement("induction", 1, 4, "pegaspargase", Scope.FOLLOWING, "rituximab", "toxicity", dose="375 mg/m2")
    plan = redosing.add_order(plan, scheduled(plan), AGENTS, more)
    plan = redosing.replace_agent(plan, scheduled(plan), AGENTS, swap)
    for number, agent in ((1, "ondansetron"), (2, "rituximab")):
        done = as_given(plan, scheduled(plan), events(plan, "induction", agent)[0])
        with pytest.raises(Refusal, match="was given, and the plan without that change"):
            editing.take_back(done, number)
        other = 3 - number
        assert drawn(scheduled(editing.take_back(done, other))) == drawn(scheduled(done)) != []
        assert editing.take_back(plan, number)


def small(text: str, patient: Patient) -> tuple[Plan, dict[str, Protocol]]:
    return placed(HEAD + text, patient, date(2026, 1, 5))


def person(**markers: str) -> Patient:
    measured = (Measurement(date(2026, 1, 2), Decimal(170), Decimal(70)),)
    return Patient("1", "Some", "Body", date(1980, 3, 1), "male", measured, markers=tuple(markers.items()))


def test_the_answers_that_keep_what_was_given_are_known_where_one_is_opened_again() -> None:
    asked = decision("d", "a", 8).replace('title = "No" }', 'title = "No" }, { id = "later", title = "Later" }')
    plan, at_hand = small(
        phase("a", order("o")) + phase("b", order("q"), only_if="decision.d != yes") + asked, person()
    )
    plan = editing.decide(plan, at_hand, DecisionTaken("small", "d", "no", date(2026, 1, 12), "A. P."))
    whole = assemble(plan, at_hand, {}, Site())
    done = as_given(plan, whole, next(one for one in whole.events if one.placed.id == "b/1/q"))
    assert deciding.other_answers(done, "small", "d") == ("later",)
    wrong, right = (DecisionTaken("small", "d", one, date(2026, 2, 1), "A. P.") for one in ("yes", "later"))
    assert len(without_place(done, editing.decide(done, at_hand, wrong))) == 1
    assert without_place(done, editing.decide(done, at_hand, right)) == ()


def test_what_was_given_stays_when_a_fact_of_the_patient_is_set_right() -> None:
    """A whole block, a dose of one order, and a dose that was left out: only what was given stays, and says why."""
    text = phase("a", order("o", when="ph = positive"), order("p"), cycles=2)
    text += phase("b", order("q", days="1, 2"), only_if="ph = positive", cycles=2)
    plan, at_hand = small(text, person(ph="positive"))
    whole = assemble(plan, at_hand, {}, Site())
    done = plan
    for place in ("a/1/o", "b/1/q"):
        done = as_given(done, whole, next(one for one in whole.events if one.placed.id == place))
    missed = GivenRecord("a", 2, 1, "o", 0, Given.NOT_GIVEN, None, None, "", "A. P.", "other")
    done = record_given(done, whole, missed, LATER)
    corrected = replace(done, patient=person(ph="negative"))
    after = assemble(corrected, at_hand, {}, Site())
    assert drawn(after) == drawn(assemble(done, at_hand, {}, Site()))
    assert [one.id for one in after.blocks] == ["a", "b"]
    assert any("as far as it was given" in words for words in after.block("b").why)
    assert [one.number for one in after.block("b").cycles] == [1], "as far as it was given"
    assert [one.state for one in after.events if one.placed.block.id == "b"] == [State.GIVEN]
    (kept,) = (one for one in after.events if one.placed.id == "a/1/o")
    assert "no longer plans it" in kept.note
    assert kept.dose
    assert (str(kept.dose.value), kept.dose.origin) == ("2", "given")
    assert not any(one.placed.id == "a/2/o" for one in after.events)
    assert [one.id for one in assemble(replace(corrected, given=()), at_hand, {}, Site()).blocks] == ["a"]


def test_an_end_that_comes_nearer_cuts_no_cycle_of_which_was_given() -> None:
    ends = '[{ until = "2 months after a day 1", when = "ph = positive" }]'
    text = phase("a", order("o")) + phase("b", order("q", days="1, 15"), cycles=4, ends=ends)
    plan, at_hand = small(text, person(ph="negative"))
    whole = assemble(plan, at_hand, {}, Site())
    done = as_given(plan, whole, next(one for one in whole.events if one.placed.id == "b/3/q"))
    nearer = assemble(replace(done, patient=person(ph="positive")), at_hand, {}, Site())
    assert drawn(nearer) == drawn(assemble(done, at_hand, {}, Site())) != []
    assert [(one.number, one.cut) for one in nearer.block("b").cycles] == [(1, False), (2, True), (3, True)]
    assert [one.placed.id for one in nearer.events if one.placed.cycle == 3] == ["b/3/q"], "what was given, and no more"
    without = assemble(replace(plan, patient=person(ph="positive")), at_hand, {}, Site())
    assert [one.number for one in without.block("b").cycles] == [1, 2]


def test_a_record_of_what_no_plan_orders_is_not_lost_and_stops_nobody() -> None:
    plan = plan_of("calgb-10403")
    stray = GivenRecord("induction", 1, 1, "nothing", 0, Given.GIVEN, date(2026, 1, 5), Decimal(1), "mg", "A. P.")
    gone = replace(stray, block="elsewhere")
    odd = replace(plan, given=(stray, gone, replace(stray, cycle=9)))
    assert lost(odd, plan) == ()
    assert drawn(scheduled(odd)) == []


def test_a_dose_given_in_a_cycle_that_an_end_cuts_changes_nothing_else() -> None:
    ends = '[{ until = "1 months after a day 1" }]'
    text = phase("a", order("o")) + phase("b", order("q", days="1, 2, 15"), cycles=4, ends=ends)
    plan, at_hand = small(text, person())
    whole = assemble(plan, at_hand, {}, Site())
    assert [(one.number, one.cut) for one in whole.block("b").cycles] == [(1, True)]
    done = as_given(plan, whole, next(one for one in whole.events if one.placed.id == "b/1/q"))
    after = assemble(done, at_hand, {}, Site())
    assert after.block("b").cycles == whole.block("b").cycles
    assert [(one.placed.id, one.day) for one in after.events] == [(one.placed.id, one.day) for one in whole.events]


def test_another_drug_from_a_day_on_never_reaches_a_dose_that_was_given_before_it() -> None:
    """Days before Day 1 of a cycle lie among the days of the cycle before: later by number, earlier by date."""
    plan, at_hand = small(phase("a", order("o", days="-3, 1, 15"), cycle_days=16, cycles=2), person())
    whole = assemble(plan, at_hand, {}, Site())
    early = next(one for one in whole.events if one.placed.cycle == 2 and one.cycle_day == -3)
    done = as_given(plan, whole, early)
    swap = Replacement("a", 1, 15, "o", Scope.FOLLOWING, "vinblastine", "other", dose="5 mg")
    assert early.day < next(one.day for one in whole.events if one.placed.cycle == 1 and one.cycle_day == 15)
    with pytest.raises(Refusal, match="was given, and Vinblastine from there on would"):
        redosing.replace_agent(done, assemble(done, at_hand, {}, Site()), AGENTS, swap)
    assert redosing.replace_agent(plan, whole, AGENTS, swap).modifications
    only = replace(swap, scope=Scope.CYCLE)
    changed = redosing.replace_agent(done, assemble(done, at_hand, {}, Site()), AGENTS, only)
    assert drawn(assemble(changed, at_hand, {}, Site())) == drawn(assemble(done, at_hand, {}, Site())) != []


def test_what_was_given_in_place_of_another_drug_stays_that_drug_when_nothing_plans_it_any_more() -> None:
    text = phase("a", order("o", days="1, 8", when="ph = positive"), order("p"))
    plan, at_hand = small(text, person(ph="positive"))
    swap = Replacement("a", 1, 1, "o", Scope.FOLLOWING, "vinblastine", "other", dose="5 mg")
    more = Addition("a", 1, "extra", "ondansetron", "supportive", "PO", (2,), "other", dose="8 mg")
    for make in (
        lambda plan, shown: redosing.replace_agent(plan, shown, AGENTS, swap),
        lambda plan, shown: redosing.add_order(plan, shown, AGENTS, more),
    ):
        plan = make(plan, assemble(plan, at_hand, AGENTS, Site()))
    whole = assemble(plan, at_hand, AGENTS, Site())
    for agent in ("vinblastine", "ondansetron"):
        plan = as_given(plan, whole, next(one for one in whole.events if one.placed.agent == agent))
    before = drawn(assemble(plan, at_hand, AGENTS, Site()))
    after = drawn(assemble(replace(plan, patient=person(ph="negative")), at_hand, AGENTS, Site()))
    assert sorted(after) == sorted(before)
    assert {one[3] for one in after} == {"vinblastine", "ondansetron"}
