"""The plan: what people decided for one patient, and nothing that can be computed from it."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from planner.model.body import MOSTELLER
from planner.model.patient import Patient
from planner.model.signing import Confirmation, Issue, SignOff


class ProtocolPin(Struct, frozen=True):
    """The protocol a plan was made from, with its whole text, so that a newer file never changes this plan.

    `sha256` is the hash of `text` (UTF-8, hexadecimal).
    """

    id: str
    version: str
    sha256: str
    text: str


class BlockStart(Struct, frozen=True):
    """How a block starts: on the date `on`, or `gap_days` after another block's end (or after its day `day`).

    `since` is how many changes the plan had when the date was said: deferrals among them do not move it.
    """

    on: date | None = None
    after: str = ""
    day: int | None = None
    gap_days: int = 0
    since: int = 0


class Block(Struct, frozen=True):
    """One phase of a pinned protocol placed in the plan, with the cycles of it that run here.

    `pin` is the sha256 of the ProtocolPin. `choices` are (variant, choice) pairs.
    `group` names the placement: blocks placed together share it, and decisions belong to a group.
    `since` is how many changes the plan had when the block was placed: what stopped everything then does not stop it.
    """

    id: str
    title: str
    pin: str
    phase: str
    cycles: tuple[int, ...]
    start: BlockStart
    group: str
    choices: tuple[tuple[str, str], ...] = ()
    since: int = 0


class Scope(StrEnum):
    """How far a deferral reaches."""

    DAY = "day"
    """The administrations of that one day; an order that runs daily through it stays."""
    CYCLE = "cycle"
    """That day and the rest of its cycle; the next cycle keeps its date."""
    FOLLOWING = "following"
    """That day and everything after it in the block and in the blocks that hang on it."""
    ALL = "all"
    """As following, and every block of the plan that begins then or later, also those placed on a date of their own.

    Of a drug it reaches what is placed afterwards too; of all treatment only what was on the plan then.
    """


REASONS = ("toxicity", "patient choice", "capacity", "holiday", "counts", "infection", "other")
"""Coded reasons of a change, after NHS SACT v4 (peers.md [60])."""


class Deferral(Struct, frozen=True):
    """Dates move by `days` from a day of a cycle on; the doses stay.

    With `order` one order's doses of that one day move (scope `day`), inside the window the protocol allows; with a
    wider scope all of them from that day on, in its cycle or its block, to another weekday.
    `kept` are doses of that day which were recorded before and stay, as (order, number on that day from 0): only the
    rest of the day moves.
    `grade` (1 to 5, 0: not said) is that of the toxicity, here and in every other modification.
    """

    block: str
    cycle: int
    day: int
    days: int
    scope: Scope
    reason: str
    note: str = ""
    grade: int = 0
    order: str = ""
    kept: tuple[tuple[str, int], ...] = ()


class Omission(Struct, frozen=True):
    """One order's doses on a day are left out (all orders of the day where `order` is empty); dates stay."""

    block: str
    cycle: int
    day: int
    order: str
    reason: str
    note: str = ""
    grade: int = 0


class Hold(Struct, frozen=True):
    """From that day on the block is paused and nobody knows until when; what hangs on it is provisional.

    With `order` only that drug is paused, in this block or (scope `all`) in every later one too. Once it goes on,
    `until` is the first date on which it is given again; a paused block goes on as a Deferral instead.
    """

    block: str
    cycle: int
    day: int
    reason: str
    note: str = ""
    grade: int = 0
    order: str = ""
    scope: Scope = Scope.FOLLOWING
    until: date | None = None


class Skip(Struct, frozen=True):
    """A whole cycle is left out. Its days stay empty, or what follows moves up where it `closes`."""

    block: str
    cycle: int
    reason: str
    note: str = ""
    grade: int = 0
    closes: bool = False


class Stop(Struct, frozen=True):
    """From that day on no more: of the cycle, the block (scope `following`) or the whole plan (`all`).

    With `order` only that drug. Dates stay; where it `closes`, what follows in the block and after it moves up.
    """

    block: str
    cycle: int
    day: int
    scope: Scope
    reason: str
    note: str = ""
    grade: int = 0
    order: str = ""
    closes: bool = False


class DoseChange(Struct, frozen=True):
    """A drug is given at so many percent of the protocol's dose from that day on, or at `dose` where that is set.

    `dose` is written as protocols write it ("30 mg", "1 g/m2"); `level` is what the site calls it. `percent` 100
    without `dose` is the full dose again. Of several changes that reach a dose the last one made counts. With `alone`,
    as in a Replacement, it is one order of the drug.
    """

    block: str
    cycle: int
    day: int
    order: str
    scope: Scope
    reason: str
    note: str = ""
    grade: int = 0
    percent: int = 100
    dose: str = ""
    level: str = ""
    alone: bool = False


class Replacement(Struct, frozen=True):
    """From that day on another agent is given in place of a drug, at `dose`; an empty dose has to be entered.

    `doses_per_day` are its doses on each day on which the drug is due; 0: as many as the protocol's order has.
    """

    block: str
    cycle: int
    day: int
    order: str
    scope: Scope
    agent: str
    reason: str
    note: str = ""
    grade: int = 0
    dose: str = ""
    route: str = ""
    doses_per_day: int = 0
    alone: bool = False


class Addition(Struct, frozen=True):
    """An order the protocol does not have, on these days of a cycle (0: of every cycle). `order` is its new id.

    With `timed_by` it goes so many `minutes` after that order's start, negative for before, and moves with it. A rescue
    then takes the place of what is drawn of its drug, from that hour to the end of its days, `doses_per_day` evenly.
    `anew`: stops made before it do not stop it.
    """

    block: str
    cycle: int
    order: str
    agent: str
    role: str
    route: str
    days: tuple[int, ...]
    reason: str
    note: str = ""
    grade: int = 0
    dose: str = ""
    doses_per_day: int = 1
    timed_by: str = ""
    minutes: int = 0
    anew: bool = False


class Examination(Struct, frozen=True):
    """Something to examine that the protocol does not have, on these days of a cycle. `order` is its new id.

    `topic` is one of protocol.TOPICS; what it is called stands in `title`.
    """

    block: str
    cycle: int
    order: str
    title: str
    days: tuple[int, ...]
    reason: str
    note: str = ""
    grade: int = 0
    topic: str = ""


class Repetition(Struct, frozen=True):
    """The block stands here because a cycle of the block `of` is given once more."""

    block: str
    of: str
    cycle: int
    reason: str
    note: str = ""
    grade: int = 0


Modification = Deferral | Omission | Hold | Skip | Stop | DoseChange | Replacement | Addition | Examination | Repetition


class Given(StrEnum):
    """What became of a planned administration."""

    GIVEN = "given"
    PARTLY = "partly"
    NOT_GIVEN = "not given"


class GivenRecord(Struct, frozen=True):
    """What really happened to one administration, as somebody recorded it.

    `number` counts the doses of that order on that day from 0. `on` is the actual date, or the day on which nothing
    was given (None in older files), `dose` the actual single dose in `unit`. `reason` is a coded one where less than
    planned was given, `grade` that of a toxicity. `as_planned`: day and dose were those of the plan.
    """

    block: str
    cycle: int
    day: int
    order: str
    number: int
    status: Given
    on: date | None
    dose: Decimal | None
    unit: str
    by: str
    reason: str = ""
    note: str = ""
    as_planned: bool = False
    grade: int = 0


class BagPlan(Struct, frozen=True):
    """How the continuous infusions of a block are cut into bags: of these lengths, changed on these weekdays.

    `hours` are bag lengths the agent has; `weekdays` count from 0 for Monday, none means any day. On a day in `closed`,
    such as a public holiday, a bag is changed only where nothing else fits. Bags that hang before `since` are those of
    the block's plan before this one: they are pumping already.
    """

    block: str
    hours: tuple[int, ...]
    weekdays: tuple[int, ...] = ()
    closed: tuple[date, ...] = ()
    since: date | None = None


class BlockChange(Struct, frozen=True):
    """Why a block was placed, moved or taken off, where somebody said so: how it started before and how it starts now.

    A new block has no `was`, one that is gone no `now`. Blocks placed together are one change, told by the first.
    What it did stands in the blocks themselves; nothing is computed from it.
    """

    block: str
    title: str
    was: BlockStart | None
    now: BlockStart | None
    reason: str
    note: str = ""
    grade: int = 0


class PatientChange(Struct, frozen=True):
    """Why facts of the patient changed, where somebody said so: each in a line, as its preview told it."""

    facts: tuple[str, ...]
    reason: str
    note: str = ""
    grade: int = 0


CourseChange = BlockChange | PatientChange


class DecisionTaken(Struct, frozen=True):
    """The answer somebody gave to a decision of a placement. `result` is what it rests on ("MRD 0.3 %")."""

    group: str
    decision: str
    choice: str
    on: date
    by: str
    note: str = ""
    result: str = ""


class Reopening(Struct, frozen=True):
    """A decision that was taken and is open again: what the answer was, and why it does not hold."""

    group: str
    decision: str
    choice: str
    on: date
    by: str
    reason: str


class Acknowledgement(Struct, frozen=True):
    """Somebody saw a finding and says why it may stand. `basis` is the hash of the facts it rested on."""

    finding: str
    basis: str
    reason: str
    by: str
    at: str


class Plan(Struct, frozen=True):
    """One patient's course. Blocks stand as placed, but behind one whose deferral of everything reaches them."""

    id: str
    patient: Patient
    pins: tuple[ProtocolPin, ...] = ()
    blocks: tuple[Block, ...] = ()
    decisions: tuple[DecisionTaken, ...] = ()
    modifications: tuple[Modification, ...] = ()
    acknowledgements: tuple[Acknowledgement, ...] = ()
    bag_plans: tuple[BagPlan, ...] = ()
    demo: bool = False
    confirmations: tuple[Confirmation, ...] = ()
    sign_offs: tuple[SignOff, ...] = ()
    issues: tuple[Issue, ...] = ()
    given: tuple[GivenRecord, ...] = ()
    reopened: tuple[Reopening, ...] = ()
    bsa_formula: str = MOSTELLER
    course_changes: tuple[CourseChange, ...] = ()

    def block(self, block_id: str) -> Block:
        """The block of that id; KeyError where there is none."""
        for block in self.blocks:
            if block.id == block_id:
                return block
        raise KeyError(block_id)

    def reaches(self, number: int, block_id: str) -> bool:
        """Whether the change at that place (from 0) reaches another block at all: not what was placed after a stop."""
        change = self.modifications[number]
        of_treatment = isinstance(change, Stop | Hold) and not change.order
        return not of_treatment or number >= self.block(block_id).since

    def pin(self, sha256: str) -> ProtocolPin:
        """The pinned protocol of that hash; KeyError where there is none."""
        return {pin.sha256: pin for pin in self.pins}[sha256]
