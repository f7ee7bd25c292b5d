"""side_by_side: cycles of two placements that give such drugs in the same days."""

from collections.abc import Iterator
from typing import NamedTuple

from planner.checking.alike import Alike
from planner.checking.context import Context
from planner.checking.hits import Hit, named, on_day
from planner.checking.meaning import takes_part
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import SideBySide
from planner.model.schedule import PlacedBlock


class _Stretch(NamedTuple):
    """From the first to the last such dose of one cycle."""

    first: int
    last: int
    doses: Alike
    block: PlacedBlock


def find(rule: SequencingRule, wanted: SideBySide, context: Context) -> Iterator[Hit]:
    """One hit for each two blocks of different placements of which cycles overlap, with the first such days."""
    placements = {(block.group, block.protocol_id) for block in context.schedule.blocks}
    if len(placements) == 1:
        return
    stretches = sorted(_stretches(rule, wanted, context), key=lambda one: (one.first, one.last, one.block.id))
    met: set[tuple[str, str]] = set()
    open_ones: list[_Stretch] = []
    for stretch in stretches:
        open_ones = [one for one in open_ones if one.last >= stretch.first]
        for other in open_ones:
            pair = other.block.id, stretch.block.id
            same = (other.block.group, other.block.protocol_id) == (stretch.block.group, stretch.block.protocol_id)
            if not same and pair not in met:
                met.add(pair)
                yield _hit(other, stretch)
        open_ones.append(stretch)


def _stretches(rule: SequencingRule, wanted: SideBySide, context: Context) -> Iterator[_Stretch]:
    found: dict[tuple[str, int], _Stretch] = {}
    for doses in context.alike(wanted.agents):
        block = doses.piece.block
        if not takes_part(block.protocol_id, rule.protocols):
            continue
        key, old = doses.piece.place, found.get(doses.piece.place)
        first, last = doses.first_day, doses.last_day
        if old is None:
            found[key] = _Stretch(first, last, doses, block)
        else:
            earlier = doses if first < old.first else old.doses
            found[key] = _Stretch(min(first, old.first), max(last, old.last), earlier, block)
    yield from found.values()


def _hit(one: _Stretch, other: _Stretch) -> Hit:
    first, last = max(one.first, other.first), min(one.last, other.last)
    names = [f"{each.block.title} ({each.block.protocol_id})" for each in (one, other)]
    shared = f"on {on_day(first)}" if first == last else f"{on_day(first)} to {on_day(last)}"
    begun, met = one.doses.first, other.doses.first
    return Hit(
        f"{names[0]} and {names[1]} run at the same time, {shared}: their first doses are {named(begun)} and "
        f"{named(met)}.",
        (begun, met),
        (("first", names[0]), ("second", names[1])),
        f"both {shared}",
        key=f"{one.block.id}/{other.block.id}",
    )
