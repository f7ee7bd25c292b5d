"""Plan to Schedule: every order of every cycle becomes dated events."""

from collections.abc import Mapping

from planner.assembly.bag_events import bag_events
from planner.assembly.calendar import Calendar, day_in_cycle, group_facts
from planner.assembly.cycle import BLOCK_STRIDE, CycleWork, Setting
from planner.model.agent import Agent
from planner.model.plan import Plan
from planner.model.protocol import Protocol, TemplateDecision
from planner.model.schedule import Event, OpenDecision, PlacedBlock, PlacedCycle, Schedule
from planner.model.site import Site


def assemble(plan: Plan, protocols: Mapping[str, Protocol], agents: Mapping[str, Agent], site: Site) -> Schedule:
    """All events of the plan in order of time. `protocols` are the plan's pins read, by sha256.

    KeyError where the plan names a pin, phase or block that does not exist, which decoding and editing rule out.
    """
    blocks = Calendar(plan, protocols).place_all()
    orders: list[list[Event]] = []
    decisions: list[OpenDecision] = []
    bag_plans = {one.block: one for one in plan.bag_plans}
    setting = Setting(plan, agents, site)
    due = _due_days(plan, blocks, protocols)
    for number, block in enumerate(blocks):
        protocol = protocols[plan.block(block.id).pin]
        answers = group_facts(plan, plan.block(block.id), protocol)
        for cycle in block.cycles:
            known = answers.on(cycle.start, due.get(block.group, {}))
            work = CycleWork(setting, block, cycle, known, number * BLOCK_STRIDE)
            here = work.orders()
            orders += here
            if block.id in bag_plans:
                orders += bag_events(here, bag_plans[block.id], agents, site.treatment_day_starts)
            for decision in protocol.decisions:
                asked, unsure = answers.judge(decision.when, {})
                if _is_here(decision, block, cycle) and asked is not False:
                    event = work.decide(decision, unsure)
                    choice = answers.taken.get(f"decision.{decision.id}")
                    taken = None if choice is None else str(choice)
                    decisions.append(OpenDecision(block.group, decision, block.id, event.day, taken))
                    orders.append([event])
    return Schedule.of_orders(orders, blocks, tuple(sorted(decisions, key=lambda one: one.day)))


def _due_days(
    plan: Plan, blocks: tuple[PlacedBlock, ...], protocols: Mapping[str, Protocol]
) -> dict[str, dict[str, int]]:
    """Placement -> decision -> the day it is due."""
    due: dict[str, dict[str, int]] = {}
    for block in blocks:
        for decision in protocols[plan.block(block.id).pin].decisions:
            for cycle in block.cycles:
                if _is_here(decision, block, cycle):
                    due.setdefault(block.group, {})[decision.id] = day_in_cycle(plan, block, cycle, decision.day)
    return due


def _is_here(decision: TemplateDecision, block: PlacedBlock, cycle: PlacedCycle) -> bool:
    return decision.phase == block.phase.id and decision.cycle == cycle.number
