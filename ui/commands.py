"""The one undo command of the window: it swaps two states that were both computed before it was pushed.

A state that was not shown for long is a text in memory and is judged again when it is wanted. Nothing in redo or undo
raises, because an exception in redo would leave the command on the stack. There are no child commands and no macros:
PySide6 crashes on children. The command holds its document weakly: PySide6 also crashes where the garbage collector has
to take a stack and commands that point back to its owner apart.
"""

from collections.abc import Callable
from weakref import WeakMethod

from msgspec import Struct
from PySide6.QtGui import QUndoCommand, QUndoStack

from planner.errors import InputProblem
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import Plan
from planner.services.store.past_plans import PastPlan, PastPlans

NEAR = 32
"""So many states that were shown last are held with all that follows from them; going back to one is instant."""


class State:
    """The plan at one place of the undo stack: with all that follows from it, or small."""

    __slots__ = ("_past", "evaluated")

    def __init__(self, evaluated: EvaluatedPlan) -> None:
        self.evaluated: EvaluatedPlan | None = evaluated
        self._past: PastPlan | None = None

    @property
    def plan(self) -> Plan:
        """The plan, equal to the one this state was made with."""
        if self.evaluated is not None:
            return self.evaluated.plan
        if self._past is None:
            raise AssertionError("a state is held in one form at least")
        return self._past.read()

    def shrink(self, past: PastPlans) -> None:
        """Let go of what can be computed again."""
        if self._past is None and self.evaluated is not None:
            try:
                self._past = past.keep(self.evaluated.plan)
            except InputProblem:
                return  # what no file holds stays as it is
        self.evaluated = None


class States:
    """The states of one undo stack that were shown last; whichever falls behind the `NEAR` last is made small."""

    def __init__(self) -> None:
        self._near: dict[int, State] = {}
        self._past = PastPlans()

    def shown(self, state: State) -> None:
        """Take note that this state is shown now."""
        self._near.pop(id(state), None)
        self._near[id(state)] = state
        if len(self._near) > NEAR:
            self._near.pop(next(iter(self._near))).shrink(self._past)

    def of(self, evaluated: EvaluatedPlan) -> State:
        """The state that is this very value where it is held, else a new one: neighbours on the stack share theirs."""
        for state in reversed(self._near.values()):
            if state.evaluated is evaluated:
                return state
        state = State(evaluated)
        self.shown(state)
        return state


def edit_names(stack: QUndoStack) -> tuple[str, ...]:
    """The texts of the undo stack, oldest first."""
    return tuple(stack.text(number) for number in range(stack.count()))


Assign = Callable[[State], None]


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
    leaves the stack. `assign` is one for all steps of a document: of ten thousand each would take half a kilobyte.
    """

    __slots__ = ("_assign", "after", "before", "nudge")

    def __init__(
        self, assign: WeakMethod[Assign], before: State, after: State, text: str, nudge: Nudge | None = None
    ) -> None:
        super().__init__(text)
        self._assign = assign
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

    def _show(self, state: State) -> None:
        assign = self._assign()
        if assign:
            assign(state)
