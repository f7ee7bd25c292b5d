"""The result of a bedside formula with everything a pharmacist needs to repeat it by hand."""

from decimal import Decimal

from msgspec import Struct


class Calculation(Struct, frozen=True):
    """A rounded value with its unit, the formula filled in, its source, and what to know before using it."""

    value: Decimal
    unit: str
    formula: str
    source: str
    notes: tuple[str, ...] = ()
