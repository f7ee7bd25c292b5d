"""Pictures of one window: python -m tests.gallery_window DATA OUT PLAN THEME SCALE; every view, then every dialog."""

import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from planner.model.library import Library
from planner.model.patient import CoMedication
from planner.model.plan import Plan
from planner.services.store.archive import Archive
from planner.services.verbs import placing
from tests.benchmarks.edit import PATIENT
from ui.actions import ACTIONS, Need
from ui.desk import Desk
from ui.main_window import MainWindow

WINDOW = (1366, 768)
MOMENT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
VIEWS = (
    *("timeline", "fit_all", "span_week", "span_cycle", "span_quarter", "span_year", "axis"),
    *("findings", "table", "counters", "history", "calendar"),
)
QUIET = frozenset(
    {
        "quit",
        "lock",
        "theme",
        "undo",
        "redo",
        "inspector",
        "reset_layout",
        "later_day",
        "earlier_day",
        "later_week",
        "earlier_week",
    }
    | {"new_plan", "remove", "resume", "forget_given", "back_up", "open_demo", *VIEWS}
)
"""Actions that open no dialog, change the plan or end the window."""


def main() -> None:
    """Write the pictures."""
    data, out, name, theme, scale = sys.argv[1:]
    folder, picture = Path(data), f"{name}-{theme}-{scale}"
    app = QApplication([])
    folder.mkdir(parents=True)
    with Archive.open(folder) as archive:
        desk = Desk(app, folder, archive, demo=True, moment=lambda: MOMENT)
        desk.show()
        desk.window.furnish()
        desk.use_settings(replace(desk.settings, theme=theme))
        desk.window.resize(*WINDOW)
        until(lambda: "calgb-10403" in desk.document.library.protocols)  # at first only what the demo needs is read
        if name == "crowded":
            desk.document.create(crowded(desk.document.library), "Crowded plan")
            desk.window.show_plans()
        shoot(desk.window, Path(out), picture)
        desk.window.close()


def crowded(library: Library) -> Plan:
    """Three years: a long backbone, a second protocol beside it from the third month on, and other medicines."""
    start = date(2026, 1, 5)
    others = (
        CoMedication("posaconazole", start, date(2026, 6, 30)),
        CoMedication("levofloxacin", start, date(2026, 3, 31)),
        CoMedication("omeprazole", start, None),
    )
    patient = replace(PATIENT, co_medications=others)
    plan = placing.new_plan("crowded", patient)
    for protocol, day in (("calgb-10403", start), ("ponatinib-blinatumomab", date(2026, 3, 2))):
        plan = placing.add_protocol(plan, library.protocols[protocol], placing.start_on(day))
    return plan


def shoot(window: MainWindow, out: Path, name: str) -> None:
    """Every view, a selected finding and a selected block, then whatever dialog an action opens."""
    for view in VIEWS:
        window.act(view)
        grab(window, out / f"window-{name}-{view}.png")
    window.act("timeline")
    window.act("axis")
    window.act("next_finding")
    grab(window, out / f"window-{name}-selected.png")
    window.act("pick_all")
    grab(window, out / f"window-{name}-several.png")
    select_for(window, Need.BLOCK)
    grab(window, out / f"window-{name}-block.png")
    window.catalogue.table.selectRow(0)
    for spec in ACTIONS:
        if spec.id not in QUIET:
            select_for(window, spec.need)
            shoot_dialog(window, spec.id, out / f"dialog-{name}-{spec.id}.png")
    select_for(window, Need.DOSE, several=True)
    for action in ("given", "omit", "move"):
        shoot_dialog(window, action, out / f"dialog-{name}-{action}-several.png")


def select_for(window: MainWindow, need: Need, *, several: bool = False) -> None:
    """Select what such an action needs: a block, a dose of it (or all of them), an open finding."""
    scene = window.timeline.scene
    dosed = Counter(bar.block for row in scene.body for bar in row.bars if bar.form in ("dose", "infusion"))
    block = dosed.most_common(1)[0][0]
    doses = [bar.id for row in scene.body for bar in row.bars if bar.block == block and row.lane.kind == "drug"]
    if need is Need.OPEN_FINDING:
        window.select("")
        window.act("next_finding")
    elif need is Need.DOSE:
        window.select(doses[0], frozenset(doses) if several else frozenset())
    elif need is Need.BLOCK:
        window.select(block)


def shoot_dialog(window: MainWindow, action: str, picture: Path) -> None:
    """The dialog that action opens, where it opens one."""
    window.act(action)
    for dialog in window.findChildren(QDialog):
        if dialog.isVisible():
            grab(dialog, picture, 2.5 if action == "print" else 0.4)
            dialog.reject()


def grab(widget: QWidget, picture: Path, seconds: float = 0.4) -> None:
    """Give what is drawn beside the window time to arrive and to be laid out, then keep the picture."""
    until(lambda: False, seconds)
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents()
    widget.grab().save(str(picture))


def until(done: Callable[[], bool], seconds: float = 20) -> None:
    """Let the window work until something is there or the time is over."""
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        QCoreApplication.processEvents()
        time.sleep(0.01)


if __name__ == "__main__":
    main()
