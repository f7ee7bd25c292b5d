"""What people recorded between two states of a plan, in words: doses given, decisions, body, results, medicines.

It moves no date by itself, so a list of what moves would be silent about it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from msgspec.structs import replace

from planner.model.civil import clinical_date, weekday_date
from planner.model.day_words import run_words
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.fact_words import fact_name
from planner.model.patient import CoMedication, LabResult, Measurement, Patient, PriorExposure
from planner.model.plan import CourseChange, DecisionTaken, GivenRecord, PatientChange, Plan
from planner.model.quantity import format_amount, format_number
from planner.model.schedule import OpenDecision
from planner.services.telling.drugs_given import records_as_given
from planner.services.telling.late_answers import late_answers

Item = TypeVar("Item")
MEASURED = "measured: "
"""How a line about a new height and weight begins."""
WHO = ("name", "born", "sex", "diagnosis")
"""What was set right about the person, as the lines about it begin."""


def told(before: EvaluatedPlan, after: EvaluatedPlan) -> tuple[str, ...]:
    """One line for each thing that was recorded, changed or taken back, doses first; those alike of an order in one.

    What changed of the patient for a reason that was told is not among them: see `new_course_changes`.
    """
    return (
        *(f"recorded: {line}" for line in record_lines(_records_only_in(after, before))),
        *(f"record taken back: {line}" for line in record_lines(_records_only_in(before, after))),
        *_decisions(before, after),
        *late_answers(before, after),
        *_put_off(before, after),
        *_patient_unsaid(before.plan, after.plan),
    )


def new_course_changes(before: Plan, after: Plan) -> tuple[CourseChange, ...]:
    """What somebody said between the two of why the course was changed."""
    return tuple(_only_in(after.course_changes, before.course_changes))


def _patient_unsaid(before: Plan, after: Plan) -> Iterator[str]:
    """What changed of the patient, without what was said together with its reason."""
    new = new_course_changes(before, after)
    said = {fact for one in new if isinstance(one, PatientChange) for fact in one.facts}
    lines = patient_words(before.patient, after.patient, after.bsa_formula)
    return (line for line in lines if line not in said)


def record_words(one: GivenRecord) -> str:
    """One record: "blina C1 D8 dexamethasone: given on Mon 02-Mar-2026, 20 mg (A. Nurse)"."""
    on = f" on {weekday_date(one.on)}" if one.on else ""
    return _recorded(one, str(one.day), f" dose {one.number + 1}" if one.number else "", on)


def record_lines(records: Iterable[GivenRecord]) -> tuple[str, ...]:
    """The records in words; doses of an order in a cycle that were recorded alike stand in one line with their days."""
    runs: dict[tuple[object, ...], list[GivenRecord]] = {}
    for one in records:
        late = one.on.toordinal() - one.day if one.on else None
        alike = replace(one, day=0, number=0, on=None, as_planned=False)
        runs.setdefault((alike, late), []).append(one)
    return tuple(record_words(run[0]) if len(run) == 1 else _run_recorded(run) for run in runs.values())


def _run_recorded(run: Sequence[GivenRecord]) -> str:
    """Several: "blina C1 D1 to 3 dexamethasone, 3 doses: given from Mon 02-Mar-2026 to Wed 04-Mar-2026, 20 mg each"."""
    dates = sorted({one.on for one in run if one.on})
    on = f" from {weekday_date(dates[0])} to {weekday_date(dates[-1])}" if len(dates) > 1 else ""
    on = on or "".join(f" on {weekday_date(day)}" for day in dates)
    return _recorded(run[0], run_words(sorted({one.day for one in run})), f", {len(run)} doses", on, " each")


def _recorded(one: GivenRecord, days: str, which: str, on: str, each: str = "") -> str:
    dose = f", {format_amount(one.dose, one.unit)}{each}" if one.dose is not None else ""
    grade = f" grade {one.grade}" if one.grade else ""
    told = ", ".join(filter(None, (f"{one.reason}{grade}", one.note)))
    why = f": {told}" if told else ""
    return f"{one.block} C{one.cycle} D{days} {one.order}{which}: {one.status}{on}{dose}{why}{_by(one.by)}"


def _records_only_in(some: EvaluatedPlan, others: EvaluatedPlan) -> tuple[GivenRecord, ...]:
    """The records that only the first has, with the drugs that were given."""
    return records_as_given(tuple(_only_in(some.plan.given, others.plan.given)), some.plan, some.schedule)


def decision_words(made: DecisionTaken, asked: OpenDecision | None) -> str:
    """The answer with its words, day, result, note and name: "postpone (Postpone, ...), 22-Sep-2026, CRS grade 2"."""
    titles = _titles(asked)
    title = f' "{titles[made.choice]}"' if made.choice in titles else ""
    return f"{made.choice}{title}, {_rests_on(made)}"


def _answer(made: DecisionTaken, asked: OpenDecision | None) -> str:
    """The answer in words alone, with day, result, note and name."""
    return f'"{_titles(asked).get(made.choice, made.choice)}", {_rests_on(made)}'


def _rests_on(made: DecisionTaken) -> str:
    return f"{', '.join(filter(None, (clinical_date(made.on), made.result, made.note)))}{_by(made.by)}"


def _by(name: str) -> str:
    """Who recorded it; nothing in a preview that comes before the name."""
    return f" ({name})" if name else ""


def _titles(asked: OpenDecision | None) -> Mapping[str, str]:
    """The words of each answer; none where the question is no longer put."""
    return {choice.id: choice.title for choice in asked.decision.choices} if asked else {}


def _question(key: tuple[str, str], asked: Mapping[tuple[str, str], OpenDecision]) -> str:
    """The question; with its placement where several put the same one, by its ids where none puts it any more."""
    group, decision = key
    if key not in asked:
        return f"{decision} ({group}):"
    several = sum(name == decision for _, name in asked) > 1
    return f"{asked[key].decision.question}{f' ({group})' if several else ''}"


def _decisions(before: EvaluatedPlan, after: EvaluatedPlan) -> Iterator[str]:
    """Decisions taken, changed, and opened again, in the words of their protocol."""
    asked = {(one.group, one.decision.id): one for one in (*before.schedule.decisions, *after.schedule.decisions)}
    were = {(one.group, one.decision): one for one in before.plan.decisions}
    are = {(one.group, one.decision): one for one in after.plan.decisions}
    for key, made in are.items():
        if were.get(key) != made:
            yield f"decided: {_question(key, asked)} {_answer(made, asked.get(key))}"
    for key, made in were.items():
        if key not in are:
            title = _titles(asked.get(key)).get(made.choice, made.choice)
            yield f'open again: {_question(key, asked)} It was "{title}"'


def _put_off(before: EvaluatedPlan, after: EvaluatedPlan) -> Iterator[str]:
    """Blocks that an answer leaves without a day, and those that have one again."""
    were = {block.id: block.waits for block in before.schedule.blocks}
    for block in after.schedule.blocks:
        if block.waits and not were.get(block.id):
            why = f'put off by "{block.waits}"; the day shown is only the protocol\'s'
            yield f"no day any more: {block.title} ({block.id}), {why}"
        elif were.get(block.id) and not block.waits:
            yield f"has a day again: {block.title} ({block.id}), {weekday_date(block.begins)}"


def patient_words(before: Patient, after: Patient, formula: str) -> Iterator[str]:
    """Who the patient is, what was measured and found, and other medicines."""
    if before == after:
        return
    for what, was, is_now in zip(WHO, _who(before), _who(after), strict=True):
        if was != is_now:
            yield f"{what}: {was or 'not recorded'} -> {is_now or 'not recorded'}"
    for measured in _only_in(after.measurements, before.measurements):
        yield f"{MEASURED}{_body_words(measured, before, formula)}"
    for measured in _only_in(before.measurements, after.measurements):
        if measured.date not in {one.date for one in after.measurements}:
            yield f"measurement taken back: {_body_words(measured, None, formula)}"
    for what, were, are in _facts(_but_for_ends(before, after), after):
        yield from (f"{what}: {words}" for words in _only_in(are, were))
        yield from (f"{what} taken back: {words}" for words in _only_in(were, are))


def _but_for_ends(before: Patient, after: Patient) -> Patient:
    """Without the medicines that only end on another day: they are told with their new end, and not taken back."""
    known = {(one.agent, one.start) for one in after.co_medications}
    kept = (one for one in before.co_medications if one in after.co_medications or (one.agent, one.start) not in known)
    return replace(before, co_medications=tuple(kept))


def _who(one: Patient) -> tuple[str, str, str, str]:
    return one.display_name, clinical_date(one.birth_date), one.sex, one.diagnosis


def _facts(before: Patient, after: Patient) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    """What else is known of a person: its kind, and the lines before and after."""

    def lines(one: Patient) -> tuple[tuple[str, Sequence[str]], ...]:
        return (
            ("result", [_result_words(lab) for lab in one.labs]),
            ("medicine", [_medicine_words(medicine) for medicine in one.co_medications]),
            ("marker", [f"{name} {value}" for name, value in one.markers]),
            ("allergy", one.allergies),
            ("given before", [_exposure_words(past) for past in one.prior_exposures]),
        )

    for (what, were), (_, are) in zip(lines(before), lines(after), strict=True):
        yield what, were, are


def _body_words(one: Measurement, before: Patient | None, formula: str) -> str:
    """The body on its day, and how far its surface is from the one that doses of that day followed before."""
    surface = one.surface(formula)
    was = before.measurement_on(one.date) if before and before.measurements else None
    size = f"{format_number(surface)} m2"
    if was and (old := was.surface(formula)) != surface:
        percent = ((surface - old) * 100 / old).quantize(Decimal("0.1"))
        size = f"{format_number(old)} -> {size}, {percent:+} %"
    stay = "" if one.for_doses else "; doses do not follow it"
    body = f"{format_number(one.height_cm)} cm, {format_number(one.weight_kg)} kg"
    return f"{body} on {clinical_date(one.date)} ({size}){stay}"


def _result_words(one: LabResult) -> str:
    amount = format_amount(one.value, one.unit)
    if one.unit == "grade":
        amount = f"grade {format_number(one.value)}"
    return f"{fact_name(one.code)} {amount} on {clinical_date(one.date)}"


def _exposure_words(one: PriorExposure) -> str:
    until = f" until {clinical_date(one.until)}" if one.until else ""
    return f"{one.agent} {format_amount(one.dose, one.unit)}{until}"


def _medicine_words(one: CoMedication) -> str:
    until = f" to {clinical_date(one.end)}" if one.end else ", no end yet"
    return f"{one.agent} from {clinical_date(one.start)}{until}"


def _only_in(some: Sequence[Item], others: Sequence[Item]) -> Iterator[Item]:
    """What only the first has, in its order."""
    known = set(others)
    return (one for one in some if one not in known)
