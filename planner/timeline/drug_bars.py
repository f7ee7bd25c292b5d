"""Drug events to figures: doses, infusions, spans of daily tablets, dots of weekly ones, intrathecal days, cells."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from decimal import Decimal
from operator import is_
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from planner.model.cycle_content import ComputedDose, State
from planner.model.going_on import NOT_GIVEN, drawn_stretches, is_ended
from planner.model.protocol import TemplateOrder, Window
from planner.model.schedule import Event, PlacedBlock, PlacedOrder
from planner.model.timeline import NO_TRAITS, Bar, Figure, OrderAt, Traits
from planner.timeline.words import (
    DrugDetail,
    SeveralDetails,
    daily_words,
    day_at,
    doses_of_day,
    order_at,
    rate_words,
    shift_of,
    window_of,
)

BY_DOSE = ("IV", "SC", "IM", "IT", "radiation")
"""Routes of which every dose is an act of its own in the clinic; the doses of the others merge into spans."""
TO_COME = (State.PLANNED, State.PROVISIONAL, State.DEFERRED)
"""States of doses that are still to be given."""
SPAN_FROM = 3
"""Consecutive days from which oral doses are drawn as a span; fewer are dots on their days."""

Day = list[Event]


class _Run(Struct):
    """Consecutive days of one drug with the same doses in the same state, on their way to bars."""

    words: str
    days: list[Day]

    @property
    def first(self) -> Event:
        return self.days[0][0]

    @property
    def last(self) -> Event:
        return self.days[-1][0]

    def takes(self, words: str, event: Event) -> bool:
        """Whether the day that begins with that event goes on where this run ends."""
        last = self.days[-1][0]
        return (
            event.day == last.day + 1
            and event.due_day == last.due_day + 1
            and event.state is last.state
            and words == self.words
            and (
                event.placed is last.placed
                or (event.placed.block is last.placed.block and event.placed.order.id == last.placed.order.id)
            )
        )


def drug_group(placed: PlacedOrder) -> str:
    """The sign an order is drawn with: its role, but infusion, oral and intrathecal go by how it is given."""
    if placed.role == "intrathecal" or placed.route == "IT":
        return "intrathecal"
    if placed.role == "antineoplastic":
        if placed.kind == "infusion":
            return "infusion"
        return "antineoplastic" if placed.route in BY_DOSE else "oral"
    return placed.role


def drug_figures(orders: Sequence[Sequence[Event]], group: str) -> list[Figure]:
    """The figures of one block in one lane: the events of each of its placed orders, each in order of time."""
    runs: list[_Run] = []
    for order in sorted(orders, key=lambda events: events[0].day):
        _add_runs(runs, order)
    found: list[Figure] = []
    single: list[Event] = []
    dotted: list[_Run] = []
    for run in runs:
        placed = run.first.placed
        if placed.kind == "cell_infusion":
            found += [_figure([day], "disc", doses_of_day(day), group) for day in run.days]
        elif placed.kind == "infusion":
            found.append(_figure(run.days, "infusion", rate_words(run.first), group))
        elif placed.route in BY_DOSE:
            single += [event for day in run.days for event in day]
        elif len(run.days) >= SPAN_FROM:
            found.append(_figure(run.days, "span", daily_words(run.days[0]), group))
        else:
            dotted.append(run)
    found += [_day_figure(day, "dose", group) for day in _given_together(single)]
    drawn = {order for one in found for order in orders_of(one)}
    found += [_dots(series, group) for series in _series(dotted, drawn)]
    return [_with_open_end(one, ends) for one in found] if (ends := _open_ends(orders)) else found


def _open_ends(orders: Sequence[Sequence[Event]]) -> set[tuple[OrderAt, int]]:
    """The last drawn days behind which an order goes on until nobody knows when."""
    rescues = [event for events in orders for event in events if event.placed.role == "rescue"]
    return {
        (order_at(stretch[-1]), stretch[-1].day)
        for events in orders
        for stretch in drawn_stretches(events)
        if not is_ended(stretch, rescues or events)
    }


def _with_open_end(figure: Figure, ends: set[tuple[OrderAt, int]]) -> Figure:
    last = figure.offset + figure.days - 1
    is_open = any((order, last) in ends for order in orders_of(figure))
    return replace(figure, traits=replace(figure.traits, open_end=True)) if is_open else figure


def with_closed_ends(figures: Iterable[Figure], closed: Container[tuple[OrderAt, int]]) -> list[Figure]:
    """The figures, those without an open end of which the order on its last day is among the `closed` ones."""
    return [_closed(one) if _is_closed(one, closed) else one for one in figures]


def _is_closed(figure: Figure, closed: Container[tuple[OrderAt, int]]) -> bool:
    last = figure.offset + figure.days - 1
    return figure.traits.open_end and any((order, last) in closed for order in orders_of(figure))


def _closed(figure: Figure) -> Figure:
    return replace(figure, traits=replace(figure.traits, open_end=False))


def orders_of(figure: Figure) -> tuple[OrderAt, ...]:
    """The orders of a figure, each with the place of its cycle in the block."""
    return figure.traits.orders or ((figure.cycle, figure.order),)


def _series(runs: Sequence[_Run], drawn: set[OrderAt]) -> list[list[_Run]]:
    """Single doses as series: those of one cycle and dose together, also from several orders of the protocol.

    An order whose doses differ, or of which some are spans (`drawn`), keeps a series of its own.
    """
    looks: dict[str, set[tuple[State, int, str]]] = defaultdict(set)
    for run in runs:
        looks[run.first.placed.id].add((run.first.state, shift_of(run.first), run.words))
    found: dict[tuple[object, ...], list[_Run]] = defaultdict(list)
    for run in runs:
        placed = run.first.placed
        alone = len(looks[placed.id]) > 1 or (placed.cycle, placed.order.id) in drawn
        series = placed.id if alone else (placed.block.id, placed.cycle)
        found[series, run.first.state, shift_of(run.first), run.words].append(run)
    return list(found.values())


def _add_runs(runs: list[_Run], events: Sequence[Event]) -> None:
    """Put one order's days behind the runs there are, or open new runs.

    Doses that fall on one day because one of them was moved there stay apart.
    """
    doses: list[ComputedDose | None] = []
    words = ""
    last: Event | None = None
    for day in _days(events):
        first = day[0]
        given = [event.dose for event in day]
        in_part = first.state is not day[-1].state
        same = len(given) == len(doses) and not in_part and all(map(is_, given, doses))
        if not same:
            doses, words = ([] if in_part else given), doses_of_day(day)
        goes_on = (
            same
            and last is not None
            and first.day == last.day + 1
            and first.due_day == last.due_day + 1
            and first.state is last.state
        )
        if goes_on or (runs and runs[-1].takes(words, first)):
            runs[-1].days.append(day)
        else:
            runs.append(_Run(words, [day]))
        last = first


def _days(events: Sequence[Event]) -> Iterable[Day]:
    """The events day by day. Nearly always each day has one and the same number of doses, which is cheap to see."""
    first = events[0]
    count = 1
    while count < len(events) and events[count].day == first.day:
        count += 1
    days = [list(events[start : start + count]) for start in range(0, len(events), count)]
    plain = all(
        event.day == day[0].day == event.due_day and event.state is first.state for day in days for event in day
    )
    if plain and len({day[0].day for day in days}) == len(days):
        return days
    found: dict[tuple[Any, ...], Day] = {}
    for event in events:
        found.setdefault((event.day, event.due_day, event.state), []).append(event)
    return _recorded_in_part(found).values()


def _recorded_in_part(days: dict[tuple[Any, ...], Day]) -> dict[tuple[Any, ...], Day]:
    """Doses by day and, last in the key, state: those given behind those of their day that are still to come.

    The sign of such a day is that of what is to come; what is left out or held is never drawn with what is given.
    """
    for key in [one for one in days if one[-1] is State.GIVEN]:
        keys = ((*key[:-1], state) for state in TO_COME)
        if to_come := next((days[one] for one in keys if one in days), None):
            to_come += days.pop(key)
    return days


def with_bag_changes(figures: list[Figure], bags: Sequence[Event]) -> list[Figure]:
    """The figures with a tick on each infusion where a bag is hung; the same where no bag is planned."""
    changes: dict[OrderAt, list[int]] = defaultdict(list)
    for bag in bags:
        changes[bag.placed.cycle, bag.placed.order.id.removesuffix("-bag")].append(bag.day)
    return [_ticked(one, changes) for one in figures] if bags else figures


def _ticked(figure: Figure, changes: Mapping[OrderAt, Sequence[int]]) -> Figure:
    days = [day for order in orders_of(figure) for day in changes.get(order, ())]
    ticks = tuple(day for day in days if 0 <= day - figure.offset < figure.days)
    return (
        replace(figure, traits=replace(figure.traits, ticks=ticks)) if ticks and figure.form == "infusion" else figure
    )


def intrathecal_figures(events: Iterable[Event]) -> list[Figure]:
    """One figure for all that is given into the spine of one block on one day: it is one puncture."""
    return [_day_figure(day, "intrathecal", "intrathecal") for day in _given_together(events)]


def _given_together(events: Iterable[Event]) -> Iterable[Day]:
    """Doses of one block on one day; what was moved there stays apart."""
    days: dict[tuple[Any, ...], Day] = {}
    for event in events:
        days.setdefault((event.day, event.due_day, event.placed.block.id, event.state), []).append(event)
    return _recorded_in_part(days).values()


def _day_figure(day: Day, form: str, group: str) -> Figure:
    """The figure of one day, also where several orders meet on it; an intrathecal one names its drugs."""
    orders: dict[str, Day] = {}
    for event in day:
        orders.setdefault(event.placed.id, []).append(event)
    words = [doses_of_day(doses, beside=day) for doses in orders.values()]
    if form == "intrathecal":
        words = [f"{doses[0].placed.agent_name} {dose}" for doses, dose in zip(orders.values(), words, strict=True)]
    figure = _figure([day], form, " + ".join(words), group)
    if len(orders) == 1 and form != "intrathecal":
        return figure
    details = SeveralDetails(
        tuple((DrugDetail.of(doses[0], doses[0], doses_of_day(doses)), day_at(doses[0])) for doses in orders.values())
    )
    needs_check = any(event.placed.evidence.needs_confirmation or _to_enter(event) for event in day)
    return replace(figure, detail=details, needs_check=needs_check)


def _figure(days: Sequence[Day], form: str, words: str, group: str, numbers: tuple[int, ...] = ()) -> Figure:
    first, last = days[0][0], days[-1][0]
    placed = first.placed
    orders = dict.fromkeys(order_at(event) for day in (days[0], days[-1]) for event in day)
    if numbers or (len(orders) > 1 and len(days) > 2):
        orders = dict.fromkeys(order_at(event) for day in days for event in day)
    return Figure(
        offset=first.day,
        days=last.day + 1 - first.day,
        form=form,
        role=group,
        state=first.state,
        label=words,
        detail=DrugDetail.of(first, last, words, numbers),
        cycle=placed.cycle,
        order=placed.order.id,
        number=first.cycle_day,
        needs_check=placed.evidence.needs_confirmation or _to_enter(first),
        traits=_traits(days, form, tuple(orders) if len(orders) > 1 else (), bool(numbers)),
    )


def _traits(days: Sequence[Day], form: str, orders: tuple[OrderAt, ...], dotted: bool) -> Traits:
    first, order = days[0][0], days[0][0].placed.order
    window = order.window if isinstance(order, TemplateOrder) and len(days) == 1 else Window()
    found = Traits(
        ticks=tuple(day[0].day for day in days) if dotted else (),
        window=window_of(first, window),
        letter=str(first.cycle_day) if form == "disc" else "",
        shift=shift_of(first),
        orders=orders,
    )
    return NO_TRAITS if found == NO_TRAITS else found


def _dots(runs: Sequence[_Run], group: str) -> Figure:
    """Single doses of one drug in one cycle, such as a weekly tablet, as dots on their days."""
    days = sorted((day for run in runs for day in run.days), key=lambda day: day[0].day)
    return _figure(days, "dots", doses_of_day(days[0]), group, tuple(day[0].cycle_day for day in days))


def with_levels(bars: list[Bar]) -> list[Bar]:
    """Step doses of an infusion as heights: the share of the lane's largest daily dose, at least 0.4 to be seen."""
    rates = {bar.label: _rate(bar.label) for bar in bars}
    largest = max(rates.values(), default=Decimal(0))
    if not largest:
        return bars
    raised: dict[int, Figure] = {}
    for figure in (bar.figure for bar in bars):
        rate = rates[figure.label]
        if rate and id(figure) not in raised:
            traits = replace(figure.traits, level=max(0.4, float(rate / largest)))
            raised[id(figure)] = replace(figure, traits=traits)
    return [Bar(raised.get(id(bar.figure), bar.figure), bar.ground) for bar in bars]


def open_ended(bars: list[Bar]) -> list[Bar]:
    """The bars of a lane; those that end a block without an end of its own go on, if none of the lane goes on there.

    A kinase inhibitor that the trial ends nowhere stopped bluntly behind the 28 days that are drawn of it.
    """
    begun = {bar.start for bar in bars}
    return [
        Bar(replace(bar.figure, traits=replace(bar.figure.traits, open_end=True)), bar.ground)
        if _ends_open_block(bar) and bar.end not in begun
        else bar
        for bar in bars
    ]


def _ends_open_block(bar: Bar) -> bool:
    block = bar.ground
    if not (isinstance(block, PlacedBlock) and block.phase.open_end) or bar.end != block.end or bar.state in NOT_GIVEN:
        return False
    return any(one.id == bar.figure.order and one.days.to_end for one in block.phase.orders)


def _rate(label: str) -> Decimal:
    """The number at the start of a dose text in mcg where its unit is a mass, so that 0.5 mg ranks above 28 mcg."""
    number, _, unit = label.partition(" ")
    try:
        value = Decimal(number.replace(",", ""))
    except ArithmeticError:
        return Decimal(0)
    scale = {"mg": 1000, "g": 1_000_000}.get(unit.split("/")[0].split(" ")[0], 1)
    return value * scale


def _to_enter(event: Event) -> bool:
    return event.dose is not None and event.dose.value is None
