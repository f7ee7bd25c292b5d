"""Move the treatment of one day by a few days, inside its cycle."""

from collections.abc import Iterator, Sequence
from functools import partial

from planner.checking.fixes.case import Case, Subject
from planner.model.civil import weekday_date
from planner.model.cycle_content import CycleEvent
from planner.model.finding import Fix
from planner.model.plan import Deferral, Scope
from planner.model.protocol import TemplateAssessment, TemplateOrder
from planner.model.sentence import Sentence

NEAREST = (1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6)
"""Days tried; a treatment day that moves farther makes another protocol of it."""
TREATMENT = ("antineoplastic", "cell therapy", "intrathecal")
MOST_DAYS = 3
"""Treatment days of one finding that are tried; a long series is not mended day by day."""


def propose_later(case: Case) -> Iterator[Fix]:
    """As `propose`, but on a later day alone."""
    yield from propose(case, tuple(step for step in NEAREST if step > 0))


def propose_earlier(case: Case) -> Iterator[Fix]:
    """As `propose`, but on an earlier day alone."""
    yield from propose(case, tuple(step for step in NEAREST if step < 0))


def propose(case: Case, steps: Sequence[int] = NEAREST) -> Iterator[Fix]:
    """For each treatment day the finding names, the latest first: the nearest day on which the finding is gone."""
    days = [
        (subject, day)
        for subject in case.subjects
        for day in sorted(
            {event.cycle_day for event in subject.events if stands_alone(event.placed.order, event.cycle_day)},
            reverse=True,
        )
    ]
    if len(days) > MOST_DAYS:
        return
    for subject, day in days:
        if _takes_others_along(case, subject, day):
            continue
        place = (subject.block.id, subject.cycle)
        for step in steps:
            if case.jumps_back(step) or not _keeps_its_place(case, subject, day, step):
                continue
            if case.ends_with(place, partial(_moved, day, step)):
                yield _fix(case, subject, day, step)
                break


def _keeps_its_place(case: Case, subject: Subject, day: int, step: int) -> bool:
    """Whether the day stays between those before and behind it of the same orders: day 2 of 3 has no other place."""
    offset = subject.block.phase.offset
    here = offset(day)
    for order in {event.placed.order.id for event in subject.events if event.cycle_day == day}:
        others = [offset(one) for one in case.days_of(subject.block.id, subject.cycle, order) if one != day]
        before = max((one for one in others if one < here), default=here + step - 1)
        behind = min((one for one in others if one > here), default=here + step + 1)
        if not before < here + step < behind:
            return False
    return True


def _takes_others_along(case: Case, subject: Subject, day: int) -> bool:
    """Whether a dose the finding names stays, and treatment it does not name would move: the clash goes with that."""
    here = [event for event in subject.events if event.cycle_day == day]
    named = {event.placed.order.id for event in here}
    return not all(stands_alone(event.placed.order, day) for event in here) and any(
        event.placed.role in TREATMENT and stands_alone(event.placed.order, day) and event.placed.order.id not in named
        for event in case.events_on(subject.block.id, subject.cycle, day)
    )


def stands_alone(order: object, day: int) -> bool:
    """Whether an order has that day to itself, so that a deferral of the day moves it."""
    if isinstance(order, TemplateOrder):
        return not order.keeps_its_days and order.days.alone(day)
    return isinstance(order, TemplateAssessment)


def _moved(day: int, step: int, event: CycleEvent) -> CycleEvent:
    if event.cycle_day != day or not stands_alone(event.line.order, day):
        return event
    return event._replace(offset=event.offset + step)


def _fix(case: Case, subject: Subject, day: int, step: int) -> Fix:
    block, number = subject.block, subject.cycle
    here = (event for event in subject.events if event.cycle_day == day)
    event = next(event for event in here if stands_alone(event.placed.order, day))
    change = Deferral(block.id, number, day, step, Scope.DAY, "other", f"{case.rule.id}")
    what = event.placed.agent_name
    if event.placed.agent:
        what = Sentence("{dose}, with all that is given on that day,", dose=event.label)
    told = "Postpone {what} to {day}" if step > 0 else "Bring forward {what} to {day}"
    title = Sentence(told, what=what, day=weekday_date(event.day + step))
    return Fix(f"move-day:{block.id}:{number}:{day}:{step:+d}", title, changes=(change,))
