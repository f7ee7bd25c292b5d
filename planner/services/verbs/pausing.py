"""Treatment that pauses or ends: hold and go on, skip a cycle, stop for good. Plan -> Plan, or a Refusal.

`schedule` is always the plan's own, from before the edit.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from planner.errors import Refusal
from planner.model.agent import Agent, Interruption
from planner.model.civil import clinical_date, weekday_date
from planner.model.cycle_content import State
from planner.model.day_words import shift_words
from planner.model.plan import Deferral, Given, Hold, Modification, Plan, Repetition, Scope, Skip, Stop
from planner.model.protocol import TREATING, TemplateOrder
from planner.model.schedule import Event, Schedule
from planner.model.sentence import listed
from planner.services.verbs.drugs import drug_at
from planner.services.verbs.going import going_doses
from planner.services.verbs.refusing import Place, find_place, refuse_given, refuse_reason
from planner.services.verbs.repeating import repeat_cycle
from planner.services.verbs.restarting import goes_on_words, premedication_again
from planner.services.verbs.since import keep_changes


class Resumed(Struct, frozen=True):
    """The plan in which treatment goes on, and in words what was done to it for that."""

    plan: Plan
    words: tuple[str, ...]


class _Broken(Struct, frozen=True):
    """An infusion that was stopped while it ran, by its first day without, and what its label says to that."""

    infusion: Event
    rule: Interruption


def hold(plan: Plan, schedule: Schedule, change: Hold) -> Plan:
    """Pause a block, or with `order` one drug, from a day on; nobody knows yet until when.

    Refuses a place, drug, reason or grade that does not exist, a day already given, and what is paused already.
    """
    place = find_place(plan, schedule, change.block, change.cycle)
    _refuse_named_end(change)
    refuse_reason(change.reason, change.grade)
    if change.order:
        drug_at(plan, place, change.order)
    elif change.scope is not Scope.FOLLOWING:
        raise Refusal("a block is held with all that hangs on it: scope following", "wrong scope", "following")
    if not going_doses(plan, schedule, place, change.day, change.order):
        refuse_given(plan, place, _from_day(place, change.day, change.order), "hold")
    known = open_hold(plan, change.block, change.order)
    if known is not None:
        raise Refusal(
            "{what} is held since C{cycle} D{day}; resume it first",
            "held already",
            what=known.order or place.block.title,
            cycle=known.cycle,
            day=known.day,
        )
    return _with(plan, change)


def open_hold(plan: Plan, block_id: str, order_id: str = "") -> Hold | None:
    """The hold of a block, or of one drug in it, that nobody has ended; None where there is none."""
    found = (one for one in plan.modifications if isinstance(one, Hold) and one.until is None)
    return next((one for one in found if (one.block, one.order) == (block_id, order_id)), None)


def resume(
    plan: Plan,
    schedule: Schedule,
    agents: Mapping[str, Agent],
    place: tuple[str, str],
    on: date,
    hours: int | None = None,
    *,
    note: str = "",
) -> Resumed:
    """Go on with what is held at `place` (block, order or "") on that date.

    A held drug is left out up to that date. A held block moves by the days between. Where its infusion has a rule for
    interruptions, a short stop goes on to the infusion days planned in all, with premedication again; a long one ends
    the cycle and gives it once more. So it is where that infusion alone was held and no other treatment would move.
    `hours` is the length of the stop where it is not whole days. The reason is the hold's, `note` goes with its note.
    Refuses where nothing is held, a date before the hold, and hours that do not end on that date.
    """
    held = open_hold(plan, *place)
    if held is None:
        raise _not_held(plan, place)
    where = find_place(plan, schedule, held.block, held.cycle)
    since = _first_day_on_hold(where, held)
    days = on.toordinal() - since
    if days < 0:
        raise Refusal(
            "the hold began on {day}; resume on that day or later",
            "before the hold",
            date.fromordinal(since).isoformat(),
            day=weekday_date(since),
        )
    free = keep_changes(plan, [at for at, one in enumerate(plan.modifications) if one != held])
    held = replace(held, note="; ".join(filter(None, (held.note, note))))
    broken = _interrupted(where, held.day, agents)
    if held.order and not (broken and _is_all_that_moves(plan, where, held)):
        ended = replace(held, until=on)
        words = *goes_on_words(plan, schedule, where, held, on), *_pump_words(plan, where, held, broken)
        return Resumed(replace(free, modifications=(*free.modifications, ended)), words)
    if broken is None:
        return Resumed(_later(free, held, days), (_moved(where, held, days),))
    stopped = days * 24 if hours is None else hours
    _refuse_impossible(stopped, days, on)
    if stopped > broken.rule.continue_days * 24:
        return _new_cycle(free, schedule, held, (days, stopped), broken.rule)
    return _go_on(_later(free, held, days, hours), where, held, broken, (days, stopped))


def _first_day_on_hold(place: Place, held: Hold) -> int:
    """The day what is on hold would have begun; a drug that runs through keeps a day of that number of its own."""
    here = place.on_day(held.day)
    waits = [one for one in here if one.state is State.HELD and held.order in ("", one.placed.order.id)]
    return min(one.day for one in waits or here)


def _refuse_impossible(hours: int, days: int, on: date) -> None:
    """Refuse a length of a stop that cannot end on the date told: it began on the first day without or its eve."""
    least, most = max(1, (days - 1) * 24 + 1), (days + 2) * 24 - 1
    if not least <= hours <= most:
        raise Refusal(
            "a stop that ends on {day} took {least} to {most} h, not {hours}; name its length or that day anew",
            "hours",
            str(min(most, max(least, hours))),
            day=weekday_date(on),
            least=least,
            most=most,
            hours=hours,
        )


def _not_held(plan: Plan, place: tuple[str, str]) -> Refusal:
    paused = [one for one in plan.modifications if isinstance(one, Hold) and one.until is None]
    names = [f"{one.order} ({one.block})" if one.order else one.block for one in paused]
    drugs = [one.order for one in paused if one.order and one.block == place[0]]
    if drugs and not place[1]:
        told = "{block} itself is not on hold, its drug is: resume {order}"
        raise Refusal(told, "not held", drugs[0], block=place[0], order=listed(drugs))
    told = "{what} is not on hold; on hold: {known}"
    return Refusal(told, "not held", names[0] if names else "", what=place[1] or place[0], known=listed(names))


def skip(plan: Plan, schedule: Schedule, change: Skip) -> Plan:
    """Leave out a whole cycle; its days stay empty, or what follows moves up where the change `closes`.

    What a cycle that closes up asks is asked in the one before it. Refuses a cycle that is not there, skipped already
    or partly given, and the closing of the block's only cycle, or of its first one where that asks what nobody has
    answered: blocks that wait for it would wait for ever.
    """
    place = find_place(plan, schedule, change.block, change.cycle)
    refuse_reason(change.reason, change.grade)
    refuse_given(plan, place, place.events, "skip")
    for one in plan.modifications:
        if isinstance(one, Skip) and (one.block, one.cycle) == (change.block, change.cycle):
            raise Refusal(
                "cycle {cycle} of {block} is skipped already",
                "skipped already",
                cycle=change.cycle,
                block=place.block.title,
            )
    if change.closes and len(place.block.cycles) == 1:
        raise Refusal(
            "cycle {cycle} is the only one of {block}; keep its dates, or remove the block",
            "only cycle",
            cycle=change.cycle,
            block=place.block.title,
        )
    if change.closes:
        _refuse_unasked(schedule, place)
    return _with(plan, change)


def stop(plan: Plan, schedule: Schedule, change: Stop) -> Plan:
    """No more from a day on: the rest of a cycle, of the block, or of the whole plan; with `order` only that drug.

    Refuses a scope of one day (that is an omission), a day already given, closing up after one drug or the plan, and
    the same stop once more. What cycles that close up ask is asked in the one before them; where there is none, and
    nobody has answered it, it is refused.
    """
    place = find_place(plan, schedule, change.block, change.cycle)
    goes_on = going_doses(plan, schedule, place, change.day, change.order)
    if not goes_on:
        place.on_drawn_day(change.day)
    refuse_reason(change.reason, change.grade)
    if change.scope is Scope.DAY:
        raise Refusal("a stop reaches from a day on; leave out one day's doses with omit", "wrong scope", "cycle")
    if change.closes and (change.order or change.scope is Scope.ALL):
        raise Refusal("only the rest of a cycle or of a block can close up", "wrong scope", "following")
    if change.order:
        drug_at(plan, place, change.order)
    if not goes_on:
        refuse_given(plan, place, _from_day(place, change.day, change.order), "stop")
    if any(isinstance(one, Stop) and _where(one) == _where(change) for one in plan.modifications):
        what = change.order or place.block.title
        raise Refusal(
            "{what} is stopped from C{cycle} D{day} on already",
            "stopped already",
            what=what,
            cycle=change.cycle,
            day=change.day,
        )
    if change.closes and change.scope is not Scope.CYCLE:
        _refuse_closing_over_given(plan, place)
    if change.closes and change.day <= place.block.phase.first_day:
        _refuse_unasked(schedule, place)
    return _with(plan, change)


def _refuse_unasked(schedule: Schedule, place: Place) -> None:
    """A block's first cycle does not close up over an open question: no cycle before it can ask it."""
    for asked in schedule.decisions if place.cycle == place.block.cycles[0] else ():
        here = asked.block == place.block.id and place.cycle.start <= asked.day < place.cycle.end
        if here and asked.choice is None:
            raise Refusal(
                '"{question}" is asked in that cycle; answer it first, or keep the dates of the cycle',
                "open question",
                question=asked.decision.question,
            )


def _where(change: Stop) -> tuple[object, ...]:
    return change.block, change.cycle, change.day, change.scope, change.order, change.closes


def _refuse_closing_over_given(plan: Plan, place: Place) -> None:
    """Later cycles that were given cannot close up behind a stop: they have happened."""
    numbers = plan.block(place.block.id).cycles
    later = numbers[numbers.index(place.cycle.number) + 1 :]
    for one in plan.given:
        if one.block == place.block.id and one.cycle in later and one.status is not Given.NOT_GIVEN:
            raise Refusal(
                "{order} of C{cycle} D{day} was given; stop after it, or keep the dates",
                "already given",
                f"C{one.cycle}",
                order=one.order,
                cycle=one.cycle,
                day=one.day,
            )


def _refuse_named_end(change: Hold) -> None:
    if change.until is not None:
        raise Refusal("a hold has no end when it begins; resume it when the day is known", "end not known")


def _with(plan: Plan, *changes: Modification) -> Plan:
    return replace(plan, modifications=(*plan.modifications, *changes))


def _from_day(place: Place, day: int, order_id: str) -> list[Event]:
    place.on_day(day)
    return [event for event in place.events if event.cycle_day >= day and order_id in ("", event.placed.order.id)]


def _interrupted(place: Place, day: int, agents: Mapping[str, Agent]) -> _Broken | None:
    """The infusion with a rule for interruptions that began before that day and would run on it, if there is one."""
    begun: set[str] = set()
    for event in place.events:
        order, agent = event.placed.order, agents.get(event.placed.agent)
        if not (isinstance(order, TemplateOrder) and order.continuous and agent and agent.interruption):
            continue
        if event.cycle_day < day:
            begun.add(agent.id)
        elif agent.id in begun:
            return _Broken(event, agent.interruption)
    return None


def _is_all_that_moves(plan: Plan, place: Place, held: Hold) -> bool:
    """Whether the drug on hold in this block is all the treatment that would move with it."""
    moving = {
        order.drug
        for order in (event.placed.order for event in place.events if event.cycle_day >= held.day)
        if isinstance(order, TemplateOrder) and not order.runs_through and order.role in TREATING
    }
    return held.scope is not Scope.ALL and moving == {drug_at(plan, place, held.order).drug}


def _pump_words(plan: Plan, place: Place, held: Hold, broken: _Broken | None) -> Iterator[str]:
    if broken and broken.infusion.placed.agent == drug_at(plan, place, held.order).agent:
        yield (
            "the days on hold are left out, and no premedication is added for the restart: hold the whole block where "
            f"the infusion has to go on to all its days ({broken.rule.reference})"
        )


def _later(plan: Plan, held: Hold, days: int, hours: int | None = None) -> Plan:
    """The plan with what is held moved; on the same day by no days, so that reason, grade and hours stay."""
    words = "held" if hours is None else f"held for {hours} h"
    moved = Deferral(
        held.block, held.cycle, held.day, days, Scope.FOLLOWING, held.reason, _note(held, words), held.grade
    )
    return _with(plan, moved)


def _moved(place: Place, held: Hold, days: int) -> str:
    return (
        f"{place.block.title} C{held.cycle} goes on {shift_words(days)} from D{held.day} on, and all that hangs on it"
    )


def _note(held: Hold, words: str) -> str:
    return f"{words}: {held.note}" if held.note else words


def _go_on(later: Plan, place: Place, held: Hold, broken: _Broken, length: tuple[int, int]) -> Resumed:
    """The same cycle to its infusion days in all; with premedication again where the stop was long enough for it."""
    (days, stopped), rule = length, broken.rule
    words = [_moved(place, held, days) if days else f"{place.block.title} goes on the same day, no date moves"]
    if days and stopped != days * 24:
        since = broken.infusion.day
        words.append(
            f"drawn is a stop of {days * 24} h, {clinical_date(since)} to {clinical_date(since + days)}: the hour "
            f"stays, and bags and end go by that, not by {stopped} h"
        )
    if stopped < rule.restart_hours:
        return Resumed(later, tuple(words))
    words.append(f"restart under supervision: stopped {stopped} h, {rule.restart_hours} h or more ({rule.reference})")
    again = premedication_again(later, place, held, broken.infusion, (days, stopped))
    if not again:
        words.append("the protocol has no premedication for this restart: add the site's own")
    words += [f"premedication again on Day {held.day}: {one.agent}" for one in again]
    return Resumed(_with(later, *again), tuple(words))


def _new_cycle(plan: Plan, schedule: Schedule, held: Hold, length: tuple[int, int], rule: Interruption) -> Resumed:
    """The rest of the interrupted cycle ends, and the cycle is given once more from the day of restart on.

    The days between belong to the interrupted cycle, so that drugs which keep their days run on through them.
    """
    days, stopped = length
    ended = _with(
        _later(plan, held, days),
        Stop(
            held.block,
            held.cycle,
            held.day,
            Scope.CYCLE,
            held.reason,
            _note(held, "interrupted"),
            held.grade,
            closes=True,
        ),
    )
    words = f"stopped {days} days, more than {rule.continue_days}"
    if stopped != days * 24:
        words = f"stopped {stopped} h, more than {rule.continue_days} days"
    again = Repetition("", held.block, held.cycle, held.reason, words, held.grade)
    repeated = repeat_cycle(ended, schedule, again)
    return Resumed(repeated, (f"a new cycle {held.cycle}: {words} ({rule.reference})",))
