"""The small languages of rule parameters, and reading them by kind with all problems at once."""

from decimal import Decimal
from typing import get_args

import pytest

from planner.model.condition import parse_condition
from planner.model.rule_kinds import KINDS, Companion, parameter_text, selectors_of, unset_parameters
from planner.model.rule_parameters import read_parameters
from planner.model.rule_values import (
    Duration,
    Limit,
    OrderText,
    Selector,
    parse_duration,
    parse_limits,
    parse_order,
    parse_selector,
)


@pytest.mark.parametrize(
    ("text", "selector"),
    [
        ("vincristine", Selector("agent", "vincristine")),
        ("class:h2-blocker", Selector("class", "h2-blocker")),
        ("role:growth factor", Selector("role", "growth factor")),
        ("any IT", Selector("any", "any", ("IT",))),
        ("class:cytotoxic IV|SC|IM", Selector("class", "cytotoxic", ("IV", "SC", "IM"))),
        ("not class:steroid PO", Selector("class", "steroid", ("PO",), negated=True)),
        ("methotrexate IV from 500 mg/m2", Selector("agent", "methotrexate", ("IV",), from_per_m2=500)),
        (
            "methotrexate IV from 500 mg/m2 a day",
            Selector("agent", "methotrexate", ("IV",), from_per_m2=500, a_day=True),
        ),
        ("assessment:marrow", Selector("assessment", "marrow")),
        ("procedure:liver-tests", Selector("procedure", "liver-tests")),
        ("dexamethasone ophthalmic", Selector("agent", "dexamethasone", ("ophthalmic",))),
    ],
)
def test_selector(text, selector):
    assert parse_selector(text) == selector
    assert str(selector) == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "cannot read"),
        ("Vincristine", "cannot read"),
        ("vincristine iv", "cannot read"),
        ("vincristine IV|XX", "cannot read"),
        ("class:", "cannot read"),
        ("class:growth factor", "cannot read"),
        ("not not vincristine", "cannot read"),
        ("not methotrexate from 500 mg/m2", "cannot read"),
        ("role:doctor", "there is no role"),
        ("class:folinate from 500 mg/m2 a day", "one agent"),
        ("any IV from 500 mg/m2 a day", "one agent"),
    ],
)
def test_selector_that_cannot_be_read(text, why):
    with pytest.raises(ValueError, match=why):
        parse_selector(text)


@pytest.mark.parametrize(
    ("text", "minutes", "in_days", "days", "again"),
    [
        ("42 days", 42 * 1440, True, 42, "42 days"),
        ("1 day", 1440, True, 1, "1 day"),
        ("-3 days", -3 * 1440, True, -3, "-3 days"),
        ("24 h", 1440, False, 1, "24 h"),
        ("25 h", 1500, False, 2, "25 h"),
        ("-1 h", -60, False, -1, "-1 h"),
        ("90 min", 90, False, 1, "90 min"),
        ("120 min", 120, False, 1, "2 h"),
        ("0 h", 0, False, 0, "0 h"),
    ],
)
def test_duration(text, minutes, in_days, days, again):
    duration = parse_duration(text)
    assert (duration, duration.days, str(duration)) == (Duration(minutes, in_days), days, again)


@pytest.mark.parametrize("text", ["", "7", "7 weeks", "1.5 h", "7days", "١ h"])
def test_duration_that_cannot_be_read(text):
    with pytest.raises(ValueError, match="cannot read"):
        parse_duration(text)


def test_limits():
    assert parse_limits(2) == (Limit(parse_condition(""), Decimal(2)),)
    assert str(parse_limits(Decimal("2.50"))[0]) == "2.5"
    bands = parse_limits([{"when": "age <= 21", "value": 2500}, {"value": 2000}])
    assert [str(one) for one in bands] == ["2500 where age at most 21 years", "2000"]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ([], "at least one"),
        ("2", "is not a number"),
        (True, "is not a number"),
        (2.5, "is not a number"),
        (-1, "from 0 on"),
        (Decimal("NaN"), "from 0 on"),
        ([{"when": "age < 21"}], "write a number"),
        ([{"value": 1, "unit": "mg"}], "write a number"),
        ([7], "write a number"),
        ([{"when": 7, "value": 1}], "is a text"),
        ([{"when": "age ~ 7", "value": 1}], "cannot read the condition"),
    ],
)
def test_limits_that_cannot_be_read(value, why):
    with pytest.raises((TypeError, ValueError), match=why):
        parse_limits(value)


def test_every_kind_says_what_it_is_and_lacks_its_required_parameters():
    for kind, type_ in KINDS.items():
        assert type_.__doc__, kind
        required = {name for name in type_._fields if name not in type_._field_defaults}
        values, problems = read_parameters(kind, {})
        assert (dict(values), {name for name, _ in problems}) == ({}, required)
        assert read_parameters(kind, {}, site_setting=True) == ({}, ())
        assert set(unset_parameters(kind, {})) == required


def test_all_problems_are_told_at_once():
    _, problems = read_parameters(
        "companion",
        {
            "agents": [],
            "needs": ["not class:steroid"],
            "earliest": 1,
            "scope": "sometimes",
            "all_of": "yes",
            "color": "red",
        },
    )
    assert dict(problems) == {
        "color": f"companion has no such parameter; it has {', '.join(Companion._fields)}",
        "agents": "must be a list of texts",
        "needs": 'needs at least one entry without "not"',
        "earliest": "must be a text",
        "scope": '"sometimes" is not one of ' + ", ".join(get_args(Companion.__annotations__["scope"])),
        "all_of": "must be true or false",
    }


@pytest.mark.parametrize(
    ("kind", "parameters", "name", "why"),
    [
        ("needs_from_sum", {"agents": ["x"], "needs": ["y"], "from_per_m2": "500"}, "from_per_m2", "is not a number"),
        ("route", {"agents": ["x"], "only": ["IV", "nose"]}, "only", "routes are PO, IV"),
        ("cycle_count", {"agents": ["x"], "at_most_in": {}}, "at_most_in", "must be a table"),
        ("cycle_count", {"agents": ["x"], "at_most_in": {"a": -1}}, "at_most_in", "whole number"),
        ("cycle_count", {"agents": ["x"], "at_most": True}, "at_most", "whole number"),
        ("patient_state", {"agents": ["x"], "must": "age"}, "must", "cannot read the condition"),
        ("facts_recorded", {"agents": ["x"], "facts": ["a", ""]}, "facts", "must be a text"),
        ("undecided_facts", {"x": 1}, "x", "it has none"),
        ("dose_limit", {"agents": ["x"], "unit": "g"}, "unit", "grams count in mg"),
        ("dose_limit", {"agents": ["x"], "unit": "mg/m2"}, "unit", "mg, mcg, units"),
        ("dose_unit", {"agents": ["x"], "only": ["mg", "IU"]}, "only", '"IU" is no unit'),
    ],
)
def test_one_problem(kind, parameters, name, why):
    _, problems = read_parameters(kind, parameters)
    assert [one for one, _ in problems] == [name]
    assert why in problems[0][1]


def test_parameters_as_values_and_as_text():
    values, problems = read_parameters(
        "cycle_count", {"agents": "blinatumomab", "at_most": 4, "at_most_in": {"a": 3, "b": 4}}
    )
    assert problems == ()
    assert values == {"agents": (Selector("agent", "blinatumomab"),), "at_most": 4, "at_most_in": (("a", 3), ("b", 4))}
    assert {name: parameter_text(value) for name, value in values.items()} == {
        "agents": "blinatumomab",
        "at_most": "4",
        "at_most_in": "a = 3, b = 4",
    }
    assert list(selectors_of(values)) == [("agents", Selector("agent", "blinatumomab"))]
    assert parameter_text(Duration(60, in_days=False)) == "1 h"


def test_an_unknown_kind_is_a_mistake_of_the_caller():
    with pytest.raises(KeyError):
        read_parameters("sorcery", {})


@pytest.mark.parametrize(
    ("allowed", "why"),
    [
        ([], "must be a list of days"),
        ("3", "must be a list of days"),
        (["3"], "days are whole numbers"),
        ([True], "days are whole numbers"),
    ],
)
def test_days_that_cannot_be_read(allowed, why):
    _, problems = read_parameters("barred_days", {"agents": ["mesna"], "barred": "0 to 4", "allowed": allowed})
    assert problems == (("allowed", why),)


def test_an_order_a_rule_gives():
    assert parse_order("dexamethasone 20 mg IV") == OrderText("dexamethasone", "20 mg", "IV")
    values, _ = read_parameters(
        "companion", {"agents": "blinatumomab", "needs": "dexamethasone", "add": ["dexamethasone 20 mg IV"]}
    )
    assert parameter_text(values["add"]) == "dexamethasone 20 mg IV"
    assert ("add", Selector("agent", "dexamethasone")) in list(selectors_of(values))


@pytest.mark.parametrize("text", ["dexamethasone", "dexamethasone IV", "dexamethasone 20 mg", "dexamethasone 20 IV"])
def test_orders_that_cannot_be_read(text):
    with pytest.raises(ValueError, match=r"cannot read|is not a dose"):
        parse_order(text)
