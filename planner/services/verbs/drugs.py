"""Drugs of a place on the plan: the protocol's orders of a block and those somebody added to it."""

from collections.abc import Collection, Mapping

from planner.assembly.added import added_order
from planner.errors import Refusal
from planner.model.agent import Agent
from planner.model.plan import Addition, Examination, Plan
from planner.model.protocol import TemplateOrder
from planner.model.quantity import DoseRule, parse_dose, plain, two_readings
from planner.model.schedule import Event, PlacedBlock, Schedule
from planner.model.sentence import listed
from planner.model.words import fold
from planner.services.verbs.refusing import Place, on_schedule, refused_name


def orders_of(block: PlacedBlock, plan: Plan) -> Mapping[str, TemplateOrder]:
    """Every drug order of the block by its id: the protocol's and the added ones."""
    added = [added_order(one) for one in plan.modifications if isinstance(one, Addition) and one.block == block.id]
    return {order.id: order for order in (*block.phase.orders, *added)}


def names_in_use(block: PlacedBlock, plan: Plan) -> set[str]:
    """The ids of all orders and examinations of the block, the protocol's and the added ones."""
    examined = (one.order for one in plan.modifications if isinstance(one, Examination) and one.block == block.id)
    return {*orders_of(block, plan), *(one.id for one in block.phase.assessments), *examined}


def free_name(wanted: str, used: Collection[str]) -> str:
    """The name, or the first like it with a number behind that is not in use."""
    name, number = wanted or "order", 2
    while name in used:
        name, number = f"{wanted}-{number}", number + 1
    return name


def refuse_name(plan: Plan, block: PlacedBlock, name: str, instead: str) -> None:
    """Refuse an id that cannot name something new in the block; one that can is made of `instead` where it is empty."""
    used = names_in_use(block, plan)
    if not name or name in used or "/" in name:
        free = free_name(name.replace("/", "-") or instead, used)
        raise Refusal('"{name}" cannot name a new order here; take "{free}"', "name in use", free, name=name, free=free)


def drug_at(plan: Plan, place: Place, order_id: str) -> TemplateOrder:
    """The drug order of that id in the block; a refusal that lists the cycle's drugs where there is none."""
    known = orders_of(place.block, plan)
    if order_id in known:
        return known[order_id]
    here = dict.fromkeys(event.placed.order.id for event in place.events if event.placed.agent)
    told = "{block} C{cycle} has no drug {name}; it has {known}"
    raise refused_name(told, order_id, here, block=place.block.title, cycle=place.cycle.number)


def doses_from(place: Place, day: int, order_id: str) -> tuple[Event, ...]:
    """The doses of one order from a day of the cycle on; a refusal where the cycle has none there."""
    found = tuple(event for event in place.events if event.placed.order.id == order_id and event.cycle_day >= day)
    if not found:
        days = sorted({event.cycle_day for event in place.events if event.placed.order.id == order_id})
        raise Refusal(
            "{order} is not planned from Day {day} of {block} C{cycle} on; its days there are {known}",
            "unknown day",
            str(days[-1]) if days else "",
            order=order_id,
            day=day,
            block=place.block.title,
            cycle=place.cycle.number,
            known=listed(list(map(str, days))),
        )
    return found


def typed_dose(order: TemplateOrder, place: Place) -> str:
    """The single dose this order has in the cycle, as a flat dose somebody could have typed; "" where it has none."""
    for event in place.events:
        if event.placed.order.id == order.id and event.dose and event.dose.value is not None:
            return f"{plain(event.dose.value)} {event.dose.unit}"
    return ""


def read_dose(text: str) -> DoseRule:
    """A dose as people type it ("30 mg", "1 g/m2", "28 mcg/day"); a refusal that shows how to write one."""
    try:
        found = parse_dose(text)
    except ValueError as error:
        raise Refusal(error.args[0], "unreadable dose") from None
    if problem := two_readings(text):
        raise Refusal(problem, "unreadable dose")
    if not found.amount:
        raise Refusal("{dose} is nothing; leave the dose out, or stop the drug", "no amount", dose=text)
    return found


def read_days(schedule: Schedule, block_id: str, text: str) -> tuple[int, ...]:
    """Day numbers as protocols write them ("1, 8, 15", "1:5"), for a block of the schedule; a refusal says how."""
    # Imported here, because the list of patients would wait for its patterns.
    from planner.content.notation import parse_days

    try:
        days = parse_days(text, on_schedule(schedule, block_id).phase.first_day)
    except ValueError as error:
        raise Refusal(error.args[0], "unreadable days") from None
    if days.to_end:
        raise Refusal("write the last day as a number, for example 1:28", "unreadable days")
    return days.numbers


def known_agent(agents: Mapping[str, Agent], agent_id: str) -> Agent:
    """The agent of that id; a refusal that names the drug by that name, or the one most like it, where there is none.

    Names come before likeness: by its letters alone "Oncaspar", which is pegaspargase, is most like calaspargase.
    """
    if agent_id in agents:
        return agents[agent_id]
    word = fold(agent_id)
    named = next((one.id for one in agents.values() if word in map(fold, (one.name, *one.synonyms))), "")
    if named:
        pattern = 'there is no agent "{agent}"; that is a name of "{near}"'
        raise Refusal(pattern, "unknown agent", named, agent=agent_id, near=named)
    refusal = refused_name("there is no agent {name}; it has {known}", agent_id, agents)
    if not refusal.nearest:
        raise Refusal('there is no agent "{agent}"; look it up in the list of drugs', "unknown agent", agent=agent_id)
    raise Refusal(
        'there is no agent "{agent}"; do you mean "{near}"?',
        "unknown agent",
        refusal.nearest,
        agent=agent_id,
        near=refusal.nearest,
    )


def refuse_route(agent: Agent, role: str, route: str) -> None:
    """Refuse an intrathecal role by another route or the other way round, and a vinca alkaloid given intrathecally."""
    if route == "IT" and "vinca" in agent.classes:
        raise Refusal(
            "{drug} by the intrathecal route kills; vinca alkaloids are given IV only",
            "fatal route",
            "IV",
            drug=agent.name,
        )
    if (role == "intrathecal") != (route == "IT"):
        raise Refusal(
            "the role {role} and the route {route} do not go together; intrathecal doses have the role intrathecal and "
            "the route IT, no others have",
            "role and route",
            "IT" if role == "intrathecal" else "",
            role=role,
            route=route,
        )
