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
    unknowns, limits = Unknowns(), _Days(wanted, context)
    amounts_of: dict[tuple[int, ...], _Amounts | str] = {}
    for events in _portions(rule, wanted, context):
        asked = limits.on(events[0].day)
        if not asked:
            continue
        doses = tuple(id(event.dose) for event in events)
        amounts = amounts_of.get(doses)
        if amounts is None:
            amounts = amounts_of[doses] = _amounts(events, wanted)
        if isinstance(amounts, str):
            yield _unknown(events[0], "dose" if amounts == NO_DOSE else f"dose in {wanted.unit}", amounts)
        else:
            yield from _judge(events[0], amounts, asked, wanted, context, unknowns)
    yield from unknowns.hits()


class _Asked(NamedTuple):
    """A limit that holds on a day, or may hold: its number, or the facts that are missing to tell."""

    limits: Limits
    unit: str
    sign: int
    limit: Decimal | None
    missing: tuple[str, ...]


class _Days:
    """The limits that hold on a day, or may hold: the same on all days on which the same is known of the patient."""

    def __init__(self, wanted: DoseLimit, context: Context) -> None:
        every = (
            (wanted.at_most, wanted.unit, 1),
            (wanted.at_most_per_m2, f"{wanted.unit}/m2", 1),
            (wanted.at_most_per_kg, wanted.unit, 1),
            (wanted.at_least, wanted.unit, -1),
        )
        self._limits = [one for one in every if one[0]]
        self._wanted, self._context = wanted, context
        conditional = any(context.known.answers(limits).conditional for limits, _, _ in self._limits)
        self._by_facts = conditional or bool(wanted.at_most_per_kg)
        self._found: dict[int, tuple[_Asked, ...]] = {}

    def on(self, day: int) -> tuple[_Asked, ...]:
        """Those of that day."""
        era = 0
        if self._by_facts:
            self._context.notes.ask(day)
            era = self._context.known.era_unnoted(day)
        found = self._found.get(era)
        if found is None:
            told = [_Asked(*one, *_limit_on(day, one[0], self._wanted, self._context)) for one in self._limits]
            found = self._found[era] = tuple(one for one in told if one.limit is not None or one.missing)
        return found


NO_DOSE = "the dose is not entered"


class _Amounts(NamedTuple):
    """A dose, or the doses of a day, as they are and per m2, in the unit of the limit: 2,500 mcg are 2.5 mg."""

    value: Decimal
    per_m2: Decimal | None


def _amounts(events: Sequence[Event], wanted: DoseLimit) -> _Amounts | str:
    """What is compared with the limits, or why it cannot be."""
    known = [event.dose for event in events if event.dose is not None and event.dose.value is not None]
    if len(known) < len(events):
        return NO_DOSE
    factors = [converted(ONE, dose.unit, wanted.unit) for dose in known]
    if None in factors:
        return f"the dose is in {known[factors.index(None)].unit}"
    value = _sum([dose.value for dose in known], factors)
    return _Amounts(value or Decimal(0), _sum([dose.per_m2 for dose in known], factors))


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
    series, judged = context.series(wanted.agents, rule.protocols), {id(event) for event in doses}
    for day in dict.fromkeys(event.day for event in doses):
        found = series.on(day)
        if id(found[0]) in judged:
            yield found


def _judge(
    event: Event,
    amounts: _Amounts,
    asked: Sequence[_Asked],
    wanted: DoseLimit,
    context: Context,
    unknowns: Unknowns,
) -> Iterator[Hit]:
    for limits, unit, sign, limit, missing in asked:
        amount = amounts.per_m2 if limits is wanted.at_most_per_m2 else amounts.value
        if limit is None:
            unknowns.add((event.day,), missing, partial(_lacking, event, missing))
        elif amount is None:
            yield _unknown(event, "dose per m2", "its dose per m2 is not known")
        else:
            slack = 0 if limits in (wanted.at_most, wanted.at_least) else wanted.rounding_percent
            if _is_beyond(amount, limit, sign, slack) and not (
                wanted.newest_weight and _suits_newest(event, amounts, limits, sign, wanted, context)
            ):
                hit = _outside(event, amount, limit, unit, wanted)
                yield _with_weight(hit, event, context) if limits is wanted.at_most_per_kg else hit


def _lacking(event: Event, missing: tuple[str, ...]) -> Hit:
    lacking = names_of(missing)
    return _unknown(event, lacking, f"{lacking} {NOT_RECORDED}")


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
