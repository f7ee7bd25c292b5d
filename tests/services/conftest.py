"""What the tests of fixes share."""

import pytest
from msgspec.structs import replace

from planner.model.rule import RuleExample
from planner.services import evaluation, fixing
from planner.services.evaluation import evaluate
from tests.checking.shipped import library
from tests.example_courses import plan_of_example


@pytest.fixture
def case(monkeypatch):
    """The fixes of the only finding of a rule on event lines, and what the first of them would leave."""

    def make(judging, *events, **more):
        plan, protocols = plan_of_example(RuleExample(1, events, **more))
        monkeypatch.setattr(evaluation, "pinned_protocol", protocols.__getitem__)
        known = replace(library(), rules=(judging,))
        shown = evaluate(plan, known)
        (finding,) = shown.findings
        fixes = fixing.offered_fixes(shown, finding.id, known)
        if fixes:
            after = evaluate(fixing.apply(shown.plan, shown.schedule, fixes[0], known.agents), known)
            assert finding.id not in {one.id for one in after.findings}
        return fixes

    return make
