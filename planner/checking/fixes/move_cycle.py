"""Defer a cycle, and all that follows it, by the least number of days that ends the finding."""

from collections.abc import Iterator

from planner.checking.fixes.case import Case, Subject
from planner.model.civil import weekday_date
from planner.model.finding import Fix
from planner.model.plan import Deferral, Scope


def propose(case: Case) -> Iterator[Fix]:
    """For each cycle the finding names that is not the first of its block, the latest first."""
    for subject in case.subjects:
        if subject.cycle == subject.block.cycles[0].number:
            continue
        days = case.least_shift(case.places_from(subject.block.id, subject.cycle), range(1, case.longest_shift + 1))
        if days is not None:
            yield _fix(case, subject, days)


def _fix(case: Case, subject: Subject, days: int) -> Fix:
    block, number = subject.block, subject.cycle
    first = case.first_event(block.id, number)
    change = Deferral(block.id, number, first.cycle_day, days, Scope.FOLLOWING, "other", f"{case.rule.id}")
    length = "1 day" if days == 1 else f"{days} days"
    title = f"Defer {block.title} C{number} and what follows by {length}, to {weekday_date(first.day + days)}"
    return Fix(f"move-cycle:{block.id}:{number}:{days:+d}", title, changes=(change,))
