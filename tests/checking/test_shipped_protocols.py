"""The shipped rules over the shipped protocols: no false alarm of the top tier, and nothing said that must not be."""

from functools import cache

import pytest

from planner.checking.check import check
from planner.model.finding import FindingStatus
from planner.services.verbs.placing import new_plan
from tests.checking.judging import find
from tests.checking.shipped import library, rules
from tests.golden.cases import PATIENTS, START, cases, schedule_of
from tests.golden.cases import library as whole_library

EVERY = list(rules().values())
CASES = {case.name: case for case in cases()}


@cache
def _judge(name):
    case = CASES[name]
    return check(new_plan("golden", PATIENTS[case.patient]), schedule_of(case), EVERY, library().agents)


def _fits(case):
    """Whether the patient may enter the protocol at all, as far as its file says."""
    facts = PATIENTS[case.patient].facts_on(START)
    return all(when.holds(facts) is not False for when, _ in whole_library().protocols[case.protocol].protocol.entry)


@pytest.mark.parametrize("name", [case.name for case in CASES.values() if _fits(case)])
def test_no_false_alarm_of_the_top_tier(name):
    found, _ = _judge(name)
    top = {one.rule for one in found if one.severity == "contraindicated" and one.status is FindingStatus.OPEN}
    assert top == set()


@pytest.mark.parametrize("name", CASES)
def test_every_rule_is_judged_and_none_fails(name):
    found, summary = _judge(name)
    assert summary.rules == len(EVERY)
    assert [one.message for one in found if ":failed" in one.id] == []


@pytest.mark.parametrize("name", CASES)
def test_findings_have_ids_and_series_of_their_own(name):
    found, _ = _judge(name)
    assert len({one.id for one in found}) == len(found)
    assert len({(one.rule, one.orders, one.status, one.severity, one.message) for one in found}) == len(found)


@pytest.mark.parametrize("name", CASES)
def test_findings_point_at_orders_of_the_schedule(name):
    known = {event.placed.id for event in schedule_of(CASES[name]).events}
    for one in _judge(name)[0]:
        assert set(one.orders) <= known
        assert one.days == tuple(sorted(one.days))


@pytest.mark.parametrize(
    ("event", "medicine"),
    [
        ("1-28 ponatinib 30 mg PO", "omeprazole"),  # TK-04
        ("1-28 ponatinib 30 mg PO", "famotidine"),  # TK-04
        ("1-4 busulfan 3.2 mg/kg IV", "fluconazole"),  # BU-05
    ],
)
def test_what_the_sheet_says_not_to_flag(event, medicine):
    for one in find(EVERY, event, co_medications=[f"{medicine} 1-"]):
        assert medicine not in one.message
        assert medicine not in str(one.inputs)


@pytest.mark.parametrize("product", ["obe-cel", "brexu-cel"])
def test_orders_of_cells_bar_the_leukodepleting_filter(product):
    """CT-26: a plan has no infusion lines, so the order itself has to say it."""
    orders = [order for phase in whole_library().protocols[product].protocol.phases for order in phase.orders]
    cells = [order for order in orders if order.role == "cell therapy"]
    assert cells
    assert all("No leukodepleting filter." in order.note for order in cells)
