"""Each change of treatment in one sentence, as it is listed: what, where, how far, why."""

from functools import singledispatch

from planner.model.civil import clinical_date
from planner.model.plan import (
    Addition,
    Deferral,
    DoseChange,
    Hold,
    Modification,
    Omission,
    Repetition,
    Replacement,
    Scope,
    Skip,
    Stop,
)


def change_words(change: Modification) -> str:
    """The change with its reason: "Left out vincristine on C1 D8 of induction (toxicity grade 2, neuropathy)"."""
    grade = f" grade {change.grade}" if change.grade else ""
    note = f", {change.note}" if change.note else ""
    return f"{_what(change)} ({change.reason}{grade}{note})"


def _place(change: Deferral | Omission | Hold | Stop | DoseChange | Replacement) -> str:
    return f"C{change.cycle} D{change.day} of {change.block}"


def _reach(change: Deferral | Hold | Stop | DoseChange | Replacement) -> str:
    """From where the change holds, and how far."""
    if change.scope is Scope.DAY:
        return f"on {_place(change)}"
    far = {
        Scope.CYCLE: "to the end of the cycle",
        Scope.FOLLOWING: "on",
        Scope.ALL: "on, in all later blocks too",
    }
    return f"from {_place(change)} {far[change.scope]}"


@singledispatch
def _what(change: Modification) -> str:
    raise TypeError(f"no words for {type(change).__name__}")


@_what.register
def _(change: Deferral) -> str:
    days = f"{change.days:+d} {'day' if abs(change.days) == 1 else 'days'}"
    return f"Deferred {change.order + ' ' if change.order else ''}by {days} {_reach(change)}"


@_what.register
def _(change: Omission) -> str:
    return f"Left out {change.order or 'all doses'} on {_place(change)}"


@_what.register
def _(change: Hold) -> str:
    until = f" until {clinical_date(change.until)}" if change.until else ""
    return f"Held {change.order or change.block} {_reach(change)}{until}"


@_what.register
def _(change: Skip) -> str:
    moves = "what follows moves up" if change.closes else "its days stay empty"
    return f"Skipped C{change.cycle} of {change.block}; {moves}"


@_what.register
def _(change: Stop) -> str:
    everything = "everything" if change.scope is Scope.ALL else "treatment"
    return f"Stopped {change.order or everything} {_reach(change)}{'; what follows moves up' if change.closes else ''}"


@_what.register
def _(change: DoseChange) -> str:
    level = f", level {change.level}" if change.level else ""
    if not change.dose and change.percent == 100:
        return f"Full dose of {change.order} again {_reach(change)}"
    return f"Dose of {change.order} {change.dose or f'{change.percent} %'}{level} {_reach(change)}"


@_what.register
def _(change: Replacement) -> str:
    dose = ", ".join(filter(None, (change.dose or "dose to be entered", change.route)))
    return f"Replaced {change.order} by {change.agent} ({dose}) {_reach(change)}"


@_what.register
def _(change: Addition) -> str:
    days = ", ".join(map(str, change.days))
    cycle = f"C{change.cycle}" if change.cycle else "every cycle"
    dose = change.dose or "dose to be entered"
    return f"Added {change.order}: {change.agent} {dose} {change.route} on D{days} of {cycle} of {change.block}"


@_what.register
def _(change: Repetition) -> str:
    return f"Repeated C{change.cycle} of {change.of} as {change.block}"
