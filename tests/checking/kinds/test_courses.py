"""Windows, orders, interruptions, barred days and shapes of cycles: against brute force, and at their edges."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from planner.checking.check import check
from planner.model.finding import FindingStatus
from planner.model.plan import BlockChange, BlockStart, Deferral, DoseChange, Given, GivenRecord, Plan, Scope
from planner.services.evaluation import evaluate
from planner.services.verbs import editing, redosing
from tests.builders import day, example_patient, example_schedule
from tests.checking.judging import find, rule
from tests.checking.shipped import rules
from tests.golden.cases import library
from tests.services.courses_at_hand import plan_of, scheduled

NUMBERS = st.lists(st.integers(1, 60), max_size=8, unique=True)


@given(NUMBERS, NUMBERS, st.integers(0, 6), st.integers(0, 6))
def test_a_window_agrees_with_brute_force(cells, chemo, least, more):
    most = least + more
    wanted = rule(
        "window_after",
        agents=["tisa-cel"],
        after=["fludarabine"],
        at_least=f"{least} days",
        at_most=f"{most} days",
    )
    found = find(wanted, *[f"{on} fludarabine 30 mg/m2 IV" for on in chemo], *[f"{on} tisa-cel ? IV" for on in cells])
    expected = 0
    for on in cells:
        before = [on - other for other in chemo if on >= other]
        expected += bool(before) and not least <= min(before) <= most
    assert sum(one.count for one in found) == expected


def test_a_moved_dose_has_its_own_last_day():
    wanted = rule(
        "window_after",
        agents=["obe-cel"],
        after=["obe-cel"],
        at_least="7 days",
        at_most="11 days",
        moved_at_most="20 days",
    )
    severities = [
        [one.severity for one in find(wanted, "1 obe-cel 10e6 cells IV", f"{second} obe-cel 400e6 cells IV {due}")]
        for second, due in ((12, ""), (13, ""), (13, "due=10"), (21, "due=10"), (22, "due=10"), (22, ""), (5, "due=10"))
    ]
    assert severities == [[], ["warning"], [], [], ["contraindicated"], ["contraindicated"], ["warning"]]


@given(NUMBERS, NUMBERS, st.integers(0, 9))
def test_barred_days_agree_with_brute_force(doses, zeros, last):
    wanted = rule("barred_days", agents=["dexamethasone"], barred=f"-2 to {last}", allowed=[1], protocols=["bmt"])
    blocks = [f"{on} haematopoietic-stem-cells ? IV block=b{on} protocol=bmt zero={on}" for on in zeros]
    found = find(wanted, *blocks, *[f"{on} dexamethasone 8 mg IV block=other" for on in doses])
    expected = sum(-2 <= on - zero <= last and on - zero != 1 for zero in zeros for on in doses)
    assert sum(one.count for one in found) == expected


def test_a_co_medication_on_a_barred_day():
    wanted = rule("barred_days", agents=["tacrolimus"], barred="0 to 4", protocols=["bmt"])
    graft = "10 haematopoietic-stem-cells ? IV protocol=bmt zero=10"
    assert find(wanted, graft, co_medications=["tacrolimus 1-9", "tacrolimus 15-"]) == ()
    (one,) = find(wanted, graft, co_medications=["tacrolimus 1-11"])
    assert one.days == (day(10), day(11))
    assert find(wanted, "10 vincristine 2 mg IV protocol=bmt", co_medications=["tacrolimus 1-"]) == (), "no Day 0"


@given(NUMBERS, st.integers(1, 5), st.integers(0, 5))
def test_interruptions_agree_with_brute_force(days, least, more):
    wanted = rule("interruption", agents=["blinatumomab"], gap_from=least, gap_to=least + more)
    found = find(wanted, *[f"{on} blinatumomab 28 mcg/day IV" for on in days])
    missing = sorted(set(range(min(days), max(days) + 1)) - set(days)) if days else []
    runs = [on for on in missing if on - 1 not in missing]
    lengths = [next(more for more in range(1, 99) if on + more not in missing) for on in runs]
    assert sum(one.count for one in found) == sum(least <= length <= least + more for length in lengths)


def test_what_is_not_to_follow():
    wanted = rule("not_after", agents=["thiotepa"], two_of=["class:alkylator"], after=["inotuzumab"])
    told = [
        sorted({order.split("/")[2].split("-")[0] for one in find(wanted, *lines) for order in one.orders})
        for lines in (
            ["9 thiotepa 5 mg/kg IV"],
            ["1 inotuzumab 0.5 mg/m2 IV", "9 thiotepa 5 mg/kg IV", "9 busulfan 3.2 mg/kg IV"],
            ["1 inotuzumab 0.5 mg/m2 IV", "9 melphalan 140 mg/m2 IV", "9 busulfan 3.2 mg/kg IV"],
            ["1 inotuzumab 0.5 mg/m2 IV", "9 melphalan 140 mg/m2 IV block=a", "9 busulfan 3.2 mg/kg IV block=b"],
            ["20 inotuzumab 0.5 mg/m2 IV", "9 thiotepa 5 mg/kg IV"],
            ["1 inotuzumab 0.5 mg/m2 IV"],
        )
    ]
    assert told == [[], ["inotuzumab", "thiotepa"], ["busulfan", "inotuzumab", "melphalan"], [], [], []]


SHAPE = [{"doses": "1 40 mg/m2, 8 40 mg/m2"}]


def _shape(*lines, **parameters):
    return find(rule("cycle_shape", agents=["cytarabine"], **({"shapes": SHAPE} | parameters)), *lines)


def test_doses_are_compared_by_what_the_protocol_says_else_by_what_was_computed():
    assert _shape("1-8/7 cytarabine 40 mg/m2 IV") == ()
    assert _shape("1-8/7 cytarabine 72.6 mg IV") == (), "1.818 m2: 39.9 mg/m2"
    assert len(_shape("1-8/7 cytarabine 80 mg IV")) == 1
    twice = ["1-8/7 09:00 cytarabine 20 mg/m2 IV", "1-8/7 21:00 cytarabine 20 mg/m2 IV"]
    assert _shape(*twice) == ()
    (one,) = _shape(*twice, shapes=[{"doses": "1 20 mg/m2"}])
    assert one.arithmetic == "planned D1, D8 each 2 × 20 mg/m2; should be D1 20 mg/m2"
    (one,) = _shape("1-8/7 cytarabine ? IV")
    assert (one.status, dict(one.inputs)["missing"]) == (FindingStatus.CANNOT_CHECK, "dose")
    (one,) = _shape("1-8/7 cytarabine 40 mg/m2 IV", shapes=[{"doses": "1 40 mg/kg, 8 40 mg/kg"}])
    assert one.status is FindingStatus.CANNOT_CHECK


def test_a_dose_that_somebody_changed_counts_where_it_was_raised():
    assert _shape("1-8/7 cytarabine 40 mg/m2 IV full=60") == (), "of a protocol that says 40, reduced from more"
    (one,) = _shape("1 cytarabine 40 mg/m2 IV", "8 cytarabine 60 mg/m2 IV full=40")
    assert one.arithmetic.startswith("planned D1 40 mg/m2, D8 60 mg/m2;")


def test_what_stands_still_is_named_by_its_block_where_two_drugs_meet():
    wanted = rule("interruption", agents=["busulfan", "fludarabine"], gap_from=1)
    (both,) = find(wanted, "1 busulfan 130 mg/m2 IV", "4 fludarabine 40 mg/m2 IV")
    assert both.message.startswith(
        "block is interrupted for 2 days, 02-Jan-2026 to 03-Jan-2026, before Fludarabine C1 D4 ("
    )
    (one,) = find(wanted, "1 busulfan 130 mg/m2 IV", "4 busulfan 130 mg/m2 IV")
    assert one.message.startswith("Busulfan of cycle 1 is interrupted for 2 days, 02-Jan-2026 to 03-Jan-2026, before ")


def test_days_may_differ_as_far_as_said():
    late = "1 cytarabine 40 mg/m2 IV", "10 cytarabine 40 mg/m2 IV"
    assert [len(_shape(*late)), len(_shape(*late, days_slack=1)), len(_shape(*late, days_slack=2))] == [1, 1, 0]
    assert _shape(*late, any_day=True) == ()
    (one,) = _shape("1-3 cytarabine 40 mg/m2 IV", "9 cytarabine 40 mg/m2 IV")
    assert one.arithmetic.startswith("planned D1-3, D9 each 40 mg/m2;"), "a run ends at a hole"


def test_how_a_cycle_begins_and_what_it_holds_besides():
    assert _shape("1-15/7 cytarabine 40 mg/m2 IV", beginning=True) == ()
    hospital = [{"of": "procedure:hospital", "doses": "1-2"}]
    plan = ["3-4 cytarabine 40 mg/m2 IV"]
    (one,) = _shape(*plan, "3 procedure in hospital", shapes=hospital)
    assert one.arithmetic == "planned D1; should be D1-2"
    (one,) = _shape(*plan, shapes=hospital)
    assert one.arithmetic == "planned nothing; should be D1-2"
    assert _shape(*plan, "2-9 procedure in hospital", shapes=hospital) == ()
    assert len(_shape(*plan, "3-4 procedure in hospital block=other", shapes=hospital)) == 1
    assert _shape(*plan, "3-4 procedure in hospital block=other", shapes=hospital, over="plan") == ()


@pytest.mark.parametrize(
    ("dose", "beside", "finds"), [("planned", "held", 1), ("held", "held", 0), ("planned", "planned", 0)]
)
def test_what_a_cycle_holds_besides_is_not_on_hold_while_it_goes_on(dose, beside, finds):
    shapes = [*SHAPE, {"of": "cyclophosphamide", "doses": "1 500 mg/m2"}]
    plan = f"1-8/7 cytarabine 40 mg/m2 IV state={dose}", f"1 cyclophosphamide 500 mg/m2 IV state={beside}"
    assert len(_shape(*plan, shapes=shapes)) == finds


def test_the_next_cycle_by_the_length_of_this_one():
    cycles = [f"{1 + 20 * number} cytarabine 40 mg/m2 IV cycle={number + 1}" for number in range(3)]
    (one,) = _shape(*cycles, shapes=[{"cycles": "1", "least_days": 21}])
    assert one.arithmetic == "21-Jan-2026 − 01-Jan-2026 = 20 days, below 21 days"
    assert _shape(*cycles, shapes=[{"cycles": "1-3", "least_days": 20}]) == ()
    assert _shape(*cycles, shapes=[{"cycles": "3", "least_days": 99}]) == ()


def test_a_shape_that_hangs_on_a_fact_nobody_recorded():
    shapes = [{"when": "mrd = positive", "doses": "1 40 mg/m2"}, {"when": "mrd = negative", "doses": "1 20 mg/m2"}]
    plan = "1 cytarabine 40 mg/m2 IV"
    (one,) = _shape(plan, shapes=shapes)
    assert dict(one.inputs)["missing"] == "MRD"
    rules = rule("cycle_shape", agents=["cytarabine"], shapes=shapes)
    assert find(rules, plan, facts={"mrd": "positive"}) == ()
    (one,) = find(rules, plan, facts={"mrd": "negative"})
    assert one.status is FindingStatus.OPEN
    assert one.arithmetic == "planned D1 40 mg/m2; should be D1 20 mg/m2 (MRD negative)"
    (one,) = find(rules, "1 cytarabine 30 mg/m2 IV")
    assert one.status is FindingStatus.OPEN, "wrong, whatever the fact may be"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("1 decision arm choice=a id=arm", None),
        ("1 decision arm choice=b id=arm", FindingStatus.OPEN),
        ("1 decision arm id=arm", FindingStatus.CANNOT_CHECK),
        ("1 decision arm choice=a id=another", FindingStatus.OPEN),
    ],
)
def test_a_shape_that_hangs_on_a_choice_alone(asked, status):
    """Open it cannot be told; where the protocol has no such choice, the shape is another protocol's."""
    shapes = [{"doses": "1 40 mg/m2"}, {"decided": "arm = a", "doses": "1 20 mg/m2"}]
    found = _shape(asked, "1 cytarabine 20 mg/m2 IV", shapes=shapes)
    assert [one.status for one in found] == ([status] if status else [])
    assert _shape(asked, "1 cytarabine 40 mg/m2 IV", shapes=shapes) == ()


def test_cells_and_chemotherapy_count_from_their_own_day():
    wanted = rule("day_zero", on_zero=["class:stem-cells"], never_zero=["class:cytotoxic"])
    assert find(wanted, "1-5 cytarabine 40 mg/m2 IV", "9 haematopoietic-stem-cells ? IV block=b zero=9") == ()
    assert len(find(wanted, "1 cytarabine 40 mg/m2 IV", "9 haematopoietic-stem-cells ? IV block=b zero=8")) == 1
    assert len(find(wanted, "1 cytarabine 40 mg/m2 IV zero=1")) == 1


def test_cycles_before_a_transplant():
    wanted = rule("cycle_count", agents=["inotuzumab"], lower_limit=1, lower_with=["class:stem-cells"])
    cycles = ["1 inotuzumab 0.5 mg/m2 IV", "29 inotuzumab 0.5 mg/m2 IV cycle=2"]
    graft = "haematopoietic-stem-cells ? IV block=b"
    assert [len(find(wanted, *cycles, f"{on} {graft}")) for on in (1, 20, 29, 30)] == [0, 0, 0, 1]
    (one,) = find(wanted, *cycles, f"20 {graft}", prior=["inotuzumab 1 cycles"])
    assert one.arithmetic == "1 + 1 = 2, above 1"


def test_only_where_something_stands_beside_it():
    wanted = rule("not_after", agents=["thiotepa"], after=["inotuzumab"], beside=["class:stem-cells"])
    before, graft = "1 inotuzumab 0.5 mg/m2 IV", "20 haematopoietic-stem-cells ? IV block=bmt"
    assert len(find(wanted, before, "9 thiotepa 5 mg/kg IV block=bmt", graft)) == 1
    assert find(wanted, before, "9 thiotepa 5 mg/kg IV block=chemo", graft) == ()


def test_a_reduced_dose_of_thousands_counts_as_the_protocols():
    """Its protocol writes it with a comma: 1,500 mg/m2."""
    shown = evaluate(plan_of("nelarabine-t-all"), library())
    dose = [one for one in shown.schedule.events if one.placed.agent == "nelarabine"][2]
    half = DoseChange("cycle-1", 1, dose.cycle_day, "nelarabine-adult", Scope.DAY, "toxicity", percent=50)
    less = evaluate(redosing.reduce(shown.plan, shown.schedule, half), library())
    assert dose.dose.protocol_dose == "1,500 mg/m2"
    assert not [one for one in (*shown.findings, *less.findings) if one.rule == "NE-03"]


def test_a_dose_that_was_moved_keeps_its_number_and_says_how_far():
    """ "D46" stood on no sheet: the dose of Day 43 came three days late."""
    wanted = rule("cycle_shape", agents=["daunorubicin"], shapes=[{"doses": "1 25 mg/m2"}])
    plan = plan_of("calgb-10403")
    late = editing.defer(plan, scheduled(plan), Deferral("induction", 1, 22, 3, Scope.CYCLE, "counts"))
    found = check(late, scheduled(late), [wanted], library().agents)[0]
    (told,) = (one.arithmetic for one in found if "D22" in one.arithmetic)
    assert told.startswith("planned D1, D8, D15 each 25 mg/m2, D22 (+3 days) 25 mg/m2;")


def test_the_days_that_stand_still_are_told_on_each_of_them():
    (one,) = find(
        rule("interruption", agents=["busulfan"], gap_from=1), "1 busulfan 130 mg IV", "3-4 busulfan 130 mg IV"
    )
    assert "is interrupted for 1 day, 02-Jan-2026, before" in one.message
    assert [on - one.days[0] for on in one.days] == [0, 1, 2]


def test_a_part_of_a_dose_is_no_reduced_dose():
    plan = plan_of("inotuzumab-rr")
    first = next(one for one in scheduled(plan).events if one.placed.agent == "inotuzumab")
    place = (first.placed.block.id, first.placed.cycle, first.cycle_day, first.placed.order.id, 0)

    def raised(status):
        record = GivenRecord(*place, status, first.date, Decimal("0.5"), "mg", "A. P.", "toxicity")
        findings = evaluate(replace(plan, given=(record,)), library()).findings
        return [one.rule for one in findings if one.rule == "IO-16"]

    assert raised(Given.PARTLY) == []


@pytest.mark.parametrize(("second", "was", "told"), [(21, True, 0), (22, True, 1), (21, False, 1)])
def test_a_block_that_somebody_moved_counts_as_moved_with_its_reason(second, was, told):
    """A second dose moved with its block and a reason was told as one without."""
    lines = ("1 obe-cel 10e6 cells IV block=first", f"{second} obe-cel 400e6 cells IV block=second")
    start = BlockStart(on=date(2026, 1, second))
    change = BlockChange("second", "Second dose", start if was else None, start, "toxicity")
    plan = Plan("p", example_patient(()), course_changes=(change,))
    found, _ = check(plan, example_schedule(lines, plan.patient), [rules()["CT-04"]], library().agents)
    assert len(found) == told
