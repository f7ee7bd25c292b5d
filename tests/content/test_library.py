"""The library: what is read from two folders, what is hidden, and why."""

import pytest
from msgspec.structs import replace

from planner.content.library import build_rules_and_agents, read_library
from planner.content.protocol_file import make_pin
from planner.model.library import ShelvedProtocol
from planner.services.catalogue import load_for_plans, load_library, problems_of_file
from tests.content.texts import AGENTS, GOOD, RULE, change

AGENT_FILE = "\n".join(
    f'[[agents]]\nid = "{agent.id}"\nname = "{agent.name}"\nclasses = {list(agent.classes)}\n'
    for agent in AGENTS.values()
)


@pytest.fixture
def shipped(tmp_path):
    return fill(
        tmp_path / "shipped",
        {"agents/a.toml": AGENT_FILE, "protocols/all/sample.toml": GOOD, "rules/vinca/xx-01.toml": RULE},
    )


def fill(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            path.write_bytes(text)
        else:
            path.write_text(text, encoding="utf-8", newline="")
    return root


def told(library):
    return [str(problem) for problem in library.problems]


def test_everything_good_is_there(shipped):
    library = read_library(shipped, None)
    assert told(library) == []
    assert list(library.agents) == list(AGENTS)
    assert library.protocols == {
        "sample": ShelvedProtocol(make_pin(GOOD), library.protocols["sample"].protocol, "shipped")
    }
    assert [rule.id for rule in library.rules] == ["XX-01"]


def test_the_quick_way_gives_the_same_agents_and_rules(shipped):
    whole, quick = read_library(shipped, None), build_rules_and_agents(shipped)
    assert (quick.agents, quick.protocols, quick.problems) == (whole.agents, {}, ())
    assert quick.rules == tuple(replace(rule, examples=()) for rule in whole.rules)


def test_a_file_with_a_problem_is_hidden_whole_and_listed(shipped):
    fill(
        shipped,
        {
            "protocols/all/broken.toml": change(GOOD, 'id = "sample"', 'id = "Broken"'),
            "protocols/all/utf16.toml": GOOD.encode("utf-16"),
            "rules/vinca/xx-02.toml": "id = ",
            "agents/b.toml": '[[agents]]\nid = "new"\n',
            "agents/c.toml": AGENT_FILE.encode("utf-16"),
            "rules/vinca/xx-03.toml": RULE.encode("utf-16"),
            "protocols/notes.txt": "no content file",
        },
    )
    library = read_library(shipped, None)
    assert told(library) == [
        "b.toml:1: agents[0].name: is missing",
        "c.toml: is UTF-16; save it as plain UTF-8",
        'broken.toml:1: id: "Broken" must be small letters, digits and single hyphens',
        "utf16.toml: is UTF-16; save it as plain UTF-8",
        'xx-02.toml:1: no value that can be read; a text stands in quotes ("2 mg")',
        "xx-03.toml: is UTF-16; save it as plain UTF-8",
    ]
    assert (list(library.agents), list(library.protocols), len(library.rules)) == (list(AGENTS), ["sample"], 1)


def test_no_id_stands_twice_in_one_folder(shipped):
    fill(
        shipped,
        {
            "agents/b.toml": '[[agents]]\nid = "tbi"\nname = "Irradiation"\n',
            "protocols/all/twin.toml": change(GOOD, 'version = "2"', 'version = "3"'),
            "rules/vinca/xx-02.toml": RULE,
        },
    )
    library = read_library(shipped, None)
    assert told(library) == [
        "b.toml: agents of an earlier file stand here again: tbi",
        'twin.toml: id: "sample" in version 3 is already in sample.toml; give it its own id or version',
        'xx-02.toml: id: "XX-01" is already in xx-01.toml; give it its own id',
    ]
    assert library.agents["tbi"].name == "Total body irradiation"
    assert library.protocols["sample"].protocol.version == "2"


def test_the_sites_own_files_are_read_after_the_shipped_ones(shipped, tmp_path):
    site = fill(
        tmp_path / "site",
        {
            "agents/own.toml": '[[agents]]\nid = "own-drug"\nname = "Own drug"\n',
            "protocols/own.toml": change(
                change(GOOD, 'id = "sample"', 'id = "own"'), 'agent = "dasatinib"', 'agent = "own-drug"'
            ),
            "rules/own-1.toml": change(RULE, 'id = "XX-01"', 'id = "OWN-1"'),
        },
    )
    library = read_library(shipped, site)
    assert told(library) == []
    assert {key: shelved.origin for key, shelved in library.protocols.items()} == {"own": "site", "sample": "shipped"}
    assert [rule.id for rule in library.rules] == ["OWN-1", "XX-01"]
    assert "own-drug" in library.agents


def test_a_site_may_stand_in_for_a_shipped_protocol_under_its_own_version_only(shipped, tmp_path):
    site = fill(tmp_path / "site", {"protocols/s.toml": change(GOOD, 'version = "2"', 'version = "2-site"')})
    library = read_library(shipped, site)
    assert told(library) == []
    assert (library.protocols["sample"].protocol.version, library.protocols["sample"].origin) == ("2-site", "site")
    fill(site, {"protocols/s.toml": GOOD})
    library = read_library(shipped, site)
    assert told(library) == [
        's.toml: id: "sample" in version 2 is already in sample.toml; give it its own id or version',
        's.toml: id: the shipped "sample" is not offered either, until this file is right or taken away',
    ]
    assert "sample" not in library.protocols


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("own.toml", change(change(GOOD, 'version = "2"', 'version = "2-site"'), '"15 mg/m2"', '"1,5 mg/m2"')),
        ("own.toml", 'id = "sample'),
        ("sample.toml", "Dosis für Erwachsene".encode("latin-1")),
    ],
    ids=["told by its id", "told by a broken line", "told by the file's name"],
)
def test_a_site_never_gets_the_shipped_doses_where_its_own_file_is_wrong(shipped, tmp_path, name, text):
    site = fill(tmp_path / "site", {f"protocols/{name}": text})
    library = read_library(shipped, site)
    assert "sample" not in library.protocols
    assert told(library)[-1] == (
        f'{name}: id: the shipped "sample" is not offered either, until this file is right or taken away'
    )


def test_a_wrong_file_of_the_site_hides_no_protocol_that_it_does_not_stand_for(shipped, tmp_path):
    phase_of_that_name = change(change(GOOD, 'id = "sample"', 'id = "own"'), 'id = "marrow"', 'id = "sample"')
    phase_of_that_name = change(phase_of_that_name, '"15 mg/m2"', '"1,5 mg/m2"')
    site = fill(tmp_path / "site", {"protocols/own.toml": phase_of_that_name})
    library = read_library(shipped, site)
    assert told(library)
    assert library.protocols["sample"].origin == "shipped"


def test_a_site_may_stand_in_for_a_shipped_rule_only_where_the_rule_waits_for_its_value(shipped, tmp_path):
    own = change(RULE, '"7 days"', '"6 days"')
    site = fill(tmp_path / "site", {"rules/xx-01.toml": own})
    library = read_library(shipped, site)
    assert told(library) == ['xx-01.toml: id: "XX-01" is already in xx-01.toml; give it its own id']
    assert library.rules[0].parameters["at_least"].days == 7
    waiting = change(change(RULE, 'at_least = "7 days"\n', ""), 'when = "age', 'site_setting = true\nwhen = "age')
    fill(shipped, {"rules/vinca/xx-01.toml": waiting})
    library = read_library(shipped, site)
    assert told(library) == []
    assert library.rules[0].parameters["at_least"].days == 6


def test_a_sites_rule_of_another_kind_gives_no_value_to_the_shipped_one(shipped, tmp_path):
    waiting = change(change(RULE, 'at_least = "7 days"\n', ""), 'when = "age', 'site_setting = true\nwhen = "age')
    fill(shipped, {"rules/vinca/xx-01.toml": waiting})
    other = change(change(RULE, "minimum_interval", "maximum_interval"), "at_least", "at_most")
    site = fill(tmp_path / "site", {"rules/mine.toml": other[: other.index("[[examples]]")]})
    message = 'the shipped "XX-01" waits for a value of minimum_interval; give a rule of another kind its own id'
    assert told(read_library(shipped, site)) == [f"mine.toml: kind: {message}"]
    alone, path = read_library(shipped, None), site / "rules" / "mine.toml"
    assert [str(one) for one in problems_of_file(path, alone, alone)] == [f"{path}: kind: {message}"]


def test_no_agent_of_a_site_takes_a_name_of_another(shipped, tmp_path):
    """Whoever types that name as medicine or allergy would get either drug."""
    name = next(iter(AGENTS.values())).name
    text = f'[[agents]]\nid = "mine"\nname = "Mine"\nsynonyms = ["{name.upper()}"]\nreference = "House"\n'
    site = fill(tmp_path / "site", {"agents/mine.toml": text})
    message = f'"{name.upper()}" of mine is already a name of {next(iter(AGENTS))}'
    library = read_library(shipped, site)
    assert told(library) == [f"mine.toml: {message}"]
    assert "mine" not in library.agents
    path = site / "agents" / "mine.toml"
    assert [str(one) for one in problems_of_file(path, library, library)] == [f"{path}: agents: {message}"]


def test_a_rule_for_a_protocol_that_is_not_there_is_told_because_it_would_never_speak(shipped, tmp_path):
    site = fill(
        tmp_path / "site",
        {"rules/xx-02.toml": change(RULE, 'id = "XX-01"', 'id = "XX-02"\nprotocols = ["sample", "smaple"]')},
    )
    library = read_library(shipped, site)
    assert told(library) == ["xx-02.toml: protocols: there is no protocol smaple"]
    (problem,) = problems_of_file(tmp_path / "site/rules/xx-02.toml", library)
    assert problem.message == "there is no protocol smaple"
    assert [rule.id for rule in library.rules] == ["XX-01"]


def test_missing_folders_are_empty(tmp_path):
    library = read_library(tmp_path / "nothing", tmp_path / "neither")
    assert (library.agents, library.protocols, library.rules, library.problems) == ({}, {}, (), ())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("protocols/mine.toml.txt", "mine.toml.txt: is not read; its name has to end in .toml"),
        ("rules/vinca/MINE.TOML.TXT", "MINE.TOML.TXT: is not read; its name has to end in .toml"),
        (
            "mine.toml",
            'mine.toml: is not read in the folder "site", only in protocols, rules, agents of the data folder',
        ),
        (
            "protocol/mine.toml",
            'mine.toml: is not read in the folder "protocol", only in protocols, rules, agents of the data folder',
        ),
        ("protocols/notes.txt", None),
        ("protocols/mine.toml.bak", None),
        ("backups/mine.toml", None),
    ],
)
def test_a_sites_file_that_is_not_read_is_told_where_it_was_meant_to_be(shipped, tmp_path, name, expected):
    site = fill(tmp_path / "site", {name: GOOD})
    wanted = [expected] if expected else []
    assert told(read_library(shipped, site)) == wanted
    assert told(load_library(shipped, site)) == wanted
    assert told(load_for_plans(shipped, site)) == wanted
