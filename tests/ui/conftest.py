"""The window's tests: everything started in Qt is stopped again."""

from tests.qt_guards import nothing_left_running  # noqa: F401
