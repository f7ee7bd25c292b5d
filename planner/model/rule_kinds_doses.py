"""Parameters of the kinds that compare doses with one another, with levels in the blood and with the calendar."""

from decimal import Decimal
from typing import Literal, NamedTuple

from planner.model.rule_values import Dates, DoseUnitName, Factors, Limits, Numbers, OrderTexts, Selectors, Weekdays


class DoseRounding(NamedTuple):
    """A single dose of `agents` differs by at most `percent` from what it was rounded from.

    `against` "computed": the protocol's dose by weight or surface before rounding, caps left out. "protocol": the
    protocol's own dose where somebody changed it.
    """

    agents: Selectors
    percent: Limits
    against: Literal["computed", "protocol"] = "computed"


class CappedDose(NamedTuple):
    """No dose of `agents` by weight or surface is cut at a cap."""

    agents: Selectors


class OneStep(NamedTuple):
    """A dose of `agents` that rises step by step lies at most one step above the last one given in its cycle."""

    agents: Selectors


class StepDose(NamedTuple):
    """A small dose of `agents`, in `unit`, is a step: at most `days` days in a row of a cycle lie within the limits.

    A dose per m2 may pass its limit by `rounding_percent`.
    """

    agents: Selectors
    unit: DoseUnitName
    days: int
    at_most: Limits = ()
    at_most_per_m2: Limits = ()
    rounding_percent: int = 5


class OneStrength(NamedTuple):
    """A dose of `agents` can be made of tablets of one strength, where more than one is known."""

    agents: Selectors


class DoseRatio(NamedTuple):
    """On a day with both, the sum of `agents` is `ratio` times the sum of `to`, within `rounding_percent`.

    A result of more than `clears_for_days` before tells no ratio.
    """

    agents: Selectors
    to: Selectors
    ratio: Limits
    rounding_percent: int = 10
    clears_for_days: int | None = None


class NeedsFromSum(NamedTuple):
    """From a lifetime sum of `from_per_m2` before it on, each dose of `agents` has one of `needs` on its day.

    The sum is in doxorubicin equivalents (mg/m2), earlier treatment included.
    """

    agents: Selectors
    needs: Selectors
    from_per_m2: Decimal


class SteadyDose(NamedTuple):
    """After a change of the dose of `agents` the next change waits so many days: for its effect to be seen."""

    agents: Selectors
    at_least_days: int


class AfterLevel(NamedTuple):
    """A `result` above its level so many days after a dose of `agents` calls for one of `needs`.

    `levels` are pairs of a number of days and the level; with `or_equal` a result on the level counts too. The dose has
    to come at most `within_days` after the result, each with `at_least` mg or more, multiplied by the number of its
    drug in `factors`, if it has one. It is called for until a result is below `until_below`, or below the level itself.
    With `times_that_of_days` a level is a multiple of the newest such result in so many days up to the dose; where
    there is none nothing is asked. `add` is the order that the rule's own source gives then, every so many hours
    (`every_hours`): it is offered, in place of the rescue that is drawn, and is no surprise where somebody types it.
    """

    agents: Selectors
    result: str
    levels: Numbers
    needs: Selectors
    within_days: int = 1
    at_least: Decimal | None = None
    or_equal: bool = False
    until_below: Decimal | None = None
    times_that_of_days: int | None = None
    factors: Factors = ()
    add: OrderTexts = ()
    every_hours: int | None = None


class RescueUntil(NamedTuple):
    """Doses of `needs` after a dose of `agents` go on until `result` is below `below`."""

    agents: Selectors
    needs: Selectors
    result: str
    below: Decimal


class RescueSeries(NamedTuple):
    """After a dose of `agents` each day of the rescue keeps `percent` of its doses of `needs`, and of what is in them.

    Asked of what was laid out for the `within_days` after the dose, until `result` is below `below`. A day with less
    than `contraindicated_below` per cent counts as contraindicated. What is in doses of different drugs is compared
    only where each has its number in `factors`, by which its doses are multiplied.
    """

    agents: Selectors
    needs: Selectors
    result: str
    below: Decimal
    percent: int = 90
    contraindicated_below: int = 50
    within_days: int = 10
    factors: Factors = ()


class MovedEarly(NamedTuple):
    """No dose of `agents` is moved ahead of its day by more than `at_most_days`."""

    agents: Selectors
    at_most_days: int


class ProtocolDays(NamedTuple):
    """Doses of `agents` keep to what their protocol says of their days: weekdays, days and hours to other orders."""

    agents: Selectors


class ClosedDays(NamedTuple):
    """No dose of `agents` falls on one of these weekdays, or on one of the dates in `holidays`."""

    agents: Selectors
    weekdays: Weekdays
    holidays: Dates = ()
