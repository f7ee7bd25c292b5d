"""Assessments, procedures and decisions to bars: one sign a day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from planner.model.cycle_content import State
from planner.model.protocol import TemplateAssessment, TemplateDecision
from planner.model.schedule import Event, OpenDecision
from planner.model.timeline import TOPIC_LETTERS, Bar
from planner.timeline.words import assessment_detail, bar_id, decision_detail, shift_of

FORMS = {"assessment": "diamond", "procedure": "triangle", "bag": "triangle"}


def assessment_bars(events: Iterable[Event]) -> list[Bar]:
    """One sign for all assessments of one block on one day: its letter, or how many there are.

    Its window reaches from the earliest to the latest day that any of them may fall on.
    """
    days: dict[tuple[int, int, str, State], list[Event]] = defaultdict(list)
    for event in events:
        days[event.day, event.due_day, event.placed.block.id, event.state].append(event)
    return [_assessment_bar(day) for day in days.values()]


def _assessment_bar(events: Sequence[Event]) -> Bar:
    first = events[0]
    rules = [event.placed.order for event in events if isinstance(event.placed.order, TemplateAssessment)]
    letters = {TOPIC_LETTERS.get(rule.topic, TOPIC_LETTERS["other"]) for rule in rules}
    return Bar(
        id=bar_id(first),
        start=first.day,
        end=first.day + 1,
        form=FORMS[first.placed.kind],
        role=first.placed.role,
        state=first.state,
        label=" · ".join(dict.fromkeys(event.placed.agent_name for event in events)),
        detail=assessment_detail(events),
        block=first.placed.block.id,
        orders=tuple(dict.fromkeys(event.placed.id for event in events)),
        window=(
            max((rule.window.earlier for rule in rules), default=0),
            max((rule.window.later for rule in rules), default=0),
        ),
        needs_check=any(event.placed.evidence.needs_confirmation for event in events),
        letter=letters.pop() if len(letters) == 1 else str(len(events)),
        shift=shift_of(first),
    )


def decision_bars(events: Iterable[Event], decisions: Iterable[OpenDecision]) -> list[Bar]:
    """A sign for each decision: "?" while it is open, the answer once it is taken."""
    known = {(one.block, one.decision.id): one for one in decisions}
    return [_decision_bar(event, known.get((event.placed.block.id, event.placed.order.id))) for event in events]


def _decision_bar(event: Event, decision: OpenDecision | None) -> Bar:
    rule = event.placed.order
    choices = rule.choices if isinstance(rule, TemplateDecision) else ()
    taken = decision.choice if decision is not None else None
    answer = next((choice.title for choice in choices if choice.id == taken), "")
    return Bar(
        id=bar_id(event),
        start=event.day,
        end=event.day + 1,
        form="hexagon",
        role="decision",
        state=event.state,
        label=answer or event.placed.agent_name,
        detail=decision_detail(event, decision),
        block=event.placed.block.id,
        orders=(event.placed.id,),
        needs_check=event.placed.evidence.needs_confirmation,
        letter="" if taken else "?",
        shift=shift_of(event),
        branches=tuple(choice.title for choice in choices),
    )
