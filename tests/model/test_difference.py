"""A difference in words, whatever differs; a dose intensity that cannot be told; what is wished for printing."""

from datetime import date
from decimal import Decimal

import pytest

from planner.model.counter import Intensity
from planner.model.difference import Difference, dose_text
from planner.model.schedule import Event
from planner.model.wish import Wish
from planner.model.words import fold
from tests.services.courses_at_hand import plan_of, scheduled


@pytest.fixture(scope="module")
def dose() -> Event:
    """A dose of vincristine without a clock time."""
    return next(one for one in scheduled(plan_of("calgb-10403")).events if one.placed.agent == "vincristine")


def test_each_sort_of_difference_says_what_was_and_what_is(dose: Event) -> None:
    assert dose.dose is not None
    none = dose._replace(dose=None)
    later = Difference("moved", dose, dose._replace(day=dose.day + 1))
    assert (later.before, later.after) == ("Mon 05-Jan-2026", "Tue 06-Jan-2026")
    clock = Difference("moved", dose, dose._replace(minute=600))
    assert (clock.before, clock.after) == ("no time", "10:00")
    assert (Difference("dose", none, dose).before, Difference("dose", none, dose).after) == ("not set", "2 mg")
    assert Difference("agent", none, dose).after == "Vincristine 2 mg"
    assert Difference("bag", dose, dose._replace(notes=("72 h",))).after == "72 h"
    assert Difference("status", dose, dose).after == "planned"
    gone = Difference("vanished", dose, None)
    assert (gone.before, gone.after, gone.new_day, gone.old_day) == ("Mon 05-Jan-2026 2 mg", "", 0, dose.day)
    assert (gone.label, gone.cycle_day, gone.is_dose) == ("Vincristine C1 D1", 1, True)
    assert not Difference("appeared", None, none).is_dose
    assert dose_text(none) == ""
    with pytest.raises(ValueError, match="one side"):
        _ = Difference("moved", None, None).label


@pytest.mark.parametrize(
    ("planned", "present", "weeks", "missing", "says"),
    [
        ("10", "5", "4", (), ""),
        ("10", None, "4", ("X C1 D1",), "no dose of X C1 D1"),
        (None, "5", "4", (), "the unchanged protocol gives no dose to compare with"),
        ("10", "5", "0", (), "nothing is left to give"),
    ],
)
def test_why_a_dose_intensity_cannot_be_told(
    planned: str | None, present: str | None, weeks: str, missing: tuple[str, ...], says: str
) -> None:
    amounts = [Decimal(one) if one else None for one in (planned, present)]
    found = Intensity("a", "X", "mg", amounts[0], Decimal(4), amounts[1], Decimal(weeks), missing)
    assert found.unknown == says


def test_a_wish_covers_its_days_and_meets_spans() -> None:
    day = date(2026, 3, 10).toordinal()
    wish = Wish(first=date(2026, 3, 10), last=date(2026, 3, 12))
    assert [wish.covers(day + more) for more in (-1, 0, 2, 3)] == [False, True, True, False]
    assert [wish.meets(day + more, day + more + 1) for more in (-1, 0, 2, 3)] == [False, True, True, False]
    assert Wish().covers(day)
    assert Wish().meets(day, day + 1)


def test_words_are_searched_without_accents_and_case() -> None:
    assert fold("Müller") == fold("MULLER") == "muller"
