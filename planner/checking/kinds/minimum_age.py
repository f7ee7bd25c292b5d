"""minimum_age: no dose before the patient is so many months old; conditions know an age in whole years only."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from planner.checking.context import Context
from planner.checking.hits import Hit, named, on_day, plural
from planner.checking.known import Known
from planner.checking.reach import Reach
from planner.model.civil import clinical_date
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_state import MinimumAge

MONTHS = 12
"""Of a year."""


def reach(wanted: MinimumAge, known: Known) -> Reach:  # noqa: ARG001 all reaches alike
    """The dose itself."""
    return Reach(wanted.agents, doses=False)


def find(rule: SequencingRule, wanted: MinimumAge, context: Context) -> Iterator[Hit]:
    """One hit for each dose that comes too early."""
    for alike in context.judged_alike(wanted.agents, rule.protocols):
        # Whoever is some years old is not asked for the very day of birth, which would be judged anew at every move.
        age = context.facts(alike.first_day)["age"]
        if isinstance(age, Decimal) and age * MONTHS >= wanted.months:
            continue
        born = context.patient.birth_date
        from_day = _reaches(born, wanted.months)
        early = alike.between(alike.first_day, from_day - 1)
        for event in early.events if early else ():
            lived = plural(event.day - born.toordinal(), "day")
            of_age = f"{plural(wanted.months, 'month')} on {clinical_date(from_day)}"
            yield Hit(
                f"{named(event)} comes at an age of {lived}; {of_age}.",
                (event,),
                (("born", clinical_date(born)), ("of age", of_age)),
                f"{on_day(event.day)} − {clinical_date(born)} = {lived}",
            )


def _reaches(born: date, months: int) -> int:
    """The first day at that age; a month without the day of birth gives it to the first of the next."""
    year, month = divmod(born.year * MONTHS + born.month - 1 + months, MONTHS)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(born.day, last)).toordinal() + (born.day > last)
