"""interaction: two medicines on the same days, one of them in the plan."""

from collections.abc import Iterable, Iterator

from planner.checking.context import Context
from planner.checking.hits import Hit, named, plural
from planner.checking.known import NO_END, Span
from planner.model.civil import clinical_date
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import Interaction
from planner.model.schedule import Event


def find(rule: SequencingRule, wanted: Interaction, context: Context) -> Iterator[Hit]:
    """One hit for each block, agent and other medicine, counted in doses."""
    doses = context.series(wanted.agents, rule.protocols)
    if not doses.events:
        return
    for span in context.spans(wanted.others):
        yield from _meet(doses.between(span.start, span.end), span.name, _span_text(span), ())
    others = context.series(wanted.others)
    if others.events:
        shared = {*doses.days} & {*others.days}
        for agent in {event.placed.agent: None for event in others.events}:
            beside = [event for event in others.events if event.placed.agent == agent and event.day in shared]
            days = {event.day for event in beside}
            met = [event for event in doses.events if event.day in days and event.placed.agent != agent]
            yield from _meet(met, agent, f"{beside[0].placed.agent_name} of the plan" if beside else "", beside)


def _span_text(span: Span) -> str:
    until = f"to {clinical_date(span.end)}" if span.end < NO_END else "with no end recorded"
    return f"{span.name} (from {clinical_date(span.start)} {until})"


def _meet(doses: Iterable[Event], other: str, other_text: str, beside: Iterable[Event]) -> Iterator[Hit]:
    series: dict[tuple[str, str], list[Event]] = {}
    for event in doses:
        series.setdefault((event.placed.block.id, event.placed.agent), []).append(event)
    for (block, agent), events in series.items():
        days = {event.day for event in events}
        with_them = tuple(event for event in beside if event.day in days)
        when = clinical_date(events[0].day)
        if len(days) > 1:
            when = f"{when} to {clinical_date(events[-1].day)}, {plural(len(days), 'day')}"
        yield Hit(
            f"{named(events[0])} is planned together with {other_text}.",
            (*events, *with_them),
            (("dose", named(events[0])), ("together with", other_text), ("days", when)),
            f"both on {when}",
            key=f"{block}/{agent}/{other}",
            times=len(events),
        )
