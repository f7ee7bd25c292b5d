"""The counters of a plan: the door to what is added up over the whole course."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from planner.analysis.counters import count
from planner.analysis.intensity import intensities
from planner.analysis.vials import vials
from planner.assembly.assemble import assemble
from planner.content.counter_file import shipped_counters
from planner.model.counter import Totals
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.library import Library
from planner.model.plan import Repetition
from planner.model.rule_values import Selector
from planner.model.site import Site
from planner.services.evaluation import as_written, pinned_protocol


def totals(evaluated: EvaluatedPlan, library: Library, shipped: Path, site: Site = Site()) -> Totals:
    """Counters, dose intensities and the last planned day of a plan; `shipped` is the folder of resources."""
    plan, schedule = evaluated.plan, evaluated.schedule
    kept = tuple(one for one in plan.modifications if isinstance(one, Repetition))
    protocols = {pin.sha256: pinned_protocol(pin.text) for pin in plan.pins}
    library = as_written(library, site)
    unchanged = assemble(replace(plan, modifications=kept, given=()), protocols, library.agents, site)
    return Totals(
        counters=count(shipped_counters(shipped), plan.patient, schedule.events, library.agents, cycle_limits(library)),
        intensities=intensities(schedule, unchanged),
        ends=max((block.end - 1 for block in schedule.blocks), default=0),
        vials=vials(schedule.events),
    )


def cycle_limits(library: Library) -> Mapping[str, tuple[Decimal, str]]:
    """Agent -> the fewest cycles that a rule allows in a whole plan, and that rule's id."""
    found: dict[str, tuple[Decimal, str]] = {}
    for rule in library.rules:
        at_most = rule.parameters.get("at_most")
        if rule.kind != "cycle_count" or not isinstance(at_most, int) or rule.when or rule.protocols:
            continue
        agents = rule.parameters.get("agents")
        for selector in agents if isinstance(agents, tuple) else ():
            if isinstance(selector, Selector) and selector.by == "agent" and not selector.negated:
                limit = Decimal(at_most)
                if selector.name not in found or limit < found[selector.name][0]:
                    found[selector.name] = limit, rule.id
    return found
