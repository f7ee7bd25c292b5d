"""The date axis."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.timeline.dates import is_weekend, lower, upper, weekends

FIRST = date(2026, 1, 5).toordinal()


@given(st.integers(700_000, 760_000), st.integers(1, 900), st.sampled_from([0.5, 2.0, 6.0, 20.0, 60.0]))
def test_the_fields_of_both_rows_cover_all_days_once(first, days, per_day):
    for row in (upper, lower):
        fields = list(row(first, first + days, per_day))
        assert fields[0].start <= first
        assert fields[-1].end >= first + days
        assert all(before.end == after.start for before, after in pairwise(fields))


@pytest.mark.parametrize(
    ("per_day", "above", "below"),
    [
        (60.0, "January 2026", "Mon 5"),
        (20.0, "January 2026", "5"),
        (8.0, "January 2026", "Mon 5"),
        (6.0, "January 2026", "5"),
        (2.0, "2026", "Jan"),
        (0.5, "2026", "Q1"),
    ],
)
def test_each_zoom_has_its_fields(per_day, above, below):
    assert next(iter(upper(FIRST, FIRST + 30, per_day))).texts[0] == above
    assert next(iter(lower(FIRST, FIRST + 30, per_day))).texts[0] == below


def test_texts_of_a_field_get_shorter():
    for row in (upper, lower):
        for field in row(FIRST, FIRST + 400, 8.0):
            assert [len(text) for text in field.texts] == sorted((len(text) for text in field.texts), reverse=True)


@given(st.integers(700_000, 760_000), st.integers(1, 60))
def test_weekends_are_saturday_and_sunday(first, days):
    wanted = {day for day in range(first, first + days) if date.fromordinal(day).weekday() >= 5}
    found = {day for begin, end in weekends(first, first + days) for day in range(begin, end)}
    assert wanted == {day for day in found if first <= day < first + days}
    assert all(is_weekend(day) for day in found)


def test_quarters_are_numbered_through_the_year():
    texts = [field.texts[0] for field in lower(date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal(), 0.5)]
    assert texts == ["Q1", "Q2", "Q3", "Q4"]
