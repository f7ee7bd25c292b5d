"""Why an event stands where it stands, from the plan's first decision to its own day."""

from planner.model.civil import weekday_date
from planner.model.day_words import shift_words
from planner.model.protocol import TemplateDecision, TemplateOrder
from planner.model.schedule import Event, Schedule

STAYS = "keeps its days: the deferral of its cycle does not move it"
"""Said of a daily tablet, whose block tells that its first day is deferred."""


def why(schedule: Schedule, event: Event) -> tuple[str, ...]:
    """The derivation line by line: block, cycle, day, deferral, time, source. Same plan, same text."""
    placed = event.placed
    block = schedule.block(placed.block.id)
    lines = [f"from {block.protocol_title}, version {block.protocol_version}"]
    lines += [f"{block.title} {line}" for line in block.why]
    cycle = next(one for one in block.cycles if one.number == placed.cycle)
    lines.append(f"Cycle {cycle.number} starts on {weekday_date(cycle.start)}")
    first, off = block.phase.first_day, event.due_day - cycle.start
    if off or event.cycle_day != first:
        lines.append(f"Day {event.cycle_day} is {shift_words(off)} from Day {first}: {weekday_date(event.due_day)}")
    else:
        lines.append(f"Day {first} is {weekday_date(event.due_day)}")
    window = None if isinstance(placed.order, TemplateDecision) else placed.order.window
    if window and (window.earlier or window.later):
        lines.append(f"may fall from {window.earlier} days earlier to {window.later} days later")
    if event.day != event.due_day:
        lines.append(f"deferred by {shift_words(event.day - event.due_day)}: {weekday_date(event.day)}")
    elif cycle.late and isinstance(placed.order, TemplateOrder) and placed.order.keeps_its_days:
        lines.append(STAYS)
    if block.provisional:
        lines.append(f"provisional: {block.unsure}")
    return tuple(lines)
