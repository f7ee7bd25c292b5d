"""Small plans and schedules from lines of text: as the cases of rule files write them, and from protocols made up."""

from datetime import date

from planner.content.protocol_file import build_protocol, make_pin
from planner.content.rule_cases import (
    DAY_ONE,
    day,
    example_holds,
    example_patient,
    example_plan,
    example_schedule,
)
from planner.model.library import ShelvedProtocol
from planner.model.patient import Patient
from planner.model.plan import BlockStart, Plan
from planner.model.protocol import Protocol
from planner.services.verbs.placing import add_protocol, new_plan

__all__ = ["DAY_ONE", "day", "example_holds", "example_patient", "example_plan", "example_schedule"]


def shelved(text: str) -> ShelvedProtocol:
    """The protocol of a file's text, as the library has it."""
    return ShelvedProtocol(make_pin(text), build_protocol(text), "test")


def placed(text: str, patient: Patient, start: date) -> tuple[Plan, dict[str, Protocol]]:
    """A plan of that protocol from that day on, and its protocols by their pins."""
    one = shelved(text)
    return add_protocol(new_plan("p", patient), one, BlockStart(on=start)), {one.pin.sha256: one.protocol}
