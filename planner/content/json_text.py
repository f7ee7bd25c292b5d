"""The gate for JSON files: size, doubled keys, NaN and infinities, hidden characters, nesting."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NoReturn

from planner.content.intake import MAX_DEPTH, Located, hidden_character, place_all, walk
from planner.model.library import ContentProblem

MAX_CHARACTERS = 2_000_000
"""Many years of laboratory values."""

_DIRECTION = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]")
"""What no name of a person holds. Joiners stay: names in Persian and Indic scripts need them."""


class _NotANumber(ValueError):
    """NaN or an infinity, which JSON does not know but Python's reader takes."""


class _Pairs(dict[str, Any]):
    """An object that remembers its doubled keys."""

    doubled: tuple[str, ...] = ()


def parse_json(text: str, file: str) -> tuple[dict[str, Any], tuple[ContentProblem, ...]]:
    """The object a JSON text holds, with exact decimals, or everything that stands in the way of reading it."""
    if len(text) > MAX_CHARACTERS:
        return {}, (ContentProblem(file, "", f"is too long; it may hold at most {MAX_CHARACTERS:,} characters"),)
    if text.startswith("\ufeff"):
        return {}, (ContentProblem(file, "", "starts with a byte order mark; save it as plain UTF-8", 1),)
    if not text.strip():
        return {}, (ContentProblem(file, "", "is empty; use another copy"),)
    try:
        data = json.loads(text, parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_pairs)
    except RecursionError:
        return {}, (ContentProblem(file, "", "is nested too deeply"),)
    except json.JSONDecodeError as error:
        return {}, (ContentProblem(file, "", f"is not JSON: {error.msg}", error.lineno),)
    except _NotANumber as error:
        return {}, (ContentProblem(file, "", str(error)),)
    except ValueError:
        return {}, (ContentProblem(file, "", "holds a number that is far too long"),)
    if not isinstance(data, dict):
        return {}, (ContentProblem(file, "", "must be one JSON object"),)
    located = list(_hostile_values(data))
    return ({}, place_all(located, file)) if located else (data, ())


def _refuse(constant: str) -> NoReturn:
    raise _NotANumber(f"holds {constant}, which is not a number")


def _pairs(pairs: list[tuple[str, Any]]) -> _Pairs:
    found = _Pairs(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        found.doubled = tuple(dict.fromkeys(key for key in keys if keys.count(key) > 1))
    return found


def _hostile_values(data: dict[str, Any]) -> Iterator[Located]:
    for path, value in [((), data), *walk(data)]:
        if len(path) > MAX_DEPTH:
            yield path[:MAX_DEPTH], "is nested too deeply"
            return
        if isinstance(value, _Pairs):
            for key in value.doubled:
                yield (*path, key), "stands twice"
        message = hidden_character(str(path[-1])) if path else ""
        if isinstance(value, str):
            message = message or _text_problem(value, is_name=path[0] in ("name", "allergies", "diagnosis"))
        if message:
            yield path, message


def _text_problem(text: str, is_name: bool) -> str:
    if not is_name:
        return hidden_character(text)
    found = _DIRECTION.search(text)
    return f"holds the hidden character U+{ord(found[0]):04X}; take it out" if found else ""
