"""How long functions, classes and files are, and which of them pass the limits of the house."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FUNCTION_LINES, FUNCTION_LINES_P95 = 50, 30
CLASS_LINES, CLASS_METHODS = 250, 20
FILE_LINES = 400

LIMITS = {"function": FUNCTION_LINES, "class": CLASS_LINES, "methods": CLASS_METHODS, "file": FILE_LINES}


@dataclass(frozen=True)
class Size:
    """One measured thing: (kind, place) names it, `amount` is lines, or methods for kind "methods"."""

    kind: str
    place: str
    amount: int


def measure(text: str, path: str) -> Iterator[Size]:
    """Every function, class and the file itself; decorators do not count, docstrings do."""
    yield Size("file", path, len(text.splitlines()))
    yield from _measure(ast.parse(text, path), path)


def _measure(node: ast.AST, place: str) -> Iterator[Size]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Size("function", f"{place}::{child.name}", _lines(child))
            yield from _measure(child, f"{place}::{child.name}")
        elif isinstance(child, ast.ClassDef):
            methods = [item for item in child.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)]
            yield Size("class", f"{place}::{child.name}", _lines(child))
            yield Size("methods", f"{place}::{child.name}", len(methods))
            yield from _measure(child, f"{place}::{child.name}")
        else:
            yield from _measure(child, place)


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


@cache
def measure_tree(root: Path) -> list[Size]:
    """All sizes of planner, ui and dev.py, measured once; of tests only how long each file is."""

    def measured(path: Path) -> Iterator[Size]:
        return measure(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix())

    files = [path for folder in ("planner", "ui") for path in (root / folder).rglob("*.py")]
    sizes = [size for path in sorted([*files, root / "dev.py"]) for size in measured(path)]
    return sizes + [next(measured(path)) for path in sorted((root / "tests").rglob("*.py"))]


def breaches(sizes: list[Size], exceptions: Mapping[tuple[str, str], tuple[int, str]]) -> list[str]:
    """What passes its limit, and which exception is no longer as large as it says: exceptions may only shrink."""
    lines = []
    found = {(size.kind, size.place): size.amount for size in sizes}
    for (kind, place), amount in found.items():
        limit = exceptions.get((kind, place), (LIMITS[kind], ""))[0]
        if amount > limit:
            lines.append(f"{place}: {kind} of {amount}, at most {limit}")
    for (kind, place), (allowed, reason) in exceptions.items():
        amount = found.get((kind, place), 0)
        if amount <= LIMITS[kind]:
            lines.append(f"{place}: needs no exception any more")
        elif amount < allowed:
            lines.append(f"{place}: the exception can shrink from {allowed} to {amount}")
        if not reason:
            lines.append(f"{place}: an exception needs a reason")
    return lines


def percentile_95(sizes: list[Size]) -> int:
    """The length that 95 of 100 functions do not pass."""
    lengths = sorted(size.amount for size in sizes if size.kind == "function")
    return lengths[min(len(lengths) - 1, len(lengths) * 95 // 100)]
