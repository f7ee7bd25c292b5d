"""The painted area of the timeline: what is in sight, how it scrolls and zooms, and in which order it is painted."""

from functools import partial

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from planner.model.timeline import Timeline
from ui.theme import Theme, qcolor
from ui.timeline.board import Board
from ui.timeline.drag import BlockDrag
from ui.timeline.frame import Frame, frame_of
from ui.timeline.geometry import DayScale, fitted
from ui.timeline.lanes import Focus
from ui.timeline.overview import Overview
from ui.timeline.paint import Kit, kit_for
from ui.timeline.painting import paint_all, paint_band
from ui.timeline.picks import Band
from ui.timeline.picture import Picture
from ui.timeline.scene import Scene, prepare
from ui.tongue import say

FIRST_SPAN = 91
"""Days in sight when a plan is opened."""
NEAR_TODAY = 730
"""Days from the course up to which today can be scrolled to."""
STEP = 1.25
"""Factor of one step of zoom."""


class TimelineCanvas(QAbstractScrollArea):
    """Shows a timeline at a scale. `visibleDaysChanged` tells the first and the last whole day in sight."""

    visibleDaysChanged = Signal(int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Our own: to find out what kind of widget Qt has made, PySide6 makes the classes of all kinds there are.
        self.setViewport(QWidget())
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        # Time runs from left to right in every language, and doses read so; all around it may be mirrored.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.kit = Kit(theme)
        self.scene: Scene = prepare(Timeline((), 0, 0), partial(_title_width, self.kit))
        self.today = 0
        self.scale = DayScale(0.0, 8.0, 1.0)
        self.focus = Focus()
        self.drag: BlockDrag | None = None
        self.band: Band | None = None
        self.outlook: dict[int, str] = {}
        self.by_day_numbers = False
        self.pointed: int | None = None
        self.overview = Overview()
        self.board = Board(self.viewport())
        self.empty_text = say("Nothing is planned yet. Choose a protocol on the left to begin.")
        self.framed = False
        self._scroll = 0
        self._syncing = False
        self._untouched = True
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Paint with the colours of that theme from now on."""
        self.kit = kit_for(self.viewport(), theme)

    def show_plan(self, timeline: Timeline, today: int, *, fresh: bool = False) -> None:
        """Show that timeline. What is in sight stays, unless the plan is another one (`fresh`) or nothing was shown."""
        begins = fresh or self.scene.is_empty
        if timeline != self.scene.timeline or begins:
            self.scene = self._staged(timeline)
        self.today = today
        if begins:
            self._scroll, self._untouched = 0, True
        self._fit_frame()

    def _staged(self, timeline: Timeline) -> Scene:
        """That timeline made ready for painting."""
        return prepare(timeline, partial(_title_width, self.kit))

    @property
    def frame(self) -> Frame:
        """How the area is divided now."""
        return frame_of(self.scene, self.viewport().width(), self.viewport().height(), self._scroll)

    @property
    def bounds(self) -> tuple[float, float]:
        """The days that can be scrolled to: the course with a margin, and today where it is near."""
        timeline = self.scene.timeline
        margin = max(7.0, (timeline.end - timeline.start) * 0.04)
        start, end = timeline.start - margin, timeline.end + margin
        if timeline.start - NEAR_TODAY <= self.today <= timeline.end + NEAR_TODAY:
            start, end = min(start, self.today - margin), max(end, self.today + margin)
        return start, end

    def visible_days(self) -> tuple[int, int]:
        """First and last whole day in sight."""
        return int(self.scale.left // 1), int(self.scale.right // 1)

    def set_scale(self, scale: DayScale) -> None:
        """Bring other days into sight, kept within the bounds."""
        self._untouched = False
        self._apply(scale)

    def _apply(self, scale: DayScale) -> None:
        before = self.visible_days()
        self.scale = scale.kept_within(*self.bounds)
        self._sync_bars()
        self.viewport().update()
        if self.visible_days() != before:
            self.visibleDaysChanged.emit(*self.visible_days())

    def zoom(self, factor: float, about: float | None = None) -> None:
        """Closer by `factor`; the day at pixel `about` of the days stays, by default the middle."""
        timeline = self.scene.timeline
        least = min(fitted(timeline.start, timeline.end, self.scale.width).per_day, 2.0)
        self.set_scale(self.scale.zoomed(factor, self.scale.width / 2 if about is None else about, least))

    def fit_all(self) -> None:
        """Show the whole course."""
        self.set_scale(fitted(self.scene.timeline.start, self.scene.timeline.end, self.scale.width))

    def go_to(self, day: float) -> None:
        """Bring that day to the middle."""
        self.set_scale(self.scale.moved(self.scale.x(day) - self.scale.width / 2))

    def turn_page(self, step: int) -> None:
        """Go on by what is in sight, less a tenth that stays to hold on to; back where `step` is negative."""
        self.set_scale(self.scale.moved(step * self.scale.width * 0.9))

    def reveal(self, days: tuple[int, int], lanes: tuple[int, int]) -> None:
        """Scroll no more than needed for those days and those px of the lanes to be in sight."""
        margin = min(48.0, self.scale.width / 4)
        left, right = self.scale.x(days[0]) - margin, self.scale.x(days[1]) + margin
        if left < 0 or right - left > self.scale.width:
            self.set_scale(self.scale.moved(left))
        elif right > self.scale.width:
            self.set_scale(self.scale.moved(right - self.scale.width))
        height = self.frame.body_height
        self._scroll = min(max(self._scroll, lanes[1] - height), lanes[0])
        self._fit_frame()

    def _fit_frame(self) -> None:
        """Take the size and the scroll bars to what the scene needs now."""
        frame = self.frame
        self._scroll = frame.scroll
        self.overview.fit(self.scene, frame.plot_width)
        self.scale = DayScale(self.scale.left, self.scale.per_day, frame.plot_width)
        if self._untouched and not self.scene.is_empty:
            timeline = self.scene.timeline
            first = timeline.start - 2
            if timeline.start <= self.today < timeline.end:
                first = max(first, self.today - FIRST_SPAN // 3)
            last = min(first + FIRST_SPAN, max(timeline.end + 2, first + 28))
            self.scale = DayScale(first, frame.plot_width / (last - first), frame.plot_width)
        self._apply(self.scale)

    def _sync_bars(self) -> None:
        """Scroll bars in px; they follow the scale, which keeps fractions of a px."""
        self._syncing = True
        start, end = self.bounds
        frame, across, down = self.frame, self.horizontalScrollBar(), self.verticalScrollBar()
        across.setRange(0, max(round((end - start) * self.scale.per_day - self.scale.width), 0))
        across.setPageStep(round(self.scale.width))
        across.setSingleStep(40)
        across.setValue(round((self.scale.left - start) * self.scale.per_day))
        down.setRange(0, frame.most_scroll)
        down.setPageStep(max(frame.body_height, 1))
        down.setSingleStep(22)
        down.setValue(self._scroll)
        self._syncing = False

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        if self._syncing:
            return
        self._scroll = self.verticalScrollBar().value()
        left = self.bounds[0] + self.horizontalScrollBar().value() / self.scale.per_day
        if round(self.scale.x(left)):
            self.set_scale(DayScale(left, self.scale.per_day, self.scale.width))
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_frame()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.scene.is_empty:
            painter.fillRect(event.rect(), qcolor(self.kit.theme.ground))
            self.kit.write_centred(
                painter, QRectF(self.viewport().rect()), self.empty_text, self.kit.theme.muted, "label"
            )
            return
        picture = Picture(
            self.kit,
            self.scene,
            self.frame,
            self.scale.on_grid(),
            self.focus,
            self.today,
            self.pointed,
            self.drag,
            self.outlook,
            self.by_day_numbers,
        )
        paint_all(painter, picture, self.overview, self.board, event.region())
        if self.band is not None and self.band.is_drawn:
            paint_band(painter, picture, self.band)
        if self.framed:
            painter.setPen(qcolor(self.kit.theme.accent))
            painter.drawRect(QRectF(self.viewport().rect()).adjusted(0.5, 0.5, -0.5, -0.5))


def _title_width(kit: Kit, title: str) -> float:
    return kit.width(title, "label bold" if title.isupper() else "label")
