"""The shape of content files: exact types, no unknown keys, and what is wrong in plain words.

These models only judge; nouns are built from the checked tables by plain functions, and the JSON Schemas come from the
models too. Loading pydantic costs more than starting the program, so shapes are imported inside functions only.
"""

import difflib
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from msgspec import Struct
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from planner.content import notation
from planner.content.broken import BrokenParts
from planner.content.condition_sense import beyond_belief, never_holds
from planner.content.intake import ENOUGH, Located, number_problem
from planner.model.condition import parse_condition
from planner.model.evidence import Evidence, Status
from planner.model.gate import parse_gate
from planner.model.quantity import parse_amount, parse_dose, two_readings
from planner.model.rule_values import parse_selector

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DECIMAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?")
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


def _reads(parse: Callable[[str], object]) -> AfterValidator:
    """Accept a text that `parse` can read; its ValueError becomes the message."""

    def check(text: str) -> str:
        if not text.isascii():
            raise ValueError(f'"{text}" holds strange characters; write plain letters, digits and signs')
        parse(text)
        return text

    return AfterValidator(check)


def _gate(text: str) -> str:
    """Words in quotes may be of any writing, so the signs of a gate are not looked at as those of a notation are."""
    asked = parse_gate(text)
    if message := never_holds(asked) or next(filter(None, map(beyond_belief, asked.clauses)), ""):
        raise ValueError(message)
    return text


def _parse_any_days(text: str) -> object:
    # Whether a phase has a Day 0 is a question of sense, so here every number is a day.
    return notation.parse_days(text, first_day=0)


def _parse_some_dose(text: str) -> object:
    return _in_range(parse_dose(text).amount, text)


def _parse_some_amount(text: str) -> object:
    return _in_range(parse_amount(text).value, text)


def _in_range(value: Decimal, text: str) -> object:
    if not value or number_problem(value):
        raise ValueError(f'"{text}" cannot be meant; a dose is more than nothing and less than 10^15')
    if problem := two_readings(text):
        raise ValueError(problem)
    return value


def _like(*examples: str) -> Any:
    """What editors show as examples; a text of a small language is never long."""
    return Field(examples=list(examples), max_length=500)


def _no_clock(value: object) -> object:
    has_clock = isinstance(value, datetime)
    if has_clock:
        raise ValueError("is a date with a clock time; write the date alone: 2026-11-22")
    return value


def _fact(value: object) -> object:
    is_fact = isinstance(value, str | int | Decimal) and not isinstance(value, bool)
    if not is_fact:
        raise ValueError("must be a number or a text")
    return value


def _positive(text: str) -> str:
    if not _NUMBER.fullmatch(text) or not Decimal(text):
        raise ValueError(f'"{text}" is not a positive number; write it in quotes: "0.5"')
    return text


def _iso_day(text: str) -> str:
    if not text:
        raise ValueError('is empty; write a date such as "1981-03-14"')
    if not _ISO_DAY.fullmatch(text):
        raise ValueError(f'"{text}" is not a date such as "1981-03-14"')
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValueError(f'"{text}" is no day of the calendar') from None
    return text


def _number(value: object) -> object:
    """A JSON number or its text; whether it can be meant is a question of sense."""
    is_number = isinstance(value, str | int | Decimal) and not isinstance(value, bool)
    if not is_number:
        raise ValueError('must be a number or its text: 70.4 or "70.4"')
    if isinstance(value, str) and not _DECIMAL.fullmatch(value):
        raise ValueError(f'"{value}" is not a number; write for example "70.4"')
    return value


_PATTERN_WORDS: dict[str, str] = {}


def _written_as(pattern: str, words: str, max_length: int = 60) -> Any:
    """A text of that pattern; `words` say to people what it is."""
    _PATTERN_WORDS[pattern] = words
    return Field(pattern=pattern, max_length=max_length)


_SMALL = "must be small letters, digits and single hyphens"
_LINE = "must be one line of text without spaces at its ends"
Id = Annotated[str, _written_as(rf"^{notation.ID}$", _SMALL)]
ProtocolWord = Annotated[
    str,
    _written_as(
        rf"^(?:not )?{notation.ID}$", 'must be the id of a protocol, with "not " before it for all but that one'
    ),
]
"""A protocol a rule is about, or "not x" for all but that one."""
RuleId = Annotated[str, _written_as(r"^[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*$", "must be letters, digits and hyphens")]
ReferenceId = Annotated[
    str, _written_as(r"^[A-Za-z0-9][A-Za-z0-9_-]*$", "must be letters, digits, hyphens and underscores")
]
MarkerName = Annotated[
    str, _written_as(r"^[a-z0-9][a-z0-9_-]*$", "must be small letters, digits, hyphens and underscores")
]
Tag = Annotated[str, _written_as(r"^[a-z0-9][a-z0-9 -]*$", "must be small letters, digits, spaces and hyphens")]
KindWord = Annotated[str, _written_as(r"^[a-z]+(?:_[a-z]+)*$", "must be small letters and underscores")]
Version = Annotated[str, _written_as(r"^[0-9A-Za-z][0-9A-Za-z._-]*$", "must be letters, digits, dots and hyphens")]
CycleNumber = Annotated[str, _written_as(r"^[1-9][0-9]{0,2}$", "must be a cycle number")]
Url = Annotated[str, _written_as(r"^(https?://\S+)?$", "must be an address that starts with https://", 1000)]
Title = Annotated[str, _written_as(r"^\S(?:.*\S)?$", _LINE, 300)]
PatientId = Annotated[str, _written_as(r"^\S(?:.*\S)?$", _LINE, 100)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
PerhapsName = Annotated[str, Field(max_length=200)]
Short = Annotated[str, Field(max_length=40)]
Unit = Annotated[str, Field(min_length=1, max_length=40)]
Paragraph = Annotated[str, Field(min_length=1, max_length=2000)]
Prose = Annotated[str, Field(max_length=4000)]
EvidenceWord = Annotated[Evidence, Field(strict=False)]
StatusWord = Annotated[Status, Field(strict=False)]

GateText = Annotated[
    str, AfterValidator(_gate), Field(max_length=500, examples=["ANC ≥ 0.75 × 10⁹/L and platelets ≥ 75 × 10⁹/L"])
]
ConditionText = Annotated[str, _reads(parse_condition), _like("age >= 60 and cns in CNS1 | CNS2")]
SelectorText = Annotated[str, _reads(parse_selector), _like("inotuzumab", "class:car-t")]
DoseText = Annotated[str, _reads(_parse_some_dose), _like("1.4 mg/m2", "28 mcg/day", "10-15 mg/kg", "AUC 5")]
AmountText = Annotated[str, _reads(_parse_some_amount), _like("2 mg")]
DaysText = Annotated[str, _reads(_parse_any_days), _like("1, 8, 15:18", "8:78/7", "1:end", "-7:-1", "4 or 5 or 6")]
CyclesText = Annotated[str, _reads(notation.parse_cycles), _like("1, 3", "2-4")]
FrequencyText = Annotated[str, _reads(notation.parse_frequency), _like("twice daily", "every 12 h x 6")]
ClockTimesText = Annotated[str, _reads(notation.parse_clock_times), _like("08:00", "08:00, 20:00")]
WeekdaysText = Annotated[str, _reads(notation.parse_weekdays), _like("Sat, Sun")]
ApartText = Annotated[str, _reads(notation.parse_apart), _like("5 days from x")]
DurationText = Annotated[str, _reads(notation.parse_duration), _like("15 min", "24 h")]
VolumeText = Annotated[str, _reads(notation.parse_volume), _like("50 mL")]
ConcentrationText = Annotated[str, _reads(notation.parse_concentration), _like("5 mg/mL")]
RateText = Annotated[str, _reads(notation.parse_rate), _like("50 mL/h")]
CompanyText = Annotated[str, _reads(notation.parse_company), _like("methotrexate", "dose-a, dose-b")]
TimingText = Annotated[str, _reads(notation.parse_timing), _like("1 h before x", "12 h after end of x")]
WindowText = Annotated[str, _reads(notation.parse_window), _like("-1/+2")]
StartText = Annotated[str, _reads(notation.parse_start), _like("protocol start", "after x + 7 days", "x day 57")]
UntilText = Annotated[str, _reads(notation.parse_until), _like("24 months after x day 1")]
StepText = Annotated[str, _reads(notation.parse_step), _like("x", "x 1-2")]

Day = Annotated[date, BeforeValidator(_no_clock)]
IsoDay = Annotated[str, AfterValidator(_iso_day), _like("1981-03-14")]
Number = Annotated[str | int | Decimal, BeforeValidator(_number)]
DecimalText = Annotated[str, AfterValidator(_positive), _like("0.5")]
FactValue = Annotated[Any, BeforeValidator(_fact)]
DayNumber = Annotated[int, Field(ge=-999, le=9999)]
Count = Annotated[int, Field(ge=0, le=999)]
Hours = Annotated[int, Field(ge=1, le=999)]
CycleCount = Annotated[int, Field(ge=1, le=999)]
CycleDays = Annotated[int, Field(ge=1, le=3660)]

_T = TypeVar("_T")
Some = Annotated[list[_T], Field(min_length=1, max_length=200)]
Few = Annotated[list[_T], Field(max_length=200)]
Many = Annotated[list[_T], Field(max_length=20_000)]
TwoOrMore = Annotated[list[_T], Field(min_length=2, max_length=50)]
References = Annotated[dict[ReferenceId, _T], Field(min_length=1)]


class Shape(BaseModel):
    """Exact types, no unknown keys."""

    model_config = ConfigDict(extra="forbid", strict=True)


_WORDS = {
    "missing": "is missing",
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "date_type": "must be a date such as 2026-11-22",
    "string_too_long": "is too long",
    "string_too_short": "must not be empty",
}


class ShapeReport(Struct, frozen=True):
    """What differs from the shape. An unknown key is a problem but breaks nothing beside it.

    Where there are more problems than anybody reads, the report is cut off and tells nothing about the rest.
    """

    problems: tuple[Located, ...]
    broken: BrokenParts
    cut_off: bool = False


def check_shape(model: type[Shape], data: Mapping[str, Any]) -> ShapeReport:
    """Everything in which the tables differ from the shape, each with its path."""
    try:
        model.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        return ShapeReport(
            tuple((_path(detail), _message(detail, model)) for detail in details[:ENOUGH]),
            BrokenParts(_path(detail) for detail in details[:ENOUGH] if detail["type"] != "extra_forbidden"),
            len(details) > ENOUGH,
        )
    return ShapeReport((), BrokenParts(()))


def _path(detail: ErrorDetails) -> tuple[str | int, ...]:
    return tuple(part for part in detail["loc"] if part != "[key]")


def _message(detail: ErrorDetails, model: type[Shape]) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        name = str(detail["loc"][-1])
        close = difflib.get_close_matches(name, sorted(_known_keys(model)), 1)
        if close == [name]:
            return "is a key of this format, but of another place in it"
        return "is not a key of this format" + (f'; did you mean "{close[0]}"?' if close else "")
    if kind == "too_short":
        return f"needs at least {context['min_length']}, has {context['actual_length']}"
    if kind == "too_long":
        return f"holds at most {context['max_length']}"
    if kind == "value_error":
        return str(context["error"])
    if kind in ("literal_error", "enum"):
        return f'"{detail["input"]}" is not one of {context["expected"]}'
    if kind == "string_pattern_mismatch":
        return f'"{detail["input"]}" {_PATTERN_WORDS[context["pattern"]]}'
    return _WORDS.get(kind) or detail["msg"].lower().replace("input ", "").replace("string ", "text ")


def _known_keys(model: type[Shape]) -> set[str]:
    """All keys of the shapes that stand in one module, that is, of one format."""
    return {
        key for shape in Shape.__subclasses__() if shape.__module__ == model.__module__ for key in shape.model_fields
    }
