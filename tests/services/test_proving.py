"""A site's own rule has to prove itself on its own cases, as shipped rules do."""

import re

import pytest

from planner.paths import resources
from planner.services.catalogue import problems_of_file, remarks_on_file
from tests.golden.cases import library

GUIDE = (resources() / "rules" / "README.md").read_text("utf-8").partition("```toml\n")[2].partition("```")[0]
HEAD, CASES = GUIDE[: GUIDE.index("[[examples]]")], GUIDE[GUIDE.index("[[examples]]") :]


@pytest.fixture
def told(tmp_path):
    """The problems and the remarks of a rule file of this text."""

    def read(text):
        path = tmp_path / "mine.toml"
        path.write_text(text, "utf-8")
        return [str(one).removeprefix(f"{tmp_path}/") for one in problems_of_file(path, library())], remarks_on_file(
            path, library()
        )

    return read


def test_the_guides_own_rule_proves_itself(told):
    assert told(GUIDE) == ([], ())


def test_a_case_that_fails_is_told_with_its_line_and_what_was_found(told):
    (problem,), _ = told(GUIDE.replace("finds = 0", "finds = 1"))
    place, _, said = problem.partition(": examples[1].finds: ")
    assert place == f"mine.toml:{1 + GUIDE[: GUIDE.index('finds = 0')].count(chr(10))}"
    assert said == 'says 1, but the rule finds 0 in the case "seven days apart"'
    (problem,), _ = told(GUIDE.replace("finds = 1", "finds = 0"))
    assert 'finds 1 in the case "three days apart": ' in problem


def test_a_case_without_a_title_is_told_too(told):
    (problem,), _ = told(GUIDE.replace('title = "seven days apart"\n', "").replace("finds = 0", "finds = 2"))
    assert problem.endswith("says 2, but the rule finds 0 in the case")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("8 vincristine 2 mg", "names no route"),
        ("eight vincristine 2 mg IV", "cannot read this case"),
        ("8 vincristine 2 mgs IV", "cannot read this case"),
        ("8", "cannot read this case"),
        ("8 vincristin 2 mg IV", "there is no agent vincristin"),
        ("8 vincristine 2 mg IV state=perhaps", "cannot read this case"),
    ],
)
def test_a_case_that_cannot_be_read_is_told(told, wrong, said):
    (problem,), _ = told(GUIDE.replace("8 vincristine 2 mg IV", wrong))
    assert ": examples[1].events: " in problem
    assert said in problem


@pytest.mark.parametrize(
    ("events", "part", "said"),
    [
        (
            '["day 8 vincristine 2 mg IV"]',
            "events",
            '"day 8 vincristine 2 mg IV" is not understood; write for example "8',
        ),
        ('["2026-01-08 vincristine 2 mg IV"]', "events", "is not understood"),
        (
            '["1 vincristine 2 mg IV"]\nco_medications = ["posaconazole"]',
            "co_medications",
            '"posaconazole 5-20" or "fluc',
        ),
        ('["1 vincristine 2 mg IV"]\nprior = ["doxorubicin 300"]', "prior", '"doxorubicin 300" is not understood'),
        ('["1 vincristine 2 mg IV"]\npatient = { weight = "heavy" }', "patient", "cannot read this case;"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place_and_how_it_is_written(told, events, part, said):
    (problem,), _ = told(GUIDE.replace('["1 vincristine 2 mg IV", "4 vincristine 2 mg IV"]', events))
    assert f": examples[0].{part}: " in problem
    assert said in problem
    assert "invalid literal" not in problem


def test_a_class_written_without_its_word_is_named_as_one(told):
    (problem,), _ = told(HEAD.replace('"class:vinca IV"', '"azole"'))
    assert problem.endswith('there is no agent "azole"; the class of that name is written "class:azole"')


def test_company_between_two_times_that_are_turned_round_is_refused(told):
    text = HEAD.replace('"minimum_interval"', '"companion"').replace(
        'at_least = "7 days"', 'needs = ["class:azole"]\nearliest = "-1 days"\nlatest = "-3 days"'
    )
    (problem,), _ = told(text)
    assert ": parameters.latest: lies before earliest" in problem
    assert told(f'{text}scope = "block"\n')[0] == []


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ('results = ["bilirubn"]', 'parameters.results: there is no result "bilirubn"; did you mean "bilirubin"?'),
        ('results = ["bilirubin"]', ""),
        ('none_in = ["not obe-cell", "pomp"]', "parameters.none_in: there is no protocol obe-cell"),
        ('none_in = ["not obe-cel", "pomp"]', ""),
    ],
)
def test_a_result_or_a_protocol_that_nobody_knows_is_a_problem(told, parameters, problem):
    """ "methotrexat-level" was called without a problem, and the rule went on by levels of the course before."""
    text = HEAD.replace('"minimum_interval"', '"cover_span"')
    wanted = f'needs = ["class:azole"]\nmax_gap_days = 7\n{parameters}'
    text = re.sub("^(after|at_least) = .*\n", "", text, flags=re.MULTILINE) + wanted
    found = [one.partition(": ")[2] for one in told(text)[0]]
    assert found == ([problem] if problem else [])


def test_a_rule_without_cases_is_a_remark(told):
    problems, (remark,) = told(HEAD)
    assert problems == []
    assert "GUIDE-1 has no examples" in remark


def test_a_rule_with_one_kind_of_case_only_is_a_remark(told):
    found, missed = CASES.split("\n\n")
    assert "must not find" in told(f"{HEAD}{found}\n")[1][0]
    assert "must find" in told(f"{HEAD}{missed}\n")[1][0]
    waiting = HEAD.replace('when = "', 'site_setting = true\nwhen = "')
    assert told(f"{waiting}{found}\n")[1] == ()


def test_a_rule_that_is_not_in_force_has_nothing_to_prove(told):
    assert told(GUIDE.replace('"draft"', '"retired"').replace("finds = 0", "finds = 1"))[0] == []


def test_files_that_are_no_readable_rules_have_no_remarks(told, tmp_path):
    assert told("id = ")[1] == ()
    assert told(HEAD.replace('kind = "minimum_interval"', 'kind = "no_such"'))[1] == ()
    assert remarks_on_file(tmp_path / "none.toml", library()) == ()
