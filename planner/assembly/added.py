"""Orders and examinations that people add to a plan, as if they were the protocol's own."""

from planner.model.condition import ALWAYS
from planner.model.evidence import Evidence
from planner.model.plan import Addition, Examination
from planner.model.protocol import Days, DoseBand, TemplateAssessment, TemplateOrder, TimeAnchor
from planner.model.quantity import parse_dose


def added_order(change: Addition) -> TemplateOrder:
    """The order of an addition: local, because no protocol gives it; without a dose it has to be entered."""
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
        anchor=TimeAnchor(change.timed_by, change.minutes) if change.timed_by else None,
        note=f"{reason}; {change.note}" if change.note else reason,
    )


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
