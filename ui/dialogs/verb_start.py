"""What the change of a block's start asks, and what is made of the answers."""

from datetime import date

from planner.model.plan import BlockStart, Plan
from planner.services.verbs import editing
from planner.services.verbs.reasons import because
from ui.dialogs.fields import Answers, Field
from ui.dialogs.reasons import reason_of_course, why_fields, why_of
from ui.dialogs.verb_place import Place
from ui.tongue import say


def hang_fields(place: Place) -> tuple[Field, ...]:
    """A date, or another block and the days after it."""
    blocks = [one for one in place.evaluated.schedule.blocks if one.id != place.block.id]
    starts = [("", "on a date"), *((one.id, say("after {what}", what=one.title)) for one in blocks)]
    start = place.evaluated.plan.block(place.block.id).start
    return (
        Field("after", "&Starts", "choice", start.after, starts),
        Field("on", "&Date", "date", date.fromordinal(place.block.start), shown_if=lambda one: not one["after"]),
        Field(
            "gap", "&Later by", "days", start.gap_days, least=-60, most=730,
            shown_if=lambda answers: bool(answers["after"]),
        ),
        *why_fields(reason_of_course(place.evaluated.plan)),
    )  # fmt: skip


def hang(place: Place, answers: Answers, plan: Plan) -> Plan:
    """The plan with the block started so."""
    if answers["after"]:
        start = BlockStart(after=answers["after"], gap_days=answers["gap"])
        changed = editing.hang_block(plan, place.block.id, start)
    else:
        changed = editing.start_block_on(plan, place.block.id, answers["on"])
    return because(plan, changed, why_of(answers))
