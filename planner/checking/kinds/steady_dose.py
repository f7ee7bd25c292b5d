"""steady_dose: a dose is not changed again before its last change can have worked."""

from collections.abc import Iterator
from decimal import Decimal

from planner.checking.context import Context
from planner.checking.hits import Hit, named, plural
from planner.model.civil import clinical_date
from planner.model.cycle_content import ComputedDose
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_doses import SteadyDose
from planner.model.schedule import Event

Level = tuple[str, Decimal]
"""What was ordered: the protocol's dose and the share of it; a new weight or surface is no change."""


def find(rule: SequencingRule, wanted: SteadyDose, context: Context) -> Iterator[Hit]:
    """One hit for each change of an agent's dose that comes too soon after the one before it."""
    before: dict[str, tuple[ComputedDose, Level]] = {}
    changed: dict[str, Event] = {}
    for event in context.series(wanted.agents, rule.protocols).events:
        agent, dose = event.placed.agent, event.dose
        earlier = before.get(agent)
        # The doses of a run are one object: nothing to compare.
        if dose is None or dose.value is None or (earlier and earlier[0] is dose):
            continue
        level = dose.protocol_dose, dose.value / dose.full if dose.full else Decimal(1)
        if earlier and level != earlier[1]:
            last = changed.get(agent)
            if last is not None and event.day - last.day < wanted.at_least_days:
                yield _hit(last, event, wanted)
            changed[agent] = event
        before[agent] = dose, level


def _hit(last: Event, event: Event, wanted: SteadyDose) -> Hit:
    apart = plural(event.day - last.day, "day")
    return Hit(
        f"{named(event)} changes the dose {apart} after its last change ({clinical_date(last.day)}).",
        (last, event),
        (("last change", named(last)), ("next change", named(event)), ("wait", plural(wanted.at_least_days, "day"))),
        f"{clinical_date(event.day)} − {clinical_date(last.day)} = {apart} < {wanted.at_least_days} days",
        key=f"{event.placed.block.id}/{event.placed.agent}",
    )
