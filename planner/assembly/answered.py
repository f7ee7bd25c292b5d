"""Blocks that ask what comes next: they end where that begins."""

from msgspec.structs import replace

from planner.model.protocol import TREATING
from planner.model.schedule import PlacedBlock


def answered(blocks: tuple[PlacedBlock, ...]) -> tuple[PlacedBlock, ...]:
    """The blocks, of those that only ask what comes next no more than their days before another placement's treatment.

    Four weeks of "What comes next: ask us" stood beside busulfan, the graft and what came after it.
    """
    if all(one.group == blocks[0].group for one in blocks):
        return blocks
    return tuple([_before_what_comes(one, blocks) if one.phase.only_asks else one for one in blocks])


def _before_what_comes(asks: PlacedBlock, blocks: tuple[PlacedBlock, ...]) -> PlacedBlock:
    """Its first day stays in any case: there somebody was to ask."""
    beside = [
        one
        for one in blocks
        if one.group != asks.group and one.start < asks.end and asks.start < one.end and _treats(one)
    ]
    if not beside:
        return asks
    end = max(asks.start + 1, beside[0].start)
    cycles = (replace(asks.cycles[0], end=end, cut=True),)
    return replace(asks, cycles=cycles, end=end, reasons=(*asks.reasons, f"ends where {beside[0].title} begins"))


def _treats(block: PlacedBlock) -> bool:
    return any(order.role in TREATING for order in block.phase.orders)
