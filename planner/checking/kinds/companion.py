"""companion: a dose that needs another dose near it: premedication, rescue, prophylaxis in the block."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from planner.checking.context import Context, Series, Span, first_of_cycles
from planner.checking.elapsed import DAY
from planner.checking.hits import Hit, moment, named, spoken
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import Companion
from planner.model.rule_values import Selectors
from planner.model.schedule import Event


class _Subject(NamedTuple):
    """What needs company, with the first and the last dose the window is measured from."""

    event: Event
    first: Event
    last: Event


class _Needed(NamedTuple):
    """What must be there, in words, as doses or examinations, and as co-medications."""

    text: str
    series: Series
    spans: tuple[Span, ...]


def find(rule: SequencingRule, wanted: Companion, context: Context) -> Iterator[Hit]:
    """One hit for each dose, cycle or block without its company.

    A co-medication is none, because its hour is not known, unless `co_medications` says that its days are enough.
    """
    doses = context.series(wanted.agents, rule.protocols)
    if not doses.events:
        return
    needs = [
        _Needed(text, context.series(selectors), context.spans(selectors) if wanted.co_medications else ())
        for text, selectors in _alternatives(wanted)
    ]
    for subject in _subjects(doses, wanted):
        if wanted.from_per_m2 is not None:
            dose = subject.event.dose
            if dose is None or dose.per_m2 is None:
                yield _unknown_dose(subject.event, wanted)
                continue
            if dose.per_m2 < wanted.from_per_m2:
                continue
        absent = [needed for needed in needs if not _is_there(needed, subject, wanted)]
        if absent:
            yield _hit(subject, absent, wanted)


def _alternatives(wanted: Companion) -> list[tuple[str, Selectors]]:
    """Each set of which one dose must be there, with its words."""
    if not wanted.all_of:
        return [(spoken(wanted.needs), wanted.needs)]
    barred = tuple(one for one in wanted.needs if one.negated)
    return [(spoken([one]), (one, *barred)) for one in wanted.needs if not one.negated]


def _subjects(doses: Series, wanted: Companion) -> Iterator[_Subject]:
    if wanted.scope == "block":
        blocks: dict[str, list[Event]] = {}
        for event in doses.events:
            blocks.setdefault(event.placed.block.id, []).append(event)
        yield from (_Subject(events[0], events[0], events[-1]) for events in blocks.values())
        return
    events = list(doses.events) if wanted.scope == "each dose" else first_of_cycles(doses)
    if wanted.scope == "first dose":
        events = events[:1]
    elif wanted.scope == "first dose of cycle and each step":
        events += [later for earlier, later in pairwise(doses.events) if _is_step(earlier, later)]
    elif wanted.scope == "each restart":
        events = [later for earlier, later in pairwise(doses.events) if _is_restart(earlier, later)]
    yield from (_Subject(event, event, event) for event in events)


def _same_cycle(earlier: Event, later: Event) -> bool:
    return (earlier.placed.block.id, earlier.placed.cycle) == (later.placed.block.id, later.placed.cycle)


def _is_restart(earlier: Event, later: Event) -> bool:
    """After at least one whole day without a dose."""
    return _same_cycle(earlier, later) and later.day - earlier.day > 1


def _is_step(earlier: Event, later: Event) -> bool:
    before = earlier.dose.value if earlier.dose else None
    after = later.dose.value if later.dose else None
    return _same_cycle(earlier, later) and before is not None and after is not None and before < after


def _is_there(needed: _Needed, subject: _Subject, wanted: Companion) -> bool:
    first = subject.first.day + wanted.earliest.minutes // DAY
    last = subject.last.day - (-wanted.latest.minutes // DAY)
    if any(span.start <= last and first <= span.end for span in needed.spans):
        return True
    return any(_fits(candidate, subject, wanted) for candidate in needed.series.between(first, last))


def _fits(candidate: Event, subject: _Subject, wanted: Companion) -> bool:
    return (
        _after(candidate, subject.first, wanted.earliest.minutes, wanted.earliest.in_days)
        >= 0
        >= _after(candidate, subject.last, wanted.latest.minutes, wanted.latest.in_days)
    )


def _after(candidate: Event, event: Event, offset: int, in_days: bool) -> int:
    """Minutes by which the candidate lies after the edge of the window; days only where a clock time is missing."""
    if in_days or candidate.minute < 0 or event.minute < 0:
        return (candidate.day - event.day) * DAY - int(offset / DAY) * DAY
    return (candidate.day - event.day) * DAY + candidate.minute - event.minute - offset


def _hit(subject: _Subject, absent: Sequence[_Needed], wanted: Companion) -> Hit:
    event = subject.event
    what = ", ".join(needed.text for needed in absent)
    window = f"from {wanted.earliest} to {wanted.latest} of it"
    if wanted.scope == "block":
        window = f"while it runs in {event.placed.block.title}"
    elif wanted.latest.minutes <= 0:
        window = f"in the {wanted.earliest}".replace("-", "") + " before it"
    seen = "; ".join(f"{needed.text}: {_nearest(needed.series, event)}" for needed in absent)
    return Hit(
        f"{named(event)} has no {what} {window}.",
        (event,),
        (("dose", named(event)), ("needed", f"{what} {window}"), ("found", seen)),
        f"{moment(event)}: {seen}",
    )


def _nearest(series: Series, event: Event) -> str:
    nearest = min(series.events, key=lambda one: abs(one.day - event.day), default=None)
    return f"nearest is {named(nearest)}" if nearest else "none in the plan"


def _unknown_dose(event: Event, wanted: Companion) -> Hit:
    return Hit(
        f"The dose of {named(event)} is not known per m2; from {wanted.from_per_m2} mg/m2 on it needs company.",
        (event,),
        (("dose", named(event)), ("from", f"{wanted.from_per_m2} mg/m2")),
        missing=("dose per m2",),
    )
