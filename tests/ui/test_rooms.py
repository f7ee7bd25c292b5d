"""How the window shares its height between the lanes and the tables below them."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from ui.rooms import Rooms
from ui.rows.one_line import OneLine


class _Screen:
    def __init__(self, width: int = 3840, height: int = 2160) -> None:
        self._size = width, height

    def availableGeometry(self) -> QRect:
        return QRect(0, 0, *self._size)


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


def test_on_a_narrow_screen_the_inspector_leaves_its_room_to_the_lanes_until_it_is_asked_for(qtbot, monkeypatch):
    window = QWidget()
    qtbot.addWidget(window)
    rooms, inspector = Rooms(window), QWidget()
    inspector.setMinimumWidth(150)
    rooms.fill("right", inspector)
    rooms.resize(683, 384)
    monkeypatch.setattr(rooms, "screen", lambda: _Screen(683, 384))
    rooms.put_centre(QWidget())
    window.show()
    assert rooms.sizes()[1] == 0
    assert not inspector.isVisible()
    lanes = rooms.across.sizes()[1]
    assert lanes > 400
    rooms.switch_inspector()
    assert inspector.isVisible()
    assert rooms.sizes()[1] >= 150
    rooms.switch_inspector()
    assert (rooms.sizes()[1], rooms.across.sizes()[1]) == (0, lanes)
    rooms.come_back((200, 300, 184))
    assert rooms.sizes()[1] == 0
    assert rooms.sizes()[2] < 100, "the tables of a high screen left the lanes none"
    monkeypatch.setattr(rooms, "screen", lambda: _Screen(1366, 768))
    rooms.resize(1366, 768)
    rooms.reset()
    assert rooms.sizes()[1] > 300


def test_a_window_made_narrower_takes_from_the_side_rooms_before_the_lanes(qtbot, monkeypatch):
    """At 900 px beside the lists and the inspector of a wide screen the lanes had 100 px of days."""
    window = QWidget()
    qtbot.addWidget(window)
    rooms = Rooms(window)
    for side in ("left", "right", "bottom"):
        rooms.fill(side, QWidget())
    monkeypatch.setattr(rooms, "screen", _Screen)
    rooms.resize(1366, 768)
    rooms.put_centre(QWidget())
    window.show()
    assert rooms.across.sizes()[::2] == [240, 320]
    rooms.resize(900, 768)
    left, lanes, right = rooms.across.sizes()
    assert lanes >= 440
    assert (left / right) == pytest.approx(240 / 320, abs=0.02)
    assert rooms.sizes()[:2] == (240, 320), "what is kept for the next start are those of a wide window"
    rooms.resize(1366, 768)
    assert rooms.across.sizes()[::2] == [240, 320]
    rooms.resize(900, 768)
    rooms.across.setSizes([300, 250, 350])
    rooms.across.splitterMoved.emit(300, 1)
    rooms.resize(890, 768)
    assert rooms.across.sizes()[1] < 260, "somebody who wants it so has it so"


def test_the_line_that_tells_where_the_course_stands_gives_way_before_the_window_grows(qtbot):
    whole, here, rest = QWidget(), OneLine(asks=True), OneLine()
    qtbot.addWidget(whole)
    row = QHBoxLayout(whole)
    row.addWidget(here)
    row.addWidget(rest, 1)
    words = "Induction C1 D21, Sun 22-Nov-2026; next Complete remission at the end of induction? " * 2
    here.setText(words)
    rest.setText("28 warnings, 20 advice")
    whole.resize(2000, 40)
    whole.show()
    qtbot.waitExposed(whole)
    assert QLabel.text(here) == words
    assert QLabel.text(rest) == rest.text()
    assert whole.minimumSizeHint().width() < 100
    whole.resize(300, 40)
    qtbot.waitUntil(lambda: QLabel.text(here).endswith("…"))
    assert here.text() == words


def test_a_line_says_less_before_it_is_cut(qtbot):
    """The banner of a narrow window showed "168 cm · 67.2 ..." and the surface, by which doses go, in its tip alone."""
    one = OneLine()
    qtbot.addWidget(one)
    one.setText("168 cm · 67.2 kg · BSA 1.77 m² (16-Nov-2026)", shorter=("67.2 kg · 1.77 m²", "1.77 m²"))
    one.resize(600, 20)
    one.show()
    assert QLabel.text(one) == one.text()
    for width, words in ((160, "67.2 kg · 1.77 m²"), (80, "1.77 m²")):
        one.resize(width, 20)
        assert QLabel.text(one) == words
    assert one.text() == one.toolTip() == "168 cm · 67.2 kg · BSA 1.77 m² (16-Nov-2026)"


def test_the_count_of_findings_stays_beside_what_is_due_today(qtbot):
    """At 900 px "due today, not recorded: …" took all of the line, and nobody saw how many findings there are."""
    whole, here, found = QWidget(), OneLine(asks=True), OneLine(keeps=True)
    qtbot.addWidget(whole)
    row = QHBoxLayout(whole)
    row.addWidget(here)
    row.addWidget(found, 1)
    place = "Consolidation C1 D22, Mon 30-Nov-2026"
    due = f"{place}; due today, not recorded: Vincristine C1 D22 and 1 more"
    here.setText(f"{due}; next Blood counts before day 29: ANC ≥ 0.75 C1 D29, Mon 07-Dec-2026", shorter=(due, place))
    found.setText("17 warnings, 19 advice · 332 rules checked", shorter=("17 warnings, 19 advice",))
    whole.show()
    for width, words in ((800, due), (560, place)):
        whole.resize(width, 40)
        qtbot.waitUntil(lambda said=words: QLabel.text(here) == said and "19 advice" in QLabel.text(found))


def test_what_a_small_screen_takes_from_the_rooms_is_not_kept(qtbot, monkeypatch):
    """Used once on a narrow screen, the inspector stayed hidden on a wide one, and the tables as low as there."""
    window = QWidget()
    qtbot.addWidget(window)
    rooms = Rooms(window)
    for side in ("left", "right", "bottom"):
        rooms.fill(side, QWidget())
    monkeypatch.setattr(rooms, "screen", lambda: _Screen(683, 384))
    rooms.resize(683, 384)
    rooms.put_centre(QWidget())
    window.show()
    assert rooms.sizes()[1:] != (320, 184)
    assert rooms.kept[1:] == (320, 184)
    rooms.come_back((240, 300, 200))
    rooms.switch_inspector()
    rooms.switch_inspector()
    assert rooms.sizes()[1] == 0
    assert rooms.kept == (240, 300, 200)
    monkeypatch.setattr(rooms, "screen", lambda: _Screen(1366, 768))
    rooms.resize(1366, 768)
    rooms.come_back(rooms.kept)
    assert rooms.sizes() == (240, 300, 200)
    rooms.switch_inspector()
    assert rooms.kept[1] == 0, "hidden by somebody on a wide screen, it stays so"
    rooms.down.setSizes([500, 120])
    rooms.down.splitterMoved.emit(500, 1)
    assert rooms.kept[2] == rooms.sizes()[2] != 200


def test_a_line_with_a_padding_is_not_cut_at_its_first_letter(qtbot):
    """Qt adds half a letter beside a padding: of "4 warnings" at the right end half of the 4 was missing."""
    pictures = []
    for more in (0, 40):
        one = OneLine()
        qtbot.addWidget(one)
        one.setStyleSheet("padding: 0 8px")
        one.setAlignment(Qt.AlignmentFlag.AlignRight)
        one.setText("4 warnings, 2 advice")
        wide = one.fontMetrics().horizontalAdvance(one.text()) + 17
        one.resize(wide + more, 20)
        one.show()
        assert QLabel.text(one) == one.text()
        pictures.append(one.grab().copy(more, 0, wide, 20).toImage())
    assert pictures[0] == pictures[1]
