"""Stop a drug where the rule says that no more of it is given: cycles beyond their number, or after what happened."""

from collections.abc import Iterator

from planner.checking.fixes.case import Case
from planner.model.finding import Fix
from planner.model.plan import Scope, Stop
from planner.model.rule_kinds_course import AfterEvent
from planner.model.rule_kinds_span import CycleCount
from planner.model.schedule import Event
from planner.model.sentence import Sentence

MOST_CYCLES = 6
"""Cycles beyond a limit that one fix empties; more, and it is another course."""


def propose_beyond(case: Case) -> Iterator[Fix]:
    """The drug left out of every cycle beyond the number that the rule allows; dates stay."""
    wanted: CycleCount = case.wanted
    firsts = [subject.events[0] for subject in reversed(case.subjects)]
    doses = case.context().series(wanted.agents).events
    stops: dict[tuple[str, int, str], Stop] = {}
    for first in firsts:
        for event in doses:
            placed = event.placed
            if (placed.block.id, placed.cycle) == (first.placed.block.id, first.placed.cycle):
                stops.setdefault(_key(event), _stop(case, event, Scope.CYCLE, "other"))
    if firsts and len(firsts) <= MOST_CYCLES:
        cycles = ", ".join(f"{one.placed.agent_name} C{one.placed.cycle}" for one in firsts)
        yield Fix(
            "stop:beyond",
            Sentence("Leave out {cycles}, beyond the limit", cycles=cycles),
            changes=tuple(stops.values()),
        )


def propose_after(case: Case) -> Iterator[Fix]:
    """No more of the drug after an event that bars it for good; not where it may go on once that is over."""
    wanted = case.wanted
    if not isinstance(wanted, AfterEvent) or wanted.at_most or wanted.at_most_per_m2:
        return
    if wanted.resolved_at is not None:
        return
    stops: dict[tuple[str, int, str], Stop] = {}
    events = sorted((event for subject in case.subjects for event in subject.events), key=lambda one: one[:2])
    for event in events:
        stops.setdefault(_key(event), _stop(case, event, Scope.CYCLE, "toxicity"))
    if stops:
        title = Sentence("Stop {drug} from {dose} on", drug=events[0].placed.agent_name, dose=events[0].label)
        yield Fix("stop:after", title, changes=tuple(stops.values()))


def _key(event: Event) -> tuple[str, int, str]:
    return event.placed.block.id, event.placed.cycle, event.placed.order.id


def _stop(case: Case, event: Event, scope: Scope, reason: str) -> Stop:
    placed = event.placed
    return Stop(placed.block.id, placed.cycle, event.cycle_day, scope, reason, case.rule.id, order=placed.order.id)
