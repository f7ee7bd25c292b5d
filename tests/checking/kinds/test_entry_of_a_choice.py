"""An entry line that asks for a variant is for that choice alone."""

from datetime import date

import pytest

from planner.assembly.assemble import assemble
from planner.checking.check import check
from planner.model.site import Site
from planner.services.evaluation import evaluate
from tests.assembly.texts import HEAD, order, phase
from tests.builders import example_patient, placed
from tests.checking.judging import rule
from tests.checking.shipped import library
from tests.services.courses_at_hand import plan_of


def _told(protocol: str, **choices: str) -> list[str]:
    """What is told of whom the protocol is for, for the patient of 45 years."""
    found = evaluate(plan_of(protocol, **choices), library()).findings
    return [one.message.split(" is for: ", 1)[1] for one in found if one.rule == "ST-09" and "version" in one.message]


def test_a_version_for_children_is_told_where_somebody_grown_up_gets_it_and_no_other():
    (told,) = _told("flag-ida", version="children")
    assert told.startswith('Children\'s version: below 18 years. The patient: variant "version" children; age')
    assert _told("flag-ida", version="adult") == _told("flag-ida") == []


@pytest.mark.parametrize(("default", "count"), [("a", 0), ("b", 1)])
def test_the_default_counts_where_nobody_chose(default, count):
    asked = 'entry = [{ when = "variant.v = a", text = "Only a" }]\n'
    variant = f'[[variants]]\nid = "v"\nquestion = "?"\ndefault = "{default}"\n'
    variant += 'choices = [{ id = "a", title = "A" }, { id = "b", title = "B" }]\n'
    plan, protocols = placed(asked + HEAD + variant + phase("p", order("o")), example_patient(), date(2026, 1, 5))
    schedule = assemble(plan, protocols, {}, Site())
    found = check(plan, schedule, [rule("entry_criteria")], library().agents)[0]
    assert len(found) == count
