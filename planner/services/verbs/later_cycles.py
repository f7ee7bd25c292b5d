"""Something new in every cycle from one on: the same order or examination once more for each of the later ones."""

from msgspec.structs import replace

from planner.model.plan import Addition, Examination, Plan
from planner.model.schedule import Schedule
from planner.services.verbs.refusing import find_place, refuse_days


def in_later_cycles(plan: Plan, schedule: Schedule) -> Plan:
    """The plan with what was added last added to the later cycles of its block as well, under the same name.

    In every cycle (0) it would stand in the past ones too. Refuses days that one of these cycles does not have.
    """
    added = plan.modifications[-1]
    if not isinstance(added, Addition | Examination):
        raise TypeError(f"a {type(added).__name__} adds nothing")
    cycles = plan.block(added.block).cycles
    placed = {one.number for block in schedule.blocks if block.id == added.block for one in block.cycles}
    later = [number for number in cycles[cycles.index(added.cycle) + 1 :] if number in placed]
    for number in later:
        refuse_days(find_place(plan, schedule, added.block, number), added.days)
    return replace(plan, modifications=(*plan.modifications, *(replace(added, cycle=number) for number in later)))
