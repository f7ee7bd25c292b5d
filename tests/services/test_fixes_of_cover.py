"""Fixes of gaps in a cover, of examinations and of what must not go on, by their words and changes."""

from datetime import date

from msgspec.structs import replace

from planner.model.patient import CoMedication
from planner.model.plan import Addition, Deferral, DoseChange, Examination, Omission, Scope, Stop
from planner.services import fixing
from planner.services.evaluation import evaluate
from planner.services.verbs import editing, redosing
from tests.checking.shipped import library, rules
from tests.golden.cases import library as library_of_protocols
from tests.services.courses_at_hand import plan_of


def test_a_co_medication_goes_on_to_the_end_of_what_it_covers(case):
    (fix,) = case(rules()["PJ-01"], "1-120 mercaptopurine 75 mg/m2 PO", co_medications=("co-trimoxazole 1-60",))
    assert fix.title == "Let co-trimoxazole go on to 30-Apr-2026, as co-medication"
    assert fix.medicines == (CoMedication("co-trimoxazole", date(2026, 1, 1), date(2026, 4, 30)),)


def test_it_starts_earlier_where_only_its_start_is_late(case):
    (fix,) = case(rules()["BU-07"], "5-8 busulfan 3.2 mg/kg IV", co_medications=("levetiracetam 5-9",))
    assert fix.medicines == (CoMedication("levetiracetam", date(2026, 1, 4), date(2026, 1, 4)),)


def test_only_what_the_rules_source_names_is_offered_where_nothing_covers(case):
    (fix,) = case(rules()["PJ-02"], "1-29 prednisone 60 mg/m2 PO")
    assert fix.title == (
        "Plan Trimethoprim-sulfamethoxazole as co-medication from 01-Jan-2026 to 29-Jan-2026; "
        "its dose is for the prescriber"
    )
    assert (
        case(rules()["HB-02"], "1-28 ponatinib 30 mg PO", patient=(("hbsag", "positive"),)) == ()
    )  # names no antiviral
    assert case(rules()["PJ-03B"], "1-28 blinatumomab 28 mcg/day IV") == ()


def test_planned_tablets_go_on_over_the_gap_at_their_own_dose(case):
    (fix,) = case(
        rules()["TK-11"],
        "1-28 blinatumomab 28 mcg/day IV",
        "1-14 dasatinib 140 mg PO",
        "16-28 dasatinib 140 mg PO",
        patient=(("ph", "positive"),),
    )
    assert fix.title == "Go on with Dasatinib on 15-Jan-2026 (1 day more)"
    assert fix.changes == (
        Addition(
            "block", 1, "dasatinib-tk-11", "dasatinib", "antineoplastic", "PO", (15,), "other",
            "TK-11: as planned before", dose="140 mg",
        ),
    )  # fmt: skip


def test_examinations_go_on_in_their_rhythm(case):
    (fix,) = case(rules()["AS-10"], "1 pegaspargase 2000 units/m2 IV", "1-8/7 assessment liver")
    (change,) = fix.changes
    assert (change.title, change.topic, change.days) == ("liver", "liver", (15, 22, 29, 36, 43))


CELLS = ("1 tisa-cel ? IV role=cell-therapy protocol=tisa-cel",)


def test_examinations_start_in_the_rhythm_of_the_rule(case):
    (fix,) = case(rules()["CT-29"], *CELLS)
    assert fix.title == "Add Daily watch, daily, from 01-Jan-2026 to 08-Jan-2026"
    assert [change.days for change in fix.changes] == [(1, 2, 3, 4, 5, 6, 7, 8)]
    (weekly,) = case(replace(rules()["CT-29"], parameters=rules()["CT-29"].parameters | {"every_days": 2}), *CELLS)
    assert weekly.title == "Add Daily watch, every 2 days, from 01-Jan-2026 to 07-Jan-2026"
    assert [change.days for change in weekly.changes] == [(1, 3, 5, 7)]


def test_an_examination_is_added_beside_the_dose_that_lacks_it(case):
    (fix,) = case(rules()["IO-11"], "1 inotuzumab 0.8 mg/m2 IV")
    assert fix.title == "Add ECG: Inotuzumab ozogamicin C1 D1"
    assert fix.changes == (
        Examination("block", 1, "ecg-io-11", "ECG", (1,), "other", f"IO-11: {rules()['IO-11'].title}", topic="ecg"),
    )


def test_a_screen_is_added_the_day_before_what_waits_for_it(case):
    (fix,) = case(rules()["CT-23"], "10 procedure leukapheresis block=collection")
    assert fix.title == "Add HBsAg, hepatitis C test, HIV test on Fri 09-Jan-2026, the day before leukapheresis C1 D1"
    assert [change.days for change in fix.changes] == [(-1,)]


def test_what_no_plan_can_examine_has_no_fix(case):
    assert case(rules()["MP-02"], "1-14 mercaptopurine 60 mg/m2 PO", patient=(("tpmt", "normal"),)) == ()


def test_a_decision_that_takes_mrd_only_where_it_was_measured_asks_for_none():
    assert [one for one in evaluate(plan_of("calgb-10403"), library()).findings if one.rule == "ST-01"] == []


def test_a_decision_gets_its_examination_as_its_phase_calls_it():
    known = library()
    plan = plan_of("e1910")
    for event in evaluate(plan, known).schedule.events:
        placed = event.placed
        if placed.kind == "assessment" and placed.order.topic == "mrd":
            change = Omission(placed.block.id, placed.cycle, event.cycle_day, placed.order.id, "other")
            plan = editing.omit(plan, evaluate(plan, known).schedule, change)
    shown = evaluate(plan, known)
    finding = next(one for one in shown.findings if one.rule == "ST-01")
    (fix,) = fixing.offered_fixes(shown, finding.id, known)
    assert fix.title == "Add MRD of the marrow, central flow on Sat 18-Apr-2026, the day of the decision"
    after = evaluate(fixing.apply(shown.plan, shown.schedule, fix, known.agents), known)
    assert finding.id not in {one.id for one in after.findings}


def test_cycles_beyond_their_number_are_left_out_drug_by_drug(case):
    lines = [f"{1 + 28 * n}-{15 + 28 * n}/7 inotuzumab 0.5 mg/m2 IV cycle={n + 1}" for n in range(7)]
    (fix,) = case(rules()["IO-02"], *lines)
    assert fix.title == "Leave out Inotuzumab ozogamicin C7, beyond the limit"
    assert [(change.cycle, change.day, change.scope) for change in fix.changes] == [(7, 1, Scope.CYCLE)]


def test_a_drug_that_an_event_bars_for_good_is_stopped(case):
    (fix,) = case(rules()["IO-06"], "1-15/7 inotuzumab 0.5 mg/m2 IV", patient=(("vod day 10", "2"),))
    assert fix.changes == (Stop("block", 1, 15, Scope.CYCLE, "toxicity", "IO-06", order="inotuzumab-0"),)


def test_after_an_event_the_dose_is_capped_on_the_first_days_only(case):
    (fix,) = case(rules()["BL-11C"], "6-28 blinatumomab 28 mcg/day IV", patient=(("crs day 3", "3"),))
    assert {(change.day, change.dose) for change in fix.changes if isinstance(change, DoseChange)} == {
        (day, "9 mcg/day") for day in range(1, 8)
    }


def test_what_only_starts_late_is_no_course_that_goes_on(case):
    """Tablets that begin after the gap are not planned backwards: nothing says that they were taken."""
    tki = ("1-28 blinatumomab 28 mcg/day IV", "15-28 dasatinib 140 mg PO")
    assert case(rules()["TK-11"], *tki, patient=(("ph", "positive"),)) == ()


def test_a_cover_full_of_gaps_is_a_course_of_its_own(case):
    lines = [f"{day} dasatinib 140 mg PO" for day in range(1, 29, 3)]
    assert case(rules()["TK-11"], "1-28 blinatumomab 28 mcg/day IV", *lines, patient=(("ph", "positive"),)) == ()


def test_doses_at_hours_of_the_day_are_not_gone_on_with(case):
    """An addition has no clock times, and another hour is another order."""
    tki = ("1-28 blinatumomab 28 mcg/day IV", "1-14 08:00 dasatinib 140 mg PO", "16-28 08:00 dasatinib 140 mg PO")
    assert case(rules()["TK-11"], *tki, patient=(("ph", "positive"),)) == ()


OBE_CEL = "1 obe-cel 10e6 cells IV role=cell-therapy protocol=obe-cel"


def test_days_of_a_watch_are_added_where_they_are_wanting(case):
    (fix,) = case(rules()["CT-29B"], OBE_CEL, "1-4 assessment daily watch", "6-14 assessment daily watch")
    assert fix.title == "Add daily watch: Mon 05-Jan-2026 (1 day)"
    assert [change.days for change in fix.changes] == [(5,)]
    (whole,) = case(rules()["CT-29B"], OBE_CEL)
    assert whole.title == "Add Daily watch: 13 days, from Fri 02-Jan-2026 on"
    assert [change.days for change in whole.changes] == [tuple(range(2, 15))]


def test_a_watch_is_added_behind_an_infusion_that_was_put_off_by_itself():
    shown = evaluate(plan_of("obe-cel", watch="site"), library_of_protocols())
    late = Deferral("second-dose", 1, 10, 3, Scope.DAY, "toxicity", grade=2)
    shown = evaluate(editing.defer(shown.plan, shown.schedule, late), library_of_protocols())
    finding = next(one for one in shown.findings if one.id.startswith("CT-29B:second-dose"))
    assert "nothing; it should be D11-23" in finding.message
    (fix,) = fixing.offered_fixes(shown, finding.id, library_of_protocols())
    (change,) = fix.changes
    assert change.days == tuple(range(14, 27))
    after = evaluate(fixing.apply(shown.plan, shown.schedule, fix, library().agents), library_of_protocols())
    assert finding.id not in {one.id for one in after.findings}


def test_a_dose_that_somebody_entered_is_capped_too():
    shown = evaluate(plan_of("d-alba"), library_of_protocols())
    twice = DoseChange("tki-maintenance", 1, 1, "dasatinib", Scope.FOLLOWING, "other", dose="280 mg")
    shown = evaluate(redosing.enter_dose(shown.plan, shown.schedule, twice), library_of_protocols())
    (finding,) = [one for one in shown.findings if one.rule == "TK-19"]
    (fix,) = fixing.offered_fixes(shown, finding.id, library_of_protocols())
    assert fix.title == "Cap at 140 mg: Dasatinib C1 D1 and what follows of it"
    after = evaluate(fixing.apply(shown.plan, shown.schedule, fix, library().agents), library_of_protocols())
    doses = {one.dose.value for one in after.schedule.events if one.placed.block.id == "tki-maintenance" and one.dose}
    assert doses == {140}
