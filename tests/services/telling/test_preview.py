"""What an edit would do, in words: alike doses in one line with all their days, sheets that go stale, where one is."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from planner.model.civil import weekday_date
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import (
    Addition,
    DecisionTaken,
    Deferral,
    DoseChange,
    Examination,
    Given,
    GivenRecord,
    Hold,
    Modification,
    Omission,
    Plan,
    Replacement,
    Scope,
    Stop,
)
from planner.model.schedule import Schedule
from planner.model.signing import Issue
from planner.model.timeline import Timeline
from planner.services.evaluation import evaluate
from planner.services.release import version_code
from planner.services.telling.change_words import change_words
from planner.services.telling.differences import differences, first_differences, left_behind
from planner.services.telling.position import position_line, you_are_here
from planner.services.telling.preview import first_runs, preview, preview_lines, runs_of
from planner.services.verbs import editing, pausing
from planner.services.verbs.recording import record_given
from planner.timeline import lay_out
from tests.golden.cases import library
from tests.services.courses_at_hand import plan_of, protocols_of

BLINA = "blinatumomab"


def shown(plan: Plan) -> EvaluatedPlan:
    return evaluate(plan, replace(library(), rules=()))


def deferred(plan: Plan, days: int = 3) -> Plan:
    change = Deferral(BLINA, 2, 1, days, Scope.FOLLOWING, "holiday")
    return editing.defer(plan, shown(plan).schedule, change)


def test_doses_that_move_alike_stand_in_one_line_with_all_their_days() -> None:
    plan = plan_of("d-alba")
    before, after = shown(plan), shown(deferred(plan))
    lines = preview_lines(preview(before, after))
    (infusion,) = [line for line in lines if "(blinatumomab/2/blinatumomab)" in line]
    assert infusion.startswith("moved: Blinatumomab C2 D1 to 28 (blinatumomab/2/blinatumomab) ")
    assert infusion.endswith("(+3 days, 28 doses)")
    moved = [one for one in differences(before.schedule, after.schedule) if one.what == "moved"]
    assert preview(before, after).count("moved") == len(moved)
    assert len([line for line in lines if line.startswith("moved")]) < len(moved) / 5


@pytest.mark.parametrize("number", [1, 5, 40, 10_000])
def test_the_first_differences_are_the_first_of_all(number: int) -> None:
    plan = plan_of("calgb-10403")
    before = shown(plan).schedule
    change = Deferral("induction", 1, 8, 2, Scope.FOLLOWING, "counts")
    after = shown(editing.defer(plan, before, change)).schedule
    every = differences(before, after)
    found, border = first_differences(before, after, number)
    assert (border is None) == (len(found) == len(every))
    if border is not None:
        settled = tuple(one for one in every if max(one.old_day, one.new_day) < border)
        assert number <= len(settled)
        assert found[: len(settled)] == settled
    runs, is_all = first_runs(before, after, number)
    assert is_all == (border is None)
    assert runs == runs_of(every)[: len(runs)]
    assert number <= sum(map(len, runs)) or is_all


def test_sheets_that_go_stale_are_told_before_the_edit() -> None:
    plan = plan_of("d-alba")
    issued = replace(plan, issues=(Issue("calendar", 1, version_code(plan), "A. P.", "2026-01-05T09:00:00+00:00"),))
    found = preview(shown(issued), shown(deferred(issued)))
    assert found.stale == ("Patient calendar",)
    assert "sheet handed out is no longer right: Patient calendar" in preview_lines(found)
    later = deferred(issued)
    assert preview(shown(later), shown(deferred(later))).stale == (), "it was stale before"
    assert preview(shown(plan), shown(deferred(plan))).stale == ()


def test_premedication_that_goes_with_its_drug_is_told() -> None:
    plan = plan_of("mini-hyper-cvd-inotuzumab")
    before = shown(plan)
    stop = Stop("even", 2, 8, Scope.ALL, "toxicity", "liver", 3, "inotuzumab")
    found = preview(before, shown(pausing.stop(plan, before.schedule, stop)))
    told = [line for line in preview_lines(found) if line.endswith("planned -> stopped, 2 doses")]
    assert any("(odd-2/3/premedication-hydrocortisone)" in line and "C3 D2, 8" in line for line in told), told
    assert not any("even/2" in line and "D2" in line for line in told)
    left = [line for line in preview_lines(found) if line.startswith("still planned")]
    assert left
    assert all("Liver tests before and after inotuzumab" in line for line in left), "examinations stay"
    move = Deferral("even", 2, 1, 7, Scope.FOLLOWING, "counts")
    assert not left_behind(before.schedule, shown(editing.defer(plan, before.schedule, move)).schedule)


def test_what_goes_with_a_drug_is_told_where_the_drug_is_left_out_and_moves_where_it_moves() -> None:
    plan = plan_of("hyper-cvad")
    before = shown(plan)
    dose = next(one for one in before.schedule.events if one.placed.order.id == "cyclophosphamide")
    block, cycle = dose.placed.block.id, dose.placed.cycle

    def mesna(schedule: Schedule) -> list[int]:
        return [
            one.day
            for one in schedule.events
            if one.placed.agent == "mesna" and (one.placed.block.id, one.placed.cycle) == (block, cycle)
        ]

    def gone(after: EvaluatedPlan) -> set[int]:
        out = ("omitted", "stopped")
        return {one.cycle_day for one in after.schedule.events if one.placed.agent == "mesna" and one.state in out}

    second = shown(editing.omit(plan, before.schedule, Omission(block, cycle, 2, "cyclophosphamide", "toxicity")))
    assert gone(second) == {2}
    stopped = Stop(block, cycle, 1, Scope.CYCLE, "other", order="cyclophosphamide")
    assert gone(shown(pausing.stop(plan, before.schedule, stopped))) == {1, 2, 3}
    paused = shown(pausing.hold(plan, before.schedule, Hold(block, cycle, 2, "other", order="cyclophosphamide")))
    assert gone(paused) == set()
    told = [line for line in preview_lines(preview(before, paused)) if line.startswith("still planned")]
    assert any("although cyclophosphamide, which it goes with, is left out: Mesna" in line for line in told), told
    late = Deferral(block, cycle, 2, 2, Scope.CYCLE, "infection")
    after = shown(editing.defer(plan, before.schedule, late)).schedule
    assert mesna(after) == [one + 2 * (number > 0) for number, one in enumerate(mesna(before.schedule))]
    record = GivenRecord(block, cycle, 1, "cyclophosphamide", 1, Given.GIVEN, dose.date, dose.dose.value, "mg", "N")
    given = shown(record_given(plan, before.schedule, record, date(2100, 1, 1)))
    assert mesna(given.schedule) == mesna(before.schedule)


def test_before_a_deferred_first_day_the_count_waits_at_it() -> None:
    plan = plan_of("calgb-10403")
    change = Deferral("induction", 1, 1, 4, Scope.FOLLOWING, "capacity")
    later = shown(editing.defer(plan, shown(plan).schedule, change))
    start = later.schedule.block("induction").start
    here = you_are_here(later, start + 2)
    assert (here.day, here.waiting) == (1, 3)
    assert position_line(here).startswith("Induction C1 D1, ")


def test_of_two_blocks_the_one_that_has_begun_is_where_one_is() -> None:
    plan = plan_of("obe-cel")
    change = Deferral("second-dose", 1, 10, 11, Scope.FOLLOWING, "toxicity", "CRS", 2)
    later = shown(editing.defer(plan, shown(plan).schedule, change))
    here = you_are_here(later, later.schedule.block("second-dose").start + 2)
    assert here.block
    assert here.block.id == "first-dose"


def test_a_pause_is_told_where_the_patient_stands() -> None:
    plan = plan_of("d-alba")
    change = Hold(BLINA, 1, 10, "toxicity", "CRS", 2)
    held = pausing.hold(plan, shown(plan).schedule, change)
    start = shown(held).schedule.block(BLINA).start
    line = position_line(you_are_here(shown(held), start + 12))
    since = date.fromordinal(start + 9).strftime("%d-%b-%Y")
    assert f"{since}, until when is not known; due today, not recorded: Dasatinib; next " in line
    assert "on hold" not in position_line(you_are_here(shown(held), start + 3))
    assert change_words(change) == "Held blinatumomab from C1 D10 of blinatumomab on (toxicity grade 2, CRS)"


@pytest.mark.parametrize(
    ("change", "reach"),
    [
        (DoseChange("b", 2, 2, "cytarabine", Scope.FOLLOWING, "other", percent=50), "to the end of the block"),
        (Stop("b", 2, 2, Scope.FOLLOWING, "other", order="cytarabine"), "to the end of the block"),
        (Replacement("b", 2, 2, "cytarabine", Scope.FOLLOWING, "x", "other"), "to the end of the block"),
        (DoseChange("b", 2, 2, "cytarabine", Scope.ALL, "other", percent=50), "on, in all later blocks too"),
    ],
)
def test_how_far_a_change_of_a_drug_reaches(change: Modification, reach: str) -> None:
    """Later blocks of the same course keep the full dose: "from C2 D2 on" read as of them too."""
    assert f"from C2 D2 of b {reach} (other)" in change_words(change)


def test_every_change_has_words() -> None:
    from tests.storage.plans import small_plan

    examined = Examination("induction", 1, "liver", "Liver tests", (8, 15), "other", topic="liver")
    changes: tuple[Modification, ...] = (*small_plan().modifications, examined)
    told = {type(one).__name__: change_words(one) for one in changes}
    assert set(told) == {
        "Deferral", "Omission", "Hold", "Skip", "Stop", "DoseChange", "Replacement", "Addition", "Examination",
        "Repetition",
    }  # fmt: skip
    assert all(one.reason in told[type(one).__name__] for one in changes)


def test_words_tell_how_far_a_change_reaches() -> None:
    full = DoseChange("a", 2, 8, "x", Scope.ALL, "other")
    assert change_words(full) == "Full dose of x again from C2 D8 of a on, in all later blocks too (other)"
    half = DoseChange("a", 2, 8, "x", Scope.DAY, "toxicity", "", 2, percent=50, level="-2")
    assert change_words(half) == "Dose of x 50 %, level -2 on C2 D8 of a (toxicity grade 2)"
    later = Deferral("a", 2, 8, -1, Scope.CYCLE, "capacity")
    assert change_words(later) == "Deferred by -1 day from C2 D8 of a to the end of the cycle (capacity)"


def test_a_preview_draws_nothing_and_what_is_shown_is_drawn_once(monkeypatch) -> None:
    drawn = []
    monkeypatch.setattr(lay_out, "lay_out", lambda *asked: drawn.append(asked) or Timeline((), 0, 0))
    plan = plan_of("e1910")
    before, after = evaluate(plan, library()), evaluate(editing.move_block(plan, plan.blocks[0].id, 3), library())
    assert preview(before, after)
    assert preview_lines(preview(before, after))
    assert drawn == []
    assert after.timeline is after.timeline
    assert [(one[0], one[3]) for one in drawn] == [(after.plan, library().agents)]


def test_a_record_is_told_although_no_date_and_no_dose_changes() -> None:
    plan = plan_of("e1910")
    before = shown(plan)
    event = next(one for one in before.schedule.events if one.placed.id == "blinatumomab/1/premedication")
    place = (event.placed.block.id, 1, event.cycle_day, "premedication", 0)
    record = GivenRecord(*place, Given.GIVEN, event.date, event.dose.value if event.dose else None, "mg", "A. Nurse")
    after = shown(record_given(plan, before.schedule, record, event.date))
    line, *_ = preview_lines(preview(before, after))
    told = "recorded: Blinatumomab 1 to 2 C1 D1 dexamethasone (premedication): given on"
    assert line.startswith(f"{told} {weekday_date(event.day)}, 20 mg")
    assert preview_lines(preview(after, before))[0].startswith("record taken back: Blinatumomab 1 to 2 C1 D1")


def test_an_order_added_behind_a_stop_of_its_drug_is_told_as_stopped() -> None:
    plan = plan_of("d-alba")
    ended = Stop("induction", 1, 30, Scope.ALL, "toxicity", order="dasatinib-to-day-85")
    stopped = pausing.stop(plan, shown(plan).schedule, ended)
    again = Addition("induction", 1, "again", "dasatinib", "antineoplastic", "PO", (60, 61), "other", dose="70 mg")
    after = replace(stopped, modifications=(*stopped.modifications, again))
    told = [line for line in preview_lines(preview(shown(stopped), shown(after))) if line.startswith("appeared")]
    assert len(told) == 1
    assert told[0].endswith("70 mg, 2 doses, stopped")


def test_a_finding_that_only_stands_elsewhere_is_told_in_one_line() -> None:
    rule = tuple(one for one in library().rules if one.id == "HB-01")
    before = evaluate(plan_of("calgb-10403"), replace(library(), rules=rule))
    (was,) = before.findings
    now = replace(was, id="HB-01:elsewhere", days=(was.days[0] + 1,))
    after = replace(before, findings=(now,))
    assert preview_lines(preview(before, after)) == (
        f"finding moves: HB-01 warning: {now.message.removesuffix('.')}; before on {weekday_date(was.days[0])}",
    )
    other = replace(now, days=was.days, orders=("block/1/other",))
    told = preview_lines(preview(before, replace(before, findings=(other,))))
    assert told[0].endswith("; it spoke about other items before")
    other = replace(other, message="Another sentence.")
    told = preview_lines(preview(before, replace(before, findings=(other,))))
    assert told[0].endswith(f"Another sentence; before: {was.message.removesuffix('.')}")
    graver = replace(now, severity="contraindicated")
    told = preview_lines(preview(before, replace(before, findings=(graver,))))
    assert [line.split(":")[0] for line in told] == ["finding appears", "finding goes"], "a graver one is another"
    twice = replace(before, findings=(now, replace(other, id="HB-01:third")))
    told = preview_lines(preview(before, twice))
    assert [line.split(":")[0] for line in told] == ["finding appears", "finding appears", "finding goes"]


def test_a_finding_of_which_only_the_number_changes_is_said_once() -> None:
    rule = tuple(one for one in library().rules if one.id == "HB-01")
    before = evaluate(plan_of("calgb-10403"), replace(library(), rules=rule))
    (was,) = before.findings
    more = replace(before, findings=(replace(was, count=was.count + 1),))
    (line,) = preview_lines(preview(before, more))
    assert line.endswith(f"{was.message} Before: 1 time.")
    graver = replace(before, findings=(replace(was, severity="contraindicated"),))
    (line,) = preview_lines(preview(before, graver))
    assert " -> HB-01 contraindicated" in line


def test_after_an_interruption_no_day_is_told_that_the_cycle_does_not_have() -> None:
    plan = plan_of("mini-hyper-cvd-inotuzumab")
    paused = pausing.hold(plan, shown(plan).schedule, Hold(BLINA, 5, 6, "toxicity", "CRS", 2))
    since = next(one.date for one in shown(plan).schedule.events if one.placed.id == "blinatumomab/5/blinatumomab")
    on = since + timedelta(60)
    again = pausing.resume(paused, shown(paused).schedule, library().agents, (BLINA, ""), on).plan
    here = you_are_here(shown(again), on.toordinal() - 1)
    assert (here.day, here.waiting) == (5, 55)
    assert "Blinatumomab C5 D5, " in position_line(here)
    assert ", waiting 55 days; next " in position_line(here)
    assert ", waiting 1 day; next " in position_line(you_are_here(shown(again), on.toordinal() - 55))


def test_cycles_of_a_block_that_change_alike_stand_in_one_line() -> None:
    """An answer that turned 26 cycles of maintenance firm was told in 26 lines that differed in the cycle alone."""
    plan = plan_of("ponatinib-blinatumomab")
    before = shown(plan)
    taken = DecisionTaken("ponatinib-blinatumomab", "cmr-1", "no", date(2026, 2, 15), "A. P.")
    lines = preview_lines(preview(before, shown(editing.decide(plan, protocols_of(plan), taken))))
    told = [line for line in lines if "(maintenance/" in line]
    dates = "Mon 03-Aug-2026 to Sun 24-Aug-2031 15 mg, 1,848 doses"
    assert told == [
        f"{what}: Ponatinib C1 to 22 D1 to 84 (maintenance/1 to 22/ponatinib-15-from-{order}) {dates}"
        for what, order in (("vanished", "cmr-1"), ("appeared", "cmr-2"))
    ]
    (second,) = [line for line in lines if line.startswith("appeared: Ponatinib C2")]
    assert second.startswith("appeared: Ponatinib C2 D1 to 42 (combination/2/ponatinib-30) Mon 16-Feb-2026 ")


def test_cycles_that_change_otherwise_keep_lines_of_their_own() -> None:
    """The deferred cycle moves from a day on, the next ones whole; the last one is cut by the end of treatment."""
    plan = plan_of("hyper-cvad")
    before = shown(plan)
    deferred = editing.defer(plan, before.schedule, Deferral("pomp", 2, 8, 3, Scope.FOLLOWING, "counts"))
    lines = preview_lines(preview(before, shown(deferred)))
    methotrexate = [line.split(" (")[0] for line in lines if "(pomp/" in line and "Methotrexate" in line]
    assert methotrexate == ["moved: Methotrexate C2 D8, 15, 22", "moved: Methotrexate C3 to 5 D1, 8, 15, 22"]
    last = [line.split(" (")[0] for line in lines if "(pomp-later-2/" in line and "Methotrexate" in line]
    assert last == ["moved: Methotrexate C16 to 26 D1, 8, 15, 22", "vanished: Methotrexate C27 D1"]


def test_a_rescue_is_told_of_when_its_own_drug_is_left_out_and_no_other() -> None:
    """Leucovorin of day 2 read "although a treatment of its day is left out" when inotuzumab of that day was out."""
    plan = plan_of("mini-hyper-cvd-inotuzumab")
    before = shown(plan)

    def omitted(order: str, day: int) -> EvaluatedPlan:
        return shown(editing.omit(plan, before.schedule, Omission("even", 2, day, order, "toxicity")))

    def told(order: str, day: int) -> list[str]:
        return list(preview_lines(preview(before, omitted(order, day))))

    assert not any("Leucovorin" in line for line in told("inotuzumab", 2))
    methotrexate = told("methotrexate", 1)
    assert "status: Leucovorin C2 D2 to 4 (even/2/leucovorin) planned -> omitted, 8 doses" in methotrexate
    (line,) = [one for one in methotrexate if one.startswith("still planned")]
    assert line.startswith("still planned, although methotrexate, which it goes with, is left out: Methotrexate level")


def test_a_dose_that_is_stopped_is_not_told_to_move_as_if_it_were_to_be_given() -> None:
    plan = plan_of("d-alba")
    stopped = pausing.stop(plan, shown(plan).schedule, Stop(BLINA, 2, 15, Scope.CYCLE, "toxicity"))
    lines = preview_lines(preview(shown(stopped), shown(deferred(stopped))))
    of_pump = [line for line in lines if "(blinatumomab/2/blinatumomab)" in line]
    assert [line.split(")", 1)[0].split(" (")[0] for line in of_pump] == [
        "moved: Blinatumomab C2 D1 to 14",
        "moved: Blinatumomab C2 D15 to 28",
    ]
    assert [line.endswith("doses), stopped") for line in of_pump] == [False, True]
