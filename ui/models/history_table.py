"""The named edits of this session, newest last, with the place the plan stands at."""

from typing import NamedTuple

from ui.edit_names import edit_words
from ui.models.rows_model import Column
from ui.tongue import say


class Step(NamedTuple):
    """One entry of the undo stack. `number` is the stack's index after this edit; 0 is the plan as opened."""

    number: int
    text: str
    current: bool
    undone: bool


def steps(texts: tuple[str, ...], index: int) -> tuple[Step, ...]:
    """The history: the opened plan, then every edit; those after `index` are undone."""
    named = ("Plan as opened", *texts)
    return tuple(Step(number, edit_words(text), number == index, number > index) for number, text in enumerate(named))


def _state(step: Step) -> str:
    if step.current:
        return say("now")
    return say("undone") if step.undone else ""


HISTORY_COLUMNS = (
    Column("Where", _state, mark=_state),
    Column("Edit", lambda step: step.text, tip=lambda step: step.text),
)
