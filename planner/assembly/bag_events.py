"""The bags of a block's continuous infusions as events: hung when, empty when, at which rate, and the disconnect."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from planner.assembly.bags import Bag, cut
from planner.assembly.template import CycleTemplate
from planner.model.agent import Agent, BagKind
from planner.model.civil import clock, weekday_date
from planner.model.cycle_content import CycleEvent, OrderLine, State
from planner.model.evidence import Evidence
from planner.model.plan import BagPlan
from planner.model.protocol import Days, Phase, TemplateAssessment, TemplateOrder
from planner.model.quantity import format_number
from planner.model.schedule import PUMP_OFF

HOURS_A_DAY = 24
MINUTES_A_DAY = 24 * 60
EVIDENCES = list(Evidence)
CLOSED = 1000
"""How unwelcome a bag change is on a closed day: more than all changes of a cycle on weekdays nobody chose."""
_Run = tuple[Sequence[CycleEvent], Sequence[Bag]]
"""Days of an infusion without a gap, and the bags they are cut into."""
RUNNING = (State.PLANNED, State.PROVISIONAL, State.DEFERRED, State.GIVEN)


def bag_events(
    orders: Iterable[Sequence[CycleEvent]], plans: Sequence[BagPlan], template: CycleTemplate, start: int
) -> list[list[CycleEvent]]:
    """For every infusion among these orders of one cycle that starts on day `start`: its bags, and its disconnects.

    `plans` are those of the block, each from its day on: a bag that hangs when another one begins is left hanging.
    A bag hangs at the infusion's clock time, or when the treatment day starts; a day left out ends the bag before it.
    Where the next day has the same agent from another order, as a step in dose, the pump stays on. The bags of an agent
    are counted through the whole cycle, over steps in dose and interruptions, so that no two have the same number.
    """
    agents = {drug.order.agent: drug.agent for drug in template.drugs}
    orders = list(orders)
    courses = {agent: _Course(start, *days) for agent, days in _infusion_days(orders).items()}
    found: list[tuple[_Bags, list[_Run]]] = []
    for order in orders:
        infusion = order[0].line
        agent = agents.get(infusion.agent)
        known = [_Cutting(plan, _kinds(agent, plan)) for plan in plans]
        plans_here = [one for one in known if one.kinds]
        runs = _runs([event for event in order if event.state in RUNNING])
        if plans_here and runs and infusion.kind == "infusion":
            hung = _line(infusion, "bag", "bag", "New bag for the pump")
            kinds = [Evidence(kind.evidence) for one in plans_here for kind in one.kinds.values()]
            weakest = max([hung.evidence, *kinds], key=EVIDENCES.index)
            starts = order[0].minute if order[0].minute >= 0 else template.day_starts
            bags = _Bags(infusion, replace(hung, evidence=weakest), plans_here, starts, courses[infusion.agent])
            cuts = [bags.cuts(run) for run in runs]
            courses[infusion.agent].hung += [bag for one in cuts for bag in one]
            found.append((bags, list(zip(runs, cuts, strict=True))))
    return [told for bags, runs in found for told in _told(bags, runs, template.phase) if told]


def _told(bags: "_Bags", runs: Sequence[_Run], phase: Phase) -> Iterator[list[CycleEvent]]:
    """The bags of one infusion, then its disconnects."""
    yield [bag for run, cuts in runs for bag in bags.of(run, cuts)]
    off = _line(bags.infusion, "procedure", "disconnect", PUMP_OFF)
    ends = [run[-1] for run, _ in runs if run[-1].offset + 1 not in bags.course.days]
    yield [_disconnect(last, off, bags.minute, phase, bags.course.after(last)) for last in ends]


class _Course:
    """The days of a cycle on which one agent runs by pump, from whatever order, and those on which it is on hold.

    `hung` are the first days of its bags, filled in order by order. Made for one cycle and then dropped.
    """

    def __init__(self, start: int, days: Collection[int], held: Collection[int]) -> None:
        self.start, self.days, self.held = start, sorted(days), sorted(held)
        self.hung: list[Bag] = []

    def after(self, last: CycleEvent) -> str:
        """What comes after a run's last day in this cycle; empty where nothing does."""
        later = next((day for day in self.days if day > last.offset), None)
        if later is not None:
            return f"infusion stops, and goes on {weekday_date(self.start + later)}"
        return "infusion stops, on hold; when it goes on is not known" if self._waits(last.offset) else ""

    def number(self, bag: Bag) -> str:
        """Which bag of the cycle it is: "bag 2 of 4"; where some are on hold, nobody knows how many it will be."""
        starts = sorted(one.start for one in self.hung)
        return f"bag {starts.index(bag.start) + 1} of {len(starts)}" + (" so far" if self.held else "")

    def then(self, bag: Bag) -> str:
        """What is done when the bag is empty or taken down: the next bag, or the pump comes off."""
        after = next((one for one in self.hung if one.start == bag.start + bag.days), None)
        if after is None:
            return "disconnect"
        number = sorted(one.start for one in self.hung).index(after.start) + 1
        return f"bag {number}"

    def _waits(self, offset: int) -> bool:
        return bool(self.held) and self.held[-1] > offset


def _infusion_days(orders: Iterable[Sequence[CycleEvent]]) -> dict[str, tuple[set[int], set[int]]]:
    """For each agent the days of the cycle on which it runs by pump, from whatever order, and those on hold."""
    found: dict[str, tuple[set[int], set[int]]] = {}
    for order in orders:
        if order[0].line.kind == "infusion":
            running, held = found.setdefault(order[0].line.agent, (set(), set()))
            running.update(event.offset for event in order if event.state in RUNNING)
            held.update(event.offset for event in order if event.state is State.HELD)
    return found


class _Cutting(Struct, frozen=True):
    """A bag plan with the bags of it that the agent has, by their hours."""

    plan: BagPlan
    kinds: Mapping[int, BagKind]

    @property
    def since(self) -> int:
        """The day (ordinal) from which on bags are hung by it."""
        return self.plan.since.toordinal() if self.plan.since else 0


def _kinds(agent: Agent | None, plan: BagPlan) -> dict[int, BagKind]:
    return {kind.hours: kind for kind in agent.bags if kind.hours in plan.hours} if agent else {}


class _Bags(Struct, frozen=True):
    """How the bags of one infusion are hung, among all of its agent in the cycle (`course`)."""

    infusion: OrderLine
    hung: OrderLine
    plans: Sequence[_Cutting]
    minute: int
    course: _Course

    def cuts(self, run: Sequence[CycleEvent]) -> Sequence[Bag]:
        """The bags of some days of infusion without a gap; none runs over a day on which the dose changes.

        Nobody foresees an interruption: before one the bags are those of the infusion as it was to go on, and the last
        of them is taken down.
        """
        start = self.course.start
        steps = [start + day for day in _steps(run)]
        begins, end = start + run[0].offset, start + run[-1].offset + 1
        bags: list[Bag] = []
        for number, one in enumerate(self.plans):
            until = self.plans[number + 1].since if number + 1 < len(self.plans) else end
            # A change of the dose that came after these bags hung was not foreseen: the last of them is taken down.
            known = [step for step in steps if step < until] if number + 1 < len(self.plans) else steps
            lengths = [hours // HOURS_A_DAY for hours in one.kinds]
            planned = (
                cut(begins, end + _interrupted(run[-1]), lengths, known, _burden(one.plan)) if begins < end else ()
            )
            for bag in (bag for bag in planned if bag.start < until):
                down = min((step for step in (*steps, end) if step > bag.start), default=end)
                bags.append(replace(bag, days=min(bag.days, down - bag.start), plan=number))
            begins = max(begins, bags[-1].start + bags[-1].days) if bags else begins
        return [bag for bag in bags if bag.start < end]

    def of(self, run: Sequence[CycleEvent], cuts: Iterable[Bag]) -> list[CycleEvent]:
        """These bags of a run as events."""
        by_day = {self.course.start + event.offset: event for event in run}
        changes = {self.course.start + day for day in _steps(run)}
        changes.add(self.course.start + run[-1].offset + 1)
        return [
            by_day[bag.start]._replace(
                line=self.hung,
                minute=self.minute,
                dose=None,
                length=bag.days * MINUTES_A_DAY,
                notes=(self._words(bag, steps=bag.start + bag.days in changes),),
            )
            for bag in cuts
        ]

    def _words(self, bag: Bag, *, steps: bool) -> str:
        """`steps` tells that another dose, or nothing, follows this bag."""
        hours, kinds = bag.days * HOURS_A_DAY, self.plans[bag.plan].kinds
        size = min((size for size in kinds if size >= bag.meant * HOURS_A_DAY), default=hours)
        early = f", a {size} h bag taken down early" if size > hours else ""
        kind = kinds.get(size)
        rate = f" at {format_number(kind.rate_ml_h)} mL/h" if kind else ""
        then = self.course.then(bag)
        dose = " with the next dose" if steps and then != "disconnect" else ""
        ends = f"{weekday_date(bag.start + bag.days)} {clock(self.minute)}{self._unwelcome(bag.start + bag.days)}"
        return f"{self.course.number(bag)}: {hours} h{rate}{early}, then {then}{dose} on {ends}"

    def _unwelcome(self, day: int) -> str:
        """What speaks against a change on a day on which one has to be made all the same."""
        on = date.fromordinal(day)
        plan = next((one.plan for one in reversed(self.plans) if one.since <= day), self.plans[0].plan)
        if on in plan.closed:
            return ", a closed day"
        return ", not a chosen weekday" if plan.weekdays and on.weekday() not in plan.weekdays else ""


def _interrupted(last: CycleEvent) -> int:
    """How many days the order was to go on without a gap after a run's last day; 0 where that was its last."""
    order = last.line.order
    planned = set(order.days.numbers) if isinstance(order, TemplateOrder) else set()
    day = last.cycle_day
    while day + 1 in planned:
        day += 1
    return day - last.cycle_day


def _steps(run: Sequence[CycleEvent]) -> Iterator[int]:
    """The days of a run on which its planned dose changes. What was given otherwise on a day is no step."""
    before = None
    for event in run:
        if event.dose is None or (event.state is State.GIVEN and event.dose.planned is None):
            continue
        now = event.dose.planned, event.dose.unit
        if before not in (None, now):
            yield event.offset
        before = now


def _disconnect(last: CycleEvent, off: OrderLine, minute: int, phase: Phase, after: str) -> CycleEvent:
    """The pump comes off a day after the last infusion day began; in the middle of a cycle it says what comes after.

    That the last day was given does not tell that the pump is off: nobody records that.
    """
    return last._replace(
        state=State.PLANNED if last.state is State.GIVEN else last.state,
        offset=last.offset + 1,
        minute=minute,
        line=off,
        cycle_day=phase.next_day(last.cycle_day),
        dose=None,
        due_offset=last.due_offset + 1,
        length=-1,
        notes=(after,) if after else (),
    )


def _line(infusion: OrderLine, kind: str, what: str, patient_words: str) -> OrderLine:
    """What all bags of an infusion share, as something the clinic does rather than a dose: its note stays there."""
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
        note="",
    )


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
