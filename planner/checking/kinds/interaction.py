"""interaction: two medicines on the same days, one of them in the plan."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from planner.checking.alike import Alike, by_moment
from planner.checking.context import Context
from planner.checking.hits import Hit, named, on_day, plural
from planner.checking.known import Known, span_text
from planner.checking.reach import Reach
from planner.model.cycle_content import State
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import Interaction
from planner.model.schedule import Event


def reach(wanted: Interaction, known: Known) -> Reach | None:  # noqa: ARG001 all reaches alike
    """The day itself; the whole plan where both need not meet on a day."""
    if wanted.combined == "plan":
        return None
    return Reach(wanted.agents, (wanted.others, wanted.contraindicated_others), doses=False)


def find(rule: SequencingRule, wanted: Interaction, context: Context) -> Iterator[Hit]:
    """One hit for each block (or for all), agent and other medicine, counted in doses."""
    everywhere = wanted.combined == "plan"
    doses = _going_on(context.judged_alike(wanted.agents, rule.protocols), everywhere)
    if not doses:
        return
    mutual = wanted.agents == wanted.others  # a pair is told once, not from both sides
    barred = _barred(wanted, context)
    for span in context.spans(wanted.others):
        met = doses if everywhere else [one.between(span.start, span.end) for one in doses]
        yield from _meet(filter(None, met), _Other(span.name, span_text(span), (), span.agent in barred), wanted)
    others: dict[str, list[Alike]] = {}
    for one in by_moment(_going_on(context.alike(wanted.others), everywhere)):
        others.setdefault(one.run.line.agent, []).append(one)
    for agent, of_agent in others.items():
        other = _Other(agent, f"{of_agent[0].run.line.agent_name} of the plan", tuple(of_agent), agent in barred)
        met = [one for one in doses if one.run.line.agent != agent and not (mutual and one.run.line.agent > agent)]
        yield from _meet(met if everywhere else _on_days_of(other, met), other, wanted)


def _going_on(doses: Sequence[Alike], everywhere: bool) -> list[Alike]:
    """Those not on hold, which meet nothing on their day."""
    return [one for one in doses if everywhere or one.run.state is not State.HELD]


class _Other(NamedTuple):
    """What the doses meet: its id, its name, its own doses, and whether the meeting is contraindicated."""

    key: str
    name: str
    doses: tuple[Alike, ...]
    barred: bool


def _on_days_of(other: _Other, doses: Iterable[Alike]) -> Iterator[Alike]:
    """The doses on days with one of the other's, those alike still together."""
    days = {day for one in other.doses for day in one.days}
    for one in doses:
        own = set(one.days)
        met = own & days
        if len(met) == len(own):
            yield one
        elif met:
            yield from (single for single in one.one_by_one() if single.first_day in met)


def _barred(wanted: Interaction, context: Context) -> frozenset[str]:
    """The agents that make a finding contraindicated."""
    selectors = wanted.contraindicated_others
    found = {one.run.line.agent for one in context.alike(selectors)}
    return frozenset(found | {span.agent for span in context.spans(selectors)})


def _meet(doses: Iterable[Alike], other: _Other, wanted: Interaction) -> Iterator[Hit]:
    series: dict[tuple[str, str], list[Alike]] = {}
    for one in doses:
        block = "" if wanted.whatever_block else one.piece.block_id
        series.setdefault((block, one.run.line.agent), []).append(one)
    for (block, agent), some in series.items():
        yield _hit(f"{block}/{agent}", by_moment(some), other, wanted.combined == "plan")


def _hit(key: str, doses: Sequence[Alike], other: _Other, everywhere: bool) -> Hit:
    """One event stands for each order in a cycle; the days are those of all doses."""
    met = {day for one in doses for day in one.days}
    beside = other.doses if everywhere else [part for one in other.doses if (part := _first_on(met, one))]
    days, first = sorted(met), doses[0].first
    name = named(first)
    when = on_day(days[0])
    if len(days) > 1:
        when = f"{when} to {on_day(days[-1])}, {plural(len(days), 'day')}"
    return Hit(
        f"{name} is planned together with {other.name}.",
        (*_one_an_order(doses), *_one_an_order(beside)),
        (("dose", name), ("together with", other.name), ("days", when)),
        f"both in the plan; {first.placed.agent} on {when}" if everywhere else f"both on {when}",
        severity="contraindicated" if other.barred else "",
        key=f"{key}/{other.key}",
        days=tuple(sorted({*days, *(day for one in beside for day in one.days)})),
        times=sum(one.number for one in doses),
    )


def _first_on(days: AbstractSet[int], doses: Alike) -> Alike | None:
    """The first of the doses on one of these days."""
    day = next((day for day in doses.days if day in days), None)
    return None if day is None else doses.between(day, day)


def _one_an_order(doses: Iterable[Alike]) -> list[Event]:
    """The first dose of each order in a cycle."""
    firsts: dict[object, Alike] = {}
    for one in doses:
        firsts.setdefault((one.piece.place, one.run.line), one)
    return [one.first for one in firsts.values()]
