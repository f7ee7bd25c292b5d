"""A rule that looks at the whole plan: when it has to be judged anew, and when it cannot find anything."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from planner.checking.context import Context
from planner.checking.known import Known
from planner.checking.pieces import Shape
from planner.checking.row import Place, Row
from planner.checking.rulings import Hits, Ruling
from planner.checking.view import Notes


class Turned(NamedTuple):
    """The shapes of an edit: of what came, went or has other content, before and after it, and of what only moved."""

    changed: Sequence[Shape]
    moved: Sequence[Shape]


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
        self._is_shut = ruling.gate is not None and ruling.gate.limit >= 0

    def is_shut(self, changed: Sequence[Place], row: Row) -> bool:
        """Whether all doses of the plan together stay within the gate; only what changed is added up again."""
        gate = self.ruling.gate
        if gate is None:
            return False
        if not changed:
            return self._is_shut
        for place in changed:
            at = row.at.get(place)
            self._count(self._parts.pop(place, 0), -1)
            if at is not None:
                part = self._parts[place] = self.ruling.part(row.pieces[at].shape)
                self._count(part, 1)
        self._is_shut = not self._unknown and self._total <= gate.limit
        return self._is_shut

    def _count(self, part: Decimal | int | None, sign: int) -> None:
        if part is None:
            self._unknown += sign
        else:
            self._total += sign * part

    def forget(self) -> None:
        """What was found rests on something that is another by now."""
        self.notes = None

    def shut(self) -> None:
        """Nothing can be found; once the gate opens, the rule is judged whatever changed meanwhile."""
        self.notes, self.hits = None, ()
        self._touches.clear()

    def is_stale(self, turned: Turned, moved: Mapping[Place, int], row: Row, known: Known) -> bool:
        """Whether something the rule asked for came, went or moved, and not all of it by the same days in one time."""
        notes = self.notes
        if notes is None or notes.everything:
            return True
        if any(self._touched_by(shape, known) for shape in turned.changed):
            return True
        if not any(self._touched_by(shape, known) for shape in turned.moved):
            return False
        if self.hits or notes.dated:
            return True
        at, pieces = row.at, row.pieces
        days = {by for place, by in moved.items() if place in at and self._touched_by(pieces[at[place]].shape, known)}
        if len(days) != 1 or any(self._touched_by(piece.shape, known) for piece in pieces if piece.place not in moved):
            return True
        return not _stays_calm(notes, days.pop(), known)

    def _touched_by(self, shape: Shape, known: Known) -> bool:
        found = self._touches.get(shape.timing)
        if found is None and self.notes is not None:
            found = any(shape.hull(one, known.meaning) is not None for one in self.notes.selectors)
            self._touches[shape.timing] = found
        return bool(found)

    def run(self, context: Context) -> None:
        """Judge the whole plan."""
        context.notes = Notes()
        self.hits = self.ruling.judge(context)
        if self.notes is None or self.notes.selectors.keys() != context.notes.selectors.keys():
            self._touches.clear()
        self.notes = context.notes


def _stays_calm(notes: Notes, days: int, known: Known) -> bool:
    """Whether nothing is found still where everything asked for moves by so many days; if so, it is noted."""
    if not notes.timeless:
        era = notes.era(known)
        if era is None or not era == known.era(notes.first + days) == known.era(notes.last + days):
            return False
        notes.first, notes.last = notes.first + days, notes.last + days
    return True
