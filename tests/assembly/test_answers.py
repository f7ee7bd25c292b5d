"""What decisions do to a course: doses behind open ones, questions behind questions, changes within a cycle."""

from datetime import timedelta

import pytest

from planner.assembly.assemble import assemble
from planner.content.protocol_file import read_protocol
from planner.model.cycle_content import State
from planner.model.plan import BlockStart, DecisionTaken, Deferral, Scope
from planner.model.schedule import Schedule
from planner.model.site import Site
from planner.services.verbs.placing import add_protocol
from tests.assembly.test_calendar import SOMEBODY, START, days, one, schedule
from tests.assembly.texts import HEAD, assessment, decision, order, phase
from tests.builders import placed, shelved
from tests.content.texts import AGENTS

BANDS = '[{ when = "decision.response = yes", dose = "15 mg" }, { dose = "30 mg" }]'
DAILY = order("tki", bands=BANDS, days="1:end", dose=None)
RESPONSE = decision("response", "a", day=10)


def taken(name: str, choice: str) -> DecisionTaken:
    return DecisionTaken("p", name, choice, START, "Test")


def doses(found: Schedule, order_id: str) -> list[tuple[str, State]]:
    """Each dose once for every run of days with the same dose and state."""
    runs: list[tuple[str, State]] = []
    for event in found.events:
        if event.placed.order.id == order_id and event.dose:
            seen = (str(event.dose.value), event.state)
            runs += [] if runs and runs[-1] == seen else [seen]
    return runs


def test_a_dose_behind_an_open_decision_is_drawn_as_provisional() -> None:
    text = phase("a", DAILY, cycles=2, cycle_days=14) + RESPONSE
    assert doses(schedule(text), "tki") == [("30", State.PLANNED), ("15", State.PROVISIONAL)]
    assert "a decision is open" in next(e.note for e in schedule(text).events if e.state is State.PROVISIONAL)
    group = schedule(text).decisions[0].group
    for choice, dose in (("yes", "15"), ("no", "30")):
        answered = schedule(text, taken=DecisionTaken(group, "response", choice, START, "Test"))
        assert dict(doses(answered, "tki"))[dose] is State.PLANNED
        assert not any(event.state is State.PROVISIONAL for event in answered.events)


def test_a_dose_that_changes_at_once_changes_the_day_after_the_decision() -> None:
    at_once = DAILY + 'changes = "at once"\n'
    text = phase("a", at_once, cycles=2, cycle_days=14) + RESPONSE
    found = schedule(text)
    assert doses(found, "tki") == [("30", State.PLANNED), ("15", State.PROVISIONAL)]
    changed = next(event for event in found.events if event.dose and event.dose.value == 15)
    assert (changed.placed.cycle, changed.cycle_day) == (1, 11)
    first = [event for event in found.events if event.placed.cycle == 1 and event.dose]
    assert len({id(event.placed) for event in first}) == 1
    assert [event.cycle_day for event in first] == list(range(1, 15))


def test_an_order_may_begin_or_end_at_once() -> None:
    late = order("late", days="8:14", when="decision.response = yes", changes="at once")
    early = order("early", days="8:14", when="decision.response != yes", changes="at once")
    found = schedule(phase("a", late, early, cycles=1, cycle_days=14) + RESPONSE)
    assert [event.cycle_day for event in found.events if event.placed.order.id == "late"] == [11, 12, 13, 14]
    assert [event.cycle_day for event in found.events if event.placed.order.id == "early"] == [8, 9, 10]
    never = order("never", days="8:14", when="decision.response = no", changes="at once")
    assert not [e for e in schedule(phase("a", never, cycle_days=14) + RESPONSE).events if e.dose]


def test_days_before_the_first_day_know_only_what_was_decided_by_then() -> None:
    before = order("before", days="-3:2", when="decision.response = yes", changes="at once")
    text = phase("a", order("o", days="1"), cycle_days=14) + phase("b", before, cycle_days=14)
    found = schedule(text + decision("response", "a", day=13))
    assert [event.cycle_day for event in found.events if event.placed.order.id == "before"] == [-1, 1, 2]


AT_NEXT = '[{ when = "decision.response = yes", dose = "15 mg" }, { when = "decision.response = no", dose = "30 mg" }]'
"""No dose while the answer is not due."""


def put_off(late: int, asked_late: int, **keys: object) -> Schedule:
    """Two cycles of 14 days, the second put off as a whole; of the first, that asks on its last day, the rest."""
    next_cycle = order("next", bands=AT_NEXT, days="1, 8", dose=None, **keys)
    text = phase("a", order("o", days="1, 8"), cycle_days=14) + phase("b", next_cycle, cycle_days=14, start="after a")
    changes = (
        Deferral("b", 1, 1, late, Scope.ALL, "counts"),
        Deferral("a", 1, 8, asked_late, Scope.CYCLE, "counts"),
    )
    return schedule(text + decision("response", "a", day=14), *changes)


@pytest.mark.parametrize("at", ["next cycle", "at once"])
def test_a_cycle_that_was_put_off_knows_what_was_asked_before_it_really_begins(at: str) -> None:
    """The question fell between the day a cycle was planned for and its first dose, which then had no dose at all."""
    found = put_off(7, 2, changes=at)
    assert one(found, "response").date.isoformat() == "2026-01-20"
    assert days(found, "next") == [(1, "2026-01-26"), (8, "2026-02-02")]
    assert doses(found, "next") == [("15", State.PROVISIONAL)]


@pytest.mark.parametrize(
    ("late", "asked_late", "told"),
    [
        (-4, -9, [("15", State.PROVISIONAL)] * 2),  # asked nine days ahead of what was brought forward
        (21, 25, [("None", State.DEFERRED), ("15", State.PROVISIONAL)]),  # between two doses far behind the cycle's end
    ],
)
def test_what_follows_an_answer_at_once_goes_by_its_day_however_far_it_was_moved(
    late: int, asked_late: int, told: list[tuple[str, State]]
) -> None:
    found = put_off(late, asked_late, changes="at once")
    events = (event for event in found.events if event.placed.order.id == "next")
    assert [(str(event.dose and event.dose.value), event.state) for event in events] == told


def test_what_runs_through_a_deferral_knows_what_was_asked_before_its_own_first_day() -> None:
    found = put_off(7, 2, stays=True)
    assert days(found, "next") == [(1, "2026-01-19"), (8, "2026-01-26")]
    assert doses(found, "next") == [("None", State.PLANNED)]


def test_a_cycle_brought_forward_does_not_know_what_is_asked_after_it_begins() -> None:
    found = put_off(-4, -2)
    assert one(found, "response").date.isoformat() == "2026-01-16"
    assert days(found, "next")[0] == (1, "2026-01-15")
    assert doses(found, "next") == [("None", State.DEFERRED)]


def test_a_dose_that_waits_for_a_later_answer_says_so() -> None:
    found = put_off(3, 5)
    assert (one(found, "response").date.isoformat(), one(found, "next").date.isoformat()) == (
        "2026-01-23",
        "2026-01-22",
    )
    told = 'no dose: it hangs on the answer to "response?", which is not asked before this dose'
    assert one(found, "next").dose.missing == told


SECOND = decision("second", "a", day=12, when="decision.response = no")


@pytest.mark.parametrize(("choice", "asked", "given"), [("yes", False, "30"), ("no", True, "15")])
def test_a_decision_may_depend_on_an_earlier_one(choice: str, asked: bool, given: str) -> None:
    bands = '[{ when = "decision.second = yes", dose = "15 mg" }, { dose = "30 mg" }]'
    text = phase("a", order("tki", bands=bands, days="1", dose=None), cycles=2, cycle_days=14) + RESPONSE + SECOND
    open_course = schedule(text)
    assert [decision.decision.id for decision in open_course.decisions] == ["response"]
    group = open_course.decisions[0].group
    found = schedule(text, taken=DecisionTaken(group, "response", choice, START, "Test"))
    assert [decision.decision.id for decision in found.decisions] == (["response", "second"] if asked else ["response"])
    last = [event for event in found.events if event.placed.order.id == "tki"][-1]
    assert str(last.dose.value) == given
    assert last.state is (State.PROVISIONAL if asked else State.PLANNED)


def test_a_question_that_an_open_decision_may_leave_out_is_provisional() -> None:
    expected_no = RESPONSE.replace('expected = "yes"', 'expected = "no"')
    found = schedule(phase("a", order("o", days="1"), cycle_days=14) + expected_no + SECOND)
    assert one(found, "second").state is State.PROVISIONAL
    assert one(found, "response").state is State.PLANNED


def test_a_decision_may_not_ask_ahead() -> None:
    text = HEAD + phase("a", order("o", days="1"), cycle_days=14) + SECOND + RESPONSE
    _, problems = read_protocol(text, "x.toml", AGENTS)
    assert ["decisions above it only" in str(problem) for problem in problems] == [True]
    patient = SECOND.replace("decision.response = no", "age > 3")
    _, problems = read_protocol(HEAD + phase("a", order("o", days="1"), cycle_days=14) + patient, "x", AGENTS)
    assert ["decisions above it only" in str(problem) for problem in problems] == [True]


def test_a_dose_that_makes_way_before_its_first_day_still_knows_what_was_decided() -> None:
    text = (
        phase("a", order("x"), cycle_days=21)
        + phase(
            "b",
            order("o", days="-3, 1", not_on="Fri", window="-2/+0", when="decision.q != yes", changes="at once"),
            start="after a",
        )
        + decision("q", "a", 8)
    )
    assert days(schedule(text), "o") == []


def test_what_asks_what_comes_next_ends_where_that_begins() -> None:
    """Four weeks of "What comes next: ask us" stood beside busulfan, the graft and what came after it."""
    asks = assessment("to-enter", "1", topic="to enter")
    plan, first = placed(HEAD + phase("asks", asks, cycle_days=28), SOMEBODY, START)
    cases = (("antineoplastic", 14, 14), ("antineoplastic", 0, 1), ("antineoplastic", 28, 28), ("supportive", 14, 28))
    for role, day, length in cases:
        text = HEAD.replace('"small"', '"other"') + phase("other", order("o", role=role), cycle_days=40)
        other = shelved(text)
        both = add_protocol(plan, other, BlockStart(on=START + timedelta(day)))
        block = assemble(both, {**first, other.pin.sha256: other.protocol}, {}, Site()).block("asks")
        assert block.end - block.start == length
        assert ("ends where Other begins" in block.why) is (length < 28)
        assert block.cycles[-1].cut is (length < 28)
    alone = assemble(plan, first, {}, Site()).block("asks")
    assert alone.end - alone.start == 28
