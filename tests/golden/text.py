"""A schedule as text for people to read against the source: one line per order and cycle with all its days."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from planner.model.civil import clinical_date, clock, weekday_date
from planner.model.flow import flow_of
from planner.model.quantity import format_amount
from planner.model.schedule import Event, Schedule


def schedule_text(schedule: Schedule) -> str:
    """All blocks in order of start; within a block the cycles; within a cycle the orders by first day."""
    lines: list[str] = []
    for block in schedule.blocks:
        lines += [
            "",
            f"== {block.title} ({block.id}): {'; '.join(block.why)}{' [provisional]' if block.provisional else ''}",
        ]
        for cycle in block.cycles:
            lines.append(f"-- C{cycle.number}: {weekday_date(cycle.start)} to {weekday_date(cycle.end - 1)}")
            here = [
                event
                for event in schedule.events
                if event.placed.block.id == block.id and event.placed.cycle == cycle.number
            ]
            lines += _cycle_lines(here)
    return "\n".join(lines).lstrip() + "\n"


def _cycle_lines(events: list[Event]) -> Iterator[str]:
    by_order: dict[str, list[Event]] = {}
    for event in events:
        by_order.setdefault(event.placed.id, []).append(event)
    for order_id, found in by_order.items():
        first = found[0]
        head = f"   {order_id.split('/', 2)[2]}: {first.placed.agent_name}"
        if first.dose is None:
            yield f"{head} [{first.placed.kind}, {first.placed.evidence}] on {_days(found)}"
            continue
        yield f"{head} {first.placed.route} [{first.placed.kind}, {first.placed.evidence}]"
        for (protocol, single), same in groupby(found, key=_dose):
            yield f"      {protocol} -> {single}: {_days(list(same))}"


def _dose(event: Event) -> tuple[str, str]:
    dose = event.dose
    if dose is None:
        return "", ""
    value = format_amount(dose.value, dose.unit) if dose.value is not None else f"no dose ({dose.missing})"
    flow = flow_of(event.placed.order, dose).words()
    return dose.protocol_dose or "-", value + (" capped" if dose.capped else "") + (f", {flow}" if flow else "")


def _days(events: list[Event]) -> str:
    """Runs of days: D1 05-Jan-2026; D8:28 12-Jan-2026 to 01-Feb-2026, 2 each day."""
    return "; ".join(_run(run) for run in _runs(events))


def _runs(events: Iterable[Event]) -> list[list[Event]]:
    runs: list[list[Event]] = []
    for event in events:
        last = runs[-1][-1] if runs else None
        if last is not None and event.minute == last.minute and event.day - last.day in (0, 1):
            runs[-1].append(event)
        else:
            runs.append([event])
    return runs


def _run(run: list[Event]) -> str:
    first, last = run[0], run[-1]
    at = f" {clock(first.minute)}" if first.minute >= 0 else ""
    if first.day == last.day and len(run) == 1:
        return f"D{first.cycle_day} {clinical_date(first.day)}{at}"
    days = last.day - first.day + 1
    each = f", {len(run) // days} each day" if len(run) != days else ""
    span = f"{clinical_date(first.day)} to {clinical_date(last.day)}, {days} days"
    return f"D{first.cycle_day}:{last.cycle_day} {span}{each}{at}"
