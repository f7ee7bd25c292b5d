"""A stop is told once, and what it strikes out drops out of heads, lists and days; a pause sends nobody home."""

from datetime import date, datetime, time, timedelta

from msgspec.structs import replace

from planner.exports.sheets.calendar.making import but_replaced
from planner.exports.sheets.sheet import Facts, Paragraphs
from planner.exports.wording.holds import Ends
from planner.model.cycle_content import State
from planner.model.plan import DoseChange, Hold, Scope, Stop
from planner.model.wish import Wish
from planner.services.printing import make_sheet
from planner.services.verbs import pausing, redosing
from tests.exports.papers import SITE, library, lines_of
from tests.exports.sheets.calendar.test_medicines import rows_of
from tests.exports.sheets.calendars import framed_on, said_on
from tests.exports.sheets.test_after_edits import doses_of, placed, printed_sheet, recorded, seen
from tests.exports.sheets.test_kept_on import parts_of


def test_a_part_that_is_stopped_is_told_once() -> None:
    """Bridging stopped before CAR T cells: struck tablets stood on every page, and in every head, for two months."""
    plan = placed("pomp")
    block = seen(plan).schedule.blocks[0]
    stopped = pausing.stop(plan, seen(plan).schedule, Stop(block.id, 2, 3, Scope.FOLLOWING, "other"))
    on = date.fromordinal(block.cycles[1].start + 2)
    sheet = printed_sheet(stopped, "daysheet")
    told = [one.text.replace("\u00a0", " ") for one in lines_of(sheet)]
    assert sum(f"stopped from this day on, all of {block.title}" in text for text in told) == 1
    assert not any(f"{block.title} C3" in text for text in told)
    days = said_on(printed_sheet(stopped, "calendar"))
    assert [day for day, texts in days.items() if any("stopped from" in text for text in texts)] == [on]
    assert days[on + timedelta(1)] == ["No treatment"]
    before = on - timedelta(1)
    assert parts_of(stopped)[block.title][2] == f"{before.day} {before:%B %Y}"


def test_a_stop_of_everything_ends_the_calendar() -> None:
    """Two years of months without treatment, each with the struck parts of the protocol."""
    plan = placed("hyper-cvad")
    first = seen(plan).schedule.blocks[0]
    stopped = pausing.stop(plan, seen(plan).schedule, Stop(first.id, 1, 3, Scope.ALL, "toxicity", grade=4))
    sheet = printed_sheet(stopped, "calendar")
    assert max(said_on(sheet)) < date.fromordinal(first.end + 7)
    titles = [section.title for section in printed_sheet(stopped, "daysheet").sections]
    assert not any("Apr-2026" in title for title in titles), titles


def test_a_stopped_part_that_draws_no_drug_is_no_part_that_is_planned() -> None:
    """Chemotherapy "to enter" behind a stop of everything stood as planned, for three years."""
    plan = placed("e1910")
    first = seen(plan).schedule.blocks[0]
    stopped = pausing.stop(plan, seen(plan).schedule, Stop(first.id, 1, 3, Scope.ALL, "other"))
    blocks = {block.title: block for block in seen(stopped).schedule.blocks}
    ends = Ends(seen(stopped))
    assert ends.is_stopped(blocks["Chemotherapy 1 to 3"])
    assert ends.is_stopped(blocks["Maintenance"])
    parts = parts_of(stopped)
    assert parts["Chemotherapy 1 to 3"][3] == parts["Maintenance"][3] == "Stopped"
    assert not Ends(seen(plan)).is_stopped(blocks["Chemotherapy 1 to 3"])


def test_a_stay_in_the_hospital_is_asked_about_while_its_course_is_on_hold() -> None:
    """On hold for an infection, whoever is kept in a protected room read as sent home for the three days."""
    plan = placed("hyper-cvad")
    plan = replace(plan, patient=replace(plan.patient, birth_date=date(1955, 3, 14)))
    held = pausing.hold(plan, seen(plan).schedule, Hold("part-a", 1, 12, "infection"))
    first = seen(plan).schedule.blocks[0].start + 11
    again = date.fromordinal(first + 3)
    resumed = pausing.resume(held, seen(held).schedule, library().agents, ("part-a", ""), again).plan
    days = said_on(printed_sheet(resumed, "calendar"))
    between = [date.fromordinal(day) for day in range(first, first + 3)]
    assert all("Ask us: Stay in the hospital" in days[day] for day in between)
    assert not any(text.startswith("Ask us: Stay") for day in set(days) - set(between) for text in days[day])
    told = [line.text.replace("\u00a0", " ") for line in lines_of(printed_sheet(resumed, "daysheet"))]
    moved = f"In hospital, protected room: none drawn, its next day is moved to {again:%a %d-%b-%Y}; ask"
    assert told.count(moved) == 3


def test_the_days_before_a_stop_keep_their_note_above_the_list() -> None:
    """Struck out on the last of its days, mercaptopurine had its note on each row instead of once above them."""
    plan = placed("pomp")
    block = seen(plan).schedule.blocks[0]
    stopped = pausing.stop(plan, seen(plan).schedule, Stop(block.id, 1, 8, Scope.FOLLOWING, "toxicity", grade=3))
    days = Wish(date.fromordinal(block.start + 1), date.fromordinal(block.start + 7))
    (note,) = {one.placed.note for one in doses_of(plan, "Mercaptopurine") if one.placed.block.id == block.id}
    told = [line.text for line in lines_of(printed_sheet(stopped, "daysheet", days))]
    assert sum(note in text for text in told) == 1


def test_nothing_is_to_be_entered_behind_a_stop() -> None:
    """Intrathecal doses "any day to 3 January" of a course stopped on 15 December."""
    plan = placed("graaph-2014")
    block = next(one for one in seen(plan).schedule.blocks if one.id == "methotrexate-cycle")
    stopped = pausing.stop(plan, seen(plan).schedule, Stop(block.id, 2, 9, Scope.ALL, "toxicity", grade=3))
    on = date.fromordinal(block.start + 8)
    frames = framed_on(printed_sheet(stopped, "calendar"))
    asked = [day for day, texts in frames.items() if any("ask us for your days" in text for text in texts)]
    assert max(asked) == on - timedelta(1)
    told = " ".join(line.text for line in lines_of(printed_sheet(stopped, "daysheet")))
    assert f"to {on - timedelta(1):%a %d-%b-%Y}. Ask the pharmacist" in told.replace("\u00a0", " ")
    assert f"{block.title} C2 D10" not in told.replace("\u00a0", " ")


def test_a_drug_on_hold_is_no_block_on_hold() -> None:
    """ "Induction: HELD" over days on which ponatinib alone was, and the head of its list on the page before."""
    plan = placed("phallcon")
    first = next(one for one in doses_of(plan, "Ponatinib") if one.cycle_day == 8)
    place = first.placed.block.id, first.placed.cycle, 8, "toxicity"
    held = pausing.hold(plan, seen(plan).schedule, Hold(*place, order=first.placed.order.id, grade=3))
    sheet = printed_sheet(held, "daysheet", Wish(first.date, first.date + timedelta(2)))
    told = [line.text for line in lines_of(sheet)]
    assert not any(text.startswith(f"{first.placed.block.title}: HELD") for text in told)
    assert any(text.startswith("HELD, on hold: toxicity grade 3") for text in told)
    (section,) = sheet.sections
    assert all(part.leads for part in section.parts if isinstance(part, Paragraphs | Facts))


def test_what_goes_with_a_stopped_dose_has_it_beside_it() -> None:
    """Premedication stood in its broken frame on days on which the drug that is stopped was no more named."""
    plan = placed("inotuzumab-rr")
    first = next(one for one in doses_of(plan, "Inotuzumab ozogamicin") if one.placed.block.id == "cycle-2")
    place = first.placed.block.id, first.placed.cycle, first.cycle_day
    stop = Stop(*place, Scope.CYCLE, "toxicity", order=first.placed.order.id, grade=3)
    stopped = pausing.stop(plan, seen(plan).schedule, stop)
    days = {one.date for one in seen(stopped).schedule.events if one.state is State.STOPPED}
    said = said_on(printed_sheet(stopped, "calendar"))
    assert len(days) == 3
    assert said[min(days)][0].startswith("Inotuzumab 2: stopped from")
    assert all("Inotuzumab ozogamicin: stopped" in said[day] for day in days - {min(days)})


def test_of_a_recorded_day_nobody_said_how_often_either() -> None:
    """ "Once a day" beside ursodiol 300 mg, as soon as the one day that is drawn was recorded."""
    plan = placed("mini-hyper-cvd-inotuzumab")
    first = doses_of(plan, "Ursodiol")[0]
    change = DoseChange("odd", 1, 1, first.placed.order.id, Scope.ALL, "other", dose="300 mg")
    plan = redosing.enter_dose(plan, seen(plan).schedule, change)
    given = recorded(plan, doses_of(plan, "Ursodiol")[:1])
    assert all(
        row.notes.startswith("How often: ask us") for row in rows_of(printed_sheet(given, "calendar"), "Ursodiol")
    )


def test_an_amount_that_comes_back_in_a_later_part_has_its_days_there() -> None:
    """Mercaptopurine 50 mg of August, with the days of last autumn, above 16.5 mg of now."""
    plan = placed("pomp")
    one = next(event for event in doses_of(plan, "Mercaptopurine") if event.placed.cycle == 1 and event.cycle_day == 8)
    change = DoseChange(one.placed.block.id, 1, 8, one.placed.order.id, Scope.FOLLOWING, "counts", percent=50)
    plan = redosing.reduce(plan, seen(plan).schedule, change)
    later = seen(plan).schedule.blocks[1]
    sheet = make_sheet(seen(plan), "calendar", SITE, datetime.combine(one.date + timedelta(3), time(9)))
    (full,) = (row for row in rows_of(sheet, "Mercaptopurine") if row.amount.startswith("50 mg"))
    begins = date.fromordinal(later.start)
    assert f"{later.title}: {begins.day} {begins:%B %Y}" in full.notes
    assert f"{one.date - timedelta(7):%B %Y} to" not in full.notes


def test_levels_go_on_with_the_fluids_where_leucovorin_is_stopped_by_name() -> None:
    """With the newest level at 0.6 the day sheet read as rescue done: the level went with leucovorin."""
    plan = placed("hyper-cvad", {"leucovorin": "from-24-h"})
    given = [one for one in doses_of(plan, "Methotrexate") if one.placed.block.id == "part-b" and one.cycle_day == 1]
    plan = recorded(plan, given[:1])
    drawn = [one for one in doses_of(plan, "Leucovorin") if one.placed.block.id == "part-b" and one.placed.cycle == 2]
    stop = Stop("part-b", 2, drawn[-1].cycle_day, Scope.CYCLE, "other", order=drawn[-1].placed.order.id)
    stopped = pausing.stop(plan, seen(plan).schedule, stop)
    on = drawn[-1].date + timedelta(4)
    frames = [text for text in framed_on(printed_sheet(stopped, "calendar"))[on] if "until we tell you" in text]
    assert not any("Leucovorin" in text for text in frames)
    assert sum(text.startswith("Blood test") for text in frames) == 1
    told = " ".join(line.text for line in lines_of(printed_sheet(stopped, "daysheet", Wish(on, on))))
    assert told.count("Methotrexate level and creatinine") == 1
    with_it = [text for text in framed_on(printed_sheet(plan, "calendar"))[on] if text.startswith("Blood test")]
    assert len(with_it) == 1, "beside leucovorin and fluids it is told once"


def test_a_dose_is_not_called_stopped_where_another_order_gives_the_drug_that_day() -> None:
    """ "Leucovorin: stopped" stood in a cell above "Leucovorin, 8 times"."""
    evaluated = seen(placed("hyper-cvad", {"leucovorin": "from-24-h"}))
    ends = Ends(evaluated)
    rescue = next(one for one in evaluated.schedule.events if one.placed.agent_name == "Leucovorin")
    stopped = rescue._replace(state=State.STOPPED)
    other = rescue._replace(placed=replace(rescue.placed, id="part-b/1/leucovorin-high"))
    assert but_replaced([stopped, other], ends) == [other]
    assert but_replaced([stopped, other._replace(day=other.day + 1)], ends) == [
        stopped,
        other._replace(day=other.day + 1),
    ]
    assert but_replaced([stopped, rescue], ends) == [stopped, rescue], "doses of one order are told apart elsewhere"


def test_where_blocks_end_is_made_once_of_a_plan() -> None:
    """A calendar made it eleven times over, a fifth of its time."""
    evaluated = seen(placed("pomp"))
    assert evaluated.once(Ends) is evaluated.once(Ends)
    assert evaluated.once(Ends) is not replace(evaluated, findings=()).once(Ends)
    assert evaluated.due is evaluated.due
