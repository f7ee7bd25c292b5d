"""A site's changes to shipped agents: what they may change, what is refused, and where it shows."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.assembly.rounding import Habits, round_dose, rounded_dose
from planner.content.agent_changes import read_changes
from planner.content.library import open_library, read_library
from planner.model.agent import Agent, DoseRange, Strength
from planner.services.catalogue import problems_of_file
from tests.content.test_library import fill, shipped, told

assert shipped

CHANGE = """\
[[changes]]
id = "vincristine"
usual_unit = "mg"
round_to = "0.1"
round_reference = "House rule 7"
dose_bands = [
  { at_least = "1.8", below = "2.1", dose = "2" },
]
bands_reference = "The pharmacy's table of 2026"
vials = ["1 mg", "2 mg"]
strengths_reference = "On the shelf"
"""
PILLS = Agent("pills", "Pills", usual_unit="mg", tablets=(Strength(Decimal(5), "mg"),), classes=("tki",))
KNOWN = {"vincristine": Agent("vincristine", "Vincristine", classes=("vinca",), reference="A label"), "pills": PILLS}


def _problems(text: str) -> list[str]:
    agents, found = read_changes(text, "mine.toml", KNOWN)
    assert not (agents and found)
    return [str(one) for one in found]


def test_what_is_named_changes_and_all_else_stays() -> None:
    (agent,), problems = read_changes(CHANGE, "mine.toml", KNOWN)
    assert problems == ()
    assert agent == replace(
        KNOWN["vincristine"],
        usual_unit="mg",
        round_to=Decimal("0.1"),
        round_reference="House rule 7",
        dose_bands=(DoseRange(Decimal("1.8"), Decimal("2.1"), Decimal(2)),),
        bands_reference="The pharmacy's table of 2026",
        vials=(Strength(Decimal(1), "mg"), Strength(Decimal(2), "mg")),
        strengths_reference="On the shelf",
        changed=("round_to", "vials", "dose_bands"),
    )
    (pills,), _ = read_changes(
        '[[changes]]\nid = "pills"\nround_to = "2"\nround_reference = "House"\n', "mine.toml", KNOWN
    )
    assert pills.tablets == PILLS.tablets
    assert pills.changed == ("round_to",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[[changes]]\nid = "vincristin"\n', 'there is no shipped agent "vincristin" to change'),
        ('[[changes]]\nid = "vincristine"\n', "nothing is changed"),
        ('[[changes]]\nid = "vincristine"\nusual_unit = "mg"\nround_to = "1"\n', "round_to needs round_reference"),
        (CHANGE.replace('usual_unit = "mg"\n', ""), "round_to and dose_bands need usual_unit"),
        (
            '[[changes]]\nid = "pills"\nusual_unit = "mcg"\nround_to = "1"\nround_reference = "House"\n',
            "doses of Pills are in mg",
        ),
        (CHANGE.replace('below = "2.1"', 'below = "1.7"'), "bands must rise and may not overlap"),
        (CHANGE + CHANGE, 'the id "vincristine" stands here a second time'),
        (CHANGE + 'classes = ["azole"]\n', "classes"),
        (CHANGE + "round_to = 1\n", "mine.toml"),
        (CHANGE + "[[", "mine.toml"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, expected: str) -> None:
    assert any(expected in problem for problem in _problems(text))


def test_a_sites_file_changes_the_library_and_a_wrong_one_is_hidden_and_told(shipped, tmp_path) -> None:
    site = fill(tmp_path / "site", {"agents/mine.toml": CHANGE})
    for library in (read_library(shipped, site), open_library(shipped, site, None)):
        assert told(library) == []
        assert library.agents["vincristine"].round_to == Decimal("0.1")
    fill(site, {"agents/more.toml": CHANGE})
    library = read_library(shipped, site)
    assert told(library) == ["more.toml: an earlier file changes these agents already: vincristine"]
    fill(site, {"agents/more.toml": CHANGE.replace("vincristine", "nobody")})
    library = read_library(shipped, site)
    assert told(library) == ['more.toml:2: changes[0].id: there is no shipped agent "nobody" to change']
    assert library.agents["vincristine"].round_to == Decimal("0.1")


def test_a_file_of_changes_is_validated_against_the_shipped_agents(shipped, tmp_path) -> None:
    site = fill(tmp_path / "site", {"agents/mine.toml": CHANGE})
    whole, alone = read_library(shipped, site), read_library(shipped, None)
    assert problems_of_file(site / "agents" / "mine.toml", whole, alone) == ()
    fill(site, {"agents/mine.toml": CHANGE.replace('"0.1"', '"a"')})
    assert problems_of_file(site / "agents" / "mine.toml", whole, alone)


@pytest.mark.parametrize(
    ("rounding", "amount", "given", "words"),
    [
        ("bands", "1.95", "2", "dose band 1.8 to below 2.1 mg: 2 mg (The pharmacy's table of 2026)"),
        ("bands", "1.23", "1.2", "rounded to 0.1 mg: 1.2 mg (this site's own: House rule 7)"),
        ("step", "1.95", "2.0", "rounded to 0.1 mg: 2 mg (this site's own: House rule 7)"),
        ("vials", "1.95", "2", "rounded to whole vials: 2 mg, 2.6 % more (this site's own: On the shelf)"),
    ],
)
def test_the_dose_says_that_the_site_rounds_so(rounding: str, amount: str, given: str, words: str) -> None:
    (agent,), _ = read_changes(CHANGE, "mine.toml", KNOWN)
    habits = Habits(rounding=rounding)
    assert round_dose(Decimal(amount), "mg", agent, habits, "IV") == (Decimal(given), (words,))
    assert rounded_dose(Decimal(amount), "mg", agent, habits, "IV") == Decimal(given)


def test_tablets_of_the_site_say_so_too() -> None:
    text = '[[changes]]\nid = "pills"\ntablets = ["4 mg"]\nhalves = true\nstrengths_reference = "On the shelf"\n'
    (agent,), _ = read_changes(text, "mine.toml", KNOWN)
    assert round_dose(Decimal("5.9"), "mg", agent, Habits(), "PO") == (
        Decimal(6),
        ("rounded to halves of 4 mg tablets: 6 mg, 1.7 % more (this site's own: On the shelf)",),
    )


def test_a_step_in_another_unit_than_the_dose_is_not_taken() -> None:
    (agent,), _ = read_changes(CHANGE, "mine.toml", KNOWN)
    for rounding in ("step", "bands"):
        assert round_dose(Decimal("1.95"), "mcg", agent, Habits(rounding=rounding), "IV") == (Decimal("1.95"), ())
