"""Each change in one sentence, as it is listed: what, where, how far, why.

The sentences are patterns, which a window fills in its own language; ids and what people wrote stay as they are.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import singledispatch
from itertools import groupby

from msgspec.structs import replace

from planner.assembly.raised import takes_place
from planner.model.civil import clinical_date
from planner.model.plan import (
    Addition,
    BlockChange,
    BlockStart,
    CourseChange,
    Deferral,
    DoseChange,
    Examination,
    Hold,
    Modification,
    Omission,
    PatientChange,
    Plan,
    Repetition,
    Replacement,
    Scope,
    Skip,
    Stop,
)
from planner.model.quantity import rewritten

Fill = Callable[..., str]
"""A pattern filled with values by name."""
A_RUN = 3
"""As many days in a row are told by the first and the last."""


def in_english(pattern: str, **values: object) -> str:
    """The pattern filled as it stands."""
    return pattern.format(**values)


def titled(change: Modification, plan: Plan) -> Modification:
    """The change with its blocks called by their titles, as people call them, in place of their ids."""
    titles = {block.id: block.title for block in plan.blocks}
    named = replace(change, block=titles.get(change.block, change.block))
    return replace(named, of=titles.get(named.of, named.of)) if isinstance(named, Repetition) else named


def change_words(change: Modification, fill: Fill = in_english) -> str:
    """The change with its reason: "Left out vincristine on C1 D8 of induction (toxicity grade 2, neuropathy)"."""
    return f"{_what(change, fill)} {_why(change, fill)}"


def _why(change: Modification | CourseChange, fill: Fill) -> str:
    """The reason with grade and note, in brackets."""
    reason = fill(change.reason)
    if change.grade:
        reason = fill("{reason} grade {grade}", reason=reason, grade=change.grade)
    note = f", {change.note}" if change.note else ""
    return f"({reason}{note})"


def course_lines(plan: Plan, fill: Fill = in_english, line: Callable[[str], str] = str) -> tuple[str, ...]:
    """Why the course itself was changed, in the order it was. `line` may say what the planner told in other words."""
    return tuple(course_words(one, plan, fill, line) for one in plan.course_changes)


def course_words(change: CourseChange, plan: Plan, fill: Fill = in_english, line: Callable[[str], str] = str) -> str:
    """One such change with its reason: "Induction starts on 09-Mar-2026 instead of on 02-Mar-2026 (capacity)"."""
    if isinstance(change, PatientChange):
        facts = "; ".join(map(line, change.facts))
        return f"{facts[:1].upper()}{facts[1:]} {_why(change, fill)}"
    titles = {block.id: block.title for block in plan.blocks}
    return f"{_start_change(change, titles, fill)} {_why(change, fill)}"


def _start_change(change: BlockChange, titles: Mapping[str, str], fill: Fill) -> str:
    now = _start_words(change.now, titles, fill) if change.now else ""
    was = _start_words(change.was, titles, fill) if change.was else ""
    if not now:
        return fill("Took {block} off the plan, which started {was}", block=change.title, was=was)
    if not was:
        return fill("Placed {block}, which starts {now}", block=change.title, now=now)
    return fill("{block} starts {now} instead of {was}", block=change.title, now=now, was=was)


def _start_words(start: BlockStart, titles: Mapping[str, str], fill: Fill) -> str:
    """How a block starts: "on 02-Mar-2026", "7 days after D1 of Induction", "right after Induction"."""
    if start.on is not None:
        return fill("on {date}", date=clinical_date(start.on))
    other = titles.get(start.after, start.after)
    place = other if start.day is None else fill("D{day} of {block}", day=start.day, block=other)
    if not start.gap_days:
        return fill("right after {block}", block=place) if start.day is None else fill("on {date}", date=place)
    days = fill("{days} day" if abs(start.gap_days) == 1 else "{days} days", days=abs(start.gap_days))
    before = "{days} before the end of {block}" if start.day is None else "{days} before {block}"
    return fill("{days} after {block}" if start.gap_days > 0 else before, days=days, block=place)


REACHES = {
    Scope.DAY: "on C{cycle} D{day} of {block}",
    Scope.CYCLE: "from C{cycle} D{day} of {block} to the end of the cycle",
    Scope.FOLLOWING: "from C{cycle} D{day} of {block} on",
    Scope.ALL: "from C{cycle} D{day} of {block} on, in all later blocks too",
}
"""From where a change holds, and how far."""


IN_ITS_BLOCK = "from C{cycle} D{day} of {block} to the end of the block"
"""How far a change of a drug reaches that follows its block alone: "on" read as of all later blocks with it."""


def _reach(change: Deferral | Hold | Stop | DoseChange | Replacement, fill: Fill) -> str:
    of_a_drug = isinstance(change, Stop | DoseChange | Replacement) and change.order
    pattern = IN_ITS_BLOCK if of_a_drug and change.scope is Scope.FOLLOWING else REACHES[change.scope]
    return fill(pattern, cycle=change.cycle, day=change.day, block=change.block)


@singledispatch
def _what(change: Modification, fill: Fill) -> str:  # noqa: ARG001 the others fill a pattern
    raise TypeError(f"no words for {type(change).__name__}")


@_what.register
def _(change: Deferral, fill: Fill) -> str:
    if not change.days:
        place = fill(REACHES[Scope.DAY], cycle=change.cycle, day=change.day, block=change.block)
        return fill("Interrupted {place}; no date moved", place=place)
    days = fill("{days} day" if abs(change.days) == 1 else "{days} days", days=f"{change.days:+d}")
    pattern = "Deferred {order} by {days} {reach}" if change.order else "Deferred by {days} {reach}"
    words = fill(pattern, order=change.order, days=days, reach=_reach(change, fill))
    if not change.kept:
        return words
    kept = ", ".join(dict.fromkeys(order for order, _ in change.kept))
    return fill("{words}, without what was given before on that day: {kept}", words=words, kept=kept)


@_what.register
def _(change: Omission, fill: Fill) -> str:
    place = fill(REACHES[Scope.DAY], cycle=change.cycle, day=change.day, block=change.block)
    return fill("Left out {order} {place}", order=change.order or fill("all doses"), place=place)


@_what.register
def _(change: Hold, fill: Fill) -> str:
    until = " " + fill("until {date}", date=clinical_date(change.until)) if change.until else ""
    return fill("Held {order} {reach}", order=change.order or change.block, reach=_reach(change, fill)) + until


@_what.register
def _(change: Skip, fill: Fill) -> str:
    moves = fill("what follows moves up" if change.closes else "its days stay empty")
    return fill("Skipped C{cycle} of {block}; {moves}", cycle=change.cycle, block=change.block, moves=moves)


@_what.register
def _(change: Stop, fill: Fill) -> str:
    order = change.order or fill("everything" if change.scope is Scope.ALL else "treatment")
    moves = "; " + fill("what follows moves up") if change.closes else ""
    return fill("Stopped {order} {reach}", order=order, reach=_reach(change, fill)) + moves


@_what.register
def _(change: DoseChange, fill: Fill) -> str:
    reach = _reach(change, fill)
    if not change.dose and change.percent == 100:
        return fill("Full dose of {order} again {reach}", order=_order(change, fill), reach=reach)
    level = ", " + fill("level {level}", level=change.level) if change.level else ""
    dose = (rewritten(change.dose) or f"{change.percent} %") + level
    return fill("Dose of {order} {dose} {reach}", order=_order(change, fill), dose=dose, reach=reach)


def _order(change: DoseChange | Replacement, fill: Fill) -> str:
    """The order whose drug is meant, or that alone."""
    return fill("{order}, this order alone,", order=change.order) if change.alone else change.order


@_what.register
def _(change: Replacement, fill: Fill) -> str:
    often = fill("{count} times a day", count=change.doses_per_day) if change.doses_per_day > 1 else fill("once a day")
    told = (rewritten(change.dose) or fill("dose to be entered"), change.route, often if change.doses_per_day else "")
    dose = ", ".join(filter(None, told))
    pattern = "Replaced {order} by {agent} ({dose}) {reach}"
    return fill(pattern, order=_order(change, fill), agent=change.agent, dose=dose, reach=_reach(change, fill))


def _days(days: Sequence[int], fill: Fill) -> str:
    """Day numbers; three and more in a row by the first and the last: of a daily drug they were four lines."""
    told: list[str] = []
    for _, run in groupby(enumerate(days), key=lambda pair: pair[1] - pair[0]):
        numbers = [str(day) for _, day in run]
        told += numbers if len(numbers) < A_RUN else [fill("{first} to {last}", first=numbers[0], last=numbers[-1])]
    return ", ".join(told)


@_what.register
def _(change: Addition, fill: Fill) -> str:
    dose = f"{change.agent} {rewritten(change.dose) or fill('dose to be entered')} {change.route}"
    if takes_place(change):
        return fill(
            IN_PLACE,
            order=change.order,
            dose=dose,
            hours=24 // change.doses_per_day,
            days=_days(change.days, fill),
            cycle=change.cycle,
            block=change.block,
            after=_hours(change.minutes),
            lead=change.timed_by,
        )
    dose += ", " + fill("{count} times a day", count=change.doses_per_day) if change.doses_per_day > 1 else ""
    alone = change.order == change.agent
    return fill(
        "Added {dose} on D{days} of {cycle} of {block}"
        if alone
        else "Added {order}: {dose} on D{days} of {cycle} of {block}",
        order=change.order,
        dose=dose,
        days=_days(change.days, fill),
        cycle=f"C{change.cycle}" if change.cycle else fill("every cycle"),
        block=change.block,
    )


IN_PLACE = (
    "Planned {order}: {dose} every {hours} h on D{days} of C{cycle} of {block}, from {after} after the start of {lead} "
    "on, in place of the rescue drawn"
)
"""A rescue of some hours on, which its change tells by the hours since the dose it rescues from."""


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return " ".join(filter(None, (f"{hours} h", f"{rest} min" if rest else "")))


@_what.register
def _(change: Examination, fill: Fill) -> str:
    return fill(
        "Added {title} on D{days} of {cycle} of {block}",
        title=change.title,
        days=_days(change.days, fill),
        cycle=f"C{change.cycle}" if change.cycle else fill("every cycle"),
        block=change.block,
    )


@_what.register
def _(change: Repetition, fill: Fill) -> str:
    return fill("Repeated C{cycle} of {of} as {block}", cycle=change.cycle, of=change.of, block=change.block)
