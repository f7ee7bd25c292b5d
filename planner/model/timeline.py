"""The timeline: what is drawn, in days and lanes; no pixels, no colours."""

from dataclasses import dataclass

from planner.model.schedule import State


@dataclass(frozen=True, slots=True)
class Bar:
    """One drawn thing from day `start` up to, not including, `end` (ordinals).

    `form` is ribbon (block or cycle), dose, span, dots, infusion, intrathecal, disc, diamond, triangle, hexagon, mark.
    `level` is 1, or the height of a step dose between 0 and 1. `ticks` are days on which something changes or is due.
    `finding` is the worst severity that concerns it, or empty. `needs_check` marks unverified and local values.
    """

    id: str
    start: int
    end: int
    form: str
    role: str
    state: State
    label: str
    detail: str
    block: str
    orders: tuple[str, ...] = ()
    level: float = 1.0
    ticks: tuple[int, ...] = ()
    window: tuple[int, int] = (0, 0)
    open_end: bool = False
    finding: str = ""
    needs_check: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of the timeline. `kind` is blocks, drug, intrathecal, assessments, co-medications or findings."""

    id: str
    title: str
    kind: str
    role: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """All lanes from top to bottom, with the first and the last day (exclusive) of the course."""

    lanes: tuple[Lane, ...]
    start: int
    end: int
