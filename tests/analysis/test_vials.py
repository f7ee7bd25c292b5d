"""Vials of the whole course, held against a count done by hand here."""

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from planner.cli.plan_counters import _totals_text
from planner.model.counter import Counter, Totals
from planner.model.plan import Given, GivenRecord, Hold, Modification, Omission, Plan, Replacement, Scope
from planner.paths import resources
from planner.services.evaluation import evaluate
from planner.services.telling.totals import totals
from tests.golden.cases import library
from tests.services.courses_at_hand import plan_of

DRUG = "inotuzumab"


def course(*changes: Modification) -> Plan:
    """0.6 and 0.3 mg/m2 in the first course, 0.3 twice in the next three: two vials of 0.9 mg once, one seven times."""
    return replace(plan_of("mini-hyper-cvd-inotuzumab"), modifications=changes)


def counted(plan: Plan) -> Totals:
    return totals(evaluate(plan, replace(library(), rules=())), library(), resources())


def vials(plan: Plan) -> Counter:
    (found,) = [one for one in counted(plan).vials if one.agent == DRUG]
    return found


def test_vials_are_counted_dose_by_dose() -> None:
    found = vials(course())
    assert (found.given, found.planned, found.total, found.parts) == (0, 9, 9, ("9 × 0.9 mg",))
    assert found.unknown == ()
    left = Omission("odd", 1, 2, "inotuzumab-course-1-day-2", "toxicity")
    assert vials(course(left)).planned == 7


def test_what_was_given_needs_none_and_held_vials_are_told_apart() -> None:
    plan = course(Hold("even", 2, 2, "toxicity", order=DRUG))
    first = GivenRecord(
        "odd", 1, 2, "inotuzumab-course-1-day-2", 0, Given.GIVEN, date(2026, 1, 6), Decimal("1.09"), "mg", "A. P."
    )
    found = vials(replace(plan, given=(first,)))
    assert (found.given, found.planned, found.held) == (0, 5, 2)
    assert found.parts == ("5 × 0.9 mg",)


def test_a_dose_that_is_not_known_is_named_and_drugs_without_vials_are_not_counted() -> None:
    swap = Replacement("odd", 1, 1, "vincristine", Scope.DAY, DRUG, "other")
    found = vials(course(swap))
    assert (found.planned, found.unknown) == (9, ("Inotuzumab ozogamicin C1 D1",))
    assert not {one.agent for one in counted(course()).vials} & {"blinatumomab", "dexamethasone"}


def test_the_command_line_shows_them() -> None:
    lines = _totals_text(counted(course())).splitlines()
    assert f"  Vials still needed: {DRUG}: 0 + 0 + 9 = 9 [9 × 0.9 mg]" in lines
