"""What was given and has no place in the course any more, once a decision is answered anew or opened again."""

from planner.model.day_words import dose_words
from planner.model.plan import Plan
from planner.model.sentence import Sentence, listed
from planner.services.verbs.lasting import lost

NO_PLACE = (
    "given, and without a place in the course then: {doses} of {block}. What is recorded stays, with its days and "
    "doses; what else was planned of it goes"
)


def without_place(before: Plan, after: Plan) -> tuple[str, ...]:
    """One line for each block of which doses were given that the other plan does not order; by time."""
    found: dict[str, list[str]] = {}
    events = lost(before, after)
    titles = {event.placed.block.id: event.placed.block.title for event in events}
    for block in titles:
        found[block] = list(dose_words(event for event in events if event.placed.block.id == block))
    return tuple(Sentence(NO_PLACE, doses=listed(doses), block=titles[block]) for block, doses in found.items())
