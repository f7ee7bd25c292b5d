"""Why blocks were placed, moved or taken off and facts of the patient changed: kept beside them, whatever follows."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.errors import Refusal
from planner.model.patient import CoMedication, Measurement
from planner.model.plan import BlockChange, BlockStart, PatientChange, Plan, Repetition
from planner.model.signing import Issue
from planner.services.telling.change_words import course_lines
from planner.services.verbs import editing
from planner.services.verbs.placing import add_protocol, after, new_plan
from planner.services.verbs.reasons import Why, because, is_under_way
from planner.services.verbs.recording import measure, take_medicine
from planner.services.verbs.repeating import repeat_cycle
from planner.storage.plan_codec import decode, encode
from tests.golden.cases import PATIENTS, START, library
from tests.services.courses_at_hand import plan_of, scheduled

NO_BED = Why("capacity", "no bed")


def moved(plan: Plan, why: Why | None, days: int = 7) -> Plan:
    return because(plan, editing.move_block(plan, plan.blocks[0].id, days), why)


def test_a_block_moved_for_a_reason_keeps_it_with_the_start_before_and_after() -> None:
    plan = plan_of("d-alba")
    (kept,) = moved(plan, NO_BED).course_changes
    block = plan.blocks[0]
    assert kept == BlockChange(
        block.id, block.title, block.start, replace(block.start, on=date(2026, 1, 12)), "capacity", "no bed"
    )
    assert course_lines(moved(plan, NO_BED)) == (
        "Steroid pre-phase starts on 12-Jan-2026 instead of on 05-Jan-2026 (capacity, no bed)",
    )


def test_without_a_reason_nothing_is_kept_and_the_plan_is_as_it_always_was() -> None:
    plan = plan_of("d-alba")
    assert moved(plan, None) == editing.move_block(plan, plan.blocks[0].id, 7)


def test_a_reason_needs_a_change() -> None:
    plan = plan_of("d-alba")
    assert because(plan, plan, NO_BED) is not plan
    assert because(plan, plan, NO_BED) == plan


@pytest.mark.parametrize(("why", "said"), [(Why("bed"), "not a coded reason"), (Why("counts", grade=6), "grade 6")])
def test_what_is_no_reason_is_refused(why: Why, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        moved(plan_of("d-alba"), why)


def test_what_only_follows_a_moved_block_has_no_reason_of_its_own() -> None:
    assert len(moved(plan_of("e1910"), NO_BED).course_changes) == 1


def test_blocks_placed_together_are_one_change_and_the_second_time_another() -> None:
    shelved = library().protocols["d-alba"]
    empty = new_plan("p", PATIENTS["adult"])
    once = because(empty, add_protocol(empty, shelved, BlockStart(on=START)), Why("other"))
    twice = because(once, add_protocol(once, shelved, after(once, once.blocks[-1].id, 7)), NO_BED)
    first, second = twice.course_changes
    assert isinstance(first, BlockChange)
    assert isinstance(second, BlockChange)
    assert (first.block, first.was, first.now) == (once.blocks[0].id, None, once.blocks[0].start)
    assert second.block == twice.blocks[len(once.blocks)].id
    told = course_lines(twice)
    title = f"{once.blocks[0].title} – {once.blocks[-1].title}"
    assert told[0] == f"Placed {title}, which starts on 05-Jan-2026 (other)"
    assert told[1].startswith(f"Placed {title}, which starts 7 days after ")


def test_a_block_taken_off_keeps_its_title_and_what_hung_on_it_is_not_told() -> None:
    plan = plan_of("e1910")
    gone = plan.blocks[2]
    after_it = because(plan, editing.remove_block(plan, gone.id), Why("patient choice"))
    assert any(block.start.after == gone.id for block in plan.blocks)
    (kept,) = after_it.course_changes
    assert kept == BlockChange(gone.id, gone.title, gone.start, None, "patient choice")
    assert course_lines(after_it)[0].startswith(f"Took {gone.title} off the plan, which started ")


def test_facts_of_the_patient_keep_their_reason_in_words() -> None:
    plan = plan_of("d-alba")
    weighed = measure(plan, Measurement(date(2026, 3, 20), Decimal(170), Decimal(61)), date(2026, 4, 1))
    weighed = because(plan, weighed, Why("toxicity", "lost weight", 2))
    treated = take_medicine(weighed, CoMedication("posaconazole", date(2026, 3, 21), None))
    treated = because(weighed, treated, Why("infection"))
    body, medicine = treated.course_changes
    assert isinstance(body, PatientChange)
    assert body.facts[0].startswith("measured: 170 cm, 61 kg on 20-Mar-2026")
    assert medicine == PatientChange(("medicine: posaconazole from 21-Mar-2026, no end yet",), "infection")
    assert course_lines(treated)[0].endswith("(toxicity grade 2, lost weight)")


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (BlockStart(after="induction", gap_days=3), "3 days after Induction"),
        (BlockStart(after="induction", gap_days=1), "1 day after Induction"),
        (BlockStart(after="induction"), "right after Induction"),
        (BlockStart(after="induction", gap_days=-2), "2 days before the end of Induction"),
        (BlockStart(after="induction", day=15), "on D15 of Induction"),
        (BlockStart(after="induction", day=15, gap_days=2), "2 days after D15 of Induction"),
        (BlockStart(after="induction", day=15, gap_days=-2), "2 days before D15 of Induction"),
        (BlockStart(after="gone", gap_days=3), "3 days after gone"),
    ],
)
def test_every_way_to_start_has_words(start: BlockStart, words: str) -> None:
    plan = plan_of("d-alba")
    change = BlockChange("x", "X", start, BlockStart(on=date(2026, 5, 4)), "other")
    told = course_lines(replace(plan, course_changes=(change,)))
    assert told == (f"X starts on 04-May-2026 instead of {words} (other)",)


def test_reasons_outlive_what_comes_after_and_a_plan_file() -> None:
    plan = moved(plan_of("calgb-10403"), NO_BED)
    block = plan.blocks[0]
    again = repeat_cycle(plan, scheduled(plan), Repetition("", block.id, block.cycles[0], "other"))
    gone = editing.remove_block(again, again.blocks[-1].id)
    back = moved(gone, Why("counts"), -7)
    assert [one.reason for one in back.course_changes] == ["capacity", "counts"]
    assert decode(encode(back), "plan.json") == back


def test_a_course_is_under_way_once_something_is_recorded_or_handed_out() -> None:
    plan = plan_of("d-alba")
    assert not is_under_way(plan)
    assert is_under_way(replace(plan, issues=(Issue("roadmap", 1, "v", "Ph. One", "2026-03-01T10:00:00+00:00"),)))
