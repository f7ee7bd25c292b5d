"""Numbers for which no dose of a drug stands, between those for which one does, told to the author of a protocol."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise, product

from planner.model.condition import ALWAYS, Clause, Condition, Fact
from planner.model.protocol import Phase, Protocol, TemplateOrder

ORDERED = ("<", "<=", ">", ">=")
YEARS = ("age", "age_at_entry")
"""Facts in whole years: nothing lies between two of them."""
LEFT_OUT = "any other"
"""Stands for a value that no condition names."""
MOST_TRIES = 500

Option = tuple[Condition, Condition]


def band_gaps(protocol: Protocol) -> tuple[str, ...]:
    """Drugs of a phase whose orders and bands leave out a number inside their range: "weight > 45" and "weight < 45".

    Somebody of exactly that weight would have the drug drawn without a dose, or not drawn. What lies outside of all
    numbers named is meant so (below 1 year, below 30 mL/min).
    """
    return tuple(told for phase in protocol.phases for told in _of_phase(phase))


def _of_phase(phase: Phase) -> Iterator[str]:
    for order in phase.orders:
        yield from _told(phase, order.id, [(order.when, band.when) for band in order.bands])
    drugs: dict[tuple[str, str, str], list[TemplateOrder]] = defaultdict(list)
    for order in phase.orders:
        if any(clause.op in ORDERED for clause in order.when.clauses):
            drugs[order.agent, order.route, order.role].append(order)
    for several in drugs.values():
        if len(several) > 1:
            yield from _told(phase, ", ".join(one.id for one in several), [(one.when, ALWAYS) for one in several])


def _told(phase: Phase, name: str, options: Sequence[Option]) -> Iterator[str]:
    clauses = [clause for option in options for one in option for clause in one.clauses]
    asked = {clause.subject for clause in clauses if clause.op in ORDERED}
    for subject in asked if len(asked) == 1 else ():
        for number in _left_out(subject, options, clauses):
            yield f"phase {phase.id}, order {name}: nothing stands for {subject} {number}, but below and above it"


def _left_out(subject: str, options: Sequence[Option], clauses: Sequence[Clause]) -> list[str]:
    """The numbers at which nothing holds although something does below and above, whatever else is so."""
    numbers = _numbers(subject, clauses)
    found: list[Decimal] = []
    for others in _others(subject, clauses):
        holds = [_holds(options, {**others, subject: one}) for one in numbers]
        first = holds.index(True) if True in holds else len(holds)
        last = len(holds) - holds[::-1].index(True) if True in holds else 0
        found += [number for number, held in zip(numbers[first:last], holds[first:last], strict=True) if not held]
    return [f"{number.normalize():f}" for number in sorted(set(found))]


def _holds(options: Sequence[Option], facts: Mapping[str, Fact]) -> bool:
    return any(when.holds(facts) and band.holds(facts) for when, band in options)


def _numbers(subject: str, clauses: Sequence[Clause]) -> list[Decimal]:
    """Every number named, one below and one above all of them, and one between each two."""
    named = sorted({Decimal(clause.values[0]) for clause in clauses if clause.subject == subject})
    ends = [named[0] - 1, *named, named[-1] + 1]
    if subject in YEARS:
        return [Decimal(year) for year in range(int(ends[0]), int(ends[-1]) + 1)]
    return sorted({*ends, *((low + high) / 2 for low, high in pairwise(ends))})


def _others(subject: str, clauses: Sequence[Clause]) -> Iterator[Mapping[str, str]]:
    """Each way in which the other facts of the conditions may stand; none where they are too many to try."""
    values: dict[str, set[str]] = defaultdict(lambda: {LEFT_OUT})
    for clause in clauses:
        if clause.subject != subject:
            values[clause.subject].update(clause.values)
    tries = 1
    for one in values.values():
        tries *= len(one)
    if tries <= MOST_TRIES:
        for chosen in product(*(sorted(one) for one in values.values())):
            yield dict(zip(values, chosen, strict=True))
