"""What is not to be given on hand-over and roadmap: whole lists, courses left out, and what moved by itself."""

from datetime import timedelta

from msgspec.structs import replace

from planner.exports.sheets.sheet import Chart
from planner.exports.wording.not_given import goes_without
from planner.model.kept import doses_by_order
from planner.model.plan import Deferral, DoseChange, Omission, Replacement, Scope, Skip, Stop
from planner.model.wish import Wish
from planner.services.verbs import editing, pausing
from tests.exports.papers import lines_of
from tests.exports.sheets.test_after_edits import START, doses_of, placed, printed_sheet, rows, seen, text

WEEKS = Wish(START, START + timedelta(55))


def test_the_list_of_what_is_not_given_names_the_daily_medicines_too() -> None:
    """It had methotrexate and vincristine of a course stopped as a whole, and read as all of it."""
    plan = placed("pomp")
    block = plan.blocks[0].id
    plan = pausing.stop(plan, seen(plan).schedule, Stop(block, 1, 8, Scope.ALL, "toxicity", grade=4))
    told = [[text(cell) for cell in row] for row in rows(printed_sheet(plan, "handover", WEEKS))]
    start = told.index(["POMP 1 to 12: stopped: toxicity grade 4"])
    assert ["Mercaptopurine and Prednisone", "", "every day: see Daily medicines"] in told[start:]


def test_what_goes_with_a_stopped_drug_stands_under_its_reason() -> None:
    """Premedication stood first, under "stopped: goes with Inotuzumab", and the drug with the reason behind it."""
    plan = placed("inotuzumab-rr")
    first = next(one for one in seen(plan).schedule.events if one.placed.agent == "inotuzumab")
    stop = Stop(first.placed.block.id, 1, 8, Scope.CYCLE, "toxicity", grade=3, order="inotuzumab-days-8-15")
    plan = pausing.stop(plan, seen(plan).schedule, stop)
    told = [[text(cell) for cell in row] for row in rows(printed_sheet(plan, "handover", WEEKS))]
    start = told.index(["Inotuzumab 1: stopped: toxicity grade 3"])
    names = [row[0] for row in told[start + 1 : start + 5]]
    assert names[0] == "Inotuzumab ozogamicin"
    assert {*names[1:]} == {"Dexamethasone", "Paracetamol", "Loratadine"}
    assert not any("goes with Inotuzumab ozogamicin" in cell for row in told for cell in row if len(row) == 1)


def test_without_single_doses_the_daily_table_says_it_alone() -> None:
    plan = placed("d-alba")
    order = next(one for one in seen(plan).schedule.events if one.placed.agent == "dasatinib").placed
    stop = Stop(order.block.id, 1, 8, Scope.ALL, "toxicity", order=order.order.id, grade=3)
    plan = pausing.stop(plan, seen(plan).schedule, stop)
    sheet = printed_sheet(plan, "handover", WEEKS)
    assert not [row for row in rows(sheet) if len(row) == 3]
    assert any(len(row) == 4 and text(row[0]) == "Dasatinib | STOPPED" for row in rows(sheet))


def test_the_block_before_a_course_left_out_names_what_comes_instead() -> None:
    """ "Next: Part B 2, due Mon 23-Mar-2026" of a course that is left out."""
    plan = placed("hyper-cvad")
    plan = pausing.skip(plan, seen(plan).schedule, Skip("part-b", 2, "infection"))
    told = [line.text.replace("\u00a0", " ") for line in lines_of(printed_sheet(plan, "roadmap"))]
    first = next(one for one in told if "LEFT OUT" in one and one.startswith("Part B 2 is"))
    assert first == "Part B 2 is LEFT OUT"
    assert told[told.index(first) + 1].startswith("Next: Part A 3, due Mon 13-Apr-2026")
    assert not any(one.startswith("Next: Part B 2") for one in told)


def test_the_last_block_before_courses_left_out_says_so() -> None:
    plan = placed("ptcy-gvhd")
    last = next(one for one in plan.blocks if one.id == "sirolimus")
    for cycle in last.cycles:
        plan = pausing.skip(plan, seen(plan).schedule, Skip(last.id, cycle, "infection"))
    told = [line.text for line in lines_of(printed_sheet(plan, "roadmap"))]
    assert f"{last.title} is LEFT OUT" in told


def test_of_a_course_that_is_put_off_no_dose_says_that_it_moved() -> None:
    """ "moved from Fri 11-Dec-2026" stood on each of eight rows; the changes say it once."""
    plan = placed("hyper-cvad")
    plan = editing.defer(plan, seen(plan).schedule, Deferral("part-b", 2, 1, 3, Scope.FOLLOWING, "infection"))
    sheet = printed_sheet(plan, "handover", WEEKS)
    due = [row for row in rows(sheet) if len(row) == 6 and "C2" in text(row[1])]
    assert due
    assert not any("moved from" in text(row[3]) for row in due)


def test_the_window_of_moved_cells_is_drawn_where_it_was() -> None:
    plan = placed("tisa-cel")
    cells = next(one for one in seen(plan).schedule.events if one.placed.kind == "cell_infusion")
    window, at = cells.placed.order.window, cells.placed.block.id
    plan = editing.defer(plan, seen(plan).schedule, Deferral(at, 1, cells.cycle_day, 4, Scope.ALL, "infection"))
    charts = [part for one in printed_sheet(plan, "glance").sections for part in one.parts if isinstance(part, Chart)]
    (bar,) = (bar for lane in charts[0].lanes for bar in lane.bars if bar.form == "disc")
    assert bar.window == (window.earlier + 4, window.later - 4)


def test_why_a_drug_stands_in_is_no_note_of_the_protocol() -> None:
    """ "Imatinib: in place of Dasatinib: toxicity grade 2" of imatinib that came in the place of ponatinib."""
    plan = placed("d-alba")
    order = next(one for one in seen(plan).schedule.events if one.placed.agent == "dasatinib").placed
    swap = Replacement(order.block.id, 1, 8, order.order.id, Scope.ALL, "ponatinib", "toxicity", dose="30 mg", grade=3)
    plan = replace(plan, modifications=(swap,))
    told = [line.text for line in lines_of(printed_sheet(plan, "handover", WEEKS))]
    assert not any("in place of" in one for one in told)
    assert any(one.startswith("Replaced Dasatinib by Ponatinib") for one in told)


def test_a_hand_over_that_leaves_changes_out_says_so() -> None:
    plan = placed("pomp")
    order = next(one for one in seen(plan).schedule.events if one.placed.agent == "mercaptopurine").placed
    changes = tuple(
        DoseChange(order.block.id, 1, day, order.order.id, Scope.DAY, "counts", percent=50 + day % 2)
        for day in range(1, 17)
    )
    told = [line.text for line in lines_of(printed_sheet(replace(plan, modifications=changes), "handover", WEEKS))]
    assert "The last 14 of 16; the roadmap has all." in told
    assert sum(one.startswith("Dose of Mercaptopurine 5") for one in told) == 14
    few = replace(plan, modifications=changes[:3])
    assert not any("the roadmap has all" in line.text for line in lines_of(printed_sheet(few, "handover", WEEKS)))


def test_what_goes_with_an_infusion_in_two_parts_is_told_alone_only_where_both_are_left_out() -> None:
    """Hyper-CVAD, part B, methotrexate over 2 h and over 22 h: where one part was left out, its fluids or its rescue
    read "goes with Methotrexate, which is left out", and the family's calendar had no word of them.
    """
    plan = placed("hyper-cvad")
    first, second, *_ = (one for one in doses_of(plan, "Methotrexate") if one.placed.route == "IV")
    assert first.day == second.day
    for left in ([first], [second], [first, second]):
        left_out = tuple(
            Omission(one.placed.block.id, one.placed.cycle, one.cycle_day, one.placed.order.id, "toxicity")
            for one in left
        )
        events = [one for one in seen(replace(plan, modifications=left_out)).schedule.events if one.placed.cycle == 2]
        told = {one.placed.role for one in events if goes_without(one, doses_by_order(events))}
        assert told == (set() if len(left) == 1 else {"assessment"}), "the levels; fluids and rescue are left out too"
