"""The shape of an agent file."""

# ruff: noqa: RUF012 - the models copy their defaults

from planner.content.shape import DecimalText, EvidenceWord, Few, Id, Many, Prose, Shape, Tag, Title
from planner.model.evidence import Evidence


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


class AgentsShape(Shape):
    """An agent file."""

    agents: Many[AgentShape]
