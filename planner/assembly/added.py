"""Orders and examinations that people add to a plan, as if they were the protocol's own."""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from planner.assembly.raised import is_alike, takes_place
from planner.model.agent import Agent
from planner.model.condition import ALWAYS
from planner.model.evidence import Evidence
from planner.model.going_on import hung_on
from planner.model.plan import Addition, Examination
from planner.model.protocol import Days, DoseBand, Phase, TemplateAssessment, TemplateOrder, TimeAnchor
from planner.model.quantity import parse_dose


def added_order(change: Addition) -> TemplateOrder:
    """The order of an addition: local, because no protocol gives it; without a dose it has to be entered.

    A rescue that takes the place of another has hours between its doses; how many they are, its cycle tells.
    """
    dose = parse_dose(change.dose) if change.dose else None
    reason = f"added: {change.reason}"
    return TemplateOrder(
        id=change.order,
        agent=change.agent,
        role=change.role,
        route=change.route,
        bands=(DoseBand(ALWAYS, dose, note="" if dose else "dose not entered yet"),),
        days=Days(tuple(sorted(change.days))),
        evidence=Evidence.LOCAL,
        references=(),
        cycles=(change.cycle,) if change.cycle else (),
        doses_per_day=change.doses_per_day,
        every_hours=24 // change.doses_per_day if takes_place(change) else None,
        anchor=TimeAnchor(change.timed_by, change.minutes) if change.timed_by else None,
        note=f"{reason}; {change.note}" if change.note else reason,
    )


def in_rescues_place(
    order: TemplateOrder, stopped: Iterable[TemplateOrder], phase: Phase, agents: Mapping[str, Agent | None]
) -> TemplateOrder:
    """An added rescue as what stands in for the protocol's of its drug that was `stopped`: with its end and leaders.

    Leucovorin of 150 mg in place of the 15 mg ended with the last day that somebody entered.
    """
    for one in stopped:
        if one.until and one.role == order.role == "rescue" and is_alike(one.agent, order.agent, agents):
            return replace(order, until=one.until, goes_with=tuple(sorted(hung_on(one, phase))))
    return order


def added_examination(change: Examination) -> TemplateAssessment:
    """The examination somebody added: local, because no protocol asks for it there."""
    reason = f"added: {change.reason}"
    return TemplateAssessment(
        id=change.order,
        title=change.title,
        kind="assessment",
        days=Days(tuple(sorted(change.days))),
        evidence=Evidence.LOCAL,
        references=(),
        topic=change.topic,
        cycles=(change.cycle,) if change.cycle else (),
        note=f"{reason}; {change.note}" if change.note else reason,
    )
