"""reduced_dose: a dose that has to be smaller than the protocol's while something else is taken or an organ is ill."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from itertools import groupby
from typing import NamedTuple

from planner.checking.context import Context
from planner.checking.facts import as_recorded
from planner.checking.hits import Hit, named
from planner.checking.known import NO_END, Known
from planner.checking.reach import Reach
from planner.checking.unknowns import Unknowns
from planner.model.civil import clinical_date
from planner.model.cycle_content import ComputedDose
from planner.model.quantity import format_amount, format_number
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_state import ReducedDose
from planner.model.rule_values import Limits
from planner.model.schedule import Event


class _Reduction(NamedTuple):
    """The most that may be given, in words, and what is missing where it cannot be told."""

    most: Decimal | None
    text: str = ""
    missing: tuple[str, ...] = ()


NOTHING_ASKED = _Reduction(None)


def reach(wanted: ReducedDose, known: Known) -> Reach:  # noqa: ARG001 all reaches alike
    """The dose itself, and the others of its day."""
    return Reach(wanted.agents, (wanted.others,) if wanted.others else ())


def find(rule: SequencingRule, wanted: ReducedDose, context: Context) -> Iterator[Hit]:
    """One hit for each dose that is not reduced; one for all of which it cannot be told."""
    unknowns = Unknowns()
    beside = _beside(wanted, context) if wanted.others else None
    for because, events in _alike(context.judged_events(wanted.agents, rule.protocols), beside, wanted, context):
        reduction = _reduction(events[0], wanted, context)
        if reduction.missing:
            unknowns.add(events, reduction.missing, partial(_unknown, events[0], because, reduction.missing))
        elif reduction.text and not _within(events[0], reduction.most, wanted):
            for event in events:
                yield _hit(event, because or _state(event, wanted, context), reduction, wanted, context)
    yield from unknowns.hits()


def _alike(
    doses: Iterable[Event], beside: dict[int, str] | None, wanted: ReducedDose, context: Context
) -> Iterator[tuple[str, Sequence[Event]]]:
    """The doses that may have to be reduced, with what for; those that follow each other and differ in nothing as one.

    A maintenance has hundreds of doses that are one dose, in very few states of the patient.
    """
    for _, same in groupby(doses, key=_dose):
        for events in context.by_era(list(same)):
            if beside is None:
                yield "", events
                continue
            for event in events:
                because = beside.get(event.day) or _of_spans(event.day, wanted, context)
                if because:
                    yield because, (event,)


def _dose(event: Event) -> ComputedDose | None:
    return event.dose


def _beside(wanted: ReducedDose, context: Context) -> dict[int, str]:
    """Days of the plan with a dose of the others, each with its name."""
    return {event.day: f"{event.placed.agent_name} of the plan" for event in context.series(wanted.others).events}


def _of_spans(day: int, wanted: ReducedDose, context: Context) -> str:
    for span in context.spans(wanted.others):
        if span.start <= day <= span.end:
            until = f"to {clinical_date(span.end)}" if span.end < NO_END else "with no end recorded"
            return f"{span.name} (from {clinical_date(span.start)} {until})"
    return ""


def _reduction(event: Event, wanted: ReducedDose, context: Context) -> _Reduction:
    dose = event.dose
    if dose is None or dose.value is None:
        return _Reduction(None, "", ("dose",))
    full = dose.value if dose.full is None else dose.full
    if wanted.steps:
        lower = {Decimal(name): Decimal(number) for name, number in wanted.steps}
        if full not in lower:
            return _Reduction(None, f"a lower dose than {format_amount(full, dose.unit)}")
        return _Reduction(lower[full], format_amount(lower[full], dose.unit))
    percent, missing = context.limit_on(event.day, wanted.to_percent)
    if percent is not None or missing:
        most = None if percent is None else full * percent / 100
        return _Reduction(most, f"{_text(percent)} % of {format_amount(full, dose.unit)}", missing)
    return _per_m2(event, wanted.at_most_per_m2, context)


def _per_m2(event: Event, limits: Limits, context: Context) -> _Reduction:
    limit, missing = context.limit_on(event.day, limits)
    dose = event.dose
    if limit is None or dose is None or dose.value is None:
        return _Reduction(None, "", missing)
    if dose.per_m2 is None:
        return _Reduction(None, "", ("dose per m2",))
    text = f"{format_number(limit)} {dose.unit}/m2"
    return _Reduction(limit * dose.value / dose.per_m2 if dose.per_m2 else limit, text)


def _text(percent: Decimal | None) -> str:
    return format_number(percent) if percent is not None else "?"


def _within(event: Event, most: Decimal | None, wanted: ReducedDose) -> bool:
    value = event.dose.value if event.dose else None
    return most is not None and value is not None and value <= most * (100 + wanted.rounding_percent) / 100


def _state(event: Event, wanted: ReducedDose, context: Context) -> str:
    facts = context.facts(event.day)
    limits = (*wanted.to_percent, *wanted.at_most_per_m2)
    subjects = dict.fromkeys(clause.subject for limit in limits for clause in limit.when.clauses)
    return "; ".join(as_recorded(name, facts[name], event.day, context) for name in subjects if name in facts)


def _unknown(event: Event, because: str, missing: tuple[str, ...]) -> Hit:
    beside = f" beside {because}" if because else ""
    return Hit(
        f"{named(event)}{beside}: cannot tell whether the dose has to be reduced ({', '.join(missing)} not known).",
        (event,),
        (("dose", named(event)), ("because of", because or "the patient's state")),
    )


def _hit(event: Event, because: str, reduction: _Reduction, wanted: ReducedDose, context: Context) -> Hit:
    dose = event.dose
    planned = format_amount(dose.value, dose.unit) if dose and dose.value is not None else ""
    barred = wanted.contraindicated_where and wanted.contraindicated_where.holds(context.facts(event.day)) is True
    asked = reduction.text if reduction.most is None or reduction.most else "none"
    return Hit(
        f"{named(event)}: {planned} with {because}; at most {asked}.",
        (event,),
        (("dose", planned), ("because of", because), ("at most", asked)),
        f"{planned} > {asked}",
        severity="contraindicated" if barred else "",
        key=f"{event.placed.block.id}/{event.placed.agent}/{because}",
    )
