"""patient_state: a treatment that only fits a patient in a certain state."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from planner.checking.context import Context
from planner.checking.facts import as_recorded
from planner.checking.hits import Hit, named, plural
from planner.checking.known import Known
from planner.checking.reach import Reach
from planner.checking.unknowns import Unknowns
from planner.model.condition import Condition, Fact
from planner.model.cycle_content import State
from planner.model.fact_words import condition_words, fact_words, names_of
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_state import PatientState
from planner.model.schedule import Event


def reach(wanted: PatientState, known: Known) -> Reach | None:  # noqa: ARG001 all reaches alike
    """The dose itself; but which one is the first of the plan takes the whole plan."""
    return Reach(wanted.agents, doses=False) if wanted.scope in ("each dose", "first dose of cycle") else None


def find(rule: SequencingRule, wanted: PatientState, context: Context) -> Iterator[Hit]:
    """One hit for each cycle (or dose) that meets a patient in another state; one for all in an unknown one."""
    unknowns = Unknowns()
    for event in _subjects(rule, wanted, context):
        facts = _facts(event.day, wanted, context)
        if wanted.only_where and wanted.only_where.holds(facts) is False:
            continue
        verdict = wanted.must.holds(facts)
        if verdict is False:
            yield _broken(event, facts, wanted, context)
        elif (verdict is None or _cannot_tell(wanted.only_where, facts)) and wanted.unrecorded == "cannot check":
            missing = tuple(dict.fromkeys((*wanted.only_where.unknown(facts), *wanted.must.unknown(facts))))
            unknowns.add((event.day,), missing, partial(_unknown, event, missing, wanted))
    yield from unknowns.hits()


def _subjects(rule: SequencingRule, wanted: PatientState, context: Context) -> Sequence[Event]:
    if wanted.scope == "each dose":  # one on hold is not given in this state
        return [one for one in context.judged_events(wanted.agents, rule.protocols) if one.state is not State.HELD]
    if wanted.scope == "first dose":
        first = context.first(wanted.agents, rule.protocols)
        return [first] if first else []
    firsts = context.first_judged(wanted.agents, rule.protocols)
    return firsts[1:] if wanted.scope == "first dose of later cycles" else firsts


def _cannot_tell(condition: Condition, facts: Mapping[str, Fact]) -> bool:
    return bool(condition) and condition.holds(facts) is None


def _facts(day: int, wanted: PatientState, context: Context) -> Mapping[str, Fact]:
    """The facts of the day, without results that are too old."""
    facts = context.facts(day)
    if wanted.within_days is None:
        return facts
    old = context.results_before(day, wanted.within_days)
    return {name: fact for name, fact in facts.items() if name not in old} if old else facts


def _unknown(event: Event, missing: tuple[str, ...], wanted: PatientState) -> Hit:
    age = f" in the {plural(wanted.within_days, 'day')} before" if wanted.within_days is not None else ""
    where = f", where {condition_words(wanted.only_where)}" if wanted.only_where else ""
    asked, names = f"{condition_words(wanted.must)}{where}", names_of(missing)
    return Hit(
        f"{named(event)}: {names} not recorded{age}; asked for: {asked}.",
        (event,),
        (("asked for", asked), ("not recorded", f"{names}{age}")),
    )


def _broken(event: Event, facts: Mapping[str, Fact], wanted: PatientState, context: Context) -> Hit:
    subjects = dict.fromkeys(one.subject for one in wanted.must.clauses)
    state = "; ".join(as_recorded(subject, facts.get(subject), event.day, context) for subject in subjects)
    barred = bool(wanted.contraindicated_where) and wanted.contraindicated_where.holds(facts) is True
    bare = "; ".join(fact_words(subject, facts.get(subject)) for subject in subjects)
    asked = condition_words(wanted.must)
    return Hit(
        f"{named(event)} is planned; the patient: {state}.",
        (event,),
        (("asked for", asked), ("is", state)),
        f"{bare}; asked for: {asked}",
        severity="contraindicated" if barred else "",
    )
