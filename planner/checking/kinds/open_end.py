"""open_end: a drug that goes on behind its block, drawn for a part only of what the plan has."""

from collections.abc import Iterator, Sequence

from planner.checking.context import Context
from planner.checking.hits import Hit, on_day
from planner.checking.view import Cycle
from planner.model.going_on import goes_beyond
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_span import OpenEnd
from planner.model.rule_values import Selectors
from planner.model.schedule import Event


def find(rule: SequencingRule, wanted: OpenEnd, context: Context) -> Iterator[Hit]:
    """One hit for each such drug, at its last drawn dose. Where it is given again, another rule tells the gap."""
    cycles = [cycle for cycle, _ in context.judged_cycles(wanted.agents, rule.protocols)]
    if not any(cycle.piece.block.phase.open_end for cycle in cycles):
        return
    last = max(last_day(cycle, wanted.agents) for cycle in cycles)
    for event in _ends(cycles, wanted.agents):
        end = event.placed.block.end
        if end <= last and not _is_given_from(end, event.placed.agent, cycles, wanted.agents):
            yield _hit(event, last)


def _ends(cycles: Sequence[Cycle], agents: Selectors) -> Iterator[Event]:
    """The last drawn dose of each drug that goes on behind a block without an end of its own."""
    for cycle in cycles:
        block = cycle.piece.block
        if block.phase.open_end and not block.waits and cycle.piece.place[1] == block.cycles[-1].number:
            events = cycle.piece.series(agents, cycle.meaning).events
            yield from (event for event in {one.placed.id: one for one in events}.values() if goes_beyond(event))


def last_day(cycle: Cycle, agents: Selectors) -> int:
    """The day of the last of these doses in a cycle that holds some."""
    hull = cycle.piece.shape.hull(agents, cycle.meaning)
    return cycle.start + (hull[1] if hull else 0)


def _is_given_from(day: int, agent: str, cycles: Sequence[Cycle], agents: Selectors) -> bool:
    later = (cycle for cycle in cycles if last_day(cycle, agents) >= day)
    return any(
        event.placed.agent == agent and event.day >= day
        for cycle in later
        for event in cycle.piece.series(agents, cycle.meaning).events
    )


def _hit(event: Event, last: int) -> Hit:
    placed, end = event.placed, event.placed.block.end
    return Hit(
        f"{placed.agent_name} of {placed.block.title} goes on until somebody says when it ends, but is drawn only to "
        f"{on_day(end - 1)}. The plan goes on to {on_day(last)}: from {on_day(end)} on no rule sees it.",
        (event,),
        (("drawn to", on_day(end - 1)), ("the plan goes on to", on_day(last))),
        f"{on_day(last)} is after {on_day(end - 1)}",
        key=placed.id,
    )
