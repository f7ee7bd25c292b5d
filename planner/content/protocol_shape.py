"""The shape of a protocol file."""

# ruff: noqa: RUF012 - the models copy their defaults

from typing import Literal

from planner.content.shape import (
    AmountText,
    ApartText,
    ClockTimesText,
    CompanyText,
    ConcentrationText,
    ConditionText,
    CycleCount,
    CycleDays,
    CycleNumber,
    CyclesText,
    Day,
    DayNumber,
    DaysText,
    DoseText,
    DurationText,
    EvidenceWord,
    Few,
    FrequencyText,
    GateText,
    Id,
    Paragraph,
    Prose,
    RateText,
    ReferenceId,
    References,
    RuleId,
    Shape,
    Short,
    Some,
    StartText,
    StatusWord,
    StepText,
    TimingText,
    Title,
    TwoOrMore,
    UntilText,
    Url,
    Version,
    VolumeText,
    WeekdaysText,
    WindowText,
)


class ReferenceShape(Shape):
    """One source."""

    text: Paragraph
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
    references: Few[ReferenceId] = []
    waits: bool = False


class VariantShape(Shape):
    """A point on which sources or sites differ."""

    id: Id
    question: Title
    default: Id
    choices: TwoOrMore[ChoiceShape]


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
    course_cap: AmountText | None = None
    weight: Literal["actual", "ideal", "adjusted", "lower of ideal and actual", "busulfan label"] = "actual"
    bands: Some[BandShape] | None = None
    days: DaysText
    cycles: CyclesText | None = None
    frequency: FrequencyText = "once daily"
    at: ClockTimesText | None = None
    weekdays: WeekdaysText | None = None
    not_on: WeekdaysText | None = None
    apart: Few[ApartText] = []
    until: Prose = ""
    escalation: DoseText | None = None
    continuous: bool = False
    duration: DurationText | None = None
    volume: VolumeText | None = None
    concentration: ConcentrationText | None = None
    rate: RateText | None = None
    timing: TimingText | None = None
    window: WindowText | None = None
    when: ConditionText = ""
    stays: bool | Literal["once begun"] = False
    goes_with: CompanyText | None = None
    changes: Literal["next cycle", "at once"] = "next cycle"
    evidence: EvidenceWord
    references: Few[ReferenceId] = []
    note: Prose = ""
    patient_note: Prose = ""


class AssessmentShape(Shape):
    """Something to examine or to do."""

    id: Id
    title: Title
    kind: Literal["assessment", "procedure"] = "assessment"
    topic: Literal[
        "", "marrow", "mrd", "counts", "lumbar puncture", "ecg", "echo", "liver", "to enter", "precaution", "other"
    ] = ""
    days: DaysText
    cycles: CyclesText | None = None
    window: WindowText | None = None
    when: ConditionText = ""
    gate: GateText = ""
    goes_with: CompanyText | None = None
    evidence: EvidenceWord
    references: Few[ReferenceId] = []
    note: Prose = ""
    patient_words: Prose = ""


class EndShape(Shape):
    """A phase that runs until so many months after a day of another phase."""

    when: ConditionText = ""
    until: UntilText


class PhaseShape(Shape):
    """A course of the protocol."""

    id: Id
    title: Title
    short: Short = ""
    cycle_days: CycleDays
    cycles: CycleCount = 1
    max_cycles: CycleCount | None = None
    first_day: DayNumber = 1
    cycle_lengths: dict[CycleNumber, CycleDays] = {}
    start: StartText | None = None
    gate: GateText = ""
    only_if: ConditionText = ""
    open_end: bool = False
    ends: Few[EndShape] = []
    references: Few[ReferenceId] = []
    note: Prose = ""
    orders: Few[OrderShape] = []
    assessments: Few[AssessmentShape] = []


class DecisionShape(Shape):
    """A question the course cannot pass silently."""

    id: Id
    question: Title
    phase: Id
    cycle: CycleCount = 1
    day: DayNumber
    needs: Few[Title] = []
    when: ConditionText = ""
    expected: Id
    choices: TwoOrMore[ChoiceShape]
    evidence: EvidenceWord
    references: Few[ReferenceId] = []


class ProtocolShape(Shape):
    """A protocol file."""

    id: Id
    title: Title
    version: Version
    status: StatusWord
    disease: Title
    population: Title
    use: Prose = ""
    jurisdiction: Prose = ""
    summary: Prose = ""
    valid_from: Day | None = None
    review_by: Day | None = None
    facts: Few[Id] = []
    entry: Few[EntryShape] = []
    entry_references: Few[ReferenceId] = []
    course: Some[StepText] | None = None
    exemptions: Few[ExemptionShape] = []
    superseded_by: Id | None = None
    marks: Few[Literal["label", "off-label", "trial"]] = []
    references: References[ReferenceShape]
    variants: Few[VariantShape] = []
    phases: Some[PhaseShape]
    decisions: Few[DecisionShape] = []
