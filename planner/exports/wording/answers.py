"""Decisions in words for the sheets: the answer somebody gave, or the one that an open question is drawn with."""

from collections.abc import Mapping

from planner.model.civil import clinical_date
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.protocol import TemplateDecision
from planner.model.schedule import Event, OpenDecision

DECIDED = "Decided: "

Answers = Mapping[tuple[str, str], str]
"""By block and decision, the answer in words."""


def answers_of(evaluated: EvaluatedPlan) -> Answers:
    """What every question of the plan is answered with, or drawn with as long as it is open."""
    return {(one.block, one.decision.id): answer_words(evaluated, one) for one in evaluated.schedule.decisions}


def answer_words(evaluated: EvaluatedPlan, found: OpenDecision) -> str:
    """ "Decided: Positive, MRD 0.3 %, by A. P. on 20-Jun-2026 (second sample)" or "Open; drawn as: Negative"."""
    rule = found.decision
    titles = {choice.id: choice.title for choice in rule.choices}
    if found.choice is None:
        return f"Open; drawn as: {titles.get(rule.expected, rule.expected)}"
    title = titles.get(found.choice, found.choice)
    taken = [one for one in evaluated.plan.decisions if (one.group, one.decision) == (found.group, rule.id)]
    if not taken:
        return f"{DECIDED}{title}"
    made = taken[-1]
    note = f" ({made.note})" if made.note else ""
    return f"{DECIDED}{', '.join(filter(None, (title, made.result)))}, by {made.by} on {clinical_date(made.on)}{note}"


def is_decided(answer: str) -> bool:
    """Whether that is an answer somebody gave: nothing is left to ask or to tick."""
    return answer.startswith(DECIDED)


def answer_of(event: Event, answers: Answers) -> str:
    """The answer to the question that an event puts; empty for all other events."""
    is_question = isinstance(event.placed.order, TemplateDecision)
    return answers.get((event.placed.block.id, event.placed.order.id), "") if is_question else ""
