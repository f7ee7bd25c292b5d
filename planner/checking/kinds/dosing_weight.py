"""dosing_weight: doses by kg are computed on the weight that a source asks for, not on another one."""

from collections.abc import Iterator

from planner.checking.context import Context
from planner.checking.hits import Hit, named
from planner.checking.pieces import Series
from planner.checking.view import first_of_cycles
from planner.model.body import dosing_weight
from planner.model.protocol import TemplateOrder
from planner.model.quantity import format_number
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_course import DosingWeight
from planner.model.schedule import Event


def find(rule: SequencingRule, wanted: DosingWeight, context: Context) -> Iterator[Hit]:
    """One hit for each cycle dosed on another weight, or where that cannot be told."""
    events = [event for event in context.series(wanted.agents, rule.protocols).events if _is_by_kg(event)]
    for event in first_of_cycles(Series(events, [one.day for one in events])):
        order, patient = event.placed.order, context.known.patient
        measured = context.measurement_on(_start_of_its_cycle(event))
        if measured is None or not isinstance(order, TemplateOrder) or order.weight == wanted.weight:
            continue
        used, asked = (
            dosing_weight(which, measured.height_cm, measured.weight_kg, patient.sex)
            for which in (order.weight, wanted.weight)
        )
        if used.kg is None or asked.kg is None:
            words = asked.words if asked.kg is None else used.words
            yield _hit(event, f"cannot tell on which weight: {words}", wanted, words, ("weight to dose on",))
        elif used.kg != asked.kg:
            text = f"{format_number(used.kg)} kg ({used.words}), not {format_number(asked.kg)} kg ({asked.words})"
            yield _hit(event, f"is computed on {text}", wanted, text)


def _start_of_its_cycle(event: Event) -> int:
    """The day whose weight its dose was made of: a cycle keeps the weight of its start."""
    return next(one.start for one in event.placed.block.cycles if one.number == event.placed.cycle)


def _is_by_kg(event: Event) -> bool:
    return event.dose is not None and "/kg" in event.dose.protocol_dose


def _hit(event: Event, said: str, wanted: DosingWeight, arithmetic: str, missing: tuple[str, ...] = ()) -> Hit:
    return Hit(
        f"{named(event)} {said}.",
        (event,),
        (("dose", event.dose.protocol_dose if event.dose else ""), ("weight asked for", wanted.weight)),
        arithmetic,
        missing,
    )
