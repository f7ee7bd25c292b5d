"""Give a rescue at the dose and the interval that the rule's own source gives after a level, from an hour on."""

from collections.abc import Iterator, Sequence

from planner.checking.fixes.case import Case, Subject
from planner.checking.fixes.names import Names
from planner.checking.meaning import Who
from planner.model.civil import clock, weekday_date
from planner.model.cycle_content import State
from planner.model.finding import Fix
from planner.model.going_on import NOT_GIVEN
from planner.model.plan import Addition
from planner.model.rule_kinds_doses import AfterLevel
from planner.model.schedule import Event
from planner.model.sentence import Sentence

DAY = 24 * 60


def propose(case: Case) -> Iterator[Fix]:
    """One fix: what the rule's source gives, in the place of the rescue drawn from the next dose after the level on.

    Only where the dose has a clock time, and the rule an order with hours between its doses.
    """
    wanted, subjects = case.wanted, case.subjects
    if not isinstance(wanted, AfterLevel) or not (wanted.add and wanted.every_hours) or case.finding.count > 1:
        return
    lead = next((one for subject in subjects for one in subject.events if one.minute >= 0), None)
    after = [day for day in case.finding.days if lead is not None and day > lead.day]
    if lead is None or not after:
        return
    here = next(subject for subject in subjects if lead in subject.events)
    rescue, following = _around(case, here, lead)
    begins = _first(rescue, lead.day * DAY + lead.minute + (after[0] - lead.day) * DAY, wanted.every_hours)
    drawn = [one.day for one in rescue if one.state not in NOT_GIVEN]
    last = max([begins // DAY + 1, *drawn])
    last = min(last, following.day - 1) if following else last
    days = _days(here, lead, range(begins // DAY, last + 1))
    if not days:
        return
    given, first = wanted.add[0], _first_part(case, here, lead)
    change = Addition(
        lead.placed.block.id,
        lead.placed.cycle,
        Names(case).free(f"{given.agent}-every-{wanted.every_hours}-h", lead.placed.block.id),
        given.agent,
        "rescue",
        given.route,
        days,
        "other",
        case.rule.id,
        dose=given.dose,
        doses_per_day=24 // wanted.every_hours,
        timed_by=first.placed.order.id,
        minutes=begins - first.day * DAY - first.minute,
        anew=True,
    )
    title = Sentence(
        "Give {dose} every {hours} h from {day} {hour} on, in place of the rescue drawn",
        dose=f"{case.agents[given.agent].name} {given.dose} {given.route}",
        hours=wanted.every_hours,
        day=weekday_date(begins // DAY),
        hour=clock(begins % DAY),
    )
    yield Fix("raise-rescue", title, changes=(change,))


def _first_part(case: Case, here: Subject, lead: Event) -> Event:
    """The first part of the dose within a day before it: hours are counted from there."""
    own = lead.placed
    parts = (
        one
        for one in case.schedule.events
        if (one.placed.block.id, one.placed.cycle) == (here.block.id, here.cycle)
        and one.placed.drug == own.drug
        and one.minute >= 0
        and one.state not in NOT_GIVEN
        and 0 <= (lead.day - one.day) * DAY + lead.minute - one.minute <= DAY
    )
    return min(parts, key=lambda one: one[:2], default=lead)


def _around(case: Case, here: Subject, lead: Event) -> tuple[list[Event], Event | None]:
    """The rescue of a dose in its cycle, up to the next dose of its order, and that one."""
    events = [
        one
        for one in case.schedule.events
        if (one.placed.block.id, one.placed.cycle) == (here.block.id, here.cycle) and one.day >= lead.day
    ]
    again = [one for one in events if one.placed.id == lead.placed.id and one[:2] > lead[:2]]
    following = next((one for one in again if one.state not in NOT_GIVEN), None)
    meant = (
        one
        for one in events
        if one.placed.role == "rescue"
        and case.means(case.wanted.needs, Who(one.placed.agent, "IV", "rescue"))
        and (following is None or one.day < following.day)
    )
    return list(meant), following


def _first(rescue: Sequence[Event], at: int, every: int) -> int:
    """The hour of the first dose: of the next one drawn from `at` on of which none was given yet."""
    given = [one.day * DAY + one.minute for one in rescue if one.state is State.GIVEN and one.minute >= 0]
    at = max([at, *(one + every * 60 for one in given if one >= at)])
    planned = (one for one in rescue if one.state not in (*NOT_GIVEN, State.GIVEN) and one.minute >= 0)
    return min((start for one in planned if (start := one.day * DAY + one.minute) >= at), default=at)


def _days(here: Subject, lead: Event, days: range) -> tuple[int, ...]:
    """The day numbers of these days within the cycle, as they stand while the dose is not moved."""
    phase, cycle = here.block.phase, next(one for one in here.block.cycles if one.number == here.cycle)
    late = lead.day - lead.due_day
    return tuple(phase.day_at(day - late - cycle.start) for day in days if day < cycle.end)
