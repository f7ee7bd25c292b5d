"""An answer that is due before the first dose it governs reaches that dose, wherever a put-off brought the two."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.model.cycle_content import State
from planner.model.plan import DecisionTaken, Deferral, Plan, Scope
from planner.model.quantity import plain
from planner.model.schedule import Event
from planner.services.verbs import editing
from tests.assembly.random_protocols import protocols
from tests.assembly.texts import HEAD, decision, order, phase
from tests.services.courses_at_hand import doses, events, plan_of, protocols_of, scheduled
from tests.services.verbs.chain_checks import check, check_course
from tests.services.verbs.random_verbs import Course, Verb, verbs

DAY_1 = "inotuzumab-day-1"
NOT_YET = 'no dose: it hangs on the answer to "Response after cycle 1?", which is not asked before this dose'


def deferred(plan: Plan, block: str, days: int, scope: Scope, order: str = "") -> Plan:
    cycle = int(block.removeprefix("cycle-"))
    return editing.defer(plan, scheduled(plan), Deferral(block, cycle, 1, days, scope, "other", order=order))


def answered(plan: Plan, choice: str) -> Plan:
    group = plan.blocks[0].group
    one = DecisionTaken(group, "response-1", choice, date(2026, 1, 25), "A.")
    return editing.decide(plan, protocols_of(plan), one)


def first_of_two(plan: Plan) -> Event:
    return next(one for one in events(plan, "cycle-2", "inotuzumab") if one.placed.order.id == DAY_1)


def late_question(days: int = 2) -> Plan:
    """The first cycle begins so much later and the second does not: it asks behind the second one's first day."""
    return deferred(plan_of("inotuzumab-rr"), "cycle-1", days, Scope.CYCLE)


@pytest.mark.parametrize(
    ("scope", "order"),
    [(Scope.ALL, ""), (Scope.FOLLOWING, ""), (Scope.CYCLE, ""), (Scope.DAY, ""), (Scope.CYCLE, DAY_1)],
)
@pytest.mark.parametrize(("choice", "dose"), [("", "0.5 mg/m2"), ("cr", "0.5 mg/m2"), ("no-cr", "0.8 mg/m2")])
def test_an_answer_reaches_the_dose_that_was_put_off_behind_it(
    scope: Scope, order: str, choice: str, dose: str
) -> None:
    """Cycle 2 was put off for the counts, cycle 1 by two days: there was no dose on its Day 1, though all was known."""
    plan = deferred(late_question(), "cycle-2", 3, scope, order)
    found = first_of_two(answered(plan, choice) if choice else plan)
    assert found.dose
    assert found.dose.protocol_dose == dose
    assert found.state is (State.DEFERRED if choice else State.PROVISIONAL)


@pytest.mark.parametrize("days", [1, 0])
def test_an_answer_asked_on_the_day_of_the_dose_or_later_does_not_and_the_words_say_so(days: int) -> None:
    plan = late_question()
    plan = deferred(plan, "cycle-2", days, Scope.ALL) if days else plan
    found = first_of_two(answered(plan, "cr"))
    assert found.dose
    assert found.dose.value is None
    assert found.dose.missing == NOT_YET
    assert NOT_YET in found.note
    assert doses(plan, "cycle-2", "inotuzumab") == ["none", "0.91", "0.91"]


def test_a_dose_brought_forward_to_the_day_of_the_question_does_not_know_the_answer() -> None:
    plan = answered(plan_of("inotuzumab-rr"), "cr")
    on_time, early = first_of_two(plan).dose, first_of_two(deferred(plan, "cycle-2", -1, Scope.CYCLE)).dose
    assert on_time
    assert early
    assert (on_time.protocol_dose, early.missing) == ("0.5 mg/m2", NOT_YET)


def at_answer(yes: str, else_: str) -> str:
    return f'[{{ when = "decision.answer = yes", dose = "{yes}" }}, {{ dose = "{else_}" }}]'


OWN_QUESTION = (
    HEAD
    + phase(
        "only",
        order("next", agent="dasatinib", route="PO", days="8", dose=None, bands=at_answer("70 mg", "100 mg")),
        order(
            "swift",
            agent="ponatinib",
            route="PO",
            days="2",
            dose=None,
            bands=at_answer("15 mg", "30 mg"),
            changes="at once",
        ),
        cycles=2,
        start="protocol start",
    )
    + decision("answer", "only", day=3)
)


@pytest.mark.parametrize(
    ("order", "day", "days", "first", "second"),
    [
        ("next", 8, 10, "100", "70"),  # behind the question, but that is for the next cycle
        ("swift", 2, 3, "15", "15"),  # at once: the day on which it falls counts, not the protocol's
        ("swift", 2, 1, "30", "15"),
    ],
)
def test_what_a_cycle_asks_is_for_the_next_one_and_for_what_follows_at_once(
    order: str, day: int, days: int, first: str, second: str
) -> None:
    course = Course(OWN_QUESTION)
    told = {"block": "only", "cycle": 1, "day": day, "order": "", "days": days}
    change = Deferral("only", 1, day, days, Scope.DAY, "other")
    course.plan = editing.defer(course.plan, course.schedule(), change)
    course.told.append({"kind": "defer", **told, "scope": "day"})
    check_course(course)
    found = [one.dose for one in course.schedule().events if one.placed.order.id == order]
    assert [plain(one.value) for one in found if one and one.value] == [first, second]


@settings(deadline=None, max_examples=30)
@given(protocols(timed=True, longest=14), st.lists(verbs, min_size=1, max_size=5))
def test_random_answers_and_moves_agree(text: str, chain: list[Verb]) -> None:
    check(text, chain)
