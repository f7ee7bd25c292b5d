"""Promises that a picture proves: signs keep their size (U8), the focus is seen (U27)."""

from itertools import pairwise

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTabBar, QWidget

from tests.ui.desks import open_dialog
from ui.dialogs.patient import PatientDialog
from ui.theme import THEMES, Theme, qcolor
from ui.timeline.signs import SIGN

SPANS = ("week", "cycle", "quarter", "year")
LEAST_CONTRAST = 3
ALIKE = 60
"""How far a colour may be from the ink's, of 255, where its edge is smoothed."""
RING = 0.5
"""Share of the pixels round a part that have to look otherwise while it has the focus."""


def pixels(picture: QImage) -> np.ndarray:
    """Red, green and blue of each pixel, from 0 to 255."""
    plain = picture.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : plain.width() * 3].reshape(plain.height(), plain.width(), 3).astype(float)


def luminance(colours: np.ndarray) -> np.ndarray:
    """Relative luminance after WCAG 2.2."""
    parts = colours / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def contrast(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Of each pixel with the one in its place."""
    first, second = luminance(one) + 0.05, luminance(other) + 0.05
    return np.maximum(first, second) / np.minimum(first, second)


def sign_size(view, bar_id: str, theme: Theme) -> tuple[int, int]:
    """Width and height in px of the sign of a point, by what has its colour in the square round it."""
    place = view.scene.bars[bar_id]
    x = view.frame.header + view.scale.x(place.bar.start + 0.5)
    y = view.frame.y(place.row) + place.row.height / 2
    half = SIGN / 2 + 3
    square = QRect(round(x - half), round(y - half), round(2 * half), round(2 * half))
    drawn = pixels(view.viewport().grab(square).toImage())
    ink = qcolor(theme.text)
    inked = np.abs(drawn - (ink.red(), ink.green(), ink.blue())).max(axis=2) < ALIKE
    rows, columns = inked.any(axis=1).nonzero()[0], inked.any(axis=0).nonzero()[0]
    return int(columns[-1] - columns[0]) + 1, int(rows[-1] - rows[0]) + 1


def test_signs_keep_their_size_and_today_its_place_whatever_the_span(desk):
    """U8: counted in pixels, a diamond is as large in a week as in a year; the line of today does not move."""
    view = desk.window.timeline
    alone = next(
        bar.id for row in view.scene.body if row.lane.id == "assessments" for bar in row.bars if bar.form == "diamond"
    )
    sizes = {}
    for name in SPANS:
        desk.window.act("today")
        before = view.scale.x(view.today)
        desk.window.act(f"span_{name}")
        at_the_end = view.scale.left == pytest.approx(view.bounds[0])  # there is nothing before the course to show
        assert view.scale.x(view.today) == pytest.approx(before, abs=1) or at_the_end, name
        view.go_to(view.scene.bars[alone].bar.start + 0.5)
        QApplication.processEvents()
        sizes[name] = sign_size(view, alone, desk.theme)
    widths, heights = ({size[part] for size in sizes.values()} for part in (0, 1))
    assert max(widths) - min(widths) <= 1, sizes
    assert max(heights) - min(heights) <= 1, sizes
    assert SIGN - 3 <= max(widths) <= SIGN + 3, sizes


@pytest.mark.parametrize("theme", THEMES)
def test_whatever_has_the_focus_is_seen_to_have_it(qtbot, desk, theme):
    """U27: each stop of Tab looks otherwise while it has the keys: round it, by a contrast of 3, in every theme."""
    window = desk.window
    desk.use_settings(replace(desk.settings, theme=theme))
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.select("blinatumomab")
    window.timeline.setFocus()
    unseen, stops = [], []
    for _ in range(40):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        stop = QApplication.focusWidget()
        if stop is window.timeline:
            break
        stops.append(stop)
    for stop in stops:
        window.timeline.setFocus()
        QApplication.processEvents()
        before = look_of(window, stop)
        stop.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        if not has_ring(stop, before, look_of(window, stop)):
            unseen.append((type(stop).__name__, stop.accessibleName(), stop.width(), stop.height()))
    assert len(stops) > 8
    assert unseen == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_focus_is_a_ring_and_nothing_over_the_words(qtbot, desk, theme):
    """The style's own mark of the focus, a tinted box within the ring, lay over the words of buttons and tabs."""
    desk.use_settings(replace(desk.settings, theme=theme))
    desk.window.act("edit_patient")
    dialog = open_dialog(qtbot, desk, PatientDialog)
    for part in (dialog.ok, dialog.cancel, dialog.findChild(QTabBar)):
        inside = part.tabRect(part.currentIndex()) if isinstance(part, QTabBar) else part.rect()
        inside = inside.adjusted(4, 4, -4, -4)
        dialog.person.family.setFocus()
        QApplication.processEvents()
        before = part.grab(inside).toImage()
        part.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        assert part.hasFocus()
        assert part.grab(inside).toImage() == before, part
    dialog.reject()


@pytest.mark.parametrize(
    "action", ["edit_patient", "add_protocol", "read_protocol", "branches", "plan_history", "shortcuts"]
)
def test_the_focus_is_seen_in_dialogs(qtbot, desk, action):
    """U27: pages that only scroll took the keys and showed nothing of it."""
    window = desk.window
    window.catalogue.table.selectRow(0)
    window.act(action)
    dialog = open_dialog(qtbot, desk)
    stops = [dialog.focusWidget()]
    while not (len(stops) > 1 and stops[-1] is stops[0]):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        stops.append(QApplication.focusWidget())
    unseen = []
    for stop, following in pairwise(stops):
        following.setFocus()
        QApplication.processEvents()
        before = look_of(dialog, stop)
        stop.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        if not has_ring(stop, before, look_of(dialog, stop)):
            unseen.append((type(stop).__name__, stop.accessibleName()))
    dialog.reject()
    assert unseen == []


def has_ring(stop: QWidget, before: np.ndarray, after: np.ndarray) -> bool:
    """Whether that part looks otherwise all round than before; of a row of tabs the one that is shown."""
    size = stop.tabRect(stop.currentIndex()) if isinstance(stop, QTabBar) else stop.rect()
    return int((contrast(before, after) >= LEAST_CONTRAST).sum()) >= RING * 2 * (size.width() + size.height())


def look_of(window: QWidget, part: QWidget) -> np.ndarray:
    """The part of the window that is taken by that widget, and 3 px round it."""
    place = QRect(part.mapTo(window, part.rect().topLeft()), part.size()).adjusted(-3, -3, 3, 3)
    return pixels(window.grab(place).toImage())
