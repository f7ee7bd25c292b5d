"""A rescue given otherwise from an hour on: another dose, another interval. Plan -> Plan, or a Refusal."""

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from planner.assembly.raised import is_alike
from planner.errors import Refusal
from planner.model.agent import Agent
from planner.model.civil import clock, weekday_date
from planner.model.cycle_content import State
from planner.model.going_on import NOT_GIVEN, rescued_by
from planner.model.plan import Addition, Plan
from planner.model.protocol import TREATING
from planner.model.schedule import Event, Schedule
from planner.model.sentence import listed
from planner.services.verbs.drugs import drug_at, free_name, known_agent, names_in_use, read_dose, refuse_name
from planner.services.verbs.reasons import Why
from planner.services.verbs.refusing import Place, find_place, refuse_days, refuse_reason, refused_name

DAY = 24 * 60
INTERVALS = (1, 2, 3, 4, 6, 8, 12, 24)
"""Hours between doses, so that those of each day fall on the same hours."""


class Otherwise(Struct, frozen=True):
    """A rescue as it is given from an hour on: `order` is the one that is drawn, in whose place it comes.

    `minute` is that of the first dose on `on` (0 to 1439), `every` the hours between two, `until` the last day drawn:
    without it the last one of the rescue as it is drawn, the next day at least. Without `agent` or `route` they stay.
    `day_starts` is the minute at which the site's treatment day begins, by which a dose without a clock time goes.
    """

    block: str
    cycle: int
    order: str
    on: date
    minute: int
    dose: str
    every: int
    why: Why
    until: date | None = None
    agent: str = ""
    route: str = ""
    name: str = ""
    day_starts: int = 540


def give_otherwise(plan: Plan, schedule: Schedule, agents: Mapping[str, Agent], wish: Otherwise) -> Plan:
    """Give a rescue otherwise from an hour on, in the place of what is drawn of its drug from then on.

    It holds up to the next dose of what it rescues from, whose own rescue stays; what was given stays. One change of
    the plan. Refuses an order that is no rescue, or of which no dose was given before that hour; a recorded dose at
    that hour or after it; an interval that the hours of a day do not take; days outside of the cycle, or on which the
    next dose comes.
    """
    place = find_place(plan, schedule, wish.block, wish.cycle)
    refuse_reason(wish.why.reason, wish.why.grade)
    drawn = _drawn(plan, place, wish)
    agent = _agent(agents, drawn[0], wish)
    lead, following = _lead(place, drawn, wish)
    alike = [
        one for one in place.events if one.placed.role == "rescue" and is_alike(one.placed.agent, agent.id, agents)
    ]
    _refuse_recorded(alike, wish, following)
    until = _until(alike, wish, following)
    days = _days(place, lead, wish, until)
    refuse_days(place, days)
    name = wish.name or free_name(f"{agent.id}-every-{wish.every}-h", names_in_use(place.block, plan))
    refuse_name(plan, place.block, name, agent.id)
    change = Addition(
        wish.block,
        wish.cycle,
        name,
        agent.id,
        "rescue",
        wish.route or drawn[0].placed.route,
        days,
        wish.why.reason,
        wish.why.note,
        wish.why.grade,
        dose=wish.dose,
        doses_per_day=24 // wish.every,
        timed_by=lead.placed.order.id,
        minutes=_first(wish) - _start(lead, wish),
        anew=True,
    )
    return replace(plan, modifications=(*plan.modifications, change))


def _drawn(plan: Plan, place: Place, wish: Otherwise) -> list[Event]:
    """The doses of the rescue as it is drawn."""
    drug_at(plan, place, wish.order)
    drawn = [one for one in place.events if one.placed.order.id == wish.order and one.placed.role == "rescue"]
    if not drawn:
        known = dict.fromkeys(one.placed.order.id for one in place.events if one.placed.role == "rescue")
        told = "{block} C{cycle} has no rescue {name}; it has {known}"
        raise refused_name(told, wish.order, known, block=place.block.title, cycle=wish.cycle)
    return drawn


def _agent(agents: Mapping[str, Agent], drawn: Event, wish: Otherwise) -> Agent:
    """The drug that is given; what is said of it must make sense."""
    if wish.every not in INTERVALS:
        raise Refusal(
            "every {hours} h does not come out even in a day; take {known}",
            "interval",
            str(min(INTERVALS, key=lambda one: abs(one - wish.every))),
            hours=wish.every,
            known=listed(list(map(str, INTERVALS))),
        )
    read_dose(wish.dose)
    agent = known_agent(agents, wish.agent or drawn.placed.agent)
    if not is_alike(agent.id, drawn.placed.agent, agents):
        raise Refusal(
            "{drug} is no drug of the class of {other}; stop that and add an order of its own",
            "another class",
            drawn.placed.agent,
            drug=agent.name,
            other=drawn.placed.agent_name,
        )
    return agent


def _first(wish: Otherwise) -> int:
    return wish.on.toordinal() * DAY + wish.minute


def _start(event: Event, wish: Otherwise) -> int:
    return event.day * DAY + (event.minute if event.minute >= 0 else wish.day_starts)


def _lead(place: Place, drawn: Sequence[Event], wish: Otherwise) -> tuple[Event, Event | None]:
    """The last dose before that hour of what the rescue rescues from, and the one after it."""
    names = rescued_by(drawn[0].placed)
    treated = [
        one
        for one in place.events
        if one.placed.order.id in names and one.placed.role in TREATING and one.state not in NOT_GIVEN
    ]
    before = [one for one in treated if _start(one, wish) < _first(wish)]
    if not before:
        raise Refusal(
            "no dose that {order} rescues from comes before {hour} on {day}; it is given from after that dose on",
            "no dose before",
            order=wish.order,
            hour=clock(wish.minute),
            day=weekday_date(wish.on),
        )
    after = [one for one in treated if _start(one, wish) >= _first(wish)]
    return _begins(before, wish), next(iter(after), None)


def _begins(doses: Sequence[Event], wish: Otherwise) -> Event:
    """The first dose of the last course: its hours are counted from there, in however many parts a day gives it."""
    first = doses[-1]
    for one in reversed(doses[:-1]):
        if _start(first, wish) - _start(one, wish) > DAY:
            break
        first = one
    return first


def _refuse_recorded(alike: Sequence[Event], wish: Otherwise, following: Event | None) -> None:
    """What was given from that hour on has happened; the other rescue begins after it."""
    ends = _start(following, wish) if following else None
    given = [
        one
        for one in alike
        if one.state is State.GIVEN and one.day * DAY + max(one.minute, 0) >= _first(wish)
        if ends is None or _start(one, wish) < ends
    ]
    if given:
        last = given[-1]
        raise Refusal(
            "{dose} at {hour} on {day} is recorded as given; begin after it, or take the record back",
            "already given",
            dose=last.label,
            hour=clock(last.minute) or "--",
            day=weekday_date(last.day),
        )


def _until(alike: Sequence[Event], wish: Otherwise, following: Event | None) -> int:
    """The last day drawn, an ordinal."""
    begins = wish.on.toordinal()
    if wish.until is not None:
        if wish.until < wish.on:
            told = "it ends on {last}, before it begins on {first}"
            raise Refusal(
                told, "ends before", wish.on.isoformat(), last=weekday_date(wish.until), first=weekday_date(begins)
            )
        if following and wish.until.toordinal() >= following.day:
            raise Refusal(
                "{dose} is planned on {day}, with a rescue of its own; let this one end before that day",
                "next dose",
                date.fromordinal(following.day - 1).isoformat(),
                dose=following.label,
                day=weekday_date(following.day),
            )
        return wish.until.toordinal()
    most = following.day - 1 if following else begins + 1
    days = [one.day for one in alike if one.state not in NOT_GIVEN and (following is None or one.day < following.day)]
    return max([begins, min(begins + 1, most), *days])


def _days(place: Place, lead: Event, wish: Otherwise, until: int) -> tuple[int, ...]:
    """The day numbers from its first dose to its last day, as they stand while the dose it hangs on is not moved."""
    phase, late = place.block.phase, lead.day - lead.due_day
    first = wish.on.toordinal() - late - place.cycle.start
    return tuple(phase.day_at(offset) for offset in range(first, until - late - place.cycle.start + 1))
