"""A rule made ready for one patient: its parameters as a value, its function, how far it looks."""

from collections.abc import Callable, Iterable
from typing import Any

from planner.checking.context import Context
from planner.checking.hits import Hit
from planner.checking.known import Known
from planner.checking.pieces import Hull, Shape
from planner.checking.reach import Reach
from planner.model.rule import SequencingRule

Find = Callable[[SequencingRule, Any, Context], Iterable[Hit]]
Hits = tuple[Hit, ...]


class Ruling:
    """A rule and what is kept about it."""

    __slots__ = ("_hulls", "_near", "find", "known", "memo", "number", "reach", "rule", "wanted")

    def __init__(
        self, number: int, rule: SequencingRule, find: Find, wanted: Any, reach: Reach | None, known: Known
    ) -> None:
        self.number = number
        self.rule = rule
        self.wanted = wanted
        self.find = find
        self.reach = reach
        self.known = known
        self.memo: dict[object, Any] = {}
        self._hulls: dict[int, Hull | None] = {}
        self._near: dict[int, Hull | None] = {}

    def judged(self, shape: Shape) -> Hull | None:
        """From which to which offset a shape holds doses that the rule judges."""
        if shape.number not in self._hulls:
            found = shape.hull(self.reach.judged, self.known.meaning) if self.reach else None
            self._hulls[shape.number] = found
        return self._hulls[shape.number]

    def near(self, shape: Shape) -> Hull | None:
        """From which to which offset a shape holds doses that matter to doses judged elsewhere."""
        if shape.number not in self._near:
            hulls = [shape.hull(one, self.known.meaning) for one in self.reach.near] if self.reach else []
            some = [hull for hull in hulls if hull is not None]
            found = (min(first for first, _ in some), max(last for _, last in some)) if some else None
            self._near[shape.number] = found
        return self._near[shape.number]

    def judge(self, context: Context) -> Hits:
        """What the rule finds there. Whatever it raises is our bug and becomes a hit that says so, never a pass."""
        try:
            return tuple(self.find(self.rule, self.wanted, context))
        except Exception as error:  # noqa: BLE001 whatever a rule raises is told
            return (failed(self.rule, error),)


FAILED = "failed"


def failed(rule: SequencingRule, error: Exception) -> Hit:
    """A rule that raised: nothing of it was checked."""
    what = f"{type(error).__name__}: {error}"
    return Hit(f"rule {rule.id} failed ({what}): nothing was checked.", missing=(f"rule {rule.id}",), key=FAILED)
