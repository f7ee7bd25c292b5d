"""What is said about a thing: a title and sections of plain lines, for the inspector and for pages."""

from typing import NamedTuple


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


HINT = "Select a block, a dose or a finding to see its dates, dose and source."
EMPTY = Description("Nothing selected", "", (Section("", (HINT,)),))
