"""Protocol files: the text of one to a Protocol, and every problem it has with file and line.

`build_protocol` takes a text that was read before and is as fast as it can be; `read_protocol` checks everything.
"""

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import tomli

from planner.content.protocol_parts import protocol_from
from planner.model.agent import Agent
from planner.model.library import ContentProblem
from planner.model.plan import ProtocolPin
from planner.model.protocol import Protocol


def read_protocol(
    text: str, file: str, agents: Mapping[str, Agent]
) -> tuple[Protocol | None, tuple[ContentProblem, ...]]:
    """The protocol of a file nobody has checked, or all its problems in the order of its lines; never both."""
    from planner.content.intake import locate, parse_toml
    from planner.content.order_sense import with_ids
    from planner.content.protocol_sense import sense_problems
    from planner.content.protocol_shape import ProtocolShape
    from planner.content.shape import check_shape

    data, refused = parse_toml(text, file)
    if refused:
        return None, refused
    shape = check_shape(ProtocolShape, data)
    problems = with_ids(shape.problems, data, agents)
    if not shape.cut_off:
        problems += sense_problems(data, shape.broken, agents)
    if problems:
        return None, locate(problems, text, file)
    return protocol_from(data), ()


def build_protocol(text: str) -> Protocol:
    """The protocol of a text that `read_protocol` has accepted; ValueError where it has not."""
    try:
        return protocol_from(_load(text))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"this text is not a checked protocol: {error}") from error


def make_pin(text: str) -> ProtocolPin:
    """The pin a plan keeps of a protocol text that `read_protocol` has accepted."""
    return pin_of(build_protocol(text), text)


def pin_of(protocol: Protocol, text: str) -> ProtocolPin:
    """The pin of a protocol that was read from this text."""
    return ProtocolPin(protocol.id, protocol.version, sha256_of(text), text)


def sha256_of(text: str) -> str:
    """The hash a pin names its text by."""
    return hashlib.sha256(text.encode()).hexdigest()


def _load(text: str) -> dict[str, Any]:
    # Compiled: what the checks have let through as TOML 1.0 means the same to it, in a third of the time.
    return tomli.loads(text, parse_float=Decimal)
