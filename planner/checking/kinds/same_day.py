"""same_day: no dose of one on a day with a dose of the other, or while the other is taken beside the plan."""

from collections.abc import Iterator

from planner.checking.context import Context
from planner.checking.hits import Hit, named, on_day
from planner.checking.known import Known, span_text
from planner.checking.reach import Reach
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import SameDay


def reach(wanted: SameDay, known: Known) -> Reach:  # noqa: ARG001 all reaches alike
    """The day itself."""
    return Reach(wanted.agents, (wanted.others,), doses=False)


def find(rule: SequencingRule, wanted: SameDay, context: Context) -> Iterator[Hit]:
    """One hit for each day and agent, and for each other medicine and agent a day."""
    doses = context.judged(wanted.agents, rule.protocols)
    others = context.series(wanted.others)
    for span in context.spans(wanted.others):
        name = span_text(span)
        for event in doses.between(span.start, span.end):
            yield Hit(
                f"{named(event)} falls on a day with {name}.",
                (event,),
                (("dose", named(event)), ("taken that day", name)),
                f"{on_day(event.day)}: {name}",
                key=f"{event.placed.agent}/{span.agent}",
            )
    for day in sorted({*doses.days} & {*others.days}):
        for event in {one.placed.agent: one for one in reversed(doses.on(day))}.values():
            beside = {one.placed.agent: one for one in others.on(day) if one.placed is not event.placed}.values()
            if beside:
                names = ", ".join(named(one) for one in beside)
                yield Hit(
                    f"{named(event)} falls on the same day as {names}.",
                    (event, *beside),
                    (("dose", named(event)), ("same day", names)),
                    f"both on {on_day(day)}",
                )
