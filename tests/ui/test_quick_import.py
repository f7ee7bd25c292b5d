"""What the start leaves out of other packages is still to be had, and what it keeps of them is not believed blindly."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.imports import ROOT
from ui.quick_import import PatternLater, kept_code, later, patterns_later

STRUCTS = """
import sys
from ui.quick_import import import_structs
import_structs()
assert "msgspec" in sys.modules and "typing_extensions" not in sys.modules
import typing_extensions
from planner.model.plan import Plan
import msgspec
assert msgspec.json.decode(b"[1]") == [1]
assert msgspec.inspect.type_info(int).ge is None
import platform
assert platform.python_implementation() == "CPython"
print(len(Plan.__struct_fields__) > 3)
"""
QT = """
import builtins, sys
before = builtins.compile
from ui.quick_import import NOT_YET, import_qt
import_qt()
assert builtins.compile is before and builtins.__import__ is not builtins.__feature_import__
assert not any(name in sys.modules for name in NOT_YET)
import logging
logging.getLogger("x").handlers
from PySide6.QtCore import QPoint
from PySide6.support.signature import get_signature
try:
    QPoint("a", "b", "c")  # a wrong call is explained by the part that is kept compiled
except TypeError as error:
    print("QPoint" in str(error) and len(get_signature(QPoint)) > 1)
import inspect, io, textwrap, tokenize, urllib.parse
assert textwrap.wrap("one two-three", 4) == ["one", "two-", "thre", "e"]
assert textwrap.dedent("  a\\n  b") == "a\\nb"
assert len(list(tokenize.tokenize(io.BytesIO(b"# coding: utf-8\\na = 1").readline))) == 8
assert urllib.parse.unquote("a%20b") == "a b" and urllib.parse.quote_plus("a b") == "a+b"
"""


@pytest.mark.parametrize("script", [STRUCTS, QT])
def test_what_was_left_out_is_there_when_it_is_asked_for(script):
    for _ in range(2):  # without compiled code and with it
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
        )
        assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr


def test_a_module_that_waits_is_the_real_one_as_soon_as_it_is_used(monkeypatch):
    monkeypatch.delitem(sys.modules, "this_is_no_module", raising=False)
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    with later(("colorsys", "this_is_no_module")):
        import colorsys

        import this_is_no_module

        assert colorsys.rgb_to_hsv(0, 0, 0) == (0.0, 0.0, 0)
        with pytest.raises(ModuleNotFoundError):
            _ = this_is_no_module.anything
    assert sys.modules["colorsys"] is not colorsys
    assert "this_is_no_module" not in sys.modules


@pytest.fixture
def file(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path / "__pycache__" / "kept.pyc"


def _value(file: Path, text: str | bytes) -> object:
    names: dict[str, object] = {}
    with kept_code(file):
        exec(compile(text, "part.py", "exec"), names)
    return names["value"]


def test_code_is_taken_from_the_file_while_the_text_is_the_same(file):
    assert _value(file, "value = 1") == 1
    first = file.stat().st_mtime_ns, file.read_bytes()
    assert _value(file, b"value = 1") == 1
    assert (file.stat().st_mtime_ns, file.read_bytes()) == first
    assert _value(file, "value = 2") == 2
    assert file.read_bytes() != first[1]


def test_it_is_the_kept_code_that_runs(file):
    assert _value(file, "value = 1000001") == 1000001
    content = file.read_bytes()
    planted = content.replace((1000001).to_bytes(4, "little"), (1000002).to_bytes(4, "little"))
    assert planted != content
    head, body = planted[:4], planted[8:]
    from zlib import crc32

    file.write_bytes(head + crc32(body).to_bytes(4) + body)
    assert _value(file, "value = 1000001") == 1000002


@pytest.mark.parametrize("place", [0, 5, 20, -1])
def test_a_damaged_file_only_costs_time(file, place):
    assert _value(file, "value = 1") == 1
    content = bytearray(file.read_bytes())
    content[place] ^= 4
    file.write_bytes(content)
    assert _value(file, "value = 1") == 1
    for size in range(0, len(content), 7):
        file.write_bytes(content[:size])
        assert _value(file, "value = 1") == 1


def test_nothing_is_written_where_python_writes_none_or_the_place_does_not_let_us(file, monkeypatch, tmp_path):
    (tmp_path / "plain").write_text("")
    assert _value(tmp_path / "plain" / "kept.pyc", "value = 1") == 1
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert _value(file, "value = 1") == 1
    assert not file.parent.exists()


def test_what_is_not_a_whole_text_is_compiled_as_ever(file):
    with kept_code(file):
        assert eval(compile("1 + 1", "x", "eval")) == 2
        with pytest.raises(SyntaxError):
            compile("1 +", "x", "exec")
    assert not file.exists()


def test_a_regular_expression_waits_until_it_is_used_and_then_does_what_it_always_does():
    names: dict[str, object] = {"__name__": "this.part", "re": re}
    with patterns_later("this."):
        exec('part = re.compile(r"\\s*,\\s*", re.VERBOSE)\ncut = part.split', names)
        assert isinstance(re.compile("x"), re.Pattern), "others get theirs at once"
        with pytest.raises(re.error):
            re.compile("(")
    assert isinstance(names["part"], PatternLater)
    assert names["cut"]("a , b,c") == ["a", "b", "c"]
    assert names["part"].pattern == r"\s*,\s*"
    assert names["part"].flags & re.VERBOSE
    assert not hasattr(names["part"], "__isabstractmethod__")
    assert isinstance(re.compile("x"), re.Pattern)
