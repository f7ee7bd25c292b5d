"""The bag plan says how many vials hold the dose of a bag at least, and says nothing where that is not known."""

import re
from datetime import timedelta

import pytest
from msgspec.structs import replace

from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.bag_plan import bag_plan
from planner.exports.sheets.sheet import Table
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import BagPlan
from planner.services.evaluation import evaluate
from planner.services.printing import vials_for_bags
from planner.services.telling.differences import differences
from tests.exports.papers import job, library, lines_of, make, shipped, text_boxes, words_of
from tests.exports.sheets.calendar.test_changes import struck, told
from tests.exports.sheets.test_day_bag_supply import bagged, rows_of


@pytest.mark.parametrize(
    ("protocol", "hours", "least"),
    [
        ("blinatumomab-mrd", 24, 1),  # 28 micrograms in vials of 35
        ("blinatumomab-mrd", 48, 2),  # 56
        ("blinatumomab-mrd", 96, 4),  # 112
        ("blinatumomab-mrd", 168, 6),  # 196
    ],
)
def test_a_bag_says_how_many_vials_hold_its_dose_at_least(protocol: str, hours: int, least: int) -> None:
    assert vials_of(bagged_for(protocol, hours)) == {f"at least {least}"}


def test_the_vials_follow_a_step_of_the_dose() -> None:
    """Days 1 to 7 of the first cycle at 9 micrograms, then 28: 63 and 196 in bags of 7 days."""
    assert vials_of(bagged_for("blinatumomab-rr", 168)) == {"at least 2", "at least 6"}


def test_no_number_of_vials_where_it_would_be_too_low_or_is_not_known() -> None:
    early = bagged_for("blinatumomab-mrd", 72)  # 28 days are nine bags and one of 24 h, filled for 72
    assert vials_of(early) == {"at least 3"}
    unknown = evaluate(replace(early.plan, patient=replace(early.plan.patient, measurements=())), library())
    assert vials_of(unknown) == {""}
    assert not any("at least" in line.text for line in lines_of(make(early, "bags"))), "no vial is known"


def bagged_for(protocol: str, hours: int) -> EvaluatedPlan:
    made = shipped(protocol).plan
    bags = tuple(BagPlan(block.id, (hours,), ()) for block in made.blocks)
    return evaluate(replace(made, bag_plans=bags), library())


def vials_of(evaluated: EvaluatedPlan) -> set[str]:
    """What stands in the column of vials beside the bags, where the rest is left to write."""
    sheet = bag_plan(evaluated, job(vials=vials_for_bags(library())))
    rows = [row for rows in rows_of(sheet).values() for row in rows if len(row.cells) == 9]
    cells = [row.cells[5] for row in rows if words_of(row.cells[3])]
    assert all(cell.lines[-1].blank for cell in cells)
    return {words_of(cell).replace("\xa0", " ").strip() for cell in cells}


def test_upright_a_provisional_bags_date_and_hour_are_as_wide_as_on_broad_paper() -> None:
    """Squeezed to fit, "18-Jan-2027 09:00" ran into its broken frame."""
    sheet = make(bagged_for("blinatumomab-mrd", 168), "bags")
    widths = []
    for landscape in (True, False):
        boxes, _ = text_boxes(write_pdf(replace(sheet, landscape=landscape), "A4"))
        texts = [(one.text.strip().replace("\u00a0", " "), one.right - one.left) for one in boxes]
        widths.append([width for text, width in texts if re.fullmatch(r"\d\d-\w{3}-2026 09:00", text)])
    broad, upright = widths
    assert broad
    assert min(upright) >= min(broad) - 1


def test_a_bag_has_a_line_on_the_day_sheet_for_when_it_was_hung() -> None:
    bags = bagged_for("blinatumomab-rr", 168)
    sections = make(bags, "daysheet").sections
    rows = [row for one in sections for part in one.parts if isinstance(part, Table) for row in part.rows]
    hung = [row for row in rows if ": bag " in words_of(row.cells[1])]
    assert hung
    assert all(row.cells[4].lines[0].blank and not row.cells[4].lines[0].tick for row in hung)
    steps = [line for line in lines_of(make(bags, "daysheet")) if line.text.startswith("Step in dose at 09:00: Blin")]
    assert len(steps) == 1, "that the bag of 9 mcg a day comes down"


def test_the_first_bag_says_that_it_is_hung_on_a_closed_day() -> None:
    """Each other one stands beside the change before it; a pump was put on on the day told to be closed in silence."""
    shown = bagged()
    first = next(one.date for one in shown.schedule.events if one.placed.kind == "bag")
    bags = tuple(replace(one, closed=(first,)) for one in shown.plan.bag_plans)
    found = rows_of(make(evaluate(replace(shown.plan, bag_plans=bags), library()), "bags"))
    hung = [words_of(row.cells[0]) for rows in found.values() for row in rows if len(row.cells) == 9]
    assert [text.endswith("a closed day") for text in hung[:3]] == [True, False, False]


def test_a_bag_that_comes_a_day_later_is_struck_out_with_its_new_day() -> None:
    """Cut anew, bags have other numbers: the change of 24 December was "no longer in the plan", and on the 25th."""
    old = bagged()
    first = next(one.date for one in old.schedule.events if one.placed.kind == "bag")
    closed = tuple(replace(one, closed=(first + timedelta(3),)) for one in old.plan.bag_plans)
    new = evaluate(replace(old.plan, bag_plans=closed), library())
    days = {one.date for one in new.schedule.events if one.placed.kind == "bag"}
    assert first + timedelta(3) not in days
    now = min(day for day in days if day > first)
    cells = told(new, differences(old.schedule, new.schedule))
    assert struck(cells[first + timedelta(3)]) == [("New bag for the pump", f"now on {now.day} {now:%B %Y}")]
