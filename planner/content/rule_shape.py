"""The shape of a rule file."""

# ruff: noqa: RUF012 - the models copy their defaults

from typing import Any, Literal

from planner.content.shape import (
    ConditionText,
    Count,
    Day,
    EvidenceWord,
    FactValue,
    Few,
    Id,
    KindWord,
    Paragraph,
    Prose,
    ProtocolWord,
    RuleId,
    SelectorText,
    Shape,
    StatusWord,
    Title,
    Url,
)


class ExampleShape(Shape):
    """A case the rule speaks about, or must not."""

    finds: Count
    events: Few[Title] = []
    title: Prose = ""
    patient: dict[str, FactValue] = {}
    co_medications: Few[Title] = []
    prior: Few[Title] = []


class RuleShape(Shape):
    """A rule file. The parameters belong to the kind."""

    id: RuleId
    title: Title
    statement: Paragraph
    kind: KindWord
    severity: Literal["contraindicated", "warning", "advice"]
    status: StatusWord
    evidence: EvidenceWord
    reference: Paragraph
    url: Url = ""
    advice: Prose = ""
    jurisdiction: Prose = ""
    valid_from: Day | None = None
    facts: Few[Id] = []
    when: ConditionText = ""
    unless: ConditionText = ""
    unrecorded: Literal["cannot check", "passes"] = "cannot check"
    protocols: Few[ProtocolWord] = []
    history: Few[SelectorText] = []
    site_setting: bool = False
    parameters: dict[str, Any] = {}
    examples: Few[ExampleShape] = []
