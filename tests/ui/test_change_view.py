"""The preview lists every change, not the first few: C13's list old → new is the actual changes."""

import re
import unicodedata
from datetime import date

import pytest
from PySide6.QtCore import QModelIndex, QPoint
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QLabel

from planner.model.plan import Deferral, DoseChange, Scope
from planner.services.evaluation import evaluate
from planner.services.telling.differences import differences
from planner.services.telling.preview import runs_of
from planner.services.verbs import editing, redosing
from tests.ui.test_change_dialogs import BLOCK, DEMO, LIBRARY
from ui.dialogs.answers import DecideDialog
from ui.dialogs.change_view import MOST_WORDS, PADDING, ROW_HEIGHT, ChangeView
from ui.panels.notice import NoticeBar
from ui.rows.words import unbroken
from ui.style import build_style_sheet
from ui.theme import LIGHT
from ui.tongue import use_language

AT_FIRST = 30


@pytest.fixture(autouse=True)
def few_at_first(monkeypatch):
    monkeypatch.setattr("ui.dialogs.change_view.AT_FIRST", AT_FIRST)


@pytest.mark.parametrize("days", [0, 1, 60])
def test_every_change_is_listed(qtbot, days):
    after = evaluate(editing.move_block(DEMO.plan, BLOCK.id, days), LIBRARY) if days else DEMO
    view = ChangeView()
    qtbot.addWidget(view)
    view.compare(DEMO, after)
    expected = runs_of(differences(DEMO.schedule, after.schedule))
    at_first = view.rows.rows
    assert at_first == expected[: len(at_first)]
    while view.rows.canFetchMore(QModelIndex()):
        view.rows.fetchMore(QModelIndex())
    assert view.rows.rows == expected
    assert len(at_first) < len(expected) or not days
    assert bool(expected) == (days != 0)
    assert not view.table.isHidden()


def test_scrolling_down_brings_the_rest(qtbot):
    after = evaluate(editing.move_block(DEMO.plan, BLOCK.id, 7), LIBRARY)
    view = ChangeView()
    qtbot.addWidget(view)
    view.resize(500, 300)
    view.compare(DEMO, after)
    view.show()
    every = differences(DEMO.schedule, after.schedule)
    assert len(every) > sum(map(len, view.rows.rows)) >= AT_FIRST
    bar = view.table.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    assert sum(map(len, view.rows.rows)) == len(every)


def test_doses_of_an_order_that_change_alike_stand_in_one_row(qtbot):
    """A drug of every day that moves, goes or is left out was a row for each of its days."""
    after = evaluate(editing.move_block(DEMO.plan, BLOCK.id, 7), LIBRARY)
    view = ChangeView()
    qtbot.addWidget(view)
    view.compare(DEMO, after)
    told = [[view.rows.data(view.rows.index(row, column)) for column in range(3)] for row in range(3)]
    assert len(view.rows.rows) < 40
    name, old, new = next(row for row in told if row[0].startswith("Blinatumomab C1 D1 to "))
    assert re.fullmatch(r"... \d\d.\w{3}.\d{4} to ... \d\d.\w{3}.\d{4}", plain(old)), name
    assert plain(new) != plain(old)


def test_a_name_without_room_wraps_and_is_not_cut(qtbot):
    after = evaluate(editing.move_block(DEMO.plan, BLOCK.id, 7), LIBRARY)
    view = ChangeView()
    qtbot.addWidget(view)
    view.resize(420, 400)
    view.show()
    view.compare(DEMO, after)
    table, metrics = view.table, view.table.fontMetrics()
    names = [view.rows.data(view.rows.index(row, 0)) for row in range(len(view.rows.rows))]
    qtbot.waitUntil(lambda: table.columnWidth(0) < max(map(metrics.horizontalAdvance, names)))
    long = max(range(len(names)), key=lambda row: metrics.horizontalAdvance(names[row]))
    assert table.rowHeight(long) >= 2 * metrics.lineSpacing()


def test_words_wider_than_their_cell_by_a_part_of_a_px_take_a_second_line(qtbot):
    """ "Mercaptopurine C1 D1 to 14, 29 to ..." was cut where the width was rounded down to that of the cell."""
    view = ChangeView()
    qtbot.addWidget(view)
    view.resize(1600, 300)
    view.show()
    view.compare(DEMO, evaluate(editing.move_block(DEMO.plan, BLOCK.id, 7), LIBRARY))
    measure = QFontMetricsF(view.table.font()).horizontalAdvance
    widths = [measure(view.rows.data(view.rows.index(row, 0))) for row in range(len(view.rows.rows))]
    row = next(row for row, width in enumerate(widths) if 0 < width % 1 < 0.5)
    view.table.setColumnWidth(0, int(widths[row]) + PADDING)
    assert view.table.rowHeight(row) > ROW_HEIGHT
    view.table.setColumnWidth(0, int(widths[row]) + PADDING + 1)
    assert view.table.rowHeight(row) == ROW_HEIGHT


def test_what_is_said_above_the_list_is_seen_whole(qtbot, qapp):
    """A scroll bar as long as a dot stood beside one line, and the letters that reach below it were cut."""
    qapp.setStyleSheet(build_style_sheet(LIGHT))
    try:
        view = ChangeView()
        qtbot.addWidget(view)
        view.resize(500, 300)
        view.show()
        for words in ("Nothing is entered.", "One line and gaps.\nAnother one, quite so."):
            view.clear(words)
            qtbot.waitUntil(lambda: view.area.viewport().height() >= view.words.heightForWidth(view.words.width()))
            assert not view.area.verticalScrollBar().isVisible()
    finally:
        qapp.setStyleSheet("")


def test_an_empty_list_leaves_its_room_to_the_words(qtbot):
    """Half of what was recorded as given scrolled above a table of nothing."""
    view = ChangeView()
    qtbot.addWidget(view)
    view.resize(500, 420)
    view.show()
    view.clear("\n".join(f"Line {number}" for number in range(12)))
    qtbot.waitUntil(lambda: view.area.height() > MOST_WORDS)
    assert not view.area.verticalScrollBar().isVisible()
    assert view.table.height() >= view.table.minimumHeight()
    view.clear("\n".join(f"Line {number}" for number in range(60)))
    qtbot.waitUntil(view.area.verticalScrollBar().isVisible)
    assert view.height() == 420
    assert view.table.height() >= view.table.minimumHeight()
    view.compare(DEMO, evaluate(editing.move_block(DEMO.plan, BLOCK.id, 1), LIBRARY))
    qtbot.waitUntil(lambda: view.area.height() <= MOST_WORDS)


def plain(words):
    """The words with the usual spaces and hyphens."""
    return unicodedata.normalize("NFKC", words).replace("\u2060", "").replace("\u2011", "-")


def test_a_refusal_leaves_the_list_empty_and_in_its_place(qtbot):
    after = evaluate(editing.move_block(DEMO.plan, BLOCK.id, 7), LIBRARY)
    view = ChangeView()
    qtbot.addWidget(view)
    view.compare(DEMO, after)
    view.clear("No such day.", "wrong")
    assert view.words.text() == "No such day."
    assert view.rows.rows == ()
    assert not view.table.isHidden()
    assert not view.rows.canFetchMore(QModelIndex())


def test_old_and_new_stand_in_sight_beside_each_other(qtbot):
    event = next(one for one in DEMO.schedule.events if one.placed.agent == "blinatumomab" and one.cycle_day == 6)
    late = Deferral(BLOCK.id, event.placed.cycle, 6, 7, Scope.FOLLOWING, "infection")
    after = evaluate(editing.defer(DEMO.plan, DEMO.schedule, late), LIBRARY)
    view = ChangeView()
    qtbot.addWidget(view)
    view.resize(560, 400)
    view.show()
    view.compare(DEMO, after)
    table = view.table
    wordy = next(number for number, one in enumerate(view.rows.rows) if one[0].what == "bag")
    qtbot.waitUntil(lambda: sum(map(table.columnWidth, range(3))) <= table.viewport().width())
    assert table.rowHeight(wordy) >= 3 * table.fontMetrics().lineSpacing()
    told = view.rows.data(view.rows.index(wordy, 2))
    assert "\u00a0mL/\u2060h" in told
    assert not re.search(r"\d\d-[A-Z]", told)  # no date breaks across two lines


def test_no_cell_parts_a_number_from_its_unit(qtbot):
    """ "136" stood at the end of a line and "mg" at the beginning of the next."""
    dose = next(one for one in DEMO.schedule.events if one.label.startswith("Dasatinib C2"))
    change = DoseChange(dose.placed.block.id, 2, dose.cycle_day, dose.placed.order.id, Scope.CYCLE, "other", percent=70)
    plan = redosing.reduce(DEMO.plan, DEMO.schedule, change)
    view = ChangeView()
    qtbot.addWidget(view)
    view.compare(DEMO, evaluate(plan, LIBRARY))
    cells = [view.rows.data(view.rows.index(row, column)) for row in range(len(view.rows.rows)) for column in (1, 2)]
    assert [cell for cell in cells if re.search(r"\d\u00a0mg", cell)], cells
    assert [cell for cell in cells if re.search(r"\d (mg|mcg|g|units|mL)\b", cell)] == []


def test_numbers_dates_and_rates_stay_whole():
    assert unbroken("136 mg × 2") == "136\u00a0mg × 2"
    assert unbroken("28 mcg/day, 1.8 mL/h") == "28\u00a0mcg/\u2060day, 1.8\u00a0mL/\u2060h"
    assert unbroken("80 % on day 8 to 11") == "80\u00a0% on day 8 to 11"
    assert unbroken("1,000 mgs") == "1,000 mgs"
    assert unbroken("Methotrexate 37.5 mg PO, Vincristine 2 mg IV") == (
        "Methotrexate 37.5\u00a0mg\u00a0PO, Vincristine 2\u00a0mg\u00a0IV"
    )
    assert unbroken("54 mg twice daily PO") == "54\u00a0mg twice daily\u00a0PO"
    assert unbroken("those by mouth not counted: 232") == "those by mouth not counted:\u00a0232"
    assert unbroken("HBsAg and anti-HBs, AS-10b") == "HBsAg and anti-\u2060HBs, AS-\u206010b"
    assert unbroken("Ponatinib-blinatumomab") == "Ponatinib-blinatumomab"
    assert unbroken("Mon 05-Jan-2026") == "Mon\u00a005-\u2060Jan-\u20602026"
    assert unbroken("mar 05-Jan-2026") == "mar\u00a005-\u2060Jan-\u20602026"  # weekdays of other languages
    assert unbroken("a 168 h bag") == "a 168\u00a0h bag"
    assert unbroken("ends on it, +7 days, 909 days without") == "ends on it, +7\u00a0days, 909\u00a0days without"
    assert unbroken("platelets ≥ 75 × 10⁹/L") == "platelets ≥ 75\u00a0×\u00a010⁹/\u2060L"
    use_language("es")
    assert unbroken("2,500 unidades/m2") == "2,500\u00a0unidades/\u2060m2"


def test_a_row_is_no_higher_than_its_words(qtbot, qapp):
    """The longest name had a second line that stayed empty."""
    qapp.setStyleSheet(build_style_sheet(LIGHT))
    try:
        after = evaluate(editing.move_block(DEMO.plan, BLOCK.id, 7), LIBRARY)
        view = ChangeView()
        qtbot.addWidget(view)
        view.resize(1000, 400)
        view.show()
        view.compare(DEMO, after)
        table, seen = view.table, range(len(view.rows.rows))
        longest = max(table.sizeHintForIndex(view.rows.index(row, 0)).width() for row in seen)
        qtbot.waitUntil(lambda: table.columnWidth(0) == longest)
        shown = [[table.sizeHintForIndex(view.rows.index(row, column)).width() for column in range(3)] for row in seen]
        whole = [row for row in seen if all(shown[row][column] <= table.columnWidth(column) for column in range(3))]
        assert any(shown[row][0] == longest for row in whole)
        assert {table.rowHeight(row) for row in whole} == {ROW_HEIGHT}
    finally:
        qapp.setStyleSheet("")


@pytest.mark.parametrize("width", range(490, 580, 10))
def test_the_columns_leave_room_for_the_bar_beside_a_long_list(qtbot, width):
    """They were divided before it came, so that another bar lay below over the last row."""
    after = evaluate(editing.move_block(DEMO.plan, BLOCK.id, 7), LIBRARY)
    view = ChangeView()
    qtbot.addWidget(view)
    view.resize(width, 320)
    view.compare(DEMO, after)
    view.show()
    qtbot.wait(50)
    table = view.table
    qtbot.waitUntil(lambda: table.verticalScrollBar().maximum() > 0)
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() == 0)
    assert sum(map(table.columnWidth, range(3))) == table.viewport().width()


def test_no_line_of_a_label_ends_within_a_date(qtbot):
    """The form of an answer wrote "30-" at the end of a line and "Nov-2026" on the next."""
    view = ChangeView()
    qtbot.addWidget(view)
    view.clear("Decided: Complete remission, 30-Nov-2026 (Maria Lopez).")
    assert view.words.text() == "Decided: Complete remission, 30-Nov-2026 (Maria Lopez)."
    assert QLabel.text(view.words) == unbroken(view.words.text())
    bar = NoticeBar()
    qtbot.addWidget(bar)
    bar.words.setText("Held from 30-Nov-2026")
    assert QLabel.text(bar.words) == unbroken("Held from 30-Nov-2026")


@pytest.mark.parametrize("wide", [300, 340, 560])
def test_old_and_new_are_both_in_sight_however_narrow_the_list_is(qtbot, wide):
    """Beside the fields of a form "From now on" stood behind a bar that nobody moves sideways."""
    after = evaluate(editing.move_block(DEMO.plan, BLOCK.id, 7), LIBRARY)
    view = ChangeView()
    view.setStyleSheet(build_style_sheet(LIGHT))
    qtbot.addWidget(view)
    view.resize(wide, 400)
    view.show()
    view.compare(DEMO, after)
    view.grab()
    widths = [view.table.columnWidth(column) for column in range(3)]
    assert sum(widths) <= view.table.viewport().width()
    assert widths[0] <= view.table.viewport().width() * 3 // 8


def test_the_list_gives_way_and_no_field_is_cut(qtbot, qapp):
    """The form of an answer cut "BCR::ABL1 in the marrow" and wrote "What would change" over its note."""
    number = next(at for at, one in enumerate(DEMO.schedule.decisions) if one.choice is None)
    dialog = DecideDialog(DEMO, number, lambda _: "No", today=date(2026, 11, 22), who="w")
    qtbot.addWidget(dialog)
    qapp.setStyleSheet(build_style_sheet(LIGHT))
    dialog.show()
    dialog.grab()
    fields = dialog.body.parentWidget()
    assert fields.height() >= fields.sizeHint().height()
    assert dialog.preview.mapTo(dialog, QPoint()).y() > fields.geometry().bottom()
    qapp.setStyleSheet("")
