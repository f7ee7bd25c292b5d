"""The question whether doses follow a new height, weight or age, where they would move by much."""

from collections.abc import Sequence

from planner.services.telling.dose_moves import DoseMove, move_lines
from ui.dialogs.described import Form
from ui.dialogs.fields import Field
from ui.tongue import say

SHOWN = 8
"""Lines of moves that are named; the list of what would change holds all of them."""
FOLLOW = ("follow", "Compute the doses anew")
STAY = ("stay", "Keep the doses as they are")


def doses_form(moves: Sequence[DoseMove], *, can_stay: bool, stays: Sequence[str] = ()) -> Form:
    """The moves by name, what does not move, and what to do about them.

    Keeping is offered where new measurements made them.
    """
    count = len(moves)
    intro = [
        say("1 dose would move by 5 % or more:")
        if count == 1
        else say("{count} doses, one a drug and cycle, would move by 5 % or more:", count=count)
    ]
    lines = move_lines(moves)
    intro += lines[:SHOWN]
    intro += [say("and {count} more", count=len(lines) - SHOWN)] if len(lines) > SHOWN else []
    intro += stays
    choices = [FOLLOW, STAY] if can_stay else [FOLLOW]
    fields = (Field("doses", "&Doses", "choice", FOLLOW[0], choices),)
    return Form("New doses?", "Accept", fields, ("\n".join(intro),))
