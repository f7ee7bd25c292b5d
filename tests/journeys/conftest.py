"""The journeys through the window: everything started in Qt is stopped again."""

from tests.qt_guards import nothing_left_running  # noqa: F401
