"""Whom the tests of the patient form know."""

from datetime import date
from decimal import Decimal

from planner.model.agent import Agent
from planner.model.patient import CoMedication, LabResult, Measurement, Patient, PriorExposure

TODAY = date(2026, 11, 22)
AGENTS = {
    "posaconazole": Agent("posaconazole", "Posaconazole", synonyms=("Noxafil",)),
    "daunorubicin": Agent("daunorubicin", "Daunorubicin"),
}
ASKED = {"ph": ("positive",), "cns": ("CNS1", "CNS2", "CNS3")}
KNOWN = Patient(
    "00123",
    "Example",
    "Ana",
    date(1981, 3, 14),
    "female",
    (Measurement(date(2026, 10, 1), Decimal(168), Decimal("70.4")),),
    (LabResult(date(2026, 10, 1), "creatinine", Decimal("0.8"), "mg/dL"),),
    "B-ALL",
    (("cns", "CNS1"), ("rare", "yes")),
    ("Penicillin",),
    (PriorExposure("daunorubicin", Decimal(180), "mg/m2", date(2024, 5, 1)),),
    (CoMedication("posaconazole", date(2026, 11, 1)),),
)
