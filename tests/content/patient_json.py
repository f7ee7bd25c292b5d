"""A patient written as a patient file, so that tests can read it back."""

from datetime import date
from typing import Any

from planner.model.patient import Patient
from planner.model.quantity import plain


def patient_to_json(patient: Patient) -> dict[str, Any]:
    """The patient as `read_patient` takes it; numbers are decimal texts, so that no digit is lost on the way."""
    return {
        "id": patient.id,
        "name": {"family": patient.family_name, "given": patient.given_name},
        "birth_date": patient.birth_date.isoformat(),
        "sex": patient.sex,
        "measurements": [
            {"date": item.date.isoformat(), "height_cm": plain(item.height_cm), "weight_kg": plain(item.weight_kg)}
            for item in patient.measurements
        ],
        "labs": [
            {"date": item.date.isoformat(), "code": item.code, "value": plain(item.value), "unit": item.unit}
            for item in patient.labs
        ],
        "diagnosis": patient.diagnosis,
        "markers": dict(patient.markers),
        "allergies": list(patient.allergies),
        "prior_exposures": [
            {"agent": item.agent, "dose": plain(item.dose), "unit": item.unit, **_perhaps("until", item.until)}
            for item in patient.prior_exposures
        ],
        "co_medications": [
            {"agent": item.agent, "start": item.start.isoformat(), **_perhaps("end", item.end)}
            for item in patient.co_medications
        ],
    }


def _perhaps(key: str, day: date | None) -> dict[str, str]:
    """A day that need not be there is left out, not null."""
    return {key: day.isoformat()} if day else {}
