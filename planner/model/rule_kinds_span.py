"""The parameters of kinds of rules about long courses: intervals, counts and sums over time, weekdays, cycles."""

from decimal import Decimal
from typing import NamedTuple

from planner.model.rule_values import Duration, Factors, Selectors, Weekdays


class MaximumInterval(NamedTuple):
    """A dose of `agents` comes at most so long after the dose before it; the first of the plan may come at any time."""

    agents: Selectors
    at_most: Duration


class DoseCount(NamedTuple):
    """At most so many doses of `agents`: in the whole plan, or `within` any such length of time before a dose."""

    agents: Selectors
    at_most: int
    within: Duration | None = None


class DoseSum(NamedTuple):
    """The doses of `agents` in mg per m2 `within` any such length of time up to a dose stay at or below the limit.

    `factors` multiply the doses of single agents (prednisone equivalents); an agent without one counts as it is.
    """

    agents: Selectors
    at_most: Decimal
    within: Duration
    factors: Factors = ()


class OnWeekdays(NamedTuple):
    """Doses of `agents` fall on these days of the week only."""

    agents: Selectors
    allowed: Weekdays


class CycleInterval(NamedTuple):
    """A cycle with `agents` that comes next after a cycle with `after` starts from `at_least` to `at_most` after it."""

    agents: Selectors
    after: Selectors
    at_least: Duration
    at_most: Duration


class CyclesInOrder(NamedTuple):
    """No cycle with `first` starts later than a cycle with `then`."""

    first: Selectors
    then: Selectors


class BlocksInOrder(NamedTuple):
    """A block begins with `agents` only after the blocks that it comes after in its protocol are through.

    Where it begins after their last dose and at most `advice_to_days` before their end, it is only an advice.
    """

    agents: Selectors
    advice_to_days: int = 7
