"""The plan together with all that follows from it."""

from dataclasses import dataclass

from planner.model.finding import Finding
from planner.model.plan import Plan
from planner.model.schedule import Schedule
from planner.model.timeline import Timeline


@dataclass(frozen=True, slots=True)
class CheckSummary:
    """What was checked and what was not: so many rules ran, so many could not, for want of these inputs."""

    rules: int
    not_checkable: int
    missing: tuple[str, ...]

    def __str__(self) -> str:
        if not self.not_checkable:
            return f"{self.rules} rules checked"
        return f"{self.rules} rules checked, {self.not_checkable} not checkable: {', '.join(self.missing)}"


@dataclass(frozen=True, slots=True)
class EvaluatedPlan:
    """One immutable value that screen, command line and every sheet are made from."""

    plan: Plan
    schedule: Schedule
    findings: tuple[Finding, ...]
    timeline: Timeline
    checked: CheckSummary
