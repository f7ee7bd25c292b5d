"""The bags of a block's continuous infusions as events: hung when, empty when, at which rate, and the disconnect."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from planner.assembly.bags import Bag, cut
from planner.model.agent import Agent, BagKind
from planner.model.civil import clock, weekday_date
from planner.model.evidence import Evidence
from planner.model.plan import BagPlan
from planner.model.protocol import Days, TemplateAssessment
from planner.model.quantity import format_number
from planner.model.schedule import Event, PlacedOrder, State

HOURS_A_DAY = 24
EVIDENCES = list(Evidence)
RUNNING = (State.PLANNED, State.PROVISIONAL, State.DEFERRED)


def bag_events(
    orders: Iterable[Sequence[Event]], plan: BagPlan, agents: Mapping[str, Agent], treatment_day_starts: int
) -> list[list[Event]]:
    """For every infusion among these orders of one cycle: its bags, and its disconnects.

    A bag hangs at the infusion's clock time, or when the treatment day starts; a day left out ends the bag before it.
    """
    found: list[list[Event]] = []
    for order in orders:
        agent = agents.get(order[0].placed.agent)
        kinds = {kind.hours: kind for kind in agent.bags if kind.hours in plan.hours} if agent else {}
        runs = _runs([event for event in order if event.state in RUNNING])
        if kinds and runs and order[0].placed.kind == "infusion":
            hung = _placed(order[0].placed, "bag", "bag", "New bag for the pump")
            weakest = max([hung.evidence, *(Evidence(kind.evidence) for kind in kinds.values())], key=EVIDENCES.index)
            off = _placed(order[0].placed, "procedure", "disconnect", "The pump comes off")
            starts = order[0].minute if order[0].minute >= 0 else treatment_day_starts
            bags = replace(hung, evidence=weakest)
            found.append([bag for run in runs for bag in _bags_of(run, bags, plan, kinds, starts)])
            found.append([_disconnect(run[-1], off, starts) for run in runs])
    return found


def _bags_of(
    run: list[Event], hung: PlacedOrder, plan: BagPlan, kinds: Mapping[int, BagKind], minute: int
) -> list[Event]:
    bags = cut(run[0].day, run[-1].day + 1, [hours // HOURS_A_DAY for hours in kinds], (), _burden(plan))
    by_day = {event.day: event for event in run}
    return [
        by_day[bag.start]._replace(
            placed=hung,
            minute=minute,
            dose=None,
            end_day=bag.start + bag.days,
            end_minute=minute,
            note=_words(bag, kinds, minute),
        )
        for bag in bags
    ]


def _disconnect(last: Event, off: PlacedOrder, minute: int) -> Event:
    """The pump comes off a day after the last infusion day began."""
    return last._replace(
        day=last.day + 1,
        minute=minute,
        placed=off,
        cycle_day=last.placed.block.phase.next_day(last.cycle_day),
        dose=None,
        due_day=last.due_day + 1,
        end_day=-1,
        end_minute=-1,
        note="",
    )


def _placed(infusion: PlacedOrder, kind: str, what: str, patient_words: str) -> PlacedOrder:
    """What all bags of an infusion share, as something the clinic does rather than a dose."""
    rule = TemplateAssessment(
        id=f"{infusion.order.id}-{what}",
        title=f"{infusion.agent_name}: {what}",
        kind=kind,
        days=Days(()),
        evidence=infusion.evidence,
        references=infusion.order.references,
        topic="bag",
        patient_words=patient_words,
    )
    return replace(
        infusion,
        id=f"{infusion.id}-{what}",
        order=rule,
        kind=kind,
        agent_name=rule.title,
        role="procedure",
        duration_h=None,
    )


def _words(bag: Bag, kinds: Mapping[int, BagKind], minute: int) -> str:
    hours = bag.days * HOURS_A_DAY
    size = min((size for size in kinds if size >= hours), default=hours)
    early = f", of {size} h, taken down early" if size > hours else ""
    kind = kinds.get(size)
    rate = f" at {format_number(kind.rate_ml_h)} mL/h" if kind else ""
    ends = f"{weekday_date(bag.start + bag.days)} {clock(minute)}"
    then = f"bag {bag.number + 1} on {ends}" if bag.number < bag.count else f"disconnect on {ends}"
    return f"bag {bag.number} of {bag.count}: {hours} h{early}{rate}, then {then}"


def _burden(plan: BagPlan) -> Callable[[int], int]:
    """How unwelcome a bag change is on a day: 0 on a chosen weekday or where none is chosen, else 1."""
    return lambda day: int(bool(plan.weekdays) and date.fromordinal(day).weekday() not in plan.weekdays)


def _runs(days: list[Event]) -> list[list[Event]]:
    """The infusion's days without a gap."""
    runs: list[list[Event]] = []
    for event in days:
        if runs and event.day == runs[-1][-1].day + 1:
            runs[-1].append(event)
        else:
            runs.append([event])
    return runs
