"""order_of_agents: of two agents given close together, which comes first."""

from collections.abc import Iterator

from planner.checking.context import Context
from planner.checking.elapsed import DAY, length_text
from planner.checking.hits import Hit, moment, named
from planner.checking.known import Known
from planner.checking.reach import Reach
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import OrderOfAgents
from planner.model.schedule import Event


def reach(wanted: OrderOfAgents, known: Known) -> Reach:  # noqa: ARG001 all reaches alike
    """As far before a dose as the gap, as far behind it as the two belong together."""
    return Reach(wanted.second, (wanted.first,), max(wanted.gap.days, 0), wanted.within_days, doses=False)


def find(rule: SequencingRule, wanted: OrderOfAgents, context: Context) -> Iterator[Hit]:
    """One hit for each dose of `second` that comes before, or too soon after, a dose of `first`."""
    seconds = context.judged_events(wanted.second, rule.protocols)
    if not seconds:
        return
    firsts = context.series(wanted.first)
    for second in seconds:
        for first in firsts.between(second.day - wanted.gap.days, second.day + wanted.within_days):
            hit = _judge(first, second, wanted)
            if hit:
                yield hit


def _judge(first: Event, second: Event, wanted: OrderOfAgents) -> Hit | None:
    clocks = first.minute >= 0 and second.minute >= 0
    minutes = (second.day - first.day) * DAY
    if clocks:
        minutes += second.minute - first.minute
    elif minutes == 0:
        return _hit(first, second, wanted, "same day, no clock times", ("clock times",))
    if minutes < 0:
        return _hit(first, second, wanted, f"{moment(second)} is before {moment(first)}")
    if clocks and minutes < wanted.gap.minutes:
        return _hit(
            first,
            second,
            wanted,
            f"{moment(second)} − {moment(first)} = {length_text(minutes, days=False)}, below {wanted.gap}",
        )
    return None


def _hit(first: Event, second: Event, wanted: OrderOfAgents, arithmetic: str, missing: tuple[str, ...] = ()) -> Hit:
    gap = f", at least {wanted.gap} before" if wanted.gap.minutes else ""
    said, verb = ("No clock times tell whether", "comes") if missing else ("Wrong order:", "should come")
    return Hit(
        f"{said} {named(first)} {verb} before {named(second)}{gap}.",
        (first, second),
        (
            ("comes first", named(first)),
            ("comes second", named(second)),
            ("least gap", str(wanted.gap) if gap else "none"),
        ),
        arithmetic,
        missing,
        key=f"{second.placed.block.id}/{second.placed.agent}/{first.placed.agent}",
    )
