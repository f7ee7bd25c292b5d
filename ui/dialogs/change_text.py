"""What an edit would do, in few words: what moves, what appears or goes, which findings come and go."""

from collections.abc import Iterator, Mapping

from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import Finding, FindingStatus
from planner.services.differences import counts, first_differences, left_behind
from planner.services.preview import stale_sheets
from ui.models.finding_table import count_text

SHOWN = 5
"""How many single changes are listed before the rest is counted."""


def change_lines(before: EvaluatedPlan, after: EvaluatedPlan) -> tuple[str, ...]:
    """The counts first, then the first few changes in order of time, then the findings."""
    return tuple(_lines(before, after))


def summary_line(before: EvaluatedPlan, after: EvaluatedPlan) -> str:
    """The counts alone, with how many findings come and go, for the bar that tells what just happened."""
    new, gone = new_findings(before, after), new_findings(after, before)
    parts = [_counts(counts(before.schedule, after.schedule))]
    parts += [f"New findings: {count_text(new)}."] if new else []
    parts += [f"No longer: {count_text(gone)}."] if gone else []
    return " ".join(part for part in parts if part)


def new_findings(before: EvaluatedPlan, after: EvaluatedPlan) -> tuple[Finding, ...]:
    """The open findings that were not there before."""
    old = _open(before)
    return tuple(finding for key, finding in _open(after).items() if key not in old)


def _lines(before: EvaluatedPlan, after: EvaluatedPlan) -> Iterator[str]:
    found = counts(before.schedule, after.schedule)
    yield _counts(found) or "Nothing would change."
    for change in first_differences(before.schedule, after.schedule, SHOWN):
        yield f"  {change.label}: {change.before or 'nothing'} → {change.after or 'nothing'}"
    if sum(found.values()) > SHOWN:
        yield f"  and {sum(found.values()) - SHOWN:,} more"
    left = left_behind(before.schedule, after.schedule)
    if left:
        yield f"Still planned without their drug: {', '.join(dict.fromkeys(one.label for one in left))}."
    yield from _findings(before, after)
    yield from (f"Handed out and no longer right: {title}." for title in stale_sheets(before.plan, after.plan))


def _counts(changes: Mapping[str, int]) -> str:
    words = {
        "moved": "moved",
        "appeared": "added",
        "vanished": "removed",
        "agent": "with another drug",
        "dose": "with another dose",
        "bag": "with another bag",
        "status": "with another status",
    }
    counted = [(word, changes.get(what, 0)) for what, word in words.items()]
    parts = [f"{count:,} {'item' if count == 1 else 'items'} {word}" for word, count in counted if count]
    return f"{', '.join(parts)}." if parts else ""


def _findings(before: EvaluatedPlan, after: EvaluatedPlan) -> Iterator[str]:
    for finding in new_findings(before, after)[:SHOWN]:
        yield f"New {finding.severity}: {finding.rule} {finding.title}."
    gone = new_findings(after, before)
    if gone:
        yield f"No longer: {', '.join(sorted({one.rule for one in gone}))}."


def _open(evaluated: EvaluatedPlan) -> dict[tuple[str, tuple[str, ...]], Finding]:
    """Open findings by rule and orders, so that one that only moved along is not called new."""
    return {(one.rule, one.orders): one for one in evaluated.findings if one.status is FindingStatus.OPEN}
