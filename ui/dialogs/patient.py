"""The patient form: who, height and weight, disease, other medicines, earlier treatment."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from planner.model.agent import Agent
from planner.model.civil import clinical_date
from planner.model.patient import Measurement, Patient
from planner.model.quantity import plain
from planner.model.revision import PlanSummary
from planner.services.store.patient_files import marker_values
from planner.services.store.persons import person_doubts
from planner.services.verbs.reasons import Why
from ui.dialogs.choice_box import StillBox, TypedBox
from ui.dialogs.date_field import DateField
from ui.dialogs.form import Question, form_layout, line, number_text, parse_number
from ui.dialogs.medicine_rows import ExposureRow, LabRow, MedicineRow, RowList
from ui.dialogs.patient_checks import as_known, clearance_words, doubts, person_changed, refusals
from ui.dialogs.why_row import WhyRow
from ui.rows.words import FieldLabel, plain_label
from ui.tongue import fact_title, say

SEXES = ("female", "male", "other", "unknown")
ALLERGIES_HINT = 'not recorded; write "none known" where there are none'
MARKER_WIDTH = 136
"""Px: "not recorded" is shown whole, in every language there is."""
NOBODY = Patient(id="", family_name="", given_name="", birth_date=date(1900, 1, 1), sex="unknown")


class PersonPage(QWidget):
    """Names, id, birth date, sex; height and weight with their day and the surface computed from them."""

    def __init__(self, patient: Patient | None, today: date) -> None:
        super().__init__()
        known = patient or NOBODY
        newest = max(known.measurements, key=lambda one: one.date, default=None)
        self._newest, self._today = newest, today
        self.family = line("Family name", known.family_name)
        self.given = line("Given name", known.given_name)
        self.id = line("Patient id", known.id, width=180)
        self.id.setEnabled(patient is None)
        self.birth = DateField("Birth date", known.birth_date if patient else None, more=self._age, latest=today)
        self.birth.line.setPlaceholderText("14-Mar-1981")
        self.sex = StillBox()
        self.sex.setAccessibleName("Sex")
        for sex in SEXES:
            self.sex.addItem(sex, sex)  # the words may be another language's, what is kept is not
        self.sex.setPlaceholderText("choose")
        self.sex.setCurrentIndex(SEXES.index(known.sex) if patient and known.sex in SEXES else -1)
        self.height_field = line("Height in cm", number_text(newest.height_cm) if newest else "", width=96)
        self.weight_field = line("Weight in kg", number_text(newest.weight_kg) if newest else "", width=96)
        self.measured = DateField("Day of height and weight", newest.date if newest else today, latest=today)
        self.surface = plain_label(tone="muted")
        self._lay_out()
        for field in (self.height_field, self.weight_field):
            field.textEdited.connect(self._date_new)
            field.textChanged.connect(self._show_surface)
        self.measured.changed.connect(self._show_surface)
        self._show_surface()

    def _lay_out(self) -> None:
        form = form_layout(self)
        form.addRow("&Family name", self.family)
        form.addRow("&Given name", self.given)
        form.addRow("Patient &id", self.id)
        form.addRow("&Birth date", self.birth)
        form.addRow("&Sex", self.sex)
        body = QHBoxLayout()
        body.setSpacing(12)
        for part in (self.height_field, FieldLabel("&Weight, kg", self.weight_field), self.weight_field):
            body.addWidget(part)
        body.addStretch(1)
        form.addRow(FieldLabel("&Height, cm", self.height_field), body)
        form.addRow("&Measured on", self.measured)
        form.addRow("", self.surface)

    def problems(self) -> list[str]:
        """What the fields of this page cannot be read as."""
        found = [say("Birth date: {problem}.", problem=self.birth.problem)] if self.birth.problem else []
        found += [] if self.sex.currentIndex() >= 0 else [say("Choose the sex; it may be unknown.")]
        if not (self.height_field.text().strip() or self.weight_field.text().strip()):
            return found
        found += [say("Measured on: {problem}.", problem=self.measured.problem)] if self.measured.problem else []
        for field, name in ((self.height_field, "Height"), (self.weight_field, "Weight")):
            try:
                parse_number(field.text())
            except ValueError as error:
                missing = say("{name} is missing.", name=say(name))
                found.append(f"{say(name)}: {error}." if field.text().strip() else missing)
        return found

    def measurements(self, earlier: tuple[Measurement, ...]) -> tuple[Measurement, ...]:
        """The earlier measurements with the one of this page: in place of one of the same day or of the one shown."""
        measured = self._measurement()
        if measured is None or (self._newest and measured == replace(self._newest, for_doses=True)):
            return earlier
        kept = tuple(one for one in earlier if one.date != measured.date)
        return tuple(sorted((*kept, measured), key=lambda one: one.date))

    def _measurement(self) -> Measurement | None:
        if self.measured.day is None:
            return None
        try:
            height, weight = parse_number(self.height_field.text()), parse_number(self.weight_field.text())
        except ValueError:
            return None
        return Measurement(self.measured.day, height, weight)

    def _age(self, birth: date) -> str:
        return say("{years} years", years=replace(NOBODY, birth_date=birth).age_on(self._today))

    def _date_new(self) -> None:
        """Another height or weight is one of today, unless somebody gives another day; the old one again is as old."""
        known, measured = self._newest, self._measurement()
        if known is None or measured is None:
            return
        same = (measured.height_cm, measured.weight_kg) == (known.height_cm, known.weight_kg)
        if measured.date == (self._today if same else known.date):
            self.measured.set_day(known.date if same else self._today)

    def _beside_others(self, measured: Measurement) -> Iterator[str]:
        """What becomes of the measurement that was the newest."""
        known = self._newest
        if known is None or (measured.height_cm, measured.weight_kg) == (known.height_cm, known.weight_kg):
            return
        values = {"height": plain(known.height_cm), "weight": plain(known.weight_kg), "day": clinical_date(known.date)}
        if measured.date == known.date:
            yield say("Corrects {height} cm and {weight} kg of {day}.", **values)
        else:
            yield say("{height} cm and {weight} kg of {day} stay recorded.", **values)

    def _show_surface(self) -> None:
        measured = self._measurement()
        if measured and measured.height_cm > 0 and measured.weight_kg > 0:
            told = say("Body surface {surface} m² (Mosteller)", surface=f"{measured.bsa:.2f}")
            self.surface.setText("\n".join((told, *self._beside_others(measured))))
        else:
            self.surface.setText(say("Height and weight give the body surface that doses are computed with."))


class DiseasePage(QWidget):
    """Diagnosis, allergies and the markers that protocols and rules ask about."""

    def __init__(self, patient: Patient, asked: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__()
        self.diagnosis = line("Diagnosis", patient.diagnosis)
        self.allergies = line("Allergies, separated by commas", ", ".join(patient.allergies), hint=ALLERGIES_HINT)
        self.markers: dict[str, QComboBox] = {}
        self._values: dict[str, dict[str, str]] = {}
        """For each marker the values that rules know, by their words."""
        form = form_layout()
        form.addRow("&Diagnosis", self.diagnosis)
        form.addRow("&Allergies", self.allergies)
        known = dict(patient.markers)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        others = sorted(known.keys() - asked.keys(), key=lambda one: fact_title(one).casefold())
        for number, marker in enumerate((*asked, *others)):
            box = self._marker_box(marker, asked.get(marker, ()), known.get(marker, ""))
            row, side = divmod(number, 2)
            label = plain_label(fact_title(marker))
            label.setBuddy(box)
            grid.addWidget(label, row, 2 * side)
            grid.addWidget(box, row, 2 * side + 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addWidget(plain_label("Markers that protocols and rules ask about", "heading"))
        column.addLayout(grid)
        column.addStretch(1)

    def _marker_box(self, marker: str, values: tuple[str, ...], value: str) -> QComboBox:
        box = TypedBox(fact_title(marker))
        box.setMinimumWidth(MARKER_WIDTH)
        offered = marker_values(marker) or (*values, *(("negative",) if "positive" in values else ()))
        known = self._values[marker] = {say(one): one for one in offered}
        box.addItems(["", *known])
        box.setCurrentText(say(value) if value in offered else value)
        edit = box.lineEdit()
        if edit:
            edit.setPlaceholderText(say("not recorded"))
        self.markers[marker] = box
        return box

    def fill(self, patient: Patient) -> Patient:
        """The patient with the values of this page."""
        # By their ids, whatever the order on the page: the same answers are the same patient.
        typed = {name: box.currentText().strip() for name, box in sorted(self.markers.items())}
        markers = [(name, self._values[name].get(words, words)) for name, words in typed.items() if words]
        allergies = tuple(part.strip() for part in self.allergies.text().split(",") if part.strip())
        return replace(
            patient,
            diagnosis=self.diagnosis.text().strip(),
            allergies=allergies,
            markers=patient.markers if sorted(patient.markers) == markers else tuple(markers),
        )


class PatientDialog(Question):
    """Asks for a new patient, or for changes of a known one, whose id stays.

    `listed` are the plans there are: a number belongs to one person, and a person has one number.
    """

    def __init__(
        self,
        patient: Patient | None,
        *,
        today: date,
        agents: Mapping[str, Agent],
        asked: Mapping[str, tuple[str, ...]],
        listed: Sequence[PlanSummary] = (),
        parent: QWidget | None = None,
    ) -> None:
        title = "Edit patient" if patient else "New patient"
        super().__init__(title, "Save" if patient else "Create and choose protocol", parent)
        self._known = patient or NOBODY
        self._today = today
        self._warned: frozenset[tuple[int, str]] = frozenset()
        self._listed = listed
        self.person = PersonPage(patient, today)
        self.disease = DiseasePage(self._known, asked)
        self.medicines = RowList(
            "No other medicine recorded. Rules about drugs that do not go together need them here.",
            "Add a medicine",
            [MedicineRow(agents, one) for one in self._known.co_medications],
        )
        self.earlier = RowList(
            "No earlier treatment recorded. Totals over a lifetime, as of anthracyclines, count from here.",
            "Add earlier treatment",
            [ExposureRow(agents, one) for one in self._known.prior_exposures],
        )
        self.labs = RowList(
            "No result recorded. Rules about counts, kidneys and liver need them here.",
            "Add a result",
            [LabRow(one, today) for one in sorted(self._known.labs, key=lambda one: one.date, reverse=True)],
        )
        self.clearance = plain_label(tone="muted")
        self.labs.add_button.clicked.connect(lambda: self.labs.append(LabRow(None, today)))
        self.medicines.add_button.clicked.connect(lambda: self.medicines.append(MedicineRow(agents, None)))
        self.earlier.add_button.clicked.connect(lambda: self.earlier.append(ExposureRow(agents, None)))
        self.pages = self._tabs()
        self.body.addWidget(self.pages)
        self._why = WhyRow() if patient else None
        if self._why:
            reason = form_layout()
            reason.addRow("&Reason for the change", self._why)
            self.body.addLayout(reason)
        self.resize(720, 520)
        self.person.family.setFocus()
        self._begun: frozenset[tuple[int, str]] = frozenset()
        self.further: Callable[[], bool] = lambda: False
        """Asks what else has to be known, over the form; True where it closes the form itself when that is answered."""

    def showEvent(self, event: QShowEvent) -> None:
        """What stands in the fields before anybody types, in the words of the chosen language."""
        super().showEvent(event)
        self._begun = self._begun or self._entered()

    def patient(self) -> Patient:
        """The patient as the form stands now; use it after the dialog was accepted."""
        person = self.person
        known = replace(
            self._known,
            id=person.id.text().strip(),
            family_name=person.family.text().strip(),
            given_name=person.given.text().strip(),
            birth_date=person.birth.day or self._known.birth_date,
            sex=person.sex.currentData() or "",
            measurements=person.measurements(self._known.measurements),
            co_medications=tuple(medicine for row in self.medicines.rows if (medicine := row.value())),
            labs=as_known(self._known.labs, [lab for row in self.labs.rows if (lab := row.value())]),
            prior_exposures=tuple(exposure for row in self.earlier.rows if (exposure := row.value())),
        )
        return self.disease.fill(known)

    def why(self) -> Why | None:
        """Why a known patient is changed, where somebody said so."""
        return self._why.why() if self._why else None

    def find_problems(self) -> tuple[str, ...]:
        unread = self.person.problems()
        for rows in (self.labs, self.medicines, self.earlier):
            unread += rows.problems()
        patient = self.patient()
        found = [*unread, *refusals(patient, self._today)]
        if any(one.patient_id == patient.id for one in self._listed):
            found.append(
                say("The id {id} already belongs to another patient; choose that one in the list.", id=patient.id)
            )
        return tuple(dict.fromkeys(found))

    def finish(self) -> None:
        """Closed only once all is answered: who breaks off the last question finds what was entered as it was."""
        if not self.further():
            super().finish()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc asks once more where something was entered: a slip must not cost a whole form."""
        if event.key() != Qt.Key.Key_Escape or not self._asks_once_more():
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The cross of the frame asks as Esc does."""
        if self._asks_once_more():
            event.ignore()
            return
        super().closeEvent(event)

    def _asks_once_more(self) -> bool:
        """Whether the form stays because something was entered; its question answered by the same again, it does not.

        A question that has gone from sight since was answered otherwise, and is put anew.
        """
        entered, question = self._entered(), say("Press Esc again to close; what was entered is not kept.")
        put = not self.problems.isHidden() and self.problems.text() == question
        if entered == self._begun or (put and entered == self._warned):
            return False
        self._warned = entered
        self.show_problems((question,), "doubt")
        return True

    def _entered(self) -> frozenset[tuple[int, str]]:
        """The words of every field, in no order: a page that is shown becomes the last of the pages."""
        lines = ((id(line), line.text()) for line in self.findChildren(QLineEdit))
        return frozenset((*lines, *((id(box), box.currentText()) for box in self.findChildren(QComboBox))))

    def to_choose(self) -> QWidget | None:
        return self.person.sex if self.person.sex.currentIndex() < 0 else None

    def find_doubts(self) -> tuple[str, ...]:
        patient = self.patient()
        told = (*person_changed(self._known, patient), *doubts(patient, self._today, self._known))
        return (*told, *person_doubts(patient, self._listed, say))

    def _tabs(self) -> QTabWidget:
        tabs = QTabWidget()
        for page, title in (
            (self.person, "Person"),
            (self.disease, "Disease"),
            (self._labs_page(), "Results"),
            (self.medicines, "Other medicines"),
            (self.earlier, "Earlier treatment"),
        ):
            page.setContentsMargins(12, 12, 12, 12)
            area = QScrollArea()
            area.setWidgetResizable(True)
            area.setWidget(page)
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # a field that has the keys comes into sight by itself
            tabs.addTab(area, title)
        tabs.currentChanged.connect(self._show_clearance)
        tabs.currentChanged.connect(lambda number: self._first_fields()[number].setFocus())
        return tabs

    def _first_fields(self) -> tuple[QWidget, ...]:
        """Where the keys go on each page."""
        rows = (self.labs.add_button, self.medicines.add_button, self.earlier.add_button)
        return (self.person.family, self.disease.diagnosis, *rows)

    def _labs_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.clearance)
        column.addWidget(self.labs, 1)
        return page

    def _show_clearance(self) -> None:
        """The clearance that follows from the form as it stands now."""
        self.clearance.setText(clearance_words(self.patient(), self._today))
