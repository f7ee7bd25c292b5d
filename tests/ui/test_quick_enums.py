"""Enumerations made quickly are those that Python makes, member for member."""

import subprocess
import sys
from enum import Enum, EnumType, Flag, FlagBoundary, IntEnum, IntFlag
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.architecture.imports import ROOT
from ui import quick_enums

NUMBERS = st.sampled_from((0, 1, 2, 3, 4, 5, 7, 8, 12, 16, 2**20, 2**32 - 1))
NAMES = st.sampled_from(("A", "B", "C", "D", "E1", "None_", "x", "mro_", "Z"))
QT = """
import sys
from enum import EnumType
from ui.quick_enums import quick_enums
if sys.argv[1] == "quick":
    quick_enums()
from PySide6 import QtCore, QtGui, QtWidgets
MODULES = QtCore, QtGui, QtWidgets
def look(kind, path):
    for name in sorted(dir(kind) if kind in MODULES else vars(kind)):
        found = getattr(kind, name, None)
        if isinstance(found, EnumType):
            print(path, name, found.__mro__, found.__module__, found.__qualname__, list(found), len(found))
            print({key: (one._value_, one._name_, one._sort_order_) for key, one in found.__members__.items()})
            print([found(one.value) is one for one in found], [str(one) + repr(one) for one in found])
            print(*[getattr(found, mask, "") for mask in ("_flag_mask_", "_singles_mask_", "_all_bits_", "_boundary_")])
        elif isinstance(found, type) and path.count(".") < 3:
            look(found, f"{path}.{name}")
for module in MODULES:
    look(module, module.__name__)
"""


def _told(made: Any) -> dict[str, Any]:
    """All that an enumeration holds, its members by what they hold."""

    def told(value: Any) -> Any:
        if isinstance(value, made):
            return type(value) is made and value.__objclass__ is made, {**vars(value), "__objclass__": None}
        if isinstance(value, dict):
            return [(key, told(one)) for key, one in value.items()]
        return getattr(value, "__func__", value)

    holds = {key: told(value) for key, value in vars(made).items() if key not in ("__dict__", "__weakref__")}
    return {**holds, "": (made.__name__, made.__qualname__, made.__bases__, type(made), list(map(told, made)))}


def _asked(made: Any, value: int) -> Any:
    """The member of that value in words, or how asking for it fails."""
    try:
        found = made(value)
    except (TypeError, ValueError) as error:
        return type(error)
    return found.name, found.value, str(found), repr(found)


def _both(base: Any, pairs: Any, **others: Any) -> tuple[Any, Any]:
    """The enumeration as Python makes it and as it is made here."""
    return (
        quick_enums._really(base, "Made", pairs, module="one", **others),
        quick_enums._create(base, "Made", pairs, module="one", **others),
    )


@given(
    st.sampled_from((Enum, IntEnum, Flag, IntFlag)),
    st.dictionaries(NAMES, NUMBERS),
    st.sampled_from((None, FlagBoundary.KEEP)),
)
def test_plain_ones_are_the_same(base, values, boundary):
    pairs = list(values.items())
    expected, made = _both(base, pairs, boundary=boundary)
    assert _told(made) == _told(expected)
    for value in range(10):
        assert _asked(made, value) == _asked(expected, value)


@pytest.mark.parametrize(
    ("base", "pairs"),
    [
        (Enum, [("name", 1)]),
        (IntEnum, [("real", 1), ("A", 2)]),
        (IntEnum, [("A", -1), ("B", -1), ("C", 3)]),
        (Enum, [("A", "one")]),
        (IntFlag, [("_A", 1)]),
        (Enum, "A B C"),
        (Enum, ["A", "B"]),
        (Enum, {"A": 4}),
        (Enum, [("A", (1, 2))]),
        (IntFlag, []),
    ],
)
def test_others_are_left_to_python(base, pairs):
    expected, made = _both(base, pairs)
    assert [(one.name, one.value) for one in made] == [(one.name, one.value) for one in expected]
    assert made.__members__.keys() == expected.__members__.keys()


@pytest.mark.parametrize("pairs", [[("A", 1), ("A", 2)], [("mro", 1)]])
def test_what_python_refuses_stays_refused(pairs):
    for make in (quick_enums._really, quick_enums._create):
        with pytest.raises((TypeError, ValueError)):
            make(Enum, "Made", pairs, module="one")


def test_the_module_is_the_one_that_asks(monkeypatch):
    monkeypatch.setattr(EnumType, "_create_", EnumType._create_)  # put back afterwards
    quick_enums.quick_enums()
    assert Enum("Made", [("A", 1)]).__module__ == __name__
    assert Enum("Made", "A B").__module__ == __name__


def test_all_of_qts_are_those_that_python_makes():
    told = [
        subprocess.run([sys.executable, "-c", QT, how], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for how in ("quick", "plain")
    ]
    assert told[0] == told[1]
    assert told[0].count("\n") > 1000
