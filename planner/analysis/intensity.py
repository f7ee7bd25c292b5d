"""Dose intensity of each drug in each block, as the unchanged protocol has it and as the course stands."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from planner.model.counter import Intensity
from planner.model.cycle_content import State
from planner.model.day_words import dose_words
from planner.model.protocol import TREATING
from planner.model.schedule import Event, Schedule

STANDING = (State.GIVEN, State.PLANNED, State.DEFERRED, State.PROVISIONAL)
WEEK = Decimal(7)

Drug = tuple[str, str, str, str]
"""Block, agent, route, role."""


def intensities(present: Schedule, unchanged: Schedule) -> tuple[Intensity, ...]:
    """One line for each drug that treats, of each block that has dates in both, in order of the blocks."""
    before, now = _by_drug(unchanged), _by_drug(present)
    weeks = {block.id: Decimal(block.end - block.start) / WEEK for block in present.blocks}
    first = {block.id: Decimal(block.end - block.start) / WEEK for block in unchanged.blocks}
    return tuple(_lines(before, now, first, weeks))


def _by_drug(schedule: Schedule) -> dict[Drug, list[Event]]:
    found: dict[Drug, list[Event]] = {}
    for event in schedule.events:
        placed = event.placed
        if placed.agent and placed.role in TREATING and placed.kind != "bag":
            found.setdefault((placed.block.id, *placed.drug), []).append(event)
    return found


def _lines(
    before: dict[Drug, list[Event]], now: dict[Drug, list[Event]], first: dict[str, Decimal], weeks: dict[str, Decimal]
) -> Iterator[Intensity]:
    for drug in dict.fromkeys([*before, *now]):
        block = drug[0]
        if block not in first or block not in weeks:
            continue
        planned, present = before.get(drug, []), [one for one in now.get(drug, ()) if one.state in STANDING]
        events = planned or present
        per_m2 = all(_by_surface(one) for one in (*planned, *present))
        unit = next((one.dose.unit for one in events if one.dose and one.dose.unit), "")
        name = f"{events[0].placed.agent_name} {drug[2]}".strip() if events else drug[1]
        missing = dose_words(one for one in present if not (one.dose and one.dose.value is not None))
        yield Intensity(
            block,
            name,
            f"{unit}/m2" if per_m2 and unit else unit,
            _total(planned, per_m2=per_m2),
            first[block],
            _total(present, per_m2=per_m2),
            weeks[block],
            missing,
        )


def _total(events: Sequence[Event], *, per_m2: bool) -> Decimal | None:
    """The sum of the doses, by surface where all of them are; None where one is not known."""
    total = Decimal(0)
    for event in events:
        amount = (event.dose.per_m2 if per_m2 else event.dose.value) if event.dose else None
        if amount is None:
            return None
        total += amount
    return total


def _by_surface(event: Event) -> bool:
    """Whether the dose is one by body surface, and that is known."""
    return event.dose is not None and event.dose.per_m2 is not None and "/m2" in event.dose.protocol_dose
