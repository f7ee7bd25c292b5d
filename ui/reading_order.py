"""The way of the Tab key: as everything lies, not as it was made."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QWidget,
)


def go_beside(whole: QWidget, *, forward: bool) -> bool:
    """Bring the keys to what lies after (or before) what has them, round at the ends. False where nothing takes them.

    Qt's own order is that in which things were made, and it cannot be set for what hands the keys on to a part of it.
    """
    stops = [one for one in _stops(whole) if one.isVisible() and one.isEnabled()]
    if not stops:
        return False
    has = QApplication.focusWidget()
    at = next((number for number, one in enumerate(stops) if one is has or _holds(one, has)), -1 if forward else 0)
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    stops[(at + (1 if forward else -1)) % len(stops)].setFocus(reason)
    return True


def _holds(stop: QWidget, widget: QWidget | None) -> bool:
    """Whether the keys of that stop are with a part of it, as with the line of a field with arrows."""
    return widget is not None and not isinstance(stop, QScrollArea) and stop.isAncestorOf(widget)


def _stops(widget: QWidget) -> Iterator[QWidget]:
    """What takes the keys in that widget, hidden or not, in the order it lies in."""
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
        yield widget
    for part in _parts(widget):
        if part is not None:
            yield from _stops(part)


def _parts(widget: QWidget) -> Iterable[QWidget | None]:
    """The widgets in it, in order; none in what looks after its own parts, such as a field with arrows."""
    if isinstance(widget, QTabWidget):
        pages = (widget.widget(number) for number in range(widget.count()))
        return [widget.tabBar(), widget.cornerWidget(), *pages]
    if isinstance(widget, QSplitter | QStackedWidget):
        return [widget.widget(number) for number in range(widget.count())]
    if isinstance(widget, QScrollArea):
        return [widget.widget()]
    layout = widget.layout()
    return _laid_out(layout) if layout else ()


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    numbers = list(range(layout.count()))
    if isinstance(layout, QGridLayout):
        numbers.sort(key=partial(_cell, layout))
    for number in numbers:
        item = layout.itemAt(number)
        widget, inner = (item.widget(), item.layout()) if item else (None, None)
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _laid_out(inner)


def _cell(grid: QGridLayout, number: int) -> tuple[int, int]:
    """Row and column of the item of that number; what takes a whole row of fields away comes after them."""
    item = grid.itemAt(number)
    widget = item.widget() if item else None
    row, column, *_ = cast("tuple[int, int, int, int]", grid.getItemPosition(number))
    return (row + 1, column) if widget is not None and widget.property("after") else (row, column)
