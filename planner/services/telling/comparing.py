"""A plan beside what its protocols say, and a protocol beside another: what differs, and nothing else."""

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from msgspec import Struct
from msgspec.structs import replace

from planner.model.plan import Plan


class LineChange(Struct, frozen=True):
    """A line that stands only in the one text, or only in the other ("" for the side that lacks it)."""

    one: str
    other: str


def as_planned(plan: Plan) -> Plan:
    """The plan as its protocols give it: no change of treatment and nothing recorded as given; blocks start as they do.

    Decisions, variants and bag plans stay: they are answers the protocols ask for.
    """
    return replace(plan, modifications=(), given=())


def line_changes(one: Sequence[str], other: Sequence[str]) -> tuple[LineChange, ...]:
    """The lines that differ, in their order; lines that were replaced stand beside each other."""
    found: list[LineChange] = []
    for what, i1, i2, j1, j2 in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if what != "equal":
            left, right = one[i1:i2], other[j1:j2]
            rows = max(len(left), len(right))
            found += [LineChange(*pair) for pair in zip(_filled(left, rows), _filled(right, rows), strict=True)]
    return tuple(found)


def changed_parts(
    one: Mapping[str, Sequence[str]], other: Mapping[str, Sequence[str]]
) -> tuple[tuple[str, tuple[LineChange, ...]], ...]:
    """The parts, by their headings, in which the lines differ."""
    headings = dict.fromkeys((*one, *other))
    pairs = ((heading, line_changes(one.get(heading, ()), other.get(heading, ()))) for heading in headings)
    return tuple((heading, changes) for heading, changes in pairs if changes)


def _filled(lines: Sequence[str], count: int) -> list[str]:
    return [*lines, *[""] * (count - len(lines))]
