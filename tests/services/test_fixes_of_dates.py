"""Dates are mended towards what the rule asks for: into a window, and in order, without bringing a dose forward."""

import pytest
from msgspec.structs import replace

from planner.model.plan import Given, GivenRecord
from planner.services import fixing
from planner.services.evaluation import evaluate
from tests.checking.shipped import rules
from tests.golden.cases import library
from tests.services.courses_at_hand import plan_of, scheduled


def test_a_dose_too_late_for_its_window_is_put_off_no_more(case):
    """A day later still was offered, because then it counted as deferred with a reason."""
    fixes = case(rules()["CT-04"], "1 obe-cel 10e6 cells IV block=a", "14 obe-cel 400e6 cells IV block=b")
    moved = [change.days for fix in fixes for change in (*fix.changes, *fix.moves)]
    assert moved
    assert all(days < 0 for days in moved)


def test_a_dose_too_early_for_its_window_is_brought_forward_no_more(case):
    fixes = case(rules()["CT-04"], "1 obe-cel 10e6 cells IV block=a", "7 obe-cel 400e6 cells IV block=b")
    assert {fix.title.split()[0] for fix in fixes} <= {"Postpone", "Move"}
    assert all(change.days > 0 for fix in fixes for change in (*fix.changes, *fix.moves))


def test_a_graft_that_was_put_off_is_not_brought_forward_again(case):
    """Cells that came a day late were to come a day earlier, as if the donor could be moved."""
    busulfan = "1-4 busulfan 3.2 mg/kg IV protocol=hsct-bu-flu"
    cells = "7 haematopoietic-stem-cells ? IV role=cell-therapy protocol=hsct-bu-flu"
    assert case(rules()["HS-09"], busulfan, cells) == ()


def test_a_day_of_a_drug_is_not_moved_past_its_other_days(case):
    """Day 2 of cyclophosphamide on three days was to come before day 1."""
    fixes = case(rules()["ST-04"], "1-3 cyclophosphamide 300 mg/m2 IV", "2 methotrexate 12 mg IT role=intrathecal")
    assert [fix.title for fix in fixes if "Cyclophosphamide" in fix.title] == []


def test_a_day_is_not_moved_where_treatment_goes_along_and_the_named_drug_stays(case):
    """Cytarabine of four days stayed, and cyclophosphamide and the intrathecal dose were to come earlier together."""
    course = ("1 vincristine 2 mg IV", "29-32 cytarabine 75 mg/m2 IV", "29 methotrexate 12 mg IT role=intrathecal")
    (fix,) = case(rules()["ST-04"], *course)
    assert fix.title == "Bring forward Methotrexate IT C1 D29, with all that is given on that day, to Wed 28-Jan-2026"


@pytest.mark.parametrize("protocol", ["aall1731", "calgb-10403"])
def test_no_day_of_a_shipped_course_is_brought_forward_with_what_waits_for_counts(protocol):
    """Cytarabine stayed, and cyclophosphamide and the intrathecal dose came together ahead of day 29."""
    shown = evaluate(plan_of(protocol), library())
    clash = [one for one in shown.findings if one.rule == "ST-04" and any("delayed" in order for order in one.orders)]
    offered = [fix.id for one in clash for fix in fixing.offered_fixes(shown, one.id, library())]
    assert clash
    assert [fix for fix in offered if fix.startswith("move-day:delayed-intensification:1:29:")] == []


def test_in_a_wrong_order_the_second_is_put_off_and_the_first_stays(case):
    fixes = case(rules()["AS-08"], "1 pegaspargase 2000 units/m2 IV block=a", "2 methotrexate 100 mg/m2 IV block=b")
    assert [fix.id for fix in fixes] == ["move-day:a:1:1:+2", "move-block:a:+2"]
    assert case(rules()["AS-08"], "1 pegaspargase 2000 units/m2 IV", "2 methotrexate 100 mg/m2 IV") == ()


def test_prophylaxis_that_counts_from_another_day_goes_to_the_cells(case):
    cells = "10 haematopoietic-stem-cells ? IV role=cell-therapy block=bmt zero=10"
    medicine = "15 gvhd-medicine ? PO role=supportive protocol=gvhd-prophylaxis block=gvhd zero=16"
    (fix,) = case(rules()["HS-28"], cells, medicine)
    assert fix.id == "move-block:gvhd:-6"


@pytest.mark.parametrize(("days", "offered"), [(0, True), (20, False)])
def test_nothing_is_planned_on_days_before_one_that_was_recorded(days, offered):
    """Liver tests of four past months were planned, and the finding was gone as if they had been done."""
    plan = plan_of("calgb-10403")
    first = next(one for one in scheduled(plan).events if one.placed.agent == "pegaspargase")
    last = next(
        one for one in scheduled(plan).events if one.day > first.day + days and one.placed.agent == "prednisone"
    )
    where = (last.placed.block.id, last.placed.cycle, last.cycle_day, last.placed.order.id)
    record = GivenRecord(*where, 0, Given.GIVEN, last.date, last.dose.value, "mg", "by")
    plan = replace(plan, given=(record,)) if days else plan
    known = library()
    shown = evaluate(plan, known)
    found = next(one for one in shown.findings if one.rule == "AS-10")
    assert bool(fixing.offered_fixes(shown, found.id, known)) is offered
