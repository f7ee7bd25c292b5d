"""What a ward and a family read after edits: no drug twice, no rule to write on where nothing is given, words.

Each was seen wrong on a printed plan of somebody treated for weeks.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from msgspec.structs import replace

from planner.exports.sheets.sheet import Cell, Month, Sheet, Table
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import (
    BagPlan,
    BlockStart,
    Deferral,
    Given,
    GivenRecord,
    Hold,
    Omission,
    Plan,
    Repetition,
    Scope,
)
from planner.model.schedule import Event
from planner.model.wish import Wish
from planner.services.changes_on_paper import changes_on_paper
from planner.services.evaluation import evaluate
from planner.services.printing import make_sheet
from planner.services.verbs import editing, pausing
from planner.services.verbs.placing import add_protocol, new_plan
from planner.services.verbs.recording import record_given
from tests.courses import PATIENT
from tests.exports.gallery import PRINTED_AT
from tests.exports.papers import SITE, library, lines_of
from tests.exports.sheets.calendars import said_on

START = date(2026, 3, 2)


def placed(protocol: str, choices: dict[str, str] | None = None) -> Plan:
    return add_protocol(new_plan("p", PATIENT), library().protocols[protocol], BlockStart(on=START), choices)


def seen(plan: Plan) -> EvaluatedPlan:
    return evaluate(plan, library(), SITE)


def doses_of(plan: Plan, agent: str) -> list[Event]:
    return [event for event in seen(plan).schedule.events if event.placed.agent_name == agent and event.dose]


def recorded(plan: Plan, events: Sequence[Event], status: Given = Given.GIVEN) -> Plan:
    for event in events:
        amount = event.dose.value / (2 if status is Given.PARTLY else 1)
        place = event.placed.block.id, event.placed.cycle, event.cycle_day, event.placed.order.id
        reason = "" if status is Given.GIVEN else "toxicity"
        record = GivenRecord(*place, 0, status, event.date, amount, event.dose.unit, "N. Nurse", reason)
        plan = record_given(plan, seen(plan).schedule, record, date(2027, 1, 1))
    return plan


def printed_sheet(plan: Plan, kind: str, wish: Wish = Wish()) -> Sheet:  # noqa: B008 a frozen value
    return make_sheet(seen(plan), kind, SITE, PRINTED_AT, wish)


def text(cell: Cell) -> str:
    return " | ".join(line.text for line in cell.lines).replace("\u00a0", " ")


def rows(sheet: Sheet) -> Iterator[tuple[Cell, ...]]:
    for section in sheet.sections:
        for part in section.parts:
            if isinstance(part, Table):
                yield from (row.cells for row in part.rows)


def told_on(sheet: Sheet, month: str, day: int) -> list[str]:
    """The lines of one day of the family's calendar."""
    (grid,) = (part for one in sheet.sections if one.title == month for part in one.parts if isinstance(part, Month))
    (cell,) = (one for week in grid.weeks for one in week.days if one.number == str(day) and not one.outside)
    return [line.text.replace("\u00a0", " ") for line in cell.lines]


def test_what_is_recorded_parts_nothing_in_the_familys_calendar() -> None:
    """Five days of an infusion were recorded: the two after them stood as a drug of their own beside its frame."""
    plan = placed("blinatumomab-rr")
    plan = recorded(plan, doses_of(plan, "Blinatumomab")[:5])
    sheet = printed_sheet(plan, "calendar")
    weeks = [week for one in sheet.sections for part in one.parts if isinstance(part, Month) for week in part.weeks]
    assert [(bar.first, bar.last) for bar in weeks[0].bars] == [(0, 6)]
    assert not any(line == "Blinatumomab" for line in told_on(sheet, "March 2026", 7))


def test_a_dose_of_two_that_is_recorded_leaves_one_entry_for_the_day() -> None:
    plan = placed("hyper-cvad")
    plan = recorded(plan, doses_of(plan, "Cyclophosphamide")[:1])
    told = told_on(printed_sheet(plan, "calendar"), "March 2026", 2)
    assert [line for line in told if line.startswith("Cyclophosphamide")] == [
        "Cyclophosphamide, 2 times, at 09:00 and 21:00"
    ]


def test_what_is_taken_beforehand_stands_before_the_cells() -> None:
    told = told_on(printed_sheet(placed("obe-cel"), "calendar"), "March 2026", 17)
    places = [number for name in ("Paracetamol", "CAR T") for number, line in enumerate(told) if line.startswith(name)]
    assert len(places) == 2
    assert places == sorted(places)


def test_a_dose_given_in_part_does_not_say_given_first() -> None:
    plan = placed("hyper-cvad")
    plan = recorded(plan, doses_of(plan, "Vincristine")[:1], Given.PARTLY)
    (notes,) = (text(row[-1]) for row in rows(printed_sheet(plan, "daysheet")) if "partly given" in text(row[-1]))
    assert notes.startswith("partly given | toxicity")


def held_drug() -> Plan:
    """Ponatinib left out for eleven days of induction, taken again since."""
    plan = placed("ponalfil")
    first = doses_of(plan, "Ponatinib")[0]
    block, order = first.placed.block.id, first.placed.order.id
    held = pausing.hold(plan, seen(plan).schedule, Hold(block, 1, 10, "toxicity", order=order, grade=3))
    again = first.date + timedelta(20)
    return pausing.resume(held, seen(held).schedule, library().agents, (block, order), again).plan


def test_nothing_is_to_be_written_where_a_daily_drug_is_left_out() -> None:
    found = [cell for row in rows(printed_sheet(held_drug(), "roadmap")) for cell in row if "OMITTED" in text(cell)]
    assert [text(cell) for cell in found] == [
        "30 mg | OMITTED | daily D10 to D20, 11 days",
        "OMITTED",
        "last day, OMITTED",
    ]
    assert not any(line.blank for cell in found for line in cell.lines)


def test_the_hand_over_says_in_words_what_is_struck_out_or_framed() -> None:
    sheet = printed_sheet(held_drug(), "handover", Wish(START, START + timedelta(60)))
    daily = [row for row in rows(sheet) if text(row[0]).startswith("Ponatinib")]
    left_out = [row for row in daily if row[0].lines[0].style == "struck"]
    assert [text(row[0]) for row in left_out] == ["Ponatinib | OMITTED"]
    assert all(row[1].lines[0].style == "struck" for row in left_out)
    unsure = printed_sheet(placed("hyper-cvad"), "handover", Wish(START, START + timedelta(120)))
    framed = [text(cell) for row in rows(unsure) for cell in row if cell.edge == "dashed"]
    assert framed
    assert all("provisional" in words for words in framed)


def test_bag_plan_says_what_was_given_and_what_is_not_sure() -> None:
    plan = placed("blinatumomab-rr")
    plan = recorded(plan, doses_of(plan, "Blinatumomab")[:5])
    for block in [block.id for block in seen(plan).schedule.blocks][:2]:
        plan = editing.plan_bags(plan, seen(plan).schedule, library().agents, BagPlan(block, (96, 72)))
    sheet = printed_sheet(plan, "bags")
    states = [text(row[0]) for row in rows(sheet) if len(row) == 6]
    assert "Blinatumomab | given" in states
    framed = [text(cell) for row in rows(sheet) for cell in row if cell.edge == "dashed"]
    assert framed
    assert all("provisional" in words for words in framed)


def test_the_summary_tells_changes_in_sentences() -> None:
    plan = placed("hyper-cvad")
    vincristine = doses_of(plan, "Vincristine")[1]
    schedule = seen(plan).schedule
    left_out = Omission(
        "part-a", 1, vincristine.cycle_day, vincristine.placed.order.id, "toxicity", "neuropathy; both feet"
    )
    plan = editing.omit(plan, schedule, left_out)
    plan = editing.defer(plan, schedule, Deferral("part-b", 2, 1, 5, Scope.FOLLOWING, "infection"))
    texts = {line.text for line in lines_of(printed_sheet(plan, "summary"))}
    assert "Left out Vincristine on C1 D11 of Part A 1 (toxicity, neuropathy; both feet)" in texts
    assert "Deferred by +5 days from C2 D1 of Part B 2 on (infection)" in texts


def test_a_repeated_cycle_names_both_blocks() -> None:
    plan = placed("hyper-cvad")
    repeated = (Repetition(plan.blocks[1].id, plan.blocks[0].id, 1, "other"),)
    told = changes_on_paper(replace(plan, modifications=repeated), evaluate(plan, library()).schedule)
    assert told == ("Repeated C1 of Part A 1 as Part B 2 (reason not named)",)


def test_one_medicine_of_two_parts_at_once_has_a_frame_for_each() -> None:
    """The second part's days were joined to the first's frame, which fell into pieces of a day and over the page."""
    plan = placed("pomp")
    again = BlockStart(on=START + timedelta(10))
    plan = add_protocol(plan, library().protocols["pomp"], again)
    sheet = printed_sheet(plan, "calendar")
    weeks = [week for one in sheet.sections for part in one.parts if isinstance(part, Month) for week in part.weeks]
    both = [[bar for bar in week.bars if bar.line.text.startswith("Mercaptopurine")] for week in weeks[:4]]
    assert [[(bar.first, bar.last) for bar in bars] for bars in both] == [
        [(0, 6)],
        [(0, 6), (3, 6)],
        [(0, 6), (0, 6)],
        [(0, 6), (0, 6)],
    ]


def test_a_block_that_is_put_off_has_one_first_day() -> None:
    """Ponatinib keeps its days: its own day 1 stood a week before that of its block, and day 8 beside it."""
    plan = placed("hyper-cvad-ponatinib")
    block = next(one for one in plan.blocks if one.title == "Part B 2")
    plan = replace(plan, modifications=(Deferral(block.id, 2, 1, 7, Scope.FOLLOWING, "counts"),))
    evaluated = seen(plan)
    begins = evaluated.schedule.block(block.id).begins
    (kept,) = (
        one
        for one in evaluated.schedule.events
        if one.placed.block.id == block.id and one.placed.agent == "ponatinib" and one.cycle_day == 1
    )
    assert kept.day == begins - 7
    assert kept.day_number == -7
    texts = {
        kind: [line.text.replace("\u00a0", " ") for line in lines_of(printed_sheet(plan, kind))]
        for kind in ("calendar", "daysheet", "roadmap")
    }
    assert not [text for text in texts["calendar"] if "Day −" in text], "a family waits, and counts no days"
    assert "Part B 2 C2 D1 and Part B 2 C2 D8" not in texts["daysheet"]
    assert "Part B 2 C2 D−7" in texts["daysheet"]
    assert texts["roadmap"].count("C2 D1") == 2, "one of them is that of maintenance"
    assert "daily D−7 to D21, 28 days" in texts["roadmap"]
    starts = [on for on, told in said_on(printed_sheet(plan, "calendar")).items() if "Start: Part B 2" in told]
    assert starts == [date.fromordinal(begins)]
