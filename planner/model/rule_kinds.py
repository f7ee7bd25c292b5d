"""The kinds of sequencing rules and the parameters each takes: what a rule file may hold under [parameters].

A field without a default must stand in the file; only a site setting may leave it out ("not set"). Fields of the type
Selectors say which administrations a rule reads.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from planner.model.condition import Condition
from planner.model.rule_kinds_course import (
    AfterEvent,
    AfterHold,
    AsBefore,
    BarredDays,
    CycleShape,
    DayZero,
    DosingWeight,
    Interruption,
    NoRaise,
    NotAfter,
    WindowAfter,
)
from planner.model.rule_kinds_doses import (
    AfterLevel,
    CappedDose,
    ClosedDays,
    DoseRatio,
    DoseRounding,
    MovedEarly,
    NeedsFromSum,
    OneStep,
    OneStrength,
    ProtocolDays,
    RescueSeries,
    RescueUntil,
    SteadyDose,
    StepDose,
)
from planner.model.rule_kinds_span import (
    BlocksInOrder,
    CycleCount,
    CycleInterval,
    CyclesInOrder,
    DoseCount,
    DoseSum,
    MaximumInterval,
    NoLastDay,
    OnWeekdays,
    OpenEnd,
)
from planner.model.rule_kinds_state import (
    DecisionOverdue,
    DoseUnit,
    EntryCriteria,
    Interaction,
    MinimumAge,
    PatientState,
    RecoveryGate,
    ReducedDose,
    WeightAge,
    WeightBand,
    WeightChange,
)
from planner.model.rule_shapes import Shape
from planner.model.rule_values import (
    DoseUnitName,
    Duration,
    Limit,
    Limits,
    OrderText,
    OrderTexts,
    Selector,
    Selectors,
)

Severity = Literal["contraindicated", "warning", "advice"]
Routes = tuple[Literal["PO", "IV", "SC", "IM", "IT", "topical", "ophthalmic", "radiation"], ...]
NO_TIME = Duration(0, in_days=False)
DAY = 24 * 60
"""Minutes."""


class MinimumInterval(NamedTuple):
    """A dose of `agents` comes at least so long after the dose before it (of `after`, or of the same agents).

    `between` cycles: first dose of one cycle to the first dose of the next. `after` also takes the last day of a
    co-medication. Treatment before the plan counts by its last day. `outside_block` passes over what the dose's own
    block gives. `one_moment` tells whether doses of one moment are too soon, or one dose (a triple intrathecal).
    `at_least` counts from dose to dose; "between" counts the whole days that lie between them, "more" asks for more.
    With `new_cycle_after_days` a cycle that was cut short by a stop for an adverse reaction asks for no interval, once
    more than so many days passed without a dose: what follows is the new cycle that the label asks for.
    """

    agents: Selectors
    at_least: Duration
    after: Selectors = ()
    between: Literal["doses", "cycles"] = "doses"
    outside_block: bool = False
    one_moment: Literal["too soon", "one dose"] = "too soon"
    counted: Literal["to the dose", "between", "more"] = "to the dose"
    new_cycle_after_days: int | None = None

    @property
    def least(self) -> Duration:
        """The shortest length of time from dose to dose that is long enough."""
        if self.counted == "to the dose":
            return self.at_least
        return self.at_least._replace(minutes=self.at_least.minutes + (DAY if self.at_least.in_days else 1))


class NotWithin(NamedTuple):
    """No dose of `agents` less than `before` ahead of a dose of `others`, nor less than `after` behind it.

    Lengths in days always include the day itself. `others` given before the plan count by their last day.
    """

    agents: Selectors
    others: Selectors
    before: Duration
    after: Duration


class Companion(NamedTuple):
    """Each dose of `agents` (or the first of a cycle, or the block) has one of `needs` between `earliest` and `latest`.

    `all_of` asks for every one of `needs`. With `co_medications` a co-medication on a day of the window is company too.
    With `dosed` company without a known dose is not enough: then it cannot be told.
    With `late_until` only company that comes after `latest`, until then, is told; that there is none is another rule's.
    A recorded value of one of `results` in the window is company as well: it was looked at.
    Where it is absent the nearest is named, also from `nearest_within_days` away.
    `add` are orders that the rule's own source gives for what is missing; they are offered, never asked for.
    Negative times lie before the dose. Without clock times on both sides, times below a day mean the same day.
    With `stop_hours` "each restart" is also one within a day of which a part was given, that many hours less of 24.
    """

    agents: Selectors
    needs: Selectors
    earliest: Duration = NO_TIME
    latest: Duration = NO_TIME
    late_until: Duration = NO_TIME
    scope: Literal[
        "each dose", "first dose", "first dose of cycle", "first dose of cycle and each step", "each restart", "block"
    ] = "each dose"
    all_of: bool = False
    co_medications: bool = False
    dosed: bool = False
    add: OrderTexts = ()
    results: tuple[str, ...] = ()
    nearest_within_days: int = 0
    stop_hours: int = 0


class DoseLimit(NamedTuple):
    """A single dose (or the doses of a day) of `agents` in `unit` stays within the limits.

    A dose per m2 or per kg of the weight of its day may pass its limit by `rounding_percent`, because doses are rounded
    (5 %, as peers [86]). Without
    `as_cap` the limit only tells products apart: it is no dose that anybody would give instead. With `as_planned` doses
    that somebody changed are passed over, with `flat` those by body surface or weight. With `newest_weight` a dose
    within the limits of a newer weight is let be, where somebody decided that doses stay as they were.
    """

    agents: Selectors
    unit: DoseUnitName
    of: Literal["dose", "day"] = "dose"
    at_most: Limits = ()
    at_most_per_m2: Limits = ()
    at_most_per_kg: Limits = ()
    at_least: Limits = ()
    contraindicated_above: Decimal | None = None
    rounding_percent: int = 5
    as_cap: bool = True
    as_planned: bool = False
    flat: bool = False
    newest_weight: bool = False


class Route(NamedTuple):
    """`agents` are given by these routes and no other."""

    agents: Selectors
    only: Routes


class SameDay(NamedTuple):
    """No dose of `agents` on a day with a dose of `others`."""

    agents: Selectors
    others: Selectors


class OrderOfAgents(NamedTuple):
    """Where both fall within `within_days` of each other, `first` comes before `second`, by at least `gap`."""

    first: Selectors
    second: Selectors
    within_days: int
    gap: Duration = NO_TIME


class CumulativeDose(NamedTuple):
    """The sum of `agents` in `unit`, earlier treatment included, stays at or below the limit.

    `doxorubicin_equivalents` multiplies each agent by its factor, by another `scheme` of the agent files where one is
    named ("cog", "feijen-2019"). `lower_limit` holds where the plan has `lower_with` too.
    From `near_percent` of the limit on, a finding of severity `near_severity` comes ahead of it (the 80 % is ours, C7).
    """

    agents: Selectors
    limit: Limits
    over: Literal["lifetime", "cycle"] = "lifetime"
    doxorubicin_equivalents: bool = False
    scheme: str = ""
    lower_limit: Decimal | None = None
    lower_with: Selectors = ()
    near_percent: int = 80
    near_severity: Severity = "warning"
    not_asked: str = ""
    unit: Literal["mg/m2", "mg", "units", "Gy"] = "mg/m2"


class CoverSpan(NamedTuple):
    """From the first to the last dose of `agents`, one of `needs` is there without a gap above `max_gap_days` days.

    The cover starts `ahead` days before the first dose and goes on for `beyond` days after the last. With `from_days`
    only runs of `agents` over more than so many days without a day between are looked at, each for itself; a dose more
    than `apart_days` days behind the one before it begins a course of its own (0: never).
    `take` are medicines that the rule's own source names, `every_days` the rhythm it gives for an examination: both are
    offered where the cover has a gap, and never asked for. With `since` the cover begins with the first dose of these
    in the `since_days` days before the first dose, if there is one: the lymphodepletion before cells. A recorded value
    of `results` covers its day as an examination does. Where protocols of `none_in` give some of the doses, a course
    without any cover is told however short it is.
    """

    agents: Selectors
    needs: Selectors
    max_gap_days: int
    ahead: int = 0
    beyond: int = 0
    from_days: int = 0
    apart_days: int = 0
    take: tuple[str, ...] = ()
    every_days: int = 0
    since: Selectors = ()
    since_days: int = 21
    results: tuple[str, ...] = ()
    none_in: tuple[str, ...] = ()


class AssessmentBeforeDecision(NamedTuple):
    """An assessment of that name stands at most so many days before a decision that mentions one of `mentions`."""

    mentions: tuple[str, ...]
    within_days: int


class FactsRecorded(NamedTuple):
    """These facts (markers or laboratory codes) are recorded before the first dose of `agents`.

    What the plan examines before it in `planned` is as good.
    """

    agents: Selectors
    facts: tuple[str, ...]
    planned: Selectors = ()


class UndecidedFacts(NamedTuple):
    """No order hangs on a fact nobody recorded."""


class DoseEntered(NamedTuple):
    """Every administration has a dose."""


class KnownAgents(NamedTuple):
    """Every co-medication and every earlier exposure is an agent of the library, so that the other rules can see it."""


class NoAllergy(NamedTuple):
    """No such drug, and no co-medication, is one that a recorded allergy names."""

    agents: Selectors


class SideBySide(NamedTuple):
    """No such drugs come from two placed protocols in the same days."""

    agents: Selectors


class Duplicate(NamedTuple):
    """No agent comes by the same route from two blocks on one day, nor from two days of one cycle of an order."""


KINDS: Mapping[str, type[Any]] = {
    "minimum_interval": MinimumInterval,
    "not_within": NotWithin,
    "window_after": WindowAfter,
    "not_after": NotAfter,
    "interruption": Interruption,
    "barred_days": BarredDays,
    "day_zero": DayZero,
    "cycle_shape": CycleShape,
    "after_event": AfterEvent,
    "after_hold": AfterHold,
    "as_before": AsBefore,
    "no_raise": NoRaise,
    "one_step": OneStep,
    "step_dose": StepDose,
    "dosing_weight": DosingWeight,
    "cycle_count": CycleCount,
    "companion": Companion,
    "dose_limit": DoseLimit,
    "route": Route,
    "same_day": SameDay,
    "order_of_agents": OrderOfAgents,
    "cumulative_dose": CumulativeDose,
    "interaction": Interaction,
    "cover_span": CoverSpan,
    "weight_age": WeightAge,
    "weight_change": WeightChange,
    "weight_band": WeightBand,
    "minimum_age": MinimumAge,
    "assessment_before_decision": AssessmentBeforeDecision,
    "facts_recorded": FactsRecorded,
    "patient_state": PatientState,
    "reduced_dose": ReducedDose,
    "dose_unit": DoseUnit,
    "entry_criteria": EntryCriteria,
    "recovery_gate": RecoveryGate,
    "dose_rounding": DoseRounding,
    "capped_dose": CappedDose,
    "one_strength": OneStrength,
    "decision_overdue": DecisionOverdue,
    "dose_ratio": DoseRatio,
    "needs_from_sum": NeedsFromSum,
    "steady_dose": SteadyDose,
    "after_level": AfterLevel,
    "rescue_until": RescueUntil,
    "rescue_series": RescueSeries,
    "moved_early": MovedEarly,
    "closed_days": ClosedDays,
    "protocol_days": ProtocolDays,
    "undecided_facts": UndecidedFacts,
    "dose_entered": DoseEntered,
    "known_agents": KnownAgents,
    "no_allergy": NoAllergy,
    "duplicate": Duplicate,
    "side_by_side": SideBySide,
    "maximum_interval": MaximumInterval,
    "dose_count": DoseCount,
    "dose_sum": DoseSum,
    "weekdays": OnWeekdays,
    "cycle_interval": CycleInterval,
    "cycles_in_order": CyclesInOrder,
    "blocks_in_order": BlocksInOrder,
    "open_end": OpenEnd,
    "no_last_day": NoLastDay,
}
"""Every kind by the word rule files use, with the type of its parameters."""


def unset_parameters(kind: str, parameters: Mapping[str, object]) -> tuple[str, ...]:
    """The parameters a site still has to set: those that are missing and have no default."""
    type_ = KINDS[kind]
    return tuple(name for name in type_._fields if name not in parameters and name not in type_._field_defaults)


def selectors_of(parameters: Mapping[str, object]) -> Iterator[tuple[str, Selector]]:
    """Every selector with the name of its parameter: the agents and classes a rule reads."""
    for name, value in parameters.items():
        for one in value if isinstance(value, tuple) else ():
            if isinstance(one, Selector):
                yield name, one
            elif isinstance(one, Shape):
                yield from ((name, selector) for selector in (*one.of, *one.ahead_of))
            elif isinstance(one, OrderText):
                yield name, Selector("agent", one.agent)


def conditions_of(parameters: Mapping[str, object]) -> Iterator[Condition]:
    """Every condition inside the parameters of a rule; its own `when` and `unless` stand beside them."""
    for value in parameters.values():
        if isinstance(value, Condition):
            yield value
        elif isinstance(value, tuple):
            yield from (one.when for one in value if isinstance(one, Limit | Shape))


def parameter_text(value: object) -> str:
    """One parameter as people read it."""
    if isinstance(value, tuple) and not isinstance(value, Duration):
        return ", ".join(" = ".join(map(str, one)) if type(one) is tuple else str(one) for one in value)
    return str(value)
