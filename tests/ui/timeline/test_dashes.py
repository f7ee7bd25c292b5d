"""Provisional bars are dashed at every zoom and scale: drawn solid they would look as if they were held."""

import pytest
from PySide6.QtGui import QImage, QPainter

from planner.model.cycle_content import State
from planner.model.timeline import Lane, Timeline, free_bar
from ui.style import register_fonts
from ui.theme import LIGHT
from ui.timeline.geometry import DayScale
from ui.timeline.lanes import Focus
from ui.timeline.paint import Kit
from ui.timeline.ribbons import paint_ribbons
from ui.timeline.scene import prepare
from ui.timeline.signs import box_of, look_of, paint_sign


@pytest.fixture(autouse=True)
def fonts(qapp):
    register_fonts()


def _long_bars(per_day: float, first: float) -> QImage:
    """A provisional block of 2,000 days over its drug, 400 px of them on a screen at 200 %."""
    block = free_bar("b", 0, 2000, "ribbon", "block", State.PROVISIONAL, "", "", "b")
    drug = free_bar("d", 0, 2000, "span", "oral", State.PROVISIONAL, "", "", "b")
    kit, scale = Kit(LIGHT), DayScale(first, per_day, 400).on_grid()
    scene = prepare(Timeline((Lane("blocks", "Blocks", "blocks", "block", (block,)),), 0, 2000), lambda text: 6.0)
    picture = QImage(800, 160, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(2)
    picture.fill(LIGHT.ground)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_ribbons(painter, kit, scene.top[0], 0, scale, Focus())
    paint_sign(painter, look_of(kit, drug, "oral", box_of(drug, scale, 60), scale))
    painter.end()
    return picture


@pytest.mark.parametrize("first", [500.3, 0.0, 1900.0, -0.2])
@pytest.mark.parametrize("per_day", [8, 320])
def test_long_provisional_bars_keep_their_dashes(per_day, first):
    """On a screen that is scaled Qt draws more than 5,000 dashes as a solid line: so looks a bar that is held."""
    picture = _long_bars(per_day, first)
    for y in (7, 44, 127, 135):
        line = [picture.pixelColor(x, y).lightness() for x in range(200, 600)]
        assert max(line) > 240, "dashes leave ground between them"
        assert min(line) < 220


@pytest.mark.parametrize("first", [500.3, 0.0, 1900.0, -0.2, 1700.0])
def test_dashes_stay_where_they_are_wherever_a_bar_is_looked_at(monkeypatch, first):
    shortened = _long_bars(8, first)
    monkeypatch.setattr("ui.timeline.geometry.LONG", 10**6)
    assert shortened == _long_bars(8, first)
