"""Numbers of days and cycles in words, and doses named by their days."""

from collections.abc import Iterable

from planner.model.cycle_content import PARTLY, State
from planner.model.schedule import Event


def in_a_row(numbers: Iterable[int]) -> list[list[int]]:
    """Rising numbers, those that follow each other together."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def run_words(numbers: Iterable[int]) -> str:
    """Rising numbers with their runs: "1 to 4, 8, 15"."""
    return ", ".join(
        f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in in_a_row(numbers)
    )


def shift_words(days: int) -> str:
    """How far something moved: "+1 day", "-3 days"."""
    return f"{days:+d} {'day' if abs(days) == 1 else 'days'}"


def is_part(event: Event) -> bool:
    """Whether less of it was given: a note says so."""
    return event.state is State.GIVEN and any(note.startswith(PARTLY) for note in event.notes[:1])


def dose_words(events: Iterable[Event]) -> tuple[str, ...]:
    """Doses in order of time, those of a drug in a cycle together: "Daunorubicin C1 D1, 8, 15"."""
    days: dict[tuple[str, int], dict[int, None]] = {}
    for event in events:
        days.setdefault((event.placed.agent_name, event.placed.cycle), {})[event.cycle_day] = None
    return tuple(f"{agent} C{cycle} D{run_words(sorted(numbers))}" for (agent, cycle), numbers in days.items())
