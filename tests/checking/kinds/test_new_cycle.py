"""The new cycle that a label asks for where a stop for an adverse reaction cut one short."""

from datetime import date

import pytest

from planner.checking.check import check
from planner.model.plan import Given, GivenRecord, Hold, Omission, Plan, Scope, Stop
from planner.services.evaluation import evaluate
from planner.services.verbs import pausing, placing
from tests.builders import DAY_ONE, example_patient, example_schedule
from tests.checking.judging import find, rule
from tests.checking.shipped import library, rules
from tests.golden.cases import library as whole_library

ABOUT_CYCLES = {"BL-01", "BL-01B", "BL-02", "BL-03B", "BL-05", "BL-12", "BL-12B"}
CUT = ("1-9 blinatumomab 28 mcg/day IV", "10-28 blinatumomab 28 mcg/day IV state=stopped")
ANEW = "20-47 blinatumomab 28 mcg/day IV block=again"


def resumed(protocol, day, reason, grade, days, hours=None):
    """The findings of a real course before a hold in its first cycle of blinatumomab, and after it went on."""
    known = whole_library()
    plan = placing.add_protocol(Plan("p", example_patient()), known.protocols[protocol], placing.start_on(DAY_ONE))
    before = evaluate(plan, known)
    infusions = [one for one in before.schedule.events if one.placed.agent == "blinatumomab"]
    block = infusions[0].placed.block.id
    on = date.fromordinal(infusions[0].day + day - 1 + days)
    held = pausing.hold(plan, before.schedule, Hold(block, 1, day, reason, grade=grade))
    after = evaluate(
        pausing.resume(held, evaluate(held, known).schedule, known.agents, (block, ""), on, hours).plan, known
    ).findings
    return [{(one.rule, one.severity) for one in some if one.rule in ABOUT_CYCLES} for some in (before.findings, after)]


@pytest.mark.parametrize("day", [4, 10])
@pytest.mark.parametrize(
    ("protocol", "left"),
    [("blinatumomab-mrd", {("BL-05", "advice")}), ("blinatumomab-rr", {("BL-05", "advice")}), ("d-alba", set())],
)
def test_a_course_that_goes_on_as_the_label_says_draws_no_warning(protocol, left, day):
    before, after = resumed(protocol, day, "toxicity", 2, 10)
    assert after - before == left


@pytest.mark.parametrize(("days", "hours"), [(7, 170), (8, None)])
def test_a_stop_told_in_hours_may_be_longer_than_the_days_it_shows(days, hours):
    before, after = resumed("blinatumomab-rr", 10, "toxicity", 2, days, hours)
    assert after - before == {("BL-05", "advice")}


def test_the_same_stop_for_want_of_a_bed_draws_all_of_them():
    before, after = resumed("blinatumomab-rr", 4, "capacity", 0, 10)
    assert after - before == {(one, "warning") for one in ("BL-01", "BL-03B", "BL-05")} | {("BL-01B", "advice")}


def test_days_in_hospital_are_counted_by_the_days_of_the_infusion():
    """A stop moves them to the restart, where they are right; only then is it said how they are counted."""
    lines = [f"{span} blinatumomab 28 mcg/day IV protocol=blinatumomab-rr" for span in ("1-8", "12-31")]
    stay = "procedure in hospital protocol=blinatumomab-rr"
    shipped = rules()["BL-12"]
    assert find(shipped, *lines, f"1-8 {stay}", f"12 {stay}") == ()
    (short,) = find(shipped, *lines, f"1-7 {stay}", f"12 {stay}")
    assert short.message.endswith(": D1-7, D9; it should be D1-9, counted in days with a dose.")
    (whole,) = find(shipped, "1-28 blinatumomab 28 mcg/day IV protocol=blinatumomab-rr", f"1-7 {stay}")
    assert whole.message.endswith(": D1-7; it should be D1-9.")


def found(*changes, given=(), events=(*CUT, ANEW), **more):
    wanted = {"agents": ["blinatumomab"], "at_least": "42 days", "between": "cycles", "new_cycle_after_days": 7}
    patient = example_patient()
    plan = Plan("p", patient, modifications=changes, given=tuple(given))
    asked = rule("minimum_interval", **{name: one for name, one in (wanted | more).items() if one is not None})
    return bool(check(plan, example_schedule(events, patient), [asked], library().agents)[0])


STOP = Stop("block", 1, 10, Scope.CYCLE, "toxicity")


@pytest.mark.parametrize(
    ("reason", "grade", "speaks"),
    [("toxicity", 0, False), ("infection", 0, False), ("counts", 0, False), ("other", 2, False), ("other", 0, True)],
)
def test_what_is_a_stop_for_an_adverse_reaction(reason, grade, speaks):
    assert found(Stop("block", 1, 10, Scope.CYCLE, reason, grade=grade)) is speaks


@pytest.mark.parametrize(
    ("change", "speaks"),
    [
        (STOP, False),
        (Stop("block", 1, 10, Scope.CYCLE, "toxicity", order="blinatumomab-1"), False),
        (Stop("block", 1, 10, Scope.CYCLE, "toxicity", order="ponatinib-3"), True),
        (Stop("block", 2, 10, Scope.CYCLE, "toxicity"), True),
        (Stop("again", 1, 10, Scope.CYCLE, "toxicity"), True),
        (Stop("block", 1, 5, Scope.CYCLE, "toxicity"), True),  # doses came after it
        (Stop("block", 1, 29, Scope.CYCLE, "toxicity"), True),  # nothing was lost by it
        (Omission("block", 1, 10, "", "toxicity"), False),
    ],
)
def test_which_stop_cuts_a_cycle_short(change, speaks):
    assert found(change) is speaks


def test_days_recorded_as_not_given_cut_a_cycle_short():
    record = GivenRecord("block", 1, 10, "blinatumomab-1", 0, Given.NOT_GIVEN, None, None, "", "A", "toxicity")
    assert found(given=[record]) is False


@pytest.mark.parametrize(("start", "speaks"), [(17, True), (18, False)])
def test_more_than_seven_days_pass_without_a_dose(start, speaks):
    again = f"{start}-{start + 27} blinatumomab 28 mcg/day IV block=again"
    assert found(STOP, events=(*CUT, again)) is speaks


def test_without_the_parameter_nothing_is_passed_over():
    assert found(STOP, new_cycle_after_days=None) is True


def test_an_earlier_treatment_is_no_cycle_of_the_plan():
    wanted = rule(
        "minimum_interval", agents=["blinatumomab"], at_least="42 days", between="cycles", new_cycle_after_days=7
    )
    patient = example_patient(prior=["blinatumomab 3 cycles until -10"])
    told = check(Plan("p", patient), example_schedule([CUT[0]], patient), [wanted], library().agents)[0]
    assert [one.count for one in told] == [1]
