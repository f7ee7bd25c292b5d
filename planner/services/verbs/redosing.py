"""What is given: less of a drug, the full dose again, a dose typed in, another agent, an order of one's own.

`schedule` is always the plan's own, from before the edit.
"""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from planner.assembly.assemble import assemble
from planner.errors import NothingToDo, Refusal
from planner.model.agent import Agent
from planner.model.civil import weekday_date
from planner.model.cycle_content import BY_TIME, ComputedDose, State
from planner.model.plan import Addition, DoseChange, Modification, Plan, Replacement, Scope
from planner.model.protocol import ROLES, ROUTES, TemplateOrder
from planner.model.quantity import format_amount
from planner.model.schedule import Event, PlacedOrder, Schedule
from planner.model.sentence import Sentence
from planner.model.site import Site
from planner.services import evaluation
from planner.services.verbs.drugs import drug_at, known_agent, read_dose, refuse_name, refuse_route
from planner.services.verbs.going import doses_to_change
from planner.services.verbs.hung_bags import leave_hanging
from planner.services.verbs.lasting import refuse_redrawing
from planner.services.verbs.refusing import Place, find_place, refuse_days, refuse_given, refuse_reason, refused_name
from planner.services.verbs.unconfirmed import orders_of_drug, unconfirmed

PERCENTS = range(1, 100)
"""A reduction leaves something and takes something away."""
MOST_DOSES_A_DAY = 12


def reduce(plan: Plan, schedule: Schedule, change: DoseChange) -> Plan:
    """Give less of a drug from a day on: so many percent of the protocol's dose, or `dose` in its place.

    Refuses what is not planned there or given already, percents outside 1 to 99, and a dose in another unit or above
    the protocol's own.
    """
    place, doses = _doses(plan, schedule, change)
    refuse_given(plan, place, _from(change, doses), "reduce")
    if not change.dose and doses[0].dose and doses[0].dose.unit == "drop":
        raise Refusal(
            "{order} is counted in drops, and a part of a drop cannot be given; enter the drops, or give it less often",
            "drops",
            order=change.order,
        )
    if change.dose:
        _refuse_not_less(plan, place, change, doses[0])
    elif change.percent not in PERCENTS:
        nearest = min(99, max(1, change.percent))
        raise Refusal(
            "{percent} % is no reduction; give 1 to 99 percent, or take the full dose again. A dose above the "
            "protocol's is an order of its own: stop this one and add that",
            "not a reduction",
            f"{nearest} %",
            percent=change.percent,
        )
    return _with(leave_hanging(plan, schedule, change.block), change)


def full_dose(plan: Plan, schedule: Schedule, change: DoseChange) -> Plan:
    """Give the protocol's full dose again from a day on. Refuses where no reduction or typed dose reaches that day."""
    place, doses = _doses(plan, schedule, change)
    if not any(dose.dose and dose.dose.origin for dose in doses):
        raise NothingToDo(
            "{order} has its full dose from Day {day} of {block} C{cycle} on",
            "full already",
            order=change.order,
            day=change.day,
            block=place.block.title,
            cycle=place.cycle.number,
        )
    refuse_given(plan, place, _from(change, doses), "give the full dose")
    plan = leave_hanging(plan, schedule, change.block)
    return _with(plan, replace(change, percent=100, dose="", level=""))


def enter_dose(plan: Plan, schedule: Schedule, change: DoseChange) -> Plan:
    """Type in the dose of an order for which no source gives one, or only a range. Refuses a dose that is known."""
    place, doses = _doses(plan, schedule, change)
    read_dose(change.dose)
    own = next((one.dose for one in doses if one.dose and _is_protocols(one.dose)), None)
    if own is not None:
        raise Refusal(
            "the protocol gives {planned} for {order}; reduce it to give less. More than that is an order of its own: "
            "stop this one and add that",
            "dose known",
            own.protocol_dose,
            planned=own.protocol_dose,
            order=change.order,
        )
    refuse_given(plan, place, _from(change, doses), "enter a dose")
    plan = leave_hanging(plan, schedule, change.block)
    return _with(_looked_at_anew(plan, schedule, doses[0], change), change)


def _looked_at_anew(plan: Plan, schedule: Schedule, first: Event, change: DoseChange | Replacement) -> Plan:
    """The plan without confirmations of a dose that is another one now."""
    everywhere = change.scope is Scope.ALL
    return unconfirmed(plan, orders_of_drug(schedule, first) if everywhere else {(change.block, change.order)})


def _is_protocols(dose: ComputedDose) -> bool:
    """Whether the protocol itself gives the dose. Of a range somebody has to say which."""
    return bool(dose.protocol_dose) and not dose.origin and dose.least is None


def replace_agent(plan: Plan, schedule: Schedule, agents: Mapping[str, Agent], change: Replacement) -> Plan:
    """Give another agent in place of a drug from a day on, at its own dose (empty: to be entered).

    Refuses what is not planned there or given already, an unknown agent, the same one by the same route, an unreadable
    dose, a route
    that does not fit the role or the agent, and another number of doses a day where the drug has hours of its own.
    """
    place, doses = _doses(plan, schedule, change)
    change = _with_frequency(doses[0], change)
    agent = known_agent(agents, change.agent)
    order = drug_at(plan, place, change.order)
    if agent.id == doses[0].placed.agent and change.route in ("", doses[0].placed.route):
        told = (
            "{order} is {drug} already; reduce it to give less. More than the protocol gives is an order of its own: "
            "stop this one and add that"
        )
        raise Refusal(told, "same agent", order=change.order, drug=agent.name)
    if change.route and change.route not in ROUTES:
        raise refused_name("there is no route {name}; it has {known}", change.route, ROUTES)
    refuse_route(agent, order.role, change.route or order.route)
    if change.dose:
        read_dose(change.dose)
    refuse_given(plan, place, _from(change, doses), "replace")
    _refuse_given_later(schedule, doses[0], change)
    changed = _with(_looked_at_anew(plan, schedule, doses[0], change), change)
    # Day numbers before Day 1 lie among the days of the cycle before, so the dates alone do not tell what is reached.
    refuse_redrawing(plan, changed, Sentence("{drug} from there on", drug=agent.name))
    return changed


def _with_frequency(first: Event, change: Replacement) -> Replacement:
    """The change with its doses a day: those it says, else those of what stands there in place of the protocol's drug.

    Refuses another frequency of an infusion that runs all day and of doses so many hours apart.
    """
    order, block = first.placed.order, first.placed.block
    if not isinstance(order, TemplateOrder):
        return change
    now = order.doses_of_day
    if not change.doses_per_day:
        own = next((one for one in block.phase.orders if one.id == order.id), order)
        return replace(change, doses_per_day=0 if own.doses_of_day == now else now)
    _refuse_count(change.doses_per_day)
    if change.doses_per_day != now and has_own_hours(first.placed):
        raise Refusal(
            "{order} has hours of its own; stop it and add {drug} with its doses a day",
            "hours of its own",
            str(now),
            order=change.order,
            drug=change.agent,
        )
    return change


def has_own_hours(placed: PlacedOrder) -> bool:
    """Whether a drug runs all day or is given every so many hours, so that nobody can say how often a day instead."""
    order = placed.order
    return isinstance(order, TemplateOrder) and bool(order.continuous or order.every_hours)


def add_order(plan: Plan, schedule: Schedule, agents: Mapping[str, Agent], change: Addition) -> Plan:
    """Add an order the protocol does not have to a cycle, or to every cycle (0) of a block.

    Refuses a name in use, an unknown agent, role or route, days outside the cycle, and an unreadable dose.
    """
    number = change.cycle or plan_first_cycle(schedule, plan, change.block)
    place = find_place(plan, schedule, change.block, number)
    refuse_reason(change.reason, change.grade)
    refuse_name(plan, place.block, change.order, change.agent)
    agent = known_agent(agents, change.agent)
    _refuse_words(change)
    refuse_route(agent, change.role, change.route)
    refuse_days(place, change.days)
    if change.dose:
        read_dose(change.dose)
    return _with(plan, replace(change, anew=True))


def plan_first_cycle(schedule: Schedule, plan: Plan, block_id: str) -> int:
    """The first cycle of a block that is on the schedule; the plan's own first where none is."""
    placed = next((block for block in schedule.blocks if block.id == block_id), None)
    if placed is not None:
        return placed.cycles[0].number
    return next((block.cycles[0] for block in plan.blocks if block.id == block_id), 1)


def _doses(plan: Plan, schedule: Schedule, change: DoseChange | Replacement) -> tuple[Place, tuple[Event, ...]]:
    """Where the change begins and the doses it reaches in that cycle."""
    place = find_place(plan, schedule, change.block, change.cycle)
    refuse_reason(change.reason, change.grade)
    drug_at(plan, place, change.order)
    found = doses_to_change(plan, schedule, place, change.day, change.order)
    if change.scope is Scope.DAY:
        place.of_order(change.day, change.order)
        found = tuple(event for event in found if event.cycle_day == change.day)
    return place, found


def _from(change: DoseChange | Replacement, doses: Sequence[Event]) -> list[Event]:
    """Those of the doses that the change reaches: of what goes on behind its drawn days the last drawn ones are not."""
    return [one for one in doses if one.cycle_day >= change.day]


def _refuse_given_later(schedule: Schedule, first: Event, change: Replacement) -> None:
    """Refuse another agent from before a dose that was given, in a later cycle or block, as what it was."""
    if change.scope not in (Scope.FOLLOWING, Scope.ALL):
        return
    pieces = [piece for piece in schedule.pieces if change.scope is Scope.ALL or piece.block.id == change.block]
    later = [
        event
        for piece in pieces
        if any(run.state is State.GIVEN for run in piece.content.pattern.runs)
        for events in piece.orders
        for event in events
        if event.state is State.GIVEN and event.day > first.day and event.placed.drug == first.placed.drug
        if not change.alone or event.placed.order.id == change.order
    ]
    if later:
        event = max(later, key=BY_TIME)
        day = weekday_date(event.day)
        raise Refusal(
            "{dose} of {block} was given on {day} and stays what it was; replace from the first dose after it",
            "already given",
            day,
            dose=event.label,
            block=event.placed.block.title,
            day=day,
        )


def _with(plan: Plan, change: Modification) -> Plan:
    return replace(plan, modifications=(*plan.modifications, change))


def _refuse_not_less(plan: Plan, place: Place, change: DoseChange, first: Event) -> None:
    """A reduced dose is in the protocol's own unit and below its own dose, as far as both can be told."""
    wanted, present = read_dose(change.dose), first.dose
    if present is None or not present.protocol_dose:
        raise Refusal("the protocol has no dose of {order} to reduce; enter the dose", "no dose", order=change.order)
    base = wanted.base_amount
    if present.unit and base.unit != present.unit:
        raise Refusal(
            "{dose} is not in {unit}, the unit of {planned}",
            "other unit",
            present.unit,
            dose=change.dose,
            unit=present.unit,
            planned=present.protocol_dose,
        )
    full = present.value if present.full is None else present.full
    if full is not None and not _is_less(plan, place, change):
        most = format_amount(full, present.unit)
        raise Refusal(
            "{dose} is not less than the {most} of the protocol; a reduction gives less",
            "not less",
            most,
            dose=change.dose,
            most=most,
        )


def _is_less(plan: Plan, place: Place, change: DoseChange) -> bool:
    """Whether the plan with that change gives less than the protocol anywhere in the cycle where the change begins.

    Assembly tells it and nothing is computed here, so that divided days, other weights, caps and escalations count.
    """
    protocols = {pin.sha256: evaluation.pinned_protocol(pin.text) for pin in plan.pins}
    wanted = place.block.id, place.cycle.number
    return any(
        event.dose is not None and event.dose.origin == "reduced"
        for piece in assemble(_with(plan, change), protocols, {}, Site()).pieces
        if (piece.block.id, piece.cycle) == wanted
        for events in piece.orders
        for event in events
        if event.placed.order.id == change.order and event.cycle_day >= change.day
    )


def _refuse_words(change: Addition) -> None:
    if change.role not in ROLES:
        raise refused_name("there is no role {name}; it has {known}", change.role, ROLES)
    if change.route not in ROUTES:
        raise refused_name("there is no route {name}; it has {known}", change.route, ROUTES)
    _refuse_count(change.doses_per_day)


def _refuse_count(doses_per_day: int) -> None:
    if not 1 <= doses_per_day <= MOST_DOSES_A_DAY:
        nearest = min(MOST_DOSES_A_DAY, max(1, doses_per_day))
        raise Refusal(
            "{count} doses a day cannot be planned; 1 to {most} can",
            "doses a day",
            str(nearest),
            count=doses_per_day,
            most=MOST_DOSES_A_DAY,
        )
