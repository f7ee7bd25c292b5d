"""Protocols that were read before, kept ready-made, so that the whole library is there in a blink.

The kept file is never trusted: it stands under a name made of the hashes of every protocol text and of the code that
reads them, it belongs to this user alone, and its content must have the hash written at its head. And it cannot change
a dose: plans, and protocols when they are placed, are always built from the text.
"""

import hashlib
import os
import stat
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from planner.content import notation, protocol_file, protocol_parts
from planner.errors import EnvironmentProblem
from planner.files import make_private_folder, write_whole
from planner.model import civil, condition, evidence, protocol, quantity
from planner.model.protocol import Protocol

_CODE = (notation, protocol_file, protocol_parts, civil, condition, evidence, protocol, quantity)
_HEAD = 32
LARGEST = 32 * 1024 * 1024
"""Bytes; the shipped library takes about a fiftieth."""


def protocols_of(
    texts: Mapping[str, str], cache: Path | None, build: Callable[[str], Protocol]
) -> Mapping[str, Protocol]:
    """The protocols of these texts, all of them checked before, by the sha256 of each; kept in the folder `cache`.

    ValueError where a text cannot be built. A folder that cannot be written to only costs time.
    """
    file = _file(texts, cache) if cache else None
    kept = _read(file) if file else None
    if kept is not None and kept.keys() == texts.keys():
        return kept
    made = {digest: build(text) for digest, text in texts.items()}
    if file:
        _write(file, made)
    return made


def _file(texts: Mapping[str, str], cache: Path) -> Path | None:
    """Where they would be kept; None where the code that reads cannot be read itself."""
    digest = hashlib.sha256(f"{sys.version} {msgspec.__version__}".encode())
    try:
        for module in _CODE:
            digest.update(Path(str(module.__file__)).read_bytes())
    except OSError:
        return None
    for name in sorted(texts):
        digest.update(name.encode())
    return cache / f"protocols-{digest.hexdigest()}.kept"


def _read(file: Path) -> Mapping[str, Protocol] | None:
    try:
        found = file.stat()
        if found.st_size > LARGEST or not _is_mine(found):
            return None
        content = file.read_bytes()
        if hashlib.sha256(content[_HEAD:]).digest() != content[:_HEAD]:
            return None
        return msgspec.msgpack.decode(content[_HEAD:], type=dict[str, Protocol])
    except (OSError, ValueError, msgspec.MsgspecError):
        return None


def _write(file: Path, made: Mapping[str, Protocol]) -> None:
    content = msgspec.msgpack.encode(made)
    try:
        make_private_folder(file.parent)
        for old in file.parent.glob("protocols-*.kept"):
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
