"""The shape of an agent file."""

# ruff: noqa: RUF012 - the models copy their defaults

from typing import Literal

from planner.content.shape import (
    AmountText,
    Count,
    DecimalText,
    EvidenceWord,
    Few,
    Hours,
    Id,
    Many,
    PerhapsName,
    Prose,
    Shape,
    Tag,
    Title,
)
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


class DoseRangeShape(Shape):
    """One row of a table of dose bands, in the usual unit: from this dose, below that, this is given."""

    at_least: DecimalText
    below: DecimalText
    dose: DecimalText


class EquivalentShape(Shape):
    """A factor to doxorubicin by one scheme."""

    scheme: Literal["label", "cog", "feijen-2019"]
    factor: DecimalText
    reference: Prose


class AgentShape(Shape):
    """One drug of the vocabulary."""

    id: Id
    name: Title
    synonyms: Few[Title] = []
    classes: Few[Tag] = []
    plain_words: Prose = ""
    patient_note: Prose = ""
    patient_reference: Prose = ""
    round_to: DecimalText | None = None
    doxorubicin_factor: DecimalText | None = None
    reference: Prose = ""
    evidence: EvidenceWord = Evidence.UNVERIFIED
    bags: Few[BagShape] = []
    interruption: InterruptionShape | None = None
    tall_man: PerhapsName = ""
    usual_unit: Literal["", "mg", "mcg", "units", "mL", "cells", "Gy", "drop"] = ""
    round_reference: Prose = ""
    tablets: Few[AmountText] = []
    halves: bool = False
    vials: Few[AmountText] = []
    strengths_reference: Prose = ""
    strengths_evidence: EvidenceWord = Evidence.UNVERIFIED
    dose_bands: Few[DoseRangeShape] = []
    bands_reference: Prose = ""
    equivalents: Few[EquivalentShape] = []


class AgentChangeShape(Shape):
    """How a site rounds a shipped agent and what it has on the shelf; what is not named stays as shipped."""

    id: Id
    usual_unit: Literal["mg", "mcg", "units", "mL", "cells", "Gy", "drop"] | None = None
    round_to: DecimalText | None = None
    round_reference: Prose = ""
    tablets: Few[AmountText] = []
    halves: bool = False
    vials: Few[AmountText] = []
    strengths_reference: Prose = ""
    strengths_evidence: EvidenceWord = Evidence.UNVERIFIED
    dose_bands: Few[DoseRangeShape] = []
    bands_reference: Prose = ""


class AgentChangesShape(Shape):
    """A site's file of changes to shipped agents."""

    changes: Many[AgentChangeShape]


class AgentsShape(Shape):
    """An agent file."""

    agents: Many[AgentShape]
