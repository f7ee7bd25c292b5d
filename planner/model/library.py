"""Everything clinical that was read from files: agents and rules by id, protocols as pins with their reading."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from planner.model.agent import Agent
from planner.model.plan import ProtocolPin
from planner.model.protocol import Protocol

if TYPE_CHECKING:
    from planner.model.rule import SequencingRule


class ContentProblem(Struct, frozen=True):
    """A data file is wrong: which file and line (0: none in particular), which key, what to do. Never about a plan."""

    file: str
    place: str
    message: str
    line: int = 0

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.place}: {self.message}" if self.place else f"{where}: {self.message}"


class ShelvedProtocol(Struct, frozen=True):
    """A protocol of the library with the pin a plan keeps of it, and whether it is shipped or the site's own."""

    pin: ProtocolPin
    protocol: Protocol
    origin: str


class Library(Struct, frozen=True):
    """All content. `problems` are the files that were hidden because something in them is wrong.

    `at_hand` are protocols by the sha256 of their texts that need not be built once more; only a first look has them.
    """

    agents: Mapping[str, Agent]
    protocols: Mapping[str, ShelvedProtocol]
    rules: "tuple[SequencingRule, ...]"
    problems: tuple[ContentProblem, ...] = ()
    at_hand: Mapping[str, Protocol] = {}
