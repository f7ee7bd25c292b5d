"""Rows of the day sheet that are signed for one by one, what goes on with a rescue, and what a page hangs on."""

from datetime import date

from msgspec.structs import replace

from planner.exports.pdf.faces import load_faces
from planner.exports.pdf.table import lay_table
from planner.exports.pdf.text import RuleOp, Typesetter
from planner.exports.sheets.sheet import Cell, Column, Facts, Line, Paragraphs, Row, Section, Sheet, Table
from planner.model.cycle_content import State
from planner.model.wish import Wish
from planner.services.printing import BUILDERS
from tests.courses import finding
from tests.exports.papers import job, lines_of, make, shipped, words_of
from tests.exports.sheets.day.test_between import rows
from tests.exports.sheets.test_handover_summary import postponed
from tests.exports.sheets.test_what_is_done import with_state


def texts_of(section: Section) -> list[str]:
    return [
        line.text.replace("\u00a0", " ")
        for part in section.parts
        if isinstance(part, Paragraphs)
        for line in part.lines
    ]


def sheet_of(protocol: str, first: date, last: date) -> Sheet:
    return BUILDERS["daysheet"](shipped(protocol), job(wish=Wish(first, last)))


def test_each_medicine_of_a_day_has_a_row_and_a_line_of_its_own() -> None:
    """ "Done ____" beside marrow, dasatinib and dexamethasone of one day: whoever signed had done all three."""
    found = rows(make(shipped("hyper-cvad-dasatinib"), "daysheet"))
    several = {day for day, text, row in found if row.joined}
    assert several
    for day, text, row in found:
        drugs = [line for line in row.cells[3].lines if "by mouth" in line.text]
        assert len(drugs) <= 1, (day, text)
        assert not drugs or len(row.cells[3].lines) == 1
        assert words_of(row.cells[0]).strip(), "each row has its date"


def test_rows_of_a_day_stand_on_one_page_without_a_rule_between_them() -> None:
    """A day ended at the foot of a page with dasatinib, and its leucovorin began the next."""
    setter = Typesetter("clinician", load_faces())
    lines = [Row((Cell((Line(text),)),), joined=text == "b") for text in ("a", "b", "c", "d", "e")]
    pieces = lay_table(Table((Column((Line("Day"),), 100),), tuple(lines)), setter, 300, 500)
    _, a, b, *_ = pieces
    assert (a.keep, b.keep) == (True, False)
    assert [any(isinstance(op, RuleOp) for op in one.ops) for one in (a, b)] == [False, True]


def test_with_a_rescue_that_goes_on_go_its_levels_and_fluids() -> None:
    """Both "until methotrexate has cleared", they ended on day 4: nobody knew when leucovorin may stop."""
    found = rows(make(shipped("aall0232-hr"), "daysheet"))
    days = {day for day, text, _ in found if text.startswith("Leucovorin")}
    assert days
    for name, box in (("Methotrexate level and creatinine", True), ("Alkaline intravenous fluids enter dose", False)):
        beside = {day: row for day, text, row in found if text.startswith(name)}
        assert days <= beside.keys()
        assert all(row.cells[3].lines[0].tick is box for day, row in beside.items() if day in days)
        assert all(set(row.cells[4].lines) == {Line("", blank=True)} for day, row in beside.items() if day in days)


def test_what_is_sure_is_bold_and_what_may_go_on_is_not() -> None:
    found = [row.cells[3].lines[0] for _, _, row in rows(make(shipped("aall0232-hr"), "daysheet"))]
    assert {line.style for line in found if "may still go on" in line.text} == {"body"}
    assert {line.style for line in found if line.text.startswith("Mercaptopurine")} == {"strong"}


def test_a_page_says_once_on_which_open_decision_its_provisional_block_hangs() -> None:
    sections = make(shipped("hyper-cvad-blinatumomab"), "daysheet").sections
    told = {text for section in sections for text in texts_of(section) if text.startswith("Provisional:")}
    (third,) = (text for text in told if "Course 3 (A)," in text)
    assert third == (
        'Provisional: Course 3 (A), behind an open decision: "Blinatumomab after two or after four courses?" '
        "(due Sun 12-Apr-2026; drawn as: After four courses)"
    )
    heads = [section for section in sections if section.level == 0]
    hanging = [one for one in heads if "Course 3 (A) C3" in " ".join(_facts(one))]
    assert hanging
    assert all(third in texts_of(one) for one in hanging)


def _facts(section: Section) -> list[str]:
    parts = [part for part in section.parts if isinstance(part, Facts)]
    return [value.replace("\u00a0", " ") for part in parts for _, value in part.pairs]


def test_doses_that_nobody_entered_are_entered_not_done() -> None:
    """A box "done" stood beside a course whose days and doses nobody knows, on its first day alone."""
    found = [
        (row.cells[4].lines, words_of(row.cells[7]).replace("\u00a0", " "))
        for section in make(shipped("e1910"), "daysheet").sections
        for part in section.parts
        if isinstance(part, Table)
        for row in part.rows
        if len(row.cells) == 8 and words_of(row.cells[1]).startswith("To enter")
    ]
    assert found
    for box, notes in found:
        assert [line.text for line in box] == ["entered"]
        assert notes.startswith("Not entered: days and doses, any day from ")


def test_a_weekly_tablet_says_so_in_each_row() -> None:
    """ "Once a week" stood above the first page of a list; the rows of the next said the dose alone."""
    evaluated = shipped("pomp")
    first = evaluated.schedule.events[0].date
    found = rows(sheet_of("pomp", first, date(first.year, first.month, 28)))
    weekly = [text for _, text, _ in found if text.startswith("Methotrexate")]
    assert weekly
    assert all("once a week" in text for text in weekly)


def test_a_finding_about_some_days_of_a_list_is_written_out_once() -> None:
    evaluated = shipped("flag-ida")
    sheet = make(evaluated, "daysheet")
    days = [day.toordinal() for day, text, _ in rows(sheet) if text.startswith("Filgrastim")]
    told = finding(1, "advice", (days[1], days[3]), (), message="About two of these days.")
    shown = make(replace(evaluated, findings=(told,)), "daysheet")
    lines = [line.text.replace("\u00a0", " ") for line in lines_of(shown)]
    assert [line for line in lines if "About two" in line] == [f"advice {told.rule}: About two of these days."]
    short = [day.toordinal() for day, _, row in rows(shown) if "see above" in words_of(row.cells[6])]
    assert short == [days[1], days[3]]


def test_nothing_is_said_of_the_doses_of_a_block_that_was_put_off() -> None:
    """Nine lines about premedication without a dose stood on a day on which nothing is given."""
    evaluated = postponed()
    waiting = next(block for block in evaluated.schedule.blocks if block.waits)
    order = next(one.placed.id for one in evaluated.schedule.events if one.placed.block.id == waiting.id)
    told = finding(1, "advice", (waiting.begins,), (order,), message="Its premedication has no dose.")
    general = finding(2, "advice", (waiting.begins,), (), message="About the day.")
    lines = [line.text for line in lines_of(make(replace(evaluated, findings=(told, general)), "daysheet"))]
    assert any("Not on this day" in line for line in lines)
    assert any("About the day." in line for line in lines)
    assert not any("Its premedication" in line for line in lines)


def test_radiation_whose_fractions_nobody_entered_has_room_for_several_a_day() -> None:
    sheet = make(shipped("hsct-cy-tbi"), "daysheet")
    (first, *_) = (
        row
        for section in sheet.sections
        for part in section.parts
        if isinstance(part, Table)
        for row in part.rows
        if words_of(row.cells[1]).startswith("Total body irradiation")
    )
    assert [line.text for line in first.cells[2].lines if line.blank] == ["enter\u00a0dose", "times this day"]
    assert [len(cell.lines) for cell in first.cells[4:7]] == [4, 4, 4]


def test_what_is_signed_for_says_once_that_it_is_given() -> None:
    """ "Blinatumomab 28 mcg a day, intravenous, continuous infusion, given" stood in two lines beside "GIVEN"."""
    evaluated = shipped("blinatumomab-mrd")
    pump = [one for one in evaluated.schedule.events if one.placed.kind == "infusion" and one.placed.cycle == 1]
    done = {one.day for one in pump[:10]}
    shown = with_state(evaluated, State.GIVEN, lambda one: one.placed.kind == "infusion" and one.day in done)
    told = [(text, row) for _, text, row in rows(make(shown, "daysheet")) if text.startswith("Blinatumomab 28 mcg")]
    signed = [text for text, row in told if "GIVEN" in words_of(row.cells[4])]
    assert len(signed) > 5
    assert not [text for text in signed if ", given" in text]
