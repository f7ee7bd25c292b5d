"""The changes of a plan as sheets list them: drugs by their names, and what was recorded as not given or in part."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from planner.exports.wording.order_words import REASON_UNSAID, event_name
from planner.model.civil import clinical_date, clock, weekday_date
from planner.model.cycle_content import ComputedDose
from planner.model.going_on import stands_in
from planner.model.language import glued
from planner.model.plan import (
    REASONS,
    CourseChange,
    DoseChange,
    Given,
    GivenRecord,
    Modification,
    Omission,
    Plan,
    Replacement,
    Scope,
)
from planner.model.protocol import Drug
from planner.model.quantity import format_amount, format_number
from planner.model.schedule import AS_LAID_OUT, Event, Schedule, number_of_day
from planner.services.telling.change_words import change_words, course_lines, titled
from planner.services.telling.drugs_given import changes_as_given

ID = re.compile(r"[\w-]+")
BELOW = re.compile(r"(?<= )-(?=\d)")
"""The sign of a number below zero."""
WORDS = {Given.NOT_GIVEN.value: "Not given", Given.PARTLY.value: "Given in part"}


def changes_on_paper(plan: Plan, schedule: Schedule) -> tuple[str, ...]:
    """The changes of treatment in the order they were made, what was not given or is dosed by another rule since a new
    weight, then the changes of the course.

    Each in a sentence that names blocks and drugs as people do.
    """
    return (
        *_changed(plan, schedule),
        *_recorded(plan, schedule.events),
        *_by_weight(plan, schedule.events),
        *_of_the_course(plan),
    )


def _changed(plan: Plan, schedule: Schedule) -> list[str]:
    """The changes of treatment, in the order they were made; the same change of days in a row once.

    A dose that a fix lowered day by day was fourteen lines, and pushed the others off the hand-over.
    """
    if not plan.modifications:
        return []
    drugs = {one.placed.agent: one.placed.agent_name for one in schedule.events if one.placed.agent}
    orders = _orders(schedule, drugs)
    changes = zip(plan.modifications, changes_as_given(plan, schedule), strict=True)
    told: list[tuple[Modification, list[Modification]]] = []
    for made, as_given in changes:
        named = titled(_named(as_given, made, drugs, orders), plan)
        if told and _follows(named, told[-1][1][-1]):
            told[-1][1].append(named)
        else:
            told.append((named, [named]))
    return [_of_days(change_words(first), several) for first, several in told]


def _of_the_course(plan: Plan) -> Iterator[str]:
    """The changes of the course, as sheets write what a new weight does: "1.674 to 1.583 m2, −5.4 %"."""
    changes = tuple(replace(one, **_reason(one)) for one in plan.course_changes)
    for line in course_lines(replace(plan, course_changes=changes)):
        yield BELOW.sub("−", line.replace(" -> ", " to "))


def _reason(change: Modification | CourseChange) -> dict[str, str]:
    """Reason and note as they are told: where the reason is "other" the note is the reason, or none is named."""
    told = change.reason if change.reason != REASONS[-1] else ""
    return {"reason": told or change.note or REASON_UNSAID, "note": change.note if told else ""}


def _follows(change: Modification, before: Modification) -> bool:
    """Whether it is the same change of the next day alone."""
    if not isinstance(change, Omission | DoseChange | Replacement) or not isinstance(before, type(change)):
        return False
    one_day = isinstance(change, Omission) or change.scope is Scope.DAY
    return one_day and replace(before, day=before.day + 1) == change


def _of_days(words: str, changes: Sequence[Modification]) -> str:
    """The words for the first of these days with the last one: "on C3 D1 to D14 of"."""
    first, last = (getattr(one, "day", 0) for one in (changes[0], changes[-1]))
    return words.replace(f" D{first} of ", f" D{first} to D{last} of ", 1) if last > first else words


def _by_weight(plan: Plan, events: Iterable[Event]) -> Iterator[str]:
    """Drugs that a new weight doses by another rule: "28 mcg/day instead of 15 mcg/m2/day", above 45 kg.

    A third more than in the cycle before was in no list, and read as an error.
    """
    before: dict[Drug, Event] = {}
    for event in events if len(plan.patient.dosed_by) > 1 else ():
        dose, placed = event.dose, event.placed
        if dose is None or not dose.protocol_dose:
            continue
        last = before.get(placed.drug)
        before[placed.drug] = event
        if last is None or last.dose is None or _is_by_size(last.dose) == _is_by_size(dose):
            continue
        measured = plan.patient.measurement_on(event.date)
        if measured and measured != plan.patient.measurement_on(last.date):
            rule = f"{glued(dose.protocol_dose)} instead of {glued(last.dose.protocol_dose)}"
            weight = f"{format_number(measured.weight_kg)} kg on {clinical_date(measured.date)}"
            yield f"{placed.agent_name} {rule} from {glued(weekday_date(event.day))} on: {glued(weight)}"


def _is_by_size(dose: ComputedDose) -> bool:
    """Whether it follows weight or surface."""
    return any(size in dose.protocol_dose for size in ("/m2", "/kg"))


def _orders(schedule: Schedule, drugs: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """By block and order the name of what the protocol gives by it, not of what stands in for that somewhere."""
    names: dict[str, dict[str, str]] = {}
    for one in schedule.events:
        here = names.setdefault(one.placed.block.id, {})
        if not stands_in(one.placed):
            here.setdefault(one.placed.order.id, event_name(one.placed))
    for block in schedule.blocks:  # what something stands in for on all of its days is in no event
        for order in block.phase.orders:
            plain = order.agent.replace("-", " ")
            name = drugs.get(order.agent, f"{plain[:1].upper()}{plain[1:]}")
            names.setdefault(block.id, {}).setdefault(order.id, name)
    return names


def _named(
    change: Modification, made: Modification, drugs: Mapping[str, str], orders: Mapping[str, Mapping[str, str]]
) -> Modification:
    """The change with names in place of ids: of drugs, and of the order as it was `made`."""
    named = {}
    if agent := getattr(change, "agent", ""):
        named["agent"] = drugs.get(agent, agent)
    if order := getattr(made, "order", ""):
        here = orders.get(made.block, {})
        told = getattr(change, "order", "")
        alone = told == order or told.endswith(f" ({order})")
        name = here.get(order, "") if alone else ""
        named["order"] = name or ID.sub(lambda found: drugs.get(found[0]) or here.get(found[0], found[0]), told)
    return replace(change, **named, **_reason(change))


def _recorded(plan: Plan, events: Iterable[Event]) -> Iterator[str]:
    """What was recorded as not given, or as given in part, once for all doses of an order and reason."""
    here: dict[tuple[str, int, int, str], list[Event]] = {}
    for event in events if plan.given else ():
        placed = event.placed
        here.setdefault((placed.block.id, placed.cycle, event.cycle_day, placed.order.id), []).append(event)
    alike: dict[tuple[str, ...], list[Event]] = {}
    for record in plan.given:
        of_day = sorted(here.get((record.block, record.cycle, record.day, record.order), ()), key=AS_LAID_OUT)
        if record.status is not Given.GIVEN and record.number < len(of_day):
            event = of_day[record.number]
            event = event._replace(day=record.on.toordinal()) if record.on else event  # it may be put off since
            dose = format_amount(record.dose, record.unit) if record.dose is not None else ""
            key = event.placed.block.id, event_name(event.placed), record.status.value, dose, _why(record)
            alike.setdefault(key, []).append(event)
    for (_, name, status, dose, why), several in alike.items():
        words = ", ".join(filter(None, (WORDS[status], dose)))
        yield f"{words}: {name} of {several[0].placed.block.title} {_when(several)}{f' ({why})' if why else ''}"


def _why(record: GivenRecord) -> str:
    """The reason with its grade and what somebody wrote beside it."""
    grade = f" grade {record.grade}" if record.grade else ""
    reason = "" if record.reason == REASONS[-1] and record.note else record.reason
    told = REASON_UNSAID if reason == REASONS[-1] else f"{reason}{grade}"
    return ", ".join(filter(None, (told, record.note)))


def _when(events: Sequence[Event]) -> str:
    """Its day, and which of several of the day it is; of several doses the first and the last day."""
    first, last = events[0], max(events, key=lambda one: one.day)
    if len(events) > 1:
        days = dict.fromkeys(glued(weekday_date(one.day)) for one in (first, last))
        return f"on {' to '.join(days)}, {len(events)} doses"
    hour = f"{weekday_date(first.day)} {clock(first.minute)}".rstrip()
    number = number_of_day(first)
    return f"on {glued(hour)}{f', dose {number} of the day' if number else ''}"
