"""after_event: what may still be given after a graded event, such as a cytokine release syndrome of grade 4."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from planner.checking.context import Context
from planner.checking.hits import Hit, beside, named, on_day, plural
from planner.checking.pieces import Series
from planner.checking.restarts import Over, held_against, over_limits
from planner.model.civil import clinical_date
from planner.model.cycle_content import State
from planner.model.fact_words import fact_name, names_of
from planner.model.quantity import format_amount, format_number
from planner.model.results import in_its_unit
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_course import AfterEvent
from planner.model.schedule import Event

FURTHER = Over("")
"""A dose beyond the limits, or one that none of them is for."""


class _Recorded(NamedTuple):
    """A graded event on its day."""

    day: int
    code: str
    grade: Decimal

    def __str__(self) -> str:
        return f"{fact_name(self.code)} grade {format_number(self.grade)} on {clinical_date(self.day)}"


def find(rule: SequencingRule, wanted: AfterEvent, context: Context) -> Iterator[Hit]:
    """One hit for each dose that comes after the event, or that is larger than it may be."""
    if not context.days(wanted.agents, rule.protocols):
        return
    recorded = _recorded(wanted, context)
    counted = [one for one in recorded if _counts(one.grade, wanted)]
    happened = (_episodes(counted) if wanted.times > 1 else counted)[wanted.times - 1 :]
    if not happened:
        return  # before a dose is given its date
    doses = context.series(wanted.agents, rule.protocols)
    if wanted.settles_within_days is not None:
        yield from _unsettled(happened, recorded, doses, wanted.settles_within_days, wanted)
        return
    if wanted.occurred_at or wanted.occurred_at_per_m2:
        yield from _at_a_dose(happened, doses, wanted, context)
        return
    told: set[int] = set()
    for one in happened:
        last = doses.days[-1] if wanted.within_days is None else one.day + wanted.within_days
        after = doses.between(one.day if wanted.same_day else one.day + 1, last)
        here = [event for event in after if not _is_worse(event, recorded, wanted)]
        for event in _unresolved(one, here, recorded, wanted):
            if id(event) not in told:
                told.add(id(event))
                yield from _judge(one, event, wanted, context)


def _unsettled(
    happened: Sequence[_Recorded], recorded: Sequence[_Recorded], doses: Series, days: int, wanted: AfterEvent
) -> Iterator[Hit]:
    """The doses later than so many days after an event that took longer to settle, or of which nobody knows."""
    told: set[int] = set()
    for one in happened:
        settled = (r.day for r in recorded if r.code == one.code and r.day > one.day and r.grade <= wanted.settled_at)
        day = next(settled, None)
        if day is not None and day - one.day <= days:
            continue
        for event in doses.between(one.day + days + 1, doses.days[-1]):
            if id(event) in told:
                continue
            told.add(id(event))
            if day is None:
                asked = (
                    f"cannot tell whether it settled within {plural(days, 'day')}: no grade {wanted.settled_at} or less"
                )
                yield _hit(one, event, asked, "", (f"when the {fact_name(one.code)} settled",))
            else:
                took = f"{clinical_date(day)} − {clinical_date(one.day)} = {plural(day - one.day, 'day')}, above {days}"
                yield _hit(
                    one, event, f"it took {plural(day - one.day, 'day')} to settle, not to be given any more", took
                )


def _at_a_dose(happened: Sequence[_Recorded], doses: Series, wanted: AfterEvent, context: Context) -> Iterator[Hit]:
    """The doses after an event that came up at a dose within the limits, or of which nobody can tell at which."""
    told: set[int] = set()
    for one in happened:
        came = _came_up(one, doses, wanted, context)
        if came is None:
            continue
        for event in doses.between(one.day + 1, doses.days[-1]):
            if id(event) not in told:
                told.add(id(event))
                yield _hit(one, event, came.asked, came.arithmetic, came.missing)


def _came_up(one: _Recorded, doses: Series, wanted: AfterEvent, context: Context) -> Over | None:
    """What an event at a small dose asks for, or why it cannot be told; None where it came up at a larger one.

    The infusion of a day runs into the next: without a dose on its own day an event belongs to the dose of the day
    before, and on a day that raised the dose it may have come up at either.
    """
    here, before = doses.on(one.day)[-1:], doses.on(one.day - 1)[-1:]
    judged = [_within(event, wanted, context) for event in here or before]
    if here and before and judged == [FURTHER] and _within(before[0], wanted, context) is not FURTHER:
        judged = [Over("cannot tell at which dose it came up: the dose was changed that day", missing=("its hour",))]
    return judged[0] if judged and judged[0] is not FURTHER else None


def _within(event: Event, wanted: AfterEvent, context: Context) -> Over:
    """The dose held against the limits; FURTHER where it is larger, or none holds."""
    for one in held_against(event, wanted.occurred_at, wanted.occurred_at_per_m2, wanted, context):
        if one.missing:
            lacking = names_of(one.missing)
            return Over(f"cannot tell at which dose it came up: {lacking} not known", missing=one.missing)
        if one.amount <= one.most:
            planned = format_amount(beside(one.amount, one.limit), one.unit)
            sum_done = f"{named(event)}: {planned}, not above {format_amount(one.limit, one.unit)}"
            return Over(f"it came up at {format_amount(one.amount, one.unit)}, not to be given any more", sum_done)
    return FURTHER


def _recorded(wanted: AfterEvent, context: Context) -> list[_Recorded]:
    found = []
    for result in context.labs:
        read = in_its_unit(result)
        if read and read[0] in wanted.events:
            found.append(_Recorded(result.date.toordinal(), *read))
    return sorted(found)


def _is_worse(event: Event, recorded: Sequence[_Recorded], wanted: AfterEvent) -> bool:
    """Whether a grade above those of the rule was recorded before the dose: the rule about that one asks for more."""
    if wanted.to_grade is None:
        return False
    since = 0 if wanted.within_days is None else event.day - wanted.within_days
    return any(one.grade > wanted.to_grade and since <= one.day < event.day for one in recorded)


def _episodes(counted: Sequence[_Recorded]) -> list[_Recorded]:
    """The events without those that another name of the same day tells already: ICANS is nerve toxicity too."""
    kept: list[_Recorded] = []
    for one in counted:
        if not any(other.day == one.day and other.code != one.code for other in kept):
            kept.append(one)
    return kept


def _counts(grade: Decimal, wanted: AfterEvent) -> bool:
    return grade >= wanted.from_grade and (wanted.to_grade is None or grade <= wanted.to_grade)


def _unresolved(
    one: _Recorded, doses: Sequence[Event], recorded: Sequence[_Recorded], wanted: AfterEvent
) -> Sequence[Event]:
    """The doses before the event is recorded as over; with limits those of the first days from the restart."""
    if wanted.resolved_at is not None:
        better = _better(one, recorded, wanted.resolved_at)
        if better is not None and wanted.least_days:
            better = max(better, _began(one, recorded, wanted.resolved_at) + wanted.least_days)
        waits = [event for event in doses if event.state is not State.HELD]  # on hold it is not given before
        doses = [event for event in waits if better is None or event.day < better]
    if doses and (wanted.at_most or wanted.at_most_per_m2):
        since = doses[0].day if wanted.once_at is None else _better(one, recorded, wanted.once_at)
        last = doses[0].day + wanted.days
        return [] if since is None else [event for event in doses if since <= event.day < last]
    return doses


def _began(one: _Recorded, recorded: Sequence[_Recorded], grade: int) -> int:
    """The first day on which it was recorded, without a day of at most this grade since."""
    earlier = [r for r in recorded if r.code == one.code and r.day <= one.day]
    better = max((r.day for r in earlier if r.grade <= grade), default=0)
    return min(r.day for r in earlier if r.day > better)


def _better(one: _Recorded, recorded: Sequence[_Recorded], grade: int) -> int | None:
    """The first day behind the event on which it is recorded with at most this grade."""
    return next((r.day for r in recorded if r.code == one.code and r.day > one.day and r.grade <= grade), None)


def _judge(one: _Recorded, event: Event, wanted: AfterEvent, context: Context) -> Iterator[Hit]:
    if not wanted.at_most and not wanted.at_most_per_m2:
        over = wanted.resolved_at
        less = " or less" if over else ""
        asked = "not to be given any more" if over is None else f"not before it is recorded as grade {over}{less}"
        if wanted.least_days:
            asked += f" and {plural(wanted.least_days, 'day')} have passed since its first"
        yield _hit(one, event, asked, f"{one} comes before {on_day(event.day)}")
        return
    for limit in over_limits(event, wanted, context):
        yield _hit(one, event, limit.asked, limit.arithmetic, limit.missing)


def _hit(one: _Recorded, event: Event, asked: str, arithmetic: str, missing: tuple[str, ...] = ()) -> Hit:
    return Hit(
        f"{named(event)} comes after {one}: {asked}.",
        (event,),
        (("event", str(one)), ("dose", named(event)), ("asked for", asked)),
        arithmetic,
        missing,
        key=f"{event.placed.block.id}/{event.placed.agent}/{one.code}",
    )
