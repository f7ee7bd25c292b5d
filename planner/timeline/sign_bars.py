"""Assessments, procedures and decisions to figures: one sign a day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from planner.model.cycle_content import State
from planner.model.protocol import TemplateAssessment, TemplateDecision, Window
from planner.model.schedule import Event, OpenDecision
from planner.model.timeline import NO_TRAITS, TOPIC_LETTERS, Figure, Traits
from planner.timeline.words import AssessmentDetail, DecisionDetail, order_at, shift_of, window_of

FORMS = {"assessment": "diamond", "procedure": "triangle", "bag": "triangle"}


def assessment_figures(events: Iterable[Event]) -> list[Figure]:
    """One sign for all assessments of one block on one day: its letter, or how many there are.

    Its window reaches from the earliest to the latest day that any of them may fall on.
    """
    days: dict[tuple[int, int, State], list[Event]] = defaultdict(list)
    for event in events:
        days[event.day, event.due_day, event.state].append(event)
    return [_assessment(day) for day in days.values()]


def _assessment(events: Sequence[Event]) -> Figure:
    first = events[0]
    rules = [event.placed.order for event in events if isinstance(event.placed.order, TemplateAssessment)]
    letters = {TOPIC_LETTERS.get(rule.topic, TOPIC_LETTERS["other"]) for rule in rules}
    orders = tuple(dict.fromkeys(map(order_at, events)))
    widest = Window(
        max((rule.window.earlier for rule in rules), default=0), max((rule.window.later for rule in rules), default=0)
    )
    traits = Traits(
        window=window_of(first, widest),
        letter=letters.pop() if len(letters) == 1 else str(len(events)),
        shift=shift_of(first),
        orders=orders if len(orders) > 1 else (),
    )
    label = " · ".join(dict.fromkeys(event.placed.agent_name for event in events))
    needs_check = any(event.placed.evidence.needs_confirmation for event in events)
    return _sign(
        first,
        form=FORMS[first.placed.kind],
        role=first.placed.role,
        label=label,
        detail=AssessmentDetail.of(events),
        needs_check=needs_check,
        traits=traits,
    )


def decision_figures(events: Iterable[Event], decisions: Iterable[OpenDecision]) -> list[Figure]:
    """A sign for each decision: "?" while it is open, the answer once it is taken."""
    taken = {one.decision.id: one.choice for one in decisions}
    return [_decision(event, taken.get(event.placed.order.id)) for event in events]


def _decision(event: Event, taken: str | None) -> Figure:
    rule = event.placed.order
    choices = rule.choices if isinstance(rule, TemplateDecision) else ()
    answer = next((choice.title for choice in choices if choice.id == taken), "")
    letter, branches = "" if taken else "?", tuple(choice.title for choice in choices)
    traits = Traits(letter=letter, shift=shift_of(event), branches=branches)
    return _sign(
        event,
        form="hexagon",
        role="decision",
        label=answer or event.placed.agent_name,
        detail=DecisionDetail.of(event, taken),
        needs_check=event.placed.evidence.needs_confirmation,
        traits=traits,
    )


def _sign(
    first: Event,
    *,
    form: str,
    role: str,
    label: str,
    detail: AssessmentDetail | DecisionDetail,
    needs_check: bool,
    traits: Traits,
) -> Figure:
    return Figure(
        offset=first.day,
        days=1,
        form=form,
        role=role,
        state=first.state,
        label=label,
        detail=detail,
        cycle=first.placed.cycle,
        order=first.placed.order.id,
        number=first.cycle_day,
        needs_check=needs_check,
        traits=NO_TRAITS if traits == NO_TRAITS else traits,
    )
