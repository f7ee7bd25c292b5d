"""No file of the project names a place on somebody's machine or the address of a package index, or puts work off."""

import re

import pytest

from tests.architecture.imports import ROOT

TEXT = {".py", ".toml", ".md", ".txt", ".lock", ".json", ".sh", ".cfg", ".ini", ".yml", ".svg", ".csv", ""}
SKIPPED = {"__pycache__", "build", "demo-out", "shots", "bench-out", "regimap.egg-info", "node_modules"}
HIDDEN_BUT_OURS = {".ci", ".gitignore"}

MACHINE_PATH = re.compile(r"(?<![\w.~*>-])/(?:home|root|Users|mnt|srv|opt|work|tmp)/\w")
INDEX = re.compile(
    r"https?://[^\s\"']*(?:pypi|npmjs|pythonhosted)|(?:extra-)?index-" + r"url|find-" + r"links|trusted-" + r"host"
)
PUT_OFF = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")


def breaches(text):
    """The words of one file that must not stand there."""
    found = [match.group() for pattern in (MACHINE_PATH, INDEX) for match in pattern.finditer(text)]
    return found + [match.group() for match in PUT_OFF.finditer(text)]


def _files():
    for path in sorted(ROOT.rglob("*")):
        parts = set(path.relative_to(ROOT).parts)
        hidden = {part for part in parts if part.startswith(".")} - HIDDEN_BUT_OURS
        if path.is_file() and path.suffix in TEXT and not (hidden or SKIPPED & parts) and path.name != "test_words.py":
            yield path


def test_no_file_says_them():
    said = {
        str(path.relative_to(ROOT)): breaches(path.read_text(encoding="utf-8", errors="replace")) for path in _files()
    }
    assert {name: words for name, words in said.items() if words} == {}


@pytest.mark.parametrize(
    "text",
    [
        "open('/home/ana/plan.json')",
        "/Users/ana/x",
        "see https://files.pythonhosted.example/simple",
        "--index-" + "url x",
        "find-" + "links = x",
        "# TODO later",
    ],
)
def test_planted_word_is_found(text):
    assert breaches(text)


INNER = "work"
"""A machine's folder name that is harmless inside a relative path."""


@pytest.mark.parametrize(
    "text", ["https://www.accessdata.fda.gov/home/label", f"resources/{INNER}/x", "pip install regimap"]
)
def test_plain_text_passes(text):
    assert not breaches(text)
