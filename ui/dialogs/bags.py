"""How the continuous infusions of a block are cut into bags, as a table of fields."""

from collections.abc import Iterable, Mapping, Sequence

from planner.model.agent import Agent, BagKind
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import BagPlan
from ui.dialogs.closed_days import closed_days, closed_fields, weekday_field
from ui.dialogs.fields import Answers, Field
from ui.tongue import say

WORDS = "No day of the week ticked means any day. The fewest changes that fit are searched."
CLOSED_WORDS = "On a closed day a bag is changed only where nothing else fits."


def bag_kinds(evaluated: EvaluatedPlan, block: str, agents: Mapping[str, Agent]) -> tuple[BagKind, ...]:
    """The bags that the agents infused in that block may be prepared in, shortest first."""
    infused = {
        event.placed.agent
        for event in evaluated.schedule.events
        if event.placed.block.id == block and event.placed.kind == "infusion"
    }
    kinds = {kind.hours: kind for agent in infused if agent in agents for kind in agents[agent].bags}
    return tuple(kinds[hours] for hours in sorted(kinds))


def bag_fields(kinds: Iterable[BagKind], planned: BagPlan | None, *, with_country: bool) -> tuple[Field, ...]:
    """Which bags, on which days of the week they are changed, and on which days they are not."""
    lengths = [
        (kind.hours, say("{hours} h at {rate} mL/h", hours=kind.hours, rate=f"{kind.rate_ml_h.normalize():f}"))
        for kind in kinds
    ]
    return (
        Field("hours", "&Bags", "several", planned.hours if planned else (lengths[0][0],), lengths),
        weekday_field("Changed &on", planned.weekdays if planned else ()),
        *closed_fields(planned.closed if planned else (), with_country=with_country),
    )


def bag_plan(block: str, answers: Answers, years: Sequence[int]) -> BagPlan:
    """The answer; no day of the week means any. Refuses a country whose public holidays are not known."""
    return BagPlan(block, answers["hours"], answers["weekdays"], tuple(sorted(closed_days(answers, years))))


def bag_notes(kinds: Iterable[BagKind]) -> tuple[str, ...]:
    """What each bag rests on."""
    return tuple(f"{kind.hours} h: {kind.reference} ({kind.evidence})" for kind in kinds)
