"""companion: a dose that needs another dose near it: premedication, rescue, prophylaxis in the block."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, pairwise
from operator import attrgetter
from typing import NamedTuple

from planner.checking.alike import Alike, by_moment
from planner.checking.context import Context
from planner.checking.elapsed import DAY
from planner.checking.exposures import exposures_to
from planner.checking.hits import Hit, moment, named, spoken
from planner.checking.known import Known, Span
from planner.checking.meaning import Who
from planner.checking.pieces import Series
from planner.checking.reach import Reach
from planner.checking.stops import waits
from planner.model.quantity import format_amount
from planner.model.results import in_its_unit
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import Companion
from planner.model.rule_values import Duration, Selectors
from planner.model.schedule import Event

AT_ONCE = Duration(1, in_days=False)
HOURS = 24


class Subject(NamedTuple):
    """What needs company, with the first and the last dose the window is measured from.

    `in_part`: the first was broken off, and the company belongs between the two.
    """

    event: Event
    first: Event
    last: Event
    in_part: bool = False


class Needed(NamedTuple):
    """What must be there, in words, as doses or examinations, and as co-medications and earlier treatment."""

    text: str
    selectors: Selectors
    series: Series
    spans: tuple[Span, ...]


class Lack(NamedTuple):
    """What a dose has no company of. With neither, it depends on its own dose, which nobody knows.

    `undosed` is company that is there without a dose, where the rule asks for one that is known.
    """

    subject: Subject
    absent: Sequence[Needed] = ()
    undosed: Event | None = None


def reach(wanted: Companion, known: Known) -> Reach | None:  # noqa: ARG001 all reaches alike
    """The window around a dose; the whole plan for a block, which is as long as it is, and for the first dose."""
    if wanted.scope in ("block", "first dose"):
        return None
    amounts = (
        any(one.from_per_m2 for one in wanted.agents) or "step" in wanted.scope or wanted.dosed or wanted.stop_hours > 0
    )
    seen = wanted.nearest_within_days
    back, ahead = max(-wanted.earliest.days, seen), max(wanted.latest.days, wanted.late_until.days, seen)
    helps = not wanted.late_until.minutes  # late company gives cause for a finding
    return Reach(wanted.agents, (wanted.needs,), back, ahead, doses=amounts, near_helps=helps)


def find(rule: SequencingRule, wanted: Companion, context: Context) -> Iterator[Hit]:
    """One hit for each dose, cycle or block without its company."""
    for subject, absent, undosed in lacking(rule, wanted, context):
        if absent:
            yield _hit(subject, absent, wanted)
        elif undosed:
            yield _undosed(subject.event, undosed)
        else:
            yield _unknown_dose(subject.event, wanted, context)


def lacking(rule: SequencingRule, wanted: Companion, context: Context) -> Iterator[Lack]:
    """What lacks company.

    A co-medication is no company, because its hour is not known, unless `co_medications` says that its days are enough.
    Treatment before the plan is, by its last day, where the window is one of whole days.
    """
    subjects = list(_subjects(rule, wanted, context))
    if not subjects:
        return
    needs = [
        Needed(text, selectors, context.series(selectors), tuple(_spans(selectors, wanted, context)))
        for text, selectors in _alternatives(wanted)
    ]
    for subject in subjects:
        around = wanted._replace(earliest=AT_ONCE) if subject.in_part else wanted
        company = [(needed, _company(needed, subject, around)) for needed in needs]
        absent = [needed for needed, found in company if found is None]
        if absent and wanted.results and _is_recorded(subject, wanted, context):
            continue
        if wanted.late_until.minutes:
            until_then = wanted._replace(latest=wanted.late_until)
            absent = [needed for needed in absent if _company(needed, subject, until_then) is not None]
        if absent:
            unknown = wanted.scope != "block" and _bound_of_unknown(subject.event, wanted.agents, context)
            yield Lack(subject, () if unknown else absent)
        elif wanted.dosed:
            undosed = (found[0] for _, found in company if found and not any(map(_has_dose, found)))
            yield from (Lack(subject, undosed=event) for event in islice(undosed, 1))


def _spans(selectors: Selectors, wanted: Companion, context: Context) -> Iterator[Span]:
    if wanted.co_medications:
        yield from context.spans(selectors)
    if wanted.earliest.in_days and wanted.latest.in_days:
        for one in exposures_to(selectors, context):
            if one.until:
                yield Span(one.agent, one.agent, one.until.toordinal(), one.until.toordinal())


def _bound_of_unknown(event: Event, agents: Selectors, context: Context) -> int:
    """From how many mg/m2 on this dose needs company, where nobody knows how much it is; else 0."""
    one = event.placed
    bound = context.known.meaning.bound(agents, Who(one.agent, one.route, one.role)) or 0
    return bound if event.dose is None or event.dose.per_m2 is None else 0


def _alternatives(wanted: Companion) -> list[tuple[str, Selectors]]:
    """Each set of which one dose must be there, with its words."""
    if not wanted.all_of:
        return [(spoken(wanted.needs), wanted.needs)]
    barred = tuple(one for one in wanted.needs if one.negated)
    return [(spoken([one]), (one, *barred)) for one in wanted.needs if not one.negated]


def _subjects(rule: SequencingRule, wanted: Companion, context: Context) -> Iterator[Subject]:
    if wanted.scope == "block":
        blocks: dict[str, list[Alike]] = {}
        for one in by_moment(context.alike(wanted.agents, rule.protocols)):
            blocks.setdefault(one.piece.block_id, []).append(one)
        for some in blocks.values():
            first = some[0].first
            yield Subject(first, first, max(some, key=attrgetter("last_moment")).last)
        return
    yield from (Subject(event, event, event) for event in _doses(rule, wanted, context))
    if wanted.stop_hours:
        judged = {id(event) for event in context.judged_events(wanted.agents, rule.protocols)}
        for earlier, later in pairwise(context.series(wanted.agents, rule.protocols).events):
            if id(later) in judged and _was_cut(earlier, wanted) and later.day - earlier.day == 1:
                yield Subject(later, earlier, later, in_part=True)


def _was_cut(event: Event, wanted: Companion) -> bool:
    """Whether so much less than planned was recorded as given that the infusion stood still for that long."""
    dose = event.dose
    if dose is None or dose.origin != "given" or dose.value is None or dose.ordered is None:
        return False
    return dose.value * HOURS <= dose.ordered * (HOURS - wanted.stop_hours)


def _doses(rule: SequencingRule, wanted: Companion, context: Context) -> Iterator[Event]:
    doses = context.judged_events(wanted.agents, rule.protocols)
    if wanted.scope == "each dose":
        yield from doses
    elif wanted.scope == "first dose":
        yield from doses[:1]
    else:
        series = context.series(wanted.agents, rule.protocols).events
        if wanted.scope != "each restart":
            yield from context.first_judged(wanted.agents, rule.protocols)
        if wanted.scope != "first dose of cycle":
            yield from _turns(doses, series, _is_restart if wanted.scope == "each restart" else _is_step)


def _turns(doses: Sequence[Event], series: Sequence[Event], is_turn: Callable[[Event, Event], bool]) -> Iterator[Event]:
    """Those of the doses that are a step up, or a restart, from the dose before them."""
    judged = {id(event) for event in doses}
    yield from (later for earlier, later in pairwise(series) if id(later) in judged and is_turn(earlier, later))


def _same_cycle(earlier: Event, later: Event) -> bool:
    return (earlier.placed.block.id, earlier.placed.cycle) == (later.placed.block.id, later.placed.cycle)


def _is_restart(earlier: Event, later: Event) -> bool:
    """After at least one whole day without a dose."""
    return _same_cycle(earlier, later) and later.day - earlier.day > 1


def _is_step(earlier: Event, later: Event) -> bool:
    before = earlier.dose.value if earlier.dose else None
    after = later.dose.value if later.dose else None
    return _same_cycle(earlier, later) and before is not None and after is not None and before < after


def _company(needed: Needed, subject: Subject, wanted: Companion) -> Sequence[Event] | None:
    """The doses that are there, none where a co-medication is enough; None where it is absent."""
    first = subject.first.day + wanted.earliest.minutes // DAY
    last = subject.last.day - (-wanted.latest.minutes // DAY)
    if any(span.start <= last and first <= span.end for span in needed.spans):
        return ()
    near = needed.series.between(first, last)
    fits = [one for one in near if not waits(one, subject.event) and _fits(one, subject, wanted)]
    return fits or None


def _is_recorded(subject: Subject, wanted: Companion, context: Context) -> bool:
    """Whether a value of one of the results is of a day of the window."""
    days = range(
        subject.first.day + wanted.earliest.minutes // DAY, subject.last.day - (-wanted.latest.minutes // DAY) + 1
    )
    read = (in_its_unit(one) for one in context.labs if one.date.toordinal() in days)
    return any(value is not None and value[0] in wanted.results for value in read)


def _has_dose(event: Event) -> bool:
    return event.dose is not None and event.dose.value is not None


def _fits(candidate: Event, subject: Subject, wanted: Companion) -> bool:
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


def _hit(subject: Subject, absent: Sequence[Needed], wanted: Companion) -> Hit:
    event = subject.event
    what = ", ".join(needed.text for needed in absent)
    runs = f"while it runs in {event.placed.block.title}"
    if wanted.earliest.minutes or wanted.latest.minutes:
        around = f"from {_length(wanted.earliest)} before its first dose to {_length(wanted.latest)} after its last"
        runs = f"in {event.placed.block.title}, {around}"
    window = runs if wanted.scope == "block" else _window(wanted.earliest, wanted.latest)
    seen = "; ".join(f"{needed.text}: {_nearest(needed.series, event)}" for needed in absent)
    if subject.in_part:
        return _hit_in_part(subject, what, seen, wanted)
    return Hit(
        f"{named(event)} has no {what} {window}.",
        (event,),
        (("dose", named(event)), ("needed", f"{what} {window}"), ("found", seen)),
        f"{moment(event)}: {seen}",
    )


def _hit_in_part(subject: Subject, what: str, seen: str, wanted: Companion) -> Hit:
    first, dose = subject.first, subject.first.dose
    amounts = (format_amount(one, dose.unit) for one in (dose.value, dose.ordered) if one is not None) if dose else ()
    gave = f"{named(first)} was given in part ({' of '.join(amounts)})"
    return Hit(
        f"{gave}, so it stood still for {wanted.stop_hours} h or more; no {what} from then to {named(subject.event)}.",
        (first, subject.event),
        (("dose", named(first)), ("needed", f"{what} before it went on"), ("found", seen)),
        f"{moment(first)}: {seen}",
    )


def _length(one: Duration) -> str:
    return str(one).removeprefix("-")


def _window(earliest: Duration, latest: Duration) -> str:
    """Where a companion is looked for, as people say it: "from 1 day before it to 1 day after it"."""
    before, after = _length(earliest), str(latest)
    if latest.minutes == earliest.minutes == 0:
        return "on its day"
    if latest.in_days and earliest.in_days and not (latest.minutes and earliest.minutes):
        length, side = (before, "before") if earliest.minutes else (after, "after")
        return f"on its day or the day {side}" if length == "1 day" else f"on its day or in the {length} {side} it"
    if latest.minutes < 0:
        return f"from {before} to {_length(latest)} before it"
    if latest.minutes == 0:
        return f"in the {before} before it"
    if earliest.minutes < 0:
        return f"from {before} before it to {after} after it"
    return f"from {before} to {after} after it" if earliest.minutes else f"in the {after} after it"


def _nearest(series: Series, event: Event) -> str:
    at = bisect_left(series.days, event.day)
    near = [bisect_left(series.days, series.days[at - 1])] if at else []
    near += [at] if at < len(series.days) else []
    if not near:
        return "none near it"
    nearest = series.events[min(near, key=lambda one: abs(series.days[one] - event.day))]
    return f"nearest is {named(nearest)}{', on hold' if waits(nearest, event) else ''}"


def _undosed(event: Event, company: Event) -> Hit:
    missing = f"dose of {company.placed.agent_name}"
    return Hit(
        f"{named(event)}: {named(company)} is planned for it without a dose, which must be known.",
        (event, company),
        (("dose", named(event)), ("without a dose", named(company))),
        missing=(missing,),
    )


def _unknown_dose(event: Event, wanted: Companion, context: Context) -> Hit:
    bound = f"{_bound_of_unknown(event, wanted.agents, context):,} mg/m2"
    needed = ", ".join(text for text, _ in _alternatives(wanted))
    return Hit(
        f"The dose of {named(event)} is not known per m2; from {bound} on it needs {needed}.",
        (event,),
        (("dose", named(event)), ("from", bound)),
        missing=("dose per m2",),
    )
