"""Rows, places and steps from bar to bar."""

from itertools import pairwise

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QFont, QFontMetricsF

from planner.model.timeline import Lane, Timeline
from planner.timeline.lay_out import lay_out
from tests.courses import AGENTS, course_findings, course_plan, course_schedule, finding
from tests.ui.desks import shipped_library
from ui.style import register_fonts
from ui.theme import FONT_FAMILY, SIZE_BASE, SIZE_HEADING, SIZE_LABEL, SIZE_SMALL
from ui.timeline.frame import AXIS, BODY_GAP, OVERVIEW, frame_of
from ui.timeline.geometry import DayScale
from ui.timeline.picking import pick, row_at
from ui.timeline.scene import HEADER_MOST, HEADER_PAD, PINNED_FINDINGS, lane_name, prepare
from ui.timeline.steps import beside
from ui.tongue import use_language


def measure(text: str) -> float:
    return 7.0 * len(text)


@pytest.fixture(scope="module")
def timeline() -> Timeline:
    return lay_out(course_plan(), course_schedule(), course_findings(), AGENTS)


@pytest.fixture(scope="module")
def scene(timeline):
    return prepare(timeline, measure)


def test_every_lane_is_a_row_and_rows_do_not_overlap(scene, timeline):
    assert sorted(row.lane.id for row in scene.rows) == sorted(lane.id for lane in timeline.lanes)
    for part in (scene.top, scene.body, scene.bottom):
        assert all(before.bottom <= after.top for before, after in pairwise(part))


def test_names_are_never_cut(scene):
    assert scene.header == HEADER_MOST
    for row in scene.rows:
        assert "".join(row.title).replace(" ", "") == lane_name(row.lane).replace(" ", "")
        assert all(measure(line) <= HEADER_MOST - HEADER_PAD for line in row.title)
    assert any(len(row.title) == 2 for row in scene.body)


def test_the_lane_of_intrathecal_doses_is_named_in_the_language_of_the_window():
    use_language("es")
    assert lane_name(Lane("intrathecal", "INTRATHECAL", "intrathecal", "intrathecal", ())) == "INTRATECAL"
    assert lane_name(Lane("cytarabine/IV", "Cytarabine IV", "drug", "antineoplastic", ())) == "Cytarabine IV"


def test_more_findings_than_are_pinned_scroll_with_the_lanes(timeline):
    start = timeline.start
    found = tuple(finding(number, "warning", (start, start + 9), ()) for number in range(PINNED_FINDINGS + 2))
    crowded = prepare(lay_out(course_plan(), course_schedule(), found, AGENTS), measure)
    assert len(crowded.bottom) == PINNED_FINDINGS
    assert [row.lane.kind for row in crowded.body][-2:] == ["findings", "findings"]
    assert [row.title for row in crowded.body][-2:] == [("More findings",)] * 2  # "Findings" read as another thing


def test_ids_of_blocks_bars_orders_and_findings_are_found(scene):
    assert scene.find("consolidation").bar.form == "ribbon"
    assert scene.find("induction/1/vincristine-iv").bar.start == scene.timeline.start
    assert scene.find("f6").bar.form == "mark"
    assert scene.find("maintenance/5/mercaptopurine-po").bar.form == "span"
    assert scene.find("nothing of that name") is None


def test_an_empty_timeline_has_no_rows():
    empty = prepare(Timeline((), 0, 0), measure)
    assert empty.is_empty
    assert empty.rows == ()


def test_the_parts_of_the_area_lie_one_below_the_other(scene):
    frame = frame_of(scene, 1000, 700, 0)
    assert OVERVIEW + AXIS == frame.blocks_top < frame.body_top < frame.body_bottom < 700
    assert frame.plot_width == 1000 - scene.header


def test_a_low_window_gives_the_strip_of_the_whole_course_to_the_lanes(scene):
    """1366 × 768 at 200 %: strip, dates and blocks left no lane in sight."""
    low, higher = frame_of(scene, 500, 180, 0), frame_of(scene, 500, 600, 0)
    assert (low.strip, higher.strip) == (0, OVERVIEW)
    assert low.body_height == 180 - AXIS - low.top_rows - BODY_GAP
    assert low.seen_rows(scene.body)
    assert pick(scene, low, DayScale(scene.timeline.start, 40.0, 800.0), low.header + 20, 5) is None


@pytest.mark.parametrize("height", [120, 300, 700, 2000])
def test_scrolling_goes_as_far_as_the_last_lane(scene, height):
    frame = frame_of(scene, 1000, height, 10_000)
    assert frame.scroll == frame.most_scroll
    if frame.most_scroll:
        last = scene.body[-1]
        assert frame.y(last) + last.height <= frame.body_bottom


def test_every_bar_is_picked_at_its_middle(scene):
    scale = DayScale(scene.timeline.start, 40.0, 800 * 40.0)
    frame = frame_of(scene, 40_000, 900, 0)
    for row in scene.rows:
        for bar in row.bars:
            days = bar.ticks or (bar.start, bar.end - 1)
            x = frame.header + scale.x(days[0] + 0.5)
            if x < frame.header:
                continue
            y = frame.y(row) + (30 if bar.form == "cycle" else 10)
            assert row_at(scene, frame, y) is row
            assert pick(scene, frame, scale, x, y).bar is bar


def test_nothing_is_picked_on_names_axis_and_free_ground(scene):
    scale = DayScale(scene.timeline.start, 40.0, 800 * 40.0)
    frame = frame_of(scene, 40_000, 900, 0)
    row = next(row for row in scene.body if row.lane.title == "Daunorubicin IV")
    y = frame.y(row) + 10
    assert pick(scene, frame, scale, 10, y) is None
    assert pick(scene, frame, scale, frame.header + 40 * 4, y) is None
    assert pick(scene, frame, scale, frame.header + 20, OVERVIEW + 5) is None


def test_arrow_keys_reach_every_bar_that_can_be_selected(scene):
    shown = (scene.timeline.start, scene.timeline.end)
    place = beside(scene, None, "Down", shown)
    assert place.bar.id == "induction"
    reached = set()
    while place is not None:
        along = beside(scene, place, "Home", shown)
        while along is not None:
            reached.add(along.bar.id)
            along = beside(scene, along, "Right", shown)
        place = beside(scene, place, "Down", shown)
    assert reached == {bar.id for row in scene.rows for bar in row.bars if bar.form != "cycle"}


def test_steps_end_at_the_edges(scene):
    shown = (scene.timeline.start, scene.timeline.end)
    first = scene.find("induction")
    assert beside(scene, first, "Left", shown) is None
    assert beside(scene, first, "Up", shown) is None
    assert beside(scene, first, "End", shown).bar.id == "maintenance"
    assert beside(scene, first, "Tab", shown) is None


def test_up_and_down_go_to_the_bar_nearest_in_time(scene):
    shown = (scene.timeline.start, scene.timeline.end)
    span = next(row for row in scene.body if row.lane.title == "Mercaptopurine PO")
    place = replace(scene.find("consolidation/1/mercaptopurine-po"), row=span)
    above = beside(scene, place, "Up", shown)
    assert above.row.lane.title == "Prednisone PO"
    assert above.bar.start == min((bar.start for bar in above.row.bars), key=lambda day: abs(day - place.bar.start))


@pytest.mark.parametrize("size", [SIZE_SMALL, SIZE_LABEL, SIZE_BASE, SIZE_HEADING])
def test_the_fifty_longest_names_stand_whole_in_four_sizes_of_letters(qapp, size):
    """C8: no letter of a name is lost and no line is wider than its room."""
    register_fonts()
    font = QFont(FONT_FAMILY, weight=QFont.Weight.Bold)
    font.setPixelSize(size)
    measure = QFontMetricsF(font).horizontalAdvance
    names = sorted((f"{agent.name} IV" for agent in shipped_library().agents.values()), key=len)[-50:]
    assert len(names) == 50
    lanes = tuple(Lane(name, name, "drug", "antineoplastic", ()) for name in names)
    scene = prepare(Timeline(lanes, 0, 1), measure)
    assert [" ".join(row.title).replace("- ", "-") for row in scene.body] == names
    room = scene.header - HEADER_PAD
    assert {line: measure(line) for row in scene.body for line in row.title if measure(line) > room} == {}
