"""Doses that come every day, seen as one span: what a sheet says once instead of on every line."""

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import groupby, pairwise

from msgspec import Struct

from planner.exports.wording.doses import NOT_TO_BE_GIVEN, PREMEDICATION, is_drug, planned_value
from planner.model.cycle_content import State
from planner.model.protocol import TemplateOrder
from planner.model.schedule import Event, PlacedBlock, PlacedCycle, PlacedOrder, Schedule

SHORTEST_RUN = 3
"""Days in a row from which a span is easier to read than single days."""

SHORTEST_CHECKS = {"procedure": SHORTEST_RUN, "assessment": 7}
"""Likewise of what is no drug: drug levels of three days have a result to write down on each."""

SPAN_ROUTES = ("PO", "topical", "ophthalmic")


class DayDoses(Struct, frozen=True):
    """The events of one order on one day that are of one dose and in one state.

    What was left out stands apart from what is given, and so does a dose of which less was given.
    """

    day: int
    events: tuple[Event, ...]

    @property
    def first(self) -> Event:
        return self.events[0]


class Run(Struct, frozen=True):
    """The same doses on days in a row."""

    days: tuple[DayDoses, ...]

    @property
    def first(self) -> Event:
        return self.days[0].first

    @property
    def last(self) -> Event:
        return self.days[-1].first

    @property
    def doses_a_day(self) -> int:
        return len(self.days[0].events)


def by_day(events: Iterable[Event]) -> tuple[DayDoses, ...]:
    """The events of one order, in order of time, day by day."""
    found: list[DayDoses] = []
    for day, here in groupby(events, key=lambda event: event.day):
        alike: dict[tuple[object, ...], list[Event]] = {}
        for event in here:
            alike.setdefault((event.state, event.dose.value if event.dose else None), []).append(event)
        found += [DayDoses(day, tuple(events)) for events in alike.values()]
    return tuple(found)


def split_runs(events: Sequence[Event], shortest: int = SHORTEST_RUN) -> tuple[tuple[Run, ...], tuple[DayDoses, ...]]:
    """Runs of at least `shortest` days, and the days that stand alone. Events belong to one order, in order of time."""
    runs: list[Run] = []
    single: list[DayDoses] = []
    for found in _stretches(by_day(events)):
        if len(found) >= shortest and spans(found[0].first.placed):
            runs.append(Run(tuple(found)))
        else:
            single += found
    return tuple(runs), tuple(single)


def runs_across(
    events: Iterable[Event], is_left: Callable[[Event], bool] = lambda _: False
) -> tuple[tuple[Run, ...], tuple[Event, ...]]:
    """Likewise of the drugs of several orders: what one order ends with and the next goes on with the day after is one.

    Mercaptopurine of two cycles was "to" a Sunday on one page and "from" the Monday on the next: it read as stopped.
    `is_left` are doses behind which a gap has to be told: the day between two gaps is a run too.
    """
    by_order: dict[str, list[Event]] = {}
    by_drug: dict[tuple[object, ...], list[Run]] = {}
    single: list[Event] = []
    for event in events:
        by_order.setdefault(event.placed.id, []).append(event)
    for found in by_order.values():
        some, alone = split_runs(found, 1) if is_drug(found[0].placed) else ((), by_day(found))
        single += [event for day in alone for event in day.events]
        for run in some:
            by_drug.setdefault((*run.first.placed.drug, run.first.placed.kind), []).append(run)
    runs: list[Run] = []
    for several in by_drug.values():
        pieces = _touching(several)
        beside = {run.last.day + 1 for run in pieces} | {run.first.day - 1 for run in pieces}
        for run in pieces:
            if _is_short(run) and not beside & {run.first.day, run.last.day} and not is_left(run.last):
                single += [event for day in run.days for event in day.events]
            else:
                runs.append(run)
    return tuple(runs), tuple(single)


def _is_short(run: Run) -> bool:
    """Whether its days are told one by one; not those of a pump: the last one before a hold read as a new infusion."""
    return run.first.placed.kind != "infusion" and len(run.days) < SHORTEST_RUN


def daily_checks(events: Sequence[Event]) -> tuple[tuple[Run, ...], tuple[Event, ...]]:
    """The runs of what goes on day after day, a stay in hospital or a daily watch, and all other events.

    What is done stands by itself.
    """
    by_order: dict[str, list[Event]] = {}
    for event in events:
        if event.placed.kind in SHORTEST_CHECKS and event.state is not State.GIVEN:
            by_order.setdefault(event.placed.id, []).append(event)
    found = (stretch for several in by_order.values() for stretch in _stretches(by_day(several)))
    runs = tuple(Run(tuple(one)) for one in found if len(one) >= SHORTEST_CHECKS[one[0].first.placed.kind])
    told = {id(event) for run in runs for day in run.days for event in day.events}
    return runs, tuple(event for event in events if id(event) not in told)


def _touching(runs: Iterable[Run]) -> list[Run]:
    """The runs of one drug by their days, those as one that are alike and touch."""
    found: list[Run] = []
    for run in sorted(runs, key=lambda one: one.first.day):
        place = next((place for place, before in enumerate(found) if _goes_on(before, run)), -1)
        if place < 0:
            found.append(run)
        else:
            found[place] = Run((*found[place].days, *run.days))
    return found


def _goes_on(before: Run, run: Run) -> bool:
    doses, state, _ = _signature(before.days[-1])
    return before.last.day + 1 == run.first.day and (doses, state) == _signature(run.days[0])[:2]


def spans(placed: PlacedOrder) -> bool:
    """Whether daily doses of it are told as a span: taken at home, or an infusion that never stops."""
    return placed.kind == "infusion" or (placed.kind == "administration" and placed.route in SPAN_ROUTES)


def is_weekly(placed: PlacedOrder) -> bool:
    """Whether the drug comes once a week: every gap between its days is a whole number of weeks, the shortest is one.

    Judged on all days the protocol's phase gives it by that route, so that a day left out, moved, or written as an
    order of its own does not turn a weekly drug into anything else. A premedication follows its infusion: "once a
    week, on Mondays" told a family to take paracetamol on days without one.
    """
    order, phase = placed.order, placed.block.phase
    if not isinstance(order, TemplateOrder) or placed.role == PREMEDICATION:
        return False
    same = [one for one in phase.orders if (one.agent, one.route) == (order.agent, order.route)]
    if any(one.doses_per_day > 1 or one.every_hours or one.days.to_end for one in same):
        return False
    days = sorted({phase.offset(day) for one in same for day in one.days.numbers})
    gaps = [later - earlier for earlier, later in pairwise(days)]
    return bool(gaps) and min(gaps) == 7 and all(gap % 7 == 0 for gap in gaps)


def _stretches(days: Sequence[DayDoses]) -> list[list[DayDoses]]:
    found: list[list[DayDoses]] = []
    for day in days:
        if found and day.day == found[-1][-1].day + 1 and _signature(day) == _signature(found[-1][-1]):
            found[-1].append(day)
        else:
            found.append([day])
    return found


def _signature(day: DayDoses) -> tuple[object, ...]:
    doses = tuple((event.dose.value, event.dose.unit) if event.dose else None for event in day.events)
    placed = day.first.placed
    return doses, day.first.state, (placed.block.id, placed.agent)


def pump_ends(events: Collection[Event]) -> dict[int, tuple[Event, ...]]:
    """By day the continuous infusions that run out on it, each as the dose of its last day, which began a day before.

    Not where a step in dose follows, where no hour is known, or where bags are planned: then the schedule itself says
    when the pump comes off. Told nowhere, a family read "No treatment" on the day they come in for it.
    """
    return _last_days(events, timed=True)


def pump_starts(events: Collection[Event]) -> tuple[Event, ...]:
    """The first doses of continuous infusions that have an hour: a family comes in for it."""
    doses = [one for one in events if one.placed.kind == "infusion" and one.state not in NOT_TO_BE_GIVEN]
    running = {(one.placed.agent, one.day) for one in doses}
    return tuple(one for one in doses if one.minute >= 0 and (one.placed.agent, one.day - 1) not in running)


def open_ends(events: Collection[Event]) -> dict[int, tuple[Event, ...]]:
    """Likewise those of which no hour is known: they run into that day, nobody knows until when."""
    return _last_days(events, timed=False)


def _last_days(events: Collection[Event], *, timed: bool) -> dict[int, tuple[Event, ...]]:
    doses = [one for one in events if one.placed.kind == "infusion" and one.state not in NOT_TO_BE_GIVEN]
    running = {(one.placed.agent, one.day) for one in doses}
    bagged = {one.placed.id.removesuffix("-bag") for one in events if one.placed.kind == "bag"}
    found: dict[int, tuple[Event, ...]] = {}
    for one in doses:
        off = one.day + 1
        if (one.minute >= 0) is timed and (one.placed.agent, off) not in running and one.placed.id not in bagged:
            found[off] = (*found.get(off, ()), one)
    return found


def dose_steps(events: Collection[Event]) -> dict[int, tuple[tuple[Event, Event], ...]]:
    """By day the continuous infusions that go on with another dose: the dose that ends and the one that begins.

    What was given otherwise on a day is no step: the pump of a day given in part goes on at its rate.
    """
    doses = [one for one in events if one.placed.kind == "infusion" and one.state not in NOT_TO_BE_GIVEN]
    running = {(one.placed.block.id, one.placed.agent, one.placed.route, one.day): one for one in doses}
    found: dict[int, tuple[tuple[Event, Event], ...]] = {}
    for one in doses:
        then = running.get((one.placed.block.id, one.placed.agent, one.placed.route, one.day + 1))
        if then is not None and one.dose and then.dose and planned_value(one.dose) != planned_value(then.dose):
            found[then.day] = (*found.get(then.day, ()), (one, then))
    return found


def is_taken_on(event: Event) -> bool:
    """Whether a drug that keeps its days is taken on while its cycle, put off, has not begun."""
    return event.day_number != event.cycle_day


NO_END = "goes on, no end planned"
"""Of a block that has no end of its own, and of what is taken in it."""


class FirstDays:
    """The days on which people begin with a block and its cycles: a drug may come before the first of its numbering.

    Every sheet names the same day: on that of busulfan the medicine against seizures, due the evening before, was late.
    """

    def __init__(self, schedule: Schedule) -> None:
        self._found = {(block.id, one.number): one.begins for block in schedule.blocks for one in block.cycles}
        for event in schedule.events:
            if is_drug(event.placed) and event.state not in NOT_TO_BE_GIVEN and not is_taken_on(event):
                key = event.placed.block.id, event.placed.cycle
                self._found[key] = min(self._found[key], event.day)

    def of(self, block: PlacedBlock, cycle: PlacedCycle | None = None) -> int:
        """That of a block, or of one of its cycles."""
        return self._found[block.id, (cycle or block.cycles[0]).number]
