"""Where a move of days meets other blocks of its protocol: those that stand before, and those that do not follow."""

from collections.abc import Collection

from planner.errors import Refusal
from planner.model.civil import weekday_date
from planner.model.cycle_content import State
from planner.model.plan import Deferral, Plan, Scope
from planner.model.protocol import TREATING, TemplateOrder
from planner.model.schedule import Schedule
from planner.model.sentence import Sentence
from planner.services.verbs.refusing import Place

LEFT_OUT = (State.OMITTED, State.STOPPED)


def last_before(schedule: Schedule, place: Place) -> int | None:
    """The last treatment day of the blocks that end before this one begins; None where there are none.

    Tablets do not count: they may go on beside what follows.
    """
    earlier = {
        block.id
        for block in schedule.blocks
        if block.protocol_id == place.block.protocol_id and block.end <= place.block.start
    }
    return max(last_treatment(schedule, earlier, tablets=False).values(), default=None)


def refuse_running_on(plan: Plan, schedule: Schedule, place: Place, deferral: Deferral) -> None:
    """With "following" a block of the same protocol that has a date of its own keeps it: none may be run into.

    What hangs on an earlier day of the block and so stays is let alone: it runs beside the rest of it.
    """
    if deferral.scope is not Scope.FOLLOWING or deferral.days < 0:
        return
    moving = _going_along(plan, deferral)
    beside = {block.id for block in plan.blocks if block.start.on is None and block.start.day is not None}
    stay = [
        block
        for block in schedule.blocks
        if block.protocol_id == place.block.protocol_id and block.id not in moving | beside and not block.waits
    ]
    if not stay:
        return
    found = last_treatment(schedule, moving, tablets=True)
    lasts = [(found[block.id], block.title) for block in schedule.blocks if block.id in found]
    for later in sorted(stay, key=lambda block: block.begins):
        last, title = max((one for one in lasts if one[0] < later.begins), default=(0, ""))
        if title and last + deferral.days >= later.begins:
            room = later.begins - 1 - last
            most = "move it by at most {days} day, or" if room == 1 else "move it by at most {days} days, or"
            next_one = Sentence("{names}, which starts on {day}", names=later.title, day=weekday_date(later.begins))
            raise Refusal(
                '{block} would run into {next}; {most} use the scope "all", which moves that too',
                "overlap",
                str(room) if room else "all",
                block=title,
                next=next_one,
                most=Sentence(most, days=room) if room else Sentence("there is no room:"),
            )


def _going_along(plan: Plan, deferral: Deferral) -> set[str]:
    """The blocks that go where the rest of the deferral's block goes, itself among them.

    What hangs on one of its days goes along where that day does: it is one of its first cycle.
    """
    origin = plan.block(deferral.block)
    moving, asked = {origin.id}, [origin.id]
    while asked:
        one = asked.pop()
        for block in plan.blocks:
            start = block.start
            if start.on is not None or start.after != one or block.id in moving:
                continue
            first = deferral.cycle == origin.cycles[0]
            if one != origin.id or start.day is None or (first and start.day >= deferral.day):
                moving.add(block.id)
                asked.append(block.id)
    return moving


def last_treatment(schedule: Schedule, blocks: Collection[str], *, tablets: bool) -> dict[str, int]:
    """By block, the last day on which treatment that moves by itself is given; of these blocks that have one."""
    found: dict[str, int] = {}
    for piece in schedule.pieces:
        for run in piece.content.pattern.runs if piece.block.id in blocks else ():
            order = run.line.order
            counts = isinstance(order, TemplateOrder) and not order.runs_through and run.line.role in TREATING
            if counts and run.state not in LEFT_OUT and (tablets or run.line.route != "PO"):
                last = piece.start + max(run.offsets)
                found[piece.block.id] = max(last, found.get(piece.block.id, last))
    return found
