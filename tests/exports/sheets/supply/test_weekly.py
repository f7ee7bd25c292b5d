"""The supply sheet of a medicine that is taken once a week: the days on which it is left out."""

from datetime import date, timedelta

from msgspec.structs import replace

from planner.exports.sheets.sheet import Table
from planner.model.civil import weekday_date
from planner.model.plan import BlockStart, Deferral, DoseChange, Scope
from planner.model.wish import Wish
from planner.services.evaluation import evaluate
from planner.services.printing import BUILDERS
from planner.services.verbs.placing import add_protocol, new_plan
from planner.services.verbs.redosing import enter_dose
from tests.courses import PATIENT
from tests.exports.papers import job, library, lines_of, make, shipped, words_of
from tests.exports.sheets.test_after_edits import doses_of, placed, printed_sheet, recorded, rows, text
from tests.exports.sheets.test_day_bag_supply import rows_of, words_of_lines
from tests.exports.sheets.test_handover_summary import tables


def test_the_supply_sheet_names_the_day_on_which_a_weekly_medicine_is_left_out() -> None:
    """CALGB 10403: no methotrexate by mouth on the Monday of the lumbar puncture, which the sheet named nowhere.

    From cycle 5 on the 11th Monday is an order of its own, and a second row read as a second dose.
    """
    rows = rows_of(make(shipped("calgb-10403"), "supply"))["Maintenance"]
    told = [[words_of(cell) for cell in row.cells] for row in rows]
    told = [row for row in told if row[0].startswith(("Methotrexate", "Cycle"))]
    assert [row[0].split(" ")[0] for row in told] == ["Cycle", "Methotrexate"] * 8
    often, days = zip(*((row[2], row[4]) for row in told[1::2]), strict=True)
    assert often[0].endswith("not every day not on Mon 21-Sep-2026 and Mon 19-Oct-2026")
    assert days[0] == "10 days, 10 doses"
    assert often[4].endswith("not every day not on Mon 23-Aug-2027")
    assert days[4] == "11 days, 11 doses"
    # A drug of four weeks in a cycle of four leaves none out; eight weeks without it are a pause, not days left out.
    assert not [line for line in words_of_lines(make(shipped("pomp"), "supply")) if line.startswith("not on ")]


def test_a_dose_that_no_tablets_make_says_which_come_nearest() -> None:
    """AALL0232: beside mercaptopurine "45.3 mg" the cell of the tablets was empty without a word."""
    rows = rows_of(make(shipped("aall0232-hr"), "supply"))
    cells = [words_of(row.cells[6]) for several in rows.values() for row in several if len(row.cells) == 8]
    assert any("no tablets make it exactly; nearest are" in text for text in cells)


def test_a_drug_of_which_no_end_is_known_is_not_handed_out_for_a_day() -> None:
    """Ursodiol: "1 day" beside "and on, end not known"."""
    rows = rows_of(make(shipped("mini-hyper-cvd-inotuzumab"), "supply"))
    told = [
        [words_of(cell) for cell in row.cells] for several in rows.values() for row in several if len(row.cells) == 8
    ]
    unsaid = [row for row in told if "and on, " in row[3]]
    assert unsaid
    for row in unsaid:
        assert row[4].endswith(" drawn, how many follow is open")
        assert "tablets in all" not in row[6]


def test_half_tablets_of_an_odd_number_of_days_are_handed_out_in_whole_ones() -> None:
    """CALGB 10403: 31 days of 2.5 tablets had no number in all, every row beside it had."""
    rows = rows_of(make(shipped("calgb-10403", date(2026, 12, 7)), "supply"))
    told = [words_of(row.cells[6]) for several in rows.values() for row in several if len(row.cells) == 8]
    assert "2.5 × 50 mg 78 tablets in all, 77.5 taken" in told


def test_a_dose_that_nobody_confirmed_says_so_where_it_is_handed_out_or_over() -> None:
    """POMP: methotrexate 20 mg/m2 was to be checked on the day sheet and the roadmap alone."""
    evaluated = shipped("pomp")
    rows = [row for several in rows_of(make(evaluated, "supply")).values() for row in several if len(row.cells) == 8]
    told = [words_of(row.cells[0]) for row in rows if words_of(row.cells[0]).startswith("Methotrexate")]
    assert told
    assert all(text.endswith("unverified: CHECK") for text in told)
    first = evaluated.schedule.events[0].date
    sheet = BUILDERS["handover"](evaluated, job(wish=Wish(first, first)))
    cells = [words_of(row.cells[3]) for several in rows_of(sheet).values() for row in several if len(row.cells) == 6]
    assert any("unverified: CHECK" in text for text in cells)


def test_tablets_that_are_given_at_the_clinic_are_not_handed_out() -> None:
    """Obe-cel: paracetamol before the cells was a row to hand out; it is named below, with where it is given."""
    sheet = make(shipped("obe-cel"), "supply")
    assert not rows_of(sheet)
    texts = [line.text for line in lines_of(sheet)]
    assert texts[-1] == "Paracetamol and Diphenhydramine"
    assert "given at the clinic right before an infusion there" in texts[-2]
    (other,) = (
        part
        for one in make(shipped("hyper-cvad"), "supply").sections
        for part in one.parts[:1]
        if one.title == "Not on this sheet"
    )
    assert not any("given at the clinic" in line.text for line in other.lines), "nothing there is"


def test_the_heading_of_the_tablets_says_them_as_the_rows_do() -> None:
    """The rows were turned to "2 × 50 mg" below "strength × number"."""
    sheet = make(shipped("gmall-07-03"), "supply")
    (column,) = {
        one
        for section in sheet.sections
        for part in section.parts
        if isinstance(part, Table)
        for one in part.columns
        if any("Tablets" in line.text for line in one.heading)
    }
    assert column.heading[1].text == "number × strength"
    rows = [row for several in rows_of(sheet).values() for row in several if len(row.cells) == 8]
    assert any(words_of(row.cells[6]).startswith("3 × 6") for row in rows)


def test_an_extract_names_no_day_outside_it_as_left_out() -> None:
    """POMP, two weeks of it: "not on Mon 18-Jan-2027 and Mon 25-Jan-2027", on both of which methotrexate is due."""
    evaluated = shipped("pomp")
    taken = {one.date for one in evaluated.schedule.events if one.placed.agent == "methotrexate"}
    for weeks in range(0, 40, 2):
        first = min(taken) + timedelta(7 * weeks)
        sheet = BUILDERS["supply"](evaluated, job(wish=Wish(first, first + timedelta(13))))
        assert not [line for line in words_of_lines(sheet) if "not on " in line], first
    whole = shipped("calgb-10403")
    left_out = date(2026, 9, 21)
    near = BUILDERS["supply"](whole, job(wish=Wish(left_out - timedelta(7), left_out + timedelta(13))))
    assert [line for line in words_of_lines(near) if "not on " in line] == ["not on Mon 21-Sep-2026"]
    after = BUILDERS["supply"](whole, job(wish=Wish(left_out + timedelta(1), left_out + timedelta(13))))
    assert not [line for line in words_of_lines(after) if "not on " in line]


def test_an_extract_has_what_was_begun_before_it_and_may_go_on() -> None:
    """Mini-hyper-CVD, March and April: "Nothing to hand out", while ursodiol goes on until nobody knows when."""
    evaluated = shipped("mini-hyper-cvd-inotuzumab")
    begun = next(one for one in evaluated.schedule.events if one.placed.agent == "ursodiol")
    for first, last in ((84, 144), (25, 80)):
        wish = Wish(begun.date + timedelta(first), begun.date + timedelta(last))
        rows = [row for several in rows_of(BUILDERS["supply"](evaluated, job(wish=wish))).values() for row in several]
        (told,) = (
            [words_of(cell) for cell in row.cells] for row in rows if words_of(row.cells[0]).startswith("Ursodiol")
        )
        assert told[0].endswith(f"first dose planned {weekday_date(begun.day)}")
        assert told[3] == "may still go on, last day not entered"
        assert told[4:6] == ["how many days is open", "open"]
    whole = [row for several in rows_of(make(evaluated, "supply")).values() for row in several]
    assert len([row for row in whole if words_of(row.cells[0]).startswith("Ursodiol")]) == 1
    later = Wish(date(2030, 1, 1), date(2030, 1, 9))
    assert not rows_of(BUILDERS["supply"](evaluated, job(wish=later)))


def test_the_supply_sheet_names_what_is_still_to_be_entered() -> None:
    """E1910: maintenance by mouth is still to be entered, and the sheet read as nothing by mouth after induction."""
    texts = [line.text for line in lines_of(make(shipped("e1910"), "supply"))]
    place = texts.index("Not entered yet; ask which of it is taken by mouth:")
    assert "mercaptopurine, weekly methotrexate, vincristine, prednisone" in texts[place + 1]


def test_a_dose_of_a_day_and_one_given_twice_are_two_rows() -> None:
    """Busulfan, clonazepam: "0.5 mg a day" for six days of which four have 0.5 mg twice: half the dose."""
    start = BlockStart(on=date(2026, 12, 7))
    choice = {"seizure-prophylaxis": "clonazepam"}
    plan = add_protocol(new_plan("p", PATIENT), library().protocols["hsct-bu-flu"], start, choice)
    evaluated = evaluate(plan, replace(library(), rules=()))
    doses = [one for one in evaluated.schedule.events if one.placed.agent == "clonazepam"]
    rows = [row for several in rows_of(BUILDERS["supply"](evaluated, job())).values() for row in several]
    told = [[words_of(cell) for cell in row.cells] for row in rows if words_of(row.cells[0]).startswith("Clonazepam")]
    assert doses
    twice = [row for row in told if "2 times a day" in row[2]]
    assert [row[1] for row in twice] == ["0.5 mg each time"]
    assert twice[0][4] == "4 days, 8 doses"
    assert all("a day" in row[1] for row in told if row not in twice)


def test_how_often_is_still_asked_for_once_a_dose_was_entered() -> None:
    """Leucovorin "15 mg, once a day": the site had entered how much, and nobody how often; a rescue comes every 6 h."""
    evaluated = shipped("graaph-2014")
    drug = next(one for one in evaluated.schedule.events if one.placed.agent == "leucovorin")
    change = DoseChange(
        drug.placed.block.id, drug.placed.cycle, drug.cycle_day, drug.placed.order.id, Scope.DAY, "other",
        dose="15 mg",
    )  # fmt: skip
    done = evaluate(enter_dose(evaluated.plan, evaluated.schedule, change), replace(library(), rules=()))
    wish = Wish(drug.date + timedelta(1), drug.date + timedelta(9))
    rows = tables(BUILDERS["handover"](done, job(wish=wish)), "Daily medicines")
    (told,) = (row for row in rows if row[0].startswith("Leucovorin"))
    assert "once a day" not in told[1]
    assert told[1].startswith("15 mg, intravenous, how often a day is not entered: ask the prescriber")


def test_a_dose_recorded_on_a_day_does_not_change_how_often() -> None:
    """ "Clonazepam once or 2 times a day", because the first dose of one day was recorded already."""
    plan = placed("hsct-bu-cy", {"seizure-prophylaxis": "clonazepam"})
    twice = [one for one in doses_of(plan, "Clonazepam") if one.placed.order.doses_per_day == 2]
    plan = recorded(plan, twice[:1])
    often = [text(row[2]) for row in rows(printed_sheet(plan, "supply")) if text(row[0]).startswith("Clonazepam |")]
    assert f"2 times a day; on {twice[0].date:%a %d-%b-%Y} 1 dose" in often
    assert not any("or 2 times" in one for one in often)


def test_a_weekly_drug_that_moved_to_another_weekday_is_not_twice_a_week() -> None:
    """CALGB 10403, deferred by two days: "once a week, on Mondays and Wednesdays"."""
    block = placed("pomp").blocks[0].id
    plan = replace(placed("pomp"), modifications=(Deferral(block, 2, 8, 2, Scope.FOLLOWING, "counts"),))
    days = [one.date for one in doses_of(plan, "Methotrexate")]
    moved = next(day for day in days if day.weekday() != days[0].weekday())
    words = f"once a week, on Mondays, from {moved:%a %d-%b-%Y} on Wednesdays, not every day"
    table = [text(row[3]) for row in rows(printed_sheet(plan, "roadmap")) if text(row[0]) == "Methotrexate"]
    assert any(words in one for one in table)
    for kind in ("roadmap", "supply"):
        assert not any("Mondays and" in text(cell) for row in rows(printed_sheet(plan, kind)) for cell in row)
