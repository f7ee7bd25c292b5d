"""What the change of a block's start asks, and what is made of the answers."""

from collections.abc import Iterator
from datetime import date

from planner.model.plan import BlockStart, Plan
from planner.model.schedule import PlacedBlock
from planner.services.verbs import editing
from planner.services.verbs.reasons import because
from ui.dialogs.fields import Answers, Field
from ui.dialogs.reasons import reason_of_course, why_fields, why_of
from ui.dialogs.verb_place import Place
from ui.tongue import say

START = tuple[str, int | None]
"""The block a block starts after ("" for a date of its own), and the day of it that counts; None for its end."""
ON_A_DATE: START = ("", None)


def hang_fields(place: Place) -> tuple[Field, ...]:
    """A date, or another block and the days after its end or after one of its days."""
    start = place.evaluated.plan.block(place.block.id).start
    now = (start.after, start.day)
    starts = [(ON_A_DATE, "on a date"), *_behind(place, now)]
    return (
        Field("after", "&Starts", "choice", now, starts),
        Field("on", "&Date", "date", date.fromordinal(place.block.start), shown_if=_is_dated),
        Field(
            "gap", "&Later by", "days", start.gap_days, least=-60, most=730,
            shown_if=lambda answers: not _is_dated(answers),
        ),
        *why_fields(reason_of_course(place.evaluated.plan)),
    )  # fmt: skip


def hang(place: Place, answers: Answers, plan: Plan) -> Plan:
    """The plan with the block started so."""
    if _is_dated(answers):
        changed = editing.start_block_on(plan, place.block.id, answers["on"])
    else:
        after, day = answers["after"]
        start = BlockStart(after=after, day=day, gap_days=answers["gap"])
        changed = editing.hang_block(plan, place.block.id, start)
    return because(plan, changed, why_of(answers))


def _is_dated(answers: Answers) -> bool:
    chosen: START = answers["after"]
    return chosen == ON_A_DATE


def _behind(place: Place, now: START) -> Iterator[tuple[START, str]]:
    """Every other block, by its end; by the day of it that counts now, and by its Day 0 for what counts from that."""
    from_zero = place.block.phase.first_day == 0
    for block in place.evaluated.schedule.blocks:
        if block.id == place.block.id:
            continue
        yield (block.id, None), say("after {what}", what=block.title)
        days = {now[1]} if now[0] == block.id else set()
        days |= {0} if from_zero and _has_day_zero(block) else set()
        for day in sorted(one for one in days if one is not None):
            yield (block.id, day), say("on Day {day} of {what}", day=day, what=block.title)


def _has_day_zero(block: PlacedBlock) -> bool:
    phase = block.phase
    return phase.first_day <= 0 and phase.offset(0) < phase.length_of(block.cycles[0].number)
