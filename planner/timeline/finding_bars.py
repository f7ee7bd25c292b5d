"""Findings to marks: a bar each in the findings band, and the worst severity on every bar they speak about."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from planner.model.cycle_content import State
from planner.model.finding import SEVERITIES, Finding, FindingStatus
from planner.model.timeline import Bar, FoundBar, Lane, free_bar
from planner.timeline.words import finding_detail


def shown_on_timeline(findings: Iterable[Finding]) -> list[Finding]:
    """Findings that were checked and speak about days; the panel lists the others."""
    return [one for one in findings if one.status != FindingStatus.CANNOT_CHECK and one.days]


def finding_bars(findings: Iterable[Finding]) -> list[Bar]:
    """From the first to the last day a finding speaks about; `ticks` are the days themselves."""
    return [
        free_bar(
            id=one.id,
            start=min(one.days),
            end=max(one.days) + 1,
            form="mark",
            role="finding",
            state=State.GIVEN if one.status == FindingStatus.ACKNOWLEDGED else State.PLANNED,
            label=one.rule,
            detail=finding_detail(one),
            block="",
            orders=one.orders,
            ticks=one.days,
            finding=one.severity,
        )
        for one in findings
    ]


def marked(lanes: Sequence[Lane], findings: Iterable[Finding]) -> list[Lane]:
    """The lanes with the worst open severity on each bar that holds an order and a day of a finding."""
    concerned: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.status == FindingStatus.OPEN:
            for order in finding.orders:
                concerned[order].append(finding)
    days = sorted({day for several in concerned.values() for one in several for day in one.days})
    return [_marked_lane(lane, concerned, days) for lane in lanes] if concerned else list(lanes)


def _marked_lane(lane: Lane, concerned: Mapping[str, Sequence[Finding]], days: Sequence[int]) -> Lane:
    """`days` are all that the findings speak about: most bars hold none of them, and are not asked for their orders."""
    if lane.kind in ("blocks", "co-medications"):
        return lane
    bars = list(lane.bars)
    for number, bar in enumerate(bars):
        if bisect_left(days, bar.start) < bisect_left(days, bar.end) and (worst := _worst(bar, concerned)):
            bars[number] = FoundBar(bar.figure, bar.ground, worst)
    return replace(lane, bars=tuple(bars))


def _worst(bar: Bar, concerned: Mapping[str, Sequence[Finding]]) -> str:
    severities = {
        finding.severity
        for order in bar.orders
        for finding in concerned.get(order, ())
        if any(bar.start <= day < bar.end for day in finding.days)
    }
    return next((severity for severity in SEVERITIES if severity in severities), "")
