"""The window's tests: everything started in Qt is stopped again."""

import pytest

from tests.qt_guards import nothing_left_running  # noqa: F401
from ui.tongue import ENGLISH, use_language


@pytest.fixture(autouse=True)
def english_again():
    """Whatever language a test speaks, the next one begins in English."""
    yield
    use_language(ENGLISH)
