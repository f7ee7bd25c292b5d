"""Findings as table rows: severity as a word, rule, message, dates."""

from datetime import date

from planner.model.civil import clinical_date
from planner.model.finding import SEVERITIES, Finding, FindingStatus
from ui.models.rows_model import Column
from ui.tongue import say


def by_severity(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Open ones first, then what could not be checked by what is missing, then what somebody accepted.

    Inside by severity and time.
    """

    def place(finding: Finding) -> tuple[int, str, int, int]:
        status = (FindingStatus.OPEN, FindingStatus.CANNOT_CHECK, FindingStatus.ACKNOWLEDGED).index(finding.status)
        severity = SEVERITIES.index(finding.severity) if finding.severity in SEVERITIES else len(SEVERITIES)
        return (status, finding.missing, severity, finding.days[0] if finding.days else 0)

    return tuple(sorted(findings, key=place))


def first_day(finding: Finding) -> int:
    """The first day it speaks about; what has none comes after all days."""
    return min(finding.days, default=date.max.toordinal())


Place = tuple[int, int, str, str]


def in_order(finding: Finding) -> Place:
    """Its place in time, the worst of a day first: the same before and after somebody lets it stand."""
    severity = SEVERITIES.index(finding.severity) if finding.severity in SEVERITIES else len(SEVERITIES)
    return (first_day(finding), severity, finding.rule, finding.id)


def next_open(findings: tuple[Finding, ...], after: Finding) -> Finding | None:
    """The open finding that comes after that one in time, around at the end; None where none is open."""
    opened = sorted((one for one in findings if one.status is FindingStatus.OPEN and one.id != after.id), key=in_order)
    return next((one for one in opened if in_order(one) > in_order(after)), opened[0] if opened else None)


def severity_word(finding: Finding) -> str:
    """The word in the first column: what could not be checked or was accepted says so instead of its severity."""
    if finding.status is FindingStatus.CANNOT_CHECK:
        return say("Cannot check")
    if finding.status is FindingStatus.ACKNOWLEDGED:
        return say("Accepted")
    return say(finding.severity.capitalize())


def severity_words() -> tuple[str, ...]:
    """Every word the first column may hold."""
    return (*(say(severity.capitalize()) for severity in SEVERITIES), say("Cannot check"), say("Accepted"))


def mark_of(finding: Finding) -> str:
    """What decides the row's sign: the severity, with "seen" once accepted, or that nothing could be checked."""
    if finding.status is FindingStatus.CANNOT_CHECK:
        return finding.status.value
    return finding.severity if finding.status is FindingStatus.OPEN else f"{finding.severity} seen"


def dates_text(finding: Finding) -> str:
    """First day, or first and last."""
    if not finding.days:
        return ""
    first, last = min(finding.days), max(finding.days)
    return (
        clinical_date(first)
        if first == last
        else say("{first} to {last}", first=clinical_date(first), last=clinical_date(last))
    )


_COUNTED = {
    "contraindicated": ("1 contraindicated", "{count} contraindicated"),
    "warning": ("1 warning", "{count} warnings"),
    "advice": ("1 advice", "{count} advice"),
}
"""One, and several: other languages bend both words."""


def count_text(findings: tuple[Finding, ...]) -> str:
    """How many of which, for the status line: "2 contraindicated, 1 warning"."""
    opened = [finding for finding in findings if finding.status is FindingStatus.OPEN]
    counts = [(severity, sum(finding.severity == severity for finding in opened)) for severity in SEVERITIES]
    parts = [say(_COUNTED[severity][count != 1], count=count) for severity, count in counts if count]
    return ", ".join(parts) or say("no open finding")


def _message(finding: Finding) -> str:
    times = " " + say("({count} times)", count=finding.count) if finding.count > 1 else ""
    return f"{finding.message}{times}"


FINDING_COLUMNS = (
    Column("Severity", severity_word, mark=mark_of),
    Column("Rule", lambda finding: finding.rule, tip=lambda finding: finding.title),
    Column("Finding", _message, tip=_message),
    Column("Dates", dates_text),
)
