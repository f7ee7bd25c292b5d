"""When clocks change, against the time zone data of the computer, where it has them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from planner.model.clock_change import ClockChange, clock_changes

NOON = 12 * 60


def zone(name):
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        pytest.skip(f"this computer has no data of {name}")


def changes_of(name, year):
    """Every day of the year on which noon lies 23 or 25 hours after the noon before."""
    place, day = zone(name), date(year, 1, 2)
    while day.year == year:
        noons = [datetime(*one.timetuple()[:3], 12, tzinfo=place).astimezone(UTC) for one in (day - timedelta(1), day)]
        minutes = 24 * 60 - int((noons[1] - noons[0]).total_seconds()) // 60
        if minutes:
            yield ClockChange(day.toordinal(), minutes)
        day += timedelta(1)


@pytest.mark.parametrize(
    ("rule", "name"),
    [("eu", "Europe/Madrid"), ("eu", "Europe/London"), ("eu", "Europe/Athens"), ("us", "America/New_York")],
)
@pytest.mark.parametrize("year", [2026, 2027, 2028, 2033])
def test_the_rules_agree_with_the_zones(rule, name, year):
    whole = (date(year, 1, 1).toordinal(), NOON), (date(year, 12, 31).toordinal(), NOON)
    assert clock_changes(rule, *whole) == tuple(changes_of(name, year))


def test_over_the_new_year_both_years_are_looked_at():
    found = clock_changes("eu", (date(2026, 10, 1).toordinal(), 0), (date(2027, 4, 1).toordinal(), 0))
    assert found == (
        ClockChange(date(2026, 10, 25).toordinal(), -60),
        ClockChange(date(2027, 3, 28).toordinal(), 60),
    )


@pytest.mark.parametrize("rule", ["", "none"])
def test_without_a_rule_there_is_none(rule):
    assert clock_changes(rule, (date(2026, 1, 1).toordinal(), 0), (date(2028, 1, 1).toordinal(), 0)) == ()


def test_what_ends_before_the_night_or_begins_after_it_is_not_over_it():
    sunday = date(2026, 10, 25).toordinal()
    assert clock_changes("eu", (sunday - 3, NOON), (sunday - 1, NOON)) == ()
    assert clock_changes("eu", (sunday, NOON), (sunday + 3, NOON)) == ()
    assert len(clock_changes("eu", (sunday - 1, NOON), (sunday, NOON))) == 1
