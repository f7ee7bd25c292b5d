"""after_hold: how a treatment goes on after it was stopped for a toxicity, as the coded reason of the stop says.

The reason of a change says toxicity and its grade, not which toxicity. What the restart would need beyond that is told
as what cannot be checked, never passed over.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from planner.checking.context import Context
from planner.checking.hits import Hit, named, plural
from planner.checking.pieces import Series
from planner.checking.restarts import Over, over_limits
from planner.checking.stops import Stopped, stops_of
from planner.model.cycle_content import ComputedDose, State
from planner.model.protocol import TemplateOrder
from planner.model.quantity import format_amount
from planner.model.results import in_its_unit
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_course import AfterHold
from planner.model.schedule import Event


class _Restart(NamedTuple):
    """The last dose before a stop and the first after it; `inside` a cycle that had begun."""

    last: Event
    first: Event
    inside: bool

    @property
    def days(self) -> int:
        """Days without a dose."""
        return max(0, self.first.day - self.last.day - 1)


def find(rule: SequencingRule, wanted: AfterHold, context: Context) -> Iterator[Hit]:
    """One hit for each dose of the first days from a restart that is too large, one for what cannot be told of it."""
    stops = [one for one in stops_of(context.plan) if _matters(one, wanted)]
    if not stops:
        return
    doses = context.series(wanted.agents, rule.protocols)
    told: set[int] = set()
    for stop in stops:
        restart = _restart(stop, doses.events, wanted, context)
        if restart is None or _told_elsewhere(restart, stop, wanted, context):
            continue
        first = restart.first
        lacks = _unclear(restart, stop, wanted) if id(first) not in told else ""
        if lacks:
            yield _hit(
                restart,
                stop,
                first,
                Over(f"cannot tell whether it may go on: the {lacks} is not recorded", "", (lacks,)),
            )
        for event in doses.between(first.day, first.day + wanted.days - 1):
            if id(event) not in told and event[:2] >= first[:2]:
                told.add(id(event))
                day = _of_its_day(event, doses, wanted)
                for over in (*over_limits(day, wanted, context), *_not_lower(restart, day, wanted)):
                    yield _hit(restart, stop, event, _as_sure_as(over, restart, stop, wanted))


def _of_its_day(event: Event, doses: Series, wanted: AfterHold) -> Event:
    """The dose with the sum of its day, where doses of a day count together and all are known in one unit."""
    if wanted.of == "dose" or event.dose is None:
        return event
    known = [one.dose for one in doses.on(event.day) if one.dose is not None and one.dose.unit == event.dose.unit]
    of_day = [dose.value for dose in known if dose.value is not None]
    if len(of_day) < len(doses.on(event.day)):
        return event
    return event._replace(dose=ComputedDose(sum(of_day, Decimal(0)), event.dose.unit, event.dose.protocol_dose))


def _not_lower(restart: _Restart, event: Event, wanted: AfterHold) -> Iterator[Over]:
    """A dose as large as the one before the stop, where it has to be smaller."""
    before, now = restart.last.dose, event.dose
    if not wanted.lower or before is None or now is None or before.value is None or now.value is None:
        return
    if now.unit == before.unit and now.value >= before.value:
        was = format_amount(before.value, before.unit)
        yield Over(
            f"less than the {was} before it",
            f"{named(event)}: {format_amount(now.value, now.unit)}, before the stop {was}",
        )


def _matters(stop: Stopped, wanted: AfterHold) -> bool:
    """Whether it is of such a grade, or for such a reason without a grade."""
    return stop.grade >= wanted.from_grade or (stop.reason in wanted.reasons and not stop.grade)


def _restart(stop: Stopped, doses: Sequence[Event], wanted: AfterHold, context: Context) -> _Restart | None:
    """Where treatment goes on; None where the stop is not about these doses, or none came before it or comes after."""
    block = [number for number, event in enumerate(doses) if event.placed.block.id == stop.block]
    if not block or not _is_meant(stop, doses[block[0]], wanted, context):
        return None
    here = [number for number in block if doses[number].placed.cycle == stop.cycle]
    before = [number for number in here if _came_before(doses[number], stop)]
    if before:
        at = before[-1] + 1
    else:
        later = here or [number for number in block if doses[number].placed.cycle > stop.cycle]
        at = later[0] if later else 0
    if not 0 < at < len(doses):
        return None
    found = _Restart(doses[at - 1], doses[at], inside=bool(before))
    return found if stop.surely or found.days else None


def _came_before(event: Event, stop: Stopped) -> bool:
    day = event.cycle_day
    return day < stop.day or (day == stop.day and event.placed.order.id in stop.kept)


def _is_meant(stop: Stopped, event: Event, wanted: AfterHold, context: Context) -> bool:
    """Whether the drug that was stopped in the block of that dose is meant; a stop of all drugs always is."""
    orders = (one for one in event.placed.block.phase.orders if one.id == stop.order)
    order = next(orders, event.placed.order if event.placed.order.id == stop.order else None)
    if not stop.order:
        return True
    return isinstance(order, TemplateOrder) and context.is_meant(wanted.agents, order.agent, order.route, order.role)


def _told_elsewhere(restart: _Restart, stop: Stopped, wanted: AfterHold, context: Context) -> bool:
    """Whether the event itself is recorded between the last dose and the first: its own rule speaks of these doses."""
    least = max(wanted.from_grade, stop.grade)
    during = range(restart.last.day, restart.first.day + (restart.first.state is State.HELD))
    results = [in_its_unit(one) for one in context.labs if one.date.toordinal() in during]
    return any(read and read[0] in wanted.told_by and read[1] >= least for read in results)


def _unclear(restart: _Restart, stop: Stopped, wanted: AfterHold) -> str:
    """What is not recorded, but decides whether treatment goes on at all."""
    if not stop.grade:
        return f"grade of the {stop.reason}"
    long = restart.inside and wanted.stop_after_days is not None and restart.days > wanted.stop_after_days
    return "kind of toxicity" if stop.grade >= wanted.stop_from_grade or long else ""


def _as_sure_as(over: Over, restart: _Restart, stop: Stopped, wanted: AfterHold) -> Over:
    """What the limits ask for is certain after a stop of that grade in a running cycle; else it cannot be told."""
    if over.missing or (restart.inside and stop.grade):
        return over
    if stop.grade:
        return Over(f"{over.asked}, if it was one of this drug", "", ("kind of toxicity, and of which drug it was",))
    return Over(f"{over.asked}, if it was of grade {wanted.from_grade} or more", "", (f"grade of the {stop.reason}",))


def _hit(restart: _Restart, stop: Stopped, event: Event, over: Over) -> Hit:
    last, first = named(restart.last), named(restart.first)
    without = f"{plural(restart.days, 'day') if restart.days else 'less than a day'} without"
    if restart.first.state is State.HELD:
        without = "still on hold"
    return Hit(
        f"{named(event)} comes after a stop for {stop} ({without}): {over.asked}.",
        (event,),
        (
            ("stopped for", str(stop)),
            ("last before", last),
            ("goes on", first),
            ("asked for", over.asked),
        ),
        over.arithmetic,
        over.missing,
        key=f"{restart.first.placed.block.id}/{restart.first.placed.cycle}/{event.placed.agent}",
    )
