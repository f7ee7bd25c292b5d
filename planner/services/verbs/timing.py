"""The hour of one added dose, kept as so long after the dose of its cycle before it, with which it moves."""

from collections.abc import Sequence

from msgspec.structs import replace

from planner.errors import Refusal
from planner.model.civil import clock
from planner.model.going_on import NOT_GIVEN
from planner.model.plan import Addition
from planner.model.protocol import TemplateOrder
from planner.model.schedule import Event, Schedule

DAY = 24 * 60


def at_hour(schedule: Schedule, change: Addition, minute: int) -> Addition:
    """The addition at that minute of its day, by the last dose of the protocol before it that has a clock time.

    `schedule` is from before the change. Refuses more than one dose, a rescue, which is given otherwise from an hour on
    by a verb of its own, and an hour before which nothing of the cycle has one.
    """
    if change.role == "rescue":
        raise Refusal("a rescue from an hour on takes the place of what is drawn: give it otherwise", "a rescue")
    if len(change.days) != 1 or change.doses_per_day != 1 or not change.cycle:
        raise Refusal("an hour is said of one dose on one day of one cycle", "several doses")
    block = next((one for one in schedule.blocks if one.id == change.block), None)
    cycle = next((one for one in block.cycles if one.number == change.cycle), None) if block else None
    if block is None or cycle is None:
        raise Refusal("cycle {cycle} of {block} is not on the plan", "no cycle", cycle=change.cycle, block=change.block)
    wanted = (cycle.start + block.phase.offset(change.days[0])) * DAY + minute
    own = {one.id for one in block.phase.orders}
    leads = [
        one
        for one in schedule.events
        if (one.placed.block.id, one.placed.cycle) == (change.block, change.cycle) and _is_clocked(one, own)
    ]
    for lead in reversed(leads):
        away = wanted - _start(lead)
        if away >= 0 and _is_led_there([one for one in leads if one.placed is lead.placed], away, wanted):
            return replace(change, timed_by=lead.placed.order.id, minutes=away)
    told = "nothing of that cycle has a clock time before {hour} on D{day}, from which its hours could count"
    raise Refusal(told, "no clock time", hour=clock(minute), day=change.days[0])


def _start(event: Event) -> int:
    return event.day * DAY + event.minute


def _is_led_there(leads: Sequence[Event], away: int, wanted: int) -> bool:
    """Whether that hour is the first to which doses of one order lead on its day: several a day lead to one each."""
    there = [at for one in leads if (at := _start(one) + away) // DAY == wanted // DAY]
    return min(there) == wanted


def _is_clocked(event: Event, own: set[str]) -> bool:
    order = event.placed.order
    is_own = isinstance(order, TemplateOrder) and order.id in own
    return is_own and event.minute >= 0 and event.state not in NOT_GIVEN and event.day == event.due_day
