"""Whether a condition can ever hold, whether its numbers fit the unit of their fact, which bands nobody reaches."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from planner.model.condition import Clause, Condition
from planner.model.results import RESULTS

_MOST = {"age": 130, "weight": 400, "bsa": 5, "creatinine": 40, "bilirubin": 80, "direct-bilirubin": 80}
"""Years, kg, m2; of results what a patient file may hold as well, in their unit."""
_MOST_OF_UNIT = {
    "10^9/L": 5_000,
    "%": 1_000,
    "mg/dL": 200,
    "mL/min": 1_000,
    "xULN": 10_000,
    "micromol/L": 100_000,
    "pH": 14,
    "grade": 5,
}
"""Numbers that no result reaches. Wide on purpose: they tell a number in another unit, and judge no patient."""
_NUMERIC = ("<", "<=", ">", ">=")


class _Span(NamedTuple):
    """Numbers from `low` to `high`, without the ends where these are open."""

    low: Decimal = Decimal("-Infinity")
    low_open: bool = False
    high: Decimal = Decimal("Infinity")
    high_open: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether no number lies in it."""
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def and_in(self, other: "_Span") -> "_Span":
        """What lies in both."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        return _Span(
            low,
            any(one.low_open for one in (self, other) if one.low == low),
            high,
            any(one.high_open for one in (self, other) if one.high == high),
        )


def never_holds(condition: Condition) -> str:
    """Why a part of the condition can never hold, in words; an empty text where each can."""
    for group in condition.groups:
        for subject in dict.fromkeys(clause.subject for clause in group):
            if _span(subject, group).is_empty or _words(subject, group) == frozenset():
                text = " and ".join(str(clause) for clause in group if clause.subject == subject)
                return f'"{text}" never holds: no {subject} is all of that'
    return ""


def beyond_belief(clause: Clause) -> str:
    """Why the number of a clause cannot be in the unit of its fact, in words; an empty text where it can."""
    unit = RESULTS[clause.subject][0] if clause.subject in RESULTS else ""
    most = _MOST.get(clause.subject, _MOST_OF_UNIT.get(unit))
    if most is None or all(Decimal(value) <= most for value in clause.values):
        return ""
    counted = f"counted in {unit}" if unit else f"never above {most}"
    return f'"{clause}": {clause.subject} is {counted}; no number above {most:,} can be meant'


def unreached(conditions: Sequence[Condition]) -> Iterator[tuple[int, int]]:
    """Each condition (by its place) that holds only where an earlier one holds already, with that one's place."""
    for number, later in enumerate(conditions):
        for earlier in range(number):
            if conditions[earlier] and later and _implies(later, conditions[earlier]):
                yield number, earlier
                break


def _implies(one: Condition, other: Condition) -> bool:
    """Whether the other holds wherever the one does, as far as that follows from the clauses of single groups."""
    return all(
        any(all(_follows(clause, group) for clause in wanted) for wanted in other.groups) for group in one.groups
    )


def _follows(clause: Clause, group: Iterable[Clause]) -> bool:
    """Whether a clause holds wherever all of the group do."""
    given = [one for one in group if one.subject == clause.subject]
    if clause in given:
        return True
    if clause.op in _NUMERIC:
        span, wanted = _span(clause.subject, given), _span_of(clause)
        return bool(given) and not span.is_empty and span.and_in(wanted) == span
    words, allowed = _words(clause.subject, given), _words(clause.subject, [clause])
    return words is not None and allowed is not None and words <= allowed


def _span(subject: str, group: Iterable[Clause]) -> _Span:
    span = _Span()
    for clause in group:
        if clause.subject == subject:
            span = span.and_in(_span_of(clause))
    return span


def _span_of(clause: Clause) -> _Span:
    if clause.op not in _NUMERIC:
        return _Span()
    value, is_open = Decimal(clause.values[0]), len(clause.op) == 1
    return _Span(low=value, low_open=is_open) if clause.op[0] == ">" else _Span(high=value, high_open=is_open)


def _words(subject: str, group: Iterable[Clause]) -> frozenset[str] | None:
    """The words of which one has to be there; None where no clause names any."""
    found: frozenset[str] | None = None
    barred: set[str] = set()
    for clause in group:
        words = frozenset(value.casefold() for value in clause.values)
        if clause.subject == subject and clause.op in ("=", "in"):
            found = words if found is None else found & words
        elif clause.subject == subject and clause.op == "!=":
            barred |= words
    return None if found is None else found - barred
