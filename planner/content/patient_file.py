"""Patient files: JSON as the contract with other systems has it, to a Patient."""

import json
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from planner.model.library import ContentProblem
from planner.model.patient import CoMedication, LabResult, Measurement, Patient, PriorExposure

Table = Mapping[str, Any]


def read_patient(text: str, file: str, today: date) -> tuple[Patient | None, tuple[ContentProblem, ...]]:
    """The patient of a file nobody has checked, or all its problems; never both.

    Height is in cm (30 to 260), weight in kg (1 to 400). No birth or measurement may lie after `today`.
    """
    from planner.content.intake import place_all
    from planner.content.json_text import parse_json
    from planner.content.patient_sense import patient_problems
    from planner.content.patient_shape import PatientShape
    from planner.content.shape import check_shape

    data, refused = parse_json(text, file)
    if refused:
        return None, refused
    shape = check_shape(PatientShape, data)
    problems = shape.problems
    if not shape.cut_off:
        problems += patient_problems(data, shape.broken, today)
    if problems:
        return None, place_all(problems, file)
    return _patient_from(data), ()


def build_patient(text: str) -> Patient:
    """The patient of a text that `read_patient` has accepted, quickly."""
    return _patient_from(json.loads(text, parse_float=Decimal))


def _patient_from(data: Table) -> Patient:
    return Patient(
        id=_composed(data["id"]),
        family_name=_composed(data["name"]["family"]),
        given_name=_composed(data["name"].get("given", "")),
        birth_date=date.fromisoformat(data["birth_date"]),
        sex=data["sex"],
        measurements=tuple(
            Measurement(date.fromisoformat(item["date"]), _decimal(item["height_cm"]), _decimal(item["weight_kg"]))
            for item in data.get("measurements", ())
        ),
        labs=tuple(
            LabResult(date.fromisoformat(item["date"]), item["code"], _decimal(item["value"]), item["unit"])
            for item in data.get("labs", ())
        ),
        diagnosis=data.get("diagnosis", ""),
        markers=tuple(data.get("markers", {}).items()),
        allergies=tuple(data.get("allergies", ())),
        prior_exposures=tuple(
            PriorExposure(item["agent"], _decimal(item["dose"]), item["unit"], _day(item.get("until")))
            for item in data.get("prior_exposures", ())
        ),
        co_medications=tuple(
            CoMedication(item["agent"], date.fromisoformat(item["start"]), _day(item.get("end")))
            for item in data.get("co_medications", ())
        ),
    )


def _composed(name: str) -> str:
    """Letter and accent as one character, so that a name typed in two ways is the same name."""
    return unicodedata.normalize("NFC", name)


def _decimal(value: str | int | Decimal) -> Decimal:
    return Decimal(value)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
