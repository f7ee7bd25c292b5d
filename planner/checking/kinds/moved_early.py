"""moved_early: a dose that was moved ahead of the day its protocol gives it."""

from collections.abc import Iterator

from planner.checking.context import Context
from planner.checking.hits import Hit, named, on_day, plural
from planner.checking.known import Known
from planner.checking.reach import Reach
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_doses import MovedEarly


def reach(wanted: MovedEarly, known: Known) -> Reach:  # noqa: ARG001 all reaches alike
    """The dose itself."""
    return Reach(wanted.agents, doses=False)


def find(rule: SequencingRule, wanted: MovedEarly, context: Context) -> Iterator[Hit]:
    """One hit for each dose that comes too early."""
    for event in context.judged_events(wanted.agents, rule.protocols):
        early = event.due_day - event.day
        if early > wanted.at_most_days:
            due = on_day(event.due_day)
            yield Hit(
                f"{named(event)} comes {plural(early, 'day')} before its day ({due}).",
                (event,),
                (("dose", named(event)), ("its day", due), ("at most early", plural(wanted.at_most_days, "day"))),
                f"{due} − {on_day(event.day)} = {plural(early, 'day')}, above {wanted.at_most_days}",
            )
