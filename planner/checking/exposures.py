"""What was given before the plan, found by the same selectors as the doses of the plan."""

from msgspec.structs import replace

from planner.checking.context import Context
from planner.model.patient import PriorExposure
from planner.model.rule_values import Selectors


def exposures_to(selectors: Selectors, context: Context) -> tuple[PriorExposure, ...]:
    """The earlier exposures that are meant, each under its agent's id. Without a route, each counts for every route."""
    bare = tuple(
        one._replace(routes=())
        for one in selectors
        if one.by in ("agent", "class") and not (one.negated and one.routes)
    )
    resolved = (replace(one, agent=context.resolve(one.agent)) for one in context.patient.prior_exposures)
    return tuple(one for one in resolved if context.is_meant(bare, one.agent, "", ""))
