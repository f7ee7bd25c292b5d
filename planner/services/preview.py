"""What an edit would do, told before anybody says yes: events that change, findings that come and go, the new end."""

from collections.abc import Mapping

from msgspec import Struct

from planner.model.civil import weekday_date
from planner.model.difference import Difference
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import Finding, FindingStatus
from planner.services.differences import differences


class Preview(Struct, frozen=True):
    """The difference between a plan and what an edit would make of it.

    `appeared` and `gone` are findings, `changed` those that stay but with another severity, status or count. `ends` are
    the ordinals of the last planned day before and after, 0 where there is none.
    """

    events: tuple[Difference, ...]
    appeared: tuple[Finding, ...]
    gone: tuple[Finding, ...]
    changed: tuple[tuple[Finding, Finding], ...]
    ends: tuple[int, int]

    def __bool__(self) -> bool:
        """Whether anything at all would change."""
        return bool(self.events or self.appeared or self.gone or self.changed)

    def count(self, what: str) -> int:
        """How many events change in that way: moved, appeared, vanished, agent, dose, bag, status."""
        return sum(one.what == what for one in self.events)


def preview(before: EvaluatedPlan, after: EvaluatedPlan) -> Preview:
    """Everything that differs between the two, in order of time; findings in the order they are shown."""
    old, new = _by_id(before), _by_id(after)
    stay = [(old[name], finding) for name, finding in new.items() if name in old]
    return Preview(
        events=differences(before.schedule, after.schedule),
        appeared=tuple(finding for name, finding in new.items() if name not in old),
        gone=tuple(finding for name, finding in old.items() if name not in new),
        changed=tuple((was, now) for was, now in stay if _weight(was) != _weight(now)),
        ends=(_end(before), _end(after)),
    )


def preview_lines(found: Preview) -> tuple[str, ...]:
    """The preview in words, one line a change, for people and for `plan diff`."""
    lines = [_event_line(one) for one in found.events]
    lines += [f"finding appears: {_finding_line(one)}" for one in found.appeared]
    lines += [f"finding goes: {_finding_line(one)}" for one in found.gone]
    lines += [f"finding changes: {_finding_line(was)} -> {_finding_line(now)}" for was, now in found.changed]
    old, new = found.ends
    if old and new and old != new:
        lines.append(f"last day: {weekday_date(old)} -> {weekday_date(new)} ({new - old:+d} days)")
    return tuple(lines)


def _event_line(one: Difference) -> str:
    if one.what == "appeared":
        return f"appeared: {one.label} ({one.order_id}) {one.after}"
    if one.what == "vanished":
        return f"vanished: {one.label} ({one.order_id}) {one.before}"
    return f"{one.what}: {one.label} ({one.order_id}) {one.before} -> {one.after}"


def _finding_line(finding: Finding) -> str:
    status = "" if finding.status is FindingStatus.OPEN else f", {str(finding.status).replace('_', ' ')}"
    return f"{finding.rule} {finding.severity}{status}: {finding.message}"


def _by_id(evaluated: EvaluatedPlan) -> Mapping[str, Finding]:
    return {finding.id: finding for finding in evaluated.findings}


def _weight(finding: Finding) -> tuple[str, FindingStatus, int]:
    return finding.severity, finding.status, finding.count


def _end(evaluated: EvaluatedPlan) -> int:
    return max((block.end - 1 for block in evaluated.schedule.blocks), default=0)
