"""Drugs that go on whatever is decided: only their dose hangs on the answer (ponatinib 30 mg, or 15 mg in response)."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product

from msgspec.structs import replace

from planner.model.condition import Condition
from planner.model.cycle_content import State
from planner.model.protocol import Phase, TemplateOrder
from planner.model.schedule import Event, PlacedBlock, Schedule

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
    start = next((one.start for one in placed.block.cycles if one.number == placed.cycle), placed.block.end)
    ahead = frozenset(name for name, day in placed.block.asked if day >= start)
    return _is_given_anyway(placed.block.phase, order.agent, order.route, placed.cycle, event.cycle_day, ahead)


def with_questions(schedule: Schedule) -> Schedule:
    """The schedule with its questions known to each block, for who asks `is_dose_open` of its events.

    A block alone does not know on which days others put them; with them it would be another block after every move.
    A deferral may bring a question forward within its cycle, so its days count from the first of that.
    """
    asked: dict[str, dict[str, int]] = {}
    for block in schedule.blocks:
        days = asked.setdefault(block.group, {})
        for name, day in _questions_in(block):
            days[name] = min(day, days.get(name, day))
    for one in schedule.decisions:  # also what a cycle asks for one behind it that closed up
        asked[one.group].setdefault(DECISION + one.decision.id, one.day)
    blocks = {
        one.id: replace(one, asked=tuple(asked[one.group].items())) for one in schedule.blocks if asked[one.group]
    }
    if not blocks:
        return schedule
    pieces = (replace(one, block=blocks.get(one.block.id, one.block)) for one in schedule.pieces)
    return replace(schedule, pieces=tuple(pieces), blocks=tuple(blocks.get(one.id, one) for one in schedule.blocks))


def _questions_in(block: PlacedBlock) -> Iterator[tuple[str, int]]:
    for decision in block.protocol.decisions if block.protocol else ():
        for cycle in block.cycles:
            if (decision.phase, decision.cycle) == (block.phase.id, cycle.number):
                yield DECISION + decision.id, cycle.start + min(0, block.phase.offset(decision.day))


@lru_cache(maxsize=4096)
def _is_given_anyway(phase: Phase, agent: str, route: str, cycle: int, day: int, ahead: frozenset[str]) -> bool:
    orders = [
        one
        for one in phase.orders
        if (one.agent, one.route) == (agent, route) and _is_of(one, cycle, day) and _asks_for_decisions(one.when)
    ]
    # An order that follows a decision at once knows of it within its cycle.
    ahead = frozenset() if any(one.at_once for one in orders) else ahead
    here = [one.when for one in orders]
    return bool(here) and all(any(when.holds(answers) for when in here) for answers in _answers(here, ahead))


def _is_of(order: TemplateOrder, cycle: int, day: int) -> bool:
    numbers = order.days.numbers
    drawn = day in numbers or (order.days.to_end and day > numbers[-1])
    return drawn and (not order.cycles or cycle in order.cycles)


def _asks_for_decisions(when: Condition) -> bool:
    """Whether nothing but decisions is asked for, so that every way they may fall can be gone through."""
    return all(one.subject.startswith(DECISION) and one.op in ("=", "!=", "in") for one in when.clauses)


def _answers(conditions: Sequence[Condition], ahead: frozenset[str]) -> Iterator[Mapping[str, str]]:
    """Every way in which the decisions that are asked for may fall; of those that lie ahead no answer counts yet."""
    named: dict[str, dict[str, None]] = {}
    for clause in (clause for when in conditions for clause in when.clauses):
        named.setdefault(clause.subject, {OTHER_ANSWER: None}).update(
            {} if clause.subject in ahead else dict.fromkeys(clause.values)
        )
    for values in product(*named.values()):
        yield dict(zip(named, values, strict=True))
