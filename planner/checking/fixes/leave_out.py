"""Leave out what two blocks both give: the doses of the later one."""

from collections.abc import Iterator

from planner.checking.fixes.case import Case
from planner.model.finding import Fix
from planner.model.plan import Omission

KINDS = frozenset({"duplicate"})
"""Kinds of rules whose findings say that a dose is there twice. Leaving out treatment for another reason is no fix."""
MOST_DOSES = 31
"""Longer series are a matter for the protocol, not for single omissions."""


def propose(case: Case) -> Iterator[Fix]:
    """For each block of the two: leave out its doses on the days both give them."""
    if case.rule.kind not in KINDS:
        return
    for subject in case.subjects:
        events = subject.events
        if len(events) > MOST_DOSES:
            continue
        block, number = subject.block, subject.cycle
        changes = tuple(
            dict.fromkeys(
                Omission(block.id, number, event.cycle_day, event.placed.order.id, "other", f"{case.rule.id}")
                for event in events
            )
        )
        doses = "1 dose" if len(events) == 1 else f"{len(events)} doses"
        title = f"Leave out {events[0].placed.agent_name} of {block.title} C{number} where both give it ({doses})"
        yield Fix(f"leave-out:{block.id}:{number}", title, changes=changes)
