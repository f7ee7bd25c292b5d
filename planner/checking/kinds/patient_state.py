"""patient_state: a treatment that only fits a patient in a certain state."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from planner.checking.context import Context
from planner.checking.facts import Results, as_recorded, lacks, left_to_it, not_told, without
from planner.checking.hits import Hit, named
from planner.checking.known import Known, span_text
from planner.checking.meaning import Who
from planner.checking.reach import Reach
from planner.checking.unknowns import Unknowns
from planner.model.condition import Fact
from planner.model.cycle_content import State
from planner.model.fact_words import condition_words, fact_words
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_state import PatientState
from planner.model.schedule import Event


def reach(wanted: PatientState, known: Known) -> Reach | None:
    """The dose itself; but which one is the first of the plan, and what is taken beside it, take the whole plan."""
    if wanted.co_medications and known.spans(wanted.agents):
        return None
    if wanted.doses_a_day or wanted.scope not in ("each dose", "first dose of cycle"):
        return None
    others = (wanted.but_not,) if wanted.but_not else ()
    return Reach(wanted.agents, others, len(others), len(others), doses=False)


def find(rule: SequencingRule, wanted: PatientState, context: Context) -> Iterator[Hit]:
    """One hit for each cycle (or dose) that meets a patient in another state; one for all in an unknown one."""
    unknowns = Unknowns()
    conditions = (wanted.must, wanted.only_where, wanted.contraindicated_where)
    subjects = tuple(dict.fromkeys(clause.subject for one in conditions for clause in one.clauses))
    states: dict[int, _State] = {}  # by the time in which nothing about the patient changes
    for event in left_to_it(_subjects(rule, wanted, context), wanted.but_not, context):
        passed_over = context.old_results(event.day, wanted.within_days, subjects)
        known, era = context.facts(event.day), context.known.era_unnoted(event.day)
        state = None if passed_over else states.get(era)
        if state is None:
            state = _state(without(known, passed_over, subjects), wanted)
            if not passed_over:
                states[era] = state
        if not state.asked:
            continue
        if state.broken:
            yield _of_unknown_dose(_broken(event, state.facts, wanted, context), event, wanted, context)
        elif wanted.unrecorded == "cannot check":
            old = {**context.old_results(event.day, wanted.clears_for_days, subjects), **passed_over}
            missing = _missing(without(state.facts, old, subjects), wanted) if old else state.missing
            if missing:
                named_so = lacks(missing, old)
                unknowns.add((event.day,), named_so, partial(_unknown, event, missing, old, wanted, context))
            elif wanted.look_again:
                yield _undated(event, state.facts, wanted)
    yield from unknowns.hits()
    if wanted.co_medications:
        yield from _beside(wanted, subjects, context)


class _State(NamedTuple):
    """What the rule makes of what is known on a day: whether it asks, whether that breaks it, what it lacks."""

    facts: Mapping[str, Fact]
    asked: bool
    broken: bool
    missing: tuple[str, ...]


def _state(facts: Mapping[str, Fact], wanted: PatientState) -> _State:
    asked = not wanted.only_where or wanted.only_where.holds(facts) is not False
    broken = asked and wanted.must.holds(facts) is False
    return _State(facts, asked, broken, _missing(facts, wanted) if asked and not broken else ())


def _missing(facts: Mapping[str, Fact], wanted: PatientState) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*wanted.only_where.unknown(facts), *wanted.must.unknown(facts))))


def _of_unknown_dose(hit: Hit, event: Event, wanted: PatientState, context: Context) -> Hit:
    """The hit; as one that cannot be told where nobody knows whether the dose is large enough to be meant."""
    one = event.placed
    bound = context.known.meaning.bound(wanted.agents, Who(one.agent, one.route, one.role))
    if not bound or (event.dose is not None and event.dose.per_m2 is not None):
        return hit
    told = f"{hit.message.removesuffix('.')}. Whether it is {bound:,} mg/m2 or more is not known."
    return hit._replace(message=told, missing=("dose per m2",), severity="")


def _beside(wanted: PatientState, subjects: Sequence[str], context: Context) -> Iterator[Hit]:
    """One hit for each other medicine of `agents` that does not fit, or of which that is not known."""
    asked = condition_words(wanted.must)
    for span in context.spans(wanted.agents):
        facts = context.facts(span.start)
        missing = wanted.must.unknown(facts) if wanted.unrecorded == "cannot check" else ()
        if missing or wanted.must.holds(facts) is False:
            state = "; ".join(fact_words(subject, facts.get(subject)) for subject in subjects)
            told = not_told(missing, {}, None) if missing else f"the patient: {state}"
            yield Hit(
                f"{span_text(span)} is taken; {told}; asked for: {asked}.",
                (),
                (("medicine", span_text(span)), ("asked for", asked), ("not known" if missing else "is", told)),
                f"{told}; asked for: {asked}",
                missing=missing,
                key=f"beside {span.agent}",
            )


def _subjects(rule: SequencingRule, wanted: PatientState, context: Context) -> Sequence[Event]:
    if wanted.scope == "each dose":  # one on hold is not given in this state
        doses = [one for one in context.judged_events(wanted.agents, rule.protocols) if one.state is not State.HELD]
        return _so_many_a_day(doses, rule, wanted, context)
    if wanted.scope == "first dose":
        first = context.first(wanted.agents, rule.protocols)
        return [first] if first else []
    firsts = context.first_judged(wanted.agents, rule.protocols)
    return firsts[1:] if wanted.scope == "first dose of later cycles" else firsts


def _so_many_a_day(
    doses: Sequence[Event], rule: SequencingRule, wanted: PatientState, context: Context
) -> Sequence[Event]:
    """Those of days with one dose of the agents, or with several; all where it does not matter."""
    if not wanted.doses_a_day:
        return doses
    of_day = context.series(wanted.agents, rule.protocols).on
    return [one for one in doses if (len(of_day(one.day)) > 1) == (wanted.doses_a_day == "several")]


def _unknown(event: Event, missing: tuple[str, ...], old: Results, wanted: PatientState, context: Context) -> Hit:
    where = f", where {condition_words(wanted.only_where)}" if wanted.only_where else ""
    asked = f"{condition_words(wanted.must)}{where}"
    told = not_told(missing, old, _age(wanted), facts=context.facts(event.day))
    return Hit(
        f"{named(event)}: {told}; asked for: {asked}.",
        (event,),
        (("asked for", asked), ("not known", told)),
    )


def _age(wanted: PatientState) -> int | None:
    """After how many days a result tells nothing."""
    return wanted.clears_for_days if wanted.within_days is None else wanted.within_days


def _undated(event: Event, facts: Mapping[str, Fact], wanted: PatientState) -> Hit:
    state = "; ".join(fact_words(one.subject, facts.get(one.subject)) for one in wanted.must.clauses)
    return Hit(
        f"{named(event)}: {state} is recorded once, without a date. Look again before each dose.",
        (event,),
        (("asked for", condition_words(wanted.must)), ("is", f"{state}, without a date")),
        f"{state}: of which day, nobody recorded",
        severity="advice",
        key="look again",
    )


def _broken(event: Event, facts: Mapping[str, Fact], wanted: PatientState, context: Context) -> Hit:
    barred = bool(wanted.contraindicated_where) and wanted.contraindicated_where.holds(facts) is True
    told = (*wanted.must.clauses, *(wanted.contraindicated_where.clauses if barred else ()))
    subjects = dict.fromkeys(one.subject for one in told)
    state = "; ".join(as_recorded(subject, facts.get(subject), event.day, context) for subject in subjects)
    bare = "; ".join(fact_words(subject, facts.get(subject)) for subject in subjects)
    asked = condition_words(wanted.must)
    stands = "was given" if event.state is State.GIVEN else "is planned"
    return Hit(
        f"{named(event)} {stands}; the patient: {state}.",
        (event,),
        (("asked for", asked), ("is", state)),
        f"{bare}; asked for: {asked}",
        severity="contraindicated" if barred else "",
    )
