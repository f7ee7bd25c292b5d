"""After any edits each sheet says what the schedule's table says: which drug, how much, on which day; and no more.

The table (CSV) is read by other code; numbers and dates are written here without the sheets' own.
"""

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from msgspec.structs import replace

from planner.exports.sheets.sheet import Cell, Line, Month, Row, Sheet, Table
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.patient import Measurement
from planner.model.schedule import Event
from planner.model.wish import Wish
from planner.services.evaluation import evaluate
from planner.services.printing import make_sheet, words_of
from tests.exports.gallery import DRUGS, MONTHS, PRINTED_AT, any_plan
from tests.exports.papers import SITE, library, lines_of
from tests.exports.sheets.test_every_event import clinical, csv_rows

FEW = (2, 5, 11, 17, 26, 33)
MANY = int(os.environ.get("REGIMAP_AGREEMENT", "100"))
HOME = ("PO", "topical", "ophthalmic")
GONE = ("omitted", "held", "stopped")
SIGNS = {"en": (",", "."), "es": ("\u00a0", ","), "de": ("\u00a0", ","), "fr": ("\u00a0", ",")}
"""Between thousands, and before what is less than one."""
NUMBER = {
    "en": re.compile(r"(?<![\d,.])(?:\d{1,3}(?:,\d{3})*|\d+)(?:\.\d+)?(?![\d,.]*\d)"),
    "es": re.compile(r"(?<![\d,.])(?:\d{1,3}(?:\u00a0\d{3})*|\d+)(?:,\d+)?(?![\d,.]*\d)"),
}

Told = tuple[str, str, str]
"""Date, drug in small letters, dose."""


def edited(seed: int) -> EvaluatedPlan:
    """The plan of that number after random edits and records; every third person was weighed again under way."""
    evaluated = any_plan(seed)
    chance = Random(seed)
    days = sorted({event.day for event in evaluated.schedule.events})
    if seed % 3 or not days:
        return evaluated
    patient = evaluated.plan.patient
    later = Measurement(date.fromordinal(chance.choice(days)), Decimal(171), Decimal(chance.randint(48, 97)))
    known = tuple(one for one in patient.measurements if one.date != later.date)
    weighed = replace(patient, measurements=tuple(sorted((*known, later), key=lambda one: one.date)))
    return evaluate(replace(evaluated.plan, patient=weighed), library(), SITE)


def written(value: Decimal, language: str = "en") -> str:
    """1234.50 as "1,234.5" or "1 234,5"."""
    thousands, point = SIGNS[language]
    whole, _, part = f"{value:f}".partition(".")
    groups = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", thousands, whole)
    part = part.rstrip("0")
    return f"{groups}{point}{part}" if part else groups


def dose_of(row: dict[str, str]) -> str:
    if row["kind"] not in DRUGS:
        return ""
    return f"{written(Decimal(row['dose']))} {row['unit']}" if row["dose"] else "enter dose"


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def first_line(cell: Cell) -> str:
    return plain(cell.lines[0].text) if cell.lines else ""


def single(dose: str) -> str:
    """The dose without the words that tell that of a day from a single one: the table has its figure alone."""
    return dose.removesuffix(" a day").removesuffix(" each time")


def wanted(rows: list[dict[str, str]]) -> Counter[Told]:
    return Counter((clinical(row["date"]), row["agent"], dose_of(row)) for row in rows)


def on_day_sheets(sheet: Sheet) -> Iterator[tuple[Told, int]]:
    """What the day sheet says, and how often."""
    day = ""
    for section in sheet.sections:
        day = section.title.split(" ")[1] if section.level == 0 else day
        for table in (part for part in section.parts if isinstance(part, Table)):
            for row in table.rows:
                yield from _on_day_sheet(row, day)


def _on_day_sheet(row: Row, day: str) -> Iterator[tuple[Told, int]]:
    cells = row.cells
    if len(cells) == 8:  # at the clinic, a row a dose
        yield (day, first_line(cells[1]).casefold(), single(first_line(cells[2]))), 1
    elif len(cells) == 6:  # at home
        yield (day, first_line(cells[0]).casefold(), single(first_line(cells[1]))), _times(first_line(cells[2]))
    else:  # a day on which nothing is begun, or days in a row on which something is not to be given
        first, last = (date.fromisoformat(_iso(plain(line.text))) for line in (cells[0].lines[0], cells[0].lines[-1]))
        for number in range((last - first).days + 1):
            on = clinical((first + timedelta(number)).isoformat())
            for line in cells[2 if len(cells) == 4 else 3].lines:
                yield from _on_list(plain(line.text), on, line)


def _times(text: str) -> int:
    """How often that day; a dose of a day, or one to enter, is drawn once; what is left out is none."""
    return int(text) if text.isdigit() else 0 if text == "none" else 1


TAKEN_AT_HOME = ("by mouth", "on the skin", "into each eye")
ENDINGS = re.compile(r"(, (no time|provisional|given))+$")


def _on_list(text: str, on: str, line: Line) -> Iterator[tuple[Told, int]]:
    """A drug with its dose, at home with a box, or an examination with its; what is struck out says not how often.

    What may still go on is not in the table.
    """
    if ", may still go on" in text:
        return
    found = re.fullmatch(r"(.+?) (enter dose|[\d,.]+ (?!years?|weeks?)[^\s,]+)(?: a day)?(?:, (.+))?", text)
    if found and (not line.tick or (found[3] or "").startswith(TAKEN_AT_HOME)):
        times = re.search(r"(\d+) times", found[3] or "")
        yield (on, found[1].casefold(), found[2]), 0 if line.style == "struck" else int(times[1]) if times else 1
    elif line.tick or line.style == "struck":
        yield (on, ENDINGS.sub("", text).casefold(), ""), 1


def _days_after(event: Event) -> list[date]:
    """Further days on which an infusion may still run; one of a day's length without a time runs on into the next."""
    if event.placed.kind != "administration":
        return []
    untimed = event.minute < 0 and (event.placed.duration_h or 0) >= 24
    last = max(event.end_day, event.day + 1 if untimed else event.day)
    return [event.date + timedelta(number) for number in range(1, last - event.day + 1)]


def _pump_off(rows: list[dict[str, str]]) -> set[str]:
    """The days after the last one of a continuous infusion with a clock time."""
    ran = [row for row in rows if row["kind"] == "infusion" and row["status"] not in ("omitted", "held", "stopped")]
    days = {(row["agent"], row["date"]) for row in ran}
    after = ((row, (date.fromisoformat(row["date"]) + timedelta(1)).isoformat()) for row in ran if row["time"])
    return {day for row, day in after if (row["agent"], day) not in days}


def faults_of_day_sheet(evaluated: EvaluatedPlan, rows: list[dict[str, str]]) -> list[str]:
    sheet = make_sheet(evaluated, "daysheet", SITE, PRINTED_AT)
    at_clinic = {row["date"] for row in rows if row["kind"] not in DRUGS or row["route"] not in HOME}
    running = {day.isoformat() for event in evaluated.schedule.events for day in _days_after(event)} | _pump_off(rows)
    expected = wanted(rows)
    # A stop is told once: its first row stands there.
    stopped = wanted([row for row in rows if row["status"] == "stopped"][1:])
    said: Counter[Told] = Counter()
    alone: set[Told] = set()
    for told, count in on_day_sheets(sheet):
        said[told] += count
        alone |= set() if count else {told}
    shown = {clinical(day) for day in at_clinic | running} | {day for day, *_ in said}
    lost = [one for one in expected if one[0] in shown and one not in said and one not in stopped]
    # An examination that two blocks ask for on one day is told once.
    fewer = [
        one
        for one in expected
        if one in said and one not in alone and said[one] not in (expected[one], expected[one] if one[2] else 1)
    ]
    return [
        *(f"not on the day sheet: {one}" for one in lost),
        *(f"another number of times: {one}" for one in fewer),
        *(f"only on the day sheet: {one}" for one in said if one not in expected),
    ]


def faults_over_midnight(evaluated: EvaluatedPlan) -> list[str]:
    """Infusions that end on another day: the sheet of the first day and that of the last name both days."""
    texts: dict[str, list[str]] = defaultdict(list)
    sheet = make_sheet(evaluated, "daysheet", SITE, PRINTED_AT)
    day = ""
    for section in sheet.sections:
        day = section.title.split(" ")[1] if section.level == 0 else day
        texts[day] += [plain(line.text) for line in lines_of(replace(sheet, sections=(section,)))]
    faults = []
    for event in evaluated.schedule.events:
        if event.placed.kind != "administration" or event.end_minute < 0 or event.end_day == event.day:
            continue
        ends = date.fromordinal(event.end_day)
        hour = f"{event.end_minute // 60:02d}:{event.end_minute % 60:02d}"
        if f"until {hour} on {ends:%a} {clinical(ends.isoformat())}" not in texts[clinical(event.date.isoformat())]:
            faults.append(f"{event.label}: its first day does not say when it ends")
        begun = f"begun {event.date:%a} {clinical(event.date.isoformat())}"
        running = [
            text for text in texts[clinical(ends.isoformat())] if text.startswith(f"Still running: {event.label},")
        ]
        if event.end_minute and event.state.value not in GONE and not any(begun in text for text in running):
            faults.append(f"{event.label}: its last day does not say when it began")
    return faults


def on_supply(sheet: Sheet) -> Iterator[tuple[Row, list[str]]]:
    for section in sheet.sections:
        for table in (part for part in section.parts if isinstance(part, Table)):
            for row in table.rows:
                if not row.band and len(row.cells) == 8:
                    yield row, [plain(" ".join(line.text for line in cell.lines)) for cell in row.cells]


def faults_of_supply(evaluated: EvaluatedPlan, rows: list[dict[str, str]]) -> list[str]:
    """Doses, days and sums of the supply sheet against the table; tablets that do not make the dose."""
    by_mouth = [row for row in rows if row["route"] in HOME and row["kind"] == "administration"]
    # Every shipped premedication is of what is given at the clinic, and so are its tablets.
    by_mouth = [row for row in by_mouth if row["role"] != "premedication"]
    expected: Counter[tuple[str, str]] = Counter()
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in by_mouth:
        key = row["agent"], dose_of(row)
        expected[key] += 1
        sums[key] += Decimal(row["dose"] or 0) if row["status"] not in GONE else 0
    said: Counter[tuple[str, str]] = Counter()
    told: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    unknown: set[tuple[str, str]] = set()
    faults = []
    for row, texts in on_supply(make_sheet(evaluated, "supply", SITE, PRINTED_AT)):
        key = first_line(row.cells[0]).casefold(), single(first_line(row.cells[1]))
        said[key] += int(re.search(r"(\d+) (?:days?|doses?)(?: drawn|$)", texts[4])[1])
        amount = re.match(r"([\d,.]+) ", texts[5])
        told[key] += Decimal(amount[1].replace(",", "")) if amount else 0
        if texts[5].startswith("not known: how often"):
            unknown.add(key)
        pairs = re.findall(r"([\d,.]+) \S+ × ([\d.]+)", texts[6])
        made = sum((Decimal(strength.replace(",", "")) * Decimal(count) for strength, count in pairs), Decimal(0))
        if pairs and made != Decimal(texts[1].split(" ")[0].replace(",", "")):
            faults.append(f"tablets do not make the dose: {texts}")
    faults += [f"doses by mouth: {key} {expected[key]} in the table, {said[key]} on the sheet"
               for key in {*expected, *said} if expected[key] != said[key]]  # fmt: skip
    faults += [f"sum by mouth: {key} {sums[key]} in the table, {told[key]} on the sheet"
               for key in sums if sums[key] != told[key] and key not in unknown]  # fmt: skip
    return faults


def calendar_days(sheet: Sheet, words: object) -> dict[date, str]:
    """The text of each day of the grid, whatever the language; the months follow each other."""
    found: dict[date, str] = {}
    on = None
    for month in (part for section in sheet.sections for part in section.parts if isinstance(part, Month)):
        for week in month.weeks:
            for place, day in enumerate(week.days):
                if not day.number or day.outside:
                    continue
                number = int(day.number.rstrip("."))
                named = day.month.split(" ")[-1]  # "de marzo"
                on = _dated(month.title, number, named, words, on)
                bars = [bar.line.text for bar in week.bars if bar.first <= place <= bar.last]
                found[on] = "\n".join([*bars, *(line.text for line in day.lines)])
    return found


def _dated(title: str, number: int, named: str, words: object, before: date | None) -> date:
    """The date of a cell: the day after the one before, or of the month of the title."""
    if before is not None and (before + timedelta(1)).day == number:
        return before + timedelta(1)
    for month, name in enumerate(words.month_titles, start=1):
        for year in range(2025, 2036):
            if words.say("month_title", month=name, year=year) == title:
                first = date(year, month, 1)
                if named in words.months and words.months.index(named) + 1 != month:
                    first = date(year - (month == 1), 12 if month == 1 else month - 1, 1)
                return first.replace(day=number)
    raise AssertionError(title)


def faults_of_calendar(evaluated: EvaluatedPlan, language: str) -> list[str]:
    """What is taken at home: its amount stands on its day and no other does; numbers as the language has them."""
    words = words_of(language)
    sheet = make_sheet(evaluated, "calendar", SITE, PRINTED_AT, Wish(language=language))
    days = calendar_days(sheet, words)
    amounts: dict[date, set[str]] = defaultdict(set)
    faults = []
    for event in evaluated.schedule.events:
        if event.placed.route != "PO" or event.placed.kind not in DRUGS or event.state.value in GONE:
            continue
        shown = days.get(event.date, "")
        if words.term(event.placed.plain_words or event.placed.agent_name).casefold() not in shown.casefold():
            faults.append(f"{language}: {event.label} is not on {event.date}")
        if event.dose is None or event.dose.value is None:
            continue
        unit = words.texts.get(f"unit_{event.dose.unit}", event.dose.unit)
        amount = f"{written(event.dose.value, language)}\u00a0{unit}"
        amounts[event.date].add(amount)
        amounts[event.date] |= {f"{written(one.strength, language)}\u00a0{unit}" for one in event.dose.tablets}
        if not re.search(rf"(?<![\d.,]){re.escape(amount)}(?!\w)", shown):
            faults.append(f"{language}: {amount} of {event.label} is not on {event.date}")
    for day, text in days.items():
        said = set(re.findall(r"(?<![\d.,\u00a0])\d[\d.,\u00a0]*\u00a0(?:mg|mcg|g)\b", text))
        faults += [f"{language}: {one} on {day} is in no table" for one in said - amounts[day]]
    point = r"\d,\d" if language == "en" else r"\d\.\d"
    wrong = [text for text in days.values() if re.search(point, re.sub(r"\d{1,3}(?:,\d{3})+(?!\d)", "", text))]
    return faults + [f"{language}: a number of another language: {text}" for text in wrong]


def faults_of_handover(evaluated: EvaluatedPlan, rows: list[dict[str, str]]) -> list[str]:
    """Single doses by day, and daily ones from their first day to their last, are those of the table."""
    days = [date.fromisoformat(row["date"]) for row in rows]
    if not days:
        return []
    wish = Wish(first=min(days), last=max(days))
    sheet = make_sheet(evaluated, "handover", SITE, PRINTED_AT, wish)
    here = {(row["date"], row["agent"], dose_of(row)) for row in rows}
    said = set()
    for table in (part for section in sheet.sections for part in section.parts if isinstance(part, Table)):
        for row in table.rows:
            cells = [first_line(cell) for cell in row.cells]
            if not cells[0]:  # to sign on
                continue
            if len(cells) == 1:  # the reason over what is not to be given
                continue
            dose = re.match(r"enter dose|[\d,.]+ [^\s,]+", cells[3 if len(cells) == 6 else 1])
            amount = dose[0] if dose else ""
            if len(cells) == 3:
                said |= {(_iso(day), cells[0].casefold(), amount) for day in re.findall(r"\d\d-\w{3}-\d{4}", cells[2])}
            if len(cells) == 6:
                said.add((_iso(cells[0]), cells[2].casefold(), amount))
            elif len(cells) == 4 and re.search(r"\w{3} \d\d-", cells[2]) and "go on" not in cells[3]:
                to = " ".join(plain(line.text) for line in row.cells[3].lines)
                first, last = date.fromisoformat(_iso(cells[2])), date.fromisoformat(_iso(to))
                said |= {
                    ((first + timedelta(number)).isoformat(), cells[0].casefold(), amount)
                    for number in range((last - first).days + 1)
                }
    return [f"not handed over: {one}" for one in here - said] + [f"only handed over: {one}" for one in said - here]


def _iso(told: str) -> str:
    """ "Mon 02-Mar-2026 09:00" as 2026-03-02, and likewise the first day of more words."""
    day, month, year = re.search(r"\d\d-\w{3}-\d{4}", told)[0].split("-")
    return f"{year}-{MONTHS.index(month) + 1:02d}-{day}"


def faults(seed: int) -> list[str]:
    evaluated = edited(seed)
    names = {event.placed.agent: event.placed.agent_name for event in evaluated.schedule.events if event.placed.agent}
    rows = [{**row, "agent": names.get(row["agent"], row["agent"]).casefold()} for row in csv_rows(evaluated)]
    found = [
        *faults_of_day_sheet(evaluated, rows),
        *faults_over_midnight(evaluated),
        *faults_of_supply(evaluated, rows),
        *faults_of_handover(evaluated, rows),
    ]
    for language in SIGNS:
        found += faults_of_calendar(evaluated, language)
    return found


@pytest.mark.parametrize("seed", FEW)
def test_every_sheet_agrees_with_the_table(seed: int) -> None:
    assert faults(seed) == []


@pytest.mark.slow
def test_the_sheets_of_a_hundred_edited_plans_agree_with_their_tables() -> None:
    assert [(seed, one) for seed in range(MANY) for one in faults(seed)] == []
