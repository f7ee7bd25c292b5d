"""Where a change of the plan stopped a treatment and why, and which cycles such a stop cut short."""

from collections.abc import Iterator
from typing import NamedTuple

from planner.checking.context import Context
from planner.checking.meaning import DOSES, LEFT_OUT
from planner.model.cycle_content import OrderLine, State
from planner.model.plan import Deferral, Given, Hold, Omission, Plan, Repetition, Skip, Stop
from planner.model.protocol import TemplateOrder
from planner.model.rule_values import Selectors
from planner.model.schedule import Event, PlacedContent

BEFORE_ALL = -(1 << 30)
"""A day number that no cycle has."""
ADVERSE = frozenset({"toxicity", "infection", "counts"})
"""The coded reasons that tell of an adverse reaction, also without a grade."""


class Stopped(NamedTuple):
    """Where a treatment was stopped and why; `surely` where the plan need not show a day without a dose for it."""

    block: str
    cycle: int
    day: int
    order: str
    reason: str
    grade: int
    surely: bool = False
    kept: frozenset[str] = frozenset()
    """Orders of that day that were given all the same."""

    def __str__(self) -> str:
        return why(self.reason, self.grade)

    @property
    def adverse(self) -> bool:
        """Whether it was for an adverse reaction: its reason says so, or it has a grade, which only those have."""
        return self.reason in ADVERSE or self.grade > 0


def why(reason: str, grade: int) -> str:
    """A coded reason with its grade in words."""
    return f"{reason} of grade {grade}" if grade else f"{reason}, grade not recorded"


def waits(company: Event, event: Event) -> bool:
    """Whether what should go with a dose is on hold, and nobody knows until when, while the dose itself is not."""
    return company.state is State.HELD and event.state is not State.HELD


def stops_of(plan: Plan) -> Iterator[Stopped]:
    """All changes that stop something, and the doses recorded as not given; such a record has no grade."""
    for one in plan.modifications:
        if isinstance(one, Skip):
            yield Stopped(one.block, one.cycle, BEFORE_ALL, "", one.reason, one.grade)
        elif isinstance(one, Deferral | Hold | Stop | Omission):
            surely = isinstance(one, Hold | Stop) or (isinstance(one, Deferral) and one.days == 0)
            kept = frozenset(order for order, _ in one.kept) if isinstance(one, Deferral) else frozenset[str]()
            yield Stopped(one.block, one.cycle, one.day, one.order, one.reason, one.grade, surely, kept)
    for record in plan.given:
        if record.status is Given.NOT_GIVEN:
            yield Stopped(record.block, record.cycle, record.day, record.order, record.reason, 0)


def is_cut_short(dose: Event, agents: Selectors, context: Context) -> bool:
    """Whether the cycle of that dose lost its last doses of `agents` to a stop for an adverse reaction."""
    place = _place(dose)
    here = [one for one in stops_of(context.plan) if one.adverse and (one.block, one.cycle) == place]
    pieces = [one for one in context.schedule.pieces if (one.block.id, one.cycle) == place] if here else []
    return any(_ends_at(stop, piece, agents, context) for stop in here for piece in pieces)


def _ends_at(stop: Stopped, piece: PlacedContent, agents: Selectors, context: Context) -> bool:
    """Whether some of the doses were lost from the stop on, and none comes after it."""
    runs = [
        run
        for run in piece.content.runs
        if run.line.kind in DOSES and max(run.cycle_days) >= stop.day and _is_meant(stop, run.line, agents, context)
    ]
    if any(run.state not in LEFT_OUT for run in runs):
        return False
    # A cycle that closes up behind the stop no longer holds what was lost; its protocol does.
    return bool(runs) or any(
        max(order.days.numbers, default=0) >= stop.day and (not order.cycles or piece.cycle in order.cycles)
        for order in piece.block.phase.orders
        if _is_meant(stop, order, agents, context)
    )


def _is_meant(stop: Stopped, order: TemplateOrder | OrderLine, agents: Selectors, context: Context) -> bool:
    """Whether the stop is about that order, and the order about these agents."""
    name = order.id if isinstance(order, TemplateOrder) else order.order.id
    return stop.order in ("", name) and context.is_meant(agents, order.agent, order.route, order.role)


def begins_anew(first: Event, before: Event, agents: Selectors, more_than: int, context: Context) -> bool:
    """Whether the cycle of `first` is a new one in place of the cycle of `before`.

    That one was cut short by a stop for an adverse reaction, and more than so many days passed without a dose. A stop
    that somebody told in hours may be longer than the whole days it shows: then the cycle was given once more for it.
    """
    last = last_dose(before, agents, context)
    without = first.day - last.day - 1 if last else -1
    long_enough = without > more_than or (without == more_than and _is_given_again(first, before, context))
    return long_enough and is_cut_short(before, agents, context)


def last_dose(dose: Event, agents: Selectors, context: Context) -> Event | None:
    """The last of the doses in the cycle of that one; None where there is none."""
    doses = [one for one in context.series(agents).events if _place(one) == _place(dose)]
    return doses[-1] if doses else None


def _is_given_again(first: Event, before: Event, context: Context) -> bool:
    """Whether the plan says that the cycle of `first` is that of `before` once more."""
    return any(
        isinstance(one, Repetition) and one.block == first.placed.block.id and (one.of, one.cycle) == _place(before)
        for one in context.plan.modifications
    )


def _place(event: Event) -> tuple[str, int]:
    return event.placed.block.id, event.placed.cycle
