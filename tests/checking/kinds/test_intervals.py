"""minimum_interval and not_within against a brute-force oracle, at their edges, and with clock times."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model.finding import FindingStatus
from tests.builders import day
from tests.checking.judging import find, rule

DOSES = st.lists(
    st.tuples(
        st.integers(1, 60), st.sampled_from(["vincristine", "cytarabine", "methotrexate"]), st.sampled_from("ab")
    ),
    max_size=14,
)


def _lines(doses):
    return [f"{number} {agent} 2 mg IV block={block}" for number, agent, block in doses]


@given(DOSES, st.integers(0, 15))
def test_minimum_interval_agrees_with_brute_force(doses, least):
    found = find(rule("minimum_interval", agents=["vincristine"], at_least=f"{least} days"), *_lines(doses))
    given_on = sorted(number for number, agent, _ in doses if agent == "vincristine")
    too_soon = {day(later) for earlier, later in itertools.pairwise(given_on) if later - earlier < least}
    assert sum(one.count for one in found) == sum(b - a < least for a, b in itertools.pairwise(given_on))
    assert too_soon <= {number for one in found for number in one.days}


@given(DOSES, st.integers(0, 15))
def test_an_interval_after_another_agent_agrees_with_brute_force(doses, least):
    found = find(
        rule("minimum_interval", agents=["vincristine"], after=["cytarabine"], at_least=f"{least} days"), *_lines(doses)
    )
    expected = 0
    for number, agent, _ in doses:
        before = [number - other for other, name, _ in doses if name == "cytarabine" and other <= number]
        expected += agent == "vincristine" and bool(before) and min(before) < least
    assert sum(one.count for one in found) == expected


@given(DOSES, st.integers(0, 10), st.integers(0, 10))
def test_not_within_agrees_with_brute_force(doses, before, after):
    wanted = rule(
        "not_within", agents=["vincristine"], others=["cytarabine"], before=f"{before} days", after=f"{after} days"
    )
    found = find(wanted, *_lines(doses))
    others = [number for number, agent, _ in doses if agent == "cytarabine"]
    expected = sum(
        agent == "vincristine"
        and any(
            0 < other - number < before or 0 < number - other < after or (number == other and max(before, after) > 0)
            for other in others
        )
        for number, agent, _ in doses
    )
    assert sum(one.count for one in found) == expected


def test_two_doses_of_one_day_have_no_interval():
    (found,) = find(
        rule("minimum_interval", agents=["vincristine"], at_least="1 days"),
        "1 vincristine 1 mg IV",
        "1 vincristine 1 mg IV",
    )
    assert found.arithmetic == "01-Jan-2026 − 01-Jan-2026 = 0 days, below 1 day"


@pytest.mark.parametrize(("second", "finds"), [("2 08:59", 1), ("2 09:00", 0), ("2", 0)])
def test_hours_look_at_the_clock_where_both_have_one(second, finds):
    wanted = rule("minimum_interval", agents=["cytarabine"], at_least="24 h")
    found = find(wanted, "1 09:00 cytarabine 1 mg IV", f"{second} cytarabine 1 mg IV")
    assert len(found) == finds
    if finds:
        assert found[0].arithmetic == "02-Jan-2026 08:59 − 01-Jan-2026 09:00 = 23 h 59 min, below 24 h"


def test_hours_on_one_day_without_clocks_cannot_be_told():
    wanted = rule("minimum_interval", agents=["cytarabine"], at_least="12 h")
    (found,) = find(wanted, "1 cytarabine 1 mg IV", "1 cytarabine 1 mg IV")
    assert found.status is FindingStatus.CANNOT_CHECK
    assert dict(found.inputs)["missing"] == "clock times"
    assert found.arithmetic == "01-Jan-2026 − 01-Jan-2026: same day, no clock times; 12 h asked for"
    assert find(wanted, "1 cytarabine 1 mg IV", "2 cytarabine 1 mg IV") == ()


def test_a_later_dose_of_the_same_day_does_not_come_before():
    wanted = rule("minimum_interval", agents=["vincristine"], after=["cytarabine"], at_least="2 days")
    assert find(wanted, "1 09:00 vincristine 2 mg IV", "1 10:00 cytarabine 1 mg IV") == ()
    assert len(find(wanted, "1 11:00 vincristine 2 mg IV", "1 10:00 cytarabine 1 mg IV")) == 1
    assert len(find(wanted, "1 vincristine 2 mg IV", "1 10:00 cytarabine 1 mg IV")) == 1


@pytest.mark.parametrize(("span", "finds"), [("1-6", 1), ("1-5", 0), ("1-", 1), ("9-20", 0), ("2-30", 1)])
def test_an_interval_after_a_co_medication_counts_from_its_last_day(span, finds):
    wanted = rule("minimum_interval", agents=["vincristine"], after=["class:azole"], at_least="3 days")
    assert len(find(wanted, "8 vincristine 2 mg IV", co_medications=[f"voriconazole {span}"])) == finds


def test_cycles_are_measured_from_their_first_dose():
    wanted = rule("minimum_interval", agents=["blinatumomab"], at_least="42 days", between="cycles")
    lines = ("1 dasatinib 140 mg PO", "8-35 blinatumomab 28 mcg/day IV", "43 dasatinib 140 mg PO cycle=2")
    assert find(wanted, *lines, "50-77 blinatumomab 28 mcg/day IV cycle=2") == ()
    (found,) = find(wanted, *lines, "49-77 blinatumomab 28 mcg/day IV cycle=2")
    assert found.arithmetic == "18-Feb-2026 − 08-Jan-2026 = 41 days, below 42 days"
    assert "starts less than" in found.message


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (("5 filgrastim 1 mcg SC", "5 vincristine 2 mg IV"), "open"),
        (("5 filgrastim 1 mcg SC", "6 vincristine 2 mg IV"), None),
        (("5 10:00 filgrastim 1 mcg SC", "6 09:00 vincristine 2 mg IV"), "open"),
        (("5 09:00 filgrastim 1 mcg SC", "6 09:00 vincristine 2 mg IV"), None),
        (("6 09:00 filgrastim 1 mcg SC", "5 10:00 vincristine 2 mg IV"), "open"),
        (("5 filgrastim 1 mcg SC", "4 vincristine 2 mg IV"), None),
    ],
)
def test_not_within_24_hours(lines, status):
    found = find(rule("not_within", agents=["filgrastim"], others=["vincristine"], before="24 h", after="24 h"), *lines)
    assert [str(one.status) for one in found] == ([status] if status else [])


def test_not_within_names_the_nearest():
    wanted = rule("not_within", agents=["pegfilgrastim"], others=["cytarabine"], before="14 days", after="24 h")
    (found,) = find(wanted, "5 pegfilgrastim 6 mg SC", "12 cytarabine 1 mg IV", "9 cytarabine 1 mg IV")
    assert found.arithmetic == "09-Jan-2026 − 05-Jan-2026 = 4 days, below 14 days"
    assert dict(found.inputs)["kept free"] == "14 days before to 24 h after"


@pytest.mark.parametrize(
    ("clocks", "status"),
    [(("", ""), "cannot_check"), (("09:00", "10:59"), "open"), (("09:00", "11:00"), None), (("11:01", "09:00"), None)],
)
def test_hours_apart_on_one_day(clocks, status):
    wanted = rule("not_within", agents=["dasatinib"], others=["class:antacid"], before="2 h", after="2 h")
    found = find(wanted, f"1 {clocks[0]} dasatinib 140 mg PO", f"1 {clocks[1]} calcium-carbonate 1 g PO")
    assert [str(one.status) for one in found] == ([status] if status else [])


def test_one_side_only():
    before = rule("not_within", agents=["dasatinib"], others=["class:antacid"], before="2 h", after="0 h")
    assert find(before, "1 10:00 dasatinib 140 mg PO", "1 09:00 calcium-carbonate 1 g PO") == ()
    assert len(find(before, "1 09:00 dasatinib 140 mg PO", "1 10:00 calcium-carbonate 1 g PO")) == 1
    nothing = rule("not_within", agents=["dasatinib"], others=["class:antacid"], before="0 h", after="0 h")
    assert find(nothing, "1 dasatinib 140 mg PO", "1 calcium-carbonate 1 g PO") == ()


def test_a_dose_is_not_too_near_to_itself():
    wanted = rule("not_within", agents=["class:cytotoxic"], others=["class:vinca"], before="3 days", after="3 days")
    assert find(wanted, "1 vincristine 2 mg IV", "9 vincristine 2 mg IV") == ()
    assert len(find(wanted, "1 vincristine 2 mg IV", "3 vincristine 2 mg IV")) == 1


@pytest.mark.parametrize(("span", "finds"), [("1-4", 0), ("1-5", 1), ("15-15", 1), ("16-", 0), ("1-", 0), ("5-", 1)])
def test_a_co_medication_is_kept_away_as_a_span(span, finds):
    wanted = rule("not_within", agents=["class:live-vaccine"], others=["vincristine"], before="4 days", after="7 days")
    found = find(wanted, "8 vincristine 2 mg IV", "9 vincristine 2 mg IV", co_medications=[f"MMR {span}"])
    assert len(found) == finds
    if finds:
        assert found[0].orders
        assert found[0].id == "XX-01:block/MMR"


def test_a_co_medication_near_a_planned_dose():
    wanted = rule("not_within", agents=["dasatinib"], others=["class:antacid"], before="48 h", after="2 h")
    (found,) = find(wanted, "1 dasatinib 140 mg PO", co_medications=["calcium-carbonate 2-3"])
    assert found.arithmetic == "02-Jan-2026 − 01-Jan-2026 = 1 day, below 48 h"


def test_a_vaccine_without_an_end_was_given_once():
    wanted = rule("not_within", agents=["class:live-vaccine"], others=["vincristine"], before="4 days", after="7 days")
    assert find(wanted, "90 vincristine 2 mg IV", co_medications=["MMR 1-"]) == ()
    assert len(find(wanted, "3 vincristine 2 mg IV", co_medications=["MMR 1-"])) == 1


def test_what_is_examined_and_done_can_be_meant():
    wanted = rule(
        "minimum_interval", agents=["procedure:t-cell-collection"], after=["assessment:marrow"], at_least="5 days"
    )
    lines = [
        "1 assessment marrow",
        "4 assessment counts",
        "5 procedure collection of T cell products",
        "9 procedure marrow",
    ]
    (one,) = find(wanted, *lines)
    assert one.days == (day(1), day(5))
    barred = rule(
        "minimum_interval",
        agents=["procedure:collection"],
        after=["assessment:a", "not assessment:marrow"],
        at_least="5 days",
    )
    assert [found.days for found in find(barred, *lines)] == [(day(4), day(5))]


def test_a_block_may_pass_over_itself():
    plan = [
        "1 vincristine 2 mg IV block=bridge",
        "5 cyclophosphamide 500 mg/m2 IV block=ld",
        "5-8 fludarabine 30 mg/m2 IV block=ld",
    ]
    parameters = {"agents": ["fludarabine"], "after": ["class:cytotoxic"], "between": "cycles"}
    (inside,) = find(rule("minimum_interval", at_least="4 days", **parameters), *plan)
    assert inside.days == (day(5),)
    assert find(rule("minimum_interval", at_least="4 days", outside_block=True, **parameters), *plan) == ()
    (outside,) = find(rule("minimum_interval", at_least="5 days", outside_block=True, **parameters), *plan)
    assert outside.days == (day(1), day(5))


def test_treatment_before_the_plan_counts_by_its_last_day():
    wanted = rule("minimum_interval", agents=["pegaspargase"], at_least="14 days")
    plan = ["1 pegaspargase 2000 units/m2 IV", "20 pegaspargase 2000 units/m2 IV"]
    (one,) = find(wanted, *plan, prior=["pegaspargase 2 doses until -5", "pegaspargase 1 doses until -40"])
    assert one.arithmetic == "01-Jan-2026 − 26-Dec-2025 = 6 days, below 14 days"
    assert find(wanted, *plan, prior=["pegaspargase 1 doses until -13"]) == ()
    assert find(wanted, *plan, prior=["pegaspargase 1 doses until 30"]) == (), "not before it"
    (one,) = find(wanted, *plan, prior=["pegaspargase 1 doses"])
    assert one.status is FindingStatus.CANNOT_CHECK
    assert dict(one.inputs)["missing"] == "last day of earlier pegaspargase"


def test_treatment_before_the_plan_is_no_matter_of_another_protocol():
    wanted = rule("minimum_interval", agents=["pegaspargase"], at_least="14 days", protocols=["other"])
    assert find(wanted, "1 pegaspargase 2000 units/m2 IV", prior=["pegaspargase 1 doses"]) == ()


@pytest.mark.parametrize("gap", range(4))
def test_days_between_are_whole_days_without(gap):
    wanted = rule(
        "minimum_interval", agents=["cytarabine"], after=["vincristine"], at_least="2 days", counted="between"
    )
    found = find(wanted, "1 vincristine 2 mg IV", f"{2 + gap} cytarabine 75 mg/m2 IV")
    assert bool(found) is (gap < 2)
    for one in found:
        assert f"{'1 day' if gap == 1 else f'{gap} days'} without between Vincristine C1 D1" in one.message
        assert one.arithmetic.endswith(f"− 1 day = {'1 day' if gap == 1 else f'{gap} days'}, below 2 days")


@pytest.mark.parametrize(("at", "soon"), [("08:59", True), ("09:00", True), ("09:01", False)])
def test_more_than_a_day_is_more_by_a_minute(at, soon):
    wanted = rule("minimum_interval", agents=["cytarabine"], after=["vincristine"], at_least="24 h", counted="more")
    found = find(wanted, "1 09:00 vincristine 2 mg IV", f"2 {at} cytarabine 75 mg/m2 IV")
    assert [
        ("not more than 24 h after" in one.message, one.arithmetic.endswith(", not more than 24 h")) for one in found
    ] == ([(True, True)] if soon else [])


def test_where_nothing_is_asked_ahead_of_it_only_the_time_behind_is_named():
    wanted = rule("not_within", agents=["ponatinib"], others=["melphalan"], before="0 days", after="100 days")
    (found,) = find(wanted, "5 melphalan 140 mg/m2 IV", "12 ponatinib 30 mg PO")
    assert found.message.endswith("none in the 100 days after it.")
    assert dict(found.inputs)["kept free"] == "the 100 days after"
