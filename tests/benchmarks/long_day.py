"""What a day of thousands of edits leaves in memory: `python -m tests.benchmarks.long_day 10000`.

The window on the demo plan; a random block moves by some days, each move painted and saved. After 32 moves nothing is
done for 0.6 s, as people rest far more often; `--no-rest` leaves that out. Prints the process's memory
in MB after opening and after the moves, as JSON (promises.md R14 asks for a tenth more at the most).
"""

import json
import os
import random
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from planner.model.plan import Plan
from planner.paths import resources
from planner.services.catalogue import load_library
from planner.services.demo import demo_plan
from planner.services.verbs.editing import move_block
from tests.benchmarks.edit import MOMENT, open_window

DAYS = (-3, -2, -1, 1, 2, 3)
RUN, REST = 32, 600
"""Moves without a rest, and milliseconds."""


def held_mb() -> float:
    """What the process holds in memory now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def measure(moves: int, *, rests: bool = True) -> dict[str, float]:
    """Memory after opening and after all moves."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from planner.services.store.archive import Archive
    from ui.desk import Desk

    app, dice = QApplication([]), random.Random(1)
    found: dict[str, float] = {}
    with TemporaryDirectory() as folder, Archive.open(Path(folder)) as archive:
        desk = Desk(app, Path(folder), archive, demo=False, moment=lambda: MOMENT)
        window, document = desk.window, desk.document
        open_window(desk, load_library(resources()), demo_plan(resources()))
        app.processEvents()
        found["after opening"] = held_mb()
        blocks = [block.id for block in document.evaluated.plan.blocks]
        while document.stack.count() < moves:
            block, days = dice.choice(blocks), dice.choice(DAYS)
            document.edit("Move", partial(_moved, block, days))
            app.processEvents()
            if rests and document.stack.count() % RUN == 0:
                rest = QEventLoop()
                QTimer.singleShot(REST, rest.quit)
                rest.exec()
        found["after the moves"] = held_mb()
        window.close()
        document.stack.clear()  # else it tells the window of its own end, which may be gone by then
    return found


def _moved(block: str, days: int, plan: Plan) -> Plan:
    return move_block(plan, block, days)


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), rests="--no-rest" not in sys.argv)))
