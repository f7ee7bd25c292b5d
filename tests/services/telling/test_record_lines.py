"""Records of what was given in as few lines as say all of them."""

from datetime import date, timedelta
from decimal import Decimal

from msgspec.structs import replace

from planner.model.plan import Given, GivenRecord
from planner.services.telling.told import record_lines, record_words

FIRST = GivenRecord("a", 1, 1, "dexa", 0, Given.GIVEN, date(2026, 3, 2), Decimal(20), "mg", "A. Nurse", as_planned=True)


def on_day(day, **more):
    return replace(FIRST, day=day, on=FIRST.on + timedelta(day - 1), **more)


def test_one_record_is_told_as_it_always_was():
    assert (
        record_lines((FIRST,))
        == (record_words(FIRST),)
        == ("a C1 D1 dexa: given on Mon 02-Mar-2026, 20 mg (A. Nurse)",)
    )


def test_doses_recorded_alike_stand_in_one_line_with_every_day():
    records = [on_day(day) for day in (1, 2, 3, 8)]
    assert record_lines(records) == (
        "a C1 D1 to 3, 8 dexa, 4 doses: given from Mon 02-Mar-2026 to Mon 09-Mar-2026, 20 mg each (A. Nurse)",
    )


def test_several_doses_of_one_day_have_one_date():
    assert record_lines([FIRST, replace(FIRST, number=1)]) == (
        "a C1 D1 dexa, 2 doses: given on Mon 02-Mar-2026, 20 mg each (A. Nurse)",
    )


def test_what_was_not_given_for_one_reason_has_no_date():
    missed = {"status": Given.NOT_GIVEN, "dose": None, "unit": "", "reason": "toxicity", "grade": 3, "note": "CRS"}
    records = [replace(on_day(day, **missed), on=None) for day in (4, 5)]
    assert record_lines(records) == ("a C1 D4, 5 dexa, 2 doses: not given: toxicity grade 3, CRS (A. Nurse)",)


def test_whatever_differs_stands_in_a_line_of_its_own():
    others = (
        on_day(2, dose=Decimal(10)),
        on_day(3, by="B. Nurse"),
        on_day(4, note="late"),
        replace(on_day(5), on=date(2026, 3, 9)),
        on_day(6, order="other"),
        on_day(7, block="b"),
        on_day(8, cycle=2),
        on_day(9, status=Given.PARTLY, reason="other"),
    )
    assert record_lines((FIRST, *others)) == tuple(record_words(one) for one in (FIRST, *others))
