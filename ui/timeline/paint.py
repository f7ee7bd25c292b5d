"""What all painting of the timeline shares: fonts, measured and prepared texts, brushes with a pattern, pens."""

from collections.abc import Iterable
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPalette, QPen, QPixmap, QStaticText
from PySide6.QtWidgets import QWidget

from ui.theme import FONT_FAMILY, SIZE_LABEL, SIZE_SMALL, Theme, qcolor

TINY = 9
"""Size in px of a letter inside a sign, which is always spelled out in the readout as well."""
FACES = {
    "small": (SIZE_SMALL, False),
    "small bold": (SIZE_SMALL, True),
    "label": (SIZE_LABEL, False),
    "label bold": (SIZE_LABEL, True),
    "letter": (TINY, True),
}
HATCHED = ("premedication", "supportive", "hydration")
DOTTED = ("rescue", "growth factor")
TILE = 4
"""Side in px of a pattern's tile."""


class Kit:
    """The theme with everything made from it once and used at every frame."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._fonts: dict[str, QFont] = {}
        self._metrics: dict[str, QFontMetricsF] = {}
        for face, (size, bold) in FACES.items():
            font = QFont(FONT_FAMILY)
            font.setPixelSize(size)
            font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
            self._fonts[face] = font
            self._metrics[face] = QFontMetricsF(font)
        self._widths: dict[tuple[str, str], float] = {}
        self._texts: dict[tuple[str, str], tuple[QStaticText, float]] = {}
        self.sprites: dict[tuple[str, bool, float], QPixmap] = {}
        self.shapes: dict[tuple[str, float, float, float], QPixmap] = {}
        self._patterns: dict[tuple[str, str], QBrush] = {}

    def width(self, text: str, face: str = "small") -> float:
        """Width of the text in px."""
        found = self._widths.get((text, face))
        if found is None:
            found = self._widths[text, face] = self._metrics[face].horizontalAdvance(text)
        return found

    def write(self, painter: QPainter, at: tuple[float, float], text: str, color: str, face: str = "small") -> None:
        """Write one line: `at` is its left edge and its vertical middle."""
        prepared = self._texts.get((text, face)) or self._prepared(text, face)
        painter.setFont(self._fonts[face])
        painter.setPen(qcolor(color))
        painter.drawStaticText(QPointF(at[0], at[1] - prepared[1]), prepared[0])

    def write_row(
        self, painter: QPainter, middle: float, texts: Iterable[tuple[float, str]], color: str, face: str = "small"
    ) -> None:
        """Write texts of one colour side by side, each from its left edge on."""
        painter.setFont(self._fonts[face])
        painter.setPen(qcolor(color))
        for x, text in texts:
            made, half = self._texts.get((text, face)) or self._prepared(text, face)
            painter.drawStaticText(QPointF(x, middle - half), made)

    def _prepared(self, text: str, face: str) -> tuple[QStaticText, float]:
        """The text laid out once, with half its height."""
        made = QStaticText(text)
        made.setTextFormat(Qt.TextFormat.PlainText)
        made.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
        made.prepare(font=self._fonts[face])
        found = self._texts[text, face] = (made, made.size().height() / 2)
        return found

    def write_centred(self, painter: QPainter, box: QRectF, text: str, color: str, face: str = "small") -> None:
        """Write one line in the middle of the box."""
        centre = box.center()
        self.write(painter, (centre.x() - self.width(text, face) / 2, centre.y()), text, color, face)

    def elided(self, text: str, width: float, face: str = "small") -> str:
        """The text shortened to that width. Never for a drug, a dose or a route."""
        return self._metrics[face].elidedText(text, Qt.TextElideMode.ElideRight, width)

    def fill(self, role: str) -> QBrush:
        """The filling of a role's bars: hatched for support, dotted for rescue, solid for all others."""
        color = self.theme.role(role)
        if role in HATCHED:
            return self._pattern("hatch", color)
        if role in DOTTED:
            return self._pattern("dots", color)
        return self._pattern("solid", color)

    def is_patterned(self, role: str) -> bool:
        """Whether text on a bar of that role would lie on a pattern."""
        return role in HATCHED or role in DOTTED

    def _pattern(self, kind: str, color: str) -> QBrush:
        brush = self._patterns.get((kind, color))
        if brush is None:
            plain = QBrush(qcolor(color))
            brush = plain if kind == "solid" else QBrush(_tile(kind, qcolor(color), qcolor(self.theme.ground)))
            self._patterns[kind, color] = brush
        return brush


@lru_cache(maxsize=512)
def pen(color: str, width: float = 1.0, dashed: bool = False, alpha: int = 255) -> QPen:
    """A pen with plain ends and dashes of 3 px, kept between frames; callers must not change it."""
    found = QPen(qcolor(color, alpha), width)
    found.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dashed:
        found.setDashPattern([3 / width, 2 / width])
    return found


def _tile(kind: str, color: QColor, ground: QColor) -> QPixmap:
    """One tile of a pattern: diagonal lines that join at the edges, or a dot in the middle."""
    tile = QPixmap(TILE, TILE)
    tile.fill(ground)
    painter = QPainter(tile)
    if kind == "hatch":
        painter.setPen(QPen(color, 1))
        for step in range(TILE):
            painter.drawPoint(step, TILE - 1 - step)
    else:
        painter.fillRect(0, 0, 2, 2, color)
    painter.end()
    return tile


def kit_for(viewport: QWidget, theme: Theme) -> Kit:
    """The theme to paint that with, and its ground behind it at once: Qt fills what is not painted yet."""
    palette = viewport.palette()
    palette.setColor(QPalette.ColorRole.Window, qcolor(theme.ground))
    viewport.setPalette(palette)
    viewport.update()
    return Kit(theme)
