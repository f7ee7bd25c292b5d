"""What is painted: forms and states told apart without colour, nothing cut, no line through a text."""

from itertools import combinations

import pytest
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from planner.model.cycle_content import State
from planner.model.timeline import Bar, Lane, Timeline, free_bar, redrawn
from planner.timeline.lay_out import lay_out
from tests.courses import AGENTS, COURSE_START, course_findings, course_plan, course_schedule, finding
from ui.style import register_fonts
from ui.theme import DARK, LIGHT
from ui.timeline.area import paint_lanes, paint_names
from ui.timeline.board import Board
from ui.timeline.crowds import paint_crowd
from ui.timeline.geometry import DayScale
from ui.timeline.lanes import Focus, LanePainter
from ui.timeline.marks import MARK, _name, paint_mark
from ui.timeline.paint import Kit
from ui.timeline.ribbons import paint_ribbons
from ui.timeline.scene import prepare
from ui.timeline.signs import box_of, look_of, paint_sign
from ui.timeline.view import TimelineView

THEMES = (LIGHT, DARK)
SIZE = 44
FORMS = {
    "dose": "antineoplastic",
    "infusion": "infusion",
    "intrathecal": "intrathecal",
    "disc": "cell therapy",
    "span": "oral",
    "dots": "oral",
    "diamond": "assessment",
    "triangle": "procedure",
    "hexagon": "decision",
}
STATES = (State.PLANNED, State.PROVISIONAL, State.DEFERRED, State.HELD, State.OMITTED, State.GIVEN)


@pytest.fixture(autouse=True)
def fonts(qapp):
    register_fonts()


def bar(form: str, state: State = State.PLANNED, role: str = "", **more) -> Bar:
    shift = 1 if state is State.DEFERRED else 0
    ticks = (1,) if form == "dots" else ()
    return free_bar("b", 1, 2, form, role or FORMS[form], state, "", "", "", ticks=ticks, shift=shift, **more)


def picture_of(theme, one: Bar) -> QImage:
    """The sign in the middle of a small picture, 22 px a day."""
    kit, scale = Kit(theme), DayScale(0.5, 22, SIZE)
    picture = QImage(SIZE, SIZE, QImage.Format.Format_RGB32)
    picture.fill(theme.ground)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = box_of(one, scale, SIZE / 2, patterned=kit.is_patterned(one.role))
    paint_sign(painter, look_of(kit, one, one.role, box, scale))
    painter.end()
    return picture


def ink(picture: QImage) -> frozenset[tuple[int, int]]:
    """The pixels that differ from the ground clearly: what is left on a bad fax."""
    ground = picture.pixelColor(0, 0).lightness()
    return frozenset(
        (x, y)
        for x in range(picture.width())
        for y in range(picture.height())
        if abs(picture.pixelColor(x, y).lightness() - ground) > 48
    )


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("form", ["dose", "infusion", "intrathecal", "disc"])
def test_states_differ_in_shape_not_only_in_colour(theme, form):
    shapes = {state: ink(picture_of(theme, bar(form, state))) for state in STATES}
    for one, other in combinations(STATES, 2):
        assert len(shapes[one] ^ shapes[other]) >= 8, (one, other)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_forms_differ_in_shape_not_only_in_colour(theme):
    shapes = {form: ink(picture_of(theme, bar(form))) for form in FORMS}
    for role in ("supportive", "rescue"):
        shapes[role] = ink(picture_of(theme, bar("dose", role=role)))
    for one, other in combinations(shapes, 2):
        assert len(shapes[one] ^ shapes[other]) >= 12, (one, other)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_severities_differ_in_shape_and_an_acknowledged_one_is_hollow(theme):
    shapes = {}
    for severity in ("contraindicated", "warning", "advice"):
        for seen in (False, True):
            picture = QImage(SIZE, SIZE, QImage.Format.Format_RGB32)
            picture.fill(theme.ground)
            painter = QPainter(picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_mark(painter, Kit(theme), QRectF(0, 0, SIZE, SIZE).center(), severity, seen)
            painter.end()
            shapes[severity, seen] = ink(picture)
    for one, other in combinations(shapes, 2):
        assert len(shapes[one] ^ shapes[other]) >= 8, (one, other)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("form", ["dose", "infusion", "intrathecal", "disc"])
def test_planned_is_filled_and_provisional_is_hollow(theme, form):
    planned, provisional = (picture_of(theme, bar(form, state)) for state in (State.PLANNED, State.PROVISIONAL))
    beside = box_of(bar(form), DayScale(0.5, 22, SIZE), SIZE / 2).center().toPoint()
    beside.setX(beside.x() - 4)
    ground = planned.pixelColor(0, 0)
    assert planned.pixelColor(beside) != ground
    assert provisional.pixelColor(beside) == ground


def test_a_value_to_check_has_an_open_corner():
    whole, to_check = (ink(picture_of(LIGHT, bar("dose", needs_check=check))) for check in (False, True))
    missing = whole - to_check
    assert missing
    assert all(x > SIZE / 2 - 4 and y < SIZE / 2 for x, y in missing)


@pytest.mark.parametrize("role", ["growth factor", "rescue", "oral", "infusion"])
def test_what_ends_nobody_knows_when_has_a_torn_end(role):
    """Filgrastim until counts recover was one closed box."""
    form = {"oral": "span", "infusion": "infusion"}.get(role, "dose")
    closed, torn = (ink(picture_of(LIGHT, bar(form, role=role, open_end=one))) for one in (False, True))
    gone = closed - torn
    assert len(gone) >= 3
    assert min(x for x, _ in gone) > max(x for x, _ in closed) - 5


def test_a_step_dose_is_lower():
    low, high = (ink(picture_of(LIGHT, bar("infusion", level=level))) for level in (0.4, 1.0))
    assert low < high


def shown(qtbot, theme, width=1100, height=700) -> TimelineView:
    timeline = lay_out(course_plan(), course_schedule(), course_findings(), AGENTS)
    view = TimelineView(theme)
    qtbot.addWidget(view)
    view.resize(width, height)
    view.show_plan(timeline, COURSE_START.toordinal() + 33)
    view.show()
    return view


class Writing:
    """Notes every text that is written, with its box in the widget."""

    def __init__(self, monkeypatch) -> None:
        self.texts: list[tuple[str, QRectF, QRectF]] = []
        write, notes = Kit.write, self.texts

        def noting(kit, painter, at, text, color, face="small"):
            box = QRectF(at[0], at[1] - 6, kit.width(text, face), 12)
            clip = painter.clipBoundingRect() if painter.hasClipping() else box
            place = painter.combinedTransform()
            notes.append((text, place.mapRect(box), place.mapRect(clip)))
            write(kit, painter, at, text, color, face)

        def noting_row(kit, painter, middle, texts, color, face="small"):
            for x, text in texts:
                noting(kit, painter, (x, middle), text, color, face)

        monkeypatch.setattr(Kit, "write", noting)
        monkeypatch.setattr(Kit, "write_row", noting_row)
        # Painted straight onto the view, so that the places of texts are places in the view.
        monkeypatch.setattr(Board, "paint", lambda _board, painter, picture: paint_lanes(painter, picture))
        monkeypatch.setattr(Board, "paint_names", lambda _board, painter, picture: paint_names(painter, picture))


@pytest.mark.parametrize("width", [500, 806, 1366])
@pytest.mark.parametrize("span", ["1 week", "1 cycle", "3 months", "1 year", "All"])
def test_doses_are_never_cut_and_texts_never_lie_on_each_other(qtbot, monkeypatch, width, span):
    view = shown(qtbot, LIGHT, width, 900)
    view.show_span(span)
    writing = Writing(monkeypatch)
    view.viewport().grab()
    body = QRect(view.frame.header, view.frame.body_top, view.frame.plot_width, view.frame.body_height)
    labels = [(text, box) for text, box, _ in writing.texts if QRectF(body).contains(box.center())]
    assert len(labels) > 3
    for text, box in labels:
        assert QRectF(body).adjusted(-1, -2, 1, 2).contains(box), text
    for (one, box), (other, place) in combinations(labels, 2):
        assert not box.adjusted(0.5, 1, -0.5, -1).intersects(place), (one, other)


@pytest.mark.parametrize("day_numbers", [False, True])
@pytest.mark.parametrize("width", [500, 1366])
@pytest.mark.parametrize("span", ["1 week", "1 cycle", "3 months", "1 year", "All"])
def test_the_axis_and_the_blocks_have_no_text_on_another(qtbot, monkeypatch, width, span, day_numbers):
    view = shown(qtbot, DARK, width)
    view.by_day_numbers = day_numbers
    view.show_span(span)
    view.select("consolidation")
    writing = Writing(monkeypatch)
    view.viewport().grab()
    top = [(text, box) for text, box, _ in writing.texts if box.center().y() < view.frame.body_top]
    for (one, box), (other, place) in combinations(top, 2):
        assert not box.adjusted(0.5, 1, -0.5, -1).intersects(place), (one, other)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_zoom_is_painted_in_both_themes(qtbot, theme):
    view = shown(qtbot, theme)
    pictures = []
    for span in ("1 week", "1 cycle", "3 months", "All"):
        view.show_span(span)
        view.select("consolidation")
        pictures.append(view.viewport().grab().toImage())
    assert all(one != other for one, other in combinations(pictures, 2))
    corner = pictures[0].pixelColor(view.frame.plot_width, view.frame.blocks_top - 30)
    assert (corner.lightness() < 128) == (theme.name != "light")


def test_the_theme_can_change_while_it_is_shown(qtbot):
    view = shown(qtbot, LIGHT)
    light = view.viewport().grab().toImage()
    view.set_theme(DARK)
    dark = view.viewport().grab().toImage()
    view.set_theme(LIGHT)
    assert view.viewport().grab().toImage() == light
    assert dark != light


def test_the_line_of_today_restyles_no_item(qtbot):
    """What is past looks as it did: only the ground differs (a plan is never shown as given)."""
    view = shown(qtbot, LIGHT)
    view.show_span("1 cycle")
    place = view.scene.find("consolidation/1/cyclophosphamide-iv")
    x = round(view.frame.header + view.scale.x(place.bar.start)) + 4
    y = view.frame.y(place.row) + 11
    before = view.viewport().grab().toImage().pixelColor(x, y)
    view.show_plan(view.scene.timeline, view.today + 60)
    assert view.viewport().grab().toImage().pixelColor(x, y) == before


def test_a_lane_with_nothing_in_sight_says_where_it_goes_on(qtbot, monkeypatch):
    view = shown(qtbot, LIGHT)
    view.use_folds(False)
    writing = Writing(monkeypatch)
    view.viewport().grab()
    assert "06-Jul-2026 →" in [text for text, _, _ in writing.texts]
    view.go_to(view.scene.timeline.end)
    view.viewport().grab()
    assert any(text.startswith("← ") for text, _, _ in writing.texts)


def test_crowded_signs_become_their_number(monkeypatch):
    bars = tuple(
        free_bar(f"c{day}", day, day + 1, "diamond", "assessment", State.PLANNED, "Counts", "", "b", letter="C")
        for day in (10, 11, 12, 40)
    )
    lane = Lane("assessments", "Assessments", "assessments", "assessment", bars)
    scene = prepare(Timeline((lane,), 0, 60), lambda text: 6.0 * len(text))
    writing = Writing(monkeypatch)
    picture = QImage(600, 60, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    LanePainter(Kit(LIGHT), DayScale(0, 10, 600), Focus(), {}).paint(painter, scene.body[0], 0)
    painter.end()
    assert [text for text, _, _ in writing.texts] == ["3", "C", "Counts"]


def finding_texts(qtbot, monkeypatch, findings, first: int, days: int) -> tuple[list[str], QImage]:
    """What the findings band writes with so many days in sight from a day of the course on, and its picture."""
    timeline = lay_out(course_plan(), course_schedule(), findings, AGENTS)
    view = TimelineView(LIGHT)
    qtbot.addWidget(view)
    view.resize(900, 700)
    view.show_plan(timeline, COURSE_START.toordinal() - 400)
    view.show()
    start = COURSE_START.toordinal() + first
    view.set_scale(DayScale(start, view.scale.width / days, view.scale.width))
    writing = Writing(monkeypatch)
    picture = view.viewport().grab().toImage()
    below = view.frame.body_bottom
    return [text for text, box, _ in writing.texts if box.top() > below and box.left() > view.frame.header], picture


def test_findings_at_a_distance_are_named_and_near_ones_counted(qtbot, monkeypatch):
    start = COURSE_START.toordinal()
    findings = tuple(
        finding(number, "warning", (start + day,), ()) for number, day in ((1, 5), (2, 40), (3, 41), (4, 42))
    )
    near, _ = finding_texts(qtbot, monkeypatch, findings, 30, 30)
    assert near == ["VC-04"]
    far, _ = finding_texts(qtbot, monkeypatch, findings, 0, 300)
    assert far[-1] == "× 3"


def test_a_finding_that_began_before_is_named_at_the_edge(qtbot, monkeypatch):
    start = COURSE_START.toordinal()
    texts, _ = finding_texts(qtbot, monkeypatch, (finding(1, "warning", (start, start + 300), ()),), 60, 60)
    assert texts == ["VC-01"]


def test_a_finding_on_many_days_in_a_row_has_one_sign_and_a_line(qtbot, monkeypatch):
    start = COURSE_START.toordinal()
    signs = []
    monkeypatch.setattr("ui.timeline.marks.paint_mark", lambda _painter, _kit, centre, *_: signs.append(centre.x()))
    days = tuple(range(start + 10, start + 38))
    texts, _ = finding_texts(qtbot, monkeypatch, (finding(1, "warning", days, ()),), 0, 60)
    assert len(set(signs)) == 1
    assert texts == ["VC-01"]


@pytest.mark.parametrize("beyond", [19.0, 20.0, 21.0, 40.0])
def test_the_name_of_a_finding_never_covers_the_sign_of_its_next_day(beyond):
    kit, cleared = Kit(LIGHT), []

    class Painter:
        def fillRect(self, box, _color):
            cleared.append(box.right())

        def __getattr__(self, _name):
            return lambda *_: None

    bar = free_bar("f", 0, 9, "mark", "finding", State.PLANNED, "VC-02", "", "", finding="warning")
    second = 100 + kit.width("VC-02", "small bold") + beyond
    _name(Painter(), kit, (bar, "VC-02"), ([100.0, second], 900.0), (9.0, second))
    assert cleared
    assert cleared[0] <= second - MARK / 2


def test_a_crowd_covers_every_day_with_a_dose_and_keeps_special_bars_apart():
    first = COURSE_START.toordinal()
    days = [first + day for day in (*range(0, 60, 2), 75, *range(90, 130))]
    bars = [
        free_bar(f"b{day}", day, day + 1, "dose", "antineoplastic", State.PLANNED, "", "x", "block") for day in days
    ]
    bars[5] = held = redrawn(bars[5], state=State.HELD)
    lane = Lane("l", "Lane", "drug", "antineoplastic", tuple(bars))
    row = prepare(Timeline((lane,), first, first + 130), lambda text: 6.0 * len(text)).body[0]
    kit, scale = Kit(LIGHT), DayScale(first, 3.0, 400)
    picture = QImage(400, 30, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    special = paint_crowd(painter, kit, scale, (row, list(row.bars)), 15, ({id(bars[9])}, ""))
    painter.end()
    assert special == [held, bars[9]]
    for one in bars:
        drawn = picture.pixelColor(round(scale.x(one.start)) + 1, 15).name().upper() == LIGHT.antineoplastic
        assert drawn or one in special, one.id
    assert picture.pixelColor(round(scale.x(first + 68)), 15).name() == "#ffffff"


def test_no_dose_of_a_crowd_is_written_over_the_bars_behind_it(monkeypatch):
    """Bars with a finding are painted one by one: "0.9 mg" stood across the two plain ones behind each of them."""
    days = [*range(0, 300, 10), 360]
    bars = tuple(
        free_bar(
            f"b{day}", day, day + 1, "dose", "antineoplastic", State.PLANNED, "0.9 mg", "", "b",
            finding="" if day % 30 else "warning",
        )
        for day in days
    )  # fmt: skip
    row = prepare(Timeline((Lane("l", "Lane", "drug", "antineoplastic", bars),), 0, 400), lambda text: 6.0).body[0]
    writing, scale = Writing(monkeypatch), DayScale(0, 3.0, 1200)
    picture = QImage(1200, 40, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    LanePainter(Kit(LIGHT), scale, Focus(), {}).paint(painter, row, 0)
    painter.end()
    assert [text for text, _, _ in writing.texts] == ["0.9 mg"], "of the last one alone, which has room"
    for _, box, _ in writing.texts:
        assert not any(box.left() < scale.x(bar.end) and scale.x(bar.start) < box.right() for bar in bars)


@pytest.mark.parametrize(
    ("days", "told"),
    [(90, "Interim maintenance"), (24, "Interim …"), (6, None)],
)
def test_a_narrow_block_tells_the_words_of_its_name_that_have_room(monkeypatch, days, told):
    """None of them is cut, and the readout has the whole name."""
    ribbon = free_bar("b", 10, 10 + days, "ribbon", "block", State.PLANNED, "Interim maintenance", "", "b")
    scene = prepare(Timeline((Lane("blocks", "Blocks", "blocks", "block", (ribbon,)),), 0, 120), lambda text: 6.0)
    writing = Writing(monkeypatch)
    picture = QImage(600, 60, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    paint_ribbons(painter, Kit(LIGHT), scene.top[0], 0, DayScale(0, 3.0, 600), Focus())
    painter.end()
    assert [text for text, _, _ in writing.texts] == ([told] if told else [])
