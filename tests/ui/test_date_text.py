"""Dates as typed: read where they mean one day, refused where they could mean two."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from planner.model.civil import clinical_date, weekday_date
from ui.dialogs.date_field import DateField
from ui.dialogs.date_text import parse_date
from ui.tongue import use_language


@pytest.mark.parametrize(
    "text",
    [
        "14-Mar-1981",
        "14 march 1981",
        "14mar1981",
        "1981-03-14",
        "1981-3-14",
        "14.3.1981",
        "14/3/1981",
        "3/14/1981",
        "Sat 14-Mar-1981",
        "  14-MAR-1981 ",
    ],
)
def test_one_day_in_many_ways(text):
    assert parse_date(text) == date(1981, 3, 14)


@pytest.mark.parametrize(
    ("text", "month"),
    [("3 enero 1986", 1), ("3-ene-1986", 1), ("3 de agosto de 1986", 8), ("mié 3-sep-1986", 9), ("3 Dec 1986", 12)],
)
def test_months_are_known_by_the_names_of_the_windows_language(text, month):
    use_language("es")
    assert parse_date(text) == date(1986, month, 3)
    use_language("en")
    assert parse_date("3 Dec 1986") == date(1986, 12, 3)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("3/4/1981", "could be 03-Apr-1981 or 04-Mar-1981"),
        ("03-04-1981", "could be 03-Apr-1981 or 04-Mar-1981"),
        ("31-Feb-2026", "no such day"),
        ("14-Foo-1981", "not a month"),
        ("14-Mar-81", "not a date"),
        ("soon", "not a date"),
        ("", "missing"),
    ],
)
def test_what_is_no_day_says_why(text, says):
    with pytest.raises(ValueError, match=says):
        parse_date(text)


def test_same_number_twice_is_one_day():
    assert parse_date("4/4/1981") == date(1981, 4, 4)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)))
def test_every_shown_date_is_read_back(day):
    assert parse_date(clinical_date(day)) == day
    assert parse_date(weekday_date(day)) == day
    assert parse_date(day.isoformat()) == day


def test_field_shows_the_weekday_or_what_is_wrong(qtbot):
    field = DateField("Birth date")
    qtbot.addWidget(field)
    assert (field.answer.text(), field.day) == ("", None)
    assert "missing" in field.problem
    field.line.setText("14.3.1981")
    assert (field.answer.text(), field.day) == ("Sat 14-Mar-1981", date(1981, 3, 14))
    field.line.editingFinished.emit()
    assert (field.line.text(), field.answer.text()) == ("14-Mar-1981", "Sat")
    field.line.setText("3/4/1981")
    assert "could be" in field.answer.text()
    assert field.line.property("wrong")


def test_a_day_after_today_is_told_beside_it(qtbot):
    field = DateField("Birth date", latest=date(2026, 11, 30), more=lambda _: "-4 years")
    qtbot.addWidget(field)
    field.set_day(date(2026, 11, 30))
    assert (field.answer.text(), field.line.property("wrong")) == ("Mon · -4 years", False)
    field.set_day(date(2030, 11, 30))
    assert (field.answer.text(), field.line.property("wrong")) == ("lies in the future", True)
    assert (field.problem, field.day) == ("", date(2030, 11, 30)), "the form says what that means"


def test_arrow_keys_step_by_a_day(qtbot):
    field = DateField("Start", date(2026, 2, 28))
    qtbot.addWidget(field)
    qtbot.keyClick(field.line, Qt.Key.Key_Up)
    assert field.day == date(2026, 3, 1)
    qtbot.keyClick(field.line, Qt.Key.Key_Down)
    assert field.day == date(2026, 2, 28)


def test_optional_field_may_stay_empty(qtbot):
    field = DateField("Last day", optional=True)
    qtbot.addWidget(field)
    assert (field.problem, field.day) == ("", None)
