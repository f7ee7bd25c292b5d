"""Dates are civil dates: no zone, clock change, leap day or set-back clock moves a dose (promises.md R12)."""

import os
import random
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from planner.model.civil import WEEKDAYS, add_months, clinical_date, weekday_date
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.site import Site
from planner.services.evaluation import evaluate
from planner.services.printing import make_sheet, pdf_of
from planner.services.sheet_titles import SHEET_TITLES
from planner.services.tables import EXPORTS, exported, schedule_text
from planner.services.verbs.placing import add_protocol, new_plan, start_on
from tests.architecture.imports import ROOT
from tests.courses import PATIENT
from tests.exports.papers import library

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "Africa/Cairo")
"""Among them one that changes its clocks at midnight, so that a local day has no 00:00, and one by half an hour."""
LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
NIGHTS = (date(2026, 3, 27), date(2026, 10, 23), date(2028, 2, 27), date(2027, 12, 30))
"""Two days before both changes of the clock in Europe, a leap day and the end of a year."""
STAMP = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
BYTES = """
import hashlib, sys
from tests.services.test_civil_days import as_bytes, course
shown = course(protocol="blinatumomab-mrd")
print(*(hashlib.sha256(one).hexdigest() for one in as_bytes(shown)))
"""


def course(start: date = NIGHTS[0], protocol: str = "d-alba") -> EvaluatedPlan:
    """A plan with clock times, infusions of four weeks and a whole year behind it."""
    plan = add_protocol(new_plan("p1", PATIENT), library().protocols[protocol], start_on(start))
    return evaluate(plan, replace(library(), rules=()))


def as_bytes(shown: EvaluatedPlan) -> list[bytes]:
    """Everything that leaves the program: tables, calendar file, bundle, workbook and all sheets."""
    printed = STAMP.replace(tzinfo=None)
    sheets = [pdf_of(make_sheet(shown, sheet, Site(), printed), "A4") for sheet in SHEET_TITLES]
    return [*(exported(shown, form, STAMP) for form in EXPORTS), *sheets]


def second_number(year: int, month: int, day: int) -> int:
    """The Julian day number by Fliegel and Van Flandern (CACM 11, 1968), in whole numbers; no code is shared."""
    a = -1 if month <= 2 else 0
    return (
        day
        - 32075
        + 1461 * (year + 4800 + a) // 4
        + 367 * (month - 2 - a * 12) // 12
        - 3 * ((year + 4900 + a) // 100) // 4
    )


def second_sum(start: date, days: int) -> tuple[int, int, int]:
    """So many days on, counted month by month."""
    year, month, day = start.year, start.month, start.day + days
    while day > (length := length_of(year, month)):
        day, month = day - length, month + 1
        year, month = (year + 1, 1) if month == 13 else (year, month)
    while day < 1:
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
        day += length_of(year, month)
    return year, month, day


def length_of(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return LENGTHS[month - 1] + (month == 2 and leap)


@pytest.mark.parametrize("count", [20_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
def test_random_sums_of_days_agree_with_a_second_algorithm(count: int) -> None:
    chance = random.Random(12)
    first, last = date(1900, 1, 1).toordinal(), date(2199, 12, 31).toordinal()
    base = second_number(2000, 1, 1) - date(2000, 1, 1).toordinal()
    for _ in range(count):
        start = date.fromordinal(chance.randint(first, last))
        on = start.toordinal() + chance.randint(-400, 1500)
        year, month, day = second_sum(start, on - start.toordinal())
        assert second_number(year, month, day) - base == on
        text = weekday_date.__wrapped__(on)
        assert text == f"{WEEKDAYS[second_number(year, month, day) % 7]} {clinical_date.__wrapped__(on)}"
        assert clinical_date.__wrapped__(on).startswith(f"{day:02d}-")
        months = chance.randint(-30, 60)
        later = add_months(start, months)
        assert (later.year * 12 + later.month) - (start.year * 12 + start.month) == months
        assert later.day == min(start.day, length_of(later.year, later.month))


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process cannot be changed here")
@pytest.mark.parametrize("start", NIGHTS)
def test_no_zone_and_no_clock_change_moves_a_dose(start: date, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {}
    try:
        for zone in ZONES:
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            shown = course(start)
            found[zone] = [schedule_text(shown, "csv"), *(exported(shown, form, STAMP) for form in ("ics", "fhir"))]
    finally:
        monkeypatch.undo()
        time.tzset()
    assert len({tuple(one) for one in found.values()}) == 1
    lines = str(found["UTC"][0]).splitlines()
    assert lines[1].startswith(start.isoformat())
    days = {line[:10] for line in lines[1:]}
    assert {(start + timedelta(number)).isoformat() for number in range(7)} <= days, "one dose a day, none left out"


def test_the_same_plan_gives_the_same_bytes_in_another_process_and_place() -> None:
    """Promise R15: neither the zone, the language of the machine nor the order of sets changes a byte."""
    told = set()
    for seed, zone, language in (("1", "Africa/Cairo", "C"), ("2", "America/Santiago", "C.UTF-8")):
        place = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LANG": language, "LC_ALL": language}
        done = subprocess.run([sys.executable, "-c", BYTES], cwd=ROOT, env=place, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        told.add(done.stdout)
    assert len(told) == 1
    assert len(told.pop().split()) == len(EXPORTS) + len(SHEET_TITLES)


@pytest.mark.slow
def test_a_hundred_prints_are_the_same_bytes() -> None:
    shown = course()
    first = as_bytes(shown)
    assert all(as_bytes(course()) == first for _ in range(99))
