"""The writing guides: their examples are read without a problem, and they leave no key and no kind unexplained."""

import re
from decimal import Decimal

import pytest

from planner.cli.main import main
from planner.cli.plan_access import evaluated
from planner.content.agent_changes import read_changes
from planner.content.agent_file import read_agents
from planner.content.agent_shape import (
    AgentChangeShape,
    AgentShape,
    BagShape,
    DoseRangeShape,
    EquivalentShape,
    InterruptionShape,
)
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
from planner.model.site import ROUNDINGS
from planner.paths import resources, settings_file

PROTOCOLS = (resources() / "protocols" / "README.md").read_text(encoding="utf-8")
AGENTS = (resources() / "agents" / "README.md").read_text(encoding="utf-8")
RULES = (resources() / "rules" / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def agents():
    return build_rules_and_agents(resources()).agents


def example(guide, number=0):
    found = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    assert len(found) == (2 if guide is AGENTS else 1)
    return found[number]


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


@pytest.mark.parametrize("shape", [AgentShape, BagShape, InterruptionShape, DoseRangeShape, EquivalentShape])
def test_the_agent_guide_names_every_key(shape):
    assert set(shape.model_fields) - words(AGENTS) == set()


def test_the_agent_guide_names_every_way_to_round():
    assert set(ROUNDINGS) <= words(AGENTS)


def test_the_example_agent_is_read_without_a_problem():
    (agent,), problems = read_agents(example(AGENTS), "guide.toml")
    assert problems == ()
    assert len(agent.dose_bands) == len(agent.tablets) == len(agent.vials) == 2


def test_the_example_change_of_a_shipped_agent_is_read_and_all_its_keys_stand_in_the_guide(agents):
    (agent,), problems = read_changes(example(AGENTS, 1), "guide.toml", agents)
    assert problems == ()
    assert (agent.id, len(agent.dose_bands), len(agent.vials)) == ("vincristine", 1, 2)
    assert set(AgentChangeShape.model_fields) - words(AGENTS) == set()


def test_a_site_that_changes_vincristine_sees_it_in_the_protocol_and_in_the_dose(tmp_path, monkeypatch, capsys):
    """The guide's change in the site's folder, rounding by bands in the settings: 1.82 m2 of 1 mg/m2 become 2 mg."""
    data = tmp_path / "data"
    (data / "agents").mkdir(parents=True)
    (data / "protocols").mkdir()
    (data / "agents" / "mine.toml").write_text(example(AGENTS, 1), encoding="utf-8")
    (data / "protocols" / "mine.toml").write_text(example(PROTOCOLS), encoding="utf-8")
    monkeypatch.setenv("REGIMAP_DATA_DIR", str(data))
    settings_file().write_text('{"site": {"rounding": "bands"}}', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["protocols", "show", "guide-example"]) == 0
    assert "This site's own file gives round_to, vials, dose_bands of Vincristine" in capsys.readouterr().out
    patient = re.search(r'^    (\{"id": "1".*?\}\})$', PROTOCOLS, re.DOTALL | re.MULTILINE)
    (tmp_path / "somebody.json").write_text(patient[1], encoding="utf-8")
    made = ["plan", "new", "guide-example", "--patient", "somebody.json", "--start", "2026-03-02", "-o", "p.json"]
    assert main(made) == 0
    shown = evaluated("p.json")
    doses = [event.dose for event in shown.schedule.events if event.placed.agent == "vincristine"]
    assert {dose.value for dose in doses if dose.value is not None} == {Decimal(2)}
    assert "dose band 1.8 to below 2.1 mg: 2 mg (The pharmacy's table of 2026)" in doses[0].steps


def test_a_new_author_gets_a_schedule_from_the_commands_of_the_guide(tmp_path, monkeypatch, capsys):
    """The example in the site's folder, the example patient, and the commands as they stand in the guide."""
    monkeypatch.setenv("REGIMAP_DATA_DIR", str(tmp_path / "data"))
    folder = tmp_path / "data" / "protocols"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text(example(PROTOCOLS), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    patient = re.search(r'^    (\{"id": "1".*?\}\})$', PROTOCOLS, re.DOTALL | re.MULTILINE)
    (tmp_path / "somebody.json").write_text(patient[1], encoding="utf-8")
    commands = [
        line.split()[1:] for line in PROTOCOLS.splitlines() if re.match("    regimap (plan|schedule|print)", line)
    ]
    assert [main(command) for command in commands] == [0, 0, 0]
    rows = [line for line in capsys.readouterr().out.splitlines() if ",induction,1," in line]
    assert len(rows) == 4 + 28 * 2 + 1 + 1 + 1
    assert (tmp_path / "roadmap.pdf").stat().st_size > 1000


def test_the_protocol_guide_names_every_word():
    for name in (*ROLES[:-2], *ROUTES, *Evidence, *Status, *NUMBERS, *OF_A_PLACEMENT, *MARKERS):
        assert name in PROTOCOLS


@pytest.mark.parametrize("kind", KINDS)
def test_the_rule_guide_names_every_kind_with_its_parameters(kind):
    section = re.search(rf"^\| `{kind}` \|.*$", RULES, re.MULTILINE)
    assert section, kind
    assert set(KINDS[kind]._fields) - words(section[0]) == set()
