"""cycle_shape: the doses of a cycle stand on the days, and in the sizes, that its source gives."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain, groupby, pairwise
from typing import NamedTuple

from planner.checking.context import Context
from planner.checking.exposures import exposures_to
from planner.checking.hits import Hit, named, on_day, plural, spoken
from planner.checking.stops import begins_anew, is_cut_short, waits
from planner.model.cycle_content import ComputedDose, State
from planner.model.day_words import shift_words
from planner.model.fact_words import condition_words
from planner.model.quantity import DoseRule, format_amount, parse_dose
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_course import CycleShape
from planner.model.rule_shapes import Shape
from planner.model.rule_values import Selectors
from planner.model.schedule import Event

ROUNDING = Decimal("0.05")
"""How far a dose may lie from the shape where only its rounded amount is known (5 %, as peers [86])."""


class _Day(NamedTuple):
    """What is planned on one day of the cycle; `doses` may be several of one day.

    `own` is the number that the cycle gives the day, which stays where deferrals move it.
    """

    day: int
    doses: tuple[ComputedDose | None, ...]
    own: int


def find(rule: SequencingRule, wanted: CycleShape, context: Context) -> Iterator[Hit]:
    """One hit for each cycle and thing compared without one of its shapes, one where the next cycle comes too soon."""
    doses = context.series(wanted.agents, rule.protocols).events
    if wanted.first_ever and doses and _came_before(doses[0], wanted, context):
        return
    cycles = _cycles(doses, wanted)
    for place, events in enumerate(cycles):
        first = events[0]
        fitting = [one for one in wanted.shapes if _is_for(one, first, wanted, context)]
        yield from _judge_next(events, cycles[place + 1 :], fitting, wanted, context)
        for of, shapes in groupby(sorted((one for one in fitting if one.doses), key=_of), key=_of):
            yield from _judge(events, _inside(of, events, wanted, context), list(shapes), wanted, context)


def _came_before(first: Event, wanted: CycleShape, context: Context) -> bool:
    """Whether these were given before this dose: in another protocol of the plan, before the plan or beside it."""
    if exposures_to(wanted.agents, context) or context.spans(wanted.agents):
        return True
    return context.series(wanted.agents).days[0] < first.day


def _cycles(events: Sequence[Event], wanted: CycleShape) -> list[list[Event]]:
    found: dict[tuple[str, int], list[list[Event]]] = {}
    for event in events:
        courses = found.setdefault(("", 0) if wanted.over == "plan" else _cycle_of(event), [[]])
        last = courses[-1]
        if wanted.apart_days is not None and last and event.day - last[-1].day > wanted.apart_days:
            courses.append(last := [])
        last.append(event)
    return [course for courses in found.values() for course in courses]


def _cycle_of(event: Event) -> tuple[str, int]:
    return event.placed.block.id, event.placed.cycle


def _of(shape: Shape) -> Selectors:
    return shape.of


def _is_for(shape: Shape, first: Event, wanted: CycleShape, context: Context) -> bool:
    """Whether the shape is about this cycle; a condition that cannot be told keeps it in."""
    if shape.cycles and first.placed.cycle not in shape.cycles:
        return False
    if shape.ahead_of and not context.series(shape.ahead_of).between(first.day + 1, first.day + wanted.ahead_days):
        return False
    return _holds(shape, first, context) is not False


def _holds(shape: Shape, first: Event, context: Context) -> bool | None:
    """Whether the condition of a shape holds, by the facts of that day, else by what was chosen for its placement."""
    holds = shape.when.holds(context.facts(first.day)) if shape.when else None if shape.decided else True
    if holds is not None or not shape.decided:
        return holds
    asked, choice = shape.decided
    chosen = _chosen(first, context)
    if asked not in chosen and not shape.when:
        return False  # a shape of another protocol
    found = chosen.get(asked)
    return None if found is None else found == choice


def _chosen(event: Event, context: Context) -> dict[str, str | None]:
    """The variants and the answers to decisions of the placement that a dose belongs to."""
    block = event.placed.block
    variants = (one.choices for one in context.plan.blocks if one.id == block.id)
    answers = ((one.decision.id, one.choice) for one in context.schedule.decisions if one.group == block.group)
    return dict((*chain.from_iterable(variants), *answers))


def _inside(of: Selectors, events: Sequence[Event], wanted: CycleShape, context: Context) -> Sequence[Event]:
    """What is compared: the doses themselves, or what else the cycle holds and is not on hold while they go on."""
    if not of:
        return events
    others = [one for one in context.series(of).events if not waits(one, events[0])]
    return others if wanted.over == "plan" else [one for one in others if _cycle_of(one) == _cycle_of(events[0])]


def _judge_next(
    events: Sequence[Event],
    later: Sequence[Sequence[Event]],
    shapes: Sequence[Shape],
    wanted: CycleShape,
    context: Context,
) -> Iterator[Hit]:
    least = min((shape.least_days for shape in shapes), default=0)
    if not later or not least:
        return
    this, following = events[0], later[0][0]
    days = following.day - this.day
    anew = wanted.new_cycle_after_days
    if days < least and (anew is None or not begins_anew(following, this, wanted.agents, anew, context)):
        length = f"{on_day(following.day)} − {on_day(this.day)} = {plural(days, 'day')}"
        yield Hit(
            f"{named(following)} starts {plural(days, 'day')} after {named(this)}; its cycle has {least} days.",
            (this, following),
            (("this cycle", named(this)), ("next cycle", named(following)), ("least length", plural(least, "day"))),
            f"{length}, below {least} days",
            key=f"{this.placed.block.id}/{this.placed.agent}/length",
        )


def _judge(
    events: Sequence[Event], inside: Sequence[Event], shapes: Sequence[Shape], wanted: CycleShape, context: Context
) -> Iterator[Hit]:
    first = events[0]
    days = _numbers(events) if shapes[0].of and wanted.as_far_as_given else None
    if days is not None:
        shapes = [_as_far(shape, len(days)) for shape in shapes]
    planned = _by_day(inside, first.day, days)
    facts = context.facts(first.day)
    sure: list[tuple[Shape, bool | None]] = []
    unclear: list[tuple[Shape, bool | None]] = []
    for shape in shapes:
        told = _holds(shape, first, context) is not None
        (sure if told else unclear).append((shape, _fits(shape, planned, wanted)))
    if any(fits for _, fits in sure):
        return
    if days is None and _fits_as_far(events, planned, [shape for shape, _ in sure], wanted, context):
        return
    possible = [shape for shape, fits in unclear if fits is not False]
    unknown = (shape.when.unknown(facts) if shape.when else shape.decided[:1] for shape in possible)
    missing = tuple(dict.fromkeys(chain.from_iterable(unknown)))
    if not missing and any(fits is None for _, fits in sure):
        missing = ("dose",)
    what = spoken(shapes[0].of) or first.placed.agent_name
    start = first if wanted.over == "cycle" and days is None else None
    asked = " or ".join(_asked(shape, start) for shape in shapes)
    text = _text(planned, start) or "nothing"
    said = "may not be as its source gives it" if missing else "is not as its source gives it"
    counted = ", counted in days with a dose" if days is not None and _pauses(days) else ""
    yield Hit(
        f"{named(first)}: {what} of this {wanted.over} {said}: {text}; it should be {asked}{counted}.",
        (first, *(event for event in inside if event is not first)),
        (("planned", text), ("should be", asked), ("first dose", named(first))),
        f"planned {text}; should be {asked}",
        missing,
        key=f"{first.placed.block.id}/{what}",
    )


def _fits_as_far(
    events: Sequence[Event], planned: Sequence[_Day], shapes: Sequence[Shape], wanted: CycleShape, context: Context
) -> bool:
    """Whether a cycle that a stop for an adverse reaction cut short has one of the shapes, as far as it went."""
    if not wanted.as_far_as_given or not is_cut_short(events[0], wanted.agents, context):
        return False
    return any(_fits(shape._replace(doses=shape.doses[: len(planned)]), planned, wanted) for shape in shapes)


def _as_far(shape: Shape, days: int) -> Shape:
    return shape._replace(doses=tuple(one for one in shape.doses if one.day <= days))


def _numbers(events: Iterable[Event]) -> dict[int, int]:
    """The days on which there is a dose, counted."""
    given = dict.fromkeys(event.day for event in events if event.state is not State.HELD)
    return {day: number for number, day in enumerate(given, 1)}


def _pauses(days: Iterable[int]) -> bool:
    return any(later > day + 1 for day, later in pairwise(days))


def _asked(shape: Shape, start: Event | None) -> str:
    """The doses of a shape as those of the plan are written, with the condition they are for."""
    text = _runs([(_called(one.day, start), str(one.dose or "")) for one in shape.doses])
    return f"{text} ({condition_words(shape.when)})" if shape.when else text


def _by_day(events: Iterable[Event], start: int, numbers: Mapping[int, int] | None) -> list[_Day]:
    """The doses by the number of their day; with `numbers` only those on a day that has one."""
    days: dict[int, list[Event]] = {}
    for event in events:
        number = event.day - start + 1 if numbers is None else numbers.get(event.day)
        if number is not None:
            days.setdefault(number, []).append(event)
    return [_Day(day, tuple(one.dose for one in some), some[0].cycle_day) for day, some in sorted(days.items())]


def _fits(shape: Shape, planned: Sequence[_Day], wanted: CycleShape) -> bool | None:
    """True, False, or None where a dose is not known."""
    slack = wanted.days_slack
    if wanted.beginning:
        planned = planned[: len(shape.doses)]
    if any(one.dose is None for one in shape.doses):
        return all(any(abs(one.day - day.day) <= slack for day in planned) for one in shape.doses)
    doses = shape.doses[: len(planned)] if wanted.may_end_early else shape.doses
    if len(planned) != len(doses):
        return False
    pairs = list(zip(doses, planned, strict=True))
    if not wanted.any_day and any(abs(one.day - day.day) > slack for one, day in pairs):
        return False
    verdicts = [one.dose is not None and _is_dose(one.dose, day.doses) for one, day in pairs]
    if False in verdicts:
        return False
    return None if None in verdicts else True


def _is_dose(asked: DoseRule, doses: Sequence[ComputedDose | None]) -> bool | None:
    """Whether the doses of a day make up what is asked for, by their protocol dose, else by what was computed.

    A dose that somebody reduced counts as the protocol's, because the plan keeps the reason; one raised does not.
    """
    first = doses[0]
    rule = None if any(map(_is_raised, doses)) else _protocol_dose(first)
    if rule and (rule.base_amount.unit, rule.per) == (asked.base_amount.unit, asked.per):
        times = 1 if rule.per_day else len(doses)
        return rule.base_amount.value * times == asked.base_amount.value
    amounts = [_computed(asked, dose) for dose in doses]
    known = [amount for amount in amounts if amount is not None]
    if len(known) < len(amounts):
        return None
    return abs(sum(known, Decimal(0)) - asked.base_amount.value) <= asked.base_amount.value * ROUNDING


def _is_raised(dose: ComputedDose | None) -> bool:
    return bool(dose and dose.full is not None and dose.value is not None and dose.value > dose.full)


def _protocol_dose(dose: ComputedDose | None) -> DoseRule | None:
    try:
        return parse_dose(dose.protocol_dose.replace(",", "")) if dose else None
    except ValueError:
        return None


def _computed(asked: DoseRule, dose: ComputedDose | None) -> Decimal | None:
    if dose is None or dose.unit != asked.base_amount.unit:
        return None
    return {"": dose.value, "m2": dose.per_m2}.get(asked.per)


def _text(planned: Sequence[_Day], start: Event | None) -> str:
    return _runs([(_own(day, start), f"{_away(day, start)}{_amount(day)}") for day in planned])


def _own(day: _Day, start: Event | None) -> int:
    return day.day if start is None else day.own


def _away(day: _Day, start: Event | None) -> str:
    """By how many days it stands elsewhere than the shape counts it: it keeps its number where it is moved."""
    moved = 0 if start is None else _offset(start, _called(day.day, start)) - _offset(start, day.own)
    return f"({shift_words(moved)}) " if moved else ""


def _offset(start: Event, day: int) -> int:
    return start.placed.block.phase.offset(day)


def _called(number: int, start: Event | None) -> int:
    """The number of a day as its cycle counts; `start` is the dose from which the shape does, None where both do."""
    if start is None:
        return number
    phase = start.placed.block.phase
    return phase.day_at(phase.offset(start.cycle_day) + number - 1)


def _runs(days: Sequence[tuple[int, str]]) -> str:
    """Days with their doses, what is the same written once: "D1-7 9 mcg/day, D8, D15 each 28 mcg/day"."""
    runs: list[tuple[list[list[int]], str]] = []
    for number, text in days:
        if not runs or runs[-1][1] != text:
            runs.append(([[number]], text))
        elif number == runs[-1][0][-1][-1] + 1:
            runs[-1][0][-1].append(number)
        else:
            runs[-1][0].append([number])
    return ", ".join(
        f"{', '.join(map(_span, some))}{' each' if len(some) > 1 and text else ''} {text}".rstrip()
        for some, text in runs
    )


def _span(numbers: Sequence[int]) -> str:
    """Days in a row; those before Day 0 one by one: "D-6--4" was read by nobody."""
    if numbers[0] < 0:
        return ", ".join(f"D{number}" for number in numbers)
    return f"D{numbers[0]}" if len(numbers) == 1 else f"D{numbers[0]}-{numbers[-1]}"


def _amount(day: _Day) -> str:
    first = day.doses[0]
    if first is None:
        return ""
    written = first.protocol_dose or (format_amount(first.value, first.unit) if first.value is not None else "?")
    return f"{len(day.doses)} × {written}" if len(day.doses) > 1 else written
