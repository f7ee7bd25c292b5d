"""Edits of treatment: hold, resume, skip, repeat, stop, and what is given: reduce, dose, replace, order."""

import argparse
from typing import Any

from msgspec.structs import replace

from planner.cli.plan_access import a_clock, a_date, a_number, full_library, site_of
from planner.cli.plan_edit import (
    BLOCK_HELP,
    Desk,
    add_place,
    add_reason,
    add_scope,
    carry_out,
    cycle_of,
    first_day_of,
    new_edit,
    open_desk,
    say,
)
from planner.errors import InputProblem
from planner.model.plan import (
    Addition,
    DoseChange,
    Examination,
    Hold,
    Plan,
    Repetition,
    Replacement,
    Scope,
    Skip,
    Stop,
)
from planner.model.protocol import ROLES, ROUTES, TOPICS
from planner.model.schedule import Schedule
from planner.services.evaluation import evaluate
from planner.services.telling.elsewhere import stays_elsewhere
from planner.services.telling.reached import (
    also_reached,
    given_daily,
    goes_on_otherwise,
    hardly_any,
    other_doses,
    out_of_range,
    raised,
)
from planner.services.usual_doses import (
    TypedDose,
    agent_placed,
    dose_doubt,
    drug_placed,
    frequency_words,
    inherited_from,
    times_a_day,
)
from planner.services.verbs import examining, pausing, redosing
from planner.services.verbs.drugs import read_days
from planner.services.verbs.going import going_doses
from planner.services.verbs.later_cycles import in_later_cycles
from planner.services.verbs.refusing import find_place
from planner.services.verbs.repeating import repeat_cycle
from planner.services.verbs.timing import at_hour

CLOSE_HELP = "what follows moves up; without it the dates stay"
ANY_SCOPE = tuple(Scope)


def add_arguments(edits: Any) -> None:
    """The sub-commands, to stand beside the others of `regimap plan`."""
    _add_pauses(edits)
    _add_doses(edits)
    examine = new_edit(edits, "examine", "add an examination the protocol does not have", _examine)
    _add_new(examine)
    examine.add_argument("--title", required=True, help='what is examined, such as "Liver tests"')
    examine.add_argument("--topic", default="", choices=TOPICS, help="what rules and sheets know it by")
    add_reason(examine)


def _add_new(edit: argparse.ArgumentParser) -> None:
    """Where something new stands, and its id."""
    add_place(edit, day=None, order=None)
    edit.add_argument(
        "--every-cycle",
        action="store_true",
        help="on these days of every cycle of the block; with --cycle N from that one on",
    )
    edit.add_argument("--name", required=True, metavar="ID", help="the id of what is new")
    edit.add_argument("--days", required=True, metavar="D[,D]", help="day numbers: 1,8,15 or 1:5")


def _add_pauses(edits: Any) -> None:
    hold = new_edit(edits, "hold", "pause a block, or one drug, until nobody knows when", _hold)
    add_place(hold)
    add_scope(hold, (Scope.FOLLOWING, Scope.ALL), Scope.FOLLOWING)
    add_reason(hold)
    resume = new_edit(edits, "resume", "go on with what is on hold", _resume)
    resume.add_argument("--block", required=True, help=BLOCK_HELP)
    resume.add_argument("--order", default="", help="the drug, where one drug was held")
    resume.add_argument("--on", type=a_date, required=True, metavar="DATE", help="the first day it is given again")
    resume.add_argument(
        "--hours", type=a_number, default=None, metavar="H", help="length of the stop, if not whole days"
    )
    resume.add_argument("--note", default="", help="why it goes on; the reason is the hold's")
    skip = new_edit(edits, "skip", "leave out a whole cycle", _skip)
    add_place(skip, day=None, order=None)
    skip.add_argument("--close", action="store_true", help=CLOSE_HELP)
    add_reason(skip)
    repeat = new_edit(edits, "repeat", "give a cycle once more", _repeat)
    add_place(repeat, day=None, order=None)
    repeat.add_argument("--gap", type=a_number, default=0, metavar="DAYS", help="days between the cycle and its repeat")
    add_reason(repeat)
    stop = new_edit(edits, "stop", "no more of a cycle, a block, a drug or the plan from a day on", _stop)
    add_place(stop)
    add_scope(stop, (Scope.CYCLE, Scope.FOLLOWING, Scope.ALL), Scope.FOLLOWING)
    stop.add_argument("--close", action="store_true", help=CLOSE_HELP)
    add_reason(stop)


def _add_doses(edits: Any) -> None:
    reduce = new_edit(edits, "reduce", "give less of a drug from a day on", _reduce)
    add_place(reduce, order=True)
    amount = reduce.add_mutually_exclusive_group(required=True)
    amount.add_argument("--percent", type=a_number, metavar="N", help="of the protocol's dose")
    amount.add_argument("--dose", default="", help='such as "30 mg" or "1 g/m2"')
    reduce.add_argument("--level", default="", help="what the site calls this dose level")
    add_scope(reduce, ANY_SCOPE, Scope.FOLLOWING)
    _add_alone(reduce)
    add_reason(reduce)
    add_sure(reduce)
    full = new_edit(edits, "full-dose", "give the protocol's dose of a drug again", _full_dose)
    add_place(full, order=True)
    add_scope(full, ANY_SCOPE, Scope.FOLLOWING)
    _add_alone(full)
    add_reason(full)
    dose = new_edit(edits, "enter-dose", "enter a dose that no source gives", _dose)
    add_place(dose, day=False, order=True)
    dose.add_argument("--dose", required=True, help='such as "30 mg" or "1 g/m2"')
    add_scope(dose, ANY_SCOPE, Scope.FOLLOWING)
    _add_alone(dose)
    add_reason(dose, default="other")
    add_sure(dose)
    other = new_edit(edits, "replace", "give another agent in place of a drug", _replace)
    add_place(other, order=True)
    other.add_argument("--agent", required=True, help="the id of the drug that is given instead")
    other.add_argument("--dose", default="", help="its dose; without it the dose has to be entered")
    other.add_argument("--route", default="", choices=["", *ROUTES], help="default as before")
    other.add_argument("--per-day", type=a_number, default=0, metavar="N", help="doses a day, default as before")
    add_scope(other, ANY_SCOPE, Scope.FOLLOWING)
    _add_alone(other)
    add_reason(other)
    add_sure(other)
    order = new_edit(edits, "order", "add an order the protocol does not have", _order)
    _add_new(order)
    order.add_argument("--agent", required=True, help="the id of the drug, such as leucovorin")
    order.add_argument("--role", required=True, choices=ROLES, help="what it is given for")
    order.add_argument("--route", required=True, choices=ROUTES, help="how it is given")
    order.add_argument("--dose", default="", help="without it the dose has to be entered")
    order.add_argument("--per-day", type=a_number, default=1, metavar="N", help="doses a day, default 1")
    order.add_argument("--at", type=a_clock, default=None, metavar="HH:MM", help="the hour of one dose on one day")
    add_reason(order)
    add_sure(order)


def _add_alone(edit: argparse.ArgumentParser) -> None:
    edit.add_argument("--alone", action="store_true", help="this order alone, not the drug's other orders")


def add_sure(edit: argparse.ArgumentParser) -> None:
    """Takes what is asked about as it is."""
    edit.add_argument("--sure", action="store_true", help="take what was asked about")


def ask_dose(chosen: argparse.Namespace, desk: Desk, typed: TypedDose) -> None:
    """Ask about a typed dose far from what the protocols of the library give; tell how often one is given."""
    protocols = (one.protocol for one in full_library().protocols.values())
    rules = desk.library.rules
    doubt = dose_doubt(replace(typed, instead_of=""), protocols, desk.plan.patient, rules=rules)
    if doubt and not (chosen.sure or chosen.preview):
        raise InputProblem((doubt, "say --sure to take it so"))
    say(tuple(filter(None, (frequency_words(typed), doubt))))


def _ask_reach(chosen: argparse.Namespace, desk: Desk, change: DoseChange | Replacement) -> None:
    """Ask where a typed dose would stand for another one than that of its order."""
    doubt = other_doses(desk.known.schedule, change)
    if doubt and not (chosen.sure or chosen.preview):
        raise InputProblem((doubt, f"say --alone to change {change.order} alone, or --sure to change them all"))


def _ask(chosen: argparse.Namespace, doubt: str) -> None:
    if doubt and not (chosen.sure or chosen.preview):
        raise InputProblem((doubt, "say --sure to take it so"))
    say((doubt,) if doubt else ())


def _schedule(desk: Desk, changed: Plan) -> Schedule:
    return evaluate(changed, desk.library, site_of(changed)).schedule


def _say_also(desk: Desk, change: Hold | Stop | DoseChange | Replacement) -> None:
    """Tell which other orders of the drug it reaches, and of what goes on otherwise."""
    also = also_reached(desk.known.schedule, change)
    if also and isinstance(change, DoseChange | Replacement):
        also = f"{also}; with --alone it does not"
    otherwise = goes_on_otherwise(desk.known.schedule, change) if isinstance(change, Hold | Stop) else ""
    say(tuple(filter(None, (also, otherwise))))


def _say_reach(desk: Desk, change: Hold | Stop | DoseChange | Replacement) -> None:
    """Tell how far it goes, and where the drug comes back: what ends with its block is easily meant for the plan."""
    _say_also(desk, change)
    stays = stays_elsewhere(desk.known.schedule, change)
    say((f"{stays}; with --scope all it is changed there too",) if stays else ())


def _hold(chosen: argparse.Namespace) -> int:
    desk, (block, cycle, why) = _desk(chosen)
    change = Hold(block, cycle, chosen.day, *why, order=chosen.order, scope=Scope(chosen.scope))
    changed = pausing.hold(desk.plan, desk.known.schedule, change)
    _say_reach(desk, change)
    return carry_out(chosen, desk, changed, f"Hold {chosen.order or block} from C{cycle} D{chosen.day}")


def _resume(chosen: argparse.Namespace) -> int:
    desk = open_desk(chosen)
    at = chosen.block, chosen.order
    done = pausing.resume(
        desk.plan, desk.known.schedule, desk.library.agents, at, chosen.on, chosen.hours, note=chosen.note
    )
    say(done.words)
    return carry_out(chosen, desk, done.plan, f"Resume {chosen.order or chosen.block} on {chosen.on}")


def _skip(chosen: argparse.Namespace) -> int:
    desk, (block, cycle, why) = _desk(chosen)
    change = Skip(block, cycle, *why, closes=chosen.close)
    changed = pausing.skip(desk.plan, desk.known.schedule, change)
    return carry_out(chosen, desk, changed, f"Skip {block} C{cycle}")


def _repeat(chosen: argparse.Namespace) -> int:
    desk, (block, cycle, why) = _desk(chosen)
    changed = repeat_cycle(desk.plan, desk.known.schedule, Repetition("", block, cycle, *why), chosen.gap)
    return carry_out(chosen, desk, changed, f"Repeat {block} C{cycle}")


def _stop(chosen: argparse.Namespace) -> int:
    desk, (block, cycle, why) = _desk(chosen)
    change = Stop(block, cycle, chosen.day, Scope(chosen.scope), *why, order=chosen.order, closes=chosen.close)
    changed = pausing.stop(desk.plan, desk.known.schedule, change)
    place = find_place(desk.plan, desk.known.schedule, block, cycle)
    goes_on = going_doses(desk.plan, desk.known.schedule, place, chosen.day, chosen.order)
    say(
        tuple(
            {
                f"{one.placed.agent_name} may go on behind its drawn days; it ends before D{chosen.day}"
                for one in goes_on
            }
        )
    )
    _say_reach(desk, change)
    return carry_out(chosen, desk, changed, f"Stop {chosen.order or block} from C{cycle} D{chosen.day}")


def _reduce(chosen: argparse.Namespace) -> int:
    desk, (block, cycle, why) = _desk(chosen)
    change = DoseChange(
        block,
        cycle,
        chosen.day,
        chosen.order,
        Scope(chosen.scope),
        *why,
        percent=100 if chosen.percent is None else chosen.percent,
        dose=chosen.dose,
        level=chosen.level,
        alone=chosen.alone,
    )
    changed = redosing.reduce(desk.plan, desk.known.schedule, change)
    _ask_reach(chosen, desk, change)
    after = _schedule(desk, changed)
    _ask(chosen, raised(desk.known.schedule, after) or hardly_any(desk.known.schedule, after))
    _say_reach(desk, change)
    amount = chosen.dose or f"{chosen.percent} %"
    return carry_out(chosen, desk, changed, f"Reduce {chosen.order} to {amount} from {block} C{cycle} D{chosen.day}")


def _full_dose(chosen: argparse.Namespace) -> int:
    desk, (block, cycle, why) = _desk(chosen)
    change = DoseChange(block, cycle, chosen.day, chosen.order, Scope(chosen.scope), *why, alone=chosen.alone)
    changed = redosing.full_dose(desk.plan, desk.known.schedule, change)
    _say_reach(desk, change)
    return carry_out(chosen, desk, changed, f"Full dose of {chosen.order} from {block} C{cycle} D{chosen.day}")


def _dose(chosen: argparse.Namespace) -> int:
    desk, (block, cycle, why) = _desk(chosen)
    day = first_day_of(desk, block, cycle) if chosen.day is None else chosen.day
    scope, amount = Scope(chosen.scope), {"dose": chosen.dose, "alone": chosen.alone}
    change = DoseChange(block, cycle, day, chosen.order, scope, *why, **amount)
    changed = redosing.enter_dose(desk.plan, desk.known.schedule, change)
    placed = drug_placed(desk.known.schedule, block, cycle, chosen.order)
    agent = agent_placed(desk.library.agents, placed)
    ask_dose(chosen, desk, TypedDose(agent, placed.route, chosen.dose, times_a_day(placed)))
    _ask_reach(chosen, desk, change)
    _ask(chosen, out_of_range(desk.known.schedule, _schedule(desk, changed)))
    _say_also(desk, change)
    return carry_out(chosen, desk, changed, f"Enter {chosen.dose} of {chosen.order} in {block}")


def _replace(chosen: argparse.Namespace) -> int:
    desk, (block, cycle, why) = _desk(chosen)
    change = Replacement(
        block,
        cycle,
        chosen.day,
        chosen.order,
        Scope(chosen.scope),
        chosen.agent,
        *why,
        dose=chosen.dose,
        route=chosen.route,
        doses_per_day=chosen.per_day,
        alone=chosen.alone,
    )
    changed = redosing.replace_agent(desk.plan, desk.known.schedule, desk.library.agents, change)
    placed = drug_placed(desk.known.schedule, block, cycle, chosen.order)
    agent, route = desk.library.agents[chosen.agent], chosen.route or placed.route
    often = (chosen.per_day,) if chosen.per_day else (times_a_day(placed), inherited_from(placed))
    ask_dose(chosen, desk, TypedDose(agent, route, chosen.dose, *often))
    _ask_reach(chosen, desk, change)
    _ask(chosen, given_daily(_schedule(desk, changed), change, agent))
    _say_reach(desk, change)
    return carry_out(chosen, desk, changed, f"Give {chosen.agent} in place of {chosen.order}")


def _order(chosen: argparse.Namespace) -> int:
    desk, (block, cycle, why) = _desk(chosen)
    from_on = chosen.every_cycle and chosen.cycle is not None
    change = Addition(
        block,
        0 if chosen.every_cycle and not from_on else cycle,
        chosen.name,
        chosen.agent,
        chosen.role,
        chosen.route,
        read_days(desk.known.schedule, block, chosen.days),
        *why,
        dose=chosen.dose,
        doses_per_day=chosen.per_day,
    )
    change = change if chosen.at is None else at_hour(desk.known.schedule, change, chosen.at)
    changed = redosing.add_order(desk.plan, desk.known.schedule, desk.library.agents, change)
    changed = in_later_cycles(changed, desk.known.schedule) if from_on else changed
    ask_dose(chosen, desk, TypedDose(desk.library.agents[chosen.agent], chosen.route, chosen.dose, chosen.per_day))
    return carry_out(chosen, desk, changed, f"Add {chosen.agent} to {block}")


def _examine(chosen: argparse.Namespace) -> int:
    desk, (block, cycle, why) = _desk(chosen)
    days, from_on = read_days(desk.known.schedule, block, chosen.days), chosen.every_cycle and chosen.cycle is not None
    at = 0 if chosen.every_cycle and not from_on else cycle
    change = Examination(block, at, chosen.name, chosen.title, days, *why, topic=chosen.topic)
    changed = examining.add_examination(desk.plan, desk.known.schedule, change)
    changed = in_later_cycles(changed, desk.known.schedule) if from_on else changed
    return carry_out(chosen, desk, changed, f"Add {chosen.title} to {block}")


def _desk(chosen: argparse.Namespace) -> tuple[Desk, tuple[str, int, tuple[str, str, int]]]:
    """The opened plan, and block, cycle and reason (code, note, grade) as told."""
    desk = open_desk(chosen)
    return desk, (chosen.block, cycle_of(desk, chosen), (chosen.reason, chosen.note, chosen.grade))
