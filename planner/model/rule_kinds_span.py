"""The parameters of kinds of rules about long courses: intervals, counts and sums over time, weekdays, cycles."""

from decimal import Decimal
from typing import NamedTuple

from planner.model.rule_values import Duration, Factors, Numbers, Selectors, Weekdays


class MaximumInterval(NamedTuple):
    """A dose of `agents` comes at most so long after the dose before it; the first of the plan may come at any time."""

    agents: Selectors
    at_most: Duration


class CycleCount(NamedTuple):
    """At most so many cycles with `agents`: in the whole plan, or per protocol in `at_most_in`.

    Where a dose of `lower_with` is planned after them, at most `lower_limit` come before it. With
    `new_cycle_after_days` it is only an advice where the limit is passed by a cycle that was cut short by a stop for an
    adverse reaction and, after more than so many days without a dose, given anew.
    """

    agents: Selectors
    at_most: int | None = None
    at_most_in: Numbers = ()
    lower_limit: int | None = None
    lower_with: Selectors = ()
    contraindicated_above: int | None = None
    new_cycle_after_days: int | None = None


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


class OpenEnd(NamedTuple):
    """What goes on behind a block without an end of its own is drawn as far as the plan goes.

    That is to its last dose of `agents` or of what stands in `beside`, and to the day on which the patient begins one
    of the other `medicines`: behind what is drawn no rule would see the two together.
    """

    agents: Selectors
    beside: Selectors = ()
    medicines: Selectors = ()


class NoLastDay(NamedTuple):
    """Of each of `others` that is given until a day which the site enters, somebody says so before `agents` begin."""

    agents: Selectors
    others: Selectors
