"""The protocols and agents of the plan that is seen first, kept ready-made, so that a start need not read TOML.

Only shipped texts are kept, so nothing tells of a patient. And nothing kept lasts: right after the first look the plan
is laid out again from the texts it holds.
"""

import hashlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from planner.content.kept import read_kept, write_kept
from planner.model import agent as agent_module
from planner.model.agent import Agent
from planner.model.plan import ProtocolPin
from planner.model.protocol import Protocol


class FirstLook(Struct, frozen=True):
    """What drawing a plan needs: its protocols by the sha256 of their texts, and the agents these name, by id."""

    protocols: dict[str, Protocol]
    agents: dict[str, Agent]


def first_look(pins: Sequence[ProtocolPin], shipped: Path, cache: Path) -> FirstLook | None:
    """What was kept for these pins, if it was made from the files as they are now."""
    file = _file(pins, shipped, cache)
    look = read_kept(file, FirstLook) if file else None
    return look if look and look.protocols.keys() == {pin.sha256 for pin in pins} else None


def keep_first_look(
    pins: Sequence[ProtocolPin], shipped: Path, cache: Path, build: Callable[[Sequence[ProtocolPin]], FirstLook]
) -> None:
    """Keep what these pins need in the folder `cache`, unless it is there or one of them is not shipped."""
    file = _file(pins, shipped, cache)
    if file and not file.exists() and pins and all(_is_shipped(pin, shipped) for pin in pins):
        write_kept(file, build(pins), "first-look-*.kept")


def _file(pins: Sequence[ProtocolPin], shipped: Path, cache: Path) -> Path | None:
    """Where it would be kept; None where the files it comes from cannot be seen."""
    digest = hashlib.sha256(f"{sys.version} {msgspec.__version__}".encode())
    try:
        for folder in (Path(__file__).parent, Path(str(agent_module.__file__)).parent, shipped / "agents"):
            digest.update(repr(_stamps(folder)).encode())
    except OSError:
        return None
    digest.update(" ".join(sorted(pin.sha256 for pin in pins)).encode())
    return cache / f"first-look-{digest.hexdigest()}.kept"


def _stamps(folder: Path) -> list[tuple[str, int, int]]:
    """Name, size and last change of every file: much sooner told than its content."""
    with os.scandir(folder) as entries:
        found = [(entry.name, entry.stat()) for entry in entries if entry.name.endswith((".py", ".toml"))]
    return sorted((name, state.st_size, state.st_mtime_ns) for name, state in found)


def _is_shipped(pin: ProtocolPin, shipped: Path) -> bool:
    # Compared by name and not searched by it: an id that came with somebody's plan file is no pattern.
    files = (shipped / "protocols").rglob("*.toml")
    return any(file.stem == pin.id and file.read_bytes() == pin.text.encode() for file in files)
