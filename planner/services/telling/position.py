"""You are here: block, cycle and day of a civil day, and what is due next."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from planner.model.civil import weekday_words
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import Deferral, Scope
from planner.model.position import OPEN, Position
from planner.model.protocol import TREATING, TemplateOrder
from planner.model.schedule import Event, PlacedBlock, PlacedCycle, PlacedOrder
from planner.services.telling.differences import LEFT_OUT

PutOff = Sequence[tuple[int, int]]
"""Pairs of a day number of a cycle and the days by which all of it moves from there on."""


def you_are_here(evaluated: EvaluatedPlan, today: int) -> Position:
    """Where that day (an ordinal) lies on the plan. Of blocks that run at once the one that began last is named.

    A block that an answer put off has no day, so nothing of it is due or next.
    """
    schedule = evaluated.schedule
    standing = [one for one in evaluated.due if one.state not in LEFT_OUT and not one.placed.block.waits]
    due = tuple(event for event in standing if event.day == today)
    following = next((event for event in standing if event.day > today), None)
    here = [block for block in schedule.blocks if block.start <= today < block.end and not block.waits]
    if not here:
        return Position(today, None, None, 0, 0, due, following)
    begun = [event.placed.block.id for event in standing if event.day <= today]
    gives = {event.placed.block.id for event in standing if event.day <= today and event.dose is not None}
    # A block of which all drugs are stopped has its tests left, and is not where the patient is.
    block = next((one for ids in (gives, begun) for one in reversed(here) if one.id in ids), here[-1])
    cycle = next(one for one in reversed(block.cycles) if one.start <= today)
    counted = [one for one in schedule.events if _counts(one, block, cycle)]
    moving = [one for one in counted if one.placed.kind != "decision"]
    held = [one for one in moving if one.state is State.HELD and one.day <= today]
    since = min((one.day for one in held), default=0)
    goes_on = any(one.day >= since and one.state in OPEN for one in moving)
    drugs = tuple(dict.fromkeys(one.placed.agent_name for one in held)) if goes_on else ()
    lines = {one.placed.order.id for one in held}  # a pause may have begun in an earlier cycle of the block
    paused = (one for one in schedule.events if one.placed.block.id == block.id and one.state is State.HELD)
    since = min((one.day for one in paused if one.placed.order.id in lines), default=0)
    changes = (one for one in evaluated.plan.modifications if isinstance(one, Deferral))
    here_off = (one for one in changes if (one.block, one.cycle) == (block.id, cycle.number))
    put_off = sorted((one.day, one.days) for one in here_off if not one.order and one.scope is not Scope.DAY)
    if held and not goes_on:
        day, waiting = _held_at([one for one in counted if _keeps_pace(one, put_off)], block, cycle, today)
    else:
        day, waiting = _day_of(put_off, block, cycle, today)
    return Position(today, block, cycle, day, waiting, due, following, since, drugs)


def position_line(here: Position, fill: Callable[..., str] = str.format) -> str:
    """The position in one line: "Blinatumomab C2 D9, Tue 10-Mar-2026; next Vincristine C2 D15, Mon 16-Mar-2026".

    `fill(pattern, **values)` may say the patterns in another language.
    """
    return position_lines(here, fill)[0]


def position_lines(here: Position, fill: Callable[..., str] = str.format) -> tuple[str, ...]:
    """The position in one line, then in shorter ones: without what is next, then without what is due today."""
    lines = [position_words(here, fill)]
    if here.to_record:
        first, more = _named(here.to_record[0], here), len(here.to_record) - 1
        what = fill("{what} and {more} more", what=first, more=more) if more else first
        lines.append(f"{lines[-1]}; {fill('due today, not recorded: {what}', what=what)}")
    if here.next is not None:
        unsure = ", " + fill("provisional") if here.next.state is State.PROVISIONAL else ""
        following = f"{_named(here.next, here)}, {weekday_words(here.next.day, fill)}{unsure}"
        lines.append(f"{lines[-1]}; {fill('next {what}', what=following)}")
    return tuple(reversed(lines))


def _named(event: Event, here: Position) -> str:
    """The event with its day number; without it where its drug keeps days of its own in a cycle that is late.

    One date had two day numbers in a line, Day 22 of a cycle and Day 30 of the tablets in it.
    """
    placed, order = event.placed, event.placed.order
    if here.block is None or here.cycle is None or not (isinstance(order, TemplateOrder) and order.keeps_its_days):
        return event.label
    if (placed.block.id, placed.cycle) != (here.block.id, here.cycle.number):
        return event.label
    phase = here.block.phase
    same = event.cycle_day == phase.day_at(phase.offset(here.day) + event.day - here.today)
    return event.label if same else placed.agent_name


def position_words(here: Position, fill: Callable[..., str] = str.format) -> str:
    """Where the day lies, without what is next: "Blinatumomab C2 D9, Tue 10-Mar-2026"."""
    if here.block is None or here.cycle is None:
        return fill("{day}: in no block", day=weekday_words(here.today, fill))
    waiting = "waiting {days} day" if here.waiting == 1 else "waiting {days} days"
    wait = ", " + fill(waiting, days=here.waiting) if here.waiting else ""
    if here.held_since:
        held = weekday_words(here.held_since, fill)
        drugs = ", ".join(here.held)
        wait = ", " + (
            fill("{names} on hold since {day}", names=drugs, day=held)
            if drugs
            else fill("on hold since {day}, until when is not known", day=held)
        )
    return f"{here.block.title} C{here.cycle.number} D{here.day}, {weekday_words(here.today, fill)}{wait}"


def coming(events: Iterable[Event], here: Position) -> Iterator[Event]:
    """What is due after that day, in order of time, without what only goes on from day to day.

    A daily tablet or a running infusion is news where it begins, after a gap, and where its dose is another one. Each
    single dose of treatment is news: somebody prepares it, on the third day as on the second.
    """
    before = {event.placed.id: (event.day, _amount(event)) for event in here.due}
    for event in events:
        if event.day <= here.today or event.state in LEFT_OUT:
            continue
        day, amount = before.get(event.placed.id, (0, None))
        if event.day - day > 1 or _amount(event) != amount or _is_prepared(event.placed):
            yield event
        before[event.placed.id] = event.day, _amount(event)


def _is_prepared(placed: PlacedOrder) -> bool:
    return placed.kind == "administration" and placed.role in TREATING and placed.route != "PO"


def _amount(event: Event) -> Decimal | None:
    return event.dose.value if event.dose else None


def _day_of(put_off: PutOff, block: PlacedBlock, cycle: PlacedCycle, today: int) -> tuple[int, int]:
    """The day number today has in the cycle, as the axis counts, and the days a delay keeps it there."""
    phase, late = block.phase, 0
    counts = [(cycle.start, 0)]
    for number, days in put_off:
        late += days
        offset = phase.offset(number)
        counts = [*(one for one in counts if one[1] < offset), (cycle.start + offset + late, offset)]
    if today < counts[0][0]:
        return phase.day_at(counts[0][1]), today - cycle.start + 1
    since, offset = next(one for one in reversed(counts) if one[0] <= today)
    # An interruption may have made the cycle longer than it has days.
    end = next((goes_on for on, goes_on in counts if on > today), max(phase.length_of(cycle.number), offset + 1))
    counted = offset + today - since
    return phase.day_at(min(counted, end - 1)), max(counted - end + 1, 0)


def _held_at(moving: Sequence[Event], block: PlacedBlock, cycle: PlacedCycle, today: int) -> tuple[int, int]:
    """The day number at which a hold keeps the cycle, and for how many days."""
    phase = block.phase
    behind = (event for event in moving if event.day <= today and event.state is not State.HELD)
    before = max(behind, key=lambda one: one.cycle_day, default=None)
    ahead = (event for event in moving if event.day > today or event.state is State.HELD)
    after = min((one.cycle_day for one in ahead), default=None)
    if before is None:
        late = -1 if after is None else today - cycle.start - phase.offset(after)
        return (phase.day_at(today - cycle.start), 0) if after is None or late < 0 else (after, late + 1)
    counted = phase.offset(before.cycle_day) + today - before.day
    end = phase.offset(before.cycle_day) + 1 if after is None else phase.offset(after)
    return phase.day_at(min(counted, end - 1)), max(counted - end + 1, 0)


def _counts(event: Event, block: PlacedBlock, cycle: PlacedCycle) -> bool:
    """Whether the event tells how far the cycle is: not a drug that stays on its days whatever the cycle does."""
    placed = event.placed
    if (placed.block.id, placed.cycle) != (block.id, cycle.number):
        return False
    return not (isinstance(placed.order, TemplateOrder) and placed.order.keeps_its_days)


def _keeps_pace(event: Event, put_off: PutOff) -> bool:
    """Whether it moved as its cycle did: one that was given late, or was moved by itself, holds up no count of days."""
    return event.day - event.due_day == sum(days for number, days in put_off if number <= event.cycle_day)
