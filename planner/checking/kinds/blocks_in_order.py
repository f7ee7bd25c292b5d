"""blocks_in_order: a block of a placement that begins before one that it comes after is through."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from planner.checking.context import Context
from planner.checking.hits import Hit, named, on_day, plural
from planner.checking.view import Cycle
from planner.model.protocol import Phase
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_span import BlocksInOrder
from planner.model.rule_values import Selectors
from planner.model.schedule import PlacedBlock


class _Stretch(NamedTuple):
    """From the first to the last such dose of one block, and the cycles with them; none without such doses."""

    block: PlacedBlock
    first: int
    last: int
    cycles: tuple[Cycle, ...]


class _Parent(NamedTuple):
    """The block that one comes after, by its place in the order.

    `beside` where it may still run, `whole` where its end has to be waited for, and not only its last dose.
    """

    place: int
    beside: bool = False
    whole: bool = True


def find(rule: SequencingRule, wanted: BlocksInOrder, context: Context) -> Iterator[Hit]:
    """One hit for each block that begins too early, with the nearest of the blocks it comes after."""
    placements: dict[tuple[str, str], list[_Stretch]] = {}
    for stretch in _stretches(rule, wanted, context):
        placements.setdefault((stretch.block.group, stretch.block.protocol_id), []).append(stretch)
    for stretches in placements.values():
        if _is_in_order(stretches):
            continue
        parents = [_parent(stretches, place, wanted, context) for place in range(len(stretches))]
        for place, stretch in enumerate(stretches):
            for parent in _comes_after(parents, place) if stretch.cycles else ():
                other = stretches[parent.place]
                if other.cycles and stretch.first < _free_from(other, parent):
                    yield _hit(stretch, other, wanted)
                    break


def _stretches(rule: SequencingRule, wanted: BlocksInOrder, context: Context) -> Iterator[_Stretch]:
    """The blocks in the order of their course."""
    cycles: dict[str, list[Cycle]] = {}
    for cycle, _ in context.judged_cycles(wanted.agents, rule.protocols):
        cycles.setdefault(cycle.piece.block_id, []).append(cycle)
    if len(cycles) < 2:
        return
    order = {block.id: place for place, block in enumerate(context.plan.blocks)}
    for block in sorted(context.schedule.blocks, key=lambda one: order.get(one.id, 0)):
        some = tuple(cycles.get(block.id, ()))
        spans = [_span(one, wanted.agents) for one in some] or [(0, 0)]
        yield _Stretch(block, min(first for first, _ in spans), max(last for _, last in spans), some)


def _span(cycle: Cycle, agents: Selectors) -> tuple[int, int]:
    first, last = cycle.piece.shape.hull(agents, cycle.meaning) or (0, 0)
    return cycle.start + first, cycle.start + last


def _is_in_order(stretches: Sequence[_Stretch]) -> bool:
    """Whether each begins after all before it are through; then there is nothing to ask."""
    reached = 0
    for one in stretches:
        if one.cycles and one.first < reached:
            return False
        reached = max(reached, one.last + 1, one.block.end)
    return True


def _free_from(other: _Stretch, parent: _Parent) -> int:
    """The first day on which what comes after that block may begin."""
    return max(other.last + 1, other.block.end) if parent.whole else other.last + 1


def _comes_after(parents: Sequence[_Parent | None], place: int) -> Iterator[_Parent]:
    """The blocks that have to be through before that one begins, the nearest first."""
    parent = parents[place]
    while parent is not None:
        if not parent.beside:
            yield parent
        parent = parents[parent.place]


def _parent(stretches: Sequence[_Stretch], place: int, wanted: BlocksInOrder, context: Context) -> _Parent | None:
    """The block that one comes after, as a protocol is placed: the one its phase names, else the one before it."""
    if not place:
        return None
    phase, earlier = stretches[place].block.phase, [one.block.phase for one in stretches[:place]]
    told = [at for at, one in enumerate(earlier) if one.id == phase.start.phase]
    if not told or any(one.id == phase.id for one in earlier):
        return _Parent(place - 1)
    return _Parent(told[-1], _runs_beside(phase, earlier[told[-1]], wanted, context), phase.start.day is None)


def _runs_beside(phase: Phase, other: Phase, wanted: BlocksInOrder, context: Context) -> bool:
    """Whether the protocol itself begins it while the other phase still has such doses."""
    start = phase.start
    if start.day is None:
        return start.gap_days < 0
    meant = (one for one in other.orders if context.is_meant(wanted.agents, one.agent, one.route, one.role))
    last = max((max(one.days.numbers) for one in meant if one.days.numbers), default=None)
    return last is None or other.cycles > 1 or start.day + start.gap_days <= last


def _hit(stretch: _Stretch, other: _Stretch, wanted: BlocksInOrder) -> Hit:
    agents = wanted.agents
    begun = min(stretch.cycles, key=lambda one: _span(one, agents)[0]).first_doses(agents)[0]
    ending = max(other.cycles, key=lambda one: _span(one, agents)[1])
    last = ending.piece.series(agents, ending.meaning).events[-1]
    early = other.block.end - begun.day
    overlaps = begun.day <= last.day
    title = other.block.title
    when = f"while {title} still runs" if overlaps else f"{plural(early, 'day')} before the end of {title}"
    return Hit(
        f"{stretch.block.title} begins {when}, which it comes after in its protocol: {named(begun)}; last there "
        f"{named(last)}.",
        (begun, last),
        (("begins", named(begun)), ("comes after", other.block.title), ("last dose there", named(last))),
        f"{on_day(begun.day)}; {other.block.title} ends on {on_day(other.block.end - 1)}, last dose {on_day(last.day)}",
        severity="" if overlaps or early > wanted.advice_to_days else "advice",
        key=f"{stretch.block.id}/{other.block.id}",
    )
