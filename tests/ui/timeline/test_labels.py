"""Labels stand whole or not at all, never on each other or on a bar that is not theirs."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model.cycle_content import State
from planner.model.timeline import Bar, free_bar
from ui.timeline.labels import Drawn, lane_labels, words

TEXTS = ("2 mg", "3,750 units", "54.4 mg twice daily", "Methotrexate 15 mg + Cytarabine 40 mg")
FORMS = ("dose", "span", "infusion", "dots", "intrathecal")
SHOWN = 600.0


def measure(text: str) -> float:
    return 6.0 * len(text)


@st.composite
def lanes(draw: st.DrawFn) -> list[Drawn]:
    """Bars from left to right without overlap, at 10 px a day, with whiskers and signs around some."""
    drawn, day = [], draw(st.integers(-40, 5))
    for number in range(draw(st.integers(1, 12))):
        form = draw(st.sampled_from(FORMS))
        length = draw(st.integers(1, 20)) if form in ("span", "infusion", "dots") else 1
        ticks = tuple(sorted({day, day + length - 1, *draw(st.lists(st.integers(day, day + length - 1), max_size=3))}))
        bar = free_bar(
            id=str(number),
            start=day,
            end=day + length,
            form=form,
            role="antineoplastic",
            state=draw(st.sampled_from([State.PLANNED, State.PROVISIONAL, State.OMITTED])),
            label=draw(st.sampled_from(TEXTS)),
            detail="",
            block="b",
            ticks=ticks if form == "dots" else (),
            level=draw(st.sampled_from([0.4, 1.0])),
            needs_check=draw(st.booleans()),
        )
        box = (day * 10.0, (day + length) * 10.0 - 1)
        drawn.append(Drawn(bar, box, (box[0] - draw(st.integers(0, 4)), box[1] + draw(st.integers(0, 4)))))
        day += length + draw(st.integers(1, 20))
    return drawn


def spots(bar: Bar) -> list[float]:
    return [day * 10.0 + 5 for day in bar.ticks]


@given(lanes())
def test_labels_never_lie_on_each_other(drawn):
    labels = lane_labels(drawn, SHOWN, measure, spots)
    for label, following in pairwise(labels):
        assert label.x + label.width <= following.x


@given(lanes())
def test_labels_never_lie_on_the_bar_of_another(drawn):
    for label in lane_labels(drawn, SHOWN, measure, spots):
        for index, (bar, box, *_) in enumerate(drawn):
            inside = label.where in ("inside", "above") and index == label.index
            dots = [(spot - 3.5, spot + 3.5) for spot in spots(bar)] if bar.form == "dots" else [box]
            for left, right in dots if not inside else []:
                assert label.x >= right or label.x + label.width <= left, (label, bar)


@given(lanes())
def test_labels_are_whole_and_in_sight(drawn):
    for label in lane_labels(drawn, SHOWN, measure, spots):
        assert label.text == words(drawn[label.index].bar)
        assert label.width == measure(label.text)
        assert label.x >= 0
        assert label.x + label.width <= SHOWN


@given(lanes())
def test_a_label_inside_a_bar_fits_the_bar(drawn):
    for label in lane_labels(drawn, SHOWN, measure, spots):
        if label.where == "inside":
            left, right = drawn[label.index].box
            assert left <= label.x
            assert label.x + label.width <= right


def one(form: str = "dose", label: str = "2 mg", day: int = 1, **more) -> Drawn:
    bar = free_bar(str(day), day, day + 1, form, "antineoplastic", State.PLANNED, label, "", "b", **more)
    return Drawn(bar, (day * 10.0, day * 10.0 + 9), (day * 10.0, day * 10.0 + 9))


def test_a_row_of_equal_doses_is_labelled_once_behind_the_last():
    drawn = [one(day=day) for day in (1, 2, 3)]
    assert [(label.index, label.where) for label in lane_labels(drawn, SHOWN, measure, spots)] == [(2, "behind")]


def test_a_value_to_check_says_so():
    assert words(one(needs_check=True).bar) == "2 mg · check"
    assert words(one(label="dose to enter", needs_check=True).bar) == "dose to enter"


def test_a_bar_left_of_what_is_in_sight_has_no_label():
    assert lane_labels([one(day=-1)], SHOWN, measure, spots) == []


def test_different_doses_on_days_in_a_row_have_no_label_that_seems_to_speak_for_all():
    drawn = [one(day=1, label="27.2 mg × 3"), one(day=2, label="27.2 mg × 4"), one(day=3, label="27.2 mg")]
    assert lane_labels(drawn, SHOWN, measure, spots) == []


def test_the_dose_of_an_infusion_that_ended_does_not_stand_on_days_without_a_pump():
    """Behind the bar, across the line of today, "28 mcg/day" read as if the pump ran."""
    ended, again = one("infusion", "28 mcg/day", day=1), one("infusion", "28 mcg/day", day=30)
    assert [label.index for label in lane_labels([ended, again], SHOWN, measure, spots)] == [1]
    assert lane_labels([ended], SHOWN, measure, spots, today=25.0) == []
    for today in (5.0, 150.0):
        assert len(lane_labels([ended], SHOWN, measure, spots, today=today)) == 1


def test_the_dose_of_an_infusion_stands_in_its_bar_where_it_has_room():
    bar = free_bar("i", 1, 20, "infusion", "infusion", State.PLANNED, "28 mcg/day", "", "b")
    drawn = [Drawn(bar, (10.0, 200.0), (10.0, 200.0)), one("infusion", "28 mcg/day", day=30)]
    found = [(label.index, label.where) for label in lane_labels(drawn, SHOWN, measure, spots, today=205.0)]
    assert found == [(0, "inside"), (1, "behind")]


@pytest.mark.parametrize("state", [State.GIVEN, State.HELD])
def test_a_dose_in_a_bar_leaves_room_for_the_tick_at_its_end(state):
    """In Spanish the tick of what was given lay over "28 mcg/día"."""
    bar = free_bar("i", 1, 8, "infusion", "infusion", state, "28 mcg/day", "", "b")
    for right, where in ((10.0 + 60.0 + 2 * 4, None), (10.0 + 60.0 + 2 * 4 + 12, "inside")):
        labels = lane_labels([Drawn(bar, (10.0, right), (10.0, right))], SHOWN, measure, spots)
        assert [label.where for label in labels if label.where == "inside"] == [where] * bool(where)


def test_no_dose_stands_on_a_pattern():
    """On a large screen "20 mg" of a hatched bar could not be read."""
    bar = free_bar("i", 1, 2, "dose", "premedication", State.PLANNED, "20 mg", "", "b")
    drawn = [Drawn(bar, (10.0, 90.0), (10.0, 90.0))]
    assert [label.where for label in lane_labels(drawn, SHOWN, measure, spots, patterned=True)] == ["behind"]
    assert [label.where for label in lane_labels(drawn, SHOWN, measure, spots)] == ["inside"]
