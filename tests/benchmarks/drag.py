"""A block dragged in the window: from each movement of the mouse to verdict and frame; prints ms as JSON."""

import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from planner import paths
from planner.services import catalogue
from planner.services.store.archive import Archive
from tests.benchmarks.edit import MOMENT, largest_plan, open_window
from ui.desk import Desk


def time_moves(desk: Desk, moves: int) -> list[float]:
    """Take hold of the first block and move it to and fro, a day at a time: each time until all is painted.

    Every day is new to the rules at first; later the drag knows them, as in a person's hands.
    """
    view = desk.window.timeline
    view.show_span("3 months")
    surface = view.viewport()
    place = view.scene.bars[view.scene.top[0].bars[0].block]
    hold = QPoint(round(view.frame.header + view.scale.x(place.bar.start + 2.5)), view.frame.y(place.row) + 10)
    QTest.mousePress(surface, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, hold)
    times = []
    for number in range(1, moves + 1):
        at = hold + QPoint(round(number * view.scale.per_day), number % 3)
        began = time.perf_counter()
        QTest.mouseMove(surface, at)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest)
        times.append((time.perf_counter() - began) * 1e3)
        assert view.drag, "nothing is dragged"
        assert view.drag.delta == number, "the block does not follow"
        assert view.pointer.readout.text.count("\n") >= 2, "no verdict is shown"
    QTest.keyClick(view, Qt.Key.Key_Escape)
    QTest.mouseRelease(surface, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, hold)
    return times


def main() -> None:
    """Print {what was measured: [milliseconds]}."""
    library = catalogue.load_library(paths.resources())
    plan = largest_plan(library)
    app = QApplication([])
    with TemporaryDirectory() as folder, Archive.open(Path(folder)) as archive:
        desk = Desk(app, Path(folder), archive, demo=False, moment=lambda: MOMENT)
        open_window(desk, library, plan)
        QCoreApplication.processEvents()
        times = [one for _ in range(int(sys.argv[1])) for one in time_moves(desk, 25)]
        desk.window.close()
    print(json.dumps({f"drag: mouse move to verdict and frame, {plan.pins[0].id}": times}))


if __name__ == "__main__":
    main()
