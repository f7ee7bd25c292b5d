"""Parameters of the kinds that look at the patient's state: results, organ function, what is taken beside a dose."""

from decimal import Decimal
from typing import Literal, NamedTuple

from planner.model.condition import Condition
from planner.model.rule_values import DoseUnitNames, Limits, Numbers, OrderTexts, Selectors

NEVER = Condition()
"""Left out: an empty condition, which is asked of nobody."""


class PatientState(NamedTuple):
    """The condition holds on the days with a dose of `agents`.

    `only_where` leaves out days on which it does not hold; `contraindicated_where` raises the severity where it does.
    `within_days` passes over results that are older; by one that is older than `clears_for_days` the condition may be
    broken, but nothing holds. `unrecorded` says what a fact nobody recorded means: "cannot check", or "passes" for an
    event that is recorded only when it happens. With `look_again` the facts have no date and hold for a day only: that
    they are recorded as asked is told as an advice to look again. With `co_medications` other medicines of `agents`
    count as well, each once, by what is known on its first day. A dose within a day of one of `but_not` is left to
    another rule. `doses_a_day` keeps "each dose" to days with one dose of `agents`, or with several.
    """

    agents: Selectors
    must: Condition
    only_where: Condition = NEVER
    contraindicated_where: Condition = NEVER
    within_days: int | None = None
    clears_for_days: int | None = None
    unrecorded: Literal["cannot check", "passes"] = "cannot check"
    look_again: bool = False
    co_medications: bool = False
    but_not: Selectors = ()
    doses_a_day: Literal["", "one", "several"] = ""
    scope: Literal["first dose", "first dose of cycle", "first dose of later cycles", "each dose"] = (
        "first dose of cycle"
    )


class Interaction(NamedTuple):
    """Doses of `agents` fall on days (`combined` "plan": in a plan) with one of `others`, of the plan or taken beside.

    `contraindicated_others` make it contraindicated; with `whatever_block` all blocks are one series. With
    `co_medications` what of `agents` is taken beside the plan counts as well. A dose within a day of one of `but_not`
    is left to another rule.
    """

    agents: Selectors
    others: Selectors
    contraindicated_others: Selectors = ()
    combined: Literal["same day", "plan"] = "same day"
    whatever_block: bool = False
    co_medications: bool = False
    but_not: Selectors = ()


class ReducedDose(NamedTuple):
    """Doses of `agents` are reduced while one of `others` is taken too or while the patient's state asks for it.

    `to_percent` of the protocol's dose, or from a full dose to another one (`steps`, in the unit of the dose), or
    `at_most_per_m2`. Of numbers by condition the first that holds counts; where none holds nothing is asked.
    `wait_days` keeps it so for that many days behind the last one of a medicine of `others`.
    A dose may pass its limit by `rounding_percent`. A result that is older than `clears_for_days` can ask for a lower
    dose, but cannot tell that none is needed; one of `fleeting`, which belongs to a dose, then tells nothing. Where one
    is missing or that old and `clears` holds by newer ones, none is needed all the same.
    """

    agents: Selectors
    others: Selectors = ()
    to_percent: Limits = ()
    steps: Numbers = ()
    at_most_per_m2: Limits = ()
    contraindicated_where: Condition = NEVER
    clears: Condition = NEVER
    clears_for_days: int | None = None
    fleeting: tuple[str, ...] = ()
    rounding_percent: int = 5
    wait_days: Numbers = ()


class EntryCriteria(NamedTuple):
    """The patient fits what a protocol says about whom it is for."""


class RecoveryGate(NamedTuple):
    """Doses of `agents` begin a block or follow on a day only once what it waits for is there.

    It is in the plan's own protocol. Results of more than `within_days` before tell nothing.
    """

    agents: Selectors
    within_days: int


class DoseUnit(NamedTuple):
    """Doses of `agents` are in one of these units and in no other."""

    agents: Selectors
    only: DoseUnitNames


class DecisionOverdue(NamedTuple):
    """No decision is open whose day lies before the last dose that was given."""


class WeightAge(NamedTuple):
    """At the start of a cycle with doses by weight or surface, the measurement is at most so many days old."""

    max_age_days: int


class WeightChange(NamedTuple):
    """A later weight differs from the weight first dosed with by so many per cent or more."""

    percent: Limits


class WeightBand(NamedTuple):
    """Doses of `agents`, which go by another rule from `from_kg` on, follow a weight on the side of the newest one.

    It is asked where somebody decided that doses stay as an earlier weight made them. A dose that differs by at most
    `rounding_percent` from what `doses_from` or `doses_below` give at the newest weight suits that one and is let be.
    """

    agents: Selectors
    from_kg: Decimal
    doses_from: OrderTexts = ()
    doses_below: OrderTexts = ()
    rounding_percent: int = 5


class MinimumAge(NamedTuple):
    """No dose of `agents` before the patient is so many `months` old."""

    agents: Selectors
    months: int
