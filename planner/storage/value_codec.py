"""Structs to JSON values and back, driven by their type hints and strict in both directions.

Decimals are text, dates are ISO text, enumerations their value, tuples lists; a member of a union of structs
carries its name under "kind". What would not be read back is not written either.
"""

import re
import types
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from msgspec import Struct
from msgspec.structs import fields

_DECIMAL = re.compile(r"-?\d{1,40}(\.\d{1,40})?(E[+-]?\d{1,2})?", re.ASCII)
_HALF = re.compile("[\ud800-\udfff]")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
LARGEST_INTEGER = 100_000
"""Day numbers, cycles and gaps stay far below it; beyond it date arithmetic would overflow."""
FIRST_YEAR, LAST_YEAR = 1850, 2300


class ValueProblem(ValueError):
    """A value that does not fit its type: `place` is the path to it, for example blocks[2].start.date."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(f"{place}: {message}")
        self.place = place
        self.message = message


class Codec(Struct, frozen=True):
    """How one type is written and read. `write` takes the value, `read` the JSON value; both take the place."""

    write: Callable[[Any, str], Any]
    read: Callable[[Any, str], Any]


@cache
def codec_of(hint: Any) -> Codec:
    """The codec of a type hint; TypeError for a kind of type that plans do not use."""
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is tuple:
        return _list_codec(arguments[0]) if arguments[-1] is ... else _row_codec(arguments)
    if origin in (Union, types.UnionType):
        return _optional_codec(arguments) if type(None) in arguments else _tagged_codec(arguments)
    if isinstance(hint, type) and issubclass(hint, Struct):
        return _record_codec(hint)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _enum_codec(hint)
    raise TypeError(f"no codec for {hint}")


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str):
        raise ValueProblem(place, "must be text")
    if _HALF.search(value):
        raise ValueProblem(place, "holds half of a character")
    return value


def _integer(value: Any, place: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueProblem(place, "must be a whole number")
    if abs(value) > LARGEST_INTEGER:
        raise ValueProblem(place, f"must lie between -{LARGEST_INTEGER} and {LARGEST_INTEGER}")
    return value


def _boolean(value: Any, place: str) -> bool:
    if not isinstance(value, bool):
        raise ValueProblem(place, "must be true or false")
    return value


def _read_decimal(value: Any, place: str) -> Decimal:
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise ValueProblem(place, 'must be a decimal number as text, for example "70.4"')
    return Decimal(value)


def _write_decimal(value: Decimal, place: str) -> str:
    return str(_read_decimal(str(value), place))


def _read_date(value: Any, place: str) -> date:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ValueProblem(place, 'must be a date as text, for example "2026-03-02"')
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise ValueProblem(place, f"{value} is not in the calendar") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueProblem(place, f"{value} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return day


def _write_date(value: date, place: str) -> str:
    return _read_date(value.isoformat(), place).isoformat()


_PLAIN: dict[Any, Codec] = {
    str: Codec(_text, _text),
    int: Codec(_integer, _integer),
    bool: Codec(_boolean, _boolean),
    Decimal: Codec(_write_decimal, _read_decimal),
    date: Codec(_write_date, _read_date),
}


def _enum_codec(kind: type[StrEnum]) -> Codec:
    def read(value: Any, place: str) -> StrEnum:
        if value not in [member.value for member in kind]:
            raise ValueProblem(place, f"must be one of {', '.join(kind)}")
        return kind(value)

    return Codec(lambda value, _place: value.value, read)


def _list_codec(item: Any) -> Codec:
    inner = codec_of(item)

    def write(value: tuple[Any, ...], place: str) -> list[Any]:
        return [inner.write(one, f"{place}[{index}]") for index, one in enumerate(value)]

    def read(value: Any, place: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise ValueProblem(place, "must be a list")
        return tuple(inner.read(one, f"{place}[{index}]") for index, one in enumerate(value))

    return Codec(write, read)


def _row_codec(items: tuple[Any, ...]) -> Codec:
    inner = [codec_of(item) for item in items]

    def write(value: tuple[Any, ...], place: str) -> list[Any]:
        return [codec.write(one, place) for codec, one in zip(inner, value, strict=True)]

    def read(value: Any, place: str) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) != len(inner):
            raise ValueProblem(place, f"must be a list of {len(inner)}")
        return tuple(codec.read(one, place) for codec, one in zip(inner, value, strict=True))

    return Codec(write, read)


def _optional_codec(arguments: tuple[Any, ...]) -> Codec:
    (item,) = [argument for argument in arguments if argument is not type(None)]
    inner = codec_of(item)
    return Codec(
        lambda value, place: None if value is None else inner.write(value, place),
        lambda value, place: None if value is None else inner.read(value, place),
    )


def _tagged_codec(kinds: tuple[Any, ...]) -> Codec:
    by_name = {kind.__name__.lower(): codec_of(kind) for kind in kinds}

    def write(value: Any, place: str) -> dict[str, Any]:
        name = type(value).__name__.lower()
        written: dict[str, Any] = by_name[name].write(value, place)
        return {"kind": name, **written}

    def read(value: Any, place: str) -> Any:
        kind = value.get("kind") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in by_name:
            raise ValueProblem(f"{place}.kind", f"must be one of {', '.join(by_name)}")
        rest = {key: item for key, item in value.items() if key != "kind"}
        return by_name[kind].read(rest, place)

    return Codec(write, read)


def _record_codec(kind: type[Struct]) -> Codec:
    hints = get_type_hints(kind)
    inner = {field.name: codec_of(hints[field.name]) for field in fields(kind)}
    needed = [field.name for field in fields(kind) if field.required]

    def write(value: Any, place: str) -> dict[str, Any]:
        return {name: codec.write(getattr(value, name), _below(place, name)) for name, codec in inner.items()}

    def read(value: Any, place: str) -> Any:
        if not isinstance(value, dict):
            raise ValueProblem(place, "must be an object in braces")
        for name in value:
            if name not in inner:
                raise ValueProblem(_below(place, name), "is not a key this program knows; check its spelling")
        for name in needed:
            if name not in value:
                raise ValueProblem(_below(place, name), "is missing")
        return kind(**{name: inner[name].read(one, _below(place, name)) for name, one in value.items()})

    return Codec(write, read)


def _below(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
