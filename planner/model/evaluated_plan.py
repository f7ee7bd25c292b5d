"""The plan together with all that follows from it."""

from msgspec import Struct

from planner.model.finding import Finding
from planner.model.plan import Plan
from planner.model.schedule import Schedule
from planner.model.timeline import Timeline


class CheckSummary(Struct, frozen=True):
    """What was checked and what was not: so many rules ran, so many could not, for want of these inputs."""

    rules: int
    not_checkable: int
    missing: tuple[str, ...]

    def __str__(self) -> str:
        if not self.not_checkable:
            return f"{self.rules} rules checked"
        return f"{self.rules} rules checked, {self.not_checkable} not checkable: {', '.join(self.missing)}"


class EvaluatedPlan(Struct, frozen=True):
    """One immutable value that screen, command line and every sheet are made from."""

    plan: Plan
    schedule: Schedule
    findings: tuple[Finding, ...]
    timeline: Timeline
    checked: CheckSummary
