"""decision_overdue: a decision that is still open although treatment was given after its day."""

from collections.abc import Iterator

from planner.checking.context import Context
from planner.checking.hits import Hit, on_day
from planner.checking.meaning import takes_part
from planner.model.asked import still_asked
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_state import DecisionOverdue


def find(rule: SequencingRule, wanted: DecisionOverdue, context: Context) -> Iterator[Hit]:  # noqa: ARG001 all kinds alike
    """One hit for each such decision. What was given tells how far the course has come; no clock is asked."""
    latest = max((record.on.toordinal() for record in context.plan.given if record.on), default=None)
    if latest is None:
        return
    for due in context.schedule.decisions:
        protocol = context.schedule.block(due.block).protocol_id
        overdue = due.choice is None and due.day < latest and takes_part(protocol, rule.protocols)
        if overdue and still_asked(due, context.schedule, context.plan):
            on, last = on_day(due.day), on_day(latest)
            event = context.decision(due.block, due.decision.id)
            yield Hit(
                f'"{due.decision.question}" was due on {on} and is still open; treatment was given until {last}.',
                (event,) if event else (),
                (("decision", f"{due.decision.question} ({on})"), ("last given", last)),
                f"{last} is after {on}",
                key=f"{due.block}/{due.decision.id}",
                days=(due.day,),
            )
