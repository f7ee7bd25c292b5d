"""What a made calendar says of each day, read back for the tests."""

import calendar as other_calendar
from datetime import date, datetime, timedelta

from planner.exports.sheets.sheet import Month, Row, Sheet
from tests.exports.sheets.test_every_event import date_of


def months(sheet: Sheet) -> dict[str, Month]:
    return {part.title: part for section in sheet.sections for part in section.parts if isinstance(part, Month)}


def days_told(text: str) -> list[date]:
    """The days of "From 1 June 2026 to 30 June 2026: ..."; none of what is to be asked at the end."""
    if not text.startswith("From "):
        return []
    first, last = (
        datetime.strptime(one, "%d %B %Y").date()
        for one in text.replace("\u00a0", " ").removeprefix("From ").split(":")[0].split(" to ")
    )
    return [first + timedelta(number) for number in range((last - first).days + 1)]


def days_of(row: Row) -> list[str]:
    """The days that a row of the large print is about, from its first to its last, without their months."""
    if not row.cells[0].lines:
        return [f"{day:%A} {day.day}" for day in days_told(row.cells[1].lines[0].text)]
    strong = [line.text for line in row.cells[0].lines if line.style in ("strong", "struck")]
    first, last = (" ".join(text.removeprefix("to ").split(" ")[:2]) for text in (strong[0], strong[-1]))
    names = list(other_calendar.day_name)
    count = (names.index(last.split(" ")[0]) - names.index(first.split(" ")[0])) % 7 + 1
    begin = int(first.split(" ")[1])
    numbers = [int(last.split(" ")[1]) - (count - 1 - step) for step in range(count)]
    shown = [number if number > 0 else begin + step for step, number in enumerate(numbers)]
    weekdays = [names[(names.index(first.split(" ")[0]) + step) % 7] for step in range(count)]
    return [f"{weekday} {number}" for weekday, number in zip(weekdays, shown, strict=True)]


def said_on(sheet: Sheet) -> dict[date, list[str]]:
    """The lines of each day of the plan, bars left out."""
    found = {}
    for title, month in months(sheet).items():
        first = datetime.strptime(f"1 {title}", "%d %B %Y").date()
        for day in (day for week in month.weeks for day in week.days):
            if day.number and not day.outside:
                found[date_of(first, int(day.number), day.month)] = [line.text for line in day.lines]
    return found


def framed_on(sheet: Sheet) -> dict[date, list[str]]:
    """The frames that run over each day of the plan."""
    found = {}
    for title, month in months(sheet).items():
        first = datetime.strptime(f"1 {title}", "%d %B %Y").date()
        for week in month.weeks:
            for place, day in enumerate(week.days):
                if day.number and not day.outside:
                    bars = [bar.line.text for bar in week.bars if bar.first <= place <= bar.last]
                    found[date_of(first, int(day.number), day.month)] = bars
    return found
