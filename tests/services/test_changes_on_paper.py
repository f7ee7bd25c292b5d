"""The list of changes on sheets: names in place of ids, and what was recorded as not given or in part."""

from decimal import Decimal

from msgspec.structs import replace

from planner.model.plan import (
    Addition,
    Deferral,
    DoseChange,
    Given,
    GivenRecord,
    Modification,
    Omission,
    PatientChange,
    Plan,
    Replacement,
    Scope,
)
from planner.services.changes_on_paper import changes_on_paper
from planner.services.evaluation import evaluate
from tests.golden.cases import library
from tests.services.courses_at_hand import plan_of

FIRST = "part-a"


def told(plan: Plan) -> tuple[str, ...]:
    return tuple(one.replace("\u00a0", " ") for one in changes_on_paper(plan, evaluate(plan, library()).schedule))


def course(*changes: Modification) -> Plan:
    return replace(plan_of("hyper-cvad"), modifications=changes)


def test_a_replaced_drug_and_the_one_in_its_place_have_their_names() -> None:
    """ "Replaced pegaspargase by asparaginase-erwinia": ids of files."""
    swap = Replacement(FIRST, 1, 4, "doxorubicin", Scope.ALL, "daunorubicin", "toxicity", dose="45 mg/m2")
    less = DoseChange(FIRST, 1, 4, "doxorubicin", Scope.DAY, "counts", percent=75)
    assert told(course(swap, less)) == (
        "Replaced Doxorubicin by Daunorubicin (45 mg/m2) from C1 D4 of Part A 1 on, in all later blocks too (toxicity)",
        "Dose of Daunorubicin (in place of Doxorubicin) 75 % on C1 D4 of Part A 1 (counts)",
    )


def test_the_same_change_of_days_in_a_row_is_one_line() -> None:
    """Ponatinib lowered by a fix for a fortnight of voriconazole: a line a day pushed the others off the hand-over."""
    days = [
        DoseChange(FIRST, 1, day, "dexamethasone", Scope.DAY, "other", note="TK-13", dose="10 mg")
        for day in range(1, 5)
    ]
    other = DoseChange(FIRST, 1, 12, "dexamethasone", Scope.DAY, "counts", dose="10 mg")
    assert told(course(*days[:2], other, *days[2:])) == (
        "Dose of Dexamethasone 10 mg on C1 D1 to D2 of Part A 1 (TK-13)",
        "Dose of Dexamethasone 10 mg on C1 D12 of Part A 1 (counts)",
        "Dose of Dexamethasone 10 mg on C1 D3 to D4 of Part A 1 (TK-13)",
    )


def test_an_added_drug_is_named_once_and_an_intrathecal_one_says_so() -> None:
    more = Addition(FIRST, 1, "more", "doxorubicin", "antineoplastic", "IV", (8,), "other", dose="10 mg")
    spinal = next(
        one
        for one in evaluate(course(), library()).schedule.events
        if one.placed.id.startswith(f"{FIRST}/1/") and one.placed.route == "IT"
    )
    out = Omission(FIRST, 1, spinal.cycle_day, spinal.placed.order.id, "capacity")
    assert told(course(more, out)) == (
        "Added Doxorubicin 10 mg IV on D8 of C1 of Part A 1 (reason not named)",
        f"Left out {spinal.placed.agent_name} IT on C1 D{spinal.cycle_day} of Part A 1 (capacity)",
    )


def test_the_days_of_an_added_drug_are_told_by_the_first_and_the_last_and_how_often_it_is_taken() -> None:
    """Ursodiol twice a day for a cycle: "on D1, 2, 3, ..., 28", and no word of twice."""
    days = (1, 3, *range(8, 15))
    more = Addition(FIRST, 1, "urso", "ursodiol", "supportive", "PO", days, "other", dose="300 mg", doses_per_day=2)
    assert told(course(more)) == (
        "Added Ursodiol 300 mg PO, 2 times a day on D1, 3, 8 to 14 of C1 of Part A 1 (reason not named)",
    )


def test_what_was_recorded_as_not_given_or_in_part_is_a_change() -> None:
    """Pegaspargase that was recorded as not given stood in no list: only its count did."""
    events = evaluate(course(), library()).schedule.events
    vincristine = next(one for one in events if one.placed.agent == "vincristine")
    steroid = [one for one in events if one.placed.agent == "dexamethasone"][:2]
    place = vincristine.placed.cycle, vincristine.cycle_day, vincristine.placed.order.id, 0
    out = GivenRecord(FIRST, *place, Given.NOT_GIVEN, None, None, "mg", "N. N.", "toxicity", "feet")
    part = [
        GivenRecord(FIRST, 1, one.cycle_day, one.placed.order.id, 0, Given.PARTLY, one.date, Decimal(20), "mg", "N. N.")
        for one in steroid
    ]
    days = [f"{one.date:%a %d-%b-%Y}" for one in steroid]
    assert told(replace(course(), given=(out, *part))) == (
        f"Not given: Vincristine of Part A 1 on {vincristine.date:%a %d-%b-%Y} (toxicity, feet)",
        f"Given in part, 20 mg: Dexamethasone of Part A 1 on {days[0]} to {days[1]}, 2 doses",
    )


def test_what_was_not_given_and_is_put_off_since_keeps_its_day() -> None:
    """ "Not given ... on Mon 30-Nov" stood beside the dose that was due on that day, a week behind the missed one."""
    plan = course()
    due = next(one for one in evaluate(plan, library()).schedule.events if one.placed.agent == "vincristine")
    place = due.placed.block.id, due.placed.cycle, due.cycle_day, due.placed.order.id
    missed = GivenRecord(*place, 0, Given.NOT_GIVEN, due.date, None, "", "N. Nurse", "infection")
    later = Deferral(*place[:3], 7, Scope.FOLLOWING, "infection")
    plan = replace(plan, given=(missed,), modifications=(later,))
    assert any(one.endswith(f"on {due.date:%a %d-%b-%Y} (infection)") for one in told(plan) if "Not given" in one)


def test_one_of_several_doses_of_a_day_says_which() -> None:
    plan = plan_of("pomp")
    dose = [one for one in evaluate(plan, library()).schedule.events if one.placed.agent == "mercaptopurine"][2]
    place = dose.placed.block.id, dose.placed.cycle, dose.cycle_day, dose.placed.order.id, 2
    out = GivenRecord(*place, Given.NOT_GIVEN, None, None, "mg", "N. N.", "other")
    day = f"{dose.date:%a %d-%b-%Y}"
    line = f"Not given: Mercaptopurine of {dose.placed.block.title} on {day}, dose 3 of the day (reason not named)"
    assert told(replace(plan, given=(out,))) == (line,)


def test_a_new_weight_is_written_as_sheets_write_it() -> None:
    """ "(1.674 -> 1.583 m2, -5.4 %) (other)" stood on the hand-over sheet."""
    fact = "measured: 164 cm, 55 kg on 25-Nov-2026 (1.674 -> 1.583 m2, -5.4 %)"
    changes = (
        PatientChange((fact,), "other"),
        PatientChange((fact,), "other", "eats again"),
        PatientChange((fact,), "toxicity"),
    )
    weighed = "Measured: 164 cm, 55 kg on 25-Nov-2026 (1.674 to 1.583 m2, −5.4 %)"
    assert told(replace(plan_of("hyper-cvad"), course_changes=changes)) == (
        f"{weighed} (reason not named)",
        f"{weighed} (eats again)",
        f"{weighed} (toxicity)",
    )
