"""cumulative_dose: the sum of an agent, or of anthracyclines as doxorubicin, projected to the end of the plan.

Earlier exposures count in mg/m2, planned doses by ComputedDose.per_m2; equivalents by the agents' factors (C8).
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from planner.checking.context import Context
from planner.checking.exposures import exposures_to, known_exposures
from planner.checking.hits import Hit, named, on_day
from planner.checking.known import Known
from planner.checking.reach import Gate
from planner.model.agent import Agent
from planner.model.cycle_content import ComputedDose, EventRun
from planner.model.fact_words import names_of
from planner.model.quantity import format_number
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import CumulativeDose
from planner.model.schedule import Event

ONE_PLACE = Decimal("0.1")


class _Sum(NamedTuple):
    """What is known of a total: before the plan, dose by dose within it, and what could not be added."""

    before: Decimal
    steps: tuple[tuple[Event, Decimal], ...]
    missing: tuple[str, ...]
    parts: tuple[str, ...]
    gaps: tuple[Event, ...] = ()

    @property
    def total(self) -> Decimal:
        return self.before + sum((amount for _, amount in self.steps), Decimal(0))


def gate(wanted: CumulativeDose, known: Known) -> Gate | None:
    """What stays below the share of a plain limit from which on the rule speaks, all doses being known."""
    plain = len(wanted.limit) == 1 and not wanted.limit[0].when
    if not plain or wanted.over != "lifetime" or wanted.lower_limit is not None:
        return None
    if known_exposures(wanted.agents, known):
        return None

    def total(runs: Sequence[EventRun]) -> Decimal | None:
        found = Decimal(0)
        for run in runs:
            amount, factor = _amount(run.dose, wanted), _factor(run.line.agent, wanted, known.agents)
            if amount is None or factor is None:
                return None
            found += amount * factor * len(run.offsets)
        return found

    return Gate(wanted.agents, total, wanted.limit[0].value * wanted.near_percent / 100 - ONE_PLACE)


def find(rule: SequencingRule, wanted: CumulativeDose, context: Context) -> Iterator[Hit]:
    """One hit where the limit is passed or near, one where part of the sum is not known."""
    events = context.series(wanted.agents, rule.protocols).events
    if not events:
        return
    if wanted.over == "lifetime":
        yield from _judge("course", _add_up(events, wanted, context, lifetime=True), wanted, context)
        return
    cycles: dict[tuple[str, int], list[Event]] = {}
    for event in events:
        cycles.setdefault((event.placed.block.id, event.placed.cycle), []).append(event)
    for (block, _), inside in cycles.items():
        yield from _judge(block, _add_up(inside, wanted, context, lifetime=False), wanted, context)


def _add_up(events: Sequence[Event], wanted: CumulativeDose, context: Context, lifetime: bool) -> _Sum:
    before, steps, missing, gaps, sums = Decimal(0), [], [], [], dict[str, Decimal]()
    for exposure in exposures_to(wanted.agents, context) if lifetime else ():
        factor = _factor(exposure.agent, wanted, context.agents)
        if exposure.unit != wanted.unit or factor is None:
            what = "a factor" if factor is None else f"dose in {wanted.unit}, not {exposure.unit},"
            missing.append(f"{what} of earlier {exposure.agent}")
            continue
        before += exposure.dose * factor
        sums[f"earlier {exposure.agent}"] = sums.get(f"earlier {exposure.agent}", Decimal(0)) + exposure.dose
    for event in events:
        factor = _factor(event.placed.agent, wanted, context.agents)
        amount = _amount(event.dose, wanted)
        if factor is None:
            missing.append(f"a factor of {event.placed.agent_name}")
            gaps.append(event)
        elif amount is None:
            what = "dose per m2" if wanted.unit == "mg/m2" else f"dose in {wanted.unit}"
            missing.append(f"{what} of {event.placed.agent_name}")
            gaps.append(event)
        else:
            steps.append((event, amount * factor))
            sums[event.placed.agent] = sums.get(event.placed.agent, Decimal(0)) + amount
    parts = tuple(_part(name, amount, wanted, context) for name, amount in sums.items())
    return _Sum(before, tuple(steps), tuple(dict.fromkeys(missing)), parts, tuple(gaps))


def _amount(dose: ComputedDose | None, wanted: CumulativeDose) -> Decimal | None:
    """The dose in the unit that is summed; None where it is not known in it."""
    per_m2 = wanted.unit == "mg/m2"
    if dose is None or dose.unit != ("mg" if per_m2 else wanted.unit):
        return None
    return dose.per_m2 if per_m2 else dose.value


def _factor(agent: str, wanted: CumulativeDose, agents: Mapping[str, Agent]) -> Decimal | None:
    if not wanted.doxorubicin_equivalents:
        return Decimal(1)
    known = agents.get(agent)
    if known and wanted.scheme:
        return next((factor for scheme, factor, _ in known.equivalents if scheme == wanted.scheme), None)
    return known.doxorubicin_factor if known else None


def _part(name: str, amount: Decimal, wanted: CumulativeDose, context: Context) -> str:
    text = f"{name} {_text(amount)}"
    factor = _factor(name.removeprefix("earlier "), wanted, context.agents)
    if not wanted.doxorubicin_equivalents or factor is None:
        return text
    return f"{text} × {format_number(factor)} = {_text(amount * factor)}"


def _judge(key: str, added: _Sum, wanted: CumulativeDose, context: Context) -> Iterator[Hit]:
    last = added.steps[-1][0] if added.steps else None
    limit, because = _limit(last, wanted, context)
    if limit is not None and last is not None:
        yield from _compare(key, added, limit, because, wanted)
    missing = (*added.missing, *(because if limit is None else ()))
    if missing:
        yield Hit(
            f"The sum is not complete: {names_of(missing)} not known. "
            f"Known so far: {_text(added.total)} {wanted.unit}.",
            tuple(event for event, _ in added.steps[-1:]) or added.gaps[:1],
            (("known", "; ".join(added.parts) or "nothing"),),
            f"{_text(added.total)} {wanted.unit} + unknown",
            missing,
            key=key,
        )


def _limit(last: Event | None, wanted: CumulativeDose, context: Context) -> tuple[Decimal | None, tuple[str, ...]]:
    """The limit that holds, with the reason for a lower one; or None with the facts that are missing."""
    if last is None:
        return None, ()
    lower = context.series(wanted.lower_with).events
    if wanted.lower_limit is not None and lower:
        return wanted.lower_limit, (f"the lower limit, because the plan has {lower[0].placed.agent_name}",)
    limit, missing = context.limit_on(last.day, wanted.limit)
    return limit, missing or (() if limit is not None else ("a limit for this patient",))


def _compare(key: str, added: _Sum, limit: Decimal, because: tuple[str, ...], wanted: CumulativeDose) -> Iterator[Hit]:
    total, near = _tenths(added.total), limit * wanted.near_percent / 100
    if total <= near:
        return
    bound, running = (limit if total > limit else near), added.before
    beyond: list[Event] = []
    for event, amount in added.steps:
        running += amount
        if _tenths(running) > bound:
            beyond.append(event)
    share = (total / limit * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    what = "doxorubicin equivalents" if wanted.doxorubicin_equivalents else added.steps[0][0].placed.agent_name
    at = on_day(beyond[0].day)
    passes = (
        f"passes {_text(limit)} {wanted.unit}"
        if total > limit
        else f"comes within reach of {_text(limit)} {wanted.unit}"
    )
    inputs = [
        ("sum", "; ".join(added.parts)),
        ("limit", f"{_text(limit)} {wanted.unit}"),
        ("first dose beyond", named(beyond[0])),
    ]
    inputs += [("limit chosen", one) for one in because] + (
        [("not asked", wanted.not_asked)] if wanted.not_asked else []
    )
    yield Hit(
        f"The sum of {what} {passes} on {at}: {_text(total)} {wanted.unit} at the end of the plan ({share} %).",
        tuple(beyond),
        tuple(inputs),
        f"{'; '.join(added.parts)}; sum {_text(total)} {wanted.unit} = {share} % of {_text(limit)} {wanted.unit}",
        severity="" if total > limit else wanted.near_severity,
        key=key,
    )


def _tenths(value: Decimal) -> Decimal:
    return value.quantize(ONE_PLACE, rounding=ROUND_HALF_UP)


def _text(value: Decimal) -> str:
    return format_number(_tenths(value))
