"""Agent files: the vocabulary, and names that could be taken for others."""

from decimal import Decimal

import pytest

from planner.content.agent_file import build_agents, read_agents
from planner.model.agent import Agent
from tests.content.texts import change

GOOD = """\
[[agents]]
id = "daunorubicin"
name = "Daunorubicin"
synonyms = ["Cerubidine", "DNR"]
classes = ["anthracycline", "cytotoxic"]
plain_words = "Daunorubicin"
round_to = "0.1"
doxorubicin_factor = "0.5"
reference = "A guideline"
evidence = "secondary"

[[agents]]
id = "interferon-alfa"
name = "Interferon-α"
"""


def problems(text):
    agents, found = read_agents(text, "a.toml")
    assert not (agents and found)
    return [str(problem) for problem in found]


def test_a_good_file_is_read_without_a_problem():
    agents, found = read_agents(GOOD, "a.toml")
    assert found == ()
    assert agents == (
        Agent(
            "daunorubicin",
            "Daunorubicin",
            ("Cerubidine", "DNR"),
            ("anthracycline", "cytotoxic"),
            "Daunorubicin",
            Decimal("0.1"),
            Decimal("0.5"),
            "A guideline",
            "secondary",
        ),
        Agent("interferon-alfa", "Interferon-α"),
    )
    assert build_agents(GOOD) == agents


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            'id = "interferon-alfa"',
            'id = "daunorubicin"',
            '13: agents[1].id: the id "daunorubicin" stands here a second time',
        ),
        ('"Interferon-α"', '"cerubidine"', '14: agents[1].name: "cerubidine" is already a name of daunorubicin'),
        (
            '"DNR"',
            '"DΝR"',
            '4: agents[0].synonyms[1]: "DΝR" mixes letters of two scripts that look alike; type it again',
        ),
        ('name = "Daunorubicin"\n', "", "1: agents[0].name: is missing"),
        ('round_to = "0.1"', "round_to = 0.1", "7: agents[0].round_to: must be text in quotes"),
        (
            'round_to = "0.1"',
            'round_to = "0"',
            '7: agents[0].round_to: "0" is not a positive number; write it in quotes: "0.5"',
        ),
        (
            '"0.5"',
            '"1/2"',
            '8: agents[0].doxorubicin_factor: "1/2" is not a positive number; write it in quotes: "0.5"',
        ),
        (
            '"anthracycline"',
            '"Anthracycline"',
            '5: agents[0].classes[0]: "Anthracycline" must be small letters, digits, spaces and hyphens',
        ),
    ],
)
def test_mistakes_are_told_with_their_line(old, new, expected):
    assert problems(change(GOOD, old, new)) == [f"a.toml:{expected}"]


STRENGTHS = """\
[[agents]]
id = "mercaptopurine"
name = "Mercaptopurine"
tall_man = "merCAPTOpurine"
usual_unit = "mg"
round_to = "12.5"
round_reference = "A quarter tablet"
tablets = ["50 mg"]
halves = true
vials = ["0.1 g"]
strengths_reference = "A label"
strengths_evidence = "label"
dose_bands = [{ at_least = "40", below = "60", dose = "50" }, { at_least = "60", below = "80", dose = "75" }]
bands_reference = "The site's table"
equivalents = [{ scheme = "cog", factor = "1", reference = "A guideline" }]
"""


def test_strengths_bands_and_letters_are_read():
    (agent,), found = read_agents(STRENGTHS, "a.toml")
    assert found == ()
    assert (agent.tall_man, agent.usual_unit, agent.round_reference) == ("merCAPTOpurine", "mg", "A quarter tablet")
    assert [(one.amount, one.unit, one.halves) for one in agent.tablets] == [(Decimal(50), "mg", True)]
    assert [(one.amount, one.unit, one.halves) for one in agent.vials] == [(Decimal(100), "mg", False)]
    assert [(one.least, one.below, one.dose) for one in agent.dose_bands] == [(40, 60, 50), (60, 80, 75)]
    assert agent.equivalents == (("cog", Decimal(1), "A guideline"),)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("merCAPTOpurine", "merCAPTOpurin", '4: agents[0].tall_man: "merCAPTOpurin" is not "Mercaptopurine" in other'),
        ('strengths_reference = "A label"\n', "", "agents[0].strengths_reference: tablets and vials need a source"),
        ('"60", below = "80"', '"59", below = "80"', "agents[0].dose_bands: bands must rise and may not overlap"),
        ('"60", below = "80"', '"80", below = "80"', "agents[0].dose_bands: bands must rise and may not overlap"),
        ('dose = "75"', 'dose = "7.5"', "dose_bands[1].dose: 7.5 does not lie in its band, 60 to 80"),
        ('dose = "75"', 'dose = "750"', "dose_bands[1].dose: 750 does not lie in its band, 60 to 80"),
        (
            '"60", below = "80"',
            '"60", below = "800"',
            "60 to 800 is too wide a band for 75",
        ),
        (
            '"60", below = "80", dose = "75"',
            '"60", below = "160", dose = "150"',
            "60 to 160 is too wide a band for 150",
        ),
        ('bands_reference = "The site\'s table"\n', "", "needs bands_reference and usual_unit"),
        ('"50 mg"', '"50"', 'agents[0].tablets[0]: "50" is not an amount'),
        ('"cog"', '"iso"', "agents[0].equivalents[0].scheme"),
    ],
)
def test_mistakes_in_strengths_are_told(old, new, expected):
    (found,) = problems(change(STRENGTHS, old, new))
    assert expected in found


def test_a_synonym_that_is_no_text_is_one_problem():
    assert problems(change(GOOD, '["Cerubidine", "DNR"]', '["Cerubidine", 4]')) == [
        "a.toml:4: agents[0].synonyms[1]: must be text in quotes"
    ]
