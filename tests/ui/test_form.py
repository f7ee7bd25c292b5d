"""What all questions of the window share: numbers as people type them, refusals that go once they are mended."""

import re
from decimal import Decimal
from functools import partial
from itertools import pairwise, product

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QScrollArea, QWidget

from tests.architecture.imports import ROOT
from tests.ui.patient_forms import AGENTS, ASKED, TODAY
from ui.dialogs.choice_box import StillBox, StillSpin
from ui.dialogs.described import DescribedDialog, Form
from ui.dialogs.fields import Field
from ui.dialogs.form import form_layout, line, number_text, parse_number
from ui.dialogs.patient import PatientDialog
from ui.style import build_style_sheet
from ui.theme import LIGHT


@pytest.mark.parametrize(
    ("text", "value"),
    [("70.4", "70.4"), ("70,4", "70.4"), (" 168 ", "168"), ("0.750", "0.75"), ("1.1250", "1.125"), ("0.352", "0.352")],
)
def test_numbers_as_typed(text, value):
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("75.000", "75000, or 75"),
        ("75,000", "75000, or 75"),
        ("1.500", "1500, or 1.5"),
        ("240.000", "240000, or 240"),
        ("4,758", "4758, or 4,7580"),
        ("1.352", "1352, or 1.3520"),
    ],
)
def test_a_number_that_is_another_one_in_another_country_is_refused(text, ways):
    with pytest.raises(ValueError, match=f"can be read in two ways: write {ways}"):
        parse_number(text)
    assert all(parse_number(one) for one in ways.split(", or "))


@pytest.mark.parametrize("value", ["1.352", "75", "4758", "0.352", "70.4", "999.125", "1234.125"])
def test_a_number_that_is_kept_stands_in_its_field_as_one_that_can_be_read(value):
    assert parse_number(number_text(Decimal(value))) == Decimal(value)


@pytest.mark.parametrize("kind", [StillBox, partial(StillSpin, 0, 9, "Days")])
@pytest.mark.parametrize("focused", [False, True])
def test_the_wheel_over_a_box_is_left_to_the_page_and_answers_nothing(qtbot, kind, focused):
    box = kind()
    qtbot.addWidget(box)
    if isinstance(box, QComboBox):
        box.addItems(["unknown", "positive", "negative"])
    box.show()
    qtbot.waitExposed(box)
    if focused:
        box.setFocus()
    at, still = box.rect().center(), (Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier)
    places = QPointF(at), QPointF(box.mapToGlobal(at))
    turned = QWheelEvent(*places, QPoint(), QPoint(0, -240), *still, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(box, turned)
    assert not turned.isAccepted()
    assert box.property("value") in (None, 0)
    assert box.property("currentIndex") in (None, 0)
    assert box.focusPolicy() is Qt.FocusPolicy.StrongFocus


def test_every_box_of_the_window_leaves_the_wheel_alone():
    made = re.compile(r"\bQ(?:ComboBox|(?:Double)?SpinBox|DateEdit|Slider)\(\)")
    assert [file for file in (ROOT / "ui").rglob("*.py") if made.search(file.read_text("utf-8"))] == []


@pytest.mark.parametrize("text", ["", "1e3", "nan", "Infinity", "-1", "1.2.3", "٣", "12345678901"])
def test_what_is_no_number(text):
    with pytest.raises(ValueError, match="not a number"):
        parse_number(text)


@pytest.fixture
def dialog(qtbot):
    made = PatientDialog(None, today=TODAY, agents=AGENTS, asked=ASKED)
    qtbot.addWidget(made)
    made.show()
    return made


def test_what_was_refused_goes_as_soon_as_it_is_mended_and_nothing_new_is_said(dialog):
    dialog.person.family.setText("Lee")
    dialog.accept()
    before = dialog.problems.text().splitlines()
    assert any("Choose the sex" in one for one in before)
    assert any("needs an id" in one for one in before)
    dialog.person.sex.setCurrentIndex(0)
    assert not any("Choose the sex" in one for one in dialog.problems.text().splitlines())
    dialog.person.height_field.setText("abc")  # a new mistake, told when somebody asks again
    assert set(dialog.problems.text().splitlines()) < set(before)
    dialog.person.id.setText("17")
    dialog.person.birth.line.setText("3 may 1986")
    assert not dialog.problems.isVisible()
    dialog.accept()
    assert "Height" in dialog.problems.text()


def test_a_doubt_goes_with_its_values_and_its_tick_is_not_kept_for_others(dialog):
    person = dialog.person
    for field, text in ((person.family, "Lee"), (person.id, "17"), (person.birth.line, "3 may 1986")):
        field.setText(text)
    person.sex.setCurrentIndex(0)
    person.height_field.setText("164")
    person.weight_field.setText("168")
    dialog.accept()
    assert "pounds" in dialog.problems.text()
    assert dialog.checked.isVisible()
    person.weight_field.setText("68")
    assert not dialog.problems.isVisible()
    assert not dialog.checked.isVisible()
    person.weight_field.setText("168")
    dialog.accept()
    assert "pounds" in dialog.problems.text()
    assert dialog.isVisible()


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_a_list_to_choose_from_shows_all_its_lines(qtbot):
    box = QComboBox()
    box.addItems(["on a date", "after Maintenance", "after Consolidation", "after Induction"])
    box.setStyleSheet(build_style_sheet(LIGHT))
    qtbot.addWidget(box)
    box.show()
    box.showPopup()
    last = box.model().index(box.count() - 1, 0)
    qtbot.waitUntil(lambda: box.view().visualRect(last).height() > 0)
    assert box.view().visualRect(last).bottom() <= box.view().viewport().rect().bottom()
    box.hidePopup()


def test_wrapped_lines_that_have_no_room_scroll_instead_of_crushing_the_fields(qtbot, monkeypatch):
    monkeypatch.setattr("ui.dialogs.form.room_on", lambda _screen: QSize(700, 300))
    fields = [Field(f"f{number}", f"Field {number}", "text") for number in range(4)]
    words = ("A line that tells so much that it is wrapped at this width. " * 4,)
    dialog = DescribedDialog(Form("Question", "Do it", fields, words * 3), None)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.height() <= 300)
    heights = {editor.widget.height() >= editor.widget.sizeHint().height() for editor in dialog.editors.values()}
    assert heights == {True}
    assert dialog.buttons.geometry().bottom() < 300


def test_a_question_is_as_high_as_its_wrapped_lines_make_it(qtbot):
    fields = [Field(f"f{number}", f"Field {number}", "text") for number in range(3)]
    words = ("A line that tells so much that it is wrapped at this width, and a little more than that. " * 2,)
    dialog = DescribedDialog(Form("Question", "Do it", fields, words * 10), None)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.grab()
    assert dialog.height() >= dialog.layout().minimumHeightForWidth(dialog.width())
    assert all(one.widget.height() >= one.widget.sizeHint().height() for one in dialog.editors.values())


def test_what_scrolls_is_shown_in_all_its_width(qtbot, monkeypatch):
    monkeypatch.setattr("ui.dialogs.form.room_on", lambda _screen: QSize(1200, 300))
    choices = [(number, f"A choice of some length, {number}") for number in range(5)]
    fields = [Field("many", "Many", "several", (), choices), *(Field(f"f{n}", f"Field {n}", "text") for n in range(8))]
    dialog = DescribedDialog(Form("Question", "Do it", fields), None)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.grab()
    area = dialog.findChild(QScrollArea)
    assert area.widget().width() <= area.viewport().width()
    assert area.horizontalScrollBar().value() == 0


def _asked_twice(qtbot):
    made = DescribedDialog(Form("Question", "Yes", (Field("word", "&Word"),), doubts=lambda _: ("Is it so?",)))
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.editors["word"].widget.setText("word")
    return made


def test_enter_answers_after_a_doubt_that_a_click_brought(qtbot):
    """The button had the keys by the click; when the tick took them, Enter meant nothing any more."""
    dialog = _asked_twice(qtbot)
    QTest.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    assert dialog.isVisible()
    assert dialog.focusWidget() is dialog.checked
    QTest.keyClick(dialog.checked, Qt.Key.Key_Space)
    QTest.keyClick(dialog.checked, Qt.Key.Key_Return)
    assert not dialog.isVisible()


def test_enter_answers_after_the_keys_were_at_another_button(qtbot):
    dialog = _asked_twice(qtbot)
    dialog.asks = replace(dialog.asks, doubts=None)
    dialog.cancel.setFocus()
    field = dialog.editors["word"].widget
    field.setFocus()
    assert dialog.ok.isDefault()
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert dialog.result() == DescribedDialog.DialogCode.Accepted


@pytest.mark.parametrize("text", ["&Teléfono, día y noche", "&Treatment", "&Paper", "&Ver", "&Name"])
def test_no_letter_of_a_label_is_cut_by_its_access_key(qtbot, text):
    """The letter of the key is drawn apart from the next one, wider than the words were measured."""
    page = QWidget()
    qtbot.addWidget(page)
    form = form_layout(page)
    form.addRow(text, QLineEdit())
    label = form.itemAt(0, form.ItemRole.LabelRole).widget()
    label.setStyleSheet("QLabel { background: white; color: black; }")
    right = []
    for more in (0, 40):
        label.resize(label.sizeHint() + QSize(more, 0))
        picture = label.grab().toImage()
        places = product(range(picture.width()), range(picture.height()))
        right.append(max(x for x, y in places if picture.pixelColor(x, y).red() < 200))
    assert right[0] == right[1]


def test_one_day_is_no_days(qtbot):
    asked = DescribedDialog(Form("T", "OK", [Field("days", "&Days", "days", 1, least=-5, most=9)]))
    qtbot.addWidget(asked)
    box = asked.editors["days"].widget
    told = []
    for number in (1, 0, -1, 7):
        box.setValue(number)
        told.append(box.text())
    assert told == ["1 day", "0 days", "-1 day", "7 days"]


def test_a_question_that_grows_at_the_end_of_the_screen_moves_up(qtbot):
    """Its doubt and the tick for it pushed the buttons over the lower edge."""
    dialog = _asked_twice(qtbot)
    end = dialog.screen().availableGeometry().bottom()
    dialog.move(dialog.x(), end - dialog.height())
    dialog.show_problems(["A line that says what is not right"] * 6, "doubt")
    qtbot.waitUntil(lambda: dialog.frameGeometry().bottom() <= end)
    dialog.reject()


@pytest.fixture
def dressed(qapp):
    """In the sizes that the window's style gives."""
    qapp.setStyleSheet(build_style_sheet(LIGHT))
    yield
    qapp.setStyleSheet("")


def _changing(qtbot, many=5):
    fields = [Field(f"f{number}", f"Field {number}", "text", "word") for number in range(many)]
    dialog = DescribedDialog(Form("Question", "Do it", fields, preview=lambda _: "Nothing comes of it"))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.grab()
    return dialog


@pytest.mark.usefixtures("dressed")
def test_on_a_low_and_wide_screen_what_would_change_stands_beside_the_fields(qtbot, monkeypatch):
    """At 200 % one row of it was seen below the fields of Stop, on a laptop none at all without scrolling."""
    monkeypatch.setattr("ui.dialogs.form.room_on", lambda _screen: QSize(910, 380))
    monkeypatch.setattr("ui.dialogs.described.room_on", lambda _screen: QSize(910, 380))
    dialog = _changing(qtbot)
    first = dialog.editors["f0"].widget
    assert dialog.preview.mapTo(dialog, QPoint()).x() > first.mapTo(dialog, QPoint(first.width(), 0)).x()
    assert dialog.preview.table.height() > 5 * 22
    assert dialog.height() <= 380
    assert dialog.findChild(QScrollArea, options=Qt.FindChildOption.FindDirectChildrenOnly) is None
    assert all(one.widget.height() >= one.widget.sizeHint().height() for one in dialog.editors.values())


@pytest.mark.usefixtures("dressed")
@pytest.mark.parametrize("room", [QSize(1366, 736), QSize(1366, 560)])
def test_where_there_is_room_it_stands_below_and_gives_way_before_the_fields(qtbot, monkeypatch, room):
    monkeypatch.setattr("ui.dialogs.form.room_on", lambda _screen: room)
    monkeypatch.setattr("ui.dialogs.described.room_on", lambda _screen: room)
    monkeypatch.setattr("ui.dialogs.form.BESIDE", 2000)
    dialog = _changing(qtbot, 9)
    boxes = [one.widget for one in dialog.editors.values()]
    assert dialog.preview.mapTo(dialog, QPoint()).y() > boxes[-1].mapTo(dialog, QPoint()).y()
    assert all(one.height() >= one.sizeHint().height() for one in boxes)
    gaps = {lower.y() - upper.geometry().bottom() - 1 for upper, lower in pairwise(boxes)}
    assert gaps == {8}
    assert dialog.height() <= room.height()


def test_a_long_text_shows_how_it_begins(qtbot):
    """The name of a clinic began with the end of its second word."""
    field = line("Clinic", "Hospital Universitario Nuestra Señora de la Candelaria, Servicio de Farmacia")
    qtbot.addWidget(field)
    assert field.cursorPosition() == 0
    short = line("Clinic", "Ward 7")
    qtbot.addWidget(short)
    assert short.cursorPosition() == len("Ward 7"), "what is typed goes on behind it"
