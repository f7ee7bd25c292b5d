"""One rule judged over a few event lines."""

from planner.checking.check import check
from planner.model.agent import Agent
from planner.model.condition import parse_condition
from planner.model.evidence import Evidence, Status
from planner.model.plan import Plan
from planner.model.rule import SequencingRule
from planner.model.rule_parameters import read_parameters
from tests.builders import example_patient, example_schedule
from tests.checking.shipped import library


def rule(kind: str, severity: str = "warning", when: str = "", protocols=(), site_setting=False, **parameters):
    """A rule of a kind with the parameters as a file would write them."""
    values, problems = read_parameters(kind, parameters, site_setting)
    assert not problems, problems
    return SequencingRule(
        id="XX-01",
        title="A rule",
        statement="It says so.",
        kind=kind,
        severity=severity,
        parameters=values,
        reference="A source",
        evidence=Evidence.TRIAL,
        status=Status.DRAFT,
        advice="Do it.",
        when=parse_condition(when),
        protocols=tuple(protocols),
        site_setting=site_setting,
    )


def judge(
    rules,
    *events: str,
    facts=(),
    co_medications=(),
    prior=(),
    exemptions=(),
    acknowledgements=(),
    agents: dict[str, Agent] | None = None,
):
    """The findings about the events and the summary; one rule or several."""
    patient = example_patient(tuple(dict(facts).items()), co_medications, prior)
    plan = Plan("p", patient, acknowledgements=tuple(acknowledgements))
    many = rules if isinstance(rules, list) else [rules]
    known = library().agents if agents is None else agents
    return check(plan, example_schedule(events, patient, exemptions), many, known)


def find(rules, *events: str, **more):
    """The findings alone."""
    return judge(rules, *events, **more)[0]
