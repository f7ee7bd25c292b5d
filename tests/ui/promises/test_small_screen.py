"""Promise U29 on the smallest screen at 150 %, in the longer language: everything that is asked has its buttons."""

import json
import os
import subprocess
import sys

from tests.architecture.imports import ROOT

SCREEN = {
    "name": "ward",
    "x": 0,
    "y": 0,
    "width": 1366,
    "height": 768,
    "logicalDpi": 96,
    "logicalBaseDpi": 96,
    "dpr": 1,
}
ON_THE_WARD = """
import pathlib, sys, time
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog
app = QApplication([])
from planner.services.store.archive import Archive
from planner.settings import Settings, save_settings
from tests.gallery_window import QUIET, select_for
from tests.ui.desks import NOON
from ui.actions import ACTIONS
from ui.desk import Desk
from ui.dialogs.described import DescribedDialog, Form
from ui.gate import first_form
from ui.dialogs.settings import settings_fields
from ui.dialogs.protecting import KEEP_WORDS
from ui.translated import translate

folder = pathlib.Path(sys.argv[1])
save_settings(folder / "settings.json", Settings(language="es", who="N"))
room = app.primaryScreen().availableGeometry().size()


def wait(seconds, done=lambda: False):
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.01)


def look(name, dialog):
    wait(0.03)
    if dialog.width() > room.width() or dialog.height() > room.height():
        print(name, "is larger than the screen", dialog.size(), room)
    for button in dialog.findChildren(QAbstractButton):
        if button.isVisible() and button.text() and button.visibleRegion().isEmpty() and name == "welcome":
            print(name, "hides", button.text())
    shown = [one for one in dialog.findChildren(QAbstractButton) if one.isVisible() and one.text()]
    if shown and all(one.visibleRegion().isEmpty() for one in shown):
        print(name, "has no button in sight")


with Archive.open(folder) as archive:
    desk = Desk(app, folder, archive, demo=True, moment=lambda: NOON)
    desk.show()
    window = desk.window
    window.furnish()
    wait(20, lambda: bool(desk.document.library.protocols))
    window.act("next_finding")
    wait(0.3)
    least = window.minimumSizeHint()
    if least.width() > room.width() or least.height() > room.height():
        print("the window needs", least, "of", room)
    welcome = DescribedDialog(first_form(desk.folder, str(desk.folder), list(KEEP_WORDS), desk.settings))
    translate(welcome)
    welcome.show()
    look("welcome", welcome)
    welcome.close()
    seen = 0
    for spec in ACTIONS:
        if spec.id in QUIET or spec.id in ("take_in", "save_plan"):
            continue
        select_for(window, spec.need)
        window.act(spec.id)
        for dialog in window.findChildren(QDialog):
            if dialog.isVisible():
                look(spec.id, dialog)
                seen += 1
                dialog.reject()
    print("dialogs", seen)
    window.close()
"""


def test_at_150_per_cent_every_question_stays_on_a_screen_of_1366_by_768(tmp_path):
    file = tmp_path / "screens.json"
    file.write_text(json.dumps({"screens": [SCREEN]}))
    (tmp_path / "data").mkdir()
    told = subprocess.run(
        [sys.executable, "-c", ON_THE_WARD, str(tmp_path / "data")],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={
            **os.environ,
            "QT_QPA_PLATFORM": f"offscreen:configfile={file}",
            "QT_SCALE_FACTOR": "1.5",
            "PYTHONPATH": str(ROOT),
        },
    )
    *problems, count = told.stdout.splitlines() or [told.stderr]
    assert problems == [], told.stdout + told.stderr
    assert int(count.split()[-1]) > 35, told.stdout + told.stderr
