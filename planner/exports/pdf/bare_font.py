"""The embedded subset of a face without what no page needs: hints for small screens, names, system metrics.

They are half of the subset. Outlines, widths and codes stay as they are.
"""

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from struct import pack, unpack_from

KEPT = ("cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "post")
"""The tables a PDF needs of a font whose outlines carry no hints (ISO 32000-1, 9.9)."""
HEAD_OF_FONT, ENTRY = 12, 16
LONG_OFFSETS_AT = 50
"""Where "head" tells whether places of outlines are written in four bytes or halved in two."""
OUTLINE_HEAD = 10
"""Bytes before the ends of contours or the first part: number of contours, box."""
WORDS, SCALE, MORE, TWO_SCALES, FOUR_SCALES, HINTED = 0x1, 0x8, 0x20, 0x40, 0x80, 0x100
"""Flags of a part of a composed outline."""
REPEATED = 0x8
"""Flag of a point whose flags hold for as many further points as the next byte says."""
AXES = ((0x2, 0x10), (0x4, 0x20))
"""For x and y the flags of a point: one byte, and without that one: the same as before, no byte; else it has two."""


def bare(font: bytes) -> bytes:
    """The same font (TrueType) without hints, names and what only an operating system asks for."""
    from reportlab.pdfbase.ttfonts import TTFontMaker

    tables = _tables(font)
    outlines, places = _unhinted(tables)
    made = TTFontMaker()
    for tag in KEPT:
        made.add(tag, {**tables, "glyf": outlines, "loca": places}[tag])
    stream: bytes = made.makeStream()
    return stream


def _tables(font: bytes) -> dict[str, bytes]:
    (count,) = unpack_from(">H", font, 4)
    entries = [unpack_from(">4sLLL", font, HEAD_OF_FONT + ENTRY * number) for number in range(count)]
    return {tag.decode("ascii"): font[place : place + size] for tag, _, place, size in entries}


def _unhinted(tables: Mapping[str, bytes]) -> tuple[bytes, bytes]:
    """Outlines without hints, and the places they begin at, in the form "head" says."""
    long = unpack_from(">H", tables["head"], LONG_OFFSETS_AT)[0]
    (count,) = unpack_from(">H", tables["maxp"], 4)
    shape, step = ("L", 1) if long else ("H", 2)
    begins = unpack_from(f">{count + 1}{shape}", tables["loca"])
    outlines = bytearray()
    places = [0]
    for first, last in pairwise(begins):
        outlines += _outline(tables["glyf"][first * step : last * step])
        outlines += bytes(-len(outlines) % 4)
        places.append(len(outlines) // step)
    return bytes(outlines), pack(f">{count + 1}{shape}", *places)


@lru_cache(maxsize=4096)  # sheets use the same signs again
def _outline(glyph: bytes) -> bytes:
    """One outline without its hints and without what fills it up to a full word; of a space nothing."""
    if not glyph:
        return glyph
    (contours,) = unpack_from(">h", glyph)
    if contours < 0:
        return _composed(glyph)
    ends = OUTLINE_HEAD + 2 * contours
    (hints,) = unpack_from(">H", glyph, ends)
    (last,) = unpack_from(">H", glyph, ends - 2)
    first = ends + 2 + hints
    return glyph[:ends] + b"\0\0" + glyph[first : _end_of_points(glyph, first, last + 1)]


def _end_of_points(glyph: bytes, place: int, count: int) -> int:
    """Where the coordinates of that many points end whose flags begin at `place`."""
    size = 0
    while count > 0:
        flags, times = glyph[place], 1
        place += 1
        if flags & REPEATED:
            times += glyph[place]
            place += 1
        count -= times
        size += times * sum(1 if flags & short else 0 if flags & same else 2 for short, same in AXES)
    return place + size


def _composed(glyph: bytes) -> bytes:
    """An outline made of others (a letter and its accent), its hints cut off behind its last part."""
    kept = bytearray(glyph)
    place, flags = OUTLINE_HEAD, MORE
    while flags & MORE:
        (flags,) = unpack_from(">H", kept, place)
        kept[place : place + 2] = pack(">H", flags & ~HINTED)
        place += 8 if flags & WORDS else 6
        place += 2 if flags & SCALE else 4 if flags & TWO_SCALES else 8 if flags & FOUR_SCALES else 0
    return bytes(kept[:place])
