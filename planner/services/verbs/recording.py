"""What happened and what was measured: administrations as given, weights, other medicines, the first day of a block."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from msgspec.structs import replace

from planner.content.patient_sense import HEIGHTS, WEIGHTS, body_problem
from planner.errors import Refusal
from planner.model.civil import clinical_date, weekday_date, weekday_words
from planner.model.cycle_content import ComputedDose, State
from planner.model.day_words import shift_words
from planner.model.patient import CoMedication, Measurement, Patient
from planner.model.plan import Deferral, Given, GivenRecord, Plan, Scope
from planner.model.protocol import TemplateOrder, Window
from planner.model.quantity import format_amount, format_number
from planner.model.schedule import AS_LAID_OUT, Event, Schedule
from planner.model.sentence import Sentence
from planner.services.verbs.later_blocks import deferred
from planner.services.verbs.refusing import find_place, refuse_reason

FAR_OFF = 60
"""Days between the planned and the actual date of one administration; more is a slip."""
ODD_OFF = 14
"""Days from which a date outside the order's window is questioned: the weekly and two-weekly orders of a course have
their next dose by then. Regimap's own number."""
ODD_TIMES = 2
"""A recorded dose of so many times the planned one or more, or down to such a part, is questioned. Regimap's own."""

_STANDING = (State.PLANNED, State.DEFERRED, State.PROVISIONAL)


def record_given(plan: Plan, schedule: Schedule, record: GivenRecord, today: date) -> Plan:
    """Keep what became of one administration; an earlier record of it is replaced.

    A dose that was given on its day as planned leaves the plan's signatures standing; any other record makes a draft.
    Refuses what is not planned, a date in the future or more than 60 days off, a date or dose of something not given,
    a given dose without date or amount, another unit, and a shortfall without a coded reason.
    """
    place = find_place(plan, schedule, record.block, record.cycle)
    doses = place.of_order(record.day, record.order)
    if not 0 <= record.number < len(doses):
        raise Refusal(
            "{dose} has {count} planned that day; number {number} is not among them",
            "unknown dose",
            str(len(doses)),
            dose=doses[0].label,
            count=len(doses),
            number=record.number + 1,
        )
    if not record.by.strip():
        raise Refusal("a record needs the name of who makes it", "no name")
    _refuse_half_told(record, doses[record.number])
    _refuse_date(record, doses[record.number], today)
    others = tuple(one for one in plan.given if _same(one) != _same(record))
    kept = replace(record, as_planned=_is_as_planned(record, doses[record.number]))
    if record.status is Given.NOT_GIVEN:  # of that day: put off to a later one the dose is due again
        kept = replace(kept, on=doses[record.number].date)
    return replace(plan, given=(*others, kept))


def doubtful_day(schedule: Schedule, record: GivenRecord, fill: Callable[..., str] = str.format) -> str:
    """Why somebody should look again at the day of a record, in words; empty where nothing speaks against it.

    A day outside the order's window is doubtful where another dose of the drug that is not recorded yet lies nearer to
    it, and from two weeks off. `schedule` is the plan's from before the record. `fill(pattern, **values)` may say the
    patterns in another language.
    """
    here, doses = (record.block, record.cycle, record.order, record.day), doses_of(schedule, record)
    if record.on is None or not 0 <= record.number < len(doses):
        return ""
    planned, on = doses[record.number], record.on.toordinal()
    if planned.state is State.HELD:
        return fill("{dose} is on hold", dose=planned.label)
    off, order = on - planned.day, planned.placed.order
    window = order.window if isinstance(order, TemplateOrder) else Window()
    if -window.earlier <= off <= window.later:
        return ""
    drug = planned.placed.drug
    others = [
        one for one in schedule.events if one.placed.drug == drug and _place(one) != here and one.state in _STANDING
    ]
    nearest = min(others, key=lambda one: abs(one.day - on), default=None)
    told = fill(
        "{day} is {off} days from the planned {planned}",
        day=clinical_date(record.on),
        off=f"{off:+d}",
        planned=weekday_words(planned.day, fill),
    )
    if nearest and abs(nearest.day - on) < abs(off):
        dose = f"{nearest.label} ({nearest.placed.id})"
        return fill(
            "{told} and nearer to {dose}, {day}, not recorded yet",
            told=told,
            dose=dose,
            day=weekday_words(nearest.day, fill),
        )
    return told if abs(off) > ODD_OFF else ""


def doubtful_amount(schedule: Schedule, record: GivenRecord, fill: Callable[..., str] = str.format) -> str:
    """Why somebody should look again at the dose of a record: it is twice the planned one or more, or half or less.

    What was given in part may be as little as it was.
    """
    doses = doses_of(schedule, record)
    if record.dose is None or not 0 <= record.number < len(doses):
        return ""
    dose, whole = doses[record.number].dose, _whole(doses[record.number])
    if not (dose and whole) or record.unit != dose.unit or whole / ODD_TIMES < record.dose < whole * ODD_TIMES:
        return ""
    if record.status is Given.PARTLY and record.dose < whole:
        return ""
    given, planned = (format_amount(amount, record.unit) for amount in (record.dose, whole))
    return fill("{given} was given and {planned} planned", given=given, planned=planned)


def doses_of(schedule: Schedule, record: GivenRecord) -> list[Event]:
    """The doses of that order on the day of a record, as the protocol lays them out."""
    here = (record.block, record.cycle, record.order, record.day)
    return sorted((one for one in schedule.events if _place(one) == here), key=AS_LAID_OUT)


def _place(event: Event) -> tuple[str, int, str, int]:
    return event.placed.block.id, event.placed.cycle, event.placed.order.id, event.cycle_day


def shift_by_given(plan: Plan, schedule: Schedule, record: GivenRecord, scope: Scope) -> Plan:
    """The plan in which what follows moves by as many days as the administration was early or late.

    `schedule` is the plan's from before the record. Refuses a record without a date and one that was on its day.
    """
    place = find_place(plan, schedule, record.block, record.cycle)
    planned = place.of_order(record.day, record.order)[record.number]
    days = record.on.toordinal() - planned.day if record.on else 0
    if not days:
        raise Refusal("it was given on its planned day; nothing moves", "no days")
    reason = record.reason or "other"
    words = f"{planned.placed.agent_name} given {shift_words(days)}"
    moved = Deferral(record.block, record.cycle, record.day, days, scope, reason, words, record.grade)
    return deferred(plan, schedule, moved)


def forget_given(plan: Plan, record: GivenRecord) -> Plan:
    """Take one record back. Refuses a record the plan does not have."""
    if record not in plan.given:
        raise Refusal("the plan has no such record", "unknown record")
    return replace(plan, given=tuple(one for one in plan.given if one != record))


def refuse_body(found: Measurement) -> None:
    """Refuse a height and a weight that cannot be meant."""
    for value, (least, most), unit in ((found.height_cm, HEIGHTS, "cm"), (found.weight_kg, WEIGHTS, "kg")):
        if not least <= value <= most:
            nearest = min(most, max(least, value))
            raise Refusal(
                "{value} {unit} cannot be meant; it lies between {least} and {most} {unit}",
                "no body",
                f"{nearest} {unit}",
                value=format_number(value),
                unit=unit,
                least=least,
                most=most,
            )
    if problem := body_problem(found.height_cm, found.weight_kg):
        raise Refusal(problem, "no body")


def measure(plan: Plan, found: Measurement, today: date) -> Plan:
    """Record height and weight of a day, in place of another measurement of that day.

    Doses of later cycles follow it, or stay as they are where it is not `for_doses`.
    Refuses a day in the future or before birth, a body that cannot be meant, and doses that stay where nothing else
    was measured or where the very measurement that they follow is set right.
    """
    refuse_body(found)
    if found.date > today:
        raise Refusal("{day} lies in the future", "future", today.isoformat(), day=clinical_date(found.date))
    if found.date < plan.patient.birth_date:
        raise Refusal(
            "{day} lies before the birth date",
            "before birth",
            plan.patient.birth_date.isoformat(),
            day=clinical_date(found.date),
        )
    others = tuple(one for one in plan.patient.measurements if one.date != found.date)
    if not found.for_doses and not any(one.for_doses for one in others):
        raise Refusal("doses need one height and weight to follow; there is no other one", "only measurement", "follow")
    if not found.for_doses and (wrong := _set_right(plan.patient, found)):
        raise Refusal(
            "doses follow {weight} kg, {height} cm of {day}; where that is set right they cannot stay: let them follow",
            "doses follow it",
            "follow",
            weight=format_number(wrong.weight_kg),
            height=format_number(wrong.height_cm),
            day=clinical_date(wrong.date),
        )
    kept = tuple(sorted((*others, found), key=lambda one: one.date))
    return replace(plan, patient=replace(plan.patient, measurements=kept))


def with_doses_kept(before: Patient, after: Patient) -> Patient | None:
    """The patient with new measurements that doses do not follow; None where nothing new was measured, or nothing else.

    A measurement is new where `before` has not the same height and weight of that day. None, too, where one that doses
    follow was set right: without it they would not stay but follow an older one.
    """
    known = set(before.measurements)
    if any(_set_right(before, one) for one in after.measurements if one not in known):
        return None
    kept = tuple(one if one in known else replace(one, for_doses=False) for one in after.measurements)
    if kept == after.measurements or not any(one.for_doses for one in kept):
        return None
    return replace(after, measurements=kept)


def _set_right(before: Patient, found: Measurement) -> Measurement | None:
    """The measurement of the same day that doses follow, where the one found says something else."""
    here = next((one for one in before.measurements if one.date == found.date and one.for_doses), None)
    same = here and (here.height_cm, here.weight_kg) == (found.height_cm, found.weight_kg)
    return None if same else here


def take_medicine(plan: Plan, medicine: CoMedication) -> Plan:
    """Record another medicine as a span of days; a span of the same medicine from the same day is replaced.

    Refuses an end before the start and a span that overlaps another one of the same medicine.
    """
    if medicine.end is not None and medicine.end < medicine.start:
        raise Refusal(
            "{medicine} ends on {day}, before it starts",
            "end before start",
            medicine.start.isoformat(),
            medicine=medicine.agent,
            day=clinical_date(medicine.end),
        )
    if medicine.start < plan.patient.birth_date:
        raise Refusal("{day} lies before the birth date", "before birth", day=clinical_date(medicine.start))
    others = tuple(
        one for one in plan.patient.co_medications if (one.agent, one.start) != (medicine.agent, medicine.start)
    )
    for one in others:
        if one.agent == medicine.agent and _overlap(one, medicine):
            ends = clinical_date(one.end) if one.end else Sentence("no end yet")
            raise Refusal(
                "{medicine} is taken from {start} to {ends} already; end that span first",
                "overlap",
                (one.end + timedelta(1)).isoformat() if one.end else "",
                medicine=one.agent,
                start=clinical_date(one.start),
                ends=ends,
            )
    kept = tuple(sorted((*others, medicine), key=lambda one: (one.start, one.agent)))
    return replace(plan, patient=replace(plan.patient, co_medications=kept))


def _refuse_half_told(record: GivenRecord, planned: Event) -> None:
    """Given and partly need date and, where a dose was planned, the dose; not given has neither."""
    if record.status is Given.NOT_GIVEN:
        if record.on is not None or record.dose is not None:
            raise Refusal("what was not given has neither date nor dose", "half told")
    elif record.on is None:
        raise Refusal("what was given needs the date on which it was given", "half told", weekday_date(planned.day))
    elif planned.dose and record.dose is None:
        _refuse_without_dose(planned, planned.dose)
    if record.dose is not None:
        if record.dose <= 0:
            raise Refusal("a given dose is more than 0; record it as not given", "no dose", Given.NOT_GIVEN)
        unit = planned.dose.unit if planned.dose else ""
        if not record.unit:
            raise Refusal("a given dose needs its unit; enter the dose of {order} first", "no unit", order=record.order)
        if unit and record.unit != unit:
            raise Refusal(
                "{told} is not the unit of this dose: {unit}",
                "other unit",
                unit,
                told=record.unit,
                unit=unit,
            )
    if record.status is not Given.GIVEN or record.reason or record.grade:
        refuse_reason(record.reason or "none", record.grade)
    _refuse_whole_part(record, planned)


def _refuse_without_dose(planned: Event, dose: ComputedDose) -> None:
    """Where a dose is planned it is the nearest one; where the site's own is not entered, nobody knows any."""
    if dose.value is not None:
        raise Refusal("what was given needs the dose that was given", "half told", _planned_dose(planned))
    raise Refusal(
        'no dose of {drug} is planned on that day: say the dose that was given, with its unit, as in "500 mg"',
        "half told",
        drug=planned.placed.agent_name,
    )


def _refuse_whole_part(record: GivenRecord, planned: Event) -> None:
    """A dose given in part is not more than the planned one: more is a slip in the number, or no part."""
    whole = _whole(planned)
    if record.status is Given.PARTLY and record.dose is not None and whole is not None and record.dose > whole:
        amount = format_amount(whole, record.unit)
        raise Refusal(
            "{amount} are planned; a dose given in part is not more", "not in part", Given.GIVEN, amount=amount
        )


def _whole(planned: Event) -> Decimal | None:
    """The dose as it is planned, also where an earlier record stands in its place."""
    return None if planned.dose is None else planned.dose.planned


def _is_as_planned(record: GivenRecord, planned: Event) -> bool:
    """Whether day and dose are the plan's. Nobody can tell where an earlier record stands in the plan's place."""
    dose = planned.dose.value if planned.dose else None
    same = planned.state is not State.GIVEN and record.on == planned.date and record.dose == dose
    return record.status is Given.GIVEN and same and not record.reason


def _planned_dose(planned: Event) -> str:
    if planned.dose is None or planned.dose.value is None:
        return ""
    return format_amount(planned.dose.value, planned.dose.unit)


def _refuse_date(record: GivenRecord, planned: Event, today: date) -> None:
    if record.on is None:
        return
    if record.on > today:
        raise Refusal("{day} lies in the future", "future", today.isoformat(), day=clinical_date(record.on))
    if abs(record.on.toordinal() - planned.day) > FAR_OFF:
        raise Refusal(
            "{day} is more than {days} days from the planned {planned}; move the plan first",
            "far off",
            date.fromordinal(planned.day).isoformat(),
            day=clinical_date(record.on),
            days=FAR_OFF,
            planned=weekday_date(planned.day),
        )


def _same(record: GivenRecord) -> tuple[str, int, int, str, int]:
    return record.block, record.cycle, record.day, record.order, record.number


def _overlap(one: CoMedication, other: CoMedication) -> bool:
    return (one.end is None or one.end >= other.start) and (other.end is None or other.end >= one.start)
