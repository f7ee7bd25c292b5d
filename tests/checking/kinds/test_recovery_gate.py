"""What a protocol waits for beside the results of the patient: blocks and days that begin all the same."""

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from planner.model.finding import Finding, FindingStatus
from planner.model.patient import LabResult
from planner.model.plan import Deferral, Given, GivenRecord, Hold, Omission, Plan, Scope
from planner.services.evaluation import evaluate
from planner.services.verbs import editing, pausing
from tests.checking.judging import find, rule
from tests.golden.cases import library
from tests.services.courses_at_hand import plan_of, scheduled

ASKED = "ANC ≥ 0.75 × 10⁹/L and platelets ≥ 75 × 10⁹/L"
RULE = rule("recovery_gate", agents=["role:antineoplastic"], within_days=7)
CONSOLIDATION = date(2026, 2, 9)
MIDDLE = date(2026, 3, 9)
"""Its day 29."""


def course(*results: tuple[date, str, str]) -> Plan:
    """CALGB 10403 with results of neutrophils and platelets."""
    plan = plan_of("calgb-10403")
    labs = [
        LabResult(on, code, Decimal(value), "10^9/L")
        for on, *values in results
        for code, value in zip(("anc", "platelets"), values, strict=True)
    ]
    return replace(plan, patient=replace(plan.patient, labs=tuple(labs)))


def told(plan: Plan) -> list[Finding]:
    return [one for one in evaluate(plan, library()).findings if one.rule == "ST-21"]


def broken(plan: Plan) -> list[str]:
    return [one.message for one in told(plan) if one.status is FindingStatus.OPEN]


LOW = course((date(2026, 2, 8), "0.3", "40"), (date(2026, 3, 8), "0.8", "60"))


def test_a_block_and_a_day_that_begin_below_their_counts_are_told_with_the_values_and_their_day() -> None:
    first, middle = broken(LOW)
    assert first == (
        f"Consolidation waits for {ASKED}; the patient: neutrophils 0.3 × 10⁹/L (result of 08-Feb-2026); platelets "
        "40 × 10⁹/L (result of 08-Feb-2026). First dose behind it: Cyclophosphamide C1 D1 (09-Feb-2026, provisional)."
    )
    assert middle.startswith(f"Day 29 of Consolidation waits for {ASKED}; the patient: neutrophils 0.8 × 10⁹/L")
    assert middle.endswith("Cyclophosphamide C1 D29 (09-Mar-2026, provisional).")


def test_what_has_no_result_is_told_once_for_the_whole_plan() -> None:
    (one,) = told(course())
    assert (one.status, one.count, len(one.days)) == (FindingStatus.CANNOT_CHECK, 4, 4)
    assert one.missing == "neutrophils; platelets"


def test_an_old_result_neither_finds_nor_clears() -> None:
    (one,) = told(course((date(2026, 2, 1), "0.3", "200")))
    assert (one.status, one.count) == (FindingStatus.CANNOT_CHECK, 4)
    assert "neutrophils 0.3 × 10⁹/L, platelets 200 × 10⁹/L of 01-Feb-2026, more than 7 days before" in one.message


def test_a_newer_result_clears_what_is_put_off_until_then() -> None:
    plan = course((date(2026, 2, 8), "0.3", "40"), (date(2026, 2, 15), "0.9", "90"))
    assert len(broken(plan)) == 1
    late = editing.defer(plan, scheduled(plan), Deferral("consolidation", 1, 1, 7, Scope.FOLLOWING, "counts"))
    assert broken(late) == []


def test_a_day_given_below_its_counts_stays_told() -> None:
    plan = course((date(2026, 2, 8), "0.3", "40"), (date(2026, 2, 15), "0.9", "90"))
    record = GivenRecord("consolidation", 1, 1, "cyclophosphamide", 0, Given.GIVEN, CONSOLIDATION, None, "", "A")
    assert len(broken(replace(plan, given=(record,)))) == 1


def test_what_is_on_hold_or_whose_check_was_left_out_does_not_begin() -> None:
    held = pausing.hold(LOW, scheduled(LOW), Hold("consolidation", 1, 29, "counts"))
    assert [one.split(" waits")[0] for one in broken(held)] == ["Consolidation"]
    omission = Omission("consolidation", 1, 29, "counts-d29", "other")
    left_out = editing.omit(LOW, scheduled(LOW), omission)
    assert [one.split(" waits")[0] for one in broken(left_out)] == ["Consolidation"]


def test_words_ask_nothing_of_the_results_beside_them() -> None:
    def told_of(gate: str, **facts: str) -> list[str]:
        events = (f"8 assessment counts gate={gate}", "8 cytarabine 75 mg/m2 IV")
        return [one.arithmetic for one in find(RULE, *events, facts=facts)]

    assert told_of('"no_fever"', anc="0.1") == []
    assert told_of('"no_fever"_and_ANC_≥_1', anc="0.1") == ['neutrophils 0.1 × 10⁹/L; waits for "no fever" and ANC ≥ 1']


def test_a_result_of_each_name_is_named_once() -> None:
    events = ("8 assessment counts gate=ANC_≥_1_and_ANC_<_5", "8 cytarabine 75 mg/m2 IV")
    (one,) = find(RULE, *events, facts={"anc": "9"})
    assert one.arithmetic.startswith("neutrophils 9 × 10⁹/L; waits for")
