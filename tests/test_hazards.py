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
SEED = {
    "H1": "C9 P7 P19",
    "H2": "R12 C3 C13",
    "H3": "C4 S12 P3",
    "H4": "C7 C12 P15",
    "H5": "P7 P10 P19 C14",
    "H6": "C19 P11 C14",
    "H7": "C10 C16",
    "H8": "C11 U17",
    "H9": "S8 S9 C8 P2",
    "H10": "R1 R2 R3 R4 R5 R6 R7 R8 R9",
    "H11": "C5 S11 U22",
    "H12": "C14 C15 S17 C20",
    "H13": "S1 S2 S3 S4 S5 S6 S7 S15",
    "H14": "S10 S18",
    "H15": "C10",
}
"""The main controls of each hazard, as the promises name them."""
HAZARDS = list(SEED)


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


def test_every_hazard_has_the_controls_that_the_promises_name():
    told = {(row["hazard"], row["promise"]) for row in rows()}
    assert [one for one in SEED for promise in SEED[one].split() if (one, promise) not in told] == []


@pytest.mark.parametrize("test", ["tests/nothing.py::test_x", "tests/test_hazards.py::test_no", "planner/files.py", ""])
def test_a_test_that_is_not_there_is_noticed(test):
    assert missing(f"{test}") == test
    assert missing("tests/test_hazards.py::test_every_control_has_a_test") == ""
