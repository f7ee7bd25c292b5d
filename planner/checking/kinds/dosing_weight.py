"""dosing_weight: doses by kg are computed on the weight that a source asks for, not on another one."""

from collections.abc import Iterator
from decimal import Decimal

from planner.checking.context import Context, begins
from planner.checking.hits import Hit, beside, named
from planner.model.body import dosing_weight
from planner.model.protocol import TemplateOrder
from planner.model.quantity import format_amount, format_number
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_course import DosingWeight
from planner.model.schedule import Event

ROUNDED = Decimal("1.05")
"""What rounding may add to a dose that somebody changed."""


def find(rule: SequencingRule, wanted: DosingWeight, context: Context) -> Iterator[Hit]:
    """One hit for the first dose of each cycle on another weight, or where that cannot be told."""
    met: set[tuple[str, int]] = set()
    for event in context.series(wanted.agents, rule.protocols).events:
        place = event.placed.block.id, event.placed.cycle
        hit = None if place in met else _judged(event, wanted, context)
        if hit is not None:
            met.add(place)
            yield hit


def _judged(event: Event, wanted: DosingWeight, context: Context) -> Hit | None:
    order, sex, dose = event.placed.order, context.known.patient.sex, event.dose
    if not isinstance(order, TemplateOrder) or order.weight == wanted.weight:
        return None
    if dose is None or "/kg" not in dose.protocol_dose:
        return None  # before the measurement is asked for, so that the verdict rests on no day
    measured = context.measurement_on(begins(event.placed.block, event.placed.cycle))
    if measured is None:
        return None
    used, asked = (
        dosing_weight(which, measured.height_cm, measured.weight_kg, sex) for which in (order.weight, wanted.weight)
    )
    if used.kg is None or asked.kg is None:
        words = asked.words if asked.kg is None else used.words
        return _hit(event, f"cannot tell on which weight: {words}", wanted, words, ("weight to dose on",))
    if used.kg == asked.kg:
        return None
    text = f"{format_number(used.kg)} kg ({used.words}), not {format_number(asked.kg)} kg ({asked.words})"
    if dose.full is None or dose.value is None:
        return _hit(event, f"is computed on {text}", wanted, text)
    most = dose.full * asked.kg / used.kg  # somebody changed the dose: to what the weight asked for gives, or more
    if dose.value <= most * ROUNDED:
        return None
    given, by_it = format_amount(dose.value, dose.unit), format_amount(beside(most, dose.value), dose.unit)
    words = f"{given}; on {format_number(asked.kg)} kg ({asked.words}) it would be {by_it}"
    return _hit(event, f"is {words}", wanted, words)


def _hit(event: Event, said: str, wanted: DosingWeight, arithmetic: str, missing: tuple[str, ...] = ()) -> Hit:
    return Hit(
        f"{named(event)} {said}.",
        (event,),
        (("dose", event.dose.protocol_dose if event.dose else ""), ("weight asked for", wanted.weight)),
        arithmetic,
        missing,
    )
