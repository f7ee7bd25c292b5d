"""How the window is divided. Everything keeps its place from the first paint on: what comes later moves into its room.

No docks: the rooms only change their size, and two splitters do that with a tenth of the work at the start.
"""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

MENU, BANNER, TOOLBAR, STATUS = 27, 36, 38, 24
"""Heights in px at 100 %."""
LEFT, RIGHT, BOTTOM = 240, 320, 184
"""Sizes in px of the side rooms and of the lower one until somebody changes them."""
LOW = 400
"""Px between the bars below which every lane counts: the lower room keeps its tabs and a row or two."""
NARROW = 760
"""Px of the screen below which the lanes have the room of the inspector until somebody asks for it."""
SHARE = 0.5
"""How much of the window's width the two side rooms have at most; in a narrower window both give way."""
HANDLE = 5
"""Px to take hold of between two rooms; a line is drawn in the middle of them."""


class Rooms(QWidget):
    """Bars above and below at fixed heights; between them left, centre over bottom, right."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.across = QSplitter(Qt.Orientation.Horizontal)
        self.down = QSplitter(Qt.Orientation.Vertical)
        for splitter in (self.across, self.down):
            splitter.setHandleWidth(HANDLE)
            splitter.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._column = column
        self._bars = {name: _empty(height) for name, height in _BARS.items()}
        for name, bar in self._bars.items():
            if name == "status":
                column.addWidget(self.across, 1)
            column.addWidget(bar)
        self._sides = {"left": _Room(LEFT), "right": _Room(RIGHT), "bottom": _Room(BOTTOM)}
        self.across.addWidget(self._sides["left"])
        self.across.addWidget(self.down)
        self.across.addWidget(self._sides["right"])
        self._wanted, self._share = (LEFT, RIGHT), SHARE
        self._kept = [LEFT, RIGHT, BOTTOM]
        self.across.splitterMoved.connect(self._note_sides)
        self.down.splitterMoved.connect(self._note_height)

    def focusNextPrevChild(self, forward: bool) -> bool:
        # Imported at the first Tab, because the first paint needs none.
        from ui.reading_order import go_beside

        return go_beside(self, forward=forward)

    def put_bar(self, name: str, bar: QWidget) -> None:
        """Give a bar its place: "menu", "banner", "toolbar" or "status"."""
        bar.setFixedHeight(_BARS[name])
        self._column.replaceWidget(self._bars[name], bar)
        self._bars[name].hide()
        self._bars[name].deleteLater()
        self._bars[name] = bar

    def put_centre(self, centre: QWidget) -> None:
        """Show that in the middle; must come first."""
        self.down.addWidget(centre)
        self.down.addWidget(self._sides["bottom"])
        self.across.setStretchFactor(1, 1)
        self.down.setStretchFactor(0, 1)
        self.reset()

    def fill(self, side: str, inside: QWidget) -> None:
        """Show that in the room "left", "right" or "bottom"."""
        self._sides[side].fill(inside)

    def reset(self) -> None:
        """All rooms at their first sizes; on a small screen the lanes keep half of it, on a low one what they can."""
        wide = self.screen().availableGeometry().width()
        lists, inspector = (wide // 5, _inspector_of(wide)) if wide >= NARROW else (wide * 3 // 10, 0)
        self.set_sizes((min(LEFT, lists), inspector, min(BOTTOM, self._lower())))
        self._kept = [min(LEFT, lists), inspector or RIGHT, BOTTOM if self._is_low() else min(BOTTOM, self._lower())]

    def _lower(self) -> int:
        """How high the lower room may be at first on this screen."""
        body = self.screen().availableGeometry().height() - sum(_BARS.values())
        return body * 2 // (7 if self._is_low() else 5)

    def _is_low(self) -> bool:
        return self.screen().availableGeometry().height() - sum(_BARS.values()) <= LOW

    def come_back(self, sizes: Sequence[int]) -> None:
        """Give the rooms the sizes that were `kept`; they may have been those of a larger screen."""
        left, right, bottom = sizes
        lower = min(bottom, self._lower()) if self._is_low() else bottom
        self.set_sizes((left, 0 if self._is_narrow() else right, lower))
        self._kept = [left, right, bottom]

    def switch_inspector(self) -> None:
        """Hide the inspector, or show it again."""
        (left, right, bottom), kept = self.sizes(), self._kept
        self.set_sizes((left, 0 if right else _inspector_of(self.width()), bottom))
        self._kept = kept
        self._keep_sides()

    @property
    def kept(self) -> tuple[int, int, int]:
        """The sizes that somebody chose, for the next start: what a small screen takes of them is not chosen."""
        left, right, bottom = self._kept
        return left, right, bottom

    def sizes(self) -> tuple[int, int, int]:
        """Width of the left and the right room where the window is wide enough, height of the lower one."""
        return *self._wanted, self.down.sizes()[1]

    def set_sizes(self, sizes: Sequence[int]) -> None:
        """Give the rooms those sizes as far as there is space; an inspector without width is hidden."""
        left, right, bottom = sizes
        self._kept = [left, right, bottom]
        self._sides["right"].setVisible(bool(right))
        self._wanted, self._share = (left, right), SHARE
        self._fit_sides()
        body = self.height() - sum(_BARS.values())
        self.down.setSizes([max(body - bottom - HANDLE, 1), bottom])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fit_sides()

    def _fit_sides(self) -> None:
        """The side rooms as wide as they are wanted, or both narrower by the same part where the lanes need it."""
        wanted, wide = sum(self._wanted), self.width()
        part = min(1.0, self._share * wide / wanted) if wanted else 1.0
        left, right = (round(side * part) for side in self._wanted)
        self.across.setSizes([left, max(wide - left - right - 2 * HANDLE, 1), right])

    def _note_sides(self) -> None:
        """Somebody moved the line between two rooms: so it stays, also where little is left for the lanes."""
        left, _, right = self.across.sizes()
        self._wanted = left, right
        self._share = max(SHARE, (left + right) / max(self.width(), 1))
        self._keep_sides()

    def _keep_sides(self) -> None:
        """What somebody made of the side rooms; of the inspector not on a narrow screen, which has none by itself."""
        left, right = self._wanted
        self._kept[:2] = left, self._kept[1] if self._is_narrow() else right

    def _is_narrow(self) -> bool:
        return self.screen().availableGeometry().width() < NARROW

    def _note_height(self) -> None:
        self._kept[2] = self.down.sizes()[1]


class _Room(QWidget):
    """A part of the window that is empty until something moves in; its size does not depend on what that is."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def fill(self, inside: QWidget) -> None:
        self._column.addWidget(inside)

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)


def _inspector_of(wide: int) -> int:
    """The width of the inspector beside what else has to be seen in so many px."""
    return min(RIGHT, wide * 3 // 10)


def _empty(height: int) -> QWidget:
    bar = QWidget()
    bar.setFixedHeight(height)
    return bar


_BARS = {"menu": MENU, "banner": BANNER, "toolbar": TOOLBAR, "status": STATUS}
