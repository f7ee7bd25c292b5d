"""The first day of a block is the same on every sheet, also where a medicine comes before its numbering begins."""

from datetime import date, timedelta

import pytest

from planner.exports.sheets.sheet import Facts
from tests.exports.papers import lines_of, make, shipped
from tests.exports.sheets.calendars import said_on

BEGIN = date(2026, 12, 7)


def said(protocol: str, kind: str) -> str:
    return "\n".join(line.text for line in lines_of(make(shipped(protocol, BEGIN), kind))).replace("\u00a0", " ")


@pytest.mark.parametrize("protocol", ["hsct-bu-cy", "hsct-bu-flu"])
def test_every_sheet_lets_conditioning_begin_with_the_medicine_of_the_evening_before_busulfan(protocol: str) -> None:
    """The family read 6 December, roadmap, glance, summary and supply 7 December."""
    length = 9 if protocol == "hsct-bu-cy" else 7
    last = BEGIN.day + length - 2
    assert f"Conditioning: 6 December 2026 to {last} December 2026" in said(protocol, "calendar")
    assert f"{length} days: Sun 06-Dec-2026 to " in said(protocol, "roadmap")
    assert f"Conditioning · Sun 06-Dec-2026 to {date(2026, 12, last):%a %d-%b-%Y}, {length} days" in said(
        protocol, "roadmap"
    )
    assert "starts on 07-Dec-2026; its first medicine comes 1 day before" in said(protocol, "roadmap")
    assert "Conditioning\nSun 06-Dec-2026\n" in said(protocol, "glance")
    assert "Conditioning\n1\nSun 06-Dec-2026\n" in said(protocol, "summary")
    assert f"06-Dec-2026 to {last:02}-Dec-2026" in said(protocol, "summary")
    titles = [section.title for section in make(shipped(protocol, BEGIN), "supply").sections]
    assert titles[0].startswith("Conditioning: Sun 06-Dec-2026 to ")
    facts = [part for one in make(shipped(protocol, BEGIN), "handover").sections for part in one.parts]
    where = dict(pair for part in facts if isinstance(part, Facts) for pair in part.pairs)
    assert where["Where in the course"].endswith(": Conditioning")


def test_the_day_of_a_graft_is_no_day_without_treatment() -> None:
    """PTCy is counted from the graft, which stands in another protocol: the family read "No treatment" on Day 0."""
    told = said_on(make(shipped("ptcy-gvhd", BEGIN), "calendar"))
    assert told[BEGIN] == ["Start: Protection after transplant", "Ask us before any other medicine"]
    assert told[BEGIN + timedelta(1)] == ["Ask us before any other medicine"]
