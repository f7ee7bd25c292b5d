"""interaction: two medicines on the same days, one of them in the plan."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from planner.checking.context import Context
from planner.checking.hits import Hit, named, plural
from planner.checking.known import NO_END, Known, Span
from planner.checking.reach import Reach
from planner.model.civil import clinical_date
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import Interaction
from planner.model.schedule import Event


def reach(wanted: Interaction, known: Known) -> Reach | None:  # noqa: ARG001 all reaches alike
    """The day itself; the whole plan where both need not meet on a day."""
    if wanted.combined == "plan":
        return None
    return Reach(wanted.agents, (wanted.others, wanted.contraindicated_others), doses=False)


def find(rule: SequencingRule, wanted: Interaction, context: Context) -> Iterator[Hit]:
    """One hit for each block, agent and other medicine, counted in doses."""
    doses = context.judged(wanted.agents, rule.protocols)
    if not doses.events:
        return
    everywhere = wanted.combined == "plan"
    barred = _barred(wanted, context)
    for span in context.spans(wanted.others):
        met = doses.events if everywhere else doses.between(span.start, span.end)
        yield from _meet(met, _Other(span.name, _span_text(span), (), span.agent in barred), everywhere)
    others = context.series(wanted.others)
    shared = {*others.days} if everywhere else {*doses.days} & {*others.days}
    for agent in {event.placed.agent: None for event in others.events}:
        beside = [event for event in others.events if event.placed.agent == agent and event.day in shared]
        days = {event.day for event in beside}
        met = [event for event in doses.events if event.placed.agent != agent and (everywhere or event.day in days)]
        if beside:
            name = f"{beside[0].placed.agent_name} of the plan"
            yield from _meet(met, _Other(agent, name, tuple(beside), agent in barred), everywhere)


class _Other(NamedTuple):
    """What the doses meet: its id, its name, its own doses, and whether the meeting is contraindicated."""

    key: str
    name: str
    events: tuple[Event, ...]
    barred: bool


def _barred(wanted: Interaction, context: Context) -> frozenset[str]:
    """The agents that make a finding contraindicated."""
    selectors = wanted.contraindicated_others
    found = {event.placed.agent for event in context.series(selectors).events}
    return frozenset(found | {span.agent for span in context.spans(selectors)})


def _span_text(span: Span) -> str:
    until = f"to {clinical_date(span.end)}" if span.end < NO_END else "with no end recorded"
    return f"{span.name} (from {clinical_date(span.start)} {until})"


def _meet(doses: Iterable[Event], other: _Other, everywhere: bool) -> Iterator[Hit]:
    series: dict[tuple[str, str], list[Event]] = {}
    for event in doses:
        series.setdefault((event.placed.block.id, event.placed.agent), []).append(event)
    for (block, agent), events in series.items():
        days = {event.day for event in events}
        with_them = tuple(event for event in other.events if everywhere or event.day in days)
        when = clinical_date(events[0].day)
        if len(days) > 1:
            when = f"{when} to {clinical_date(events[-1].day)}, {plural(len(days), 'day')}"
        yield Hit(
            f"{named(events[0])} is planned together with {other.name}.",
            (*events, *with_them),
            (("dose", named(events[0])), ("together with", other.name), ("days", when)),
            f"both in the plan; {agent} on {when}" if everywhere else f"both on {when}",
            severity="contraindicated" if other.barred else "",
            key=f"{block}/{agent}/{other.key}",
            times=len(events),
        )
