"""What goes on behind the edge of an extract or of the plan, and what is said once a plan or a drug ends."""

from datetime import date, timedelta

from msgspec.structs import replace

from planner.exports.sheets.handover.handover import handover
from planner.exports.sheets.roadmap.bands import NOTHING_AFTER, OPEN_END
from planner.exports.sheets.sheet import Facts
from planner.model.plan import BlockStart, DecisionTaken, DoseChange, Hold, Plan, Replacement, Scope, Stop
from planner.model.wish import WHOLE_PLAN, Wish
from planner.services.verbs import redosing
from planner.services.verbs.placing import add_protocol, new_plan
from tests.courses import PATIENT, finding
from tests.exports.papers import STAMP, job, library, lines_of, shipped
from tests.exports.sheets.test_after_edits import START, doses_of, placed, printed_sheet, recorded, rows, seen, text


def told(plan: Plan, kind: str, wish: Wish = WHOLE_PLAN) -> list[list[str]]:
    return [[text(cell) for cell in row] for row in rows(printed_sheet(plan, kind, wish))]


def of(found: list[list[str]], name: str) -> list[list[str]]:
    return [row for row in found if row[0].startswith(name)]


def replaced() -> Plan:
    """D-ALBA with ponatinib in place of dasatinib from day 8 of the first blinatumomab cycle on."""
    change = Replacement("blinatumomab", 1, 8, "dasatinib", Scope.ALL, "ponatinib", "toxicity", grade=3, dose="140 mg")
    return replace(placed("d-alba"), modifications=(change,))


def test_what_stands_in_for_a_drug_has_its_own_column() -> None:
    """Ponatinib stood under "last day, D7" in the column of dasatinib: read as dasatinib; also at the same dose."""
    sheet = printed_sheet(replaced(), "roadmap")
    tables = [part for section in sheet.sections for part in section.parts if section.title == "Days"]
    grid = next(
        one for one in tables if {"Dasatinib", "Ponatinib"} <= {column.heading[0].text for column in one.columns}
    )
    place = {column.heading[0].text: number for number, column in enumerate(grid.columns)}
    day = next(row.cells for row in grid.rows if len(row.cells) > 3 and text(row.cells[2]) == "C1 D8")
    assert text(day[place["Dasatinib"]]) == ""
    assert text(day[place["Ponatinib"]]).startswith("140 mg")
    rows_of_six = [row for row in told(replaced(), "roadmap") if len(row) == 6 and "cycle 1" in row[3]]
    drugs = {row[0]: row[3] for row in rows_of_six}
    assert drugs["Dasatinib"].startswith("D1 to D7 (7 days); cycle 1 only")
    assert drugs["Ponatinib"].startswith("cycle 1: D8 to D42 (35 days); other cycles: D1 to the end of the cycle")


def test_the_edge_of_an_extract_is_no_end() -> None:
    """ "to Sun 24-Jan-2027" of a drug that runs to June looked like the end of one that ends that day."""
    events = seen(placed("pomp")).schedule.events
    extract = Wish(START + timedelta(7), START + timedelta(20))
    (pills,) = of(told(placed("pomp"), "supply", extract), "Mercaptopurine")
    last = max(one.date for one in events if one.placed.agent == "mercaptopurine")
    assert f"goes on after, to {last:%a %d-%b-%Y}" in pills[3]
    weekly = of(told(placed("pomp"), "supply", extract), "Methotrexate")[0]
    assert "goes on after, to " in weekly[3]
    whole = [row[3] for row in told(placed("pomp"), "supply") if len(row) == 8]
    assert not any("goes on after" in one for one in whole)
    ends = of(told(placed("pomp"), "supply", Wish(START, START + timedelta(4))), "Prednisone")[0]
    assert "goes on after" not in ends[3], "five days"
    open_end = of(told(placed("d-alba"), "supply", Wish(None, START + timedelta(40))), "Dasatinib")[-1]
    told_end = "from Tue 25-Aug-2026 with a dose to be entered, no end planned"
    assert open_end[3].endswith(f"{told_end}; provisional from Tue 02-Jun-2026")


def test_an_extract_says_where_a_decision_holds_up_the_dose_behind_it() -> None:
    """ "From Tue 14-Apr-2026 with 15 mg each time" hangs on the response, and stood there as settled."""
    extract = Wish(START, START + timedelta(9))
    (pills,) = of(told(placed("ponatinib-blinatumomab"), "supply", extract), "Ponatinib")
    assert " with 15 mg each time, no end planned; its dose provisional from " in pills[3]


def test_an_extract_names_the_dose_that_comes_behind_it() -> None:
    """ "25 mg, goes on after, to Sun 27-Dec-2026" ran over two weeks in which it is 37.5 mg."""
    plan = placed("pomp")
    order = next(one for one in seen(plan).schedule.events if one.placed.agent == "mercaptopurine").placed
    change = DoseChange(order.block.id, 1, 15, order.order.id, Scope.FOLLOWING, "counts", dose="25 mg")
    plan = redosing.reduce(plan, seen(plan).schedule, change)
    (pills,) = of(told(plan, "supply", Wish(START, START + timedelta(4))), "Mercaptopurine")
    assert pills[3].endswith("goes on after, to Sun 15-Mar-2026, from Mon 16-Mar-2026 with 25 mg each time")
    (pills,) = of(told(plan, "supply", Wish(START, START + timedelta(13))), "Mercaptopurine")
    assert pills[3].endswith("goes on from Mon 16-Mar-2026 with 25 mg each time")


def test_a_weekly_drug_goes_on_behind_a_week_without_it() -> None:
    """On days of intrathecal methotrexate none is taken by mouth: the day before read as the last."""
    plan = placed("calgb-10403")
    weekly = [
        one
        for one in seen(plan).schedule.events
        if (one.placed.agent, one.placed.route, one.placed.block.id) == ("methotrexate", "PO", "maintenance")
    ]
    days = Wish(weekly[0].date, weekly[0].date + timedelta(6))
    (pills,) = of(told(plan, "supply", days), "Methotrexate")
    assert f"goes on after, to {weekly[-1].date:%a %d-%b-%Y}" in pills[3]


def test_a_drug_without_an_end_stands_on_sheets_behind_its_drawn_days() -> None:
    """Ponatinib goes on until somebody says when it ends, and from its last drawn day on no sheet had a word of it."""
    plan = placed("d-alba")
    last = date.fromordinal(max(one.end for one in seen(plan).schedule.blocks) - 1)
    later = Wish(last + timedelta(30), last + timedelta(44))
    (handed,) = of(told(plan, "handover", later), "Dasatinib")
    assert handed[1].startswith("enter dose | by mouth")
    assert "no end planned" in handed[3]
    assert f"{last:%a %d-%b-%Y}" in handed[3]
    (row,) = of(told(plan, "supply", later), "Dasatinib")
    assert "no end planned" in row[3]
    assert "in all" not in row[6]
    stop = Stop("tki-maintenance", 1, 10, Scope.ALL, "toxicity", grade=3)
    stopped = replace(plan, modifications=(replace(stop, block=seen(plan).schedule.blocks[-1].id),))
    assert not of(told(stopped, "handover", later), "Dasatinib")
    assert not of(told(stopped, "supply", later), "Dasatinib")


def test_the_end_of_the_plan_is_not_told_as_the_end_of_treatment() -> None:
    """Nelarabine and ponalfil before a transplant: "Nothing is planned after this block", and no sheet asked."""

    def lines(plan: Plan, kind: str, wish: Wish) -> list[str]:
        return [line.text.replace("\u00a0", " ") for line in lines_of(printed_sheet(plan, kind, wish))]

    plan = placed("hsct-bu-cy")
    last = date.fromordinal(max(one.end for one in seen(plan).schedule.blocks) - 1)
    ends = f"The plan ends on {last:%a %d-%b-%Y}: what comes after it is not in the plan, ask the treating clinic"
    assert ends in lines(plan, "handover", Wish(last - timedelta(3), last + timedelta(3)))
    assert ends not in lines(plan, "handover", Wish(last - timedelta(3), last))
    assert NOTHING_AFTER in lines(plan, "roadmap", Wish())
    open_end = placed("d-alba")
    beyond = date.fromordinal(max(one.end for one in seen(open_end).schedule.blocks))
    assert not any(one.startswith("The plan ends") for one in lines(open_end, "handover", Wish(beyond, beyond)))
    assert OPEN_END in lines(open_end, "roadmap", Wish())
    assert NOTHING_AFTER not in lines(open_end, "roadmap", Wish())


def test_the_note_of_an_answer_stays_once_it_is_given() -> None:
    """Ponalfil: "Then place the phase after autologous transplant" was gone as soon as somebody answered so."""
    plan = placed("ponalfil")
    group = plan.blocks[0].group
    taken = DecisionTaken(group, "transplant", "autologous", START, "A. P.")
    told_lines = [line.text for line in lines_of(printed_sheet(replace(plan, decisions=(taken,)), "roadmap"))]
    assert any("Then place the phase after autologous transplant" in one for one in told_lines)


def test_stopped_has_no_end_and_does_not_go_on() -> None:
    """ "Ponatinib STOPPED, to Sun 20-May-2029", and "goes on, no end planned" beside its block."""
    plan = placed("hyper-cvad-ponatinib")
    dose = doses_of(plan, "Ponatinib")[20]
    where = dose.placed.block.id, dose.placed.cycle, dose.cycle_day
    plan = replace(plan, modifications=(Stop(*where, Scope.ALL, "toxicity", grade=3, order=dose.placed.order.id),))
    found = of(told(plan, "handover", Wish(START, START + timedelta(30))), "Ponatinib | STOPPED")
    assert found[0][2] == f"stopped from {dose.date:%a %d-%b-%Y}"
    assert found[0][3].startswith("stopped: no more of it")
    assert "stopped: toxicity" in found[0][1]
    for kind in ("summary", "roadmap", "glance"):
        assert not any("no end planned" in cell for row in told(plan, kind) for cell in row), kind


def test_a_rescue_whose_frequency_is_open_says_so_on_its_first_day_too() -> None:
    """GRAAPH-2005: "Leucovorin 15 mg, intravenous" in a row of its own, and only from the next day on "how often"."""
    plan = placed("graaph-2005")
    first = next(one for one in seen(plan).schedule.events if one.placed.agent == "leucovorin")
    where = first.placed.block.id, first.placed.cycle, first.cycle_day, first.placed.order.id
    plan = replace(plan, modifications=(DoseChange(*where, Scope.CYCLE, "other", dose="15 mg"),))
    due = [row for row in told(plan, "handover", Wish(first.date, first.date)) if len(row) == 6]
    (row,) = [row for row in due if row[2].startswith("Leucovorin")]
    assert row[3].startswith("15 mg, intravenous, how often a day is not entered: ask the prescriber")


def test_a_series_that_is_past_is_not_open() -> None:
    """D-ALBA: 21 days with omeprazole, over for a month, stood under what is open for the weeks ahead."""
    plan = shipped("d-alba")
    doses = [one for one in plan.schedule.events if one.placed.agent == "dasatinib"]
    first, day = doses[0].placed.id, doses[0].day
    ahead = Wish(doses[30].date, doses[40].date)

    def handed(days: range) -> bool:
        past = finding(1, "warning", tuple(days), (first,), message="Taken together with omeprazole")
        judged = replace(plan, findings=(past,))
        return any("omeprazole" in line.text for line in lines_of(handover(judged, job(wish=ahead))))

    assert not handed(range(day, day + 21))
    assert handed(range(day, day + 35)), "it lasts into these days"
    assert handed(range(day, day + 1)), "what is said once of a drug that goes on is open as long as it does"


def test_a_plan_that_is_stopped_ends_with_what_was_meant() -> None:
    """POMP, everything stopped: "planned" on the glance, and a course to 2028 on the summary."""
    stop = Stop(placed("pomp").blocks[0].id, 2, 1, Scope.ALL, "toxicity", grade=4)
    plan = replace(placed("pomp"), modifications=(stop,))
    day = START + timedelta(28)
    for kind in ("summary", "roadmap", "glance"):
        found = [row for row in told(plan, kind) if any(f"stopped from {day:%a %d-%b-%Y}" in cell for cell in row)]
        assert found, kind
    assert "stopped" in {row[-1] for row in told(plan, "glance")}
    last = day - timedelta(1)
    span = f"{START:%d-%b-%Y} to {last:%d-%b-%Y}"
    facts = [text for section in printed_sheet(plan, "summary").sections for text in map(str, section.parts)]
    assert any(span in one.replace("\xa0", " ") for one in facts)


def test_the_place_in_the_course_is_told_with_its_day() -> None:
    """ "Where in the course: Part A 1", of the first day asked for, while the patient was in Part B 2."""
    first, today = date(2026, 11, 1), STAMP.printed_at.date()
    assert first < today
    plan = add_protocol(new_plan("p", PATIENT), library().protocols["hyper-cvad"], BlockStart(on=first))
    sheet = handover(seen(plan), job(wish=Wish(first, first + timedelta(40))))
    facts = dict(next(part for part in sheet.sections[0].parts if isinstance(part, Facts)).pairs)
    assert facts["Where in the course"].replace("\xa0", " ") == (
        f"on {first:%a %d-%b-%Y}: Part A 1 C1 D1; on {today:%a %d-%b-%Y}: Part B 2 C2 D1"
    )


def test_half_a_day_is_not_told_as_once_a_day() -> None:
    """Prednisone twice a day, one dose of a day left out: "54 mg, once a day" stood for that day."""
    plan = placed("calgb-10403")
    doses = doses_of(plan, "Prednisone")
    plan = recorded(plan, doses[4:5])
    found = of(told(plan, "handover", Wish(START, START + timedelta(20))), "Prednisone")
    often = {row[1].split(", ")[2].split(" | ")[0] for row in found}
    assert often == {"2 times a day", "1 of 2 doses of a day"}


def test_what_may_go_on_until_it_is_stopped_says_so() -> None:
    """Filgrastim stopped on day 12: "in this plan at the latest to" the day before, as if nobody had."""
    stop = Stop("part-a", 1, 12, Scope.FOLLOWING, "toxicity", order="filgrastim")
    plan = replace(placed("hyper-cvad"), modifications=(stop,))
    window = Wish(START + timedelta(6), START + timedelta(19))
    (row,) = of(told(plan, "handover", window), "Filgrastim")
    last = START + timedelta(10)
    assert row[3] == f"may still go on to {last:%a %d-%b-%Y} | then stopped: no more of it"
    (before,) = of(told(placed("hyper-cvad"), "handover", window), "Filgrastim")
    assert "stopped" not in before[3]


def test_what_may_go_on_until_it_is_on_hold_says_so() -> None:
    """Ciclosporin on hold from day 17: "drawn in this plan to" the day before, and a new hold without a word."""
    plan = placed("ptcy-gvhd", {"partner": "ciclosporin"})
    day = seen(plan).schedule.blocks[0].start + 20
    last = date.fromordinal(day - 1)
    hold = Hold("ptcy", 1, 20, "toxicity", order="ciclosporin")
    for until, said in (
        (None, "until when is not known"),
        (last + timedelta(4), f"to {last + timedelta(3):%a %d-%b-%Y}"),
    ):
        held = replace(plan, modifications=(replace(hold, until=until),))
        row = of(told(held, "handover", Wish(START, last)), "Ciclosporin")[0]
        assert row[3] == f"may still go on to {last:%a %d-%b-%Y} | then on hold, {said}"
