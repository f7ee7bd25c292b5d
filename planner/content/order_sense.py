"""Whether one drug line of a protocol can be meant: its agent, dose, route, days and clock."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from planner.content.condition_sense import unreached
from planner.content.intake import Located
from planner.content.protocol_view import SeenPhase
from planner.content.toml_lines import Path
from planner.model.agent import Agent
from planner.model.evidence import Evidence
from planner.model.flow import PUMPED, duration_words, hours_of, rate_of
from planner.model.protocol import DoseBand, TemplateAssessment, TemplateOrder
from planner.model.quantity import format_number

DAYS_A_WEEK = 7
SMALLEST = {"": Decimal(1), "m2": Decimal("0.2"), "kg": Decimal(2)}
"""The smallest patient by each measure that doses go by, newborns included; not a clinical bound."""
HOURS_A_DAY = Decimal(24)
_NEEDS_DOSE = ("antineoplastic", "intrathecal")


def order_problems(seen: SeenPhase, agents: Mapping[str, Agent]) -> Iterator[Located]:
    """Every problem of the orders of one phase."""
    by_id = {order.id: order for _, order in reversed(seen.orders)}
    for path, order in seen.orders:
        yield from _agent_problems(path, order, agents)
        yield from _support_problems(path, order)
        yield from _dose_problems(path, order)
        yield from _run_problems(path, order)
        yield from _flow_problems(path, order, agents)
        yield from _anchor_problems(path, order, seen, by_id)
        yield from company_problems(path, order, seen, by_id)
        if order.goes_with and (order.anchor or order.keeps_its_days or order.not_on):
            yield (*path, "goes_with"), "leave out timing, stays, weekdays and not_on: it moves as the other order does"
        if order.begins and order.weekdays:
            yield (*path, "stays"), "leave it out: an order of certain weekdays keeps to them from the first day on"
        yield from day_problems(path, order, seen, due_at_end=False)
        yield from _exchange_problems(path, order, seen)
        yield from _apart_problems(path, order, seen, by_id)


def with_ids(problems: Iterable[Located], data: Mapping[str, Any], agents: Mapping[str, Agent]) -> tuple[Located, ...]:
    """The problems of a file's shape; where an agent is named and not by its id ("folinic acid"), the id behind it."""
    return tuple((path, told + _id_hint(path, data, agents)) for path, told in problems)


def _id_hint(path: Path, data: Mapping[str, Any], agents: Mapping[str, Agent]) -> str:
    written: Any = data
    for key in path if path and path[-1] == "agent" else ():
        written = written.get(key) if isinstance(written, dict) else written[key]
    found = next(_agents_named(written.casefold(), agents), "") if isinstance(written, str) else ""
    return f'; write its id "{found}"' if found else ""


def _agents_named(name: str, agents: Mapping[str, Agent]) -> Iterator[str]:
    """Ids of agents that have the name, as id, name or synonym, in small letters or capitals."""
    for key, agent in agents.items():
        if name in {key, agent.name.casefold(), *(one.casefold() for one in agent.synonyms)}:
            yield key


def _agents_called(name: str, agents: Mapping[str, Agent]) -> Iterator[str]:
    """Ids of agents that have the name, then of those whose id contains it."""
    yield from _agents_named(name, agents)
    yield from (key for key in agents if name in key)


def _agent_problems(path: Path, order: TemplateOrder, agents: Mapping[str, Agent]) -> Iterator[Located]:
    agent = agents.get(order.agent)
    if agent is None:
        close = difflib.get_close_matches(order.agent, agents, 1) or [*_agents_called(order.agent, agents)]
        hint = f'did you mean "{close[0]}"?' if close else "add it to an agent file first"
        yield (*path, "agent"), f'unknown agent "{order.agent}"; {hint}'
    elif order.route == "IT" and "vinca" in agent.classes:
        yield (*path, "route"), f"{agent.name} by the intrathecal route kills; vinca alkaloids are given IV only"
    if (order.role == "intrathecal") != (order.route == "IT"):
        yield (
            (*path, "route"),
            f'role "{order.role}", route {order.route}: intrathecal doses have route IT, no other has',
        )
    if any(band.dose and (band.dose.unit == "Gy") != (order.route == "radiation") for band in order.bands):
        yield (*path, "route"), "doses in Gy have the route radiation, no other has"


def _support_problems(path: Path, order: TemplateOrder) -> Iterator[Located]:
    undosed = any(band.dose is None for band in order.bands)
    if order.evidence is Evidence.LOCAL and not undosed:
        yield (*path, "dose"), "evidence local means that no source gives a dose; leave the dose out or name its source"
    if order.evidence is not Evidence.LOCAL and undosed and (order.role in _NEEDS_DOSE or len(order.bands) > 1):
        yield (*path, "dose"), 'has no dose; give the dose, or evidence = "local" where no source gives one'
    if not order.references and not (order.evidence.needs_confirmation and order.note):
        yield (
            (*path, "references"),
            "needs a reference; without one the evidence is unverified or local and a note says why",
        )


def _dose_problems(path: Path, order: TemplateOrder) -> Iterator[Located]:
    for position, band in enumerate(order.bands):
        place = path if len(order.bands) == 1 else (*path, "bands", position)
        if not band.when and position < len(order.bands) - 1:
            yield place, "a band without a condition always holds, so the bands after it never do"
        if band.dose is None:
            if band.cap:
                yield (*place, "cap"), "a cap needs a dose"
            continue
        if band.cap and band.cap.unit != band.dose.base_amount.unit:
            yield (*place, "cap"), f"the cap is in {band.cap.unit}, the dose in {band.dose.base_amount.unit}"
        if order.continuous and not band.dose.per_day:
            yield (*place, "dose"), f'a continuous infusion has its dose by day; write "{band.dose}/day"'
        step = order.escalation
        if step and (step.unit, step.per, step.per_day) != (band.dose.unit, band.dose.per, band.dose.per_day):
            yield (*path, "escalation"), f'"{step}" cannot be added to "{band.dose}"; both are given in the same way'
        yield from _small_cap((*place, "cap"), band)
    for later, earlier in unreached([band.when for band in order.bands]):
        message = f"nobody reaches this band: where it holds, band {earlier + 1} above it holds already"
        yield (*path, "bands", later, "when"), message
    yield from _series_problems(path, order)


def _small_cap(place: Path, band: DoseBand) -> Iterator[Located]:
    """A cap that cuts every dose, whoever the patient is."""
    dose, cap = band.dose, band.cap
    if dose is None or cap is None or dose.per not in SMALLEST or cap.unit != dose.base_amount.unit:
        return
    least = dose.base_amount.value * SMALLEST[dose.per]
    if cap.value < least:
        size = f" for the smallest patient ({SMALLEST[dose.per]} {dose.per})" if dose.per else ""
        yield place, f"{cap} lies below the dose {dose}{size}, so nobody would ever get that dose"


def _series_problems(path: Path, order: TemplateOrder) -> Iterator[Located]:
    """What holds for all doses together: escalation, weight, the most of a course."""
    if order.escalation and not any(band.dose for band in order.bands):
        yield (*path, "escalation"), "there is no dose to add to"
    doses = [band.dose for band in order.bands if band.dose]
    if order.escalation and any(dose.most is not None for dose in (*doses, order.escalation)):
        yield (*path, "escalation"), "nothing can be added to or by a range"
    if order.weight != "actual" and not any(dose.per == "kg" for dose in doses):
        yield (*path, "weight"), "no dose is given by kg, so no weight is needed"
    units = {dose.base_amount.unit for dose in doses}
    if order.course_cap and units != {order.course_cap.unit}:
        yield (*path, "course_cap"), f"the cap is in {order.course_cap.unit}, the dose is not"


def _run_problems(path: Path, order: TemplateOrder) -> Iterator[Located]:
    if order.continuous and (order.doses_per_day > 1 or order.every_hours or order.duration_h):
        yield (*path, "continuous"), "an infusion that runs all day has no frequency and no duration"
    if order.at and (order.doses_per_day > 1 or order.every_hours or order.continuous or order.anchor):
        yield (*path, "at"), "clock times stand alone: leave out frequency, timing and continuous"
    if not order.every_hours:
        return
    hours = order.every_hours * (order.dose_count - 1)
    days = order.days.numbers
    gap = min((later - earlier for earlier, later in pairwise(days)), default=None)
    gap = 1 if order.days.to_end else gap
    if gap is not None and hours >= gap * 24:
        message = f"the run of {order.dose_count} doses takes {hours} h and has not ended when the next one starts"
        yield (*path, "frequency"), f"{message}; days name the first day of each run"


def _flow_problems(path: Path, order: TemplateOrder, agents: Mapping[str, Agent]) -> Iterator[Located]:
    """Volumes and rates where nothing flows, that nothing follows from, or that contradict the duration."""
    volume, rate = order.volume_ml, order.rate_ml_h
    if volume is not None and order.route not in (*PUMPED, "IM", "IT"):
        yield (*path, "volume"), f"a dose by the route {order.route} has no volume that runs in"
    if volume is not None and any(band.dose and band.dose.unit == "mL" for band in order.bands):
        yield (*path, "volume"), "the dose is in mL and is its own volume"
    agent = agents.get(order.agent)
    if order.continuous and agent is not None and agent.bags and (volume, rate) != (None, None):
        yield (*path, "volume" if rate is None else "rate"), f"the bags of {agent.name} have rates of their own"
    yield from _concentration_problems(path, order)
    if rate is None:
        return
    if order.route not in PUMPED:
        yield (*path, "rate"), f"a dose by the route {order.route} has no rate"
    hours = HOURS_A_DAY if order.continuous else order.duration_h
    if hours is None:
        yield (*path, "rate"), "nothing follows from a rate alone; give the volume or the duration too"
    elif volume is not None and _runs_otherwise(volume, rate, hours):
        other = duration_words(hours_of(volume, rate))
        said = f"{format_number(volume)} mL at {format_number(rate)} mL/h take {other}, not {duration_words(hours)}"
        yield (*path, "rate"), f"{said}; that would be {format_number(rate_of(volume, hours))} mL/h"


def _concentration_problems(path: Path, order: TemplateOrder) -> Iterator[Located]:
    per, units = order.per_ml, {band.dose.base_amount.unit for band in order.bands if band.dose}
    if per is None:
        return
    if order.volume_ml is not None:
        yield (*path, "concentration"), "stands beside the volume; give the one that the source states"
    if order.route not in (*PUMPED, "IM", "IT"):
        yield (*path, "concentration"), f"a dose by the route {order.route} has no volume that runs in"
    if units and units != {per.unit}:
        yield (*path, "concentration"), f"is in {per.unit}/mL, the dose is in {', '.join(sorted(units))}"


def _runs_otherwise(volume: Decimal, rate: Decimal, hours: Decimal) -> bool:
    """Whether neither the rate, as exactly as it is written, nor the minutes follow from the other two."""
    return round(volume / hours, max(0, -int(rate.as_tuple().exponent))) != rate and hours_of(volume, rate) != hours


def _exchange_problems(path: Path, order: TemplateOrder, seen: SeenPhase) -> Iterator[Located]:
    """Days offered in exchange that are the order's own already, or lie outside the phase."""
    for day, others in order.days.others:
        if set(others) & set(order.days.numbers):
            yield (*path, "days"), f"day {day} cannot be exchanged for a day that has a dose of its own"
        if any(0 <= other < seen.phase.first_day for other in others):
            yield (*path, "days"), f"day {others[0]} lies before day {seen.phase.first_day}, the first of this phase"
        length = min(seen.phase.length_of(cycle) for cycle in seen.cycles_of(order))
        if seen.phase.offset(others[-1]) >= length:
            yield (*path, "days"), f"day {others[-1]} lies beyond the phase: a cycle has {length} days"
    if order.not_on and len(order.not_on) == DAYS_A_WEEK:
        yield (*path, "not_on"), "leaves no day of the week"
    if order.not_on and order.weekdays:
        yield (*path, "not_on"), "stands beside weekdays; say which weekdays, or which not"


def _apart_problems(
    path: Path, order: TemplateOrder, seen: SeenPhase, by_id: Mapping[str, TemplateOrder]
) -> Iterator[Located]:
    """Spacings to orders that do not exist, or that the days of the file break themselves."""
    for position, (other_id, least) in enumerate(order.apart):
        place = (*path, "apart", position)
        if other_id not in seen.order_ids or other_id == order.id:
            yield place, f'this phase has no other order "{other_id}"'
        other = by_id.get(other_id)
        if other is None or other is order:
            continue
        if other.cycles and order.cycles and not set(other.cycles) & set(order.cycles):
            continue
        mine, theirs = ([seen.phase.offset(day) for day in one.days.numbers] for one in (order, other))
        near = [(a, b) for a in mine for b in theirs if abs(a - b) < least]
        if near:
            first, second = (seen.phase.day_at(offset) for offset in near[0])
            yield place, f"day {first} stands less than {least} days from day {second} of {other_id}"


def _anchor_problems(
    path: Path, order: TemplateOrder, seen: SeenPhase, by_id: Mapping[str, TemplateOrder]
) -> Iterator[Located]:
    if order.anchor is None:
        return
    place = (*path, "timing")
    if order.anchor.order_id not in seen.order_ids:
        close = difflib.get_close_matches(order.anchor.order_id, seen.order_ids, 1)
        hint = f'; did you mean "{close[0]}"?' if close else ""
        yield place, f'this phase has no order "{order.anchor.order_id}"{hint}'
        return
    other = by_id.get(order.anchor.order_id)
    if other and order.anchor.edge == "end" and other.duration_h is None and not other.continuous:
        yield place, f'{other.id} has no duration, so nobody knows when it ends; give it one or say "after start of"'
    passed = [order.id]
    while other and other.anchor:
        if other.id in passed:
            yield place, f"waits in a circle: {' after '.join([*passed, other.id])}"
            return
        passed.append(other.id)
        other = by_id.get(other.anchor.order_id)


def company_problems(
    path: Path, item: TemplateOrder | TemplateAssessment, seen: SeenPhase, by_id: Mapping[str, TemplateOrder]
) -> Iterator[Located]:
    """An item can only go with orders of its phase that stand by themselves."""
    place = (*path, "goes_with")
    for name in item.goes_with:
        if name not in seen.order_ids or name == item.id:
            close = difflib.get_close_matches(name, seen.order_ids, 1)
            hint = f'; did you mean "{close[0]}"?' if close and close[0] != name else ""
            yield place, f'this phase has no other order "{name}"{hint}'
            continue
        other = by_id.get(name)
        if other and (other.goes_with or other.anchor):
            yield place, f"{other.id} itself follows another order; name that one"


def day_problems(
    path: Path, item: TemplateOrder | TemplateAssessment, seen: SeenPhase, due_at_end: bool
) -> Iterator[Located]:
    """Days outside the cycle, cycles outside the phase; `due_at_end` allows the day on which the next cycle starts."""
    beyond = [cycle for cycle in item.cycles if cycle > seen.last_cycle]
    if beyond:
        yield (*path, "cycles"), f"cycle {beyond[0]} does not exist; the phase has at most {seen.last_cycle}"
        return
    phase = seen.phase
    for number in (item.days.numbers[0], item.days.numbers[-1]):
        if 0 <= number < phase.first_day:
            yield (*path, "days"), f"day {number} lies before day {phase.first_day}, the first of this phase"
    last = phase.offset(item.days.numbers[-1])
    lengths = dict(phase.cycle_lengths)
    for cycle in seen.cycles_of(item):
        length = lengths.get(cycle, phase.cycle_days)
        if last > length or (last == length and not due_at_end):
            final = phase.day_at(length - 1)
            message = f"cycle {cycle} has {length} days and ends with day {final}"
            yield (*path, "days"), f"day {item.days.numbers[-1]} lies beyond the phase: {message}"
            return
