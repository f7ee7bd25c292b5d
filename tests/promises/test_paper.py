"""Promises about paper over random plans of shipped protocols: P2, P3, P4, P7, P10, P11, P15, P16, P17, P21."""

import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from random import Random

import pypdf
import pytest

from planner.exports.pdf.faces import load_faces
from planner.exports.pdf.text import SIZES, styles_of
from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.changes import changes_section
from planner.exports.sheets.sheet import Sheet, Table
from planner.model.civil import clinical_date
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.schedule import Event, Schedule
from planner.model.wish import Wish
from planner.services.printing import BUILDERS, make_sheet
from planner.services.telling.differences import differences
from tests.exports.gallery import (
    PRINTED_AT,
    Printed,
    any_plan,
    faults_of_fonts,
    lacking_frame,
    outside,
    overlapping,
    read,
)
from tests.exports.papers import SITE, lines_of, squashed
from tests.golden.cases import library
from tests.promises.said import at_last, shipped_plan
from tests.services.verbs.random_verbs import VERBS, Course, do

LEAST = {"clinician": 9.5, "patient": 12.0, "patient, large print": 18.0}
WEEK = 7
BROKEN = re.compile("[-\x02\ufffe]")
"""A hyphen, and what the reader takes one at the end of a line for."""


def sheet_of(evaluated: EvaluatedPlan, kind: str, *, large: bool = False) -> Sheet:
    return make_sheet(evaluated, kind, SITE, PRINTED_AT, Wish(large=large))


def letters(pdf: bytes) -> set[float]:
    """The sizes of all text, whether a page's own or kept once for all pages."""
    sizes: set[float] = set()
    for page in pypdf.PdfReader(BytesIO(pdf)).pages:
        streams = [page.get_contents().get_data()]
        streams += [one.get_object().get_data() for one in page["/Resources"]["/XObject"].values()]
        for data in streams:
            sizes |= {float(size) for size in re.findall(rb"/F\S+ ([\d.]+) Tf", data)}
    return sizes


def faces(pdf: bytes) -> set[str]:
    fonts = pypdf.PdfReader(BytesIO(pdf)).pages[0]["/Resources"]["/Font"].values()
    return {str(font.get_object()["/BaseFont"]).split("+")[-1] for font in fonts}


def bare(text: str) -> str:
    """Without white space and hyphens."""
    return BROKEN.sub("", squashed(text))


def split_rows(sheet: Sheet, pages: Printed) -> Iterator[str]:
    """Rows of tables of which no page holds all lines.

    In large print a day may be taller than a page: then each of its lines stands under the day's name again.
    """
    told = [bare(page.text) for page in pages]
    for section in sheet.sections:
        for part in section.parts:
            rows = part.rows if isinstance(part, Table) else ()
            for row in rows:
                texts = [bare(line.text) for cell in row.cells for line in cell.lines if line.text.strip()]
                whole = any(all(text in page for text in texts) for page in told)
                goes_on = all(any(text in page and texts[0] in page for page in told) for text in texts)
                if not whole and not (sheet.audience == "patient, large print" and goes_on):
                    yield f"{section.title}: {texts}"


def unordered_rows(sheet: Sheet, pages: Printed) -> Iterator[str]:
    """Rows whose lines do not come one after the other, from left to right, in the text that is taken out."""
    told = [bare(page.text) for page in pages]
    for section in sheet.sections:
        for part in section.parts:
            rows = part.rows if isinstance(part, Table) else ()
            for row in rows:
                if any(line.boxes or line.blank or line.tick for cell in row.cells for line in cell.lines):
                    continue
                text = "".join(bare(line.text) for cell in row.cells for line in cell.lines)
                if not any(text in page for page in told):
                    yield f"{section.title}: {text}"


def lacking_head(evaluated: EvaluatedPlan, sheet: Sheet, pages: Printed) -> list[tuple[int, str]]:
    """Pages without birth date, title, template with its version, moment of printing, the two names, or the marks."""
    born = evaluated.plan.patient.birth_date
    patient = sheet.audience != "clinician"
    wanted = [
        sheet.title,
        *sorted({f"{one.protocol_id} version {one.protocol_version}" for one in evaluated.schedule.blocks})[:1],
        "Prepared by",
        "Verified by",
        "DRAFT",
        born.strftime("%-d %B %Y") if patient else clinical_date(born),
        PRINTED_AT.strftime("%-d %B %Y, %H:%M")
        if patient
        else f"{clinical_date(PRINTED_AT.date())} {PRINTED_AT:%H:%M}",
        *(["DEMO"] if evaluated.plan.demo else []),
    ]
    return [
        (number, one) for number, page in enumerate(pages, start=1) for one in wanted if squashed(one) not in page.text
    ]


def look_at(seed: int, paper: str) -> int:
    """Every sheet of that plan on that paper; the number of its pages."""
    evaluated, count = any_plan(seed), 0
    for kind in BUILDERS:
        sheet = sheet_of(evaluated, kind, large=kind == "calendar" and seed % 5 == 0)
        pdf = write_pdf(sheet, paper)
        pages, at = read(pdf), (seed, paper, kind)
        count += len(pages)
        assert outside(pages) == [], at
        assert overlapping(pages) == [], at
        assert min(letters(pdf)) >= LEAST[sheet.audience], at
        assert faces(pdf) <= {"Lato-Regular", "Lato-Bold"}, at
        assert faults_of_fonts(pdf) == [], at
        assert lacking_frame(evaluated, pages, "en" if kind == "calendar" else "") == [], at
        assert lacking_head(evaluated, sheet, pages) == [], at
        assert list(split_rows(sheet, pages)) == [], at
        about = pypdf.PdfReader(BytesIO(pdf))
        assert evaluated.plan.patient.family_name not in str(about.metadata), at
        assert about.trailer["/Root"]["/Lang"] in ("en-GB", "en-US"), at
    return count


@pytest.mark.parametrize(("seed", "paper"), [(3, "A4"), (8, "Letter")])
def test_a_random_plan_keeps_the_promises_of_paper(seed: int, paper: str) -> None:
    assert look_at(seed, paper) > 8


@pytest.mark.slow
@pytest.mark.timeout(14_400)
@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_five_hundred_random_plans_keep_the_promises_of_paper(paper: str) -> None:
    """P2, P3, P7, P11, P16, P17 and P21: 500 plans on each paper, each sheet in its own orientation."""
    assert sum(look_at(seed, paper) for seed in range(500)) > 4000


@pytest.mark.parametrize("kind", ["roadmap", "daysheet", "supply"])
def test_text_taken_out_of_a_page_reads_row_by_row(kind: str) -> None:
    """P17: the order of the text is the order of the eye."""
    evaluated = shipped_plan("hyper-cvad")
    sheet = sheet_of(evaluated, kind)
    assert list(unordered_rows(sheet, read(write_pdf(sheet, "A4")))) == []


@pytest.mark.parametrize("audience", SIZES)
def test_lines_are_a_fifth_to_two_fifths_higher_than_their_letters(audience: str) -> None:
    """P4: 120 to 140 %."""
    styles = styles_of(audience, load_faces()).values()
    assert all(1.199 <= one.leading / one.size <= 1.401 for one in styles)
    assert min(one.size for one in styles) == LEAST[audience]


def weekly(schedule: Schedule) -> list[Event]:
    """Doses by mouth that stand seven days apart all through their cycle, found without the product's own test."""
    found = []
    for events in schedule.by_order():
        by_mouth = [one for one in events if one.placed.route == "PO" and one.dose is not None]
        days = sorted({one.day for one in by_mouth})
        gaps = {later - before for before, later in pairwise(days)}
        planned = all(one.state in (State.PLANNED, State.PROVISIONAL) for one in by_mouth)
        if planned and len(days) > 2 and gaps == {WEEK}:
            found += by_mouth
    return found


WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
WITH_WEEKLY = ("calgb-10403", "pomp")
ALL = [
    *WITH_WEEKLY,
    *(pytest.param(one, marks=pytest.mark.slow) for one in library().protocols if one not in WITH_WEEKLY),
]


@pytest.mark.parametrize("protocol", ALL)
def test_every_weekly_drug_names_its_weekday_and_says_not_every_day(protocol: str) -> None:
    """P15: in the family's calendar and on the supply sheet."""
    evaluated = shipped_plan(protocol)
    doses = weekly(evaluated.schedule)
    assert doses or protocol not in WITH_WEEKLY
    for kind in ("calendar", "supply"):
        told = [line.text.replace("\u00a0", " ") for line in lines_of(sheet_of(evaluated, kind))]
        for one in doses:
            words = f"once a week, on {WEEKDAYS[(one.day - 1) % WEEK]}, not every day"
            assert any(words in text.replace("On ", "on ") for text in told), (kind, one.label, words)


def rows(schedule: Schedule) -> Counter[tuple[object, ...]]:
    """Events as what they are, when and how much; nothing of the program's own comparison is used."""
    return Counter(
        (
            one.placed.block.id,
            one.placed.cycle,
            one.cycle_day,
            one.placed.order.id,
            one.placed.agent,
            one.day,
            one.minute if one.minute >= 0 else -1,
            one.dose and (one.dose.value, one.dose.unit),
        )
        for one in schedule.events
    )


def reissued(seed: int) -> tuple[EvaluatedPlan, EvaluatedPlan]:
    """A random plan before and after one more change."""
    before, chance = any_plan(seed), Random(seed * 31 + 7)
    course = Course(before.plan.pins[0].text)
    course.plan = before.plan
    for _ in range(4):
        numbers = (*(chance.randint(0, 11) for _ in range(4)), chance.randint(-9, 25), chance.randint(1, 99))
        do(course, (chance.choice(VERBS), numbers))
        if course.plan != before.plan:
            break
    return before, at_last(course.plan)


@pytest.mark.parametrize("seeds", [range(4), pytest.param(range(200), marks=pytest.mark.slow)], ids=["few", "200"])
@pytest.mark.timeout(3600)
def test_a_reissue_marks_what_differs_and_nothing_else(seeds: range) -> None:
    """P10: the list on paper counts each difference once, and covers all that two independent counts differ in."""
    for seed in seeds:
        before, after = reissued(seed)
        changes = differences(before.schedule, after.schedule)
        gone, come = rows(before.schedule) - rows(after.schedule), rows(after.schedule) - rows(before.schedule)
        days = {row[5] for row in (*gone, *come)}
        told = {day for one in changes for day in (one.old_day, one.new_day)}
        assert days <= told, seed
        assert bool(changes) >= bool(gone or come), seed
        counted = 0
        for section in changes_section(changes):
            for row in section.parts[0].rows:
                several = re.search(r", (\d+)\u00a0times", row.cells[1].lines[0].text)
                counted += int(several[1]) if several else 1
        assert counted == len(changes), seed
