"""How the continuous infusions of a block are cut into bags, as a table of fields."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from planner.errors import InputProblem, Refusal
from planner.model.agent import Agent, BagKind
from planner.model.civil import WEEKDAYS
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import BagPlan
from planner.services.closed_days import public_holidays
from ui.dialogs.fields import Answers, Field
from ui.tongue import say

WORDS = "No day of the week ticked means any day. The fewest changes that fit are searched."
CLOSED_WORDS = "On a closed day a bag is changed only where nothing else fits."
DAYS_HINT = "25-Dec-2026, 01-Jan-2027"
COUNTRY_HINT = "the code of a country, such as DE, or with a part of it, such as DE-BY"


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
    days = [(number, name[:3]) for number, name in enumerate(WEEKDAYS)]
    return (
        Field("hours", "&Bags", "several", planned.hours if planned else (lengths[0][0],), lengths),
        Field("weekdays", "Changed &on", "several", planned.weekdays if planned else (), days, optional=True),
        Field("closed", "&Closed days", "dates", planned.closed if planned else (), hint=DAYS_HINT, optional=True),
        *((Field("country", "Pu&blic holidays of", hint=COUNTRY_HINT, optional=True),) if with_country else ()),
    )


def bag_plan(block: str, answers: Answers, years: Sequence[int]) -> BagPlan:
    """The answer; no day of the week means any. Refuses a country whose public holidays are not known."""
    country, _, part = answers.get("country", "").strip().upper().partition("-")
    holidays: frozenset[date] = frozenset()
    if country:
        try:
            holidays = public_holidays(country, part, years)
        except InputProblem:
            raise Refusal(say("No public holidays are known for {country}", country=answers["country"])) from None
    return BagPlan(block, answers["hours"], answers["weekdays"], tuple(sorted({*answers["closed"], *holidays})))


def bag_notes(kinds: Iterable[BagKind]) -> tuple[str, ...]:
    """What each bag rests on."""
    return tuple(f"{kind.hours} h: {kind.reference} ({kind.evidence})" for kind in kinds)
