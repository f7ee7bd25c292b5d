"""Ids of orders and examinations that a fix adds: new ones in their block, and different from each other."""

from planner.checking.fixes.case import Case
from planner.model.plan import Addition, Examination


class Names:
    """The ids in use, by block, with those already handed out."""

    def __init__(self, case: Case) -> None:
        blocks = case.schedule.blocks
        self._taken = {(block.id, one.id) for block in blocks for one in block.phase.orders}
        self._taken |= {(block.id, one.id) for block in blocks for one in block.phase.assessments}
        self._taken |= {
            (one.block, one.order) for one in case.plan.modifications if isinstance(one, Addition | Examination)
        }

    def free(self, wanted: str, block: str) -> str:
        """The id, or the first like it with a number behind that is free in the block."""
        name, number = wanted, 2
        while (block, name) in self._taken:
            name, number = f"{wanted}-{number}", number + 1
        self._taken.add((block, name))
        return name
