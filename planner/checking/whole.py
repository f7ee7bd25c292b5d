"""A rule that looks at the whole plan: when it has to be judged anew, and when it cannot find anything."""

from collections.abc import Iterable
from decimal import Decimal

from planner.checking.context import Context
from planner.checking.known import Known
from planner.checking.pieces import Shape
from planner.checking.row import Place, Row
from planner.checking.rulings import Hits, Ruling
from planner.checking.view import Notes


class Whole:
    """A rule that looks at the whole plan, with what it asked for and found when it last ran."""

    def __init__(self, ruling: Ruling) -> None:
        self.ruling = ruling
        self.notes: Notes | None = None
        self.hits: Hits = ()
        self._touches: dict[int, bool] = {}
        self._parts: dict[Place, Decimal | int | None] = {}
        self._total: Decimal | int = 0
        self._unknown = 0

    def is_shut(self, changed: Iterable[Place], row: Row) -> bool:
        """Whether all doses of the plan together stay within the gate; only what changed is added up again."""
        gate = self.ruling.gate
        if gate is None:
            return False
        for place in changed:
            at = row.at.get(place)
            self._count(self._parts.pop(place, 0), -1)
            if at is not None:
                part = self._parts[place] = self.ruling.part(row.pieces[at].shape)
                self._count(part, 1)
        return not self._unknown and self._total <= gate.limit

    def _count(self, part: Decimal | int | None, sign: int) -> None:
        if part is None:
            self._unknown += sign
        else:
            self._total += sign * part

    def shut(self) -> None:
        """Nothing can be found; once the gate opens, the rule is judged whatever changed meanwhile."""
        self.notes, self.hits = None, ()
        self._touches.clear()

    def is_stale(self, shapes: Iterable[Shape], known: Known) -> bool:
        """Whether something the rule asked for lies in one of the shapes that came, went or moved."""
        if self.notes is None or self.notes.everything:
            return True
        return any(self._touched_by(shape, known) for shape in shapes)

    def _touched_by(self, shape: Shape, known: Known) -> bool:
        found = self._touches.get(shape.number)
        if found is None and self.notes is not None:
            found = any(shape.hull(one, known.meaning) is not None for one in self.notes.selectors)
            self._touches[shape.number] = found
        return bool(found)

    def run(self, context: Context) -> None:
        """Judge the whole plan."""
        context.notes = Notes()
        self.hits = self.ruling.judge(context)
        if self.notes is None or self.notes.selectors.keys() != context.notes.selectors.keys():
            self._touches.clear()
        self.notes = context.notes
