"""Doses of which a rule cannot tell for want of the same facts, told together and worded once.

What lacks other facts is a finding of its own: a dose that is known is not told as missing beside one that is not.
"""

from collections.abc import Callable, Iterator, Sequence

from planner.checking.hits import Hit

NOT_RECORDED = "not recorded"


class Unknowns:
    """Collected while a kind walks through its doses; what it hands back is one hit for each set of missing facts."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, ...], tuple[Hit, list[int]]] = {}

    def add(self, days: Sequence[int], missing: tuple[str, ...], hit: Callable[[], Hit]) -> None:
        """Take in doses on these days, each as often as there are doses; `hit` words the first of all."""
        found = self._found.get(missing)
        if found is None:
            found = self._found[missing] = (hit(), [])
        found[1].extend(days)

    def hits(self) -> Iterator[Hit]:
        """The first dose of each, with the days and the number of all of them."""
        for missing, (hit, days) in self._found.items():
            key = f"{NOT_RECORDED}/{','.join(missing)}"
            yield hit._replace(missing=missing, key=key, days=tuple(dict.fromkeys(days)), times=len(days))
