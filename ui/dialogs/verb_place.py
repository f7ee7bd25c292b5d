"""Where a change begins: the block, cycle and day that are selected, and which of a bar's days is meant."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from planner.model.agent import Agent
from planner.model.civil import clinical_date, clock
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import Plan, Scope
from planner.model.protocol import Protocol
from planner.model.rule import SequencingRule
from planner.model.schedule import Event, PlacedBlock, number_of_day
from planner.model.timeline import UNSETTLED
from ui.dialogs.fields import Answers, Field
from ui.tongue import say

REACH = {
    Scope.DAY: "this day only",
    Scope.CYCLE: "the rest of this cycle",
    Scope.FOLLOWING: "from here to the end of the block",
    Scope.ALL: "from here to the end of the plan",
}


class Place(Struct, frozen=True):
    """Where a change begins: block, cycle and day, and the dose that is selected, if one is.

    `events` are those of the selected bar, which may run over many days, `event` is the one of them that is likely
    meant. Where a block is selected they are all its doses, and `event` is none of them.
    """

    evaluated: EvaluatedPlan
    agents: Mapping[str, Agent]
    block: PlacedBlock
    cycle: int
    day: int
    event: Event | None
    today: date
    who: str
    events: tuple[Event, ...] = ()
    protocols: tuple[Protocol, ...] = ()
    """Those of the library, beside which a typed dose is looked at."""
    look_at: Callable[[Plan], EvaluatedPlan] | None = None
    """Evaluates a plan beside the open one."""
    pointed: int = 0
    """The day of the bar that somebody pointed at (an ordinal), 0 where nobody did."""
    rules: tuple[SequencingRule, ...] = ()
    """Those of the library, which ask for doses that no protocol gives."""
    day_starts: int = 540
    """The minute at which a day of treatment begins here."""

    @property
    def order(self) -> str:
        """The id of the selected dose's order, "" where none is selected."""
        return self.event.placed.order.id if self.event else ""

    @property
    def drug(self) -> str:
        """The name of the selected drug."""
        return self.event.placed.agent_name if self.event else ""

    @property
    def words(self) -> str:
        """Block, cycle and day."""
        return f"{self.block.title} C{self.cycle} D{self.day}"

    def at(self, answers: Answers) -> "Place":
        """The place with the day that was chosen among those of the bar."""
        at: Event | None = answers.get(DAY)
        if at is None:
            return self
        return replace(self, cycle=at.placed.cycle, day=at.cycle_day, event=at if self.event else None)

    def likely(self, events: Sequence[Event], *, of_cycle: bool = False) -> Event:
        """Which of those is likely meant here."""
        return likely_start(events, self.today.toordinal(), of_cycle=of_cycle, pointed=self.pointed)

    def starts(self, *, of_cycle: bool) -> tuple[Event, ...]:
        """The first event of each day of the bar, or of each cycle."""
        found: dict[tuple[int, int], Event] = {}
        for event in self.events:
            found.setdefault((event.placed.cycle, 0 if of_cycle else event.cycle_day), event)
        return tuple(found.values())


HOURS = tuple((minute, clock(minute)) for minute in range(0, 24 * 60, 15))
"""The minutes of a day that are offered as hours, each with its words."""
DAY = "at"
"""The field that asks for the day."""


Likely = Callable[[Place, Sequence[Event], bool], Event]
"""Which of those days, or cycles, a change most likely begins on."""


def likely_of(place: Place, starts: Sequence[Event], of_cycle: bool) -> Event:
    """The day that was pointed at, else today, else the first."""
    return place.likely(starts, of_cycle=of_cycle)


def first_without_dose(place: Place, starts: Sequence[Event], of_cycle: bool) -> Event:
    """The first day that lacks a dose: entered from a later one on, those before it stay without."""
    open_ones = (one for one in starts if one.dose and one.dose.value is None and one.state in UNSETTLED)
    return next(open_ones, None) or likely_of(place, starts, of_cycle)


def day_field(place: Place, label: str, likely: Likely = likely_of, *, of_cycle: bool = False) -> tuple[Field, ...]:
    """Asks from which day, or in which cycle, of the selected bar a change begins; nothing where there is but one."""
    starts = place.starts(of_cycle=of_cycle)
    if len(starts) < 2:
        return ()
    choices = [(event, _day_words(event)) for event in starts]
    return (Field(DAY, label, "choice", likely(place, starts, of_cycle), choices),)


def dose_field(place: Place, label: str) -> tuple[Field, ...]:
    """Asks which dose of the selected bar is meant: every one, also of several on one day. Those recorded come last."""
    doses = place.events
    if len(doses) < 2:
        return ()
    open_ones = [event for event in doses if event.state is not State.GIVEN and not place.pointed] or list(doses)
    many = len(place.starts(of_cycle=False)) < len(doses)
    choices = [(event, _day_words(event) + (_dose_words(event) if many else "")) for event in doses]
    return (Field(DAY, label, "choice", place.likely(open_ones), choices),)


def _day_words(event: Event) -> str:
    return f"C{event.placed.cycle} D{event.cycle_day}, {clinical_date(event.day)}"


def _dose_words(event: Event) -> str:
    """Which dose of its day: its clock time, or its number where it has none."""
    number = number_of_day(event)
    if event.minute >= 0:
        return f" {clock(event.minute)}"
    return f", {say('dose {number} of the day', number=number)}" if number else ""


def likely_start(starts: Sequence[Event], today: int, *, of_cycle: bool = False, pointed: int = 0) -> Event:
    """Where a change most likely begins: on the day that was pointed at, else today while the bar runs.

    With `of_cycle` in the cycle of that day; where the bar does not run today at its beginning. What ran before today
    is past: a pause that is offered from the first day on would undo days that were given.
    """
    if pointed and not of_cycle:
        return min(starts, key=lambda event: abs(event.day - pointed))
    today = pointed or today
    before = [event for event in starts if event.day <= today]
    later = [event for event in starts if event.day >= today]
    if not before or not (later or of_cycle):
        return starts[0]
    return before[-1] if of_cycle or before[-1].day == today else later[0]
