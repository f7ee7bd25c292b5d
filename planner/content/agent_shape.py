"""The shape of an agent file."""

# ruff: noqa: RUF012 - the models copy their defaults

from planner.content.shape import Count, DecimalText, EvidenceWord, Few, Hours, Id, Many, Prose, Shape, Tag, Title
from planner.model.evidence import Evidence


class BagShape(Shape):
    """A bag its continuous infusion may be prepared in."""

    hours: Hours
    rate_ml_h: DecimalText
    min_weight_kg: DecimalText | None = None
    evidence: EvidenceWord
    reference: Prose


class InterruptionShape(Shape):
    """What a stop of its infusion means."""

    restart_hours: Hours
    continue_days: Count
    evidence: EvidenceWord
    reference: Prose


class AgentShape(Shape):
    """One drug of the vocabulary."""

    id: Id
    name: Title
    synonyms: Few[Title] = []
    classes: Few[Tag] = []
    plain_words: Prose = ""
    round_to: DecimalText | None = None
    doxorubicin_factor: DecimalText | None = None
    reference: Prose = ""
    evidence: EvidenceWord = Evidence.UNVERIFIED
    bags: Few[BagShape] = []
    interruption: InterruptionShape | None = None


class AgentsShape(Shape):
    """An agent file."""

    agents: Many[AgentShape]
