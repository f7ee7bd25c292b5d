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


def addresses(text: str, url: str) -> tuple[str, ...]:
    """All that a source can be opened at: the addresses that its text names, then its own; each once."""
    named = (one if one.count("(") == one.count(")") else one.removesuffix(")") for one in ADDRESS.findall(text))
    return tuple(dict.fromkeys(filter(None, (*named, url))))


HINT = "Select a block, a dose or a finding to see its dates, dose and source."
EMPTY = Description("Nothing selected", "", (Section("", (HINT,)),))
