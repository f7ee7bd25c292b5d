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
    """
    found: list[list[CycleEvent]] = []
    agents = {drug.order.agent: drug.agent for drug in template.drugs}
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
            bags = _Bags(replace(hung, evidence=weakest), plan, kinds, starts, start)
            found.append([bag for run in runs for bag in bags.of(run)])
            found.append([_disconnect(run[-1], off, starts, template.phase) for run in runs])
    return found


class _Bags(Struct, frozen=True):
    """How the bags of one infusion are hung in a cycle that starts on day `start`."""

    hung: OrderLine
    plan: BagPlan
    kinds: Mapping[int, BagKind]
    minute: int
    start: int

    def of(self, run: Sequence[CycleEvent]) -> list[CycleEvent]:
        """The bags of some days of infusion without a gap."""
        first, last = self.start + run[0].offset, self.start + run[-1].offset
        bags = cut(first, last + 1, [hours // HOURS_A_DAY for hours in self.kinds], (), _burden(self.plan))
        by_day = {self.start + event.offset: event for event in run}
        return [
            by_day[bag.start]._replace(
                line=self.hung,
                minute=self.minute,
                dose=None,
                length=bag.days * MINUTES_A_DAY,
                note=_words(bag, self.kinds, self.minute, self.plan),
            )
            for bag in bags
        ]


def _disconnect(last: CycleEvent, off: OrderLine, minute: int, phase: Phase) -> CycleEvent:
    """The pump comes off a day after the last infusion day began."""
    return last._replace(
        offset=last.offset + 1,
        minute=minute,
        line=off,
        cycle_day=phase.next_day(last.cycle_day),
        dose=None,
        due_offset=last.due_offset + 1,
        length=-1,
        note="",
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


def _words(bag: Bag, kinds: Mapping[int, BagKind], minute: int, plan: BagPlan) -> str:
    hours = bag.days * HOURS_A_DAY
    size = min((size for size in kinds if size >= hours), default=hours)
    early = f", of {size} h, taken down early" if size > hours else ""
    kind = kinds.get(size)
    rate = f" at {format_number(kind.rate_ml_h)} mL/h" if kind else ""
    shut = ", a closed day" if date.fromordinal(bag.start + bag.days) in plan.closed else ""
    ends = f"{weekday_date(bag.start + bag.days)} {clock(minute)}{shut}"
    then = f"bag {bag.number + 1} on {ends}" if bag.number < bag.count else f"disconnect on {ends}"
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
