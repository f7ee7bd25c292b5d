"""Doses that exclude each other, because they hang on a fact that nobody recorded."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.exports.wording.sums import amount_of, total_words
from planner.model import alternatives
from planner.model.alternatives import most_together
from planner.model.condition import parse_condition
from planner.model.cycle_content import State
from planner.model.plan import BlockStart
from planner.model.schedule import Event
from planner.model.site import Site
from planner.services.evaluation import evaluate
from planner.services.verbs.placing import add_protocol, new_plan
from tests.courses import PATIENT
from tests.exports.papers import library, shipped

SPINAL = "methotrexate", "IT"


def doses(protocol: str, markers: tuple[tuple[str, str], ...] = ()) -> list[Event]:
    patient = replace(PATIENT, markers=markers)
    plan = add_protocol(new_plan("p", patient), library().protocols[protocol], BlockStart(on=date(2026, 3, 2)))
    events = evaluate(plan, replace(library(), rules=()), Site()).schedule.events
    return [one for one in events if (one.placed.agent, one.placed.route) == SPINAL]


@pytest.mark.parametrize("protocol", ["aall0232-hr", "calgb-10403"])
def test_as_many_doses_can_come_as_under_the_answer_that_asks_for_most(protocol: str) -> None:
    """Two more with CNS disease in induction, two more without in consolidation: 25 were counted of at most 23."""
    drawn = doses(protocol)
    answers = {status: len(doses(protocol, (("cns", status),))) for status in ("CNS1", "CNS2", "CNS3")}
    most, facts = most_together(drawn)
    assert len(most) == max(answers.values()) < len(drawn)
    assert facts == ("cns",)
    assert set(most) <= set(drawn)


@pytest.mark.parametrize("protocol", ["aall0232-hr", "calgb-10403"])
def test_of_recorded_facts_nothing_is_left_out(protocol: str) -> None:
    for status in ("CNS1", "CNS3"):
        recorded = doses(protocol, (("cns", status),))
        assert most_together(recorded) == (recorded, ())


def two_of(first: str, second: str, state: State = State.PROVISIONAL) -> list[Event]:
    """Two doses of the made-up course, each under a condition."""
    found = [one for one in shipped("calgb-10403").schedule.events if one.placed.route == "IT"][:2]
    orders = [
        replace(one.placed.order, when=parse_condition(text)) for one, text in zip(found, (first, second), strict=True)
    ]
    return [
        one._replace(placed=replace(one.placed, order=order), state=state)
        for one, order in zip(found, orders, strict=True)
    ]


@pytest.mark.parametrize(
    ("first", "second", "facts"),
    [
        ("cns = CNS3", "cns != CNS3", ("cns",)),
        ("cns in CNS1 | CNS2", "cns = CNS3", ("cns",)),
        ("cns = CNS3", "cns in CNS3 | CNS2", ()),
        ("cns = CNS3", "sex = male", ()),
        ("age < 10", "age >= 10", ()),
        ("wbc = 1", "wbc = 2", ()),
        ("decision.response = cr", "decision.response = no-cr", ()),
        ("variant.steroid = a", "variant.steroid = b", ()),
        ("", "cns = CNS3", ()),
    ],
)
def test_only_what_a_fact_of_the_patient_excludes_is_an_alternative(
    first: str, second: str, facts: tuple[str, ...]
) -> None:
    events = two_of(first, second)
    most, found = most_together(events)
    assert (len(most), found) == (1 if facts else 2, facts)


def test_what_is_given_in_any_case_is_no_alternative() -> None:
    planned = two_of("cns = CNS3", "cns != CNS3", State.PLANNED)
    assert most_together(planned) == (planned, ())
    assert most_together([]) == ([], ())


def test_of_too_many_facts_no_way_is_gone_through(monkeypatch: pytest.MonkeyPatch) -> None:
    events = two_of("cns = CNS3 and sex = male", "cns != CNS3")
    assert len(most_together(events)[0]) == 1
    monkeypatch.setattr(alternatives, "MOST", 1)
    assert most_together(events) == (events, ())


def unequal() -> list[Event]:
    """Two doses of 50 mg with CNS disease, three of 10 mg without."""
    large, small = two_of("cns = CNS3", "cns != CNS3")
    return [
        one._replace(day=one.day + later, dose=replace(one.dose, value=Decimal(value)))
        for one, value, count in ((large, 50, 2), (small, 10, 3))
        for later in range(count)
    ]


def test_the_greatest_sum_is_not_that_of_most_doses() -> None:
    """ "At most 30 mg" where 100 mg may come: a sum told too low is the dangerous side."""
    events = unequal()
    assert len(most_together(events)[0]) == 3
    most, facts = most_together(events, amount_of)
    assert (amount_of(most), facts) == (100, ("cns",))
    assert total_words(events, "mcg").replace("\u00a0", " ") == "at most 100 mg"


def test_where_a_dose_is_not_known_all_are_added_up() -> None:
    first, *others = unequal()
    events = [first._replace(dose=replace(first.dose, value=None)), *others]
    assert total_words(events, "mcg").replace("\u00a0", " ") == "at most 80 mg and 1 dose not known"
    units = [first._replace(dose=replace(first.dose, unit="units")), *others]
    assert total_words(units, "mcg").replace("\u00a0", " ") == "at most 50 units and 80 mg"


def test_what_adds_nothing_is_not_left_out() -> None:
    events = [one._replace(dose=None) for one in two_of("cns = CNS3", "cns in CNS3 | CNS2")]
    assert most_together(events, amount_of) == (events, ())
