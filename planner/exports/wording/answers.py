"""Decisions in words for the sheets: the answer somebody gave, or the one that an open question is drawn with."""

from collections.abc import Mapping

from planner.model.civil import clinical_date
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.protocol import TemplateDecision
from planner.model.schedule import Event, OpenDecision, Schedule

DECIDED = "Decided: "

Answers = Mapping[tuple[str, str], str]
"""By block and decision, the answer in words."""


def answers_of(evaluated: EvaluatedPlan) -> Answers:
    """What every question of the plan is answered with, or drawn with as long as it is open."""
    return {(one.block, one.decision.id): answer_words(evaluated, one) for one in evaluated.schedule.decisions}


def answer_words(evaluated: EvaluatedPlan, found: OpenDecision) -> str:
    """ "Decided: Positive, MRD 0.3 %, by A. P. on 20-Jun-2026 (second sample)" or "Open; drawn as: Negative"."""
    rule = found.decision
    if found.choice is None:
        return f"Open; {drawn_as(evaluated.schedule, rule)}"
    title = _title(evaluated.schedule, rule, found.choice)
    taken = [one for one in evaluated.plan.decisions if (one.group, one.decision) == (found.group, rule.id)]
    if not taken:
        return f"{DECIDED}{title}"
    made = taken[-1]
    note = f" ({made.note})" if made.note else ""
    return f"{DECIDED}{', '.join(filter(None, (title, made.result)))}, by {made.by} on {clinical_date(made.on)}{note}"


def drawn_as(schedule: Schedule, rule: TemplateDecision) -> str:
    """ "drawn as: Negative", of an open question."""
    return f"drawn as: {_title(schedule, rule, rule.expected)}"


def _title(schedule: Schedule, rule: TemplateDecision, answer: str) -> str:
    """The words of an answer, and what stands in for a drug in them: "ponatinib 15 mg" stood beside dasatinib."""
    title = next((choice.title for choice in rule.choices if choice.id == answer), answer)
    words = title.casefold()
    named = {one.agent for block in schedule.blocks for one in block.phase.orders if one.agent in words}
    if not named:
        return title
    swapped = {  # of several replacements the last one counts
        order.agent: f"{order.agent} is replaced by {event.placed.agent_name}"
        for event in schedule.events
        for order in event.placed.block.phase.orders
        if order.id == event.placed.order.id and order.agent in named and order.agent != event.placed.agent
    }
    return f"{title} ({'; '.join(swapped.values())} in this plan)" if swapped else title


def is_decided(answer: str) -> bool:
    """Whether that is an answer somebody gave: nothing is left to ask or to tick."""
    return answer.startswith(DECIDED)


def answer_of(event: Event, answers: Answers) -> str:
    """The answer to the question that an event puts; empty for all other events."""
    is_question = isinstance(event.placed.order, TemplateDecision)
    return answers.get((event.placed.block.id, event.placed.order.id), "") if is_question else ""
