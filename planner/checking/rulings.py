"""A rule made ready for one patient: its parameters as a value, its function, how far it looks."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from planner.checking.context import Context
from planner.checking.hits import FAILED, Hit, named
from planner.checking.known import Known, Read
from planner.checking.meaning import Who
from planner.checking.pieces import Hull, Shape
from planner.checking.reach import Gate, Reach
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import selectors_of
from planner.model.rule_values import Selector, Selectors
from planner.model.schedule import Event

Find = Callable[[SequencingRule, Any, Context], Iterable[Hit]]


class How(NamedTuple):
    """How a rule is judged: its function, its parameters as a value, how far it looks, what has to be passed first."""

    find: Find
    wanted: Any
    reach: Reach | None = None
    gate: Gate | None = None


class Ruling:
    """A rule and what is kept about it."""

    def __init__(self, number: int, rule: SequencingRule, known: Known, how: How) -> None:
        self.number = number
        self.rule = rule
        self.known = known
        self.find, self.wanted, self.reach, self.gate = how
        self.opens = self.reach is not None and self.reach.since_first
        self.memo: dict[object, Any] = {}
        self.alone: dict[int, bool | None] = {}
        """Contents, and whether the rule finds nothing there as if they were the whole plan; None: asked for once."""
        named = [(one,) for _, one in selectors_of(rule.parameters) if not one.negated]
        self.sees: tuple[Selectors, ...] = (*((self.reach.judged, *self.reach.near) if self.reach else ()), *named)
        """All that the rule looks for in a cycle."""
        self._a_day = tuple(one for name, one in selectors_of(rule.parameters) if one.a_day and name != "but_not")
        self._by_doses = self.reach is not None and self.reach.amounts_matter
        self._contents: dict[int, int] = {}
        self.reads: set[Read] = set()
        """All that the rule ever asked of the patient in judging."""
        self.made_by: set[Read] = set()
        """What was asked in making it ready: how far it looks may rest on that."""
        self._hulls: dict[int, Hull | None] = {}
        self._near: dict[int, Hull | None] = {}
        self._totals: dict[int, Decimal | int | None] = {}

    def judged(self, shape: Shape) -> Hull | None:
        """From which to which offset a shape holds doses that the rule judges."""
        if shape.timing not in self._hulls:
            found = shape.hull(self.reach.judged, self.known.meaning) if self.reach else None
            self._hulls[shape.timing] = found
        return self._hulls[shape.timing]

    def near(self, shape: Shape) -> Hull | None:
        """From which to which offset a shape holds doses that matter to doses judged elsewhere."""
        if shape.timing not in self._near:
            hulls = [shape.hull(one, self.known.meaning) for one in self.reach.near] if self.reach else []
            some = [hull for hull in hulls if hull is not None]
            found = (min(first for first, _ in some), max(last for _, last in some)) if some else None
            self._near[shape.timing] = found
        return self._near[shape.timing]

    def sees_one(self, who: Who) -> bool:
        """Whether the rule looks for something that is given so."""
        return any(self.known.meaning.bound(one, who) is not None for one in self.sees)

    def content(self, shape: Shape) -> int:
        """A number for all that the rule can see in a shape: cycles that differ in something else are alike to it."""
        name = shape.number if self._by_doses else shape.timing
        found = self._contents.get(name)
        if found is None:
            found = self._contents[name] = shape.part(self.sees, self.known.meaning, doses=self._by_doses)
        return found

    def is_shut(self, shapes: Iterable[Shape]) -> bool:
        """Whether the gate of the rule stays shut: all doses of these shapes together do not pass it."""
        if self.gate is None:
            return False
        total: Decimal | int = 0
        for shape in shapes:
            part = self.part(shape)
            if part is None:
                return False
            total += part
        return total <= self.gate.limit

    def part(self, shape: Shape) -> Decimal | int | None:
        """What the doses of a shape add to the sum of the gate; None where that is not known."""
        if shape.number not in self._totals and self.gate is not None:
            meaning, judged = self.known.meaning, self.gate.judged
            bounds = meaning.bounds(judged)
            given = shape.runs.items() if shape.hull(judged, meaning) else ()
            runs = [run for who, some in given if bounds[who] is not None for run in some]
            self._totals[shape.number] = self.gate.of(runs)
        return self._totals.get(shape.number)

    def judge(self, context: Context) -> tuple[Hit, ...]:
        """What the rule finds there. Whatever it raises is our bug and becomes a hit that says so, never a pass."""
        before, self.known.noting = self.known.noting, self.reads
        try:
            return tuple(_explained(hit, self._a_day) for hit in self.find(self.rule, self.wanted, context))
        except Exception as error:  # noqa: BLE001 whatever a rule raises is told
            return (failed(self.rule, error),)
        finally:
            self.known.noting = before

    def forget(self) -> None:
        """Drop all verdicts: what they rest on is another by now."""
        self.memo.clear()
        self.alone.clear()


def _explained(hit: Hit, a_day: Selectors) -> Hit:
    """The hit; where one of its doses stands for a day that reaches a bound only together, it says so."""
    small = [(event, one) for one in a_day for event in hit.events if _is_part_of_a_day(event, one)]
    told = dict.fromkeys(f"{named(event)}: {one.from_per_m2:,} mg/m2 or more" for event, one in small)
    return hit._replace(inputs=(*hit.inputs, ("with what begins within 24 h", "; ".join(told)))) if told else hit


def _is_part_of_a_day(event: Event, one: Selector) -> bool:
    meant = event.placed.agent == one.name and (not one.routes or event.placed.route in one.routes)
    per_m2 = event.dose.meant_per_m2 if event.dose else None
    return meant and per_m2 is not None and per_m2 < one.from_per_m2


def failed(rule: SequencingRule, error: Exception) -> Hit:
    """A rule that raised: nothing of it was checked."""
    what = f"{type(error).__name__}: {error}"
    return Hit(f"rule {rule.id} failed ({what}): nothing was checked.", missing=(f"rule {rule.id}",), key=FAILED)
