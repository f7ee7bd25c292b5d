"""rescue_series: the doses of a rescue as they were laid out, held against those that are still there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from planner.checking.context import Context
from planner.checking.hits import Hit, named, on_day, plural, spoken
from planner.checking.levels import days_until
from planner.checking.meaning import LEFT_OUT
from planner.checking.stops import waits
from planner.model.cycle_content import ComputedDose, State
from planner.model.plan import Addition
from planner.model.quantity import format_amount
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_doses import RescueSeries
from planner.model.rule_values import Selectors
from planner.model.schedule import Event, PlacedContent

OFF = LEFT_OUT | {State.HELD}
ONE = Decimal(1)


class _Day(NamedTuple):
    """A day of the rescue: its doses as they were laid out, and all that there is for it now, from any block."""

    day: int
    laid_out: Sequence[Event]
    there: Sequence[Event]
    factors: Mapping[str, Decimal]

    @property
    def amounts(self) -> tuple[Decimal, Decimal, str] | None:
        """What there is, what was laid out, and the unit; None where the two cannot be compared.

        Where several drugs are there, each counts as so much of the one laid out as the factors say.
        """
        doses = (*self.laid_out, *self.there)
        agents = dict.fromkeys(one.placed.agent for one in doses)
        units = {one.dose.unit for one in doses if one.dose}
        full = [(_full(one.dose), one) for one in self.laid_out]
        given = [(one.dose.value if one.dose else None, one) for one in self.there]
        is_known = all(value is not None for value, _ in (*full, *given))
        if len(units) != 1 or not is_known or (len(agents) > 1 and not agents.keys() <= self.factors.keys()):
            return None
        return self._sum(given), self._sum(full), units.pop()

    def _sum(self, amounts: Iterable[tuple[Decimal | None, Event]]) -> Decimal:
        """Amounts of doses together, as the drug that was laid out."""
        own = self.factors.get(self.laid_out[0].placed.agent, ONE)
        counted = (value * self.factors.get(one.placed.agent, ONE) / own for value, one in amounts if value is not None)
        return sum(counted, Decimal(0))

    def falls_below(self, percent: int) -> bool:
        """Whether there are fewer doses than so many per cent of those laid out, or less in them."""
        if len(self.there) * 100 < len(self.laid_out) * percent:
            return True
        amounts = self.amounts
        return amounts is not None and amounts[0] * 100 < amounts[1] * percent

    def __str__(self) -> str:
        amounts = self.amounts
        told = f"{on_day(self.day)}: {len(self.there)} of {plural(len(self.laid_out), 'dose')}"
        if amounts is None or len(self.there) != len(self.laid_out):
            return told
        own = self.laid_out[0].placed
        other = any(one.placed.agent != own.agent for one in self.there)
        there = f"{format_amount(amounts[0], amounts[2])}{f' counted as {own.agent_name}' if other else ''}"
        return f"{on_day(self.day)}: {there} of {format_amount(*amounts[1:])}"


def find(rule: SequencingRule, wanted: RescueSeries, context: Context) -> Iterator[Hit]:
    """One hit for each dose whose rescue has days with less than what was laid out."""
    cycles = {one.piece.place: one.piece.placed for one in context.alike(wanted.agents, rule.protocols)}
    if not cycles:
        return
    factors = dict(wanted.factors)
    changes = context.plan.modifications  # what is left out is seen by no selector
    for placed in cycles.values():
        if not _is_touched(placed, wanted, context):
            continue
        added = {one.order for one in changes if isinstance(one, Addition) and one.block == placed.block.id}
        rescue = _laid_out(placed, wanted.needs, context)
        # Where people added a rescue to a protocol that has its own, only that one was laid out.
        own = [one for one in rescue if one.placed.order.id not in added] or rescue
        doses = _laid_out(placed, wanted.agents, context)
        for event, days in _by_dose(own, doses, wanted.within_days).items():
            there = ((day, laid_out, _there(day, laid_out, own, event, wanted, context)) for day, laid_out in days)
            less = [one for some in there if (one := _Day(*some, factors)).falls_below(wanted.percent)]
            less = [one for one in less if not _is_safe(event, one.day, wanted, context)]
            if less:
                yield _hit(event, less, wanted)._replace(days=_days(event, less, wanted, context))


def _is_touched(placed: PlacedContent, wanted: RescueSeries, context: Context) -> bool:
    """Whether anything of the doses or their rescue is moved, changed, on hold or left out; else nothing is short."""
    either = (*wanted.agents, *wanted.needs)
    return any(
        run.shift or run.state in OFF or (run.dose is not None and run.dose.full is not None)
        for run in placed.content.runs
        if context.is_meant(either, run.line.agent, run.line.route, run.line.role)
    )


def _laid_out(placed: PlacedContent, meant: Selectors, context: Context) -> list[Event]:
    """Such doses of a cycle as they were laid out, left out or not."""
    return [
        placed.event(one)
        for run in placed.content.runs
        if context.is_meant(meant, run.line.agent, run.line.route, run.line.role)
        for one in run.events()
    ]


def _by_dose(
    own: Iterable[Event], doses: Sequence[Event], within_days: int
) -> dict[Event, list[tuple[int, list[Event]]]]:
    """The rescue doses by the dose they belong to, if it is given, and the day they were laid out for.

    That day goes with the dose.
    """
    found: dict[Event, dict[int, list[Event]]] = {}
    for one in own:
        before = [dose for dose in doses if 0 <= one.due_day - dose.due_day <= within_days]
        event = max(before, key=_due, default=None)
        if event is not None and event.state not in LEFT_OUT:
            found.setdefault(event, {}).setdefault(one.due_day + event.day - event.due_day, []).append(one)
    return {event: sorted(days.items()) for event, days in found.items()}


def _due(event: Event) -> tuple[int, int]:
    return event.due_day, event.minute


def _there(
    day: int, laid_out: Sequence[Event], own: Sequence[Event], event: Event, wanted: RescueSeries, context: Context
) -> list[Event]:
    """What there is for a day of the rescue: its own doses up to then, and those of the day that others give.

    What is on hold is not there, and a dose that was moved to a later day leaves the day it was laid out for.
    """
    kept = [one for one in laid_out if one.state not in LEFT_OUT and one.day <= day]
    names = {one.placed.id for one in own}
    others = [one for one in context.series(wanted.needs).on(day) if one.placed.id not in names]
    return [one for one in (*kept, *others) if not waits(one, event)]


def _full(dose: ComputedDose | None) -> Decimal | None:
    """What the protocol gives there; None where nobody knows, or another drug stands in for it."""
    if dose is None or dose.origin == "replaced":
        return None
    return dose.value if dose.full is None else dose.full


def _is_safe(event: Event, day: int, wanted: RescueSeries, context: Context) -> bool:
    """Whether a level since the dose tells that no rescue is needed any more."""
    level = context.results_on(day).get(wanted.result)
    return level is not None and level[1].toordinal() > event.day and level[0] < wanted.below


def _hit(event: Event, less: Sequence[_Day], wanted: RescueSeries) -> Hit:
    days = "; ".join(map(str, less))
    grave = any(one.falls_below(wanted.contraindicated_below) for one in less)
    what = spoken(wanted.needs)
    return Hit(
        f"{named(event)}: its rescue falls short of what was laid out: {days}.",
        (event, *(one for day in less for one in day.laid_out[:1])),
        (("dose", named(event)), ("rescue", what), ("there", days)),
        f"{days}; at least {wanted.percent} % asked for",
        severity="contraindicated" if grave else "",
        key=f"{event.placed.block.id}/{event.placed.cycle}/{event.day}",
    )


def _days(event: Event, less: Sequence[_Day], wanted: RescueSeries, context: Context) -> tuple[int, ...]:
    """The day of the dose, and each from the first short one on until the level is low."""
    first, last = less[0].day, max(less[-1].day, event.day + wanted.within_days)
    return event.day, *days_until(context, wanted.result, wanted.below, first, last)
