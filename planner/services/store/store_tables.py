"""Tables of the store: the list of patients in and out, the audit trail out. Every cell is text.

Cells that a spreadsheet would take for a formula get an apostrophe before them, which is taken off when they come back.
A spreadsheet of a country with decimal commas parts cells by semicolons and cannot do otherwise; such a table is read
too, with its decimal commas and its dates with points. A date with strokes is refused: 03/04/1981 may be two days.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from msgspec.structs import replace

from planner.content.patient_file import read_patient
from planner.errors import EnvironmentProblem, InputProblem
from planner.model.patient import Patient
from planner.model.quantity import plain
from planner.model.revision import TrailLine
from planner.services.store.archive import Archive

COLUMNS = ("id", "family", "given", "birth_date", "sex", "diagnosis", "height_cm", "weight_kg", "measured_on")
NEEDED = ("id", "family", "birth_date", "sex")
TRAIL_COLUMNS = ("number", "utc", "offset", "who", "act", "plan", "revision", "what", "state")
MOST_ROWS = 20_000
_COLUMN_OF = {
    "name.family": "family",
    "name.given": "given",
    "measurements[0].date": "measured_on",
    "measurements[0].height_cm": "height_cm",
    "measurements[0].weight_kg": "weight_kg",
}
"""The column of a table for a place in a patient file."""
_REWRITTEN = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE)
"""What a spreadsheet makes of a long number: two patients can become one."""
_DECIMAL_COMMA = re.compile(r"\d+,\d+", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def patients_csv(archive: Archive, *, without_damaged: bool = False) -> str:
    """One row a patient, from the newest state of the plan that was saved last; the newest first.

    EnvironmentProblem where that is damaged, or the next plan of the patient where it is said that those are left out.
    """
    rows, seen = [], set[str]()
    for summary in archive.list(limit=-1):
        if summary.damaged or summary.patient_id in seen:
            continue
        try:
            rows.append(_row_of(archive.load(summary.plan_id).patient))
        except EnvironmentProblem:
            if not without_damaged:
                raise
            continue
        seen.add(summary.patient_id)
    return _table(COLUMNS, rows)


def trail_csv(lines: Iterable[TrailLine]) -> str:
    """The audit trail as a table."""
    return _table(TRAIL_COLUMNS, map(_trail_row, lines))


def read_patients_csv(text: str, file: str, today: date) -> tuple[Patient, ...]:
    """The patients of a CSV file with a header row: "00123" stays "00123", and "NA" is a name.

    InputProblem with every problem, by line; nothing is half-read.
    """
    patients, problems = list[Patient](), list[str]()
    lines: dict[str, list[int]] = {}
    for line, row in _rows(text, file):
        patient, wrong = read_patient(json.dumps(_patient_of(row)), f"{file}: line {line}", today)
        problems += [str(replace(one, place=_COLUMN_OF.get(one.place, one.place))) for one in wrong]
        if _REWRITTEN.fullmatch(row["id"].strip()):
            problems.append(f'{file}: line {line}: id: "{row["id"]}" was made by a spreadsheet; keep ids as text')
        patients += [patient] if patient else []
        lines.setdefault(row["id"], []).append(line)
    problems += [
        f"{file}: line {numbers[1]}: the id {one} stands in line {numbers[0]} too"
        for one, numbers in lines.items()
        if len(numbers) > 1
    ]
    if not lines:
        problems.append(f"{file}: line 2: there is no patient in this table")
    if problems:
        raise InputProblem(tuple(problems))
    return tuple(patients)


def safe_cell(text: str) -> str:
    """A cell no spreadsheet takes for a formula (promises.md S12)."""
    return f"'{text}" if text.startswith((*_STARTS_FORMULA, "'")) else text


def typed_cell(cell: str, _column: str = "") -> str:
    """What `safe_cell` was given."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith((*_STARTS_FORMULA, "'")) else cell


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(tuple(map(safe_cell, row)) for row in rows)
    return target.getvalue()


def _trail_row(one: TrailLine) -> tuple[str, ...]:
    state = "damaged" if one.damaged else "erased" if one.erased else ""
    counter = str(one.counter or "")
    return (str(one.number), one.at, one.zone, one.who, one.kind, one.plan_id, counter, one.what, state)


def _row_of(patient: Patient) -> tuple[str, ...]:
    newest = max(patient.measurements, key=lambda one: one.date, default=None)
    measured = (plain(newest.height_cm), plain(newest.weight_kg), newest.date.isoformat()) if newest else ("", "", "")
    facts = (patient.id, patient.family_name, patient.given_name, patient.birth_date.isoformat(), patient.sex)
    return (*facts, patient.diagnosis, *measured)


def _rows(text: str, file: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells of every row; InputProblem where the table is none."""
    first = text.partition("\n")[0]
    with_semicolons = first.count(";") > first.count(",")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=";" if with_semicolons else ",")
    read_cell = _cell_with_commas if with_semicolons else typed_cell
    try:
        header = [name.strip() for name in next(reader, [])]
        _refuse_other_separators(header, file)
        _check_header(header, file)
        for count, cells in enumerate(reader):
            place = f"{file}: line {reader.line_num}"
            if count >= MOST_ROWS:
                raise InputProblem((f"{place}: more than {MOST_ROWS:,} rows",))
            if cells and len(cells) != len(header):
                raise InputProblem((f"{place}: {len(cells)} cells, but the header has {len(header)}",))
            if cells:
                yield reader.line_num, {name: read_cell(cell, name) for name, cell in zip(header, cells, strict=True)}
    except csv.Error as error:
        raise InputProblem((f"{file}: line {reader.line_num}: not a CSV table ({error})",)) from None


def _cell_with_commas(cell: str, column: str) -> str:
    """A cell of a table with semicolons: its decimal comma and its date as they are written here."""
    typed = typed_cell(cell)
    if column in ("height_cm", "weight_kg") and _DECIMAL_COMMA.fullmatch(typed.strip()):
        return typed.replace(",", ".")
    if column in ("birth_date", "measured_on") and (found := _DAY_FIRST.fullmatch(typed.strip())):
        day, month, year = found.groups()
        return f"{year}-{month:0>2}-{day:0>2}"
    return typed


def _refuse_other_separators(header: list[str], file: str) -> None:
    """A spreadsheet of many countries separates the cells otherwise, or names the separator in a line before."""
    only = header[0] if header else ""
    if "\t" in only and len(header) == 1:
        raise InputProblem((f"{file}: line 1: the cells are separated by tabs; save as CSV with commas or semicolons",))
    if only.startswith("sep="):
        raise InputProblem((f'{file}: line 1: take this line out; the first line is "{",".join(COLUMNS)}"',))


def _check_header(header: list[str], file: str) -> None:
    if not header:
        raise InputProblem((f'{file}: line 1: the file is empty; the first line is "{",".join(COLUMNS)}"',))
    known = ", ".join(COLUMNS)
    problems = [f"{file}: line 1: the column {name} is missing" for name in NEEDED if name not in header]
    problems += [
        f'{file}: line 1: no column "{name[:80]}" is known; there are {known}' for name in header if name not in COLUMNS
    ]
    problems += [f"{file}: line 1: the column {name} stands there twice" for name in COLUMNS if header.count(name) > 1]
    if problems:
        raise InputProblem(tuple(problems))


def _patient_of(row: Mapping[str, str]) -> dict[str, Any]:
    """A row in the form of a patient file, which knows all the checks."""
    patient: dict[str, Any] = {
        "id": row["id"],
        "name": {"family": row["family"], "given": row.get("given", "")},
        "birth_date": row["birth_date"],
        "sex": row["sex"],
        "diagnosis": row.get("diagnosis", ""),
    }
    names = {"date": "measured_on", "height_cm": "height_cm", "weight_kg": "weight_kg"}
    measured = {name: row.get(column, "") for name, column in names.items()}
    if any(measured.values()):
        patient["measurements"] = [measured]
    return patient
