"""What is on hold, on hand-over, summary, roadmap and glance: since when, and that nobody knows until when."""

from datetime import timedelta

from msgspec.structs import replace

from planner.exports.sheets.sheet import Sheet
from planner.model.plan import BagPlan, Hold, Plan
from planner.model.wish import Wish
from planner.services.verbs import pausing
from tests.exports.papers import lines_of
from tests.exports.sheets.test_after_edits import START, doses_of, placed, printed_sheet, recorded, rows, seen, text

BLOCK = "induction"
FIRST, LAST = START + timedelta(12), START + timedelta(50)
SINCE = "on hold since Sun 15-Mar-2026"


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
    assert "Blinatumomab 1 and 2, ON HOLD" in told


def test_the_days_of_what_is_on_hold_are_no_days() -> None:
    due = [[text(cell) for cell in row] for row in rows(handed(held())) if len(row) == 6]
    marrow = next(row for row in due if row[2].startswith("Bone marrow"))
    assert marrow[0] == "Mon 30-Mar-2026 | on hold: has no day"


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
        assert kind != "glance" or row[-1] == "on hold"


def test_days_of_an_infusion_are_counted_as_days_given() -> None:
    """ "21 given, 0 left out, 35 days planned": the first were doses, the last days."""
    found = [[text(cell) for cell in row] for row in rows(printed_sheet(held(), "summary"))]
    told = next(row for row in found if row[0] == "Blinatumomab, intravenous")
    assert told[1].startswith("12 days given, 0 left out, 197 planned, of these")
