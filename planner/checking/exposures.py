"""What was given before the plan, found by the same selectors as the doses of the plan."""

from msgspec.structs import replace

from planner.checking.context import Context
from planner.checking.known import Known
from planner.checking.meaning import Who
from planner.model.patient import PriorExposure
from planner.model.rule_values import Selectors


def exposures_to(selectors: Selectors, context: Context) -> tuple[PriorExposure, ...]:
    """The earlier exposures that are meant, each under its agent's id. Without a route, each counts for every route."""
    found = known_exposures(selectors, context.known)
    if any(one.until for one in found):
        context.notes.dated = True
    return found


def known_exposures(selectors: Selectors, known: Known) -> tuple[PriorExposure, ...]:
    """The same, asked before anything is judged."""
    if not known.prior_exposures:
        return ()
    bare = tuple(
        one._replace(routes=())
        for one in selectors
        if one.by in ("agent", "class") and not (one.negated and one.routes)
    )
    resolved = (replace(one, agent=known.meaning.resolve(one.agent)) for one in known.prior_exposures)
    return tuple(one for one in resolved if known.meaning.bound(bare, Who(one.agent, "", "")) is not None)
