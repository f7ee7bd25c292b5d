"""When a window locks itself: after so long without a hand on it, and after any sleep of the machine."""

from msgspec import Struct

DEFAULT_LIMIT = 600.0
"""Seconds (promises.md S2: 10 minutes)."""
_JUMP = 30.0
"""Seconds by which the wall clock may run ahead of the steady one before that counts as a sleep of the machine."""


class IdleWatch(Struct):
    """Counts the seconds since the last touch on two clocks: one that stops while the machine sleeps, and a wall clock.

    Feed `touch` with each key and click, and ask `due` every few seconds. Both take the readings in seconds: `steady`
    from a monotonic clock, `wall` from the wall clock. A limit of 0 never locks.
    """

    limit: float = DEFAULT_LIMIT
    steady: float = 0.0
    wall: float = 0.0
    asked_steady: float = 0.0
    asked_wall: float = 0.0

    def touch(self, steady: float, wall: float) -> None:
        """A hand was on the window."""
        self.steady = self.asked_steady = steady
        self.wall = self.asked_wall = wall

    def due(self, steady: float, wall: float) -> bool:
        """Whether to lock now. A wall clock that is set back delays nothing, because the steady one goes on."""
        slept = (wall - self.asked_wall) - (steady - self.asked_steady) > _JUMP
        self.asked_steady, self.asked_wall = steady, wall
        if self.limit <= 0:
            return False
        return slept or max(steady - self.steady, wall - self.wall) >= self.limit
