"""All proposals for one finding, the gentlest kinds first."""

from collections.abc import Callable, Iterator, Mapping

from planner.checking.fixes import (
    add_order,
    as_before,
    cover,
    draw_on,
    examine,
    leave_out,
    lower_dose,
    move_block,
    move_cycle,
    move_day,
    raise_rescue,
    stop_drug,
)
from planner.checking.fixes.case import Case
from planner.model.agent import Agent
from planner.model.finding import Finding, FindingStatus, Fix
from planner.model.plan import Plan
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import Companion
from planner.model.schedule import Schedule

MOVES = (move_day.propose, move_cycle.propose, move_block.propose)


def _apart(case: Case) -> Iterator[Fix]:
    """Two medicines of the plan put on other days. What a patient takes beside it works on when a dose moves."""
    if dict(case.finding.inputs).get("together with", "").endswith(" of the plan"):
        for propose in MOVES:
            yield from propose(case)


def _with_the_graft(case: Case) -> Iterator[Fix]:
    """A block put where what it counts from stands: cyclophosphamide after a graft that came another day."""
    if isinstance(case.wanted, Companion) and case.wanted.nearest_within_days:
        yield from move_block.propose(case)


def _beside_the_graft(case: Case) -> Iterator[Fix]:
    """Moves, but of nothing that clashes with the block of a graft, from which days are counted."""
    if not any(case.grafts(subject.block.id) for subject in case.subjects):
        for propose in MOVES:
            yield from propose(case)


def _off_barred_days(case: Case) -> Iterator[Fix]:
    """Support left out, treatment on another day. A block whose own days are barred counts from a graft and stays."""
    if leave_out.is_all_support(case):
        yield from leave_out.propose_support(case)
    elif any(subject.block.protocol_id in case.rule.protocols for subject in case.subjects):
        if not any(case.grafts(subject.block.id) for subject in case.subjects):
            yield from move_day.propose(case)
    else:
        yield from _beside_the_graft(case)


KINDS_OF_FIXES: Mapping[str, tuple[Callable[[Case], Iterator[Fix]], ...]] = {
    "minimum_interval": (*MOVES, leave_out.propose_second),
    "maximum_interval": MOVES,
    "cycle_interval": MOVES,
    "weekdays": MOVES,
    "not_within": (*MOVES, leave_out.propose_support),
    "same_day": (*MOVES, leave_out.propose_support),
    "order_of_agents": MOVES,
    "window_after": MOVES,
    "barred_days": (_off_barred_days,),
    "cycle_shape": (*MOVES, examine.propose_in_shape),
    "closed_days": MOVES,
    "duplicate": (leave_out.propose_twice, _beside_the_graft),
    "companion": (_with_the_graft, add_order.propose, examine.propose_beside, cover.propose_medicine),
    "cover_span": (cover.propose,),
    "facts_recorded": (examine.propose_before,),
    "assessment_before_decision": (examine.propose_for_decision,),
    "cycle_count": (stop_drug.propose_beyond,),
    "after_event": (lower_dose.propose, stop_drug.propose_after),
    "after_hold": (lower_dose.propose,),
    "after_level": (raise_rescue.propose,),
    "as_before": (as_before.propose,),
    "interaction": (_apart, leave_out.propose_support),
    "cumulative_dose": (leave_out.propose_beyond,),
    "dose_limit": (lower_dose.propose,),
    "open_end": (draw_on.propose,),
    "reduced_dose": (lower_dose.propose,),
}
"""What may end the findings of each kind of rule. There is none for a missing input, nor where somebody has to decide
about treatment: README.md beside the rules has the list.
"""
OF_DATES = frozenset(
    {
        *MOVES,
        _apart,
        _beside_the_graft,
        _off_barred_days,
        _with_the_graft,
        leave_out.propose_second,
        leave_out.propose_support,
    }
)

MOST_HITS = 8
"""A longer series is no slip of dates: the course itself has to be thought over."""


def proposals(
    finding: Finding, rule: SequencingRule, plan: Plan, schedule: Schedule, agents: Mapping[str, Agent]
) -> Iterator[Fix]:
    """What could end an open finding. Nothing for what only lacks an input, or somebody let stand."""
    kinds = KINDS_OF_FIXES.get(rule.kind, ())
    if not kinds or finding.status is not FindingStatus.OPEN or not finding.orders:
        return
    case = Case(finding, rule, plan, schedule, agents)
    for propose in kinds:
        if finding.count <= MOST_HITS or propose not in OF_DATES:
            yield from propose(case)
