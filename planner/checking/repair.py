"""The least later starts that satisfy all least distances: blocks move to later days only, and none without need.

Every wait is a lower bound of one start by another, and so are open weekdays and closed days. So one solution is the
least for every block at once, and therefore has the smallest total shift; the work list finds it by moving only what
has to move.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

LONGEST_SHIFT = 3660
"""Days; who would have to wait longer waits in a circle."""


class Wait(NamedTuple):
    """Block `later` starts at least `days` after block `earlier` (both by number), because of `why`."""

    earlier: int
    later: int
    days: int
    why: str


class Conflict(NamedTuple):
    """The waits that cannot be satisfied together, by name, in the order in which each calls for the next."""

    whys: tuple[str, ...]


class Network:
    """Blocks with their present starts and what each has to wait for. Made once for a plan and asked many times."""

    def __init__(
        self,
        base: Sequence[int],
        waits: Iterable[Wait],
        weekdays: Sequence[Sequence[bool]] = (),
        closed: frozenset[int] = frozenset(),
    ) -> None:
        self.base = list(base)
        self.closed = closed
        self.waits = tuple(waits)
        self._out: list[list[Wait]] = [[] for _ in base]
        for wait in self.waits:
            self._out[wait.earlier].append(wait)
        every = (True,) * 7
        self._later = [_days_until(weekdays[number] if weekdays else every) for number in range(len(base))]

    def delayed(self, block: int, days: int) -> list[int] | Conflict:
        """The starts when that block begins so many days later and everything before it stays."""
        return self._settle({block: self.base[block] + days}, fixed=block)

    def repaired(self) -> list[int] | Conflict:
        """The starts that satisfy every wait; blocks that are in order already stay."""
        starts = self.base
        broken = {
            wait.later: starts[wait.earlier] + wait.days
            for wait in sorted(self.waits, key=lambda wait: starts[wait.earlier] + wait.days)
            if starts[wait.later] < starts[wait.earlier] + wait.days
        }
        shut = {number: start for number, start in enumerate(starts) if self._open(number, start) != start}
        return self._settle({**shut, **broken}, fixed=0)

    def _settle(self, pushed: Mapping[int, int], fixed: int) -> list[int] | Conflict:
        """Push blocks to these days and what waits for them after them; blocks below number `fixed` must not move."""
        starts = self.base[:]
        because: dict[int, Wait] = {}
        todo: deque[int] = deque()
        for number, day in pushed.items():
            starts[number] = day
            todo.append(number)
        waiting = set(todo)
        while todo:
            number = todo.popleft()
            waiting.discard(number)
            day = starts[number] = self._open(number, starts[number])
            if day - self.base[number] > LONGEST_SHIFT:
                return Conflict(_circle(number, because))
            for wait in self._out[number]:
                later = wait.later
                if starts[later] < day + wait.days:
                    because[later] = wait
                    if later < fixed:
                        return Conflict(_circle(later, because))
                    starts[later] = day + wait.days
                    if later not in waiting:
                        waiting.add(later)
                        todo.append(later)
        return starts

    def _open(self, number: int, day: int) -> int:
        """The first day from that one on on which the block may start."""
        later, closed = self._later[number], self.closed
        while True:
            more = later[day % 7]
            if more:
                day += more
            elif day in closed:
                day += 1
            else:
                return day


def _days_until(allowed: Sequence[bool]) -> tuple[int, ...]:
    """For each day of the week the days until the next that is allowed; none where all are barred."""
    if not any(allowed):
        return (0,) * 7
    return tuple(next(more for more in range(7) if allowed[(day + more) % 7]) for day in range(7))


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
