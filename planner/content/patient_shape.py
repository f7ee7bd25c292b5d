"""The shape of a patient file."""

# ruff: noqa: RUF012 - the models copy their defaults

from typing import Literal

from planner.content.shape import (
    Few,
    IsoDay,
    Many,
    MarkerName,
    Name,
    Number,
    PatientId,
    PerhapsName,
    Prose,
    Shape,
    Short,
    Title,
    Unit,
)


class NameShape(Shape):
    """A person's name."""

    family: Name
    given: PerhapsName = ""


class MeasurementShape(Shape):
    """Height and weight on one day."""

    date: IsoDay
    height_cm: Number
    weight_kg: Number


class LabShape(Shape):
    """One laboratory value."""

    date: IsoDay
    code: Title
    value: Number
    unit: Short


class ExposureShape(Shape):
    """What was given before, by any name of the agent."""

    agent: Title
    dose: Number
    unit: Unit
    until: IsoDay | None = None


class CoMedicationShape(Shape):
    """Another medicine as a span of days, by any name of the agent."""

    agent: Title
    start: IsoDay
    end: IsoDay | None = None


class PatientShape(Shape):
    """A patient file."""

    id: PatientId
    name: NameShape
    birth_date: IsoDay
    sex: Literal["female", "male", "other", "unknown"]
    measurements: Many[MeasurementShape] = []
    labs: Many[LabShape] = []
    diagnosis: Prose = ""
    markers: dict[MarkerName, Title] = {}
    allergies: Few[Title] = []
    prior_exposures: Few[ExposureShape] = []
    co_medications: Few[CoMedicationShape] = []
