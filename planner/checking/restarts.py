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


def over_limits(event: Event, wanted: RestartLimits, context: Context) -> Iterator[Over]:
    """What is wrong with a dose: too much of it, or that this cannot be told; a dose per m2 may be rounded up."""
    dose = event.dose
    for amount, limits, unit in (
        (dose.value if dose else None, wanted.at_most, wanted.unit),
        (dose.per_m2 if dose else None, wanted.at_most_per_m2, f"{wanted.unit}/m2"),
    ):
        limit, missing = context.limit_on(event.day, limits)
        if limit is None and not missing:
            continue
        if missing or amount is None or limit is None or (dose and dose.unit != wanted.unit):
            lacks = missing or ("dose",)
            yield Over(f"cannot tell whether small enough: {names_of(lacks)} not known", missing=lacks)
        elif amount > _with_rounding(limit, per_m2=limits is not wanted.at_most, wanted=wanted):
            most = f"at most {format_amount(limit, unit)} for {wanted.days} days"
            planned = format_amount(beside(amount, limit), unit)
            yield Over(most, f"{named(event)}: {planned}, above {format_amount(limit, unit)}")


def _with_rounding(limit: Decimal, *, per_m2: bool, wanted: RestartLimits) -> Decimal:
    return limit * (100 + wanted.rounding_percent) / 100 if per_m2 else limit
