"""What speaks against moving days or single doses, with the nearest moves that nothing speaks against."""

from collections.abc import Iterator, Sequence
from itertools import chain

from msgspec.structs import replace

from planner.assembly.changes import shift_of, taken_along
from planner.assembly.moving import Room, settled
from planner.errors import Refusal
from planner.model.civil import WEEKDAYS, weekday_date
from planner.model.cycle_content import BY_TIME
from planner.model.plan import Deferral, Plan, Scope
from planner.model.protocol import TemplateDecision, TemplateOrder
from planner.model.schedule import Event, Schedule
from planner.model.sentence import Sentence, all_of, one_of, with_count
from planner.services.verbs.crossing import LEFT_OUT, last_before, refuse_running_on
from planner.services.verbs.refusing import Place
from planner.services.verbs.rest_of_day import was_kept

FAR = 14
"""Days around a refused move in which others are looked for."""


def refuse_deferral(plan: Plan, schedule: Schedule, place: Place, deferral: Deferral) -> None:
    """Refuse a move into the next cycle, past another treatment day, outside an order's days or onto a barred weekday.

    `schedule` is the plan's own, from before; the place and the day are there.
    """
    _refuse_all_but_barred(plan, schedule, place, deferral)
    stuck = _barred(plan, place, deferral)
    if stuck is None:
        return
    order = stuck.placed.order
    days = [Sentence(WEEKDAYS[day]) for day in order.not_on] if isinstance(order, TemplateOrder) else []
    free = _free_moves(plan, schedule, place, deferral)
    instead = Sentence("leave it out, or move more of the cycle")
    if free:
        instead = Sentence("move by {days} days instead", days=one_of([f"{days:+d}" for days in free[:2]]))
    raise Refusal(
        "{dose} would fall on {days}, which its order excludes, and no other day is accepted; {instead}",
        "barred weekday",
        str(free[0]) if free else "",
        dose=stuck.label,
        days=one_of(days),
        instead=instead,
    )


def moves_of(event: Event) -> Iterator[int]:
    """The days by which one dose may move by its order's own rule, the nearest first and later before earlier."""
    order, phase = event.placed.order, event.placed.block.phase
    if isinstance(order, TemplateDecision):
        return
    found = {*range(-order.window.earlier, order.window.later + 1)} - {0}
    if isinstance(order, TemplateOrder):
        found |= {phase.offset(day) - phase.offset(event.cycle_day) for day in order.accepts(event.cycle_day)}
    yield from sorted(found, key=lambda days: (abs(days), -days))


def _refuse_all_but_barred(plan: Plan, schedule: Schedule, place: Place, deferral: Deferral) -> None:
    if deferral.order:
        for event in place.of_order(deferral.day, deferral.order):
            if not was_kept(place, event, deferral):
                _refuse_outside_days(plan, place, event, deferral)
                _refuse_too_near(schedule, event, deferral.days)
                break
    else:
        _refuse_overlap(plan, schedule, place, deferral)


def _free_moves(plan: Plan, schedule: Schedule, place: Place, deferral: Deferral) -> list[int]:
    """Other numbers of days that nothing speaks against, the nearest first."""
    found = []
    for days in sorted(range(-FAR, FAR + 1), key=lambda one: (abs(one - deferral.days), -one)):
        other = replace(deferral, days=days)
        if days * deferral.days <= 0 or _barred(plan, place, other) is not None:
            continue
        try:
            _refuse_all_but_barred(plan, schedule, place, other)
        except Refusal:
            continue
        found.append(days)
    return found


def _barred(plan: Plan, place: Place, deferral: Deferral) -> Event | None:
    """The first dose that the move would leave on a weekday its order excludes."""
    made = [
        one
        for one in (*plan.modifications, deferral)
        if isinstance(one, Deferral) and (one.block, one.cycle) == (deferral.block, deferral.cycle)
    ]
    start, longer = place.cycle.start, deferral.days if deferral.scope in (Scope.FOLLOWING, Scope.ALL) else 0
    room = Room(place.block.phase, (start - 1) % 7, place.cycle.end - start + longer)
    for event in place.events:
        order = event.placed.order
        if not (isinstance(order, TemplateOrder) and order.not_on) or order.keeps_its_days or place.led(event):
            continue
        reaching = [one for one in made if one.order in ("", order.id)]
        about = event.cycle_day, place.alone(event), (order.id, place.number(event))
        shift = shift_of(reaching, *about)
        if shift == shift_of([one for one in reaching if one is not deferral], *about):
            continue
        taken = {one.due_day - start + shift for one in place.events if one.placed.id == event.placed.id}
        to = settled(order, event.cycle_day, shift, room, taken)
        if (room.weekday + to.offset) % 7 in order.not_on:
            return event
    return None


def _refuse_outside_days(plan: Plan, place: Place, event: Event, deferral: Deferral) -> None:
    """One administration moves to days that its order accepts."""
    order = event.placed.order
    if isinstance(order, TemplateDecision) or not place.alone(event):
        raise Refusal("{dose} runs daily; one of its days cannot move", "runs daily", dose=event.label)
    moved = sum(
        one.days
        for one in plan.modifications
        if isinstance(one, Deferral)
        and (one.block, one.cycle, one.day, one.order) == (deferral.block, deferral.cycle, deferral.day, deferral.order)
    )
    home, to = event.day - moved, event.day + deferral.days
    barred = order.not_on if isinstance(order, TemplateOrder) else ()
    days = sorted({home, *(home + days for days in moves_of(event) if (home + days - 1) % 7 not in barred)})
    if to not in days:
        nearest = min(days, key=lambda day: abs(day - to))
        raise Refusal(
            "{dose} may fall {allowed}; defer the whole day, or leave it out and order it anew on its new day",
            "window",
            weekday_date(nearest),
            dose=event.label,
            allowed=_allowed(days),
        )


def _allowed(days: Sequence[int]) -> Sentence:
    """In words: these days, in order."""
    first, last = weekday_date(days[0]), weekday_date(days[-1])
    if len(days) == 1:
        return Sentence("on {day} only", day=first)
    if days[-1] - days[0] == len(days) - 1:
        return Sentence("from {first} to {last}", first=first, last=last)
    return Sentence("on {days}", days=one_of(list(map(weekday_date, days))))


def _refuse_too_near(schedule: Schedule, event: Event, days: int) -> None:
    """A single dose keeps the distance that its order, or another one, asks for between the two."""
    order, block = event.placed.order, event.placed.block.id
    asked = dict(order.apart) if isinstance(order, TemplateOrder) else {}
    for other in schedule.events:
        if other.placed.block.id != block or not isinstance(other.placed.order, TemplateOrder):
            continue
        name = other.placed.order.id
        least = max(asked.get(name, 0), dict(other.placed.order.apart).get(order.id, 0))
        if other.state not in LEFT_OUT and abs(event.day + days - other.day) < min(least, abs(event.day - other.day)):
            raise Refusal(
                "{dose} would come nearer than {least} days to {other} on {day}",
                "too near",
                str(least),
                dose=event.label,
                least=least,
                other=other.label,
                day=weekday_date(other.day),
            )


def _refuse_overlap(plan: Plan, schedule: Schedule, place: Place, deferral: Deferral) -> None:
    """No treatment day may jump over another one, and the rest of a cycle may not run into the next cycle."""
    _refuse_next_cycle(schedule, place, deferral)
    refuse_running_on(plan, schedule, place, deferral)
    _refuse_twice(schedule, place, deferral)
    doses = _standing_alone(schedule, place)
    moved = sorted(
        (
            event
            for event in doses
            if (event.placed.cycle, event.cycle_day) == (place.cycle.number, deferral.day)
            and not was_kept(place, event, deferral)
        ),
        key=BY_TIME,
    )
    if not moved:
        _refuse_no_effect(place, deferral)
        return
    day = moved[0].day
    others = last_before(schedule, place) if deferral.days < 0 else None
    before = max((one for one in (others, *(event.day for event in doses)) if one and one < day), default=None)
    if deferral.days < 0 and before is not None and day + deferral.days <= before:
        raise _jump(day, before)
    after = min((event.day for event in doses if event.day > day), default=None)
    if deferral.scope is Scope.DAY and deferral.days > 0 and after is not None and day + deferral.days >= after:
        raise _jump(day, after)
    for event in moved if deferral.scope is Scope.DAY else ():
        _refuse_too_near(schedule, event, deferral.days)


def _jump(day: int, over: int) -> Refusal:
    """The refusal to move what stands on a day past a treatment day, with the days up to it."""
    told = "that would jump over {day}, a treatment day; at most {days} later"
    if over < day:
        told = "that would jump over {day}, a treatment day; at most {days} earlier"
    room = abs(over - day) - 1
    if not room:
        return Refusal("{day}, right beside it, is a treatment day: there is no room", "jump", day=weekday_date(over))
    days = with_count(room, "{count} day", "{count} days")
    return Refusal(told, "jump", str(room if over > day else -room), day=weekday_date(over), days=days)


def _refuse_next_cycle(schedule: Schedule, place: Place, deferral: Deferral) -> None:
    """The rest of a cycle, daily doses too, stays before the next cycle's first day. What ends with it ends there."""
    lasting = (event.day for event in _reached(place, deferral) if _moves(event) or not _to_end(event))
    last = max(lasting, default=place.cycle.start)
    room = max(0, place.cycle.end - 1 - last)
    if deferral.scope is Scope.CYCLE and deferral.days > room:
        most = "move it by at most {days} day, or" if room == 1 else "move it by at most {days} days, or"
        raise Refusal(
            '{block} C{cycle} would run into {next}; {most} use the scope "following", which moves that too',
            "overlap",
            str(room) if room else "following",
            block=place.block.title,
            cycle=place.cycle.number,
            next=_next_start(schedule, place),
            most=Sentence(most, days=room) if room else Sentence("there is no room:"),
        )


def _next_start(schedule: Schedule, place: Place) -> Sentence:
    """What begins where a cycle ends, in words: the block's next cycle, else the blocks of that day, else the day."""
    end = place.cycle.end
    later = (one for one in place.block.cycles if one.start == end)
    names = [f"{place.block.title} C{one.number}" for one in later]
    names = names or [one.title for one in schedule.blocks if one.start == end and one.id != place.block.id]
    day = weekday_date(end)
    if not names:
        return Sentence("{day}, the day after its end", day=day)
    return Sentence("{names}, which starts on {day}", names=all_of(names), day=day)


def _refuse_twice(schedule: Schedule, place: Place, deferral: Deferral) -> None:
    """No dose that moves up may come on or before a day on which its drug stands already."""
    if deferral.scope is Scope.DAY or deferral.days > 0:
        return
    reached = _reached(place, deferral)
    firsts = {event.placed.order.id: event.day for event in reversed(reached)}
    rooms = [
        (firsts[other.placed.order.id] - other.day - 1, other)
        for other in schedule.events
        if other.placed.block.id == place.block.id and other.day < firsts.get(other.placed.order.id, 0)
    ]
    room, other = min(rooms, key=lambda one: one[0], default=(-deferral.days, None))
    if other is not None and -deferral.days > room:
        raise Refusal(
            "{other} is on {day} already; at most {days} earlier"
            if room
            else "{other} is on {day} already; it cannot come earlier",
            "jump",
            str(-room) if room else "",
            other=other.label,
            day=weekday_date(other.day),
            days=with_count(room, "{count} day", "{count} days"),
        )


def _reached(place: Place, deferral: Deferral) -> list[Event]:
    """The doses of the cycle that a move from a day on takes along, in order of time."""
    return [
        one
        for one in place.events
        if one.cycle_day >= deferral.day
        and _is_drug(one)
        and not keeps_its_day(one, deferral)
        and not place.led(one)
        and not was_kept(place, one, deferral)
    ]


def _refuse_no_effect(place: Place, deferral: Deferral) -> None:
    """A deferral of one day on which nothing stands that moves by itself would move nothing."""
    here = [one for one in place.on_day(deferral.day) if not was_kept(place, one, deferral)]
    if deferral.scope is not Scope.DAY or any(
        place.alone(event) and not place.led(event) and (_moves(event) or not event.dose) for event in here
    ):
        return
    if all(place.led(event) for event in here) and deferral.kept:
        raise Refusal(
            "what is left of Day {day} is timed by what was given and stays with it; leave it out instead",
            "timed by another",
            day=deferral.day,
        )
    if all(place.led(event) for event in here):
        leads = place.leads(here)
        raise Refusal(
            "what is planned on Day {day} moves with {leads}; defer that one's day",
            "timed by another",
            str(leads[0].cycle_day) if leads else "",
            day=deferral.day,
            leads=one_of([one.label for one in leads]) if leads else Sentence("another order"),
        )
    raise Refusal(
        "what is planned on Day {day} is given daily or runs without a stop, so that day alone cannot move; "
        "defer the rest of the cycle, or leave it out",
        "runs daily",
        "cycle",
        day=deferral.day,
    )


def _standing_alone(schedule: Schedule, place: Place) -> list[Event]:
    """The doses of a block that fall on days of their own and move by themselves: of no daily run, led by no other.

    They stand by order, not in order of time.
    """
    here = [piece for piece in schedule.pieces if piece.block.id == place.block.id]
    lines = [events for piece in here for events in piece.orders if _moves(events[0])]
    planned: dict[str, set[int]] = {}
    for events in lines:
        planned.setdefault(events[0].placed.id, set()).update([event.due_day for event in events])
    return [
        event
        for event in chain.from_iterable(lines)
        if planned[event.placed.id].isdisjoint((event.due_day - 1, event.due_day + 1)) and not place.led(event)
    ]


def keeps_its_day(event: Event, deferral: Deferral) -> bool:
    """Whether a dose stays because its order keeps its days, so that the deferral does not reach it."""
    order = event.placed.order
    if not isinstance(order, TemplateOrder) or not order.keeps_its_days:
        return False
    return not taken_along(order, [deferral])


def _is_drug(event: Event) -> bool:
    return isinstance(event.placed.order, TemplateOrder)


def _to_end(event: Event) -> bool:
    order = event.placed.order
    return isinstance(order, TemplateOrder) and order.days.to_end


def _moves(event: Event) -> bool:
    order = event.placed.order
    return isinstance(order, TemplateOrder) and not order.keeps_its_days
