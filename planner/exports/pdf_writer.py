"""Sheet to PDF: margins, header and footer on every page, bookmarks, embedded faces, the same bytes each time."""

from planner.errors import InputProblem
from planner.exports.pdf_chart import lay_chart, lay_signs
from planner.exports.pdf_faces import load_faces
from planner.exports.pdf_file import Bookmark, PdfFile
from planner.exports.pdf_flow import Page, Piece, flow
from planner.exports.pdf_frame import FrameSetter
from planner.exports.pdf_month import lay_month
from planner.exports.pdf_pen import Pen
from planner.exports.pdf_table import lay_facts, lay_paragraphs, lay_table
from planner.exports.pdf_text import Style, Typesetter
from planner.exports.sheet import Chart, Line, Month, Paragraphs, Part, Section, Sheet, Signs, Table

PAPERS = {"A4": (595.28, 841.89), "Letter": (612.0, 792.0), "A3": (841.89, 1190.55)}
"""Width and height in points, portrait."""

MARGIN = 36.0
"""Half an inch, 12.7 mm: more than any printer's edge (promises P2 asks for 10, look for 12)."""


HEAD, FOOT = "Head", "Foot"
"""Names of what is kept once for all pages."""

FOLLOWED = 3
"""Lines or rows that stay with a section that follows them."""


def write_pdf(sheet: Sheet, paper: str) -> bytes:
    """The sheet as a PDF on one of `PAPERS`.

    Raises InputProblem, one line a problem, where the paper is unknown or a text has signs that cannot be printed;
    nothing is written then.
    """
    if paper not in PAPERS:
        raise InputProblem((f"paper: {paper} is not known; choose {' or '.join(PAPERS)}",))
    width, height = PAPERS[paper]
    if sheet.landscape:
        width, height = height, width
    faces = load_faces()
    setter = Typesetter(sheet.audience, faces)
    frame = FrameSetter(sheet, setter, width - 2 * MARGIN)
    body = height - 2 * MARGIN - frame.head_height - frame.foot_height
    pieces = _pieces(sheet.sections, setter, width - 2 * MARGIN, body)
    if setter.problems:
        raise InputProblem(setter.problems)
    return _draw(sheet, flow(pieces, body), frame, (width, height))


def _pieces(sections: tuple[Section, ...], setter: Typesetter, width: float, body: float) -> list[Piece]:
    pieces: list[Piece] = []
    again: Piece | None = None
    for section in sections:
        setter.where = section.title
        if section.level == 0:
            again = _again(section, setter, width)
        made = _section(section, setter, width, body - (again.height if again else 0.0))
        for piece in made[1 if section.level == 0 else 0 :]:
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
    return Piece(height + 2, ops)


def _section(section: Section, setter: Typesetter, width: float, body: float) -> list[Piece]:
    pieces: list[Piece] = []
    taken = 0.0
    if not isinstance(section.parts[:1] and section.parts[0], Month):
        style = "title" if section.level == 0 else "heading"
        above = 0.0 if section.new_page else 7.0
        height, ops = setter.place([Line(section.title, style)], width, y=above)
        taken = height + 2
        pieces.append(Piece(taken, ops, keep=True))
    for part in section.parts:
        pieces += _part(part, setter, width, body - taken)
    if pieces:
        pieces[0].new_page = section.new_page
        pieces[0].bookmark = (section.title, section.level)
    return pieces


def _part(part: Part, setter: Typesetter, width: float, tallest: float) -> list[Piece]:
    if isinstance(part, Table):
        return lay_table(part, setter, width, tallest)
    if isinstance(part, Paragraphs):
        return lay_paragraphs(part, setter, width, tallest)
    if isinstance(part, Month):
        return lay_month(part, setter, width, tallest)
    if isinstance(part, Chart):
        return lay_chart(part, setter, width, tallest)
    if isinstance(part, Signs):
        return lay_signs(part, setter, width, tallest)
    return lay_facts(part, setter, width, tallest)


def _draw(sheet: Sheet, pages: list[Page], frame: FrameSetter, size: tuple[float, float]) -> bytes:
    file = PdfFile()
    pen = Pen(file, size)
    _keep_frame(sheet, frame, pen, size)
    below = MARGIN + frame.head_height
    foot_top = size[1] - MARGIN - frame.foot_height
    bookmarks = []
    for number, page in enumerate(pages):
        for top, piece in page.placed:
            if piece.bookmark:
                title, level = piece.bookmark
                bookmarks.append(Bookmark(title, level, number, size[1] - below - top))
            pen.draw(piece.ops, MARGIN, below + top)
        pen.draw(frame.page(number + 1, len(pages)), MARGIN, foot_top)
        pen.finish_page(HEAD, FOOT)
    about = {
        "Title": sheet.title,
        "Author": "Regimap",
        "Subject": "Plan, not a prescription or an order",
        "Creator": "Regimap",
    }
    return file.finish(about, sheet.language, size, pen.fonts(), bookmarks)


def _keep_frame(sheet: Sheet, frame: FrameSetter, pen: Pen, size: tuple[float, float]) -> None:
    """What is the same on each page, once: the words across it and the header; the footer with the square code."""
    if sheet.frame.marks:
        bold = load_faces().bold
        words = " ".join(sheet.frame.marks)
        largest = 0.75 * size[0] / max(1.0, bold.width(words, 1.0))
        pen.watermark(words, Style(bold, min(150.0, largest), 0.0))
    pen.draw(frame.head, MARGIN, MARGIN)
    pen.keep(HEAD)
    foot_top = size[1] - MARGIN - frame.foot_height
    pen.fill(frame.code(), MARGIN, foot_top)
    pen.draw(frame.foot, MARGIN, foot_top)
    pen.keep(FOOT)
