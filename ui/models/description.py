"""What is said about a thing: a title and sections of plain lines, for the inspector and for pages."""

import re
from typing import NamedTuple

ADDRESS = re.compile(r"https?://[^\s,;\"]+[^\s,;\".:]")
"""An address within a text, without the sign that ends its sentence."""


class Section(NamedTuple):
    """A heading with its lines; `links` are (text, address) that open outside."""

    heading: str
    lines: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


class Description(NamedTuple):
    """Title, the line under it, and the sections. `actions` are ids of the action table offered for it."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    actions: tuple[str, ...] = ()


def shortened(text: str) -> str:
    """The text of a source with the names of the places alone: whole, an address is wider than a panel may be."""

    def place(found: re.Match[str]) -> str:
        bare = _bare(found[0])
        return bare.split("/")[2].removeprefix("www.") + found[0][len(bare) :]

    return ADDRESS.sub(place, text)


def addresses(text: str, url: str) -> tuple[str, ...]:
    """All that a source can be opened at: the addresses that its text names, then its own; each once."""
    return tuple(dict.fromkeys(filter(None, (*map(_bare, ADDRESS.findall(text)), url))))


def _bare(address: str) -> str:
    """The address without the bracket that ends the words around it."""
    return address if address.count("(") == address.count(")") else address.removesuffix(")")


HINT = "Select a block, a dose or a finding to see its dates, dose and source."
EMPTY = Description("Nothing selected", "", (Section("", (HINT,)),))
