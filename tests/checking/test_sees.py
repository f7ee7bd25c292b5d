"""A rule that judges cycle by cycle asks for nothing that its verdicts are not kept by."""

import pytest

from planner.checking import rings
from planner.checking.check import check
from planner.checking.memory import forget
from planner.model.plan import Plan
from tests.builders import example_patient, example_schedule
from tests.checking.shipped import library
from tests.checking.test_incremental import FOR_SITES

RULES = {rule.id: rule for rule in (*library().rules, *FOR_SITES)}


@pytest.fixture
def asked(monkeypatch):
    """What was asked beside what the rule sees, as (rule, selector or word)."""
    found = set()
    ask = rings.Ring._ask

    def noted(ring, ruling, *more):
        hits, notes = ask(ring, ruling, *more)
        seen = {one for selectors in ruling.sees for one in selectors}
        found.update((ruling.rule.id, one) for some in notes.selectors for one in some if one not in seen)
        if notes.everything:
            found.add((ruling.rule.id, "everything"))
        return hits, notes

    monkeypatch.setattr(rings.Ring, "_ask", noted)
    return found


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_rule_asks_only_for_what_it_sees(name, asked):
    rule = RULES[name]
    examples = rule.examples or next(iter(library().rules)).examples
    for example in examples:
        patient = example_patient(example.patient, example.co_medications, example.prior)
        forget()
        check(Plan("p", patient), example_schedule(example.events, patient), [rule], library().agents)
    assert {what for what in asked if not getattr(what[1], "negated", False)} == set()
