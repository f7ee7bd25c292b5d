"""The print dialog at 200 % on a small screen."""

from PySide6.QtCore import QSize

from tests.ui.desks import open_dialog
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
    dialog.reject()
