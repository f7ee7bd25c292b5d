"""The list of protocols: narrowed by filters, dragged onto the timeline, taken with Enter."""

from datetime import date

from msgspec.structs import replace
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from planner.model.civil import weekday_date
from planner.services.evaluation import evaluate
from tests.golden.cases import library
from tests.services.courses_at_hand import plan_of
from tests.ui.desks import open_desk, open_dialog
from ui.dialogs.choice_box import MARGIN
from ui.dialogs.protocol_choice import ProtocolDialog
from ui.style import build_style_sheet
from ui.theme import LIGHT
from ui.timeline.landing import PROTOCOL

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def _over(view, day):
    return QPointF(view.frame.header + view.scale.x(day + 0.5), view.frame.body_top + 30)


def _move(view, carried, at):
    event = QDragMoveEvent(at.toPoint(), Qt.DropAction.CopyAction, carried, LEFT, NONE)
    QApplication.sendEvent(view.viewport(), event)
    return event.isAccepted()


def _enter(view, carried):
    at = _over(view, view.visible_days()[0] + 5)
    event = QDragEnterEvent(at.toPoint(), Qt.DropAction.CopyAction, carried, LEFT, NONE)
    QApplication.sendEvent(view.viewport(), event)
    return event.isAccepted()


def test_filters_narrow_the_list_and_count(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        catalogue, button = desk.window.catalogue, desk.window.furniture.filter
        everything = catalogue.model.rows
        button.choose("evidence", "secondary")
        assert button.text() == "Filter (1)"
        labels = catalogue.model.rows
        assert {one.protocol.weakest_evidence.value for one in labels} == {"secondary"}
        button.choose("evidence", "unverified")
        assert len(catalogue.model.rows) > len(labels)
        button.choose("disease", "Ph+ ALL")
        assert all("Ph+ ALL" in one.protocol.disease for one in catalogue.model.rows)
        desk.window.show_library()
        assert button.text() == "Filter (3)"
        button.clear()
        assert catalogue.model.rows == everything


def test_a_protocol_is_dragged_onto_a_day(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        view, catalogue, before = desk.window.timeline, desk.window.catalogue, desk.document.evaluated
        number = next(n for n, one in enumerate(catalogue.model.rows) if one.protocol.id == "leukapheresis")
        carried = catalogue.model.mimeData([catalogue.model.index(number, 0)])
        assert catalogue.model.flags(catalogue.model.index(number, 0)) & Qt.ItemFlag.ItemIsDragEnabled
        day = before.schedule.blocks[-1].start + 3
        view.go_to(day)
        assert _enter(view, carried)
        for offset in (-2, -1, 0):
            assert _move(view, carried, _over(view, day + offset))
            assert weekday_date(day + offset) in view.pointer.readout.text
            assert view.pointer.readout.geometry().bottom() < view.frame.blocks_top, "clear of the row that is dragged"
        view.viewport().grab()
        at = _over(view, day)
        drop = QDropEvent(at, Qt.DropAction.CopyAction, carried, LEFT, NONE)
        QApplication.sendEvent(view.viewport(), drop)
        dialog = open_dialog(qtbot, desk, ProtocolDialog)
        assert dialog.chosen().protocol.id == "leukapheresis"
        assert dialog.day.day == date.fromordinal(day)
        assert view.landing is None
        dialog.accept()
        qtbot.waitUntil(lambda: desk.document.evaluated != before)
        placed = [one for one in desk.document.evaluated.schedule.blocks if one.protocol_id == "leukapheresis"]
        assert placed[0].start == day


def test_what_is_no_protocol_or_lands_beside_the_days_is_refused(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        view = desk.window.timeline
        carried = QMimeData()
        assert not _enter(view, carried)
        carried.setData(PROTOCOL, b"pomp")
        assert _enter(view, carried)
        assert not _move(view, carried, QPointF(5, view.frame.body_top + 30))
        assert view.landing is None
        assert _move(view, carried, _over(view, view.visible_days()[0] + 5))
        QApplication.sendEvent(view.viewport(), QDragLeaveEvent())
        assert view.landing is None
        assert not view.pointer.readout.isVisible()


def test_the_same_by_keys(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        desk.window.act("find_protocol")
        QTest.keyClicks(desk.window.catalogue.search, "leukapheresis")
        QTest.keyClick(desk.window.catalogue.search, Qt.Key.Key_Return)
        dialog = open_dialog(qtbot, desk, ProtocolDialog)
        assert dialog.chosen().protocol.id == "leukapheresis"
        dialog.reject()


def test_a_question_of_what_comes_next_is_no_weak_support():
    """ "local" stood beside nearly every protocol, for marks that hold no value."""
    kept = library().protocols
    asks = [one.protocol for one in kept.values() if any(phase.only_asks for phase in one.protocol.phases)]
    assert len(asks) > 10
    assert kept["blinatumomab-mrd"].protocol.weakest_evidence.value == "unverified"
    alone = replace(asks[0], phases=tuple(one for one in asks[0].phases if one.only_asks), decisions=())
    assert alone.weakest_evidence.value == "local"


def test_the_weekday_of_a_start_is_not_cut_beside_the_longest_name_of_a_block(qtbot, qapp):
    """ "Mon 07-Dec-202": whoever typed the date saw no year behind it."""
    qapp.setStyleSheet(build_style_sheet(LIGHT))
    try:
        shown = evaluate(plan_of("hyper-cvad-blinatumomab"), library())
        patient, today = shown.plan.patient, date(2026, 12, 1)
        dialog = ProtocolDialog(library(), "", patient, shown.schedule, today=today, theme=LIGHT)
        qtbot.addWidget(dialog)
        dialog.show()
        dialog.day.line.setText("7 dec 2026")
        told = dialog.day.answer
        assert told.text() == "Mon 07-Dec-2026"
        qtbot.waitUntil(lambda: told.width() >= told.sizeHint().width())
        dialog.after.setCurrentIndex(1)
        assert dialog.gap.lineEdit().textMargins().left() == MARGIN
        assert dialog.falls_on.isVisible()
    finally:
        qapp.setStyleSheet("")
