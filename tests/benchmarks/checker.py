"""Puts the product's engine and kinds of rules behind the kit's interface for rules: it translates and asks, no more.

The kit's doses are whole thousandths; they are handed over as mg as they are, so that sums are exact.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from operator import is_
from typing import NamedTuple

from msgspec.structs import replace

from planner.checking.check import make_ruling
from planner.checking.hits import Hit
from planner.checking.memory import Memory
from planner.model.agent import Agent
from planner.model.condition import ALWAYS
from planner.model.cycle_content import (
    BY_TIME,
    ComputedDose,
    CycleContent,
    CycleEvent,
    EventRun,
    OrderLine,
    State,
    Working,
)
from planner.model.evidence import Evidence, Status
from planner.model.patient import Patient
from planner.model.plan import Plan
from planner.model.protocol import Days, Phase, Protocol, StartRule, TemplateOrder
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import KINDS
from planner.model.rule_values import Duration, Limit, Selector
from planner.model.schedule import Event, PlacedBlock, PlacedContent, PlacedCycle, Schedule

DAY = 1440
FIRST_DAY = date(2026, 1, 5).toordinal()
PATIENT = Patient("1", "Example", "", date(1980, 1, 1), "female")
AGENT_OF_BLOCK = {"IND": "dnr", "BLINA": "blin", "CHEMO": "hdmtx", "MAINT": "folic"}
"""A drug of the kit that only blocks of that type hold."""


def agent_id(drug: str) -> str:
    """The kit's name of a drug as the id of an agent."""
    return drug.lower()


class KitChecker:
    """One plan of the kit. Blocks are cycles; the number of an administration is its place in the plan."""

    def __init__(self, plan, rules: list[dict]) -> None:
        self._translation = {number: _rule(number, rule) for number, rule in enumerate(rules)}
        agents = {name: Agent(name, name) for name in {agent_id(drug) for drug in _drugs()}}
        self._memory = Memory(tuple(self._translation.values()), agents, PATIENT, make_ruling)
        self._plan = Plan("p", PATIENT)
        self._subject = {number: _SUBJECT[rule["kind"]] for number, rule in enumerate(rules)}
        self._drafts = _contents(plan)
        self._base = [FIRST_DAY + start for start in plan.bstart]
        self._pieces = [
            _piece(number, start, draft, plan.btype[number])
            for number, (start, draft) in enumerate(zip(self._base, self._drafts, strict=True))
        ]
        self._doses: dict[int, dict[int, int]] = {}
        self._contents: dict[object, CycleContent] = {}
        self._block = plan.block
        self._found: set[int] = set()
        self._numbers: dict[tuple[int, tuple[str, int]], frozenset[int]] = {}
        self.findings()

    def edit(self, edit: tuple[str, int, int]) -> None:
        """Move a block, or it and all after it, or set a dose to so many thousandths of its own."""
        kind, number, amount = edit
        if kind == "dose":
            self._set_dose(number, amount)
            return
        last = number + 1 if kind == "move" else len(self._pieces)
        self._pieces[number:last] = [_moved(piece, amount) for piece in self._pieces[number:last]]

    def _set_dose(self, number: int, permille: int) -> None:
        at = self._block[number]
        doses = self._doses.setdefault(at, {})
        draft = self._drafts[at]
        doses.pop(number - draft.rank, None)
        if permille != 1000:
            doses[number - draft.rank] = permille
        key = (draft.content, tuple(sorted(doses.items())))
        changed = self._contents.get(key) if doses else draft.content
        if changed is None:
            changed = self._contents[key] = _dosed(draft, doses)
        self._pieces[at] = replace(self._pieces[at], content=changed)

    def findings(self) -> set[int]:
        """The kit's numbers of all findings."""
        pieces = self._memory.shelf.pieces(Schedule(tuple(self._pieces), (), ()))
        schedule = Schedule((), (), ())
        checker = self._memory.judged(self._plan, schedule, pieces)
        hits_now = checker.every()
        for change, before in checker.changes.items():
            number, place = change
            # A hit that moved is about the same doses as before, which the kit knows by numbers without days.
            hits = [hit.of for hit in hits_now[number].get(place, ())]
            if hits and len(hits) == len(before) and all(map(is_, hits, [hit.of for hit in before])):
                continue
            new = frozenset(map((number * 1_000_000).__add__, self._subject[number](hits, self._number)))
            old = self._numbers.get(change, frozenset())
            if new != old:
                self._found -= old
                self._found |= new
                self._numbers[change] = new
        checker.changes.clear()
        return self._found

    def _number(self, event: Event) -> int:
        """The kit's number of a dose."""
        block = event.placed.block
        draft = self._drafts[_number_of(block)]
        return draft.rank + draft.numbers[event.placed.agent, (event.day - block.start) * DAY + event.minute]


def _drugs() -> Iterable[str]:
    from workload import DRUGS

    return DRUGS


class Draft(NamedTuple):
    """The content of a block, the kit's number of its first administration and, from there, of each by drug and time.

    The content is as the application makes them: doses of a drug that are alike are one run.
    """

    content: CycleContent
    rank: int
    numbers: dict[tuple[str, int], int]


def _contents(plan) -> list[Draft]:
    """The draft of each block. Alike blocks share one content."""
    from workload import DRUGS

    lines = [_line(agent_id(drug)) for drug in DRUGS]
    blocks: list[list[int]] = [[] for _ in range(plan.nb)]
    for number in range(plan.n):
        blocks[plan.block[number]].append(number)
    made: dict[object, tuple[CycleContent, dict[tuple[str, int], int]]] = {}
    found = []
    for numbers in blocks:
        rank = numbers[0]
        key = tuple((plan.drug[one], plan.off[one], plan.dose[one], plan.dose_m2[one]) for one in numbers)
        if key not in made:
            orders: dict[int, list[CycleEvent]] = {}
            places = {(lines[plan.drug[one]].agent, plan.off[one]): one - rank for one in numbers}
            assert len(places) == len(numbers), "a drug is given once at a time"
            for one in numbers:
                orders.setdefault(plan.drug[one], []).append(_event(plan, one, plan.drug[one], lines))
            made[key] = CycleContent.of_events(sorted(events, key=BY_TIME) for events in orders.values()), places
        found.append(Draft(made[key][0], rank, made[key][1]))
    return found


def _line(agent: str) -> OrderLine:
    order = TemplateOrder(agent, agent, "antineoplastic", "IV", (), Days((1,)), Evidence.LOCAL, ())
    return OrderLine(order, "administration", agent, agent, "antineoplastic", "IV", Evidence.LOCAL)


def _event(plan, number: int, drug: int, lines: list[OrderLine]) -> CycleEvent:
    day, minute = divmod(plan.off[number], DAY)
    dose = _dose(plan.dose[number], plan.dose_m2[number])
    return CycleEvent(day, minute, drug, lines[drug], day + 1, State.PLANNED, dose, day, -1, ())


@cache
def _dose(amount: int, per_m2: int) -> ComputedDose:
    return ComputedDose(Decimal(amount), "mg", f"{per_m2} mg", how=Working(per_m2=Decimal(per_m2)))


def _dosed(draft: Draft, permille: Mapping[int, int]) -> CycleContent:
    """The content with some doses changed, as the kit rounds them. The runs of all other drugs stay."""
    drugs = {drug for (drug, _), number in draft.numbers.items() if number in permille}
    runs: list[EventRun] = []
    for run in draft.content.runs:
        runs += _parts(run, draft, permille) if run.line.agent in drugs else (run,)
    return CycleContent.of(runs)


def _parts(run: EventRun, draft: Draft, permille: Mapping[int, int]) -> Iterator[EventRun]:
    """The doses of a run parted by how much they are now."""
    parts: dict[int, list[int]] = {}
    for at, (offset, minute) in enumerate(zip(run.offsets, run.minutes, strict=True)):
        number = draft.numbers[run.line.agent, offset * DAY + minute]
        parts.setdefault(permille.get(number, 1000), []).append(at)
    assert run.dose
    assert run.dose.value is not None
    assert run.dose.per_m2 is not None
    for amount, some in parts.items():
        dose = _dose(int(run.dose.value) * amount // 1000, int(run.dose.per_m2) * amount // 1000)
        columns = ([column[at] for at in some] for column in (run.offsets, run.minutes, run.cycle_days))
        yield EventRun(run.line, run.place, *map(tuple, columns), run.state, dose, run.shift, run.length, run.notes)


def _piece(number: int, start: int, draft: Draft, kind: int) -> PlacedContent:
    from workload import BLOCK_TYPES

    name = BLOCK_TYPES[kind]
    protocol = _PROTOCOLS[name]
    block = PlacedBlock(
        f"b{number}",
        name,
        "g",
        name,
        name,
        "1",
        protocol.phases[0],
        (PlacedCycle(1, start, start + 1),),
        start,
        start + 1,
        provisional=False,
        reasons=(),
        protocol=protocol,
    )
    return PlacedContent(draft.content, start, block, 1, draft.rank)


def _protocol(name: str) -> Protocol:
    phase = Phase(name, name, 28, StartRule(), ())
    return Protocol(name, name, "1", Status.DRAFT, "", "", (), (phase,), ())


_PROTOCOLS = {name: _protocol(name) for name in AGENT_OF_BLOCK}


def _moved(piece: PlacedContent, days: int) -> PlacedContent:
    block, start = piece.block, piece.start + days
    return PlacedContent(piece.content, start, replace(block, start=start, end=start + 1), piece.cycle, piece.rank)


def _who(drugs: str | Iterable[str]) -> tuple[Selector, ...]:
    names = [drugs] if isinstance(drugs, str) else drugs
    return tuple(Selector("agent", agent_id(name)) for name in names)


def _minutes(minutes: int) -> Duration:
    return Duration(minutes, in_days=False)


def _block(name: str) -> tuple[Selector, ...]:
    return _who(AGENT_OF_BLOCK[name])


def _sum(rule: dict) -> tuple[str, dict[str, object]]:
    factors = tuple((agent_id(drug), Decimal(one) / 1000) for drug, one in zip(rule["a"], rule["factor"], strict=True))
    if rule["window"] is None:
        limit = (Limit(ALWAYS, Decimal(rule["limit"])),)
        return "cumulative_dose", {"agents": _who(rule["a"]), "limit": limit, "near_percent": 100}
    within = _minutes(rule["window"])
    return "dose_sum", {
        "agents": _who(rule["a"]),
        "at_most": Decimal(rule["limit"]),
        "within": within,
        "factors": factors,
    }


def _weekdays(rule: dict) -> tuple[str, dict[str, object]]:
    from planner.model.rule_values import WEEKDAY_NAMES

    return "weekdays", {"agents": _who(rule["a"]), "allowed": tuple(WEEKDAY_NAMES[day] for day in rule["allowed"])}


_TRANSLATE: Mapping[str, Callable[[dict], tuple[str, dict[str, object]]]] = {
    "min_gap": lambda rule: (
        "minimum_interval",
        {
            "agents": _who(rule["b"]),
            "after": _who(rule["a"]),
            "at_least": _minutes(rule["min"]),
            "one_moment": "one dose",
        },
    ),
    "max_gap": lambda rule: (
        "maximum_interval",
        {"agents": _who(rule["a"]), "at_most": _minutes(rule["max"])},
    ),
    "exclude": lambda rule: (
        "not_within",
        {
            "agents": _who(rule["b"]),
            "others": _who(rule["a"]),
            "before": _minutes(rule["after"] + 1),
            "after": _minutes(rule["before"] + 1),
        },
    ),
    "companion": lambda rule: (
        "companion",
        {
            "agents": _who(rule["a"]),
            "needs": _who(rule["b"]),
            "earliest": _minutes(rule["lo"]),
            "latest": _minutes(rule["hi"]),
        },
    ),
    "cum_dose": _sum,
    "max_count": lambda rule: (
        "dose_count",
        {
            "agents": _who(rule["a"]),
            "at_most": rule["n"],
            "within": None if rule["window"] is None else _minutes(rule["window"]),
        },
    ),
    "dose_cap": lambda rule: (
        "dose_limit",
        {"agents": _who(rule["a"]), "unit": "mg", "at_most": (Limit(ALWAYS, Decimal(rule["cap"])),)},
    ),
    "weekday": _weekdays,
    "block_gap": lambda rule: (
        "cycle_interval",
        {
            "agents": _block(rule["b"]),
            "after": _block(rule["a"]),
            "at_least": Duration(rule["lo"] * DAY, in_days=True),
            "at_most": Duration(rule["hi"] * DAY, in_days=True),
        },
    ),
    "max_cycles": lambda rule: ("cycle_count", {"agents": _block(rule["a"]), "at_most": rule["n"]}),
    "order": lambda rule: ("cycles_in_order", {"first": _block(rule["a"]), "then": _block(rule["b"])}),
}


def _rule(number: int, rule: dict) -> SequencingRule:
    kind, parameters = _TRANSLATE[rule["kind"]](rule)
    assert set(parameters) <= set(KINDS[kind]._fields)
    scope = (rule["scope"],) if rule.get("scope") else ()
    return SequencingRule(
        id=f"K-{number}",
        title=kind,
        statement=kind,
        kind=kind,
        severity="warning",
        parameters=parameters,
        reference="made up",
        evidence=Evidence.LOCAL,
        status=Status.DRAFT,
        protocols=scope,
    )


def _number_of(block: PlacedBlock) -> int:
    """The kit's number of a block."""
    return int(block.id[1:])


NumberOf = Callable[[Event], int]


def _last_dose(hits: Iterable[Hit], number: NumberOf) -> Iterator[int]:
    return (number(hit.events[-1]) for hit in hits)


def _first_dose(hits: Iterable[Hit], number: NumberOf) -> Iterator[int]:
    return (number(hit.events[0]) for hit in hits)


def _every_dose(hits: Iterable[Hit], number: NumberOf) -> Iterator[int]:
    return (number(event) for hit in hits for event in hit.events)


def _last_block(hits: Iterable[Hit], _: NumberOf) -> Iterator[int]:
    return (900_000 + _number_of(hit.events[-1].placed.block) for hit in hits)


def _first_block(hits: Iterable[Hit], _: NumberOf) -> Iterator[int]:
    return (900_000 + _number_of(hit.events[0].placed.block) for hit in hits)


def _every_block(hits: Iterable[Hit], _: NumberOf) -> Iterator[int]:
    return (900_000 + _number_of(event.placed.block) for hit in hits for event in hit.events)


_SUBJECT: Mapping[str, Callable[[Iterable[Hit], NumberOf], Iterator[int]]] = {
    "min_gap": _last_dose,
    "max_gap": _last_dose,
    "exclude": _first_dose,
    "companion": _first_dose,
    "cum_dose": _every_dose,
    "max_count": _every_dose,
    "dose_cap": _first_dose,
    "weekday": _first_dose,
    "block_gap": _last_block,
    "max_cycles": _every_block,
    "order": _first_block,
}
"""Which of a hit's doses the kit counts as found."""
