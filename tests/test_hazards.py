"""The hazard log, `tests/hazards.csv`: every control names a test that exists.

Seeded from the hazards of the product's promises (their section 8). One row a control: the hazard with its cause and
harm, the promise it serves, the control, the test that shows it, and what remains. The log claims no conformity with a
standard.
"""

import ast
import csv
from functools import cache

import pytest

from tests.architecture.imports import ROOT

LOG = ROOT / "tests" / "hazards.csv"
HAZARDS = [f"H{number}" for number in range(1, 16)]


def rows():
    with LOG.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def missing(test):
    """What a test id names that is not there; empty where it is."""
    file, _, function = test.partition("::")
    path = ROOT / file
    if not (file.startswith("tests/") and path.is_file()):
        return test
    return "" if not function or function in functions_of(path) else test


@cache
def functions_of(path):
    """The names of a file's functions."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return frozenset(node.name for node in nodes if isinstance(node, ast.FunctionDef))


def test_every_control_has_a_test():
    assert [missing(row["test"]) for row in rows() if missing(row["test"])] == []


def test_every_hazard_has_a_control_and_every_cell_a_word():
    log = rows()
    assert sorted({row["hazard"] for row in log}, key=HAZARDS.index) == HAZARDS
    assert [row for row in log if not all(row.values())] == []
    described = {}
    for row in log:
        facts = (row["title"], row["cause"], row["harm"], row["residual"])
        assert described.setdefault(row["hazard"], facts) == facts


@pytest.mark.parametrize("test", ["tests/nothing.py::test_x", "tests/test_hazards.py::test_no", "planner/files.py", ""])
def test_a_test_that_is_not_there_is_noticed(test):
    assert missing(f"{test}") == test
    assert missing("tests/test_hazards.py::test_every_control_has_a_test") == ""
