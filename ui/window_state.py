"""How the window stood, what was in sight and which plan was open: a small file, never anything about a patient."""

from contextlib import suppress
from hashlib import sha256
from math import isfinite
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QByteArray, QSettings

from ui.main_window import MainWindow
from ui.tongue import say

FEWEST, MOST = 1e-3, 1e3
"""Pixels a day that make sense."""


class WindowState:
    """Reads and writes the state file; a file that makes no sense is the same as none.

    Beside it an empty file stands while the window is open. A disk that is full lets nobody write that the window was
    closed, but it lets a file be deleted.
    """

    def __init__(self, file: Path) -> None:
        self._mark = file.with_suffix(".open")
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)
        self.plan_id = self._text("plan")
        """The plan that was open last, or an empty text."""
        self._chosen = self._text("chosen")
        self._was_cut_off = self._mark.exists()

    def restore(self, window: MainWindow) -> None:
        """Put the window and its rooms where they were."""
        geometry, sizes = self._settings.value("geometry"), self._text("rooms").split()
        if isinstance(geometry, QByteArray):
            window.restoreGeometry(geometry)
        if len(sizes) == len(window.rooms.kept) and all(size.isdecimal() and len(size) < 6 for size in sizes):
            window.rooms.come_back([int(size) for size in sizes])
        window.timeline.use_folds(self._text("lanes") != "all")

    def look_again(self, window: MainWindow) -> None:
        """Bring the days into sight that were in sight when this plan was open last."""
        evaluated = window.document.evaluated
        if evaluated is None or evaluated.plan.id != self.plan_id:
            return
        try:
            left, per_day = map(float, self._text("sight").split())
        except ValueError:
            return
        if isfinite(left) and FEWEST <= per_day <= MOST:
            window.timeline.set_scale(replace(window.timeline.scale, left=left, per_day=per_day))
            window.timeline.zoom(1.0)  # a window that was narrower showed the same course in fewer px

    def come_back(self, window: MainWindow) -> None:
        """Select what was selected, where it is still there; say where the program did not end as it should."""
        timeline, plan_id = window.timeline, self.plan_id
        chosen = next((name for name, _ in timeline.scene.bars.named() if self._chosen == _mark(plan_id, name)), "")
        if chosen:
            sight = timeline.scale
            window.select(chosen)
            timeline.set_scale(sight)
        if self._was_cut_off and window.document.evaluated:
            window.notice.tell(say("Regimap was not closed last time. The plan stands as it was last saved."))

    def keep(self, window: MainWindow, *, closing: bool) -> None:
        """Remember how the window stands, what is in sight and the id of the open plan."""
        evaluated = window.document.evaluated
        plan_id = evaluated.plan.id if evaluated else ""
        scale, chosen = window.timeline.scale, window.timeline.selection
        self._settings.setValue("geometry", window.saveGeometry())
        self._settings.setValue("rooms", " ".join(str(size) for size in window.rooms.kept))
        self._settings.setValue("lanes", "folded" if window.timeline.folds else "all")
        self._settings.setValue("plan", plan_id)
        self._settings.setValue("sight", f"{scale.left:.3f} {scale.per_day:.4f}" if plan_id else "")
        self._settings.setValue("chosen", _mark(plan_id, chosen.bar.id) if plan_id and chosen else "")
        self._settings.sync()
        with suppress(OSError):
            Path(self._settings.fileName()).chmod(0o600)
        with suppress(OSError):  # where nothing can be written, nobody is told of a crash: better than told of none
            if closing:
                self._mark.unlink(missing_ok=True)
            else:
                self._mark.touch(mode=0o600)

    def _text(self, name: str) -> str:
        return str(self._settings.value(name, "") or "")


def _mark(plan_id: str, name: str) -> str:
    """Tells the bar of that plan again without naming a drug or a day."""
    return sha256(f"{plan_id}/{name}".encode()).hexdigest()[:16]
