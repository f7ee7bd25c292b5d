"""The examples of rule files as whole plans: placed blocks of protocols made for them, so that every edit can be tried.

An example that a plan cannot say (a dose already reduced, a deferral already made, an open decision) has none.
"""

import hashlib
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from msgspec.structs import replace

from planner.model.condition import ALWAYS
from planner.model.evidence import Status
from planner.model.plan import Block, BlockStart, Plan, ProtocolPin
from planner.model.protocol import (
    Days,
    DoseBand,
    Phase,
    Protocol,
    StartRule,
    TemplateAssessment,
    TemplateDecision,
    TemplateOrder,
)
from planner.model.quantity import parse_dose
from planner.model.rule import RuleExample
from planner.model.schedule import Event, PlacedBlock
from tests.builders import example_holds, example_patient, example_schedule

NOT_SAID = ("full=", "gives=", "due=", "state=", "not_on=", "apart=", "entry=", "parts=", " decision ", " facts ")
LAST_CYCLE = 60
"""Days of an example's last cycle, so that something can be moved in it."""


def plan_of_example(example: RuleExample) -> tuple[Plan, dict[str, Protocol]] | None:
    """The plan and its protocols by the texts of their pins; None where a plan cannot say it."""
    if any(word in line for line in example.events for word in NOT_SAID) or not example.events:
        return None
    patient = example_patient(example.patient, example.co_medications, example.prior)
    schedule = example_schedule(example.events, patient)
    blocks, pins, protocols = [], [], {}
    for placed in schedule.blocks:
        events = [event for event in schedule.events if event.placed.block.id == placed.id]
        if any(later.start <= earlier.start for earlier, later in pairwise(placed.cycles)):
            return None
        protocol = _protocol(placed, events)
        text = f"example {placed.id} {protocol!r}"
        pin = ProtocolPin(placed.protocol_id, "1", hashlib.sha256(text.encode()).hexdigest(), text)
        start = BlockStart(on=date.fromordinal(placed.cycles[0].start))
        numbers = tuple(cycle.number for cycle in placed.cycles)
        blocks.append(Block(placed.id, placed.title, pin.sha256, placed.phase.id, numbers, start, placed.group))
        pins.append(pin)
        protocols[text] = protocol
    holds = tuple(example_holds(example.events))
    return Plan("example", patient, tuple(pins), tuple(blocks), modifications=holds), protocols


def _protocol(placed: PlacedBlock, events: Sequence[Event]) -> Protocol:
    orders: dict[str, list[Event]] = {}
    for event in events:
        orders.setdefault(event.placed.id, []).append(event)
    drugs = tuple(_order(some) for some in orders.values() if some[0].placed.agent)
    looks = tuple(_assessment(some) for some in orders.values() if not some[0].placed.agent)
    lengths = [(one.number, two.start - one.start) for one, two in pairwise(placed.cycles)]
    lengths.append((placed.cycles[-1].number, LAST_CYCLE))
    number = max(cycle.number for cycle in placed.cycles)
    phase = Phase(
        placed.phase.id, placed.phase.title, LAST_CYCLE, StartRule(), drugs, looks,
        first_day=placed.phase.first_day, cycles=number, max_cycles=number, cycle_lengths=tuple(lengths),
    )  # fmt: skip
    return Protocol(placed.protocol_id, placed.protocol_id, "1", Status.DRAFT, "", "", (), (phase,), ())


def _order(events: Sequence[Event]) -> TemplateOrder:
    first = events[0]
    order = first.placed.order
    assert isinstance(order, TemplateOrder)
    dose = first.dose.protocol_dose if first.dose else ""
    band = DoseBand(ALWAYS, parse_dose(dose) if dose else None, note="" if dose else "enter the site's own")
    days = Days(tuple(sorted({event.cycle_day for event in events})))
    at = tuple(sorted({event.minute for event in events if event.minute >= 0}))
    return replace(order, role=first.placed.role, bands=(band,), days=days, cycles=(first.placed.cycle,), at=at)


def _assessment(events: Sequence[Event]) -> TemplateAssessment:
    order = events[0].placed.order
    assert not isinstance(order, TemplateDecision | TemplateOrder)
    days = Days(tuple(sorted({event.cycle_day for event in events})))
    return replace(order, days=days, cycles=(events[0].placed.cycle,))
