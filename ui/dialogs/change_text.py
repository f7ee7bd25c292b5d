"""What an edit would do, in few words: what moves, what appears or goes, which findings come and go."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from planner.model.day_words import run_words
from planner.model.difference import Difference, dose_text
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import Finding, FindingStatus
from planner.services.telling.change_words import course_words
from planner.services.telling.differences import LEFT_OUT, counts, left_behind
from planner.services.telling.gaps import gap_words, new_gaps
from planner.services.telling.preview import first_runs, moved_findings, stale_sheets, was_at
from planner.services.telling.told import new_course_changes, told
from planner.services.telling.unlisted import unlisted
from ui.dialogs.form import sentence
from ui.models.finding_table import count_text
from ui.plan_words import event_name, plan_words
from ui.tongue import say, sentence_words, weekday_date

SHOWN = 5
"""How many changes are listed before the rest is counted."""
LOOKED_AT = 30
"""How many are looked at for the first of those that change alike."""
Run = tuple[Difference, ...]
"""Doses of an order that change alike in one cycle: told as one."""
DATED = ("moved", "appeared", "vanished")
"""Sorts of changes that are told by their days."""

COUNTED = {
    "moved": ("{count} item moved", "{count} items moved"),
    "appeared": ("{count} item added", "{count} items added"),
    "vanished": ("{count} item removed", "{count} items removed"),
    "agent": ("{count} item with another drug", "{count} items with another drug"),
    "dose": ("{count} item with another dose", "{count} items with another dose"),
    "bag": ("{count} item with another bag", "{count} items with another bag"),
    "status": ("{count} item with another status", "{count} items with another status"),
}
"""How differences of a sort are counted: one of them, and any other number."""
NEW = {
    "contraindicated": "New contraindicated: {finding}.",
    "warning": "New warning: {finding}.",
    "advice": "New advice: {finding}.",
}
"""How a finding that appears is told, by its severity."""
UNSURE = "Cannot be checked any more: {found}."
"""How a finding is told that is no longer open because its rule lacks something now. It is no pass."""


def change_lines(before: EvaluatedPlan, after: EvaluatedPlan) -> tuple[str, ...]:
    """The counts, the first few changes in order of time, then what else there is to know: where there is no table."""
    counted, *more = _lines(before, after, SHOWN)
    return (counted, *_first_few(before, after), *more)


def summary_lines(before: EvaluatedPlan, after: EvaluatedPlan) -> tuple[str, ...]:
    """The counts, what is recorded, what stays behind, which findings come and go, which sheets are no longer right.

    Whole, for where there is room to scroll: who records a block as given has to see each of its drugs.
    """
    return tuple(_lines(before, after))


def summary_line(before: EvaluatedPlan, after: EvaluatedPlan) -> str:
    """How many findings come and go, then the counts, for the line that tells what just happened.

    The findings come first because the end of a line may not have room. What somebody let stand is not gone.
    """
    stay = {finding.id for finding in after.findings}
    new, gone, unsure, moved = _come_and_go(before, after)
    gone = tuple(finding for finding in gone if finding.id not in stay)
    parts = [say("New findings: {found}.", found=_with_rules(new))] if new else []
    parts += [say(UNSURE, found=count_text(unsure))] if unsure else []
    parts += [say("No longer: {found}.", found=count_text(gone))] if gone else []
    parts += [_moved(*pair) for pair in moved]
    parts.append(_counts(counts(before.schedule, after.schedule)))
    return " ".join(part for part in parts if part)


def _with_rules(findings: tuple[Finding, ...]) -> str:
    """How many of which and, where they are few, by which rules: a list of many shows the new ones out of sight."""
    rules = dict.fromkeys(one.rule for one in findings)
    return f"{count_text(findings)} ({', '.join(rules)})" if len(rules) < SHOWN else count_text(findings)


def unlisted_lines(before: EvaluatedPlan, after: EvaluatedPlan) -> tuple[str, ...]:
    """What stays behind, goes with it or reaches it, which neither the counts nor the table of changes shows."""
    return tuple(sentence(sentence_words(one)) for one in unlisted(before, after))


def new_findings(before: EvaluatedPlan, after: EvaluatedPlan) -> tuple[Finding, ...]:
    """The open findings that were not there before."""
    old = _open(before)
    return tuple(finding for key, finding in _open(after).items() if key not in old)


def run_name(run: Run) -> str:
    """What changes: "Dasatinib C1 D2 to 8"."""
    first, days = run[0], tuple(dict.fromkeys(one.cycle_day for one in run))
    if len(days) == 1:
        return event_name(first.label)
    return event_name(f"{first.event.placed.agent_name} C{first.event.placed.cycle} D{run_words(days)}")


def run_side(run: Run, *, new: bool) -> str:
    """What stood or stands there, of a run on several days the first and the last."""
    first, last = ((one.new if new else one.old) for one in (run[0], run[-1]))
    out = f", {plan_words(first.state)}" if new and first and run[0].what == "moved" and first.state in LEFT_OUT else ""
    if first and last and first.day != last.day and run[0].what in DATED:
        dates = say("{first} to {last}", first=weekday_date(first.day), last=weekday_date(last.day))
        return f"{dates} {plan_words(dose_text(first)) if run[0].what != 'moved' else ''}".rstrip() + out
    return (plan_words(run[0].after if new else run[0].before) or say("nothing")) + out


def _first_few(before: EvaluatedPlan, after: EvaluatedPlan) -> Iterator[str]:
    found = sum(counts(before.schedule, after.schedule).values())
    runs = first_runs(before.schedule, after.schedule, LOOKED_AT)[0][:SHOWN]
    for run in runs:
        yield f"– {run_name(run)}: {run_side(run, new=False)} → {run_side(run, new=True)}"
    if rest := found - sum(map(len, runs)):
        yield say("and {count} more", count=f"{rest:,}")


def _lines(before: EvaluatedPlan, after: EvaluatedPlan, most: int | None = None) -> Iterator[str]:
    reasons = [course_words(one, after.plan, say, plan_words) for one in new_course_changes(before.plan, after.plan)]
    records = [*reasons, *map(plan_words, told(before, after))]
    nothing = "No date or dose would change." if records else "Nothing would change."
    yield _counts(counts(before.schedule, after.schedule)) or say(nothing)
    yield from map(sentence, records[:most])
    if rest := len(records[most:]) if most else 0:
        yield say("and {count} more", count=rest)
    left = left_behind(before.schedule, after.schedule)
    if left:
        yield say(
            "Still planned without their drug: {doses}.", doses=", ".join(dict.fromkeys(one.label for one in left))
        )
    yield from (f"{gap_words(gap, say)}." for gap in new_gaps(before.schedule, after.schedule))
    yield from unlisted_lines(before, after)
    yield from _findings(before, after, most)
    for title in stale_sheets(before, after):
        yield say("Handed out and no longer right: {title}.", title=say(title))


def _counts(changes: Mapping[str, int]) -> str:
    counted = [(patterns, changes.get(what, 0)) for what, patterns in COUNTED.items()]
    parts = [say(patterns[count != 1], count=f"{count:,}") for patterns, count in counted if count]
    return f"{', '.join(parts)}." if parts else ""


def _findings(before: EvaluatedPlan, after: EvaluatedPlan, most: int | None) -> Iterator[str]:
    new, gone, unsure, moved = _come_and_go(before, after)
    told = Counter((finding.severity, f"{finding.rule} {finding.title}") for finding in new)
    for (severity, finding), times in list(told.items())[:most]:
        number = f" ({say('{count} findings', count=times)})" if times > 1 else ""
        yield say(NEW[severity], finding=f"{finding}{number}")
    if rest := sum(list(told.values())[most:]) if most else 0:
        yield say("and {count} more", count=rest)
    for pattern, some in ((UNSURE, unsure), ("No longer: {found}.", gone)):
        if some:
            yield say(pattern, found=", ".join(sorted({one.rule for one in some})))
    yield from (_moved(*pair) for pair in moved)


class ComeAndGo(NamedTuple):
    """Open findings that an edit brings, ends, leaves without what their rule needs, and takes to another place."""

    new: tuple[Finding, ...]
    gone: tuple[Finding, ...]
    unsure: tuple[Finding, ...]
    moved: tuple[tuple[Finding, Finding], ...]


def _come_and_go(before: EvaluatedPlan, after: EvaluatedPlan) -> ComeAndGo:
    new, gone = new_findings(before, after), new_findings(after, before)
    unsure = _only_unsure(gone, before, after)
    gone = _without(gone, unsure)
    moved = moved_findings(gone, new)
    elsewhere = [one for pair in moved for one in pair]
    return ComeAndGo(_without(new, elsewhere), _without(gone, elsewhere), unsure, moved)


def _without(some: Iterable[Finding], others: Iterable[Finding]) -> tuple[Finding, ...]:
    left = {one.id for one in others}
    return tuple(one for one in some if one.id not in left)


def _only_unsure(gone: Iterable[Finding], before: EvaluatedPlan, after: EvaluatedPlan) -> tuple[Finding, ...]:
    """Those whose rule only lacks something now, about the same doses: too few platelets that are of last week."""
    known = {one.id for one in before.findings if one.status is FindingStatus.CANNOT_CHECK}
    asked: dict[str, list[Finding]] = {}
    for one in after.findings:
        if one.status is FindingStatus.CANNOT_CHECK and one.id not in known:
            asked.setdefault(one.rule, []).append(one)
    return tuple(one for one in gone if any(_same_doses(one, other) for other in asked.get(one.rule, ())))


def _same_doses(one: Finding, other: Finding) -> bool:
    return not one.orders or bool({*one.orders} & {*other.orders})


def _moved(was: Finding, now: Finding) -> str:
    """A finding that stays and only stands elsewhere."""
    there = weekday_date(now.days[0]) if now.days else ", ".join(now.orders)
    return say("{rule} is now at {there}, {before}.", rule=now.rule, there=there, before=was_at(was, now, say))


def _open(evaluated: EvaluatedPlan) -> dict[tuple[str, tuple[str, ...]], Finding]:
    """Open findings by rule and orders, so that one that only moved along is not called new."""
    return {(one.rule, one.orders): one for one in evaluated.findings if one.status is FindingStatus.OPEN}
