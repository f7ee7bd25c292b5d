"""cycles_in_order: cycles of one treatment before those of another."""

from collections.abc import Iterator

from planner.checking.context import Context
from planner.checking.hits import Hit, on_day
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_span import CyclesInOrder


def find(rule: SequencingRule, wanted: CyclesInOrder, context: Context) -> Iterator[Hit]:
    """One hit for each cycle with `then` that starts before the last one with `first`."""
    latest = max(context.starts(wanted.first), default=None)
    if latest is None or min(context.starts(wanted.then, rule.protocols), default=latest) >= latest:
        return
    last = max(context.cycles(wanted.first), key=lambda cycle: cycle.start)
    for cycle in context.cycles(wanted.then, rule.protocols):
        if cycle.start < latest:
            yield Hit(
                f"{cycle.name} starts before {last.name}, which has to come first.",
                (*cycle.first_doses(wanted.then), *last.first_doses(wanted.first)),
                (("cycle", cycle.name), ("has to come first", last.name)),
                f"{on_day(cycle.start)} is before {on_day(last.start)}",
                key=cycle.name,
            )
