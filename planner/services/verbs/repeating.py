"""A cycle given once more: its block is split around it, and what hung on the block hangs on its last part."""

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from planner.assembly.changes import Changes
from planner.errors import Refusal
from planner.model.plan import (
    Addition,
    BagPlan,
    Block,
    BlockStart,
    Deferral,
    DoseChange,
    Examination,
    Hold,
    Modification,
    Plan,
    Repetition,
    Replacement,
    Scope,
    Stop,
)
from planner.model.protocol import Phase
from planner.model.schedule import Schedule
from planner.services.verbs.placing import free_id, refuse_long_gap
from planner.services.verbs.refusing import find_place, refuse_reason

MOST_CYCLES = 60
"""Cycles of one phase in a plan; repeating beyond it is a slip."""


def repeat_cycle(plan: Plan, schedule: Schedule, change: Repetition, gap_days: int = 0) -> Plan:
    """Give the cycle `change.cycle` of the block `change.of` once more, so many days after its end.

    The block keeps its cycles up to it; the repeated cycle becomes a block of its own, and the later cycles another one
    behind it. What people changed about the later cycles goes with them. `change.block` is filled in.
    Refuses a cycle that is not there, and a gap below 0 or of more than two years.
    """
    place = find_place(plan, schedule, change.of, change.cycle)
    refuse_reason(change.reason, change.grade)
    block = plan.block(change.of)
    if gap_days < 0:
        raise Refusal("the repeated cycle starts after the one before it; give 0 days or more", "overlap", "0")
    refuse_long_gap(gap_days)
    if sum(len(one.cycles) for one in plan.blocks if one.phase == block.phase) >= MOST_CYCLES:
        raise Refusal(
            "the plan has {most} cycles of {block} already", "too many", most=MOST_CYCLES, block=place.block.title
        )
    at = block.cycles.index(change.cycle) + 1
    taken = {one.id for one in plan.blocks}
    again = replace(
        block,
        id=free_id(f"{block.id}-again", taken),
        title=f"{block.title}, C{change.cycle} again",
        cycles=(change.cycle,),
        start=BlockStart(after=block.id, gap_days=gap_days),
    )
    rest = _rest(block, again, at, {*taken, again.id})
    pieces = [replace(block, cycles=block.cycles[:at]), again, *rest]
    blocks = [piece for one in plan.blocks for piece in (pieces if one.id == block.id else [one])]
    last = pieces[-1].id
    inside = {piece.id for piece in pieces}
    phase = place.block.phase
    # The schedule is from before an interruption that the plan may hold already and that ends the cycle earlier.
    length = min(place.cycle.end - place.cycle.start, Changes(plan).length(block.id, change.cycle, phase))
    begins = place.cycle.start + length + gap_days
    starts = {again.id: begins} | {part.id: begins + phase.length_of(change.cycle) for part in rest}
    moved = _moved_changes(plan.modifications, block, phase, (again, *rest), starts)
    moved += [_from_start(one, again, phase) for one in _cut_off(plan, change, phase, length)]
    return replace(
        plan,
        blocks=tuple(one if one.id in inside else _rehung(one, block.id, last) for one in blocks),
        modifications=(*moved, replace(change, block=again.id)),
        given=tuple(
            replace(one, block=rest[0].id) if rest and one.block == block.id and one.cycle in rest[0].cycles else one
            for one in plan.given
        ),
        bag_plans=tuple(_for_each_part(plan.bag_plans, block, pieces)),
    )


def _for_each_part(bag_plans: tuple[BagPlan, ...], block: Block, parts: list[Block]) -> Iterator[BagPlan]:
    for one in bag_plans:
        yield from [replace(one, block=part.id) for part in parts] if one.block == block.id else [one]


def _rest(block: Block, again: Block, at: int, taken: set[str]) -> list[Block]:
    """The cycles after the repeated one as a block behind it, if there are any."""
    if at >= len(block.cycles):
        return []
    return [
        replace(
            block,
            id=free_id(f"{block.id}-rest", taken),
            title=f"{block.title}, from C{block.cycles[at]}",
            cycles=block.cycles[at:],
            start=BlockStart(after=again.id),
        )
    ]


def _rehung(block: Block, old: str, new: str) -> Block:
    """What started at the block's end starts at the end of its last part; what started on a day of it stays there."""
    if block.start.after == old and block.start.day is None:
        return replace(block, start=replace(block.start, after=new))
    return block


def _moved_changes(
    changes: tuple[Modification, ...], block: Block, phase: Phase, parts: tuple[Block, ...], starts: Mapping[str, int]
) -> list[Modification]:
    """The changes of the block: those of later cycles go with them, those that reach on are made for each part.

    `parts` are the cycle given again and what comes after it; `starts` has the ordinal of each one's first day.
    """
    rest = parts[1:]
    later = set(rest[0].cycles) if rest else set()
    found: list[Modification] = []
    for change in changes:
        if change.block != block.id or isinstance(change, Repetition):
            found.append(change)
        elif change.cycle in later:
            found.append(replace(change, block=rest[0].id))
        else:
            found.append(change)
            earliest = phase.offset(first_day_of(phase))
            found += [
                _from_start(change, part, phase) for part in parts if _reaches(change, starts[part.id] + earliest)
            ]
    return found


def _reaches(change: Modification, begins: int) -> bool:
    """Whether the change holds for a later part of the block, which begins on that day.

    A block that ended or paused goes on again, and so does a drug whose hold is over by then.
    """
    if isinstance(change, Addition | Examination):
        return change.cycle == 0
    if isinstance(change, Hold | Stop) and not change.order:
        return False
    if isinstance(change, Hold) and change.until is not None and change.until.toordinal() <= begins:
        return False
    if isinstance(change, Deferral):  # a weekly drug on another weekday
        return bool(change.order) and change.scope is Scope.FOLLOWING
    return isinstance(change, Hold | Stop | DoseChange | Replacement) and change.scope is Scope.FOLLOWING


def _cut_off(plan: Plan, again: Repetition, phase: Phase, length: int) -> Iterator[Modification]:
    """The changes of a drug in all that follows that begin behind the day on which the repeated cycle was cut off.

    They go by their day, which a stop had moved into the cycle given again: a drug taken off came back until then.
    """
    shift = Changes(plan).shift
    for one in plan.modifications:
        if isinstance(one, Hold | Stop | DoseChange | Replacement) and one.scope is Scope.ALL and one.order:
            day = phase.offset(one.day) + shift(one.block, one.cycle, one.day)
            if (one.block, one.cycle) == (again.of, again.cycle) and day >= length:
                yield one


def _from_start(change: Modification, part: Block, phase: Phase) -> Modification:
    """The same change for a part of the block, from its first day on."""
    if isinstance(change, Deferral | Hold | Stop | DoseChange | Replacement):
        return replace(change, block=part.id, cycle=part.cycles[0], day=first_day_of(phase))
    return replace(change, block=part.id)


def first_day_of(phase: Phase) -> int:
    """The earliest day number any order or assessment of the phase has."""
    days = [order.days for order in phase.orders] + [one.days for one in phase.assessments]
    return min([*(day for some in days for day in some.numbers[:1]), phase.first_day])
