"""Whether a patient file of the right shape can be meant: days in their order, a possible body, known markers."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from planner.content.broken import BrokenParts, Table, tables
from planner.content.facts import marker_problem
from planner.content.intake import Located, number_problem
from planner.content.toml_lines import Path
from planner.model.patient import LabResult, PriorExposure
from planner.model.quantity import plain
from planner.model.results import RESULTS, in_its_unit, is_read, units_of
from planner.model.sentence import Sentence, one_of

OLDEST = 130
"""Years; more is a slip of the pen."""
HEIGHTS = (Decimal(30), Decimal(260))
"""cm that can be meant at all; odd values inside are a question for the window, not for the file."""
WEIGHTS = (Decimal(1), Decimal(400))
"""kg."""

GRADES = tuple(code for code, (unit, _) in RESULTS.items() if unit == "grade" and code != "seizure")
POSSIBLE = {
    "anc": (Decimal(0), Decimal(100)),
    "platelets": (Decimal(0), Decimal(5000)),
    "wbc": (Decimal(0), Decimal(2000)),
    "marrow-blasts": (Decimal(0), Decimal(100)),
    "creatinine": (Decimal("0.1"), Decimal(40)),
    "crcl": (Decimal(0), Decimal(400)),
    "bilirubin": (Decimal(0), Decimal(80)),
    "direct-bilirubin": (Decimal(0), Decimal(80)),
    "urine-ph": (Decimal(3), Decimal(10)),
    **dict.fromkeys(GRADES, (Decimal(0), Decimal(5))),
}
"""Results that can be meant at all, each in its unit: a number in the wrong unit would let every limit pass."""

MASS_INDEX = (5, 150)
"""kg/m2 that can be meant at all, so that a height and a weight in each other's place are seen."""


def body_problem(height_cm: Decimal, weight_kg: Decimal) -> str:
    """Why a height and a weight, each possible by itself, cannot belong to one body; empty where they can."""
    least, most = MASS_INDEX
    if least <= weight_kg * 10_000 / (height_cm * height_cm) <= most:
        return ""
    told = "{height} cm and {weight} kg cannot be one body; is a decimal point off, or are they in each other's place?"
    return Sentence(told, height=plain(height_cm), weight=plain(weight_kg))


def patient_problems(data: Table, broken: BrokenParts, today: date) -> tuple[Located, ...]:
    """All problems of sense in the parts of the file whose shape is right."""
    born = _day(data, "birth_date", (), broken)
    return (
        *_birth_problems(born, today),
        *_past_days(data, broken, born, today),
        *_measurement_problems(data, broken),
        *_amount_problems(data, broken),
        *_exposure_problems(data, broken),
        *_unit_problems(data, broken),
        *_span_problems(data, broken),
        *_marker_problems(data, broken),
    )


def _day(table: Table, key: str, path: Path, broken: BrokenParts) -> date | None:
    value = table.get(key)
    return date.fromisoformat(value) if isinstance(value, str) and broken.spares((*path, key)) else None


def _birth_problems(born: date | None, today: date) -> Iterator[Located]:
    if born and born > today:
        yield ("birth_date",), f"{born} lies in the future"
    elif born and today.year - born.year > OLDEST:
        yield ("birth_date",), f"{born} is more than {OLDEST} years ago"


def _past_days(data: Table, broken: BrokenParts, born: date | None, today: date) -> Iterator[Located]:
    for key, name in (("measurements", "date"), ("labs", "date"), ("prior_exposures", "until")):
        for path, item in tables(data, key):
            day = _day(item, name, path, broken)
            if day and day > today:
                yield (*path, name), f"{day} lies in the future"
            elif day and born and day < born <= today:
                yield (*path, name), f"{day} lies before the birth date"


def _measurement_problems(data: Table, broken: BrokenParts) -> Iterator[Located]:
    seen: set[date] = set()
    for path, item in tables(data, "measurements"):
        possible = []
        for key, (least, most), unit in (("height_cm", HEIGHTS, "cm"), ("weight_kg", WEIGHTS, "kg")):
            value = _number(item, key, path, broken)
            if value is not None and not least <= value <= most:
                yield (*path, key), f"{item[key]} {unit} cannot be meant; it lies between {least} and {most} {unit}"
            elif value is not None:
                possible.append(value)
        if len(possible) == 2 and (message := body_problem(*possible)):
            yield (*path, "height_cm"), message
        day = _day(item, "date", path, broken)
        if day in seen:
            yield (*path, "date"), f"there is another measurement of {day}; keep the one that counts"
        if day:
            seen.add(day)


def _number(table: Table, key: str, path: Path, broken: BrokenParts) -> Decimal | None:
    if key not in table or not broken.spares((*path, key)):
        return None
    return Decimal(table[key])


def _amount_problems(data: Table, broken: BrokenParts) -> Iterator[Located]:
    for name, key in (("labs", "value"), ("prior_exposures", "dose")):
        for path, item in tables(data, name):
            value = _number(item, key, path, broken)
            if value is None:
                continue
            if value < 0:
                yield (*path, key), f"{item[key]} is negative"
            elif message := number_problem(value):
                yield (*path, key), message


def _exposure_problems(data: Table, broken: BrokenParts) -> Iterator[Located]:
    for path, item in tables(data, "prior_exposures"):
        dose = _number(item, "dose", path, broken)
        if dose is None or not all(isinstance(item.get(key), str) for key in ("agent", "unit")):
            continue
        if message := PriorExposure(item["agent"], dose, item["unit"]).problem:
            yield (*path, "dose"), message


def _unit_problems(data: Table, broken: BrokenParts) -> Iterator[Located]:
    """A result in a unit that no rule reads would leave an older one standing without a word."""
    for path, item in tables(data, "labs"):
        if not all(isinstance(item.get(key), str) and broken.spares((*path, key)) for key in ("code", "unit")):
            continue
        value = _number(item, "value", path, broken)
        if message := unit_problem(item["code"], item["unit"]):
            yield (*path, "unit"), message
        elif value is None or value < 0 or number_problem(value):
            continue
        elif message := result_problem(LabResult(date.min, item["code"], value, item["unit"])):
            yield (*path, "value"), message


def unit_problem(code: str, unit: str) -> str:
    """Why a result of that code cannot be read in that unit; empty where it can, or where no rule asks for it."""
    units = units_of(code)
    if not units or is_read(code, unit):
        return ""
    if not unit:
        return Sentence("{code} needs a unit: {units}", code=code, units=one_of(units))
    return Sentence('{code} in "{unit}" is not understood; write {units}', code=code, unit=unit, units=one_of(units))


def result_problem(result: LabResult) -> str:
    """Why nobody can have that result; empty where somebody can."""
    read = in_its_unit(result)
    if read is None or read[0] not in POSSIBLE:
        return ""
    least, most = POSSIBLE[read[0]]
    if least <= read[1] <= most:
        return ""
    return Sentence(
        "{code} {value} {unit} cannot be meant; it lies between {least} and {most} {read}; is the unit right?",
        code=result.code,
        value=plain(result.value),
        unit=result.unit,
        least=plain(least),
        most=plain(most),
        read=RESULTS[read[0]][0],
    )


def _span_problems(data: Table, broken: BrokenParts) -> Iterator[Located]:
    for path, item in tables(data, "co_medications"):
        start, end = (_day(item, key, path, broken) for key in ("start", "end"))
        if start and end and end < start:
            yield (*path, "end"), f"{end} lies before its start {start}"


def _marker_problems(data: Table, broken: BrokenParts) -> Iterator[Located]:
    markers = data.get("markers")
    for name, value in markers.items() if isinstance(markers, dict) else ():
        path = ("markers", name)
        if broken.spares(path) and (message := marker_problem(name, value)):
            yield path, message
