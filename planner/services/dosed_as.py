"""What of a plan's doses and times rests on the site's choices, on rounding and on this program's arithmetic.

A signature holds for these too.

Told is only what is otherwise than in the first edition of the program, so that codes and signatures of plans stay
whose doses stay.
"""

from collections.abc import Iterator, Mapping
from functools import cache

import msgspec

from planner.assembly.memo import Memo
from planner.model.agent import Agent, DoseRange, Strength
from planner.model.schedule import Schedule
from planner.model.site import Site
from planner.paths import resources

COMPUTES = 1
"""The program's arithmetic, counted from its first. Raised where the same plan, agents and choices come to other dates
or doses than before: whoever signed them has to look again (tests/services/test_computes.py says when)."""
CHOICES = ("treatment_day_starts", "rounding", "rounding_percent")
"""Settings of the clinic that clock times and doses are computed by."""
FIRST = "agents/first-rounding.json"
"""What agents are rounded to in the first edition: by agent and field its text. Never edited."""
COUNTS_WITH = {"round_to": "", "tablets": "", "vials": "vials", "dose_bands": "bands"}
"""The fields of an agent that doses follow, each with the way of rounding that it counts for; "" for every one."""
_apart: Memo[int, tuple[Mapping[str, Agent], tuple[tuple[Agent, tuple[str, ...]], ...]]] = Memo(4)
"""By vocabulary, which is held so that its number stays its own: the agents told of, with what the edition changed."""


def dosed_as(schedule: Schedule, agents: Mapping[str, Agent], site: Site) -> str:
    """Those choices in one text, the same for the same choices; empty where all of them are as they were first.

    Of the agents those count that the plan gives and that a file of the site, or this edition of the program, rounds in
    another way.
    """
    plain = Site()
    told = [_computed(COMPUTES)]
    told += [f"{name}={getattr(site, name)}" for name in CHOICES if getattr(site, name) != getattr(plain, name)]
    changed = _apart.get(id(agents), lambda: (agents, tuple(_told_of(agents))))[1]
    if changed:
        given = {run.line.agent for piece in schedule.pieces for run in piece.content.pattern.runs}
        told += sorted(_rounding_of(agent, fields, site) for agent, fields in changed if agent.id in given)
    return "; ".join(filter(None, told))


def told_before(text: str) -> Iterator[str]:
    """The same choices as `dosed_as` told them by each earlier arithmetic of the program, the newest first."""
    rest = text.removeprefix(_computed(COMPUTES)).removeprefix("; ")
    yield from ("; ".join(filter(None, (_computed(number), rest))) for number in range(COMPUTES - 1, 0, -1))


def _computed(number: int) -> str:
    return f"computed={number}" if number > 1 else ""


def _told_of(agents: Mapping[str, Agent]) -> Iterator[tuple[Agent, tuple[str, ...]]]:
    for agent in agents.values():
        first = _first().get(agent.id, {})
        fields = tuple(
            name for name in COUNTS_WITH if name not in agent.changed and _text(agent, name) != first.get(name, "")
        )
        if fields or agent.changed:
            yield agent, fields


@cache
def _first() -> dict[str, dict[str, str]]:
    return msgspec.json.decode((resources() / FIRST).read_bytes(), type=dict[str, dict[str, str]])


def _rounding_of(agent: Agent, fields: tuple[str, ...], site: Site) -> str:
    """What the site's file changed, and what this edition did where it counts; empty where nothing is left of that."""
    count = [name for name in fields if COUNTS_WITH[name] in ("", site.rounding)]
    told = [f"{name}={getattr(agent, name)}" for name in agent.changed]
    told += [f"{name}={_text(agent, name)}" for name in count]
    return f"{agent.id}: {', '.join([*told, f'usual_unit={agent.usual_unit}'])}" if told else ""


def _text(agent: Agent, name: str) -> str:
    """The value of a field in words that no later field of the model changes."""
    value = getattr(agent, name)
    return ", ".join(map(_part, value)) if isinstance(value, tuple) else "" if value is None else str(value)


def _part(one: Strength | DoseRange) -> str:
    if isinstance(one, Strength):
        return f"{one.amount} {one.unit}{' halves' if one.halves else ''}"
    return f"{one.least} to {one.below}: {one.dose}"
