"""Dialogs by keys: every stop has a name, and Enter does nothing that was not asked for."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from planner.model.library import ContentProblem
from tests.gallery_window import select_for
from tests.ui.desks import open_dialog
from ui.actions import ACTIONS
from ui.dialogs.about import AboutDialog
from ui.dialogs.backups import BackupsDialog
from ui.dialogs.form import room_on
from ui.dialogs.history import HistoryDialog
from ui.dialogs.print_many import PrintManyDialog
from ui.dialogs.protocol_choice import ProtocolDialog
from ui.dialogs.trail import TrailDialog
from ui.reading_order import _stops

SEEN = ("move", "defer", "decide", "branches", "add_protocol", "plan_history", "print", "print_many", "trail", "bags")


def _name(widget):
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface else ""


@pytest.mark.parametrize("action", SEEN)
def test_every_stop_of_a_dialog_has_a_name(qtbot, desk, action):
    """A screen reader came to areas that scroll and told nothing of them."""
    desk.window.catalogue.table.selectRow(0)
    select_for(desk.window, next(one.need for one in ACTIONS if one.id == action))
    desk.window.act(action)
    dialog = open_dialog(qtbot, desk)
    stops = [one for one in _stops(dialog) if one.isVisible() and one.isEnabled()]
    assert len(stops) > 1
    assert [type(one).__name__ for one in stops if not _name(one)] == []
    dialog.reject()


@pytest.mark.parametrize(("action", "kind"), [("backups", BackupsDialog), ("plan_history", HistoryDialog)])
def test_enter_on_a_row_puts_no_earlier_state_back(qtbot, desk, action, kind):
    """Whoever walked over the rows and pressed Enter replaced all plans by those of a backup."""
    if action == "backups":
        desk.window.act("back_up")
        qtbot.waitUntil(lambda: bool(desk.window.doors.vault().backups()), timeout=20_000)
    desk.window.act(action)
    dialog = open_dialog(qtbot, desk, kind)
    dialog.table.selectRow(0)
    dialog.ok.setEnabled(True)
    accepted = []
    dialog.accepted.connect(lambda: accepted.append(action))
    assert dialog.cancel.isDefault()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert accepted == []


@pytest.mark.parametrize(("action", "kind"), [("print_many", PrintManyDialog), ("trail", TrailDialog)])
def test_enter_chooses_and_compares_nothing(qtbot, desk, action, kind):
    """After some words to search by, Enter chose every plan there is for printing."""
    desk.window.act(action)
    dialog = open_dialog(qtbot, desk, kind)
    default = [button.text() for button in dialog.findChildren(QPushButton) if button.isDefault()]
    assert default == (["Close"] if action == "trail" else [])
    dialog.reject()


def test_the_choice_of_a_protocol_fits_a_screen_at_200_percent(qtbot, desk, monkeypatch):
    """Long titles of phases made it 145 px wider than the screen, and its buttons lay outside."""
    monkeypatch.setattr("ui.dialogs.protocol_choice.room_on", lambda _: QSize(683, 352))
    desk.window.act("add_protocol")
    dialog = open_dialog(qtbot, desk, ProtocolDialog)
    for start in (0, dialog.after.count() - 1):
        dialog.after.setCurrentIndex(start)
        for protocol in desk.document.library.protocols:
            dialog.list.table.select_key(protocol)
            dialog._show_choice()
            assert dialog.minimumSizeHint().width() <= 683, protocol
    dialog.reject()


def test_what_the_program_claims_fits_the_screen_whatever_was_left_out(qtbot, desk):
    """A site with thirty files left out had no button to close it with: the dialog was as high as all its words."""
    problem = ContentProblem("rules/one.toml", "severity", "is none of the three; " * 20)
    library = replace(desk.document.library, problems=(problem,) * 60)
    dialog = AboutDialog(library, "0.1.0", desk.window)
    dialog.show()
    assert dialog.height() <= room_on(dialog.screen()).height()
    assert dialog.area.verticalScrollBar().maximum() > 0
    dialog.reject()
