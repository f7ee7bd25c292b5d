"""Orders that people add to a plan, as orders like the protocol's own."""

from planner.model.condition import ALWAYS
from planner.model.evidence import Evidence
from planner.model.plan import Addition
from planner.model.protocol import Days, DoseBand, TemplateOrder
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
        note=f"{reason}; {change.note}" if change.note else reason,
    )
