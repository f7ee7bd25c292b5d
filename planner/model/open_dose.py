"""Drugs that go on whatever is decided: only their dose hangs on the answer (ponatinib 30 mg, or 15 mg in response)."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product

from planner.model.condition import Condition
from planner.model.cycle_content import State
from planner.model.protocol import Phase, TemplateOrder
from planner.model.schedule import Event

DECISION = "decision."
OTHER_ANSWER = "\0"
"""Any answer that no order of the drug asks for by name; nothing decided is one."""


def is_dose_open(event: Event) -> bool:
    """Whether a dose is provisional of a drug that its phase gives on that day with every answer.

    "If your doctor confirms" alone would let a family take none until then.
    """
    placed, order = event.placed, event.placed.order
    if event.state is not State.PROVISIONAL or placed.block.provisional or not isinstance(order, TemplateOrder):
        return False
    return _is_given_anyway(placed.block.phase, order.agent, order.route, placed.cycle, event.cycle_day)


@lru_cache(maxsize=4096)
def _is_given_anyway(phase: Phase, agent: str, route: str, cycle: int, day: int) -> bool:
    here = [
        one.when
        for one in phase.orders
        if (one.agent, one.route) == (agent, route) and _is_of(one, cycle, day) and _asks_for_decisions(one.when)
    ]
    return bool(here) and all(any(when.holds(answers) for when in here) for answers in _answers(here))


def _is_of(order: TemplateOrder, cycle: int, day: int) -> bool:
    numbers = order.days.numbers
    drawn = day in numbers or (order.days.to_end and day > numbers[-1])
    return drawn and (not order.cycles or cycle in order.cycles)


def _asks_for_decisions(when: Condition) -> bool:
    """Whether nothing but decisions is asked for, so that every way they may fall can be gone through."""
    return all(one.subject.startswith(DECISION) and one.op in ("=", "!=", "in") for one in when.clauses)


def _answers(conditions: Sequence[Condition]) -> Iterator[Mapping[str, str]]:
    """Every way in which the decisions that are asked for may fall."""
    named: dict[str, dict[str, None]] = {}
    for clause in (clause for when in conditions for clause in when.clauses):
        named.setdefault(clause.subject, {OTHER_ANSWER: None}).update(dict.fromkeys(clause.values))
    for values in product(*named.values()):
        yield dict(zip(named, values, strict=True))
