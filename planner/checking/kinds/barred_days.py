"""barred_days: days, counted as a protocol counts them, on which an agent is not given by whatever block."""

from collections.abc import Iterator

from planner.checking.context import Context
from planner.checking.hits import Hit, named, on_day
from planner.checking.meaning import takes_part
from planner.model.civil import clinical_date
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_course import BarredDays
from planner.model.schedule import PlacedBlock


def find(rule: SequencingRule, wanted: BarredDays, context: Context) -> Iterator[Hit]:
    """One hit for each dose or co-medication on a barred day."""
    zeros = _zeros(rule, context)
    given, spans = (context.days(wanted.agents), context.spans(wanted.agents)) if zeros else ((), ())
    for zero, block in zeros.items() if given or spans else ():
        barred = [zero + day for day in range(wanted.barred.first, wanted.barred.last + 1) if day not in wanted.allowed]
        days = frozenset(barred)
        for event in () if days.isdisjoint(given) else context.series(wanted.agents).between(barred[0], barred[-1]):
            if event.day in days:
                yield _hit(named(event), event.day, zero, block, wanted)._replace(events=(event,))
        for span in spans:
            met = [day for day in barred if span.start <= day <= span.end]
            if met:
                name = f"{span.name} (from {clinical_date(span.start)})"
                yield _hit(name, met[0], zero, block, wanted)._replace(days=tuple(met), key=f"{block.id}/{span.agent}")


def _zeros(rule: SequencingRule, context: Context) -> dict[int, PlacedBlock]:
    """Day 0 of each cycle of the rule's protocols that counts from one."""
    return {
        cycle.start - block.phase.first_day: block
        for block in context.schedule.blocks
        if block.phase.first_day <= 0 and takes_part(block.protocol_id, rule.protocols)
        for cycle in block.cycles
    }


def _hit(name: str, day: int, zero: int, block: PlacedBlock, wanted: BarredDays) -> Hit:
    allowed = f" but {', '.join(map(str, wanted.allowed))}" if wanted.allowed else ""
    span = f"days {wanted.barred.first} to {wanted.barred.last}{allowed}"
    return Hit(
        f"{name} falls on day {day - zero} of {block.title}; not on {span}.",
        (),
        (("dose", name), ("day 0", on_day(zero)), ("kept free", span)),
        f"{on_day(day)} − {on_day(zero)} = day {day - zero}; not {span}",
    )
