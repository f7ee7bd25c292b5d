"""The size limits of the house hold; each limit catches a thing that is too large."""

import pytest

from tests.architecture import sizes
from tests.architecture.imports import ROOT

EXCEPTIONS: dict[tuple[str, str], tuple[int, str]] = {}  # (kind, place): (amount, reason); may only shrink


def test_nothing_is_too_large():
    assert sizes.breaches(sizes.measure_tree(ROOT), EXCEPTIONS) == []


def test_tests_are_measured_as_files():
    own = [size for size in sizes.measure_tree(ROOT) if size.place.startswith("tests/")]
    assert {size.kind for size in own} == {"file"}
    assert "tests/architecture/test_sizes.py" in {size.place for size in own}


def test_functions_are_short():
    assert sizes.percentile_95(sizes.measure_tree(ROOT)) <= sizes.FUNCTION_LINES_P95


def _function(lines: int, name: str = "f") -> str:
    return f"def {name}():\n" + "    x = 1\n" * (lines - 1)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (_function(51), "p.py::f: function of 51, at most 50"),
        ("class A:\n" + "    x = 1\n" * 250, "p.py::A: class of 251, at most 250"),
        ("class A:\n" + "".join(f"    def m{i}(self): ...\n" for i in range(21)), "p.py::A: methods of 21, at most 20"),
        ("x = 1\n" * 401, "p.py: file of 401, at most 400"),
        ("class A:\n    def m(self):\n" + "        x = 1\n" * 50, "p.py::A::m: function of 51, at most 50"),
    ],
    ids=["function", "class", "methods", "file", "method"],
)
def test_limit_catches(text, line):
    assert sizes.breaches(list(sizes.measure(text, "p.py")), {}) == [line]


@pytest.mark.parametrize("text", [_function(50), "x = 1\n" * 400], ids=["function", "file"])
def test_limit_itself_is_allowed(text):
    assert sizes.breaches(list(sizes.measure(text, "p.py")), {}) == []


def test_exceptions_only_shrink():
    long = list(sizes.measure(_function(60), "p.py"))
    key = ("function", "p.py::f")
    assert sizes.breaches(long, {key: (60, "a table of cases")}) == []
    assert sizes.breaches(long, {key: (59, "a table of cases")}) == ["p.py::f: function of 60, at most 59"]
    assert sizes.breaches(long, {key: (70, "a table")}) == ["p.py::f: the exception can shrink from 70 to 60"]
    assert sizes.breaches(long, {key: (60, "")}) == ["p.py::f: an exception needs a reason"]
    short = list(sizes.measure(_function(50), "p.py"))
    assert sizes.breaches(short, {key: (60, "a table of cases")}) == ["p.py::f: needs no exception any more"]


def test_95th_percentile_counts_the_long_tail():
    long_tail = "".join(_function(40 if i < 6 else 5, f"f{i}") for i in range(100))
    assert sizes.percentile_95(list(sizes.measure(long_tail, "p.py"))) == 40
    short_tail = "".join(_function(40 if i < 5 else 5, f"f{i}") for i in range(100))
    assert sizes.percentile_95(list(sizes.measure(short_tail, "p.py"))) == 40
    shorter_tail = "".join(_function(40 if i < 4 else 5, f"f{i}") for i in range(100))
    assert sizes.percentile_95(list(sizes.measure(shorter_tail, "p.py"))) == 5
