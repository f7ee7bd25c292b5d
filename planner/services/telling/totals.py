"""The counters of a plan: the door to what is added up over the whole course."""

from collections.abc import Iterable, Mapping
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
from planner.model.schedule import Event
from planner.model.site import Site
from planner.services.evaluation import as_written, pinned_protocol


def totals(evaluated: EvaluatedPlan, library: Library, shipped: Path, site: Site = Site()) -> Totals:
    """Counters, dose intensities and the last planned day of a plan; `shipped` is the folder of resources."""
    plan, schedule = evaluated.plan, evaluated.schedule
    kept = tuple(one for one in plan.modifications if isinstance(one, Repetition))
    protocols = {pin.sha256: pinned_protocol(pin.text) for pin in plan.pins}
    library = as_written(library, site)
    limits = cycle_limits(library, schedule.events)
    unchanged = assemble(replace(plan, modifications=kept, given=()), protocols, library.agents, site)
    return Totals(
        counters=count(shipped_counters(shipped), plan.patient, schedule.events, library.agents, limits),
        intensities=intensities(schedule, unchanged),
        ends=max((block.end - 1 for block in schedule.blocks), default=0),
        vials=vials(schedule.events),
    )


def cycle_limits(library: Library, events: Iterable[Event] = ()) -> Mapping[str, tuple[Decimal, str]]:
    """Agent -> the fewest cycles that a rule allows in a whole plan, and that rule's id.

    Also those in a protocol that alone of the `events` gives the agent: "none set" stood beside a fifth cycle of four.
    """
    given: dict[str, set[str]] = {}
    for event in events:
        given.setdefault(event.placed.agent, set()).add(event.placed.block.protocol_id)
    found: dict[str, tuple[Decimal, str]] = {}
    for rule in library.rules:
        if rule.kind != "cycle_count" or rule.when or rule.protocols:
            continue
        agents, by_protocol = rule.parameters.get("agents"), rule.parameters.get("at_most_in")
        inside = dict(by_protocol) if isinstance(by_protocol, tuple) else {}
        for selector in agents if isinstance(agents, tuple) else ():
            if not isinstance(selector, Selector) or selector.by != "agent" or selector.negated:
                continue
            only = next(iter(given.get(selector.name, ()))) if len(given.get(selector.name, ())) == 1 else ""
            at_most = rule.parameters.get("at_most", inside.get(only))
            if isinstance(at_most, int) and (selector.name not in found or at_most < found[selector.name][0]):
                found[selector.name] = Decimal(at_most), rule.id
    return found
