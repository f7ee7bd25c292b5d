"""What a reissue marks: every event that differs, on each sheet that is about it (promises P10)."""

import re
from datetime import date

import pytest
from msgspec.structs import replace

from planner.exports.sheets.changes import SEE_BAGS, change_marks, changes_section, key_of
from planner.exports.sheets.job import Job
from planner.model.difference import Difference
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import BagPlan, BlockStart, Deferral, Plan, Scope, Stop
from planner.services.evaluation import evaluate
from planner.services.printing import BUILDERS
from planner.services.telling.differences import differences
from planner.services.verbs.placing import add_protocol, new_plan
from tests.courses import PATIENT
from tests.exports.papers import job, library, lines_of, words_of

START = BlockStart(on=date(2026, 3, 2))


def plan_of(protocol: str) -> Plan:
    return add_protocol(new_plan("p1", PATIENT), library().protocols[protocol], START)


def pair(protocol: str, *changes: object) -> tuple[EvaluatedPlan, tuple[Difference, ...]]:
    """The changed plan and what is different in it."""
    plan = plan_of(protocol)
    old, new = evaluate(plan, library()), evaluate(replace(plan, modifications=changes), library())
    return new, differences(old.schedule, new.schedule)


def block_of(protocol: str) -> str:
    return plan_of(protocol).blocks[0].id


def deferred(protocol: str) -> tuple[EvaluatedPlan, tuple[Difference, ...]]:
    return pair(protocol, Deferral(block_of(protocol), 1, 1, 3, Scope.FOLLOWING, "counts"))


def texts_of(kind: str, evaluated: EvaluatedPlan, asked: Job) -> list[str]:
    sheet = BUILDERS[kind](evaluated, asked)
    return [section.title for section in sheet.sections] + [line.text for line in lines_of(sheet)]


@pytest.mark.parametrize("protocol", ["pomp", "blinatumomab-mrd", "obe-cel"])
def test_the_list_of_changes_counts_every_difference_once(protocol: str) -> None:
    _, changes = deferred(protocol)
    (section,) = changes_section(changes)
    told = 0
    for row in section.parts[0].rows:
        several = re.search(r", (\d+)\u00a0times", row.cells[1].lines[0].text)
        told += int(several[1]) if several else 1
    assert told == len(changes) > 0
    lines = len(section.parts[0].rows)
    assert section.title.endswith(f": {lines} lines about {len(changes):,} events")


def rows_of(changes: tuple[Difference, ...]) -> list[tuple[str, ...]]:
    (section,) = changes_section(changes)
    return [tuple(words_of(cell) for cell in row.cells) for row in section.parts[0].rows]


def test_a_moved_series_stands_in_one_row_with_its_first_and_last_day() -> None:
    """Over all cycles of its block: ponatinib of eleven cycles was eleven rows."""
    _, changes = deferred("pomp")
    row = next(row for row in rows_of(changes) if row[1].startswith("POMP 1 to 12: Mercaptopurine"))
    assert row == (
        "Changed date",
        "POMP 1 to 12: Mercaptopurine C1 D1 to C12 D28, 1008 times",
        "Mon 02-Mar-2026 to Sun 31-Jan-2027",
        "Thu 05-Mar-2026 to Wed 03-Feb-2027",
    )


def test_the_heading_counts_lines_and_events() -> None:
    """ "Changes since the issue before: 1414" stood over 67 lines; with a line for each event the lines are enough."""
    _, changes = deferred("pomp")
    (one,) = changes_section(changes[:1])
    assert one.title == "Changes since the issue before: 1"


def test_doses_that_keep_their_hours_are_one_row_whatever_the_hour() -> None:
    """Leucovorin three times a day was three rows that read the same: the hour is not told where only days moved."""
    _, changes = deferred("hyper-cvad")
    some = [one for one in changes if one.event.placed.agent == "leucovorin"]
    (section,) = changes_section([one for one in some if one.event.placed.id == some[0].event.placed.id])
    assert len(section.parts[0].rows) == 1
    assert len({one.old.minute for one in some if one.old}) > 1


@pytest.mark.parametrize("protocol", ["ponalfil", "calgb-10403", "aall0232-hr"])
def test_of_very_many_changes_what_moved_with_its_block_is_one_row(protocol: str) -> None:
    """PONALFIL: 58 rows over three pages, one for each monthly marrow. All names stand in the row of the block."""
    new, changes = deferred(protocol)
    rows = rows_of(changes)
    assert len(rows) <= 2 * len(new.schedule.blocks)
    told = " ".join(row[1] for row in rows)
    assert all(one.event.placed.agent_name in told for one in changes)


def test_bags_that_all_changed_are_one_row_that_points_to_them() -> None:
    """Each bag's own words as "before" and "now" were a page a cycle; they stand in the bag's own row."""
    plan = plan_of("blinatumomab-rr")
    plan = replace(plan, bag_plans=tuple(BagPlan(block.id, (24, 48, 72, 96), (1, 4)) for block in plan.blocks))
    change = Deferral(plan.blocks[1].id, 1, 1, 3, Scope.FOLLOWING, "counts")
    old, new = (evaluate(replace(plan, modifications=made), library()) for made in ((), (change,)))
    changes = differences(old.schedule, new.schedule)
    rows = [row for row in rows_of(changes) if row[0] == "Changed bag"]
    assert len(rows) == len({one.event.placed.block.id for one in changes if one.what == "bag"}) > 1
    assert {row[2:] for row in rows} == {("", SEE_BAGS)}


def test_nothing_changed_is_no_section_and_no_mark() -> None:
    assert changes_section(()) == []
    assert change_marks(()) == {}


@pytest.mark.parametrize("kind", BUILDERS)
def test_every_sheet_of_a_reissue_says_what_changed(kind: str) -> None:
    protocol = "ponatinib-blinatumomab"
    new, changes = deferred(protocol)
    asked = job(changes=changes)
    if kind == "handover":  # it tells the next weeks only
        asked = replace(asked, wish=replace(asked.wish, first=date(2026, 3, 2)))
    assert any(re.search("changed", text, re.IGNORECASE) for text in texts_of(kind, new, asked))
    assert not any(re.search("changed|changes since", text, re.IGNORECASE) for text in texts_of(kind, new, job()))


def test_a_mark_names_what_stood_there_before() -> None:
    new, changes = deferred("pomp")
    first = next(event for event in new.schedule.events if event.placed.agent == "vincristine")
    assert change_marks(changes)[key_of(first)] == "CHANGED, before: Mon\u00a002-Mar-2026"


def test_what_moves_and_is_not_to_be_given_says_so() -> None:
    """Pegaspargase, stopped for a reaction, moved with its block: "Changed date", and not a word of the stop."""
    plan = plan_of("calgb-10403")
    block = next(one for one in evaluate(plan, library()).schedule.blocks if "Interim" in one.title)
    stopped = Stop(block.id, 1, 22, Scope.ALL, "toxicity", order="pegaspargase")
    before = evaluate(replace(plan, modifications=(stopped,)), library())
    late = Deferral(block.id, 1, 1, 7, Scope.FOLLOWING, "counts")
    after = evaluate(replace(plan, modifications=(stopped, late)), library())
    changes = differences(before.schedule, after.schedule)
    (section,) = changes_section(changes)
    rows = [[words_of(cell) for cell in row.cells] for row in section.parts[0].rows]
    due = [row for row in rows if "Pegaspargase" in row[1] and block.title in row[1]]
    assert [row[3].endswith("STOPPED") for row in due] == [False, True]
    assert not any("STOPPED" in row[3] for row in rows if "Pegaspargase" not in row[1])
