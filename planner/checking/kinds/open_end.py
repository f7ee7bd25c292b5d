"""open_end: a drug that goes on behind its block, drawn for a part only of what the plan has."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from planner.checking.context import Context
from planner.checking.hits import Hit, on_day
from planner.checking.known import Span, span_text
from planner.checking.view import NEVER, Cycle
from planner.model.going_on import goes_beyond
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_span import OpenEnd
from planner.model.rule_values import Selectors
from planner.model.schedule import Event


class Unseen(NamedTuple):
    """A drug's last drawn dose, and what comes behind it: the plan's last day, and medicines that begin.

    `again` is the day on which the plan gives the drug again, NEVER where it does not. There another rule tells the
    gap, and only medicines that begin in it are told here.
    """

    event: Event
    last: int
    medicines: tuple[Span, ...]
    again: int

    @property
    def until(self) -> int:
        """The day to which the drug would have to be drawn for rules to see it beside all of that."""
        return max([self.last, *(one.start for one in self.medicines)])


def find(rule: SequencingRule, wanted: OpenEnd, context: Context) -> Iterator[Hit]:
    """One hit for each such drug, at its last drawn dose."""
    return map(_hit, unseen(rule, wanted, context))


def unseen(rule: SequencingRule, wanted: OpenEnd, context: Context) -> Iterator[Unseen]:
    """Each drug that goes on behind its block beside something that is drawn or begins only there."""
    counted = (*wanted.agents, *wanted.beside)
    cycles = [cycle for cycle, _ in context.judged_cycles(counted, rule.protocols)]
    if not any(cycle.piece.block.phase.open_end for cycle in cycles):
        return
    last = max(_last_day(cycle, counted) for cycle in cycles)
    spans = context.spans(wanted.medicines)
    for event in _ends(cycles, wanted.agents):
        end, again = event.placed.block.end, _given_again(event, cycles, wanted.agents)
        begun = tuple(span for span in spans if end <= span.start < again)
        if begun or (end <= last and again == NEVER):
            yield Unseen(event, last if again == NEVER else end - 1, begun, again)


def _ends(cycles: Sequence[Cycle], agents: Selectors) -> Iterator[Event]:
    """The last drawn dose of each drug that goes on behind a block without an end of its own."""
    for cycle in cycles:
        block = cycle.piece.block
        if block.phase.open_end and not block.waits and cycle.piece.place[1] == block.cycles[-1].number:
            events = cycle.piece.series(agents, cycle.meaning).events
            yield from (event for event in {one.placed.id: one for one in events}.values() if goes_beyond(event))


def _last_day(cycle: Cycle, counted: Selectors) -> int:
    """The day of the last of these in a cycle that holds some."""
    hull = cycle.piece.shape.hull(counted, cycle.meaning)
    return cycle.start + (hull[1] if hull else 0)


def _given_again(last: Event, cycles: Sequence[Cycle], agents: Selectors) -> int:
    """The first day behind a drug's block on which the plan gives it again."""
    end = last.placed.block.end
    later = (cycle for cycle in cycles if _last_day(cycle, agents) >= end)
    events = (event for cycle in later for event in cycle.piece.series(agents, cycle.meaning).events)
    return min((one.day for one in events if one.placed.agent == last.placed.agent and one.day >= end), default=NEVER)


def _hit(found: Unseen) -> Hit:
    placed, end = found.event.placed, found.event.placed.block.end
    behind = [f"The plan goes on to {on_day(found.last)}"] if found.last >= end else []
    behind += [f"{span_text(one)} begins behind that" for one in found.medicines]
    again = f" to {on_day(found.again - 1)}" if found.again < NEVER else " on"
    return Hit(
        f"{placed.agent_name} of {placed.block.title} goes on until somebody says when it ends, but is drawn only to "
        f"{on_day(end - 1)}. {'; '.join(behind)}: from {on_day(end)}{again} no rule sees it.",
        (found.event,),
        (
            ("drawn to", on_day(end - 1)),
            *((("the plan goes on to", on_day(found.last)),) if found.last >= end else ()),
            *(("begins behind that", span_text(one)) for one in found.medicines),
        ),
        f"{'; '.join(behind)}, after {on_day(end - 1)}",
        key=placed.id,
    )
