"""Draw what goes on without an end on, as far as the plan goes."""

from collections.abc import Iterator

from planner.checking.fixes.case import Case
from planner.checking.kinds.open_end import last_day
from planner.model.civil import weekday_date
from planner.model.finding import DrawnOn, Fix
from planner.model.sentence import Sentence


def propose(case: Case) -> Iterator[Fix]:
    """The block of the finding in whole cycles to the last day of the plan."""
    block = case.subjects[0].block
    cycles = case.context().judged_cycles(case.wanted.agents, case.rule.protocols)
    until = max(last_day(cycle, case.wanted.agents) for cycle, _ in cycles)
    title = Sentence("Draw {block} on to {day}", block=block.title, day=weekday_date(until))
    yield Fix(f"draw-on:{block.id}", title, longer=(DrawnOn(block.id, until),))
