"""The bars of one block, lane by lane. No bar reaches over blocks, so each block is laid out by itself.

Blocks of like contents are laid out once: they share their figures, wherever they stand and whatever they are called.
So an edit lays out anew the blocks whose content it changed, and a block that only moved keeps its figures.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import astuple, replace

from planner.model.cycle_content import BY_TIME, State
from planner.model.kept import Pause, goes_on_with
from planner.model.release import confirmed_as
from planner.model.schedule import Event, OpenDecision, PlacedBlock, PlacedContent
from planner.model.timeline import Figure, OrderAt
from planner.timeline.drug_bars import drug_figures, drug_group, intrathecal_figures, orders_of, with_bag_changes
from planner.timeline.sign_bars import assessment_figures, decision_figures
from planner.timeline.words import order_at

BLOCKS = 1024
"""Blocks whose bars are kept; a long course has some dozens."""
SIGNS = {"assessment": "assessment", "procedure": "procedure", "bag": "procedure", "decision": "decision"}
"""The lane of what is no drug, by the kind of its order."""


class LaneKey(NamedTuple):
    """What stands in one lane: a drug by route and purpose, or all of one group (intrathecal, assessment, ...)."""

    group: str
    role: str = ""
    name: str = ""
    route: str = ""


class LanePart(Struct, frozen=True, gc=False):
    """The figures of a block in one lane, and when its first event there begins, counted within the block."""

    key: LaneKey
    day: int
    minute: int
    place: int
    figures: tuple[Figure, ...]


class _Source:
    """Pieces, decisions and confirmed orders of a block, equal to others that give the same figures."""

    __slots__ = ("_key", "confirmed", "decisions", "pause", "pieces")

    def __init__(
        self,
        block: PlacedBlock,
        pieces: Sequence[PlacedContent],
        decisions: Sequence[OpenDecision],
        confirmed: frozenset[str],
        pause: Pause | None,
    ) -> None:
        places = {cycle.number: place for place, cycle in enumerate(block.cycles)}
        self.pieces = [(piece, piece.start - block.start, places[piece.cycle]) for piece in pieces]
        self.decisions, self.confirmed, self.pause = decisions, confirmed, pause
        contents = tuple((piece.content, start, place) for piece, start, place in self.pieces)
        self._key = (contents, tuple((one.decision.id, one.choice) for one in decisions), confirmed, pause)

    def take(self) -> tuple[list[tuple[PlacedContent, int, int]], Sequence[OpenDecision]]:
        """What is laid out, once: what is kept by this need not hold it."""
        pieces, self.pieces = self.pieces, []
        decisions, self.decisions = self.decisions, ()
        return pieces, decisions

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Source) and self._key == other._key


def block_figures(
    block: PlacedBlock,
    pieces: Sequence[PlacedContent],
    decisions: Sequence[OpenDecision],
    confirmed: frozenset[str] = frozenset(),
    pause: Pause | None = None,
) -> tuple[LanePart, ...]:
    """All events of the block's pieces on figures, lane by lane. `decisions` are those of the block.

    `confirmed` are the orders of its protocol (see `confirmed_as`) that somebody checked: no figure asks for it again.
    `pause` is what of it stands still; rescue that has to go on is drawn as planned.
    """
    return lay_out_block(_Source(block, pieces, decisions, confirmed, pause)) if pieces else ()


@lru_cache(maxsize=BLOCKS)
def lay_out_block(source: _Source) -> tuple[LanePart, ...]:
    """The figures of a block, lane by lane; those of blocks that give the same ones are made once."""
    pieces, decisions = source.take()
    rank = pieces[0][0].rank
    orders: list[tuple[Event, ...]] = []
    for piece, start, place in pieces:
        # Placed anew, on the days and cycles of the block; the events that are made here are not kept.
        orders += PlacedContent(piece.content, start, piece.block, place, piece.rank - rank).orders
    if source.pause:
        orders = _with_rescue(orders, source.pause)
    orders.sort(key=lambda events: BY_TIME(events[0]))
    lanes: dict[LaneKey, list[Sequence[Event]]] = defaultdict(list)
    for events in orders:
        lanes[_lane_of(events[0])].append(events)
    bags = [event for events in orders if events[0].placed.kind == "bag" for event in events]
    unchecked = set(_unchecked(orders, source.confirmed)) if source.confirmed else None
    parts = []
    for key, lists in lanes.items():
        day, minute, place = min(BY_TIME(events[0]) for events in lists)
        figures = _figures(key, lists, bags, decisions)
        if unchecked is not None:
            figures = [_as_checked(figure, unchecked) for figure in figures]
        parts.append(LanePart(key, day, minute, place, _shared(figures)))
    return tuple(parts)


def _with_rescue(orders: Sequence[tuple[Event, ...]], pause: Pause) -> list[tuple[Event, ...]]:
    """The orders, rescue of what is begun as planned: its bar must not be struck out with the rest of the block."""
    doses = {events[0].placed.id: events for events in orders}

    def stands(event: Event) -> Event:
        goes_on = event.placed.order.id not in pause.named and goes_on_with(event, doses, pause)
        return event._replace(state=State.PLANNED) if goes_on else event

    return [tuple(map(stands, events)) for events in orders]


def _unchecked(orders: Iterable[Sequence[Event]], confirmed: Collection[str]) -> Iterable[OrderAt]:
    """The orders on which somebody still has to look at a value, or to enter it."""
    for events in orders:
        placed = events[0].placed
        to_confirm = placed.evidence.needs_confirmation and confirmed_as(placed) not in confirmed
        if to_confirm or any(event.dose is not None and event.dose.value is None for event in events):
            yield order_at(events[0])


def _as_checked(figure: Figure, unchecked: Collection[OrderAt]) -> Figure:
    """The figure without the wish to be checked, where all that wished it is confirmed."""
    settled = figure.needs_check and not any(order in unchecked for order in orders_of(figure))
    return replace(figure, needs_check=False) if settled else figure


def _shared(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """The figures; those that tell the same share what tells it, for the doses of an order differ in their days."""
    told: dict[tuple[object, ...], object] = {}
    found = []
    for figure in figures:
        if isinstance(figure.detail, Struct):
            # By identity: to compare orders and doses would cost more than to keep one text twice.
            key = (type(figure.detail), *map(id, astuple(figure.detail)))
            same = told.setdefault(key, figure.detail)
            found.append(figure if same is figure.detail else replace(figure, detail=same))
        else:
            found.append(figure)
    return tuple(found)


def _lane_of(event: Event) -> LaneKey:
    placed = event.placed
    if placed.kind in SIGNS:
        return _lane_key(SIGNS[placed.kind])
    group = drug_group(placed)
    if group == "intrathecal":
        return _lane_key(group)
    return _lane_key(group, placed.role, placed.agent_name, placed.route)


_lane_key = lru_cache(maxsize=BLOCKS)(LaneKey)
"""Kept, so that all blocks share them."""


def _figures(
    key: LaneKey, orders: Sequence[Sequence[Event]], bags: Sequence[Event], decisions: Iterable[OpenDecision]
) -> Iterable[Figure]:
    events = (event for one in orders for event in one)
    if key.group == "intrathecal":
        return intrathecal_figures(events)
    if key.group == "decision":
        return decision_figures(events, decisions)
    if key.group in SIGNS:
        return assessment_figures(sorted(events, key=lambda event: event.placed.kind == "bag"))
    return with_bag_changes(drug_figures(orders, key.group), bags)
