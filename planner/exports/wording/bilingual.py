"""Two languages on one sheet: the patient's first, the other under it, line by line, so that both can be compared."""

from itertools import zip_longest

from msgspec.structs import replace

from planner.exports.sheets.sheet import (
    Column,
    DayCell,
    Line,
    Month,
    Paragraphs,
    Part,
    Row,
    Section,
    Sheet,
    Table,
    Week,
    WeekBar,
)
from planner.model.language import GLUE


def alongside(sheet: Sheet, other: Sheet) -> Sheet:
    """The sheet with the lines of the same sheet in another language. Both were made from one plan in one way."""
    sections = tuple(_section(one, two) for one, two in zip(sheet.sections, other.sections, strict=True))
    return replace(sheet, sections=sections)


def _section(one: Section, two: Section) -> Section:
    parts = tuple(_part(first, second) for first, second in zip_longest(one.parts, two.parts) if first is not None)
    return replace(one, title=_joined(one.title, two.title), parts=parts)


def _part(one: Part, two: Part | None) -> Part:
    if isinstance(one, Paragraphs) and isinstance(two, Paragraphs):
        return replace(one, lines=_lines(one.lines, two.lines))
    if isinstance(one, Table) and isinstance(two, Table):
        columns = tuple(_column(first, second) for first, second in zip(one.columns, two.columns, strict=True))
        rows = tuple(_row(first, second) for first, second in zip(one.rows, two.rows, strict=True))
        return replace(one, columns=columns, rows=rows)
    if isinstance(one, Month) and isinstance(two, Month):
        return _month(one, two)
    return one


def _month(one: Month, two: Month) -> Month:
    """Names of months, parts and weekdays stay in the first language: the room is for the days."""
    weeks = tuple(_week(first, second) for first, second in zip(one.weeks, two.weeks, strict=True))
    return replace(one, notice=_joined(one.notice, two.notice), weeks=weeks, after=_lines(one.after, two.after))


def _week(one: Week, two: Week) -> Week:
    days = tuple(_day(first, second) for first, second in zip(one.days, two.days, strict=True))
    bars = zip(one.bars, two.bars, strict=True) if len(one.bars) == len(two.bars) else ()
    return replace(one, days=days, bars=tuple(_bar(*pair) for pair in bars) or one.bars)


def _bar(one: WeekBar, two: WeekBar) -> WeekBar:
    return replace(one, line=replace(one.line, text=_joined(one.line.text, two.line.text)))


def _day(one: DayCell, two: DayCell) -> DayCell:
    return replace(one, lines=_lines(one.lines, two.lines))


def _column(one: Column, two: Column) -> Column:
    return replace(one, heading=_lines(one.heading, two.heading))


def _row(one: Row, two: Row) -> Row:
    cells = zip(one.cells, two.cells, strict=True)
    return replace(one, cells=tuple(replace(first, lines=_lines(first.lines, second.lines)) for first, second in cells))


def _lines(one: tuple[Line, ...], two: tuple[Line, ...]) -> tuple[Line, ...]:
    """Pairs of lines; all of the one and then all of the other where they are not as many. Boxes stand once."""
    if len(one) != len(two):
        return (*one, *(_second(line) for line in two if line.text))
    return tuple(line for first, second in zip(one, two, strict=True) for line in _pair(first, second))


def _pair(first: Line, second: Line) -> tuple[Line, ...]:
    """A line and what it is in the other language, which is never parted from it; both headings stand above both."""
    under = _lines(first.under, second.under)
    here = replace(first, under=under)
    return (here,) if first.text == second.text else (here, replace(_second(second), under=under, joined=True))


def _second(line: Line) -> Line:
    """As the second language stands below the first: without a box, lighter and further in."""
    style = "second struck" if line.style == "struck" else "second"
    return replace(line, style=style, tick=False, blank=False, boxes=())


def _joined(one: str, two: str) -> str:
    return one if one == two else f"{one}{GLUE}/ {two}"
