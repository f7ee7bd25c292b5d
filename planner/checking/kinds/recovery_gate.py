"""recovery_gate: treatment that begins or goes on although what its protocol waits for is not there."""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from planner.checking.context import Context
from planner.checking.facts import Results, as_recorded, lacks, not_told, without
from planner.checking.hits import Hit, named
from planner.checking.known import Known
from planner.checking.reach import Reach
from planner.checking.unknowns import Unknowns
from planner.checking.view import Cycle
from planner.model.cycle_content import State
from planner.model.fact_words import fact_words
from planner.model.gate import START_GATE, asked_by
from planner.model.protocol import TemplateAssessment, TemplateOrder
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_state import RecoveryGate
from planner.model.rule_values import Selector, Selectors
from planner.model.schedule import Event

EXAMINED: Selectors = (Selector("assessment", ""), Selector("procedure", ""))
"""Everything that is examined or done: its name holds these words, which are none."""


class _Wait(NamedTuple):
    """What a day waits for, as the protocol words it, and the first dose that comes with or behind it."""

    check: Event
    gate: str
    dose: Event


def reach(wanted: RecoveryGate, known: Known) -> Reach:  # noqa: ARG001 all reaches alike
    """The cycle itself, with what is examined in it."""
    return Reach(wanted.agents, (EXAMINED,), doses=False)


def find(rule: SequencingRule, wanted: RecoveryGate, context: Context) -> Iterator[Hit]:
    """One hit for each wait that was not waited; one for all of which it cannot be told."""
    unknowns = Unknowns()
    for cycle, _ in context.judged_cycles(wanted.agents, rule.protocols):
        for wait in _waits(cycle, wanted.agents):
            asked, day = asked_by(wait.gate), wait.dose.day
            subjects = tuple(clause.subject for clause in asked.clauses)
            old = context.old_results(day, wanted.within_days, subjects)
            facts = without(context.facts(day), old, subjects)
            if asked.holds(facts) is False:
                yield _broken(wait, subjects, context)
            elif missing := asked.unknown(facts):
                unknowns.add((day,), lacks(missing, old), partial(_unknown, wait, missing, old, wanted))
    yield from unknowns.hits()


def _waits(cycle: Cycle, agents: Selectors) -> Iterator[_Wait]:
    """What the cycle waits for. A check that was left out is not waited for any more."""
    for check in cycle.piece.series(EXAMINED, cycle.meaning).events:
        gate = _gate(check)
        doses = cycle.piece.series(agents, cycle.meaning).events if gate else ()
        first = next((one for one in doses if one.cycle_day >= check.cycle_day and _follows(one)), None)
        if first is not None:
            yield _Wait(check, gate, first)


def _gate(check: Event) -> str:
    """What somebody wrote that is waited for with a check; empty where nothing is."""
    order = check.placed.order
    if order.id == START_GATE:
        return check.placed.block.phase.start.gate
    return order.gate if isinstance(order, TemplateAssessment) else ""


def _follows(dose: Event) -> bool:
    """Whether it waits with its cycle: not on hold, and no drug that goes through whatever the cycle does."""
    order = dose.placed.order
    return dose.state is not State.HELD and isinstance(order, TemplateOrder) and not order.runs_through


def _what(wait: _Wait) -> str:
    check = wait.check
    title = check.placed.block.title
    return title if check.placed.order.id == START_GATE else f"Day {check.cycle_day} of {title}"


def _broken(wait: _Wait, subjects: tuple[str, ...], context: Context) -> Hit:
    day = wait.dose.day
    facts, asked = context.facts(day), dict.fromkeys(subjects)
    state = "; ".join(as_recorded(subject, facts.get(subject), day, context) for subject in asked)
    bare = "; ".join(fact_words(subject, facts.get(subject)) for subject in asked)
    return Hit(
        f"{_what(wait)} waits for {wait.gate}; the patient: {state}. First dose behind it: {named(wait.dose)}.",
        (wait.dose,),
        (("waits for", wait.gate), ("is", state)),
        f"{bare}; waits for {wait.gate}",
        key=wait.check.placed.id,
    )


def _unknown(wait: _Wait, missing: tuple[str, ...], old: Results, wanted: RecoveryGate) -> Hit:
    told = not_told(missing, old, wanted.within_days)
    return Hit(
        f"{_what(wait)} waits for {wait.gate}; {told}. First dose behind it: {named(wait.dose)}.",
        (wait.dose,),
        (("waits for", wait.gate), ("not known", told)),
    )
