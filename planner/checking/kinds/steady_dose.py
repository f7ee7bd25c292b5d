"""steady_dose: a dose is not changed again before its last change can have worked.

What was recorded of a dose (half of it vomited) is no change of what was ordered.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from planner.checking.alike import Alike, by_moment
from planner.checking.context import Context
from planner.checking.hits import Hit, named, on_day, plural
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_doses import SteadyDose
from planner.model.schedule import Event

Level = tuple[str, Decimal]
"""What was ordered: the protocol's dose and the share of it; a new weight or surface is no change."""


def find(rule: SequencingRule, wanted: SteadyDose, context: Context) -> Iterator[Hit]:
    """One hit for each change of an agent's dose that comes too soon after the one before it."""
    doses: dict[str, list[tuple[Alike, Level]]] = {}
    for alike in by_moment(context.alike(wanted.agents, rule.protocols)):
        dose = alike.dose
        if dose is not None and dose.planned is not None:
            level = dose.protocol_dose, dose.planned / dose.full if dose.full else Decimal(1)
            doses.setdefault(alike.run.line.agent, []).append((alike, level))
    for of_agent in doses.values():
        last: Event | None = None
        for alike in _changes(of_agent):
            if last is not None and alike.first_day - last.day < wanted.at_least_days:
                yield _hit(last, alike.first, wanted)
            last = alike.first


def _changes(doses: Sequence[tuple[Alike, Level]]) -> Iterator[Alike]:
    """The doses, by their first, that are at another level than the one before; those of a run have one level."""
    if len({level for _, level in doses}) < 2:
        return
    if any(one.last_moment >= other.moment for (one, _), (other, _) in pairwise(doses)):
        # They alternate, so each is looked at.
        single = [(one, level) for some, level in doses for one in some.one_by_one()]
        doses = sorted(single, key=lambda one: (one[0].moment, one[0].run.place))
    for (_, before), (alike, level) in pairwise(doses):
        if level != before:
            yield alike


def _hit(last: Event, event: Event, wanted: SteadyDose) -> Hit:
    apart = plural(event.day - last.day, "day")
    return Hit(
        f"{named(event)} changes the dose {apart} after its last change ({on_day(last.day)}).",
        (last, event),
        (("last change", named(last)), ("next change", named(event)), ("wait", plural(wanted.at_least_days, "day"))),
        f"{on_day(event.day)} − {on_day(last.day)} = {apart}, below {wanted.at_least_days} days",
        key=f"{event.placed.block.id}/{event.placed.agent}",
    )
