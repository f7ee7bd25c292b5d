"""What hand-over, glance, roadmap and summary say alike: where the course stands, holds, gaps, last days."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.exports.pdf.signs import Place, sign_ops
from planner.exports.pdf.text import BoxOp, RuleOp
from planner.exports.sheets.sheet import Chart, Facts, Sheet
from planner.model.civil import weekday_date
from planner.model.cycle_content import State
from planner.model.patient import LabResult, Measurement
from planner.model.plan import Addition, BagPlan, Deferral, Given, GivenRecord, Plan, Replacement, Scope, Stop
from planner.model.timeline import free_bar
from planner.model.wish import Wish
from planner.services.changes_on_paper import changes_on_paper
from planner.services.printing import Around, make_sheet
from planner.services.verbs import editing
from planner.services.verbs.recording import record_given
from tests.exports.gallery import PRINTED_AT
from tests.exports.papers import SITE, lines_of
from tests.exports.sheets.test_after_edits import START, doses_of, placed, printed_sheet, recorded, rows, seen, text
from tests.exports.sheets.test_kept_on import held_after_methotrexate

WEEKS = Wish(START, START + timedelta(41))


def told(plan: Plan, kind: str, wish: Wish = WEEKS) -> list[str]:
    return [line.text.replace("\u00a0", " ") for line in lines_of(printed_sheet(plan, kind, wish))]


def facts_of(sheet: Sheet) -> dict[str, str]:
    return dict(pair for part in sheet.sections[0].parts if isinstance(part, Facts) for pair in part.pairs)


def defer(plan: Plan, place: tuple[str, int, int], days: int, scope: Scope = Scope.FOLLOWING) -> Plan:
    return editing.defer(plan, seen(plan).schedule, Deferral(*place, days, scope, "infection"))


def test_where_in_the_course_names_cycle_and_day() -> None:
    """ "On Mon 23-Nov-2026: Blinatumomab 1 and 2; on Mon 30-Nov-2026: Blinatumomab 1 and 2" said nothing."""
    plan = placed("blinatumomab-rr")
    day = START + timedelta(44)
    assert any("on Wed 15-Apr-2026: Blinatumomab 1 and 2 C2 D3" in one for one in told(plan, "handover", Wish(day)))
    cycle = seen(plan).schedule.blocks[0].cycles[1]
    assert cycle.start + 2 == day.toordinal()
    late = defer(plan, ("induction", 2, 1), 7)
    assert any(
        "on Wed 15-Apr-2026: Blinatumomab 1 and 2 after C1 D42" in one for one in told(late, "handover", Wish(day))
    )


def test_a_block_ends_behind_what_was_moved_behind_its_days() -> None:
    """The test and the question of day 28 stood two days after its last day."""
    plan = placed("graaph-2005", {"arm": "a"})
    block = seen(plan).schedule.block("cycle-2")
    late = defer(plan, (block.id, 2, 2), 2, Scope.CYCLE)
    assert max(one.day for one in seen(late).schedule.events if one.placed.block.id == block.id) == block.end + 1
    named = weekday_date(block.end + 1)
    for kind in ("roadmap", "glance", "summary"):
        cells = [[text(cell) for cell in row] for row in rows(printed_sheet(late, kind))]
        assert any("Cycle 2" in row and named in row for row in cells), kind


def test_a_day_between_two_gaps_says_what_follows() -> None:
    """Eye drops of one day stood among the single doses, and the gap behind them was told nowhere."""
    plan = defer(placed("flag-ida"), ("flag-ida", 1, 5), 4)
    plan = defer(plan, ("flag-ida", 1, 6), 2)
    found = [[text(cell) for cell in row] for row in rows(printed_sheet(plan, "handover", WEEKS))]
    drops = [row for row in found if row[0].startswith("Prednisolone eye drops") and len(row) == 4]
    assert len(drops) == 3
    assert ["ask" in row[3] for row in drops] == [True, True, False]
    assert "its next dose is moved to" in drops[1][3]
    assert not any(len(row) == 6 and "eye drops" in row[2] for row in found)


def test_bags_say_nothing_of_the_days_that_their_pump_stood_on_before() -> None:
    """ "moved from" stood on nine rows of bags after a pump that stood three days."""
    plan = replace(placed("blinatumomab-rr"), bag_plans=(BagPlan("induction", (96, 72), (0, 3)),))
    moved = defer(plan, ("induction", 1, 7), 3)
    found = [[text(cell) for cell in row] for row in rows(printed_sheet(moved, "handover", WEEKS))]
    bags = [row for row in found if len(row) == 6 and row[2].startswith("Blinatumomab: bag")]
    assert len(bags) > 5
    assert not any("moved from" in row[3] for row in bags)


def test_an_answer_names_what_stands_in_for_its_drug() -> None:
    """ "Drawn as: go on, ponatinib 15 mg" stood beside dasatinib."""
    plan = placed("phallcon")
    order = doses_of(plan, "Ponatinib")[0].placed
    plain = "drawn as: MRD-negative complete remission: go on (with ponatinib: 15 mg)"
    swap = Replacement(
        order.block.id, order.cycle, 1, order.order.id, Scope.ALL, "dasatinib", "toxicity", dose="140 mg"
    )
    later = replace(swap, day=15, agent="imatinib", dose="600 mg")
    for changes, agent in ((), ""), ((swap,), "Dasatinib"), ((swap, later), "Imatinib"):
        more = f" (ponatinib is replaced by {agent} in this plan)" if agent else ""
        for kind, wish in (("glance", Wish()), ("daysheet", Wish(START, START + timedelta(120)))):
            answers = [one for one in told(replace(plan, modifications=changes), kind, wish) if plain in one]
            assert answers
            assert all((f"{plain}{more}" in one) and ("replaced" in one) == bool(more) for one in answers)


def test_a_drug_stands_in_for_the_one_before_it() -> None:
    """ "Imatinib: in place of Dasatinib: toxicity grade 2" of imatinib that came for ponatinib: grade 2 was its own."""
    plan = placed("d-alba")
    order = doses_of(plan, "Dasatinib")[0].placed
    first = Replacement(order.block.id, 1, 8, order.order.id, Scope.ALL, "ponatinib", "toxicity", dose="30 mg", grade=3)
    second = replace(first, day=15, agent="imatinib", dose="600 mg", grade=2)
    found = told(replace(plan, modifications=(first, second)), "roadmap", Wish())
    assert "in place of Dasatinib: toxicity grade 3" in found
    assert "in place of Ponatinib: toxicity grade 2" in found
    assert not any("in place of Dasatinib: toxicity grade 2" in one for one in found)


@pytest.mark.parametrize(("weight", "line"), [("45.6", True), ("44.9", False)])
def test_a_weight_that_doses_by_another_rule_is_a_change(weight: str, line: bool) -> None:
    """28 mcg a day after 20.8 in the cycle before was in no list and read as an error."""
    plan = placed("blinatumomab-rr")
    size = plan.patient.measurements[0]
    child = replace(size, height_cm=Decimal(156), weight_kg=Decimal("44.2"))
    later = Measurement(START + timedelta(40), Decimal(156), Decimal(weight))
    plan = replace(plan, patient=replace(plan.patient, measurements=(child, later)))
    changes = [one.replace("\u00a0", " ") for one in changes_on_paper(plan, seen(plan).schedule)]
    words = "Blinatumomab 28 mcg/day instead of 15 mcg/m2/day from Mon 13-Apr-2026 on: 45.6 kg on 11-Apr-2026"
    assert changes == ([words] if line else [])


def test_what_a_hold_of_its_block_leaves_goes_on_in_the_drawing_too() -> None:
    """Leucovorin of a held block had no arrow head, that of the later ones had."""
    plan = held_after_methotrexate()
    charts = [part for one in printed_sheet(plan, "glance").sections for part in one.parts if isinstance(part, Chart)]
    bars = [bar for lane in charts[0].lanes if lane.title.startswith("Leucovorin") for bar in lane.bars]
    first = min(bars, key=lambda bar: bar.start)
    assert first.state is State.PLANNED
    kept = [bar for bar in bars if bar.state is State.PLANNED]
    assert kept[-1].open_end


def test_the_strokes_of_a_hold_stand_above_the_bar_and_above_each_dot() -> None:
    """In a box of one day they lay on its edges; between the dots of a weekly drug they stood on a day without one."""
    for form, days, length in (("dose", (), 1), ("span", (), 20), ("dots", (3, 10, 17), 15)):
        bar = free_bar("x", 3, 3 + length, form, "antineoplastic", State.HELD, "x", "", "block", ticks=days)
        ops = sign_ops(bar, "antineoplastic", Place(30.0, 30.0 + 5 * length, 50.0), 5.0)
        strokes = [op for op in ops if isinstance(op, RuleOp)]
        assert len(strokes) == 2 * max(len(days), 1)
        assert all(op.to_y < 46.0 for op in strokes)
        grounds = [op for op in ops if isinstance(op, BoxOp) and op.fill == 1.0 and not op.weight]
        assert len(grounds) == max(len(days), 1)


def test_the_hand_over_says_what_is_provisional_and_why() -> None:
    """ "provisional" stood in each row, and nobody there knew what to ask for."""
    found = told(placed("inotuzumab-rr"), "handover")
    (line,) = (one for one in found if one.startswith("Provisional: Inotuzumab 2"))
    assert "behind an open decision: " in line
    assert "drawn as: " in line
    assert not any(one.startswith("Provisional: ") for one in told(placed("d-alba"), "handover", Wish(START, START)))


def test_a_record_of_less_says_its_grade() -> None:
    plan = placed("nelarabine-t-all")
    event = doses_of(plan, "Nelarabine")[0]
    place = event.placed.block.id, event.placed.cycle, event.cycle_day, event.placed.order.id
    less = GivenRecord(
        *place, 0, Given.PARTLY, event.date, Decimal(600), "mg", "N. Nurse", "toxicity", "neuropathy", grade=2
    )
    plan = record_given(plan, seen(plan).schedule, less, START + timedelta(99))
    assert "Nelarabine: toxicity grade 2: neuropathy" in told(plan, "roadmap", Wish())


def test_a_block_whose_drug_is_stopped_is_stopped_though_its_premedication_is_drawn() -> None:
    """ "Where in the course: Inotuzumab 3 C3 D10", a month after inotuzumab was stopped for good."""
    plan = placed("inotuzumab-rr")
    order = next(one for one in doses_of(plan, "Inotuzumab ozogamicin") if one.cycle_day == 8).placed
    stop = Stop(order.block.id, 1, 8, Scope.ALL, "other", "relapse", order=order.order.id)
    plan = replace(plan, modifications=(stop,))
    day = doses_of(plan, "Inotuzumab ozogamicin")[-1].date
    block = doses_of(plan, "Inotuzumab ozogamicin")[-1].placed.block.title
    found = told(plan, "handover", Wish(day, day + timedelta(20)))
    assert any(one.endswith(f": {block}, STOPPED") for one in found)
    assert not any(one.startswith("Provisional: ") and block in one for one in found)
    assert "Stopped Inotuzumab ozogamicin from C1 D8 of Inotuzumab 1 on, in all later blocks too (relapse)" in found
    assert any("stopped: relapse" in one for one in found), "the words that somebody wrote are the reason"
    first = told(plan, "handover", Wish(START, START + timedelta(41)))
    assert {f"Inotuzumab {one}: stopped: relapse" for one in (1, 2)} <= set(first), "each block in the one list"
    for kind in ("summary", "glance", "roadmap"):
        cells = [" ".join(map(text, row)) for row in rows(printed_sheet(plan, kind))]
        assert any(block in row and " stopped" in row for row in cells), kind


def test_what_a_hold_of_its_block_leaves_is_no_change_since_the_issue_before() -> None:
    """Leucovorin "held" in the list of changes, and "NOT to be left out" in its row."""
    plan = held_after_methotrexate()
    before = replace(plan, modifications=())
    sheet = make_sheet(seen(plan), "handover", SITE, PRINTED_AT, Wish(), around=Around(before=seen(before)))
    cells = [[text(cell) for cell in row] for row in rows(sheet)]
    changed = {row[1] for row in cells if row[0].startswith("Changed") and row[-1] == "held"}
    assert any("Cytarabine" in one for one in changed)
    assert not any("Leucovorin" in one or "fluids" in one for one in changed)
    (rescue, *_) = (row for row in cells if len(row) == 6 and row[2].startswith("Leucovorin"))
    assert "NOT to be left out" in rescue[2]
    assert "CHANGED" not in rescue[2]
    again = make_sheet(seen(before), "handover", SITE, PRINTED_AT, Wish(), around=Around(before=seen(plan)))
    assert not any(text(row[1]).count("Leucovorin") for row in rows(again) if text(row[0]).startswith("Changed"))


def test_what_became_of_a_course_alike_is_one_line() -> None:
    """Each drug of each course behind one on hold was a row of its own: planned, now provisional."""
    plan = held_after_methotrexate()
    before = seen(replace(plan, modifications=()))
    sheet = make_sheet(seen(plan), "glance", SITE, PRINTED_AT, Wish(), around=Around(before=before))
    cells = [[text(cell) for cell in row] for row in rows(sheet)]
    unsure = [row[1].split(" | ") for row in cells if row[0] == "Changed" and row[-1] == "provisional"]
    blocks = [one[0].partition(" C")[0] for one in unsure]
    assert "Part A 3" in blocks
    assert len(blocks) == len(set(blocks))
    (course,) = (one for one in unsure if one[0].startswith("Part A 3"))
    assert "Cyclophosphamide" in course[1]
    assert "Vincristine" in course[1]


def test_what_somebody_ordered_is_no_note_of_the_protocol() -> None:
    """ "Methotrexate IT C1 D9: added: other" stood under the notes of the protocol."""
    plan = placed("hyper-cvad")
    more = Addition(plan.blocks[0].id, 1, "more", "levetiracetam", "supportive", "PO", (5,), "other", dose="500 mg")
    found = told(replace(plan, modifications=(more,)), "handover")
    assert any(one.startswith("Added ") and "500 mg PO on D5" in one for one in found)
    assert not any(one.casefold().startswith("levetiracetam: added") for one in found)


def test_doses_that_nobody_recorded_are_open_on_the_sheet_of_today() -> None:
    """ "Nothing on single days in this time", behind a week of chemotherapy that was due and not recorded."""
    plan = placed("hyper-cvad")
    day = PRINTED_AT.date()
    (line,) = (one for one in told(plan, "handover", Wish(day, day)) if one.startswith("Was due, not recorded: "))
    assert "; Cyclophosphamide Mon 02-Mar-2026, Tue 03-Mar-2026 and Wed 04-Mar-2026; " in line
    assert "Methotrexate IT " in line
    assert line.endswith(": ask the treating clinic")
    ahead = told(plan, "handover", Wish(START, START + timedelta(200)))
    assert not any(one.startswith("Was due, ") for one in ahead), "what is due on its days has rows of its own"


def test_events_with_a_grade_stand_beside_allergies() -> None:
    """An arterial event, for which ponatinib was replaced, stood on no sheet: the next team gives it again."""
    plan = placed("phallcon")
    graded = (("crs", "1", 3), ("crs", "3", 5), ("crs", "0", 9), ("arterial-event", "2", 1), ("anc", "3", 2))
    labs = [
        LabResult(START + timedelta(day), code, Decimal(value), "10^9/L" if code == "anc" else "grade")
        for code, value, day in graded
    ]
    markers = (*plan.patient.markers, ("asparaginase-thrombosis", "yes"), ("asparaginase-pancreatitis", "no"))
    plan = replace(plan, patient=replace(plan.patient, labs=(*plan.patient.labs, *labs), markers=markers))
    for kind in "handover", "summary":
        facts = facts_of(printed_sheet(plan, kind))
        assert facts["Events recorded"].replace("\u00a0", " ") == (
            "arterial event grade 2 on 03-Mar-2026; cytokine release syndrome grade 3 on 07-Mar-2026 and grade 0 on "
            "11-Mar-2026; thrombosis under asparaginase"
        )
        assert "Events recorded" not in facts_of(printed_sheet(placed("phallcon"), kind))


def test_a_dose_given_in_part_says_so_on_each_sheet() -> None:
    """100 of 140 mg of dasatinib: "given" on hand-over and supply, "given in part" on roadmap and day sheet."""
    plan = placed("d-alba")
    plan = recorded(plan, doses_of(plan, "Dasatinib")[3:4], Given.PARTLY)
    for kind in "handover", "supply", "roadmap":
        assert any("given in part" in one.casefold() for one in told(plan, kind) if not one.startswith("Given"))


def test_each_date_of_a_cycle_that_waits_has_one_number() -> None:
    """Rescue that stayed while its course waited three days: D2 to D4 came twice, on hand-over and roadmap."""
    plan = placed("hyper-cvad", {"leucovorin": "from-24-h"})
    given = [one for one in doses_of(plan, "Methotrexate") if one.placed.block.id == "part-b" and one.cycle_day == 1]
    plan = defer(recorded(plan, given), ("part-b", 2, 2), 3)
    begun = date.fromordinal(given[0].day)
    sheet = printed_sheet(plan, "handover", Wish(begun, begun + timedelta(6)))
    found = [[text(cell) for cell in row] for row in rows(sheet)]
    places: dict[str, set[str]] = {}
    for row in found:
        if len(row) == 6 and row[1].startswith("Part B 2"):
            places.setdefault(row[0][:15], set()).add(row[1])
    assert all(len(several) == 1 for several in places.values())
    told_of = [place for several in places.values() for place in several]
    assert told_of.count("Part B 2 before C2 D2") == 3
    assert told_of.count("Part B 2 C2 D2") == 1
    drawn = [text(row[2]) for row in rows(printed_sheet(plan, "roadmap")) if len(row) > 6]
    assert drawn.count("before C2 D2") == 3
    assert drawn.count("C2 D2") == 1
