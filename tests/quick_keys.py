"""Passphrases stretched in no time, for tests of everything but the stretching."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from planner.storage import key_file

QUICK = {"TIME": 1, "MEMORY_KIB": 64, "LANES": 1}


def stretch_quickly(patch: pytest.MonkeyPatch) -> None:
    """Keys of passphrases cost next to nothing until the patch is undone."""
    for name, value in QUICK.items():
        patch.setattr(key_file, name, value)


@contextmanager
def quick_keys() -> Iterator[None]:
    """The same for the length of a block."""
    with pytest.MonkeyPatch.context() as patch:
        stretch_quickly(patch)
        yield
