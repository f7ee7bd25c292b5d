"""Laboratory results and graded events as facts: which codes conditions may ask for, and in which unit.

A result is one dated number. An event is recorded the same way, as its CTCAE grade ("neurotoxicity", 2, "grade").
"xULN" means so many times the upper limit of normal of the laboratory that measured it.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

_SAME = Decimal(1)
_PER_MCL = Decimal("0.001")
_COUNTS = {"10^9/l": _SAME, "10*9/l": _SAME, "x10^9/l": _SAME, "g/l": _SAME, "/ul": _PER_MCL, "/mm3": _PER_MCL}
_CELLS = {"/ul": _SAME, "/mm3": _SAME, "10^9/l": Decimal(1000), "g/l": Decimal(1000)}
_BILIRUBIN = {"mg/dl": _SAME, "umol/l": 1 / Decimal("17.1")}
_CREATININE = {"mg/dl": _SAME, "umol/l": 1 / Decimal("88.4")}
_RATIO = {"xuln": _SAME}
_PERCENT = {"%": _SAME}
_GRADE = {"grade": _SAME}

RESULTS: Mapping[str, tuple[str, Mapping[str, Decimal]]] = {
    "anc": ("10^9/L", _COUNTS),
    "platelets": ("10^9/L", _COUNTS),
    "wbc": ("10^9/L", _COUNTS),
    "alc": ("/mcL", _CELLS),
    "cd3": ("/mcL", _CELLS),
    "cd4": ("/mcL", _CELLS),
    "circulating-blasts": ("/mcL", _CELLS),
    "marrow-blasts": ("%", _PERCENT),
    "bcr-abl1": ("%", _PERCENT),
    "creatinine": ("mg/dL", _CREATININE),
    "creatinine-xuln": ("xULN", _RATIO),
    "crcl": ("mL/min", {"ml/min": _SAME}),
    "bilirubin": ("mg/dL", _BILIRUBIN),
    "direct-bilirubin": ("mg/dL", _BILIRUBIN),
    "bilirubin-xuln": ("xULN", _RATIO),
    "ast-xuln": ("xULN", _RATIO),
    "alt-xuln": ("xULN", _RATIO),
    "lipase-xuln": ("xULN", _RATIO),
    "amylase-xuln": ("xULN", _RATIO),
    "methotrexate-level": ("micromol/L", {"umol/l": _SAME}),
    "urine-ph": ("pH", {"ph": _SAME}),
    "busulfan-auc": ("micromol/L x min", {"umol/lxmin": _SAME}),
    "arterial-event": ("grade", _GRADE),
    "asparaginase-reaction": ("grade", _GRADE),
    "crs": ("grade", _GRADE),
    "icans": ("grade", _GRADE),
    "neurotoxicity": ("grade", _GRADE),
    "gvhd": ("grade", _GRADE),
    "infection": ("grade", _GRADE),
    "pancreatitis": ("grade", _GRADE),
    "pleural-effusion": ("grade", _GRADE),
    "pulmonary-hypertension": ("grade", _GRADE),
    "seizure": ("grade", _GRADE),
    "thrombosis": ("grade", _GRADE),
    "vod": ("grade", _GRADE),
}
"""Each code with its unit and, for every spelling of a unit that can be read, the factor to it.

Bilirubin: 1 mg/dL = 17.1 micromol/L; creatinine: 1 mg/dL = 88.4 micromol/L (facts sheet C2).
"""

UNIT_SPELLINGS = {
    "10^9/l": "10^9/L",
    "/ul": "/mcL",
    "mg/dl": "mg/dL",
    "umol/l": "micromol/L",
    "ml/min": "mL/min",
    "%": "%",
    "xuln": "xULN",
    "grade": "grade",
}
"""Units as they are offered and named: without the micro sign."""

ADULT = 18
"""Years; Cockcroft-Gault was made for adults."""


class Reported(Protocol):
    """A result as it was reported."""

    @property
    def date(self) -> date: ...
    @property
    def code(self) -> str: ...
    @property
    def value(self) -> Decimal: ...
    @property
    def unit(self) -> str: ...


def in_its_unit(result: Reported) -> tuple[str, Decimal] | None:
    """The code and the number in the unit of `RESULTS`; None for an unknown code or a unit that cannot be read."""
    return number_in_its_unit(result.code, result.value, result.unit)


def number_in_its_unit(code: str, value: Decimal, unit: str) -> tuple[str, Decimal] | None:
    """The same of a bare number."""
    code, factor = _reading(code.casefold(), _folded(unit))
    return None if factor is None else (code, value * factor)


def is_read(code: str, unit: str) -> bool:
    """Whether a result of that code is understood in that unit; without one only where there is just one to mean."""
    folded = _folded(unit)
    return _reading(code.casefold(), folded)[1] is not None and bool(folded or len(units_of(code)) == 1)


def units_of(code: str) -> tuple[str, ...]:
    """The units a result of that code is read in, its own first; none for a code no rule asks for."""
    if code.casefold() not in RESULTS:
        return ()
    first, others = RESULTS[code.casefold()]
    also = [UNIT_SPELLINGS[unit] for unit in others if unit in UNIT_SPELLINGS]
    return tuple(dict.fromkeys((first, *also)))


def _reading(code: str, unit: str) -> tuple[str, Decimal | None]:
    if unit == "xuln" and f"{code}-xuln" in RESULTS:
        code = f"{code}-xuln"
    if code not in RESULTS:
        return code, None
    name, factors = RESULTS[code]
    return code, _SAME if unit in ("", _folded(name)) else factors.get(unit)


def _folded(unit: str) -> str:
    """One spelling for micro and without spaces: "µmol/L", "mcmol/l" and "micromol / L" are umol/l."""
    plain = unit.casefold().replace(" ", "").replace("×", "x").replace("µ", "u").replace("μ", "u")
    plain = plain.replace("micro", "u").replace("mcmol", "umol").replace("/mcl", "/ul").removeprefix("cells")
    return plain.replace("cells/", "/")


def latest(results: Iterable[Reported], day: date) -> Mapping[str, tuple[Decimal, date]]:
    """The newest number of each code on or before that day, with its own day; of two of one day the later listed."""
    found: dict[str, tuple[Decimal, date]] = {}
    for result in results:
        read = in_its_unit(result) if result.date <= day else None
        if read and (read[0] not in found or found[read[0]][1] <= result.date):
            found[read[0]] = (read[1], result.date)
    return found


def cockcroft_gault(age: int, weight_kg: Decimal, creatinine: Decimal, female: bool) -> Decimal:
    """Clearance in mL/min, not indexed to body surface, to one decimal; creatinine in mg/dL, adults.

    Cockcroft and Gault as in NCCN appendix B (facts sheet C2).
    """
    value = (140 - age) * weight_kg / (72 * creatinine) * (Decimal("0.85") if female else 1)
    return value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
