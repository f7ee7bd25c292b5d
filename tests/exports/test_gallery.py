"""Any plan prints: nothing is refused, clipped or set over something else, and all dates and doses can be read."""

import os

import pytest

from tests.exports.gallery import (
    any_plan,
    missing_from_day_sheets,
    missing_from_roadmap,
    missing_from_supply,
    outside,
    overlapping,
    print_all,
    wish_of,
)

FEW = (0, 4, 9, 13, 21, 30)
MANY = int(os.environ.get("REGIMAP_GALLERY", "500"))


def look_at(seed: int) -> int:
    evaluated = any_plan(seed)
    sheets = print_all(evaluated, *wish_of(seed))
    for kind, pages in sheets.items():
        assert outside(pages) == [], (seed, kind)
        assert overlapping(pages) == [], (seed, kind)
        assert all(f"{number}of{len(pages)}" in page.text for number, page in enumerate(pages, 1)) or kind == "calendar"
    assert missing_from_day_sheets(evaluated, sheets["daysheet"]) == [], seed
    assert missing_from_roadmap(evaluated, sheets["roadmap"]) == [], seed
    assert missing_from_supply(evaluated, sheets["supply"]) == [], seed
    return sum(map(len, sheets.values()))


@pytest.mark.parametrize("seed", FEW)
def test_a_plan_prints_whole(seed: int) -> None:
    assert look_at(seed) >= 8


@pytest.mark.slow
def test_hundreds_of_plans_print_whole() -> None:
    pages = sum(look_at(seed) for seed in range(MANY))
    assert pages > 8 * MANY
