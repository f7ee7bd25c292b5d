"""A timeline that folds lanes with nothing in sight once its days rest."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from planner.model.timeline import Timeline
from ui.theme import Theme
from ui.timeline.canvas import TimelineCanvas
from ui.timeline.frame import BODY_GAP
from ui.timeline.geometry import DayScale
from ui.timeline.places import Place
from ui.timeline.scene import Scene, folded, whole_height
from ui.timeline.vacant import lanes_without

CALM = 300
"""Milliseconds the days have to rest until lanes are folded or unfolded: nothing jumps under a hand that moves."""


class FoldingTimeline(TimelineCanvas):
    """Folds lanes with nothing in sight where not all lanes have room, unless `folds` is off."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.folds = True
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(CALM)
        self._calm.timeout.connect(self.fold_now)

    def show_plan(self, timeline: Timeline, today: int, *, fresh: bool = False) -> None:
        """Show that timeline; after an edit, lanes that hold something in sight by now are there at once."""
        fresh = fresh or self.scene.is_empty
        super().show_plan(timeline, today, fresh=fresh)
        if fresh:
            self.fold_now()

    def use_folds(self, folds: bool) -> None:
        """Fold lanes with nothing in sight from now on, or show them all."""
        self.folds = folds
        self.fold_now()

    def switch_folds(self) -> None:
        """Show the folded lanes, or fold them again."""
        self.use_folds(not self.folds)

    def fold_now(self) -> None:
        """Fold what has nothing in sight and unfold what has; later where a hand holds something."""
        if self.drag is not None or self.band is not None:
            self._calm.start()
        else:
            self._calm.stop()
            self._fold(self._vacant(self.scene))

    def unfolded(self, place: Place) -> Place:
        """That place with its lane in sight."""
        if not place.row.height:
            self._fold(self.scene.vacant - {place.row.lane.id})
        return self.scene.again(place)

    def fit_all(self) -> None:
        super().fit_all()
        self.fold_now()

    def go_to(self, day: float) -> None:
        super().go_to(day)
        self.fold_now()

    def turn_page(self, step: int) -> None:
        super().turn_page(step)
        self.fold_now()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._untouched:
            self.fold_now()
        else:
            self._calm.start()

    def _apply(self, scale: DayScale) -> None:
        before = self.scale
        super()._apply(scale)
        if self.scale != before:
            self._calm.start()

    def _staged(self, timeline: Timeline) -> Scene:
        before, scene = self.scene.vacant, super()._staged(timeline)
        still = before & self._vacant(scene)
        self._calm.start()
        return folded(scene, still, folds=self.folds) if still else scene

    def _vacant(self, scene: Scene) -> frozenset[str]:
        """The lanes to fold; none where all have room. The lane of what is chosen and that under the pointer stay."""
        frame = self.frame
        if scene.is_empty or whole_height(scene) + BODY_GAP <= frame.body_height + frame.fold:
            return frozenset()
        chosen = scene.bars.get(self.focus.bar)
        kept = {self.focus.lane, chosen.row.lane.id if chosen is not None else ""}
        return lanes_without(scene.body, (self.scale.left, self.scale.right), kept)

    def _fold(self, vacant: frozenset[str]) -> None:
        """Take those for the lanes with nothing in sight; the lane under the pointer, or the first, stays there.

        Where the lanes are not scrolled they stay so: what comes into sight above is then seen.
        """
        scene, frame = self.scene, self.frame
        if (vacant, self.folds) == (scene.vacant, scene.folds):
            return
        self.scene = folded(scene, vacant, folds=self.folds)
        rows = {row.lane.id: row for row in self.scene.body if row.height}
        seen = sorted(frame.seen_rows(scene.body), key=lambda row: row.lane.id != self.focus.lane)
        stays = next((row for row in seen if row.lane.id in rows), None)
        if stays is not None and frame.scroll:
            self._scroll = rows[stays.lane.id].top - stays.top + frame.scroll
        self._fit_frame()
