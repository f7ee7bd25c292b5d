"""The bags of a block's continuous infusions as events: hung when, empty when, at which rate, and the disconnect."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from planner.assembly.bags import Bag, cut
from planner.assembly.template import CycleTemplate
from planner.model.agent import BagKind
from planner.model.civil import clock, weekday_date
from planner.model.cycle_content import CycleEvent, OrderLine, State
from planner.model.evidence import Evidence
from planner.model.plan import BagPlan
from planner.model.protocol import Days, Phase, TemplateAssessment
from planner.model.quantity import format_number

HOURS_A_DAY = 24
MINUTES_A_DAY = 24 * 60
EVIDENCES = list(Evidence)
CLOSED = 1000
"""How unwelcome a bag change is on a closed day: more than all changes of a cycle on weekdays nobody chose."""
RUNNING = (State.PLANNED, State.PROVISIONAL, State.DEFERRED, State.GIVEN)


def bag_events(
    orders: Iterable[Sequence[CycleEvent]], plan: BagPlan, template: CycleTemplate, start: int
) -> list[list[CycleEvent]]:
    """For every infusion among these orders of one cycle that starts on day `start`: its bags, and its disconnects.

    A bag hangs at the infusion's clock time, or when the treatment day starts; a day left out ends the bag before it.
    Where the next day has the same agent from another order, as a step in dose, the pump stays on.
    """
    found: list[list[CycleEvent]] = []
    agents = {drug.order.agent: drug.agent for drug in template.drugs}
    orders = list(orders)
    days = _infusion_days(orders)
    for order in orders:
        infusion = order[0].line
        agent = agents.get(infusion.agent)
        kinds = {kind.hours: kind for kind in agent.bags if kind.hours in plan.hours} if agent else {}
        runs = _runs([event for event in order if event.state in RUNNING])
        if kinds and runs and infusion.kind == "infusion":
            hung = _line(infusion, "bag", "bag", "New bag for the pump")
            weakest = max([hung.evidence, *(Evidence(kind.evidence) for kind in kinds.values())], key=EVIDENCES.index)
            off = _line(infusion, "procedure", "disconnect", "The pump comes off")
            starts = order[0].minute if order[0].minute >= 0 else template.day_starts
            bags = _Bags(replace(hung, evidence=weakest), plan, kinds, starts, start, days[infusion.agent])
            found.append([bag for run in runs for bag in bags.of(run)])
            ends = [run[-1] for run in runs if run[-1].offset + 1 not in days[infusion.agent]]
            offs = [_disconnect(last, off, starts, template.phase, bags.goes_on(last)) for last in ends]
            if offs:
                found.append(offs)
    return found


def _infusion_days(orders: Iterable[Sequence[CycleEvent]]) -> dict[str, tuple[int, ...]]:
    """For each agent the days of the cycle on which it runs by pump, from whatever order, in a row."""
    found: dict[str, set[int]] = {}
    for order in orders:
        if order[0].line.kind == "infusion":
            running = {event.offset for event in order if event.state in RUNNING}
            found.setdefault(order[0].line.agent, set()).update(running)
    return {agent: tuple(sorted(days)) for agent, days in found.items()}


class _Bags(Struct, frozen=True):
    """How the bags of one infusion are hung in a cycle that starts on day `start`; its agent runs on `days` of it."""

    hung: OrderLine
    plan: BagPlan
    kinds: Mapping[int, BagKind]
    minute: int
    start: int
    days: tuple[int, ...]

    def goes_on(self, last: CycleEvent) -> str:
        """When the pump goes on again in this cycle after a run's last day; empty where it does not."""
        later = next((day for day in self.days if day > last.offset), None)
        return "" if later is None else weekday_date(self.start + later)

    def of(self, run: Sequence[CycleEvent]) -> list[CycleEvent]:
        """The bags of some days of infusion without a gap."""
        first, last = self.start + run[0].offset, self.start + run[-1].offset
        bags = cut(first, last + 1, [hours // HOURS_A_DAY for hours in self.kinds], (), _burden(self.plan))
        by_day = {self.start + event.offset: event for event in run}
        steps = run[-1].offset + 1 in self.days
        return [
            by_day[bag.start]._replace(
                line=self.hung,
                minute=self.minute,
                dose=None,
                length=bag.days * MINUTES_A_DAY,
                notes=(_words(bag, self.kinds, self.minute, self.plan, steps=steps),),
            )
            for bag in bags
        ]


def _disconnect(last: CycleEvent, off: OrderLine, minute: int, phase: Phase, goes_on: str) -> CycleEvent:
    """The pump comes off a day after the last infusion day began; in the middle of a cycle it says when it goes on."""
    return last._replace(
        offset=last.offset + 1,
        minute=minute,
        line=off,
        cycle_day=phase.next_day(last.cycle_day),
        dose=None,
        due_offset=last.due_offset + 1,
        length=-1,
        notes=(f"infusion stops, and goes on {goes_on}",) if goes_on else (),
    )


def _line(infusion: OrderLine, kind: str, what: str, patient_words: str) -> OrderLine:
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
        order=rule,
        kind=kind,
        agent_name=rule.title,
        role="procedure",
        duration_h=None,
    )


def _words(bag: Bag, kinds: Mapping[int, BagKind], minute: int, plan: BagPlan, *, steps: bool) -> str:
    """`steps` tells that the last of these bags is followed by one of another dose."""
    hours = bag.days * HOURS_A_DAY
    size = min((size for size in kinds if size >= hours), default=hours)
    early = f", of {size} h, taken down early" if size > hours else ""
    kind = kinds.get(size)
    rate = f" at {format_number(kind.rate_ml_h)} mL/h" if kind else ""
    shut = ", a closed day" if date.fromordinal(bag.start + bag.days) in plan.closed else ""
    ends = f"{weekday_date(bag.start + bag.days)} {clock(minute)}{shut}"
    last = "the first bag of the next dose" if steps else "disconnect"
    then = f"{f'bag {bag.number + 1}' if bag.number < bag.count else last} on {ends}"
    return f"bag {bag.number} of {bag.count}: {hours} h{early}{rate}, then {then}"


def _burden(plan: BagPlan) -> Callable[[int], int]:
    """How unwelcome a bag change is on a day: 0 on a chosen weekday or where none is chosen, else 1; most if closed."""

    def burden(day: int) -> int:
        on = date.fromordinal(day)
        return CLOSED if on in plan.closed else int(bool(plan.weekdays) and on.weekday() not in plan.weekdays)

    return burden


def _runs(days: list[CycleEvent]) -> list[list[CycleEvent]]:
    """The infusion's days without a gap."""
    runs: list[list[CycleEvent]] = []
    for event in days:
        if runs and event.offset == runs[-1][-1].offset + 1:
            runs[-1].append(event)
        else:
            runs.append([event])
    return runs
