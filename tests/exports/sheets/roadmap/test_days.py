"""What the rows of the roadmap's days say beside the doses: answers, records, moves, advice, what begins next."""

from datetime import date, timedelta

from msgspec.structs import replace

from planner.exports.sheets.roadmap.bands import next_band
from planner.exports.sheets.roadmap.columns import fitting
from planner.exports.sheets.sheet import Row, Sheet, Table
from planner.exports.wording.holds import Ends
from planner.exports.wording.runs import FirstDays
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import BlockStart, Deferral, Given, GivenRecord, Scope, Skip
from planner.model.schedule import Event, Schedule
from planner.services.evaluation import evaluate
from planner.services.printing import BUILDERS
from planner.services.telling.differences import differences
from planner.services.verbs.placing import add_protocol, new_plan
from planner.services.verbs.raising import Otherwise, give_otherwise
from planner.services.verbs.reasons import Why
from tests.courses import PATIENT, finding
from tests.exports.papers import course, job, library, make, shipped, words_of
from tests.exports.sheets.roadmap.test_roadmap import rows_of, sections
from tests.exports.sheets.test_after_edits import placed, seen
from tests.exports.sheets.test_what_is_done import with_state


def rows_at(sheet: Sheet, day: date) -> list[Row]:
    """The rows of a date in the days of all blocks."""
    return [
        row
        for section in sections(sheet, "Days")
        for part in section.parts
        if isinstance(part, Table)
        for row in part.rows
        if not row.band and f"{day:%d-%b-%Y}" in words_of(row.cells[0])
    ]


def told_at(sheet: Sheet, day: date) -> list[str]:
    """The comments of a date."""
    return [words_of(row.cells[-1]) for row in rows_at(sheet, day)]


def test_a_question_shows_its_answer_in_its_row() -> None:
    """FLAG-Ida: "DECISION: A second course?" stood there without the answer that the box below had."""
    evaluated = course()
    taken, still = (
        next(one for one in evaluated.schedule.decisions if bool(one.choice) is is_taken) for is_taken in (True, False)
    )
    sheet = make(evaluated, "roadmap")
    (told,) = told_at(sheet, date.fromordinal(taken.day))
    assert f"DECISION: {taken.decision.question} Decided: Complete remission: go on, by A. Pharmacist" in told
    assert any("Open; drawn as: " in one for one in told_at(sheet, date.fromordinal(still.day)))


def test_what_begins_on_the_last_day_of_a_block_is_told_beside_what_comes_next() -> None:
    """PTCy begins on the last day of conditioning and stood nowhere, because sirolimus comes after it."""
    first, second, third = shipped("calgb-10403").schedule.blocks[:3]
    within = replace(second, start=first.end - 1, cycles=(replace(second.cycles[0], start=first.end - 1),))
    blocks = (first, within, third)
    begins = FirstDays(Schedule((), blocks, ()))
    lines = [line.text for line in next_band(first, blocks, begins, Ends(shipped("calgb-10403"))).cells[0].lines]
    assert [line.partition(":")[0] for line in lines] == ["While this block runs", "Next"]
    assert f"{second.title}, due" in lines[0]
    assert f"{date.fromordinal(first.end - 1):%d-%b-%Y}" in lines[0]
    assert third.title in lines[1]


def record_of(event: Event) -> GivenRecord:
    place = (event.placed.block.id, event.placed.cycle, event.cycle_day, event.placed.order.id, 0)
    return GivenRecord(*place, Given.GIVEN, event.date, event.dose.value, event.dose.unit, "N. Nurse")


def test_a_recorded_dose_between_first_and_last_day_has_its_date() -> None:
    """Dexamethasone of days 2 and 3 was recorded, and its rows said "goes on" over an empty "Date given"."""
    evaluated = shipped("hyper-cvad")
    days = [one for one in evaluated.schedule.events if one.placed.id.endswith("/1/dexamethasone")][:4]
    given = evaluate(replace(evaluated.plan, given=tuple(map(record_of, days))), library())
    for event in days:
        (row,) = rows_at(make(given, "roadmap"), event.date)
        assert f"{event.date:%d-%b-%Y}" in words_of(row.cells[1])
        assert "GIVEN" in "".join(map(words_of, row.cells))
    between = rows_at(make(given, "roadmap"), days[1].date)[0]
    assert any("goes on, GIVEN" in words_of(cell) for cell in between.cells)
    (untold,) = rows_at(make(given, "roadmap"), days[-1].date + timedelta(days=7))
    assert not words_of(untold.cells[1]).strip()


def test_a_move_since_the_issue_before_is_told_once_in_a_row() -> None:
    """ "moved from Fri 07-May" stood above "CHANGED, before: Fri 07-May" for each drug of the row."""
    plan = add_protocol(new_plan("p1", PATIENT), library().protocols["pomp"], BlockStart(on=date(2026, 3, 2)))
    late = Deferral(plan.blocks[0].id, 1, 1, 3, Scope.FOLLOWING, "counts")
    old, new = evaluate(plan, library()), evaluate(replace(plan, modifications=(late,)), library())
    sheet = BUILDERS["roadmap"](new, job(changes=differences(old.schedule, new.schedule)))
    (told,) = told_at(sheet, date(2026, 3, 5))
    assert "CHANGED, moved from Mon 02-Mar-2026" in told.replace("\u00a0", " ")
    assert "before: Mon 02-Mar-2026" not in told
    assert not any(line.startswith("moved from") for line in told.split("\n"))
    (again,) = told_at(make(new, "roadmap"), date(2026, 3, 5))
    assert "moved from Mon 02-Mar-2026" in again.replace("\u00a0", " ")


def with_finding(evaluated: EvaluatedPlan, severity: str, days: tuple[int, ...]) -> Sheet:
    block = evaluated.schedule.blocks[0].id
    one = finding(1, severity, days, (f"{block}/1/vincristine-IV",))
    return make(replace(evaluated, findings=(one,)), "roadmap")


def test_an_advice_marks_its_first_row_and_a_warning_each() -> None:
    """MT-15 stood beside each of 125 doses of the two drugs that the protocol itself gives together."""
    evaluated = shipped("calgb-10403")
    drawn = [one for one in evaluated.schedule.events if one.placed.agent == "vincristine"][:3]
    days = tuple(one.day for one in drawn)
    for severity, marked in (("advice", (True, False, False)), ("warning", (True, True, True))):
        sheet = with_finding(evaluated, severity, days)
        told = [" ".join(told_at(sheet, date.fromordinal(day))).replace("\u00a0", " ") for day in days]
        assert tuple(severity in one for one in told) == marked
    (first, *_) = told_at(with_finding(evaluated, "advice", days), drawn[0].date)
    assert "on 3 days of this block" in first.replace("\u00a0", " ")
    between = tuple(range(drawn[0].day, drawn[0].day + 7))
    (first, *_) = told_at(with_finding(evaluated, "advice", between), drawn[0].date)
    assert "on 7 days of this block" in first.replace("\u00a0", " "), "not the rows that these days have"


def drugs(protocol: str, block: int) -> list[list[str]]:
    return rows_of(sections(make(shipped(protocol), "roadmap"), "Drugs")[block])


def test_the_drug_table_names_the_cycles_that_have_an_order() -> None:
    """Ponatinib 30 mg and 15 mg both said "D1 to the end of the cycle"; POMP named 17 cycles, most of other blocks."""
    days = {
        row[1]: row[3].replace("\u00a0", " ") for row in drugs("ponatinib-blinatumomab", 0) if row[0] == "Ponatinib"
    }
    assert days["30 mg"] == "D1 to the end of the cycle; cycle 1 only"
    assert days["15 mg"] == "D1 to the end of the cycle; cycles 2 to 5 only"
    blocks = shipped("hyper-cvad").schedule.blocks
    for number, block in enumerate(blocks):
        here = {one.number for one in block.cycles}
        for row in drugs("hyper-cvad", number):
            only = row[3].replace("\u00a0", " ").partition("cycle")[2]
            named = (
                {int(word) for word in only.replace(",", "").split() if word.isdigit()} if " only" in only else set()
            )
            assert named <= here


def test_the_drug_table_says_of_a_drug_without_an_end_that_it_goes_on() -> None:
    """Filgrastim from day 5 "until counts recover": the table said "D5"."""
    (row, *_) = (row for row in drugs("hyper-cvad", 0) if row[0].startswith("Filgrastim"))
    assert "D5; and on, until neutrophils have recovered" in row[3].replace("\u00a0", " ")


def test_drugs_with_the_most_to_say_have_a_column_of_their_own() -> None:
    """Ten drugs shared a narrow column beside others that were empty; what a block is for counts more."""
    treatment = [(f"Cyclophosphamide{number}", "IV", "antineoplastic") for number in range(5)]
    keys = [*treatment, ("Mesna", "IV", "supportive"), ("Leucovorin", "IV", "rescue")]
    lines = dict.fromkeys(keys, 9) | {treatment[0]: 2, keys[-1]: 30}
    own, other = fitting(keys, lines, has_intrathecal=True)
    assert treatment[1] in own
    assert treatment[0] in other  # with hardly anything to say
    assert keys[-2] in other  # as much as each of the anticancer drugs, and no treatment
    assert sorted((*own, *other), key=keys.index) == keys
    assert own == sorted(own, key=keys.index)
    assert fitting(keys[:2], lines, has_intrathecal=True) == (keys[:2], [])
    much = lines | {keys[-1]: 100}
    assert keys[-1] in fitting(keys, much, has_intrathecal=True)[0]


def test_a_change_of_several_drugs_of_a_day_is_told_once() -> None:
    """A deferral and a skip: ten lines in a row, the same words for each drug."""
    plan = add_protocol(new_plan("p1", PATIENT), library().protocols["pomp"], BlockStart(on=date(2026, 3, 2)))
    late = Deferral(plan.blocks[0].id, 1, 1, 3, Scope.FOLLOWING, "counts")
    old, new = evaluate(plan, library()), evaluate(replace(plan, modifications=(late,)), library())
    sheet = BUILDERS["roadmap"](new, job(changes=differences(old.schedule, new.schedule)))
    (told,) = told_at(sheet, date(2026, 3, 5))
    assert told.count("CHANGED, moved from") == 1
    for name in ("Vincristine", "Mercaptopurine", "Methotrexate"):
        assert name in told.partition(": CHANGED")[0]


def test_a_continuous_infusion_says_from_when_it_runs() -> None:
    """Blinatumomab: its premedication had 08:00, its last day "to 09:00 of the next day", its first no hour."""
    cells = [
        words_of(cell)
        for section in sections(make(shipped("blinatumomab-mrd"), "roadmap"), "Days")
        for part in section.parts
        for row in part.rows
        for cell in row.cells
    ]
    begun = [text for text in cells if "continuous infusion" in text]
    assert begun
    assert all("continuous infusion from 09:00" in text for text in begun)


def test_a_day_of_which_all_is_left_out_has_no_line_for_its_date() -> None:
    """A cycle of POMP that was skipped: OMITTED in every cell, and a line to write when it was given."""
    plan = add_protocol(new_plan("p1", PATIENT), library().protocols["pomp"], BlockStart(on=date(2026, 3, 2)))
    old = evaluate(plan, library())
    skipped = evaluate(replace(plan, modifications=(Skip(plan.blocks[0].id, 2, "toxicity"),)), library())
    day = date.fromordinal(old.schedule.blocks[0].cycles[1].start + 7)
    for evaluated, blank in ((old, True), (skipped, False)):
        for row in rows_at(make(evaluated, "roadmap"), day):
            assert any(line.blank for line in row.cells[1].lines) is blank


def test_premedication_stands_before_what_it_is_given_for() -> None:
    """Mini-hyper-CVD: inotuzumab stood above its paracetamol, in columns of their own to the left of it."""
    shared = make(shipped("mini-hyper-cvd-inotuzumab"), "roadmap")
    (row,) = rows_at(shared, date(2026, 3, 3))
    (told,) = (words_of(cell) for cell in row.cells if "Inotuzumab" in words_of(cell))
    assert told.index("premedication") < told.index("Inotuzumab")
    assert told.index("Inotuzumab") < told.index("Mesna goes on"), "what only goes on comes last"
    apart = make(shipped("inotuzumab-rr"), "roadmap")
    headings = [column.heading for column in sections(apart, "Days")[0].parts[0].columns]
    names = [lines[0].text for lines in headings]
    premedication = [place for place, lines in enumerate(headings) if "premedication" in lines[-1].text]
    assert max(premedication) < names.index("Inotuzumab ozogamicin")


def test_the_days_mark_what_nobody_confirmed_and_what_is_weekly() -> None:
    """POMP: methotrexate on an unverified 20 mg/m2 was "37.5 mg" on every Monday without a word in its column."""
    (table, *_) = (part for part in sections(make(shipped("pomp"), "roadmap"), "Days")[0].parts)
    headings = {column.heading[0].text: [line.text for line in column.heading[1:]] for column in table.columns}
    assert headings["Methotrexate"] == ["by mouth", "unverified: CHECK", "once a week"]
    assert headings["Mercaptopurine"] == ["by mouth"]
    rows = [row for one in sections(make(shipped("aall1731"), "roadmap"), "Days") for row in rows_of(one)]
    assert any("CYTARABINE 70 mg unverified: CHECK" in cell for row in rows for cell in row)


def test_a_drug_in_the_shared_column_is_marked_there() -> None:
    sheet = make(shipped("gmall-07-03"), "roadmap")
    cells = [cell for one in sections(sheet, "Days") for row in rows_of(one) for cell in row]
    assert any(cell.startswith("Leucovorin, intravenous, rescue, local: CHECK") for cell in cells)


def test_a_dose_to_be_entered_that_is_given_several_times_is_one_line_to_write_on() -> None:
    """ "4 × enter dose ____" read as four doses to be entered, or as their total."""
    sheet = make(shipped("mini-hyper-cvd-inotuzumab"), "roadmap")
    cells = [cell for one in sections(sheet, "Days") for row in rows_of(one) for cell in row]
    assert any("enter dose each of 4 times" in cell for cell in cells)
    assert not any("× enter dose" in cell for cell in cells)


def test_many_doses_of_a_day_have_one_line_that_names_their_number() -> None:
    """Four lines to write on stood under "8 × 150 mg" of a raised rescue, and read as four doses."""
    plan = placed("hyper-cvad")
    dose = [one for one in seen(plan).schedule.events if one.placed.order.id == "leucovorin-next"][2]
    where = dose.placed.block.id, dose.placed.cycle, dose.placed.order.id
    wish = Otherwise(*where, dose.date, dose.minute, "150 mg", 3, Why("toxicity", "level 8", 3))
    raised = seen(give_otherwise(plan, seen(plan).schedule, library().agents, wish))
    (row,) = rows_at(make(raised, "roadmap"), dose.date + timedelta(1))
    (cell,) = (cell for cell in row.cells if "8 × 150 mg" in words_of(cell))
    blanks = [line.text.replace("\u00a0", " ") for line in cell.lines if line.blank]
    assert blanks == ["enter dose", "given", "of 8 given"]  # the first two are those of the fluids
    every = [one for one in raised.schedule.events if one.placed.agent == "leucovorin" and one.day == dose.day + 1]
    shown = with_state(raised, State.GIVEN, lambda one: any(one is other for other in every[:3]))
    (row,) = rows_at(make(shown, "roadmap"), dose.date + timedelta(1))
    (told,) = (words_of(cell) for cell in row.cells if "150 mg" in words_of(cell))
    assert told.count("GIVEN") == 3
    assert "of 6 given" in told
