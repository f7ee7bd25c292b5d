"""The least later starts that satisfy all least distances: cycles move to later days only, and none without need.

Every wait is a lower bound of one start by another, and so are open weekdays and closed days. So one solution is the
least for every cycle at once, and therefore has the smallest total shift; the work list finds it by moving only what
has to move. Where one of two waits is enough (either order of two blocks keeps an interval), the ways to choose are
searched, each as far as it can still be better than the best so far: more waits never make starts earlier.
"""

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

LONGEST_SHIFT = 3660
"""Days; who would have to wait longer waits in a circle."""
MOST_TRIES = 20_000
"""Ways to choose that are tried; with more the best so far is given, and told not to be proven."""


class Wait(NamedTuple):
    """Cycle `later` starts at least `days` after cycle `earlier` (both by number), because of `why`."""

    earlier: int
    later: int
    days: int
    why: str


class Choice(NamedTuple):
    """Two waits of which one has to be kept."""

    one: Wait
    other: Wait


class Conflict(NamedTuple):
    """The waits that cannot be satisfied together, by name, in the order in which each calls for the next."""

    whys: tuple[str, ...]


class Chosen(NamedTuple):
    """The least starts over all ways to choose, with the waits that were chosen; `proven` that nothing is less."""

    starts: list[int]
    waits: tuple[Wait, ...]
    proven: bool = True


class Network:
    """Cycles with their present starts and what each has to wait for. Made once for a plan and asked many times."""

    def __init__(
        self,
        base: Sequence[int],
        waits: Iterable[Wait],
        weekdays: Sequence[Sequence[bool]] = (),
        closed: frozenset[int] = frozenset(),
        first: Sequence[int | None] = (),
    ) -> None:
        """`base` are the present starts.

        `weekdays` are the days of the week (day number modulo 7) on which each may start; on none of `closed` may fall
        the day that lies `first` days after its start.
        """
        self.base = list(base)
        self.closed = closed
        self.waits = tuple(waits)
        self._out: list[list[Wait]] = [[] for _ in base]
        out = self._out
        for wait in self.waits:
            out[wait[0]].append(wait)
        every = (True,) * 7
        self._later = [*map(_days_until, map(tuple, weekdays))] if weekdays else [_days_until(every)] * len(out)
        self._shut = [_shut(closed, one) for one in first] if first else [closed] * len(out)

    @cached_property
    def _broken(self) -> Mapping[int, int]:
        """The cycles that have to move, each with a day before which it cannot start."""
        starts = self.base
        broken = {
            wait.later: starts[wait.earlier] + wait.days
            for wait in sorted(self.waits, key=lambda wait: starts[wait.earlier] + wait.days)
            if starts[wait.later] < starts[wait.earlier] + wait.days
        }
        shut = {number: start for number, start in enumerate(starts) if self._open(number, start) != start}
        return {**shut, **broken}

    def repaired(self) -> list[int] | Conflict:
        """The starts that satisfy every wait; blocks that are in order already stay."""
        return _whole(self.base, self._settle(self.base, self._broken))

    def delayed(self, number: int, days: int) -> dict[int, int] | Conflict:
        """What moves when that cycle starts so many days later, each with its least start: it, and what has to wait.

        What starts before it has happened: where one of these would have to move, that is a conflict. What was not in
        order before stays so, unless the delay reaches it. Only what moves is looked at, whatever the plan's length.
        """
        day = self.base[number]
        return self._settle(self.base, {number: day + days}, past=bisect_left(self.base, day))

    def chosen(self, choices: Sequence[Choice]) -> Chosen | Conflict:
        """The starts with the smallest total that satisfy every wait and one of each choice."""
        search = _Search(self, choices)
        found = self.repaired()
        if isinstance(found, Conflict):
            return found
        search.go_on(found, ())
        if search.best is None:
            return search.conflict or Conflict(())
        return Chosen(*search.best, proven=search.tries <= MOST_TRIES)

    def also(self, starts: Sequence[int], waits: Sequence[Wait]) -> list[int] | Conflict:
        """Starts that satisfy everything but the last of `waits`, pushed as far as that one asks for too."""
        wait = waits[-1]
        return _whole(starts, self._settle(starts, {wait.later: starts[wait.earlier] + wait.days}, waits))

    def _settle(
        self, base: Sequence[int], pushed: Mapping[int, int], more: Sequence[Wait] = (), past: int = 0
    ) -> dict[int, int] | Conflict:
        """Push blocks to these days and what waits for them after them; the first `past` of all may not move.

        What comes back are the blocks that were pushed, each with its start.
        """
        moved, out = dict(pushed), self._out
        because: dict[int, Wait] = {}
        todo = deque(pushed)
        waiting = set(pushed)
        while todo:
            number = todo.popleft()
            waiting.discard(number)
            day = moved[number] = self._open(number, moved[number])
            if day - self.base[number] > LONGEST_SHIFT:
                return Conflict(_circle(number, because))
            waits: Iterable[Wait] = out[number]
            if more:
                waits = [*waits, *(wait for wait in more if wait.earlier == number)]
            for wait in waits:
                _, later, days, _ = wait
                stands = moved[later] if later in moved else base[later]
                if stands < day + days:
                    if later < past:
                        return Conflict((wait.why,))
                    because[later] = wait
                    moved[later] = day + days
                    if later not in waiting:
                        waiting.add(later)
                        todo.append(later)
        return moved

    def _open(self, number: int, day: int) -> int:
        """The first day from that one on on which the block may start."""
        later, shut = self._later[number], self._shut[number]
        while True:
            more = later[day % 7]
            if more:
                day += more
            elif day in shut:
                day += 1
            else:
                return day


class _Search:
    """The ways to choose, the cheaper first; one search and then dropped."""

    def __init__(self, network: Network, choices: Sequence[Choice]) -> None:
        self.network = network
        self.choices = choices
        self.best: tuple[list[int], tuple[Wait, ...]] | None = None
        self.conflict: Conflict | None = None
        self.tries = 0

    def go_on(self, starts: list[int], waits: tuple[Wait, ...]) -> None:
        """Choose for the first choice of which neither wait is kept; where there is none, this is the best answer yet.

        It is asked only for starts that are better than the best answer so far.
        """
        broken = next(
            (one for one in self.choices if not _kept(one.one, starts) and not _kept(one.other, starts)), None
        )
        if broken is None:
            self.best = starts, waits
            return
        found = []
        for wait in broken:
            self.tries += 1
            pushed = self.network.also(starts, (*waits, wait))
            if isinstance(pushed, Conflict):
                self.conflict = pushed if pushed.whys else self.conflict
            else:
                found.append((sum(pushed), wait, pushed))
        for _, wait, pushed in sorted(found, key=lambda one: one[0]):
            if self._is_better(pushed) and (self.best is None or self.tries <= MOST_TRIES):
                self.go_on(pushed, (*waits, wait))

    def _is_better(self, starts: Sequence[int]) -> bool:
        return self.best is None or sum(starts) < sum(self.best[0])


def _whole(base: Sequence[int], moved: dict[int, int] | Conflict) -> list[int] | Conflict:
    """All starts, those of the moved ones among them."""
    if isinstance(moved, Conflict):
        return moved
    starts = list(base)
    for number, day in moved.items():
        starts[number] = day
    return starts


def _kept(wait: Wait, starts: Sequence[int]) -> bool:
    return starts[wait.later] >= starts[wait.earlier] + wait.days


@lru_cache(maxsize=128)  # all the ways a week can be open
def _days_until(allowed: tuple[bool, ...]) -> tuple[int, ...]:
    """For each day of the week the days until the next that is allowed; none where all are barred."""
    if not any(allowed):
        return (0,) * 7
    return tuple(next(more for more in range(7) if allowed[(day + more) % 7]) for day in range(7))


def _shut(closed: frozenset[int], first: int | None) -> frozenset[int]:
    """The days on which a start would put its first day in the clinic on a closed day."""
    if first is None or not closed:
        return frozenset()
    return closed if not first else frozenset(day - first for day in closed)


def _circle(number: int, because: Mapping[int, Wait]) -> tuple[str, ...]:
    """The waits that led there, from the last back to the first, each once."""
    whys: dict[str, None] = {}
    seen: set[int] = set()
    while number in because and number not in seen:
        seen.add(number)
        wait = because[number]
        whys[wait.why] = None
        number = wait.earlier
    return tuple(whys)
