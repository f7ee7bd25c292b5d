"""The comments of a day on the roadmap: what hangs on what, what was moved or changed, what the protocol notes."""

from collections.abc import Iterator, Mapping

from planner.exports.wording.answers import Answers, answer_of
from planner.exports.wording.doses import asks_for_dose, state_told
from planner.exports.wording.order_words import event_name, own_notes
from planner.model.civil import weekday_date
from planner.model.cycle_content import State
from planner.model.language import glued
from planner.model.schedule import Event, PlacedBlock
from planner.model.unsure import LACKS, ONLY_IF

REASONS = ONLY_IF, LACKS
"""How the notes begin that say what a provisional event hangs on."""
GATE, WAITS = "goes on when ", "waits for "
"""How a check, and what comes behind it, names the recovery that is waited for."""

Notes = Mapping[str, Mapping[str, None]]
"""By what is noted, the drugs of which it is."""


def changes(event: Event, block: PlacedBlock, since: str) -> list[tuple[str, str]]:
    """What it hangs on; from where it was moved, in the words of the change since the issue before where that says it.

    Each with the name of the drug where it is not said of the whole day.
    """
    found: list[tuple[str, str]] = []
    if event.moved_from is not None:
        old = glued(weekday_date(event.moved_from))
        moved = f"moved from {old}"
        found += [] if f"before: {old}" in since else [(moved, "")]
        since = since.replace(f"before: {old}", moved)
    found += [(since, event_name(event.placed))] if since else []
    unsure = "; ".join(_unsure(event, block))
    return [*found, *([(unsure, event_name(event.placed))] if unsure else [])]


def _unsure(event: Event, block: PlacedBlock) -> Iterator[str]:
    """That it is provisional, where not all of its block is, and on what: on each of its days.

    Not of a question: that one says it with its answer.
    """
    if event.placed.kind == "decision":
        return
    if event.state is State.PROVISIONAL and not block.provisional:
        yield state_told(event)
    yield from (note for note in own_notes(event) if note.startswith(REASONS))


def notes(event: Event) -> list[str]:
    """What the event says of itself and is told once of all events of its order."""
    found = own_notes(event)
    return [note for note in found if not note.startswith(REASONS) and not asks_for_dose(event, note)]


def decision_words(event: Event, block: PlacedBlock, answers: Answers) -> str:
    """The question with its answer, or with the one that it is drawn with."""
    unsure = ", provisional" if event.state is State.PROVISIONAL and not block.provisional else ""
    return f"DECISION{unsure}: {event.placed.agent_name} {answer_of(event, answers)}".rstrip()


def comment_lines(told: Notes) -> list[str]:
    """Each note behind the drugs it is of.

    What a check waits for is not said again where the doses that wait for it say it: one criterion stood there thrice.
    """
    waited = [words.partition(WAITS)[2] for words in told]
    shown = (
        (words, names)
        for words, names in told.items()
        if not (words.startswith(GATE) and words.removeprefix(GATE) in waited)
    )
    return [": ".join(filter(None, (", ".join(names), words))) for words, names in shown]
