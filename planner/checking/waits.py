"""What each cycle of a plan has to wait for: hard intervals, cycles and blocks that follow others, closed days."""

from collections.abc import Container, Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any, NamedTuple

from planner.checking.check import make_ruling
from planner.checking.context import Context
from planner.checking.elapsed import DAY
from planner.checking.meaning import kept_to, takes_part
from planner.checking.memory import Memory
from planner.checking.pieces import Piece
from planner.checking.repair import Choice, Network, Wait
from planner.checking.row import Place
from planner.checking.rulings import Ruling
from planner.checking.stops import is_cut_short, last_dose
from planner.model.agent import Agent
from planner.model.finding import SEVERITIES
from planner.model.plan import Plan
from planner.model.protocol import TemplateOrder
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import MinimumInterval, NotWithin
from planner.model.rule_kinds_span import OnWeekdays
from planner.model.rule_values import WEEKDAY_NAMES, Duration, Selectors
from planner.model.schedule import Event, PlacedBlock, PlacedContent, Schedule
from planner.model.sentence import Sentence

KINDS = ("minimum_interval", "not_within", "weekdays")
AT_HOME = ("PO", "topical", "ophthalmic")
"""Routes for which nobody has to be in the clinic."""


Cycles = Sequence[tuple[int, Piece]]
"""Cycles of one block, each with its number in the network."""
Dose = tuple[int, int, Event]
"""A dose with its cycle's number and start."""
Doses = tuple[Dose, Dose, Dose]
"""The first and the last of some doses, and the first one of the last cycle with any."""


class Days(NamedTuple):
    """Closed days: weekdays (0 for Monday) and ordinals."""

    weekdays: frozenset[int] = frozenset()
    dates: frozenset[int] = frozenset()


OPEN = Days()
Shown = tuple[Plan, Schedule]


class Task(NamedTuple):
    """The cycles of a plan, numbered by their starts, what each waits for, and where either order would do.

    `network` keeps the order there is, `free` lets the choices decide it. `cycles` stand by their numbers; `firsts` are
    the numbers of the first ones of blocks, `order` the places of blocks in the plan; `hung_on` is the number of the
    cycle from which a block counts its start, where it hangs on another one.
    """

    cycles: Sequence[PlacedContent]
    network: Network
    free: Network
    choices: tuple[Choice, ...]
    firsts: Mapping[str, int]
    order: Mapping[str, int]
    hung_on: Mapping[str, int]


class Interval(NamedTuple):
    """Doses of `then` come at least so long after doses of `first`; one of the two is what the rule judges.

    `starts`: from the first doses of one cycle on, not from its last. `anew`: more than so many days after the last
    dose of a cycle that a stop for an adverse reaction cut short are enough as well (`new_cycle_after_days`).
    """

    first: Selectors
    then: Selectors
    least: Duration
    judges_then: bool
    starts: bool = False
    outside_block: bool = False
    anew: int | None = None


def task(
    plan: Plan,
    schedule: Schedule,
    rules: Sequence[SequencingRule],
    agents: Mapping[str, Agent],
    closed: Days = OPEN,
) -> Task:
    """The repair of a plan as a network of its cycles.

    Hard are rules of the gravest severity. Of two cycles the one that starts first stays first; for two blocks of which
    neither hangs on the other, the other order is told as a choice. Where the doses of one run around those of the
    other, no order of the two is meant, and what clashes inside one cycle no move can end: such findings stay for
    people to judge.
    """
    hard = tuple(rule for rule in rules if rule.severity == SEVERITIES[0] and rule.kind in KINDS)
    memory = Memory(hard, agents, plan.patient, make_ruling, plan.bsa_formula)
    pieces = sorted(memory.together.pieces(memory.shelf.pieces(schedule)), key=lambda piece: piece.start)
    at = {piece.place: number for number, piece in enumerate(pieces)}
    hung_on = dict(_hung_on(plan, schedule, at))
    chains = list(_chains(schedule, at, hung_on))
    rulings = list(memory.judged(plan, schedule, pieces).rulings.values()) if pieces else []
    waits, choices = _intervals(rulings, pieces, _tied(plan), (plan, schedule))
    base = [piece.start for piece in pieces]
    weekdays = [_weekdays(rulings, piece, closed.weekdays) for piece in pieces]
    first = [_first_in_clinic(piece) for piece in pieces]
    free = Network(base, [*chains, *waits], weekdays, closed.dates, first)
    kept = Network(base, [*free.waits, *(choice.one for choice in choices)], weekdays, closed.dates, first)
    firsts = {block.id: at[block.id, block.cycles[0].number] for block in schedule.blocks}
    order = {block.id: number for number, block in enumerate(plan.blocks)}
    return Task([piece.placed for piece in pieces], kept, free, tuple(choices), firsts, order, hung_on)


def _hung_on(plan: Plan, schedule: Schedule, at: Mapping[Place, int]) -> Iterator[tuple[str, int]]:
    """The blocks that hang on another, each with the number of the cycle from which it counts its start."""
    blocks = {block.id: block for block in schedule.blocks}
    for block in schedule.blocks:
        after = _hangs_on(plan, block.id, blocks)
        if after:
            yield block.id, at[after, _cycle_hung_on(plan, block, blocks[after])]


def _hangs_on(plan: Plan, block_id: str, placed: Container[str]) -> str:
    """The nearest of the placed blocks that a block hangs on, past those a decision leaves out; "" for none."""
    after = plan.block(block_id).start.after
    while after and after not in placed:
        after = plan.block(after).start.after
    return after


def _cycle_hung_on(plan: Plan, block: PlacedBlock, before: PlacedBlock) -> int:
    """The cycle of the block before from which a block counts its start: its last, or the one that holds the day."""
    start = plan.block(block.id).start
    if start.after != before.id or start.day is None:
        return before.cycles[-1].number
    day = block.start - start.gap_days
    return next((cycle.number for cycle in reversed(before.cycles) if cycle.start <= day), before.cycles[0].number)


def _tied(plan: Plan) -> Mapping[str, frozenset[str]]:
    """For each block all blocks of its chain: those it hangs on and those that hang on it, however far."""
    chains: dict[str, str] = {}
    for block in plan.blocks:
        root = block
        while root.start.after:
            root = plan.block(root.start.after)
        chains[block.id] = root.id
    return {
        block.id: frozenset(name for name, root in chains.items() if root == chains[block.id]) for block in plan.blocks
    }


def _chains(schedule: Schedule, at: Mapping[Place, int], hung_on: Mapping[str, int]) -> Iterator[Wait]:
    """Cycles of a block follow each other, and a block that hangs on another keeps at least the distance it has."""
    holds = {at[block.id, cycle.number]: (block, cycle) for block in schedule.blocks for cycle in block.cycles}
    for block in schedule.blocks:
        for one, two in pairwise(block.cycles):
            numbers = at[block.id, one.number], at[block.id, two.number]
            yield Wait(
                *numbers,
                two.start - one.start,
                Sentence("cycle {cycle} of {block} follows the one before", cycle=two.number, block=block.title),
            )
        if block.id in hung_on:
            before, cycle = holds[hung_on[block.id]]
            numbers = hung_on[block.id], at[block.id, block.cycles[0].number]
            yield Wait(
                *numbers,
                block.cycles[0].start - cycle.start,
                Sentence("{block} follows {other}", block=block.title, other=before.title),
            )


def _intervals(
    rulings: Sequence[Ruling], pieces: Sequence[Piece], tied: Mapping[str, frozenset[str]], shown: Shown
) -> tuple[list[Wait], list[Choice]]:
    """Between the cycles of each block, and between each two blocks."""
    found: dict[str, list[tuple[int, Piece]]] = {}
    for numbered in enumerate(pieces):
        found.setdefault(numbered[1].block_id, []).append(numbered)
    blocks = {name: tuple(cycles) for name, cycles in found.items()}
    waits: list[Wait] = []
    choices: list[Choice] = []
    for ruling in rulings:
        asked = [_Asked(ruling, interval, Context(*shown, ruling.known, pieces)) for interval in _asked(ruling.wanted)]
        for cycles in blocks.values():
            for one, two in combinations(cycles, 2):
                waits += _waits(asked, (one,), (two,))
        for (name, earlier), (other, later) in combinations(blocks.items(), 2):
            ahead = _waits(asked, earlier, later)
            back = _waits(asked, later, earlier, turned=True) if other not in tied.get(name, ()) else []
            if len(ahead) == len(back) == 1:
                choices.append(Choice(ahead[0], back[0]))
            else:
                waits += ahead
    return waits, choices


def _asked(wanted: Any) -> Iterator[Interval]:
    if isinstance(wanted, MinimumInterval):
        starts = wanted.between == "cycles" and not wanted.after
        yield Interval(
            wanted.after or wanted.agents, wanted.agents, wanted.least, judges_then=True, starts=starts,
            outside_block=wanted.outside_block, anew=wanted.new_cycle_after_days,
        )  # fmt: skip
    elif isinstance(wanted, NotWithin):
        yield Interval(wanted.agents, wanted.others, wanted.before, judges_then=False)
        yield Interval(wanted.others, wanted.agents, wanted.after, judges_then=True)


def _waits(asked: Sequence["_Asked"], earlier: Cycles, later: Cycles, *, turned: bool = False) -> list[Wait]:
    """What a rule asks for between some cycles and others behind them; `turned` if they do not stand so yet."""
    found = (one.wait(earlier, later, turned) for one in asked)
    return [wait for wait in found if wait is not None]


class _Asked:
    """An interval a rule asks for, with the doses it is about, cycle by cycle. Made for one task and then dropped."""

    def __init__(self, ruling: Ruling, interval: Interval, context: Context) -> None:
        protocols = ruling.rule.protocols
        if interval.judges_then:
            interval = interval._replace(then=kept_to(protocols, interval.then))
        else:
            interval = interval._replace(first=kept_to(protocols, interval.first))
        self._ruling, self._interval, self._context = ruling, interval, context
        self._doses: dict[tuple[bool, int, int], Doses | None] = {}

    def wait(self, earlier: Cycles, later: Cycles, turned: bool) -> Wait | None:
        """Days from the start of the cycle with the last dose to the start of the one with the first, if it asks."""
        interval, rule = self._interval, self._ruling.rule
        one_block, other_block = earlier[0][1].block, later[0][1].block
        if interval.least.minutes <= 0 or (interval.outside_block and one_block.id == other_block.id):
            return None
        before = self._of(earlier, interval.first, is_first=True)
        after = self._of(later, interval.then, is_first=False) if before else None
        if not before or not after:
            return None
        judged = other_block if interval.judges_then else one_block
        exempt = judged.protocol is not None and rule.id in dict(judged.protocol.exemptions)
        if exempt or not takes_part(judged.protocol_id, rule.protocols):
            return None
        (number, start, last), (other, begin, first) = before[2 if interval.starts else 1], after[0]
        if not turned and (_moment(before[0][2]) > _moment(first) or _moment(last) > _moment(after[1][2])):
            return None  # one runs around the other, as a tablet every day does: that is no order of the two
        days = self._days(last, first) + (last.day - start) - (first.day - begin)
        return Wait(number, other, days, rule.id)

    def _days(self, last: Event, first: Event) -> int:
        """Days from the one dose to the other that the rule asks for."""
        interval, days = self._interval, _days_apart(last, first, self._interval.least)
        if interval.anew is None or not is_cut_short(last, interval.first, self._context):
            return days
        end = last_dose(last, interval.first, self._context) or last
        return min(days, end.day + interval.anew + 2 - last.day)

    def _of(self, cycles: Cycles, selectors: Selectors, *, is_first: bool) -> "Doses | None":
        """The first and the last of the doses that are meant; None where there is none."""
        key = (is_first, cycles[0][0], len(cycles))
        if key not in self._doses:
            self._doses[key] = self._collect(cycles, selectors)
        return self._doses[key]

    def _collect(self, cycles: Cycles, selectors: Selectors) -> "Doses | None":
        firsts: list[Dose] = []
        found: list[Dose] = []
        for number, piece in cycles:
            events = piece.series(selectors, self._ruling.known.meaning).events
            if events:
                firsts.append((number, piece.start, events[0]))
                found += [firsts[-1], (number, piece.start, events[-1])]
        if not found:
            return None
        return min(found, key=_by_moment), max(reversed(found), key=_by_moment), max(firsts, key=_by_moment)


def _days_apart(last: Event, first: Event, least: Duration) -> int:
    """Whole days between the two that are enough, clock times used where the length is in hours and both have one."""
    minutes = least.minutes
    if not least.in_days and last.minute >= 0 and first.minute >= 0:
        minutes += last.minute - first.minute
    return -(-minutes // DAY)


def _by_moment(dose: Dose) -> tuple[int, int]:
    return _moment(dose[2])


def _moment(event: Event) -> tuple[int, int]:
    return event.day, event.minute


def _first_in_clinic(piece: Piece) -> int | None:
    """Days from the start of a cycle to its first event in the clinic; None where it has none."""
    days = [
        run.offsets[0]
        for who, runs in piece.shape.runs.items()
        for run in runs
        if not isinstance(run.line.order, TemplateOrder) or who.route not in AT_HOME
    ]
    return min(days, default=None)


def _weekdays(rulings: Sequence[Ruling], piece: Piece, closed: frozenset[int]) -> list[bool]:
    """On which days of the week (day number modulo 7) a cycle may start, by the rules and the clinic's closed days."""
    allowed = [True] * 7
    for ruling in rulings:
        if isinstance(ruling.wanted, OnWeekdays):
            barred = {number for number, day in enumerate(WEEKDAY_NAMES) if day not in ruling.wanted.allowed}
            for event in piece.series(ruling.wanted.agents, ruling.known.meaning).events:
                _bar(allowed, event.day - piece.start, barred)
    first = _first_in_clinic(piece)
    if first is not None:
        _bar(allowed, first, closed)
    return allowed


def _bar(allowed: list[bool], offset: int, barred: Container[int]) -> None:
    """Bar the starts by which the day that lies so many days later would be one of these weekdays."""
    for day in range(7):
        if (day + offset - 1) % 7 in barred:  # ordinal 1 was a Monday
            allowed[day] = False
