"""What people recorded between two states of a plan, in words: doses given, decisions, what is known of the patient.

It moves no date by itself, so a list of what moves would be silent about it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from planner.model.civil import clinical_date, weekday_date
from planner.model.day_words import run_words
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import CourseChange, DecisionTaken, GivenRecord, PatientChange, Plan
from planner.model.quantity import format_amount
from planner.model.schedule import OpenDecision
from planner.services.patient_words import only_in, patient_words
from planner.services.telling.drugs_given import records_as_given
from planner.services.telling.late_answers import late_answers


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
    return tuple(only_in(after.course_changes, before.course_changes))


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
    """The records that only the first has, with the drugs that were given and the blocks by their titles."""
    found = records_as_given(tuple(only_in(some.plan.given, others.plan.given)), some.plan, some.schedule)
    titles = {block.id: block.title for block in some.schedule.blocks}
    alone = {title for title, count in Counter(titles.values()).items() if count == 1}
    named = {block: title for block, title in titles.items() if title in alone}
    return tuple(replace(one, block=named.get(one.block, one.block)) for one in found)


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
