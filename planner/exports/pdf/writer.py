"""Sheet to PDF: margins, header and footer on every page, bookmarks, embedded faces, the same bytes each time."""

import gc
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from itertools import pairwise
from typing import Any

from planner.errors import InputProblem
from planner.exports.pdf.chart import lay_chart, lay_signs
from planner.exports.pdf.faces import load_faces
from planner.exports.pdf.flow import Page, Piece, flow
from planner.exports.pdf.frame import FrameSetter
from planner.exports.pdf.month import lay_months
from planner.exports.pdf.packed import packed
from planner.exports.pdf.pen import Pen
from planner.exports.pdf.table import lay_facts, lay_paragraphs, lay_table
from planner.exports.pdf.text import Typesetter
from planner.exports.pdf.wrapping import Style
from planner.exports.sheets.sheet import Chart, Facts, Line, Month, Paragraphs, Section, Sheet, Signs, Table

PAPERS = {"A4": (595.28, 841.89), "Letter": (612.0, 792.0), "A3": (841.89, 1190.55)}
"""Width and height in points, portrait."""

MARGIN = 36.0
"""Half an inch, 12.7 mm: more than any printer's edge (promises P2 asks for 10, look for 12)."""


HEAD, MARKS, FOOT = "Head", "Marks", "Foot"
"""Names of what is kept once for all pages."""

ABOVE, CLOSE_ABOVE = 7.0, 4.0
"""Points over a heading, and where sections stand close."""

FOLLOWED = 3
"""Lines or rows that stay with a section that follows them."""


def write_pdf(sheet: Sheet, paper: str) -> bytes:
    """The sheet as a PDF on one of `PAPERS`.

    Raises InputProblem, one line a problem, where the paper is unknown or a text has signs that cannot be printed;
    nothing is written then.
    """
    if paper not in PAPERS:
        raise InputProblem((f"paper: {paper} is not known; choose {' or '.join(PAPERS)}",))
    with _nothing_collected():
        return _written(sheet, PAPERS[paper])


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Without a search for cycles meanwhile: all pieces of a sheet live until it is written, and none is in a cycle.

    The searches looked through every one of them again and again, a sixth of the time of a long table.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _written(sheet: Sheet, size: tuple[float, float]) -> bytes:
    width, height = size
    if sheet.landscape:
        width, height = height, width
    faces = load_faces()
    setter = Typesetter(sheet.audience, faces)
    frame = FrameSetter(sheet, setter, width - 2 * MARGIN)
    body = height - 2 * MARGIN - frame.head_height - frame.foot_height
    across = width - 2 * MARGIN
    grids = _grids(sheet, setter, across, body)
    pages = [page for chapter in _chapters(sheet) for page in _pages(chapter, setter, across, body, grids)]
    if setter.problems:
        raise InputProblem(setter.problems)
    return _draw(sheet, pages or [Page()], frame, (width, height))


Grids = Mapping[int, list[Piece]]
"""The pieces of each month by its identity: all share their columns."""


def _grids(sheet: Sheet, setter: Typesetter, width: float, body: float) -> Grids:
    months = [part for section in sheet.sections for part in section.parts if isinstance(part, Month)]
    return dict(zip(map(id, months), lay_months(months, setter, width, body), strict=True))


def _chapters(sheet: Sheet) -> list[list[Section]]:
    """The sections in groups that each begin a page."""
    chapters: list[list[Section]] = [[]]
    for section in sheet.sections:
        if section.new_page and section.level == 0 and chapters[-1]:
            chapters.append([])
        chapters[-1].append(section)
    return chapters


def _pages(sections: Sequence[Section], setter: Typesetter, width: float, body: float, grids: Grids) -> list[Page]:
    """The pages of sections that begin one, each that goes on with the words for it."""
    pages = _filled(sections, setter, width, body, grids)
    foot = next((section.goes_on for section in sections if section.goes_on), "")
    if len(pages) == 1 or not foot:
        return pages
    height, _ = setter.place([Line(foot, "strong")], width, y=ABOVE)
    pages = _filled(sections, setter, width, body - height, grids)
    for page, following in pairwise(pages):
        words = following.placed[0][1].goes_on
        if words:
            page.used = body - height
            page.add(Piece(height, setter.place([Line(words, "strong")], width, y=ABOVE)[1]))
    return pages


def _filled(sections: Sequence[Section], setter: Typesetter, width: float, body: float, grids: Grids) -> list[Page]:
    """The pages of sections that begin one; closer together where that saves a page: a last line alone on one."""
    pages = flow(_pieces(sections, setter, width, body, grids), body)
    if len(pages) == 1 or any(isinstance(part, Month) for section in sections for part in section.parts):
        return pages
    setter.close = True
    closer = flow(_pieces(sections, setter, width, body, grids), body)
    setter.close = False
    return closer if len(closer) < len(pages) and _cut(closer) <= _cut(pages) else pages


def _cut(pages: Sequence[Page]) -> int:
    """How often what should stand on one page goes on on another, under its heading again."""
    heads = Counter(id(piece) for page in pages for _, piece in page.placed if piece.together)
    return sum(count - 1 for count in heads.values())


def _pieces(sections: Sequence[Section], setter: Typesetter, width: float, body: float, grids: Grids) -> list[Piece]:
    pieces: list[Piece] = []
    again: Piece | None = None
    for section in sections:
        setter.where = section.title
        own = section.level == 0 or bool(section.again)
        if own:
            again = _again(section, setter, width)
        made = _section(section, setter, width, body - (again.height if again else 0.0), grids)
        for piece in made[1 if own else 0 :]:
            piece.heads = (again, *piece.heads) if again else piece.heads
        if section.follows:
            for piece in pieces[-FOLLOWED:]:
                piece.keep = True
        pieces += made
    return pieces


def _again(section: Section, setter: Typesetter, width: float) -> Piece | None:
    """What heads the further pages of a section and of those under it."""
    if not section.again:
        return None
    height, ops = setter.place([Line(section.again, "heading")], width)
    return Piece(height + 2, ops, goes_on=section.goes_on)


def _section(section: Section, setter: Typesetter, width: float, body: float, grids: Grids) -> list[Piece]:
    pieces: list[Piece] = []
    taken = 0.0
    if not isinstance(section.parts[:1] and section.parts[0], Month):
        style = "title" if section.level == 0 else "heading"
        above = 0.0 if section.new_page else CLOSE_ABOVE if setter.close else ABOVE
        height, ops = setter.place([Line(section.title, style)], width, y=above)
        taken = height + 2
        pieces.append(Piece(taken, ops, keep=True))
    for part in section.parts:
        made = grids[id(part)] if isinstance(part, Month) else _part(part, setter, width, body, taken)
        taken += sum(piece.height for piece in made) if isinstance(part, Paragraphs) and part.leads else 0.0
        pieces += made
    if pieces:
        pieces[0].new_page = section.new_page
        pieces[0].bookmark = (section.title, section.level)
    return pieces


def _part(
    part: Table | Paragraphs | Facts | Chart | Signs, setter: Typesetter, width: float, body: float, taken: float
) -> list[Piece]:
    """The pieces of a part under a title that has `taken` some of the room of a page."""
    tallest = body - taken
    if isinstance(part, Table):
        return lay_table(part, setter, width, body, taken)
    if isinstance(part, Paragraphs):
        return lay_paragraphs(part, setter, width, tallest)
    if isinstance(part, Chart):
        return lay_chart(part, setter, width, tallest)
    if isinstance(part, Signs):
        return lay_signs(part, setter, width, tallest)
    return lay_facts(part, setter, width, tallest)


def _draw(sheet: Sheet, pages: list[Page], frame: FrameSetter, size: tuple[float, float]) -> bytes:
    canvas = _canvas(sheet, size)
    pen = Pen(canvas, size)
    _keep_frame(sheet, frame, pen, size)
    below = MARGIN + frame.head_height
    foot_top = size[1] - MARGIN - frame.foot_height
    for number, page in enumerate(pages, start=1):
        for top, piece in page.placed:
            if piece.bookmark:
                title, level = piece.bookmark
                canvas.bookmarkHorizontal(f"{number}-{top:.0f}", 0, size[1] - below - top)
                canvas.addOutlineEntry(title, f"{number}-{top:.0f}", level)
            pen.draw(piece.ops, MARGIN, below + top)
        pen.draw(frame.page(number, len(pages)), MARGIN, foot_top)
        pen.finish_page(HEAD, MARKS if sheet.frame.marks else "", FOOT)
    _share_resources(canvas)
    pen.embed_only_used()
    return packed(canvas)


def _canvas(sheet: Sheet, size: tuple[float, float]) -> Any:
    """The library's document, that knows neither patient nor moment."""
    from reportlab import rl_config
    from reportlab.pdfgen.canvas import Canvas

    rl_config.useA85 = 0  # compressed pages stay bytes: a quarter less to write and to keep
    # The first font is named, else the library refers to Helvetica, which is not embedded. Its type stub is wrong here.
    first_font: Any = load_faces().regular.name
    canvas = Canvas(BytesIO(), size, invariant=1, pageCompression=1, lang=sheet.language, initialFontName=first_font)
    canvas.setTitle(sheet.title)
    canvas.setAuthor("Regimap")
    canvas.setSubject("Plan, not a prescription or an order")
    canvas.setCreator("Regimap")
    return canvas


def _share_resources(canvas: Any) -> None:
    """Every page uses the same faces, header and footer: they are named once, and nothing the pages do not have.

    The library writes the whole list into each page, with an empty page transition that an archive may not hold.
    """
    from reportlab.pdfbase.pdfdoc import PDFArray, PDFResourceDictionary

    document = canvas._doc  # noqa: SLF001 the library has no other way to what it wrote
    pages = document.Pages.pages
    resources: Any = PDFResourceDictionary()
    resources.basicFonts()
    resources.XObject = pages[0].XObjects
    shared = document.Reference(resources)
    box = document.Reference(PDFArray([0, 0, *canvas._pagesize]))  # noqa: SLF001 the page's size has no public name
    for page in pages:
        page.Resources, page.MediaBox, page.Trans, page.Rotate = shared, box, None, None


def _keep_frame(sheet: Sheet, frame: FrameSetter, pen: Pen, size: tuple[float, float]) -> None:
    """What is the same on each page, once: the words across it and the header; the footer with the square code."""
    if sheet.frame.marks:
        bold = load_faces().bold
        words = " ".join(sheet.frame.marks)
        largest = 0.75 * size[0] / max(1.0, bold.width(words, 1.0))
        pen.watermark(words, Style(bold, min(150.0, largest), 0.0))
        pen.keep(MARKS)
    pen.draw(frame.head, MARGIN, MARGIN)
    pen.keep(HEAD)
    foot_top = size[1] - MARGIN - frame.foot_height
    pen.fill(frame.code(), MARGIN, foot_top)
    pen.draw(frame.foot, MARGIN, foot_top)
    pen.keep(FOOT)
