"""What each block of a plan has to wait for: hard intervals between blocks, blocks that hang on others, barred days."""

from collections.abc import Container, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from planner.checking.check import make_ruling
from planner.checking.elapsed import DAY
from planner.checking.memory import Memory
from planner.checking.pieces import Piece
from planner.checking.repair import Network, Wait
from planner.checking.rulings import Ruling
from planner.checking.view import takes_part
from planner.model.agent import Agent
from planner.model.finding import SEVERITIES
from planner.model.plan import Plan
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import MinimumInterval, NotWithin
from planner.model.rule_kinds_span import OnWeekdays
from planner.model.rule_values import WEEKDAY_NAMES, Duration, Selectors
from planner.model.schedule import Event, Schedule

KINDS = ("minimum_interval", "not_within", "weekdays")


class Interval(NamedTuple):
    """Doses of `then` come at least so long after doses of `first`; one of the two is what the rule judges."""

    first: Selectors
    then: Selectors
    least: Duration
    judges_then: bool


def network(
    plan: Plan, schedule: Schedule, rules: Sequence[SequencingRule], agents: Mapping[str, Agent]
) -> tuple[Network, tuple[str, ...]]:
    """The blocks of the schedule, in order of their starts, as a network, with their ids in the same order.

    Hard are rules of the gravest severity. Of two blocks the one that starts first stays first. Where the doses of one
    run around those of the other, no order of blocks is meant: such findings stay for people to judge.
    """
    hard = tuple(rule for rule in rules if rule.severity == SEVERITIES[0] and rule.kind in KINDS)
    memory = Memory(hard, agents, plan.patient, make_ruling)
    pieces = memory.shelf.pieces(schedule)
    rulings = list(memory.judged(plan, schedule, pieces).rulings.values()) if pieces else []
    ids = tuple(block.id for block in schedule.blocks)
    blocks = {name: [piece for piece in pieces if piece.place[0] == name] for name in ids}
    waits = [*_chains(plan, schedule), *_intervals(rulings, blocks, ids)]
    base = [block.start for block in schedule.blocks]
    return Network(base, waits, _weekdays(rulings, blocks, base, ids)), ids


def hangs_on(plan: Plan, block_id: str, placed: Container[str]) -> str:
    """The nearest of the placed blocks that a block hangs on, past those a decision leaves out; "" for none."""
    after = plan.block(block_id).start.after
    while after and after not in placed:
        after = plan.block(after).start.after
    return after


def _chains(plan: Plan, schedule: Schedule) -> Iterator[Wait]:
    """A block that hangs on another keeps at least the distance it has."""
    at = {block.id: number for number, block in enumerate(schedule.blocks)}
    for number, block in enumerate(schedule.blocks):
        after = hangs_on(plan, block.id, at)
        if after:
            before = schedule.blocks[at[after]]
            yield Wait(at[after], number, block.start - before.start, f"{block.title} follows {before.title}")


def _intervals(rulings: Sequence[Ruling], blocks: Mapping[str, Sequence[Piece]], ids: Sequence[str]) -> Iterator[Wait]:
    for ruling in rulings:
        for interval in _asked(ruling.wanted):
            for earlier, later in combinations(range(len(ids)), 2):
                days = _wait(ruling, interval, blocks[ids[earlier]], blocks[ids[later]])
                if days is not None:
                    yield Wait(earlier, later, days, ruling.rule.id)


def _asked(wanted: Any) -> Iterator[Interval]:
    if isinstance(wanted, MinimumInterval):
        yield Interval(wanted.after or wanted.agents, wanted.agents, wanted.at_least, judges_then=True)
    elif isinstance(wanted, NotWithin):
        yield Interval(wanted.agents, wanted.others, wanted.before, judges_then=False)
        yield Interval(wanted.others, wanted.agents, wanted.after, judges_then=True)


def _wait(ruling: Ruling, interval: Interval, earlier: Sequence[Piece], later: Sequence[Piece]) -> int | None:
    """Days from the start of one block to the start of the other that the interval asks for, if it asks at all."""
    judged = (later if interval.judges_then else earlier)[0].block
    exempt = judged.protocol is not None and ruling.rule.id in dict(judged.protocol.exemptions)
    if exempt or interval.least.minutes <= 0 or not takes_part(judged.protocol_id, ruling.rule.protocols):
        return None
    meaning = ruling.known.meaning
    before = [event for piece in earlier for event in piece.series(interval.first, meaning).events]
    after = [event for piece in later for event in piece.series(interval.then, meaning).events]
    if not before or not after:
        return None
    last, first = max(before, key=_moment), min(after, key=_moment)
    if min(map(_moment, before)) > _moment(first) or _moment(last) > max(map(_moment, after)):
        return None  # one runs around the other, as a tablet every day does: that is no order of blocks
    days = _days_apart(last, first, interval.least)
    return days + (last.day - earlier[0].block.start) - (first.day - later[0].block.start)


def _days_apart(last: Event, first: Event, least: Duration) -> int:
    """Whole days between the two that are enough, clock times used where the length is in hours and both have one."""
    minutes = least.minutes
    if not least.in_days and last.minute >= 0 and first.minute >= 0:
        minutes += last.minute - first.minute
    return -(-minutes // DAY)


def _moment(event: Event) -> tuple[int, int]:
    return event.day, event.minute


def _weekdays(
    rulings: Sequence[Ruling], blocks: Mapping[str, Sequence[Piece]], base: Sequence[int], ids: Sequence[str]
) -> list[list[bool]]:
    """For each block on which days of the week (day number modulo 7) it may start, by the rules about weekdays."""
    table = []
    for start, name in zip(base, ids, strict=True):
        allowed = [True] * 7
        for ruling in rulings:
            if isinstance(ruling.wanted, OnWeekdays):
                barred = {number for number, day in enumerate(WEEKDAY_NAMES) if day not in ruling.wanted.allowed}
                for piece in blocks[name]:
                    for event in piece.series(ruling.wanted.agents, ruling.known.meaning).events:
                        for day in range(7):
                            if (day + event.day - start - 1) % 7 in barred:  # ordinal 1 was a Monday
                                allowed[day] = False
        table.append(allowed)
    return table
