"""A block that an answer put off has no date on any sheet until somebody sets its day: the protocol's would be kept."""

import re
from datetime import date
from functools import cache

import pytest
from msgspec.structs import replace

from planner.content.protocol_file import build_protocol, pin_of
from planner.exports.sheets.roadmap.bands import NOTHING_AFTER
from planner.exports.sheets.sheet import Row, Sheet, Table
from planner.model.civil import weekday_date
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.library import ShelvedProtocol
from planner.model.plan import BagPlan, BlockStart, DecisionTaken, Deferral, Scope
from planner.services.evaluation import evaluate
from planner.services.verbs.placing import add_protocol, new_plan
from tests.courses import PATIENT
from tests.exports.papers import library, lines_of, make, shipped, words_of

NO_DAY = "no day set yet"
DATE = re.compile(r"\d\d-[A-Z][a-z]{2}-20\d\d")
QUIET = replace(library(), rules=())


@cache
def put_off(bags: bool = True, days: int = 0) -> EvaluatedPlan:
    """The label's cycles 2 to 4, put off by an answer that a site added; `days` later where somebody deferred them."""
    text = library().protocols["blinatumomab-mrd"].pin.text
    text = text.replace(
        'only_if = "decision.after-cycle-1 = continue"',
        'only_if = "decision.after-cycle-1 = continue or decision.after-cycle-1 = later"',
    ).replace('{ id = "transplant",', '{ id = "later", title = "Later", waits = true },\n    { id = "transplant",')
    protocol = build_protocol(text)
    shelved = ShelvedProtocol(pin_of(protocol, text), protocol, "test")
    plan = add_protocol(new_plan("p", PATIENT), shelved, BlockStart(on=date(2026, 3, 2)))
    group = plan.blocks[0].group
    taken = DecisionTaken(group, "after-cycle-1", "later", date(2026, 4, 12), "A. P.", result="MRD 0.2 %")
    change = Deferral("consolidation", 2, 1, days, Scope.FOLLOWING, "toxicity", "fever", 2)
    return evaluate(
        replace(
            plan,
            decisions=(taken,),
            bag_plans=tuple(BagPlan(block.id, (96, 72)) for block in plan.blocks if bags),
            modifications=(change,) if days else (),
        ),
        QUIET,
    )


def of_block(sheet: Sheet) -> list[str]:
    """All that stands in the sections from the one about cycles 2 to 4 on."""
    found: list[str] = []
    about = False
    for section in sheet.sections:
        about = about or section.title.startswith("Blinatumomab 2 to 4")
        if about:
            lines = lines_of(replace(sheet, sections=(section,)))
            found += [section.title, *(line.text.replace("\u00a0", " ") for line in lines)]
    return found


def rows(sheet: Sheet, wanted: str) -> list[Row]:
    tables = [part for section in sheet.sections for part in section.parts if isinstance(part, Table)]
    return [row for table in tables for row in table.rows if any(wanted in words_of(cell) for cell in row.cells[:2])]


def test_the_made_up_answer_puts_the_block_off() -> None:
    assert [block.waits for block in put_off().schedule.blocks] == ["", "Later"]
    assert [block.waits for block in put_off(days=7).schedule.blocks] == ["", ""]


def test_the_grid_leaves_the_date_to_write_in() -> None:
    texts = of_block(make(put_off(bags=False), "roadmap"))
    elsewhere = ("kg on", "starts after", "Hong Kong label", "copy of")
    assert not [text for text in texts if DATE.search(text) and not any(one in text for one in elsewhere)]
    days = [section for section in make(put_off(), "roadmap").sections if section.title == "Days"][1]
    (table,) = [part for part in days.parts if isinstance(part, Table)]
    dated = [row for row in table.rows if not row.band]
    assert len(dated) > 6
    for row in dated:
        first, written = row.cells[0].lines
        assert first.text == NO_DAY
        assert written.blank
    assert f"Blinatumomab 2 to 4, cycle 2 · {NO_DAY}, 42 days · provisional, its day is not set yet" in texts


def test_the_block_before_says_that_the_next_has_no_day() -> None:
    texts = [line.text for line in lines_of(make(put_off(), "roadmap"))]
    assert f"Next: Blinatumomab 2 to 4, {NO_DAY} · no start criteria in the protocol" in texts


@pytest.mark.parametrize(("kind", "places"), [("roadmap", (1, 2)), ("glance", (2, 3)), ("summary", (2, 3))])
def test_the_tables_of_blocks_have_no_first_and_last_day(kind: str, places: tuple[int, int]) -> None:
    row = rows(make(put_off(), kind), "Blinatumomab 2 to 4")[0]
    assert [words_of(row.cells[place]) for place in places] == [NO_DAY, NO_DAY]


@pytest.mark.parametrize("bags", [True, False])
def test_the_bag_sheet_names_hours_without_dates(bags: bool) -> None:
    sheet = make(put_off(bags), "bags")
    told = of_block(sheet) if bags else [words_of(cell) for row in rows(sheet, "provisional") for cell in row.cells]
    assert told
    assert not [text for text in told if DATE.search(text)]
    assert NO_DAY in told
    if bags:
        assert f"Blinatumomab 2 to 4: {NO_DAY}" in told


@pytest.mark.parametrize("kind", ["roadmap", "summary", "bags", "glance"])
def test_a_day_that_somebody_sets_is_printed(kind: str) -> None:
    made = put_off(days=7)
    sheet = make(made, kind)
    texts = [section.title for section in sheet.sections] + [
        line.text.replace("\u00a0", " ") for line in lines_of(sheet)
    ]
    assert not any(NO_DAY in text for text in texts)
    assert any(weekday_date(made.schedule.block("consolidation").begins) in text for text in texts)


def test_the_grid_tells_of_a_block_that_begins_while_it_runs() -> None:
    """Obe-cel: below the first dose stood "Nothing is planned after this block", with the second 9 days later."""
    sheet = make(shipped("obe-cel"), "roadmap")
    told = [
        row.cells[0].lines[0].text
        for section in sheet.sections
        for part in section.parts
        if isinstance(part, Table) and section.title == "Days"
        for row in part.rows[-1:]
    ]
    second = shipped("obe-cel").schedule.block("second-dose")
    assert [text.split(",")[0] for text in told] == [
        "Next: Obe-cel 1",
        "While this block runs: Obe-cel 2",
        NOTHING_AFTER,
    ]
    assert f"due {weekday_date(second.begins)}" in told[1]
