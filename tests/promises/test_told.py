"""What is told of a plan is what it holds: why an event is there (U18), who is found (U22), P13, P14, P18, P20, C19."""

import csv
import io
import re
import unicodedata
from datetime import UTC, date, datetime
from random import Random

import pytest
from msgspec.structs import replace

from planner.exports.sheets.frame import DISCLAIMER
from planner.exports.sheets.sheet import Table
from planner.model.cycle_content import State
from planner.paths import resources
from planner.services.demo import demo_plan
from planner.services.release import version_code
from planner.services.store.archive import Archive
from planner.services.tables import exported
from planner.services.telling.explanation import why_here
from planner.storage.repository import Edit
from tests.exports.gallery import any_plan
from tests.exports.papers import lines_of, words_of
from tests.promises.said import STAMP, sheets_of, shipped_plan

DATE = re.compile(r"[A-Z][a-z]{2} \d\d-[A-Z][a-z]{2}-\d{4}")


def read_date(text: str) -> int:
    return datetime.strptime(text, "%a %d-%b-%Y").replace(tzinfo=UTC).date().toordinal()


@pytest.mark.parametrize("seeds", [range(3), pytest.param(range(40), marks=pytest.mark.slow)], ids=["few", "many"])
def test_why_an_event_is_there_adds_up_to_its_day(seeds: range) -> None:
    """U18: 1,000 events; start of the cycle, distance and deferral, read back from the text, give the event's day."""
    chance, looked_at = Random(18), 0
    for seed in seeds:
        evaluated = any_plan(seed)
        events = evaluated.schedule.events
        for event in chance.sample(events, min(len(events), 60 if len(seeds) < 10 else 30)):
            text = "\n".join(why_here(evaluated, event))
            start = read_date(re.search(rf"Cycle {event.placed.cycle} starts on ({DATE.pattern})", text)[1])
            number, distance = _day_and_distance(text)
            moved = re.search(r"^deferred by ([+-]\d+) days?", text, re.MULTILINE)
            assert int(number) == event.cycle_day, (seed, text)
            assert start + int(distance) + (int(moved[1]) if moved else 0) == event.day, (seed, text)
            told = [read_date(one) for one in DATE.findall(text)]
            assert event.day in told
            assert event.placed.block.phase.start is not None
            looked_at += 1
    assert looked_at >= (120 if len(seeds) < 10 else 1000)


def _day_and_distance(text: str) -> tuple[str, str]:
    """The day number and the days from the first one; of the first day itself the date alone is told."""
    told = re.search(r"Day (-?\d+) is ([+-]\d+) days? from Day", text)
    return told.groups() if told else (re.search(rf"Day (-?\d+) is {DATE.pattern}", text)[1], "0")


GIVEN = re.compile("given|initial|by hand", re.IGNORECASE)
SYLLABLES = ("ba", "ri", "no", "le", "mu", "sá", "te", "vo", "ki", "dö")


def invented(number: int) -> tuple[str, str, str]:
    chance = Random(number)
    family, given = ("".join(chance.choice(SYLLABLES) for _ in range(3)).title() for _ in "ab")
    return family, given, f"{number:06}"


def plainly(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(one for one in apart if not unicodedata.combining(one))


@pytest.mark.parametrize(("people", "queries"), [(120, 40), pytest.param(5000, 500, marks=pytest.mark.slow)])
@pytest.mark.timeout(1800)
def test_patients_are_found_by_any_words_in_any_order_without_accents(tmp_path, people: int, queries: int) -> None:
    """U22: what is found is what a search of its own finds, and each line names the patient twice."""
    first, chance = demo_plan(resources()), Random(22)
    plans = []
    for number in range(people):
        family, given, known_as = invented(number)
        who = replace(first.patient, id=known_as, family_name=family, given_name=given, diagnosis="")
        plans.append(replace(first, id=f"many-{number}", patient=who))
    with Archive.open(tmp_path) as archive:
        archive.repository.append_all([Edit(plan, "Import") for plan in plans], "A", "2026-11-22T12:00:00+00:00")
        for _ in range(queries):
            family, given, known_as = invented(chance.randrange(people))
            words = [chance.choice((family, plainly(family)))[: chance.randint(4, 6)], given[: chance.randint(4, 6)]]
            words = [chance.choice((known_as,))] if chance.random() < 0.2 else words
            chance.shuffle(words)
            found = archive.list(" ".join(words))
            wanted = {
                plan.patient.id
                for plan in plans
                if all(
                    any(
                        part.startswith(plainly(word))
                        for part in (
                            plainly(plan.patient.family_name),
                            plainly(plan.patient.given_name),
                            plan.patient.id,
                        )
                    )
                    for word in words
                )
            }
            assert {one.patient_id for one in found} == wanted, words
            assert all(one.patient_id and one.family_name and one.birth_date for one in found)


def test_what_is_said_of_a_missed_dose_is_the_one_fixed_sentence() -> None:
    """P13: no advice is made for the patient; the sentence sends them to the clinic, whatever the plan."""
    for protocol in ("pomp", "obe-cel"):
        told = [line.text for line in lines_of(sheets_of(shipped_plan(protocol))["calendar en"])]
        missed = {text.replace("\u00a0", " ") for text in told if re.search(r"\b(miss|missed|late|forg[eo]t)\b", text)}
        assert missed == {"Did you miss a medicine, or was it late? Do not take extra. Call us and ask."}


def test_columns_to_write_in_are_never_filled_beforehand() -> None:
    """P14: dates given, initials and signatures are blank where nothing was recorded."""
    sheet = sheets_of(shipped_plan("hyper-cvad"))["roadmap en"]
    columns = filled = 0
    for section in sheet.sections:
        for part in section.parts:
            if isinstance(part, Table):
                headings = [
                    " ".join(line.text for line in column.heading).replace("\u00a0", " ") for column in part.columns
                ]
                places = [place for place, text in enumerate(headings) if GIVEN.search(text)]
                columns += len(places)
                for row in part.rows:
                    if not row.band:
                        filled += sum(
                            bool(words_of(row.cells[place]).strip("_ ☐")) for place in places if place < len(row.cells)
                        )
    assert columns > 4
    assert filled == 0
    assert any(section.title == "Signatures" for section in sheet.sections)


def test_the_calendar_file_covers_the_table_with_disclaimer_and_version() -> None:
    """P18: the same days and drugs in both; who takes the calendar elsewhere takes disclaimer and version along."""
    evaluated = shipped_plan("blinatumomab-mrd")
    text = exported(evaluated, "ics", STAMP).decode().replace("\r\n ", "")
    assert f"{DISCLAIMER} Version {version_code(evaluated.plan)}.".replace(",", "\\,") in text
    covered = set()
    for entry in text.split("BEGIN:VEVENT")[1:]:
        begins = re.search(r"DTSTART[^:]*:(\d{8})", entry)[1]
        ends = re.search(r"DTEND;VALUE=DATE:(\d{8})", entry)
        first = date.fromisoformat(begins).toordinal()
        last = date.fromisoformat(ends[1]).toordinal() if ends else first + 1
        name = re.search(r"SUMMARY:(.*)", entry)[1]
        covered |= {(day, plainly(name)) for day in range(first, last)}
        assert version_code(evaluated.plan) in entry
    for row in csv.DictReader(io.StringIO(exported(evaluated, "csv", STAMP).decode())):
        day = date.fromisoformat(row["date"]).toordinal()
        event = next(one for one in evaluated.schedule.events if one.placed.id == row["order_id"])
        assert any(on == day and plainly(event.placed.agent_name) in name for on, name in covered), row


def test_nothing_planned_is_worded_as_given() -> None:
    """C19: no dose of a plan without records is called given, in any table, on any sheet, whatever day it is."""
    evaluated = shipped_plan("hyper-cvad")
    assert {one.state for one in evaluated.schedule.events} <= {State.PLANNED, State.PROVISIONAL, State.DEFERRED}
    statuses = {row["status"] for row in csv.DictReader(io.StringIO(exported(evaluated, "csv", STAMP).decode()))}
    assert "given" not in statuses
    for place, sheet in sheets_of(evaluated).items():
        told = [line.text for line in lines_of(sheet)]
        assert not [text for text in told if re.search(r"\bgiven (on )?[A-Z][a-z]{2} \d\d-|^GIVEN\b", text)], place
