"""One window for each folder: a second start knocks at the first window's door, which comes forward."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication, QWidget

WAIT = 800
"""Milliseconds a knock waits for somebody to open."""


def knock(door: str) -> bool:
    """Whether a window answered."""
    socket = QLocalSocket()
    socket.connectToServer(door)
    answered = socket.waitForConnected(WAIT)
    socket.abort()
    return answered


class Door(QObject):
    """Listens until the window closes; every knock brings the window forward."""

    def __init__(self, name: str, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(name)  # what a crash may have left
        self._server.listen(name)
        self._server.newConnection.connect(self._answer)

    def close(self) -> None:
        """Listen no more."""
        self._server.close()

    def _answer(self) -> None:
        socket = self._server.nextPendingConnection()
        if socket is not None:
            socket.deleteLater()
        # While it is locked the window is hidden, and the question for the passphrase stands in its place.
        shown = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
        for window in [self._window] if self._window in shown else shown:
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
            window.raise_()
            window.activateWindow()
