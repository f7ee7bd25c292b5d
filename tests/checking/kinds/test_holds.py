"""after_hold: what the coded reason of a stop asks of the doses after it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.checking.check import check
from planner.model.finding import FindingStatus
from planner.model.plan import Deferral, Given, GivenRecord, Hold, Omission, Plan, Scope, Skip, Stop
from planner.model.site import Site
from planner.services import fixing
from planner.services.evaluation import evaluate
from planner.services.verbs import pausing, placing
from tests.builders import DAY_ONE, day, example_patient, example_schedule
from tests.checking.judging import rule
from tests.checking.shipped import library, rules
from tests.golden.cases import library as whole_library

WANTED = {
    "agents": ["blinatumomab"],
    "reasons": ["toxicity"],
    "from_grade": 3,
    "stop_after_days": 14,
    "told_by": ["crs"],
    "unit": "mcg",
    "at_most": 9,
}
STOPPED = ("1-3 blinatumomab 28 mcg/day IV", "8-30 blinatumomab 28 mcg/day IV")
TWO_CYCLES = ("1-5 blinatumomab 28 mcg/day IV", "43-70 blinatumomab 28 mcg/day IV cycle=2")


def found(events, *changes, facts=(), given=(), **parameters):
    patient = example_patient(tuple(dict(facts).items()))
    plan = Plan("p", patient, modifications=changes, given=tuple(given))
    wanted = rule("after_hold", **{**WANTED, **parameters})
    return check(plan, example_schedule(events, patient), [wanted], library().agents)[0]


def deferral(grade=3, reason="toxicity", **more):
    return Deferral(
        **{"block": "block", "cycle": 1, "day": 4, "days": 4, "scope": Scope.FOLLOWING, **more},
        reason=reason,
        grade=grade,
    )


@given(st.integers(0, 5), st.sampled_from(("toxicity", "infection", "capacity")), st.sampled_from((9, 28)))
def test_every_reason_and_grade_agrees_with_the_table(grade, reason, dose):
    events = ("1-3 blinatumomab 28 mcg/day IV", f"8-30 blinatumomab {dose} mcg/day IV")
    told = {one.status for one in found(events, deferral(grade, reason))}
    unclear, wrong = {FindingStatus.CANNOT_CHECK}, {FindingStatus.OPEN} if dose > 9 else set()
    if grade == 0:
        assert told == (unclear if reason == "toxicity" else set())
    elif grade < 3:
        assert told == set()
    else:
        assert told == (wrong | unclear if grade > 3 else wrong)


def test_the_first_seven_days_are_one_finding():
    (one,) = found(STOPPED, deferral())
    assert (one.count, one.days) == (7, tuple(day(on) for on in range(8, 15)))
    assert one.arithmetic.startswith("Blinatumomab C1 D8 (")
    assert one.arithmetic.endswith("): 28 mcg, above 9 mcg")
    assert dict(one.inputs)["also 2"].startswith("Blinatumomab C1 D9 (")  # each can be found again by its day
    assert "stop for toxicity of grade 3 (4 days without): at most 9 mcg for 7 days" in one.message


@pytest.mark.parametrize(
    ("change", "spoken"),
    [
        (Hold("block", 1, 4, "toxicity", grade=3), True),
        (Hold("block", 1, 4, "toxicity", grade=3, order="blinatumomab-0", until=date(2026, 1, 8)), True),
        (Hold("block", 1, 4, "toxicity", grade=3, order="ponatinib"), False),
        (Omission("block", 1, 4, "", "toxicity", grade=3), True),
        (Omission("block", 1, 4, "ponatinib", "toxicity", grade=3), False),
        (deferral(block="other"), False),
        (deferral(cycle=2), False),
        (deferral(day=40), False),
        (deferral(day=1), False),  # nothing ran before it
    ],
)
def test_which_changes_are_stops_of_it(change, spoken):
    events = (*STOPPED, "1-30 ponatinib 45 mg PO")
    assert bool(found(events, change)) is spoken


def test_a_stop_that_no_day_shows_counts_only_where_the_plan_says_so():
    running = ("1-30 blinatumomab 28 mcg/day IV",)
    assert found(running, deferral(scope=Scope.DAY, days=1)) == ()
    (short,) = found(running, deferral(days=0))
    assert short.days[0] == day(4)
    assert "(less than a day without)" in short.message
    assert found(running, Hold("block", 1, 4, "toxicity", grade=3))[0].days[0] == day(4)


def test_a_dose_of_the_day_that_was_given_came_before_the_stop():
    change = deferral(day=3, kept=(("blinatumomab-0", 0),))
    (one,) = found(STOPPED, change)
    assert (one.days[0], one.count) == (day(8), 7)


def test_the_next_cycle_is_the_restart_of_one_that_ended_early():
    (one,) = found(TWO_CYCLES, Stop("block", 1, 6, Scope.CYCLE, "toxicity", grade=3), stop_after_days=99)
    assert (one.status, one.days[0], one.count) == (FindingStatus.OPEN, day(43), 7)


@pytest.mark.parametrize(
    "change",
    [
        Deferral("block", 2, 1, 7, Scope.FOLLOWING, "toxicity", grade=3),
        Skip("block", 2, "toxicity", grade=3),
    ],
)
def test_a_cycle_put_off_or_skipped_cannot_be_judged(change):
    left_out = " state=omitted" if isinstance(change, Skip) else ""
    events = (TWO_CYCLES[0], TWO_CYCLES[1] + left_out, "85-112 blinatumomab 28 mcg/day IV cycle=3")
    told = found(events, change)
    assert {one.status for one in told} == {FindingStatus.CANNOT_CHECK}
    assert {one.days[0] for one in told} == {day(85 if left_out else 43)}


def test_a_skipped_cycle_with_nothing_behind_it_says_nothing():
    assert found(TWO_CYCLES, Skip("block", 3, "toxicity", grade=3)) == ()


def test_a_dose_recorded_as_not_given_has_no_grade():
    record = GivenRecord("block", 1, 4, "blinatumomab-0", 0, Given.NOT_GIVEN, None, None, "", "A", "toxicity")
    events = ("1-3 blinatumomab 28 mcg/day IV", "5-28 blinatumomab 28 mcg/day IV")
    assert {one.status for one in found(events, given=[record])} == {FindingStatus.CANNOT_CHECK}
    given_late = GivenRecord("block", 1, 4, "blinatumomab-0", 0, Given.PARTLY, DAY_ONE, None, "", "A", "toxicity")
    assert found(events, given=[given_late]) == ()


def test_two_changes_of_one_stop_are_told_once():
    assert [one.count for one in found(STOPPED, deferral(), Omission("block", 1, 5, "", "toxicity", grade=3))] == [7]


def test_an_unknown_dose_and_an_unknown_weight_are_told():
    unknown = ("1-3 blinatumomab 28 mcg/day IV", "8 blinatumomab ? IV")
    assert [one.status for one in found(unknown, deferral())] == [FindingStatus.CANNOT_CHECK]
    banded = [{"when": "mrd = positive", "value": 9}]
    assert "MRD not known" in found(STOPPED, deferral(), at_most=banded)[0].message


@pytest.mark.parametrize(("grade", "silent"), [("3", True), ("2", False)])
def test_a_recorded_event_of_the_days_without_is_the_other_rules(grade, silent):
    assert (found(STOPPED, deferral(), facts={"crs day 5": grade}) == ()) is silent
    assert found(STOPPED, deferral(), facts={"crs day 8": grade}) != ()


def test_an_event_of_the_day_of_the_hold_is_the_other_rules_while_it_lasts():
    on_hold = ("1-3 blinatumomab 28 mcg/day IV", "4-9 blinatumomab 28 mcg/day IV state=held")
    held = Hold("block", 1, 4, "toxicity", "", 3)
    assert found(on_hold, held) != ()
    assert found(on_hold, held, facts={"crs day 4": "3"}) == ()


@pytest.mark.parametrize(
    ("last", "of", "told"), [("20", "day", 1), ("10", "day", 0), ("20", "dose", 0), ("?", "day", 0)]
)
def test_doses_of_a_day_count_together_where_the_rule_says_so(last, of, told):
    again = ("8 09:00 blinatumomab 20 mcg IV", f"8 21:00 blinatumomab {last} {'mcg ' * (last != '?')}IV")
    lines = ("1-3 blinatumomab 28 mcg/day IV", *again)
    loud = [one for one in found(lines, deferral(), of=of, at_most=30) if one.status is FindingStatus.OPEN]
    assert len(loud) == told


@pytest.mark.parametrize(("again", "told"), [("28 mcg", 1), ("27 mcg", 0), ("?", 0), ("28 mg", 0)])
def test_a_restart_below_the_dose_before_where_the_rule_asks_for_one(again, told):
    lines = ("1-3 blinatumomab 28 mcg/day IV", f"8 blinatumomab {again} IV")
    loud = [one for one in found(lines, deferral(), lower=True, at_most=99) if one.status is FindingStatus.OPEN]
    assert len(loud) == told
    assert all("less than the 28 mcg before it" in one.message for one in loud)


def test_a_real_course_held_for_grade_3_and_resumed():
    """The way it happens: hold, resume, the finding, its fix."""
    patient = example_patient((("cd19", "positive"), ("mrd", "positive")))
    known = whole_library()
    plan = placing.add_protocol(Plan("p", patient), known.protocols["blinatumomab-mrd"], placing.start_on(DAY_ONE))
    shown = evaluate(plan, known)
    block = next(one.placed.block.id for one in shown.schedule.events if one.placed.agent == "blinatumomab")
    held = pausing.hold(plan, shown.schedule, Hold(block, 1, 10, "toxicity", "liver", 3))
    while_held = evaluate(held, known)
    assert [one for one in while_held.findings if one.rule == "BL-11E"]
    resumed = pausing.resume(held, while_held.schedule, known.agents, (block, ""), date(2026, 1, 14)).plan
    shown = evaluate(resumed, known)
    (finding,) = [one for one in shown.findings if one.rule == "BL-11E"]
    assert (finding.days[0], finding.count) == (day(14), 7)
    (fix,) = [one for one in fixing.offered_fixes(shown, finding.id, known) if one.id == "lower-dose"]
    after = evaluate(fixing.apply(shown.plan, shown.schedule, fix, known.agents), known, Site())
    doses = [one for one in after.schedule.events if one.placed.agent == "blinatumomab" and one.day >= day(14)]
    assert [int(one.dose.value) for one in doses[:9]] == [9] * 7 + [28] * 2
    new = {one.rule for one in after.findings} - {one.rule for one in shown.findings}
    assert new == set()
    assert not [one for one in after.findings if one.rule == "BL-11E"]


def test_the_shipped_rule_asks_the_same_of_all_toxicities():
    assert rules()["BL-11E"].parameters["at_most"] == rules()["BL-11C"].parameters["at_most"]
    assert rules()["BL-11E"].parameters["at_most_per_m2"] == rules()["BL-11C"].parameters["at_most_per_m2"]
