"""Which parts of a file have a problem of shape, so that checks of sense leave them alone."""

from collections.abc import Iterable, Mapping
from typing import Any

from planner.content.toml_lines import Path

Table = Mapping[str, Any]


class BrokenParts:
    """The paths with a problem of shape."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._at = frozenset(paths)
        self._around = frozenset(path[:length] for path in self._at for length in range(len(path) + 1))

    def __bool__(self) -> bool:
        return bool(self._at)

    def __contains__(self, path: Path) -> bool:
        """Whether the value at that very path has the problem."""
        return path in self._at

    def spares(self, path: Path) -> bool:
        """Whether nothing at, below or above that path has a problem; keys beside it may."""
        return path not in self._around and not any(path[:length] in self._at for length in range(len(path)))

    def below(self, path: Path) -> frozenset[str | int]:
        """The keys of that table at or below which there is a problem."""
        return frozenset(
            other[-1] for other in self._around if len(other) == len(path) + 1 and other[: len(path)] == path
        )


def tables(data: Table, key: str) -> list[tuple[Path, Table]]:
    """The tables of a list with their paths; what is no table is passed over."""
    items = data.get(key)
    if not isinstance(items, list):
        return []
    return [((key, position), item) for position, item in enumerate(items) if isinstance(item, dict)]
