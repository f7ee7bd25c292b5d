"""What the supply sheet does not hand out, by name: under the skin, at the clinic, and what is still to be entered."""

import re
from collections.abc import Sequence

from planner.exports.sheets.sheet import Line, Paragraphs, Section
from planner.exports.sheets.unsaid import to_enter
from planner.exports.wording.doses import AT_HOME, NOT_TO_BE_GIVEN, PREMEDICATION
from planner.exports.wording.text import listed
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.protocol import TemplateOrder
from planner.model.schedule import Event, PlacedOrder
from planner.model.wish import Wish

NOT_HERE = (
    "Subcutaneous, and not on this sheet: the plan does not say who gives it or where. Hand out what is given at home:"
)
NOT_ENTERED = "Not entered yet; ask which of it is taken by mouth:"
AT_CLINIC = "By mouth, and not on this sheet: given at the clinic right before an infusion there:"

NEVER_BY_MOUTH = re.compile("radiotherapy|intrathecal")
"""In the name of what is still to be entered: nobody has to ask whether radiation is a tablet."""


def is_at_clinic(placed: PlacedOrder) -> bool:
    """Whether it is premedication of what is given at the clinic: nobody takes the tablets home."""
    order, orders = placed.order, {one.id: one for one in placed.block.phase.orders}
    if placed.role != PREMEDICATION or not isinstance(order, TemplateOrder):
        return False
    names = (*order.goes_with, *((order.anchor.order_id,) if order.anchor else ()))
    return any(name in orders and orders[name].route not in AT_HOME for name in names)


def _not_entered(evaluated: EvaluatedPlan, wish: Wish) -> list[Event]:
    """The marks of what may fall on days asked for: a course is marked on its first day alone."""
    spans = ((one, to_enter(one)) for one in evaluated.schedule.events)
    return [
        one
        for one, days in spans
        if days and wish.meets(days.start, days.stop) and not NEVER_BY_MOUTH.search(one.placed.agent_name)
    ]


def others(events: Sequence[Event], evaluated: EvaluatedPlan, wish: Wish) -> list[Section]:
    """What may be given at home as well, and what is taken at the clinic, by name."""
    given = [one for one in events if one.placed.kind == "administration" and one.state not in NOT_TO_BE_GIVEN]
    lines: list[Line] = []
    for words, here in (
        (NOT_HERE, [one for one in given if one.placed.route == "SC"]),
        (AT_CLINIC, [one for one in given if one.placed.route in AT_HOME and is_at_clinic(one.placed)]),
        (NOT_ENTERED, _not_entered(evaluated, wish)),
    ):
        names = list(dict.fromkeys(one.placed.agent_name for one in here))
        lines += [Line(words), Line(listed(names), "strong")] if names else []
    return [Section("Not on this sheet", (Paragraphs(tuple(lines), together=True),))] if lines else []
