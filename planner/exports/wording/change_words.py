"""A change of the course in one line for paper: what, where, why."""

from collections.abc import Mapping
from datetime import date

from msgspec.structs import asdict, fields

from planner.exports.wording.text import sentence
from planner.model.civil import clinical_date
from planner.model.plan import Deferral, Modification
from planner.model.quantity import rewritten

NAMES = {
    "Deferral": "deferred",
    "Omission": "left out",
    "Hold": "on hold",
    "Skip": "cycle skipped",
    "Stop": "stopped",
    "DoseChange": "dose changed",
    "Replacement": "drug replaced",
    "Addition": "added",
    "Examination": "examination added",
    "Repetition": "cycle repeated",
}
HIDDEN = frozenset({"block", "cycle", "day", "note", "reason", "grade"})


def change_words(change: Modification, titles: Mapping[str, str]) -> str:
    """ "Induction C1 D8: deferred, days 7, scope following; counts; note". `titles` names the blocks."""
    defaults = {field.name: field.default for field in fields(type(change))}
    values = {name: value for name, value in asdict(change).items() if value not in ("", None, defaults[name])}
    place = " ".join(
        part
        for part in (
            titles.get(change.block, change.block),
            f"C{values['cycle']}" if "cycle" in values else "",
            f"D{values['day']}" if "day" in values else "",
        )
        if part
    )
    told = [
        f"{name} {rewritten(value) if name == 'dose' else _text(value)}"
        for name, value in values.items()
        if name not in HIDDEN
    ]
    why = [str(values[name]) for name in ("reason", "note") if name in values]
    grade = [f"grade {values['grade']}"] if values.get("grade") else []
    what = ", ".join([NAMES.get(type(change).__name__, type(change).__name__.lower()), *told])
    if isinstance(change, Deferral) and not change.days:
        what = "interrupted, no date moved"
    return sentence(f"{place}: {'; '.join([what, *why, *grade])}")


def _text(value: object) -> str:
    if isinstance(value, date):
        return clinical_date(value)
    if isinstance(value, tuple):
        return " ".join(str(one[0]) if isinstance(one, tuple) else str(one) for one in value)
    return "yes" if value is True else str(value)
