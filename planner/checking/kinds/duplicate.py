"""duplicate: the same agent by the same route from two blocks, or from two days of one cycle, on one day."""

from collections.abc import Iterator, Sequence

from planner.checking.context import Context
from planner.checking.hits import Hit, named, on_day
from planner.checking.known import Known
from planner.checking.meaning import EVERY_DOSE
from planner.checking.reach import Reach
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import Duplicate
from planner.model.schedule import Event


def reach(wanted: Duplicate, known: Known) -> Reach:  # noqa: ARG001 all reaches alike
    """The day itself."""
    return Reach(EVERY_DOSE, (EVERY_DOSE,), doses=False)


def find(rule: SequencingRule, wanted: Duplicate, context: Context) -> Iterator[Hit]:  # noqa: ARG001 all kinds alike
    """One hit for each agent and day that two blocks both give, or on which two days of one cycle met.

    Two days of a cycle meet where one was moved, or given, on the day of the other: both doses, or a slip in a date.
    """
    yield from _met_days(context.judged_events(EVERY_DOSE, rule.protocols))
    yield from _two_blocks(rule, context)


def _met_days(doses: Sequence[Event]) -> Iterator[Hit]:
    moved = {event.day for event in doses if event.day != event.due_day}
    if not moved:
        return
    first: dict[tuple[int, str], Event] = {}
    told: set[tuple[int, str]] = set()
    for event in doses:
        if event.day not in moved:
            continue
        key = event.day, event.placed.id
        other = first.setdefault(key, event)
        if other.cycle_day != event.cycle_day and key not in told:
            told.add(key)
            yield _met(*sorted((other, event), key=lambda one: one.cycle_day))


def _met(event: Event, other: Event) -> Hit:
    day, orders = on_day(event.day), event.placed.id
    return Hit(
        f"{named(event)} and {named(other)} are on one day.",
        (event, other),
        (("days of the protocol", f"Day {event.cycle_day} and Day {other.cycle_day}"),),
        f"both on {day}",
        key=f"{orders}/one day",
    )


def _two_blocks(rule: SequencingRule, context: Context) -> Iterator[Hit]:
    doses = context.judged_events(EVERY_DOSE, rule.protocols)
    others = context.after_judged(EVERY_DOSE, rule.protocols)
    if not others.days:
        return
    given = {(event.day, event.placed.agent, event.placed.route): event for event in reversed(doses)}
    met: set[tuple[int, str, str, str]] = set()
    for other in others.events:
        day, agent, route, block = other.day, other.placed.agent, other.placed.route, other.placed.block.id
        event = given.get((day, agent, route))
        if event is not None and block != event.placed.block.id and (day, agent, route, block) not in met:
            met.add((day, agent, route, block))
            yield _hit(event, other)


def _hit(event: Event, other: Event) -> Hit:
    titles = f"{event.placed.block.title}; {other.placed.block.title}"
    route = event.placed.route
    return Hit(
        f"{named(event)} comes {route} from two blocks on one day: {titles}.",
        (event, other),
        (("blocks", titles),),
        f"both on {on_day(event.day)}",
        key=f"{event.placed.block.id}/{other.placed.block.id}/{event.placed.agent}/{route}",
    )
