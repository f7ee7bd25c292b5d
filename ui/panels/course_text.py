"""What the inspector says while nothing is selected: where the course stands, what comes, what is still to be done."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.position import Position, unrecorded
from planner.model.schedule import Event
from planner.services.telling.position import coming, position_words
from planner.services.verbs.deciding import unasked
from ui.models.description import EMPTY, HINT, Description, Section
from ui.plan_words import event_name
from ui.tongue import amount_words, say, weekday_date

UNSURE = "All of it provisional"
COMING_DAYS = 5
"""Days that are named; who wants more looks at the timeline."""


def describe_course(evaluated: EvaluatedPlan, here: Position) -> Description:
    """The whole course in short. Empty sections are left out; of a plan without blocks there is nothing to say."""
    if not evaluated.schedule.blocks:
        return EMPTY
    sections = (
        Section("Today", (position_words(here, say), *_items(here.due))),
        Section("Coming", tuple(_coming(evaluated, here))),
        Section("Not recorded yet", tuple(_unrecorded(evaluated, here.today))),
        Section("To decide", tuple(_open_decisions(evaluated))),
        Section("Ends", (_end(evaluated),)),
    )
    return Description("Where the course stands", say(HINT), tuple(one for one in sections if one.lines))


def _coming(evaluated: EvaluatedPlan, here: Position) -> Iterator[str]:
    groups = groupby(coming(evaluated.due, here), key=lambda event: event.day)
    days = [(day, tuple(events)) for _, (day, events) in zip(range(COMING_DAYS), groups, strict=False)]
    said = bool(days) and all(_is_unsure(events) for _, events in days)
    if said:
        yield say(UNSURE)
    for day, events in days:
        mark = f" ({say('provisional')})" if not said and _is_unsure(events) else ""
        yield f"{weekday_date(day)}{mark}: {', '.join(_items(events, said=said or bool(mark)))}"


def _is_unsure(events: Iterable[Event]) -> bool:
    return all(event.state is State.PROVISIONAL for event in events)


def _items(events: Iterable[Event], *, said: bool = False) -> tuple[str, ...]:
    """What is due, each once: twice a day is told by the dose's own row. `said`: that all of it is provisional."""
    return tuple(dict.fromkeys(_item(event, said=said) for event in events))


def _item(event: Event, *, said: bool) -> str:
    words = [event_name(event.placed.agent_name)]
    if event.dose is not None:
        dose = event.dose
        words.append(amount_words(dose.value, dose.unit) if dose.value is not None else say("dose to enter"))
        words.append(say("continuous") if event.placed.kind == "infusion" else "")
        words.append(event.placed.route)
    if event.state is State.PROVISIONAL and not said:
        words.append(f"({say('provisional')})")
    return " ".join(filter(None, words))


def _unrecorded(evaluated: EvaluatedPlan, today: int) -> Iterator[str]:
    late = unrecorded(evaluated.due, today)
    if late:
        yield say("Doses before today, those by mouth not counted: {count}", count=len(late))
        yield say("The first: {what}, {day}", what=event_name(late[0].label), day=weekday_date(late[0].day))


def _open_decisions(evaluated: EvaluatedPlan) -> Iterator[str]:
    for one in evaluated.schedule.decisions:
        if one.choice is None:
            yield f"{weekday_date(one.day)}: {one.decision.question}"
    yield from (one.decision.question for one in unasked(evaluated))


def _end(evaluated: EvaluatedPlan) -> str:
    last = max(evaluated.schedule.blocks, key=lambda block: block.end)
    words = f"{weekday_date(last.end - 1)}, {last.title}"
    return f"{words}, {say('provisional')}" if last.provisional else words
