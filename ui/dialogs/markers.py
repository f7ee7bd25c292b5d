"""Which markers of a patient the content asks about. The program itself knows no disease: conditions name them."""

from collections import Counter
from collections.abc import Iterator

from planner.model.condition import Condition
from planner.model.library import Library
from planner.model.patient import AGE_AT_ENTRY
from planner.model.protocol import Protocol
from planner.model.results import RESULTS
from planner.model.rule_kinds import conditions_of
from ui.tongue import fact_title

DERIVED = ("age", AGE_AT_ENTRY, "sex", "weight", "bsa", *RESULTS)
"""Facts that are computed from the rest of the form or recorded as results."""


def asked_markers(library: Library) -> dict[str, tuple[str, ...]]:
    """Marker -> the values conditions compare it with.

    By which patients most protocols are for comes first: the form of a new patient begins with it. The others follow by
    their titles.
    """
    found: dict[str, set[str]] = {}
    for condition in _conditions(library):
        for clause in condition.clauses:
            if clause.subject not in DERIVED and "." not in clause.subject and clause.op in ("=", "!=", "in"):
                found.setdefault(clause.subject, set()).update(clause.values)
    asking = Counter(marker for shelved in library.protocols.values() for marker in _entry_asks(shelved.protocol))
    order = sorted(found, key=lambda marker: (-asking[marker], fact_title(marker).casefold()))
    return {marker: tuple(sorted(found[marker])) for marker in order}


def _entry_asks(protocol: Protocol) -> set[str]:
    return {clause.subject for condition, _ in protocol.entry for clause in condition.clauses}


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
