"""The kit's two documents through the product's own writer of sheets: a calendar of months, a table of doses."""

import calendar
from functools import cache
from pathlib import Path

from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.sheet import Cell, Column, DayCell, Frame, Line, Month, Row, Section, Sheet, Table, Week

DAY_NAMES = tuple(calendar.day_name)
HEAD = (("Date", 74), ("Time", 50), ("Drug", 100), ("Dose", 100), ("Route", 70), ("Given by", 150), ("Checked by", 150))


def pdf_calendar(months: list, path: Path) -> None:
    """A month a section, each day's drugs in its cell."""
    _write("Calendar", tuple(_month(title, weeks) for title, weeks in months), path)


def pdf_table(rows: list, path: Path) -> None:
    """Every dose in a row of the table that the product's sheets are made of."""
    columns = tuple(Column((Line(name, "strong"),), least) for name, least in HEAD)
    nothing = (Cell(), Cell())
    cell = cache(lambda text: Cell((Line(text),)))
    lines = tuple(Row((*map(cell, row), *nothing)) for row in rows)
    _write("Schedule", (Section("Schedule", (Table(columns, lines),)),), path)


def _month(title: str, weeks: list) -> Section:
    shown = tuple(Week(tuple(_day(*day) for day in week)) for week in weeks)
    return Section(title, (Month(title, (), DAY_NAMES, shown, title, "more"),), new_page=True)


def _day(number: int, texts: list[str]) -> DayCell:
    return DayCell(str(number or ""), lines=tuple(map(Line, texts)), outside=not number)


def _write(title: str, sections: tuple[Section, ...], path: Path) -> None:
    frame = Frame("Example", "", title, "", (), ((),))
    Path(path).write_bytes(write_pdf(Sheet("kit", title, "clinician", frame, sections), "A4"))
