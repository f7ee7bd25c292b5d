"""Vials still to open over one course, as the plan counts them for each dose by itself."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from planner.analysis.counters import COUNTED
from planner.model.counter import Counter, CounterRule
from planner.model.cycle_content import State
from planner.model.day_words import dose_words
from planner.model.quantity import format_amount, format_number
from planner.model.schedule import Event

VIALS = CounterRule("vials", "Vials still needed", "vials", "vials")
ORAL = "PO"
STILL: Mapping[State, str] = {state: kind for state, kind in COUNTED.items() if state is not State.GIVEN}


def vials(events: Iterable[Event]) -> tuple[Counter, ...]:
    """One count for each drug of which vials are known, in order of its first dose; what has none is named.

    Doses of one day are not put together, and infusions over days have none: their bags are filled with more than the
    dose, and no source that was read says how much. What was given needs none any more, and nobody recorded them.
    """
    drugs: dict[str, list[Event]] = {}
    for event in events:
        placed = event.placed
        if event.dose and event.state in STILL and placed.kind != "bag" and placed.route != ORAL:
            drugs.setdefault(placed.agent, []).append(event)
    known = {agent: some for agent, some in drugs.items() if any(one.dose and one.dose.vials for one in some)}
    return tuple(_count(agent, some) for agent, some in known.items())


def _count(agent: str, events: list[Event]) -> Counter:
    sums = dict.fromkeys(STILL.values(), Decimal(0))
    sizes: dict[str, Decimal] = {}
    missing = [one for one in events if not (one.dose and one.dose.vials)]
    for event in events:
        for piece in event.dose.vials if event.dose else ():
            kind = STILL[event.state]
            sums[kind] += piece.number
            if kind != "held" and event.dose:
                size = format_amount(piece.strength, event.dose.unit)
                sizes[size] = sizes.get(size, Decimal(0)) + piece.number
    parts = tuple(f"{format_number(number)} × {size}" for size, number in sizes.items())
    unknown = dose_words(missing)
    return Counter(VIALS, agent, Decimal(0), Decimal(0), sums["planned"], sums["held"], parts, unknown)
