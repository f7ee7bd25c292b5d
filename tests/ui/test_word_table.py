"""Tables that write their rows themselves: the words of their model, whole or ended by dots, at their side."""

import pytest
from PySide6.QtCore import Qt

from ui.dialogs.history import HistoryDialog
from ui.dialogs.trail import TrailDialog, TrailDoors
from ui.models.rows_model import Column, RowsModel
from ui.panels.bottom import BottomTabs
from ui.rows.word_table import PAD, WordTable
from ui.style import build_style_sheet, register_fonts
from ui.theme import DARK, LIGHT
from ui.tongue import say, use_language

ROWS = tuple(range(40))


def _inked(table, row, column):
    """The columns of pixels of a cell on which something is written, from its left edge."""
    image = table.viewport().grab().toImage()
    left, top = table.columnViewportPosition(column), table.rowViewportPosition(row)
    width, height = table.columnWidth(column), table.rowHeight(row) - 2
    ground = image.pixel(left + width // 2, top + 1)
    lines = range(top + 1, top + height)
    return [x for x in range(width) if any(image.pixel(left + x, y) != ground for y in lines)]


@pytest.fixture
def table(qtbot):
    register_fonts()
    columns = (
        Column("Word", lambda row: f"word {row}", mark=lambda row: "warning" if row % 2 else "advice seen"),
        Column("Long", lambda row: f"a long sentence about row {row} that has no room in its column"),
        Column("Figure", str, figures=True),
    )
    shown = WordTable(RowsModel(columns, lambda row: row), "Rows", LIGHT, signed=True)
    qtbot.addWidget(shown)
    shown.resize(480, 200)
    for column, width in enumerate((140, 160, 120)):
        shown.setColumnWidth(column, width)
    shown.show_rows(ROWS)
    shown.show()
    qtbot.waitExposed(shown)
    return shown


def test_words_begin_at_their_side_and_figures_end_at_theirs(table):
    word, long, figure = (_inked(table, 1, column) for column in range(3))
    assert 10 <= word[0] <= 14  # the sign
    assert 8 <= long[0] <= 11
    assert long[-1] <= 160 - 8  # ended before the next column
    assert figure[0] > 80
    assert 120 - 11 <= figure[-1] <= 120 - 8


def test_in_a_mirrored_window_all_of_it_is_mirrored(table):
    table.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    word, long, figure = (_inked(table, 1, column) for column in range(3))
    assert word[-1] >= 140 - 15
    assert long[-1] >= 160 - 12
    assert figure[0] <= 11
    assert figure[-1] < 40


def test_the_selected_row_has_another_ground_and_a_part_is_painted_as_the_whole(table):
    plain = table.viewport().grab().toImage()
    table.selectRow(2)
    chosen = table.viewport().grab().toImage()
    for x, y in ((300, 2 * 24 + 2), (1, 2 * 24 + 5)):
        assert chosen.pixel(x, y) != plain.pixel(x, y)
    assert chosen.pixel(300, 3 * 24 + 2) == plain.pixel(300, 3 * 24 + 2)
    part = table.viewport().grab(table.visualRect(table.model().index(2, 1))).toImage()
    box = table.visualRect(table.model().index(2, 1))
    assert part == chosen.copy(box)


def test_scrolled_to_the_end_the_last_row_is_there_and_a_theme_is_taken_over(table):
    table.scrollToBottom()
    assert _inked(table, ROWS[-1], 0)
    table.set_theme(DARK)
    assert table.viewport().grab().toImage().pixelColor(300, 100).name() == DARK.ground.lower()


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_heading_is_cut(qtbot, qapp, language):
    """ "Estado" lacked its first letter."""
    use_language(language)
    qapp.setStyleSheet(build_style_sheet(LIGHT))
    try:
        doors = TrailDoors(lambda _only: (), lambda _told: None, lambda _file, _only: "")
        for dialog in (TrailDialog(doors, has_plan=True), HistoryDialog((), lambda *_: (), lambda _: ())):
            qtbot.addWidget(dialog)
            header = dialog.table.horizontalHeader()
            assert all(header.sectionSize(one) >= header.sectionSizeHint(one) for one in range(header.count()))
    finally:
        qapp.setStyleSheet("")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_column_of_doses_has_room_for_what_stands_in_place_of_one(qtbot, language):
    use_language(language)
    tabs = BottomTabs(LIGHT)
    qtbot.addWidget(tabs)
    words = tabs.schedule.fontMetrics().horizontalAdvance(say("dose to enter"))
    assert tabs.schedule.columnWidth(3) >= words + 2 * PAD
