"""What an author may have meant otherwise: answers, exemptions and cycles without use, windows that reach too far."""

from collections.abc import Collection, Iterator
from itertools import pairwise

from planner.model.condition import Clause
from planner.model.protocol import Phase, Protocol, TemplateAssessment, TemplateDecision, TemplateOrder


def idle_answers(protocol: Protocol) -> tuple[str, ...]:
    """Decisions whose answer changes nothing, and answers that no condition of the file lets anything stand under.

    Behind an answer that leads out of the protocol every sheet of a plan ends, as if treatment were over.
    """
    clauses = tuple(_clauses(protocol))
    return tuple(told for one in protocol.decisions for told in _idle(one, clauses))


def wide_windows(protocol: Protocol) -> tuple[str, ...]:
    """Orders whose window lets one dose fall on the day of the next, or behind it."""
    return tuple(
        f"phase {phase.id}, order {order.id}: its window lets the dose of day {first} fall on day {second} or later, "
        f"where its next one stands"
        for phase in protocol.phases
        for order in phase.orders
        for first, second in _reached(order)
    )


def idle_cycles(protocol: Protocol) -> tuple[str, ...]:
    """What stands in no cycle that the course places: it is drawn in no plan unless somebody adds that cycle.

    Phases outside of the course are placed by hand and have all their cycles.
    """
    placed: dict[str, set[int]] = {}
    for step in protocol.course:
        placed.setdefault(step.phase, set()).update(step.cycles)
    kinds = ((phase, kind, one) for phase in protocol.phases for kind, one in _parts(phase))
    told = [
        f"phase {phase.id}, {kind} {one.id}: the course places no cycle of it ({', '.join(map(str, one.cycles))})"
        for phase, kind, one in kinds
        if one.cycles and phase.id in placed and placed[phase.id].isdisjoint(one.cycles)
    ]
    told += [
        f"decision {one.id}: asked after cycle {one.cycle} of {one.phase}, which the course does not place"
        for one in protocol.decisions
        if one.phase in placed and one.cycle not in placed[one.phase]
    ]
    return tuple(told)


def _parts(phase: Phase) -> Iterator[tuple[str, TemplateOrder | TemplateAssessment]]:
    yield from (("order", one) for one in phase.orders)
    yield from (("examination", one) for one in phase.assessments)


def idle_exemptions(protocol: Protocol, rules: Collection[str]) -> tuple[str, ...]:
    """Exemptions from a rule that is in no file: nothing is exempted."""
    return tuple(
        f"exemptions: there is no rule {rule}, so nothing is exempted"
        for rule, _ in protocol.exemptions
        if rule not in rules
    )


def _clauses(protocol: Protocol) -> Iterator[Clause]:
    for phase in protocol.phases:
        for condition in (phase.only_if, *(one.when for one in phase.ends)):
            yield from condition.clauses
        yield from (clause for one in phase.assessments for clause in one.when.clauses)
        for order in phase.orders:
            yield from order.when.clauses
            yield from (clause for band in order.bands for clause in band.when.clauses)
    yield from (clause for one in protocol.decisions for clause in one.when.clauses)


def _idle(decision: TemplateDecision, clauses: tuple[Clause, ...]) -> Iterator[str]:
    subject = f"decision.{decision.id}"
    about = [clause for clause in clauses if clause.subject == subject]
    if not about:
        yield f"decision {decision.id}: no condition asks for its answer, so each of them leaves the plan as it is"
        return
    for choice in decision.choices:
        if not any(clause.holds({subject: choice.id}) for clause in about):
            yield (
                f"decision {decision.id}, answer {choice.id}: nothing stands under it; where it leads out of the "
                f'protocol, a phase with only_if = "{subject} = {choice.id}" keeps the plan from ending there'
            )


def _reached(order: TemplateOrder) -> Iterator[tuple[int, int]]:
    """The first two days, more than one day apart, of which a window makes one reach the other."""
    reach = order.window.later
    pairs = (
        (one, two) for one, two in pairwise(order.days.numbers) if 1 < two - one <= max(reach, order.window.earlier)
    )
    yield from list(pairs)[:1]
