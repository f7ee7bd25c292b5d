"""The shipped files as the content proofs read them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType

from msgspec.structs import replace

from planner.assembly.assemble import assemble
from planner.content.agent_file import build_agents
from planner.content.protocol_file import build_protocol, make_pin
from planner.model.agent import Agent
from planner.model.library import ShelvedProtocol
from planner.model.patient import Measurement, Patient
from planner.model.plan import BlockStart, DecisionTaken, Plan
from planner.model.protocol import Phase, Protocol, TemplateOrder
from planner.model.schedule import Event, Schedule
from planner.model.site import Site
from planner.services.verbs.placing import add_protocol, new_plan

RESOURCES = Path(__file__).parents[2] / "resources"
PROTOCOL_FILES = sorted((RESOURCES / "protocols").rglob("*.toml"))
AGENT_FILES = sorted((RESOURCES / "agents").glob("*.toml"))
START = date(2026, 2, 2)


built = cache(build_protocol)
"""The protocol of a text: hundreds of proofs share it, and nothing can change it."""


@cache
def protocol_text(protocol_id: str) -> str:
    """The text of the shipped protocol of that id."""
    return (RESOURCES / "protocols" / "all" / f"{protocol_id}.toml").read_text(encoding="utf-8")


def protocol(protocol_id: str) -> Protocol:
    """The shipped protocol of that id."""
    return built(protocol_text(protocol_id))


@cache
def agents() -> Mapping[str, Agent]:
    """All shipped agents by id."""
    found = (agent for path in AGENT_FILES for agent in build_agents(path.read_text(encoding="utf-8")))
    return MappingProxyType({agent.id: agent for agent in found})


def orders_in_force(found: Protocol, phase: Phase, facts: Mapping[str, str | Decimal]) -> list[TemplateOrder]:
    """The orders of the phase whose condition holds under these facts, variants at their default."""
    known = {f"variant.{variant.id}": variant.default for variant in found.variants} | dict(facts)
    return [order for order in phase.orders if order.when.holds(known)]


def patient(age: int = 25, sex: str = "male", cns: str = "CNS1", kg: str = "70", height_cm: str = "170") -> Patient:
    """Somebody of that age on the first day of the plan."""
    measured = Measurement(START, Decimal(height_cm), Decimal(kg))
    return Patient("1", "Test", "Person", date(START.year - age, 1, 1), sex, (measured,), markers=(("cns", cns),))


def plan_of(protocol_id: str, who: Patient, choices: dict[str, str] | None = None, **answers: str) -> Plan:
    """The whole protocol placed for that person; answers to decisions by name, after_cycle_2="further"."""
    text = protocol_text(protocol_id)
    shelved = ShelvedProtocol(make_pin(text), protocol(protocol_id), "shipped")
    plan = add_protocol(new_plan("plan", who), shelved, BlockStart(on=START), choices or {})
    group = plan.blocks[0].group
    taken = [DecisionTaken(group, name.replace("_", "-"), choice, START, "Test") for name, choice in answers.items()]
    return replace(plan, decisions=tuple(taken))


def schedule_of(plan: Plan) -> Schedule:
    """The plan's schedule with the shipped agents."""
    return assemble(plan, {pin.sha256: built(pin.text) for pin in plan.pins}, agents(), Site())


def given(schedule: Schedule, agent: str, route: str = "") -> list[Event]:
    """All doses of that agent, by that route where one is named, in order of time."""
    return [
        event
        for event in schedule.events
        if event.dose is not None
        and isinstance(event.placed.order, TemplateOrder)
        and event.placed.order.agent == agent
        and route in ("", event.placed.route)
    ]


def drugs_of(
    protocol_id: str, phase_id: str, cycle: int = 1, facts: Mapping[str, str | Decimal] | None = None
) -> dict[tuple[str, str], tuple[list[int], set[str]]]:
    """(agent, route) -> days and dose texts ("none" where no source gives one) of the orders in force in that cycle."""
    found = protocol(protocol_id)
    known = {f"variant.{variant.id}": variant.default for variant in found.variants} | {"cns": "CNS1", **(facts or {})}
    seen: dict[tuple[str, str], tuple[list[int], set[str]]] = {}
    for order in orders_in_force(found, found.phase(phase_id), known):
        if order.in_cycle(cycle):
            days, doses = seen.setdefault((order.agent, order.route), ([], set()))
            days += order.days.numbers
            doses |= _doses_in_force(order, known)
    return {key: (sorted(days), doses) for key, (days, doses) in seen.items()}


def _doses_in_force(order: TemplateOrder, known: Mapping[str, str | Decimal]) -> set[str]:
    """The first band that holds; with bands above it that cannot be told from these facts."""
    doses: set[str] = set()
    for band in order.bands:
        verdict = band.when.holds(known)
        if verdict is not False:
            doses.add(str(band.dose or "none"))
        if verdict:
            break
    return doses


def with_markers(who: Patient, **markers: str) -> Patient:
    """The same person with these markers besides the recorded ones."""
    return replace(who, markers=tuple(sorted({**dict(who.markers), **markers}.items())))
