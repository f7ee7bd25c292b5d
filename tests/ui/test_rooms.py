"""How the window shares its height between the lanes and the tables below them."""

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from ui.rooms import Rooms


class _Screen:
    def availableGeometry(self) -> QRect:
        return QRect(0, 0, 3840, 2160)


def test_on_a_screen_higher_than_the_window_the_lanes_keep_its_height(qtbot, monkeypatch):
    """Measured by a screen of 2160 lines, the tables took 508 of a window of 768, and the lanes were 129 high."""
    window = QWidget()
    qtbot.addWidget(window)
    rooms = Rooms(window)
    monkeypatch.setattr(rooms, "screen", _Screen)
    rooms.resize(1366, 768)
    rooms.put_centre(QWidget())
    rooms.fill("bottom", QWidget())
    window.show()
    lanes, tables = rooms.down.sizes()
    assert lanes > 2 * tables
