"""You are here: where in the course a day lies, in the protocol's words."""

from collections.abc import Iterable

from msgspec import Struct

from planner.model.cycle_content import State
from planner.model.protocol import TREATING
from planner.model.schedule import Event, PlacedBlock, PlacedCycle

OPEN = (State.PLANNED, State.DEFERRED, State.PROVISIONAL)


class Position(Struct, frozen=True):
    """Block, cycle and day number of one civil day (`today`, an ordinal), what was due last and what is due next.

    `block` is None before the first block, between blocks and after the last. `waiting` are the days by which a delay
    holds the count at `day`. `due` are the events of today, `next` the first one after it; neither holds what is left
    out, held or stopped. `held_since` is the first day (an ordinal) of a pause that nobody knows the end of, else 0;
    `held` are the drugs that are paused, where the block itself is not.
    """

    today: int
    block: PlacedBlock | None
    cycle: PlacedCycle | None
    day: int
    waiting: int
    due: tuple[Event, ...]
    next: Event | None
    held_since: int = 0
    held: tuple[str, ...] = ()

    @property
    def to_record(self) -> tuple[Event, ...]:
        """The doses of today of which nobody has said what became of them, treatment first."""
        found = (one for one in self.due if one.dose is not None and one.state in OPEN)
        return tuple(sorted(found, key=lambda one: one.placed.role not in TREATING))


def unrecorded(events: Iterable[Event], today: int) -> tuple[Event, ...]:
    """Doses before that day of which nobody has said what became of them, but for those that are taken by mouth.

    Also a graft, whose cells nobody has counted yet.
    """
    return tuple(
        event
        for event in events
        if event.day < today
        and (event.dose is not None or event.placed.kind == "cell_infusion")
        and event.state in OPEN
        and event.placed.route != "PO"
        and not event.placed.block.waits
    )
