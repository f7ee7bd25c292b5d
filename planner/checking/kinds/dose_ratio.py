"""dose_ratio: a dose that belongs to another one in a fixed ratio."""

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from planner.checking.context import Context
from planner.checking.facts import lacks, not_told
from planner.checking.hits import Hit, named
from planner.model.fact_words import names_of
from planner.model.quantity import format_amount, format_number
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_doses import DoseRatio
from planner.model.rule_values import subjects_of
from planner.model.schedule import Event


def find(rule: SequencingRule, wanted: DoseRatio, context: Context) -> Iterator[Hit]:
    """One hit for each day on which the two do not fit, or on which it cannot be told."""
    subjects = subjects_of(wanted.ratio)
    doses, others = context.series(wanted.agents, rule.protocols), context.series(wanted.to)
    for day in sorted({*doses.days} & {*others.days}):
        here, there = doses.on(day), others.on(day)
        ratio, missing = context.limit_on(day, wanted.ratio)
        old = context.old_results(day, wanted.clears_for_days, subjects)
        missing = missing or lacks(old, old)
        first, second = _sum(here), _sum(there)
        if missing or first is None or not second:
            lacking = missing or ("dose",)
            told = not_told(tuple(old), old, wanted.clears_for_days) if old else f"{names_of(lacking)} not known"
            yield Hit(
                f"{named(here[0])} cannot be compared with {named(there[0])}: {told}.",
                (here[0], there[0]),
                (("dose", named(here[0])), ("to", named(there[0]))),
                missing=lacking,
                key="not recorded",
            )
        elif ratio is not None and abs(first / second - ratio) * 100 > ratio * wanted.rounding_percent:
            yield _hit(here[0], there[0], first, second, ratio)


def _sum(events: Sequence[Event]) -> Decimal | None:
    values = [event.dose.value if event.dose else None for event in events]
    return None if None in values else sum((value for value in values if value is not None), Decimal(0))


def _hit(event: Event, other: Event, first: Decimal, second: Decimal, ratio: Decimal) -> Hit:
    unit, to_unit = (one.dose.unit if one.dose else "" for one in (event, other))
    is_so = format_number((first / second).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))
    planned, to = format_amount(first, unit), format_amount(second, to_unit)
    return Hit(
        f"{named(event)}: {planned} to {to} is {is_so} : 1, not {format_number(ratio)} : 1.",
        (event, other),
        (("dose", planned), ("to", to), ("ratio", f"{format_number(ratio)} : 1")),
        f"{planned} / {to} = {is_so}; {format_number(ratio)} asked for",
        key=f"{event.placed.block.id}/{event.placed.agent}",
    )
