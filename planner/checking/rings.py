"""Rules that look equally far, judged together: one look at a cycle's neighbourhood tells all their verdicts.

A verdict rests only on the judged cycle's content, on the contents near it and on their distances. So it is remembered
by these, wherever on the calendar they stand; only verdicts that name doses, or ask for the patient's facts of a day,
are kept by date as well.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from planner.checking.context import Context, Judged, Notes
from planner.checking.known import Known
from planner.checking.pieces import Piece, Shape
from planner.checking.row import Row
from planner.checking.rulings import Hits, Ruling
from planner.model.plan import Plan
from planner.model.schedule import Schedule

MEMO_LIMIT = 20_000
"""Remembered neighbourhoods of one ring; past it the ring forgets and begins anew."""
NEVER = -1


class Dated(NamedTuple):
    """A verdict that is kept by date: the hits of each place and time it was asked for."""

    by_looks: dict[object, Hits]


Verdicts = tuple[tuple[Ruling, Dated], ...]


class Sight(NamedTuple):
    """What the rules are shown."""

    plan: Plan
    schedule: Schedule
    known: Known


class Ring:
    """Rules whose reach is at most `days`."""

    def __init__(self, days: int, rulings: Sequence[Ruling]) -> None:
        reaches = [ruling.reach for ruling in rulings if ruling.reach]
        self.days = days
        self.rulings = rulings
        self.weekdays = any(reach.weekdays for reach in reaches)
        self.cycle_before = any(reach.cycle_before for reach in reaches)
        self.openers = [ruling for ruling in rulings if ruling.reach and ruling.reach.since_first]
        self.ends: dict[int, int | None] = {}
        self._memo: dict[object, Verdicts] = {}
        self._inside: dict[int, tuple[Ruling, ...]] = {}

    def inside(self, shape: Shape) -> tuple[Ruling, ...]:
        """The rules that judge something in a shape."""
        found = self._inside.get(shape.number)
        if found is None:
            found = tuple(ruling for ruling in self.rulings if ruling.judged(shape) is not None)
            self._inside[shape.number] = found
        return found

    def note_openers(self, row: Row) -> list[tuple[int, int]]:
        """Take in where the doses of rules begin that ask for it; the spans of days between the old and new places."""
        moved = []
        for ruling in self.openers:
            end = row.earliest_end(ruling.near)
            old = self.ends.get(ruling.number)
            self.ends[ruling.number] = end
            if end != old:
                far = 1 << 30
                one, other = far if old is None else old, far if end is None else end
                moved.append((min(one, other) + self.days, max(one, other) + self.days))
        return moved

    def verdicts(self, at: int, row: Row, sight: Sight) -> Verdicts:
        """What this ring's rules say about one piece: only what has to be told by date."""
        piece = row.pieces[at]
        rulings = self.inside(piece.shape)
        if not rulings:
            return ()
        before, after = row.near(at, self.days)
        if self.cycle_before and at and (not before or before[-1] is not row.pieces[at - 1]):
            before.append(row.pieces[at - 1])
        key = self._key(piece, before, after)
        found = self._memo.get(key)
        if found is None:
            if len(self._memo) > MEMO_LIMIT:
                self._memo.clear()
            judged = ((ruling, self._judge(ruling, piece, before, after, sight)) for ruling in rulings)
            found = self._memo[key] = tuple((ruling, verdict) for ruling, verdict in judged if verdict is not None)
        return found

    def _key(self, piece: Piece, before: Iterable[Piece], after: Iterable[Piece]) -> object:
        start, block = piece.start, piece.place[0]
        parts = [(one.shape.number, one.start - start, one.place[0] == block) for one in before]
        parts.append((piece.shape.number, start % 7 if self.weekdays else 0, True))
        parts += [(one.shape.number, one.start - start, one.place[0] == block) for one in after]
        if not self.openers:
            return tuple(parts)
        return (*parts, *(self._is_opened(ruling, piece) for ruling in self.openers))

    def _is_opened(self, ruling: Ruling, piece: Piece) -> bool:
        """Whether doses that matter end before everything within the ring."""
        end = self.ends.get(ruling.number)
        return end is not None and end < piece.first - self.days

    def _judge(
        self, ruling: Ruling, piece: Piece, before: list[Piece], after: list[Piece], sight: Sight
    ) -> Dated | None:
        """The verdict of one rule, remembered by those neighbours that matter to it; None where nothing is found."""
        parts = self._parts(ruling, piece, before, after)
        key = self._key(piece, *parts)
        memo = ruling.memo
        if key in memo:
            verdict: Dated | None = memo[key]
            return verdict
        if len(memo) > MEMO_LIMIT:
            memo.clear()
        hits, notes = self._ask(ruling, piece, parts, sight)
        verdict = memo[key] = Dated({}) if hits or notes.dated else None
        if verdict is not None:
            verdict.by_looks[looks(piece, *parts)] = hits
        return verdict

    def _parts(
        self, ruling: Ruling, piece: Piece, before: list[Piece], after: list[Piece]
    ) -> tuple[list[Piece], list[Piece]]:
        reach, hull = ruling.reach, ruling.judged(piece.shape)
        if reach is None or hull is None:
            return [], []
        low, high = piece.start + hull[0] - reach.back, piece.start + hull[1] + reach.ahead
        kept = [one for one in before if _meets(ruling, one, low, high)]
        if reach.cycle_before and before and (not kept or kept[-1] is not before[-1]):
            kept.append(before[-1])
        return kept, [one for one in after if _meets(ruling, one, low, high)]

    def _ask(
        self, ruling: Ruling, piece: Piece, parts: tuple[list[Piece], list[Piece]], sight: Sight
    ) -> tuple[Hits, Notes]:
        """Judge the doses that something near can touch, and all of them where the cycle alone gives cause."""
        days: tuple[tuple[int, int], ...] = ()
        reach = ruling.reach
        if (parts[0] or parts[1]) and reach and not (reach.weekdays or reach.since_first or reach.cycle_before):
            alone = self._judge(ruling, piece, [], [], sight)
            if alone is None:
                days = _touched(ruling, parts)
        context = Context(sight.plan, sight.schedule, sight.known, [*parts[0], piece, *parts[1]], Judged(piece, days))
        context.opened = bool(self.openers) and self._is_opened(ruling, piece)
        hits = ruling.judge(context)
        return hits, context.notes

    def hits(self, verdicts: Verdicts, at: int, row: Row, sight: Sight) -> dict[int, Hits]:
        """The hits of these verdicts where the piece stands now, by rule number."""
        piece = row.pieces[at]
        before, after = row.near(at, self.days)
        if self.cycle_before and at and (not before or before[-1] is not row.pieces[at - 1]):
            before.append(row.pieces[at - 1])
        found = {}
        for ruling, dated in verdicts:
            parts = self._parts(ruling, piece, before, after)
            key = looks(piece, *parts)
            hits = dated.by_looks.get(key)
            if hits is None:
                if len(dated.by_looks) > MEMO_LIMIT:
                    dated.by_looks.clear()
                hits = dated.by_looks[key] = self._ask(ruling, piece, parts, sight)[0]
            if hits:
                found[ruling.number] = hits
        return found


def looks(piece: Piece, before: list[Piece], after: list[Piece]) -> object:
    """All that the words about a verdict can rest on."""
    return (piece.looks, *(one.looks for one in before), *(one.looks for one in after))


def _meets(ruling: Ruling, piece: Piece, low: int, high: int) -> bool:
    hull = ruling.near(piece.shape)
    return hull is not None and piece.start + hull[1] >= low and piece.start + hull[0] <= high


def _touched(ruling: Ruling, parts: tuple[list[Piece], list[Piece]]) -> tuple[tuple[int, int], ...]:
    """The spans of days, in order and apart, of which the doses lie within reach of another piece's doses."""
    reach = ruling.reach
    spans: list[tuple[int, int]] = []
    for one in (*parts[0], *parts[1]):
        hull = ruling.near(one.shape)
        if hull is not None and reach is not None:
            spans.append((one.start + hull[0] - reach.ahead, one.start + hull[1] + reach.back))
    merged: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return tuple(merged)
