"""What is still open on the hand-over: holds, decisions, what has no day, what goes on to be minded, findings."""

import re
from collections.abc import Sequence
from datetime import date

from planner.exports.sheets.notes import said
from planner.exports.sheets.sheet import Line
from planner.exports.wording.doses import NOT_TO_BE_GIVEN, is_drug
from planner.exports.wording.holds import Ends, hold_lines
from planner.exports.wording.order_words import event_name
from planner.exports.wording.runs import NO_END
from planner.exports.wording.text import listed
from planner.model.asked import still_asked
from planner.model.civil import weekday_date
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import Finding, FindingStatus
from planner.model.going_on import may_go_on
from planner.model.language import glued
from planner.model.position import unrecorded
from planner.model.protocol import PRECAUTION, TemplateAssessment
from planner.model.schedule import OpenDecision, PlacedBlock

NOTHING_OPEN = "Nothing open concerns these days; what is open for others stands on the roadmap."
AFTER = "what comes after it is not in the plan, ask the treating clinic"
GOES_ON = "when it ends nobody has said, ask the treating clinic"
FEW = 3
"""Days that are named each."""
NAMED_DAY = re.compile(r"\bDay (\d+)\b")


def _missed(evaluated: EvaluatedPlan, first: int) -> list[Line]:
    """What was to be done before a block that is still to begin, and nobody recorded.

    The last days of earlier treatment before a collection lay before the day of printing, and stood nowhere.
    """
    return [
        Line(f"Was due {glued(weekday_date(one.day))}, not recorded: {one.placed.agent_name}", "strong", tick=True)
        for one in evaluated.schedule.events
        if one.day < first <= one.placed.block.begins and not one.placed.block.waits
        if not is_drug(one.placed) and one.placed.kind != "decision"
        if one.state is not State.GIVEN and one.state not in NOT_TO_BE_GIVEN
    ]


def _unrecorded(evaluated: EvaluatedPlan, first: int) -> list[Line]:
    """Doses before these days of which nobody recorded whether they were given: whoever takes over reads them as given.

    A sheet of today had no word of a week's chemotherapy that was due and not recorded; and of a drug that is given
    into the vein and INTRATHECAL one name did not tell which, nor whether that of two days ago was given.
    """
    days: dict[str, dict[int, None]] = {}
    for one in unrecorded(evaluated.due, first):
        days.setdefault(event_name(one.placed), {})[one.day] = None
    told = "; ".join(f"{name} {_on_days([*on])}" for name, on in days.items())
    return [Line(f"Was due, not recorded: {told}: ask the treating clinic", "strong", tick=True)] if told else []


def _on_days(days: Sequence[int]) -> str:
    """Each day while they are few; of more how many, the first and the last."""
    dates = [glued(weekday_date(day)) for day in days]
    return listed(dates) if len(dates) <= FEW else f"{len(dates)} days from {dates[0]} to {dates[-1]}"


def open_lines(evaluated: EvaluatedPlan, first: date, last: date, today: date) -> tuple[Line, ...]:
    """Decisions not taken, what has no day yet, and open findings that concern these days."""
    days = range(first.toordinal(), last.toordinal() + 1)
    lines = [
        Line(f"No day set yet: {_put_off(block)}; ask the treating clinic", "strong", tick=True)
        for block in evaluated.schedule.blocks
        if block.waits
    ]
    held = (one.removesuffix(", ask now") for one in hold_lines(evaluated, days.stop))
    lines += [Line(f"{one}; ask the treating clinic", "strong", tick=True) for one in held]
    lines += [*_missed(evaluated, days.start), *_unrecorded(evaluated, min(first, today).toordinal())]
    lines += [
        Line(f"Decision {_due_word(one, days)} {weekday_date(one.day)}: {one.decision.question}", "strong", tick=True)
        for one in evaluated.schedule.decisions
        if one.choice is None and one.day < days.stop and still_asked(one, evaluated.schedule, evaluated.plan)
    ]
    lines += [*_goes_on_holding(evaluated, days), *_plan_ends(evaluated, days)]
    not_seen = (one for one in evaluated.findings if one.status is not FindingStatus.ACKNOWLEDGED)
    here = _orders_of(evaluated, days)
    lines += said([one for one in not_seen if _concerns(one, days, here)])
    return tuple(dict.fromkeys(lines)) or (Line(NOTHING_OPEN),)


def _put_off(block: PlacedBlock) -> str:
    """The block and the answer that put it off, with the date of a day that this names.

    Only where the block goes on with the day numbers of another one, so that it is clear from where they count.
    """

    def dated(found: re.Match[str]) -> str:
        day = weekday_date(block.start + block.phase.offset(int(found[1])))
        return f"{found[0]}, {glued(day)}" if 1 < block.phase.first_day < int(found[1]) else found[0]

    return f'{block.title}, put off by "{NAMED_DAY.sub(dated, block.waits)}"'


def _due_word(asked: OpenDecision, days: range) -> str:
    """Also of one that is overdue: what is drawn on these days may hang on it."""
    return "due" if asked.day in days else "still open, was due"


def _goes_on_holding(evaluated: EvaluatedPlan, days: range) -> list[Line]:
    """Precautions that were begun before these days, each with how long as its name says.

    "Irradiated blood only, to at least 90 days after" is an event of one day before the cells; two weeks later no sheet
    had a word of it.
    """
    return [
        Line(f"Holds since {glued(weekday_date(one.day))}, see how long: {one.placed.agent_name}", "strong")
        for one in evaluated.schedule.events
        if one.day < days.start and one.state not in NOT_TO_BE_GIVEN and not one.placed.block.waits
        if isinstance(one.placed.order, TemplateAssessment) and one.placed.order.topic == PRECAUTION
        if len(one.placed.order.days.numbers) == 1  # several days say themselves when it holds
    ]


def _plan_ends(evaluated: EvaluatedPlan, days: range) -> list[Line]:
    """That the plan holds nothing of later days, which its rows read as the end of treatment.

    Nelarabine, and ponatinib before an autologous transplant, ended with their last block, and no sheet asked.
    """
    blocks = [one for one in evaluated.schedule.blocks if not one.waits]
    ends = evaluated.once(Ends)
    last = max(map(ends.last_drawn, blocks), default=days.stop)
    if last + 1 >= days.stop:
        return []
    if on := [one.title for one in blocks if ends.go_on(one) and ends.last_drawn(one) == last]:
        return [Line(f"{listed(on)}: drawn to {glued(weekday_date(last))}, {NO_END}; {GOES_ON}", "strong")]
    return [Line(f"The plan ends on {glued(weekday_date(last))}: {AFTER}", "strong")]


def _orders_of(evaluated: EvaluatedPlan, days: range) -> set[str]:
    """The placed orders that are given, or may go on, on these days."""
    events = evaluated.schedule.events
    going = may_go_on(evaluated.plan, events)
    found = {one.placed.id for one in events if one.day in days}
    return found | {one.placed.id for day in days for one in going.get(day, ())}


def _concerns(finding: Finding, days: range, orders: set[str]) -> bool:
    """Whether it speaks of these days: of what is given on them, of a time that meets them, or of the plan as a whole.

    Judged by its first and last day alone, a year without PJP prophylaxis was no open finding of the weeks within.
    """
    if orders.intersection(finding.orders):
        over = len(finding.days) > 1 and finding.days[-1] < days.start  # a series, or a time, that is past
        return not over
    if not finding.days:
        return False
    if len(finding.days) == len(("first", "last")):
        return finding.days[0] < days.stop and finding.days[-1] >= days.start
    return not finding.orders or any(day in days for day in finding.days)
