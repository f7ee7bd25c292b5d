"""cycle_interval: from the start of one cycle to the start of the next, neither too short nor too long."""

from collections.abc import Iterator

from planner.checking.context import Context
from planner.checking.hits import Hit, on_day, plural
from planner.checking.known import Known
from planner.checking.reach import Reach
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_span import CycleInterval


def reach(wanted: CycleInterval, known: Known) -> Reach:  # noqa: ARG001 all reaches alike
    """The cycle before, however far."""
    return Reach(wanted.agents, cycle_before=True, doses=False)


def find(rule: SequencingRule, wanted: CycleInterval, context: Context) -> Iterator[Hit]:
    """One hit for each cycle that starts too early or too late."""
    for cycle, before in context.judged_cycles(wanted.agents, rule.protocols):
        if before is None or not before.holds(wanted.after):
            continue
        start, earlier = cycle.begins(wanted.agents), before.begins(wanted.after)
        days = start - earlier
        if not wanted.at_least.days <= days <= wanted.at_most.days:
            asked = f"{wanted.at_least} to {wanted.at_most}"
            yield Hit(
                f"{cycle.name} starts {plural(days, 'day')} after {before.name}; asked for are {asked}.",
                (*before.first_doses(wanted.after), *cycle.first_doses(wanted.agents)),
                (("before", before.name), ("cycle", cycle.name), ("asked for", asked)),
                f"{on_day(start)} − {on_day(earlier)} = {plural(days, 'day')}; {asked}",
                key=cycle.name,
            )
