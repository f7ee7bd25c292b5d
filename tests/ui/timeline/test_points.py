"""Signs of one day beside each other: the arrow of a deferral is painted where it has room, never on another sign."""

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
