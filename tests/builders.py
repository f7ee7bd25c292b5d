"""Small plans and schedules from lines of text, as the cases of rule files write them."""

from planner.content.rule_cases import (
    DAY_ONE,
    day,
    example_holds,
    example_patient,
    example_plan,
    example_schedule,
)

__all__ = ["DAY_ONE", "day", "example_holds", "example_patient", "example_plan", "example_schedule"]
