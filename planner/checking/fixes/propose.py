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
from planner.checking.meaning import Who
from planner.model.agent import Agent
from planner.model.finding import Finding, FindingStatus, Fix
from planner.model.plan import Addition, Deferral, Examination, Given, Plan, Scope
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import Companion, OrderOfAgents
from planner.model.rule_kinds_course import DayZero, WindowAfter
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


def _days_moved(fix: Fix) -> list[int]:
    """By how many days the fix moves what it moves."""
    deferred = (one.days for one in fix.changes if isinstance(one, Deferral))
    return [*deferred, *(one.days for one in fix.moves)]


def _towards_the_window(case: Case) -> Iterator[Fix]:
    """Moves of a dose into its window: one that comes too late is put off no more, nor is one too early brought on."""
    wanted = case.wanted
    if any(case.grafts(subject.block.id) for subject in case.subjects):
        return  # the day of a graft is the donor's
    days = case.finding.days
    late = isinstance(wanted, WindowAfter) and days[-1] - days[0] > wanted.at_most.days
    for propose in (move_day.propose_earlier if late else move_day.propose_later, *MOVES[1:]):
        yield from (fix for fix in propose(case) if all((one < 0) is late for one in _days_moved(fix)))


def _later(case: Case) -> Iterator[Fix]:
    """What should come second is put off. Nothing is brought forward: before it lies what its course begins with."""
    wanted: OrderOfAgents = case.wanted
    seconds = {
        (subject.block.id, event.cycle_day)
        for subject in case.subjects
        for event in subject.events
        if case.means(wanted.second, Who(event.placed.agent, event.placed.route, event.placed.role))
    }
    blocks = {block for block, _ in seconds}
    for propose in (move_day.propose_later, *MOVES[1:]):
        for fix in propose(case):
            days = [(one.block, one.day) for one in fix.changes if isinstance(one, Deferral) and one.scope is Scope.DAY]
            moved = {one.block for one in (*fix.changes, *fix.moves)}
            if seconds.issuperset(days) and blocks >= moved and all(one > 0 for one in _days_moved(fix)):
                yield fix


def _to_the_cells(case: Case) -> Iterator[Fix]:
    """A block put where the cells stand that its days are counted from, not out of their sight."""
    if isinstance(case.wanted, DayZero) and case.wanted.counts_from:
        found = sorted(move_block.propose(case), key=lambda fix: abs(_days_moved(fix)[0]))
        yield from found[:1]


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
    "order_of_agents": (_later,),
    "window_after": (_towards_the_window,),
    "day_zero": (_to_the_cells,),
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
        _later,
        _off_barred_days,
        _to_the_cells,
        _towards_the_window,
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
            yield from (fix for fix in propose(case) if not _adds_to_the_past(fix, plan, schedule))


def _adds_to_the_past(fix: Fix, plan: Plan, schedule: Schedule) -> bool:
    """Whether it would plan something on a day before one of which somebody recorded what was given."""
    last = max((one.on for one in plan.given if one.on and one.status is Given.GIVEN), default=None)
    added = [one for one in fix.changes if isinstance(one, Addition | Examination)]
    return last is not None and any(
        cycle.start + block.phase.offset(day) < last.toordinal()
        for one in added
        for block in (schedule.block(one.block),)
        for cycle in block.cycles
        if cycle.number == one.cycle
        for day in one.days
    )
