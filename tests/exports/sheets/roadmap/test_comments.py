"""Comments in the rows of the roadmap's days: each reason on each of its days, and nothing twice."""

from datetime import date, timedelta

from planner.exports.sheets.roadmap.comments import comment_lines
from planner.exports.sheets.sheet import Paragraphs
from planner.exports.wording.text import GLUE, held_together
from tests.exports.papers import make, shipped
from tests.exports.sheets.roadmap.test_days import told_at
from tests.exports.sheets.roadmap.test_roadmap import rows_of, sections

START = date(2026, 3, 2)


def test_what_a_provisional_dose_hangs_on_stands_on_each_of_its_days() -> None:
    """AALL0232, induction: day 22 lost the reason that day 15 told in three lines."""
    sheet = make(shipped("aall0232-hr"), "roadmap")
    told = [told_at(sheet, START + timedelta(day - 1)) for day in (15, 22)]
    reason = "Methotrexate IT: provisional; only if CNS status CNS3; not recorded: CNS status"
    assert told == [[reason], [reason]]
    here = [told_at(sheet, START + timedelta(35 + day - 1)) for day in (15, 22)]
    reason = "Methotrexate IT: only if CNS status not CNS3; not recorded: CNS status"
    assert here == [[reason], [reason]], "that all of a block is provisional stands with the block"


def test_a_question_is_not_also_a_thing_that_is_provisional() -> None:
    """Hyper-CVAD with ponatinib: "provisional: Complete molecular response after course 3?" beside its DECISION."""
    evaluated = shipped("hyper-cvad-ponatinib")
    (asked,) = (one for one in evaluated.schedule.events if "after course 3?" in one.placed.agent_name)
    (told,) = told_at(make(evaluated, "roadmap"), asked.date)
    assert told.count("Complete molecular response after course 3?") == 1
    assert "DECISION, provisional: Complete molecular response after course 3? Open; drawn as" in told


def test_a_criterion_stands_once_in_a_row() -> None:
    """AALL0232: "goes on when ANC ..." beside "Day 29 waits for ANC ..." made the row a third of a page."""
    sheet = make(shipped("aall0232-hr"), "roadmap")
    (told,) = told_at(sheet, START + timedelta(35 + 28))
    assert told == (
        "Cyclophosphamide, Cytarabine, Mercaptopurine: an estimate: "
        "Day 29 waits for ANC ≥ 0.75 × 10⁹/L and platelets ≥ 75 × 10⁹/L"
    )
    later = [told for day in range(700) for told in told_at(sheet, START + timedelta(day))]
    assert not any(text.count("platelets ≥ 75") > 1 for text in later)


def test_a_check_that_no_dose_of_its_row_waits_for_says_what_goes_on_when() -> None:
    waits = {"an estimate: Day 29 waits for ANC ≥ 1": {"Cytarabine": None}, "goes on when ANC ≥ 1": {"Counts": None}}
    assert comment_lines(waits) == ["Cytarabine: an estimate: Day 29 waits for ANC ≥ 1"]
    other = {**waits, "goes on when ANC ≥ 2": {"Counts": None}}
    assert comment_lines(other)[1:] == ["Counts: goes on when ANC ≥ 2"]
    assert comment_lines({"moved from Mon 02-Mar-2026": {}}) == ["moved from Mon 02-Mar-2026"]


def test_orders_that_differ_in_their_cycles_alone_are_one_row() -> None:
    """Hyper-CVAD with ponatinib, maintenance: vincristine "cycles 6 and 13 only" with the dose of all others."""
    *_, maintenance, _ = (rows_of(one) for one in sections(make(shipped("hyper-cvad-ponatinib"), "roadmap"), "Drugs"))
    told = {row[0]: row[1:4] for row in maintenance}
    assert len(told) == len(maintenance)
    assert told["Vincristine"] == ["2 mg", "intravenous", "D1; over 30 min"]
    assert told["Prednisone"] == ["200 mg/day", "by mouth", "D1 to D5 (5 days)"]


def test_a_list_of_sources_is_not_torn() -> None:
    """POMP: heading and one line, and on the next page two lines and the signatures."""
    lists = [part for one in sections(make(shipped("pomp"), "roadmap"), "Sources") for part in one.parts]
    assert lists
    assert all(isinstance(part, Paragraphs) and part.together for part in lists)


def test_a_unit_or_a_number_of_a_day_is_not_parted() -> None:
    for text in ("above 300 /mcL", "24 Gy on", "to Day 180", "Day 10"):
        number = next(place for place, one in enumerate(text) if one.isdigit())
        place = text.index(" ", number) if text.endswith(("mcL", "on")) else text.index(" ", text.index("Day"))
        assert held_together(text)[place] == GLUE
