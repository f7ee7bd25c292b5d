"""A printed sheet as data: what stands where, in words, without points, fonts or a PDF library.

Builders (roadmap, calendar) make a Sheet from an EvaluatedPlan; the PDF writer lays it out. All values are frozen.
Text is plain text everywhere: no field is ever read as markup.
"""

from collections.abc import Mapping

from msgspec import Struct, field

from planner.model.timeline import Bar, Lane


class Line(Struct, frozen=True, gc=False, cache_hash=True):
    """One paragraph of one style: body, strong, capital, struck, heading, title, number, second or second struck.

    `tick` puts an empty box in front of it, `ticked` ticks that box: it was done. `blank` draws a rule to write on from
    its end to the edge of its cell. `boxes` stand instead of a text: words side by side, each behind as many boxes to
    tick, and whether they are ticked. `under` are the headings it stands under, the outermost first: where a page ends
    between them and it, they are said again. What is `joined` is of the line before it: no page ends between the two.
    `unsure` lines stand in a broken frame beside sure ones.
    """

    text: str
    style: str = "body"
    tick: bool = False
    blank: bool = False
    boxes: tuple[tuple[str, int, bool], ...] = ()
    under: tuple["Line", ...] = ()
    joined: bool = False
    ticked: bool = False
    unsure: bool = False


class Cell(Struct, frozen=True, gc=False):
    """The lines of one table cell. `edge` is "", "dashed" (provisional) or "thick" (intrathecal)."""

    lines: tuple[Line, ...] = ()
    edge: str = ""


PROSE = 6.0
"""Points behind a column of sentences."""


class Column(Struct, frozen=True):
    """A column: its heading, its narrowest width in points, and its part of the width that is left over.

    `gap` is what stays free behind its text: full lines of prose ran on into those of the next column.
    """

    heading: tuple[Line, ...]
    least: float
    share: float = 1.0
    edge: str = ""
    gap: float = 0.0


class Row(Struct, frozen=True, gc=False):
    """One table row; never split over two pages. A `band` is one cell over all columns and heads the rows after it.

    One that is `joined` goes on with the row before it, on its page and without a rule between them.
    """

    cells: tuple[Cell, ...]
    band: bool = False
    joined: bool = False


class Table(Struct, frozen=True):
    """Rows under a heading that is repeated on each page. `ruled` draws a line under each row.

    `together` moves the table to a fresh page where that keeps it in one piece, `bands_together` each band with the
    rows under it. It `begins` where so many rows have room: one alone at the foot of a page is not seen.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    ruled: bool = True
    begins: int = 1
    together: bool = False
    bands_together: bool = False


class Paragraphs(Struct, frozen=True):
    """Lines one under the other over the whole width. `boxed` frames them as one piece.

    `spare` lines, only there to write on, are left out where they would begin a page. What `leads` stays with the part
    after it. Lines that are `together` stand on one page. Side by side in `columns`, the first
    ones in the left, they are one piece.
    """

    lines: tuple[Line, ...]
    boxed: bool = False
    spare: bool = False
    leads: bool = False
    together: bool = False
    columns: int = 1


class Facts(Struct, frozen=True):
    """Pairs of label and value, side by side in as many columns. They stay with the part after them if they lead it."""

    pairs: tuple[tuple[str, str], ...]
    columns: int = 2
    leads: bool = False


class DayCell(Struct, frozen=True, gc=False):
    """One day of a month. `outside` days are not in the plan; they and `past` days are grey.

    `month` is named on a day of a neighbour that stands with this month because its week does.
    A line through the number says of a `past` day what its grey does not on a fax (promises P5).
    """

    number: str
    label: str = ""
    lines: tuple[Line, ...] = ()
    outside: bool = False
    dashed: bool = False
    past: bool = False
    month: str = ""


class WeekBar(Struct, frozen=True, gc=False):
    """What happens on each day from `first` to `last` of a week (0 to 6).

    `ticks` are boxes to tick on each day, so many of them ticked on the days on which it is `done`.
    """

    first: int
    last: int
    line: Line
    ticks: int = 0
    dashed: bool = False
    done: tuple[tuple[int, int], ...] = ()


class Week(Struct, frozen=True, gc=False):
    """Seven days with the bars that run over them; never split over two pages.

    `part` says which of the months on its grid has most of its days, counted from 0.
    """

    days: tuple[DayCell, ...]
    bars: tuple[WeekBar, ...] = ()
    part: int = 0


class Month(Struct, frozen=True):
    """A month as a grid under the names of the weekdays. `notice` is framed above it, on each of its pages.

    `again` is its title on further pages, `more` the word on a day that goes on there, `earlier` what the other days
    say there, `further` what a day says before that goes on there. `after` is framed below its last week: what goes on
    behind its days, what is said of the months that follow and have no grid of their own. `headline` stands for the
    title where a week of a neighbour alone stands with it; `spans` are then the titles of further pages, by the first
    and the last `Week.part` on them.
    """

    title: str
    subtitle: tuple[Line, ...]
    weekdays: tuple[str, ...]
    weeks: tuple[Week, ...]
    again: str
    more: str
    notice: str = ""
    after: tuple[Line, ...] = ()
    earlier: str = ""
    further: str = ""
    headline: str = ""
    spans: Mapping[tuple[int, int], str] = field(default_factory=dict)


class Chart(Struct, frozen=True):
    """Lanes of the timeline between two days: `first` up to, not including, `last` (ordinals)."""

    lanes: tuple[Lane, ...]
    first: int
    last: int


class Sign(Struct, frozen=True):
    """A sign of the drawing with what it means: a bar as it would lie in a lane of that role."""

    bar: Bar
    role: str
    text: str


class Signs(Struct, frozen=True):
    """The signs a drawing uses, each beside its meaning, then `lines` about its letters and lines."""

    signs: tuple[Sign, ...]
    lines: tuple[Line, ...] = ()


Part = Table | Paragraphs | Facts | Month | Chart | Signs


class Section(Struct, frozen=True):
    """Parts under one heading, with a bookmark of that name. `new_page` starts it on a page of its own.

    `again` heads its further pages, those of the sections of level 1 after it that have none included; `goes_on` stands
    at the foot of each page before one of these. What `follows` never begins a page without some lines of what stands
    before it.
    """

    title: str
    parts: tuple[Part, ...]
    level: int = 0
    new_page: bool = False
    again: str = ""
    goes_on: str = ""
    follows: bool = False


class Frame(Struct, frozen=True):
    """What stands on every page: who it is about, what it is, which version, and that it is no order.

    `marks` are the words DEMO, DRAFT and SUPERSEDED in the sheet's language. `phone` is a boxed line of the header, on
    patient sheets. `page` counts the pages. `code` is what the square code in the footer says; empty for none.
    `notice` is for readers who take the sheet for all that there is.
    """

    patient: str
    identity: str
    title: str
    protocols: str
    marks: tuple[str, ...]
    footer: tuple[tuple[Line, ...], ...]
    phone: Line | None = None
    page: str = "Page {page} of {pages}"
    code: str = ""
    notice: str = ""


class Sheet(Struct, frozen=True):
    """A whole document. `audience` is "clinician" (9 pt and more) or "patient" (12 pt and more).

    `title` is the document title of the file and holds no name.
    """

    kind: str
    title: str
    audience: str
    frame: Frame
    sections: tuple[Section, ...]
    language: str = "en-GB"
    landscape: bool = field(default=True)
