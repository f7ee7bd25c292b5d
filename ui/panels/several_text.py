"""What the inspector says where several things are selected: what they share, and "several" where they differ."""

from collections.abc import Callable, Iterator, Sequence

from planner.model.schedule import Event
from ui.models.description import Description, Section
from ui.models.subject import Subject
from ui.plan_words import event_name, plan_words
from ui.tongue import amount_words, say, weekday_date

SHOWN = 8
"""Items that are named; the rest is counted."""


def describe_several(subject: Subject) -> Description:
    """All that is selected as one thing."""
    parts, events = subject.several, subject.all_events
    blocks = [one for one in parts if one.bar and one.bar.form == "ribbon"]
    doses = [event for event in events if event.dose]
    sections = (
        Section("What", tuple(_what(blocks, events))),
        Section("When", tuple(_when(parts, events))),
        Section("Items", tuple(_items(parts))),
    )
    actions = ("move", *(("omit", "given") if doses else ()))
    title = say("{count} items selected", count=len(parts))
    return Description(title, "", tuple(one for one in sections if one.lines), actions)


def _what(blocks: Sequence[Subject], events: Sequence[Event]) -> Iterator[str]:
    if blocks:
        yield say("{count} blocks", count=len(blocks)) if len(blocks) > 1 else say("1 block")
    if not events:
        return
    doses = sum(1 for event in events if event.dose)
    yield say("{doses} doses, {others} other items", doses=f"{doses:,}", others=f"{len(events) - doses:,}")
    several: list[str] = []
    for name, value in _FACTS:
        values = dict.fromkeys(value(event) for event in events)
        if len(values) == 1:
            yield f"{say(name)}: {next(iter(values)) or say('none')}"
        else:
            several.append(say(name))
    if several:
        yield say("Several: {names}", names=", ".join(several))


def _dose(event: Event) -> str:
    if event.dose is None:
        return ""
    return amount_words(event.dose.value, event.dose.unit) if event.dose.value is not None else say("dose to enter")


_FACTS: tuple[tuple[str, Callable[[Event], str]], ...] = (
    ("Item", lambda event: event_name(event.placed.agent_name)),
    ("Dose", _dose),
    ("Route", lambda event: event.placed.route),
    ("Block", lambda event: event.placed.block.title),
    ("Cycle", lambda event: f"C{event.placed.cycle}"),
    ("Day", lambda event: f"D{event.cycle_day}"),
    ("Status", lambda event: event.state.value),
)


def _when(parts: Sequence[Subject], events: Sequence[Event]) -> Iterator[str]:
    """From the first to the last day of what is meant: a bar may run on beyond the cycle that is selected."""
    days = [event.day for event in events]
    days += [day for one in parts if one.bar and not one.events for day in (one.bar.start, one.bar.end - 1)]
    if days:
        first, last = min(days), max(days)
        yield weekday_date(first) if first == last else f"{weekday_date(first)} – {weekday_date(last)}"


def _items(parts: Sequence[Subject]) -> Iterator[str]:
    bars = sorted((one.bar for one in parts if one.bar), key=lambda bar: bar.start)
    for bar in bars[:SHOWN]:
        yield f"{weekday_date(bar.start)}  {plan_words(bar.detail.splitlines()[0]) if bar.detail else bar.label}"
    if len(bars) > SHOWN:
        yield say("and {count} more", count=len(bars) - SHOWN)
