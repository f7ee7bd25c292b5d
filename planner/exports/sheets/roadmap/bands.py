"""The bands over and under the days of a block on the roadmap: each cycle with its dates, and what comes next."""

from collections.abc import Sequence

from planner.exports.sheets.sheet import Cell, Line, Row
from planner.exports.wording.holds import Ends
from planner.exports.wording.runs import FirstDays
from planner.exports.wording.text import NO_DAY, counted, is_in_title
from planner.model.civil import weekday_date
from planner.model.protocol import TO_ENTER
from planner.model.schedule import PlacedBlock, PlacedCycle


def cycle_band(
    block: PlacedBlock, first: PlacedCycle, last: PlacedCycle, begins: FirstDays, *, left_out: bool = False
) -> Row:
    """The name of a cycle, its dates, and what it hangs on; of several with nothing on their days, one for all."""
    numbered = len(block.cycles) > 1 or (first.number > 1 and not is_in_title(first.number, block.title))
    number = f"cycle {first.number}" if first is last else f"cycles {first.number} to {last.number}"
    name = f"{block.title}, {number}" if numbered else block.title
    days = counted(last.end - begins.of(block, first), "day")
    dates = NO_DAY if block.waits else f"{weekday_date(begins.of(block, first))} to {weekday_date(last.end - 1)}"
    span = f"{dates}, {days}{'' if first is last else _empty(block)}"
    words = f" · provisional, {block.unsure}" if block.provisional else ""
    words += " · LEFT OUT, its days stay empty" if left_out else ""
    return Row((Cell((Line(f"{name} · {span}{words}", "strong"),)),), band=True)


def outside_band(count: int) -> Row:
    """That an extract leaves cycles of the block out: seven weeks of maintenance were eighteen pages."""
    words = f"{counted(count, 'cycle')} of this block: outside the days asked for, not printed here"
    return Row((Cell((Line(words, "strong"),)),), band=True)


def _empty(block: PlacedBlock) -> str:
    """Of cycles without a row, that nothing is planned, or that it is still to be entered: it is given all the same."""
    to_enter = any(one.topic == TO_ENTER for one in block.phase.assessments)
    return f", {'doses still to be entered' if to_enter else 'nothing in the plan'}"


NOTHING_AFTER = "The plan ends with this block; whether treatment goes on after it is not in the plan."
OPEN_END = "This block has no end of its own: what is drawn is a step, and it goes on until somebody says when it ends."


def next_band(block: PlacedBlock, blocks: Sequence[PlacedBlock], begins: FirstDays, ends: Ends) -> Row:
    """What begins while the block runs, and the start of what comes after it, each with what it waits for."""
    every = [other for other in blocks if other.id != block.id]
    others = [other for other in every if not ends.is_left_out(other)]
    within = [other for other in others if block.start < other.start < block.end]
    later = [other for other in others if other.start >= block.end]
    lines = [f"While this block runs: {_begins(other, begins)}" for other in within]
    lines += [f"{one.title} is LEFT OUT" for one in _out_before(later, block, every, ends)]
    lines += [f"Next: {_begins(later[0], begins)}"] if later else []
    if not lines and not block.phase.open_end:
        goes_on = any(other.end > block.end for other in others)
        lines = ["Nothing begins after this block." if goes_on else NOTHING_AFTER]
    lines += [OPEN_END] if block.phase.open_end else []
    return Row((Cell(tuple(Line(words, "strong") for words in lines)),), band=True)


def _out_before(
    later: Sequence[PlacedBlock], block: PlacedBlock, blocks: Sequence[PlacedBlock], ends: Ends
) -> list[PlacedBlock]:
    """What is left out between a block and the one that comes after it."""
    until = later[0].start if later else max(one.end for one in (block, *blocks))
    return [one for one in blocks if ends.is_left_out(one) and block.start < one.start < until]


def _begins(block: PlacedBlock, begins: FirstDays) -> str:
    gate = block.phase.start.gate
    criteria = f"start when {gate}" if gate else "no start criteria in the protocol"
    due = NO_DAY if block.waits else f"due {weekday_date(begins.of(block))}"
    return f"{block.title}, {due} · {criteria}"
