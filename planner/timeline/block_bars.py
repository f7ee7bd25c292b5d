"""The bars of one block, lane by lane. No bar reaches over blocks, so each block is laid out by itself, and once.

An edit lays out anew the blocks whose content it changed; a block that only moved keeps its bars, on other days.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from msgspec.structs import replace

from planner.model.cycle_content import BY_TIME, CycleContent
from planner.model.schedule import Event, OpenDecision, PlacedBlock, PlacedContent
from planner.model.timeline import Bar
from planner.timeline.drug_bars import drug_bars, drug_group, intrathecal_bars, with_bag_changes
from planner.timeline.sign_bars import assessment_bars, decision_bars

BLOCKS = 1024
"""Blocks whose bars are kept; a long course has some dozens."""
SIGNS = {"assessment": "assessment", "procedure": "procedure", "bag": "procedure", "decision": "decision"}
"""The lane of what is no drug, by the kind of its order."""

Begin = tuple[int, int, int]
"""Day, minute and place in the block of a first event."""


class LaneKey(NamedTuple):
    """What stands in one lane: a drug by route and purpose, or all of one group (intrathecal, assessment, ...)."""

    group: str
    role: str = ""
    name: str = ""
    route: str = ""


class LanePart(NamedTuple):
    """The bars of a block in one lane, and when its first event there begins."""

    key: LaneKey
    begin: Begin
    bars: tuple[Bar, ...]


class _Source:
    """Pieces and decisions of a block, equal to others that give the same bars but for the day they begin on.

    Bars that speak of dates (what a deferral moved) hold only where they are: `bound` is then the day of the block.
    """

    __slots__ = ("_key", "decisions", "pieces")

    def __init__(self, block: PlacedBlock, pieces: Sequence[PlacedContent], decisions: Sequence[OpenDecision]) -> None:
        self.pieces, self.decisions = pieces, decisions
        start = block.start
        bound = start if any(_speaks_of_dates(piece.content) for piece in pieces) else 0
        contents = tuple((piece.content, piece.start - start, piece.cycle) for piece in pieces)
        choices = tuple((one.decision.id, one.choice) for one in decisions)
        self._key = (block.id, block.title, bound, contents, choices)

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Source) and self._key == other._key


class _Laid:
    """The bars of a block on the day they were last asked for."""

    def __init__(self, start: int, parts: tuple[LanePart, ...]) -> None:
        self._start, self._parts = start, parts

    def at(self, start: int) -> tuple[LanePart, ...]:
        """The bars where the block begins on that day."""
        days = start - self._start
        if days:
            self._start, self._parts = start, tuple(_moved_part(part, days) for part in self._parts)
        return self._parts


def block_bars(
    block: PlacedBlock, pieces: Sequence[PlacedContent], decisions: Sequence[OpenDecision]
) -> tuple[LanePart, ...]:
    """All events of the block's pieces on bars, lane by lane. `decisions` are those of the block."""
    return _lay_out(_Source(block, pieces, decisions)).at(block.start) if pieces else ()


def moved(bar: Bar, days: int) -> Bar:
    """The bar so many days later."""
    return replace(
        bar,
        start=bar.start + days,
        end=bar.end + days,
        ticks=tuple(day + days for day in bar.ticks),
        numbering=tuple((day + days, number) for day, number in bar.numbering),
    )


def _moved_part(part: LanePart, days: int) -> LanePart:
    day, minute, place = part.begin
    return LanePart(part.key, (day + days, minute, place), tuple(moved(bar, days) for bar in part.bars))


@lru_cache(maxsize=BLOCKS)
def _lay_out(source: _Source) -> _Laid:
    # Copies of the pieces, so that the dated events that are made here are not kept.
    orders = [events for piece in source.pieces for events in replace(piece).orders]
    orders.sort(key=lambda events: BY_TIME(events[0]))
    lanes: dict[LaneKey, list[Sequence[Event]]] = defaultdict(list)
    for events in orders:
        lanes[_lane_of(events[0])].append(events)
    bags = [event for events in orders if events[0].placed.kind == "bag" for event in events]
    parts = []
    for key, lists in lanes.items():
        day, minute, sequence = min(BY_TIME(events[0]) for events in lists)
        begin = (day, minute, sequence - source.pieces[0].rank)
        parts.append(LanePart(key, begin, tuple(_bars(key, lists, bags, source.decisions))))
    return _Laid(source.pieces[0].block.start, tuple(parts))


def _lane_of(event: Event) -> LaneKey:
    placed = event.placed
    if placed.kind in SIGNS:
        return LaneKey(SIGNS[placed.kind])
    group = drug_group(placed)
    return LaneKey(group) if group == "intrathecal" else LaneKey(group, placed.role, placed.agent_name, placed.route)


def _bars(
    key: LaneKey, orders: Sequence[Sequence[Event]], bags: Sequence[Event], decisions: Iterable[OpenDecision]
) -> Iterable[Bar]:
    events = (event for one in orders for event in one)
    if key.group == "intrathecal":
        return intrathecal_bars(events)
    if key.group == "decision":
        return decision_bars(events, decisions)
    if key.group in SIGNS:
        return assessment_bars(sorted(events, key=lambda event: event.placed.kind == "bag"))
    return with_bag_changes(drug_bars(orders, key.group), bags)


def _speaks_of_dates(content: CycleContent) -> bool:
    """Whether something was moved, which is told with the date it was moved from."""
    return any(run.shift for run in content.runs)
