"""Everything that is said of a plan on paper and in files, piece by piece: promises about words hold for all of it.

What the window says of it stands in `shown`, which needs Qt.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple

from planner.exports.sheets.sheet import Sheet
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import Plan
from planner.model.site import Site
from planner.model.wish import Wish
from planner.services.evaluation import evaluate
from planner.services.printing import BUILDERS, make_sheet
from planner.services.tables import exported
from planner.services.verbs.placing import add_protocol, new_plan, start_on
from tests.exports.papers import SITE, lines_of
from tests.golden.cases import PATIENTS, START, Case, library

LANGUAGES = ("en", "es", "de", "fr", "ru")
STAMP = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
PROSE = ("agent", "note")
"""Columns of the table that people read as sentences; the others are ISO dates and plain numbers for programs."""

UNIT = r"(?:mg|mcg|micrograms?|g|units|mL|kg|m2|cm|Gy|cells)"
ERROR_PRONE = {
    "a decimal without a zero before it": re.compile(r"(?<![\w.])\.\d"),
    "a zero behind the last decimal": re.compile(rf"\d\.\d*0\s*{UNIT}\b"),
    "thousands without a comma": re.compile(rf"(?<![.\d,])\d{{4,}}\s{UNIT}\b"),
    "no space before the unit": re.compile(r"\d(?:mg|mcg|micrograms|units|mL|kg|Gy|cells)\b"),
    "a dot after the unit": re.compile(rf"\d\s{UNIT}\.(?!\s+[A-Z0-9]|\s*$|[;)])"),
    "U or IU": re.compile(r"\bI\.?U\.?(?!\w)|\d\s*U\b"),
    "the micro sign": re.compile("[µμ]g"),
    "cc": re.compile(r"\bcc\b", re.IGNORECASE),
    "QD or QOD": re.compile(r"\bq\.?o?\.?d\b", re.IGNORECASE),
    "D/C": re.compile(r"\bD/C\b"),
    "@": re.compile("@"),
    "< or >": re.compile("[<>]"),
    "a binary or scientific number": re.compile(r"\d[eE][+-]?\d|\d\.\d{7,}|\bnan\b|\binf\b"),
}
"""What ISMP, the Joint Commission and the NHS's medication line bar from doses (promise C4)."""

VERSION = re.compile(r"[Vv]ersion [0-9a-f]{8}\b")
"""The code of a plan's version, which is no number."""
ADDRESS = re.compile(r"https?://\S+")
"""Where a source is read: letters and numbers of somebody else."""
DATE_OF_NUMBERS = re.compile(r"\b\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}\b|\b\d{4}[-/.]\d{2}[-/.]\d{2}\b")


class Said(NamedTuple):
    """One piece of text and where it stands."""

    place: str
    text: str


def evaluated_case(case: Case, site: Site = SITE) -> EvaluatedPlan:
    """A golden case with its findings."""
    plan = new_plan("p", PATIENTS[case.patient])
    return evaluate(
        add_protocol(plan, library().protocols[case.protocol], start_on(START), dict(case.choices)), library(), site
    )


def shipped_plan(protocol: str, site: Site = SITE, patient: str = "adult") -> EvaluatedPlan:
    """A shipped protocol as it is placed, with its findings."""
    return evaluated_case(Case("", protocol, patient), site)


def at_last(plan: Plan, site: Site = SITE) -> EvaluatedPlan:
    """What follows from the plan."""
    return evaluate(plan, library(), site)


def sheets_of(evaluated: EvaluatedPlan, site: Site = SITE, languages: tuple[str, ...] = ("en",)) -> dict[str, Sheet]:
    """Every sheet, the patient's calendar in each language."""
    found = {}
    for kind in BUILDERS:
        for language in languages if kind == "calendar" else ("en",):
            wish = Wish(language=language)
            found[f"{kind} {language}"] = make_sheet(evaluated, kind, site, STAMP.replace(tzinfo=None), wish)
    return found


def on_paper(evaluated: EvaluatedPlan, site: Site = SITE, languages: tuple[str, ...] = ("en",)) -> Iterator[Said]:
    """Every line of every sheet."""
    for place, sheet in sheets_of(evaluated, site, languages).items():
        for line in lines_of(sheet):
            if line.text:
                yield Said(place, line.text.replace("\u00a0", " "))


def in_files(evaluated: EvaluatedPlan) -> Iterator[Said]:
    """What people read in the table, the calendar file and the bundle."""
    for row in csv.DictReader(io.StringIO(exported(evaluated, "csv", STAMP).decode())):
        yield from (Said(f"csv {name}", row[name]) for name in PROSE if row[name])
    calendar = exported(evaluated, "ics", STAMP).decode().replace("\r\n ", "")
    for line in calendar.split("\r\n"):
        name, _, value = line.partition(":")
        if name in ("SUMMARY", "DESCRIPTION", "X-WR-CALDESC"):
            yield Said("ics", value.replace("\\,", ",").replace("\\n", " ").replace("\\;", ";"))
    yield from (Said("fhir", text) for text in _texts(json.loads(exported(evaluated, "fhir", STAMP))))


def _texts(value: object, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _texts(one, name)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one, key)
    elif isinstance(value, str) and key in ("text", "display", "title", "description", "patientInstruction"):
        yield value


def of_findings(evaluated: EvaluatedPlan) -> Iterator[Said]:
    """Every word of every finding and of what was checked, but for the addresses of its sources."""
    yield Said("checks", str(evaluated.checked))
    for one in evaluated.findings:
        texts = (one.title, one.message, one.statement, one.arithmetic, one.advice, ADDRESS.sub("", one.source))
        yield from (Said(one.rule, text) for text in (*texts, *(f"{name}: {value}" for name, value in one.inputs)))


def everything(evaluated: EvaluatedPlan, site: Site = SITE, languages: tuple[str, ...] = ("en",)) -> Iterator[Said]:
    """All of it."""
    yield from on_paper(evaluated, site, languages)
    yield from in_files(evaluated)
    yield from of_findings(evaluated)


def error_prone(said: Said) -> list[str]:
    """What the text does that a dose must not; a language's own signs of numbers are judged elsewhere."""
    text = VERSION.sub("", said.text)
    return [name for name, pattern in ERROR_PRONE.items() if pattern.search(text)]


def in_full(value: Decimal, unit: str) -> str:
    """The dose as it has to be read, written without the product's code."""
    text = f"{value:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text} {unit}"
