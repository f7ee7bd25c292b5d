"""The steps of undo: each swaps two states that were both computed before it was taken.

A state that was not shown for long is a text in memory and is judged again when it is wanted. Qt's own stack is not
used: each of its commands takes half a kilobyte, ten thousand of them half of what a long day may leave in memory, and
PySide6 crashes where the garbage collector takes apart a stack and commands that point back to its owner.
"""

from collections.abc import Callable
from typing import NamedTuple
from weakref import WeakMethod

from PySide6.QtCore import QObject, Signal

from planner.errors import InputProblem
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import Plan
from planner.services.store.past_plans import PastPlan, PastPlans

NEAR = 8
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
    """The states of one undo stack that were shown last; those behind the `NEAR` last are made small by `shrink`."""

    def __init__(self) -> None:
        self._near: dict[int, State] = {}
        self._past = PastPlans()

    def shown(self, state: State) -> None:
        """Take note that this state is shown now."""
        self._near.pop(id(state), None)
        self._near[id(state)] = state

    def shrink(self) -> None:
        """Make small what was not shown for long: with the saving, because it takes a twentieth of an edit."""
        while len(self._near) > NEAR:
            self._near.pop(next(iter(self._near))).shrink(self._past)

    def of(self, evaluated: EvaluatedPlan) -> State:
        """The state that is this very value where it is held, else a new one: neighbours on the stack share theirs."""
        for state in reversed(self._near.values()):
            if state.evaluated is evaluated:
                return state
        state = State(evaluated)
        self.shown(state)
        return state


class Nudge(NamedTuple):
    """What makes small moves of one block that follow each other a single step.

    `key` names the block, `amount` is in days and adds up, `name` is the step's text for the sum.
    """

    key: int
    amount: int
    name: Callable[[int], str]


class Step(NamedTuple):
    """One named edit."""

    before: State
    after: State
    text: str
    nudge: Nudge | None = None

    def and_then(self, other: "Step") -> "Step | None":
        """Both as one step, where they are nudges of the same block."""
        if self.nudge is None or other.nudge is None or self.nudge.key != other.nudge.key:
            return None
        nudge = self.nudge._replace(amount=self.nudge.amount + other.nudge.amount)
        return Step(self.before, other.after, nudge.name(nudge.amount), nudge)


class Steps(QObject):
    """The steps taken, in order, and how many of them are in force: `index`. `show` shows a state and never raises."""

    indexChanged = Signal(int)

    def __init__(self, parent: QObject, show: Callable[[State], None]) -> None:
        super().__init__(parent)
        self._show = WeakMethod(show)
        self._steps: list[Step] = []
        self._index = 0
        self.last, self.way = "", 1
        """The name of the edit moved over last, and which way: 1 done, -1 taken back, 2 done again."""

    def index(self) -> int:
        """How many steps are in force; those behind it were undone."""
        return self._index

    def count(self) -> int:
        """How many steps there are, with those that were undone."""
        return len(self._steps)

    def texts(self) -> tuple[str, ...]:
        """The names of all edits, oldest first."""
        return tuple(step.text for step in self._steps)

    def undo_text(self) -> str:
        """The name of the edit that undo would take back; empty where there is none."""
        return self._steps[self._index - 1].text if self._index else ""

    def redo_text(self) -> str:
        """The name of the edit that redo would do again; empty where there is none."""
        return self._steps[self._index].text if self._index < len(self._steps) else ""

    def push(self, step: Step) -> None:
        """Take a step. What was undone cannot be done again after that.

        Nudges of the same block that follow each other become one step; where their sum leads back to the start, none
        is left.
        """
        del self._steps[self._index :]
        both = self._steps[-1].and_then(step) if self._steps else None
        if both:
            self._steps.pop()
        self.last, self.way = "", 1
        if both is None or both.before.plan != both.after.plan:
            self._steps.append(both or step)
            self.last = self._steps[-1].text
        self._stand(len(self._steps), step.after)

    def undo(self) -> None:
        """Take the last step back."""
        self.go_to(self._index - 1)

    def redo(self) -> None:
        """Do the step again that was undone last."""
        self.go_to(self._index + 1)

    def go_to(self, index: int) -> None:
        """Have so many steps in force; those between are passed over and not shown."""
        if index == self._index or not 0 <= index <= len(self._steps):
            return
        undone = index < self._index
        step = self._steps[index if undone else index - 1]
        self.last, self.way = step.text, -1 if undone else 2
        self._stand(index, step.before if undone else step.after)

    def clear(self) -> None:
        """Forget all steps; what is shown stays."""
        if self._steps:
            self._steps.clear()
            self._index = 0
            self.indexChanged.emit(0)

    def _stand(self, index: int, state: State) -> None:
        self._index = index
        show = self._show()
        if show:
            show(state)
        self.indexChanged.emit(index)
