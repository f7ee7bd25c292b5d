"""Patient files: the door to what a clinic hands over about one person."""

from datetime import date

from planner.content.facts import MARKERS, marker_problem
from planner.content.patient_file import read_patient as read_checked
from planner.errors import InputProblem
from planner.model.patient import Patient


def read_patient(text: str, file: str, today: date) -> Patient:
    """The patient of a file; InputProblem with file and place for everything that is wrong in it."""
    patient, problems = read_checked(text, file, today)
    if patient is None:
        raise InputProblem(tuple(str(problem) for problem in problems))
    return patient


def marker_values(name: str) -> tuple[str, ...]:
    """The values a known marker can have; none for a marker of a site's own."""
    return MARKERS.get(name, ())


def marker_refusal(name: str, value: str) -> str:
    """Why this value of a marker cannot be kept, as for patient files; empty where it can."""
    return marker_problem(name, value)
