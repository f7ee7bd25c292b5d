"""The events of what people added to a cycle: orders and examinations the protocol does not have."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from planner.assembly.added import added_examination, added_order, in_rescues_place
from planner.assembly.days import rules_of_days
from planner.assembly.dosing import compute_dose
from planner.assembly.marks import Mark, Touching
from planner.assembly.raised import ADDED_PLACE, Hours, by_the_hour, own_rescue, takes_place
from planner.assembly.redosed import Dosing
from planner.assembly.template import order_line, sign_line
from planner.assembly.times import DAY, NO_TIME, filled
from planner.model.cycle_content import CycleEvent
from planner.model.plan import Addition, Examination, Stop
from planner.model.protocol import TemplateOrder

Lines = Sequence[Sequence[CycleEvent]]
_Slot = tuple[int, int, str]
"""Offset, minute and what is to be said of one dose."""


def additions(touching: Touching, dosing: Dosing, planned: Lines) -> Iterator[list[CycleEvent]]:
    """The events of each order and examination added to the cycle; `planned` are those of the unchanged cycle."""
    for number, mark in enumerate(touching.marks):
        if isinstance(mark.change, Addition):
            place = ADDED_PLACE + number
            if takes_place(mark.change):
                yield _by_the_hour(mark.change, mark, dosing, planned, place)
            else:
                stopped = _stopped(touching.marks[:number], planned)
                order = in_rescues_place(added_order(mark.change), stopped, dosing.phase, dosing.agents)
                yield _events(order, mark, dosing, place, _a_day(order, dosing, _minutes(order, dosing, planned)))
        elif isinstance(mark.change, Examination):
            yield _examined(mark.change, dosing, ADDED_PLACE + number)


def _by_the_hour(change: Addition, mark: Mark, dosing: Dosing, planned: Lines, place: int) -> list[CycleEvent]:
    """A rescue from an hour on, with the end of the one in whose place it comes."""
    order, hours = added_order(change), Hours(dosing.phase, dosing.day_starts)
    led = [event for events in planned for event in events if event.line.order.id == change.timed_by]
    slots = [(*divmod(at, DAY), "") for at in hours.doses_of(order, led)]
    own = _orders(own_rescue(planned, change.timed_by, dosing.phase))
    order = in_rescues_place(by_the_hour(order, len(slots)), own, dosing.phase, dosing.agents)
    return _events(order, mark, dosing, place, slots)


def _orders(lines: Iterable[Sequence[CycleEvent]]) -> Iterator[TemplateOrder]:
    orders = (events[0].line.order for events in lines)
    return (one for one in orders if isinstance(one, TemplateOrder))


def _stopped(before: Sequence[Mark], planned: Lines) -> Iterator[TemplateOrder]:
    """The orders of the cycle that were stopped by name before an order was added."""
    drugs = {mark.drug for mark in before if isinstance(mark.change, Stop) and mark.change.order}
    return (one for one in _orders(planned) if one.drug in drugs)


def _examined(change: Examination, dosing: Dosing, place: int) -> list[CycleEvent]:
    order = added_examination(change)
    line = sign_line(order)
    offsets = [(dosing.phase.offset(day), day) for day in order.days.numbers]
    return [
        CycleEvent(offset, NO_TIME, place, line, day, dosing.state, None, offset, -1, filled(order.note))
        for offset, day in offsets
    ]


def _minutes(order: TemplateOrder, dosing: Dosing, planned: Lines) -> Mapping[int, int]:
    """By day number, the clock time of an order that is timed by another one: by the first start that leads there."""
    anchor = order.anchor
    if anchor is None:
        return {}
    led = (event for events in planned for event in reversed(events) if event.line.order.id == anchor.order_id)
    starts = (event.offset * DAY + event.minute + anchor.minutes for event in led if event.minute >= 0)
    return {dosing.phase.day_at(start // DAY): start % DAY for start in starts}


def _a_day(order: TemplateOrder, dosing: Dosing, minutes: Mapping[int, int]) -> Iterator[_Slot]:
    """So many doses on each day of the order."""
    count = order.doses_per_day
    for day in order.days.numbers:
        for number in range(count):
            told = f"dose {number + 1} of {count} this day" if count > 1 else ""
            yield dosing.phase.offset(day), minutes.get(day, NO_TIME), told


def _events(order: TemplateOrder, mark: Mark, dosing: Dosing, place: int, slots: Iterable[_Slot]) -> list[CycleEvent]:
    dose = replace(compute_dose(order, dosing.basis, mark.agent), origin="typed")
    line, rules, day_at = order_line(order, mark.agent), tuple(rules_of_days(order)), dosing.phase.day_at
    return [
        CycleEvent(
            offset,
            minute,
            place,
            line,
            day_at(offset),
            dosing.state,
            dose,
            offset,
            -1,
            filled(told, dose.missing, *rules, order.note),
        )
        for offset, minute, told in slots
    ]
