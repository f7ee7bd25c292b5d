"""The shape of content files: which keys there are, of which type, which of them must stand.

These models only judge; nouns are built from the checked tables by plain functions. They are also where the JSON Schemas
come from. Loading pydantic costs more than starting the program, so this module is imported inside functions only.
"""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from planner.content import notation
from planner.content.intake import Located, number_problem
from planner.model.condition import parse_condition
from planner.model.evidence import Evidence, Status
from planner.model.quantity import parse_amount, parse_dose


_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


def _reads(parse: Callable[[str], object]) -> AfterValidator:
    """Accept a text that `parse` can read; its ValueError becomes the message."""

    def check(text: str) -> str:
        if not text.isascii():
            raise ValueError(f'"{text}" holds characters that do not belong there; write plain letters, digits and signs')
        parse(text)
        return text

    return AfterValidator(check)


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
    return value


def _no_clock(value: object) -> object:
    if isinstance(value, datetime):
        raise ValueError("is a date with a clock time; write the date alone: 2026-11-22")
    return value


def _positive(text: str) -> str:
    if not _NUMBER.fullmatch(text) or not Decimal(text):
        raise ValueError(f'"{text}" is not a positive number; write it in quotes: "0.5"')
    return text


Id = Annotated[str, Field(pattern=rf"^{notation.ID}$", max_length=60)]
RuleId = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*$", max_length=60)]
ReferenceId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=60)]
Title = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^\S(?:.*\S)?$")]
Prose = Annotated[str, Field(max_length=4000)]
Url = Annotated[str, Field(pattern=r"^(https?://\S+)?$", max_length=1000)]
Day = Annotated[date, BeforeValidator(_no_clock)]
ConditionText = Annotated[str, _reads(parse_condition)]
DoseText = Annotated[str, _reads(_parse_some_dose)]
AmountText = Annotated[str, _reads(_parse_some_amount)]
DaysText = Annotated[str, _reads(_parse_any_days)]
CyclesText = Annotated[str, _reads(notation.parse_cycles)]
WindowText = Annotated[str, _reads(notation.parse_window)]
Tag = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9 -]*$", max_length=60)]
DecimalText = Annotated[str, AfterValidator(_positive)]
EvidenceWord = Annotated[Evidence, Field(strict=False)]
StatusWord = Annotated[Status, Field(strict=False)]
DayNumber = Annotated[int, Field(ge=-999, le=9999)]
CycleCount = Annotated[int, Field(ge=1, le=999)]
CycleDays = Annotated[int, Field(ge=1, le=3660)]


class Shape(BaseModel):
    """Exact types, no unknown keys."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ReferenceShape(Shape):
    """One source."""

    text: Title
    url: Url = ""


class EntryShape(Shape):
    """One condition a patient must meet to enter, with its words."""

    when: ConditionText = ""
    text: Title


class ExemptionShape(Shape):
    """A rule this protocol breaks by design, and why."""

    rule: RuleId
    because: Title


class ChoiceShape(Shape):
    """One answer."""

    id: Id
    title: Title
    note: Prose = ""
    references: list[ReferenceId] = []


class VariantShape(Shape):
    """A point on which sources or sites differ."""

    id: Id
    question: Title
    default: Id
    choices: Annotated[list[ChoiceShape], Field(min_length=2)]


class BandShape(Shape):
    """A dose under a condition; without a dose the site has to enter it."""

    when: ConditionText = ""
    dose: DoseText | None = None
    cap: AmountText | None = None
    note: Prose = ""


class OrderShape(Shape):
    """One drug line."""

    id: Id
    agent: Id
    role: Literal[
        "antineoplastic",
        "cell therapy",
        "intrathecal",
        "premedication",
        "supportive",
        "hydration",
        "rescue",
        "growth factor",
    ]
    route: Literal["PO", "IV", "SC", "IM", "IT", "topical", "ophthalmic", "radiation"]
    dose: DoseText | None = None
    cap: AmountText | None = None
    bands: Annotated[list[BandShape], Field(min_length=1)] | None = None
    days: DaysText
    cycles: CyclesText | None = None
    frequency: Annotated[str, _reads(notation.parse_frequency)] = "once daily"
    escalation: DoseText | None = None
    continuous: bool = False
    duration: Annotated[str, _reads(notation.parse_duration)] | None = None
    timing: Annotated[str, _reads(notation.parse_timing)] | None = None
    window: WindowText | None = None
    when: ConditionText = ""
    stays: bool = False
    evidence: EvidenceWord
    references: list[ReferenceId] = []
    note: Prose = ""
    patient_note: Prose = ""


class AssessmentShape(Shape):
    """Something to examine or to do."""

    id: Id
    title: Title
    kind: Literal["assessment", "procedure"] = "assessment"
    topic: Literal["", "marrow", "mrd", "counts", "lumbar puncture", "ecg", "echo", "liver", "other"] = ""
    days: DaysText
    cycles: CyclesText | None = None
    window: WindowText | None = None
    when: ConditionText = ""
    evidence: EvidenceWord
    references: list[ReferenceId] = []
    note: Prose = ""
    patient_words: Prose = ""


class EndShape(Shape):
    """A phase that runs until so many months after a day of another phase."""

    when: ConditionText = ""
    until: Annotated[str, _reads(notation.parse_until)]


class PhaseShape(Shape):
    """A course of the protocol."""

    id: Id
    title: Title
    short: Annotated[str, Field(max_length=40)] = ""
    cycle_days: CycleDays
    cycles: CycleCount = 1
    max_cycles: CycleCount | None = None
    first_day: DayNumber = 1
    cycle_lengths: dict[Annotated[str, Field(pattern=r"^[1-9][0-9]{0,2}$")], CycleDays] = {}
    start: Annotated[str, _reads(notation.parse_start)] | None = None
    gate: Prose = ""
    only_if: ConditionText = ""
    ends: list[EndShape] = []
    references: list[ReferenceId] = []
    note: Prose = ""
    orders: list[OrderShape] = []
    assessments: list[AssessmentShape] = []


class DecisionShape(Shape):
    """A question the course cannot pass silently."""

    id: Id
    question: Title
    phase: Id
    cycle: CycleCount = 1
    day: DayNumber
    needs: list[Title] = []
    expected: Id
    choices: Annotated[list[ChoiceShape], Field(min_length=2)]
    evidence: EvidenceWord
    references: list[ReferenceId] = []


class ProtocolShape(Shape):
    """A protocol file."""

    id: Id
    title: Title
    version: Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]*$", max_length=40)]
    status: StatusWord
    disease: Title
    population: Title
    use: Prose = ""
    jurisdiction: Prose = ""
    summary: Prose = ""
    valid_from: Day | None = None
    review_by: Day | None = None
    facts: list[Id] = []
    entry: list[EntryShape] = []
    course: Annotated[list[Annotated[str, _reads(notation.parse_step)]], Field(min_length=1)] | None = None
    exemptions: list[ExemptionShape] = []
    references: Annotated[dict[ReferenceId, ReferenceShape], Field(min_length=1)]
    variants: list[VariantShape] = []
    phases: Annotated[list[PhaseShape], Field(min_length=1)]
    decisions: list[DecisionShape] = []


class AgentShape(Shape):
    """One drug of the vocabulary."""

    id: Id
    name: Title
    synonyms: list[Title] = []
    classes: list[Tag] = []
    plain_words: Prose = ""
    round_to: DecimalText | None = None
    doxorubicin_factor: DecimalText | None = None
    reference: Prose = ""
    evidence: EvidenceWord = Evidence.UNVERIFIED


class AgentsShape(Shape):
    """An agent file."""

    agents: Annotated[list[AgentShape], Field(min_length=1)]


_WORDS = {
    "missing": "is missing",
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "date_type": "must be a date such as 2026-11-22",
    "too_short": "must not be empty, or has too few entries",
    "string_too_short": "must not be empty",
}
_PATTERNS = {
    "[a-z0-9]+": "must be small letters, digits and single hyphens",
    "[1-9]": "must be a cycle number",
    "(https?": "must be an address that starts with https://",
    r"\S": "must be one line of text without spaces at its ends",
}


def shape_problems(model: type[Shape], data: Mapping[str, Any]) -> tuple[Located, ...]:
    """Everything in which the tables differ from the shape, each with its path."""
    try:
        model.model_validate(data)
    except ValidationError as error:
        return tuple((_path(detail), _message(detail)) for detail in error.errors(include_url=False))
    return ()


def _path(detail: ErrorDetails) -> tuple[str | int, ...]:
    return tuple(part for part in detail["loc"] if part != "[key]")


def _message(detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        close = difflib.get_close_matches(str(detail["loc"][-1]), sorted(_known_keys(Shape)), 1)
        return "is not a key of this format" + (f'; did you mean "{close[0]}"?' if close else "")
    if kind == "value_error":
        return str(context["error"])
    if kind in ("literal_error", "enum"):
        return f'"{detail["input"]}" is not one of {context["expected"]}'
    if kind == "string_pattern_mismatch":
        pattern = str(context["pattern"])
        words = next((words for start, words in _PATTERNS.items() if pattern.startswith("^" + start)), "")
        return f'"{detail["input"]}" {words or "must be letters, digits and hyphens"}'
    return _WORDS.get(kind) or detail["msg"].lower().replace("input ", "").replace("string ", "text ")


def _known_keys(model: type[Shape]) -> Iterator[str]:
    for subclass in model.__subclasses__():
        yield from subclass.model_fields
        yield from _known_keys(subclass)
