"""not_after: a treatment that does not follow another one, given in the plan, before it or beside it."""

from collections.abc import Iterable, Iterator, Sequence

from planner.checking.context import Context
from planner.checking.exposures import exposures_to
from planner.checking.hits import Hit, named, on_day
from planner.checking.known import span_text
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_course import NotAfter
from planner.model.rule_values import Selectors
from planner.model.schedule import Event


def find(rule: SequencingRule, wanted: NotAfter, context: Context) -> Iterator[Hit]:
    """One hit for each block and agent, or for a block with two of `two_of`."""
    doses = context.series((*wanted.agents, *wanted.two_of), rule.protocols).events
    if not doses:
        return
    after, beside_plan = context.series(wanted.after).events, context.spans(wanted.after)
    earlier = ", ".join(f"earlier {one.agent}" for one in exposures_to(wanted.after, context))
    if not after and not earlier and not beside_plan:
        return
    beside = {event.placed.block.id for event in context.series(wanted.beside).events}
    blocks: dict[str, list[Event]] = {}
    for event in doses:
        if not wanted.beside or event.placed.block.id in beside:
            blocks.setdefault(event.placed.block.id, []).append(event)
    for events in blocks.values():
        told = _told(events, wanted, context)
        first = next((other for other in after if other[:2] < events[0][:2]), None)
        taken = next((span_text(one) for one in beside_plan if one.start < events[0].day), "")
        before = earlier or (named(first) if first else taken)
        if told and before:
            yield _hit(told, before, [first] if first else [])


def _told(events: Sequence[Event], wanted: NotAfter, context: Context) -> list[Event]:
    """The first dose of each agent that is not to follow, or of the two that are not to follow together."""
    firsts: dict[str, Event] = {}
    for event in events:
        firsts.setdefault(event.placed.agent, event)
    barred = [one for one in firsts.values() if _means(wanted.agents, one, context)]
    two = [one for one in firsts.values() if wanted.two_of and _means(wanted.two_of, one, context)]
    return barred or (two if len(two) > 1 else [])


def _means(selectors: Selectors, event: Event, context: Context) -> bool:
    return context.is_meant(selectors, event.placed.agent, event.placed.route, event.placed.role)


def _hit(told: Sequence[Event], before: str, first: Iterable[Event]) -> Hit:
    names = ", ".join(named(event) for event in told)
    on = on_day(told[0].day)
    return Hit(
        f"{names} {'are' if len(told) > 1 else 'is'} planned after {before}.",
        (*first, *told),
        (("planned", names), ("after", before)),
        f"{before} comes before {on}",
        key=f"{told[0].placed.block.id}/{'+'.join(event.placed.agent for event in told)}",
    )
