"""Which markers of a patient the content asks about. The program itself knows no disease: conditions name them."""

from collections.abc import Iterator

from planner.model.condition import Condition
from planner.model.library import Library
from planner.model.patient import AGE_AT_ENTRY
from planner.model.protocol import Protocol
from planner.model.results import RESULTS
from planner.model.rule_kinds import conditions_of

DERIVED = ("age", AGE_AT_ENTRY, "sex", "weight", "bsa", *RESULTS)
"""Facts that are computed from the rest of the form or recorded as results."""


def asked_markers(library: Library) -> dict[str, tuple[str, ...]]:
    """Marker -> the values conditions compare it with, both in alphabetical order."""
    found: dict[str, set[str]] = {}
    for condition in _conditions(library):
        for clause in condition.clauses:
            if clause.subject not in DERIVED and "." not in clause.subject and clause.op in ("=", "!=", "in"):
                found.setdefault(clause.subject, set()).update(clause.values)
    return {marker: tuple(sorted(values)) for marker, values in sorted(found.items())}


def _conditions(library: Library) -> Iterator[Condition]:
    for rule in library.rules:
        yield rule.when
        yield rule.unless
        yield from conditions_of(rule.parameters)
    for shelved in library.protocols.values():
        yield from _protocol_conditions(shelved.protocol)


def _protocol_conditions(protocol: Protocol) -> Iterator[Condition]:
    for condition, _ in protocol.entry:
        yield condition
    for phase in protocol.phases:
        yield phase.only_if
        for order in phase.orders:
            yield order.when
            for band in order.bands:
                yield band.when
        for assessment in phase.assessments:
            yield assessment.when
