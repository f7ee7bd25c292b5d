"""Questions and the print dialog at 200 % on a small screen."""

from PySide6.QtCore import QSize

from tests.ui.desks import open_dialog
from ui.dialogs.changes import DeferDialog
from ui.dialogs.printing import PrintDialog
from ui.style import build_style_sheet
from ui.theme import LIGHT


def test_the_buttons_of_the_print_dialog_stay_on_a_narrow_screen(qtbot, qapp, desk, monkeypatch):
    """It was 973 px wide on a screen of 683: to issue, save or close stood beside it."""
    monkeypatch.setattr("ui.dialogs.printing.room_on", lambda _screen: QSize(683, 352))
    qapp.setStyleSheet(build_style_sheet(LIGHT))
    desk.window.act("print")
    dialog = open_dialog(qtbot, desk, PrintDialog)
    assert dialog.minimumSizeHint().width() <= 683
    assert dialog.minimumSizeHint().height() <= 352
    qtbot.waitUntil(dialog.save.isEnabled, timeout=20_000)
    assert dialog.minimumSizeHint().width() <= 683
    dialog.resize(683, 352)
    shown = dialog.page.label
    qtbot.waitUntil(lambda: 480 < shown.pixmap().width() <= shown.width() <= dialog.page.viewport().width())
    dialog.reject()


def test_what_would_change_is_told_beside_the_buttons_where_it_is_out_of_sight(qtbot, qapp, desk, monkeypatch):
    """It was below the fold of every longer question, and a yes was given to nothing that could be seen."""
    monkeypatch.setattr("ui.dialogs.form.room_on", lambda _screen: QSize(683, 352))
    qapp.setStyleSheet(build_style_sheet(LIGHT))
    desk.window.select("blinatumomab")
    desk.window.act("defer")
    dialog = open_dialog(qtbot, desk, DeferDialog)
    brief = dialog.preview.brief
    qtbot.waitUntil(lambda: not brief.visibleRegion().isEmpty())
    assert brief.text().startswith("New findings: 1 warning (BL-08). ")
    assert dialog.ok.visibleRegion().boundingRect().size() == dialog.ok.size()
    dialog.reject()


def test_where_the_preview_is_seen_it_is_not_told_twice(qtbot, desk):
    desk.window.select("blinatumomab")
    desk.window.act("defer")
    dialog = open_dialog(qtbot, desk, DeferDialog)
    assert dialog.preview.words.isVisible()
    assert not dialog.preview.brief.isVisible()
    dialog.reject()
