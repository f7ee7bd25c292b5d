"""moved_early: a dose that was moved ahead of the day its protocol gives it."""

from collections.abc import Iterator

from planner.checking.context import Context
from planner.checking.hits import Hit, named, plural
from planner.model.civil import clinical_date
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_doses import MovedEarly


def find(rule: SequencingRule, wanted: MovedEarly, context: Context) -> Iterator[Hit]:
    """One hit for each dose that comes too early."""
    for event in context.series(wanted.agents, rule.protocols).events:
        early = event.due_day - event.day
        if early > wanted.at_most_days:
            due = clinical_date(event.due_day)
            yield Hit(
                f"{named(event)} comes {plural(early, 'day')} before its day ({due}).",
                (event,),
                (("dose", named(event)), ("its day", due), ("at most early", plural(wanted.at_most_days, "day"))),
                f"{due} − {clinical_date(event.day)} = {plural(early, 'day')} > {wanted.at_most_days}",
            )
