"""How long an edit takes until its findings are there, for the largest shipped protocol; prints times as JSON (ms)."""

import json
import random
import sys
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from planner import paths
from planner.checking.memory import forget
from planner.model.library import Library
from planner.model.patient import Measurement, Patient
from planner.model.plan import Plan
from planner.services import catalogue
from planner.services.evaluation import evaluate
from planner.services.verbs import editing, placing

if TYPE_CHECKING:
    from ui.desk import Desk

START = date(2026, 1, 5)
YEARS = "ponatinib-blinatumomab"
"""Daily doses over years, a birthday in every few cycles: these are judged again wherever they are moved."""
MOMENT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
PATIENT = Patient(
    "1", "Example", "Ana", date(2000, 3, 14), "female", (Measurement(START, Decimal("168"), Decimal("70.4")),)
)


def largest_plan(library: Library) -> Plan:
    """The shipped protocol that gives most events, placed whole."""
    plans = [whole_plan(protocol, library) for protocol in library.protocols]
    return max(plans, key=lambda plan: len(evaluate(plan, library).schedule.events))


def whole_plan(protocol: str, library: Library) -> Plan:
    """A shipped protocol, placed whole."""
    empty = placing.new_plan("bench", PATIENT)
    return placing.add_protocol(empty, library.protocols[protocol], placing.start_on(START))


def time_edits(plan: Plan, library: Library, rounds: int) -> list[float]:
    """Move the first block, and with it all that hangs on it, by a day; each time from the edit to all findings.

    Always onwards: on days where the plan stood before, findings are remembered, and a user rarely goes there.
    """
    block, times = plan.blocks[0].id, []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        plan = editing.move_block(plan, block, 1)
        evaluate(plan, library)
        times.append((time.perf_counter() - began) * 1e3)
    return times[1:]


def any_moves(plan: Plan, rounds: int) -> list[tuple[str, int]]:
    """Blocks and days, as they come."""
    dice = random.Random(1)
    return [(dice.choice(plan.blocks).id, dice.choice((-3, -2, -1, 1, 2, 3))) for _ in range(rounds)]


def time_any_edits(plan: Plan, library: Library, rounds: int) -> list[float]:
    """Move any block by some days, as it comes."""
    forget()
    times = []
    for block, days in any_moves(plan, rounds):
        began = time.perf_counter()
        plan = editing.move_block(plan, block, days)
        evaluate(plan, library)
        times.append((time.perf_counter() - began) * 1e3)
    return times


def _moved(block: str, days: int, plan: Plan) -> Plan:
    return editing.move_block(plan, block, days)


def _settle() -> None:
    """Let the program do all that it put off, as it has done before a person's next edit."""
    from PySide6.QtCore import QAbstractEventDispatcher, QEventLoop

    dispatcher = QAbstractEventDispatcher.instance()
    for _ in range(100):
        if not dispatcher.processEvents(QEventLoop.ProcessEventsFlag.AllEvents):
            return


def open_window(desk: "Desk", library: Library, plan: Plan) -> None:
    """Show the plan in the window as a user has it: furnished and in its style sheet.

    Fusion's own scroll bars and frames are painted by several threads and waited for, which the program never does.
    """
    from ui.style import build_style_sheet

    desk.window.furnish()
    desk.app.setStyleSheet(build_style_sheet(desk.theme))
    desk.document.use_library(library)
    desk.document.create(plan, "Benchmark")
    desk.window.resize(1366, 768)
    desk.window.show()


def time_edits_on_screen(
    plan: Plan, library: Library, moves: Sequence[tuple[str, int]]
) -> tuple[list[float], list[float], list[float]]:
    """Such moves made in the window: until the findings are painted, which comes first, until the frame of the edit is,
    and until all is done that was put off behind it: saved, counted, described.
    """
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    from planner.services.store.archive import Archive
    from ui.desk import Desk

    forget()
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    shown, painted, done = [], [], []
    with TemporaryDirectory() as folder, Archive.open(Path(folder)) as archive:
        desk = Desk(app, Path(folder), archive, demo=False, moment=lambda: MOMENT)
        window, document = desk.window, desk.document
        open_window(desk, library, plan)
        furniture = window.furniture
        show_findings, at = furniture.show_plan, 0.0

        def noted(*asked: Any, **named: Any) -> None:
            nonlocal at
            show_findings(*asked, **named)
            at = time.perf_counter()

        furniture.show_plan = noted  # type: ignore[method-assign]  # notes the time, changes nothing
        for block, days in moves:
            _settle()
            began = time.perf_counter()
            window.wishes.changes.edit("Move", partial(_moved, block, days))
            # The one painting of everything that changed, and not yet the timer behind which the edit is saved.
            QCoreApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest)
            painted.append((time.perf_counter() - began) * 1e3)
            shown.append((at - began) * 1e3)
            _settle()
            done.append((time.perf_counter() - began) * 1e3)
        window.close()
        document.stack.clear()  # else it tells the window of its own end, which may be gone by then
    return shown[3:], painted[3:], done[3:]


def main() -> None:
    """Print {what was measured: [milliseconds]}."""
    rounds = int(sys.argv[1])
    library = catalogue.load_library(paths.resources())
    plan = largest_plan(library)
    evaluated = evaluate(plan, library)
    size = f"{plan.pins[0].id}, {len(evaluated.schedule.events)} events, {len(library.rules)} rules"
    all_moved, any_moved = [(plan.blocks[0].id, 1)] * (rounds + 3), any_moves(plan, rounds + 3)
    all_shown, all_painted, all_done = time_edits_on_screen(plan, library, all_moved)
    any_shown, any_painted, any_done = time_edits_on_screen(plan, library, any_moved)
    figures = {
        f"edit to findings, all moved: {size}": time_edits(plan, library, rounds),
        f"edit to findings, all moved: {YEARS}": time_edits(whole_plan(YEARS, library), library, rounds),
        "edit to findings, any block moved": time_any_edits(plan, library, rounds),
        "edit to findings shown in the window, all moved": all_shown,
        "edit to findings shown in the window, any block moved": any_shown,
        "edit to everything painted, all moved": all_painted,
        "edit to everything painted, any block moved": any_painted,
        "edit to all counted, described and saved, all moved": all_done,
        "edit to all counted, described and saved, any block": any_done,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
