"""What goes with a block that is taken off the plan: its doses, and the days of what follows."""

from planner.model.civil import weekday_date
from planner.model.day_words import shift_words
from planner.model.schedule import Schedule
from planner.model.sentence import listed
from planner.services.telling.differences import LEFT_OUT


def taken_off(old: Schedule, new: Schedule) -> tuple[str, ...]:
    """Each block that is gone with its dates and doses, and which later ones begin otherwise.

    Eight weeks of consolidation went without a word, and all that follows came 56 days earlier.
    """
    stay = {block.id: block for block in new.blocks}
    found = []
    for block in old.blocks:
        if block.id not in stay:
            here = (one for one in old.events if one.placed.block.id == block.id)
            doses = sum(one.dose is not None and one.state not in LEFT_OUT for one in here)
            dates = f"{weekday_date(block.begins)} to {weekday_date(block.end - 1)}"
            found.append(f"{block.title}, {dates}, is taken off with {doses} doses")
    moved: dict[int, list[str]] = {}
    for block in old.blocks:
        if block.id in stay and (days := stay[block.id].begins - block.begins):
            moved.setdefault(days, []).append(block.title)
    return (*found, *(f"{listed(titles)} moves by {shift_words(days)}" for days, titles in moved.items()))
