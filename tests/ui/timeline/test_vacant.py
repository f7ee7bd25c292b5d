"""Which lanes may be folded, against a plain look at every bar."""

from math import ceil

import hypothesis
from hypothesis import strategies as st

from planner.model.cycle_content import State
from planner.model.timeline import Bar, Lane, free_bar
from ui.timeline.places import Row
from ui.timeline.vacant import FOLDABLE, LEAST, MARGIN, MOST, lanes_without


def bar(start: int, days: int) -> Bar:
    return free_bar(f"b{start}", start, start + days, "dose", "oral", State.PLANNED, "", "", "")


def made(name: str, kind: str, spans: list[tuple[int, int]]) -> Row:
    bars = tuple(bar(*span) for span in sorted(spans))
    ends = [max(one.end for one in bars[: number + 1]) for number in range(len(bars))]
    lane = Lane(name, name, kind, "oral", bars)
    return Row(lane, "body", 0, 22, (name,), bars, [one.start for one in bars], ends, 0)


KINDS = st.sampled_from(("drug", "drug", "assessments", "co-medications", "findings", "intrathecal", "blocks"))
LANES = st.lists(
    st.tuples(KINDS, st.lists(st.tuples(st.integers(0, 400), st.integers(1, 60)), min_size=1, max_size=8)), max_size=9
)


@hypothesis.given(LANES, st.integers(-50, 450), st.integers(1, 120), st.sets(st.integers(0, 8)))
def test_folded_lanes_are_those_without_a_bar_in_sight_or_near_it(drawn, first, length, kept):
    lanes = [made(f"l{number}", kind, spans) for number, (kind, spans) in enumerate(drawn)]
    last = first + length
    margin = min(length * MARGIN, MOST)
    around = range(ceil(100 * (first - margin)), ceil(100 * (last + margin)))  # in hundredths of a day
    empty = {
        one.lane.id
        for one in lanes
        if one.lane.kind in FOLDABLE
        and one.lane.id not in {f"l{number}" for number in kept}
        and not any(max(100 * each.start, around.start) < min(100 * each.end, around.stop) for each in one.lane.bars)
    }
    assert lanes_without(lanes, (first, last), {f"l{number}" for number in kept}) == (
        empty if len(empty) >= LEAST else frozenset()
    )


def test_what_is_given_intrathecally_and_blocks_are_always_there():
    lanes = [made(kind, kind, [(0, 1)]) for kind in ("intrathecal", "blocks", "drug", "assessments")]
    assert lanes_without(lanes, (100, 190)) == {"drug", "assessments"}


def test_a_single_lane_is_not_worth_a_line_that_tells_of_it():
    assert not lanes_without([made("a", "drug", [(0, 1)]), made("b", "drug", [(120, 1)])], (100, 190))
