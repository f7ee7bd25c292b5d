"""Whether a rule file of the right shape can be meant: a kind that exists, its parameters, agents and classes."""

import difflib
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any

from planner.content.facts import condition_problems
from planner.content.intake import ENOUGH, Located, walk
from planner.model.agent import Agent
from planner.model.results import RESULTS
from planner.model.rule_kinds import KINDS, selectors_of
from planner.model.rule_parameters import read_parameters
from planner.model.rule_values import Duration, Selector, parse_selector, texts_of

OF_RESULTS = ("result", "results", "fleeting", "events", "told_by")
"""Parameters that name recorded values or events: a slip in one would never be found."""


def rule_problems(data: Mapping[str, Any], agents: Mapping[str, Agent]) -> tuple[Located, ...]:
    """All problems of sense in a rule; what has a problem of shape is passed over here."""
    facts = data.get("facts")
    further = frozenset(fact for fact in facts if isinstance(fact, str)) if isinstance(facts, list) else frozenset()
    told = (
        condition_problems(walk(data), {}, further),
        _history_problems(data, agents),
        _parameter_problems(data, agents),
    )
    return tuple(islice(chain.from_iterable(told), ENOUGH))


def _history_problems(data: Mapping[str, Any], agents: Mapping[str, Agent]) -> Iterator[Located]:
    history = data.get("history")
    for text in history if isinstance(history, list) else ():
        try:
            selector = parse_selector(text)
        except (TypeError, ValueError):
            continue  # told with the shape
        for message in _unknown_agents(selector, agents):
            yield ("history",), message


def _parameter_problems(data: Mapping[str, Any], agents: Mapping[str, Agent]) -> Iterator[Located]:
    kind, raw = data.get("kind"), data.get("parameters", {})
    if not isinstance(kind, str) or not isinstance(raw, dict):
        return
    if kind not in KINDS:
        yield ("kind",), _unknown("kind", kind, KINDS)
        return
    values, problems = read_parameters(kind, raw, data.get("site_setting") is True)
    for name, message in problems:
        yield ("parameters", name), message
    for name in OF_RESULTS:
        for result in texts_of(values, name):
            if result not in RESULTS:
                yield ("parameters", name), _unknown("result", result, RESULTS)
    if _is_turned_round(values):
        yield ("parameters", "latest"), "lies before earliest, so nothing can ever be found there"
    for name, selector in selectors_of(values):
        for message in _unknown_agents(selector, agents):
            yield ("parameters", name), message


def _is_turned_round(values: Mapping[str, object]) -> bool:
    """Whether a window around each dose ends before it begins; around a block it may, which has a length of its own."""
    first, last = values.get("earliest"), values.get("latest")
    if not isinstance(first, Duration) or not isinstance(last, Duration) or values.get("scope") == "block":
        return False
    return first.in_days == last.in_days and first.minutes > last.minutes


def _unknown_agents(selector: Selector, agents: Mapping[str, Agent]) -> Iterator[str]:
    classes = {tag: agent for agent in agents.values() for tag in agent.classes}
    if selector.by == "agent" and selector.name in classes and selector.name not in agents:
        yield f'there is no agent "{selector.name}"; the class of that name is written "class:{selector.name}"'
    elif selector.by == "agent" and selector.name not in agents:
        yield _unknown("agent", selector.name, agents)
    if selector.by == "class" and selector.name not in classes:
        yield _unknown("class", selector.name, classes)


def _unknown(what: str, name: str, known: Mapping[str, object]) -> str:
    close = difflib.get_close_matches(name, known, 1)
    return f'there is no {what} "{name}"' + (f'; did you mean "{close[0]}"?' if close else "")
