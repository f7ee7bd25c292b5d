"""route: an agent by the named routes and no other."""

from collections.abc import Iterator

from planner.checking.context import Context
from planner.checking.hits import Hit, named
from planner.checking.known import Known
from planner.checking.reach import Reach
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import Route


def reach(wanted: Route, known: Known) -> Reach:  # noqa: ARG001 all reaches alike
    """The dose itself."""
    return Reach(wanted.agents, doses=False)


def find(rule: SequencingRule, wanted: Route, context: Context) -> Iterator[Hit]:
    """One hit for each dose by another route."""
    allowed = ", ".join(wanted.only)
    for event in context.judged_events(wanted.agents, rule.protocols):
        route = event.placed.route
        if route not in wanted.only:
            written = "INTRATHECAL" if route == "IT" else route
            yield Hit(
                f"{named(event)} is planned {written}; allowed: {allowed}.",
                (event,),
                (("route", written), ("allowed", allowed)),
                f"{written} is not one of {allowed}",
            )
