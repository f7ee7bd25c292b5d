"""A protocol as its file says it: phases with orders on numbered days, assessments, decisions, variants, sources.

Day numbers belong to the phase. `first_day` is the number of the phase's first day: 1 for chemotherapy (the day before
Day 1 is Day -1, there is no Day 0), 0 for transplant and most CAR-T, another number where days run on over phases.
"""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from planner.model.condition import ALWAYS, Condition
from planner.model.evidence import Evidence, Status
from planner.model.quantity import Amount, DoseRule

Drug = tuple[str, str, str]
"""Agent, route, role: the same wherever an order gives it. Intrathecal and IV methotrexate are two."""
ROLES = (
    "antineoplastic",
    "cell therapy",
    "intrathecal",
    "premedication",
    "supportive",
    "hydration",
    "rescue",
    "growth factor",
    "assessment",
    "procedure",
)
TREATING = ROLES[:3]
"""Roles of treatment itself, for which the other things are there."""
TOPICS = ("", "marrow", "mrd", "counts", "lumbar puncture", "ecg", "echo", "liver", "to enter", "precaution", "other")
"""What an examination looks at, as far as rules and sheets ask for it; "" where nobody said.

"to enter" is no examination: it says that in its cycle treatment is given on days that nobody entered. Nor is
"precaution": it is to be minded from its day on, as long as its title says.
"""
TO_ENTER = "to enter"
PRECAUTION = "precaution"
MARKS = ("label", "off-label", "trial")
"""How a protocol stands to the labels of its drugs; `use` says it in words."""
ROUTES = ("PO", "IV", "SC", "IM", "IT", "topical", "ophthalmic", "radiation")


class Reference(Struct, frozen=True):
    """One source of a file: what it is, where it stands, how it was read."""

    id: str
    text: str
    url: str = ""


class Choice(Struct, frozen=True):
    """One possible answer of a variant or a decision.

    `waits` marks an answer that puts things off: what hangs on it has no day until somebody sets one.
    """

    id: str
    title: str
    note: str = ""
    references: tuple[str, ...] = ()
    waits: bool = False


class Variant(Struct, frozen=True):
    """A point on which sources or sites differ; chosen when the protocol is placed, and always shown."""

    id: str
    question: str
    choices: tuple[Choice, ...]
    default: str


class Days(Struct, frozen=True):
    """The days of an order, rising, in the phase's own numbers. `to_end` repeats the last daily to the cycle's end.

    `others` are pairs of a day and the days it may be exchanged for ("4 or 5 or 6").
    """

    numbers: tuple[int, ...]
    to_end: bool = False
    text: str = ""
    others: tuple[tuple[int, tuple[int, ...]], ...] = ()

    def alone(self, day: int) -> bool:
        """Whether the day stands by itself: the order runs neither on the day before nor on the day after."""
        if self.to_end and day >= self.numbers[-1]:
            return False
        return day - 1 not in self.numbers and day + 1 not in self.numbers


class Window(Struct, frozen=True):
    """How many days earlier and later an administration may fall than its day says."""

    earlier: int = 0
    later: int = 0


class TimeAnchor(Struct, frozen=True):
    """A clock time that hangs on another order of the same phase: 1 h before it, 24 h after its start or end.

    `minutes` is negative for "before". With `edge` "end" the other order's duration counts too.
    """

    order_id: str
    minutes: int
    edge: str = "start"


class DoseBand(Struct, frozen=True):
    """A dose that holds under a condition: weight from 45 kg, age from 60, a marker, an answer."""

    when: Condition
    dose: DoseRule | None
    cap: Amount | None = None
    note: str = ""


class TemplateOrder(Struct, frozen=True):
    """One drug line of a phase.

    `bands` are tried from the top; the first whose condition holds gives the dose. A band without dose means that no
    source gives one and the site has to enter it. `per_day` doses are divided by `doses_per_day`.
    `every_hours` with `dose_count` is a run of timed doses from each day in `days` ("every 12 h x 6").
    `escalation` is added to the dose at each administration of a cycle after the first ("if tolerated").
    `at` are clock times (minutes from midnight) of the doses of each day; `weekdays` (0 for Monday) keep only those of
    its days, and such an order stays on them when the cycle is deferred.
    `continuous` is an infusion that runs all day on each of its days. `duration_h` is the length of one dose in hours.
    `volume_ml` is what one dose is given in, ready to give (of a continuous infusion the volume of a day), or `per_ml`
    what is in one mL of it; `rate_ml_h` is how fast it runs. All as far as a source states them: `flow.flow_of` makes
    what is missing of volume, rate and duration.
    `stays` keeps the order on its calendar days when the cycle around it is deferred (oral TKI). Where it also `begins`
    with the cycle, that holds once it has begun: what is done to the cycle from its first dose or earlier reaches it.
    `weight` is the one of body.WEIGHTS that doses by kg are computed on. `course_cap` is the most of one cycle.
    `until` says what the last days wait for ("ANC above 1"): the days are then an estimate. A dose whose day falls on a
    weekday in `not_on` moves to another day the protocol accepts. `apart` are (order, days): the least number of days
    to doses of another order of the phase.
    `at_once` lets the order follow a decision from the day after it; others follow it from the next cycle on.
    `goes_with` are orders of the phase whose doses this one moves with, and stays with where they stay (hydration with
    its methotrexate, premedication with the day 1 and day 8 doses of a drug).
    """

    id: str
    agent: str
    role: str
    route: str
    bands: tuple[DoseBand, ...]
    days: Days
    evidence: Evidence
    references: tuple[str, ...]
    cycles: tuple[int, ...] = ()
    doses_per_day: int = 1
    every_hours: int | None = None
    dose_count: int = 1
    escalation: DoseRule | None = None
    continuous: bool = False
    duration_h: Decimal | None = None
    volume_ml: Decimal | None = None
    per_ml: Amount | None = None
    rate_ml_h: Decimal | None = None
    anchor: TimeAnchor | None = None
    window: Window = Window()
    when: Condition = ALWAYS
    stays: bool = False
    begins: bool = False
    at: tuple[int, ...] = ()
    weekdays: tuple[int, ...] = ()
    note: str = ""
    patient_note: str = ""
    at_once: bool = False
    weight: str = "actual"
    course_cap: Amount | None = None
    until: str = ""
    not_on: tuple[int, ...] = ()
    apart: tuple[tuple[str, int], ...] = ()
    goes_with: tuple[str, ...] = ()

    def __hash__(self) -> int:
        """A cheap hash for memos: equal orders have equal names and days."""
        return hash((self.id, self.agent, self.days))

    @property
    def drug(self) -> Drug:
        """What makes orders the same drug."""
        return self.agent, self.route, self.role

    @property
    def doses_of_day(self) -> int:
        """Single doses on one day, by hours between them, by clock times or by frequency."""
        return 24 // self.every_hours if self.every_hours else len(self.at) or self.doses_per_day

    @property
    def varies(self) -> bool:
        """Whether doses of one cycle depend on how many were given before."""
        return self.escalation is not None or self.course_cap is not None

    def accepts(self, day: int) -> tuple[int, ...]:
        """The other days the dose of that day may be given on, as the protocol lists them."""
        return dict(self.days.others).get(day, ())

    @property
    def keeps_its_days(self) -> bool:
        """Whether a deferral of the cycle around it leaves the order where it is."""
        return self.stays or bool(self.weekdays)

    @property
    def runs_through(self) -> bool:
        """Whether the order stays where it is whatever is done to the cycle around it, and from whichever day on."""
        return self.keeps_its_days and not self.begins

    def in_cycle(self, cycle: int) -> bool:
        """Whether the order belongs to that cycle; no list means every cycle."""
        return not self.cycles or cycle in self.cycles


class TemplateAssessment(Struct, frozen=True):
    """Something to examine: counts, marrow, MRD, ECG. `kind` is "assessment" or "procedure".

    `gate` is the recovery that the rest of the cycle waits for on that day, in words. `goes_with` are orders of the
    phase whose doses it moves with, as drug levels do.
    """

    id: str
    title: str
    kind: str
    days: Days
    evidence: Evidence
    references: tuple[str, ...]
    topic: str = ""
    cycles: tuple[int, ...] = ()
    window: Window = Window()
    when: Condition = ALWAYS
    note: str = ""
    patient_words: str = ""
    gate: str = ""
    goes_with: tuple[str, ...] = ()

    def in_cycle(self, cycle: int) -> bool:
        """Whether the assessment belongs to that cycle; no list means every cycle."""
        return not self.cycles or cycle in self.cycles


class StartRule(Struct, frozen=True):
    """Where a phase begins when its protocol is placed whole.

    Without `phase`: on the date the protocol starts. With `phase`: on its day `day`, or at its end where `day` is None,
    `gap_days` later. `gate` is the recovery the protocol waits for, in words.
    """

    phase: str = ""
    day: int | None = None
    gap_days: int = 0
    gate: str = ""


class EndRule(Struct, frozen=True):
    """The phase ends so many months after a day of another phase ("2 years from ..."), whatever its cycles."""

    months: int
    phase: str
    day: int
    when: Condition = ALWAYS


class Phase(Struct, frozen=True):
    """A course of the protocol: `cycles` cycles of `cycle_days` days each, numbered from `first_day`.

    `cycle_lengths` are pairs (cycle, days) for cycles of another length. `only_if` makes the phase depend on decisions.
    `open_end` tells that nobody knows yet when the phase ends: its cycles are what is planned for now.
    """

    id: str
    title: str
    cycle_days: int
    start: StartRule
    orders: tuple[TemplateOrder, ...]
    assessments: tuple[TemplateAssessment, ...] = ()
    short: str = ""
    first_day: int = 1
    cycles: int = 1
    max_cycles: int | None = None
    cycle_lengths: tuple[tuple[int, int], ...] = ()
    ends: tuple[EndRule, ...] = ()
    only_if: Condition = ALWAYS
    open_end: bool = False
    note: str = ""
    references: tuple[str, ...] = ()

    @property
    def only_asks(self) -> bool:
        """Whether it gives nothing and only asks for what is to be entered."""
        return not self.orders and all(one.topic == "to enter" for one in self.assessments)

    def __hash__(self) -> int:
        """A cheap hash for memos: equal phases have equal names and lengths."""
        return hash((self.id, self.title, self.cycle_days))

    def length_of(self, cycle: int) -> int:
        """Days from this cycle's first day to the next cycle's first day."""
        return dict(self.cycle_lengths).get(cycle, self.cycle_days) if self.cycle_lengths else self.cycle_days

    def offset(self, day: int) -> int:
        """Days from the cycle's first calendar day to that day number; ValueError for a day that does not exist."""
        if self.first_day >= 1 and day == 0:
            raise ValueError("there is no Day 0 in this phase")
        return day - self.first_day + (1 if self.first_day >= 1 and day < 0 else 0)

    def next_day(self, day: int) -> int:
        """The day number after that one."""
        return self.day_at(self.offset(day) + 1)

    def day_at(self, offset: int) -> int:
        """The day number that many calendar days after the cycle's first day: the inverse of `offset`."""
        day = offset + self.first_day
        return day - 1 if self.first_day >= 1 and day <= 0 else day


class TemplateDecision(Struct, frozen=True):
    """A question the course cannot pass silently: due on a day of a phase, with the data it needs and its answers.

    `expected` is the answer the plan is drawn with, as provisional, until somebody decides. `when` asks for earlier
    decisions and variants: where it fails, the question is never put and stays "pending" for everything that asks.
    """

    id: str
    question: str
    phase: str
    cycle: int
    day: int
    choices: tuple[Choice, ...]
    expected: str
    evidence: Evidence
    references: tuple[str, ...]
    needs: tuple[str, ...] = ()
    when: Condition = ALWAYS


class CourseStep(Struct, frozen=True):
    """One placed block of the protocol's course: a phase and the cycles of it that run there."""

    phase: str
    cycles: tuple[int, ...]


class Protocol(Struct, frozen=True):
    """A whole protocol file. `course` is the order in which its phases are placed; interleaving is written there.

    `entry_references` are the sources of whom it is for.
    `marks` are of MARKS; `superseded_by` is the id of the protocol that took its place.
    """

    id: str
    title: str
    version: str
    status: Status
    disease: str
    population: str
    references: tuple[Reference, ...]
    phases: tuple[Phase, ...]
    course: tuple[CourseStep, ...]
    summary: str = ""
    jurisdiction: str = ""
    use: str = ""
    entry: tuple[tuple[Condition, str], ...] = ()
    entry_references: tuple[str, ...] = ()
    valid_from: date | None = None
    review_by: date | None = None
    variants: tuple[Variant, ...] = ()
    decisions: tuple[TemplateDecision, ...] = ()
    exemptions: tuple[tuple[str, str], ...] = ()
    superseded_by: str = ""
    marks: tuple[str, ...] = ()

    def phase(self, phase_id: str) -> Phase:
        """The phase of that id; KeyError where there is none."""
        for phase in self.phases:
            if phase.id == phase_id:
                return phase
        raise KeyError(phase_id)

    def reference(self, reference_id: str) -> Reference:
        """The source of that id; KeyError where there is none."""
        for reference in self.references:
            if reference.id == reference_id:
                return reference
        raise KeyError(reference_id)

    @property
    def weakest_evidence(self) -> Evidence:
        """The weakest support of any of its orders, assessments and decisions.

        A phase that only asks what comes next, behind an answer that leads out of the protocol, supports nothing.
        """
        phases = [phase for phase in self.phases if not phase.only_asks] or self.phases
        used = [order.evidence for phase in phases for order in phase.orders]
        used += [assessment.evidence for phase in phases for assessment in phase.assessments]
        used += [decision.evidence for decision in self.decisions]
        return max(used, key=list(Evidence).index)
