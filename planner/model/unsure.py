"""What a provisional dose hangs on: whoever reads of an open decision looks for one, and a marker is none."""

from collections.abc import Sequence
from itertools import pairwise

from planner.model.schedule import Event, PlacedBlock

ONLY_IF = "only if "
"""Begins the note of a line whose condition nobody can judge yet; the next note names the facts that lack."""
LACKS = "not recorded: "


def lacking(notes: Sequence[str]) -> str:
    """The facts that a line itself asks for and nobody recorded, by its notes; empty where there are none."""
    return next((lacks for note, lacks in pairwise(notes) if note.startswith(ONLY_IF) and lacks.startswith(LACKS)), "")


def unsure_of(block: PlacedBlock, lacks: str) -> str:
    """What a provisional event of that block hangs on: what the block does, else facts it lacks, else a decision."""
    return block.unsure if block.provisional else lacks or block.unsure


def event_unsure(event: Event) -> str:
    """The same of one event."""
    return unsure_of(event.placed.block, lacking(event.notes))
