"""Where an edit wants to go, looked up in the plan and its schedule; what is not there is refused with what is."""

from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches
from itertools import chain

from msgspec import Struct

from planner.errors import Refusal
from planner.model.civil import weekday_date
from planner.model.cycle_content import BY_TIME, State
from planner.model.plan import REASONS, Block, Given, Plan
from planner.model.protocol import TemplateAssessment, TemplateDecision, TemplateOrder
from planner.model.schedule import AS_LAID_OUT, Event, PlacedBlock, PlacedCycle, Schedule
from planner.model.sentence import Sentence, listed, one_of

LONGEST_LEAD = -60
"""Days before a cycle's first day that an added order may have."""
GRADES = range(6)
"""Grades of a toxicity after CTCAE, 1 to 5; 0 where nobody said."""


class Place(Struct, frozen=True):
    """A cycle of a block on the schedule, with its events in order of time."""

    block: PlacedBlock
    cycle: PlacedCycle
    events: tuple[Event, ...]
    clocked: frozenset[tuple[str, int, str]] = frozenset()
    """The orders of the block, by block, cycle and id, that have a clock time."""

    def on_day(self, day: int) -> tuple[Event, ...]:
        """The events of that day number; a refusal that lists the days there are where it holds none."""
        found = tuple(event for event in self.events if event.cycle_day == day)
        if not found:
            days = sorted({event.cycle_day for event in self.events})
            known = listed(list(map(str, days)))
            raise Refusal(
                "nothing is planned on Day {day} of {block} C{cycle}; days are {known}",
                "unknown day",
                str(min(days, key=lambda one: abs(one - day))) if days else "",
                day=day,
                block=self.block.title,
                cycle=self.cycle.number,
                known=known,
            )
        return found

    def on_drawn_day(self, day: int) -> tuple[Event, ...]:
        """The same; of a block that goes on behind its drawn days a refusal says how to draw it on."""
        last = self.cycle.end - self.cycle.start - 1
        if self.block.phase.open_end and self.cycle is self.block.cycles[-1] and day > self.block.phase.day_at(last):
            raise Refusal(
                "{block} is drawn to Day {last} and goes on: draw it on first, as rule ST-20 offers, then stop it",
                "not drawn",
                str(self.block.phase.day_at(last)),
                block=self.block.title,
                last=self.block.phase.day_at(last),
            )
        return self.on_day(day)

    def alone(self, event: Event) -> bool:
        """Whether the event's line falls neither on the day before nor on the day after, as the protocol plans it."""
        placed = event.placed.id
        near = (event.due_day - 1, event.due_day + 1)
        return not any(one.placed.id == placed and one.due_day in near for one in self.events)

    def number(self, event: Event) -> int:
        """Which of its order's doses of that day number it is, from 0, as the protocol lays the day out."""
        placed, day = event.placed.id, event.cycle_day
        same = [one for one in self.events if (one.placed.id, one.cycle_day) == (placed, day)]
        return sorted(same, key=AS_LAID_OUT).index(event)

    def led(self, event: Event) -> bool:
        """Whether the protocol times it by another order, or lets it go with one: it follows wherever that moves."""
        order = event.placed.order
        if isinstance(order, TemplateDecision):
            return False
        if order.goes_with:
            here = event.placed.cycle == self.cycle.number
            return not here or any(one.placed.order.id in order.goes_with for one in self.events)
        if not isinstance(order, TemplateOrder) or order.anchor is None or event.minute < 0:
            return False
        there = event.placed.block.id, event.placed.cycle, order.anchor.order_id
        return there in self.clocked

    def leads(self, here: Sequence[Event]) -> list[Event]:
        """The doses that move by themselves and take these along: of each order the last one up to their day."""
        found: dict[str, Event] = {}
        asked, seen = list(here), set[str]()
        while asked:
            event = asked.pop()
            for name in _led_by(event.placed.order):
                led = [one for one in self.events if one.placed.order.id == name]
                lead = next((one for one in reversed(led) if one.cycle_day <= event.cycle_day), led[0] if led else None)
                if lead is None or name in seen:
                    continue
                seen.add(name)
                if self.led(lead):
                    asked.append(lead)
                else:
                    found[name] = lead
        return list(found.values())

    def of_order(self, day: int, order_id: str) -> tuple[Event, ...]:
        """The doses of one order on that day; a refusal that lists the day's orders where it is not among them.

        They stand as the protocol lays the day out: a deferral may put them in another order, and a record of what was
        given counts from before it.
        """
        here = self.on_day(day)
        found = tuple(sorted((one for one in here if one.placed.order.id == order_id), key=AS_LAID_OUT))
        if not found:
            told = "{block} C{cycle} D{day} does not hold {name}; it has {known}"
            known = [event.placed.order.id for event in here]
            raise refused_name(told, order_id, known, block=self.block.title, cycle=self.cycle.number, day=day)
        return found


def _led_by(order: TemplateOrder | TemplateAssessment | TemplateDecision) -> tuple[str, ...]:
    """The orders with which the protocol lets an order go, or by which it times it."""
    if isinstance(order, TemplateDecision):
        return ()
    by = (order.anchor.order_id,) if isinstance(order, TemplateOrder) and order.anchor else ()
    return order.goes_with or by


def find_place(plan: Plan, schedule: Schedule, block_id: str, cycle: int) -> Place:
    """The cycle with its events. Refuses a block or cycle that is not there or has no dates."""
    known_block(plan, block_id)
    block = on_schedule(schedule, block_id)
    placed = known_cycle(block, cycle)
    pieces = [piece for piece in schedule.pieces if piece.block.id == block_id]
    orders = (events for piece in pieces if piece.cycle == cycle for events in piece.orders)
    clocked = frozenset(
        (block_id, piece.cycle, run.line.order.id)
        for piece in pieces
        for run in piece.content.pattern.runs
        if max(run.minutes) >= 0
    )
    return Place(block, placed, tuple(sorted(chain.from_iterable(orders), key=BY_TIME)), clocked)


def known_block(plan: Plan, block_id: str) -> Block:
    """The block of that id; a refusal that lists the plan's blocks where there is none."""
    try:
        return plan.block(block_id)
    except KeyError:
        known = [block.id for block in plan.blocks]
        raise refused_name("the plan has no block {name}; it has {known}", block_id, known) from None


def on_schedule(schedule: Schedule, block_id: str) -> PlacedBlock:
    """The block with its dates; a refusal where a decision leaves it out."""
    try:
        return schedule.block(block_id)
    except KeyError:
        raise Refusal(
            "{block_id} is left out of the plan or closed up, and has no dates to change", "no dates", block_id=block_id
        ) from None


def known_cycle(block: PlacedBlock, number: int) -> PlacedCycle:
    """The cycle of that number; a refusal that lists the block's cycles where there is none."""
    for cycle in block.cycles:
        if cycle.number == number:
            return cycle
    numbers = [cycle.number for cycle in block.cycles]
    known = ", ".join(map(str, numbers))
    raise Refusal(
        "{block} has no cycle {number} here; it has {known}",
        "unknown cycle",
        str(min(numbers, key=lambda one: abs(one - number))),
        block=block.title,
        number=number,
        known=known,
    )


def refused_name(told: str, name: str, known: Iterable[str], **values: object) -> Refusal:
    """The refusal of a name that is not there: lists those that are, and names the one most like it.

    `told` has places for {name} and {known}, and for the `values`.
    """
    names = list(dict.fromkeys(known))
    values |= {"name": name or Sentence("this"), "known": listed(names)}
    return Refusal(told, "unknown name", most_like(name, names), **values)


def most_like(name: str, known: Iterable[str]) -> str:
    """The name most like one that is not among them; the only one there is, and nothing where none is like it."""
    names = list(known)
    return next(iter(get_close_matches(name, names, 1) or (names if len(names) == 1 else ())), "")


def refuse_reason(reason: str, grade: int = 0) -> None:
    """Refuse a reason that is not coded, and a grade that is none."""
    if reason not in REASONS:
        close = get_close_matches(reason, REASONS, 1)
        raise Refusal(
            '"{reason}" is not a coded reason; use one of {known}',
            "unknown reason",
            close[0] if close else "other",
            reason=reason,
            known=", ".join(REASONS),
        )
    if grade not in GRADES:
        raise Refusal(
            "grade {grade} does not exist; grades are 1 to 5", "unknown grade", str(min(5, max(1, grade))), grade=grade
        )


def refuse_given(
    plan: Plan, place: Place, events: Collection[Event], what: str, kept: Collection[tuple[int, str, int]] = ()
) -> None:
    """Refuse to change an administration that somebody recorded as given, also in part.

    `kept` are doses, by day, order and number on that day, that the change leaves as they were given.
    """
    done = {
        (one.day, one.order)
        for one in plan.given
        if one.status is not Given.NOT_GIVEN
        and (one.block, one.cycle) == (place.block.id, place.cycle.number)
        and (one.day, one.order, one.number) not in kept
    }
    given = [event for event in events if (event.cycle_day, event.placed.order.id) in done]
    if given:
        last = max(given, key=lambda event: event.day)
        later = min((event.cycle_day for event in place.events if event.day > last.day), default=None)
        rest = what == "defer" and any(one.state is not State.GIVEN for one in place.on_day(last.cycle_day))
        raise Refusal(
            "{dose} was given on {day} and stays as it was given{instead}",
            "already given",
            "" if later is None else str(later),
            dose=last.label,
            day=weekday_date(last.day),
            instead=_instead(what, later, last.cycle_day if rest else None),
        )


def _instead(what: str, later: int | None, rest: int | None) -> str:
    """What may be done to a cycle of which something was given: from a later day on, or with the rest of a day."""
    if later is None:
        return "" if rest is None else Sentence("; or only the rest of Day {rest}", rest=rest)
    told = "; {what} from Day {later} at the earliest, or only the rest of Day {rest}"
    if rest is None:
        told = "; {what} from Day {later} at the earliest"
    return Sentence(told, what=Sentence(what), later=later, rest=rest)


def refuse_left_out(events: Collection[Event]) -> None:
    """Refuse to leave out what is all left out or stopped already: it would be one more change to take back."""
    here = [event for event in events if not isinstance(event.placed.order, TemplateDecision)]
    if here and all(event.state in (State.OMITTED, State.STOPPED) for event in here):
        labels = ", ".join(dict.fromkeys(event.label for event in here))
        states = one_of([Sentence(state) for state in sorted({event.state for event in here})])
        raise Refusal(
            "{doses}, {day}: {states} already",
            "left out already",
            doses=labels,
            day=weekday_date(here[0].day),
            states=states,
        )


def refuse_days(place: Place, days: Collection[int]) -> None:
    """Refuse day numbers that the cycle does not have, and none at all."""
    if not days:
        raise Refusal("an order needs at least one day", "no day")
    phase, length = place.block.phase, place.cycle.end - place.cycle.start
    for day in days:
        try:
            offset = phase.offset(day)
        except ValueError:
            raise Refusal("there is no Day 0 in this phase; the day before Day 1 is Day -1", "no Day 0", "-1") from None
        if not LONGEST_LEAD <= offset < length:
            first, last = phase.day_at(0), phase.day_at(length - 1)
            raise Refusal(
                "Day {day} lies outside the cycle; it has Days {first} to {last}",
                "day outside",
                str(last if offset > 0 else first),
                day=day,
                first=first,
                last=last,
            )
