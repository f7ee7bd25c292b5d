"""What conditions and doses may use of a patient on one day: what was recorded, and the clearance from it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from planner.assembly.calculators import creatinine_clearance
from planner.model.condition import Fact
from planner.model.patient import LabResult, Patient

MICROMOLES_PER_MG_DL = Decimal("88.4")
ADULT = 18
"""Years; Cockcroft-Gault was made for adults."""


def known_on(patient: Patient, day: date) -> Mapping[str, Fact]:
    """The patient's facts on that day, with `crcl` (mL/min, Cockcroft-Gault) where it can be computed."""
    facts = dict(patient.facts_on(day))
    measured, lab, age = patient.measurement_on(day), _creatinine(patient, day), patient.age_on(day)
    if measured and lab and age >= ADULT and patient.sex in ("female", "male"):
        creatinine = lab.value if lab.unit.casefold() == "mg/dl" else lab.value / MICROMOLES_PER_MG_DL
        facts["crcl"] = creatinine_clearance(age, measured.weight_kg, creatinine, patient.sex).value
    return facts


def _creatinine(patient: Patient, day: date) -> LabResult | None:
    """The newest creatinine on or before that day, else the earliest there is."""
    found = sorted((lab for lab in patient.labs if lab.code == "creatinine"), key=lambda lab: lab.date)
    earlier = [lab for lab in found if lab.date <= day]
    return earlier[-1] if earlier else found[0] if found else None
