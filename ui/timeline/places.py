"""The rows of a scene, and where each bar stands: found by its id when asked, because ids are long and seldom asked."""

from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from planner.model.timeline import Bar, Lane
from ui.timeline.geometry import seen


class Row(Struct, frozen=True):
    """One lane and its place: `top` counts from the top of its `part` (top, body, bottom), `title` is its lines.

    A row without height is folded. `shifted` tells whether one of its bars was deferred, `has_points` whether one has
    a form of `POINTS`.
    """

    lane: Lane
    part: str
    top: int
    height: int
    title: tuple[str, ...]
    bars: tuple[Bar, ...]
    starts: Sequence[int]
    reached: Sequence[int]
    pad: int
    shifted: bool = False
    has_points: bool = False

    def seen(self, first: float, last: float) -> range:
        """Indexes of the bars that may touch those days, whiskers and old places included."""
        return seen(self.starts, self.reached, first - self.pad, last + self.pad)

    @property
    def bottom(self) -> int:
        return self.top + self.height


class Place(Struct, frozen=True):
    """Where a bar stands."""

    row: Row
    index: int

    @property
    def bar(self) -> Bar:
        return self.row.bars[self.index]


class Places(Mapping[str, Place]):
    """The places of all bars of those rows; where two have one id, the one of the earlier row counts.

    Nothing is kept for a bar that nobody asked for: a board of a hundred thousand bars holds no hundred thousand ids.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = tuple(rows)
        self._found: dict[str, Place | None] = {"": None}
        self._marks: tuple[frozenset[str], frozenset[int]] = (frozenset(), frozenset())

    def standing_on(self, rows: Iterable[Row]) -> "Places":
        """The places of the same bars on rows that hold them at other heights; what was found stays found."""
        made = Places(rows)
        new = dict(zip(map(id, self._rows), made._rows, strict=True))
        for name, place in self._found.items():
            made._found[name] = None if place is None else Place(new[id(place.row)], place.index)
        made._marks = self._marks
        return made

    def named(self) -> Iterator[tuple[str, Place]]:
        """The id and the place of every bar, kept by nobody."""
        return ((bar.id, Place(row, index)) for row in self._rows for index, bar in enumerate(row.bars))

    def not_among(self, seen: Container[tuple[str, int]]) -> frozenset[str]:
        """The ids of the bars that stand on another first day than in `seen`; marks of findings do not count.

        The bars themselves are kept: their marks are what will be asked for.
        """
        moved: dict[str, int] = {}
        met: set[str] = set()
        for row in self._rows:
            if row.lane.kind == "findings":
                continue
            for bar, start in zip(row.bars, row.starts, strict=True):
                name = bar.id
                if name not in met and (name, start) not in seen:
                    moved[name] = id(bar)
                met.add(name)
        names = frozenset(moved)
        self._marks = (names, frozenset(moved.values()))
        return names

    def marks(self, names: frozenset[str]) -> frozenset[int]:
        """The bars of those ids, as `id`; the last answer is kept, because every frame asks again."""
        if names is not self._marks[0]:
            self.find(names)
            self._marks = (names, frozenset(id(self[name].bar) for name in names if name in self))
        return self._marks[1]

    def find(self, names: Iterable[str]) -> None:
        """Look for all those ids in one go, for whoever asks for many of them after that."""
        wanted = sorted(set(names) - self._found.keys())
        hopeful: dict[str, bool] = {}
        for row in self._rows if wanted else ():
            for index, bar in enumerate(row.bars):
                # An id begins with that of its block, so that few others have to be made.
                block = bar.ground.id
                if block not in hopeful:
                    at = bisect_left(wanted, block)
                    hopeful[block] = at < len(wanted) and wanted[at].startswith(block)
                if hopeful[block]:
                    name, at = bar.id, bisect_left(wanted, bar.id)
                    if at < len(wanted) and wanted[at] == name:
                        self._found.setdefault(name, Place(row, index))
        for name in wanted:
            self._found.setdefault(name, None)

    def __getitem__(self, name: str) -> Place:
        if name not in self._found:
            self.find((name,))
        place = self._found[name]
        if place is None:
            raise KeyError(name)
        return place

    def __iter__(self) -> Iterator[str]:
        for name, place in self.named():
            self._found.setdefault(name, place)
        return (name for name, place in list(self._found.items()) if place is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)
