"""The table of promises, `tests/promises.csv`: each names a test that exists, and what it does not prove.

One row a promise and test: the promise in our own short words, the test, and the count it was tried with. A remark with
"not proved" says what is still open. The table claims nothing that its tests do not show.
"""

import csv

from tests.architecture.imports import ROOT
from tests.test_hazards import missing

TABLE = ROOT / "tests" / "promises.csv"
COUNTS = {"U": 36, "P": 21, "C": 20, "R": 16, "S": 19}
IDS = {f"{letter}{number}" for letter, last in COUNTS.items() for number in range(1, last + 1)} | {"S1b"}


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_promise_has_a_test_that_exists() -> None:
    assert [row["test"] for row in rows() if missing(row["test"])] == []
    assert {row["id"] for row in rows()} == IDS


def test_every_row_is_said_once_and_says_what_is_promised() -> None:
    table = rows()
    assert all(row["promise"] for row in table)
    said = [(row["id"], row["test"]) for row in table]
    assert sorted(set(said)) == sorted(said)


def test_a_test_that_is_not_there_is_noticed() -> None:
    assert missing("tests/promises/test_paper.py::test_no_such_thing")
    assert not missing("tests/test_promises.py::test_a_test_that_is_not_there_is_noticed")
