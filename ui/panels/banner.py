"""Who this is about: one band over the whole window, on every plan, never scrolled away."""

from datetime import date
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from planner.model.civil import clinical_date
from planner.model.patient import Patient
from planner.model.plan import Plan
from planner.model.quantity import plain


class PatientBanner(QFrame):
    """Name, birth date with age, id, sex; weight and body surface with their day; DEMO where it is one."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("panel", "true")
        self.setAccessibleName("Patient")
        self.setFixedHeight(36)
        self.name = self._part("name")
        self.born = self._part()
        self.id = self._part()
        self.sex = self._part()
        self.body = self._part()
        self.demo = self._part("demo")
        self.demo.setText("DEMO")
        self.demo.setAccessibleName("DEMO: not a real patient")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(24)
        for part in (self.name, self.born, self.id, self.sex, self.body):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.demo, 0, Qt.AlignmentFlag.AlignVCenter)
        self.show_patient(None, date.min)

    def show_patient(self, plan: Plan | None, today: date) -> None:
        """Everything at once, so that no part of an earlier patient can stay."""
        self.demo.setVisible(bool(plan and plan.demo))
        if plan is None:
            self._name("No patient", "muted")
            for part in (self.born, self.id, self.sex, self.body):
                part.setText("")
            return
        patient = plan.patient
        self._name(patient.display_name, "name")
        self.born.setText(f"Born {clinical_date(patient.birth_date)} ({patient.age_on(today)} y)")
        self.id.setText(f"ID {patient.id}")
        self.sex.setText(patient.sex.capitalize())
        self.body.setText(_body_text(patient, today))

    def _name(self, words: str, tone: str) -> None:
        self.name.setText(words)
        self.name.setProperty("tone", tone)
        self.name.style().polish(self.name)

    @staticmethod
    def _part(tone: str = "") -> QLabel:
        label = QLabel()
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if tone:
            label.setProperty("tone", tone)
        return label


def _body_text(patient: Patient, today: date) -> str:
    measured = patient.measurement_on(today)
    if measured is None:
        return "No height and weight recorded"
    surface = plain(measured.bsa.quantize(Decimal("0.01")))
    height, weight = plain(measured.height_cm), plain(measured.weight_kg)
    return f"{height} cm · {weight} kg · BSA {surface} m² ({clinical_date(measured.date)})"
