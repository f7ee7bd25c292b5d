"""as_before: what was stopped, held, replaced, reduced or broken off for toxicity and comes as before later.

A change of a drug "to the end of the block" (or cycle) ends with it, and most courses give the drug again in the next.
A dose that was recorded as broken off or not given changes nothing of what comes after it.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from planner.checking.context import Context
from planner.checking.hits import Hit, named
from planner.checking.stops import why
from planner.model.cycle_content import State
from planner.model.plan import DoseChange, Given, GivenRecord, Hold, Modification, Replacement, Scope, Stop
from planner.model.protocol import Drug, TemplateOrder
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_course import AsBefore
from planner.model.rule_values import Selector
from planner.model.schedule import Event

Change = Stop | Hold | Replacement | DoseChange
"""Agent, route and role."""
WORDS = {Stop: "stopped", Hold: "put on hold", Replacement: "replaced", DoseChange: "reduced"}
SEVERE = 3
"""The grade from which a dose that was broken off is asked about, as one without a grade is."""


class AsBeforeAgain(NamedTuple):
    """A change of one drug in one block or cycle, and the first later doses of each block that it does not reach."""

    change: Change
    firsts: tuple[Event, ...]
    title: str
    """That of the block with the change."""


class BrokenOff(NamedTuple):
    """A record of a dose that was broken off or not given, and the first later doses of each block."""

    change: GivenRecord
    firsts: tuple[Event, ...]
    title: str


def find(rule: SequencingRule, wanted: AsBefore, context: Context) -> Iterator[Hit]:  # noqa: ARG001 all kinds alike
    """One hit for each such change, and for each dose that was broken off."""
    yield from map(_hit, again(wanted, context))
    yield from map(_hit, _broken_off(wanted, context))


def again(wanted: AsBefore, context: Context) -> Iterable[AsBeforeAgain]:
    """The last such change of each drug behind whose block it is planned as it was."""
    found: dict[Drug, AsBeforeAgain] = {}
    changes = context.plan.modifications
    for number, change in enumerate(changes):
        if not isinstance(change, Change) or not _is_of_one_block(change, wanted, changes[number + 1 :]):
            continue
        drug = _drug(change, context)
        if drug is None or not context.is_meant(wanted.agents, *drug):
            continue
        pieces = [piece for piece in context.schedule.pieces if piece.block.id == change.block]
        start = max(piece.start for piece in pieces if piece.cycle <= change.cycle)
        firsts: dict[str, Event] = {}
        for event in context.series((Selector("agent", drug[0]),)).events:
            if event.day > start and not _is_reached(event, change) and _is_as_before(event, drug, change):
                firsts.setdefault(event.placed.block.id, event)
        for block in _changed_since(drug, changes[number + 1 :], context):
            firsts.pop(block, None)
        if firsts:
            found[drug] = AsBeforeAgain(change, tuple(firsts.values()), pieces[0].block.title)
    return found.values()


def _is_reached(event: Event, change: Change) -> bool:
    """Whether a dose stands in the block that a change was made to the end of, or in its cycle."""
    placed = event.placed
    return placed.block.id == change.block and (placed.cycle == change.cycle or change.scope is not Scope.CYCLE)


def _broken_off(wanted: AsBefore, context: Context) -> Iterator[BrokenOff]:
    """The last dose of each drug that was broken off or not given for such a reason, and what comes after it.

    Whoever gave the drug again, or changed it from there on, has looked at it.
    """
    found: dict[Drug, BrokenOff | None] = {}
    for record in context.plan.given:
        severe = record.grade >= SEVERE or (not record.grade and record.reason in wanted.reasons)
        drug = _drug(record, context) if severe and record.status is not Given.GIVEN else None
        place = _place_of(record, context)
        if drug is None or place is None or not context.is_meant(wanted.agents, *drug):
            continue
        day, title = place
        events = context.series((Selector("agent", drug[0]),)).events
        later = [one for one in events if one.day > day and _is_of(one, drug)]
        looked_at = any(one.state is State.GIVEN for one in later) or any(
            _changed_since(drug, _since(record, context), context)
        )
        firsts: dict[str, Event] = {}
        for event in later:
            if event.state is not State.HELD and not (event.dose and event.dose.origin):
                firsts.setdefault(event.placed.block.id, event)
        found[drug] = BrokenOff(record, tuple(firsts.values()), title) if firsts and not looked_at else None
    yield from filter(None, found.values())


def _place_of(record: GivenRecord, context: Context) -> tuple[int, str] | None:
    """The day of a recorded dose and the title of its block; None where the plan no longer has it."""
    for piece in context.schedule.pieces:
        if (piece.block.id, piece.cycle) == (record.block, record.cycle):
            for run in piece.content.runs:
                if run.line.order.id == record.order and record.day in run.cycle_days:
                    return piece.start + run.offsets[run.cycle_days.index(record.day)], piece.block.title
    return None


def _since(record: GivenRecord, context: Context) -> list[Modification]:
    """The changes of its block from the recorded dose on."""
    place = record.cycle, record.day
    changes = (one for one in context.plan.modifications if isinstance(one, Change) and one.block == record.block)
    return [one for one in changes if (one.cycle, one.day) >= place]


def _changed_since(drug: Drug, later: Sequence[Modification], context: Context) -> Iterator[str]:
    """The blocks in which somebody changed the drug afterwards: there it was looked at."""
    for change in later:
        if isinstance(change, Change) and _drug(change, context) == drug:
            yield change.block


def _is_of_one_block(change: Change, wanted: AsBefore, later: Sequence[Modification]) -> bool:
    """Whether it is a change of one drug to the end of its block or cycle, for such a reason, that nobody took back."""
    if not change.order or change.scope not in (Scope.FOLLOWING, Scope.CYCLE):
        return False
    if not change.grade and change.reason not in wanted.reasons:
        return False
    if isinstance(change, Hold) and change.until is not None:
        return False
    if isinstance(change, DoseChange):
        back = (one for one in later if isinstance(one, DoseChange) and _is_full_again(one))
        here = (change.block, change.order)
        return not _is_full_again(change) and all((one.block, one.order) != here for one in back)
    return True


def _is_full_again(change: DoseChange) -> bool:
    return change.percent == 100 and not change.dose


def _drug(change: Change | GivenRecord, context: Context) -> Drug | None:
    """Agent, route and role of the order that is named, as its protocol or whoever added it gives it."""
    for piece in context.schedule.pieces:
        if piece.block.id == change.block:
            for order in (*piece.block.phase.orders, *(run.line.order for run in piece.content.runs)):
                if isinstance(order, TemplateOrder) and order.id == change.order:
                    return order.drug
    return None


def _is_as_before(event: Event, drug: Drug, change: Change) -> bool:
    """Whether a dose is still to be given, of that drug, and by nobody changed."""
    if event.state in (State.GIVEN, State.HELD) or not _is_of(event, drug):
        return False
    return not isinstance(change, DoseChange) or not (event.dose and event.dose.origin)


def _is_of(event: Event, drug: Drug) -> bool:
    return event.placed.drug == drug


def _hit(found: AsBeforeAgain | BrokenOff) -> Hit:
    change, firsts = found.change, found.firsts
    first = firsts[0]
    blocks = ", ".join(event.placed.block.title for event in firsts)
    again = "planned at its full dose" if isinstance(change, DoseChange) else "planned again"
    did = where = f"C{change.cycle} D{change.day} of {found.title}"
    if isinstance(change, GivenRecord):
        did = f"{where} was {'broken off' if change.status is Given.PARTLY else 'not given'}"
    else:
        part = "cycle" if change.scope is Scope.CYCLE else "block"
        did = f"it was {WORDS[type(change)]} from {where} on, in that {part} alone"
    return Hit(
        f"{named(first)} is {again}: {did} ({why(change.reason, change.grade)}).",
        firsts,
        (("changed", did), ("because of", why(change.reason, change.grade)), ("as before in", blocks)),
        f"{blocks} behind {found.title}",
        key=f"{change.block}/{change.order}/{change.cycle}/{change.day}{'/given' * isinstance(change, GivenRecord)}",
    )
