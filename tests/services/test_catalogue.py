"""The library: found by words, a site's own files beside the shipped ones."""

import shutil

import pytest

from planner.errors import InputProblem
from planner.paths import resources
from planner.services.catalogue import (
    evidence_summary,
    load_for_plans,
    load_library,
    problems_of_file,
    search,
    shelved,
)


@pytest.fixture(scope="module")
def library():
    return load_library(resources())


def ids(found):
    return [one.protocol.id for one in found]


def test_words_in_any_order_case_and_accent(library):
    assert ids(search(library, "DASATINÍB gimema")) == ["d-alba"]
    assert "blinatumomab-mrd" in ids(search(library, "blinatumomab"))
    assert "d-alba" in ids(search(library, "blinatumomab"))
    assert search(library, "blinatumomab zebra") == ()
    assert sorted(ids(search(library, " "))) == sorted(library.protocols)


def test_titles_with_the_words_come_before_what_only_speaks_of_them(library):
    """Enter takes the first row: a conditioning with a variant for those who had inotuzumab stood there."""
    found = search(library, "inotuzumab")
    titled = ["inotuzumab" in one.protocol.title.casefold() for one in found]
    assert titled == sorted(titled, reverse=True)
    assert (titled[0], titled[-1]) == (True, False)
    assert ids(search(library, "10403"))[0] == "calgb-10403"
    assert ids(search(library, "Hyper-CVAD"))[0].startswith("hyper-cvad"), "GRAAPH-2005 speaks of it in its title"


def test_protocol_by_id(library):
    assert shelved(library, "d-alba").origin == "shipped"
    with pytest.raises(InputProblem, match="no protocol nix"):
        shelved(library, "nix")


def test_evidence_is_counted(library):
    protocol = shelved(library, "d-alba").protocol
    counts = dict(part.rsplit(" ", 1) for part in evidence_summary(protocol).split(", "))
    orders = sum(len(phase.orders) + len(phase.assessments) for phase in protocol.phases) + len(protocol.decisions)
    assert sum(map(int, counts.values())) == orders
    assert list(counts)[-1] == "local"


def test_quick_way_gives_the_same_agents_and_rules(library, tmp_path):
    quick = load_for_plans(resources(), tmp_path)
    assert quick.agents == library.agents
    assert quick.protocols == {}
    assert {rule.id: rule for rule in library.rules}.items() <= {rule.id: rule for rule in quick.rules}.items()


def test_rules_of_the_site_are_never_left_out(tmp_path):
    folder = tmp_path / "rules"
    folder.mkdir()
    shipped = next((resources() / "rules").rglob("VC-01.toml")).read_text(encoding="utf-8")
    (folder / "mine.toml").write_text(shipped.replace('"VC-01"', '"VC-901"'), encoding="utf-8")
    assert "VC-901" in {rule.id for rule in load_for_plans(resources(), tmp_path).rules}


def test_hidden_file_of_the_site_gives_the_reason(tmp_path):
    folder = tmp_path / "protocols"
    folder.mkdir()
    (folder / "mine.toml").write_text('id = "mine"\n')
    with pytest.raises(InputProblem, match="mine") as caught:
        shelved(load_library(resources(), tmp_path), "mine")
    assert "there is no protocol mine" in caught.value.lines[-1]
    (folder / "other-name.toml").write_text('id = "house"\n')
    (folder / "mine.toml").unlink()
    with pytest.raises(InputProblem) as caught:
        shelved(load_library(resources(), tmp_path), "house")
    hidden = "hidden because of mistakes, one of them may be it: other-name.toml; see regimap protocols list"
    assert caught.value.lines[0] == hidden


@pytest.mark.parametrize(
    "pattern",
    ["protocols/**/d-alba.toml", "rules/**/VC-01.toml", "agents/tkis.toml"],
    ids=["protocol", "rule", "agents"],
)
def test_each_kind_of_file_is_known_by_its_keys(library, tmp_path, pattern):
    path = tmp_path / "mine.toml"
    shutil.copy(next(resources().glob(pattern)), path)
    assert problems_of_file(path, library) == ()
    path.write_text(path.read_text(encoding="utf-8").replace("id = ", "idd = ", 1), encoding="utf-8")
    problems = problems_of_file(path, library)
    assert problems
    assert all(problem.file == str(path) for problem in problems)


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("protocols/**/d-alba.toml", 'version: "d-alba" is shipped in version 1; give yours its own version'),
        ("rules/**/VC-01.toml", 'id: the shipped rule "VC-01" waits for no value of a site; give yours its own id'),
        ("agents/tkis.toml", "agents: shipped agents have these ids: "),
    ],
    ids=["protocol", "rule", "agents"],
)
def test_ids_that_a_sites_file_may_not_take_are_told_before_the_folder_hides_it(library, tmp_path, pattern, told):
    path = tmp_path / "mine.toml"
    shutil.copy(next(resources().glob(pattern)), path)
    (problem,) = problems_of_file(path, library, library)
    assert str(problem).startswith(f"{path}: {told}")
    own = path.read_text(encoding="utf-8").replace('version = "1"', 'version = "1-site"').replace('"VC-01"', '"OWN-1"')
    path.write_text(own, encoding="utf-8")
    assert (problems_of_file(path, library, library) == ()) is ("agents" not in pattern)


def test_a_rule_that_waits_for_the_sites_value_may_be_given_it(library, tmp_path):
    path = tmp_path / "mine.toml"
    shutil.copy(next(resources().glob("rules/**/GE-17.toml")), path)
    assert problems_of_file(path, library, library) == ()


def test_file_that_is_no_text_has_problems(library, tmp_path):
    (tmp_path / "x.toml").write_bytes(b"\xff")
    (problem,) = problems_of_file(tmp_path / "x.toml", library)
    assert problem.file == str(tmp_path / "x.toml")
