"""How the continuous infusions of a block are cut into bags, as a table of fields."""

from collections.abc import Iterable, Mapping

from planner.model.agent import Agent, BagKind
from planner.model.civil import WEEKDAYS
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import BagPlan
from ui.dialogs.fields import Answers, Field


def bag_kinds(evaluated: EvaluatedPlan, block: str, agents: Mapping[str, Agent]) -> tuple[BagKind, ...]:
    """The bags that the agents infused in that block may be prepared in, shortest first."""
    infused = {
        event.placed.agent
        for event in evaluated.schedule.events
        if event.placed.block.id == block and event.placed.kind == "infusion"
    }
    kinds = {kind.hours: kind for agent in infused if agent in agents for kind in agents[agent].bags}
    return tuple(kinds[hours] for hours in sorted(kinds))


def bag_fields(kinds: Iterable[BagKind], planned: BagPlan | None) -> tuple[Field, ...]:
    """Which bags, and on which days of the week they are changed."""
    lengths = [(kind.hours, f"{kind.hours} h at {kind.rate_ml_h.normalize():f} mL/h") for kind in kinds]
    days = [(number, name[:3]) for number, name in enumerate(WEEKDAYS)]
    return (
        Field("hours", "&Bags", "several", planned.hours if planned else (lengths[0][0],), lengths),
        Field("weekdays", "Changed &on", "several", planned.weekdays if planned else (), days, optional=True),
    )


def bag_plan(block: str, answers: Answers, planned: BagPlan | None) -> BagPlan:
    """The answer; no day of the week means any. Closed days of the bag plan before it stay."""
    return BagPlan(block, answers["hours"], answers["weekdays"], planned.closed if planned else ())


def bag_notes(kinds: Iterable[BagKind]) -> tuple[str, ...]:
    """What each bag rests on."""
    return (
        *(f"{kind.hours} h: {kind.reference} ({kind.evidence})" for kind in kinds),
        "No day of the week ticked means any day. The fewest changes that fit are searched.",
    )
