"""Parameters of the kinds that look at the course: windows, what follows what, interruptions, shapes, events."""

from typing import Literal, NamedTuple

from planner.model.rule_shapes import Shapes
from planner.model.rule_values import DayNumbers, DaySpan, DoseUnitName, Duration, Limits, Selectors


class WindowAfter(NamedTuple):
    """A dose of `agents` comes at least and at most so many days after the last dose of `after` before it.

    Both are looked for in the rule's protocols. `first_only` looks at the first dose of the plan alone. A dose that a
    deferral moved, with its reason, may come until `moved_at_most`; later is contraindicated.
    """

    agents: Selectors
    after: Selectors
    at_least: Duration
    at_most: Duration
    moved_at_most: Duration | None = None
    first_only: bool = False


class NotAfter(NamedTuple):
    """No dose of `agents`, and no block with two different agents of `two_of`, once `after` was given.

    With `beside` only blocks that hold such a dose too are looked at.
    """

    after: Selectors
    agents: Selectors = ()
    two_of: Selectors = ()
    beside: Selectors = ()


class Interruption(NamedTuple):
    """Inside a cycle of `agents` no `gap_from` to `gap_to` days without a dose; with `days_in_all`, none unless the
    cycle has so many days in all. With `each_agent` the doses of each agent are looked at by themselves.
    """

    agents: Selectors
    gap_from: int
    gap_to: int | None = None
    days_in_all: int | None = None
    each_agent: bool = False


class BarredDays(NamedTuple):
    """No `agents`, from whatever block, on these days of the rule's protocols, counted from their Day 0."""

    agents: Selectors
    barred: DaySpan
    allowed: DayNumbers = ()


class DayZero(NamedTuple):
    """Doses of `on_zero` stand on Day 0; `never_zero` never does, unless the placement gives such cells.

    Day 0 of the rule's protocols is a day with `counts_from`, of the plan or before it, where the plan has any.
    """

    on_zero: Selectors = ()
    never_zero: Selectors = ()
    counts_from: Selectors = ()


class CycleShape(NamedTuple):
    """The doses of each cycle of `agents` (or of the plan) have one of the shapes that are for it.

    Days may differ by `days_slack`, or in any way with `any_day`; with `beginning` a shape says only how the cycle
    begins, with `may_end_early` the last doses may be wanting. A shape `ahead_of` cells is for cycles that come at
    most `ahead_days` before them. A cycle that was cut short by a stop for an adverse reaction has, with
    `as_far_as_given`, its shape as far as it went, and no length once more than `new_cycle_after_days` passed without
    a dose. A dose more than `apart_days` behind the last one of its cycle begins another course, with a shape of its
    own: a block of 77 days holds two. What goes beside the doses is counted, with `as_far_as_given`, by the days on
    which there is one: where they pause, so does it. `first_ever` asks nothing of who had `agents` before.
    """

    agents: Selectors
    shapes: Shapes
    over: Literal["cycle", "plan"] = "cycle"
    days_slack: int = 0
    any_day: bool = False
    beginning: bool = False
    may_end_early: bool = False
    ahead_days: int = 21
    as_far_as_given: bool = False
    new_cycle_after_days: int | None = None
    apart_days: int | None = None
    first_ever: bool = False


class AsBefore(NamedTuple):
    """What was stopped, held, replaced or reduced for one of `reasons` in one block comes not as before in later ones.

    A grade is a toxicity's, whatever the reason says.
    """

    agents: Selectors
    reasons: tuple[str, ...] = ("toxicity",)


class AfterEvent(NamedTuple):
    """Once an event of these grades is recorded, `agents` are not given any more.

    `times` is how often it has to happen. Only doses up to `within_days` after it are looked at, and none once a result
    of at most `resolved_at` is recorded, but none in the `least_days` from its first day either. With limits `agents`
    may go on, but on the first `days` days from the restart only within them, in `unit` a day; a dose per m2 may pass
    its limit by `rounding_percent`, as doses are rounded.
    `once_at` leaves doses before a result of at most that to the rule that asks to wait for it.
    With `same_day` a dose of the day of the event counts as one after it. With `settles_within_days` an event bars only
    where it took more days than that to a result of at most `settled_at`, and only doses later than that; where no such
    result is recorded, it cannot be told. With limits `occurred_at` an event bars only where it came up at a dose of at
    most that: of `agents`, on the day of the event, or of the day before where none was given on its own.
    """

    agents: Selectors
    events: tuple[str, ...]
    from_grade: int = 1
    to_grade: int | None = None
    times: int = 1
    within_days: int | None = None
    same_day: bool = False
    resolved_at: int | None = None
    least_days: int = 0
    days: int = 7
    unit: DoseUnitName = ""
    at_most: Limits = ()
    at_most_per_m2: Limits = ()
    rounding_percent: int = 5
    once_at: int | None = None
    settles_within_days: int | None = None
    settled_at: int = 1
    occurred_at: Limits = ()
    occurred_at_per_m2: Limits = ()


class AfterHold(NamedTuple):
    """`agents` that a change of the plan stopped, for one of these coded `reasons`, go on within the limits.

    A change that names a grade from `from_grade` on counts whatever its reason; without a grade it cannot be told. From
    `stop_from_grade` on, and after more than `stop_after_days` days without a dose, it cannot be told whether treatment
    may go on at all. A stop beside which an event of `told_by` is recorded, of such a grade, is left to the rule about
    that event. The limits hold on the first `days` days from the restart, in `unit` a day; with `of` "day" several
    doses of a day count together. With `lower` they stay below the last dose before the stop.
    """

    agents: Selectors
    reasons: tuple[str, ...]
    from_grade: int
    unit: DoseUnitName
    of: Literal["dose", "day"] = "dose"
    lower: bool = False
    stop_from_grade: int = 4
    stop_after_days: int | None = None
    told_by: tuple[str, ...] = ()
    days: int = 7
    at_most: Limits = ()
    at_most_per_m2: Limits = ()
    rounding_percent: int = 5


class NoRaise(NamedTuple):
    """A dose of `agents` that was reduced below `percent` of its protocol's is not raised again later."""

    agents: Selectors
    percent: int = 95


class DosingWeight(NamedTuple):
    """Doses of `agents` by kg are computed on this weight (see body.WEIGHTS), or on one that comes to the same."""

    agents: Selectors
    weight: Literal["ideal", "adjusted", "lower of ideal and actual", "busulfan label"]
