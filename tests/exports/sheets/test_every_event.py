"""Every row of the schedule CSV stands on both sheets: the same events everywhere (promises P1)."""

import csv
import io
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from planner.exports.files.table_writer import schedule_csv
from planner.exports.sheets.sheet import Month, Sheet, Table
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.going_on import goes_beyond
from tests.exports.papers import course, library, make, shipped, words_of

PLANS = {
    "made-up": course,
    "d-alba": lambda: shipped("d-alba"),
    "blinatumomab-mrd": lambda: shipped("blinatumomab-mrd"),
    "calgb-10403": lambda: shipped("calgb-10403"),
}
NOT_GIVEN = ("omitted", "held", "stopped")
SPAN_ROUTES = ("PO", "topical", "ophthalmic")


@dataclass(frozen=True)
class Told:
    """A stretch of days on which one order gives the same, as it has to be told."""

    order: str
    rows: tuple[dict[str, str], ...]

    @property
    def days(self) -> list[date]:
        return sorted({date.fromisoformat(row["date"]) for row in self.rows})

    @property
    def first(self) -> dict[str, str]:
        return self.rows[0]

    @property
    def is_span(self) -> bool:
        home = self.first["kind"] == "administration" and self.first["route"] in SPAN_ROUTES
        return len(self.days) >= 3 and (home or self.first["kind"] == "infusion")


def csv_rows(evaluated: EvaluatedPlan) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(schedule_csv(evaluated))))


def stretches(rows: list[dict[str, str]]) -> list[Told]:
    """The rows of each order, day after day with the same doses and status, written without the sheets' own code."""
    by_order: dict[str, dict[date, list[dict[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        by_order[row["order_id"]][date.fromisoformat(row["date"])].append(row)
    found = []
    for order, days in by_order.items():
        current: list[date] = []
        for day in sorted(days):
            same = current and [(one["dose"], one["status"]) for one in days[day]] == [
                (one["dose"], one["status"]) for one in days[current[-1]]
            ]
            if current and not (same and day == current[-1] + timedelta(1)):
                found.append(Told(order, tuple(row for one in current for row in days[one])))
                current = []
            current.append(day)
        found.append(Told(order, tuple(row for one in current for row in days[one])))
    return found


def clinical(day: str) -> str:
    return date.fromisoformat(day).strftime("%d-%b-%Y")


def dose_words(row: dict[str, str]) -> str:
    if row["kind"] in ("assessment", "procedure", "decision"):
        return ""
    if not row["dose"]:
        return "enter dose"
    return f"{Decimal(row['dose']):,f} {row['unit']}"


def numbered(row: dict[str, str]) -> str:
    return row["cycle_day"].replace("-", "−")


def grid_rows(sheet: Sheet) -> dict[tuple[str, str], str]:
    """The text of each row of the roadmap's grids by date and cycle-day; two blocks on one day are put together."""
    found: dict[tuple[str, str], str] = defaultdict(str)
    for section in sheet.sections:
        for part in section.parts:
            if isinstance(part, Table) and section.title == "Days":
                for row in part.rows:
                    if not row.band:
                        due, _, day, *cells = [words_of(cell) for cell in row.cells]
                        found[due.split(" ", 1)[1], day] += " | ".join(cells) + " || "
    return found


@pytest.mark.parametrize("plan", PLANS)
def test_the_roadmap_has_every_event(plan: str) -> None:
    evaluated = PLANS[plan]()
    rows = grid_rows(make(evaluated, "roadmap"))
    names = {event.placed.id: event.placed.agent_name for event in evaluated.schedule.events}
    given = {(event.placed.agent, event.placed.route, event.date) for event in evaluated.schedule.events}
    agents = {event.placed.id: (event.placed.agent, event.placed.route) for event in evaluated.schedule.events}
    beyond = {(event.placed.id, event.date) for event in evaluated.schedule.events if goes_beyond(event)}
    told = stretches(csv_rows(evaluated))
    assert told
    for one in told:
        if one.is_span:
            first, last = one.rows[0], one.rows[-1]
            begins = rows[clinical(first["date"]), f"C{first['cycle']} D{numbered(first)}"]
            ends = rows[clinical(last["date"]), f"C{last['cycle']} D{numbered(last)}"]
            span = f"daily D{numbered(first)} to D{numbered(last)}, {len(one.days)} days"
            assert dose_words(first) in begins, one
            assert span in begins, one
            goes_on = (*agents[one.order], one.days[-1] + timedelta(1)) in given and last["status"] not in NOT_GIVEN
            goes_on |= (one.order, one.days[-1]) in beyond
            assert ("goes on" if goes_on else "last day") in ends, one
            continue
        for row in one.rows:
            shown = rows[clinical(row["date"]), f"C{row['cycle']} D{numbered(row)}"]
            assert dose_words(row) in shown, row
            if row["time"] and row["kind"] == "administration" and row["status"] not in ("omitted", "held"):
                assert row["time"] in shown or row["route"] == "IT", row
            if row["route"] == "IT":
                assert f"{names[row['order_id']].upper()} {dose_words(row)}" in shown, row
            if row["status"] == "omitted":
                assert "OMITTED" in shown, row
            if row["kind"] in ("assessment", "procedure"):
                assert re.search(r"\b[A-Z]\d?\b", shown), row
            if row["kind"] == "decision":
                asked = re.escape(names[row["order_id"]])
                assert re.search(rf"DECISION(, provisional)?: {asked}", shown), row


@pytest.mark.parametrize("plan", PLANS)
def test_the_roadmap_has_no_row_without_an_event(plan: str) -> None:
    evaluated = PLANS[plan]()
    days = {(clinical(row["date"]), f"C{row['cycle']} D{numbered(row)}") for row in csv_rows(evaluated)}
    assert set(grid_rows(make(evaluated, "roadmap"))) <= days


def calendar_days(sheet: Sheet) -> dict[date, str]:
    """The text of each day of the calendar, with the bars that run over it."""
    found: dict[date, str] = {}
    for section in sheet.sections:
        for part in section.parts:
            if isinstance(part, Month):
                month = datetime.strptime(part.title, "%B %Y").date()
                for week in part.weeks:
                    for place, day in enumerate(week.days):
                        if day.number:
                            bars = [bar.line.text for bar in week.bars if bar.first <= place <= bar.last]
                            text = " ".join([day.label, *bars, *(line.text for line in day.lines)])
                            on = date_of(month, int(day.number), day.month)
                            assert on.weekday() == place, "weeks begin on Mondays here"
                            found[on] = text.replace("\u00a0", " ")
    return found


def date_of(month: date, number: int, named: str) -> date:
    """The date of a cell: of its month, or of the neighbour that it names."""
    for neighbour in (month - timedelta(1), month + timedelta(31)):
        if named == f"{neighbour:%B}":
            return neighbour.replace(day=number)
    return month.replace(day=number)


@pytest.mark.parametrize("plan", PLANS)
def test_the_calendar_has_every_event(plan: str) -> None:
    evaluated = PLANS[plan]()
    days = calendar_days(make(evaluated, "calendar"))
    placed = {event.placed.id: event.placed for event in evaluated.schedule.events}
    still_open = {one.decision.id for one in evaluated.schedule.decisions if one.choice is None}
    for row in csv_rows(evaluated):
        shown = days[date.fromisoformat(row["date"])]
        one = placed[row["order_id"]]
        if row["kind"] == "decision":
            assert ("Talk with your doctor" in shown) == (one.order.id in still_open), row
        elif row["kind"] in ("assessment", "procedure"):
            assert any(word in shown for word in ("est", "scan", "hospital", "around your spine")), row
        else:
            assert (one.plain_words or one.agent_name).lower() in shown.lower(), row
        if row["route"] == "IT" and row["status"] != "omitted":
            assert "INTRATHECAL: in the spine fluid" in shown, row
        if row["route"] == "PO" and row["dose"] and row["status"] != "omitted":
            assert dose_words(row) in shown, row
        if row["status"] == "omitted":
            assert "not this day" in shown, row


@pytest.mark.parametrize("plan", PLANS)
def test_every_day_of_the_course_says_something(plan: str) -> None:
    evaluated = PLANS[plan]()
    days = calendar_days(make(evaluated, "calendar"))
    first = date.fromordinal(evaluated.schedule.blocks[0].start)
    last = date.fromordinal(max(block.end for block in evaluated.schedule.blocks) - 1)
    day = first
    while day <= last:
        lines = re.sub(r"(Cycle \d+ )?Day −?\d+", "", days[day]).strip()
        assert lines, day
        day += timedelta(1)


def test_all_shipped_protocols_can_be_printed() -> None:
    assert len(library().protocols) >= 3
    for protocol_id in library().protocols:
        evaluated = shipped(protocol_id)
        for kind in ("roadmap", "calendar"):
            assert make(evaluated, kind).sections
