"""Do in the next block, and in all that follow, what was done to a drug in one block alone."""

from collections.abc import Iterator

from msgspec.structs import replace

from planner.checking.fixes.case import Case
from planner.checking.kinds.as_before import again
from planner.model.finding import Fix
from planner.model.plan import Scope
from planner.model.sentence import Sentence


def propose(case: Case) -> Iterator[Fix]:
    """The same change of the finding's drug, from its first dose in a later block on."""
    named = set(case.finding.orders)
    for found in again(case.wanted, case.context()):
        first = min(found.firsts, key=lambda event: event.day)
        if first.placed.id in named:
            placed = first.placed
            change = replace(
                found.change, block=placed.block.id, cycle=placed.cycle, day=first.cycle_day, order=placed.order.id,
                scope=Scope.ALL, note=f"{case.rule.id}: as before it",
            )  # fmt: skip
            title = Sentence("Do the same from {dose} on, in all later blocks", dose=first.label)
            yield Fix("same-again", title, changes=(change,))
