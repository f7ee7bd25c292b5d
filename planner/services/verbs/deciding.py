"""Decisions: taken, opened again, and followed as what-if beside the plan."""

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from planner.assembly.calendar import in_words
from planner.errors import Refusal
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import SEVERITIES, FindingStatus
from planner.model.library import Library
from planner.model.plan import DecisionTaken, Plan, Reopening
from planner.model.protocol import Choice
from planner.model.schedule import OpenDecision
from planner.model.sentence import Sentence
from planner.model.site import Site
from planner.services.evaluation import evaluate, pinned_protocol
from planner.services.verbs.lasting import lost, refuse_redrawing
from planner.services.verbs.placing import protocol_of, take_decision
from planner.services.verbs.refusing import refused_name

EARLY = 14
"""Days before the course asks a question from which its answer is questioned."""
FOLLOWED_ON = date(2000, 1, 1)
"""The date of an answer nobody gave; a what-if is never kept."""


class Branch(Struct, frozen=True):
    """The plan as it would be under one answer. `is_drawn` marks the answer the plan itself is drawn with."""

    choice: Choice
    evaluated: EvaluatedPlan
    is_drawn: bool

    @property
    def ends(self) -> int:
        """The ordinal of the last day of the last block; 0 for an empty schedule."""
        return max((block.end - 1 for block in self.evaluated.schedule.blocks), default=0)

    @property
    def findings(self) -> Mapping[str, int]:
        """Open findings by severity."""
        opened = [one.severity for one in self.evaluated.findings if one.status is FindingStatus.OPEN]
        return {severity: opened.count(severity) for severity in SEVERITIES}


def reopen(plan: Plan, group: str, decision: str, reason: str, by: str, on: date) -> Plan:
    """Open a decision again; what hangs on it is provisional as before. The earlier answer is kept with the reason.

    What was given stays as recorded where the answer expected has no place for it: `without_place` tells it, to be
    asked, and `other_answers` which answers keep it. Refuses a decision that is not taken, empty words, and where a
    given dose would be drawn as another drug.
    """
    taken = next((one for one in plan.decisions if (one.group, one.decision) == (group, decision)), None)
    if taken is None:
        known = [one.decision for one in plan.decisions if one.group == group]
        raise refused_name("{group} has no decision taken named {name}; it has {known}", decision, known, group=group)
    if not reason.strip() or not by.strip():
        raise Refusal("to open a decision again takes a reason and a name", "no reason")
    past = Reopening(group, decision, taken.choice, on, by, reason)
    others = tuple(one for one in plan.decisions if one != taken)
    opened = replace(plan, decisions=others, reopened=(*plan.reopened, past))
    refuse_redrawing(plan, opened, Sentence("{decision} opened again", decision=decision))
    return opened


def branches(evaluated: EvaluatedPlan, library: Library, site: Site, group: str, decision: str) -> tuple[Branch, ...]:
    """The plan under each answer of a decision, in the protocol's order. Other decisions stay as they are.

    Refuses a placement or decision that does not exist.
    """
    plan = evaluated.plan
    protocols = {pin.sha256: pinned_protocol(pin.text) for pin in plan.pins}
    protocol = protocol_of(plan, protocols, group)
    template = next((one for one in protocol.decisions if one.id == decision), None)
    if template is None:
        known = [one.id for one in protocol.decisions]
        raise refused_name("{protocol} has no decision {name}; it has {known}", decision, known, protocol=protocol.id)
    made = next((one for one in plan.decisions if (one.group, one.decision) == (group, decision)), None)
    drawn = made.choice if made else template.expected
    found = []
    for choice in template.choices:
        if made and choice.id == made.choice:
            found.append(Branch(choice, evaluated, is_drawn=True))
            continue
        answer = DecisionTaken(group, decision, choice.id, made.on if made else FOLLOWED_ON, "what-if")
        what_if = take_decision(plan, protocol, answer)
        found.append(Branch(choice, evaluate(what_if, library, site), choice.id == drawn))
    return tuple(found)


def unasked(evaluated: EvaluatedPlan) -> Iterator[OpenDecision]:
    """The open questions on which blocks hang and that no block puts: their phase is not on the plan.

    Of a course begun elsewhere the induction is not here, and its response decides on all that is. They have no
    `block`; their day is the first one of what hangs on them.
    """
    plan, seen = evaluated.plan, set[tuple[str, str]]()
    on_plan = {(block.group, block.phase) for block in plan.blocks}
    answered = {(one.group, one.decision) for one in plan.decisions}
    for block in evaluated.schedule.blocks:
        protocol, clauses = block.protocol, block.phase.only_if.clauses
        for one in protocol.decisions if protocol else ():
            key = (block.group, one.id)
            asks = any(clause.subject == f"decision.{one.id}" for clause in clauses)
            if asks and (block.group, one.phase) not in on_plan and key not in answered | seen:
                seen.add(key)
                yield OpenDecision(block.group, one, "", block.start, None)


def unasked_words(evaluated: EvaluatedPlan) -> Iterator[str]:
    """Each of these questions in a line, with how it is answered."""
    phases = {
        (block.group, phase.id): phase
        for block in evaluated.schedule.blocks
        if block.protocol
        for phase in block.protocol.phases
    }
    for group, one in ((each.group, each.decision) for each in unasked(evaluated)):
        answers = ", ".join(choice.id for choice in one.choices)
        yield (
            f"provisional until it is answered, because {phases[group, one.phase].title} is not on the plan: "
            f"{one.question} Say it with plan decide: {one.id}=… ({answers})"
        )


def find_decision(evaluated: EvaluatedPlan, decision: str, group: str = "") -> OpenDecision:
    """The decision of that name on the schedule, else one that no block puts (see `unasked`).

    Refuses where there is none, or several and no group is said.
    """
    named = [one for one in evaluated.schedule.decisions if one.decision.id == decision]
    named = named or [one for one in unasked(evaluated) if one.decision.id == decision]
    found = {one.group: one for one in named if group in ("", one.group)}
    if not found:
        _refuse_not_asked(evaluated, decision, group)
        known = [one.decision.id for one in evaluated.schedule.decisions]
        raise refused_name("the plan has no decision {name}; it has {known}", decision, known)
    if len(found) > 1:
        raise Refusal(
            "several placements have the decision {decision}: {known}; say which",
            "several",
            decision=decision,
            known=", ".join(found),
        )
    return next(iter(found.values()))


def _refuse_not_asked(evaluated: EvaluatedPlan, decision: str, group: str) -> None:
    """Say of a question that the plan does not put by now under which answers it would be."""
    for block in evaluated.schedule.blocks:
        protocol = block.protocol
        if protocol is None or group not in ("", block.group):
            continue
        for one in protocol.decisions:
            if one.id == decision and one.when:
                when = in_words(one.when, protocol)
                raise Refusal(
                    "{decision} is not asked as the plan stands; it is if {when}",
                    "not asked",
                    decision=decision,
                    when=when,
                )


def other_answers(plan: Plan, group: str, decision: str) -> tuple[str, ...]:
    """The other answers of a decision that is taken under which all that was given has its place."""
    taken = next(one for one in plan.decisions if (one.group, one.decision) == (group, decision))
    protocols = {pin.sha256: pinned_protocol(pin.text) for pin in plan.pins}
    protocol = protocol_of(plan, protocols, group)
    choices = next(one.choices for one in protocol.decisions if one.id == decision)
    return tuple(
        one.id
        for one in choices
        if one.id != taken.choice
        and not lost(plan, take_decision(plan, protocol, replace(taken, choice=one.id)), protocols)
    )
