"""The kinds about long courses against brute force: longest intervals, counts and sums over time, weekdays, cycles."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from planner.checking.kinds import maximum_interval, minimum_interval
from planner.model.finding import FindingStatus
from planner.model.rule_parameters import read_parameters
from planner.model.rule_values import Selector
from tests.builders import day
from tests.checking.judging import find, rule

DAYS = st.lists(st.tuples(st.integers(1, 60), st.sampled_from("abc")), max_size=12, unique=True)


def _lines(doses, agent="vincristine", dose="2 mg"):
    return [f"{number} {agent} {dose} IV block={block}" for number, block in doses]


def _found_days(found):
    return sorted(number for one in found for number in one.days)


@given(DAYS, st.integers(0, 20))
def test_maximum_interval_agrees_with_brute_force(doses, most):
    found = find(rule("maximum_interval", agents=["vincristine"], at_most=f"{most} days"), *_lines(doses))
    late = [
        number
        for number, _ in doses
        if any(other < number for other, _ in doses) and not any(number - most <= other < number for other, _ in doses)
    ]
    assert sum(one.count for one in found) == len(late)
    assert {day(number) for number in late} <= set(_found_days(found))


@given(DAYS, st.integers(0, 6), st.integers(1, 20))
def test_dose_count_within_days_agrees_with_brute_force(doses, most, within):
    wanted = rule("dose_count", agents=["vincristine"], at_most=most, within=f"{within} days")
    found = find(wanted, *_lines(doses))
    beyond = [n for n, _ in doses if sum(n - within < other <= n for other, _ in doses) > most]
    assert sum(one.count for one in found) == len(beyond)
    assert set(_found_days(found)) == {day(number) for number in beyond}


@given(DAYS, st.integers(0, 8))
def test_dose_count_of_the_plan_agrees_with_brute_force(doses, most):
    found = find(rule("dose_count", agents=["vincristine"], at_most=most), *_lines(doses))
    beyond = {day(n) for n, _ in doses if sum(other <= n for other, _ in doses) > most}
    assert {number for one in found for number in one.days} == beyond
    assert len(found) == bool(beyond)


@given(DAYS, st.integers(0, 100), st.integers(1, 20))
def test_dose_sum_agrees_with_brute_force(doses, most, within):
    parameters = {"agents": ["vincristine", "cytarabine"], "at_most": most, "within": f"{within} days"}
    wanted = rule("dose_sum", **parameters, factors={"cytarabine": Decimal("2.5")})
    other = [(number + 1, block) for number, block in doses[::2]]
    lines = [*_lines(doses, dose="10 mg/m2"), *_lines(other, "cytarabine", "4 mg/m2")]
    found = find(wanted, *lines)
    given_on = [*((n, 10) for n, _ in doses), *((n, 10) for n, _ in other)]
    beyond = [n for n, _ in given_on if sum(dose for at, dose in given_on if n - within < at <= n) > most]
    assert sum(one.count for one in found) == len(beyond)
    assert set(_found_days(found)) == {day(number) for number in beyond}


def test_a_sum_with_an_unknown_dose_cannot_be_checked():
    wanted = rule("dose_sum", agents=["vincristine"], at_most=100, within="7 days")
    (found,) = find(wanted, "1 vincristine 2 mg/m2 IV", "3 vincristine ? IV")
    assert found.status is FindingStatus.CANNOT_CHECK
    assert dict(found.inputs)["missing"] == "dose per m2 of Vincristine"


@given(DAYS)
def test_weekdays_agree_with_the_calendar(doses):
    found = find(rule("weekdays", agents=["vincristine"], allowed=["Monday", "Tuesday"]), *_lines(doses))
    barred = {day(number) for number, _ in doses if (number - 1 + 3) % 7 > 1}  # 1 January 2026 was a Thursday
    assert set(_found_days(found)) == barred


def test_a_finding_names_the_day_of_the_week():
    (found,) = find(rule("weekdays", agents=["vincristine"], allowed=["Monday"]), "1 vincristine 2 mg IV")
    assert found.message == "Vincristine C1 D1 (01-Jan-2026) falls on a Thursday; allowed: Monday."
    assert found.arithmetic == "Thu 01-Jan-2026 is none of Monday"


@pytest.mark.parametrize(("gap", "finds"), [(20, 1), (21, 0), (28, 0), (35, 0), (36, 1), (400, 1)])
def test_a_cycle_after_another_starts_neither_too_early_nor_too_late(gap, finds):
    wanted = rule("cycle_interval", agents=["cytarabine"], after=["vincristine"], at_least="21 days", at_most="35 days")
    lines = ("1 vincristine 2 mg IV block=a", f"{1 + gap} cytarabine 2 mg IV block=b")
    found = find(wanted, *lines)
    assert len(found) == finds
    between = find(wanted, lines[0], f"{gap} ponatinib 30 mg PO block=c", lines[1])
    assert between == ()  # the cycle next before it is another one


@pytest.mark.parametrize(("second", "finds"), [(1, 0), (30, 0), (-1, 1)])
def test_cycles_stand_in_order(second, finds):
    wanted = rule("cycles_in_order", first=["vincristine"], then=["cytarabine"])
    lines = ("40 vincristine 2 mg IV block=a", f"{40 + second} cytarabine 2 mg IV block=b")
    found = find(wanted, *lines)
    assert len(found) == finds
    if finds:
        assert found[0].message == "b, cycle 1 starts before a, cycle 1, which has to come first."
    assert find(wanted, lines[1]) == ()


def test_doses_of_one_moment_are_one_dose_where_the_rule_says_so():
    lines = ("1 09:00 methotrexate 12 mg IT", "1 09:00 cytarabine 30 mg IT", "5 09:00 methotrexate 12 mg IT")
    strict = rule("minimum_interval", agents=["any IT"], at_least="3 days")
    assert [one.count for one in find(strict, *lines)] == [1]
    together = rule("minimum_interval", agents=["any IT"], at_least="3 days", one_moment="one dose")
    assert find(together, *lines) == ()
    assert len(find(together, *lines[:2], "2 09:00 methotrexate 12 mg IT")) == 1


@pytest.mark.parametrize(
    ("kind", "parameters", "problem"),
    [
        ("weekdays", {"agents": ["vincristine"], "allowed": ["Mon"]}, "weekdays are Monday, Tuesday"),
        (
            "dose_sum",
            {"agents": ["vincristine"], "at_most": 1, "within": "1 days", "factors": []},
            "must be a table of agents and numbers",
        ),
    ],
)
def test_parameters_that_cannot_be_read(kind, parameters, problem):
    _, problems = read_parameters(kind, parameters)
    assert problem in problems[0][1]


CLOCKS = st.lists(
    st.tuples(st.integers(1, 12), st.sampled_from(["", "00:00 ", "09:00 ", "21:30 "]), st.sampled_from("ab")),
    max_size=8,
    unique=True,
)
LENGTHS = st.sampled_from(["1 days", "2 days", "7 days", "12 h", "24 h", "40 h"])


@given(CLOCKS, LENGTHS, st.sampled_from(["vincristine", "cytarabine"]))
def test_bare_times_tell_what_the_doses_themselves_would(doses, length, after):
    """The quick look at times alone may only leave out what the long way would not find either."""
    lines = [f"{number} {clock}vincristine 2 mg IV block={block}" for number, clock, block in doses]
    lines += [f"{number} {clock}cytarabine 2 mg IV block={block}" for number, clock, block in doses[::3]]
    wanted = [
        rule("minimum_interval", agents=["vincristine"], at_least=length),
        rule("minimum_interval", agents=["vincristine"], after=[after], at_least=length),
        rule("maximum_interval", agents=["vincristine"], at_most=length),
        rule("minimum_interval", agents=["vincristine"], at_least=length, one_moment="one dose"),
    ]
    quick = [find(one, *lines) for one in wanted]
    with pytest.MonkeyPatch.context() as patch:
        for kind in (minimum_interval, maximum_interval):
            patch.setattr(kind, "_is_fine", lambda *_: False)
        slow = [find(one, *lines) for one in wanted]
    assert quick == slow


@given(CLOCKS, LENGTHS)
def test_doses_of_a_length_of_time_are_counted_as_one_counts_them_by_hand(doses, length):
    lines = [f"{number} {clock}vincristine 2 mg IV block={block}" for number, clock, block in doses]
    minutes = {"days": 1440, "h": 60}[length.split()[1]] * int(length.split()[0])
    times = [number * 1440 + _minute(clock) for number, clock, _ in doses]
    crowded = [
        number
        for (number, *_), at in zip(doses, times, strict=True)
        if sum(at - minutes < other <= at for other in times) > 2
    ]
    found = find(rule("dose_count", agents=["vincristine"], at_most=2, within=length), *lines)
    assert {number for one in found for number in one.days} == {day(number) for number in crowded}
    assert sum(one.count for one in found) == len(crowded)


def _minute(clock):
    return int(clock[:2]) * 60 + int(clock[3:5]) if clock else 0


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        ("dose_count", {"at_most": 1, "within": "10 days"}),
        ("dose_sum", {"at_most": 1, "within": "10 days"}),
        ("weekdays", {"allowed": ["Monday"]}),
    ],
)
def test_what_a_rule_finds_only_after_a_treatment_of_its_history(kind, parameters):
    """With a history the whole plan is judged at once, and the finds before that treatment are dropped."""
    wanted = rule(kind, agents=["vincristine"], **parameters)
    lines = [f"{number} vincristine 1.4 mg/m2 IV gives=2" for number in (1, 2, 9, 10)]
    everywhere = sum(one.count for one in find(wanted, *lines))
    after = replace(wanted, history=(Selector("agent", "cytarabine"),))
    assert find(after, *lines) == ()
    (found,) = find(after, *lines, "5 cytarabine 40 mg IV")
    assert 0 < found.count < everywhere


def test_one_agent_from_two_blocks_is_found_where_the_whole_plan_is_judged_too():
    after = replace(rule("duplicate"), history=(Selector("agent", "cytarabine"),))
    lines = [f"{number} dasatinib 140 mg PO block={block}" for number in (1, 9) for block in "abc"]
    assert find(after, *lines) == ()
    assert [one.days for one in find(after, *lines, "5 cytarabine 40 mg IV")] == [(day(9),), (day(9),)]


@pytest.mark.parametrize("kind", ["maximum_interval", "minimum_interval", "dose_count", "weekdays", "order_of_agents"])
def test_a_rule_of_other_protocols_says_nothing(kind):
    parameters = {
        "maximum_interval": {"agents": ["vincristine"], "at_most": "1 days"},
        "minimum_interval": {"agents": ["vincristine"], "at_least": "20 days"},
        "dose_count": {"agents": ["vincristine"], "at_most": 1, "within": "10 days"},
        "weekdays": {"agents": ["vincristine"], "allowed": ["Sunday"]},
        "order_of_agents": {"first": ["cytarabine"], "second": ["vincristine"], "within_days": 1},
    }[kind]
    lines = ("1 vincristine 2 mg IV", "8 08:00 vincristine 2 mg IV", "8 09:00 cytarabine 40 mg IV")
    assert find(rule(kind, **parameters), *lines) != ()
    assert find(rule(kind, protocols=("another",), **parameters), *lines) == ()


def test_the_gap_of_a_day_with_clock_times_is_told_in_hours():
    late = rule("maximum_interval", agents=["blinatumomab"], at_most="28 h")
    (found,) = find(late, "1 09:00 blinatumomab 28 mcg IV", "2 14:00 blinatumomab 28 mcg IV")
    assert found.arithmetic == "02-Jan-2026 14:00 − 01-Jan-2026 09:00 = 29 h, above 28 h"
    assert find(late, "1 09:00 blinatumomab 28 mcg IV", "2 13:00 blinatumomab 28 mcg IV") == ()
