"""The tables below the timeline use the width there is: words give way before a table has to be scrolled."""

import pytest
from PySide6.QtCore import Qt

from tests.golden.cases import library
from tests.ui.desks import open_desk
from ui.models.finding_table import severity_words
from ui.panels.bottom import LEAST_PARTS, MOST_COUNTED
from ui.rows.word_table import AFTER_SIGN, PAD
from ui.style import build_style_sheet
from ui.tongue import use_language

NOTE, MADE_OF = 12, 6


@pytest.fixture
def bottom(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        yield desk.window.bottom


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_gravest_severity_is_read_whole(qtbot, tmp_path, language):
    use_language(language)
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        desk.app.setStyleSheet(build_style_sheet(desk.theme))
        table = desk.window.bottom.findings
        room = table.columnWidth(0) - AFTER_SIGN - PAD
        for word in severity_words():
            assert table.fontMetrics().elidedText(word, Qt.TextElideMode.ElideRight, room) == word


def test_the_id_of_every_rule_is_read_whole(bottom):
    """MT-06b read "MT-0..." beside MT-06."""
    table = bottom.findings
    room = table.columnWidth(1) - 2 * PAD
    for rule in library().rules:
        assert table.fontMetrics().elidedText(rule.id, Qt.TextElideMode.ElideRight, room) == rule.id


def test_what_a_counter_is_made_of_gives_way_before_the_table_has_to_be_scrolled(bottom):
    """At 1366 px it ended at the edge of the window, under a bar."""
    table = bottom.counters
    bottom.go_to(table)
    others = sum(table.columnWidth(one) for one in range(MADE_OF))
    for room, least in ((220, 190), (150, 120), (60, 120)):
        table.resize(others + room, 160)
        assert least <= table.columnWidth(MADE_OF) <= max(room, least)


def test_the_name_of_a_counter_is_read_whole_where_there_is_room(qtbot, bottom):
    """ "Cycles of each antibody: blinatum..." stood beside a column with room to spare."""
    table = bottom.counters
    bottom.window().resize(1700, 768)
    qtbot.waitUntil(lambda: bottom.width() > 1000)
    bottom.go_to(table)
    names = [table.model().index(row, 0).data() for row in range(table.model().rowCount())]
    assert max(map(table.fontMetrics().horizontalAdvance, names)) > MOST_COUNTED[0]
    for name in names:
        room = table.columnWidth(0) - 2 * PAD
        assert table.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, room) == name
    assert table.columnWidth(MADE_OF) >= LEAST_PARTS


def test_the_note_of_a_dose_takes_the_width_that_a_large_screen_has(bottom):
    table = bottom.schedule
    bottom.go_to(table)
    for width, least in ((900, 320), (2400, 800)):
        table.resize(width, 160)
        assert table.columnWidth(NOTE) >= least
