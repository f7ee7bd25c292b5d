"""Draw what goes on without an end on, as far as the plan goes."""

from collections.abc import Iterator

from planner.checking.fixes.case import Case
from planner.checking.kinds.open_end import unseen
from planner.checking.view import NEVER
from planner.model.civil import weekday_date
from planner.model.finding import DrawnOn, Fix
from planner.model.sentence import Sentence


def propose(case: Case) -> Iterator[Fix]:
    """The block of the finding in whole cycles to the last day of the plan, or on which another medicine begins.

    Not where the plan gives the drug again later: whole cycles would reach into that.
    """
    named = set(case.finding.orders)
    for found in unseen(case.rule, case.wanted, case.context()):
        block = found.event.placed.block
        if found.event.placed.id in named and found.again == NEVER:
            title = Sentence("Draw {block} on to {day}", block=block.title, day=weekday_date(found.until))
            yield Fix(f"draw-on:{block.id}", title, longer=(DrawnOn(block.id, found.until),))
