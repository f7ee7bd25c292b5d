"""What is on hold, on hand-over, summary, roadmap and glance: since when, and that nobody knows until when."""

from datetime import timedelta

from msgspec.structs import replace

from planner.exports.sheets.sheet import Sheet
from planner.model.plan import BagPlan, Hold, Omission, Plan
from planner.model.wish import Wish
from planner.services.verbs import editing, pausing
from tests.exports.papers import lines_of
from tests.exports.sheets.test_after_edits import START, doses_of, placed, printed_sheet, recorded, rows, seen, text

BLOCK = "induction"
FIRST, LAST = START + timedelta(12), START + timedelta(50)
SINCE = "on hold from Sun 15-Mar-2026"


def running() -> Plan:
    """Blinatumomab since Mon 02-Mar-2026 09:00, given up to Fri 13-Mar-2026."""
    plan = placed("blinatumomab-rr")
    return recorded(plan, doses_of(plan, "Blinatumomab")[:12])


def held() -> Plan:
    """The same, paused from its fourteenth day on."""
    plan = running()
    return pausing.hold(plan, seen(plan).schedule, Hold(BLOCK, 1, 14, "toxicity", grade=3))


def handed(plan: Plan) -> Sheet:
    return printed_sheet(plan, "handover", Wish(FIRST, LAST))


def daily(plan: Plan) -> list[list[str]]:
    found = [[text(cell) for cell in row] for row in rows(handed(plan))]
    return [row for row in found if len(row) == 4 and row[0].startswith("Blinatumomab")]


def test_a_hold_has_no_last_day_on_the_hand_over() -> None:
    """ "HELD, from Sun 29-Nov-2026 09:00 to Sun 06-Dec-2026" read as a hold that ends on that day."""
    _, this, following = daily(held())
    assert this[0] == "Blinatumomab | HELD"
    assert this[2:] == [f"{SINCE} 09:00", "until when is not known | was drawn to Sun 29-Mar-2026"]
    assert following[2].startswith("on hold, was to begin Mon 13-Apr-2026")
    assert following[3].startswith("until when is not known")
    told = {line.text.replace("\u00a0", " ") for line in lines_of(handed(held()))}
    assert f"Blinatumomab 1 and 2: {SINCE} 09:00, until when is not known; ask the treating clinic" in told
    assert any(one.endswith(": Blinatumomab 1 and 2, ON HOLD") for one in told)


def test_what_is_on_hold_is_told_under_its_reason_and_not_among_what_is_due() -> None:
    """Three pages of struck rows stood between the doses of a patient whose next course was on hold."""
    found = [[text(cell) for cell in row] for row in rows(handed(held()))]
    told = [row for row in found if len(row) == 3]
    assert ["Blinatumomab 1 and 2: on hold: toxicity grade 3, until when is not known"] in found
    assert ["Bone marrow: remission after the cycle", "", "Mon 30-Mar-2026"] in told
    assert not any(row[2].startswith("Bone marrow") for row in found if len(row) == 6)


def test_one_or_two_doses_left_out_are_told_on_their_days() -> None:
    plan = placed("hyper-cvad")
    first = next(one for one in doses_of(plan, "Cyclophosphamide") if one.placed.block.id == "part-a")
    why = "Part A 1: left out"
    for days, on_their_days in (((1,), 2), ((1, 2), 0)):
        done = plan
        for day in days:
            done = editing.omit(
                done, seen(done).schedule, Omission("part-a", 1, day, first.placed.order.id, "toxicity")
            )
        sheet = printed_sheet(done, "handover", Wish(first.date, first.date + timedelta(20)))
        due = [row for row in rows(sheet) if len(row) == 6 and "OMITTED" in text(row[2])]
        assert len(due) == on_their_days
        apart = [[text(cell) for cell in row] for row in rows(sheet) if len(row) in (1, 3)]
        assert [row[0] for row in apart] == (
            []
            if on_their_days
            else [f"{why}: toxicity", "Cyclophosphamide", f"{why}: goes with Cyclophosphamide", "Mesna"]
        )


def test_the_last_day_of_a_pump_before_a_hold_is_no_new_infusion() -> None:
    """ "Sat 28-Nov-2026 09:00 Blinatumomab" stood alone under "What is due", with a line for who did it."""
    assert daily(held())[0][2:] == [
        "Sat 14-Mar-2026 | since Mon 09-Mar-2026",
        "Sat 14-Mar-2026 | ends Sun 15-Mar-2026 09:00",
    ]
    assert not [row for row in rows(handed(held())) if len(row) == 6 and text(row[2]) == "Blinatumomab"]


def test_a_pump_with_bags_ends_at_an_hour_on_the_hand_over() -> None:
    """Without bags the same run said when it ends."""
    bagged = replace(running(), bag_plans=(BagPlan(BLOCK, (96, 72), (0, 3)),))
    assert daily(bagged)[0][2:] == daily(running())[0][2:]
    assert daily(bagged)[0][3] == "Sun 29-Mar-2026 | ends Mon 30-Mar-2026 09:00"


def test_a_block_on_hold_has_no_last_day_in_the_tables_of_the_course() -> None:
    """Summary, roadmap and glance named the last day drawn, and the glance "planned"."""
    for kind in ("summary", "roadmap", "glance"):
        found = [[text(cell) for cell in row] for row in rows(printed_sheet(held(), kind))]
        row = next(row for row in found if any(one.startswith("Blinatumomab 1 and 2") for one in row) and len(row) > 4)
        assert f"not known: {SINCE}" in row, kind
        assert kind != "glance" or row[-1] == "ON HOLD from Sun 15-Mar-2026"


def test_days_of_an_infusion_are_counted_as_days_given() -> None:
    """ "21 given, 0 left out, 35 days planned": the first were doses, the last days."""
    found = [[text(cell) for cell in row] for row in rows(printed_sheet(held(), "summary"))]
    told = next(row for row in found if row[0] == "Blinatumomab, intravenous")
    assert told[1].startswith("12 days given, 0 left out, 197 planned, of these")


def test_rescue_of_a_dose_that_is_given_is_not_struck_out_in_silence() -> None:
    """A block on hold the day after methotrexate: its leucovorin, fluids and levels were "HELD", and no word more."""
    plan = placed("hyper-cvad")
    methotrexate = [one for one in doses_of(plan, "Methotrexate") if one.placed.block.id == "part-b"]
    plan = recorded(plan, [one for one in methotrexate if one.placed.route == "IV"])
    plan = pausing.hold(plan, seen(plan).schedule, Hold("part-b", 2, 2, "toxicity", grade=3))
    day = methotrexate[0].date
    words = f"goes with Methotrexate of {day:%a %d-%b-%Y}: NOT to be left out"
    sheet = printed_sheet(plan, "handover", Wish(day, day + timedelta(20)))
    for name in ("Leucovorin", "Alkaline intravenous fluids", "Methotrexate level and creatinine"):
        found = [row for row in rows(sheet) if len(row) == 6 and text(row[2]).startswith(name)]
        found = [row for row in found if text(row[0])[4:15] != f"{day:%d-%b-%Y}"]
        assert found
        assert f"{words}, ask now" in text(found[0][2]), name
        assert all("NOT to be left out, ask now" in text(row[2]) and row[5].lines for row in found), name
        assert not any(line.style == "struck" for row in found for cell in row for line in cell.lines)
    assert not any(words in text(row[2]) for row in rows(sheet) if len(row) == 6 and "Cytarabine" in text(row[2]))
    told = [line.text.replace("\u00a0", " ") for line in lines_of(sheet)]
    assert any("Leucovorin: goes with " in one and f"{words}; ask the treating clinic" in one for one in told)
    grid = [text(cell) for row in rows(printed_sheet(plan, "roadmap")) for cell in row]
    assert any(words in one for one in grid)


def test_the_last_drawn_day_of_a_hold_is_no_last_day_on_the_roadmap() -> None:
    """ "last day, D42, HELD" read as the day on which the hold ends."""
    cells = [text(cell) for row in rows(printed_sheet(held(), "roadmap")) for cell in row]
    assert "HELD, until when is not known" in cells
    assert not any("last day" in one and "HELD" in one for one in cells)


def test_a_bag_on_the_hand_over_carries_the_dose_of_a_day() -> None:
    """ "bag 4 of 9: 72 h at 1.8 mL/h", and the dose, another from that day on, two pages later."""
    bagged = replace(running(), bag_plans=(BagPlan(BLOCK, (96, 72), (0, 3)),))
    bags = [
        text(row[3]) for row in rows(handed(bagged)) if len(row) == 6 and text(row[2]).startswith("Blinatumomab: bag")
    ]
    assert bags
    assert all(one.startswith("28 mcg a day, intravenous") for one in bags)


def test_a_daily_dose_of_the_whole_day_asks_whether_it_is_divided() -> None:
    """ "40 mg a day" in the daily rows, without the words that its single row has."""
    sheet = printed_sheet(placed("hyper-cvad"), "handover", Wish(START, START + timedelta(20)))
    (daily,) = {text(row[1]) for row in rows(sheet) if len(row) == 4 and text(row[0]) == "Dexamethasone"}
    assert daily == "40 mg a day, by mouth, times a day: ask the prescriber"
