"""duplicate: the same agent by the same route from two blocks on one day."""

from collections.abc import Iterator, Sequence

from planner.checking.context import Context, takes_part
from planner.checking.hits import Hit, named
from planner.model.civil import clinical_date
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import Duplicate
from planner.model.schedule import Event


def find(rule: SequencingRule, wanted: Duplicate, context: Context) -> Iterator[Hit]:  # noqa: ARG001 all kinds alike
    """One hit for each pair of blocks and agent, counted in days."""
    series: dict[tuple[str, str], dict[str, list[Sequence[Event]]]] = {}
    for placed, events in context.groups:
        if takes_part(placed.block.protocol_id, rule.protocols):
            series.setdefault((placed.agent, placed.route), {}).setdefault(placed.block.id, []).append(events)
    for (agent, route), blocks in series.items():
        for one, other in _overlapping(blocks):
            shared = sorted(one.keys() & other.keys())
            if shared:
                first, second = one[shared[0]], other[shared[0]]
                titles = f"{first.placed.block.title}; {second.placed.block.title}"
                yield Hit(
                    f"{named(first)} comes {route} from two blocks on one day: {titles}.",
                    tuple(event for day in shared for event in (one[day], other[day])),
                    (("blocks", titles), ("days", str(len(shared)))),
                    f"both on {clinical_date(shared[0])}",
                    key=f"{first.placed.block.id}/{second.placed.block.id}/{agent}/{route}",
                    times=len(shared),
                )


def _overlapping(blocks: dict[str, list[Sequence[Event]]]) -> Iterator[tuple[dict[int, Event], dict[int, Event]]]:
    """The doses by day of each two blocks whose first and last days overlap."""
    reaches = sorted(
        (min(events[0].day for events in runs), max(events[-1].day for events in runs), block)
        for block, runs in blocks.items()
    )
    for place, (_, end, block) in enumerate(reaches):
        for start, _, other in reaches[place + 1 :]:
            if start > end:
                break
            yield _by_day(blocks[block]), _by_day(blocks[other])


def _by_day(runs: list[Sequence[Event]]) -> dict[int, Event]:
    return {event.day: event for events in runs for event in events}
