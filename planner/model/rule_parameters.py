"""Rule files' parameters as values: read by the type of each field of the kind, all problems at once."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from planner.model.condition import Condition, parse_condition
from planner.model.protocol import ROUTES
from planner.model.quantity import UNITS
from planner.model.rule_kinds import KINDS, Routes
from planner.model.rule_shapes import Shapes, parse_shapes
from planner.model.rule_values import (
    WEEKDAY_NAMES,
    Dates,
    DayNumbers,
    DaySpan,
    DoseUnitName,
    DoseUnitNames,
    Duration,
    Factors,
    Limits,
    Numbers,
    OrderTexts,
    Selectors,
    Weekdays,
    parse_day_span,
    parse_decimal,
    parse_duration,
    parse_limits,
    parse_order,
    parse_selector,
)


def read_parameters(
    kind: str, raw: Mapping[str, object], site_setting: bool = False
) -> tuple[Mapping[str, object], tuple[tuple[str, str], ...]]:
    """The parameters of a rule file as values of their types, and every problem as (parameter, message).

    KeyError for an unknown kind. A site setting may leave out what has no default.
    """
    fields = KINDS[kind].__annotations__
    problems = [
        (name, f"{kind} has no such parameter; it has {', '.join(fields) or 'none'}")
        for name in raw
        if name not in fields
    ]
    values: dict[str, object] = {}
    for name, type_ in fields.items():
        if name not in raw:
            if name not in KINDS[kind]._field_defaults and not site_setting:
                problems.append((name, "is missing"))
            continue
        try:
            values[name] = _read(type_, raw[name])
        except (TypeError, ValueError) as error:
            problems.append((name, str(error)))
    return values, tuple(problems)


def _read(type_: Any, value: object) -> object:
    if type_ in _READERS:
        return _READERS[type_](value)
    if get_origin(type_) is Literal:
        if value not in get_args(type_):
            raise ValueError(f'"{value}" is not one of {", ".join(map(str, get_args(type_)))}')
        return value
    return _READERS[get_args(type_)[0]](value)


def _read_text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a text")
    return value


def _read_duration(value: object) -> Duration:
    return parse_duration(_read_text(value))


def _read_condition(value: object) -> Condition:
    return parse_condition(_read_text(value))


def _read_texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise ValueError("must be a list of texts")
    return tuple(_read_text(one) for one in value)


def _read_unit(value: object) -> str:
    text, units = _read_text(value), [unit for unit in UNITS if unit != "g"]
    if text not in units:
        raise ValueError(f'"{text}" is no unit that doses are computed in: {", ".join(units)} (grams count in mg)')
    return text


def _read_units(value: object) -> tuple[str, ...]:
    return tuple(_read_unit(one) for one in _read_texts(value))


def _read_selectors(value: object) -> Selectors:
    found = tuple(parse_selector(text) for text in ([value] if isinstance(value, str) else _read_texts(value)))
    if all(one.negated for one in found):
        raise ValueError('needs at least one entry without "not"')
    return found


def _read_orders(value: object) -> OrderTexts:
    return tuple(parse_order(text) for text in _read_texts(value))


def _read_routes(value: object) -> tuple[str, ...]:
    routes = _read_texts(value)
    if not set(routes) <= set(ROUTES):
        raise ValueError(f"routes are {', '.join(ROUTES)}")
    return routes


def _read_numbers(value: object) -> Numbers:
    if not isinstance(value, Mapping) or not value:
        raise ValueError("must be a table of names and whole numbers")
    return tuple((str(name), _read_whole(number)) for name, number in value.items())


def _read_factors(value: object) -> Factors:
    if not isinstance(value, Mapping) or not value:
        raise ValueError("must be a table of agents and numbers")
    return tuple((str(name), parse_decimal(number)) for name, number in value.items())


def _read_whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f'"{value}" must be a whole number from 0 on')
    return value


def _read_weekdays(value: object) -> tuple[str, ...]:
    days = _read_texts(value)
    if not set(days) <= set(WEEKDAY_NAMES):
        raise ValueError(f"weekdays are {', '.join(WEEKDAY_NAMES)}")
    return days


def _read_dates(value: object) -> Dates:
    if not isinstance(value, list | tuple) or not all(type(one) is date for one in value):
        raise ValueError("must be a list of dates such as 2026-12-25")
    return tuple(value)


def _read_day_span(value: object) -> DaySpan:
    return parse_day_span(_read_text(value))


def _read_day_numbers(value: object) -> DayNumbers:
    if not isinstance(value, list | tuple) or not value:
        raise ValueError("must be a list of days")
    if not all(isinstance(day, int) and not isinstance(day, bool) for day in value):
        raise ValueError("days are whole numbers")
    return tuple(value)


def _read_truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("must be true or false")
    return value


_READERS: Mapping[Any, Callable[[object], object]] = {
    str: _read_text,
    int: _read_whole,
    bool: _read_truth,
    Decimal: parse_decimal,
    Duration: _read_duration,
    Condition: _read_condition,
    Selectors: _read_selectors,
    Limits: parse_limits,
    OrderTexts: _read_orders,
    Shapes: parse_shapes,
    DaySpan: _read_day_span,
    DayNumbers: _read_day_numbers,
    Numbers: _read_numbers,
    Weekdays: _read_weekdays,
    Dates: _read_dates,
    Factors: _read_factors,
    Routes: _read_routes,
    tuple[str, ...]: _read_texts,
    DoseUnitName: _read_unit,
    DoseUnitNames: _read_units,
}
