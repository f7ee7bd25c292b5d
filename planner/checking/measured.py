"""Which cycles have doses by body weight or surface."""

from planner.checking.context import Context, takes_part
from planner.checking.pieces import BY_TIME
from planner.model.rule import SequencingRule
from planner.model.schedule import Event


def first_measured_doses(rule: SequencingRule, context: Context) -> list[Event]:
    """The first dose by weight or surface of each cycle of each block, in order of time."""
    firsts: dict[tuple[str, int], Event] = {}
    for placed, events in context.groups:
        dose = events[0].dose
        if dose is None or not ("/m2" in dose.protocol_dose or "/kg" in dose.protocol_dose):
            continue
        if takes_part(placed.block.protocol_id, rule.protocols):
            key = (placed.block.id, placed.cycle)
            firsts[key] = min(firsts.get(key, events[0]), events[0], key=BY_TIME)
    return sorted(firsts.values(), key=BY_TIME)
