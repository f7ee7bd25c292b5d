"""Nouns as JSON values for the --json options: decimals and dates as text, everything else by its fields."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import fields

from planner.model.condition import Condition
from planner.model.quantity import Amount, DoseRule, plain


def as_json(value: object) -> object:
    """The value in lists, objects, text, numbers and null; doses and conditions as people write them."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | StrEnum | Condition | DoseRule | Amount):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return [as_json(item) for item in (sorted(value) if isinstance(value, frozenset) else value)]
    if isinstance(value, Struct):
        return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    return str(value)
