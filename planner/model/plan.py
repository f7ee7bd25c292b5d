"""The plan: what people decided for one patient, and nothing that can be computed from it."""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from planner.model.patient import Patient


class ProtocolPin(Struct, frozen=True):
    """The protocol a plan was made from, with its whole text, so that a newer file never changes this plan.

    `sha256` is the hash of `text` (UTF-8, hexadecimal).
    """

    id: str
    version: str
    sha256: str
    text: str


class BlockStart(Struct, frozen=True):
    """How a block starts: on the date `on`, or `gap_days` after another block's end (or after its day `day`)."""

    on: date | None = None
    after: str = ""
    day: int | None = None
    gap_days: int = 0


class Block(Struct, frozen=True):
    """One phase of a pinned protocol placed in the plan, with the cycles of it that run here.

    `pin` is the sha256 of the ProtocolPin. `choices` are (variant, choice) pairs.
    `group` names the placement: blocks placed together share it, and decisions belong to a group.
    """

    id: str
    title: str
    pin: str
    phase: str
    cycles: tuple[int, ...]
    start: BlockStart
    group: str
    choices: tuple[tuple[str, str], ...] = ()


class Scope(StrEnum):
    """How far a deferral reaches."""

    DAY = "day"
    """The administrations of that one day; an order that runs daily through it stays."""
    CYCLE = "cycle"
    """That day and the rest of its cycle; the next cycle keeps its date."""
    FOLLOWING = "following"
    """That day and everything after it in the block and in the blocks that hang on it."""
    ALL = "all"
    """As following, and every later block of the plan, also those placed on a date of their own."""


REASONS = ("toxicity", "patient choice", "capacity", "holiday", "counts", "infection", "other")
"""Coded reasons of a change, after NHS SACT v4 (peers.md [60])."""


class Deferral(Struct, frozen=True):
    """Dates move by `days` from a day of a cycle on; the doses stay."""

    block: str
    cycle: int
    day: int
    days: int
    scope: Scope
    reason: str
    note: str = ""


class Omission(Struct, frozen=True):
    """One order's doses on a day are left out (all orders of the day where `order` is empty); dates stay."""

    block: str
    cycle: int
    day: int
    order: str
    reason: str
    note: str = ""


Modification = Deferral | Omission


class BagPlan(Struct, frozen=True):
    """How the continuous infusions of a block are cut into bags: of these lengths, changed on these weekdays.

    `hours` are bag lengths the agent has; `weekdays` count from 0 for Monday, none means any day.
    """

    block: str
    hours: tuple[int, ...]
    weekdays: tuple[int, ...] = ()


class DecisionTaken(Struct, frozen=True):
    """The answer somebody gave to a decision of a placement."""

    group: str
    decision: str
    choice: str
    on: date
    by: str
    note: str = ""


class Acknowledgement(Struct, frozen=True):
    """Somebody saw a finding and says why it may stand. `basis` is the hash of the facts it rested on."""

    finding: str
    basis: str
    reason: str
    by: str
    at: str


class Confirmation(Struct, frozen=True):
    """Somebody checked what no read source supports: an order of a protocol, or the protocol itself (`order` empty).

    `pin` is the sha256 of the protocol's text, so a newer text has to be confirmed again. `at` is UTC in ISO form.
    """

    pin: str
    order: str
    by: str
    at: str
    note: str = ""


class SignOff(Struct, frozen=True):
    """A name and time recorded for one version of the plan; `meaning` is prepared or verified. Not an e-signature."""

    meaning: str
    version: str
    by: str
    at: str


class Issue(Struct, frozen=True):
    """A sheet handed out: its number counts up for each sheet. `reprint` is another copy of the version before."""

    sheet: str
    number: int
    version: str
    by: str
    at: str
    copies: int = 1
    reprint: bool = False


class Plan(Struct, frozen=True):
    """One patient's course. Blocks stand in the order they were placed in."""

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

    def block(self, block_id: str) -> Block:
        """The block of that id; KeyError where there is none."""
        for block in self.blocks:
            if block.id == block_id:
                return block
        raise KeyError(block_id)

    def pin(self, sha256: str) -> ProtocolPin:
        """The pinned protocol of that hash; KeyError where there is none."""
        for pin in self.pins:
            if pin.sha256 == sha256:
                return pin
        raise KeyError(sha256)
