"""The desktop locks its screen, and the window locks with it. In a process of its own, with a bus of its own."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.architecture.imports import ROOT

DESKTOP = """
from PySide6.QtCore import QCoreApplication, QObject, QTimer
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from ui.keeping.session import SessionWatch
app, owner = QCoreApplication([]), QObject()
watch = SessionWatch(owner)
print("listens", watch.listens)
watch.locked.connect(lambda: (print("locked"), app.quit()))
desktop = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, "desktop")
for active in (False, True):
    said = QDBusMessage.createSignal("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged")
    said.setArguments([active])
    desktop.send(said)
QTimer.singleShot(20_000, app.quit)
app.exec()
"""


def _run(**variables):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **variables}
    return subprocess.run(
        [sys.executable, "-c", DESKTOP],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    ).stdout.split()


@pytest.mark.skipif(not shutil.which("dbus-daemon"), reason="there is no bus on this machine")
def test_window_is_told_when_the_desktop_locks():
    command = ["dbus-daemon", "--session", "--print-address=1", "--nofork"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as bus:
        try:
            address = bus.stdout.readline().strip()
            assert _run(DBUS_SESSION_BUS_ADDRESS=address) == ["listens", "True", "locked"]
        finally:
            bus.kill()
