"""What is reported of the patient: results of a day, and markers. Plan -> Plan, or a Refusal.

What is refused is what a patient file may not hold either; what is only unlikely is a question (`doubtful_result`).
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

from msgspec.structs import replace

from planner.content.facts import MARKERS, marker_problem
from planner.content.intake import number_problem
from planner.content.patient_sense import result_problem, unit_problem
from planner.errors import Refusal
from planner.model.agent import Agent
from planner.model.civil import clinical_date
from planner.model.patient import LabResult, Patient
from planner.model.plan import Plan
from planner.model.quantity import plain
from planner.model.results import RESULTS, in_its_unit, units_of
from planner.model.sentence import listed
from planner.services.verbs.refusing import most_like, refused_name

PLAUSIBLE: Mapping[str, tuple[Decimal, Decimal]] = {
    code: (Decimal(low), Decimal(high))
    for code, low, high in (
        ("anc", "0", "100"),
        ("wbc", "0", "1000"),
        ("platelets", "0", "3000"),
        ("creatinine", "0.1", "20"),
        ("crcl", "1", "250"),
        ("bilirubin", "0.05", "50"),
        ("direct-bilirubin", "0", "40"),
        ("marrow-blasts", "0", "100"),
        ("bcr-abl1", "0", "100"),
        ("urine-ph", "4", "9"),
        ("creatinine-xuln", "0.1", "20"),
        ("bilirubin-xuln", "0", "60"),
        *((enzyme, "0", "500") for enzyme in ("ast-xuln", "alt-xuln", "lipase-xuln", "amylase-xuln")),
        *((code, "0", "5") for code, (unit, _) in RESULTS.items() if unit == "grade"),
    )
}
"""What can be, in the unit of each result: wide limits against slips of the pen, no reference ranges."""
ANYTHING = (Decimal(0), Decimal(10_000))
"""The same for results without limits of their own."""


def is_plausible(code: str, value: Decimal) -> bool:
    """Whether a number in the unit of `RESULTS` is one that is seen; `code` is as `in_its_unit` gives it."""
    least, most = PLAUSIBLE.get(code, ANYTHING)
    is_half_a_grade = RESULTS[code][0] == "grade" and value % 1
    return least <= value <= most and not is_half_a_grade


def report(plan: Plan, result: LabResult, today: date) -> Plan:
    """Record a result of a day, in place of another one of that code and day.

    Refuses a day in the future or before birth, a number below 0 or that nobody can have, and a unit nobody reads.
    """
    units = units_of(result.code)
    if not result.unit and len(units) == 1:
        result = replace(result, unit=units[0])
    if message := unit_problem(result.code, result.unit):
        raise Refusal(message, "unknown unit", units[0])
    if result.value < 0:
        raise Refusal("{value} is negative", "negative", "0", value=plain(result.value))
    if message := number_problem(result.value) or result_problem(result):
        raise Refusal(message, "not possible")
    if result.date > today:
        raise Refusal("{day} lies in the future", "future", today.isoformat(), day=clinical_date(result.date))
    born = plan.patient.birth_date
    if result.date < born:
        raise Refusal(
            "{day} lies before the birth date", "before birth", born.isoformat(), day=clinical_date(result.date)
        )
    others = [one for one in plan.patient.labs if (one.code, one.date) != (result.code, result.date)]
    return _with(plan, replace(plan.patient, labs=tuple(sorted((*others, result), key=lambda one: one.date))))


def forget_result(plan: Plan, code: str, on: date) -> Plan:
    """Take the result of a code and day away. Refuses where nothing is recorded."""
    others = tuple(one for one in plan.patient.labs if (one.code, one.date) != (code, on))
    if others == plan.patient.labs:
        there = [one.date for one in plan.patient.labs if one.code == code]
        nearest = min(there, key=lambda day: abs(day - on)).isoformat() if there else ""
        days = list(map(clinical_date, there))
        told = "no {code} of {day} is recorded; recorded on {days}" if days else "no {code} of {day} is recorded"
        raise Refusal(told, "unknown result", nearest, code=code, day=clinical_date(on), days=", ".join(days))
    return _with(plan, replace(plan.patient, labs=others))


def doubtful_result(result: LabResult) -> str:
    """Why somebody should look at a result again, in words; empty where nothing speaks against it."""
    if not units_of(result.code):
        close = get_close_matches(result.code, RESULTS, 1)
        return f"no rule asks for {result.code}" + (f'; do you mean "{close[0]}"?' if close else "")
    read = in_its_unit(result)
    if read is None or is_plausible(*read):
        return ""
    told = f"{result.code} {plain(result.value)} {result.unit}".strip()
    return f"{told}: is the unit right, or the decimal point one place off?"


def mark(plan: Plan, name: str, value: str) -> Plan:
    """Record a marker, in place of the value it had; an empty value takes it away, so that it is unknown.

    Refuses a value no rule asks for, a name that is nearly a known one, and a marker that is not recorded.
    """
    others = tuple(one for one in plan.patient.markers if one[0] != name)
    if value and name.casefold() in ("allergy", "allergies"):
        raise Refusal(
            "an allergy is no marker: write it among the allergies (on the command line: plan allergy)", "no marker"
        )
    if not value:
        if others == plan.patient.markers:
            there = [name for name, _ in others]
            raise Refusal(
                "{name} is not recorded; recorded are {known}",
                "unknown marker",
                most_like(name, there),
                name=name,
                known=listed(there),
            )
        return _with(plan, replace(plan.patient, markers=others))
    if message := marker_problem(name, value):
        words = {word.casefold(): word for word in MARKERS.get(name, ())}
        raise Refusal("{name}: {message}", "no such value", next(iter(words.values()), ""), name=name, message=message)
    return _with(plan, replace(plan.patient, markers=tuple(sorted((*others, (name, value))))))


NO_ALLERGY = "none known"
"""What is written as an allergy where somebody asked and there is none."""
_NONE = frozenset({"none", "no", "nil", "nka", "nkda", "no allergy", "no allergies", "no known allergies", NO_ALLERGY})


def note_allergy(plan: Plan, words: str) -> Plan:
    """Write an allergy down as it was told ("rash after penicillin"), in place of "none known".

    Words such as "none" are written as "none known". Refuses empty words, an allergy that is written already, and
    "none known" beside others.
    """
    told, known = " ".join(words.split()), plan.patient.allergies
    if not told:
        raise Refusal("an allergy needs words", "no words")
    if told.casefold() in _NONE:
        told = NO_ALLERGY
        others = [one for one in known if one.casefold() not in _NONE]
        if others:
            raise Refusal(
                "{known} is written as an allergy; take that away first",
                "allergies there",
                others[0],
                known=listed(others),
            )
    if told in known:
        raise Refusal("{allergy} is written already", "written already", allergy=told)
    kept = tuple(one for one in known if one.casefold() not in _NONE)
    return _with(plan, replace(plan.patient, allergies=(*kept, told)))


def forget_allergy(plan: Plan, words: str) -> Plan:
    """Take an allergy away. Refuses one that is not written."""
    known = plan.patient.allergies
    if words not in known:
        raise refused_name("no allergy {name} is written; written are {known}", words, known)
    return _with(plan, replace(plan.patient, allergies=tuple(one for one in known if one != words)))


def unknown_marker(name: str) -> str:
    """What to say of a marker that no rule knows; empty of one they do."""
    return "" if name in MARKERS else f"no rule asks for the marker {name}; known are {', '.join(sorted(MARKERS))}"


def unknown_medicine(name: str, agents: Mapping[str, Agent]) -> str:
    """What to say of a medicine that the library has under no name: no rule about it can be checked.

    A name is near only where little of it differs: by its letters co-trimoxazole is somewhat like voriconazole.
    """
    names = {word.casefold(): one.id for one in agents.values() for word in (one.name, *one.synonyms, one.id)}
    if name.casefold() in names:
        return ""
    near = get_close_matches(name.casefold(), names, 1, cutoff=0.85)
    return f"no rule knows the medicine {name}" + (f'; do you mean "{names[near[0]]}"?' if near else "")


def _with(plan: Plan, patient: Patient) -> Plan:
    return replace(plan, patient=patient)
