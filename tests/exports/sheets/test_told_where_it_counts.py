"""Said where it counts: a change of tablets, a pause, what is to be entered, a bag that hangs."""

from datetime import date, timedelta

from planner.exports.sheets.calendar.changes import Reader
from planner.exports.sheets.sheet import Table
from planner.model.cycle_content import State
from planner.model.plan import BagPlan, DecisionTaken, Deferral, Given, Hold, Plan, Replacement, Scope, Stop
from planner.model.wish import WHOLE_PLAN, Wish
from planner.services.printing import Around, make_sheet
from planner.services.verbs import editing, pausing
from planner.services.verbs.redosing import replace_agent
from tests.exports.papers import SITE, library, make, words_in, words_of
from tests.exports.sheets.calendar.test_medicines import rows_of
from tests.exports.sheets.calendar.test_pauses import NOON
from tests.exports.sheets.calendars import months, said_on
from tests.exports.sheets.day.test_rows import boxes
from tests.exports.sheets.test_after_edits import doses_of, placed, printed_sheet, recorded, rows, seen
from tests.exports.sheets.test_kept_on import parts_of
from tests.exports.sheets.test_what_is_done import with_state
from tests.services.courses_at_hand import protocols_of


def other_tablets() -> tuple[Plan, Plan, date]:
    """A plan, the same with ponatinib in place of dasatinib, and the first day of it."""
    plan = placed("d-alba")
    first = next(one for one in doses_of(plan, "Dasatinib") if one.cycle_day == 20)
    place = first.placed.block.id, first.placed.cycle, first.cycle_day, first.placed.order.id
    change = Replacement(*place, Scope.ALL, "ponatinib", "toxicity", dose="30 mg", grade=3)
    return plan, replace_agent(plan, seen(plan).schedule, library().agents, change), first.date


def test_the_first_day_of_other_tablets_says_that_the_old_ones_are_over() -> None:
    """Nothing told it but another frame."""
    _, changed, first = other_tablets()
    told = {day: text for day, texts in said_on(printed_sheet(changed, "calendar")).items() for text in texts}
    days = [day for day, text in told.items() if text == "From this day on: Ponatinib instead of Dasatinib"]
    assert days == [first]


def test_other_tablets_against_graft_disease_say_it_too_and_name_no_drug_that_only_ends_then() -> None:
    """Tacrolimus from a day on, and no word that sirolimus was over; what else ended that day is no matter of it."""
    plan = placed("ptcy-gvhd")
    first = next(one for one in doses_of(plan, "Sirolimus") if one.cycle_day == 10)
    place = first.placed.block.id, first.placed.cycle, 10
    other = Replacement(
        *place, first.placed.order.id, Scope.ALL, "tacrolimus", "toxicity", dose="1 mg", doses_per_day=2
    )
    changed = replace_agent(plan, seen(plan).schedule, library().agents, other)
    changed = pausing.stop(changed, seen(changed).schedule, Stop(*place, Scope.ALL, "other", order="mycophenolate"))
    told = [text for text in said_on(printed_sheet(changed, "calendar"))[first.date] if "instead" in text]
    assert told == ["From this day on: Tacrolimus instead of Sirolimus"]


def test_a_reissue_strikes_the_old_tablets_once() -> None:
    """Struck out on each of 63 days, without a word."""
    plan, changed, first = other_tablets()
    sheet = make_sheet(seen(changed), "calendar", SITE, NOON, WHOLE_PLAN, around=Around(before=seen(plan)))
    struck = [
        day.number
        for month in months(sheet).values()
        for week in month.weeks
        for day in week.days
        for line in day.lines
        if line.style == "struck" and line.text == "Dasatinib"
    ]
    assert struck == [str(first.day)]


def test_a_list_of_days_ends_where_the_tablets_change() -> None:
    """One list went on over the change, with the same notes beside each of its days."""
    _, changed, first = other_tablets()
    wish = Wish(first - timedelta(5), first + timedelta(5))
    titles = [one.title for one in printed_sheet(changed, "daysheet", wish).sections]
    assert any(title.startswith(f"{first:%a %d-%b-%Y}") for title in titles), titles


def test_a_pause_that_is_over_soon_has_its_days_in_the_table() -> None:
    plan = placed("ponatinib-blinatumomab")
    order = next(one for one in seen(plan).schedule.events if one.placed.agent == "ponatinib").placed.order.id
    block = seen(plan).schedule.blocks[0].id
    held = pausing.hold(
        plan, seen(plan).schedule, Hold(block, 1, 18, "toxicity", order=order, grade=3, scope=Scope.ALL)
    )
    again = pausing.resume(held, seen(held).schedule, library().agents, (block, order), date(2026, 3, 26)).plan
    told = " ".join(row.notes for row in rows_of(printed_sheet(again, "calendar"), "Ponatinib"))
    assert "Not from 19 March 2026 to 25 March 2026." in told


def test_a_medicine_until_nobody_knows_when_that_is_stopped_says_so() -> None:
    """ "One shot every day. We tell you when to stop." of filgrastim that is stopped."""
    plan = placed("flag-ida")
    order = next(one for one in seen(plan).schedule.events if one.placed.agent == "filgrastim").placed.order.id
    block = seen(plan).schedule.blocks[0].id
    stopped = pausing.stop(plan, seen(plan).schedule, Stop(block, 1, 8, Scope.CYCLE, "other", order=order))
    told = rows_of(printed_sheet(stopped, "calendar"), "Filgrastim")[0].notes
    assert told.startswith(("Stopped from", "FLAG-Ida 1: stopped from"))


def test_each_page_names_what_is_still_to_be_entered() -> None:
    """Radiation on twelve days nobody entered stood on the first sheet of its block alone."""
    plan = placed("gmall-07-03")
    mark = next(one for one in seen(plan).schedule.events if one.placed.agent_name.startswith("To enter: cranial"))
    wish = Wish(mark.date + timedelta(3), mark.date + timedelta(9))
    for section in (one for one in printed_sheet(plan, "daysheet", wish).sections if one.level == 0):
        assert any(f"{mark.placed.agent_name}: days and doses not entered" in text for text in boxes(section))
    (first,) = (one for one in printed_sheet(plan, "daysheet", Wish(mark.date, mark.date)).sections if one.level == 0)
    assert not any("days and doses not entered" in text for text in boxes(first))


def test_an_extract_names_the_bag_that_hangs() -> None:
    """It began with the bag after it, and counted no vials of a bag that runs over its end."""
    plan = placed("blinatumomab-mrd")
    block = seen(plan).schedule.blocks[0].id
    bagged = editing.plan_bags(plan, seen(plan).schedule, library().agents, BagPlan(block, (96, 72), (0, 3)))
    bags = [one for one in seen(bagged).schedule.events if one.placed.kind == "bag"]
    third = bags[2]
    wish = Wish(third.date + timedelta(1), third.date + timedelta(1))
    (row,) = (row for row in rows(printed_sheet(bagged, "bags", wish)) if len(row) == 9)
    assert "hung before these days" in words_of(row[0])
    whole = [row for row in rows(printed_sheet(bagged, "bags")) if len(row) == 9]
    assert words_of(row[5]) == words_of(whole[2][5])
    assert not any("hung before" in words_of(row[0]) for row in whole)


def test_tests_that_go_with_a_dose_left_out_say_so() -> None:
    """Liver tests before and after inotuzumab stayed due on a day whose dose is left out."""
    evaluated = with_state(
        seen(placed("inotuzumab-rr")), State.OMITTED, lambda one: one.placed.role == "antineoplastic"
    )
    test = next(
        one for one in evaluated.schedule.events if one.placed.kind == "assessment" and one.placed.order.goes_with
    )
    told = [words_of(row[-1]) for row in rows(make(evaluated, "daysheet")) if len(row) == 8]
    assert any("goes with Inotuzumab ozogamicin, which is left out" in text for text in told)
    assert said_on(make(evaluated, "calendar"))[test.date]


def test_what_is_stopped_beside_what_goes_on_is_struck_out_once() -> None:
    """Seventeen struck rows of a pump stopped for good, one beside the tablets of each day."""
    plan = placed("ponatinib-blinatumomab")
    pump = [one for one in doses_of(plan, "Blinatumomab") if one.placed.cycle == 1]
    evaluated = with_state(
        seen(plan), State.STOPPED, lambda one: one.placed.id == pump[0].placed.id and one.cycle_day > 10
    )
    tables = [
        part for section in make(evaluated, "daysheet").sections for part in section.parts if isinstance(part, Table)
    ]
    lines = [line for table in tables for row in table.rows for cell in row.cells for line in cell.lines]
    assert len([line for line in lines if line.style == "struck" and line.text.startswith("Blinatumomab")]) == 1


def test_days_of_a_delay_share_a_list() -> None:
    """Five heads of one row each, and behind "Block, cycle, day" nothing but "after"."""
    plan = placed("hsct-bu-flu")
    late = editing.defer(plan, seen(plan).schedule, Deferral("conditioning", 1, -2, 5, Scope.ALL, "infection"))
    sheet = printed_sheet(late, "daysheet")
    facts = [pair[1] for one in sheet.sections for part in one.parts if hasattr(part, "pairs") for pair in part.pairs]
    assert "after" not in [text.strip() for text in facts]


def test_an_extract_of_the_day_on_which_the_pump_comes_off_has_its_bag() -> None:
    """ "No continuous infusion lies in the time asked for", on the day of the disconnect."""
    plan = placed("blinatumomab-mrd")
    block = seen(plan).schedule.blocks[0].id
    bagged = editing.plan_bags(plan, seen(plan).schedule, library().agents, BagPlan(block, (96, 72), (0, 3)))
    off = next(one for one in seen(bagged).schedule.events if one.placed.id.endswith("-disconnect"))
    told = [words_of(row[2]) for row in rows(printed_sheet(bagged, "bags", Wish(off.date, off.date))) if len(row) == 9]
    assert len(told) == 2
    assert "FINAL DISCONNECT" in told[-1]


def test_what_is_stopped_with_all_else_is_stopped_from_that_day() -> None:
    """Methotrexate "stopped from 25 January on", its next drawn day, weeks behind the stop of everything."""
    plan = placed("pomp")
    weekly = [one for one in doses_of(plan, "Methotrexate") if one.placed.cycle == 2]
    block = seen(plan).schedule.blocks[0]
    stopped = pausing.stop(plan, seen(plan).schedule, Stop(block.id, 2, 3, Scope.ALL, "toxicity", grade=4))
    day = date.fromordinal(block.cycles[1].start + 2)
    assert day < weekly[1].date
    told = rows_of(printed_sheet(stopped, "calendar"), "Methotrexate")[0].notes
    assert told.startswith(f"Stopped from {day.day} {day:%B %Y} on: do not take it any more.")


def test_advice_that_goes_with_cells_without_a_day_is_not_struck() -> None:
    """ "Stay near for four weeks: no longer in the plan", ten days after the first cells."""
    plan = placed("obe-cel")
    taken = DecisionTaken("obe-cel", "second-dose", "postpone", date(2026, 3, 1), "N. Doctor")
    postponed = editing.decide(plan, protocols_of(plan), taken)
    sheet = make_sheet(seen(postponed), "calendar", SITE, NOON, WHOLE_PLAN, around=Around(before=seen(plan)))
    struck = [
        line.text
        for month in months(sheet).values()
        for week in month.weeks
        for day in week.days
        for line in day.lines
        if line.style == "struck"
    ]
    assert any("CAR T cells" in text for text in struck)
    assert not any("Stay near" in text or "Daily check" in text for text in struck)


def test_a_part_on_hold_has_no_last_day() -> None:
    plan = placed("inotuzumab-rr")
    block = seen(plan).schedule.blocks[0]
    held = pausing.hold(plan, seen(plan).schedule, Hold(block.id, 1, 8, "counts"))
    cells = parts_of(held)[block.title]
    assert cells[2:] == ["Ask us", "On hold, ask us"]


def test_the_first_bag_of_a_pump_is_read_as_its_start() -> None:
    """The older sheet said "The pump starts", and "New bag for the pump" was struck out on its day."""
    plan = placed("blinatumomab-mrd")
    block = seen(plan).schedule.blocks[0].id
    bagged = editing.plan_bags(plan, seen(plan).schedule, library().agents, BagPlan(block, (96, 72), (0, 3)))
    events = seen(bagged).schedule.events
    reader = Reader(words_in("en"), "mcg", lambda _: True)
    first, second, *_ = (one.thing[0] for one in reader.all(events) if one.event.placed.kind == "bag")
    assert (first, second) == ("The pump starts", "New bag for the pump")


def test_a_pump_given_in_part_says_so_on_the_bag_plan() -> None:
    plan = placed("blinatumomab-mrd")
    (day,) = (one for one in doses_of(plan, "Blinatumomab") if (one.placed.cycle, one.cycle_day) == (1, 5))
    partly = recorded(plan, [day], Given.PARTLY)
    told = [words_of(row[0]) for row in rows(printed_sheet(partly, "bags")) if len(row) == 6]
    assert [text for text in told if "given" in text] == ["Blinatumomab given in part"]
