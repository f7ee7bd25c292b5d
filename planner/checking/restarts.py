"""Doses of the first days from a restart, held against the most that may be given then."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple, Protocol

from planner.checking.context import Context
from planner.checking.hits import beside, named
from planner.model.fact_words import names_of
from planner.model.quantity import format_amount
from planner.model.rule_values import Limits
from planner.model.schedule import Event


class RestartLimits(Protocol):
    """The most that may be given on the first `days` days from a restart, in `unit` a day, as kinds hold it."""

    @property
    def days(self) -> int: ...
    @property
    def unit(self) -> str: ...
    @property
    def at_most(self) -> Limits: ...
    @property
    def at_most_per_m2(self) -> Limits: ...
    @property
    def rounding_percent(self) -> int: ...


class Over(NamedTuple):
    """What is asked for in words and the sum done; or, with `missing`, why it cannot be told."""

    asked: str
    arithmetic: str = ""
    missing: tuple[str, ...] = ()


class Held(NamedTuple):
    """A dose beside the limit that holds on its day, both in `unit`; or, with `missing`, why it cannot be told.

    `most` is that limit with what rounding may add to a dose per m2.
    """

    amount: Decimal
    limit: Decimal
    most: Decimal
    unit: str
    missing: tuple[str, ...] = ()


class LimitsHeld(Protocol):
    """What a dose is held against limits by: the unit of a day, and percent that rounding may add to one per m2."""

    @property
    def unit(self) -> str: ...
    @property
    def rounding_percent(self) -> int: ...


def held_against(event: Event, flat: Limits, per_m2: Limits, wanted: LimitsHeld, context: Context) -> Iterator[Held]:
    """The dose beside its limits, as it is and by body surface; nothing where no limit is for this patient."""
    dose = event.dose
    for amount, limits, unit, rounding in (
        (dose.value if dose else None, flat, wanted.unit, 0),
        (dose.per_m2 if dose else None, per_m2, f"{wanted.unit}/m2", wanted.rounding_percent),
    ):
        limit, missing = context.limit_on(event.day, limits)
        if limit is None and not missing:
            continue
        if missing or amount is None or limit is None or (dose and dose.unit != wanted.unit):
            yield Held(Decimal(0), Decimal(0), Decimal(0), unit, missing or ("dose",))
        else:
            yield Held(amount, limit, limit * (100 + rounding) / 100, unit)


def over_limits(event: Event, wanted: RestartLimits, context: Context) -> Iterator[Over]:
    """What is wrong with a dose: too much of it, or that this cannot be told; a dose per m2 may be rounded up."""
    for one in held_against(event, wanted.at_most, wanted.at_most_per_m2, wanted, context):
        if one.missing:
            yield Over(f"cannot tell whether small enough: {names_of(one.missing)} not known", missing=one.missing)
        elif one.amount > one.most:
            most = format_amount(one.limit, one.unit)
            planned = format_amount(beside(one.amount, one.limit), one.unit)
            yield Over(f"at most {most} for {wanted.days} days", f"{named(event)}: {planned}, above {most}")
