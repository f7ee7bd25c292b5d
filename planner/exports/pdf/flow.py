"""Pieces to pages: what stays together, what is repeated on top of the next page."""

from collections.abc import Iterable

from msgspec import Struct, field

from planner.exports.pdf.text import Op

LITTLE = 0.35
"""Part of a page that has to be filled before the rest may stay empty to keep something in one piece."""
ROUNDING = 0.01
"""Points that sums of heights may be off by."""


class Piece(Struct):
    """Something that is never split: its height in points and what it draws.

    `keep` holds it on the page of the next piece. `heads` are drawn above it again where it begins a page.
    `new_page` begins a page with it. `bookmark` names it in the outline, with its level. `together` is the height of
    all that should stand on one page from here on, if a page can hold it. What is `spare` never begins a page. Where a
    page begins with it, `goes_on` stands at the foot of the page before.
    """

    height: float
    ops: list[Op]
    keep: bool = False
    heads: tuple["Piece", ...] = ()
    new_page: bool = False
    bookmark: tuple[str, int] | None = None
    together: float = 0.0
    spare: bool = False
    goes_on: str = ""


class Page(Struct):
    """The pieces of one page, each with the y of its top under the upper edge of the body."""

    placed: list[tuple[float, Piece]] = field(default_factory=list)
    used: float = 0.0

    def add(self, piece: Piece) -> None:
        self.placed.append((self.used, piece))
        self.used += piece.height


def flow(pieces: Iterable[Piece], height: float) -> list[Page]:
    """Fill pages of that height. A piece goes with those it is kept with; a chain too tall for a page is broken up."""
    page = Page()
    pages = [page]
    fits = height + ROUNDING
    for chain in _chains(pieces):
        first = chain[0]
        needed = first.height
        if len(chain) > 1 or first.together:
            needed = _needed(chain, height)
            if page.used < height * LITTLE:  # with next to nothing on it a page is not left for a whole table's sake
                needed = min(needed, max(first.height, sum(piece.height for piece in chain)))
        for piece in chain:
            needed = needed if piece is first else piece.height
            if piece.spare and page.used + needed > fits:
                continue
            if page.placed and (piece.new_page or page.used + needed > fits):
                page = Page()
                pages.append(page)
            if not page.placed:
                for head in piece.heads:
                    page.add(head)
            page.add(piece)
    return pages


def _needed(chain: list[Piece], height: float) -> float:
    """The height that must be left on a page for a chain to begin there: all of it, where a page can hold that."""
    tall = sum(piece.height for piece in chain)
    return max(chain[0].height, *(one for one in (tall, *_together(chain)) if one <= height), 0.0)


def _together(chain: list[Piece]) -> Iterable[float]:
    """The height from the top of the chain to the end of all that should stand on one page with one of its pieces."""
    above = 0.0
    for piece in chain:
        yield above + piece.together
        above += piece.height


def _chains(pieces: Iterable[Piece]) -> Iterable[list[Piece]]:
    chain: list[Piece] = []
    for piece in pieces:
        if piece.new_page and chain:
            yield chain
            chain = []
        chain.append(piece)
        if not piece.keep:
            yield chain
            chain = []
    if chain:
        yield chain
