"""The calendar in every language, beside another one, and in large print: the same days, doses and boxes to tick."""

import re
from datetime import date, datetime

import pytest

from planner.content.words_file import languages
from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.calendar.calendar import calendar
from planner.exports.sheets.sheet import Month, Sheet, Table
from planner.model.site import Site
from planner.model.wish import Wish
from planner.paths import resources
from planner.services.printing import make_sheet, words_of
from tests.exports.papers import SITE, STAMP, job, library, lines_of, page_texts, shipped, squashed, text_boxes
from tests.exports.sheets.calendars import days_of

LANGUAGES = languages(resources() / "translations" / "patient")
OTHERS = [one for one in LANGUAGES if one != "en"]


def in_language(protocol: str, language: str, large: bool = False) -> Sheet:
    return calendar(shipped(protocol), job(wish=Wish(language=language, large=large)))


def ticks(sheet: Sheet) -> int:
    bars = [bar for part in parts(sheet, Month) for week in part.weeks for bar in week.bars]
    lines = lines_of(sheet)
    alone = sum(line.tick + sum(count for _, count, _ in line.boxes) for line in lines)
    return alone + sum(bar.ticks * (bar.last - bar.first + 1) for bar in bars)


def parts(sheet: Sheet, kind: type) -> list:
    return [part for section in sheet.sections for part in section.parts if isinstance(part, kind)]


def test_the_languages_of_the_house_are_there() -> None:
    assert {"en", "es", "de", "fr", "ru"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("protocol", ["d-alba", "calgb-10403"])
def test_every_language_has_the_same_days_and_boxes(language: str, protocol: str) -> None:
    english, other = in_language(protocol, "en"), in_language(protocol, language)
    assert len(other.sections) == len(english.sections)
    assert ticks(other) == ticks(english)
    for one, two in zip(parts(english, Month), parts(other, Month), strict=True):
        for week, same in zip(one.weeks, two.weeks, strict=True):
            assert [day.number for day in week.days] == [day.number.rstrip(".") for day in same.days]
            assert [len(day.lines) for day in week.days] == [len(day.lines) for day in same.days]
            assert [(bar.first, bar.last) for bar in week.bars] == [(bar.first, bar.last) for bar in same.bars]


@pytest.mark.parametrize("language", OTHERS)
def test_doses_are_the_same_numbers_in_the_languages_own_signs(language: str) -> None:
    """No comma that another reader takes for a point: thousands are set apart by a space."""
    numbers = []
    for one in ("en", language):
        texts = [line.text for line in lines_of(in_language("calgb-10403", one))]
        words = words_of(one)
        unit = words.say("unit_mg")
        found = [match for text in texts for match in re.findall(rf"(\d[\d.,\u00a0]*)\u00a0{unit}\b", text)]
        plain = [text.replace(words.grouping, "").replace(words.decimal, ".") for text in found]
        numbers.append(plain)
    assert numbers[0] == numbers[1]
    assert numbers[0]
    assert words_of(language).grouping == "\u00a0"


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("protocol", ["d-alba", "hyper-cvad", "e1910", "obe-cel"])
def test_a_translated_calendar_prints_every_sign_and_says_that_it_is_translated(language: str, protocol: str) -> None:
    sheet = in_language(protocol, language)
    text = squashed("".join(page_texts(write_pdf(sheet, "A4"))[:2]))
    assert squashed(words_of(language).say("translated")) in text
    assert squashed(words_of("en").say("translated")) not in text


@pytest.mark.parametrize("language", OTHERS)
def test_what_patients_read_of_the_shipped_protocols_is_translated(language: str) -> None:
    """Medicines, tests and notes, all of them; of the names of parts the short ones."""
    words = words_of(language)
    missing = set()
    for shelved in library().protocols.values():
        for phase in shelved.protocol.phases:
            for order in phase.orders:
                agent = library().agents.get(order.agent)
                name = agent.plain_words or agent.name if agent else ""
                missing |= {name} - words.terms.keys() - {""}
                if order.patient_note and words.note(order.patient_note) == order.patient_note:
                    missing.add(order.patient_note)
            missing |= {one.patient_words for one in phase.assessments} - words.terms.keys() - {""}
    notes = {one.patient_note for one in library().agents.values()} - {""}
    missing |= {note for note in notes if words.note(note) == note}
    assert missing == set()


def test_two_languages_stand_line_by_line() -> None:
    evaluated = shipped("d-alba")
    moment = STAMP.printed_at
    both = make_sheet(evaluated, "calendar", Site(), moment, Wish(language="de", alongside="en"))
    german = make_sheet(evaluated, "calendar", Site(), moment, Wish(language="de"))
    texts = [line.text.replace("\u00a0", " ") for line in lines_of(both)]
    assert texts.index("Planned") == texts.index("Geplant") + 1
    assert any(text.startswith("Dasatinib: zum Schlucken") and " / Dasatinib: by mouth" in text for text in texts)
    assert ticks(both) == ticks(german)
    assert write_pdf(both, "A4")


def test_large_print_is_large_and_has_every_day() -> None:
    sheet = in_language("blinatumomab-mrd", "en", large=True)
    evaluated = shipped("blinatumomab-mrd")
    rows = [row for table in parts(sheet, Table)[2:] for row in table.rows]
    first, last = evaluated.schedule.blocks[0].start, max(block.end for block in evaluated.schedule.blocks)
    expected = [f"{date.fromordinal(day):%A} {date.fromordinal(day).day}" for day in range(first, last)]
    assert [day for row in rows for day in days_of(row)] == expected
    pdf = write_pdf(sheet, "A4")
    boxes, sizes = text_boxes(pdf)
    assert all(box.right <= sizes[box.page][0] - 34 and box.left >= 34 for box in boxes)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("protocol", ["d-alba", "calgb-10403", "hyper-cvad"])
def test_large_print_has_as_many_boxes_as_the_month_grid(language: str, protocol: str) -> None:
    assert ticks(in_language(protocol, language, large=True)) == ticks(in_language(protocol, language))


def test_an_unknown_language_is_refused(tmp_path: object) -> None:
    from planner.errors import InputProblem

    with pytest.raises(InputProblem, match="language: xx is not known; choose en, de"):
        make_sheet(shipped("pomp"), "calendar", Site(), STAMP.printed_at, Wish(language="xx"))


def test_russian_writes_its_units_in_its_own_letters() -> None:
    texts = [line.text for line in lines_of(in_language("calgb-10403", "ru"))]
    assert any("\u00a0мг" in text for text in texts)
    assert not any(re.search(r"\d\u00a0mg\b", text) for text in texts)


def test_an_item_and_its_other_language_are_never_parted() -> None:
    """CALGB 10403 in large print: "Methotrexat" ended a page, "Methotrexate" began the next: a second dose."""
    evaluated = shipped("calgb-10403")
    moment = datetime(2026, 3, 20, 14, 5)
    wish = Wish(language="de", alongside="en", large=True, last=date(2026, 4, 30))
    both = make_sheet(evaluated, "calendar", Site(), moment, wish)
    pages = page_texts(write_pdf(both, "A4"))
    named = [[len(re.findall(rf"\b{name}\b(?!-)", page)) for page in pages] for name in ("Methotrexat", "Methotrexate")]
    assert sum(map(bool, named[0])) > 1
    assert named[0] == named[1]
    seconds = [line for line in lines_of(both) if line.text in ("Methotrexate", "Vincristine") and not line.tick]
    assert seconds
    assert {line.style for line in seconds} == {"second"}


def test_a_second_language_stands_beside_the_first_where_one_line_holds_both() -> None:
    """Line under line filled twice the pages."""
    wish = Wish(language="ru", alongside="de", large=True, last=date(2026, 3, 31))
    both = make_sheet(shipped("flag-ida"), "calendar", Site(), STAMP.printed_at, wish)
    told = [line.strip() for page in page_texts(write_pdf(both, "A4")) for line in page.splitlines()]
    assert "Идарубицин / Idarubicin" in told
    assert "Укол под кожу:" in told  # a line does not hold "Spritze unter die Haut:" as well
    assert "Spritze unter die Haut:" in told
    assert not [line for line in told if line.startswith("/")]


def test_large_print_in_two_languages_fills_its_first_page() -> None:
    """All that stood in two columns was one piece: pages 1 to 3 stood half empty."""
    wish = Wish(language="es", alongside="en", large=True)
    pages = page_texts(write_pdf(make_sheet(shipped("obe-cel"), "calendar", SITE, STAMP.printed_at, wish), "A4"))
    assert "Traiga este plan a cada visita" in pages[0]
    assert "Partes de su plan" in pages[2]


@pytest.mark.parametrize(
    ("count", "said"), [(2, "2 раза"), (4, "4 раза"), (5, "5 раз"), (11, "11 раз"), (22, "22 раза")]
)
def test_russian_counts_times_as_it_is_spoken(count: int, said: str) -> None:
    """ "раз: 2" made a family ask."""
    assert words_of("ru").times(count) == said.replace(" ", "\u00a0")


def test_other_languages_count_times_in_one_form() -> None:
    assert words_of("es").times(2) == "2\u00a0veces"
