"""Places on a sheet to write names on: who prepared, who checked."""

from collections.abc import Sequence

from planner.exports.sheets.sheet import Cell, Column, Line, Part, Row, Table

SIGNED = ("Prepared by, in print", "Signature", "Date", "Checked by another, in print", "Signature", "Date")


def signatures() -> tuple[Part, ...]:
    """Lines for the one who prepared the block and the other person who checked it. Never filled in."""
    return (blanks(SIGNED),)


def blanks(texts: Sequence[str]) -> Table:
    """Rules to write on, side by side under what they are for: below one another they began a page of their own."""
    columns = tuple(Column((Line(text, "strong"),), 60, 2 if "," in text else 1) for text in texts)
    blank = Cell((Line(""), Line("", blank=True)))
    return Table(columns, (Row((blank,) * len(columns)),), ruled=False, together=True)
