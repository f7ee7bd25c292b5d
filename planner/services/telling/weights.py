"""By which height and weight doses go on, where a measurement does not reach them."""

from collections.abc import Iterator
from datetime import date

from planner.model.civil import clinical_date, weekday_date
from planner.model.cycle_content import State
from planner.model.patient import Measurement, Patient
from planner.model.quantity import format_number
from planner.model.schedule import Event, PlacedCycle, Schedule
from planner.model.sentence import Sentence

TO_COME = (State.PLANNED, State.PROVISIONAL, State.DEFERRED)
OLDER = "doses go by {used}; {newest} is newer, and doses do not follow it"
SET_RIGHT = "a weight that was wrong is set right under the day it was measured on"
IN_PLACE = "in place of {weight} kg, {height} cm, which was measured on {day} too"


def goes_on_by(schedule: Schedule, patient: Patient, found: Measurement) -> Iterator[str]:
    """What a measurement, recorded among the patient's, leaves as it is; nothing where doses do not follow it.

    A cycle that has begun keeps the weight of its first day, and a newer measurement goes before an older one.
    """
    if not found.for_doses:
        return
    newest = max(patient.dosed_by, key=lambda one: one.date)
    if newest.date > found.date:
        yield f"from {clinical_date(newest.date)} on doses go by {_body(newest)}, which is newer; {SET_RIGHT}"
    day = found.date.toordinal()
    for block in schedule.blocks:
        for cycle in block.cycles:
            used = patient.measurement_on(date.fromordinal(cycle.begins))
            if cycle.begins < day < cycle.end and used and used.weight_kg != found.weight_kg:
                first = _next_by_size(schedule, block.id, cycle, day)
                if first is not None:
                    yield (
                        f"{block.title} C{cycle.number}, begun {weekday_date(cycle.begins)}, goes on by {_body(used)}: "
                        f"next {first.placed.agent_name} on {weekday_date(first.day)}; {SET_RIGHT}"
                    )


def in_place_of(patient: Patient, found: Measurement) -> str:
    """That a measurement takes the place of another one of the same day, as where it is set right; else empty."""
    was = next((one for one in patient.measurements if one.date == found.date), None)
    if was is None or (was.height_cm, was.weight_kg) == (found.height_cm, found.weight_kg):
        return ""
    weight, height = format_number(was.weight_kg), format_number(was.height_cm)
    return Sentence(IN_PLACE, weight=weight, height=height, day=clinical_date(was.date))


def is_older_than_known(patient: Patient) -> str:
    """That what is placed now goes by an older weight than the newest one, which doses do not follow; else empty."""
    if not patient.measurements:
        return ""
    newest = max(patient.measurements, key=lambda one: one.date)
    used = max(patient.dosed_by, key=lambda one: one.date)
    if used is newest:
        return ""
    return Sentence(OLDER, used=_body(used), newest=_body(newest))


def _next_by_size(schedule: Schedule, block_id: str, cycle: PlacedCycle, day: int) -> Event | None:
    """The next dose by surface or weight of a cycle."""
    return next(
        (
            one
            for one in schedule.events
            if (one.placed.block.id, one.placed.cycle) == (block_id, cycle.number)
            and one.day >= day
            and one.state in TO_COME
            and one.dose is not None
            and ("/m2" in one.dose.protocol_dose or "/kg" in one.dose.protocol_dose)
        ),
        None,
    )


def _body(one: Measurement) -> str:
    return Sentence("{weight} kg of {day}", weight=format_number(one.weight_kg), day=clinical_date(one.date))
