"""Pictures for looking at, in shots/: every page of every sheet of the demo plan, and the window's main views."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from planner.services.sheet_titles import SHEET_TITLES
from tests.architecture.imports import ROOT

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.main_window import MainWindow

OUT = ROOT / "shots"
PAPERS = ("A4", "Letter")
DOTS_PER_INCH = 110
MOMENT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
WINDOW = (1366, 768)
SCREEN = {
    "name": "large",
    "x": 0,
    "y": 0,
    "width": 1920,
    "height": 1080,
    "logicalDpi": 96,
    "logicalBaseDpi": 96,
    "dpr": 1,
}
VIEWS = ("findings", "table", "counters", "history", "calendar", "timeline")
DIALOGS = (
    *("new_patient", "edit_patient", "add_protocol", "move", "defer", "hold", "skip", "stop", "hang", "add_order"),
    *("bags", "decide", "branches", "print", "plan_history", "settings", "confirm", "palette", "shortcuts", "about"),
)


def main() -> int:
    """Write all pictures and say where they are."""
    OUT.mkdir(exist_ok=True)
    for old in OUT.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        pictures = [*shoot_sheets(Path(folder)), *shoot_window(Path(folder) / "data")]
    for picture in pictures:
        print(picture.relative_to(ROOT))
    return 0


def shoot_sheets(folder: Path) -> list[Path]:
    """Print the demo plan's sheets on each paper and draw their pages."""
    _regimap("demo", "--out", folder)
    pictures = []
    for sheet in SHEET_TITLES:
        for paper in PAPERS:
            file = folder / f"{sheet}-{paper}.pdf"
            _regimap("print", folder / "plan.json", "--sheet", sheet, "--paper", paper, "-o", file)
            pictures += draw_pages(file)
    return pictures


def _regimap(*words: object) -> None:
    done = subprocess.run([sys.executable, "-m", "planner", *map(str, words)], cwd=ROOT, check=False)
    if done.returncode not in (0, 1):  # 1: the demo plan has an open finding
        sys.exit(done.returncode)


def draw_pages(file: Path) -> list[Path]:
    """Every page of a PDF as one picture."""
    import pypdfium2

    document = pypdfium2.PdfDocument(file)
    pictures = []
    for number, page in enumerate(document, 1):
        picture = OUT / f"sheet-{file.stem}-{number:02}.png"
        page.render(scale=DOTS_PER_INCH / 72).to_pil().save(picture)
        pictures.append(picture)
    document.close()
    return pictures


def shoot_window(data: Path) -> list[Path]:
    """The window on the demo plan in every theme, with its views, a selected bar and its dialogs."""
    screen = data.with_name("screen.json")
    screen.write_text(json.dumps({"screens": [SCREEN]}))
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={screen}"
    from PySide6.QtWidgets import QApplication

    from planner.services.archive import Archive
    from ui.desk import Desk

    app = QApplication([])
    data.mkdir()
    with Archive.open(data) as archive:
        desk = Desk(app, data, archive, demo=True, moment=lambda: MOMENT)
        desk.show()
        desk.window.resize(*WINDOW)
        _until(lambda: bool(desk.document.library.protocols))
        pictures = _shoot_views(desk.window)
        desk.window.close()
    return pictures


def _shoot_views(window: "MainWindow") -> list[Path]:
    pictures = []
    for theme in ("", "-dark", "-contrast"):
        for view in VIEWS:
            window.act(view)
            pictures.append(_grab(window, f"window-{view}{theme}"))
        window.act("next_finding")
        pictures.append(_grab(window, f"window-selected{theme}"))
        window.select("blinatumomab")
        pictures.append(_grab(window, f"window-block{theme}"))
        for action in DIALOGS:
            window.act(action)
            pictures += _shoot_dialogs(window, f"dialog-{action}{theme}")
        window.act("theme")
    return pictures


def _shoot_dialogs(window: "MainWindow", name: str) -> list[Path]:
    from PySide6.QtWidgets import QDialog

    pictures = []
    for dialog in window.findChildren(QDialog):
        if dialog.isVisible():
            pictures.append(_grab(dialog, name))
            dialog.reject()
    return pictures


def _grab(widget: "QWidget", name: str) -> Path:
    _until(lambda: False, 0.4)  # give what is drawn beside the window time to arrive
    picture = OUT / f"{name}.png"
    widget.grab().save(str(picture))
    return picture


def _until(done: Callable[[], bool], seconds: float = 20) -> None:
    """Let the window work until something is there or the time is over."""
    from PySide6.QtCore import QCoreApplication

    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        QCoreApplication.processEvents()
        time.sleep(0.01)


if __name__ == "__main__":
    sys.exit(main())
