"""Plans of shipped protocols for the tests of the verbs, and their events told briefly."""

from datetime import date

from planner.assembly.assemble import assemble
from planner.model.patient import Patient
from planner.model.plan import BlockStart, Plan
from planner.model.protocol import Protocol
from planner.model.quantity import plain
from planner.model.schedule import Event, Schedule
from planner.model.site import Site
from planner.services.verbs.placing import add_protocol, new_plan
from tests.golden.cases import PATIENTS, START, library

AGENTS = library().agents


def plan_of(protocol: str, patient: Patient | None = None, start: date = START, **choices: str) -> Plan:
    """The whole protocol from that day for the adult of the golden cases."""
    shelved = library().protocols[protocol]
    return add_protocol(new_plan("p", patient or PATIENTS["adult"]), shelved, BlockStart(on=start), choices)


def protocols_of(plan: Plan) -> dict[str, Protocol]:
    return {one.pin.sha256: one.protocol for one in library().protocols.values() if one.pin in plan.pins}


def scheduled(plan: Plan) -> Schedule:
    return assemble(plan, protocols_of(plan), AGENTS, Site())


def events(plan: Plan, block: str, agent: str = "", cycle: int = 0) -> list[Event]:
    """The events of a block, of one agent and one cycle if told."""
    return [
        event
        for event in scheduled(plan).events
        if event.placed.block.id == block and agent in ("", event.placed.agent) and cycle in (0, event.placed.cycle)
    ]


def days(plan: Plan, block: str, agent: str = "", cycle: int = 0) -> list[tuple[int, str]]:
    """Day number and date of these events."""
    return [(event.cycle_day, event.date.isoformat()) for event in events(plan, block, agent, cycle)]


def states(plan: Plan, block: str, agent: str = "", cycle: int = 0) -> list[tuple[int, str]]:
    """Day number and state of these events."""
    return [(event.cycle_day, str(event.state)) for event in events(plan, block, agent, cycle)]


def doses(plan: Plan, block: str, agent: str, cycle: int = 0) -> list[str]:
    """The single doses of an agent, in order of time."""
    return [
        plain(event.dose.value) if event.dose and event.dose.value is not None else "none"
        for event in events(plan, block, agent, cycle)
    ]


def starts(plan: Plan) -> dict[str, str]:
    return {block.id: date.fromordinal(block.start).isoformat() for block in scheduled(plan).blocks}
