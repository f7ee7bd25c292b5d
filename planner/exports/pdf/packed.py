"""The file around the pages: everything but streams is kept in one packed stream, and so is the list of places.

The library writes each page's entry, each bookmark and each place in plain text, a third of the file of a calendar. The
form is that of PDF 1.5 (ISO 32000-1, 7.5.7 and 7.5.8), which archives (PDF/A-2) and all readers of these years know.
"""

import zlib
from typing import Any

HEAD = b"%PDF-1.5\n%\x93\x8c\x8b\x9e\n"
"""The version, and bytes that tell whoever carries the file that it is no text."""
STREAM = b"endstream\n"
FREE, PLAIN, PACKED = 0, 1, 2
"""Kinds of an entry of the list of places."""
WIDTHS = (1, 4, 2)
"""Bytes of an entry: its kind; its place, or the number of the stream it is packed in; its place in there."""
STRONGEST = 9


def packed(canvas: Any) -> bytes:
    """The whole file of a finished canvas of the PDF library."""
    document = canvas._doc  # noqa: SLF001 - what would be written is held nowhere else
    document.format = lambda: _file(document)
    written: bytes = document.GetPDFData(canvas)
    return written


def _file(document: Any) -> bytes:
    out = bytearray(HEAD)
    places: list[tuple[int, int, int]] = [(FREE, 0, 65535)]
    small: list[tuple[int, bytes]] = []
    root, info = (document.Reference(one).format(document) for one in (document.Catalog, document.info))
    while (number := len(places)) in document.numberToId:  # writing one may ask for more
        text = document.idToObject[document.numberToId[number]].format(document)
        if text.endswith(STREAM):
            places.append((PLAIN, len(out), 0))
            out += b"%d 0 obj\n%b\nendobj\n" % (number, text.rstrip())
        else:
            places.append((PACKED, 0, len(small)))
            small.append((number, text))
    holder = len(places)
    places = [(kind, holder if kind == PACKED else place, index) for kind, place, index in places]
    places.append((PLAIN, len(out), 0))
    out += _holder(holder, small)
    places.append((PLAIN, len(out), 0))
    start = len(out)
    out += _list_of_places(places, root, info, document.ID())
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def _holder(number: int, objects: list[tuple[int, bytes]]) -> bytes:
    """The stream of all that has no stream of its own: numbers and places first, then one after the other."""
    heads, bodies = bytearray(), bytearray()
    for own, text in objects:
        heads += b"%d %d " % (own, len(bodies))
        bodies += text.strip() + b"\n"
    return _stream(number, b"/Type/ObjStm/N %d/First %d" % (len(objects), len(heads)), bytes(heads + bodies))


def _list_of_places(places: list[tuple[int, int, int]], root: bytes, info: bytes, identity: bytes) -> bytes:
    """What a reader begins with: where each object is, which is the catalog, which tells of the document."""
    entries = b"".join(
        value.to_bytes(width, "big") for entry in places for value, width in zip(entry, WIDTHS, strict=True)
    )
    names = b"/Type/XRef/Size %d/W[%d %d %d]/Root %b/Info %b/ID %b" % (
        len(places),
        *WIDTHS,
        root,
        info,
        identity.partition(b"%")[0].strip(),  # without the library's remark on who made it
    )
    return _stream(len(places) - 1, names, entries)


def _stream(number: int, names: bytes, content: bytes) -> bytes:
    body = zlib.compress(content, STRONGEST)
    return b"%d 0 obj\n<<%b/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream\nendobj\n" % (
        number,
        names,
        len(body),
        body,
    )
