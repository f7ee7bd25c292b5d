"""Doses that only together reach a bound "a day": each stretch of a day is told by its largest dose.

High-dose methotrexate is one course however it is written down: a tenth at once and the rest as an infusion, two
halves, or two blocks that each give half. A dose that reaches the bound by itself stands for those around it, so
nothing is told twice.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from planner.checking.meaning import Who
from planner.model.cycle_content import DAY, EventRun

AHEAD, BEHIND = -1, 1 << 30
"""Places in a protocol that come before and after all others."""


class Beside(NamedTuple):
    """A dose of another cycle that counts together with doses of this one.

    `time` are minutes from this cycle's first midnight; `ahead` tells whether it leads where two are alike. `protocol`
    is the one that gives it.
    """

    who: Who
    time: int
    per_m2: Decimal | None
    ahead: bool
    protocol: str


class Small(NamedTuple):
    """A dose below the bound: its minute (as in `Pattern.times`), mg/m2, and where it stands in its run.

    One of another cycle has no run.
    """

    time: int
    per_m2: Decimal
    place: int
    number: int
    run: EventRun | None


def leaders(
    runs: Iterable[tuple[EventRun, Sequence[int]]], bound: int, beside: Iterable[Beside] = ()
) -> list[tuple[EventRun, tuple[int, ...]]]:
    """The doses that stand for a day's sum of at least `bound` mg/m2: their runs, cut to them, and their minutes.

    `runs` are those of one agent with the minutes of their doses, `beside` doses of it that other cycles give. Those
    whose dose is not known per m2, or reaches the bound alone, are meant anyway, and what lies within a day of one of
    these belongs to it.
    """
    small: list[Small] = []
    alone: list[int] = []
    for run, times in runs:
        per_m2 = run.dose.meant_per_m2 if run.dose else None
        if per_m2 is None or per_m2 >= bound:
            alone += times
        else:
            small += [Small(time, per_m2, run.place, number, run) for number, time in enumerate(times)]
    for one in beside:
        if one.per_m2 is None or one.per_m2 >= bound:
            alone.append(one.time)
        else:
            small.append(Small(one.time, one.per_m2, AHEAD if one.ahead else BEHIND, 0, None))
    left = sorted((one for one in small if all(abs(one.time - time) >= DAY for time in alone)), key=lambda one: one[:3])
    found: dict[EventRun, list[Small]] = {}
    begin = 0
    while begin < len(left):
        day = [one for one in left[begin:] if one.time < left[begin].time + DAY]
        if sum(one.per_m2 for one in day) < bound:
            begin += 1
            continue
        most = max(day, key=lambda one: one.per_m2)  # the first of equals
        if most.run is not None:
            found.setdefault(most.run, []).append(most)
        begin += len(day)
    return [(_cut(run, [one.number for one in some]), tuple(one.time for one in some)) for run, some in found.items()]


def _cut(run: EventRun, numbers: Sequence[int]) -> EventRun:
    return EventRun(
        run.line,
        run.place,
        tuple(run.offsets[number] for number in numbers),
        tuple(run.minutes[number] for number in numbers),
        tuple(run.cycle_days[number] for number in numbers),
        run.state,
        run.dose,
        run.shift,
        run.length,
        run.notes,
    )
