"""cycle_count: at most so many cycles with an agent."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from planner.checking.context import Context
from planner.checking.exposures import exposures_to, known_exposures
from planner.checking.hits import Hit, named, plural
from planner.checking.known import Known
from planner.checking.reach import Gate
from planner.checking.stops import begins_anew
from planner.model.quantity import format_number
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_span import CycleCount
from planner.model.schedule import Event


def gate(wanted: CycleCount, known: Known) -> Gate | None:
    """As many cycles as are allowed are never too many, if none was given before the plan."""
    asked = (wanted.at_most, wanted.lower_limit, *dict(wanted.at_most_in).values())
    limits = [limit for limit in asked if limit is not None]
    if not limits or known_exposures(wanted.agents, known):
        return None
    return Gate(wanted.agents, lambda runs: 1 if runs else 0, min(limits))


def find(rule: SequencingRule, wanted: CycleCount, context: Context) -> Iterator[Hit]:
    """One hit for each limit that is passed, on the cycles beyond it."""
    firsts = context.firsts(wanted.agents, rule.protocols)
    if not firsts:
        return
    if wanted.at_most is not None:
        yield from _count(firsts, wanted.at_most, "", wanted, context)
    after = context.series(wanted.lower_with).events
    before = [event for event in firsts if event.day < after[-1].day] if after else []
    if before and wanted.lower_limit is not None:
        yield from _count(before, wanted.lower_limit, "", wanted, context, after[-1])
    for protocol, limit in wanted.at_most_in:
        inside = [event for event in firsts if event.placed.block.protocol_id == protocol]
        if inside:
            yield from _count(inside, limit, protocol, wanted, context)


def _count(
    firsts: Sequence[Event],
    limit: int,
    protocol: str,
    wanted: CycleCount,
    context: Context,
    ahead_of: Event | None = None,
) -> Iterator[Hit]:
    name = firsts[0].placed.agent_name
    where = f" in {protocol}" if protocol else f" before {named(ahead_of)}" if ahead_of else ""
    key = protocol or ("ahead" if ahead_of else "plan")
    earlier = exposures_to(wanted.agents, context)
    cycles = sum(int(one.dose) for one in earlier if one.unit == "cycles")
    other = [f"{one.agent} {format_number(one.dose)} {one.unit}" for one in earlier if one.unit != "cycles"]
    total = cycles + len(firsts)
    if total > limit:
        beyond = tuple(firsts[max(0, limit - cycles) :])
        cut = _given_anew(firsts, wanted, context)
        unsure = cut and total - len(cut) <= limit
        verdict = f"{named(beyond[0])} is beyond the limit"
        if unsure:
            verdict = f"{named(cut[0])} was cut short and is given anew, and whether it counts its source does not say"
        yield Hit(
            f"{plural(total, 'cycle')} of {name}{where}, at most {limit}: {verdict}.",
            beyond,
            (
                ("cycles planned", str(len(firsts))),
                ("cycles before", str(cycles)),
                ("at most", str(limit)),
                *([("cut short and given anew", ", ".join(map(named, cut)))] if cut else []),
            ),
            f"{cycles} + {len(firsts)} = {total}, above {limit}",
            severity="advice" if unsure else "contraindicated" if _barred(total, wanted) else "",
            key=key,
        )
    elif other:
        yield Hit(
            f"{name} was given before this plan ({', '.join(other)}), but not in how many cycles.",
            (firsts[0],),
            (("cycles planned", str(len(firsts))), ("at most", str(limit)), ("before", ", ".join(other))),
            f"unknown + {len(firsts)}; at most {limit}",
            missing=(f"cycles of {name} before this plan",),
            key=key,
        )


def _given_anew(firsts: Sequence[Event], wanted: CycleCount, context: Context) -> list[Event]:
    """The first doses of cycles that were cut short and are followed by a new one in their place."""
    days = wanted.new_cycle_after_days
    if days is None:
        return []
    return [one for one, after in pairwise(firsts) if begins_anew(after, one, wanted.agents, days, context)]


def _barred(total: int, wanted: CycleCount) -> bool:
    return wanted.contraindicated_above is not None and total > wanted.contraindicated_above
