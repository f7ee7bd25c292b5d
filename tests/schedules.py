"""Schedules made of given events, for tests that need one which no plan gives."""

from collections.abc import Iterable

from planner.content.rule_cases import schedule_of
from planner.model.schedule import Event, Schedule

__all__ = ["schedule_of", "with_events"]


def with_events(schedule: Schedule, events: Iterable[Event]) -> Schedule:
    """The schedule with other events in it."""
    return schedule_of(events, schedule.blocks, schedule.decisions)
