"""Pytest plugin of the headless suite: in this process PySide6 cannot be imported, whether it is installed or not.

Used as `pytest -p tests.without_qt`; the tests that need a window are left out of collection.
"""

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec

import pytest

NEED_QT = ("tests/ui", "tests/journeys")


class NoQt(MetaPathFinder):
    """Refuses every import of Qt's bindings."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if fullname.partition(".")[0] in ("PySide6", "shiboken6"):
            raise ImportError(f"{fullname} must not be imported in the headless suite")
        return None


sys.meta_path.insert(0, NoQt())


def pytest_addoption(parser: pytest.Parser) -> None:
    """Know the options of the Qt plugin, which is not loaded here."""
    parser.addini("qt_api", "not used without Qt")
    parser.addini("qt_log_level_fail", "not used without Qt")
    parser.addini("qt_log_ignore", "not used without Qt")


def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    if early_config.pluginmanager.hasplugin("pytest-qt"):
        raise pytest.UsageError("the headless suite runs with -p no:pytest-qt")


def pytest_ignore_collect(collection_path: object, config: pytest.Config) -> bool | None:
    folder = str(collection_path).replace("\\", "/")
    inside = folder.removeprefix(str(config.rootpath).replace("\\", "/") + "/")
    return True if inside.startswith(NEED_QT) else None
