"""Defer a cycle, and all that follows it, by the least number of days that ends the finding."""

from collections.abc import Iterator

from planner.checking.fixes.case import BY_DATE, Case, Subject
from planner.model.civil import weekday_date
from planner.model.finding import Fix
from planner.model.plan import Deferral, Scope
from planner.model.sentence import Sentence, with_count

LONGEST_EARLIER = 28
"""Days by which a cycle that comes too late is brought forward; more is another plan."""


def propose(case: Case) -> Iterator[Fix]:
    """For each cycle the finding names that is not the first of its block, the latest first."""
    for subject in case.subjects:
        if subject.cycle == subject.block.cycles[0].number:
            continue
        places = case.places_from(subject.block.id, subject.cycle)
        earlier = range(-1, -LONGEST_EARLIER - 1, -1) if case.rule.kind in BY_DATE else ()
        for steps in (range(1, case.longest_shift + 1), earlier):
            days = case.least_shift(places, steps)
            if days is not None:
                yield _fix(case, subject, days)


def _fix(case: Case, subject: Subject, days: int) -> Fix:
    block, number = subject.block, subject.cycle
    first = case.first_event(block.id, number)
    change = Deferral(block.id, number, first.cycle_day, days, Scope.FOLLOWING, "other", f"{case.rule.id}")
    told = "Bring forward {block} C{cycle} and what follows by {length}, to {day}"
    if days > 0:
        told = "Defer {block} C{cycle} and what follows by {length}, to {day}"
    length, day = with_count(abs(days), "{count} day", "{count} days"), weekday_date(first.day + days)
    title = Sentence(told, block=block.title, cycle=number, length=length, day=day)
    return Fix(f"move-cycle:{block.id}:{number}:{days:+d}", title, changes=(change,))
