"""What the record of a dose asks, and what is made of the answers."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from planner.model.plan import REASONS, Given, GivenRecord, Plan, Scope
from planner.model.quantity import UNITS, plain
from planner.model.schedule import AS_LAID_OUT, Event
from planner.services.telling.day_zero import CELLS, counts_from_elsewhere
from planner.services.verbs import recording
from ui.dialogs.dose_doubts import entered
from ui.dialogs.fields import Answers, Field
from ui.dialogs.reasons import GRADES, TOXICITY
from ui.dialogs.verb_place import REACH, Place
from ui.tongue import amount_words, say, weekday_date

_WHEN = ((True, "on its planned day"), (False, "on another day"))


_STATUS = {Given.GIVEN: "Given", Given.PARTLY: "Given in part", Given.NOT_GIVEN: "Not given"}

_WHY = (("", "none"), *((one, one) for one in REASONS))


def _planned(place: Place) -> date:
    return date.fromordinal(place.event.day) if place.event else place.today


def _one_dose(place: Place) -> Decimal | None:
    """The dose of all days of the bar; None where they differ, and somebody has to say it."""
    doses = {one.dose.value for one in place.events or (place.event,) if one and one.dose}
    return doses.pop() if len(doses) == 1 else None


def given_fields(place: Place) -> tuple[Field, ...]:
    """What happened, on which day, how much, what it means for the days after, why, and who says so.

    Who opens a dose that is recorded wants to set one thing right: all of it stands as it was recorded. It is judged by
    the plan nevertheless, and both are told.
    """
    several = len(place.events) > 1
    earlier, planned = (None, place) if several else (_recorded(place), _unrecorded(place))
    dose = planned.event.dose if planned.event else None

    def some(answers: Answers) -> bool:
        return answers["status"] is not Given.NOT_GIVEN

    def other_day(answers: Answers) -> bool:
        return some(answers) and not (several and answers["as_planned"])

    def late(answers: Answers) -> bool:
        on = answers["on"]
        return other_day(answers) and on is not None and on != _planned(_unrecorded(place.at(answers)))

    follows = [
        ("", "stays where it is"),
        *((scope, REACH[scope]) for scope in (Scope.CYCLE, Scope.FOLLOWING, Scope.ALL)),
    ]
    return (
        Field("status", "&What happened", "choice", earlier.status if earlier else Given.GIVEN, list(_STATUS.items())),
        *((Field("as_planned", "Gi&ven", "choice", value=True, choices=_WHEN, shown_if=some),) if several else ()),
        Field(
            "on", "O&n", "date", (earlier and earlier.on) or min(_planned(planned), place.today), shown_if=other_day
        ),
        Field(
            "dose", say("&Dose, {unit}", unit=dose.unit) if dose and dose.unit else "&Dose", "number",
            (earlier and earlier.dose) or _one_dose(planned),
            shown_if=lambda answers: some(answers) and dose is not None,
        ),
        *_unit_field(planned, earlier, some),
        Field("follows", "What &follows", "choice", "", follows, shown_if=late),
        Field(
            "reason", "&Reason", "choice", earlier.reason if earlier else "", _WHY,
            shown_if=lambda answers: answers["status"] is not Given.GIVEN,
        ),
        Field(
            "grade", "&Grade", "choice", earlier.grade if earlier else 0, GRADES,
            shown_if=lambda answers: answers["status"] is not Given.GIVEN and answers["reason"] == TOXICITY,
        ),
        Field("note", "N&ote", value=earlier.note if earlier else None, optional=True, hint="may stay empty"),
        Field("by", "&By", value=place.who),
    )  # fmt: skip


def _unit_field(place: Place, earlier: GivenRecord | None, some: Callable[[Answers], bool]) -> tuple[Field, ...]:
    """Asks in what a dose is told that no protocol gives and nobody entered: a number alone says nothing."""

    def asked(answers: Answers) -> bool:
        return some(answers) and _lacks_unit(place.at(answers).event)

    if not any(map(_lacks_unit, place.events or (place.event,))):
        return ()
    units = [(one, one) for one in UNITS]
    if earlier and earlier.unit:
        return (Field("unit", "&Unit", "choice", earlier.unit, units, shown_if=asked),)
    return (Field("unit", "&Unit", "choice", None, units, shown_if=asked, stand_in=units[0][0]),)


def _lacks_unit(event: Event | None) -> bool:
    return event is not None and event.dose is not None and not event.dose.unit


def given_number(place: Place) -> int:
    """Which of the day's doses of its order the selected one is, from 0, as the protocol lays the day out."""
    event = place.event
    same = [
        one
        for one in place.evaluated.schedule.events
        if event and one.placed.id == event.placed.id and one.cycle_day == event.cycle_day
    ]
    same.sort(key=AS_LAID_OUT)
    return same.index(event) if event in same else 0


def given(place: Place, answers: Answers, plan: Plan) -> Plan:
    """The plan with the record, and with what follows moved where that was asked for."""
    place = _unrecorded(place)
    made, schedule = _record(place, answers), place.evaluated.schedule
    if made.on and answers["follows"] and made.on != _planned(place):
        plan = recording.shift_by_given(plan, schedule, made, answers["follows"])
    return recording.record_given(plan, schedule, made, place.today)


def record_doubts(place: Place, answers: Answers) -> tuple[str, ...]:
    """Why the day or the dose of the record should be looked at again, or that another one stands in its place."""
    known = told_so_far(place) if len(place.events) > 1 else ()
    place = _unrecorded(place)
    made, schedule = _record(place, answers), place.evaluated.schedule
    day, amount = recording.doubtful_day(schedule, made, say), recording.doubtful_amount(schedule, made, say)
    counted = _counted(place, answers, made)
    told = {"dose": f"{plain(made.dose)} {made.unit}"} if made.dose is not None and _lacks_unit(place.event) else None
    return (
        *(entered(place, told) if told else ()),
        *(say("{known} It is replaced. Is it meant so?", known=one) for one in known),
        *((say("{doubt}. Is it this dose?", doubt=day),) if day else ()),
        *((say("{doubt}. Is it meant so?", doubt=amount),) if amount else ()),
        *((say("{doubt}. Is it meant so?", doubt=counted),) if counted else ()),
    )


def _counted(place: Place, answers: Answers, made: GivenRecord) -> str:
    """That another block counts from cells that were given on another day."""
    if place.look_at is None or place.event is None or place.event.placed.role != CELLS:
        return ""
    after = place.look_at(given(place, answers, place.evaluated.plan))
    return counts_from_elsewhere(place.evaluated.schedule, after.schedule, made, say)


def told_so_far(place: Place) -> tuple[str, ...]:
    """What is recorded of the dose already, beside what was planned."""
    record, planned = _recorded(place), _unrecorded(place)
    if record is None or planned is place:
        return ()
    of_plan = planned.event.dose if planned.event else None
    was = (say(_STATUS[record.status]), *_day_and_dose(record.on, record.dose, record.unit), record.by)
    meant = _day_and_dose(_planned(planned), of_plan.value if of_plan else None, of_plan.unit if of_plan else "")
    return (say("Recorded so far: {record}. Planned: {planned}.", record=", ".join(was), planned=", ".join(meant)),)


def _day_and_dose(day: date | None, amount: Decimal | None, unit: str) -> tuple[str, ...]:
    return (*((weekday_date(day),) if day else ()), *((amount_words(amount, unit),) if amount is not None else ()))


def _recorded(place: Place) -> GivenRecord | None:
    """What is recorded of the dose already; None where nothing is."""
    here = (place.block.id, place.cycle, place.day, place.order)
    made = [one for one in place.evaluated.plan.given if (one.block, one.cycle, one.day, one.order) == here]
    number = given_number(place) if made else 0
    return next((one for one in made if one.number == number), None)


def _unrecorded(place: Place) -> Place:
    """The place as if its dose was not recorded: of a recorded one the schedule tells what was, not what was meant."""
    record = _recorded(place)
    if record is None or place.look_at is None:
        return place
    shown = place.look_at(recording.forget_given(place.evaluated.plan, record))
    here = (record.block, record.cycle, record.order, record.day)
    doses = [
        one
        for one in sorted(shown.schedule.events, key=AS_LAID_OUT)
        if (one.placed.block.id, one.placed.cycle, one.placed.order.id, one.cycle_day) == here
    ]
    if record.number >= len(doses):
        return place  # it stands on the plan only because it was given
    event = doses[record.number]
    return replace(place, evaluated=shown, event=event, events=(event,))


def _record(place: Place, answers: Answers) -> GivenRecord:
    status, dose = answers["status"], place.event.dose if place.event else None
    some = status is not Given.NOT_GIVEN
    on = _planned(place) if answers.get("as_planned") else answers["on"]
    return GivenRecord(
        place.block.id, place.cycle, place.day, place.order, given_number(place), status,
        on if some else None,
        answers["dose"] if some and dose else None,
        (dose.unit or answers.get("unit") or "") if some and dose else "",
        answers["by"],
        answers["reason"] if status is not Given.GIVEN else "",
        answers["note"],
        grade=answers["grade"] if status is not Given.GIVEN and answers["reason"] == TOXICITY else 0,
    )  # fmt: skip
