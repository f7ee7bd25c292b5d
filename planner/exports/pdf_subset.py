"""A TrueType face cut down to the signs a document uses, without hints: what a printer needs and no more.

Hints (small programs that move outlines onto the pixels of old screens) are most of a face's bytes; paper has no use
for them, and previews draw without them.
"""

from collections.abc import Sequence
from struct import pack, unpack_from
from typing import Any

MORE, WORDS, SCALE, TWO_SCALES, MATRIX, HINTED = 0x20, 0x01, 0x08, 0x40, 0x80, 0x100
"""Flags of a part of a composite glyph."""
LONG_OFFSETS = 1
CHECKED = 0xB1B0AFBA
"""What the sum of all words of a font file has to be subtracted from (OpenType, table head)."""


class Outlines:
    """The glyphs of one face without hints; each is cut out of the file once a process."""

    def __init__(self, font: Any) -> None:
        self._font = font
        self._data: bytes = font.get_table("glyf")
        self._bare: dict[int, tuple[bytes, tuple[tuple[int, int], ...]]] = {}

    def file(self, glyphs: Sequence[int]) -> bytes:
        """A font file in which code n (1 to 255) shows the n-th of these glyphs of the face; 0 leaves a code empty."""
        order = list(dict.fromkeys((0, *glyphs)))
        place = {glyph: number for number, glyph in enumerate(order)}
        outlines = []
        for glyph in order:  # grows by the parts of composite glyphs
            data, parts = self._bare_glyph(glyph)
            for at, part in parts:
                if part not in place:
                    place[part] = len(order)
                    order.append(part)
                data = data[:at] + pack(">H", place[part]) + data[at + 2 :]
            outlines.append(data)
        return _font_file(self._tables(order, outlines, bytes(place[glyph] for glyph in glyphs)))

    def _bare_glyph(self, glyph: int) -> tuple[bytes, tuple[tuple[int, int], ...]]:
        """The outline without hints, and where in it which other glyphs are named."""
        found = self._bare.get(glyph)
        if found is None:
            start, end = self._font.glyphPos[glyph], self._font.glyphPos[glyph + 1]
            data = self._data[start:end]
            contours = unpack_from(">h", data)[0] if data else 0
            parts: tuple[tuple[int, int], ...] = ()
            if contours < 0:
                data, parts = _composite(data)
            elif data:
                hints = 10 + 2 * contours
                length = unpack_from(">H", data, hints)[0]
                data = data[:hints] + b"\0\0" + data[hints + 2 + length :]
            found = self._bare[glyph] = data, parts
        return found

    def _tables(self, order: Sequence[int], outlines: Sequence[bytes], codes: bytes) -> dict[str, bytes]:
        font = self._font
        offsets = [0]
        for data in outlines:
            offsets.append(offsets[-1] + len(data))
        count = len(order)
        metrics = [value for glyph in order for value in font.hmetrics[glyph]]
        head, hhea, maxp = bytearray(font.get_table("head")), bytearray(font.get_table("hhea")), font.get_table("maxp")
        head[8:12] = b"\0" * 4
        head[50:52] = pack(">H", LONG_OFFSETS)
        hhea[34:36] = pack(">H", count)
        mapped = b"\0" + codes + b"\0" * (255 - len(codes))
        return {
            "cmap": pack(">HHHHLHHH", 0, 1, 1, 0, 12, 0, 262, 0) + mapped,
            "glyf": b"".join(outlines),
            "head": bytes(head),
            "hhea": bytes(hhea),
            "hmtx": pack(f">{len(metrics)}H", *(int(value) & 0xFFFF for value in metrics)),
            "loca": pack(f">{len(offsets)}L", *offsets),
            "maxp": maxp[:4] + pack(">H", count) + maxp[6:],
        }


def _composite(data: bytes) -> tuple[bytes, tuple[tuple[int, int], ...]]:
    """A glyph made of others: it ends after its last part, where the hints would begin."""
    bare = bytearray(data)
    parts = []
    at, flags = 10, MORE
    while flags & MORE:
        flags, part = unpack_from(">HH", data, at)
        bare[at : at + 2] = pack(">H", flags & ~HINTED)
        parts.append((at + 2, part))
        at += 4 + (4 if flags & WORDS else 2)
        at += 2 if flags & SCALE else 4 if flags & TWO_SCALES else 8 if flags & MATRIX else 0
    return bytes(bare[:at]), tuple(parts)


def _font_file(tables: dict[str, bytes]) -> bytes:
    """The tables in a file, with the sums that let a reader check them."""
    count = len(tables)
    power = count.bit_length() - 1
    directory = pack(">LHHHH", 0x00010000, count, 16 << power, power, 16 * count - (16 << power))
    at = len(directory) + 16 * count
    body = []
    for name, data in tables.items():
        filled = data + b"\0" * (-len(data) % 4)
        directory += name.encode() + pack(">LLL", _sum(filled), at, len(data))
        body.append(filled)
        at += len(filled)
    file = bytearray(directory + b"".join(body))
    head = len(directory) + sum(len(one) for one in body[: list(tables).index("head")])
    file[head + 8 : head + 12] = pack(">L", (CHECKED - _sum(bytes(file))) & 0xFFFFFFFF)
    return bytes(file)


def _sum(data: bytes) -> int:
    words: tuple[int, ...] = unpack_from(f">{len(data) // 4}L", data)
    return sum(words) & 0xFFFFFFFF
