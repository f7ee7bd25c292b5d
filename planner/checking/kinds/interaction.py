"""interaction: two medicines on the same days, one of them in the plan; where a rule asks for it, neither of them."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from planner.checking.alike import Alike, by_moment
from planner.checking.context import Context
from planner.checking.facts import days_of
from planner.checking.hits import Hit, named, on_day, plural
from planner.checking.known import Known, Span, span_text
from planner.checking.meaning import EVERY_DOSE, Who
from planner.checking.reach import Reach
from planner.model.civil import clinical_date
from planner.model.cycle_content import State
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_state import Interaction
from planner.model.schedule import Event


def reach(wanted: Interaction, known: Known) -> Reach | None:
    """The day itself; the whole plan where both need not meet on a day, or neither has a dose in it."""
    if wanted.combined == "plan" or (wanted.co_medications and known.spans(wanted.agents)):
        return None
    days = 1 if wanted.but_not else 0
    near = (wanted.others, wanted.contraindicated_others, *([wanted.but_not] if days else []))
    return Reach(wanted.agents, near, days, days, doses=False)


def find(rule: SequencingRule, wanted: Interaction, context: Context) -> Iterator[Hit]:
    """One hit for each block (or for all), agent and other medicine, counted in doses."""
    if wanted.co_medications:
        yield from _taken_beside(wanted, context)
    everywhere = wanted.combined == "plan"
    doses = _going_on(context.judged_alike(wanted.agents, rule.protocols), everywhere)
    if wanted.but_not:
        taken = days_of(wanted.but_not, context)
        doses = [one for some in doses for one in some.one_by_one() if one.first_day not in taken]
    if not doses:
        return
    mutual = wanted.agents == wanted.others  # a pair is told once, not from both sides
    barred = _barred(wanted, context)
    for span in context.spans(wanted.others):
        met = doses if everywhere else [one.between(span.start, span.end) for one in doses]
        other = _Other(span.name, span_text(span), (), span.agent in barred)
        yield from _meet(filter(None, met), other, wanted, context)
    others: dict[str, list[Alike]] = {}
    for one in by_moment(_going_on(context.alike(wanted.others), everywhere)):
        others.setdefault(one.run.line.agent, []).append(one)
    for agent, of_agent in others.items():
        other = _Other(agent, f"{of_agent[0].run.line.agent_name} of the plan", tuple(of_agent), agent in barred)
        met = [one for one in doses if one.run.line.agent != agent and not (mutual and one.run.line.agent > agent)]
        yield from _meet(met if everywhere else _on_days_of(other, met), other, wanted, context)


def _taken_beside(wanted: Interaction, context: Context) -> Iterator[Hit]:
    """What of the agents is taken beside the plan, with others taken beside it too or given in it."""
    spans = context.spans(wanted.agents)
    first = context.first(EVERY_DOSE) if spans else None
    if first is None:
        return
    barred = _barred(wanted, context)
    for one in spans:
        for other in context.spans(wanted.others):
            start, end = max(one.start, other.start, first.day), min(one.end, other.end)
            if one.agent != other.agent and start <= end:
                yield _both_beside(one, other, start, barred=other.agent in barred)
        for given in _going_on(context.alike(wanted.others), everywhere=False):
            agent = given.run.line.agent
            met = given.between(one.start, one.end) if agent != one.agent else None
            yield from _meet(
                [met] if met else [], _Other(one.name, span_text(one), (), agent in barred), wanted, context
            )


def _both_beside(one: Span, other: Span, start: int, *, barred: bool) -> Hit:
    taken, beside = span_text(one), span_text(other)
    return Hit(
        f"{taken} is taken together with {beside}.",
        (),
        (("medicine", taken), ("together with", beside)),
        f"both from {clinical_date(start)} on",
        severity="contraindicated" if barred else "",
        key=f"beside/{one.agent}/{other.name}",
        days=(start,),
    )


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


def _meet(doses: Iterable[Alike], other: _Other, wanted: Interaction, context: Context) -> Iterator[Hit]:
    series: dict[tuple[str, str, int], list[Alike]] = {}
    for one in doses:
        block = "" if wanted.whatever_block else one.piece.block_id
        bound = _bound_of_unknown(one, wanted, context)
        series.setdefault((block, one.run.line.agent, bound), []).append(one)
    for (block, agent, bound), some in series.items():
        hit = _hit(f"{block}/{agent}", by_moment(some), other, wanted.combined == "plan")
        yield _unknown(hit, bound) if bound else hit


def _bound_of_unknown(one: Alike, wanted: Interaction, context: Context) -> int:
    """From how many mg/m2 on the rule means these doses, where nobody knows how much they are; else 0."""
    if one.dose is not None and one.dose.per_m2 is not None:
        return 0
    line = one.run.line
    return context.known.meaning.bound(wanted.agents, Who(line.agent, line.route, line.role)) or 0


def _unknown(hit: Hit, bound: int) -> Hit:
    told = f"{hit.message.removesuffix('.')}; whether it is {bound:,} mg/m2 or more is not known."
    return hit._replace(message=told, missing=("dose per m2",), severity="", key=f"{hit.key}/unknown dose")


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
