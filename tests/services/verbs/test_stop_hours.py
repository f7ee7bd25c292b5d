"""How long a stop is drawn whose length was told in hours, and lengths that cannot be."""

from datetime import date

import pytest

from planner.errors import Refusal
from tests.services.courses_at_hand import days
from tests.services.verbs.test_pausing import BLINA, decided, gone_on, held


def test_what_is_drawn_is_told_where_it_is_another_length_than_what_was() -> None:
    """30 h from 09:00 end at 15:00; the pump was drawn to go on at 09:00, and the words said 30 h."""
    after, words = gone_on(held(decided(), 10), date(2026, 4, 17), hours=30)
    assert days(after, BLINA, BLINA, 1)[9] == (10, "2026-04-17")
    assert words[1].startswith("drawn is a stop of 24 h, 16-Apr-2026 to 17-Apr-2026: the hour stays")
    assert words[1].endswith("not by 30 h")
    _, exact = gone_on(held(decided(), 10), date(2026, 4, 17), hours=24)
    assert not any("drawn" in line for line in exact)


@pytest.mark.parametrize(("on", "hours", "nearest"), [(20, 30, "73"), (17, 72, "71"), (16, 0, "1"), (16, 48, "47")])
def test_hours_that_cannot_end_on_the_day_told_are_refused(on: int, hours: int, nearest: str) -> None:
    with pytest.raises(Refusal, match=f"not {hours}") as found:
        gone_on(held(decided(), 10), date(2026, 4, on), hours=hours)
    assert found.value.nearest == nearest


def test_a_second_stop_of_a_cycle_that_was_put_off_counts_from_the_infusion_not_from_the_daily_drug_beside_it() -> None:
    """Dasatinib keeps Day 16 where it was; three hours of blinatumomab's Day 16 became a day without a bag."""
    once, _ = gone_on(held(decided(), 10), date(2026, 4, 23))
    before = days(once, BLINA, BLINA, 1)
    assert before[15] == (16, "2026-04-29")
    assert days(once, BLINA, "dasatinib", 1)[15] == (16, "2026-04-22")
    for order in ("", BLINA):
        twice = held(once, 16, order=order)
        same, words = gone_on(twice, date(2026, 4, 29), order, hours=3)
        assert days(same, BLINA, BLINA, 1) == before
        assert words == ("Blinatumomab goes on the same day, no date moves",)
        later, _ = gone_on(twice, date(2026, 5, 1), order)
        assert days(later, BLINA, BLINA, 1)[15] == (16, "2026-05-01")
        with pytest.raises(Refusal, match="resume on that day or later"):
            gone_on(twice, date(2026, 4, 28), order)
