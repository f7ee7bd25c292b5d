"""The window's tests: everything started in Qt is stopped again."""

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from tests.qt_guards import nothing_left_running  # noqa: F401
from tests.ui.desks import open_desk
from ui.dialogs.described import DescribedDialog
from ui.tongue import ENGLISH, use_language


@pytest.fixture(autouse=True)
def english_again():
    """Whatever language a test speaks, the next one begins in English."""
    yield
    use_language(ENGLISH)


@pytest.fixture
def desk(qtbot, tmp_path):
    """A window on the demo patient."""
    with open_desk(qtbot, tmp_path / "data", demo=True) as made:
        yield made


@pytest.fixture
def answer(qtbot):
    """Does something with the next question that stands alone."""

    def plan(act):
        def now():
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, DescribedDialog)
            act(dialog)

        QTimer.singleShot(0, now)

    yield plan
    QApplication.instance().setStyleSheet("")
