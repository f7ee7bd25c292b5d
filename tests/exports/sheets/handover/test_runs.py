"""Daily medicines of the hand-over go on over the borders of cycles, and what was due before its first day is open."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from msgspec.structs import replace

from planner.exports.sheets.handover.handover import handover
from planner.exports.sheets.handover.open import NOTHING_OPEN
from planner.exports.sheets.sheet import Facts, Line, Table
from planner.model.civil import weekday_date
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import BlockStart, Given, GivenRecord
from planner.model.wish import Wish
from planner.services.evaluation import evaluate
from planner.services.printing import BUILDERS
from planner.services.verbs.placing import add_protocol, new_plan
from tests.courses import PATIENT
from tests.exports.papers import STAMP, job, library, lines_of, shipped
from tests.exports.sheets.test_handover_summary import tables

DAILY = "Daily medicines, infusions and checks"


def test_a_drug_of_two_cycles_is_one_run() -> None:
    """POMP: mercaptopurine "to Sun 03-Jan-2027", and "from Mon 04-Jan-2027" in another row on the next page."""
    evaluated = shipped("pomp")
    first = evaluated.schedule.events[0].date
    last = first + timedelta(41)
    whole = [one for one in evaluated.schedule.events if one.placed.agent == "mercaptopurine"]
    rows = [
        row for row in tables(handover(evaluated, job(wish=Wish(first, last))), DAILY) if row[0] == "Mercaptopurine"
    ]
    assert [row[2:] for row in rows] == [
        [weekday_date(first), f"goes on after {weekday_date(last)} to {weekday_date(whole[-1].day)}"]
    ]


def test_days_of_a_run_that_lie_behind_a_border_are_no_rows_of_their_own() -> None:
    """The first two days of a cycle at the end of the time stood among the single days."""
    evaluated = shipped("pomp")
    first = evaluated.schedule.events[0].date
    sheet = handover(evaluated, job(wish=Wish(first, first + timedelta(29))))
    assert not [row for row in tables(sheet, "What is due") if row[2] == "Mercaptopurine"]
    assert next(row[3] for row in tables(sheet, DAILY) if row[0] == "Mercaptopurine").startswith(
        f"goes on after {weekday_date(first + timedelta(29))}"
    )


def told(protocol: str, name: str, first: date, last: date) -> list[list[str]]:
    sheet = handover(shipped(protocol), job(wish=Wish(first, last)))
    return [row for row in tables(sheet, DAILY) if row[0].startswith(name)]


def test_a_drug_that_runs_on_behind_the_sheet_does_not_end_with_it() -> None:
    """D-ALBA: dasatinib "to Sun 17-Jan-2027" beside prednisone, which ended: the edge of the sheet read as its end."""
    events = shipped("d-alba").schedule.events
    first = events[0].date
    last = first + timedelta(41)
    (row,) = told("d-alba", "Dasatinib", first, last)
    assert row[3].startswith(f"goes on after {weekday_date(last)} to ")
    assert row[3].endswith(", then goes on into Blinatumomab, provisional")
    final = events[-1].date
    (row,) = told("d-alba", "Dasatinib", final - timedelta(7), final)
    assert "since " in row[2]
    assert "goes on, no end planned" in row[3]
    first = shipped("ponatinib-blinatumomab").schedule.events[0].date
    (row,) = told("ponatinib-blinatumomab", "Ponatinib", first, first + timedelta(41))
    last, then = weekday_date(first + timedelta(41)), weekday_date(first + timedelta(42))
    assert row[3] == f"{last} goes on into cycle 2, with 15 mg from {then}, its dose provisional"


def test_a_run_that_has_two_days_on_the_sheet_is_no_single_day() -> None:
    """Begun on the last day but one, it stood among the single days: nothing told that it goes on."""
    evaluated = shipped("d-alba")
    begins = next(one for one in evaluated.schedule.events if one.placed.agent == "dasatinib").date
    (row,) = told("d-alba", "Dasatinib", begins - timedelta(7), begins + timedelta(1))
    assert row[2] == weekday_date(begins)
    assert row[3].startswith(f"goes on after {weekday_date(begins + timedelta(1))}")


def test_a_hand_over_inside_a_rescue_tells_how_often_until_when_and_that_it_is_provisional() -> None:
    """AALL0232: "Leucovorin 26.6 mg, intravenous" behind its drawn day: one dose, planned, and without an end."""
    events = shipped("aall0232-hr").schedule.events
    first = next(one for one in events if one.placed.order.id == "leucovorin").date
    (row,) = told("aall0232-hr", "Leucovorin", first + timedelta(1), first + timedelta(10))
    level = "as long as it goes on, also every day: Methotrexate level and creatinine, every day until cleared"
    assert row[0] == f"Leucovorin provisional first dose planned {weekday_date(first)} {level}"
    assert row[1].endswith(" mg, intravenous, every 6 h")
    assert row[3].endswith(f"in this plan at the latest to {weekday_date(first + timedelta(11))}")


def test_what_may_go_on_has_its_latest_day() -> None:
    """CALGB 10403: allopurinol stood open beside mercaptopurine; GMALL: of two filgrastim both were open."""
    events = shipped("calgb-10403").schedule.events
    first = events[0].date
    begins = next(one for one in events if one.placed.agent == "mercaptopurine").date
    (row,) = told("calgb-10403", "Allopurinol", first, first + timedelta(41))
    assert row[3].endswith(f"ask the pharmacist; drawn in this plan to {weekday_date(begins - timedelta(1))}")
    assert "Must be off before mercaptopurine" in row[1]
    first = shipped("gmall-07-03").schedule.events[0].date
    early, late = told("gmall-07-03", "Filgrastim", first, first + timedelta(41))
    begun = datetime.strptime(late[0][-11:], "%d-%b-%Y").date()
    assert early[3].endswith(f"at the latest to {weekday_date(begun - timedelta(1))}")


def test_another_dose_is_another_row() -> None:
    evaluated = shipped("all2820")
    first = evaluated.schedule.events[0].date
    sheet = handover(evaluated, job(wish=Wish(first, first + timedelta(70))))
    doses = [row[1].partition(",")[0] for row in tables(sheet, DAILY) if row[0] == "Ponatinib"]
    assert "45 mg" in doses
    assert len(doses) == len(set(doses))


def open_lines(evaluated: EvaluatedPlan, printed: date) -> list[Line]:
    stamp = replace(STAMP, printed_at=datetime(printed.year, printed.month, printed.day, 9, 0))
    return [line for line in lines_of(handover(evaluated, replace(job(), stamp=stamp))) if "Was due" in line.text]


def test_what_was_due_before_the_first_day_of_its_block_stays_open_until_it_is_recorded() -> None:
    """Leukapheresis: the last days of antibodies lay before the day of printing, and stood nowhere."""
    evaluated = shipped("leukapheresis")
    block = evaluated.schedule.blocks[0]
    events = evaluated.schedule.events
    on = date.fromordinal(block.begins) - timedelta(16)
    early = [one for one in events if one.date < on]
    assert len(early) == 4
    lines = open_lines(evaluated, on)
    assert [line.text.replace("\u00a0", " ") for line in lines] == [
        f"Was due {weekday_date(one.day)}, not recorded: {one.placed.agent_name}" for one in early
    ]
    assert all(line.tick for line in lines)
    kept = early[0]
    record = GivenRecord(
        block.id, 1, kept.cycle_day, kept.placed.order.id, 0, Given.GIVEN, kept.date, None, "", "N. Nurse"
    )
    recorded = evaluate(replace(evaluated.plan, given=(record,)), library())
    assert len(open_lines(recorded, on)) == 3
    assert not open_lines(evaluated, date.fromordinal(block.begins) + timedelta(1)), "the block has begun"


def test_a_long_note_is_not_half_said_again() -> None:
    """FLAG-Ida: "until neutrophils have recovered past their low point: see Filgrastim on" stood under each shot."""
    evaluated = shipped("flag-ida")
    first = evaluated.schedule.events[0].date
    rows = tables(handover(evaluated, job(wish=Wish(first, first + timedelta(6)))), "What is due")
    told = [row[3] for row in rows if row[2] == "Filgrastim"]
    assert "past their low point" in told[0]
    assert told[1].endswith(f"note: see Filgrastim on {weekday_date(first)}")
    assert "neutrophils" not in told[1]


def test_a_watch_of_every_day_is_one_run() -> None:
    """Obe-cel: "Daily watch for CRS" was 28 rows over five pages, and "Nothing runs daily in this time" below them."""
    events = shipped("obe-cel").schedule.events
    first = events[0].date
    last = first + timedelta(41)
    watched = [one for one in events if one.placed.order.id == "daily-watch"]
    rows = told("obe-cel", "Daily watch", first, last)
    assert [(row[0].endswith("provisional"), row[1], row[2], row[3]) for row in rows] == [
        (
            block == "second-dose",
            "every day unverified: CHECK",
            *(
                weekday_date(pick(one.day for one in watched if one.placed.block.phase.id == block))
                for pick in (min, max)
            ),
        )
        for block in ("first-dose", "second-dose")
    ]
    due = tables(handover(shipped("obe-cel"), job(wish=Wish(first, last))), "What is due")
    assert not [row for row in due if row[2].startswith("Daily watch")]


def test_a_stay_is_one_run_and_a_level_a_row_a_day() -> None:
    """Blinatumomab: nine rows "In hospital". A drug level has a result to write down on each of its days."""
    first = shipped("blinatumomab-rr").schedule.events[0].date
    (row,) = told("blinatumomab-rr", "In hospital", first, first + timedelta(41))
    assert row[1:] == ["every day", weekday_date(first), weekday_date(first + timedelta(8))]
    events = shipped("gmall-07-03").schedule.events
    levels = [one for one in events if one.placed.agent_name.startswith("Methotrexate level")][:3]
    wish = Wish(levels[0].date, levels[-1].date)
    due = tables(handover(shipped("gmall-07-03"), job(wish=wish)), "What is due")
    assert len([row for row in due if row[2].startswith("Methotrexate level")]) == 3


def test_what_was_done_of_a_stay_stands_by_itself() -> None:
    evaluated = shipped("blinatumomab-rr")
    stay = next(one for one in evaluated.schedule.events if one.placed.order.id == "hospital-cycle-1")
    record = GivenRecord("induction", 1, 1, stay.placed.order.id, 0, Given.GIVEN, stay.date, None, "", "A. P.")
    done = evaluate(replace(evaluated.plan, given=(record,)), replace(library(), rules=()))
    sheet = handover(done, job(wish=Wish(stay.date, stay.date + timedelta(20))))
    (row,) = (row for row in tables(sheet, DAILY) if row[0].startswith("In hospital"))
    assert row[2] == weekday_date(stay.date + timedelta(1))
    assert next(row[-1] for row in tables(sheet, "What is due") if row[2].startswith("In hospital")).startswith("DONE")


def test_a_pump_tells_the_hour_of_each_dose() -> None:
    """9 mcg "To Sun 13-Dec-2026" alone: nobody knew whether 28 mcg begins in that night or the next morning."""
    first = shipped("blinatumomab-rr").schedule.events[0].date
    low, full = told("blinatumomab-rr", "Blinatumomab", first, first + timedelta(41))
    change = weekday_date(first + timedelta(7))
    assert low[2] == f"{weekday_date(first)} 09:00"
    assert low[3] == f"{weekday_date(first + timedelta(6))} goes on, with 28 mcg from {change}, 09:00"
    assert full[2] == f"{change} 09:00"
    assert full[3].endswith(f"ends {weekday_date(first + timedelta(28))} 09:00")


def test_what_ends_on_a_day_that_nobody_entered_says_whom_to_ask() -> None:
    """CALGB 10403, allopurinol: "until the last day that the site enters: how long is not known"."""
    first = shipped("calgb-10403").schedule.events[0].date
    sheet = handover(shipped("calgb-10403"), job(wish=Wish(first, first + timedelta(20))))
    texts = [line.text for line in lines_of(sheet)]
    assert "last day not entered: ask the pharmacist" in texts
    assert "may still go on, last day not entered" in texts
    assert not any("that the site enters" in text for text in texts)
    (row,) = told(
        "hyper-cvad", "Filgrastim", *(shipped("hyper-cvad").schedule.events[0].date + timedelta(n) for n in (9, 20))
    )
    assert "may still go on, until " in row[3]


def test_a_dose_to_be_entered_is_asked_for_once() -> None:
    """E1910: "enter dose", "local: CHECK" and "no sourced dose: enter the site's own" under each other in each row."""
    first = shipped("e1910").schedule.events[0].date
    for kind, title in (("handover", "What is due"), ("roadmap", "Days")):
        sheet = BUILDERS[kind](shipped("e1910"), job(wish=Wish(first, first + timedelta(20))))
        cells = [text for row in tables(sheet, title) for text in row]
        assert any("enter dose" in text for text in cells), kind
        assert not any("no sourced dose" in text for text in cells), kind


def test_the_bounds_of_a_dose_to_be_entered_stand_with_it() -> None:
    evaluated = shipped("tisa-cel")
    (drug,) = (one for one in evaluated.schedule.events if one.placed.agent == "tisa-cel")
    (row,) = (
        row
        for row in tables(handover(evaluated, job(wish=Wish(drug.date, drug.date))), "What is due")
        if row[2].startswith("Tisagenlecleucel")
    )
    assert drug.dose.missing in row[3]


def test_the_dose_behind_the_last_drawn_one_is_named_with_its_hour() -> None:
    """AALL0232: leucovorin every 6 h drawn at 03:00, 09:00 and 15:00, and the next one told was that of tomorrow."""
    events = shipped("aall0232-hr").schedule.events
    drawn = next(one for one in events if one.placed.order.id == "leucovorin")
    wish = Wish(drawn.date - timedelta(1), drawn.date + timedelta(7))
    (row,) = told("aall0232-hr", "Leucovorin", wish.first, wish.last)
    assert row[2] == f"{weekday_date(drawn.day)} 21:00"
    due = tables(handover(shipped("aall0232-hr"), job(wish=wish)), "What is due")
    doses = [row[3] for row in due if row[2].startswith("Leucovorin")]
    assert len(doses) == 3
    assert all("every 6 h" in text for text in doses)


def test_what_has_no_dose_begins_its_cell_with_what_is_said_of_it() -> None:
    """Nelarabine: "unverified: CHECK" stood a line too low beside the marrow."""
    first = shipped("obe-cel").schedule.events[0].date
    sheet = handover(shipped("obe-cel"), job(wish=Wish(first, first + timedelta(20))))
    parts = [part for section in sheet.sections if section.title == "What is due" for part in section.parts]
    (due,) = (part for part in parts if isinstance(part, Table))
    assert not [row for row in due.rows if row.cells[3].lines and not row.cells[3].lines[0].text]


def test_what_may_go_on_carries_nothing_of_what_was_recorded_before() -> None:
    """CALGB 10403: "Allopurinol, given, 300 mg, once a day" for 34 days of which one is recorded."""
    evaluated = shipped("calgb-10403")
    drawn = next(one for one in evaluated.schedule.events if one.placed.agent == "allopurinol")
    record = GivenRecord(
        "induction", 1, 1, drawn.placed.order.id, 0, Given.GIVEN, drawn.date, drawn.dose.value, "mg", "A. P."
    )
    for given in ((), (record,)):
        done = evaluate(replace(evaluated.plan, given=given), replace(library(), rules=()))
        sheet = handover(done, job(wish=Wish(drawn.date + timedelta(1), drawn.date + timedelta(14))))
        (row,) = (row for row in tables(sheet, DAILY) if row[0].startswith("Allopurinol"))
        assert row[0] == f"Allopurinol {'begun' if given else 'first dose planned'} {weekday_date(drawn.day)}"
        assert row[1].startswith("300 mg a day, by mouth")
        assert "once a day" not in row[1]
    less = replace(record, status=Given.PARTLY, dose=Decimal(100), reason="toxicity")
    part = evaluate(replace(evaluated.plan, given=(less,)), replace(library(), rules=()))
    sheet = handover(part, job(wish=Wish(drawn.date + timedelta(1), drawn.date + timedelta(14))))
    (row,) = (row for row in tables(sheet, DAILY) if row[0].startswith("Allopurinol"))
    assert row[1].startswith("300 mg a day, by mouth"), "what was given of one dose says nothing of the next"


def test_the_hand_over_tells_what_the_protocol_notes_of_its_blocks() -> None:
    """PTCy: "no steroid, also not against nausea" stood on the roadmap alone, and the ward gives antiemetics."""
    evaluated = shipped("ptcy-gvhd")
    block = evaluated.schedule.blocks[0]
    first = date.fromordinal(block.start)
    for wish, there in (
        (Wish(first, first + timedelta(5)), True),
        (Wish(first - timedelta(9), first - timedelta(2)), False),
    ):
        facts = [
            part
            for one in handover(evaluated, job(wish=wish)).sections
            for part in one.parts
            if isinstance(part, Facts)
        ]
        told = [pair for part in facts for pair in part.pairs]
        assert ((f"Note of the protocol, {block.title}", block.phase.note) in told) is there


def test_the_whole_dose_of_a_day_is_told_as_that() -> None:
    """Mesna "3,520 mg a day, intravenous": a total that the site divides."""
    events = shipped("ptcy-gvhd").schedule.events
    mesna = next(one for one in events if one.placed.agent == "mesna")
    due = tables(handover(shipped("ptcy-gvhd"), job(wish=Wish(mesna.date, mesna.date))), "What is due")
    told = {row[2]: row[3] for row in due}
    assert told["Mesna"].endswith("the whole of the day: ask whether and how it is divided")
    assert "whole of the day" not in told["Cyclophosphamide"]


def still_open(evaluated: EvaluatedPlan, first: date, last: date) -> list[str]:
    sheet = handover(evaluated, job(wish=Wish(first, last)))
    (section,) = (one for one in sheet.sections if one.title == "Still open")
    return [line.text.replace("\u00a0", " ") for part in section.parts for line in part.lines]


def judged(protocol: str) -> EvaluatedPlan:
    start = BlockStart(on=date(2026, 12, 7))
    return evaluate(add_protocol(new_plan("p", PATIENT), library().protocols[protocol], start), library())


def test_a_finding_about_a_time_is_open_on_each_of_its_days() -> None:
    """Tisa-cel, from the day after the cells: "no finding is open in this time", in a year without antiviral."""
    told = still_open(judged("tisa-cel"), date(2026, 12, 21), date(2027, 1, 31))
    assert any("CT-33" in text for text in told)
    assert any("PJ-03" in text for text in told)
    assert not any("HB-01" in text for text in told), "it speaks of one dose of before"


def test_what_holds_for_a_time_is_named_after_its_day() -> None:
    """Irradiated blood only, for 90 days: an event of one day, and no word of it two weeks later."""
    told = still_open(judged("tisa-cel"), date(2026, 12, 21), date(2027, 1, 31))
    assert any(text.startswith("Holds since ") and "Irradiated blood products only" in text for text in told)
    assert any(text.startswith("Holds since ") and "Near the centre and no driving" in text for text in told)
    before = still_open(judged("tisa-cel"), date(2026, 12, 7), date(2026, 12, 8))
    assert not any(text.startswith("Holds since ") for text in before)


def test_a_missing_dose_of_what_goes_on_and_a_decision_that_is_overdue_stay_open() -> None:
    ursodiol = still_open(judged("mini-hyper-cvd-inotuzumab"), date(2027, 1, 5), date(2027, 1, 17))
    assert any("ST-03" in text and "Ursodiol" in text for text in ursodiol)
    asked = still_open(judged("hyper-cvad-blinatumomab"), date(2027, 3, 5), date(2027, 3, 20))
    assert any(text.startswith("Decision still open, was due Sun 17-Jan-2027") for text in asked)
    assert still_open(shipped("hsct-bu-flu"), date(2026, 1, 1), date(2026, 1, 2)) == [NOTHING_OPEN]


def test_a_series_without_a_dose_on_these_days_is_not_open_in_them() -> None:
    """Mini-hyper-CVD: mesna without dose, of other courses, stood under "Still open" of two weeks without mesna."""
    told = still_open(judged("mini-hyper-cvd-inotuzumab"), date(2027, 1, 5), date(2027, 1, 17))
    assert not any("Mesna" in text for text in told)
    assert any("PJ-01" in text for text in told)


def test_the_hand_over_names_windows_and_the_route_of_pumps() -> None:
    evaluated = shipped("blinatumomab-rr")
    first = evaluated.schedule.events[0].date
    due = tables(handover(evaluated, job(wish=Wish(first, first + timedelta(41)))), "What is due")
    assert any("window: up to 13 days later" in row[3] for row in due if row[2].startswith("Bone marrow"))
    (low, _) = told("blinatumomab-rr", "Blinatumomab", first, first + timedelta(41))
    assert low[1] == "9 mcg a day, intravenous, continuous infusion"


def test_an_infusion_begun_before_these_days_still_runs() -> None:
    """Conditioning: mesna over 24 h from the day before stood nowhere on the hand-over of the day it ends on."""
    evaluated = shipped("hsct-cy-tbi")
    mesna = [one for one in evaluated.schedule.events if one.placed.agent == "mesna"]
    end = mesna[-1].date + timedelta(1)
    sheet = handover(evaluated, job(wish=Wish(end, end + timedelta(5))))
    texts = [line.text for line in lines_of(sheet)]
    assert any(text.startswith("Still running: Mesna") for text in texts)


def test_what_no_source_ends_is_not_told_to_end_with_its_block() -> None:
    """Ciclosporin after transplant: "in this plan at the latest to" the day on which another drug of the block ends."""
    start = BlockStart(on=date(2026, 12, 7))
    plan = add_protocol(new_plan("p", PATIENT), library().protocols["ptcy-gvhd"], start, {"partner": "ciclosporin"})
    evaluated = evaluate(plan, replace(library(), rules=()))
    sheet = handover(evaluated, job(wish=Wish(date(2026, 12, 14), date(2026, 12, 31))))
    (row,) = (row for row in tables(sheet, DAILY) if row[0].startswith("Ciclosporin"))
    assert "at the latest" not in row[3]
    assert row[3].endswith("ask the pharmacist; drawn in this plan to Mon 11-Jan-2027")  # a block of its own follows


def test_what_holds_on_certain_days_only_is_over_behind_them() -> None:
    """No steroid on Days 0 to 4 after a graft: five lines two weeks later, as if it still held."""
    told = still_open(judged("ptcy-gvhd"), date(2026, 12, 21), date(2027, 1, 31))
    assert not any(text.startswith("Holds since ") and "No steroid" in text for text in told)
