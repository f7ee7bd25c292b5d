"""An answer after its due day: which doses of the days between follow it on the plan, in one line."""

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import DecisionTaken, Given, GivenRecord, Plan
from planner.services.evaluation import evaluate
from planner.services.telling.preview import preview, preview_lines
from planner.services.verbs import editing, recording
from tests.golden.cases import library
from tests.services.courses_at_hand import plan_of, protocols_of


def shown(plan: Plan) -> EvaluatedPlan:
    return evaluate(plan, replace(library(), rules=()))


def test_a_late_answer_says_which_days_follow_it_already() -> None:
    plan = plan_of("ponatinib-blinatumomab")
    before = shown(plan)
    late = preview_lines(preview(before, shown(answered(plan, "cmr-1", "no", date(2026, 2, 20)))))
    line = (
        "answered after its due day 15-Feb-2026, so these follow an answer nobody had yet: "
        "Ponatinib C2 D1 to 4 (Mon 16-Feb-2026 to Thu 19-Feb-2026, 30 mg); record what was given"
    )
    assert late[1] == line
    for on in (date(2026, 2, 15), date(2026, 2, 16)):
        in_time = preview_lines(preview(before, shown(answered(plan, "cmr-1", "no", on))))
        assert not [one for one in in_time if one.startswith("answered after")]
    again = shown(answered(plan, "cmr-1", "no", date(2026, 2, 20)))
    assert not [one for one in preview_lines(preview(again, again)) if one.startswith("answered after")]


def test_a_late_answer_leaves_out_what_was_recorded_and_counts_what_is_more() -> None:
    plan = answered(plan_of("ponatinib-blinatumomab"), "cmr-1", "no", date(2026, 2, 15))
    place = ("combination", 3, 1, "ponatinib-15-from-cmr-2")
    day, amount = date(2026, 3, 30), Decimal(30)
    record = GivenRecord(*place, 0, Given.GIVEN, day, amount, "mg", "A. P.", note="still 30 mg")
    plan = recording.record_given(plan, shown(plan).schedule, record, date(2026, 4, 5))
    (line,) = late_lines(plan, answered(plan, "cmr-2", "yes", date(2026, 4, 2)))
    assert ": Ponatinib C3 D2, 3 (Tue 31-Mar-2026 to Wed 01-Apr-2026, 15 mg);" in line
    course = plan_of("d-alba")
    (line,) = late_lines(course, answered(course, "response", "chr", date(2026, 6, 30)))
    assert "Blinatumomab C1 D1 to 28 (Tue 07-Apr-2026 to Mon 04-May-2026, 28 mcg), Dasatinib C1 D1 to 42 (" in line
    assert line.endswith(" and 2 more; record what was given")


def late_lines(before: Plan, after: Plan) -> list[str]:
    lines = preview_lines(preview(shown(before), shown(after)))
    return [line for line in lines if line.startswith("answered after")]


def answered(plan: Plan, decision: str, choice: str, on: date) -> Plan:
    taken = DecisionTaken(plan.blocks[0].group, decision, choice, on, "A. P.")
    return editing.decide(plan, protocols_of(plan), taken)
