"""The bands of the roadmap's days: cycles by name and number, and those without anything under one band."""

from planner.exports.sheets.sheet import Sheet, Table
from tests.exports.papers import make, shipped, words_of


def bands_of(sheet: Sheet) -> list[str]:
    tables = [part for section in sheet.sections for part in section.parts if isinstance(part, Table)]
    return [words_of(row.cells[0]) for table in tables for row in table.rows if row.band]


def test_a_block_called_by_its_number_has_no_second_one() -> None:
    """GRAAPH-2014: "Cycle 2, cycle 2"."""
    bands = [row for row in bands_of(make(shipped("graaph-2014"), "roadmap")) if "days" in row]
    assert [band.partition(" · ")[0] for band in bands] == [
        "Cycle 1", "Cycle 2", "Interphase 1", "Cycle 3", "Cycle 4", "Interphase 2", "What comes next"
    ]  # fmt: skip
    assert any(band.startswith("Consolidation, cycle 4 · ") for band in bands_of(make(shipped("phallcon"), "roadmap")))


def test_cycles_on_whose_days_nothing_is_planned_share_a_band() -> None:
    """E1910: 21 bands of a maintenance whose drugs are to be entered were a page, and left the one before it empty."""
    bands = [band for band in bands_of(make(shipped("e1910"), "roadmap")) if band.startswith("Maintenance, ")]
    assert [band.partition(" · ")[0] for band in bands] == ["Maintenance, cycle 1", "Maintenance, cycles 2 to 22"]
    assert ", doses still to be entered" in bands[1]
