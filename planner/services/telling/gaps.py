"""Days that an edit leaves without a drug that keeps its calendar days, as a kinase inhibitor does.

Such a drug does not move with the treatment around it, so a list of what moves says nothing about the days between.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from planner.model.civil import weekday_words
from planner.model.schedule import Schedule

Cycle = tuple[str, int]
"""Block and number."""
Between = tuple[str, Cycle, Cycle]
"""Agent, the cycle of its last dose before a gap, and of the first one after it."""


class Gap(NamedTuple):
    """Ordinals of the first and last day without the drug, and how many days were without it there until now."""

    drug: str
    first: int
    last: int
    before: int

    @property
    def days(self) -> int:
        """How many days are without it."""
        return self.last - self.first + 1


def new_gaps(old: Schedule, new: Schedule) -> tuple[Gap, ...]:
    """The gaps that are longer than before, in order of time; pauses that stand elsewhere are none of them.

    What is on hold, left out or stopped is told as that and fills its days.
    """
    before, after = _gaps(old), _gaps(new)
    drugs = {agent for agent, _, _ in before} | _agents(old)
    lengths = {(between[0], gap.days) for between, gap in before.items()}
    found = []
    for between, gap in after.items():
        known = before.get(between)
        if between[0] not in drugs or (known is None and (between[0], gap.days) in lengths):
            continue
        if gap.days > (known.days if known else 0):
            found.append(gap._replace(before=known.days if known else 0))
    return tuple(sorted(found, key=lambda gap: gap.first))


def gap_words(gap: Gap, fill: Callable[..., str] = str.format) -> str:
    """A gap in words; `fill(pattern, **values)` may say them in another language."""
    return fill(
        "{drug} is not planned from {first} to {last}; days without it there: {days}, until now {before}",
        drug=gap.drug,
        first=weekday_words(gap.first, fill),
        last=weekday_words(gap.last, fill),
        days=gap.days,
        before=gap.before,
    )


def _agents(schedule: Schedule) -> set[str]:
    return {run.line.agent for piece in schedule.pieces for run in piece.content.pattern.keeping}


def _gaps(schedule: Schedule) -> Mapping[Between, Gap]:
    """Every gap of every such drug, by where it lies."""
    spans: dict[str, list[tuple[int, int, Cycle]]] = {}
    names: dict[str, str] = {}
    for piece in schedule.pieces:
        for run in piece.content.pattern.keeping:
            names[run.line.agent] = run.line.agent_name
            here = piece.block.id, piece.cycle
            spans.setdefault(run.line.agent, []).extend(
                (piece.start + first, piece.start + last, here) for first, last in _stretches(run.offsets)
            )
    return {
        (agent, *cycles): Gap(names[agent], first, last, 0)
        for agent, some in spans.items()
        for cycles, first, last in _between(sorted(some))
    }


def _between(spans: Sequence[tuple[int, int, Cycle]]) -> Iterator[tuple[tuple[Cycle, Cycle], int, int]]:
    """The days between the stretches of one drug, with the cycles on both sides."""
    _, end, cycle = spans[0]
    for first, last, here in spans[1:]:
        if first > end + 1:
            yield (cycle, here), end + 1, first - 1
        if last > end:
            end, cycle = last, here


@lru_cache(maxsize=256)
def _stretches(offsets: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """Rising numbers as stretches without a gap."""
    found: list[tuple[int, int]] = []
    for one in offsets:
        if found and one <= found[-1][1] + 1:
            found[-1] = found[-1][0], one
        else:
            found.append((one, one))
    return tuple(found)
