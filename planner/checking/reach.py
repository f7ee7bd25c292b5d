"""How far a kind of rule looks from a dose it judges. What lies farther away cannot change its verdict."""

from collections.abc import Callable
from typing import Any, NamedTuple

from planner.checking.known import Known
from planner.model.rule_values import Selectors


class Reach(NamedTuple):
    """A rule that judges each dose of `judged` by the doses of `near` from `back` days before it to `ahead` days after.

    `weekdays`: the day of the week it falls on matters. `since_first`: whether one of `near` comes earlier at all
    matters, however far. `cycle_before`: the cycle that starts before this one matters, however far.
    """

    judged: Selectors
    near: tuple[Selectors, ...] = ()
    back: int = 0
    ahead: int = 0
    weekdays: bool = False
    since_first: bool = False
    cycle_before: bool = False


ReachOf = Callable[[Any, Known], Reach | None]
"""The reach of a rule by its parameters; None where it looks at the whole plan."""
