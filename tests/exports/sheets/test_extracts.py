"""A print of some days of a plan says so on each page, and lists no change of other days."""

from datetime import date

import pytest
from msgspec.structs import replace

from planner.exports.sheets.sheet import Sheet
from planner.model.difference import Difference
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.wish import WHOLE_PLAN, Wish
from planner.services.printing import BUILDERS
from tests.courses import finding
from tests.exports.papers import job, lines_of, shipped
from tests.exports.sheets.test_changes import deferred

SHEETS = ("roadmap", "bags", "supply", "glance")
WINDOW = Wish(date(2026, 4, 6), date(2026, 4, 26))
PROTOCOL = "ponatinib-blinatumomab"


@pytest.fixture(scope="module")
def moved() -> tuple[EvaluatedPlan, tuple[Difference, ...]]:
    return deferred(PROTOCOL)


def printed(kind: str, moved: tuple[EvaluatedPlan, tuple[Difference, ...]], wish: Wish) -> Sheet:
    evaluated, changes = moved
    return BUILDERS[kind](evaluated, job(wish=wish, changes=changes))


def heading(sheet: Sheet) -> str:
    return next((one.title for one in sheet.sections if one.title.startswith("Changes since")), "")


@pytest.mark.parametrize("kind", SHEETS)
def test_an_extract_says_so_in_its_header(kind: str, moved: tuple[EvaluatedPlan, tuple[Difference, ...]]) -> None:
    """A supply sheet from 13 January on read as all there is: that days 1 and 2 were cut off nobody could tell."""
    title = printed(kind, moved, WINDOW).frame.title.replace("\u00a0", " ")
    assert "EXTRACT, 06-Apr-2026 to 26-Apr-2026" in title
    assert "EXTRACT" not in printed(kind, moved, WHOLE_PLAN).frame.title
    everything = Wish(date(2026, 1, 1), date(2040, 1, 1))
    assert "EXTRACT" not in printed(kind, moved, everything).frame.title


@pytest.mark.parametrize("kind", SHEETS)
def test_an_extract_lists_the_changes_of_its_days(
    kind: str, moved: tuple[EvaluatedPlan, tuple[Difference, ...]]
) -> None:
    """247 changes up to 2028 stood on the bag plan of a month."""
    whole, part = (printed(kind, moved, wish) for wish in (WHOLE_PLAN, WINDOW))
    assert heading(whole).startswith("Changes since the issue before: ")
    assert " of this extract: " in heading(part)
    assert len(lines_of(part)) < len(lines_of(whole))


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        (Wish(date(2026, 4, 6), None), "from 06-Apr-2026 on"),
        (Wish(None, date(2026, 4, 26)), "up to 26-Apr-2026"),
        (Wish(date(2026, 4, 6), date(2026, 4, 6)), "EXTRACT, 06-Apr-2026 only"),
    ],
)
def test_an_extract_may_be_open_on_one_side(
    wish: Wish, told: str, moved: tuple[EvaluatedPlan, tuple[Difference, ...]]
) -> None:
    assert told in printed("supply", moved, wish).frame.title.replace("\u00a0", " ")


def test_the_glance_of_some_days_is_not_the_whole_course(
    moved: tuple[EvaluatedPlan, tuple[Difference, ...]],
) -> None:
    titles = [section.title for section in printed("glance", moved, WINDOW).sections]
    assert "The whole course" not in titles
    assert "Mon 06-Apr-2026 to Sun 26-Apr-2026" in titles


def test_a_roadmap_of_some_weeks_prints_the_days_of_their_cycles_alone() -> None:
    """Seven weeks of maintenance were eighteen pages to 2028, because the block runs."""
    evaluated = shipped("pomp")
    sheet = BUILDERS["roadmap"](evaluated, job(wish=WINDOW))
    bands = [line.text for line in lines_of(sheet) if line.text.startswith("POMP 1 to 12, cycle")]
    assert [one.split(" · ")[0] for one in bands] == ["POMP 1 to 12, cycle 2"]
    told = [line.text.replace("\u00a0", " ") for line in lines_of(sheet)]
    assert "11 cycles of this block: outside the days asked for, not printed here" in told
    whole = [line.text for line in lines_of(BUILDERS["roadmap"](evaluated, job()))]
    assert not any("outside the days asked for" in one for one in whole)


def test_a_finding_about_a_time_counts_all_of_its_days() -> None:
    """ "advice ST-08, on 2 days of this block", of half a year without a kinase inhibitor."""
    plan = shipped("pomp")
    first = plan.schedule.blocks[0].start
    told = replace(plan, findings=(finding(1, "advice", (first, first + 14), ()),))
    texts = [line.text.replace("\u00a0", " ") for line in lines_of(BUILDERS["roadmap"](told, job()))]
    assert "advice VC-01, on 15 days of this block" in texts
