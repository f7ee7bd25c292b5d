"""How far a plan is on its way to the ward: what nobody has confirmed yet, who signed which version, what was issued.

A signature holds for one version of the plan's content. Any edit makes a new version, so the plan is a draft again
(promises C14, S17, C20) without anybody having to take the signature back.
"""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from planner.model.cycle_content import State
from planner.model.evidence import Status
from planner.model.going_on import stands_in
from planner.model.plan import Plan
from planner.model.schedule import PlacedOrder, Schedule
from planner.model.signing import Issue, SignOff

PREPARED, VERIFIED = "prepared", "verified"
_NOT_GIVEN = (State.OMITTED, State.STOPPED)
DOSED_AHEAD = 28
"""Days ahead for which every dose must be entered before a sheet is issued: a cycle of four weeks. Regimap's number."""
MANY = 3
"""Blocks from which on an order names the first and the last of them."""


class Stage(StrEnum):
    """Draft, then prepared, then verified by another person, then issued at least once in this version."""

    DRAFT = "draft"
    PREPARED = "prepared"
    VERIFIED = "verified"
    ISSUED = "issued"


class Release(Struct, frozen=True):
    """Where this version of the plan stands. `issues` are all copies ever issued, oldest first."""

    version: str
    prepared: SignOff | None = None
    verified: SignOff | None = None
    issues: tuple[Issue, ...] = ()

    @property
    def stage(self) -> Stage:
        """The furthest stage this version has reached."""
        if self.verified and any(one.version == self.version for one in self.issues):
            return Stage.ISSUED
        if self.verified:
            return Stage.VERIFIED
        return Stage.PREPARED if self.prepared else Stage.DRAFT

    @property
    def stale(self) -> tuple[Issue, ...]:
        """The newest issue of each sheet where the plan has changed since: such copies do not say what is planned."""
        newest = {one.sheet: one for one in self.issues}
        return tuple(one for one in newest.values() if one.version != self.version)

    def last(self, sheet: str) -> Issue | None:
        """The newest issue of that sheet."""
        return next((one for one in reversed(self.issues) if one.sheet == sheet), None)

    def own(self, sheet: str) -> Issue | None:
        """The newest issue of that sheet that says what this version says."""
        found = (one for one in reversed(self.issues) if (one.sheet, one.version) == (sheet, self.version))
        return next(found, None)

    def superseded_by(self, sheet: str) -> Issue | None:
        """The issue that has taken the place of the one made of this version; None while that one holds."""
        own, last = self.own(sheet), self.last(sheet)
        return last if own and last and last.version != self.version else None


class OpenItem(Struct, frozen=True):
    """Something a person still has to confirm by name: a protocol (`order` is empty) or one order of it.

    `order` is what `confirmed_as` gives, `pin` the hash of the protocol's text. `undosed_from` is the ordinal of the
    first day for which the site has to enter a dose; None where none lacks.
    """

    pin: str
    order: str
    words: str
    undosed_from: int | None = None

    def lacks_dose(self, day: int) -> bool:
        """Whether a dose must be there on that day. A later one may hang on how the patient bears what comes before."""
        return self.undosed_from is not None and self.undosed_from <= day + DOSED_AHEAD


def content_of(plan: Plan) -> Plan:
    """The plan without signatures and issues: what a version is the fingerprint of.

    What was given just as planned is no change of the plan, so it is left out too; what was given otherwise is one.
    """
    return replace(plan, sign_offs=(), issues=(), given=tuple(one for one in plan.given if not one.as_planned))


def with_record_of(plan: Plan, current: Plan) -> Plan:
    """The plan, for example an earlier one that undo brings back, with the signatures and issues made up to now.

    What was signed and handed out has happened; going back to another content cannot undo it.
    """
    return replace(plan, sign_offs=current.sign_offs, issues=current.issues)


def release_of(plan: Plan, version: str) -> Release:
    """Where the plan stands; `version` is the fingerprint of its content. The newest signature of a kind counts."""
    held = {one.meaning: one for one in plan.sign_offs if one.version == version}
    return Release(version, held.get(PREPARED), held.get(VERIFIED), plan.issues)


def confirmed_as(placed: PlacedOrder) -> str:
    """What an order is confirmed as: by its id, and by the agent that somebody put in the place of the protocol's.

    So whoever confirmed the one has not confirmed the other.
    """
    return f"{placed.order.id}={placed.agent}" if stands_in(placed) else placed.order.id


def open_items(plan: Plan, schedule: Schedule) -> tuple[OpenItem, ...]:
    """What makes the plan a draft: protocols the site has not signed, values that are unverified or local.

    Each order stands once for its protocol, in order of time; what somebody confirmed is left out.
    """
    confirmed = {(one.pin, one.order) for one in plan.confirmations}
    return tuple(one for one in all_items(plan, schedule) if (one.pin, one.order) not in confirmed)


def all_items(plan: Plan, schedule: Schedule) -> tuple[OpenItem, ...]:
    """What `open_items` gives before anybody confirmed anything."""
    found: list[OpenItem] = []
    pins = {block.id: block.pin for block in plan.blocks}
    unsigned: dict[str, OpenItem] = {}
    for block in schedule.blocks:
        status = block.protocol.status if block.protocol else None
        if status is not Status.REVIEWED:
            pin = pins.get(block.id, "")
            said = status.value if status else "status unknown"
            words = f"{block.protocol_title} version {block.protocol_version} is not signed by this site ({said})"
            unsigned[pin] = OpenItem(pin, "", words)
    found.extend(unsigned.values())
    titles: dict[tuple[str, str], dict[str, None]] = {}
    drawn: dict[tuple[str, str], PlacedOrder] = {}
    undosed: dict[tuple[str, str], int] = {}
    for event in schedule.events:
        placed = event.placed
        if not placed.evidence.needs_confirmation:
            continue
        key = (pins.get(placed.block.id, ""), confirmed_as(placed))
        titles.setdefault(key, {})[placed.block.title] = None
        drawn.setdefault(key, placed)
        # What is left out or stopped needs no dose: nobody can enter one for what was never given.
        if event.dose is not None and event.dose.value is None and event.state not in _NOT_GIVEN:
            undosed.setdefault(key, event.day)
    for key, placed in drawn.items():
        found.append(OpenItem(*key, _open_words(placed, [*titles[key]]), undosed.get(key)))
    return tuple(found)


def _open_words(placed: PlacedOrder, titles: Sequence[str]) -> str:
    """ "POMP 1 to 12, POMP from cycle 13: Methotrexate (unverified)": with the first alone the later read as sure.

    The window says it in other languages, so no word joins the blocks. A bag names its drug itself, which may be what
    its block is called.
    """
    name = placed.agent_name
    where = ", ".join(titles) if len(titles) < MANY else f"{titles[0]} … {titles[-1]}"
    named = name if [name.partition(":")[0]] == titles else f"{where}: {name}"
    return f"{named} ({placed.evidence.value})"
