"""How far a kind of rule looks from a dose it judges. What lies farther away cannot change its verdict."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from planner.checking.known import Known
from planner.model.cycle_content import EventRun
from planner.model.rule_values import Selectors


class Gate(NamedTuple):
    """A sum that has to pass `limit` before the rule can find anything: `of` gives what the doses of a cycle add.

    None where their part is not known; then the rule is judged.
    """

    judged: Selectors
    of: Callable[[Sequence[EventRun]], Decimal | int | None]
    limit: Decimal | int


class Reach(NamedTuple):
    """A rule that judges each dose of `judged` by the doses of `near` from `back` days before it to `ahead` days after.

    `weekdays`: the day of the week it falls on matters. `since_first`: whether one of `near` comes earlier at all
    matters, however far; where a cycle is fine by itself, only its first day can then be found fault with.
    `cycle_before`: the cycle that starts before this one matters, however far, and nothing else beside it. `doses`: how
    much is given matters, not only when. `near_helps`: what is near can only end a finding, never give cause for one.
    """

    judged: Selectors
    near: tuple[Selectors, ...] = ()
    back: int = 0
    ahead: int = 0
    weekdays: bool = False
    since_first: bool = False
    cycle_before: bool = False
    doses: bool = True
    near_helps: bool = False
    gate: Gate | None = None

    @property
    def amounts_matter(self) -> bool:
        """Whether a changed dose can change the verdict: where doses are asked for, or selectors have a bound."""
        return self.doses or any(one.from_per_m2 for selectors in (self.judged, *self.near) for one in selectors)


GateOf = Callable[[Any, Known], Gate | None]
"""The gate of a rule that looks at the whole plan; None where it has to be judged whatever the sum."""
ReachOf = Callable[[Any, Known], Reach | None]
"""The reach of a rule by its parameters; None where it looks at the whole plan."""
