"""Examinations that people add to a plan: counts, marrow, MRD, liver tests where the protocol asks for none."""

from msgspec.structs import replace

from planner.errors import Refusal
from planner.model.plan import Examination, Plan
from planner.model.protocol import TOPICS
from planner.model.schedule import Schedule
from planner.services.verbs.drugs import refuse_name
from planner.services.verbs.redosing import plan_first_cycle
from planner.services.verbs.refusing import find_place, refuse_days, refuse_reason, refused_name


def add_examination(plan: Plan, schedule: Schedule, change: Examination) -> Plan:
    """Add an examination to a cycle, or to every cycle (0) of a block. `schedule` is the plan's own, from before.

    Refuses a name in use, an unknown topic, an empty title and days outside the cycle.
    """
    place = find_place(plan, schedule, change.block, change.cycle or plan_first_cycle(schedule, plan, change.block))
    refuse_reason(change.reason, change.grade)
    refuse_name(plan, place.block, change.order, "examination")
    if not change.title.strip():
        raise Refusal("an examination needs a title: what is examined", "no title")
    if change.topic not in TOPICS:
        raise refused_name("there is no topic {name}; it has {known}", change.topic, TOPICS[1:])
    refuse_days(place, change.days)
    return replace(plan, modifications=(*plan.modifications, change))
