"""What a patient form may not hold, and what it may hold only after somebody looked twice."""

from collections.abc import Iterable, Iterator
from datetime import date

from planner.errors import KnownError
from planner.model.civil import clinical_date
from planner.model.patient import LabResult, Measurement, Patient
from planner.model.quantity import plain
from planner.model.results import in_its_unit
from planner.model.sentence import Sentence
from planner.services.store.patient_files import marker_refusal
from planner.services.verbs.bodies import body_doubt
from planner.services.verbs.recording import refuse_body
from planner.services.verbs.reported import is_plausible, jump
from ui.problem_words import error_words
from ui.tongue import fact_title, say, sentence_words

OLDEST = 120
"""Years; nobody older has been documented by much."""


def refusals(patient: Patient, today: date) -> tuple[str, ...]:
    """What makes the form unusable, a sentence each."""
    return tuple(_refusals(patient, today))


def _refusals(patient: Patient, today: date) -> Iterator[str]:
    if not patient.id:
        yield "The patient needs an id."
    if not patient.family_name:
        yield "The patient needs a family name."
    if patient.birth_date > today:
        yield "The birth date lies in the future."
    for measurement in patient.measurements:
        if measurement.date > today:
            yield say("Height and weight carry a date in the future.")
        elif measurement.date < patient.birth_date:
            yield say("Height and weight were measured before the birth date.")
        if measurement.height_cm <= 0 or measurement.weight_kg <= 0:
            yield say("Height and weight must be more than zero.")
        else:
            yield from _body_refusals(patient, measurement)
    yield from _lab_refusals(patient, today)
    yield from _marker_refusals(patient)
    for medication in patient.co_medications:
        if medication.end and medication.end < medication.start:
            yield say("{name} ends before it starts.", name=medication.agent)


def _body_refusals(patient: Patient, measurement: Measurement) -> Iterator[str]:
    """What the command line refuses too, and what may have been meant: every dose would go by 1.72 cm, ticked away."""
    try:
        refuse_body(measurement)
    except KnownError as error:
        yield body_doubt(patient, measurement, say) or error_words(error)


def _lab_refusals(patient: Patient, today: date) -> Iterator[str]:
    for lab in patient.labs:
        if lab.date > today:
            yield say("{name} carries a date in the future.", name=fact_title(lab.code))
        elif lab.date < patient.birth_date:
            yield say("{name} was measured before the birth date.", name=fact_title(lab.code))


def _marker_refusals(patient: Patient) -> Iterator[str]:
    """What a patient file may not hold either: a value that no rule asks for would count as "no" without a word."""
    for name, value in patient.markers:
        if problem := marker_refusal(name, value):
            yield f"{fact_title(name)}: {_in_words(problem)}."


def _in_words(problem: str) -> str:
    """The refusal with the values as the form offers them."""
    if isinstance(problem, Sentence) and "known" in problem.values:
        known = ", ".join(map(say, str(problem.values["known"]).split(", ")))
        return say(problem.pattern, **{**problem.values, "known": known})
    return sentence_words(problem)


def doubts(patient: Patient, today: date, known: Patient | None = None) -> tuple[str, ...]:
    """What is possible but unlikely, a question each. Limits are wide on purpose: they catch slips, not patients.

    Results that stand in `known`, the patient as the form was opened, were looked at when they were entered.
    """
    found = list(_age_doubts(patient, today))
    if patient.measurements:
        newest = max(patient.measurements, key=lambda measurement: measurement.date)
        body = body_doubt(patient, newest, say)
        found += [body] if body else []
        if (today - newest.date).days > 365:
            found.append(say("Height and weight are more than a year old. Is there nothing newer?"))
    looked_at = known.labs if known else ()
    found += [doubt for lab in patient.labs if lab not in looked_at and (doubt := _lab_doubt(patient, lab))]
    return tuple(found)


def _lab_doubt(patient: Patient, lab: LabResult) -> str:
    """A question where a result lies outside anything that is seen; also where its unit is not understood."""
    read = in_its_unit(lab)
    title = fact_title(lab.code)
    if read is None:
        unit = lab.unit or say("a result without a unit")
        return say("{name}: no rule understands {unit}. Is it right?", name=title, unit=unit)
    result = f"{title} {lab.value:f} {lab.unit}"
    if is_plausible(lab):
        before = jump(patient, lab)
        if before is None:
            return ""
        was = f"{before.value:f} {before.unit}"
        result = say("{result}, and {was} on {day}", result=result, was=was, day=clinical_date(before.date))
    return say("{result}: is the unit right, or the decimal point one place off?", result=result)


def _age_doubts(patient: Patient, today: date) -> Iterator[str]:
    age = patient.age_on(today)
    if age > OLDEST:
        yield say("The birth date makes the patient {age} years old. Is it right?", age=age)


def person_changed(known: Patient, patient: Patient) -> tuple[str, ...]:
    """Questions about a name with figures, and about a known patient who seems to become somebody else.

    What was typed into the first field before the eyes were there: a weight had become a family name.
    """
    names, were = (patient.family_name, patient.given_name), (known.family_name, known.given_name)
    figures = [name for name in names if name not in were and any(map(str.isdecimal, name))]
    found = [say("{name} holds figures. Is it a name?", name=name) for name in figures]
    changed = [now != was for now, was in zip(names, were, strict=True)] + [patient.birth_date != known.birth_date]
    if known.id and sum(changed) > 1:
        born = clinical_date(known.birth_date)
        found.append(
            say("Until now this was {name}, born {day}. Is it the same person?", name=known.display_name, day=born)
        )
    return tuple(found)


def as_known(known: tuple[LabResult, ...], entered: Iterable[LabResult]) -> tuple[LabResult, ...]:
    """The results as entered, by their days; those that were known in the order they have, or nothing was changed."""
    by_day = tuple(sorted(entered, key=lambda lab: lab.date))
    return known if by_day == tuple(sorted(known, key=lambda lab: lab.date)) else by_day


def clearance_words(patient: Patient, today: date) -> str:
    """The creatinine clearance (mL/min) that follows from what is recorded, with how it was computed, or what lacks."""
    found = patient.results_on(today).get("crcl") if patient.labs else None
    if found is None:
        return say("A creatinine gives the clearance, once sex, birth date and weight are known (adults).")
    value, day = found
    weight = patient.clearance_weight_on(today)
    source = say("Cockcroft-Gault, {weight}", weight=sentence_words(weight.words)) if weight else say("measured")
    return say(
        "Creatinine clearance {value} mL/min ({source}, {day})",
        value=plain(value),
        source=source,
        day=clinical_date(day),
    )
