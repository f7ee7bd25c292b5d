"""The bags of a block's continuous infusions as events: hung when, empty when, at which rate, and the disconnect."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import groupby

from planner.assembly.bags import Bag, cut
from planner.model.agent import Agent, BagKind
from planner.model.civil import clock, weekday_date
from planner.model.evidence import Evidence
from planner.model.plan import BagPlan
from planner.model.protocol import Days, TemplateAssessment
from planner.model.quantity import format_number
from planner.model.schedule import Event, PlacedOrder, State

HOURS_A_DAY = 24
RUNNING = (State.PLANNED, State.PROVISIONAL, State.DEFERRED)


def bag_events(
    events: Iterable[Event], plan: BagPlan, agents: Mapping[str, Agent], treatment_day_starts: int
) -> list[Event]:
    """One event a bag, and one for the disconnect, for every infusion among these events of one cycle.

    A bag hangs at the infusion's clock time, or when the treatment day starts; a day left out ends the bag before it.
    """
    found: list[Event] = []
    days = sorted(
        (event for event in events if event.placed.kind == "infusion" and event.state in RUNNING), key=_by_order
    )
    for _, same_order in groupby(days, key=lambda event: event.placed.id):
        for run in _runs(list(same_order)):
            agent = agents.get(run[0].placed.agent)
            kinds = {kind.hours: kind for kind in agent.bags if kind.hours in plan.hours} if agent else {}
            if kinds:
                found += _bags_of(run, plan, kinds, treatment_day_starts)
    return found


def _bags_of(run: list[Event], plan: BagPlan, kinds: Mapping[int, BagKind], starts: int) -> list[Event]:
    first = run[0]
    minute = first.minute if first.minute >= 0 else starts
    bags = cut(first.day, run[-1].day + 1, [hours // HOURS_A_DAY for hours in kinds], (), _burden(plan))
    weakest = max(
        [first.placed.evidence, *(Evidence(kind.evidence) for kind in kinds.values())], key=list(Evidence).index
    )
    hung = replace(_placed(first.placed, "bag", "bag", "New bag for the pump"), evidence=weakest)
    by_day = {event.day: event for event in run}
    found = [
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
    last = run[-1]
    off = last._replace(
        day=last.day + 1,
        minute=minute,
        placed=_placed(first.placed, "procedure", "disconnect", "The pump comes off"),
        cycle_day=first.placed.block.phase.next_day(last.cycle_day),
        dose=None,
        due_day=last.due_day + 1,
        end_day=-1,
        end_minute=-1,
        note="",
    )
    return [*found, off]


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


def _by_order(event: Event) -> tuple[str, int]:
    return event.placed.id, event.day


def _runs(days: list[Event]) -> list[list[Event]]:
    """The infusion's days without a gap."""
    runs: list[list[Event]] = []
    for event in days:
        if runs and event.day == runs[-1][-1].day + 1:
            runs[-1].append(event)
        else:
            runs.append([event])
    return runs
