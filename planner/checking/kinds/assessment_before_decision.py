"""assessment_before_decision: a decision needs the examination it is to be taken on."""

from collections.abc import Iterator

from planner.checking.context import Context
from planner.checking.hits import Hit, named, on_day
from planner.checking.meaning import takes_part
from planner.model.asked import still_asked
from planner.model.protocol import TemplateAssessment
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import AssessmentBeforeDecision
from planner.model.schedule import Event, OpenDecision

OPTIONAL = "where measured"
"""How a protocol ends a need that a decision does without."""


def find(rule: SequencingRule, wanted: AssessmentBeforeDecision, context: Context) -> Iterator[Hit]:
    """One hit for each open decision without its examination."""
    # Most plans have no such decision open, and this runs at every edit.
    asking = [due for due in context.schedule.decisions if due.choice is None and _asks(due, rule, wanted, context)]
    seen = [event for event in context.assessments() if _mentions(_words_of(event), wanted)] if asking else []
    for due in asking:
        found = any(due.day - wanted.within_days <= event.day <= due.day for event in seen)
        if not found and still_asked(due, context.schedule, context.plan):
            yield _hit(due, context.decision(due.block, due.decision.id), seen, wanted)


def _asks(due: OpenDecision, rule: SequencingRule, wanted: AssessmentBeforeDecision, context: Context) -> bool:
    needs = (need for need in due.decision.needs if not need.endswith(OPTIONAL))
    text = f"{due.decision.question} {' '.join(needs)}"
    return _mentions(text, wanted) and takes_part(context.schedule.block(due.block).protocol_id, rule.protocols)


def _words_of(event: Event) -> str:
    order = event.placed.order
    return f"{order.topic} {order.title}" if isinstance(order, TemplateAssessment) else ""


def _mentions(text: str, wanted: AssessmentBeforeDecision) -> bool:
    folded = text.casefold()
    return any(word.casefold() in folded for word in wanted.mentions)


def _hit(due: OpenDecision, event: Event | None, seen: list[Event], wanted: AssessmentBeforeDecision) -> Hit:
    before = [event for event in seen if event.day <= due.day]
    last = f"last before it: {named(before[-1])}" if before else "none before it"
    what = " or ".join(wanted.mentions)
    on = on_day(due.day)
    return Hit(
        f'"{due.decision.question}" is due on {on} with no {what} in the {wanted.within_days} days before.',
        (event,) if event else (),
        (("decision", f"{due.decision.question} ({on})"), ("needed", what), ("found", last)),
        f"{last}; needed from {on_day(due.day - wanted.within_days)} to {on}",
        key=f"{due.block}/{due.decision.id}",
        days=(due.day,),
    )
