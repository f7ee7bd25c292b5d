"""Hits to findings: one finding a series, exemptions and acknowledgements applied, nothing ever dropped."""

import hashlib
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import NamedTuple

from msgspec.structs import replace

from planner.checking.hits import Hit
from planner.model.civil import clinical_date
from planner.model.fact_words import sought
from planner.model.finding import Finding, FindingStatus
from planner.model.plan import Acknowledgement
from planner.model.rule import SequencingRule

BY_CLOCK = itemgetter(0, 1)
SEPARATOR = "; "
"""Between the names of what is missing."""
SHOWN = 12
"""Hits of one series whose comparison is written out; the rest is counted."""


class Series(NamedTuple):
    """Hits that are one finding."""

    hits: list[Hit]
    severity: str
    exempt: str


def series_of(rule: SequencingRule, hits: Iterable[Hit]) -> dict[str, Series]:
    """The hits by the id of the finding they belong to: same key, severity, missing or not, exempt or not."""
    found: dict[str, Series] = {}
    for hit in hits:
        exempt = _exemption(rule, hit)
        severity = "" if exempt else hit.severity
        parts = (rule.id, _key(hit), severity, "cannot check" if hit.missing else "", "exempt" if exempt else "")
        finding_id = ":".join(part for part in parts if part)
        found.setdefault(finding_id, Series([], severity, exempt)).hits.append(hit)
    return found


def findings_of(rule: SequencingRule, hits: Iterable[Hit]) -> Iterator[Finding]:
    """One finding for each series of hits."""
    for finding_id, series in series_of(rule, hits).items():
        yield _finding(rule, finding_id, series.hits, series.severity, series.exempt)


def acknowledged(findings: Iterable[Finding], marks: Iterable[Acknowledgement]) -> tuple[Finding, ...]:
    """The findings with those marked that somebody has acknowledged on the same facts; other facts open them again."""
    known = {(mark.finding, mark.basis) for mark in marks}
    return tuple(
        replace(finding, status=FindingStatus.ACKNOWLEDGED) if (finding.id, finding.basis) in known else finding
        for finding in findings
    )


def _key(hit: Hit) -> str:
    if hit.key or not hit.events:
        return hit.key
    placed = hit.events[0].placed
    return f"{placed.block.id}/{placed.agent}"


def _exemption(rule: SequencingRule, hit: Hit) -> str:
    """Why the rule does not hold here, where every dose of the hit stands in one cycle of a protocol that says so.

    What a protocol gives by design it gives inside a cycle. That doses of two of them meet is nobody's design.
    """
    if len({(event.placed.block.id, event.placed.cycle) for event in hit.events}) > 1:
        return ""
    reasons = [
        dict(event.placed.block.protocol.exemptions).get(rule.id, "") if event.placed.block.protocol else ""
        for event in hit.events
    ]
    return reasons[0] if reasons and all(reasons) else ""


def _finding(rule: SequencingRule, finding_id: str, hits: list[Hit], severity: str, exempt: str) -> Finding:
    first = hits[0]
    count = sum(hit.times for hit in hits)
    events = sorted((event for hit in hits for event in hit.events), key=BY_CLOCK)
    days = sorted({day for hit in hits for day in hit.days or [event.day for event in hit.events]})
    status = FindingStatus.CANNOT_CHECK if first.missing else FindingStatus.OPEN
    missing = tuple(dict.fromkeys(sought(one) for hit in hits for one in hit.missing))
    orders = tuple(dict.fromkeys(event.placed.id for event in events))
    inputs = (*first.inputs, *_further(hits), *((("missing", SEPARATOR.join(missing)),) if missing else ()))
    return Finding(
        id=finding_id,
        rule=rule.id,
        title=rule.title,
        severity="advice" if exempt else severity or rule.severity,
        status=FindingStatus.ACKNOWLEDGED if exempt else status,
        message=f"exempt by protocol, because {exempt}" if exempt else _message(first, count),
        days=tuple(days),
        orders=orders,
        inputs=inputs,
        arithmetic=first.arithmetic,
        statement=rule.statement,
        source=rule.reference,
        url=rule.url,
        evidence=str(rule.evidence),
        advice=rule.advice,
        count=count,
        basis=hashlib.sha256(repr((rule.id, days, orders, inputs)).encode()).hexdigest(),
    )


def _message(first: Hit, count: int) -> str:
    if count == 1:
        return first.message
    return f"{first.message} {count} times in this series."


def _further(hits: list[Hit]) -> Iterator[tuple[str, str]]:
    """The comparisons behind the first one, so that each can be argued with; what lacks the same compared nothing."""
    if hits[0].missing and len(hits) > 1:
        days = [day for hit in hits[1:] for day in hit.days or [event.day for event in hit.events]]
        span = f", until {clinical_date(max(days))}" if days else ""
        yield "also", f"{sum(hit.times for hit in hits) - 1} more of the same{span}"
        return
    for number, hit in enumerate(hits[1:SHOWN], 2):
        yield f"also {number}", hit.arithmetic or hit.message
    if len(hits) > SHOWN:
        yield "further", f"{len(hits) - SHOWN} more of the same"
