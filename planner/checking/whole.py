"""A rule that looks at the whole plan: when it has to be judged anew, and when it cannot find anything."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from planner.checking.context import Context
from planner.checking.hits import Hit
from planner.checking.known import Known
from planner.checking.meaning import Who
from planner.checking.moved import Hits, Sample, may_move
from planner.checking.pieces import Piece, Shape
from planner.checking.row import Place, Row
from planner.checking.rulings import Ruling
from planner.checking.view import Notes

Shapes = Mapping[int, Shape]
"""Shapes by their timing: of those that differ in nothing but doses only one."""


class Unlike(NamedTuple):
    """Who came, went or is given otherwise: on other days, or with other doses."""

    by_days: set[Who]
    by_doses: set[Who]

    def take(self, before: Piece | None, after: Piece | None) -> None:
        """Take in a cycle that is another one than before."""
        if before is None or after is None or before.start != after.start or before.looks != after.looks:
            for piece in (before, after):
                self.by_days.update(piece.shape.people if piece else ())
                self.by_doses.update(piece.shape.people if piece else ())
        else:
            self.by_days.update(before.shape.unlike(after.shape, doses=False))
            self.by_doses.update(before.shape.unlike(after.shape, doses=True))


class Turned(NamedTuple):
    """Who is unlike before; the shapes of what moved by days, and those of the rest."""

    unlike: Unlike
    moved: Mapping[int, Shapes]
    still: Shapes


class Whole:
    """A rule that looks at the whole plan, with what it asked for and found when it last ran."""

    def __init__(self, ruling: Ruling) -> None:
        self.ruling = ruling
        self.notes: Notes | None = None
        self.hits: Hits = ()
        self._sample: Sample | None = None
        """The hits where they were found, if they can move."""
        self._by = 0
        """Days that everything asked for moved by since."""
        self._touches: set[int] = set()
        """The timings with something that the rule asked for, of all that were `_met`."""
        self._met: set[int] = set()
        self._meant: set[Who] = set()
        """Such doses as the rule asked for, of all that were `_looked_for`."""
        self._looked_for: set[Who] = set()
        self._amounts_matter = True
        """Whether a changed dose can change what it found."""
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
            piece, before = row.piece(place), self._parts.get(place, 0)
            part = 0 if piece is None else self.ruling.part(piece.shape)
            if part != before:
                self._count(before, -1)
                self._count(part, 1)
                self._parts[place] = part
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
        self._drop_moved()

    def end(self) -> None:
        """Drop what was found as well: hits that moved hold this rule, and with it a whole schedule."""
        self.forget()
        self.hits = ()

    def shut(self) -> None:
        """Nothing can be found; once the gate opens, the rule is judged whatever changed meanwhile."""
        if self.notes is not None or self.hits:
            self.notes, self.hits = None, ()
            self._drop_looks()

    def _drop_looks(self) -> None:
        self._met.clear()
        self._touches.clear()
        self._meant.clear()
        self._looked_for.clear()

    def moves_by(self, turned: Turned, known: Known) -> int | None:
        """The days by which everything moved that the rule asked for, in one time of the patient's facts.

        None where something of it came, went, has other content or moved apart: then the rule has to be judged.
        """
        notes = self.notes
        if notes is None or notes.everything:
            return None
        unlike = turned.unlike.by_doses if self._amounts_matter else turned.unlike.by_days
        if self._is_about(unlike, notes, known):
            return None
        days = [by for by, shapes in turned.moved.items() if self._is_in(shapes, notes, known)]
        if not days:
            return 0
        if len(days) > 1 or self._sample is None or self._is_in(turned.still, notes, known):
            return None
        return days[0] if _stays_calm(notes, days[0], known) else None

    def _is_about(self, people: AbstractSet[Who], notes: Notes, known: Known) -> bool:
        """Whether the rule asked for such doses as those of one of these."""
        for who in people - self._looked_for:
            self._looked_for.add(who)
            if any(known.meaning.bound(one, who) is not None for one in notes.selectors):
                self._meant.add(who)
        return not self._meant.isdisjoint(people)

    def _is_in(self, shapes: Shapes, notes: Notes, known: Known) -> bool:
        """Whether something that the rule asked for is in one of these."""
        if not shapes.keys() <= self._met:
            for timing in shapes.keys() - self._met:
                self._met.add(timing)
                if any(shapes[timing].hull(one, known.meaning) is not None for one in notes.selectors):
                    self._touches.add(timing)
        return not self._touches.isdisjoint(shapes)

    def run(self, context: Context) -> None:
        """Judge the whole plan."""
        self._drop_moved()
        hits = self.hits = self._judge(context)
        self._sample, self._by = Sample(hits, 0) if may_move(hits, context.notes) else None, 0
        before, now, matter = self.notes, context.notes, context.notes.amounts_matter
        if before is None or self._amounts_matter != matter or before.selectors.keys() != now.selectors.keys():
            self._drop_looks()
        self.notes, self._amounts_matter = now, matter

    def move(self, days: int, context: Context) -> None:
        """Everything the rule asked for moved by so many days, and with it what was found."""
        self._by += days
        if self._sample is not None and self.hits:
            self.hits = self._sample.at(self._by, context.known, partial(self._judge, context)) or ()

    def _drop_moved(self) -> None:
        if self._sample is not None:
            self._sample.forget()

    def _judge(self, context: Context) -> tuple[Hit, ...]:
        context.notes = Notes()
        return self.ruling.judge(context)


def _stays_calm(notes: Notes, days: int, known: Known) -> bool:
    """Whether nothing is found still where everything asked for moves by so many days; if so, it is noted."""
    if not notes.timeless:
        era = notes.era(known)
        if era is None or not era == known.era(notes.first + days) == known.era(notes.last + days):
            return False
        notes.first, notes.last = notes.first + days, notes.last + days
    return True
