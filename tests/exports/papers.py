"""What the sheet tests share: plans to print, and PDFs read back by libraries that did not write them."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from io import BytesIO

import pypdf
import pypdfium2
from msgspec.structs import replace

from planner.assembly.assemble import assemble
from planner.content.library import read_library
from planner.content.protocol_file import build_protocol, pin_of
from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.job import Job, Stamp
from planner.exports.sheets.sheet import Cell, Chart, DayCell, Facts, Line, Paragraphs, Part, Sheet, Signs, Table
from planner.model.evaluated_plan import CheckSummary, EvaluatedPlan
from planner.model.finding import FindingStatus
from planner.model.library import Library, ShelvedProtocol
from planner.model.open_dose import with_questions
from planner.model.patient import Patient
from planner.model.plan import Acknowledgement, BlockStart, Plan
from planner.model.release import Release
from planner.model.site import Site
from planner.model.wish import WHOLE_PLAN, Wish
from planner.paths import resources
from planner.services.printing import BUILDERS
from planner.services.printing import words_of as words_in
from planner.services.verbs.placing import add_protocol, new_plan
from planner.timeline.lay_out import Lanes
from tests.courses import AGENTS, PATIENT, course_findings, course_plan, course_schedule, finding

STAMP = Stamp(Release("0a1b2c3d"), "roadmap", datetime(2026, 11, 22, 14, 5))
BEFORE = replace(STAMP, printed_at=datetime(2026, 3, 1, 14, 5))
SITE = Site(phone_24h="555 0100", when_to_call="Call us if you have a fever of 38 °C or more.")
PAPERS = ("A4", "Letter")
MARGIN = 34.0
"""12 mm in points."""


@cache
def library() -> Library:
    """The shipped library, read once."""
    return read_library(resources(), None)


def worded(protocol: str, old: str, new: str) -> ShelvedProtocol:
    """A shipped protocol with other words in one place."""
    text = library().protocols[protocol].pin.text
    assert text.count(old) == 1
    read = build_protocol(text.replace(old, new))
    return ShelvedProtocol(pin_of(read, text.replace(old, new)), read, "test")


def course(patient: Patient = PATIENT, plan: Plan | None = None) -> EvaluatedPlan:
    """The made-up course with open, acknowledged and uncheckable findings."""
    taken = Acknowledgement("f9", "basis", "Posaconazole was stopped", "B. Pharmacist", "2026-01-20T10:00:00+00:00")
    plan = replace(plan or course_plan(), patient=patient, acknowledgements=(taken,))
    schedule = course_schedule(plan)
    cannot = finding(10, "warning", (), (), status=FindingStatus.CANNOT_CHECK, message="Height is missing.")
    findings = (*course_findings(), cannot)
    return EvaluatedPlan(plan, schedule, findings, Lanes(AGENTS), CheckSummary(20, 1, ("height",)))


def short_course(patient: Patient = PATIENT, title: str = "Induction") -> EvaluatedPlan:
    """The first block of the made-up course."""
    plan = course_plan()
    first = replace(plan.blocks[0], title=title)
    return course(patient, replace(plan, blocks=(first,), modifications=plan.modifications[1:]))


@cache
def shipped(protocol_id: str, start: date = date(2026, 3, 2), demo: bool = True) -> EvaluatedPlan:
    """A shipped protocol placed whole, without findings."""
    shelved = library().protocols[protocol_id]
    plan = add_protocol(new_plan("demo-1", PATIENT, demo=demo), shelved, BlockStart(on=start))
    schedule = assemble(plan, {shelved.pin.sha256: shelved.protocol}, library().agents, Site())
    return EvaluatedPlan(plan, with_questions(schedule), (), Lanes(library().agents), CheckSummary(0, 0, ()))


def make(evaluated: EvaluatedPlan, kind: str, site: Site = SITE) -> Sheet:
    """The sheet as data."""
    return BUILDERS[kind](evaluated, job(site))


def made_before(evaluated: EvaluatedPlan, kind: str) -> Sheet:
    """The sheet as it is printed on the day before the shipped protocols' first one."""
    return BUILDERS[kind](evaluated, replace(job(), stamp=BEFORE))


def job(site: Site = SITE, wish: Wish = WHOLE_PLAN, **around: object) -> Job:
    """What a builder gets besides the plan."""
    return Job(site, STAMP, words_in(wish.language), wish, **around)


def printed(evaluated: EvaluatedPlan, kind: str, paper: str = "A4", site: Site = SITE) -> bytes:
    """The sheet as a PDF."""
    return write_pdf(make(evaluated, kind, site), paper)


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page line by line, read by pypdfium2, which takes a fifteenth of the time of pypdf."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]


def texts_as_drawn(pdf: bytes) -> list[str]:
    """The text of each page in the order in which it is drawn, read by pypdf."""
    return [page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages]


def images_in(pdf: bytes) -> int:
    """How many images the pages show, as objects of their own or inside what is drawn."""
    with pypdfium2.PdfDocument(pdf) as document:
        return sum(1 for page in document for _ in page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))


def squashed(text: str) -> str:
    """Without any white space: wrapping and kerning leave no trace."""
    return "".join(text.split())


@dataclass(frozen=True)
class Box:
    """One run of text on a page, in points from the lower left corner."""

    page: int
    left: float
    bottom: float
    right: float
    top: float
    text: str


def text_boxes(pdf: bytes) -> tuple[list[Box], list[tuple[float, float]]]:
    """Every run of text with its box, and the size of each page, read by pypdfium2."""
    boxes, sizes = [], []
    document = pypdfium2.PdfDocument(pdf)
    for number, page in enumerate(document):
        sizes.append(page.get_size())
        text = page.get_textpage()
        for index in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(index)
            words = text.get_text_bounded(left, bottom, right, top)
            boxes.append(Box(number, left, bottom, right, top, words))
        text.close()
        page.close()
    document.close()
    return boxes, sizes


def lines_of(sheet: Sheet) -> list[Line]:
    """Every line of text the sheet's sections hold."""
    found: list[Line] = []
    for section in sheet.sections:
        for part in section.parts:
            found += _lines(part)
    return [*found, *(Line(word) for line in found for word, *_ in line.boxes)]


def _lines(part: Part) -> list[Line]:
    if isinstance(part, Table):
        cells = [cell for row in part.rows for cell in row.cells]
        headings = [line for column in part.columns for line in column.heading] if part.rows else []
        return [*headings, *(line for cell in cells for line in cell.lines)]
    if isinstance(part, Paragraphs):
        return list(part.lines)
    if isinstance(part, Facts):
        return [Line(text) for pair in part.pairs for text in pair]
    if isinstance(part, Chart):
        return [Line(lane.title) for lane in part.lanes]
    if isinstance(part, Signs):
        return [*(Line(sign.text) for sign in part.signs), *part.lines]
    days = [day for week in part.weeks for day in week.days]
    bars = [bar.line for week in part.weeks for bar in week.bars]
    notice = [Line(part.notice)] if part.notice else []
    return [
        Line(part.title),
        *part.subtitle,
        *notice,
        *bars,
        *(line for day in days for line in _day_lines(day)),
        *part.after,
    ]


def _day_lines(day: DayCell) -> list[Line]:
    return [Line(day.number), Line(day.label), *day.lines]


def words_of(cell: Cell) -> str:
    """The text of a table cell with plain spaces."""
    return " ".join(line.text for line in cell.lines).replace("\u00a0", " ")
