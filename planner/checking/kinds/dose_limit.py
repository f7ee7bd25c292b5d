"""dose_limit: a single dose, or the doses of a day, within limits."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from planner.checking.context import Context
from planner.checking.hits import Hit, beside, named
from planner.checking.known import Known
from planner.checking.reach import Reach
from planner.checking.unknowns import NOT_RECORDED, Unknowns
from planner.model.fact_words import fact_words, names_of
from planner.model.quantity import converted, format_amount, format_number
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import DoseLimit
from planner.model.rule_values import Limits
from planner.model.schedule import Event

ONE = Decimal(1)


def reach(wanted: DoseLimit, known: Known) -> Reach:  # noqa: ARG001 all reaches alike
    """The dose itself, or the doses of its day."""
    return Reach(wanted.agents, (wanted.agents,) if wanted.of == "day" else ())


def find(rule: SequencingRule, wanted: DoseLimit, context: Context) -> Iterator[Hit]:
    """One hit for each dose or day outside the limits, or whose dose is not known; those without facts in one."""
    unknowns = Unknowns()
    for events in _portions(rule, wanted, context):
        known = [event.dose for event in events if event.dose is not None and event.dose.value is not None]
        factors = [converted(ONE, dose.unit, wanted.unit) for dose in known]
        if (len(known) < len(events) or None in factors) and not _is_asked(events[0].day, wanted, context):
            continue
        if len(known) < len(events):
            yield _unknown(events[0], "dose", "the dose is not entered")
        elif None in factors:
            foreign = known[factors.index(None)].unit
            yield _unknown(events[0], f"dose in {wanted.unit}", f"the dose is in {foreign}")
        else:
            amounts = _Amounts(
                _sum([dose.value for dose in known], factors) or Decimal(0),
                _sum([dose.per_m2 for dose in known], factors),
            )
            yield from _judge(events[0], amounts, wanted, context, unknowns)
    yield from unknowns.hits()


def _is_asked(day: int, wanted: DoseLimit, context: Context) -> bool:
    """Whether any limit holds on that day, or may hold."""
    every = (wanted.at_most, wanted.at_most_per_m2, wanted.at_most_per_kg, wanted.at_least)
    return any(limits and _limit_on(day, limits, wanted, context) != (None, ()) for limits in every)


class _Amounts(NamedTuple):
    """A dose, or the doses of a day, as they are and per m2, in the unit of the limit: 2,500 mcg are 2.5 mg."""

    value: Decimal
    per_m2: Decimal | None


def _sum(parts: Sequence[Decimal | None], factors: Sequence[Decimal | None]) -> Decimal | None:
    """The doses of a day in the unit of the limit; None where one of them is not known."""
    total = Decimal(0)
    for part, factor in zip(parts, factors, strict=True):
        if part is None or factor is None:
            return None
        total += part * factor
    return total


def _portions(rule: SequencingRule, wanted: DoseLimit, context: Context) -> Iterator[Sequence[Event]]:
    """Each dose, or the doses of each day; a day is told where its first dose is judged."""
    doses = context.judged_events(wanted.agents, rule.protocols)
    if wanted.as_planned:
        doses = [event for event in doses if event.dose is None or event.dose.full is None]
    if wanted.flat:
        doses = [
            event for event in doses if event.dose is None or "/" not in event.dose.protocol_dose.removesuffix("/day")
        ]
    if wanted.of == "dose":
        yield from ((event,) for event in doses)
        return
    series = context.series(wanted.agents, rule.protocols)
    for day in dict.fromkeys(event.day for event in doses):
        found = series.on(day)
        if any(event is found[0] for event in doses):
            yield found


def _judge(event: Event, amounts: _Amounts, wanted: DoseLimit, context: Context, unknowns: Unknowns) -> Iterator[Hit]:
    checks = (
        (amounts.value, wanted.at_most, wanted.unit, 1),
        (amounts.per_m2, wanted.at_most_per_m2, f"{wanted.unit}/m2", 1),
        (amounts.value, wanted.at_most_per_kg, wanted.unit, 1),
        (amounts.value, wanted.at_least, wanted.unit, -1),
    )
    for amount, limits, unit, sign in checks:
        if not limits:
            continue
        limit, missing = _limit_on(event.day, limits, wanted, context)
        if missing:
            lacking = names_of(missing)
            unknowns.add((event.day,), missing, partial(_unknown, event, lacking, f"{lacking} {NOT_RECORDED}"))
        elif limit is not None and amount is None:
            yield _unknown(event, "dose per m2", "its dose per m2 is not known")
        elif limit is not None and amount is not None:
            slack = 0 if limits in (wanted.at_most, wanted.at_least) else wanted.rounding_percent
            if _is_beyond(amount, limit, sign, slack) and not (
                wanted.newest_weight and _suits_newest(event, amounts, limits, sign, wanted, context)
            ):
                hit = _outside(event, amount, limit, unit, wanted)
                yield _with_weight(hit, event, context) if limits is wanted.at_most_per_kg else hit


def _with_weight(hit: Hit, event: Event, context: Context) -> Hit:
    weight = fact_words("weight", context.facts(event.day).get("weight"))
    return hit._replace(message=f"{hit.message[:-1]} by {weight}.", inputs=(*hit.inputs, ("by", weight)))


def _limit_on(day: int, limits: Limits, wanted: DoseLimit, context: Context) -> tuple[Decimal | None, tuple[str, ...]]:
    """The limit that holds that day, one per kg as it is for the weight; None with the facts that are missing."""
    limit, missing = context.limit_on(day, limits)
    if limit is None or limits is not wanted.at_most_per_kg:
        return limit, missing
    weight = context.facts(day).get("weight")
    return (limit * weight, ()) if isinstance(weight, Decimal) else (None, ("weight",))


def _is_beyond(amount: Decimal, limit: Decimal, sign: int, percent: int) -> bool:
    return (amount - limit) * sign > limit * percent / 100


def _suits_newest(
    event: Event, amounts: _Amounts, limits: Limits, sign: int, wanted: DoseLimit, context: Context
) -> bool:
    """Whether a newer weight that doses were not to follow allows the dose."""
    measured = [one for one in context.measurements() if one.date.toordinal() <= event.day]
    if not measured or measured[-1].for_doses:
        return False
    surface = measured[-1].surface(context.known.formula)
    facts = {**context.facts(event.day), "weight": measured[-1].weight_kg, "bsa": surface}
    limit, missing = context.known.answers(limits).on(facts)
    if limit is None:
        return not missing
    if limits is wanted.at_most_per_m2:
        return not _is_beyond(amounts.value / surface, limit, sign, wanted.rounding_percent)
    if limits is wanted.at_most_per_kg:
        return not _is_beyond(amounts.value, limit * measured[-1].weight_kg, sign, wanted.rounding_percent)
    return not _is_beyond(amounts.value, limit, sign, 0)


def _outside(event: Event, amount: Decimal, limit: Decimal, unit: str, wanted: DoseLimit) -> Hit:
    over = amount > limit
    shown = beside(amount, limit)
    text, bound = format_amount(shown, unit), f"{'at most' if over else 'at least'} {format_amount(limit, unit)}"
    a_day = " a day" if wanted.of == "day" else ""
    barred = wanted.contraindicated_above is not None and amount > wanted.contraindicated_above
    return Hit(
        f"{named(event)}: {text}{a_day}, {bound}{a_day}.",
        (event,),
        (
            ("dose", f"{text}{a_day}"),
            ("limit", f"{bound}{a_day}"),
            ("made of", _made_of(event)),
        ),
        f"{format_number(shown)}, {'above' if over else 'below'} {format_amount(limit, unit)}",
        severity="contraindicated" if barred else "",
    )


def _made_of(event: Event) -> str:
    dose = event.dose
    return ("; ".join(dose.steps) or dose.protocol_dose if dose else "") or "entered by hand"


def _unknown(event: Event, missing: str, because: str) -> Hit:
    return Hit(
        f"{named(event)} cannot be compared with its limit: {because}.",
        (event,),
        (("dose", event.dose.missing if event.dose and event.dose.missing else because),),
        missing=(missing,),
    )
