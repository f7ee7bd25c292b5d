"""Several things of a plan changed as one edit: moved by the same days, left out, recorded as given. Plan -> Plan."""

from collections.abc import Callable, Collection, Iterable
from datetime import date

from msgspec import Struct

from planner.errors import Refusal
from planner.model.cycle_content import State
from planner.model.plan import Deferral, Given, GivenRecord, Omission, Plan, Scope
from planner.model.protocol import TemplateOrder
from planner.model.schedule import AS_LAID_OUT, Event, Schedule, number_of_day
from planner.model.sentence import Sentence
from planner.model.unsure import event_unsure
from planner.services.verbs.editing import defer, move_block, omit
from planner.services.verbs.reasons import Why
from planner.services.verbs.recording import record_given

ScheduleOf = Callable[[Plan], Schedule]
"""Assembles a plan: every move is checked against what the moves before it made."""
Key = tuple[str, int, int, int, int]
"""What tells one dose from the others: its line, day number, place, minute, and which one of its day it is."""


class Picked(Struct, frozen=True):
    """What is changed together: whole blocks by their ids, and doses."""

    blocks: tuple[str, ...] = ()
    doses: tuple[Event, ...] = ()


def leaders(plan: Plan, blocks: Collection[str]) -> tuple[str, ...]:
    """Those of the blocks that do not start after another one of them, in the order of the plan: the rest follows."""
    return tuple(one.id for one in plan.blocks if one.id in blocks and not _follows(plan, one.id, blocks))


def moving_doses(plan: Plan, picked: Picked) -> tuple[Event, ...]:
    """The picked doses that no picked block takes with it."""
    return tuple(
        dose
        for dose in picked.doses
        if dose.placed.block.id not in picked.blocks and not _follows(plan, dose.placed.block.id, picked.blocks)
    )


def move_together(plan: Plan, schedule_of: ScheduleOf, picked: Picked, days: int, why: Why) -> Plan:
    """Move all that is picked by so many days (earlier if negative).

    Blocks take along what starts after them. A day of which every movable dose is picked moves as a day; a single dose
    moves alone, inside the window the protocol allows. What cannot move refuses the whole.
    """
    if days == 0:
        raise Refusal("a move needs at least one day", "no days", "1")
    for block in leaders(plan, picked.blocks):
        plan = move_block(plan, block, days)
    doses = moving_doses(plan, picked)
    if not doses:
        return plan
    before = schedule_of(plan)
    for deferral in sorted(_deferrals(before, doses, days, why), key=lambda one: one[0], reverse=days > 0):
        plan = defer(plan, schedule_of(plan), deferral[1])
    _refuse_left_behind(before, schedule_of(plan), doses, days)
    return plan


def omit_together(plan: Plan, schedule: Schedule, doses: Iterable[Event], why: Why) -> Plan:
    """Leave out all those doses; what is left out or stopped already stays so. Refuses where nothing else is there."""
    left = [dose for dose in doses if dose.state not in (State.OMITTED, State.STOPPED)]
    places = dict.fromkeys(
        (dose.placed.block.id, dose.placed.cycle, dose.cycle_day, dose.placed.order.id) for dose in left
    )
    if not places:
        raise Refusal("there is no dose to leave out", "no doses")
    for block, cycle, day, order in places:
        plan = omit(plan, schedule, Omission(block, cycle, day, order, why.reason, why.note, why.grade))
    return plan


RECORDABLE = (State.PLANNED, State.DEFERRED)
"""As what a dose stands that may be recorded together with others."""


def to_record(doses: Iterable[Event], today: date) -> tuple[Event, ...]:
    """Those of the doses that may be recorded as given: due by that day, standing as planned, with an amount."""
    return tuple(
        dose
        for dose in doses
        if dose.state in RECORDABLE
        and dose.day <= today.toordinal()
        and dose.dose is not None
        and dose.dose.value is not None
    )


def not_recorded(doses: Iterable[Event], today: date) -> tuple[tuple[Event, str], ...]:
    """Those of the doses due by that day that `to_record` leaves out although nothing is recorded of them, and why.

    What was left out, stopped or put on hold is no dose that is due.
    """
    found = []
    for dose in doses:
        if dose.dose is None or dose.day > today.toordinal():
            continue
        if dose.state is State.PROVISIONAL:
            found.append((dose, Sentence("it is provisional: {why}", why=event_unsure(dose))))
        elif dose.state in RECORDABLE and dose.dose.value is None:
            told = "it has no amount ({why}); enter its dose, or record it alone"
            found.append((dose, Sentence(told, why=Sentence(dose.dose.missing))))
    return tuple(found)


def give_together(plan: Plan, schedule: Schedule, doses: Iterable[Event], by: str, today: date) -> Plan:
    """Record all those doses as given, each on its day with its dose as planned.

    Refuses where none may be recorded (see `to_record`), and as `record_given` does; then none is recorded.
    """
    due = to_record(doses, today)
    if not due:
        raise Refusal("none of these doses is due and still to be recorded", "no doses")
    numbers = _numbers(schedule)
    for event in due:
        placed, dose = event.placed, event.dose
        number = numbers[_key(event), event.state].pop(0)
        amount, unit = (dose.value, dose.unit) if dose else (None, "")
        where = placed.block.id, placed.cycle, event.cycle_day, placed.order.id, number
        record = GivenRecord(*where, Given.GIVEN, event.date, amount, unit, by)
        plan = record_given(plan, schedule, record, today)
    return plan


def _numbers(schedule: Schedule) -> dict[tuple[Key, State], list[int]]:
    """Which of its order's doses of the day each one is, from 0, as the protocol lays the day out.

    Doses that nothing tells apart share an entry, with a number for each.
    """
    counts: dict[tuple[str, int], int] = {}
    found: dict[tuple[Key, State], list[int]] = {}
    for event in sorted(schedule.events, key=AS_LAID_OUT):
        day = event.placed.id, event.cycle_day
        found.setdefault((_key(event), event.state), []).append(counts.get(day, 0))
        counts[day] = counts.get(day, 0) + 1
    return found


def _follows(plan: Plan, block_id: str, others: Collection[str]) -> bool:
    """Whether the block starts, over however many steps, after one of the others."""
    after, seen = plan.block(block_id).start.after, {block_id}
    while after and after not in seen:
        if after in others:
            return True
        seen.add(after)
        after = plan.block(after).start.after
    return False


def _deferrals(schedule: Schedule, doses: Iterable[Event], days: int, why: Why) -> list[tuple[int, Deferral]]:
    """One deferral for each picked day or single dose, with the day it falls on."""
    picked: dict[tuple[str, int, int], dict[str, int]] = {}
    for dose in doses:
        where = (dose.placed.block.id, dose.placed.cycle, dose.cycle_day)
        picked.setdefault(where, {})[dose.placed.order.id] = dose.day
    found = []
    for (block, cycle, day), orders in picked.items():
        whole = _movable(schedule, block, cycle, day) <= set(orders)
        for order, on in [("", min(orders.values()))] if whole else orders.items():
            change = Deferral(block, cycle, day, days, Scope.DAY, why.reason, why.note, why.grade, order)
            found.append((on, change))
    return found


def _refuse_left_behind(before: Schedule, after: Schedule, doses: Iterable[Event], days: int) -> None:
    """A dose that hangs on another item does not follow its day: better refused than moved by nothing."""
    at = {_key(event): event.day for event in before.events}
    now = {_key(event): event.day for event in after.events}
    for dose in doses:
        key = _key(dose)
        if now.get(key) != at.get(key, dose.day) + days:
            raise Refusal(
                "{dose} does not move alone, it keeps its place beside another item; move the block, or leave the dose "
                "out",
                "does not move",
                dose=dose.label,
            )


def _key(event: Event) -> Key:
    return event.placed.id, event.cycle_day, event.sequence, event.minute, number_of_day(event)


def _movable(schedule: Schedule, block: str, cycle: int, day: int) -> set[str]:
    """The orders whose doses of that day stand alone and may move."""
    of_cycle = [event for event in schedule.events if event.placed.cycle == cycle and event.placed.block.id == block]
    lines = {(event.placed.id, event.due_day) for event in of_cycle}
    return {
        event.placed.order.id
        for event in of_cycle
        if event.cycle_day == day
        and event.dose
        and isinstance(event.placed.order, TemplateOrder)
        and not event.placed.order.keeps_its_days
        and not {(event.placed.id, event.due_day - 1), (event.placed.id, event.due_day + 1)} & lines
    }
