"""not_within: nothing of one agent less than so long before or after a dose of another."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from planner.checking.context import Context
from planner.checking.elapsed import DAY, length_text, minutes_between
from planner.checking.exposures import exposures_to, known_exposures
from planner.checking.hits import Hit, named, on_day
from planner.checking.known import NO_END, Known, Span
from planner.checking.pieces import Series
from planner.checking.reach import Reach
from planner.model.civil import clinical_date
from planner.model.patient import PriorExposure
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import NotWithin
from planner.model.rule_values import Duration
from planner.model.schedule import Event


class _Thing(NamedTuple):
    """A dose, or what was taken or given beside the plan, from its first to its last day."""

    start: int
    end: int
    minute: int
    event: Event | None = None
    taken: str = ""
    words: str = ""

    @property
    def name(self) -> str:
        """Made only for what is found: most doses are not."""
        return named(self.event) if self.event else f"{self.taken} ({self.words})"


def reach(wanted: NotWithin, known: Known) -> Reach | None:
    """As far as the lengths kept free; the whole plan where a co-medication is judged, or treatment before the plan."""
    if known.spans(wanted.agents) or known_exposures(wanted.others, known):
        return None
    return Reach(wanted.agents, (wanted.others,), max(wanted.after.days, 0), max(wanted.before.days, 0), doses=False)


def find(rule: SequencingRule, wanted: NotWithin, context: Context) -> Iterator[Hit]:
    """One hit for each dose or co-medication that lies too near; the nearest other is named."""
    doses, spans = context.judged_events(wanted.agents, rule.protocols), context.spans(wanted.agents)
    if not doses and not spans:
        return
    others, other_spans = context.series(wanted.others), tuple(map(_of_span, context.spans(wanted.others)))
    things = (*map(_of_dose, doses), *map(_of_span, spans))
    earlier = exposures_to(wanted.others, context)
    dated = tuple(_of_exposure(one, one.until) for one in earlier if one.until)
    for thing in things:
        near = _near(thing, others, wanted)
        if not near and not other_spans and not dated:
            continue
        hits = [
            hit
            for other in (*map(_of_dose, near), *(other_spans if thing.event else ()), *dated)
            if other.event is not thing.event or not other.event
            for hit in _judge(thing, other, wanted)
        ]
        if hits:
            yield min(hits, key=lambda hit: bool(hit.missing))
    undated = [one.agent for one in earlier if not one.until]
    if undated and wanted.after.in_days and wanted.after.minutes:
        yield _undated(", ".join(dict.fromkeys(undated)), things[0], wanted)


def _of_dose(event: Event) -> _Thing:
    return _Thing(event.day, event.day, event.minute, event)


def _of_span(span: Span) -> _Thing:
    until = f"to {clinical_date(span.end)}" if span.end < NO_END else "on"
    return _Thing(span.start, span.end, -1, None, span.name, f"from {clinical_date(span.start)} {until}")


def _of_exposure(earlier: PriorExposure, until: date) -> _Thing:
    day = until.toordinal()
    return _Thing(day, day, -1, None, f"earlier {earlier.agent}", f"until {clinical_date(day)}")


def _near(thing: _Thing, others: Series, wanted: NotWithin) -> Sequence[Event]:
    """The doses that can be too near, the nearest first."""
    found = others.between(thing.start - max(wanted.after.days, 0), thing.end + max(wanted.before.days, 0))
    if len(found) < 2:
        return found
    return sorted(found, key=lambda event: max(thing.start - event.day, event.day - thing.end, 0))


def _judge(thing: _Thing, other: _Thing, wanted: NotWithin) -> Iterator[Hit]:
    if thing.end < other.start or (_same_day(thing, other) and 0 <= thing.minute <= other.minute):
        limit, first, last = wanted.before, thing, other
    elif other.end < thing.start or (_same_day(thing, other) and 0 <= other.minute < thing.minute):
        limit, first, last = wanted.after, other, thing
    else:
        yield from _judge_overlap(thing, other, wanted)
        return
    minutes = minutes_between((first.end, first.minute), (last.start, last.minute), limit)
    if limit.minutes and minutes is not None and minutes < limit.minutes:
        clocks = not limit.in_days and first.minute >= 0 and last.minute >= 0
        gap = length_text(minutes, days=not clocks)
        yield _hit(thing, other, f"{on_day(last.start)} − {on_day(first.end)} = {gap}, below {limit}", wanted)


def _same_day(thing: _Thing, other: _Thing) -> bool:
    return thing.start == thing.end == other.start == other.end and thing.minute >= 0 and other.minute >= 0


def _judge_overlap(thing: _Thing, other: _Thing, wanted: NotWithin) -> Iterator[Hit]:
    """Both on one day, and which comes first is not known."""
    limits: tuple[Duration, Duration] = (wanted.before, wanted.after)
    on = on_day(max(thing.start, other.start))
    whole_days = any(limit.in_days and limit.minutes for limit in limits)
    if whole_days or min(limit.minutes for limit in limits) >= DAY:
        yield _hit(thing, other, f"both on {on} = 0 days, below {max(limits)}", wanted)
    elif max(limit.minutes for limit in limits) > 0:
        yield _hit(thing, other, f"both on {on}, no clock times; {max(limits)} asked for", wanted, ("clock times",))


def _hit(thing: _Thing, other: _Thing, arithmetic: str, wanted: NotWithin, missing: tuple[str, ...] = ()) -> Hit:
    apart, none = f"{wanted.before} before to {wanted.after} after", "none from"
    if not wanted.before.minutes:
        apart, none = f"the {wanted.after} after", "none in"
    said = "may be" if missing else "is"
    events = tuple(event for event in (thing.event, other.event) if event)
    return Hit(
        f"{thing.name} {said} nearer than allowed to {other.name}: {none} {apart} it.",
        events,
        (("dose", thing.name), ("near", other.name), ("kept free", apart)),
        arithmetic,
        missing,
        key=_key(thing, other.event),
        days=() if events else (thing.start,),
    )


def _undated(agents: str, thing: _Thing, wanted: NotWithin) -> Hit:
    return Hit(
        f"{agents} was given before this plan, but until when is not recorded; {thing.name} comes {wanted.after} after "
        "at the earliest.",
        (thing.event,) if thing.event else (),
        (("dose", thing.name), ("near", f"earlier {agents}"), ("kept free", f"{wanted.after} after it")),
        f"{on_day(thing.start)} − unknown day; at least {wanted.after}",
        (f"last day of earlier {agents}",),
        key=_key(thing, None),
        days=() if thing.event else (thing.start,),
    )


def _key(thing: _Thing, other: Event | None) -> str:
    first = thing.event or other
    who = thing.event.placed.agent if thing.event else thing.name.split(" ")[0]
    return f"{first.placed.block.id}/{who}" if first else who
