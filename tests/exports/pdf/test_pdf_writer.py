"""The PDF itself, read back by libraries that did not write it: frame, fonts, margins, order, sameness."""

import gc
import hashlib
import os
import re
import subprocess
import sys
from io import BytesIO

import pypdf
import pytest
from msgspec.structs import replace

from planner.errors import InputProblem
from planner.exports.pdf.faces import load_faces
from planner.exports.pdf.table import lay_table
from planner.exports.pdf.text import BoxOp, RowOp, Typesetter
from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.frame import DISCLAIMER
from planner.exports.sheets.sheet import Cell, Column, Line, Row, Table
from tests.architecture.imports import ROOT
from tests.courses import PATIENT
from tests.exports.papers import (
    BUILDERS,
    MARGIN,
    PAPERS,
    SITE,
    course,
    images_in,
    lines_of,
    make,
    page_texts,
    printed,
    shipped,
    short_course,
    squashed,
    text_boxes,
)

PLANS = {
    "made-up": course,
    "d-alba": lambda: shipped("d-alba"),
    "blinatumomab-mrd": lambda: shipped("blinatumomab-mrd"),
}
SIZES = {"A4": (841.89, 595.28), "Letter": (792.0, 612.0)}
GRID = [
    (plan, kind, paper)
    for plan in PLANS
    for kind in BUILDERS
    for paper in PAPERS
    if plan == "made-up" or kind in ("roadmap", "calendar")
]


@pytest.mark.parametrize(("plan", "kind", "paper"), GRID)
def test_every_page_has_its_header_and_footer(plan: str, kind: str, paper: str) -> None:
    evaluated = short_course() if plan == "made-up" else PLANS[plan]()
    pages = page_texts(printed(evaluated, kind, paper))
    born = "born14-Mar-1981" if kind != "calendar" else "born14March1981"
    moment = "printed22-Nov-202614:05" if kind != "calendar" else "printed22November2026,14:05"
    protocol = evaluated.schedule.blocks[0].protocol_id
    assert pages
    for number, text in enumerate(pages, start=1):
        shown = squashed(text)
        for wanted in (
            "Example,Ana",
            born,
            "00123",
            squashed(make(evaluated, kind).title),
            f"Protocol{protocol}version1(draft)",
            squashed(DISCLAIMER),
            "version0a1b2c3d",
            moment,
            "Preparedby",
            "Verifiedby",
            f"Page{number}of{len(pages)}",
            "DRAFT",
        ):
            assert wanted in shown, f"page {number} lacks {wanted}"
        assert ("DEMO" in shown) == evaluated.plan.demo


@pytest.mark.parametrize(("plan", "kind", "paper"), GRID)
def test_no_text_leaves_the_margins(plan: str, kind: str, paper: str) -> None:
    boxes, sizes = text_boxes(printed(PLANS[plan](), kind, paper))
    width, height = SIZES[paper] if kind != "summary" else SIZES[paper][::-1]
    assert all(size == pytest.approx((width, height), abs=0.1) for size in sizes)
    assert boxes
    for box in boxes:
        if re.fullmatch(r"[DEMORAFT ]{1,10}", box.text.strip()) and box.top - box.bottom > 25:
            continue  # the pale words across the page
        assert box.left >= MARGIN, box
        assert box.right <= width - MARGIN, box
        assert box.bottom >= MARGIN, box
        assert box.top <= height - MARGIN, box


@pytest.mark.parametrize("kind", BUILDERS)
def test_the_paper_says_all_that_the_sheet_says(kind: str) -> None:
    sheet = make(course(), kind)
    everything = squashed("".join(page_texts(write_pdf(sheet, "A4"))))
    lines = lines_of(sheet)
    assert len(lines) > 20
    for line in lines:
        assert squashed(line.text) in everything, line


@pytest.mark.parametrize("kind", BUILDERS)
@pytest.mark.parametrize("paper", PAPERS)
def test_all_fonts_are_embedded(kind: str, paper: str) -> None:
    reader = pypdf.PdfReader(BytesIO(printed(course(), kind, paper)))
    names = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            fonts = font.get_object()
            descriptor = fonts["/FontDescriptor"].get_object()
            assert "/FontFile2" in descriptor, fonts["/BaseFont"]
            names.add(fonts["/BaseFont"].split("+")[-1])
    assert names == {"Lato-Regular", "Lato-Bold"}


@pytest.mark.parametrize("kind", BUILDERS)
def test_no_letter_is_smaller_than_promised(kind: str) -> None:
    sizes = set()
    least = 12.0 if kind == "calendar" else 9.0
    for content in contents_of(printed(course(), kind)):
        sizes |= {float(size) for size in re.findall(r"/F\S+ ([\d.]+) Tf", content)}
    assert sizes
    assert min(sizes) >= least


def contents_of(pdf: bytes) -> list[str]:
    """What is drawn on each page, and what is kept once and shown on all of them."""
    found = []
    for page in pypdf.PdfReader(BytesIO(pdf)).pages:
        found.append(page.get_contents().get_data())
        found += [one.get_object().get_data() for one in page["/Resources"]["/XObject"].values()]
    return [data.decode("latin-1") for data in found]


@pytest.mark.parametrize("kind", BUILDERS)
def test_text_is_black_and_tints_are_pale(kind: str) -> None:
    """No meaning by colour, no grey letters, no tint darker than 15 % (promises P5)."""
    for content in contents_of(printed(course(), kind)):
        assert not re.search(r"[\d.]+ (rg|RG|k|K)\b", content)
        fills = {float(grey) for grey in re.findall(r"^([\d.]+) g$", content, re.MULTILINE)}
        lines = {float(grey) for grey in re.findall(r"([\d.]+) G\b", content)}
        assert all(grey == 0 or grey >= 0.85 for grey in fills | lines)
        ink = "0 g"  # what a page begins with
        for line in content.splitlines():
            ink = line if re.fullmatch(r"[\d.]+ g", line) else ink
            assert line != "BT" or ink == "0 g"
            assert "BT" not in line.split() or line == "BT" or " 1 Tr " in line


@pytest.mark.parametrize("kind", BUILDERS)
def test_there_is_nothing_but_text_and_lines(kind: str) -> None:
    pdf = printed(course(), kind)
    assert not images_in(pdf)
    reader = pypdf.PdfReader(BytesIO(pdf))
    for page in reader.pages:
        assert "/Annots" not in page
        drawn = page["/Resources"]["/XObject"].values()
        assert [one.get_object()["/Subtype"] for one in drawn] == ["/Form"] * 3  # header, marks, footer
    assert "/AcroForm" not in reader.trailer["/Root"]
    assert "/OpenAction" not in reader.trailer["/Root"]


def test_the_file_itself_names_nobody() -> None:
    hidden = replace(PATIENT, family_name="Zyxwvut", given_name="Qponm", id="77665544")
    pdf = printed(course(hidden), "roadmap")
    reader = pypdf.PdfReader(BytesIO(pdf))
    about = " ".join(str(value) for value in reader.metadata.values())
    outline = " ".join(str(one.title) for one in _flat(reader.outline))
    for name in ("Zyxwvut", "Qponm", "77665544"):
        assert name not in about
        assert name not in outline
    assert reader.metadata.title == "Pharmacist roadmap"


def _flat(outline: list) -> list:
    return [leaf for one in outline for leaf in (_flat(one) if isinstance(one, list) else [one])]


@pytest.mark.parametrize(("kind", "language"), [("roadmap", "en-GB"), ("calendar", "en-US")])
def test_language_and_bookmarks(kind: str, language: str) -> None:
    evaluated = course()
    reader = pypdf.PdfReader(BytesIO(printed(evaluated, kind)))
    assert reader.trailer["/Root"]["/Lang"] == language
    titles = [one.title for one in _flat(reader.outline)]
    wanted = (
        [block.title for block in evaluated.schedule.blocks] if kind == "roadmap" else ["January 2026", "December 2027"]
    )
    assert [title for title in titles if title in wanted] == wanted


@pytest.mark.parametrize("kind", BUILDERS)
def test_the_same_plan_gives_the_same_bytes(kind: str) -> None:
    assert printed(course(), kind) == printed(course(), kind)


@pytest.mark.timeout(600)  # it waits for two whole processes, which a busy machine keeps waiting
def test_the_bytes_do_not_depend_on_the_process() -> None:
    program = (
        "import hashlib; from tests.exports.papers import course, printed;"
        "print(hashlib.sha256(printed(course(), 'roadmap')).hexdigest())"
    )
    others = [
        subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for seed in ("0", "1")
    ]
    here = hashlib.sha256(printed(course(), "roadmap")).hexdigest()
    for other in others:
        said, trouble = other.communicate()
        assert (said.strip(), other.returncode) == (here, 0), trouble


@pytest.mark.parametrize("kind", BUILDERS)
def test_the_site_is_named_on_every_page(kind: str) -> None:
    site = replace(SITE, name="General Hospital, Day Clinic 4")
    for text in page_texts(printed(short_course(), kind, site=site)):
        assert "GeneralHospital,DayClinic4" in squashed(text)


def test_an_unknown_paper_is_refused() -> None:
    with pytest.raises(InputProblem, match="paper: A0 is not known; choose A4 or Letter"):
        write_pdf(make(course(), "roadmap"), "A0")


def test_table_headings_are_repeated_on_each_page_of_a_table() -> None:
    pages = [squashed(text) for text in page_texts(printed(shipped("calgb-10403"), "roadmap"))]
    rows = re.compile(r"\d\d-[A-Z][a-z]{2}-\d{4}C\d+D")
    with_rows = [text for text in pages if rows.search(text)]
    assert len(with_rows) > 10
    for text in with_rows:
        assert "DatedueDategivenCycle,day" in text
        assert re.search(r"·(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\d\d-[A-Z][a-z]{2}-\d{4}to", text), (
            "the cycle's band is missing"
        )


def test_further_pages_of_a_section_say_whose_they_are() -> None:
    evaluated = shipped("hyper-cvad")
    pages = [squashed(text) for text in page_texts(printed(evaluated, "roadmap"))]
    titles = [squashed(block.title) for block in evaluated.schedule.blocks]
    headed = [
        page for page in pages if any(f"{title},continued" in page or f"{title}Protocol" in page for title in titles)
    ]
    course = [page for page in pages if "Thecourse" in page]
    assert len(headed) + len(course) >= len(pages) - 1  # the last page may hold what belongs to no block


def test_a_section_that_follows_is_never_alone_on_a_page() -> None:
    for title in ("hyper-cvad", "blinatumomab-mrd", "pomp"):
        for page in page_texts(printed(shipped(title), "roadmap", "Letter")):
            body = squashed(page)
            if "Checkedby(anotherperson)" in body:
                assert "[" in body.split("Signatures")[0], page  # a source stands above


@pytest.mark.parametrize("text", ["rounded to 0.1 mg: 54.4 mg", "over 2 h", "at 0.6 mL/h", "30 mg/m2 of 1.8 m2"])
def test_no_number_is_parted_from_its_unit(text: str) -> None:
    setter = Typesetter("clinician", load_faces())
    for width in range(46, 160, 3):
        lines = [line for line, _ in setter.wrap(text, setter.styles["body"], float(width))]
        assert not any(re.match(r"(mg|h|mL|m2)\b", line) for line in lines), (width, lines)


@pytest.mark.parametrize("paper", ["A4", "Letter", "A3"])
def test_a_cycle_of_the_supply_sheet_stands_on_one_page(paper: str) -> None:
    pages = [squashed(text) for text in page_texts(printed(shipped("pomp"), "supply", paper))]
    assert len(pages) > 2
    bands = [re.findall(r"Cycle(\d+):", page) for page in pages]
    numbers = [number for page in bands for number in page]
    assert numbers == sorted(set(numbers), key=int)  # no cycle goes on on another page


@pytest.mark.parametrize("kind", BUILDERS)
def test_what_all_pages_use_is_named_once(kind: str) -> None:
    reader = pypdf.PdfReader(BytesIO(printed(course(), kind)))
    assert len({page.raw_get("/Resources") for page in reader.pages}) == 1
    assert not [page for page in reader.pages if "/Trans" in page or "/Rotate" in page]
    resources = reader.pages[0]["/Resources"]
    assert {"/FormXob.Head", "/FormXob.Marks", "/FormXob.Foot"} == set(resources["/XObject"])


def test_the_search_for_cycles_goes_on_after_a_sheet_and_after_a_refused_one() -> None:
    sheet = make(short_course(), "calendar")
    assert gc.isenabled()
    write_pdf(sheet, "A4")
    assert gc.isenabled()
    with pytest.raises(InputProblem):
        write_pdf(make(short_course(title="\u0e01"), "calendar"), "A4")
    assert gc.isenabled()
    gc.disable()
    try:
        write_pdf(sheet, "A4")
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_broken_frame_keeps_clear_of_the_number_in_it() -> None:
    """On a fax its stroke was read as a digit: "136 mg" as "1136 mg"."""
    setter = Typesetter("clinician", load_faces())
    framed = Row((Cell((Line("136 mg", "strong"), Line("given", blank=True)), "dashed"), Cell((Line("2 mg"),))))
    pieces = lay_table(Table((Column((), 90), Column((), 90)), (framed,)), setter, 200, 500)
    ops = [op for piece in pieces for op in piece.ops]
    (frame,) = (op for op in ops if isinstance(op, BoxOp) and op.dashed)
    told = [text for op in ops if isinstance(op, RowOp) for text in op.texts]
    texts = [text for text in told if text.x < frame.x + frame.width]
    assert texts
    assert all(op.x - frame.x >= 5 for op in texts)
