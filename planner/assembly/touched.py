"""The events of a cycle as its changes leave them: moved, left out, held, stopped, at another dose, given."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from planner.assembly.added import added_order
from planner.assembly.additions import additions
from planner.assembly.company import with_company
from planner.assembly.dosing import compute_dose
from planner.assembly.marks import Mark, Touching, reaches
from planner.assembly.moving import Room, moved_lines
from planner.assembly.often import Doses, as_often
from planner.assembly.open_ends import drawn_where_changed
from planner.assembly.raised import ADDED_PLACE, Hours, drawn_up_to, in_its_place
from planner.assembly.redosed import Dosing, Drugs, because, full_dose
from planner.assembly.template import order_line
from planner.assembly.times import NO_TIME, Notes, filled
from planner.model.civil import weekday_date
from planner.model.cycle_content import BY_TIME, PARTLY, ComputedDose, CycleEvent, OrderLine, State, Working
from planner.model.plan import (
    Addition,
    Deferral,
    DoseChange,
    Examination,
    Given,
    GivenRecord,
    Hold,
    Omission,
    Repetition,
    Replacement,
    Scope,
    Skip,
    Stop,
)
from planner.model.protocol import Phase, TemplateDecision, TemplateOrder
from planner.model.quantity import format_amount

Leaving = tuple[Mark, State | None, str]
"""A change that takes events out, their state then and the words; no state where what follows closes up."""
BEYOND = "given, although the protocol no longer plans it for what is known of the patient"


def apply(orders: Iterable[Sequence[CycleEvent]], touching: Touching, dosing: Dosing) -> list[list[CycleEvent]]:
    """The events of a cycle, line by line, as its changes leave them; each line's in order of time.

    `orders` are those of the unchanged cycle: of its planned length, but for lines that keep their days of its length
    as it is now.
    """
    shorter = touching.grown < 0 or any(_closes_cycle(mark.change) for mark in touching.marks)
    given = {mark.agent.id: mark.agent for mark in touching.marks if mark.agent}
    dosing = replace(dosing, agents={**dosing.agents, **given})
    planned = [*orders]
    hours = Hours(dosing.phase, dosing.day_starts)
    drawn = [_asked_in_time(one, touching, dosing) for one in (*planned, *additions(touching, dosing, planned))]
    lines = [drawn_where_changed(events, touching.marks, dosing.phase, dosing.length) for events in drawn]
    lines = drawn_up_to(lines, hours, dosing.length, dosing.agents)
    room = Room(dosing.phase, dosing.weekday, dosing.length)
    moved = moved_lines(lines, touching.deferrals, touching.given_on, room)
    found: list[list[CycleEvent]] = []
    for events, to in zip(lines, moved, strict=True):
        ended = shorter and _keeps_its_days(events[0].line)
        here = [one for one in zip(events, to, strict=True) if not ended or one[1].offset < dosing.length]
        found += _line(here, _reaching(touching.marks, events[0].line, dosing.phase), dosing)
    found = in_its_place([*found, *_given_beyond(found, touching, dosing)], hours, dosing.agents)
    return with_company(found, dosing.phase)


def _asked_in_time(events: Sequence[CycleEvent], touching: Touching, dosing: Dosing) -> Sequence[CycleEvent]:
    """A question of a cycle that a stop closes up before its day: asked on the last day that is left."""
    last = dosing.length - 1
    closing = any(isinstance(mark.change, Stop) and mark.change.closes for mark in touching.marks)
    if not (closing and isinstance(events[0].line.order, TemplateDecision)):
        return events
    return [
        one._replace(offset=last, due_offset=last, cycle_day=dosing.phase.day_at(last)) if one.offset > last else one
        for one in events
    ]


def _given_beyond(
    found: Sequence[Sequence[CycleEvent]], touching: Touching, dosing: Dosing
) -> Iterator[list[CycleEvent]]:
    """What was given although nothing plans it any more: facts were set right, or a day number went with its weekday.

    A line each. A dose whose order the cycle cannot have is no dose of this plan.
    """
    given = [mark for mark in touching.marks if _is_given(mark.change)]
    if not given:
        return
    drawn = Counter(
        (event.line.order.id, event.cycle_day) for events in found for event in events if event.state is State.GIVEN
    )
    orders = {order.id: order for order in dosing.phase.orders}
    orders |= {one.change.order: added_order(one.change) for one in touching.marks if isinstance(one.change, Addition)}
    for number, mark in enumerate(given):
        record = mark.change
        if not isinstance(record, GivenRecord) or record.order not in orders:
            continue
        drawn[record.order, record.day] -= 1
        if drawn[record.order, record.day] < 0:
            yield [_beyond(orders[record.order], mark, record, touching, dosing, ADDED_PLACE + number)]


def _is_given(change: object) -> bool:
    return isinstance(change, GivenRecord) and change.status is not Given.NOT_GIVEN


def _beyond(
    order: TemplateOrder, mark: Mark, record: GivenRecord, touching: Touching, dosing: Dosing, place: int
) -> CycleEvent:
    """The dose of a record that no event stands for, of the drug that the changes around it make of its order."""
    agent, due = dosing.agents.get(order.agent), dosing.phase.offset(record.day)
    line, dose = order_line(order, agent), compute_dose(order, dosing.basis_of(order), agent)
    event = CycleEvent(due, NO_TIME, place, line, record.day, State.GIVEN, dose, due, -1, (BEYOND,))
    marks = _reaching(touching.marks, line, dosing.phase)
    return _given(Drugs(dosing).changed(event, due, marks), due, mark.first, record)


def _keeps_its_days(line: OrderLine) -> bool:
    return isinstance(line.order, TemplateOrder) and line.order.keeps_its_days


def _goes_on(line: OrderLine, mark: Mark, phase: Phase) -> bool:
    """Whether a pause leaves the line running: it keeps its days, or began before where that is asked."""
    order = line.order
    if not isinstance(order, TemplateOrder) or not order.keeps_its_days:
        return False
    return not order.begins or mark.first > phase.offset(order.days.numbers[0])


def _closes_cycle(change: object) -> bool:
    return isinstance(change, Stop) and change.closes and change.scope is Scope.CYCLE


def _reaching(marks: Sequence[Mark], line: OrderLine, phase: Phase) -> list[Mark]:
    """The changes that can reach the events of a line.

    An order that somebody added stands as it was ordered: what was changed before it was, is not its own.
    """
    since, anew = -1, False
    for number, mark in enumerate(marks):
        if isinstance(mark.change, Addition) and mark.change.order == line.order.id:
            since, anew = number, mark.change.anew
    return [
        mark
        for number, mark in enumerate(marks)
        if _concerns(mark, line, phase) and (number > since or not _is_of_before(mark.change, anew))
    ]


def _is_of_before(change: object, anew: bool) -> bool:
    """Whether a change made before an order was added is none of it: its doses, its agent, and with `anew` its end."""
    ended = isinstance(change, Stop) and not change.closes
    return isinstance(change, Replacement | DoseChange) or (anew and ended)


def _concerns(mark: Mark, line: OrderLine, phase: Phase) -> bool:
    """Whether a change can reach the events of a line at all."""
    change, order = mark.change, line.order
    if isinstance(change, Addition | Examination):
        return False
    if isinstance(order, TemplateDecision):
        return isinstance(change, Deferral | Repetition) and not (isinstance(change, Deferral) and change.order)
    if isinstance(change, Repetition):
        return False
    if isinstance(change, GivenRecord):
        return change.order == order.id
    if isinstance(change, Skip) or not change.order:
        return not (_pauses(change) and _goes_on(line, mark, phase))
    if isinstance(change, Deferral | Omission) or change.scope is Scope.DAY:
        return change.order == order.id
    if isinstance(change, DoseChange | Replacement) and change.alone and change.order != order.id:
        return False
    return isinstance(order, TemplateOrder) and order.drug == mark.drug


def _pauses(change: object) -> bool:
    """Whether the change interrupts a cycle or block: a drug that keeps its days goes on meanwhile."""
    return isinstance(change, Hold | Skip) or (isinstance(change, Stop) and change.scope is Scope.CYCLE)


def _line(events: Doses, marks: Sequence[Mark], dosing: Dosing) -> list[list[CycleEvent]]:
    """One line's events, each with the day it falls on; another agent's form a line of their own.

    What happened goes before everything that people planned around it.
    """
    if not marks and all(event.offset == to.offset for event, to in events):
        return [[event for event, _ in events]]
    if any(isinstance(mark.change, Repetition) for mark in marks):
        return []
    drugs = Drugs(dosing)
    redosing = [mark for mark in marks if isinstance(mark.change, Replacement | DoseChange)]
    records = {
        (mark.change.day, mark.change.number): (mark.first, mark.change)
        for mark in reversed(marks)
        if isinstance(mark.change, GivenRecord)
    }
    leaving = list(_leaving(marks))
    seen: dict[int, int] = {}
    by_line: dict[OrderLine, list[CycleEvent]] = {}
    for event, (to, note) in as_often(events, redosing):
        of_day = seen.get(event.cycle_day, 0)
        seen[event.cycle_day] = of_day + 1
        told = event._replace(notes=(note, *event.notes)) if note else event
        told = drugs.changed(told, to, redosing) if redosing else told
        record = records.get((event.cycle_day, of_day))
        if record and _is_put_off(record[1], record[0], to):
            told = told._replace(notes=(_missed(record[1]), *told.notes))
            record = None
        changed = _given(told, to, *record) if record else _changed(told, to, leaving)
        if changed is not None:
            by_line.setdefault(changed.line, []).append(changed)
    return [sorted(found, key=BY_TIME) for found in by_line.values()]


def _changed(event: CycleEvent, offset: int, leaving: Sequence[Leaving]) -> CycleEvent | None:
    """State and words of an event that moves to `offset`; None where it closes up behind a stop."""
    states: dict[State, str] = {}
    for mark, state, words in leaving:
        if _takes_out(mark, event, offset):
            if state is None:
                return None
            states[state] = words
    for state in (State.OMITTED, State.STOPPED, State.HELD) if states else ():
        if state in states:
            return _put(event, offset, state, (states[state], *event.notes))
    state = State.DEFERRED if offset != event.due_offset and event.state is State.PLANNED else event.state
    if state is event.state and offset == event.offset:
        return event
    return _put(event, offset, state, event.notes)


def _put(event: CycleEvent, offset: int, state: State, notes: Notes) -> CycleEvent:
    """The event elsewhere and otherwise; by position, because a change reaches thousands of them."""
    _, minute, place, line, day, _, dose, due, length, _ = event
    return CycleEvent(offset, minute, place, line, day, state, dose, due, length, notes)


def _leaving(marks: Iterable[Mark]) -> Iterator[Leaving]:
    """The changes that take events out of the course, with the state they leave them in and the words for it."""
    for mark in marks:
        change = mark.change
        if isinstance(change, Omission):
            yield mark, State.OMITTED, because("left out", change)
        elif isinstance(change, Skip):
            yield mark, State.OMITTED, because("cycle skipped", change)
        elif isinstance(change, Stop):
            yield mark, None if change.closes else State.STOPPED, because("stopped", change)
        elif isinstance(change, Hold):
            is_open = change.until is None
            words = because("on hold" if is_open else "left out while on hold", change)
            yield mark, State.HELD if is_open else State.OMITTED, words


def _takes_out(mark: Mark, event: CycleEvent, offset: int) -> bool:
    """Whether such a change reaches an event that falls on `offset`."""
    change = mark.change
    if isinstance(change, Omission):
        return change.day == event.cycle_day
    return isinstance(change, Skip) or reaches(mark, event, offset)


def _is_put_off(record: GivenRecord, on: int, offset: int) -> bool:
    """Whether a dose falls on a later day than the one on which it was recorded as not given: it is due again."""
    return record.status is Given.NOT_GIVEN and record.on is not None and offset > on


def _missed(record: GivenRecord) -> str:
    """That a dose was not given, on which day where that was recorded, and why."""
    on = f" on {weekday_date(record.on)}" if record.on else ""
    why = ": ".join(filter(None, (record.reason, record.note)))
    return f"not given{on}: {why}" if why else f"not given{on}"


def _given(event: CycleEvent, offset: int, on: int, record: GivenRecord) -> CycleEvent:
    """What really happened in place of what was planned."""
    grade = f" grade {record.grade}" if record.grade else ""
    why = ": ".join(filter(None, (f"{record.reason}{grade}".lstrip(), record.note)))
    if record.status is Given.NOT_GIVEN:
        left_out = _missed(replace(record, on=None))  # it stands on its day
        return event._replace(offset=offset, state=State.OMITTED, notes=(left_out, *event.notes))
    told = why if record.reason or not record.note else f"note: {why}"  # never a person's words alone
    words = filled(PARTLY if record.status is Given.PARTLY else "", told)
    dose, notes = event.dose, event.notes
    if dose is not None and record.dose is not None:
        notes = tuple(note for note in notes if not dose.missing or note != dose.missing)  # why none was planned
        step = f"given {format_amount(record.dose, record.unit)}; {_planned_words(dose, record)}"
        per_m2 = dose.per_m2 * record.dose / dose.value if dose.per_m2 is not None and dose.value else None
        dose = replace(
            dose,
            value=record.dose,
            unit=record.unit,
            missing="",
            full=record.dose if record.as_planned and not dose.origin else full_dose(dose),
            ordered=record.dose if record.as_planned else dose.value,
            origin="given",
            how=Working((*dose.steps, step), per_m2, dose.meant_by(record.dose) if record.unit == dose.unit else None),
        )
    return event._replace(offset=on, state=State.GIVEN, dose=dose, notes=(*words, *notes))


def _planned_words(dose: ComputedDose, record: GivenRecord) -> str:
    """What was planned; a dose that was the plan's then, and is another one by what is known now, was no other dose."""
    planned = format_amount(dose.value, dose.unit) if dose.value is not None else "not set"
    return (
        f"as planned then; {planned} by what is known now"
        if record.as_planned and dose.value != record.dose
        else f"planned {planned}"
    )
