"""Rule files: what a good one means, and its mistakes with file and line."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.content.rule_file import build_rule, read_rule
from planner.model.evidence import Evidence, Status
from planner.model.rule import RuleExample
from planner.model.rule_kinds import MinimumInterval
from planner.model.rule_values import Duration, Selector
from tests.content.texts import AGENTS, RULE, change


def problems(text):
    rule, found = read_rule(text, "xx-01.toml", AGENTS)
    assert (rule is None) == bool(found)
    return [str(problem) for problem in found]


def test_a_good_rule_is_read_without_a_problem():
    rule, found = read_rule(RULE, "xx-01.toml", AGENTS)
    assert found == ()
    assert (rule.id, rule.kind, rule.severity, rule.evidence, rule.status) == (
        "XX-01",
        "minimum_interval",
        "warning",
        Evidence.SECONDARY,
        Status.DRAFT,
    )
    assert rule.parameters == {
        "agents": (Selector("agent", "vincristine"), Selector("class", "vinca", ("IV",))),
        "at_least": Duration(7 * 24 * 60, in_days=True),
    }
    assert (rule.valid_from, str(rule.when), rule.jurisdiction) == (date(2026, 1, 1), "age >= 18", "EU")
    assert rule.examples == (
        RuleExample(
            finds=1,
            events=("1 vincristine 2 mg IV", "4 vincristine 2 mg IV"),
            title="too close",
            patient=(("age", "40"), ("weight", "70.5")),
        ),
    )


def test_building_gives_what_reading_gives():
    assert build_rule(RULE) == read_rule(RULE, "xx-01.toml", AGENTS)[0]


def test_a_rule_is_built_without_its_examples_where_nobody_checks_it():
    assert build_rule(RULE, examples=False) == replace(build_rule(RULE), examples=())


def test_what_stands_behind_the_examples_is_never_left_out():
    head, _, rest = RULE.partition("[parameters]")
    parameters, _, examples = rest.partition("\n[[examples]]")
    turned = f"{head}\n[[examples]]{examples}\n[parameters]{parameters}"
    assert build_rule(turned, examples=False) == build_rule(RULE)


def test_a_rule_with_only_what_must_stand_is_enough():
    text = """
id = "B1"
title = "T"
statement = "S"
kind = "dose_entered"
severity = "advice"
status = "draft"
evidence = "local"
reference = "R"
[[examples]]
finds = 0
"""
    rule, found = read_rule(text, "b1.toml", AGENTS)
    assert [str(problem) for problem in found] == []
    assert build_rule(text) == rule
    assert (rule.examples, rule.parameters) == ((RuleExample(0, ()),), {})


def test_numbers_in_parameters_stay_exact_decimals():
    text = RULE.replace('kind = "minimum_interval"', 'kind = "dose_limit"')
    text = change(text, 'at_least = "7 days"', 'unit = "mg"\nat_most = 2.05')
    assert build_rule(text).parameters["at_most"][0].value == Decimal("2.05")


@pytest.mark.parametrize("text", ["", "id = 1", "= 1", RULE.replace('at_least = "7 days"', "")])
def test_building_from_an_unchecked_text_is_a_value_error(text):
    with pytest.raises(ValueError):  # noqa: PT011 - which one does not matter, only that no other error escapes
        build_rule(text)


def test_a_site_setting_may_wait_for_its_value():
    text = change(RULE, 'at_least = "7 days"\n', "")
    assert problems(text) == ["xx-01.toml:15: parameters.at_least: is missing"]
    waiting = change(text, 'when = "age', 'site_setting = true\nwhen = "age')
    assert problems(waiting) == []
    assert build_rule(waiting).site_setting
    assert "at_least" not in build_rule(waiting).parameters


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            'kind = "minimum_interval"',
            'kind = "minimum_intervall"',
            ['4: kind: there is no kind "minimum_intervall"; did you mean "minimum_interval"?'],
        ),
        (
            'severity = "warning"',
            'severity = "error"',
            ["5: severity: \"error\" is not one of 'contraindicated', 'warning' or 'advice'"],
        ),
        ('reference = "A product text"\n', "", ["1: reference: is missing"]),
        ('evidence = "secondary"\n', "", ["1: evidence: is missing"]),
        (
            'at_least = "7 days"',
            'at_least = "a week"',
            ['17: parameters.at_least: cannot read "a week"; write for example "42 days", "24 h" or "-1 h"'],
        ),
        (
            'at_least = "7 days"',
            'at_least = "7 days"\natleast = "7 days"',
            [
                "18: parameters.atleast: minimum_interval has no such parameter; it has "
                + ", ".join(MinimumInterval._fields)
            ],
        ),
        (
            '"vincristine", "class:vinca IV"',
            '"vincristin", "class:vinka IV"',
            [
                '16: parameters.agents: there is no agent "vincristin"; did you mean "vincristine"?',
                '16: parameters.agents: there is no class "vinka"; did you mean "vinca"?',
            ],
        ),
        (
            'kind = "minimum_interval"',
            'kind = "minimum_interval"\nhistory = ["vincristin", "class:vinka"]',
            [
                '5: history: there is no agent "vincristin"; did you mean "vincristine"?',
                '5: history: there is no class "vinka"; did you mean "vinca"?',
            ],
        ),
        ("finds = 1", 'finds = "1"', ["21: examples[0].finds: must be a whole number"]),
        ("{ age = 40,", "{ age = [40],", ["23: examples[0].patient.age: must be a number or a text"]),
        ('id = "XX-01"', 'id = "XX 01"', ['1: id: "XX 01" must be letters, digits and hyphens']),
        (
            "[parameters]",
            "[parameter]",
            [
                "1: parameters.agents: is missing",
                "1: parameters.at_least: is missing",
                '15: parameter: is not a key of this format; did you mean "parameters"?',
            ],
        ),
    ],
)
def test_mistakes_are_told_with_their_line(old, new, expected):
    assert problems(change(RULE, old, new)) == [f"xx-01.toml:{line}" for line in expected]


def test_what_only_a_protocol_knows_cannot_be_asked_by_a_rule():
    found = problems(change(RULE, 'when = "age >= 18"', 'when = "decision.response = cr"'))
    assert len(found) == 1
    assert found[0].startswith('xx-01.toml:13: when: nobody records the fact "decision.response"')


def test_several_mistakes_are_told_at_once():
    text = change(RULE, 'severity = "warning"', 'severity = "error"')
    text = change(text, '"7 days"', '"7 dys"')
    text = change(text, '"age >= 18"', '"agee >= 18"')
    assert [problem.split(": ")[1] for problem in problems(text)] == ["severity", "when", "parameters.at_least"]


def test_a_history_that_cannot_be_read_is_told_once():
    (problem,) = problems(
        change(RULE, 'kind = "minimum_interval"', 'kind = "minimum_interval"\nhistory = ["Inotuzumab"]')
    )
    assert problem.startswith('xx-01.toml:5: history[0]: cannot read "Inotuzumab"; write the id of an agent')
