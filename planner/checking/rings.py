"""Rules that look equally far, judged together: one look at a cycle's neighbourhood tells all their verdicts.

A verdict rests only on the judged cycle's content, on the contents near it and on their distances. So it is remembered
by these, wherever on the calendar they stand; only verdicts that name doses, or ask for the patient's facts of a day,
are kept by date as well.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

from planner.checking.context import Context
from planner.checking.hits import Hit
from planner.checking.known import Known
from planner.checking.meaning import Who
from planner.checking.moved import Ask, Hits, Sample, may_move
from planner.checking.near import ALONE, Near, Neighbours, Part, first_day, looks_of, touched
from planner.checking.pieces import Piece
from planner.checking.row import Place, Row
from planner.checking.rulings import Ruling
from planner.checking.view import NEVER, Judged, Notes
from planner.model.plan import Plan
from planner.model.schedule import Schedule

MEMO_LIMIT = 20_000
"""Remembered neighbourhoods of one ring; past it the ring forgets and begins anew."""
NOT_ASKED: Mapping[Ruling, bool] = {}


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
        self.neighbours = Neighbours(rulings, doses=self.doses, cycle_before=self.cycle_before)
        self._opened_at: dict[object, Mapping[Ruling, bool]] = {}

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

    def who_count(self, people: Iterable[Who], at: int, row: Row) -> dict[Place, set[Ruling]]:
        """The cycles in whose verdicts doses of these in one cycle can count, each with the rules that count them."""
        piece, asking = row.pieces[at], self.neighbours.who_ask_for(people)
        found = {piece.place: asking} if asking else {}
        if asking and self.cycle_before and at + 1 < len(row.places):
            found[row.places[at + 1]] = asking
        elif asking and not self.alone:
            for one in chain(*row.near(at, self.days)):
                reached = {ruling for ruling in self.neighbours.reached(one, piece) if ruling in asking}
                if reached:
                    found[one.place] = reached
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
        rulings = self.neighbours.inside(piece.shape)
        if not rulings:
            return ()
        opened = self._opened(piece) if self.openers else NOT_ASKED
        key = self._own_key(piece) if self.alone else self._key(at, row, opened)
        found = self._memo.get(key)
        if found is None:
            if len(self._memo) > MEMO_LIMIT:
                self._memo.clear()
            parts, kept = {} if self.alone else self.neighbours.parts(piece, self._near(at, row)), []
            for ruling in rulings:
                verdict = self._judge(ruling, piece, parts.get(ruling, ALONE), sight, opened.get(ruling, False))
                if verdict is not None:
                    kept.append((ruling, verdict))
            found = self._memo[key] = tuple(kept)
        return found

    def verdicts_of(self, stale: Iterable[Ruling], at: int, row: Row, sight: Sight) -> Verdicts:
        """What these rules alone say about one piece."""
        piece = row.pieces[at]
        asked = set(self.neighbours.inside(piece.shape)).intersection(stale)
        if not asked:
            return ()
        near, opened = ([], []) if self.alone else self._near(at, row), self._opened(piece)
        parts = self.neighbours.parts(piece, near, asked) if any(near) else {}
        found = ((one, self._judge(one, piece, parts.get(one, ALONE), sight, opened.get(one, False))) for one in asked)
        return tuple((one, verdict) for one, verdict in found if verdict is not None)

    def hits(self, verdicts: Verdicts, at: int, row: Row, sight: Sight) -> dict[int, Hits]:
        """The hits of these verdicts where the piece stands now, by rule number."""
        piece, self._sight = row.pieces[at], sight
        spoken = [(ruling, dated) for ruling, dated in verdicts if not dated.is_calm(piece.start, sight.known)]
        parts = self.neighbours.parts(piece, self._near(at, row)) if spoken and not self.alone else {}
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
            found = {one: self._is_opened(one, piece) for one in self.neighbours.inside(piece.shape) if one in asking}
            _keep(self._opened_at, place, found)
        return found

    def _is_opened(self, ruling: Ruling, piece: Piece) -> bool:
        """Whether doses that matter end before everything within reach of the piece's doses."""
        end, reach, hull = self._ends.get(ruling.number), ruling.reach, ruling.judged(piece.shape)
        reached = piece.start + hull[0] - reach.back if hull and reach else -NEVER
        return end is not None and end < reached

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
            days = first_day(ruling, piece) if ruling.opens else touched(ruling, near)
        context = Context(
            sight.plan, sight.schedule, sight.known, [*near.before, piece, *near.behind], Judged(piece, days)
        )
        context.opened = opened
        return ruling.judge(context), context.notes

    def _is_fine_alone(self, ruling: Ruling, piece: Piece, sight: Sight) -> bool:
        """Whether the rule finds nothing in the cycle as if it were the whole plan, whatever its date.

        That is worked out when it is asked for a second time: a content that comes up once is judged once.
        """
        key = ruling.content(piece.shape)
        found = ruling.alone.get(key)
        if found is None and key in ruling.alone:
            context = Context(sight.plan, sight.schedule, sight.known, [piece], Judged(piece))
            found = not ruling.judge(context) and context.notes.timeless
        ruling.alone[key] = found
        return bool(found)


def _keep(kept: dict[object, Any], key: object, one: object) -> None:
    """Remember one more; past the limit all others are forgotten."""
    if len(kept) > MEMO_LIMIT:
        kept.clear()
    kept[key] = one
