"""The timeline: what is drawn, in days and lanes; no pixels, no colours."""

from msgspec import Struct

from planner.model.cycle_content import State

TOPIC_LETTERS = {
    "marrow": "M",
    "mrd": "R",
    "counts": "C",
    "lumbar puncture": "L",
    "ecg": "E",
    "echo": "H",
    "liver": "V",
    "bag": "B",
    "other": "A",
}
"""The letter of an assessment by its topic, the same on screen and on paper."""


class Bar(Struct, frozen=True):
    """One drawn thing from day `start` up to, not including, `end` (ordinals).

    `form` is ribbon (block), cycle, dose, span, dots, infusion, intrathecal, disc, diamond, triangle, hexagon, mark.
    `level` is 1, or the height of a step dose between 0 and 1. `ticks` are days on which something changes or is due.
    `finding` is the worst severity that concerns it, or empty. `needs_check` marks unverified and local values.
    `letter` stands inside a sign: an assessment's topic, a disc's day number, "?" in an open decision. `shift` is by
    how many days a deferral moved it. `numbering` of a cycle are pairs (day, number) from which day numbers run on,
    see `day_number`. `branches` are the answers that leave a decision.
    A mark (finding) is `planned` while open and `given` once somebody acknowledged it.
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
    letter: str = ""
    shift: int = 0
    numbering: tuple[tuple[int, int], ...] = ()
    branches: tuple[str, ...] = ()

    def day_number(self, day: int) -> int | None:
        """The protocol's number of that day; None outside the bar and on days a deferral put between two numbers."""
        if not self.start <= day < self.end:
            return None
        number: int | None = None
        for first, value in self.numbering:
            if first > day:
                return None if number is not None and number >= value else number
            number = value + day - first
        return number


class Lane(Struct, frozen=True):
    """One row of the timeline. `kind` is blocks, drug, intrathecal, assessments, co-medications or findings."""

    id: str
    title: str
    kind: str
    role: str
    bars: tuple[Bar, ...]


class Timeline(Struct, frozen=True):
    """All lanes from top to bottom, with the first and the last day (exclusive) of the course."""

    lanes: tuple[Lane, ...]
    start: int
    end: int
