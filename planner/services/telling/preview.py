"""What an edit would do, told before anybody says yes: events, findings, the new end, sheets that go stale."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from planner.model.civil import weekday_date, weekday_words
from planner.model.day_words import run_words, shift_words
from planner.model.difference import Difference, dose_text
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import Finding, FindingStatus
from planner.model.schedule import Event, Schedule
from planner.model.sentence import Sentence
from planner.services.patient_words import MEASURED
from planner.services.release import release
from planner.services.sheet_titles import SHEET_TITLES
from planner.services.telling.change_words import course_words
from planner.services.telling.differences import LEFT_OUT, counts, differences, first_differences, leads_of, left_behind
from planner.services.telling.gaps import gap_words, new_gaps
from planner.services.telling.told import new_course_changes, told


class Preview(Struct, frozen=True, dict=True):
    """The difference between a plan and what an edit would make of it.

    `appeared` and `gone` are findings, `changed` those that stay but with another severity, status or count. `ends` are
    the ordinals of the last planned day before and after, 0 where there is none. `stale` are the titles of the sheets
    handed out that would no longer say what is planned. `records` are what people recorded, in words: what was given,
    decisions, body, results, other medicines. `reasons` say why the course was changed, and what of these was said with
    its reason.
    """

    schedules: tuple[Schedule, Schedule]
    appeared: tuple[Finding, ...]
    gone: tuple[Finding, ...]
    changed: tuple[tuple[Finding, Finding], ...]
    ends: tuple[int, int]
    stale: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()

    @cached_property
    def events(self) -> tuple[Difference, ...]:
        """Every event that changes, in order of time; made when somebody looks, since an edit can move thousands."""
        return differences(*self.schedules)

    @cached_property
    def _counts(self) -> Mapping[str, int]:
        return counts(*self.schedules)

    def __bool__(self) -> bool:
        """Whether anything at all would change."""
        return bool(self._counts or self.appeared or self.gone or self.changed or self.stale or self.records)

    def count(self, what: str) -> int:
        """How many events change in that way: moved, appeared, vanished, agent, dose, bag, status."""
        return self._counts.get(what, 0)


def preview(before: EvaluatedPlan, after: EvaluatedPlan) -> Preview:
    """Everything that differs between the two; findings in the order they are shown."""
    old, new = _by_id(before), _by_id(after)
    stay = [(old[name], finding) for name, finding in new.items() if name in old]
    return Preview(
        schedules=(before.schedule, after.schedule),
        appeared=tuple(finding for name, finding in new.items() if name not in old),
        gone=tuple(finding for name, finding in old.items() if name not in new),
        changed=tuple((was, now) for was, now in stay if _weight(was) != _weight(now)),
        ends=(_end(before), _end(after)),
        stale=stale_sheets(before, after),
        records=told(before, after),
        reasons=tuple(course_words(one, after.plan) for one in new_course_changes(before.plan, after.plan)),
    )


def stale_sheets(before: EvaluatedPlan, after: EvaluatedPlan) -> tuple[str, ...]:
    """The titles of the sheets handed out that say what is planned before an edit, and no longer after it."""
    if not after.plan.issues:
        return ()
    known = {one.sheet for one in release(before.plan, before.dosed_as).stale}
    gone = dict.fromkeys(one.sheet for one in release(after.plan, after.dosed_as).stale if one.sheet not in known)
    return tuple(SHEET_TITLES[sheet] for sheet in gone)


def preview_lines(found: Preview) -> tuple[str, ...]:
    """The preview in words, for people and for `plan diff`: doses of an order that change alike stand in one line.

    Cycles of a block in which the same days of it change alike stand in one line too. The lines stand in order of time;
    each names every day it tells of.
    """
    cycles: dict[tuple[object, ...], list[Difference]] = {}
    for alike, run in _runs(found.events).items():
        cycles.setdefault(_but_for_cycle(alike, run), []).extend(run)
    said = (*found.reasons, *found.records)
    lines = [*said, *(_run_line(run) for run in cycles.values())]
    if any(line.casefold().startswith(MEASURED) for line in said) and not found.count("dose"):
        lines.append("no planned dose moves")
    left = _by_order(left_behind(*found.schedules))
    there = _orders(found.schedules[0]) if left else frozenset()
    lines += [f"still planned, although {_partner(run[0], there)} is left out: {_label(run)}" for run in left]
    lines += [gap_words(gap) for gap in new_gaps(*found.schedules)]
    moved = moved_findings(found.gone, found.appeared)
    lines += [f"finding moves: {_finding_line(now).removesuffix('.')}; {was_at(was, now)}" for was, now in moved]
    elsewhere = {one.id for pair in moved for one in pair}
    lines += [f"finding appears: {_finding_line(one)}" for one in found.appeared if one.id not in elsewhere]
    lines += [f"finding goes: {_finding_line(one)}" for one in found.gone if one.id not in elsewhere]
    lines += [f"finding changes: {_change_line(was, now)}" for was, now in found.changed]
    lines += [f"sheet handed out is no longer right: {title}" for title in found.stale]
    old, new = found.ends
    if old and new and old != new:
        lines.append(f"last day: {weekday_date(old)} -> {weekday_date(new)} ({shift_words(new - old)})")
    return tuple(lines)


def runs_of(events: Iterable[Difference]) -> tuple[tuple[Difference, ...], ...]:
    """Differences in runs that can be told as one: an order of one cycle of which several doses change alike."""
    return tuple(map(tuple, _runs(events).values()))


def first_runs(old: Schedule, new: Schedule, number: int) -> tuple[tuple[tuple[Difference, ...], ...], bool]:
    """The first of all runs, with at least so many differences where there are; and whether these are all of them."""
    found, border = first_differences(old, new, number)
    runs = runs_of(found)
    if border is None:
        return runs, True
    return tuple(run for run in runs if max(run[0].old_day, run[0].new_day) < border), False


def _runs(events: Iterable[Difference]) -> dict[tuple[object, ...], list[Difference]]:
    runs: dict[tuple[object, ...], list[Difference]] = {}
    for one in events:
        runs.setdefault(_alike(one), []).append(one)
    return runs


def moved_findings(gone: Iterable[Finding], appeared: Iterable[Finding]) -> tuple[tuple[Finding, Finding], ...]:
    """What a rule said before, and what it says now, where it spoke once and speaks once, as gravely, elsewhere."""
    were, are = _by_weight(gone), _by_weight(appeared)
    return tuple((were[key][0], now[0]) for key, now in are.items() if len(now) == 1 == len(were.get(key, ())))


def was_at(was: Finding, now: Finding, fill: Callable[..., str] = str.format) -> str:
    """On which day a finding stood before: "before on Mon 02-Mar-2026"; what it said where the day is the same.

    `fill(pattern, **values)` may say the patterns in another language.
    """
    if was.days and was.days[:1] != now.days[:1]:
        return fill("before on {day}", day=weekday_words(was.days[0], fill))
    if was.message == now.message:
        return fill("it spoke about other items before")
    return fill("before: {message}", message=was.message.removesuffix("."))


def _by_weight(findings: Iterable[Finding]) -> Mapping[tuple[str, str, FindingStatus], list[Finding]]:
    found: dict[tuple[str, str, FindingStatus], list[Finding]] = {}
    for one in findings:
        found.setdefault((one.rule, one.severity, one.status), []).append(one)
    return found


def not_recorded_lines(left: Sequence[tuple[Event, str]]) -> tuple[str, ...]:
    """Doses that stay without a record, those of one order with one reason in one line."""
    runs: dict[tuple[str, str], list[Event]] = {}
    for event, why in left:
        runs.setdefault((event.placed.id, why), []).append(event)
    return tuple(Sentence("not recorded: {doses}: {why}", doses=_label(run), why=why) for (_, why), run in runs.items())


def _alike(one: Difference) -> tuple[object, ...]:
    """What doses have in common that are told in one line: order, sort of change, what was and is, days moved by."""
    if one.what == "moved":
        clock = one.old and one.new and one.old.minute != one.new.minute
        hours = (one.before, one.after) if clock else ()
        return one.what, one.order_id, one.new_day - one.old_day, hours, _left_out(one.new)
    if one.what in ("appeared", "vanished"):
        event = one.new or one.old
        return one.what, one.order_id, dose_text(event) if event else "", one.new.state if one.new else ""
    return one.what, one.order_id, one.before, one.after


def _but_for_cycle(alike: tuple[object, ...], run: Sequence[Difference]) -> tuple[object, ...]:
    """What runs of an order have in common that are told in one line, in whichever cycles of the block they stand."""
    what, _, *how = alike
    placed = run[0].event.placed
    return what, placed.block.id, placed.order.id, placed.agent, tuple(one.cycle_day for one in run), *how


def _orders(schedule: Schedule) -> frozenset[str]:
    """Every order that stands in a cycle, by block, cycle and id."""
    return frozenset(
        f"{piece.block.id}/{piece.cycle}/{run.line.order.id}"
        for piece in schedule.pieces
        for run in piece.content.pattern.runs
    )


def _partner(event: Event, there: frozenset[str]) -> str:
    """What is left out for which an event stays: the orders that lead it in its cycle, else a treatment of that day."""
    placed, here = event.placed, f"{event.placed.block.id}/{event.placed.cycle}"
    leads = leads_of(placed.order, {order.id: order for order in placed.block.phase.orders})
    named = sorted(name for name in leads if f"{here}/{name}" in there) or sorted(leads)
    return f"{' or '.join(named)}, which it goes with," if named else "a treatment of its day"


def _by_order(events: Sequence[Event]) -> list[list[Event]]:
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.placed.id, []).append(event)
    return list(found.values())


def _label(run: Sequence[Event]) -> str:
    """Agent, cycles and all days of events of one order, with its id."""
    first, days = run[0].placed, dict.fromkeys(one.cycle_day for one in run)
    cycles = run_words(list(dict.fromkeys(one.placed.cycle for one in run)))
    return f"{first.agent_name} C{cycles} D{run_words(list(days))} ({first.block.id}/{cycles}/{first.order.id})"


def _run_line(run: Sequence[Difference]) -> str:
    first, last = run[0], run[-1]
    label = _label([one.event for one in run])
    count = f", {len(run):,} {'doses' if first.is_dose else 'times'}" if len(run) > 1 else ""
    if first.what == "moved":
        days_by, out = first.new_day - first.old_day, _left_out(first.new)
        if not days_by:
            return f"moved: {label} {first.before} -> {first.after}{count}{out}"
        before, after = _dates(first.old, last.old), _dates(first.new, last.new)
        return f"moved: {label} {before} -> {after} ({shift_words(days_by)}{count}){out}"
    if first.what in ("appeared", "vanished"):
        event, end = (first.new or first.old), (last.new or last.old)
        dates = _dates(event, end)
        dose = f" {dose_text(event)}" if event and dose_text(event) else ""
        out = _left_out(event) if first.what == "appeared" else ""
        return f"{first.what}: {label} {dates}{dose}{count}{out}"
    return f"{first.what}: {label} {first.before} -> {first.after}{count}"


def _left_out(event: Event | None) -> str:
    """That it is not to be given, behind what is told of it: ", stopped"."""
    return f", {event.state}" if event and event.state in LEFT_OUT else ""


def _dates(event: Event | None, end: Event | None) -> str:
    days = dict.fromkeys(weekday_date(one.day) for one in (event, end) if one)
    return " to ".join(days)


def _finding_line(finding: Finding) -> str:
    status = "" if finding.status is FindingStatus.OPEN else f", {str(finding.status).replace('_', ' ')}"
    return f"{finding.rule} {finding.severity}{status}: {finding.message}"


def _change_line(was: Finding, now: Finding) -> str:
    """A finding that stays: as it was and is, or where only its number differs, that number."""
    if (was.severity, was.status) != (now.severity, now.status):
        return f"{_finding_line(was)} -> {_finding_line(now)}"
    return f"{_finding_line(now)} Before: {was.count} {'time' if was.count == 1 else 'times'}."


def _by_id(evaluated: EvaluatedPlan) -> Mapping[str, Finding]:
    return {finding.id: finding for finding in evaluated.findings}


def _weight(finding: Finding) -> tuple[str, FindingStatus, int]:
    return finding.severity, finding.status, finding.count


def _end(evaluated: EvaluatedPlan) -> int:
    return max((block.end - 1 for block in evaluated.schedule.blocks), default=0)
