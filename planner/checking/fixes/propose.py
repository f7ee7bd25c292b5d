"""All proposals for one finding, the gentlest kinds first."""

from collections.abc import Callable, Iterator, Mapping

from planner.checking.fixes import add_order, leave_out, lower_dose, move_block, move_cycle, move_day
from planner.checking.fixes.case import Case
from planner.model.agent import Agent
from planner.model.finding import Finding, FindingStatus, Fix
from planner.model.plan import Plan
from planner.model.rule import SequencingRule
from planner.model.schedule import Schedule

MOVES = (move_day.propose, move_cycle.propose, move_block.propose)
KINDS_OF_FIXES: Mapping[str, tuple[Callable[[Case], Iterator[Fix]], ...]] = {
    "minimum_interval": (*MOVES, leave_out.propose_second),
    "maximum_interval": MOVES,
    "cycle_interval": MOVES,
    "weekdays": MOVES,
    "not_within": (*MOVES, leave_out.propose_support),
    "same_day": (*MOVES, leave_out.propose_support),
    "order_of_agents": MOVES,
    "window_after": MOVES,
    "barred_days": MOVES,
    "cycle_shape": MOVES,
    "closed_days": MOVES,
    "duplicate": (leave_out.propose_twice, *MOVES),
    "companion": (add_order.propose,),
    "dose_limit": (lower_dose.propose,),
    "reduced_dose": (lower_dose.propose,),
}
"""What may end the findings of each kind of rule. There is none for a missing input, a sum over the course or an
interaction with what the patient takes: there somebody has to decide about treatment.
"""
OF_DATES = frozenset({*MOVES, leave_out.propose_second, leave_out.propose_support})

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
