"""What was read and built before, kept ready-made in small files, so that nobody waits for it twice.

A kept file is never trusted: it stands under a name made of hashes of what it came from, it belongs to this user alone,
and its content must have the hash written at its head. A folder that cannot be written to only costs time.
"""

import hashlib
import os
import stat
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from planner.errors import EnvironmentProblem
from planner.files import make_private_folder, write_whole

LARGEST = 32 * 1024 * 1024
"""Bytes; the shipped library takes about a fiftieth."""
_HEAD = 32
_Value = TypeVar("_Value")


def read_kept(file: Path, kind: type[_Value]) -> _Value | None:
    """The value in that file; None where there is none, or none that can be believed."""
    try:
        found = file.stat()
        if found.st_size > LARGEST or not _is_mine(found):
            return None
        content = file.read_bytes()
        if hashlib.sha256(content[_HEAD:]).digest() != content[:_HEAD]:
            return None
        return msgspec.msgpack.decode(content[_HEAD:], type=kind)
    except (OSError, ValueError, msgspec.MsgspecError):
        return None


def write_kept(file: Path, value: Any, instead_of: str) -> None:
    """Keep the value in that file, in place of all that `instead_of` fits (a pattern of names beside it)."""
    content = msgspec.msgpack.encode(value)
    try:
        make_private_folder(file.parent)
        for old in file.parent.glob(instead_of):
            old.unlink(missing_ok=True)
        write_whole(file, hashlib.sha256(content).digest() + content)
    except (OSError, EnvironmentProblem):
        return


def _is_mine(found: os.stat_result) -> bool:
    """Whether nobody else may have written it, as far as the system tells."""
    if os.name != "posix":
        return True
    others = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return found.st_uid == os.getuid() and not others and stat.S_ISREG(found.st_mode)
