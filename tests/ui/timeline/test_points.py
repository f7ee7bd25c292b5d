"""Signs of one day beside each other: arrow and title are painted where they have room, and end within what is seen."""

from unittest.mock import patch

import pytest
from PySide6.QtGui import QImage, QPainter

from planner.model.cycle_content import State
from planner.model.timeline import Lane, Timeline, free_bar
from ui.style import register_fonts
from ui.theme import LIGHT
from ui.timeline.geometry import DayScale
from ui.timeline.lanes import Focus, LanePainter
from ui.timeline.paint import Kit
from ui.timeline.scene import prepare

PER_DAY = 10


def _deferred(day):
    return free_bar(f"d{day}", day, day + 1, "triangle", "procedure", State.DEFERRED, "", "", "", shift=6, letter="B")


@pytest.mark.parametrize(("days", "arrows"), [((5, 7, 30), [True, False, True]), ((5, 6, 9), [True])])
def test_a_deferred_sign_close_to_another_has_no_arrow(qapp, days, arrows):
    register_fonts()
    lane = Lane("procedures", "Procedures", "assessments", "procedure", tuple(map(_deferred, days)))
    row = prepare(Timeline((lane,), 0, 60), len).body[0]
    image = QImage(600, 40, QImage.Format.Format_RGB32)
    painter, painted = QPainter(image), []
    lanes = LanePainter(Kit(LIGHT), DayScale(0, PER_DAY, 600), Focus(), {})
    with patch("ui.timeline.lanes.paint_sign", lambda _painter, _look, has_room=True: painted.append(has_room)):
        lanes.paint(painter, row, 0)
    painter.end()
    assert painted[: len(arrows)] == arrows


def test_a_title_ends_within_what_is_seen_though_another_sign_follows_out_of_sight(qapp):
    register_fonts()
    title = "Bone marrow with a name that is longer than the room beside it"
    one = free_bar("a", 40, 41, "diamond", "assessment", State.PLANNED, title, "", "", letter="M")
    out = free_bar("b", 63, 64, "diamond", "assessment", State.DEFERRED, "", "", "", shift=6, letter="M")
    lane = Lane("assessments", "Assessments", "assessments", "assessment", (one, out))
    row = prepare(Timeline((lane,), 0, 80), len).body[0]
    image, kit = QImage(600, 40, QImage.Format.Format_RGB32), Kit(LIGHT)
    painter, written = QPainter(image), []
    with patch.object(Kit, "write", lambda _kit, _painter, at, text, *_: written.append((at[0], text))):
        LanePainter(kit, DayScale(0, PER_DAY, 600), Focus(), {}).paint(painter, row, 0)
    painter.end()
    x, words = next((x, text) for x, text in written if text.startswith("Bone"))
    assert words.endswith("…")
    assert x + kit.width(words) <= 600


def test_no_whisker_of_another_sign_goes_through_a_title(qapp):
    """It read as if the words were struck out."""
    register_fonts()
    more = {"letter": "M"}
    one = free_bar("a", 5, 6, "diamond", "assessment", State.PLANNED, "", "", "", window=(0, 12), **more)
    two = free_bar("b", 12, 13, "diamond", "assessment", State.PLANNED, "Blood counts", "", "", **more)
    three = free_bar("c", 45, 46, "diamond", "assessment", State.PLANNED, "", "", "", window=(12, 0), **more)
    lane = Lane("assessments", "Assessments", "assessments", "assessment", (one, two, three))
    row = prepare(Timeline((lane,), 0, 80), len).body[0]
    image, kit = QImage(600, 40, QImage.Format.Format_RGB32), Kit(LIGHT)
    painter, written = QPainter(image), []
    with patch.object(Kit, "write", lambda _kit, _painter, at, text, *_: written.append((at[0], text))):
        LanePainter(kit, DayScale(0, PER_DAY, 600), Focus(), {}).paint(painter, row, 0)
    painter.end()
    x, words = next((x, text) for x, text in written if text.startswith("Blood"))
    assert x >= (6 + 12) * PER_DAY
    assert x + kit.width(words) <= (45 - 12) * PER_DAY


@pytest.mark.parametrize(("day", "told"), [(40, True), (52, False)])
def test_a_number_of_cells_is_never_cut(qapp, day, told):
    """ "400,000,00…" at the edge of what is seen is a tenth of it, or a hundredth."""
    register_fonts()
    cells = "400,000,000 cells"
    one = free_bar("a", day, day + 1, "disc", "cell therapy", State.PLANNED, cells, "", "", letter="10")
    row = prepare(Timeline((Lane("cells", "Cells IV", "drug", "cell therapy", (one,)),), 0, 80), len).body[0]
    image, kit = QImage(600, 40, QImage.Format.Format_RGB32), Kit(LIGHT)
    painter, written = QPainter(image), []
    with patch.object(Kit, "write", lambda _kit, _painter, _at, text, *_: written.append(text)):
        LanePainter(kit, DayScale(0, PER_DAY, 600), Focus(), {}).paint(painter, row, 0)
    painter.end()
    assert (cells in written) == told
    assert not any("…" in text for text in written)
