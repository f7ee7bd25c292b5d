"""Any plan prints: nothing is refused, clipped or set over something else, and all dates and doses can be read."""

import os
import re

import pytest

from planner.errors import InputProblem
from planner.model.wish import Wish
from planner.services.printing import BUILDERS, make_sheet, pdf_of
from planner.services.sheet_titles import UPRIGHT
from tests.exports.gallery import (
    PRINTED_AT,
    any_plan,
    faults_of_fonts,
    lacking_frame,
    missing_from_day_sheets,
    missing_from_roadmap,
    missing_from_supply,
    outside,
    overlapping,
    print_all,
    read,
    wish_of,
)
from tests.exports.papers import SITE, page_texts, squashed

FEW = (0, 4, 9, 13, 21, 30)
MANY = int(os.environ.get("REGIMAP_GALLERY", "500"))


def look_at(seed: int) -> int:
    evaluated = any_plan(seed)
    paper, wish = wish_of(seed)
    files = print_all(evaluated, paper, wish)
    assert print_all(evaluated, paper, wish) == files, seed
    sheets = {kind: read(pdf) for kind, pdf in files.items()}
    for kind, pages in sheets.items():
        assert outside(pages) == [], (seed, kind)
        assert overlapping(pages) == [], (seed, kind)
        assert faults_of_fonts(files[kind]) == [], (seed, kind)
        assert lacking_frame(evaluated, pages, wish.language if kind == "calendar" else "") == [], (seed, kind)
    assert missing_from_day_sheets(evaluated, sheets["daysheet"]) == [], seed
    assert missing_from_roadmap(evaluated, sheets["roadmap"]) == [], seed
    assert missing_from_supply(evaluated, sheets["supply"]) == [], seed
    return sum(map(len, sheets.values()))


@pytest.mark.parametrize("seed", FEW[:3])
def test_only_the_moment_of_printing_differs(seed: int) -> None:
    evaluated = any_plan(seed)
    paper, wish = wish_of(seed)
    moments = (PRINTED_AT, PRINTED_AT.replace(hour=15))
    first, second = ({kind: read(pdf) for kind, pdf in print_all(evaluated, paper, wish, at).items()} for at in moments)
    for kind, pages in first.items():
        for page, other in zip(pages, second[kind], strict=True):
            changed = [one for one, two in zip(page.text, other.text, strict=True) if one != two]
            assert changed == ["4"], (kind, changed)  # 14:05 became 15:05
            moved = [one for one, two in zip(page.inks, other.inks, strict=True) if one.bottom != two.bottom]
            assert moved == []


@pytest.mark.parametrize("seed", FEW)
def test_a_plan_prints_whole(seed: int) -> None:
    assert look_at(seed) >= 8


@pytest.mark.parametrize("seed", FEW[:3])
@pytest.mark.parametrize("kind", sorted(UPRIGHT))
def test_plain_tables_stand_on_upright_paper_too(kind: str, seed: int) -> None:
    """On A4 and Letter nothing is outside, over another or parted: each drug stands as whole as on wide paper."""
    evaluated = any_plan(seed)
    words = {
        word for event in evaluated.schedule.events for word in re.findall(r"[^\W\d]{6,}", event.placed.agent_name)
    }
    for paper in ("A4", "Letter"):
        pdf = pdf_of(make_sheet(evaluated, kind, SITE, PRINTED_AT, Wish(portrait=True)), paper)
        pages = read(pdf)
        assert all(page.height > page.width for page in pages)
        assert outside(pages) == []
        assert overlapping(pages) == []
        for text in page_texts(pdf):
            assert not [word for word in words if squashed(text).count(word) > text.count(word)]


@pytest.mark.parametrize("asked", [False, True])
def test_the_summary_always_stands(asked: bool) -> None:
    pages = read(pdf_of(make_sheet(any_plan(0), "summary", SITE, PRINTED_AT, Wish(portrait=asked)), "A4"))
    assert all(page.height > page.width for page in pages)


@pytest.mark.parametrize("kind", sorted(BUILDERS.keys() - UPRIGHT - {"summary"}))
def test_what_needs_the_width_is_refused_on_upright_paper(kind: str) -> None:
    with pytest.raises(InputProblem, match=f"portrait: {kind} needs the width"):
        pdf_of(make_sheet(any_plan(0), kind, SITE, PRINTED_AT, Wish(portrait=True)), "A4")


@pytest.mark.slow
def test_hundreds_of_plans_print_whole() -> None:
    pages = sum(look_at(seed) for seed in range(MANY))
    assert pages > 8 * MANY
