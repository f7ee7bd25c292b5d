"""What the record of a dose asks, and what is made of the answers."""

from datetime import date
from decimal import Decimal

from planner.model.plan import REASONS, Given, GivenRecord, Plan, Scope
from planner.model.schedule import AS_LAID_OUT
from planner.services.verbs import recording
from ui.dialogs.fields import Answers, Field
from ui.dialogs.verb_place import REACH, Place
from ui.tongue import say

_WHEN = ((True, "on its planned day"), (False, "on another day"))


def _planned(place: Place) -> date:
    return date.fromordinal(place.event.day) if place.event else place.today


def _one_dose(place: Place) -> Decimal | None:
    """The dose of all days of the bar; None where they differ, and somebody has to say it."""
    doses = {one.dose.value for one in place.events or (place.event,) if one and one.dose}
    return doses.pop() if len(doses) == 1 else None


def given_fields(place: Place) -> tuple[Field, ...]:
    """What happened, on which day, how much, what it means for the days after, why, and who says so."""
    event = place.event
    dose = event.dose if event else None
    several = len(place.events) > 1
    words = {Given.GIVEN: "Given", Given.PARTLY: "Given in part", Given.NOT_GIVEN: "Not given"}

    def some(answers: Answers) -> bool:
        return answers["status"] is not Given.NOT_GIVEN

    def other_day(answers: Answers) -> bool:
        return some(answers) and not (several and answers["as_planned"])

    def late(answers: Answers) -> bool:
        return other_day(answers) and answers["on"] is not None and answers["on"] != _planned(place.at(answers))

    follows = [
        ("", "stays where it is"),
        *((scope, REACH[scope]) for scope in (Scope.CYCLE, Scope.FOLLOWING, Scope.ALL)),
    ]
    return (
        Field("status", "&What happened", "choice", Given.GIVEN, list(words.items())),
        *((Field("as_planned", "Gi&ven", "choice", value=True, choices=_WHEN, shown_if=some),) if several else ()),
        Field("on", "&On", "date", min(_planned(place), place.today), shown_if=other_day),
        Field(
            "dose", say("&Dose, {unit}", unit=dose.unit) if dose and dose.unit else "&Dose", "number", _one_dose(place),
            shown_if=lambda answers: some(answers) and dose is not None,
        ),
        Field("follows", "What &follows", "choice", "", follows, shown_if=late),
        Field(
            "reason", "&Reason", "choice", "", (("", "none"), *((one, one) for one in REASONS)),
            shown_if=lambda answers: answers["status"] is not Given.GIVEN,
        ),
        Field("note", "N&ote", optional=True, hint="may stay empty"),
        Field("by", "&By", value=place.who),
    )  # fmt: skip


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
    made, schedule = _record(place, answers), place.evaluated.schedule
    if made.on and answers["follows"] and made.on != _planned(place):
        plan = recording.shift_by_given(plan, schedule, made, answers["follows"])
    return recording.record_given(plan, schedule, made, place.today)


def record_doubts(place: Place, answers: Answers) -> tuple[str, ...]:
    """Why the day or the dose of the record should be looked at again."""
    made, schedule = _record(place, answers), place.evaluated.schedule
    day, amount = recording.doubtful_day(schedule, made, say), recording.doubtful_amount(schedule, made, say)
    return (
        *((say("{doubt}. Is it this dose?", doubt=day),) if day else ()),
        *((say("{doubt}. Is it meant so?", doubt=amount),) if amount else ()),
    )


def _record(place: Place, answers: Answers) -> GivenRecord:
    status, dose = answers["status"], place.event.dose if place.event else None
    some = status is not Given.NOT_GIVEN
    on = _planned(place) if answers.get("as_planned") else answers["on"]
    return GivenRecord(
        place.block.id, place.cycle, place.day, place.order, given_number(place), status,
        on if some else None,
        answers["dose"] if some and dose else None,
        dose.unit if some and dose else "",
        answers["by"],
        answers["reason"] if status is not Given.GIVEN else "",
        answers["note"],
    )  # fmt: skip
