"""Tablets and vials: which strengths make a dose, found by exact search.

Tablets must make the dose exactly, with as few strengths as possible, then without halves, then with the fewest pieces:
a patient who takes two strengths of one drug can mix them up. But nobody counts out three dozen tablets where a mix of
a few makes the dose. Vials must hold at least the dose, with the least left
over, then the fewest vials.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from planner.model.agent import Piece

MOST_PIECES = 40
"""Tablets or vials of one strength in one dose; more is no way to give it, and the search stays short."""

FEW_PIECES = 10
"""Tablets in one dose from which on another strength is taken to need fewer. Regimap's own number."""


def tablets(dose: Decimal, strengths: Sequence[Decimal], halves: bool = False) -> tuple[Piece, ...]:
    """The tablets that make `dose`, largest first; empty where no mix of whole (or, with `halves`, half) ones does."""
    if dose <= 0:
        return ()
    ordered = sorted({strength for strength in strengths if strength > 0}, reverse=True)
    many: tuple[Piece, ...] = ()
    for kinds in range(1, len(ordered) + 1):
        for parts in (1, 2) if halves else (1,):
            units = [strength / parts for strength in ordered]
            found = [mix for chosen in combinations(units, kinds) for mix in _exact(dose, chosen)]
            if found:
                best = min(found, key=lambda mix: (_count(mix), [-size for size, _ in mix]))
                pieces = tuple(Piece(size * parts, Decimal(count) / parts) for size, count in best)
                if _count(best) <= FEW_PIECES * parts:
                    return pieces
                many = many or pieces
    return many


def nearest_tablets(
    dose: Decimal, strengths: Sequence[Decimal], halves: bool = False
) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The tablets that come nearest to `dose` from below and from above; empty where there are none, or too many."""
    known = [strength for strength in strengths if strength > 0]
    if dose <= 0 or not known or dose > MOST_PIECES * max(known):
        return (), ()
    smallest = min(known)
    sums = sorted(_sums(dose + smallest, strengths, 2 if halves else 1))
    below = max((one for one in sums if one <= dose), default=Decimal(0))
    above = min((one for one in sums if one >= dose), default=Decimal(0))
    return tablets(below, strengths, halves), tablets(above, strengths, halves)


def vials(dose: Decimal, sizes: Sequence[Decimal]) -> tuple[Piece, ...]:
    """The vials to open for `dose`, largest first; empty where none are known or they would be too many."""
    ordered = sorted({size for size in sizes if size > 0}, reverse=True)
    if dose <= 0 or not ordered or dose > MOST_PIECES * ordered[0]:
        return ()
    found = [mix for mix in _covering(dose, ordered) if max(count for _, count in mix) <= MOST_PIECES]
    best = min(found, key=lambda mix: (content(mix), sum(count for _, count in mix)))
    return tuple(Piece(size, Decimal(count)) for size, count in best if count)


def content(pieces: Sequence[tuple[Decimal, Decimal | int]]) -> Decimal:
    """What the pieces hold together."""
    return sum((size * count for size, count in pieces), Decimal(0))


def _count(mix: Sequence[tuple[Decimal, int]]) -> int:
    return sum(count for _, count in mix)


def _exact(rest: Decimal, sizes: Sequence[Decimal]) -> Iterator[tuple[tuple[Decimal, int], ...]]:
    """Every mix with at least one piece of each size that makes `rest` exactly."""
    size, others = sizes[0], sizes[1:]
    if not others:
        whole, left = divmod(rest, size)
        if not left and 1 <= whole <= MOST_PIECES:
            yield ((size, int(whole)),)
        return
    count = 1
    while count <= MOST_PIECES and size * count < rest:
        for mix in _exact(rest - size * count, others):
            yield ((size, count), *mix)
        count += 1


def _covering(rest: Decimal, sizes: Sequence[Decimal]) -> Iterator[tuple[tuple[Decimal, int], ...]]:
    """Mixes that hold at least `rest`, without a vial that could be left out."""
    size, others = sizes[0], sizes[1:]
    whole, left = divmod(max(rest, Decimal(0)), size)
    enough = int(whole) + bool(left)
    if not others:
        yield ((size, enough),)
        return
    for count in range(enough + 1):
        for mix in _covering(rest - size * count, others):
            yield ((size, count), *mix)


def _sums(limit: Decimal, strengths: Sequence[Decimal], parts: int) -> set[Decimal]:
    """Every amount up to `limit` that tablets can make."""
    units = [strength / parts for strength in strengths if strength > 0]
    reached, edge = {Decimal(0)}, [Decimal(0)]
    while edge:
        edge = [new for new in {one + unit for one in edge for unit in units} if new <= limit and new not in reached]
        reached.update(edge)
    return reached - {Decimal(0)}
