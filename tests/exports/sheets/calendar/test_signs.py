"""The calendar's signs: what is past, what is not sure beside what is, and a second language below the first."""

from collections.abc import Callable
from datetime import date

import pypdfium2
import pytest
from msgspec.structs import replace

from planner.exports.pdf.faces import load_faces
from planner.exports.pdf.month import lay_months
from planner.exports.pdf.table import lay_paragraphs, take_further, take_lines
from planner.exports.pdf.text import BoxOp, Typesetter
from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.sheet import DayCell, Line, Month, Paragraphs, Sheet, Table, Week
from planner.exports.wording.bilingual import alongside
from planner.model.plan import Hold
from planner.model.wish import Wish
from planner.services.evaluation import evaluate
from planner.services.printing import BUILDERS, make_sheet, words_of
from tests.exports.papers import SITE, STAMP, job, library, lines_of, made_before, make, page_texts, shipped, squashed
from tests.exports.sheets.calendars import months, said_on

ENGLISH = words_of("en")
LANGUAGES = ("en", "es", "de", "fr", "ru")
MARKS = {"en": "DRAFT", "es": "BORRADOR", "de": "ENTWURF", "fr": "PROVISOIRE", "ru": "ЧЕРНОВИК"}


def setter(audience: str = "patient") -> Typesetter:
    return Typesetter(audience, load_faces())


def week_of(*days: DayCell) -> list:
    """What is drawn of a month of one week."""
    cells = (*days, *(DayCell(str(20 + number)) for number in range(7 - len(days))))
    month = Month("June", (), tuple("MTWTFSS"), (Week(cells),), "June, continued", "more")
    return lay_months([month], setter(), 770, 400)[0][-1].ops


def both(protocol: str, language: str, large: bool) -> Sheet:
    """The calendar in that language with English below."""
    wish = Wish(language=language, alongside="en", large=large)
    return make_sheet(shipped(protocol), "calendar", SITE, STAMP.printed_at, wish)


def test_the_word_draft_is_seen_on_a_page_of_past_days() -> None:
    later = replace(STAMP, printed_at=STAMP.printed_at.replace(year=2030))
    past = BUILDERS["calendar"](shipped("blinatumomab-mrd"), replace(job(), stamp=later))
    assert ENGLISH.say("legend_past") in [line.text for line in lines_of(past)]
    bare = replace(past, frame=replace(past.frame, marks=()))
    pages = []
    for sheet in (past, bare):
        page = pypdfium2.PdfDocument(write_pdf(sheet, "A4"))[3].render(scale=1).to_pil().convert("L")
        wide, tall = page.size
        pages.append(page.crop((wide // 4, tall // 3, wide * 3 // 4, tall * 4 // 5)).tobytes())
    assert pages[0] != pages[1]
    assert min(pages[0]) < 60, "the text on the grey is as black as ever"


@pytest.mark.parametrize("large", [False, True])
def test_days_before_today_are_marked_past_and_today_is_not(large: bool) -> None:
    today = STAMP.printed_at.replace(year=2026, month=3, day=11)
    told = replace(job(wish=Wish(large=large)), stamp=replace(STAMP, printed_at=today))
    sheet = BUILDERS["calendar"](shipped("calgb-10403"), told)
    if not large:
        days = {day.number: day.past for week in months(sheet)["March 2026"].weeks for day in week.days if day.number}
        assert (days["10"], days["11"]) == (True, False)
        return
    rows = [row for one in sheet.sections for part in one.parts if isinstance(part, Table) for row in part.rows]
    names: dict[str, str] = {}
    for row in (one for one in rows if one.cells[0].lines):  # of the first month with a day of that name
        names.setdefault(row.cells[0].lines[0].text, row.cells[0].lines[0].style)
    assert names["Tuesday 10"] == "struck"
    assert names["Wednesday 11"] == "strong"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_draft_is_in_the_language_of_the_sheet(language: str) -> None:
    sheet = BUILDERS["calendar"](shipped("pomp"), job(wish=Wish(language=language)))
    assert sheet.frame.marks[-1] == MARKS[language]
    assert f"({words_of(language).say('status_draft')})" in sheet.frame.protocols.replace("\u00a0", " ")
    text = squashed(page_texts(write_pdf(sheet, "A4"))[0])
    assert MARKS[language] in text
    assert language == "en" or "DRAFT" not in text


def test_what_is_not_sure_stands_in_a_frame_of_its_own_beside_what_is() -> None:
    """The cells read as sure: only "If your doctor confirms:" in plain type stood above them."""
    sheet = make(shipped("obe-cel"), "calendar")
    days = [day for month in months(sheet).values() for week in month.weeks for day in week.days]
    mixed = [day for day in days if any(line.unsure for line in day.lines)]
    assert mixed
    for day in mixed:
        assert not day.dashed
        framed = [line for line in day.lines if line.unsure]
        assert framed[0].text == ENGLISH.say("confirms")
        assert day.lines[-len(framed) :] == tuple(framed)
        assert any(line.tick for line in day.lines if not line.unsure)
    assert ENGLISH.say("legend_dashed") in [line.text for line in lines_of(sheet)]
    drawn = week_of(mixed[0])
    assert [op for op in drawn if isinstance(op, BoxOp) and op.dashed]


def test_in_large_print_each_day_that_is_not_sure_says_so() -> None:
    """ "Everything on this page" stood on the first page of a month alone; the days were on the pages after it."""
    sheet = BUILDERS["calendar"](shipped("inotuzumab-rr"), job(wish=Wish(large=True)))
    assert ENGLISH.say("confirms_month") not in [line.text for line in lines_of(sheet)]
    rows = [row for one in sheet.sections for part in one.parts if isinstance(part, Table) for row in part.rows]
    framed = [row.cells[1] for row in rows if len(row.cells) == 2 and row.cells[1].edge == "dashed"]
    assert framed
    assert all(any(line.text == ENGLISH.say("confirms") for line in cell.lines) for cell in framed)


def test_a_second_language_is_lighter_further_in_and_without_boxes() -> None:
    lines = [line for line in lines_of(both("tisa-cel", "es", large=False)) if line.text]
    second = [line for line in lines if line.style.startswith("second")]
    assert len(second) > 50
    assert not any(line.tick or line.blank for line in second)
    assert all(line.joined for line in second)
    style = setter().styles["second"]
    assert style.muted
    assert style.indent > 0


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("protocol", ["calgb-10403", "mini-hyper-cvd-inotuzumab"])
def test_no_page_parts_a_medicine_from_its_translation_or_its_heading(protocol: str, large: bool) -> None:
    """The same dose stood at the foot of a page with its box and again on top of the next one in English."""
    sheet = both(protocol, "de", large)
    typesetter = setter("patient, large print" if large else "patient")
    cells = [day.lines for month in months(sheet).values() for week in month.weeks for day in week.days]
    rows = [row for one in sheet.sections for part in one.parts if isinstance(part, Table) for row in part.rows]
    cells += [row.cells[1].lines for row in rows if len(row.cells) == 2]
    tall = sorted({lines for lines in cells if len(lines) > 6}, key=lambda lines: -len(lines))[:12]
    assert tall
    for lines in tall:
        whole = typesetter.place(lines, 300)[0]
        for part in range(3, 9):
            taken, _ = take_lines(lines, 300, typesetter, whole * part / 10)
            if not 4 < len(taken) < len(lines):  # the first of them stand on any page
                continue
            after = lines[len(taken)]
            assert not after.joined, after
            assert taken[-1] not in after.under, after


def test_a_medicine_that_is_taller_than_a_page_in_two_languages_comes_to_its_end() -> None:
    """Both headings came again on each page and the medicine never: a calendar in two languages was never made."""
    heads = Line("By mouth:"), Line("Por la boca:", "second", joined=True)
    words = "Methotrexate once a week, never daily, " * 12
    lines = (*heads, Line(words, "strong", under=heads), Line(words, "second", under=heads, joined=True))
    typesetter, told, pages = setter(), "", 0
    room = typesetter.place(lines[:3], 100)[0] + 1
    while lines:
        taken, lines = take_further(lines, 100, typesetter, room)
        told, pages = told + " ".join(line.text for line in taken), pages + 1
        assert pages < 6
    assert told.count(words.strip()) == 2


def test_headings_are_said_again_in_both_languages() -> None:
    one = (Line("Zum Schlucken:"), Line("Dexamethason", tick=True, under=(Line("Zum Schlucken:"),)))
    two = (Line("By mouth:"), Line("Dexamethasone", tick=True, under=(Line("By mouth:"),)))
    made = []
    for lines in (one, two):
        cells = tuple(DayCell(str(number), lines=lines if number == 1 else ()) for number in range(1, 8))
        month = Month("June", (), tuple("MTWTFSS"), (Week(cells),), "June, continued", "more")
        sheet = make(shipped("pomp"), "calendar")
        made.append(replace(sheet, sections=(replace(sheet.sections[0], parts=(month,)),)))
    lines = months(alongside(*made))["June"].weeks[0].days[0].lines
    assert [line.text for line in lines[-1].under] == ["Zum Schlucken:", "By mouth:"]
    assert lines[:2] == lines[-1].under


def medicines(protocol: str, made: Callable[..., Sheet] = make) -> dict[tuple[str, str], list[str]]:
    """What is good to know of each medicine, by its name and the first line of how much."""
    tables = [part for one in made(shipped(protocol), "calendar").sections for part in one.parts]
    rows = [row for part in tables if isinstance(part, Table) and len(part.columns) == 4 for row in part.rows]
    plain = [[[line.text.replace("\u00a0", " ") for line in cell.lines] for cell in row.cells] for row in rows]
    return {(row[0][0], row[2][0]): row[3] for row in plain if len(row[3]) or len(row[0])}


def test_two_amounts_of_a_medicine_name_their_cycles_and_what_is_not_sure_says_so() -> None:
    """Ponatinib 30 mg and 15 mg both stood "In: Ponatinib-blinatumomab", as if both were sure and for all of it."""
    first = medicines("ponatinib-blinatumomab", made_before)["Ponatinib", "30 mg each time"]
    later = medicines("ponatinib-blinatumomab")["Ponatinib", "15 mg each time"]
    assert first[-2] == "In: Ponatinib-blinatumomab (cycle 1)"
    assert ENGLISH.say("sure_provisional") not in first
    parts = ["In: Ponatinib-blinatumomab (cycles 2 to 5)", "If your doctor confirms, also in: Ponatinib alone"]
    assert ENGLISH.say("dose_open") in later
    assert later[-3:-1] == parts
    assert later[-4].endswith("It goes on after the last day of this plan. Do not stop on your own.")
    assert first[-1].endswith("to 12 April 2026")
    assert later[-1].startswith("Ponatinib alone: "), (
        "where it goes on; what is over by the day of printing is not told"
    )


def test_a_medicine_that_is_alike_in_the_whole_plan_names_no_part() -> None:
    found = medicines("blinatumomab-mrd")
    assert not any(text.startswith("In: ") for notes in found.values() for text in notes)


def test_what_is_taken_at_home_in_one_part_names_it() -> None:
    """ "Take three times a day, every day." of mercaptopurine, which begins half a year later."""
    found = medicines("hyper-cvad")
    (notes,) = (notes for (name, _), notes in found.items() if name == "Mercaptopurine")
    assert any(text.startswith("In: POMP") for text in notes)


def test_a_pump_on_hold_may_run_later_in_its_cycle() -> None:
    """With blinatumomab on hold, nobody knew until when, the days behind its last one promised no treatment."""
    plan = shipped("blinatumomab-mrd").plan
    block = plan.blocks[0].id
    held = evaluate(replace(plan, modifications=(Hold(block, 1, 11, "toxicity", order="blinatumomab"),)), library())
    cycle = held.schedule.block(block).cycles[0]
    told = said_on(make(held, "calendar"))
    behind = [told[date.fromordinal(day)] for day in range(cycle.start + 28, cycle.end)]
    assert len(behind) > 10
    assert all("Ask us: Blinatumomab" in texts and "No treatment" not in texts for texts in behind)


def test_a_table_over_several_pages_says_its_name_on_each() -> None:
    pages = [squashed(text) for text in page_texts(printed_calendar("hyper-cvad"))]
    tables = [text for text in pages if "MedicineHowHowmuchGoodtoknow" in text]
    assert len(tables) > 1
    assert ["Yourmedicines,continued" in text for text in tables] == [False, *[True] * (len(tables) - 1)]
    assert all("Yourmedicines,continued" not in text for text in pages if text not in tables)


def printed_calendar(protocol: str) -> bytes:
    return write_pdf(make(shipped(protocol), "calendar"), "A4")


def test_two_parts_on_the_same_day_number_say_it_once() -> None:
    """ "Obe-cel 1: Day 13, Obe-cel 2: Day 13" filled four lines of each cell."""
    days = [
        day
        for month in months(make(shipped("obe-cel"), "calendar")).values()
        for week in month.weeks
        for day in week.days
    ]
    labels = {day.label.replace("\u00a0", " ") for day in days}
    assert "Day 13" in labels
    assert not any("Obe-cel 2: Day" in label for label in labels)


@pytest.mark.parametrize("protocol", ["leukapheresis", "obe-cel"])
def test_no_french_line_begins_with_a_sign(protocol: str) -> None:
    sheet = BUILDERS["calendar"](shipped(protocol), job(wish=Wish(language="fr")))
    texts = [line.text for line in lines_of(sheet)]
    texts += [day.label for month in months(sheet).values() for week in month.weeks for day in week.days]
    texts += [bar.line.text for month in months(sheet).values() for week in month.weeks for bar in week.bars]
    assert any("\u00a0:" in text for text in texts)
    assert not [text for text in texts if any(sign in text for sign in (" :", " ?", " !", " ;"))]


def test_no_page_of_large_print_holds_a_title_alone() -> None:
    """ "April 2026" with the line of its parts filled a page; its first day began the next one."""
    sheet = both("inotuzumab-rr", "de", large=True)
    titles = [section.title for section in sheet.sections if section.new_page]
    days = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
    pages = ["\n" + "\n".join(text.replace("\u00a0", " ").splitlines()) for text in page_texts(write_pdf(sheet, "A4"))]
    begun = [page for page in pages if any(f"\n{title.replace(chr(160), ' ')}\n" in page for title in titles)]
    assert len(begun) == len(titles)
    assert all(any(f"\n{day}, " in page for day in days) for page in begun)


def test_what_a_family_has_to_ask_stands_with_the_last_day_of_a_medicine() -> None:
    told = said_on(make(shipped("leukapheresis"), "calendar"))
    assert sum("Last day for some of your medicines. Ask us which" in texts for texts in told.values()) >= 3


@pytest.mark.parametrize("count", [4, 5])
def test_lines_side_by_side_stay_with_their_translation(count: int) -> None:
    pairs = [(Line(f"Eins {n}"), Line(f"One {n}", "second", joined=True)) for n in range(count)]
    lines = tuple(line for pair in pairs for line in pair)
    (piece,) = lay_paragraphs(Paragraphs(lines, columns=2), setter(), 700, 400)
    told: dict[float, list[str]] = {}
    for op in piece.ops:
        told.setdefault(300 if op.x > 300 else 0, []).extend(text for _, text, _ in op.block.lines)
    assert [len(told[0]), len(told[300])] == ([4, 4] if count == 4 else [6, 4])
    assert all(texts[0].startswith("Eins") for texts in told.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_goes_with_a_treatment_on_hold_says_to_ask_first(language: str) -> None:
    """Blinatumomab on hold, and on the first day of its next cycle a box for dexamethasone and for the stay."""
    plan = shipped("blinatumomab-mrd").plan
    block = "consolidation"
    held = evaluate(replace(plan, modifications=(Hold(block, 2, 1, "toxicity", order="blinatumomab"),)), library())
    start = date.fromordinal(held.schedule.block(block).cycles[0].start)
    words = words_of(language)
    first = words.say("ask_first", name="")
    for evaluated, asks in ((held, True), (shipped("blinatumomab-mrd"), False)):
        sheet = BUILDERS["calendar"](evaluated, job(wish=Wish(start, start, language)))
        days = [day for month in months(sheet).values() for week in month.weeks for day in week.days]
        (day,) = [one for one in days if one.number == str(start.day) and not one.outside]
        boxes = [line.text for line in day.lines if line.tick]
        assert boxes
        assert all(text.endswith(first) for text in boxes) == asks, boxes


def test_what_is_to_be_minded_has_no_box_to_tick() -> None:
    """ "Ask us before any other medicine" stood on five days after a graft, each with a box."""
    sheet = make(shipped("ptcy-gvhd"), "calendar")
    days = [day for month in months(sheet).values() for week in month.weeks for day in week.days]
    lines = [line for day in days for line in day.lines if "Ask us before any other medicine" in line.text]
    assert lines
    assert not any(line.tick for line in lines)
    assert any(line.tick for day in days for line in day.lines)
