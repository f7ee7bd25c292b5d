"""`regimap plan rescue`: a rescue at another dose or interval from an hour on, in the place of what is drawn."""

import argparse
from typing import Any

from planner.cli.plan_access import a_clock, a_date, a_number, site_of
from planner.cli.plan_edit import add_place, add_reason, carry_out, cycle_of, new_edit, open_desk
from planner.cli.plan_treatment import add_sure, ask_dose
from planner.model.civil import clock
from planner.model.protocol import ROUTES
from planner.services.usual_doses import TypedDose, agent_placed, drug_placed
from planner.services.verbs.raising import INTERVALS, Otherwise, give_otherwise
from planner.services.verbs.reasons import Why


def add_arguments(edits: Any) -> None:
    """The sub-command, to stand beside the others of `regimap plan`."""
    rescue = new_edit(edits, "rescue", "give a rescue otherwise from an hour on, such as more leucovorin", _rescue)
    add_place(rescue, day=None, order=True)
    rescue.add_argument("--on", type=a_date, required=True, metavar="DATE", help="the day of its first dose")
    rescue.add_argument("--at", type=a_clock, required=True, metavar="HH:MM", help="the hour of its first dose")
    rescue.add_argument("--dose", required=True, help='each dose, such as "150 mg" or "15 mg/m2"')
    hours = ", ".join(map(str, INTERVALS))
    rescue.add_argument("--every", type=a_number, required=True, metavar="H", help=f"hours between doses: {hours}")
    rescue.add_argument(
        "--until", type=a_date, default=None, metavar="DATE", help="the last day drawn (default as drawn now)"
    )
    rescue.add_argument("--agent", default="", help="default the same drug")
    rescue.add_argument("--route", default="", choices=["", *ROUTES], help="default as before")
    rescue.add_argument("--name", default="", metavar="ID", help="the id of the new order (default made of the drug's)")
    add_reason(rescue)
    add_sure(rescue)


def _rescue(chosen: argparse.Namespace) -> int:
    desk = open_desk(chosen)
    wish = Otherwise(
        chosen.block,
        cycle_of(desk, chosen),
        chosen.order,
        chosen.on,
        chosen.at,
        chosen.dose,
        chosen.every,
        Why(chosen.reason, chosen.note, chosen.grade),
        until=chosen.until,
        agent=chosen.agent,
        route=chosen.route,
        name=chosen.name,
        day_starts=site_of(desk.plan).treatment_day_starts,
    )
    changed = give_otherwise(desk.plan, desk.known.schedule, desk.library.agents, wish)
    placed = drug_placed(desk.known.schedule, wish.block, wish.cycle, wish.order)
    agents, route = desk.library.agents, wish.route or placed.route
    agent = agents[wish.agent] if wish.agent else agent_placed(agents, placed)
    ask_dose(chosen, desk, TypedDose(agent, route, wish.dose, 24 // wish.every))
    what = f"{agent.name} {wish.dose} every {wish.every} h from {chosen.on} {clock(wish.minute)}"
    return carry_out(chosen, desk, changed, what)
