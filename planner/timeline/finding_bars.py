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


_Spoken = list[tuple[int, str, Sequence[int]]]
"""What findings say about an order, the worst first: rank and name of the severity, the days in order."""


def marked(lanes: Sequence[Lane], findings: Iterable[Finding]) -> list[Lane]:
    """The lanes with the worst open severity on each bar that holds an order and a day of a finding."""
    spoken: dict[str, _Spoken] = defaultdict(list)
    opened = [one for one in findings if one.status == FindingStatus.OPEN]
    opened.sort(key=lambda one: SEVERITIES.index(one.severity))
    for finding in opened:
        told = SEVERITIES.index(finding.severity), finding.severity, sorted(finding.days)
        for order in finding.orders:
            spoken[order].append(told)
    days = sorted({day for one in opened for day in one.days if one.orders})
    return [_marked_lane(lane, spoken, days) for lane in lanes] if spoken else list(lanes)


def _marked_lane(lane: Lane, spoken: Mapping[str, _Spoken], days: Sequence[int]) -> Lane:
    """`days` are all that the findings speak about: most bars hold none of them, and are not asked for their orders."""
    if lane.kind in ("blocks", "co-medications"):
        return lane
    bars = list(lane.bars)
    for number, bar in enumerate(bars):
        start = bar.start
        end = start + bar.figure.days
        if _holds(days, start, end) and (worst := _worst(bar.orders, start, end, spoken)):
            bars[number] = FoundBar(bar.figure, bar.ground, worst)
    return replace(lane, bars=tuple(bars))


def _worst(orders: Iterable[str], start: int, end: int, spoken: Mapping[str, _Spoken]) -> str:
    found = len(SEVERITIES), ""
    for order in orders:
        for rank, severity, days in spoken.get(order, ()):
            if rank < found[0] and _holds(days, start, end):
                found = rank, severity
                break  # what follows is no worse
    return found[1]


def _holds(days: Sequence[int], start: int, end: int) -> bool:
    """Whether one of the days, which are in order, lies from `start` up to, not including, `end`."""
    at = bisect_left(days, start)
    return at < len(days) and days[at] < end
