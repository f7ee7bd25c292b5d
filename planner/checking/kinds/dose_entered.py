"""dose_entered: administrations whose dose is still missing."""

from collections.abc import Iterator

from planner.checking.alike import Alike
from planner.checking.context import Context
from planner.checking.hits import Hit, named
from planner.checking.known import Known
from planner.checking.meaning import EVERY_DOSE
from planner.checking.reach import Reach
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import DoseEntered
from planner.model.schedule import Event


def reach(wanted: DoseEntered, known: Known) -> Reach:  # noqa: ARG001 all reaches alike
    """The dose itself."""
    return Reach(EVERY_DOSE)


def find(rule: SequencingRule, wanted: DoseEntered, context: Context) -> Iterator[Hit]:  # noqa: ARG001 all kinds alike
    """One hit for each order in a cycle, counted in doses. A drug is one series over the whole plan."""
    orders: dict[object, list[Alike]] = {}
    for one in context.judged_alike(EVERY_DOSE, rule.protocols):
        if one.dose is None or one.dose.value is None:
            orders.setdefault((one.piece.place, one.run.line), []).append(one)
    for without in orders.values():
        event = without[0].first
        reason, drug = _reason(event), event.placed
        yield Hit(
            f"{named(event)} has no dose: {reason}.",
            (event,),
            (("dose", named(event)), ("why", reason)),
            key=f"{drug.agent}/{drug.route}/{drug.role}/{reason}",
            days=tuple(day for one in without for day in one.days),
            times=sum(one.number for one in without),
        )


def _reason(event: Event) -> str:
    return event.dose.missing if event.dose and event.dose.missing else "none entered"
