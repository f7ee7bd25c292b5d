"""Give no more than the rule's own limit: a cap, a share of the protocol's dose, or so much per m2."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import NamedTuple

from msgspec.structs import replace

from planner.checking.fixes.case import Case
from planner.model.cycle_content import ComputedDose
from planner.model.finding import Fix
from planner.model.plan import DoseChange, Scope
from planner.model.protocol import TemplateOrder
from planner.model.quantity import format_number, plain
from planner.model.rule_kinds import DoseLimit
from planner.model.rule_kinds_course import AfterEvent, AfterHold
from planner.model.rule_kinds_state import ReducedDose
from planner.model.schedule import Event
from planner.model.sentence import Sentence, with_count

MOST_CHANGES = 40
"""Changes of a dose in one fix."""
TABLETS_WITHIN = 10
"""Per cent by which tablets may differ from the dose asked for, as where doses are computed (facts sheet C5)."""


class _Less(NamedTuple):
    """What is given instead: a typed dose, or so many percent of the protocol's."""

    dose: str = ""
    percent: int = 100

    def __str__(self) -> str:
        number, _, unit = self.dose.partition(" ")
        return f"{format_number(Decimal(number))} {unit}" if number else f"{self.percent} %"


def propose(case: Case) -> Iterator[Fix]:
    """One fix: every dose the finding names, lowered to what the rule allows on its day."""
    changes: list[DoseChange] = []
    lowered: dict[_Less, None] = {}
    label = ""
    for subject in reversed(case.subjects):
        by_order: dict[str, dict[int, _Less]] = {}
        for event in subject.events:
            less = _less(case, event)
            if less is None:
                return
            by_order.setdefault(event.placed.order.id, {})[event.cycle_day] = less
            label = label or event.label
        for order, days in by_order.items():
            lowered.update(dict.fromkeys(days.values()))
            all_days = case.days_of(subject.block.id, subject.cycle, order)
            changes += _changes(case, subject.block.id, subject.cycle, order, days, all_days)
    changes = _joined(case, changes)
    if not changes or len(changes) > MOST_CHANGES:
        return
    first = next(iter(lowered))
    told = "Reduce to {amounts}: {doses}" if isinstance(case.wanted, ReducedDose) else "Cap at {amounts}: {doses}"
    amounts = str(first)
    if len(lowered) > 1:
        told_of = "{amount} and {more} other amounts" if len(lowered) > 2 else "{amount} and {more} other amount"
        amounts = Sentence(told_of, amount=first, more=len(lowered) - 1)
    title = Sentence(told, amounts=amounts, doses=_where(label, changes))
    yield Fix("lower-dose", title, changes=tuple(changes))


def _where(label: str, changes: Sequence[DoseChange]) -> str:
    """The first dose, and how far it goes: some single days are not the rest of the course."""
    if any(change.scope is not Scope.DAY for change in changes):
        return Sentence("{dose} and what follows of it", dose=label)
    if len(changes) == 1:
        return label
    if len({(change.block, change.cycle, change.day) for change in changes}) == 1:
        more = with_count(len(changes) - 1, "{count} more dose", "{count} more doses")
    else:
        more = with_count(len(changes) - 1, "{count} more day", "{count} more days")
    return Sentence("{one} and {more}", one=label, more=more)


def _changes(
    case: Case, block: str, cycle: int, order: str, days: dict[int, _Less], all_days: Iterable[int]
) -> Iterator[DoseChange]:
    """One change for the rest of the cycle where all of it is too much, else one for each day."""
    first = min(days)
    if len(days) > 1 and len(set(days.values())) == 1 and set(days) == {day for day in all_days if day >= first}:
        less = days[first]
        yield DoseChange(
            block, cycle, first, order, Scope.CYCLE, "other", case.rule.id, percent=less.percent, dose=less.dose
        )
        return
    for day, less in sorted(days.items()):
        yield DoseChange(
            block, cycle, day, order, Scope.DAY, "other", case.rule.id, percent=less.percent, dose=less.dose
        )


def _joined(case: Case, changes: Sequence[DoseChange]) -> list[DoseChange]:
    """One change for all cycles of a block where each of them, to its last, is lowered to the same from its start."""
    found: list[DoseChange] = []
    for change in changes:
        same = [one for one in changes if (one.block, one.order) == (change.block, change.order)]
        cycles = case.plan.block(change.block).cycles
        rest = cycles[cycles.index(same[0].cycle) :]
        whole = [
            one.cycle
            for one in same
            if one.scope is Scope.CYCLE and one.percent == change.percent and one.dose == change.dose
        ]
        begins = all(one.day == min(case.days_of(one.block, one.cycle, one.order)) for one in same[1:])
        if len(rest) == 1 or tuple(whole) != rest or not begins:
            found.append(change)
        elif change is same[0]:
            found.append(replace(change, scope=Scope.FOLLOWING))
    return found


def _less(case: Case, event: Event) -> _Less | None:
    dose, wanted = event.dose, case.wanted
    if dose is None or dose.value is None:
        return None
    if isinstance(wanted, DoseLimit) and wanted.as_cap:
        return _limited(case, event, dose, wanted)
    if isinstance(wanted, AfterEvent | AfterHold):
        return _after(case, event, wanted)
    return _reduced(case, event, dose, wanted) if isinstance(wanted, ReducedDose) else None


def _limited(case: Case, event: Event, dose: ComputedDose, wanted: DoseLimit) -> _Less | None:
    """The limit that the dose passes; None where a limit of the day is passed by several orders together."""
    there = case.context().series(wanted.agents, case.rule.protocols).on(event.day) if wanted.of == "day" else [event]
    if any(one.placed is not event.placed for one in there):
        return None
    a_day = _a_day(event)
    if len(there) > 1 and not a_day:
        return None
    value = dose.value * len(there) if dose.value is not None else None
    per_m2 = dose.per_m2 * len(there) if dose.per_m2 is not None else None
    weight = case.weight(event.day)
    per_kg = value / weight if value is not None and weight else None
    passed = (
        (value, wanted.at_most, ""),
        (per_m2, wanted.at_most_per_m2, "/m2"),
        (per_kg, wanted.at_most_per_kg, "/kg"),
    )
    for amount, limits, per in passed:
        limit = case.limit(event.day, limits)
        if limit is not None and amount is not None and amount > limit:
            return _Less(f"{plain(limit)} {wanted.unit}{per}{a_day if wanted.of == 'day' else ''}")
    return None


def _after(case: Case, event: Event, wanted: AfterEvent | AfterHold) -> _Less | None:
    """The most that may be given after the event; None where nothing may."""
    for limits, per in ((wanted.at_most, ""), (wanted.at_most_per_m2, "/m2")):
        limit = case.limit(event.day, limits)
        if limit is not None:
            return _Less(f"{plain(limit)} {wanted.unit}{per}{_a_day(event)}")
    return None


def _a_day(event: Event) -> str:
    """How a dose of the day is written, where the order's own dose is one."""
    order = event.placed.order
    rules = [band.dose for band in order.bands if band.dose is not None] if isinstance(order, TemplateOrder) else []
    return "/day" if any(rule.per_day for rule in rules) else ""


def _reduced(case: Case, event: Event, dose: ComputedDose, wanted: ReducedDose) -> _Less | None:
    full = dose.full if dose.full is not None else dose.value
    for step, lower in wanted.steps:
        if full is not None and full == int(step) and lower:
            return _Less(f"{lower} {dose.unit}")
    if wanted.steps:
        return None
    percent = case.limit(event.day, wanted.to_percent)
    if percent is not None:
        return _share(case, event, full, percent) if percent == int(percent) and 0 < percent < 100 else None
    limit = case.limit(event.day, wanted.at_most_per_m2)
    return _Less(f"{plain(limit)} {dose.unit}/m2") if limit else None


def _share(case: Case, event: Event, full: Decimal | None, percent: Decimal) -> _Less | None:
    """So many percent; of what is swallowed the most below it that tablets make, and nothing where they make none."""
    piece = _piece(case, event)
    if piece is None or full is None:
        return _Less(percent=int(percent))
    asked = full * percent / 100
    near = (asked / piece).to_integral_value(ROUND_HALF_EVEN) * piece
    if near and abs(near - asked) * 100 <= asked * TABLETS_WITHIN:
        return _Less(percent=int(percent))
    below = (asked / piece).to_integral_value(ROUND_FLOOR) * piece
    return _Less(f"{plain(below)} {event.dose.unit}{_a_day(event)}") if below and event.dose else None


def _piece(case: Case, event: Event) -> Decimal | None:
    """The least that tablets of the drug come in, halves where each has a score; None where none are known."""
    agent, unit = case.agents.get(event.placed.agent), event.dose.unit if event.dose else ""
    kinds = [kind for kind in agent.tablets if kind.unit == unit] if agent and event.placed.route == "PO" else []
    if not kinds:
        return None
    return min(kind.amount for kind in kinds) / (2 if all(kind.halves for kind in kinds) else 1)
