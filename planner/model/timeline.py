"""The timeline: what is drawn, in days and lanes; no pixels, no colours.

A course has hundreds of bars and few sorts of them: what a bar looks like is a `Figure`, counted from the first day of
its block, and shared by all blocks that are alike. A `Bar` is a figure on its ground. Ids and texts are made when they
are read.
"""

from typing import Any, Protocol

from msgspec import Struct

from planner.model.cycle_content import State
from planner.model.schedule import PlacedBlock, PlacedCycle

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


class Ground(Struct, frozen=True, gc=False):
    """What bars stand on that belong to no placed block: their figures then count days as ordinals."""

    id: str = ""
    title: str = ""
    start: int = 0
    cycles: tuple[PlacedCycle, ...] = ()


NO_BLOCK = Ground()


class Telling(Protocol):
    """What can say later all about a bar. Equal tellings say the same of the same bar."""

    def words(self, bar: "Bar") -> str:
        """The lines about the bar."""
        ...


OrderAt = tuple[int, str]
"""An order of a block: the place of its cycle in the block, and its id there. At -1 the id is whole."""


class Traits(Struct, frozen=True, gc=False):
    """What few figures have. Days of `ticks` and `numbering` count like the figure's own.

    `orders` are all orders of the figure where there are several, in order of time.
    """

    level: float = 1.0
    ticks: tuple[int, ...] = ()
    window: tuple[int, int] = (0, 0)
    open_end: bool = False
    letter: str = ""
    shift: int = 0
    numbering: tuple[tuple[int, int], ...] = ()
    branches: tuple[str, ...] = ()
    orders: tuple[OrderAt, ...] = ()


NO_TRAITS = Traits()
UNSETTLED = (State.PLANNED, State.PROVISIONAL, State.DEFERRED)
"""States that can still change, which an id does not name."""


class Figure(Struct, frozen=True, gc=False):
    """What a bar looks like wherever its block stands: `offset` days after the block's first day, for `days` days.

    `order` is the id of the first order on it, `number` the protocol's day number of its first event, `cycle` the place
    of that event's cycle in the block. A cycle of blocks has no order, a block no cycle either (-1). Where there is
    no block, `order` is the id of the bar itself.
    """

    offset: int
    days: int
    form: str
    role: str
    state: State
    label: str
    detail: str | Telling
    cycle: int = -1
    order: str = ""
    number: int = 0
    needs_check: bool = False
    traits: Traits = NO_TRAITS


class Shown(Struct, frozen=True, gc=False):
    """What is read from a figure alone, see `Bar`."""

    figure: Figure

    @property
    def form(self) -> str:
        """What it is drawn as."""
        return self.figure.form

    @property
    def role(self) -> str:
        """What it is drawn for."""
        return self.figure.role

    @property
    def state(self) -> State:
        """Where it stands."""
        return self.figure.state

    @property
    def level(self) -> float:
        """Its height between 0 and 1."""
        return self.figure.traits.level

    @property
    def window(self) -> tuple[int, int]:
        """Days it may be given earlier and later."""
        return self.figure.traits.window

    @property
    def open_end(self) -> bool:
        """Whether nobody knows when it ends."""
        return self.figure.traits.open_end

    @property
    def needs_check(self) -> bool:
        """Whether a value on it is unverified, local or to be entered."""
        return self.figure.needs_check

    @property
    def letter(self) -> str:
        """What stands inside its sign."""
        return self.figure.traits.letter

    @property
    def shift(self) -> int:
        """Days by which a deferral moved it."""
        return self.figure.traits.shift

    @property
    def branches(self) -> tuple[str, ...]:
        """The answers that leave a decision."""
        return self.figure.traits.branches


class Bar(Shown, frozen=True, gc=False):
    """One drawn thing: a figure on its ground, from day `start` up to, not including, `end` (ordinals).

    `form` is ribbon (block), cycle, dose, span, dots, infusion, intrathecal, disc, diamond, triangle, hexagon, mark.
    `level` is 1, or the height of a step dose between 0 and 1. `ticks` are days on which something changes or is due.
    `finding` is the worst severity that concerns it, or empty. `needs_check` marks unverified and local values.
    `letter` stands inside a sign: an assessment's topic, a disc's day number, "?" in an open decision. `shift` is by
    how many days a deferral moved it. `numbering` of a cycle are pairs (day, number) from which day numbers run on,
    see `day_number`. `branches` are the answers that leave a decision.
    A mark (finding) is `planned` while open and `given` once somebody acknowledged it.
    """

    ground: PlacedBlock | Ground

    @property
    def finding(self) -> str:
        """The worst severity that concerns it: none, see `FoundBar`."""
        return ""

    @property
    def id(self) -> str:
        """The order and its day number, so that it stays when the block moves; what was moved or is settled says so."""
        figure, ground = self.figure, self.ground
        if figure.cycle < 0:
            return figure.order or ground.id
        cycle = f"{ground.id}/{ground.cycles[figure.cycle].number}"
        if not figure.order:
            return cycle
        shift, state = figure.traits.shift, figure.state
        moved = f"{shift:+d}" if shift else ""
        settled = "" if state in UNSETTLED else f"/{state}"
        return f"{cycle}/{figure.order}@D{figure.number}{moved}{settled}"

    @property
    def orders(self) -> tuple[str, ...]:
        """The ids of the placed orders on it."""
        figure = self.figure
        if figure.traits.orders:
            return tuple(_order_id(self.ground, *order) for order in figure.traits.orders)
        return (_order_id(self.ground, figure.cycle, figure.order),) if figure.order and figure.cycle >= 0 else ()

    @property
    def block(self) -> str:
        """The id of its block; empty without one."""
        return self.ground.id

    @property
    def start(self) -> int:
        """Its first day."""
        return self.ground.start + self.figure.offset

    @property
    def end(self) -> int:
        """The day after its last."""
        return self.ground.start + self.figure.offset + self.figure.days

    @property
    def label(self) -> str:
        """What stands on it; on a cycle its number."""
        figure = self.figure
        if figure.label or figure.form != "cycle" or figure.cycle < 0:
            return figure.label
        return f"C{self.ground.cycles[figure.cycle].number}"

    @property
    def detail(self) -> str:
        """All about it, line by line."""
        told = self.figure.detail
        return told if isinstance(told, str) else told.words(self)

    @property
    def ticks(self) -> tuple[int, ...]:
        """Days on which something changes or is due."""
        start = self.ground.start
        return tuple([start + day for day in self.figure.traits.ticks])

    @property
    def numbering(self) -> tuple[tuple[int, int], ...]:
        """Pairs (day, number) from which the day numbers of a cycle run on."""
        start = self.ground.start
        return tuple((start + day, number) for day, number in self.figure.traits.numbering)

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


class FoundBar(Bar, frozen=True, gc=False):
    """A bar that a finding concerns."""

    severity: str

    @property
    def finding(self) -> str:
        """The worst severity that concerns it."""
        return self.severity


def _order_id(ground: PlacedBlock | Ground, cycle: int, order: str) -> str:
    return f"{ground.id}/{ground.cycles[cycle].number}/{order}" if cycle >= 0 else order


class Read(Struct, frozen=True):
    """All that is read from a bar, by the names it is read by."""

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


READ = Read.__struct_fields__


def free_bar(*read: Any, **more: Any) -> Bar:
    """A bar that stands alone, by all that is read from it (see `Read`): on no placed block, though it may name one."""
    told = Read(*read, **more)
    traits = Traits(
        told.level,
        told.ticks,
        told.window,
        told.open_end,
        told.letter,
        told.shift,
        told.numbering,
        told.branches,
        tuple((-1, order) for order in told.orders),
    )
    figure = Figure(
        told.start,
        told.end - told.start,
        told.form,
        told.role,
        told.state,
        told.label,
        told.detail,
        order=told.id,
        needs_check=told.needs_check,
        traits=NO_TRAITS if traits == NO_TRAITS else traits,
    )
    ground = Ground(told.block) if told.block else NO_BLOCK
    return FoundBar(figure, ground, told.finding) if told.finding else Bar(figure, ground)


def redrawn(bar: Bar, **changes: Any) -> Bar:
    """The bar standing alone, with these of its attributes changed."""
    return free_bar(**{**{name: getattr(bar, name) for name in READ}, **changes})


class Lane(Struct, frozen=True, gc=False):
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
