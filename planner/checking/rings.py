"""Rules that look equally far, judged together: one look at a cycle's neighbourhood tells all their verdicts.

A verdict rests only on the judged cycle's content, on the contents near it and on their distances. So it is remembered
by these, wherever on the calendar they stand; only verdicts that name doses, or ask for the patient's facts of a day,
are kept by date as well.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from planner.checking.context import Context
from planner.checking.hits import Hit
from planner.checking.known import Known
from planner.checking.moved import Ask, Hits, Sample, may_move
from planner.checking.pieces import Piece, Shape
from planner.checking.row import Row
from planner.checking.rulings import Ruling
from planner.checking.view import NEVER, Judged, Notes
from planner.model.plan import Plan
from planner.model.schedule import Schedule

MEMO_LIMIT = 20_000
"""Remembered neighbourhoods of one ring; past it the ring forgets and begins anew."""
Near = tuple[list[Piece], list[Piece]]
"""The pieces near one, before it and behind it in the row."""


class Part(NamedTuple):
    """The pieces near one that matter to a rule, before it and behind it in the row.

    `codes` has for each of them one number made of its content, its distance and whether it is of the same block.
    """

    before: list[Piece]
    behind: list[Piece]
    codes: list[int]


ALONE = Part([], [], [])
NOT_ASKED: Mapping[Ruling, bool] = {}
SPAN = 1 << 23
FAR = SPAN // 2
"""Days; no two days of the calendar are so far apart."""


class Dated(NamedTuple):
    """A verdict that names doses or asks for the patient's facts of a day.

    `samples` are hits by the looks of the pieces they rest on: where all of these moved by the same days, they did.
    What cannot move is in `by_start`, by the start of the piece as well. `calm` are times without a turn in the
    patient's facts: while all facts asked for lie in one of them, nothing is found. Its values are the first and the
    last day asked for, in days from the start of the piece.
    """

    samples: dict[object, Sample]
    by_start: dict[object, Hits]
    calm: dict[int, tuple[int, int]]

    def is_calm(self, start: int, known: Known) -> bool:
        """Whether nothing is found where the piece starts on that day, as far as it is known already."""
        if not self.calm:
            return False
        era_of = known.era_unnoted
        era = era_of(start)
        calm = self.calm.get(era)
        return calm is not None and era == era_of(start + calm[0]) and era == era_of(start + calm[1])

    def forget(self) -> None:
        """Drop the hits that moved, which hold the ring."""
        for sample in self.samples.values():
            sample.forget()

    def take(self, looks: object, hits: tuple[Hit, ...], notes: Notes, start: int, known: Known) -> None:
        """Keep what was found for the piece that starts on that day."""
        era, asked = notes.era(known), (notes.first - start, notes.last - start)
        if not hits and era is not None and era == known.era(start):
            self.calm[era] = asked
        elif may_move(hits, notes) and (notes.timeless or era is not None):
            _keep(self.samples, looks, Sample(hits, start, era, asked))
        else:
            _keep(self.by_start, (looks, start), hits)

    def hits(self, looks: object, start: int, known: Known, ask: Ask) -> Hits | None:
        """What is found where the piece starts on that day, as far as it is known already; `ask` judges there."""
        sample = self.samples.get(looks)
        found = None if sample is None else sample.at(start, known, ask)
        return self.by_start.get((looks, start)) if found is None else found


Verdicts = tuple[tuple[Ruling, Dated], ...]


class Sight(NamedTuple):
    """What the rules are shown."""

    plan: Plan
    schedule: Schedule
    known: Known


class Ring:
    """Rules whose reach is at most `days`, and to whose verdicts the same things matter."""

    def __init__(self, days: int, rulings: Sequence[Ruling]) -> None:
        reaches = [ruling.reach for ruling in rulings if ruling.reach]
        self.days = days
        self.rulings = rulings
        self.weekdays = any(reach.weekdays for reach in reaches)
        self.cycle_before = any(reach.cycle_before for reach in reaches)
        self.openers = [ruling for ruling in rulings if ruling.reach and ruling.reach.since_first]
        self.doses = any(reach.amounts_matter for reach in reaches)
        """Whether doses matter; else only when something is given."""
        self.alone = not (self.cycle_before or self.openers or any(reach.near for reach in reaches))
        """Whether each cycle is judged by itself."""
        self._ends: dict[int, int | None] = {}
        self._sight: Sight | None = None
        self._memo: dict[object, Verdicts] = {}
        self._inside: dict[int, tuple[Ruling, ...]] = {}
        self._opened_at: dict[object, Mapping[Ruling, bool]] = {}
        self._matter: dict[tuple[int, int], list[tuple[Ruling, int, int]]] = {}
        self._coded: dict[tuple[int, int], list[tuple[Ruling, int, int, int]]] = {}

    def forget(self, stale: Container[Ruling]) -> list[Ruling]:
        """Drop the verdicts of these rules; those of them that are the ring's."""
        mine = [ruling for ruling in self.rulings if ruling in stale]
        for ruling in mine:
            for verdict in ruling.memo.values():
                if verdict is not None:
                    verdict.forget()
            ruling.forget()
        if mine:
            self._memo.clear()
        return mine

    def inside(self, shape: Shape) -> tuple[Ruling, ...]:
        """The rules that judge something in a shape."""
        found = self._inside.get(shape.timing)
        if found is None:
            found = tuple(ruling for ruling in self.rulings if ruling.judged(shape) is not None)
            self._inside[shape.timing] = found
        return found

    def note_openers(self, row: Row) -> list[tuple[int, int]]:
        """Take in where the doses of rules begin that ask for it; the spans of days between the old and new places."""
        moved = []
        for ruling in self.openers:
            end = row.earliest_end(ruling.near)
            old = self._ends.get(ruling.number)
            self._ends[ruling.number] = end
            if end != old:
                one, other = NEVER if old is None else old, NEVER if end is None else end
                back = ruling.reach.back if ruling.reach else 0
                moved.append((min(one, other) + back, max(one, other) + back))
                self._opened_at.clear()
        return moved

    def verdicts(self, at: int, row: Row, sight: Sight) -> Verdicts:
        """What this ring's rules say about one piece: only what has to be told by date."""
        piece = row.pieces[at]
        rulings = self.inside(piece.shape)
        if not rulings:
            return ()
        opened = self._opened(piece) if self.openers else NOT_ASKED
        key = self._own_key(piece) if self.alone else self._key(at, row, opened)
        found = self._memo.get(key)
        if found is None:
            if len(self._memo) > MEMO_LIMIT:
                self._memo.clear()
            parts, kept = {} if self.alone else self._parts(piece, self._near(at, row)), []
            for ruling in rulings:
                verdict = self._judge(ruling, piece, parts.get(ruling, ALONE), sight, opened.get(ruling, False))
                if verdict is not None:
                    kept.append((ruling, verdict))
            found = self._memo[key] = tuple(kept)
        return found

    def verdicts_of(self, stale: Iterable[Ruling], at: int, row: Row, sight: Sight) -> Verdicts:
        """What these rules alone say about one piece."""
        piece = row.pieces[at]
        inside = set(self.inside(piece.shape))
        parts = {} if self.alone else self._parts(piece, self._near(at, row))
        opened = self._opened(piece)
        found = (
            (one, self._judge(one, piece, parts.get(one, ALONE), sight, opened.get(one, False)))
            for one in stale
            if one in inside
        )
        return tuple((one, verdict) for one, verdict in found if verdict is not None)

    def hits(self, verdicts: Verdicts, at: int, row: Row, sight: Sight) -> dict[int, Hits]:
        """The hits of these verdicts where the piece stands now, by rule number."""
        piece, self._sight = row.pieces[at], sight
        spoken = [(ruling, dated) for ruling, dated in verdicts if not dated.is_calm(piece.start, sight.known)]
        parts = self._parts(piece, self._near(at, row)) if spoken and not self.alone else {}
        found = {}
        for ruling, dated in spoken:
            near = parts.get(ruling, ALONE)
            looks, ask = looks_of(ruling, piece, near), partial(self._found, ruling, piece, near)
            hits = dated.hits(looks, piece.start, sight.known, ask)
            if hits is None:
                fresh, notes = self._ask(ruling, piece, near, sight)
                dated.take(looks, fresh, notes, piece.start, sight.known)
                hits = fresh
            if hits:
                found[ruling.number] = hits
        return found

    def _near(self, at: int, row: Row) -> Near:
        before, after = row.near(at, self.days)
        if self.cycle_before and at and (not before or before[-1] is not row.pieces[at - 1]):
            before.append(row.pieces[at - 1])
        return before, after

    def _own_key(self, piece: Piece) -> object:
        """The same where no neighbour can matter."""
        return (piece.number if self.doses else piece.timing) * 7 + (piece.start % 7 if self.weekdays else 0)

    def _key(self, at: int, row: Row, opened: Mapping[Ruling, bool]) -> object:
        """All that verdicts of this ring's rules on a piece can rest on, wherever on the calendar it stands."""
        start, end = row.stretch(at, self.days)
        if self.cycle_before and at:
            start = min(start, at - 1)
        piece, first = row.pieces[at], row.pieces[start]
        weekday = piece.start % 7 if self.weekdays else 0
        if self.doses:
            return (first.number, at - start, weekday, *opened.values(), *row.steps[0][start + 1 : end])
        return (first.timing, at - start, weekday, *opened.values(), *row.steps[1][start + 1 : end])

    def _opened(self, piece: Piece) -> Mapping[Ruling, bool]:
        """For each rule that asks and judges something in the piece, whether it is opened there."""
        place = piece.timing, piece.start
        found = self._opened_at.get(place)
        if found is None:
            asking = set(self.openers)
            found = {one: self._is_opened(one, piece) for one in self.inside(piece.shape) if one in asking}
            _keep(self._opened_at, place, found)
        return found

    def _is_opened(self, ruling: Ruling, piece: Piece) -> bool:
        """Whether doses that matter end before everything within reach of the piece's doses."""
        end, reach, hull = self._ends.get(ruling.number), ruling.reach, ruling.judged(piece.shape)
        reached = piece.start + hull[0] - reach.back if hull and reach else -NEVER
        return end is not None and end < reached

    def _parts(self, piece: Piece, near: Near) -> dict[Ruling, Part]:
        """For each rule the neighbours that matter to it, where there are any."""
        found: dict[Ruling, Part] = {}
        start, block = piece.start, piece.block_id
        for side, some in enumerate(near):
            for one in some:
                distance = one.start - start
                code = (distance + FAR) * 2 + (one.block_id == block)
                for ruling, low, high, content in self._codes(piece, one):
                    if low <= distance <= high:
                        part = found.get(ruling)
                        if part is None:
                            part = found[ruling] = Part([], [], [])
                        (part.behind if side else part.before).append(one)
                        part.codes.append(content + code)
        if self.cycle_before and near[0]:
            self._take_before(found, piece, near[0][-1])
        return found

    def _take_before(self, found: dict[Ruling, Part], piece: Piece, last: Piece) -> None:
        """The cycle before one matters to every rule of the ring, and nothing else does."""
        code = (last.start - piece.start + FAR) * 2 + (last.block_id == piece.block_id)
        for ruling in self.inside(piece.shape):
            found[ruling] = Part([last], [], [ruling.content(last.shape) * (2 * SPAN) + code])

    def _codes(self, piece: Piece, other: Piece) -> list[tuple[Ruling, int, int, int]]:
        """As `_bounds`, each with the number of the other's content in its place in the codes of a `Part`."""
        key = (piece.timing, other.number if self.doses else other.timing)
        found = self._coded.get(key)
        if found is None:
            found = self._coded[key] = [
                (ruling, low, high, ruling.content(other.shape) * (2 * SPAN))
                for ruling, low, high in self._bounds(piece.shape, other.shape)
            ]
        return found

    def _bounds(self, shape: Shape, other: Shape) -> list[tuple[Ruling, int, int]]:
        """To which rules the other shape can matter, and at which distances between the starts of the two."""
        key = (shape.timing, other.timing)
        found = self._matter.get(key)
        if found is None:
            found = self._matter[key] = []
            for ruling in self.inside(shape):
                hull, theirs, reach = ruling.judged(shape), ruling.near(other), ruling.reach
                if hull is not None and theirs is not None and reach is not None:
                    found.append((ruling, hull[0] - reach.back - theirs[1], hull[1] + reach.ahead - theirs[0]))
        return found

    def _judge(self, ruling: Ruling, piece: Piece, near: Part, sight: Sight, opened: bool) -> Dated | None:
        """The verdict of one rule, remembered by those neighbours that matter to it; None where nothing is found."""
        own = ruling.content(piece.shape)
        key: object = (own, opened)
        if near is not ALONE or self.weekdays:
            weekday = piece.start % 7 if self.weekdays else 0
            key = (own, len(near.before), weekday, opened, *near.codes)
        memo = ruling.memo
        if key in memo:
            verdict: Dated | None = memo[key]
            return verdict
        if len(memo) > MEMO_LIMIT:
            memo.clear()
        if ruling.is_shut([one.shape for one in (*near.before, piece, *near.behind)]):
            memo[key] = None
            return None
        hits, notes = self._ask(ruling, piece, near, sight)
        verdict = memo[key] = Dated({}, {}, {}) if hits or not notes.timeless else None
        if verdict is not None:
            verdict.take(looks_of(ruling, piece, near), hits, notes, piece.start, sight.known)
        return verdict

    def _found(self, ruling: Ruling, piece: Piece, near: Part) -> tuple[Hit, ...]:
        # Hits that may move rest on these pieces alone (`may_move`), so any sight does. Held with each of them, it kept
        # the schedules of all edits in memory.
        return self._ask(ruling, piece, near, self._sight)[0] if self._sight else ()

    def _ask(self, ruling: Ruling, piece: Piece, near: Part, sight: Sight) -> tuple[tuple[Hit, ...], Notes]:
        """Judge the doses that something near can touch, and all of them where the cycle alone gives cause."""
        days: tuple[tuple[int, int], ...] = ()
        opened = ruling.opens and self._is_opened(ruling, piece)
        by_distance = (near is not ALONE or opened) and not (self.weekdays or self.cycle_before)
        if by_distance and self._is_fine_alone(ruling, piece, sight):
            if ruling.reach is not None and ruling.reach.near_helps:
                return (), Notes()
            days = _first_day(ruling, piece) if ruling.opens else _touched(ruling, near)
        context = Context(
            sight.plan, sight.schedule, sight.known, [*near.before, piece, *near.behind], Judged(piece, days)
        )
        context.opened = opened
        return ruling.judge(context), context.notes

    def _is_fine_alone(self, ruling: Ruling, piece: Piece, sight: Sight) -> bool:
        """Whether the rule finds nothing in the cycle as if it were the whole plan, whatever its date."""
        key = ruling.content(piece.shape)
        found = ruling.alone.get(key)
        if found is None:
            context = Context(sight.plan, sight.schedule, sight.known, [piece], Judged(piece))
            hits = ruling.judge(context)
            found = ruling.alone[key] = not hits and context.notes.timeless
        return found


def _keep(kept: dict[object, Any], key: object, one: object) -> None:
    """Remember one more; past the limit all others are forgotten."""
    if len(kept) > MEMO_LIMIT:
        kept.clear()
    kept[key] = one


def looks_of(ruling: Ruling, piece: Piece, near: Part) -> object:
    """All that the words about a verdict can rest on, wherever on the calendar the pieces stand."""
    start, content = piece.start, ruling.content
    if near is ALONE:
        return content(piece.shape), piece.looks
    around = [(one.start - start, content(one.shape), one.looks) for one in (*near.before, *near.behind)]
    return (content(piece.shape), piece.looks, *around)


def _first_day(ruling: Ruling, piece: Piece) -> tuple[tuple[int, int], ...]:
    """The first day of the judged doses."""
    hull = ruling.judged(piece.shape)
    return ((piece.start + hull[0], piece.start + hull[0]),) if hull else ()


def _touched(ruling: Ruling, near: Part) -> tuple[tuple[int, int], ...]:
    """The spans of days, in order and apart, of which the doses lie within reach of another piece's doses."""
    back, ahead = (ruling.reach.back, ruling.reach.ahead) if ruling.reach else (0, 0)
    hulls = [(one.start, hull) for one in (*near.before, *near.behind) if (hull := ruling.near(one.shape))]
    spans = [(start + hull[0] - ahead, start + hull[1] + back) for start, hull in hulls]
    merged: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return tuple(merged)
