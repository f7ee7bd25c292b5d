"""Days of a protocol file on which no dose leads to a timed order, told to its author."""

from collections.abc import Iterator

from msgspec.structs import replace

from planner.assembly.times import USUAL_START, Slot, slots
from planner.model.protocol import Phase, Protocol, TemplateOrder

REACH_DAYS = 30
"""How far from the days of a phase a timed dose is looked for."""


def unled_days(protocol: Protocol) -> tuple[str, ...]:
    """Orders with a `timing` that no dose of the other order gives a clock time on one of their days.

    Such a dose is drawn on its day without a clock time, so a rescue put on the day before the one it falls on stands
    a day too early. Days are told as the protocol numbers them, by treatment days that start at `USUAL_START`.
    """
    return tuple(told for phase in protocol.phases for order in phase.orders for told in _told(order, phase))


def _told(order: TemplateOrder, phase: Phase) -> Iterator[str]:
    if order.anchor is None:
        return
    once = replace(order, doses_per_day=1, every_hours=None)
    reach = range(-REACH_DAYS, phase.cycle_days + REACH_DAYS)
    falls = [slot.day for slot in _slots(once, phase, tuple(map(phase.day_at, reach))) if slot.minute >= 0]
    unled = [str(day) for day in order.days.numbers if day not in falls]
    if unled:
        meant = f"it falls on day {', '.join(map(str, falls))}" if falls else "it falls on no day of this phase"
        yield f"phase {phase.id}, order {order.id}: its timing gives day {', '.join(unled)} no clock time; {meant}"


def _slots(order: TemplateOrder, phase: Phase, days: tuple[int, ...]) -> tuple[Slot, ...]:
    led_by = next((one for one in phase.orders if order.anchor and one.id == order.anchor.order_id), None)
    others = {led_by.id: _slots(led_by, phase, _days(led_by, phase))} if led_by else {}
    return slots(order, days, phase, others, USUAL_START, USUAL_START)


def _days(order: TemplateOrder, phase: Phase) -> tuple[int, ...]:
    numbers = order.days.numbers
    if not order.days.to_end:
        return numbers
    return (*numbers, *map(phase.day_at, range(phase.offset(numbers[-1]) + 1, phase.cycle_days)))
