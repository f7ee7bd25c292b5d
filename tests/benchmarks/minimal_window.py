"""The least a PySide6 program can show: one painted widget, left at the end of its first paint."""

import os

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget


class Canvas(QWidget):
    """Paints a white ground and a word."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        painter.drawText(20, 20, "x")
        painter.end()
        os._exit(0)


if __name__ == "__main__":
    app = QApplication([])
    canvas = Canvas()
    canvas.resize(1200, 800)
    canvas.show()
    app.exec()
