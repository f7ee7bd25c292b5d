"""as_before: what was stopped, held, replaced or reduced for toxicity in one block and comes as before in a later one.

A change of a drug "to the end of the block" ends with it, and most courses give the drug again in the next block.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from planner.checking.context import Context
from planner.checking.hits import Hit, named
from planner.checking.stops import why
from planner.model.cycle_content import State
from planner.model.plan import DoseChange, Hold, Modification, Replacement, Scope, Stop
from planner.model.protocol import TemplateOrder
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_course import AsBefore
from planner.model.rule_values import Selector
from planner.model.schedule import Event

Change = Stop | Hold | Replacement | DoseChange
Drug = tuple[str, str, str]
"""Agent, route and role."""
WORDS = {Stop: "stopped", Hold: "put on hold", Replacement: "replaced", DoseChange: "reduced"}


class AsBeforeAgain(NamedTuple):
    """A change of one drug in one block, and the first later doses of each other block that it does not reach."""

    change: Change
    firsts: tuple[Event, ...]
    title: str
    """That of the block with the change."""


def find(rule: SequencingRule, wanted: AsBefore, context: Context) -> Iterator[Hit]:  # noqa: ARG001 all kinds alike
    """One hit for each such change."""
    return map(_hit, again(wanted, context))


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
            if event.day > start and event.placed.block.id != change.block and _is_as_before(event, drug, change):
                firsts.setdefault(event.placed.block.id, event)
        for block in _changed_since(drug, changes[number + 1 :], context):
            firsts.pop(block, None)
        if firsts:
            found[drug] = AsBeforeAgain(change, tuple(firsts.values()), pieces[0].block.title)
    return found.values()


def _changed_since(drug: Drug, later: Sequence[Modification], context: Context) -> Iterator[str]:
    """The blocks in which somebody changed the drug afterwards: there it was looked at."""
    for change in later:
        if isinstance(change, Change) and _drug(change, context) == drug:
            yield change.block


def _is_of_one_block(change: Change, wanted: AsBefore, later: Sequence[Modification]) -> bool:
    """Whether it is a change of one drug to the end of its block, for such a reason, that nobody took back since."""
    if not change.order or change.scope is not Scope.FOLLOWING:
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


def _drug(change: Change, context: Context) -> Drug | None:
    """Agent, route and role of the order that a change names, as its protocol or whoever added it gives it."""
    for piece in context.schedule.pieces:
        if piece.block.id == change.block:
            for order in (*piece.block.phase.orders, *(run.line.order for run in piece.content.runs)):
                if isinstance(order, TemplateOrder) and order.id == change.order:
                    return order.agent, order.route, order.role
    return None


def _is_as_before(event: Event, drug: Drug, change: Change) -> bool:
    """Whether a dose is still to be given, of that drug, and by nobody changed."""
    placed = event.placed
    if event.state in (State.GIVEN, State.HELD) or (placed.agent, placed.route, placed.role) != drug:
        return False
    return not isinstance(change, DoseChange) or not (event.dose and event.dose.origin)


def _hit(found: AsBeforeAgain) -> Hit:
    change, firsts = found.change, found.firsts
    first = firsts[0]
    blocks = ", ".join(event.placed.block.title for event in firsts)
    did = WORDS[type(change)]
    where = f"from C{change.cycle} D{change.day} of {found.title} on"
    again = "planned at its full dose" if isinstance(change, DoseChange) else "planned again"
    return Hit(
        f"{named(first)} is {again}: it was {did} {where}, in that block alone ({why(change.reason, change.grade)}).",
        firsts,
        (("changed", f"{did} {where}"), ("because of", why(change.reason, change.grade)), ("as before in", blocks)),
        f"{blocks} behind {found.title}",
        key=f"{change.block}/{change.order}/{change.cycle}/{change.day}",
    )
