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
from planner.model.agent import Agent, ids_of_names
from planner.model.civil import clinical_date
from planner.model.patient import LabResult, Patient
from planner.model.plan import Plan
from planner.model.quantity import plain
from planner.model.results import RESULTS, in_its_unit, units_of
from planner.model.schedule import Schedule
from planner.model.sentence import listed
from planner.services.verbs.refusing import most_like, refused_name

PLAUSIBLE: Mapping[str, tuple[Decimal, Decimal]] = {
    code: (Decimal(low), Decimal(high))
    for code, low, high in (
        ("anc", "0.01", "100"),
        ("wbc", "0.01", "1000"),
        ("platelets", "1", "1500"),
        ("alc", "10", "100000"),
        ("cd3", "1", "20000"),
        ("cd4", "1", "10000"),
        ("circulating-blasts", "1", "1000000"),
        ("marrow-blasts", "1", "100"),
        ("bcr-abl1", "0", "100"),
        ("creatinine", "0.2", "7"),
        ("creatinine-xuln", "0.2", "7"),
        ("crcl", "10", "250"),
        ("bilirubin", "0.1", "12"),
        ("direct-bilirubin", "0.05", "10"),
        ("bilirubin-xuln", "0.05", "12"),
        ("ast-xuln", "0.1", "20"),
        ("alt-xuln", "0.1", "20"),
        ("lipase-xuln", "0.05", "10"),
        ("amylase-xuln", "0.05", "10"),
        ("methotrexate-level", "0.01", "2000"),
        ("busulfan-auc", "300", "10000"),
        ("urine-ph", "4", "9"),
        *((code, "0", "5") for code, (unit, _) in RESULTS.items() if unit == "grade"),
    )
}
"""What is reported every day, in the unit of each result, beside 0: no reference ranges. The bounds are Regimap's own.

They lie where the same number is an everyday one in another unit: U/L or micromol/L for so many times the limit or for
mg/dL, 10^9/L for a count in a microlitre, mg x h/L for busulfan, a fraction for percent. A true one is asked once.
"""
_SI_BILIRUBIN = Decimal(3), Decimal(10)
"""micromol/L: below the first nobody's bilirubin is reported; below the second no laboratory gives decimals."""
_NONE_FOUND = frozenset({"10^9/L", "/mcL", "%", "grade", "micromol/L", "xULN"})
"""Units of results of which 0 is reported."""
STEADY = ("creatinine", "creatinine-xuln", "crcl")
"""What hardly changes within weeks by as much as a slip of the point changes it."""
JUMP, JUMP_DAYS = 4, 90
"""So many times an earlier result of so many days, or such a part of it, is asked about. Regimap's own numbers."""


def is_plausible(result: LabResult) -> bool:
    """Whether a result is one that is seen; also where its unit is not understood, which is another question."""
    read = in_its_unit(result)
    if read is None:
        return True
    code, value = read
    unit, (least, most) = RESULTS[code][0], PLAUSIBLE[code]
    in_its_own = value == result.value
    if unit == "mg/dL" and not in_its_own and _seems_mg(code, result.value):
        return False
    if value % 1 and (unit == "grade" or (unit == "/mcL" and in_its_own)):
        return False
    return least <= value <= most or (value == 0 and unit in _NONE_FOUND)


def _seems_mg(code: str, value: Decimal) -> bool:
    """Whether a bilirubin told in micromol/L looks like one in mg/dL, in which 2 would be high and not low."""
    least, whole = _SI_BILIRUBIN
    return (code == "bilirubin" and value < least) or bool("bilirubin" in code and value < whole and value % 1)


def jump(patient: Patient, result: LabResult) -> LabResult | None:
    """The newest earlier result of the code from which this one is many times off; None where none is."""
    read = in_its_unit(result)
    if read is None or read[0] not in STEADY or not read[1]:
        return None
    code, value = read
    days = [one for one in patient.labs if 0 < (result.date - one.date).days <= JUMP_DAYS]
    earlier = [(one, known[1]) for one in days if (known := in_its_unit(one)) and known[0] == code and known[1]]
    before = max(earlier, key=lambda pair: pair[0].date, default=None)
    return before[0] if before and not before[1] / JUMP < value < before[1] * JUMP else None


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


def doubtful_result(patient: Patient, result: LabResult) -> str:
    """Why somebody should look at a result again, in words; empty where nothing speaks against it."""
    if not units_of(result.code):
        close = get_close_matches(result.code, RESULTS, 1)
        return f"no rule asks for {result.code}" + (f'; do you mean "{close[0]}"?' if close else "")
    told = f"{result.code} {plain(result.value)} {result.unit or units_of(result.code)[0]}"
    if not is_plausible(result):
        return f"{told}: is the unit right, or the decimal point one place off?"
    if before := jump(patient, result):
        was = f"{plain(before.value)} {before.unit} on {clinical_date(before.date)}"
        return f"{told}, and {was}: is the unit right, or the decimal point one place off?"
    return ""


def newer_words(patient: Patient, result: LabResult) -> str:
    """That a newer result of that code counts from its day on: a wrong year hides a result; empty where none is."""
    read = in_its_unit(result)
    after = (one for one in patient.labs if one.date > result.date and read)
    newer = [one for one in after if (known := in_its_unit(one)) and read and known[0] == read[0]]
    if not newer:
        return ""
    one = max(newer, key=lambda lab: lab.date)
    return f"{one.code} {plain(one.value)} {one.unit} of {clinical_date(one.date)} is newer and counts from then on"


def result_doubts(patient: Patient) -> tuple[str, ...]:
    """What is asked of the newest result of each code of a patient."""
    newest = {one.code: one for one in sorted(patient.labs, key=lambda one: one.date)}
    return tuple(doubt for one in newest.values() if (doubt := doubtful_result(patient, one)))


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
    names = ids_of_names(agents)
    if name.casefold() in names:
        return ""
    near = get_close_matches(name.casefold(), names, 1, cutoff=0.85)
    return f"no rule knows the medicine {name}" + (f'; do you mean "{names[near[0]]}"?' if near else "")


def begins_behind(schedule: Schedule, name: str, start: date) -> str:
    """That a medicine begins after all that is planned, as with a wrong year; empty where it does not."""
    last = max((one.day for one in schedule.events), default=0)
    if not last or start.toordinal() <= last:
        return ""
    return f"{name} from {clinical_date(start)} on begins after the last day planned, {clinical_date(last)}"


def _with(plan: Plan, patient: Patient) -> Plan:
    return replace(plan, patient=patient)
