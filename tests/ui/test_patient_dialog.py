"""The patient form refuses what cannot be, questions what is unlikely, and loses nothing it does not show."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPushButton, QTabWidget

from planner.content.patient_file import build_patient
from planner.model.patient import CoMedication, Measurement, Patient, PriorExposure
from planner.model.revision import PlanSummary
from planner.paths import resources
from planner.services.catalogue import load_library
from tests.ui.patient_forms import AGENTS, ASKED, KNOWN, TODAY
from ui.dialogs.markers import asked_markers
from ui.dialogs.patient import PatientDialog
from ui.dialogs.patient_checks import doubts, refusals
from ui.tongue import use_language
from ui.translated import translate

SAVED = PlanSummary("saved", "7", "Rossi", "Eva", date(1970, 1, 2), "Hyper-CVAD")


@pytest.fixture
def dialog(qtbot):
    made = PatientDialog(None, today=TODAY, agents=AGENTS, asked=ASKED, listed=(SAVED,))
    qtbot.addWidget(made)
    made.show()
    return made


def _fill(dialog, **texts):
    person = dialog.person
    values = {
        "family": "New",
        "given": "Ann",
        "id": "0042",
        "birth": "5 may 1999",
        "height": "180",
        "weight": "80",
        "measured": "1-Nov-2026",
    } | texts
    for field, name in (
        (person.family, "family"),
        (person.given, "given"),
        (person.id, "id"),
        (person.birth.line, "birth"),
        (person.height_field, "height"),
        (person.weight_field, "weight"),
        (person.measured.line, "measured"),
    ):
        field.setText(values[name])
    person.sex.setCurrentText(values.get("sex", "female"))


def test_filled_form_becomes_a_patient(dialog):
    _fill(dialog)
    dialog.accept()
    assert dialog.result() == PatientDialog.DialogCode.Accepted
    assert dialog.patient() == Patient(
        "0042",
        "New",
        "Ann",
        date(1999, 5, 5),
        "female",
        (Measurement(date(2026, 11, 1), Decimal(180), Decimal(80)),),
    )


def test_a_person_who_has_another_number_is_asked_about(dialog):
    """Two numbers for one person hid each plan from the other's sheets."""
    _fill(dialog, family="ROSSI", given="Eva", birth="2 jan 1970", id="8")
    dialog.accept()
    assert dialog.isVisible()
    assert "is of Rossi, Eva, born 02-Jan-1970, too, under number 7: is it the same person?" in dialog.problems.text()
    dialog.checked.setChecked(True)
    dialog.accept()
    assert not dialog.isVisible()


def test_empty_form_says_everything_that_is_missing(dialog):
    dialog.accept()
    assert dialog.isVisible()
    said = dialog.problems.text()
    for word in ("id", "family name", "Birth date", "sex"):
        assert word in said


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        ({"birth": "1-Jan-2030"}, "future"),
        ({"birth": "1/2/1999"}, "could be 01-Feb-1999 or 02-Jan-1999"),
        ({"height": "tall"}, "not a number"),
        ({"height": "-180"}, "not a number"),
        ({"weight": "nan"}, "not a number"),
        ({"weight": "0"}, "more than zero"),
        ({"weight": ""}, "Weight is missing"),
        ({"measured": "1-Jan-2027"}, "future"),
        ({"measured": "1-Jan-1990"}, "before the birth date"),
        ({"id": "7"}, "already belongs"),
        ({"id": "  "}, "needs an id"),
    ],
)
def test_bad_input_is_refused(dialog, texts, says):
    _fill(dialog, **texts)
    dialog.accept()
    assert dialog.isVisible()
    assert says in dialog.problems.text()
    assert not dialog.checked.isVisible()


@pytest.mark.parametrize(
    ("texts", "asks"),
    [
        ({"weight": "176"}, "were these pounds"),
        ({"height": "118"}, "unusual height"),
        ({"birth": "1-Jan-1890"}, "years old"),
        ({"measured": "1-Nov-2024"}, "more than a year old"),
    ],
)
def test_implausible_values_are_questioned_never_silently_taken(dialog, texts, asks):
    _fill(dialog, **texts)
    dialog.accept()
    assert dialog.isVisible()
    assert asks in dialog.problems.text()
    dialog.accept()
    assert dialog.isVisible(), "asking twice is no answer"
    dialog.checked.setChecked(True)
    dialog.accept()
    assert not dialog.isVisible()


@pytest.mark.parametrize(
    ("texts", "asks"),
    [
        ({"height": "80", "weight": "180"}, "swapped"),
        ({"weight": "800"}, "ten times"),
        ({"weight": "8"}, "ten times"),
        ({"height": "1.80"}, "metres"),
        ({"height": "18.0"}, "decimal point"),
        ({"height": "71"}, "inches"),
        ({"height": "300"}, "unusual height"),
    ],
)
def test_what_no_body_can_be_is_refused_and_cannot_be_ticked_away(dialog, texts, asks):
    _fill(dialog, **texts)
    dialog.accept()
    assert asks in dialog.problems.text()
    assert not dialog.checked.isVisible()
    dialog.checked.setChecked(True)
    dialog.accept()
    assert dialog.isVisible()


def test_answer_counts_only_for_what_was_asked(dialog):
    _fill(dialog, weight="176")
    dialog.accept()
    dialog.checked.setChecked(True)
    dialog.person.weight_field.setText("30")
    dialog.accept()
    assert dialog.isVisible()
    assert not dialog.checked.isChecked()


def test_days_in_the_future_are_told_while_typing(dialog):
    _fill(dialog, birth="1-Jan-2030", measured="1-Jan-2027")
    for field in (dialog.person.birth, dialog.person.measured):
        assert field.answer.text() == "lies in the future"


def test_children_are_not_questioned_for_being_small():
    child = Patient(
        "1", "Kid", "A", date(2020, 5, 1), "male", (Measurement(date(2026, 11, 1), Decimal(115), Decimal(21)),)
    )
    assert (doubts(child, TODAY), refusals(child, TODAY)) == ((), ())


def test_surface_is_shown_while_typing(dialog):
    _fill(dialog)
    assert dialog.person.surface.text() == "Body surface 2.00 m² (Mosteller)"
    dialog.person.weight_field.setText("70,4")
    assert "1.88" in dialog.person.surface.text()


def test_unchanged_patient_comes_back_equal(qtbot):
    dialog = PatientDialog(KNOWN, today=TODAY, agents=AGENTS, asked=ASKED)
    qtbot.addWidget(dialog)
    assert dialog.patient() == KNOWN
    assert not dialog.person.id.isEnabled()
    dialog.show()
    dialog.accept()
    assert not dialog.isVisible()


def test_a_known_patient_does_not_become_somebody_else_unasked(qtbot):
    """A weight and a day typed while the form was opening had become the name of a patient, and were saved."""
    dialog = PatientDialog(KNOWN, today=TODAY, agents=AGENTS, asked=ASKED)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.person.family.setText("58")
    dialog.person.given.setText("30.11.2026")
    dialog.accept()
    assert dialog.isVisible()
    told = dialog.problems.text()
    assert "58 holds figures. Is it a name?" in told
    assert f"Until now this was {KNOWN.display_name}, born" in told
    dialog.person.given.setText(KNOWN.given_name)
    dialog.person.family.setText("Married")  # one name alone is what changes in a life
    dialog.accept()
    assert not dialog.isVisible()


def test_demo_patient_comes_back_equal(qtbot):
    text = (resources() / "demo" / "patient.json").read_text("utf-8")
    patient, library = build_patient(text), load_library(resources())
    dialog = PatientDialog(patient, today=TODAY, agents=library.agents, asked=asked_markers(library))
    qtbot.addWidget(dialog)
    assert replace(dialog.patient(), markers=()) == replace(patient, markers=())
    assert set(dialog.patient().markers) == set(patient.markers)


def test_new_weight_is_added_and_the_old_one_kept(qtbot):
    dialog = PatientDialog(KNOWN, today=TODAY, agents=AGENTS, asked=ASKED)
    qtbot.addWidget(dialog)
    dialog.person.weight_field.setText("66")
    dialog.person.measured.set_day(TODAY)
    newer = Measurement(TODAY, Decimal(168), Decimal(66))
    assert dialog.patient().measurements == (*KNOWN.measurements, newer)


def test_corrected_weight_of_the_same_day_replaces(qtbot):
    dialog = PatientDialog(KNOWN, today=TODAY, agents=AGENTS, asked=ASKED)
    qtbot.addWidget(dialog)
    dialog.person.weight_field.setText("66")
    assert [one.weight_kg for one in dialog.patient().measurements] == [Decimal(66)]


def test_medicine_is_added_by_synonym_and_removed(qtbot, dialog):
    _fill(dialog)
    dialog.medicines.add_button.click()
    row = dialog.medicines.rows[0]
    row.agent.setCurrentText("noxafil")
    row.start.line.setText("1-Nov-2026")
    assert dialog.patient().co_medications == (CoMedication("posaconazole", date(2026, 11, 1)),)
    row.end.line.setText("1-Oct-2026")
    dialog.accept()
    assert "ends before it starts" in dialog.problems.text()
    next(button for button in row.findChildren(QPushButton) if button.text() == "Remove").click()
    assert dialog.patient().co_medications == ()


def test_half_filled_rows_are_refused(dialog):
    _fill(dialog)
    dialog.medicines.add_button.click()
    dialog.earlier.add_button.click()
    dialog.earlier.rows[0].agent.setCurrentText("Daunorubicin")
    dialog.accept()
    assert "no name" in dialog.problems.text()
    assert "total dose" in dialog.problems.text()
    dialog.earlier.rows[0].dose.setText("180")
    assert dialog.patient().prior_exposures == (PriorExposure("daunorubicin", Decimal(180), "mg/m2"),)


def test_every_field_has_a_name(dialog):
    dialog.medicines.add_button.click()
    dialog.earlier.add_button.click()
    fields = [*dialog.findChildren(QComboBox), *dialog.findChildren(QLineEdit)]
    inner = [field for field in fields if isinstance(field.parent(), QComboBox) or field.objectName().startswith("qt_")]
    unnamed = [field for field in fields if field not in inner and not field.accessibleName()]
    assert not unnamed
    assert all(box.text() for box in dialog.findChildren(QCheckBox))


def test_escape_leaves_without_a_patient(qtbot, dialog):
    _fill(dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.result() == PatientDialog.DialogCode.Rejected


def test_new_weight_is_one_of_today_unless_somebody_says_otherwise(qtbot):
    dialog = PatientDialog(KNOWN, today=TODAY, agents=AGENTS, asked=ASKED)
    qtbot.addWidget(dialog)
    person = dialog.person
    qtbot.keyClicks(person.weight_field, "5")
    assert person.measured.day == TODAY
    assert "168 cm and 70.4 kg of 01-Oct-2026 stay recorded." in person.surface.text()
    assert [one.date for one in dialog.patient().measurements] == [date(2026, 10, 1), TODAY]
    person.measured.set_day(date(2026, 10, 1))
    assert "Corrects 168 cm and 70.4 kg of 01-Oct-2026." in person.surface.text()
    qtbot.keyClick(person.weight_field, Qt.Key.Key_Backspace)
    assert [one.date for one in dialog.patient().measurements] == [date(2026, 10, 1)]


def test_escape_closes_at_once_where_pages_were_only_looked_at(qtbot, dialog):
    tabs = dialog.findChild(QTabWidget)
    for number in (*range(tabs.count()), 0):
        tabs.setCurrentIndex(number)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_escape_asks_once_more_where_something_was_entered(qtbot, dialog):
    qtbot.keyClicks(dialog.person.family, "Nu")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert "Press Esc again" in dialog.problems.text()
    qtbot.keyClicks(dialog.person.family, "n")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible(), "something else was entered since it asked"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_enter_in_a_marker_answers_the_form(qtbot, dialog):
    box = dialog.disease.markers["ph"]
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert "The patient needs an id." in dialog.problems.text()


def test_birth_date_tells_the_age(dialog):
    assert dialog.person.birth.line.placeholderText() == "14-Mar-1981", "no day of this year, as other dates are"
    dialog.person.birth.line.setText("14.3.1981")
    assert dialog.person.birth.answer.text() == "Sat 14-Mar-1981 · 45 years"


def test_a_page_takes_the_keys_when_it_comes_to_the_front(qtbot, dialog):
    tabs = dialog.findChild(QTabWidget)
    tabs.setCurrentIndex(1)
    assert dialog.focusWidget() is dialog.disease.diagnosis


def test_the_sex_is_kept_as_the_file_knows_it_in_every_language(qtbot):
    use_language("es")
    dialog = PatientDialog(KNOWN, today=TODAY, agents=AGENTS, asked=ASKED)
    qtbot.addWidget(dialog)
    translate(dialog)
    assert dialog.person.sex.currentText() == "mujer"
    assert dialog.patient() == KNOWN
    use_language("en")


def test_a_dialog_is_never_larger_than_the_screen(qtbot, dialog):
    dialog.hide()
    dialog.resize(4000, 4000)
    dialog.show()
    room = dialog.screen().availableGeometry()
    assert dialog.height() < room.height()
    assert dialog.width() <= room.width()
