"""The verdicts on a plan, kept between its edits, so that the cost of a check follows what changed.

A full check is the same walk with nothing remembered. What is kept is only ever an answer to the same question, so a
checker gives the same findings whatever it was asked before.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from typing import NamedTuple

from planner.checking.context import Context
from planner.checking.known import Differs, Known
from planner.checking.meaning import Who
from planner.checking.moved import Hits
from planner.checking.pieces import Piece, Shape
from planner.checking.reach import Reach
from planner.checking.rings import Ring, Sight, Verdicts
from planner.checking.row import Place, Row
from planner.checking.rulings import Ruling
from planner.checking.whole import Turned, Unlike, Whole
from planner.model.plan import Plan
from planner.model.schedule import Schedule

WHOLE_PLAN: Place = ("", 0)
"""Where rules that look at the whole plan have their hits."""
BUCKETS = (2, 16, 64, 128, 256, 1 << 20)
"""Days. Rules are judged together where their reach falls into the same step."""


Said = tuple[Verdicts, dict[int, Hits]]
"""What the rules of a ring say of a cycle, and their hits there by rule."""
Found = dict[Place, Said]
"""That of each cycle of which they say anything."""


class Edit(NamedTuple):
    """What is other than before: each moved place with its days, places of other content, cuts through the rows."""

    moved: Mapping[Place, int]
    changed: Sequence[Place]
    cuts: Sequence[tuple[Row, int]]

    def back(self) -> "Edit":
        """The edit that takes this one back. Cuts are not told: who goes back judges nothing across them."""
        return Edit({place: days if days >= NEW else -days for place, days in self.moved.items()}, self.changed, ())


class Way(NamedTuple):
    """How the plan came to where it stands: from which row, by which edit, and what each ring's rules said of a cycle
    before and after it. It rests on nothing but the pieces of the two rows and what is known of the patient.
    """

    origin: Row
    edit: Edit
    taken: list[tuple[Found, Place, Said | None, Said | None]]


class Checker:
    """All rules over one patient's plan, edit after edit."""

    def __init__(self, rulings: Sequence[Ruling], known: Known) -> None:
        self.known = known
        self.rulings = {ruling.number: ruling for ruling in rulings}
        self.changes: dict[tuple[int, Place], Hits] = {(number, WHOLE_PLAN): () for number in self.rulings}
        """What changed since somebody last cleared this: rule and place, with the hits that were there then."""
        self._whole = [Whole(ruling) for ruling in rulings if ruling.reach is None]
        self._rings = _rings(rulings)
        self._row = Row(())
        self._found: list[Found] = [{} for _ in self._rings]
        self._hits: dict[int, dict[Place, Hits]] = {ruling.number: {} for ruling in rulings}
        self._way: Way | None = None
        """None where what was known of the patient then is not what is known now."""
        self._again: dict[int, list[Ruling]] = {}
        """The rings in which these rules have to judge every cycle again."""
        self._seen: tuple[Plan, Schedule] | None = None

    def check(self, plan: Plan, schedule: Schedule, pieces: Iterable[Piece]) -> None:
        """Take in the plan as it stands now."""
        old, given, sight = self._row, list(pieces), Sight(plan, schedule, self.known)
        back = self._way is not None and self._way.origin.holds(given)
        edit = self._go_back(self._way) if back and self._way else self._go_on(given, sight)
        self._check_whole(old, edit, sight)
        self._seen = (plan, schedule)

    def _go_back(self, way: Way) -> Edit:
        """Take back the last edit: what the rules of the rings said before it holds again."""
        edit, old, self._row = way.edit.back(), self._row, way.origin
        self._way = Way(old, edit, [])
        for ring in self._rings:
            if ring.openers:
                ring.note_openers(self._row)
        for found, place, before, _ in way.taken:
            self._take(place, found, before)
        return edit

    def _go_on(self, given: Sequence[Piece], sight: Sight) -> Edit:
        """Have the rules of the rings judge what an edit can have touched."""
        old = self._row
        self._row = Row(given, old)
        moved = _moved(old, self._row)
        edit = self._edit(old, moved)
        if moved:
            self._way = Way(old, edit, [])
        redosed = _redosed(old, self._row, edit)
        # To rules that ask for no doses, or not for these, a cycle with other doses is the same one.
        of_days = self._edit(old, {place: moved[place] for place in moved.keys() - redosed}) if redosed else edit
        for number, (ring, found) in enumerate(zip(self._rings, self._found, strict=True)):
            touched = self._check_ring(ring, found, of_days, sight, again=self._again.get(number, ()))
            if redosed and ring.doses:
                self._check_doses(ring, found, redosed, touched, sight)
        if self._again:
            self._again.clear()
            self._way = None
        return edit

    def _edit(self, old: Row, moved: Mapping[Place, int]) -> Edit:
        changed = tuple(place for place, days in moved.items() if days >= NEW)
        return Edit(moved, changed, _cuts(old, self._row, moved))

    def forget(self, differs: Differs) -> None:
        """The patient's records changed: the verdicts that rest on what differs are dropped, and all others stay."""
        self._way = None
        stale = {ruling for ruling in self.rulings.values() if differs.any_of(ruling.reads)}
        for number, ring in enumerate(self._rings):
            forgotten = ring.forget(stale)
            if forgotten:
                self._again[number] = [*self._again.get(number, ()), *forgotten]
        for whole in self._whole:
            if whole.ruling in stale:
                whole.forget()

    def end(self) -> None:
        """Drop all verdicts. Hits that moved can still be judged again."""
        self._way = None
        for ring in self._rings:
            ring.forget(ring.rulings)
        for whole in self._whole:
            whole.end()
        self.known.meaning.end()

    def hits(self, number: int) -> Hits:
        """The hits of a rule, in order of the cycles they are about."""
        found = self._hits[number]
        if len(found) < 2:
            return next(iter(found.values()), ())
        at = self._row.at
        return tuple(hit for place in sorted(found, key=lambda place: at.get(place, -1)) for hit in found[place])

    def every(self) -> Mapping[int, Mapping[Place, Hits]]:
        """All hits by rule and place; do not change them."""
        return self._hits

    def _check_ring(
        self,
        ring: Ring,
        found: Found,
        edit: Edit,
        sight: Sight,
        *,
        again: Sequence[Ruling],
    ) -> set[Place]:
        """Judge the cycles that an edit can have touched, and tell which."""
        row = self._row
        spans = ring.note_openers(row) if ring.openers else ()
        if not (edit.moved or again):
            return set()
        touched = set(edit.moved) if ring.weekdays else {*edit.changed, *(edit.moved.keys() & found.keys())}
        for some, edge in () if ring.alone else edit.cuts:
            touched.update(some.across(edge, ring.days))
            if ring.cycle_before:
                touched.add(some.pieces[edge + 1].place)
        for low, high in spans:
            touched.update(piece.place for piece in row.between(low, high))
        if spans:  # what a course began with may stand behind its new beginning now
            touched.update(edit.moved)
        for place in touched:
            at = row.at.get(place)
            verdicts = () if at is None else ring.verdicts(at, row, sight)
            said = (verdicts, ring.hits(verdicts, at, row, sight)) if verdicts and at is not None else None
            self._take(place, found, said)
        if again:
            self._judge_again(ring, found, frozenset(again), [place for place in row.at if place not in touched], sight)
        return touched

    def _check_doses(
        self, ring: Ring, found: Found, redosed: Mapping[Place, set[Who]], touched: set[Place], sight: Sight
    ) -> None:
        """Where only doses changed, have those rules judge again that ask for these."""
        row, counted = self._row, dict[Place, set[Ruling]]()
        for place, people in redosed.items():
            for near, rulings in ring.who_count(people, row.at[place], row).items():
                counted.setdefault(near, set()).update(rulings)
        for place in counted.keys() - touched:
            self._judge_again(ring, found, frozenset(counted[place]), (place,), sight)

    def _judge_again(
        self, ring: Ring, found: Found, stale: frozenset[Ruling], places: Iterable[Place], sight: Sight
    ) -> None:
        """What these rules say of cycles that no edit touched; what others found there still holds."""
        row, numbers = self._row, {ruling.number for ruling in stale}
        for place in places:
            at = row.at[place]
            verdicts, hits = found.get(place, ((), {}))
            fresh = ring.verdicts_of(stale, at, row, sight)
            kept = {number: some for number, some in hits.items() if number not in numbers}
            verdicts = (*(one for one in verdicts if one[0] not in stale), *fresh)
            said = verdicts, kept | (ring.hits(fresh, at, row, sight) if fresh else {})
            self._take(place, found, said if verdicts else None)

    def _take(self, place: Place, found: Found, said: Said | None) -> None:
        """Keep what a ring's rules say of a cycle, and tell what is other than before."""
        before = found.get(place)
        if before is said:
            return
        if said:
            found[place] = said
        else:
            del found[place]
        if self._way:
            self._way.taken.append((found, place, before, said))
        self._publish(place, before[1] if before else {}, said[1] if said else {})

    def _publish(self, place: Place, old: Mapping[int, Hits], new: Mapping[int, Hits]) -> None:
        if not (old or new):
            return
        for number in old.keys() - new.keys():
            self._put(number, place, ())
        for number, hits in new.items():
            if old.get(number) is not hits:
                self._put(number, place, hits)

    def _put(self, number: int, place: Place, hits: Hits) -> None:
        found = self._hits[number]
        self.changes.setdefault((number, place), found.get(place, ()))
        if hits:
            found[place] = hits
        else:
            found.pop(place, None)

    def _check_whole(self, old: Row, edit: Edit, sight: Sight) -> None:
        if not edit.moved and self._seen and self._seen[0] is sight.plan and self._seen[1] is sight.schedule:
            return
        turned = _turned(old, self._row, edit)
        context = Context(sight.plan, sight.schedule, self.known, self._row.pieces)
        for whole in self._whole:
            number = whole.ruling.number
            if whole.is_shut(edit.changed, self._row):
                whole.shut()
                if self._hits[number]:
                    self._put(number, WHOLE_PLAN, ())
                continue
            before, by = whole.hits, whole.moves_by(turned, self.known)
            if by is None:
                whole.run(context)
            elif by:
                whole.move(by, context)
            if whole.hits is not before and whole.hits != before:
                self._put(number, WHOLE_PLAN, whole.hits)


NEW = 1 << 40
"""Days that no piece can move by: numbers from here on mark a changed content, each its own."""


def _turned(old: Row, new: Row, edit: Edit) -> Turned:
    """What an edit turned, for the rules that look at the whole plan."""
    changed = Unlike(set(), set())
    for place in edit.changed:
        changed.take(old.piece(place), new.piece(place))
    moved: dict[int, dict[int, Shape]] = {}
    gone: dict[int, int] = {}
    for place, days in edit.moved.items():
        piece = new.piece(place)
        if piece is not None:
            gone[piece.timing] = gone.get(piece.timing, 0) + 1
            if days < NEW:
                moved.setdefault(days, {})[piece.timing] = piece.shape
    still = {timing: shape for timing, (number, shape) in new.kinds.items() if number > gone.get(timing, 0)}
    return Turned(changed, moved, still)


def _moved(old: Row, new: Row) -> dict[Place, int]:
    """Each changed place with the days it moved by, or a number of its own where it came, went or has other content."""
    fresh: Callable[[], int] = count(NEW).__next__
    moved: dict[Place, int] = {}
    one, other = old.pieces, new.pieces
    if new.differ is not None:
        one, other = [one[at] for at in new.differ], [other[at] for at in new.differ]
    was = {piece.place: piece for piece in one}
    for piece in other:
        before = was.pop(piece.place, None)
        if before is piece:
            continue
        if before is None or before.shape is not piece.shape or before.looks != piece.looks:
            moved[piece.place] = fresh()
        elif before.start != piece.start:
            moved[piece.place] = piece.start - before.start
    moved.update((place, fresh()) for place in was)
    return moved


def _redosed(old: Row, new: Row, edit: Edit) -> dict[Place, set[Who]]:
    """The changed cycles that differ in nothing but doses, each with those whose doses they are."""
    found: dict[Place, set[Who]] = {}
    for place in edit.changed:
        before, after = old.piece(place), new.piece(place)
        if before is None or after is None:
            continue
        if (before.start, before.timing, before.looks) == (after.start, after.timing, after.looks):
            found[place] = before.shape.unlike(after.shape, doses=True)
    return found


def _cuts(old: Row, new: Row, moved: Mapping[Place, int]) -> list[tuple[Row, int]]:
    """Where the rows were cut, before the edit and after it."""
    return [(row, edge) for row in (old, new) for edge in row.edges(moved)] if moved else []


def _rings(rulings: Sequence[Ruling]) -> list[Ring]:
    """The rulings by how far they look, and what besides distances matters to them."""
    found: dict[tuple[object, ...], list[Ruling]] = {}
    for ruling in rulings:
        reach = ruling.reach
        if reach:
            matters = (reach.weekdays, reach.since_first, reach.cycle_before, reach.amounts_matter, bool(reach.near))
            found.setdefault((*matters, _step(reach)), []).append(ruling)
    return [Ring(max(_days(ruling.reach) for ruling in some if ruling.reach), some) for some in found.values()]


def _step(reach: Reach) -> int:
    return next(step for step in BUCKETS if step >= _days(reach))


def _days(reach: Reach) -> int:
    return max(reach.back, reach.ahead, 0)
