"""The file around the pages: numbered objects, the tree of pages, bookmarks, the table of where everything is.

What it writes is PDF 1.5 (ISO 32000-1, clause 7): streams one after the other, all other objects packed into one more
(7.5.7), and as a stream the table of where each is (7.5.8). Nothing in it depends on the moment or the machine.
"""

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from struct import pack

from msgspec import Struct

PAGES = 2
"""Number of the object that lists the pages."""
RESOURCES = 3
FONTS = 4
RESERVED = 4


class Bookmark(Struct, frozen=True):
    """A line of the outline: where it leads, in points from the lower edge of a page, and how deep it stands."""

    title: str
    level: int
    page: int
    top: float


class PdfFile:
    """Collects objects; the first four are reserved for what lists the others."""

    def __init__(self) -> None:
        self._objects: list[str | bytes] = [""] * RESERVED
        self._pages: list[int] = []
        self._forms: dict[str, int] = {}

    def add(self, data: str | bytes) -> int:
        """Take in an object, or a stream as bytes; its number."""
        self._objects.append(data)
        return len(self._objects)

    def form(self, name: str, content: str, size: tuple[float, float]) -> None:
        """Something drawn the same on many pages, kept once under that name."""
        box = f"/Type/XObject/Subtype/Form/BBox[0 0 {size[0]:g} {size[1]:g}]/Resources<</Font {FONTS} 0 R>>"
        self._forms[name] = self.add(stream_of(content.encode("latin-1"), box))

    def page(self, content: str) -> None:
        """Append a page of that content."""
        drawn = self.add(stream_of(content.encode("latin-1")))
        self._pages.append(
            self.add(f"<</Type/Page/Parent {PAGES} 0 R/Resources {RESOURCES} 0 R/Contents {drawn} 0 R>>")
        )

    def finish(
        self,
        about: dict[str, str],
        language: str,
        size: tuple[float, float],
        fonts: dict[str, int],
        bookmarks: Sequence[Bookmark],
    ) -> bytes:
        """The whole file. `about` is what stands in its properties, `fonts` the object of each name."""
        forms = "".join(f"/{name} {number} 0 R" for name, number in self._forms.items())
        kids = " ".join(f"{number} 0 R" for number in self._pages)
        outline = self._outline(bookmarks)
        catalog = f"<</Type/Catalog/Pages {PAGES} 0 R/Lang{_text(language)}{outline}>>"
        pages = f"<</Type/Pages/Count {len(self._pages)}/MediaBox[0 0 {size[0]:g} {size[1]:g}]/Kids[{kids}]>>"
        resources = f"<</Font {FONTS} 0 R{f'/XObject<<{forms}>>' if forms else ''}>>"
        named = "".join(f"/{name} {number} 0 R" for name, number in fonts.items())
        for number, data in enumerate((catalog, pages, resources, f"<<{named}>>")):
            self._objects[number] = data
        info = self.add("<<" + "".join(f"/{name}{_text(value)}" for name, value in about.items()) + ">>")
        return self._written(info)

    def _outline(self, bookmarks: Sequence[Bookmark]) -> str:
        """The outline as a tree of objects, shown open; what the catalogue says of it."""
        if not bookmarks:
            return ""
        root = self.add("")
        above: list[int] = []
        parents: list[int] = []
        children: dict[int, list[int]] = {}
        for number, one in enumerate(bookmarks, start=root + 1):
            del above[one.level :]
            parents.append(above[-1] if above else root)
            children.setdefault(parents[-1], []).append(number)
            above.append(number)
        before = {one: earlier for row in children.values() for earlier, one in pairwise(row)}
        after = {earlier: one for one, earlier in before.items()}
        for number, (one, parent) in enumerate(zip(bookmarks, parents, strict=True), start=root + 1):
            links = f"/Parent {parent} 0 R{_beside(number, before, after)}{_below(number, children)}"
            self.add(f"<</Title{_text(one.title)}{links}/Dest[{self._pages[one.page]} 0 R/XYZ 0 {one.top:.0f} 0]>>")
        self._objects[root - 1] = f"<</Type/Outlines{_below(root, children)}>>"
        return f"/Outlines {root} 0 R"

    def _written(self, info: int) -> bytes:
        packed = {number: one for number, one in enumerate(self._objects, start=1) if isinstance(one, str)}
        holder = self.add(_packed(packed))
        parts = [b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"]
        at = len(parts[0])
        places = [b"\0" * 9]
        inside = {number: place for place, number in enumerate(packed)}
        for number, data in enumerate(self._objects, start=1):
            if isinstance(data, str):
                places.append(pack(">BLL", 2, holder, inside[number]))
                continue
            places.append(pack(">BLL", 1, at, 0))
            part = b"%d 0 obj\n%b\nendobj\n" % (number, data)
            at += len(part)
            parts.append(part)
        places.append(pack(">BLL", 1, at, 0))
        same = hashlib.sha256(b"".join(parts)).hexdigest()[:32]
        about = f"/Type/XRef/Size {len(places)}/W[1 4 4]/Root 1 0 R/Info {info} 0 R/ID[<{same}><{same}>]"
        table = b"%d 0 obj\n%b\nendobj\n" % (len(places) - 1, stream_of(b"".join(places), about))
        return b"".join([*parts, table, b"startxref\n%d\n%%%%EOF\n" % at])


def _packed(objects: Mapping[int, str]) -> bytes:
    """The stream that holds these objects."""
    at, where = 0, []
    for number, data in objects.items():
        where.append(f"{number} {at}")
        at += len(data) + 1
    first = " ".join(where) + "\n"
    body = first + "\n".join(objects.values())
    return stream_of(body.encode("latin-1"), f"/Type/ObjStm/N {len(objects)}/First {len(first)}")


def _beside(number: int, before: Mapping[int, int], after: Mapping[int, int]) -> str:
    found = f"/Prev {before[number]} 0 R" if number in before else ""
    return f"{found}/Next {after[number]} 0 R" if number in after else found


def _below(number: int, children: Mapping[int, list[int]]) -> str:
    """First, last and count of what stands deeper."""
    own = children.get(number)
    return f"/First {own[0]} 0 R/Last {own[-1]} 0 R/Count {_count(number, children)}" if own else ""


def _count(number: int, children: Mapping[int, list[int]]) -> int:
    return sum(1 + _count(one, children) for one in children.get(number, ()))


def stream_of(data: bytes, more: str = "") -> bytes:
    """A compressed stream with those entries in its dictionary."""
    packed = zlib.compress(data)
    return b"<</Length %d/Filter/FlateDecode%b>>stream\n%b\nendstream" % (len(packed), more.encode("latin-1"), packed)


def _text(value: str) -> str:
    """A text string of a dictionary: plain where it can be, else in UTF-16."""
    if value.isascii() and value.isprintable():
        return "(" + value.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") + ")"
    return f"<feff{value.encode('utf-16-be').hex()}>"
