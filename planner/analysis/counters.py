"""Counters over one course: earlier treatment, what was given, what is planned."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from planner.model.agent import Agent, ids_of_names
from planner.model.alternatives import most_together
from planner.model.counter import Counter, CounterRule
from planner.model.cycle_content import State
from planner.model.day_words import dose_words
from planner.model.patient import Patient, PriorExposure
from planner.model.quantity import format_number
from planner.model.schedule import Event

COUNTED = {
    State.GIVEN: "given",
    State.PLANNED: "planned",
    State.DEFERRED: "planned",
    State.PROVISIONAL: "planned",
    State.HELD: "held",
}
"""What is left out or stopped counts nowhere."""

Limits = Mapping[str, tuple[Decimal, str]]
"""Agent -> the most cycles a rule allows, and the rule's id."""


def count(
    rules: Iterable[CounterRule],
    patient: Patient,
    events: Sequence[Event],
    agents: Mapping[str, Agent],
    limits: Limits,
) -> tuple[Counter, ...]:
    """Every counter that has anything to count, in the order of the rules."""
    # A bag is no dose of its own, and what is done to a pump is none at all.
    drugs = [
        one for one in events if one.dose and one.placed.agent and one.state in COUNTED and one.placed.kind != "bag"
    ]
    names = ids_of_names(agents) if patient.prior_exposures else {}
    earlier = tuple(replace(one, agent=names.get(one.agent.casefold(), one.agent)) for one in patient.prior_exposures)
    patient = replace(patient, prior_exposures=earlier)
    return tuple(counter for rule in rules for counter in _counters(rule, patient, drugs, agents, limits))


def _counters(
    rule: CounterRule, patient: Patient, events: Sequence[Event], agents: Mapping[str, Agent], limits: Limits
) -> Iterator[Counter]:
    meant = [event for event in events if _fits(rule, event.placed.agent, event, agents)]
    earlier = [one for one in patient.prior_exposures if _fits(rule, one.agent, None, agents)]
    if not (meant or earlier):
        return
    if rule.count == "sum":
        yield _sum(rule, meant, earlier)
        return
    if rule.count != "cycles":
        yield _number(rule, "", meant, earlier)
        return
    for agent in dict.fromkeys([event.placed.agent for event in meant] + [one.agent for one in earlier]):
        found = _number(
            rule,
            agent,
            [event for event in meant if event.placed.agent == agent],
            [one for one in earlier if one.agent == agent],
            limits.get(agent, (None, "")),
        )
        yield found


def _fits(rule: CounterRule, agent: str, event: Event | None, agents: Mapping[str, Agent]) -> bool:
    """Whether the rule means this agent, and this administration of it; earlier treatment has no route or kind."""
    known = agents.get(agent)
    if rule.agents and agent not in rule.agents:
        return False
    if rule.classes and not (known and set(rule.classes) & set(known.classes)):
        return False
    if event is None:
        return bool(rule.agents or rule.classes)
    placed = event.placed
    return (not rule.routes or placed.route in rule.routes) and (not rule.kinds or placed.kind in rule.kinds)


_KEYS: Mapping[str, Callable[[Event], Hashable]] = {
    "days": lambda event: event.day,
    "occasions": lambda event: (event.placed.block.id, event.day),
    "cycles": lambda event: (event.placed.block.id, event.placed.cycle),
}


def _number(
    rule: CounterRule,
    agent: str,
    events: Sequence[Event],
    earlier: Sequence[PriorExposure],
    limit: tuple[Decimal | None, str] = (None, ""),
) -> Counter:
    """Different days, occasions or cycles, or single doses. One that is partly given counts as given."""
    key_of = _KEYS.get(rule.count, id)
    kinds: dict[Hashable, str] = {}
    names: dict[str, set[Hashable]] = {}
    # Of doses that exclude each other only as many as can come.
    most, _ = most_together(events, lambda some: Decimal(len(set(map(key_of, some)))))
    for event in most:
        key, kind = key_of(event), COUNTED[event.state]
        kinds[key] = "given" if "given" in (kind, kinds.get(key)) else kinds.get(key, kind)
        if kind == "planned" and kinds[key] == "held":
            kinds[key] = "planned"
        names.setdefault(event.placed.agent_name, set()).add(key)
    told = [one for one in earlier if one.unit == rule.earlier]
    untold = tuple(f"earlier {one.agent}: {one.dose} {one.unit}" for one in earlier if one.unit != rule.earlier)
    numbers = list(kinds.values())
    return Counter(
        rule,
        agent,
        sum((one.dose for one in told), Decimal(0)),
        Decimal(numbers.count("given")),
        Decimal(numbers.count("planned")),
        Decimal(numbers.count("held")),
        parts=tuple(f"{name} {len(keys)}" for name, keys in names.items()),
        unknown=untold,
        limit=limit[0],
        limit_rule=limit[1],
    )


def _sum(rule: CounterRule, events: Sequence[Event], earlier: Sequence[PriorExposure]) -> Counter:
    """mg/m2 times factor. What has no factor or no dose by surface is named as unknown, never taken as nothing."""
    factors, sums, parts = dict(rule.factors), dict.fromkeys(("before", *COUNTED.values()), Decimal(0)), _Parts()
    missing = [event for event in events if _amount(event, factors) is None]
    # Of doses that exclude each other the greatest sum that can come, where all are known.
    most = events if missing else most_together(events, lambda some: _total(some, factors))[0]
    for one in earlier:
        factor = factors.get(one.agent)
        if factor is None or one.unit != rule.earlier:
            parts.miss(f"earlier {one.agent}: {one.dose} {one.unit}")
        else:
            sums["before"] += one.dose * factor
            parts.add(f"earlier {one.agent}", one.dose, factor)
    for event in most:
        amount = _amount(event, factors)
        if amount is not None:
            sums[COUNTED[event.state]] += amount * factors[event.placed.agent]
            if event.state is not State.HELD:
                parts.add(event.placed.agent_name, amount, factors[event.placed.agent])
    unknown = (*parts.missing, *dose_words(missing))
    return Counter(rule, "", sums["before"], sums["given"], sums["planned"], sums["held"], parts.words(), unknown)


def _amount(event: Event, factors: Mapping[str, Decimal]) -> Decimal | None:
    """Its dose by surface; None where it has none, or its drug no factor."""
    counted = event.placed.agent in factors and event.dose and event.dose.unit == "mg"
    return event.dose.per_m2 if counted and event.dose else None


def _total(events: Sequence[Event], factors: Mapping[str, Decimal]) -> Decimal:
    found = ((_amount(event, factors), factors[event.placed.agent]) for event in events)
    return sum((amount * factor for amount, factor in found if amount is not None), Decimal(0))


class _Parts:
    """What a sum was made of. Made for one sum and then dropped."""

    def __init__(self) -> None:
        self.missing: list[str] = []
        self._amounts: dict[str, tuple[Decimal, Decimal]] = {}

    def add(self, name: str, amount: Decimal, factor: Decimal) -> None:
        before, _ = self._amounts.get(name, (Decimal(0), factor))
        self._amounts[name] = before + amount, factor

    def miss(self, what: str) -> None:
        if what not in self.missing:
            self.missing.append(what)

    def words(self) -> tuple[str, ...]:
        return tuple(
            f"{name} {_tenth(amount)} × {format_number(factor)} = {_tenth(amount * factor)}"
            for name, (amount, factor) in self._amounts.items()
        )


def _tenth(value: Decimal) -> str:
    return format_number(value.quantize(Decimal("0.1")))
