"""U20, U30: Tab goes through window and dialogs as they lie, reaches everything and is held by nothing."""

import re
from collections import Counter
from itertools import pairwise

import pytest
from PySide6.QtCore import QLocale, QPoint, QRect, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QRadioButton,
    QScrollArea,
    QTabBar,
    QWidget,
)

from planner.model.store import Protection
from planner.services.store.protection import create
from planner.settings import LANGUAGES, Settings, save_settings
from tests.gallery_window import QUIET, select_for
from tests.ui.desks import open_desk
from ui.actions import ACTIONS, Need
from ui.gate import unlock, welcome
from ui.rows.filter_button import FilterButton
from ui.theme import LIGHT

MOST = 80
"""Stops after which a walk has gone astray."""
NEAR = 4
"""Px by which what stands beside or below may overlap."""


@pytest.fixture(params=LANGUAGES)
def desk(qtbot, tmp_path, request):
    (tmp_path / "data").mkdir()
    save_settings(tmp_path / "data" / "settings.json", Settings(language=request.param))
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        desk.window.activateWindow()
        qtbot.waitUntil(desk.window.isActiveWindow)
        yield desk


def _name(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName() or getattr(widget, 'text', str)()}"


def _walk(whole: QWidget, key: Qt.Key = Qt.Key.Key_Tab) -> list[QWidget]:
    """The stops of Tab from what has the keys until it comes round."""
    stops = [QApplication.focusWidget()]
    while len(stops) < MOST:
        QTest.keyClick(stops[-1], key)
        if QApplication.focusWidget() is stops[0]:
            return stops
        stops.append(QApplication.focusWidget())
    raise AssertionError(f"Tab does not come round: {[_name(one) for one in stops[:20]]}")


def _takes_keys(whole: QWidget) -> list[QWidget]:
    """What Tab has to reach; of radio buttons one stands for all, and what hands the keys on to its part is no stop."""
    tab = Qt.FocusPolicy.TabFocus
    found = [
        one for one in whole.findChildren(QWidget) if one.isVisible() and one.isEnabled() and one.window() is whole
    ]
    return [
        one
        for one in found
        if one.focusPolicy() & tab and not one.focusProxy() and not isinstance(one, QRadioButton | QScrollArea)
    ]


def _goes_back(one: QWidget, following: QWidget) -> bool:
    """Whether a stop lies above the one before it and not to its right."""
    whole = one.window()
    before, after = (QRect(part.mapTo(whole, QPoint()), part.size()) for part in (one, following))
    inside = before.contains(after) or after.contains(before)
    return not inside and after.top() < before.bottom() - NEAR and after.left() < before.right() - NEAR


def _check_access_keys(whole: QWidget) -> None:
    """Each brings the keys somewhere, and none stands twice."""
    labels = [one for one in whole.findChildren(QLabel) if one.isVisible() and one.buddy()]
    buttons = [one for one in whole.findChildren(QAbstractButton) if one.isVisible()]
    texts = [one.text() for one in (*labels, *buttons)]
    keys = Counter(key.casefold() for text in texts for key in re.findall(r"&(\w)", text))
    twice = [text for text in texts if any(keys[key.casefold()] > 1 for key in re.findall(r"&(\w)", text))]
    assert twice == [], whole.windowTitle()
    deaf = [one.text() for one in labels if "&" in one.text() and one.buddy().focusPolicy() == Qt.FocusPolicy.NoFocus]
    assert deaf == [], whole.windowTitle()


def _check(whole: QWidget) -> None:
    stops = _walk(whole)
    missing = [_name(one) for one in _takes_keys(whole) if one not in stops]
    assert missing == [], f"never reached in {whole.windowTitle()}"
    back = [(_name(one), _name(next_)) for one, next_ in pairwise([*stops, stops[0]]) if _goes_back(one, next_)]
    assert len(back) <= 1, f"{whole.windowTitle()}: more than the way round goes back: {back}"
    assert _walk(whole, Qt.Key.Key_Backtab)[1:] == stops[:0:-1], "Shift+Tab does not come back the same way"


def test_in_the_window(desk):
    window = desk.window
    window.timeline.setFocus()
    for need in (Need.NOTHING, Need.BLOCK, Need.DOSE, Need.OPEN_FINDING):
        select_for(window, need)
        _check(window)
    stops = _walk(window)
    beside = [type(one) for one in stops]
    assert isinstance(stops[beside.index(FilterButton) + 1], QLineEdit)
    assert any(isinstance(one, QTabBar) for one in stops)
    window.act("calendar")
    _check(window)


def test_in_every_dialog(qtbot, desk):
    window, seen = desk.window, 0
    for spec in (one for one in ACTIONS if one.id not in QUIET):
        window.catalogue.table.selectRow(0)
        select_for(window, spec.need)
        window.act(spec.id)
        for dialog in [one for one in window.findChildren(QDialog) if one.isVisible()]:
            if not isinstance(dialog, QFileDialog):
                qtbot.waitUntil(lambda shown=dialog: shown.isActiveWindow() and shown.focusWidget() is not None)
                _check(dialog)
                _check_access_keys(dialog)
                seen += 1
            assert spec.text.endswith("…") or spec.id in ("help", "about"), "it asks, so its words end in three dots"
            dialog.reject()
    assert seen > 40


@pytest.fixture
def walk_through(qtbot):
    """Goes by Tab through the next question that stands alone, then leaves it; its title and its number of stops."""
    seen = []

    def now():
        dialog = QApplication.activeModalWidget()
        try:
            qtbot.waitUntil(lambda: dialog.isActiveWindow() and dialog.focusWidget() is not None)
            _check(dialog)
            _check_access_keys(dialog)
            seen.extend((dialog.windowTitle(), len(_walk(dialog))))
        finally:
            dialog.reject()

    yield lambda: QTimer.singleShot(0, now) or seen
    QApplication.instance().setStyleSheet("")


@pytest.mark.parametrize(("spoken", "title"), [("en_GB", "Welcome to Regimap"), ("es_ES", "Bienvenido a Regimap")])
@pytest.mark.parametrize(("chosen", "stops"), [(False, 13), (True, 15)])
def test_in_the_first_questions(qapp, tmp_path, walk_through, monkeypatch, spoken, title, chosen, stops):
    monkeypatch.setattr("ui.gate.QLocale.system", lambda: QLocale(spoken))
    monkeypatch.setattr("ui.gate.may_choose_data", lambda _: chosen)
    seen = walk_through()
    assert welcome(qapp, tmp_path, Settings(), LIGHT) is None
    assert seen == [title, stops]


def test_in_the_question_for_the_passphrase(qapp, tmp_path, walk_through):
    create(tmp_path, Protection.PASSPHRASE, "correct horse")
    seen = walk_through()
    assert unlock(qapp, tmp_path, LIGHT) is None
    assert seen == ["Open the plans", 3]
