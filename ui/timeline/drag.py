"""A block on its way to another day: where it would land and what the rules say there."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from planner.model.finding import SEVERITIES
from planner.model.schedule import PlacedBlock
from planner.model.timeline import Bar
from ui.theme import RADIUS_BAR, qcolor
from ui.timeline.geometry import DayScale
from ui.timeline.marks import MARK, paint_mark
from ui.timeline.paint import Kit, pen
from ui.timeline.ribbons import ribbon_box
from ui.tongue import say, weekday_date

BEGINS_AFTER = 4.0
"""Px the pointer has to travel before a press becomes a drag."""

BLOCKED = SEVERITIES[0]
"""The severity on whose days a dragged block does not land; a form with everything that would change still moves it."""
SPOKEN = 2
"""Rules that are named while a block is dragged, the gravest first: more of them would cover the lanes under it."""
BLOCKED_HINT = "Release: goes back. Shift for allowed days, Esc to cancel"

Verdict = tuple[str, str]
"""Severity and title of the rule."""
Preview = Callable[[str, int], Sequence[Verdict]]


class BlockDrag(Struct, frozen=True):
    """`grabbed` is the day with its fraction at which the pointer took hold at the pixel `x`; `delta` counts days."""

    block: Bar
    grabbed: float
    x: float
    active: bool = False
    delta: int = 0
    others: tuple[Bar, ...] = ()
    """Blocks that are selected with it and move by the same days."""

    @property
    def blocks(self) -> frozenset[str]:
        """The ids of all blocks that are dragged."""
        return frozenset((self.block.block, *(bar.block for bar in self.others)))

    def to(self, day: float, x: float) -> "BlockDrag":
        """The drag with the pointer at that day and pixel; it snaps to whole days."""
        active = self.active or abs(x - self.x) >= BEGINS_AFTER
        return replace(self, active=active, delta=round(day - self.grabbed) if active else 0)

    @property
    def start(self) -> int:
        """The day the block would begin on."""
        return self.block.start + self.delta


def worst(verdict: Sequence[Verdict]) -> str:
    """The worst severity of what the rules say; empty where they say nothing."""
    said = {severity for severity, _ in verdict}
    return next((severity for severity in SEVERITIES if severity in said), "")


def allowed(outlook: Mapping[int, str], delta: int) -> int:
    """The nearest of the days looked at on which nothing worse than advice would be new; `delta` where none is."""
    free = [days for days, severity in outlook.items() if severity in ("", "advice")]
    return min(free, key=lambda days: (abs(days - delta), -days), default=delta)


def landing_words(block: Bar, delta: int) -> str:
    """ "Consolidation C1 D1 → Mon 09-Mar-2026 (+7 days)": where the first day of the block, as it is planned, lands."""
    ground, first, begins = block.ground, block.label, block.start
    if isinstance(ground, PlacedBlock):
        first, begins = f"{first} C{ground.cycles[0].number} D{ground.phase.first_day}", ground.begins
    pattern = "{what} → {day} ({days} day)" if abs(delta) == 1 else "{what} → {day} ({days} days)"
    return say(pattern, what=first, day=weekday_date(begins + delta), days=f"{delta:+d}" if delta else "0")


def landing_lines(block: Bar, delta: int, verdict: Sequence[Verdict] | None) -> list[tuple[str, str]]:
    """What the readout tells in a drag: where it lands, the gravest rules that would speak; None: nobody was asked."""
    lines = [("", landing_words(block, delta))]
    if delta and verdict is not None:
        spoken = sorted(Counter(verdict).items(), key=lambda one: SEVERITIES.index(one[0][0]))
        for (severity, title), times in spoken[:SPOKEN]:
            several = f" ×\u00a0{times}" if times > 1 else ""
            lines.append((severity, f"{say(severity.capitalize())}: {title}{several}"))
        if len(spoken) > SPOKEN:
            lines.append(("", say("and {count} more", count=len(spoken) - SPOKEN)))
        lines += [] if verdict else [("", say("No new finding"))]
    blocked = verdict is not None and worst(verdict) == BLOCKED
    lines.append(("", say(BLOCKED_HINT if blocked else "Release to move, Shift for allowed days, Esc to cancel")))
    return lines


def refusal(verdict: Sequence[Verdict]) -> str:
    """Why a block that is let go there goes back: every rule it would break; empty where it may land."""
    broken = [title for severity, title in verdict if severity == BLOCKED]
    words = "Not moved: {rules}. Move block (F2) shows all that would change."
    return say(words, rules="; ".join(broken)) if broken else ""


def paint_ghost(painter: QPainter, kit: Kit, moved: Bar, y: float, scale: DayScale, bottom: float) -> None:
    """The ribbon, moved to the day it would land on, and its days through all lanes; origin: left edge of the days."""
    box = ribbon_box(moved, scale, y)
    accent = kit.theme.accent
    painter.fillRect(QRectF(box.left(), box.bottom(), box.width(), bottom - box.bottom()), qcolor(accent, 18))
    painter.setPen(pen(accent))
    for x in (box.left() + 0.5, box.right() - 0.5):
        painter.drawLine(QLineF(x, box.bottom(), x, bottom))
    for spread, alpha in ((3, 14), (2, 18), (1, 24)):
        painter.setPen(pen(kit.theme.text, 1.0, alpha=alpha))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(-spread, 1 - spread, spread, 1 + spread), RADIUS_BAR + 2, RADIUS_BAR + 2)
    painter.setPen(pen(accent, 2))
    painter.setBrush(qcolor(kit.theme.ground))
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), RADIUS_BAR, RADIUS_BAR)
    begin = max(box.left(), 0.0) + 6
    if begin + kit.width(moved.label, "label bold") < box.right() - 4:
        kit.write(painter, (begin, box.center().y()), moved.label, kit.theme.text, "label bold")


def paint_outlook(
    painter: QPainter, kit: Kit, drag: BlockDrag, outlook: Mapping[int, str], middle: float, scale: DayScale
) -> None:
    """Under the ribbon, what the rules say of each day the block could begin on, as far as they were asked.

    A tick stands where nothing new would speak, else the sign of the worst; a line runs on over days of the same kind.
    """
    if not outlook:
        return
    theme, first = kit.theme, drag.block.start
    left, right = scale.x(first + min(outlook)), scale.x(first + max(outlook) + 1)
    painter.fillRect(QRectF(left, middle - 7, max(right - left, MARK + 4), 14), qcolor(theme.ground))
    free, previous = left - MARK, None
    for days in sorted(outlook):
        severity, x = outlook[days], scale.x(first + days + 0.5)
        color = theme.severity(severity) if severity else theme.text
        painter.setPen(pen(color, 2.0))
        painter.drawLine(QLineF(scale.x(first + days), middle + 6.5, scale.x(first + days + 1), middle + 6.5))
        if (severity != previous or scale.per_day > MARK + 2) and x - free >= MARK:
            if severity:
                paint_mark(painter, kit, QPointF(x, middle - 0.5), severity)
            else:
                _tick(painter, QPointF(x, middle - 0.5), theme.text)
            free = x
        previous = severity


def _tick(painter: QPainter, at: QPointF, color: str) -> None:
    painter.setPen(pen(color, 1.8))
    painter.drawLine(QLineF(at.x() - 4, at.y(), at.x() - 1, at.y() + 3))
    painter.drawLine(QLineF(at.x() - 1, at.y() + 3, at.x() + 4.5, at.y() - 4))
