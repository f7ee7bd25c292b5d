"""The one undo command of the window: it swaps two evaluated plans that were both computed before it was pushed.

Nothing in redo or undo can fail, because an exception in redo would leave the command on the stack. There are no child
commands and no macros: PySide6 crashes on children. The command holds its document weakly: PySide6 also crashes where
the garbage collector has to take a stack and commands that point back to its owner apart.
"""

from collections.abc import Callable
from weakref import WeakMethod

from msgspec import Struct
from PySide6.QtGui import QUndoCommand

from planner.model.evaluated_plan import EvaluatedPlan

Assign = Callable[[EvaluatedPlan], None]


class Nudge(Struct, frozen=True):
    """What makes small moves of one block that follow each other a single step.

    `key` (> 0) names the block, `amount` is in days and adds up, `name` is the step's text for the sum.
    """

    key: int
    amount: int
    name: Callable[[int], str]


class ReplaceEvaluatedPlan(QUndoCommand):
    """One named edit.

    Nudges with the same key that follow each other become one step; where their sum leads back to the start, the step
    leaves the stack.
    """

    def __init__(
        self, assign: Assign, before: EvaluatedPlan, after: EvaluatedPlan, text: str, nudge: Nudge | None = None
    ) -> None:
        super().__init__(text)
        self._assign = WeakMethod(assign)
        self.before = before
        self.after = after
        self.nudge = nudge

    def redo(self) -> None:
        self._show(self.after)

    def undo(self) -> None:
        self._show(self.before)

    def id(self) -> int:
        return self.nudge.key if self.nudge else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, ReplaceEvaluatedPlan) or not self.nudge or not other.nudge:
            return False
        if self.nudge.key != other.nudge.key:
            return False
        self.after = other.after
        self.nudge = Nudge(self.nudge.key, self.nudge.amount + other.nudge.amount, self.nudge.name)
        self.setText(self.nudge.name(self.nudge.amount))
        self.setObsolete(self.before.plan == self.after.plan)
        return True

    def _show(self, evaluated: EvaluatedPlan) -> None:
        assign = self._assign()
        if assign:
            assign(evaluated)
