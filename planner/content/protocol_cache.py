"""Protocols that were read before, kept ready-made, so that the whole library is there in a blink.

They stand under a name made of the hashes of every protocol text and of the code that reads them. And they cannot
change a dose: plans, and protocols when they are placed, are always built from the text.
"""

import hashlib
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from planner.content import notation, protocol_file, protocol_parts
from planner.content.kept import read_kept, write_kept
from planner.model import civil, condition, evidence, flow, protocol, quantity
from planner.model.protocol import Protocol

_CODE = (notation, protocol_file, protocol_parts, civil, condition, evidence, flow, protocol, quantity)


def protocols_of(
    texts: Mapping[str, str], cache: Path | None, build: Callable[[str], Protocol]
) -> Mapping[str, Protocol]:
    """The protocols of these texts, all of them checked before, by the sha256 of each; kept in the folder `cache`.

    ValueError where a text cannot be built. A folder that cannot be written to only costs time.
    """
    file = _file(texts, cache) if cache else None
    kept = read_kept(file, dict[str, Protocol]) if file else None
    if kept is not None and kept.keys() == texts.keys():
        return kept
    made = {digest: build(text) for digest, text in texts.items()}
    if file:
        write_kept(file, made, "protocols-*.kept")
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
