"""Days and pixels."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from planner.model.timeline import Lane
from ui.timeline.frame import Frame
from ui.timeline.geometry import CLOSEST, DayScale, clusters, day_runs, fitted, reaches, seen
from ui.timeline.places import Row

SCALES = st.builds(
    DayScale,
    left=st.floats(700_000, 750_000),
    per_day=st.floats(0.2, CLOSEST),
    width=st.floats(100, 4000),
)


@given(SCALES, st.floats(0, 4000))
def test_pixels_and_days_are_inverse(scale, x):
    assert scale.x(scale.day(x)) == pytest.approx(x, abs=1e-3)


@given(SCALES, st.floats(0, 1), st.lists(st.floats(0.5, 2.0), min_size=50, max_size=50))
def test_fifty_zooms_keep_the_day_under_the_pointer(scale, share, factors):
    x = share * scale.width
    day = scale.day(x)
    for factor in factors:
        scale = scale.zoomed(factor, x, 0.3)
        assert 0.3 <= scale.per_day <= CLOSEST
    assert abs(scale.x(day) - x) <= 1


@given(st.floats(700_000, 750_000), st.floats(0, 4000), st.floats(50, 4000))
def test_a_fitted_span_is_seen_whole(start, days, width):
    scale = fitted(start, start + days, width)
    assert scale.x(start) >= -0.01
    assert scale.x(start + days) <= width + 0.01


@given(SCALES, st.floats(700_000, 740_000), st.floats(1, 5000))
def test_scrolling_stays_within_bounds(scale, start, days):
    kept = scale.kept_within(start, start + days)
    shown = kept.width / kept.per_day
    if shown < days:
        assert start - 0.01 <= kept.left
        assert kept.right <= start + days + 0.01
    else:
        assert (kept.left + kept.right) / 2 == pytest.approx(start + days / 2, abs=0.01)


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 200))), st.floats(0, 300), st.floats(0, 100))
def test_no_bar_in_sight_is_missed(spans, first, days):
    bars = sorted((start, start + length) for start, length in spans)
    last = first + days
    found = seen([start for start, _ in bars], reaches([end for _, end in bars]), first, last)
    wanted = [index for index, (start, end) in enumerate(bars) if end > first and start < last]
    assert set(wanted) <= set(found)


def test_only_bars_near_what_is_in_sight_are_looked_at():
    starts = list(range(0, 70_000, 7))
    assert seen(starts, reaches([start + 1 for start in starts]), 35_000, 35_070) == range(5000, 5010)


@given(st.lists(st.floats(0, 1000)), st.floats(1, 40))
def test_signs_of_different_clusters_do_not_touch(places, size):
    centres = sorted(places)
    runs = clusters(centres, size)
    assert [index for run in runs for index in run] == list(range(len(centres)))
    for run, following in pairwise(runs):
        assert centres[following.start] - centres[run.stop - 1] >= size


@given(st.lists(st.integers(0, 60)))
def test_days_in_a_row_are_runs(days):
    runs = day_runs(days)
    assert [day for first, last in runs for day in range(first, last + 1)] == sorted(set(days))
    assert all(before[1] + 1 < after[0] for before, after in pairwise(runs))


@given(st.integers(0, 400), st.integers(60, 600))
def test_hidden_and_seen_rows_are_all_rows(scroll, height):
    rows = tuple(
        Row(Lane(f"l{number}", "x", "drug", "oral", ()), "body", number * 22, 22, ("x",), (), (), (), 0)
        for number in range(20)
    )
    frame = Frame(800, height + 78, 150, 0, 0, 440, 0)
    frame = replace(frame, scroll=min(scroll, frame.most_scroll))
    above, below = frame.hidden_rows(rows)
    assert above + len(frame.seen_rows(rows)) + below == len(rows)
