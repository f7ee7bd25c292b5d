"""Left out, moved, reduced, recorded: what hand-over, roadmap, supply and glance say of it in plain words."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from msgspec.structs import replace

from planner.exports.pdf.signs import Place, sign_ops
from planner.exports.pdf.text import BoxOp
from planner.exports.sheets.sheet import Chart, Sheet
from planner.model.cycle_content import State
from planner.model.plan import (
    BagPlan,
    DecisionTaken,
    Deferral,
    DoseChange,
    Given,
    GivenRecord,
    Hold,
    Plan,
    Scope,
    Skip,
    Stop,
)
from planner.model.wish import Wish
from planner.services.evaluation import evaluate
from planner.services.printing import Around, make_sheet
from planner.services.verbs import editing, pausing, redosing
from tests.exports.gallery import PRINTED_AT
from tests.exports.papers import SITE, library, lines_of
from tests.exports.sheets.test_after_edits import START, doses_of, placed, printed_sheet, recorded, rows, seen, text

WEEKS = Wish(START, START + timedelta(55))


def skipped(protocol: str, block: str, cycle: int) -> Plan:
    plan = placed(protocol)
    return pausing.skip(plan, seen(plan).schedule, Skip(block, cycle, "infection"))


def texts(sheet: Sheet) -> list[str]:
    return [line.text.replace("\u00a0", " ") for line in lines_of(sheet)]


def cells_of(sheet: Sheet, first: str) -> list[list[str]]:
    return [told for row in rows(sheet) if first in (told := [text(cell) for cell in row])[:2]]


def test_a_course_that_is_left_out_is_not_called_planned() -> None:
    """ "Part A 3 ... planned" stood beside a course of which every dose is left out."""
    plan = skipped("hyper-cvad", "part-a", 1)
    (row,) = cells_of(printed_sheet(plan, "glance"), "Part A 1")
    assert row[3:] == ["Sun 22-Mar-2026, LEFT OUT", "left out"]
    (row,) = cells_of(printed_sheet(plan, "summary"), "Part A 1")
    assert row[3] == "Sun 22-Mar-2026, LEFT OUT"
    bands = texts(printed_sheet(plan, "roadmap"))
    assert "Part A 1 · Mon 02-Mar-2026 to Sun 22-Mar-2026, 21 days · LEFT OUT, its days stay empty" in bands
    told = texts(printed_sheet(plan, "handover", WEEKS))
    assert any(one.startswith("on Mon 02-Mar-2026: in the days of Part A 1, which is LEFT OUT") for one in told)


def test_a_cycle_that_is_left_out_is_named_beside_its_block() -> None:
    plan = skipped("pomp", placed("pomp").blocks[0].id, 3)
    (row,) = cells_of(printed_sheet(plan, "glance"), "POMP 1 to 12")
    assert row[4] == "planned; cycle 3 LEFT OUT"
    (row,) = cells_of(printed_sheet(plan, "summary"), "POMP 1 to 12")
    assert row[1] == "12, cycle 3 LEFT OUT"


def test_what_is_put_off_is_waited_for() -> None:
    """ "on Mon 30-Nov-2026: Consolidation" two days before a consolidation that is put off."""
    plan = placed("hyper-cvad")
    plan = editing.defer(plan, seen(plan).schedule, Deferral("part-b", 2, 1, 3, Scope.FOLLOWING, "infection"))
    day = START + timedelta(22)
    told = texts(printed_sheet(plan, "handover", Wish(day, day + timedelta(14))))
    assert "on Tue 24-Mar-2026: waits for Part B 2, which begins on Thu 26-Mar-2026" in told


def test_a_note_of_several_blocks_is_printed_once() -> None:
    sheet = printed_sheet(placed("hyper-cvad"), "handover", Wish(START, START + timedelta(80)))
    labels = [one for one in texts(sheet) if one.startswith("Note of the protocol")]
    assert labels == ["Note of the protocol, Part A 1 and Part A 3", "Note of the protocol, Part B 2 and Part B 4"]


def test_a_dose_that_was_moved_names_the_day_it_was_due_on() -> None:
    plan = placed("hyper-cvad")
    moved = Deferral("part-a", 1, 11, 1, Scope.DAY, "capacity")
    plan = editing.defer(plan, seen(plan).schedule, moved)
    due = [row for row in rows(printed_sheet(plan, "handover", WEEKS)) if len(row) == 6]
    (row, *_) = (row for row in due if text(row[2]) == "Vincristine" and text(row[0]) == "Fri 13-Mar-2026")
    assert "moved from Thu 12-Mar-2026" in text(row[3])


def test_a_rescue_carries_its_own_words_for_how_long() -> None:
    """Leucovorin was sent to the note of the fluids: both end "until methotrexate has cleared"."""
    plan = placed("aall0232-hr")
    first = next(one for one in doses_of(plan, "Leucovorin"))
    sheet = printed_sheet(plan, "handover", Wish(first.date - timedelta(3), first.date + timedelta(20)))
    due = [row for row in rows(sheet) if len(row) == 6 and text(row[2]).startswith("Leucovorin")]
    assert "until methotrexate has cleared (below 0.05 to 0.1 micromol/L)" in text(due[0][3])
    assert not any("ntravenous fluids" in text(row[3]) for row in due)
    (going, *_) = (row for row in rows(sheet) if len(row) == 4 and text(row[0]).startswith("Leucovorin"))
    assert "as long as it goes on, also every day: Methotrexate level" in text(going[0])


def test_a_reduced_daily_dose_says_so_and_why() -> None:
    """ "20 mg" of half a dose stood under the daily medicines as if the protocol said so."""
    plan = placed("hyper-cvad-ponatinib")
    order = doses_of(plan, "Ponatinib")[0].placed
    change = DoseChange("part-a", 1, 8, order.order.id, Scope.CYCLE, "toxicity", percent=50)
    plan = redosing.reduce(plan, seen(plan).schedule, change)
    daily = [row for row in rows(printed_sheet(plan, "handover", WEEKS)) if len(row) == 4]
    reduced = [text(row[1]) for row in daily if text(row[0]).startswith("Ponatinib") and "instead of" in text(row[1])]
    assert reduced == ["22.5 mg, by mouth, once a day | instead of 45 mg | dose 50 %: toxicity"]


def test_a_daily_medicine_that_is_put_off_says_from_where_it_goes_on() -> None:
    plan = placed("aall0232-hr")
    plan = editing.defer(plan, seen(plan).schedule, Deferral("consolidation", 1, 8, 3, Scope.FOLLOWING, "counts"))
    drug = [one for one in doses_of(plan, "Mercaptopurine") if one.placed.block.id == "consolidation"]
    before, after = next(
        (one, later) for one, later in pairwise(drug) if later.due_day - one.due_day == 1 < later.day - one.day
    )
    sheet = printed_sheet(plan, "handover", Wish(before.date - timedelta(3), after.date + timedelta(5)))
    ends = [text(row[3]) for row in rows(sheet) if len(row) == 4 and text(row[0]).startswith("Mercaptopurine")]
    assert ends[0].endswith(f"then none drawn: its next dose is moved to {after.date:%a %d-%b-%Y}, ask")


def test_a_recorded_dose_of_a_day_is_no_single_dose() -> None:
    """Recording made "once a day" and "each time" of what the protocol gives by the day."""
    plan = placed("hyper-cvad")
    steroid = [one for one in doses_of(plan, "Dexamethasone") if one.placed.cycle == 1][:4]
    plan = recorded(plan, steroid)
    (row, *_) = (row for row in rows(printed_sheet(plan, "supply", WEEKS)) if text(row[0]).startswith("Dexamethasone"))
    assert [text(cell) for cell in row[1:5]] == [
        "40 mg", "in all that day", "Mon 02-Mar-2026 | to Thu 05-Mar-2026", "4 days",
    ]  # fmt: skip
    assert not any(line.blank for line in row[7].lines), "handed out and taken already"
    (row, *_) = (
        row for row in rows(printed_sheet(plan, "handover", WEEKS)) if text(row[0]).startswith("Dexamethasone")
    )
    assert text(row[1]) == "40 mg, by mouth, in all that day"


def test_nobody_asks_whether_radiation_is_taken_by_mouth() -> None:
    told = texts(printed_sheet(placed("gmall-07-03"), "supply", Wish(START, START + timedelta(80))))
    assert not any("radiotherapy" in one for one in told)


def test_a_block_without_an_end_says_so_behind_its_drawn_days() -> None:
    """Nelarabine "goes on, no end" on the roadmap; the next team read its last drawn day as the end."""
    plan = placed("nelarabine-t-all")
    last = max(one.end for one in seen(plan).schedule.blocks) - 1
    first = START.fromordinal(last - 10)
    told = texts(printed_sheet(plan, "handover", Wish(first, first + timedelta(30))))
    day = f"{START.fromordinal(last):%a %d-%b-%Y}"
    assert any(f": drawn to {day}, goes on, no end planned; when it ends nobody has said" in one for one in told)


def test_changed_bags_are_called_bags() -> None:
    """ "Dropped: Blinatumomab C2 D10 to D28" of bag changes read as the drug taken off for weeks."""
    plan = replace(placed("blinatumomab-rr"), bag_plans=(BagPlan("induction", (96, 72), (0, 3)),))
    later = replace(plan, bag_plans=(BagPlan("induction", (72,), ()),))
    around = Around(before=evaluate(plan, library(), SITE))
    sheet = make_sheet(evaluate(later, library(), SITE), "handover", SITE, PRINTED_AT, around=around)
    changed = [
        text(row[1]) for row in rows(sheet) if len(row) == 4 and text(row[0]) in ("Dropped", "New", "Changed bag")
    ]
    assert changed
    assert not any("Blinatumomab C" in one for one in changed), "not the drug"
    assert any("Blinatumomab: bag change C1" in one for one in changed)


def test_an_extract_has_no_column_for_a_drug_of_other_cycles() -> None:
    """Vincristine of every third cycle was an empty column on the extract of the two between."""
    plan = placed("calgb-10403")
    drug = [one for one in doses_of(plan, "Vincristine") if one.placed.block.id == "maintenance"]
    cycle = drug[0].placed.block.cycles[0]
    days = Wish(START.fromordinal(cycle.start), START.fromordinal(cycle.end - 1))
    sheet = printed_sheet(plan, "roadmap", days)
    grids = [part for one in sheet.sections for part in one.parts if one.title == "Days"]
    for table in grids:
        for place, column in enumerate(table.columns[3:-2], 3):
            filled = [row for row in table.rows if not row.band and row.cells[place].lines]
            assert filled, column.heading


def test_one_drug_held_by_name_stays_struck_and_still_warns() -> None:
    """Leucovorin that somebody put on hold by name is not drawn as due, but says what it goes with."""
    plan = placed("hyper-cvad", {"leucovorin": "from-24-h"})
    methotrexate = [one for one in doses_of(plan, "Methotrexate") if one.placed.block.id == "part-b"][:1]
    plan = recorded(plan, methotrexate, Given.GIVEN)
    rescue = next(one for one in doses_of(plan, "Leucovorin"))
    hold = Hold("part-b", 2, rescue.cycle_day, "other", order=rescue.placed.order.id)
    plan = pausing.hold(plan, seen(plan).schedule, hold)
    sheet = printed_sheet(plan, "handover", Wish(rescue.date, rescue.date + timedelta(5)))
    (row, *_) = (row for row in rows(sheet) if len(row) == 6 and text(row[2]).startswith("Leucovorin"))
    assert row[2].lines[0].style == "struck"
    assert "NOT to be left out, ask now" in text(row[2])


def given_and_stopped(scope: Scope = Scope.ALL) -> Plan:
    """Methotrexate of the second course given on its first day, everything stopped from the second on."""
    plan = placed("hyper-cvad")
    given = [one for one in doses_of(plan, "Methotrexate") if one.placed.block.id == "part-b" and one.cycle_day == 1]
    plan = recorded(plan, given)
    return pausing.stop(plan, seen(plan).schedule, Stop("part-b", 2, 2, scope, "toxicity", grade=4))


def test_a_stop_of_everything_leaves_the_rescue_of_what_is_begun() -> None:
    """Eight doses of leucovorin were struck out, and none may "still go on", after methotrexate that had run."""
    for plan in (given_and_stopped(), given_and_stopped(Scope.FOLLOWING)):
        rescue = [one for one in doses_of(plan, "Leucovorin") if one.placed.block.id == "part-b"]
        sheet = printed_sheet(plan, "handover", Wish(rescue[0].date, rescue[0].date + timedelta(20)))
        due = [row for row in rows(sheet) if len(row) == 6 and text(row[2]).startswith("Leucovorin")]
        assert len(due) == len(rescue) == 9
        assert all("NOT to be left out, ask now" in text(row[2]) and row[5].lines for row in due)
        (going,) = (row for row in rows(sheet) if len(row) == 4 and text(row[0]).startswith("Leucovorin"))
        assert "as long as it goes on, also every day: Methotrexate level and creatinine" in text(going[0])
        assert text(going[3]).startswith("may still go on, until methotrexate is below 0.1 micromol/L")
        struck = [row for row in rows(sheet) if len(row) == 3]
        assert "Cytarabine" in [text(row[0]) for row in struck]
        assert "Leucovorin" not in [text(row[0]) for row in struck]


def test_a_stop_before_methotrexate_takes_its_rescue_along() -> None:
    plan = placed("hyper-cvad")
    plan = pausing.stop(plan, seen(plan).schedule, Stop("part-b", 2, 1, Scope.ALL, "toxicity", grade=4))
    rescue = [one for one in doses_of(plan, "Leucovorin") if one.placed.block.id == "part-b"]
    sheet = printed_sheet(plan, "handover", Wish(rescue[0].date, rescue[0].date + timedelta(20)))
    assert not any("NOT to be left out" in one for one in texts(sheet))
    assert not any(len(row) == 4 and text(row[0]).startswith("Leucovorin") for row in rows(sheet))


def test_what_is_on_hold_may_not_still_go_on() -> None:
    """Imatinib "HELD, until when is not known", and below it "may still go on, until the transplant"."""
    plan = placed("graaph-2005", {"arm": "a"})
    drug = [one for one in doses_of(plan, "Imatinib") if one.placed.block.id == "cycle-2"]
    hold = Hold("cycle-2", 2, 8, "toxicity", grade=3, order=drug[0].placed.order.id)
    plan = pausing.hold(plan, seen(plan).schedule, hold)
    sheet = printed_sheet(plan, "handover", Wish(drug[0].date, drug[0].date + timedelta(40)))
    daily = [row for row in rows(sheet) if len(row) == 4 and text(row[0]).startswith("Imatinib")]
    assert any("HELD" in text(row[0]) for row in daily)
    assert not any("may still go on" in text(row[3]) for row in daily)


def test_a_hold_that_lies_ahead_is_none_today() -> None:
    """ "on Mon 30-Nov-2026: POMP 1 to 12, ON HOLD" four weeks before the hold begins."""
    plan = placed("pomp")
    block = plan.blocks[0].id
    plan = pausing.hold(plan, seen(plan).schedule, Hold(block, 3, 1, "toxicity", grade=3))
    told = texts(printed_sheet(plan, "handover", WEEKS))
    assert any(one.startswith("on Mon 02-Mar-2026: POMP 1 to 12, on hold from Mon 27-Apr-2026 on") for one in told)
    later = START + timedelta(60)
    told = texts(printed_sheet(plan, "handover", Wish(later, later + timedelta(10))))
    assert any(one.startswith(f"on {later:%a %d-%b-%Y}: POMP 1 to 12, ON HOLD") for one in told)


def postponed() -> tuple[Plan, Plan]:
    """Obe-cel before and after its second dose was put off until nobody knows when."""
    plan = placed("obe-cel")
    cells = next(one for one in seen(plan).schedule.events if one.placed.kind == "cell_infusion")
    plan = replace(plan, decisions=())
    asked = next(one for one in seen(plan).schedule.decisions if one.decision.id == "second-dose")
    taken = DecisionTaken(asked.group, "second-dose", "postpone", cells.date, "N. N.")
    return plan, replace(plan, decisions=(taken,))


def test_what_is_put_off_without_a_day_is_a_change_since_the_issue_before() -> None:
    """The second CAR T cells vanished from the new sheets without a sign."""
    before, after = postponed()
    around = Around(before=evaluate(before, library(), SITE))
    sheet = make_sheet(evaluate(after, library(), SITE), "handover", SITE, PRINTED_AT, WEEKS, around=around)
    changed = [[text(cell) for cell in row] for row in rows(sheet) if len(row) == 4]
    assert any(row[0] == "No day set any more" and "Obecabtagene" in row[1] for row in changed)
    again = Around(before=evaluate(after, library(), SITE))
    sheet = make_sheet(evaluate(before, library(), SITE), "handover", SITE, PRINTED_AT, WEEKS, around=again)
    changed = [[text(cell) for cell in row] for row in rows(sheet) if len(row) == 4]
    assert any(row[0] == "New" and "Obecabtagene" in row[1] and row[2] == "" for row in changed)


def test_the_window_of_cells_that_were_put_off_stays_where_it_was() -> None:
    """ "Up to 11 days later" laid on the new day ran over the last day of the label."""
    plan = placed("tisa-cel")
    cells = next(one for one in seen(plan).schedule.events if one.placed.kind == "cell_infusion")
    window = cells.placed.order.window
    block, number = cells.placed.block.id, cells.cycle_day
    plan = editing.defer(plan, seen(plan).schedule, Deferral(block, 1, number, 4, Scope.ALL, "infection"))
    days = [f"{cells.date + timedelta(by):%a %d-%b-%Y}" for by in (-window.earlier, window.later)]
    for kind in ("handover", "daysheet"):
        told = " ".join(texts(printed_sheet(plan, kind, WEEKS)))
        assert f"window of the day it was due: {days[0]} to {days[1]}" in told, kind


def test_a_course_put_off_takes_its_windows_along() -> None:
    plan = placed("hyper-cvad")
    plan = editing.defer(plan, seen(plan).schedule, Deferral("part-b", 2, 1, 3, Scope.FOLLOWING, "infection"))
    told = texts(printed_sheet(plan, "handover", WEEKS))
    assert any(one.startswith("window: up to 1 day") for one in told)
    assert not any(one.startswith("window of the day it was due") for one in told)


def test_cells_that_were_given_are_told_to_the_next_team() -> None:
    plan = placed("tisa-cel")
    cells = next(one for one in seen(plan).schedule.events if one.placed.kind == "cell_infusion")
    place = cells.placed.block.id, cells.placed.cycle, cells.cycle_day, cells.placed.order.id, 0
    dose = Decimal(120_000_000)
    record = GivenRecord(*place, Given.GIVEN, cells.date, dose, "cells", "N. N.")
    plan = replace(plan, given=(record,))
    day = cells.date + timedelta(3)
    told = " ".join(texts(printed_sheet(plan, "handover", Wish(day, day + timedelta(5)))))
    assert f"given {cells.date:%a %d-%b-%Y}: 120,000,000 cells" in told


def test_the_last_recorded_day_of_a_pump_is_no_end() -> None:
    """ "goes on after Wed 25-Nov-2026 to Fri 27-Nov-2026" of a pump that runs ten days more."""
    plan = placed("blinatumomab-mrd")
    drug = doses_of(plan, "Blinatumomab")
    plan = recorded(plan, drug[:20])
    days = Wish(drug[5].date, drug[8].date)
    (row,) = (row for row in rows(printed_sheet(plan, "handover", days)) if text(row[0]).startswith("Blinatumomab"))
    last = drug[27].date
    assert text(row[3]) == (
        f"goes on after {drug[8].date:%a %d-%b-%Y} | to {last:%a %d-%b-%Y} | "
        f"ends {last + timedelta(1):%a %d-%b-%Y} 09:00"
    )
    over = Wish(last + timedelta(1), last + timedelta(1))
    (row,) = (row for row in rows(printed_sheet(plan, "handover", over)) if text(row[0]).startswith("Blinatumomab"))
    assert text(row[2]) == f"since {drug[0].date:%a %d-%b-%Y}"
    assert text(row[3]) == f"ends {last + timedelta(1):%a %d-%b-%Y} 09:00"


def test_a_day_on_which_less_was_given_begins_nothing_anew() -> None:
    plan = placed("d-alba")
    drug = doses_of(plan, "Dasatinib")
    plan = recorded(plan, drug[:5])
    plan = recorded(plan, drug[5:6], Given.PARTLY)
    days = Wish(drug[10].date, drug[20].date)
    (row, *_) = (row for row in rows(printed_sheet(plan, "handover", days)) if text(row[0]).startswith("Dasatinib"))
    assert text(row[2]).endswith(f"since {drug[0].date:%a %d-%b-%Y}")


def test_a_bag_that_was_hung_is_ticked_on_the_roadmap() -> None:
    plan = placed("blinatumomab-mrd")
    block = plan.blocks[0].id
    plan = replace(plan, bag_plans=(BagPlan(block, (96, 72), (0, 3)),))
    plan = recorded(plan, [one for one in doses_of(plan, "Blinatumomab") if one.placed.kind == "infusion"][:4])
    boxes = [line for row in rows(printed_sheet(plan, "roadmap")) for cell in row for line in cell.lines if line.tick]
    assert any(line.ticked for line in boxes)
    assert any(not line.ticked for line in boxes)


def test_a_changed_dose_is_marked_in_its_row_of_supply_and_hand_over() -> None:
    """A pharmacist hands out by the row; the change stood in a list on the last page, or nowhere."""
    before = placed("pomp")
    order = next(one for one in seen(before).schedule.events if one.placed.agent == "mercaptopurine").placed
    change = DoseChange(order.block.id, 1, 8, order.order.id, Scope.CYCLE, "counts", dose="25 mg")
    after = redosing.reduce(before, seen(before).schedule, change)
    moved = Deferral(order.block.id, 2, 1, 2, Scope.FOLLOWING, "counts")
    after = editing.defer(after, seen(after).schedule, moved)
    around = Around(before=evaluate(before, library(), SITE))
    for kind in ("supply", "handover"):
        sheet = make_sheet(evaluate(after, library(), SITE), kind, SITE, PRINTED_AT, WEEKS, around=around)
        named = [text(row[0]) for row in rows(sheet) if text(row[0]).startswith("Mercaptopurine")]
        assert named[0] == "Mercaptopurine", kind
        assert "Mercaptopurine | CHANGED, before: 50 mg" in named, kind
        assert "Mercaptopurine | CHANGED, see the list of changes" in named, kind


def test_the_glance_draws_what_is_on_hold_as_an_outline_and_rescue_of_what_is_begun_as_due() -> None:
    """Two black strokes on a black bar were not seen: cytarabine on hold looked as planned as the day before."""
    plan = placed("hyper-cvad")
    given = [one for one in doses_of(plan, "Methotrexate") if one.placed.block.id == "part-b" and one.cycle_day == 1]
    plan = recorded(plan, given)
    plan = pausing.hold(plan, seen(plan).schedule, Hold("part-b", 2, 2, "toxicity", grade=3))
    charts = [part for one in printed_sheet(plan, "glance").sections for part in one.parts if isinstance(part, Chart)]
    lanes = {lane.title: lane for lane in charts[0].lanes}
    held = [bar for bar in lanes["Cytarabine IV"].bars if bar.state is State.HELD]
    assert held
    boxes = [op for op in sign_ops(held[0], "antineoplastic", Place(10, 30, 10), 10) if isinstance(op, BoxOp)]
    assert [op.fill for op in boxes if op.weight] == [1.0]
    assert not [bar for bar in lanes["Leucovorin IV"].bars if bar.state is State.HELD]


def test_a_drug_on_hold_is_named_beside_its_block() -> None:
    plan = placed("hyper-cvad-ponatinib")
    order = doses_of(plan, "Ponatinib")[0].placed.order.id
    plan = pausing.hold(plan, seen(plan).schedule, Hold("part-a", 1, 8, "toxicity", grade=3, order=order))
    (row,) = cells_of(printed_sheet(plan, "glance"), "Part A 1")
    assert row[4] == "planned; Ponatinib ON HOLD from Mon 09-Mar-2026"
    told = " ".join(texts(printed_sheet(plan, "handover", Wish(START + timedelta(9), START + timedelta(20)))))
    assert "on Wed 11-Mar-2026: Part A 1 C1 D10, Ponatinib ON HOLD" in told
    told = " ".join(texts(printed_sheet(plan, "handover", WEEKS)))
    assert "on Mon 02-Mar-2026: Part A 1, Ponatinib" not in told
