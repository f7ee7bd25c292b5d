"""A plan as a workbook of plain sheets: schedule, blocks, findings, and a page that says what it is.

Written by hand, because all it needs is text and numbers in cells: text is inline and can never be a formula.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import zip_longest
from xml.sax.saxutils import escape

from planner.exports.files.standing import why_draft
from planner.exports.files.table_writer import COLUMNS, schedule_rows
from planner.exports.sheets.frame import DISCLAIMER
from planner.model.civil import clinical_date
from planner.model.evaluated_plan import EvaluatedPlan

Cell = str | int
Row = dict[str, str | int]
BLOCK_COLUMNS = ("block", "title", "protocol", "version", "start", "end", "cycles", "status")
FINDING_COLUMNS = ("rule", "severity", "status", "dates", "message", "source")
NUMBERS = ("cycle", "cycle_day", "dose", "duration_h", "volume_ml", "rate_ml_h", "count")
"""Columns whose cells are numbers where they hold one; everything else stays text, so that 00123 keeps its zeros."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,10})?", re.ASCII)
_LONGEST = 32_000
"""Signs a cell may hold, a little below what spreadsheets allow."""
_NARROWEST, _WIDEST = 8, 60
"""Signs that a column shows, however short or long its cells are: in one of 8 "2026-10-26" was cut by the next cell."""
_MADE = (1980, 1, 1, 0, 0, 0)
"""One time for all parts, so that the same plan gives the same bytes."""

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SHEET_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINK_NS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def schedule_xlsx(evaluated: EvaluatedPlan, version: str) -> bytes:
    """The workbook as bytes; `version` is the plan's version code."""
    sheets = {
        "Schedule": _table(COLUMNS, schedule_rows(evaluated)),
        "Blocks": _table(BLOCK_COLUMNS, _block_rows(evaluated)),
        "Findings": _table(FINDING_COLUMNS, _finding_rows(evaluated)),
        "About": _about(evaluated, version),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in _parts(sheets).items():
            package.writestr(zipfile.ZipInfo(name, _MADE), text, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _about(evaluated: EvaluatedPlan, version: str) -> list[list[Cell]]:
    patient = evaluated.plan.patient
    return [
        ["Treatment plan", DISCLAIMER],
        ["Patient", patient.display_name],
        ["Born", clinical_date(patient.birth_date)],
        ["Id", patient.id],
        ["Version", version],
        ["Draft", "; ".join(why_draft(evaluated, version)) or "no"],
        ["Demo", "DEMO: an invented patient" if evaluated.plan.demo else "no"],
    ]


def _block_rows(evaluated: EvaluatedPlan) -> Iterator[Row]:
    for block in evaluated.schedule.blocks:
        yield {
            "block": block.id,
            "title": block.title,
            "protocol": block.protocol_id,
            "version": block.protocol_version,
            "start": _iso(block.start),
            "end": _iso(block.end - 1),
            "cycles": ", ".join(str(cycle.number) for cycle in block.cycles),
            "status": "provisional" if block.provisional else "planned",
        }


def _finding_rows(evaluated: EvaluatedPlan) -> Iterator[Row]:
    for one in evaluated.findings:
        yield {
            "rule": one.rule,
            "severity": one.severity,
            "status": str(one.status),
            "dates": ", ".join(map(_iso, one.days)),
            "message": one.message,
            "source": one.source,
        }


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


def _table(columns: Sequence[str], rows: Iterable[Row]) -> list[list[Cell]]:
    return [list(columns), *([_typed(name, row[name]) for name in columns] for row in rows)]


def _typed(name: str, value: Cell) -> Cell:
    return _Number(str(value)) if name in NUMBERS and _NUMBER.fullmatch(str(value)) else value


class _Number(str):
    """A number as it is written into a cell."""

    __slots__ = ()


def _parts(sheets: dict[str, list[list[Cell]]]) -> dict[str, str]:
    numbers = range(1, len(sheets) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for number in numbers
    )
    listed = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in zip(numbers, sheets, strict=True)
    )
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_LINK_NS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    types = (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        f"{overrides}</Types>"
    )
    parts = {
        "[Content_Types].xml": types,
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_LINK_NS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_SHEET_NS}" xmlns:r="{_LINK_NS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>',
    }
    for number, rows in zip(numbers, sheets.values(), strict=True):
        parts[f"xl/worksheets/sheet{number}.xml"] = _sheet(rows)
    return {name: _HEAD + text for name, text in parts.items()}


def _sheet(rows: list[list[Cell]]) -> str:
    frozen = (
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
        'state="frozen"/></sheetView></sheetViews>'
    )
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{_wide(cells)}" customWidth="1"/>'
        for place, cells in enumerate(zip_longest(*rows, fillvalue=""), 1)
    )
    lines = "".join(
        f'<row r="{number}">{"".join(_cell(f"{_column(place)}{number}", one) for place, one in enumerate(row))}</row>'
        for number, row in enumerate(rows, 1)
    )
    return f'<worksheet xmlns="{_SHEET_NS}">{frozen}<cols>{columns}</cols><sheetData>{lines}</sheetData></worksheet>'


def _wide(cells: Iterable[Cell]) -> int:
    """How many signs a column shows: its longest cell and a little room."""
    return min(max(_NARROWEST, *(len(str(one)) for one in cells)), _WIDEST) + 2


def _cell(place: str, value: Cell) -> str:
    if isinstance(value, _Number | int):
        return f'<c r="{place}"><v>{value}</v></c>'
    if not value:
        return ""
    text = escape(_FORBIDDEN.sub("\ufffd", value[:_LONGEST]))
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _column(place: int) -> str:
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name
