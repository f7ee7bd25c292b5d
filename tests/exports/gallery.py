"""Plans as they come: a shipped protocol, other variants, random changes and records, printed and read back.

The reader shares nothing with the writer: pages, boxes and texts come from pypdfium2, what has to stand there from the
events of the schedule, in words made here.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from itertools import pairwise
from random import Random

import pypdf
import pypdfium2
import pypdfium2.raw as pdfium
from fontTools.ttLib import TTFont
from msgspec.structs import replace

from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import BlockStart, Given, GivenRecord, Plan
from planner.model.schedule import Event
from planner.model.wish import Wish
from planner.paths import resources
from planner.services.evaluation import evaluate
from planner.services.printing import BUILDERS, make_sheet, pdf_of
from planner.services.release import release
from planner.services.verbs.placing import add_protocol, new_plan
from tests.exports.papers import MARGIN, SITE, library, squashed
from tests.services.verbs.random_verbs import PATIENT, VERBS, Course, do

PRINTED_AT = datetime(2026, 3, 20, 14, 5)
PAPERS = ("A4", "Letter", "A3")
LANGUAGES = ("en", "es", "de", "fr", "ru")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SLACK = 1.0
"""Points that ink of two texts may share: accents and descenders of neighbouring lines come that close."""
DRUGS = ("administration", "infusion", "cell_infusion")
NOTHING = ".notdef"
HEAD = "Block,cycle,day"
"""What begins below the title of a day, or of several."""
STRETCH = re.compile(r"(\d\d-[A-Z][a-z]{2}-\d{4})to[A-Z][a-z]{2}(\d\d-[A-Z][a-z]{2}-\d{4})")
"""Days that are told by the first and the last of them."""
CLINICIAN = ("Plan, may change. Not a prescription or an order.", "Page {page} of {pages}")
WITHHELD = ("omitted", "stopped", "held")


def any_plan(seed: int) -> EvaluatedPlan:
    """The plan of that number: always the same one."""
    chance = Random(seed)
    names = sorted(library().protocols)
    shelved = library().protocols[names[seed % len(names)]]
    choices = {one.id: chance.choice(one.choices).id for one in shelved.protocol.variants if chance.random() < 0.6}
    start = BlockStart(on=date(2026, chance.randint(1, 12), chance.randint(1, 28)))
    course = Course(shelved.pin.text)
    course.plan = add_protocol(new_plan("p", PATIENT, demo=seed % 7 == 0), shelved, start, choices)
    for _ in range(chance.randint(0, 4)):
        numbers = (*(chance.randint(0, 11) for _ in range(4)), chance.randint(-9, 25), chance.randint(1, 99))
        do(course, (chance.choice(VERBS), numbers))
    plan = _recorded(course.plan, evaluate(course.plan, library(), SITE), chance)
    return evaluate(plan, library(), SITE)


def _recorded(plan: Plan, evaluated: EvaluatedPlan, chance: Random) -> Plan:
    """The first doses as given, partly given or not given."""
    counts: dict[tuple[str, int], int] = defaultdict(int)
    records = []
    for event in evaluated.schedule.events[: chance.choice((0, 0, 5, 40))]:
        number = counts[event.placed.id, event.cycle_day]
        counts[event.placed.id, event.cycle_day] += 1
        if event.dose is None or event.dose.value is None or event.state in WITHHELD:
            continue
        status = chance.choice((Given.GIVEN, Given.GIVEN, Given.PARTLY, Given.NOT_GIVEN))
        amount = {Given.GIVEN: event.dose.value, Given.PARTLY: event.dose.value / 2, Given.NOT_GIVEN: None}[status]
        records.append(
            GivenRecord(
                event.placed.block.id,
                event.placed.cycle,
                event.cycle_day,
                event.placed.order.id,
                number,
                status,
                None if amount is None else event.date,
                amount,
                event.dose.unit,
                "P. One",
                "" if status is Given.GIVEN else "other",
            )
        )
    return replace(plan, given=tuple(records))


def wish_of(seed: int) -> tuple[str, Wish]:
    """Paper and language, so that all of them come about."""
    chance = Random(-seed - 1)
    return chance.choice(PAPERS), Wish(language=chance.choice(LANGUAGES), large=chance.random() < 0.2)


def print_all(evaluated: EvaluatedPlan, paper: str, wish: Wish, at: datetime = PRINTED_AT) -> dict[str, bytes]:
    """Every sheet."""
    return {
        kind: pdf_of(make_sheet(evaluated, kind, SITE, at, wish if kind == "calendar" else Wish()), paper)
        for kind in BUILDERS
    }


@dataclass(frozen=True)
class Ink:
    """One run of text on a page in points from the lower left corner."""

    left: float
    bottom: float
    right: float
    top: float
    text: str


@dataclass(frozen=True)
class PrintedPage:
    """A page as it was read: its size, its text without spaces, its runs of text."""

    width: float
    height: float
    text: str
    inks: tuple[Ink, ...]


Printed = list[PrintedPage]


def read(pdf: bytes) -> Printed:
    """The pages of a PDF."""
    document = pypdfium2.PdfDocument(pdf)
    pages = []
    for page in document:
        text = page.get_textpage()
        inks = tuple(_inks(page, text))
        pages.append(PrintedPage(*page.get_size(), squashed(text.get_text_range()), inks))
        text.close()
        page.close()
    document.close()
    return pages


def _inks(page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage) -> Iterator[Ink]:
    """Runs of text that are filled; the large words behind them are drawn as outlines."""
    for one in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_TEXT,), max_depth=2):
        if pdfium.FPDFTextObj_GetTextRenderMode(one.raw) == pdfium.FPDF_TEXTRENDERMODE_FILL:
            bounds = one.get_bounds()
            yield Ink(*bounds, "") if bounds[2] - bounds[0] > 0.5 else Ink(*bounds, " ")


def faults_of_fonts(pdf: bytes) -> list[str]:
    """Fonts that are not embedded, and signs of them for which there is no outline."""
    faults = []
    for font in pypdf.PdfReader(BytesIO(pdf)).pages[0]["/Resources"]["/Font"].values():
        one = font.get_object()
        descriptor = one["/FontDescriptor"].get_object()
        if "/FontFile2" not in descriptor:
            faults.append(f"{one['/BaseFont']} is not embedded")
            continue
        embedded = TTFont(BytesIO(descriptor["/FontFile2"].get_object().get_data()))
        mapped = embedded["cmap"].tables[0].cmap
        meant = dict(re.findall(rb"<(..)> <(....)>", one["/ToUnicode"].get_object().get_data()))
        used = [int(code, 16) for code, sign in meant.items() if int(sign, 16) not in (0, 127)]
        empty = [code for code in used if mapped.get(code, NOTHING) == NOTHING]
        faults += [f"{one['/BaseFont']}: byte {code} shows nothing" for code in empty]
        faults += [] if used else [f"{one['/BaseFont']} means nothing"]
    return faults


def lacking_frame(evaluated: EvaluatedPlan, pages: Printed, language: str) -> list[tuple[int, str]]:
    """Pages without the patient and id, the version of the plan, the page's number, or that it is no order.

    `language` is empty for a clinician's sheet.
    """
    patient = evaluated.plan.patient
    said, numbered = CLINICIAN
    if language:
        texts = tomllib.loads((resources() / "translations" / "patient" / f"{language}.toml").read_text("utf-8"))[
            "texts"
        ]
        said, numbered = texts["disclaimer"], texts["page"]
    wanted = [patient.family_name, patient.given_name, patient.id, release(evaluated.plan).version, said]
    lost = []
    for number, page in enumerate(pages, start=1):
        count = numbered.format(page=number, pages=len(pages))
        lost += [(number, one) for one in (*wanted, count) if squashed(one) not in page.text]
    return lost


def outside(pages: Printed) -> list[tuple[int, Ink]]:
    """Text beyond the margins."""
    return [
        (number, ink)
        for number, page in enumerate(pages)
        for ink in page.inks
        if ink.left < MARGIN - SLACK
        or ink.bottom < MARGIN - SLACK
        or ink.right > page.width - MARGIN + SLACK
        or ink.top > page.height - MARGIN + SLACK
    ]


def overlapping(pages: Printed) -> list[tuple[int, Ink, Ink]]:
    """Pairs of texts that lie over one another, found by sweeping each page from left to right."""
    found = []
    for number, page in enumerate(pages):
        near: list[Ink] = []
        for ink in sorted((one for one in page.inks if one.text != " "), key=lambda one: one.left):
            near = [one for one in near if one.right > ink.left + SLACK]
            found += [
                (number, one, ink)
                for one in near
                if min(one.top, ink.top) - max(one.bottom, ink.bottom) > SLACK
                and min(one.right, ink.right) - ink.left > SLACK
            ]
            near.append(ink)
    return found


def clinical(day: date) -> str:
    """02-Mar-2026, written without the sheets' own code."""
    return f"{day.day:02d}-{MONTHS[day.month - 1]}-{day.year}"


def amount(event: Event) -> str:
    """The single dose as it has to be read; empty for what has none."""
    if event.dose is None:
        return ""
    if event.dose.value is None:
        return "enterdose"
    value = f"{event.dose.value:,f}"
    value = value.rstrip("0").rstrip(".") if "." in value else value
    return squashed(f"{value}{event.dose.unit}")


def missing_from_day_sheets(evaluated: EvaluatedPlan, pages: Printed) -> list[str]:
    """Events of clinic days whose date, name, dose or hour is not on a page of that day."""
    days = {squashed(clinical(event.date)): event.day for event in evaluated.schedule.events}
    by_day: dict[int, str] = defaultdict(str)
    for page in pages:
        for title, text in _parts_of(page.text):
            for day in _days_of(title, text, days):
                by_day[day] += text
    lost = []
    home = ("PO", "topical", "ophthalmic")
    at_clinic = {
        event.day
        for event in evaluated.schedule.events
        if not (event.placed.kind in DRUGS and event.placed.route in home)
    }
    for event in evaluated.schedule.events:
        if event.day not in at_clinic or event.state == "stopped":  # a stop is told once: `test_stops`
            continue
        text = by_day[event.day].casefold()
        wanted = [event.placed.agent_name, amount(event)]
        if event.minute >= 0:
            wanted.append(f"{event.minute // 60:02d}:{event.minute % 60:02d}")
        lost += [
            f"{event.label} {clinical(event.date)}: {word}" for word in wanted if squashed(word).casefold() not in text
        ]
    return lost


def _parts_of(page: str) -> Iterator[tuple[str, str]]:
    """A page of the day sheet by its days, each with its title; what comes before the first may be continued there."""
    first, *others = page.split(HEAD)
    yield first[:400], first
    for before, text in pairwise((first, *others)):
        yield before[-60:], before[-60:] + text


def _days_of(title: str, text: str, days: dict[str, int]) -> set[int]:
    """Days of which a part tells: of its title, in a row of their own, or from a first to a last one."""
    about = {days[one] for one in days if one in (text if STRETCH.search(title) else title)}
    for first, last in STRETCH.findall(text):
        if {first, last} <= days.keys():
            about |= {day for day in days.values() if days[first] <= day <= days[last]}
    return about


def missing_from_roadmap(evaluated: EvaluatedPlan, pages: Printed) -> list[str]:
    """First days of every stretch of an order whose date or dose is nowhere on the roadmap."""
    text = "".join(page.text for page in pages)
    lost = []
    seen: dict[str, Event] = {}
    for event in evaluated.schedule.events:
        before = seen.get(event.placed.id)
        seen[event.placed.id] = event
        run = before and before.day in (event.day, event.day - 1) and amount(before) == amount(event)
        if run and before.state == event.state:
            continue
        lost += [f"{event.label}: {word}" for word in (clinical(event.date), amount(event)) if word not in text]
    return lost


def missing_from_supply(evaluated: EvaluatedPlan, pages: Printed) -> list[str]:
    """Doses by mouth, by cycle, that the supply sheet does not add up to; of premedication that is due the name."""
    text = "".join(page.text for page in pages)
    totals: dict[tuple[str, object, object, str], list[Event]] = defaultdict(list)
    for event in evaluated.schedule.events:
        if event.placed.route in ("PO", "topical", "ophthalmic") and event.dose is not None:
            totals[event.placed.id, event.dose.value, event.state, event.dose.unit].append(event)
    lost = []
    for event, *_ in totals.values():
        clinic = event.placed.role == "premedication"
        if clinic and event.state in WITHHELD:
            continue
        lost += [] if clinic or amount(event) in text else [f"{event.label}: {amount(event)}"]
        if event.placed.agent_name and squashed(event.placed.agent_name) not in text:
            lost.append(event.placed.agent_name)
    return lost
