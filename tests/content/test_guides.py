"""The writing guides: their examples are read without a problem, and they leave no key and no kind unexplained."""

import re

import pytest

from planner.content.facts import MARKERS, NUMBERS, OF_A_PLACEMENT
from planner.content.library import build_rules_and_agents
from planner.content.protocol_file import read_protocol
from planner.content.protocol_shape import (
    AssessmentShape,
    BandShape,
    ChoiceShape,
    DecisionShape,
    EndShape,
    EntryShape,
    ExemptionShape,
    OrderShape,
    PhaseShape,
    ProtocolShape,
    ReferenceShape,
    VariantShape,
)
from planner.content.rule_file import read_rule
from planner.content.rule_shape import ExampleShape, RuleShape
from planner.model.evidence import Evidence, Status
from planner.model.protocol import ROLES, ROUTES
from planner.model.rule_kinds import KINDS
from planner.paths import resources

PROTOCOLS = (resources() / "protocols" / "README.md").read_text(encoding="utf-8")
RULES = (resources() / "rules" / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def agents():
    return build_rules_and_agents(resources()).agents


def example(guide):
    found = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    assert len(found) == 1
    return found[0]


def words(guide):
    return set(re.findall(r"[\w.-]+", guide))


def test_the_example_protocol_is_read_without_a_problem(agents):
    protocol, problems = read_protocol(example(PROTOCOLS), "guide.toml", agents)
    assert [str(problem) for problem in problems] == []
    assert len({order.agent for phase in protocol.phases for order in phase.orders}) == 3


def test_the_example_rule_is_read_without_a_problem(agents):
    rule, problems = read_rule(example(RULES), "guide.toml", agents)
    assert [str(problem) for problem in problems] == []
    assert {case.finds for case in rule.examples} == {0, 1}


@pytest.mark.parametrize(
    "shape",
    [
        ProtocolShape,
        PhaseShape,
        OrderShape,
        BandShape,
        AssessmentShape,
        DecisionShape,
        VariantShape,
        ChoiceShape,
        EndShape,
        EntryShape,
        ExemptionShape,
        ReferenceShape,
    ],
)
def test_the_protocol_guide_names_every_key(shape):
    assert set(shape.model_fields) - words(PROTOCOLS) == set()


@pytest.mark.parametrize("shape", [RuleShape, ExampleShape])
def test_the_rule_guide_names_every_key(shape):
    assert set(shape.model_fields) - words(RULES) == set()


def test_the_protocol_guide_names_every_word():
    for name in (*ROLES[:-2], *ROUTES, *Evidence, *Status, *NUMBERS, *OF_A_PLACEMENT, *MARKERS):
        assert name in PROTOCOLS


@pytest.mark.parametrize("kind", KINDS)
def test_the_rule_guide_names_every_kind_with_its_parameters(kind):
    section = re.search(rf"^\| `{kind}` \|.*$", RULES, re.MULTILINE)
    assert section, kind
    assert set(KINDS[kind]._fields) - words(section[0]) == set()
