"""What a dose hangs on stands beside it on every sheet: that it was tolerated, that tablets make it."""

from datetime import date
from itertools import pairwise

from planner.exports.sheets.sheet import Paragraphs, Table
from planner.exports.wording.doses import if_tolerated, no_tablets
from planner.model.cycle_content import State
from tests.exports.papers import lines_of, make, shipped, words_of
from tests.exports.sheets.calendars import months

TOLERATED = "only if each dose before was tolerated"


BEGIN = date(2026, 12, 7)
"""A first day after that of printing, from which on the hand-over sheet tells."""


def cells(protocol: str, kind: str) -> list[str]:
    sections = make(shipped(protocol, BEGIN), kind).sections
    tables = [part for one in sections for part in one.parts if isinstance(part, Table)]
    return [words_of(cell) for table in tables for row in table.rows for cell in row.cells]


def test_a_rising_dose_says_on_day_sheet_and_roadmap_that_the_one_before_has_to_be_tolerated() -> None:
    """ "272 mg" stood bare on the roadmap; on the day sheet the step read as an order about the next dose."""
    for kind in ("daysheet", "roadmap"):
        found = [text for text in cells("calgb-10403", kind) if TOLERATED in text]
        assert {" ".join(text.split()[:2]) for text in found} == {"272 mg", "363 mg", "453 mg", "544 mg"}
        assert not any(TOLERATED in text for text in cells("calgb-10403", kind) if text.startswith("181 mg"))
    sheet = [text for text in cells("calgb-10403", "daysheet") if text.startswith("272 mg")]
    assert sheet == [f"272 mg 150 mg/m2 {TOLERATED} else"]
    assert "100 mg/m2; each further dose + 50 mg/m2 if tolerated" in cells("calgb-10403", "roadmap")


def test_a_dose_that_is_given_hangs_on_nothing_any_more() -> None:
    rising = [one for one in shipped("calgb-10403").schedule.events if if_tolerated(one)]
    assert len(rising) == 4
    assert if_tolerated(rising[0]._replace(state=State.GIVEN)) == ""
    tablets = next(one for one in shipped("ponalfil").schedule.events if no_tablets(one))
    assert no_tablets(tablets._replace(state=State.OMITTED)) == ""


def test_where_no_tablets_make_a_dose_day_sheet_and_calendar_say_so() -> None:
    """ "45.3 mg, once a day" stood bare with its boxes; only the supply sheet said that no tablets make it."""
    nearest = "no tablets make it exactly; nearest are 25 mg (0.5 × 50 mg, 45 % less) or 50 mg (1 × 50 mg, 10 % more)"
    for kind in ("daysheet", "supply"):
        assert any(nearest in line.text.replace("\u00a0", " ") for line in lines_of(make(shipped("aall0232-hr"), kind)))
    sheet = make(shipped("aall0232-hr"), "calendar")
    bars = [
        bar.line.text.replace("\u00a0", " ")
        for one in months(sheet).values()
        for week in one.weeks
        for bar in week.bars
    ]
    told = {text for text in bars if text.startswith("Mercaptopurine: by mouth, 45.3 mg")}
    assert told
    assert all("45.3 mg (no tablets make this dose: ask us how many), once a day" in text for text in told)
    others = {text for text in bars if text.startswith("Mercaptopurine: by mouth") and text not in told}
    assert others
    assert not any("no tablets" in text for text in others)


def test_what_is_taken_at_home_or_may_go_on_has_a_place_to_sign_on_the_day_sheet() -> None:
    """Dexamethasone of a ward day could not be signed: its table had no column for it, a day of the list no box."""
    sections = make(shipped("hyper-cvad"), "daysheet").sections
    home = next(one for one in sections if one.title == "By mouth or at home on this day")
    table = next(part for part in home.parts if isinstance(part, Table))
    headings = [column.heading[0].text for column in table.columns]
    place = headings.index("Given or taken at, by")
    for row in table.rows:
        number = words_of(row.cells[headings.index("Times this day")])
        lines = int(number) if number.isdigit() else 1
        assert [line.blank for line in row.cells[place].lines] == [True] * lines
    boxes = [part for one in sections for part in one.parts if isinstance(part, Paragraphs) and part.boxed]
    lines = [line for part in boxes for line in part.lines]
    behind = [after for line, after in pairwise(lines) if line.text.startswith("May still go on")]
    assert {(line.text, line.blank) for line in behind} == {("Given at, by", True)}
    listed = [
        line for line in lines_of(make(shipped("ponatinib-blinatumomab"), "daysheet")) if line.text.startswith("Pon")
    ]
    assert all(line.tick for line in listed if "by mouth" in line.text and "no row here" not in line.text)
    assert any("by mouth" in line.text for line in listed)


def test_a_dose_by_a_weight_that_was_not_measured_names_it() -> None:
    """ "191 mg, 3.2 mg/kg/day" stood beside 70.4 kg, which gives 225 mg; the ideal weight had no word."""
    weight = "on 59.6 kg (ideal weight, busulfan label, lower than the actual 70.4 kg)"
    for kind in ("daysheet", "handover"):
        found = [text for text in cells("hsct-flu-bu-ric", kind) if text.startswith("191 mg")]
        assert found
        assert all(weight in text for text in found)
        others = [text for text in cells("hsct-cy-tbi", kind) if text.startswith("4,224 mg")]
        assert others
        assert not any(" on 70.4 kg" in text for text in others)


def test_drops_say_that_each_eye_gets_them() -> None:
    """ "1 drop, 6 times a day, in the eyes" and "6 drops" this day in all were those of one eye."""
    assert "6 drops into each eye" in cells("flag-ida", "daysheet")
    assert "42 drops into each eye" in cells("flag-ida", "supply")
    sheet = make(shipped("flag-ida"), "calendar")
    bars = {
        bar.line.text.replace("\u00a0", " ")
        for one in months(sheet).values()
        for week in one.weeks
        for bar in week.bars
    }
    assert any("in each eye, 1 drop, 6 times a day" in text for text in bars)


def test_not_every_day_stays_in_one_piece_on_clinicians_sheets() -> None:
    """In a narrow column "every day" stood alone in a line below "once a week, on Mondays, not"."""
    told = [line.text for line in lines_of(make(shipped("pomp", BEGIN), "supply")) if "once a week" in line.text]
    assert told
    assert all("not\u00a0every\u00a0day" in text for text in told)
