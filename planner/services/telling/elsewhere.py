"""Where a drug stays as it is although a change takes it off, lowers it or puts another in its place."""

from collections.abc import Callable, Iterable, Iterator

from planner.model.civil import weekday_date, weekday_words
from planner.model.cycle_content import State
from planner.model.plan import Addition, Deferral, DoseChange, Examination, Hold, Plan, Replacement, Scope, Stop
from planner.model.schedule import Event, PlacedOrder, Schedule
from planner.model.sentence import Sentence, listed

TO_COME = (State.PLANNED, State.PROVISIONAL, State.DEFERRED)
NOT_AS_PLACED = (State.STOPPED, State.HELD, State.OMITTED)
OF_DRUGS = (Hold, Stop, DoseChange, Replacement)
STAYS = "This change ends before {day}: {drug} is then given as before in {places}"
STILL_COMES = "What is planned behind it still comes, from {day} on: {places}"
MOVES_UP = "What is planned behind it moves up and still comes: {places}"
REACHED = "{drug}: {why} (an earlier change reaches what is placed now)"
NOT_AS_ORDERED = "{drug} is not given as ordered: {why} (an earlier change reaches it)"
IN_EVERY_CYCLE = (
    "{drug} is added to every cycle of {block}, also to C{cycle}, of which something was given on {day}: where it is "
    "to begin later, add it cycle by cycle"
)
STAYS_THERE = "{drug} stays on its days in {places}: move it there too where it is to keep the new weekday"
OWN_ORDER = "{drug} of {orders} stays on its days: move it by its own name too"
AND_MORE = "{first} and {count} more"


def stays_elsewhere(
    schedule: Schedule, change: Hold | Stop | DoseChange | Replacement, fill: Callable[..., str] = str.format
) -> str:
    """That the drug of a change is given as before beyond its reach, from when and where; empty where it is not.

    `schedule` is from before the change. "To the end of the block" alone let a drug that was toxic come back in the
    next one without a word. `fill` may say it in another language.
    """
    if isinstance(change, Stop) and not change.order:
        return _still_comes(schedule, change, fill)
    if not change.order or change.scope in (Scope.DAY, Scope.ALL):
        return ""
    here = (change.block, change.cycle, change.order)
    events = schedule.events
    first = next((one for one in events if _place(one.placed) == here and one.cycle_day >= change.day), None)
    if first is None:
        return ""
    alone = isinstance(change, DoseChange | Replacement) and change.alone
    beyond = [
        one
        for one in events
        if one.day > first.day
        and one.state in TO_COME
        and one.placed.drug == first.placed.drug
        and (not alone or one.placed.order.id == change.order)
        and not _is_reached(one.placed, change)
    ]
    if not beyond:
        return ""
    day, places = weekday_words(beyond[0].day, fill), _places(beyond, fill)
    return fill(STAYS, day=day, drug=first.placed.agent_name, places=places)


def _still_comes(schedule: Schedule, change: Stop, fill: Callable[..., str]) -> str:
    """That blocks which begin behind the stop of one still come: maintenance came back by itself ten months later."""
    here = (change.block, change.cycle)
    stopped = (one for one in schedule.events if (one.placed.block.id, one.placed.cycle) == here)
    first = next((one for one in stopped if one.cycle_day >= change.day), None)
    if first is None or change.scope is not Scope.FOLLOWING:
        return ""
    behind = {one.id for one in schedule.blocks if one.begins > first.day and one.id != change.block}
    beyond = [one for one in schedule.events if one.placed.block.id in behind and one.dose and one.state in TO_COME]
    if not beyond:
        return ""
    if change.closes:
        return fill(MOVES_UP, places=_places(beyond, fill))
    return fill(STILL_COMES, day=weekday_words(beyond[0].day, fill), places=_places(beyond, fill))


def _places(events: Iterable[Event], fill: Callable[..., str]) -> str:
    titles = list(dict.fromkeys(one.placed.block.title for one in events))
    return titles[0] if len(titles) == 1 else fill(AND_MORE, first=titles[0], count=len(titles) - 1)


def reached_when_placed(schedule: Schedule, before: Plan) -> tuple[str, ...]:
    """What earlier changes of a drug, in the whole plan, do to the blocks that the plan `before` did not have.

    `schedule` is from after they were placed. Half a dose because of an old toxicity is easily meant there as well, and
    easily overlooked.
    """
    if not any(one.scope is Scope.ALL for one in before.modifications if isinstance(one, OF_DRUGS)):
        return ()
    known = {block.id for block in before.blocks}
    found: dict[str, None] = {}
    for event in schedule.events:
        changed = event.state in NOT_AS_PLACED or (event.dose and event.dose.origin in ("reduced", "replaced"))
        if event.placed.block.id not in known and changed and event.notes:
            found[Sentence(REACHED, drug=event.placed.agent_name, why=event.notes[0])] = None
    return tuple(found)


def not_as_ordered(schedule: Schedule, block: str, order: str) -> tuple[str, ...]:
    """What earlier changes, such as a hold, make of an order that was added; `schedule` is from after that."""
    found = {
        Sentence(NOT_AS_ORDERED, drug=event.placed.agent_name, why=event.notes[0]): None
        for event in schedule.events
        if (event.placed.block.id, event.placed.order.id) == (block, order) and event.state in NOT_AS_PLACED
    }
    return tuple(found)


def in_every_cycle(schedule: Schedule, change: Addition | Examination) -> tuple[str, ...]:
    """That an order added to every cycle stands in those too that have begun, which somebody easily overlooks.

    Weekly methotrexate added in the second month of maintenance stood in the first one as well, as never given.
    """
    here = [one for one in schedule.events if one.placed.block.id == change.block]
    begun = next((one for one in here if one.state is State.GIVEN), None)
    added = next((one for one in here if one.placed.order.id == change.order), None)
    if begun is None or added is None:
        return ()
    where = {"block": begun.placed.block.title, "cycle": begun.placed.cycle, "day": weekday_date(begun.day)}
    return (Sentence(IN_EVERY_CYCLE, drug=added.placed.agent_name, **where),)


def weekly_elsewhere(schedule: Schedule, change: Deferral) -> Iterator[str]:
    """Where a drug stays on its days that is given on another weekday from a day on: other orders, later blocks."""
    first = next((one for one in schedule.events if _of_order(one.placed, change)), None)
    if first is None or change.scope is Scope.DAY:
        return
    drug = first.placed.drug
    later = [one for one in schedule.events if one.placed.drug == drug and one.day > first.day and one.state in TO_COME]
    here = [one for one in later if one.placed.block.id == change.block and one.placed.order.id != change.order]
    if change.scope is Scope.CYCLE:
        here, beyond = [one for one in here if one.placed.cycle == change.cycle], []
    else:
        beyond = [one for one in later if one.placed.block.id != change.block]
    stays = list(dict.fromkeys(one.placed.order.id for one in here if one.state is not State.DEFERRED))
    if stays:
        yield Sentence(OWN_ORDER, drug=first.placed.agent_name, orders=listed(stays))
    if beyond:
        yield Sentence(STAYS_THERE, drug=first.placed.agent_name, places=_places(beyond, Sentence))


def _of_order(placed: PlacedOrder, change: Deferral) -> bool:
    return (placed.block.id, placed.cycle, placed.order.id) == (change.block, change.cycle, change.order)


def _is_reached(placed: PlacedOrder, change: Hold | Stop | DoseChange | Replacement) -> bool:
    same = placed.block.id == change.block
    return same and (change.scope is Scope.FOLLOWING or placed.cycle == change.cycle)


def _place(placed: PlacedOrder) -> tuple[str, int, str]:
    return placed.block.id, placed.cycle, placed.order.id
