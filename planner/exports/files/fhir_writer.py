"""A plan as a FHIR R4 bundle: the patient, one care plan, and what it plans as medication and service requests.

Everything has the intent "plan": it is an export of a plan, not an order. No conformity to a profile is claimed.
"""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from planner.exports.files.standing import disclaimer, orders_as_due, standing
from planner.exports.sheets.frame import DISCLAIMER
from planner.exports.wording.doses import is_drug
from planner.model.civil import clock
from planner.model.cycle_content import State
from planner.model.day_words import run_words
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.flow import duration_words, flow_of
from planner.model.schedule import Event

STATUSES = {State.GIVEN: "completed", State.HELD: "on-hold", State.STOPPED: "stopped", State.OMITTED: "cancelled"}
"""MedicationRequest.status; what is planned is a draft."""
SERVICE_STATUSES = {
    State.GIVEN: "completed",
    State.HELD: "on-hold",
    State.STOPPED: "revoked",
    State.OMITTED: "revoked",
}
UCUM = {"mg": "mg", "mcg": "ug", "g": "g", "mL": "mL", "mL/h": "mL/h", "Gy": "Gy"}
"""Units with a code; units, cells and drops are words only."""
GENDERS = ("female", "male", "other")

Json = dict[str, Any]


def schedule_fhir(evaluated: EvaluatedPlan, version: str) -> str:
    """The bundle as JSON text; the same bytes for the same plan. `version` is the plan's version code."""
    plan = evaluated.plan
    patient = _address(plan.id, "patient")
    requests = list(_requests(evaluated, patient))
    days = [event.day for event in evaluated.schedule.events if not event.placed.block.waits]
    care: Json = {
        "resourceType": "CarePlan",
        "status": "draft",
        "intent": "plan",
        "title": "DEMO treatment plan" if plan.demo else "Treatment plan",
        "description": disclaimer(evaluated, version),
        "subject": {"reference": patient},
        "activity": [{"reference": {"reference": address}} for address, _ in requests],
    }
    if days:
        care["period"] = {"start": _day(min(days)), "end": _day(max(days))}
    if not care["activity"]:
        del care["activity"]
    entries = [(patient, _patient(evaluated)), (_address(plan.id, "care-plan"), care), *requests]
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": address, "resource": resource} for address, resource in entries],
    }
    return json.dumps(bundle, ensure_ascii=False, indent=1) + "\n"


def _patient(evaluated: EvaluatedPlan) -> Json:
    patient = evaluated.plan.patient
    name: Json = {"family": patient.family_name}
    if patient.given_name:
        name["given"] = [patient.given_name]
    return {
        "resourceType": "Patient",
        "identifier": [{"value": patient.id}],
        "name": [name],
        "gender": patient.sex if patient.sex in GENDERS else "unknown",
        "birthDate": patient.birth_date.isoformat(),
    }


def _requests(evaluated: EvaluatedPlan, patient: str) -> Iterator[tuple[str, Json]]:
    """One request for each order of a cycle with the same dose and state; its days stand in it."""
    for events in orders_as_due(evaluated):
        placed = events[0].placed
        if placed.kind in ("decision", "bag"):
            continue
        alike: dict[tuple[str, State, tuple[str, ...]], list[Event]] = {}
        for event in events:
            dose = event.dose
            key = (f"{dose.value} {dose.unit}" if dose else "", standing(event), event.notes)
            alike.setdefault(key, []).append(event)
        for number, found in enumerate(alike.values()):
            address = _address(evaluated.plan.id, f"{placed.id}/{number}")
            # "Blinatumomab: disconnect" was a request for the drug on the day on which the pump comes off.
            yield address, _medication(found, patient) if is_drug(placed) else _service(found, patient)


def _medication(events: list[Event], patient: str) -> Json:
    event, placed = events[0], events[0].placed
    instruction: Json = {"text": _words(events)}
    if not placed.block.waits:
        instruction["timing"] = _timing(events)
    if placed.route:
        instruction["route"] = {"text": placed.route}
    if event.dose is not None and event.dose.value is not None:
        amount: Json = {"doseQuantity": _quantity(event.dose.value, event.dose.unit)}
        rate = flow_of(placed.order, event.dose).rate_ml_h
        if rate is not None:
            amount["rateQuantity"] = _quantity(rate, "mL/h")
        instruction["doseAndRate"] = [amount]
    return {
        "resourceType": "MedicationRequest",
        "status": STATUSES.get(standing(event), "draft"),
        "intent": "plan",
        "medicationCodeableConcept": {"text": placed.agent_name},
        "subject": {"reference": patient},
        "note": [{"text": DISCLAIMER}],
        "dosageInstruction": [instruction],
    }


def _service(events: list[Event], patient: str) -> Json:
    event, placed = events[0], events[0].placed
    found: Json = {
        "resourceType": "ServiceRequest",
        "status": SERVICE_STATUSES.get(standing(event), "draft"),
        "intent": "plan",
        "code": {"text": placed.agent_name},
        "subject": {"reference": patient},
        "note": [{"text": _words(events)}],
    }
    if not placed.block.waits:
        found["occurrenceTiming"] = _timing(events)
    return found


def _words(events: list[Event]) -> str:
    """What one reads in the request: the days with their clock times, the protocol's dose, how long it runs."""
    event, placed = events[0], events[0].placed
    dose = event.dose.protocol_dose if event.dose else ""
    state = "" if standing(event) is State.PLANNED else str(standing(event))
    length = f"over {duration_words(placed.duration_h)}" if placed.duration_h is not None else ""
    place = f"{placed.block.title} C{placed.cycle} {_days_and_times(events)}"
    return "; ".join(filter(None, (place, dose, length, state, event.note)))


def _days_and_times(events: list[Event]) -> str:
    """ "D1 to 3, 8", or where there are clock times "D1 to 3 at 09:00, 21:00": a date alone twice is no second time."""
    times: dict[int, tuple[str, ...]] = {}
    for event in events:
        here = (clock(event.minute),) if event.minute >= 0 else ()
        times[event.cycle_day] = (*times.get(event.cycle_day, ()), *here)
    alike: dict[tuple[str, ...], list[int]] = {}
    for day, at in times.items():
        alike.setdefault(at, []).append(day)
    return "; ".join(f"D{run_words(sorted(days))}{_at(clocks)}" for clocks, days in alike.items())


def _at(times: tuple[str, ...]) -> str:
    return f" at {', '.join(times)}" if times else ""


def _quantity(value: Decimal, unit: str) -> Json:
    number = int(value) if value == value.to_integral_value() else float(value)
    found: Json = {"value": number, "unit": unit}
    if unit in UCUM:
        found |= {"system": "http://unitsofmeasure.org", "code": UCUM[unit]}
    return found


def _timing(events: list[Event]) -> Json:
    """The days alone, since a FHIR time needs a zone and a plan has none; clock times stand in the words."""
    return {"event": [_day(one.day) for one in events]}


def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


def _address(plan_id: str, part: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'regimap:{plan_id}/{part}')}"
