"""The installed Qt binding keeps Python's None alive (version 6.12.0 does not, before Python 3.12)."""

import sys

from PySide6.QtWidgets import QLabel

CALLS = 20_000


def test_twenty_thousand_calls_cost_none_nothing(qtbot):
    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        label.setText("x")
    assert sys.getrefcount(None) > before - CALLS // 2
    assert label.text() == "x"
