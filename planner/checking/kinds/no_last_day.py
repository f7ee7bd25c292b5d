"""no_last_day: a drug of the plan of which nobody said when it ends, before one that it must not meet."""

from collections.abc import Iterator

from planner.checking.context import Context
from planner.checking.hits import Hit, named
from planner.model.going_on import drawn_stretches, ends_unsaid
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_span import NoLastDay


def find(rule: SequencingRule, wanted: NoLastDay, context: Context) -> Iterator[Hit]:
    """One hit, which cannot be checked, for each order of `others` that is begun before `agents` and not ended."""
    begun = context.series(wanted.others).events
    days = context.days(wanted.agents, rule.protocols) if begun else []
    if not days or not any(one.day < days[-1] and drawn_stretches([one]) for one in begun):
        return  # before the plan itself is asked for
    for _, event in ends_unsaid(context.plan, begun):
        met = context.first(wanted.agents, rule.protocols, since=event.day + 1)
        if met is not None:
            drug = event.placed.agent_name
            yield Hit(
                f"{named(event)} has no last day, and {named(met)} comes behind it: whether they meet cannot be told.",
                (event, met),
                (("begun", named(event)), ("comes behind it", named(met))),
                missing=(f"the last day of {drug}",),
                key=f"{event.placed.block.id}/{event.placed.agent}",
            )
