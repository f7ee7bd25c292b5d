"""Days of which nothing is to be given are rows of a short list: a course left out was nine pages of struck rows."""

from datetime import date

from planner.exports.sheets.sheet import Section, Table
from planner.exports.wording.doses import NOT_TO_BE_GIVEN
from planner.model.cycle_content import State
from planner.model.plan import Hold, Plan, Scope, Skip
from planner.model.wish import Wish
from planner.services.verbs import pausing
from tests.exports.papers import BUILDERS, job, words_of
from tests.exports.sheets.day.test_rows import boxes, lines
from tests.exports.sheets.test_after_edits import placed, printed_sheet, seen
from tests.exports.sheets.test_what_is_done import with_state


def skipped() -> tuple[Plan, Wish]:
    plan = placed("hyper-cvad")
    block = next(one for one in seen(plan).schedule.blocks if "Part A 3" in one.title)
    plan = pausing.skip(plan, seen(plan).schedule, Skip(block.id, block.cycles[0].number, "infection"))
    days = [one.date for one in seen(plan).schedule.events if one.placed.block.id == block.id]
    return plan, Wish(min(days), max(days))


def only_list(sections: tuple[Section, ...]) -> tuple[Section, Table]:
    (section,) = sections
    (table,) = (part for part in section.parts if isinstance(part, Table))
    return section, table


def test_a_course_left_out_is_one_list() -> None:
    plan, wish = skipped()
    section, table = only_list(printed_sheet(plan, "daysheet", wish).sections)
    told = boxes(section)
    assert "Nothing that stands here is to be given." in told
    assert "Part A 3: OMITTED, cycle skipped: infection" in told
    events = [one for one in seen(plan).schedule.events if wish.covers(one.day)]
    assert {one.state for one in events} == {State.OMITTED}
    struck = [line for row in table.rows for line in row.cells[2].lines]
    assert {line.style for line in struck} == {"struck"}
    assert {one.placed.agent_name.casefold() for one in events} == {
        name.casefold()
        for one in events
        for name in [one.placed.agent_name]
        if any(line.text.casefold().startswith(name.casefold()) for line in struck)
    }
    assert not any(line.blank or line.tick for row in table.rows for line in lines(row))
    texts = [line.text.replace("\u00a0", " ") for line in struck]
    assert any("2 times, 09:00 and 21:00" in text for text in texts)
    assert any(text.startswith("METHOTREXATE") and "INTRATHECAL" in text for text in texts)


def test_a_medicine_on_hold_for_weeks_is_one_row() -> None:
    """Twenty rows of one struck medicine, over two and a half pages."""
    plan = placed("pomp")
    first = next(one for one in seen(plan).schedule.events if one.placed.agent == "mercaptopurine")
    hold = Hold(first.placed.block.id, 1, 8, "toxicity", order=first.placed.order.id, grade=3, scope=Scope.ALL)
    evaluated = seen(pausing.hold(plan, seen(plan).schedule, hold))
    held = [one for one in evaluated.schedule.events if one.state is State.HELD]
    off = {
        day
        for day in {one.day for one in held}
        if all(one.state in NOT_TO_BE_GIVEN for one in evaluated.schedule.events if one.day == day)
    }
    begin = min(day for day in off if {day + 1, day + 2} <= off)
    wish = Wish(date.fromordinal(begin), date.fromordinal(begin + 20))
    off = {day for day in off if wish.covers(day)}
    rows = [
        row
        for section in BUILDERS["daysheet"](evaluated, job(wish=wish)).sections
        for part in section.parts
        if isinstance(part, Table) and len(part.columns) == 4
        for row in part.rows
    ]
    assert rows
    assert len(rows) < len(off)
    assert any(" to " in words_of(row.cells[0]) for row in rows), [words_of(row.cells[0]) for row in rows][:5]


def test_a_day_with_something_due_has_its_rows() -> None:
    plan, wish = skipped()
    evaluated = seen(plan)
    day = wish.first
    kept = with_state(
        evaluated, State.PLANNED, lambda one: one.day == day.toordinal() and one.placed.agent == "rituximab"
    )
    first, *_ = BUILDERS["daysheet"](kept, job(wish=Wish(day, day))).sections
    assert any(isinstance(part, Table) and len(part.columns) == 8 for part in first.parts)


def test_what_is_said_of_one_medicine_alone_stands_in_its_row() -> None:
    plan, wish = skipped()
    held = with_state(
        seen(plan), State.HELD, lambda one: one.day == wish.first.toordinal() and one.placed.agent == "mesna"
    )
    section, table = only_list(BUILDERS["daysheet"](held, job(wish=wish)).sections)
    assert not any(text.startswith("Part A 3: ") for text in boxes(section))
    assert [line.text.split(":")[0] for line in table.rows[0].cells[3].lines] != []
