"""reduced_dose: a dose that has to be smaller than the protocol's while something else is taken or an organ is ill."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from planner.checking.alike import Alike, by_moment
from planner.checking.context import Context
from planner.checking.facts import Results, as_recorded, lacks, not_told, without
from planner.checking.hits import Hit, named, plural
from planner.checking.known import NO_END, Known, Span, span_text
from planner.checking.reach import Reach
from planner.checking.unknowns import Unknowns
from planner.model.condition import Fact
from planner.model.cycle_content import ComputedDose
from planner.model.quantity import format_amount, format_number
from planner.model.rule import SequencingRule
from planner.model.rule_kinds_state import ReducedDose
from planner.model.schedule import Event


class _Reduction(NamedTuple):
    """The most that may be given, in words, and what is missing where it cannot be told."""

    most: Decimal | None
    text: str = ""
    missing: tuple[str, ...] = ()


def reach(wanted: ReducedDose, known: Known) -> Reach:  # noqa: ARG001 all reaches alike
    """The dose itself, and the others of its day or of so many days before."""
    back = max((days for _, days in wanted.wait_days), default=0)
    return Reach(wanted.agents, (wanted.others,) if wanted.others else (), back)


def find(rule: SequencingRule, wanted: ReducedDose, context: Context) -> Iterator[Hit]:
    """One hit for each dose that is not reduced; one for all of which it cannot be told."""
    unknowns = Unknowns()
    beside = _beside(wanted, context) if wanted.others else None
    hits = []
    for because, doses in sorted(_reducible(rule, beside, wanted, context), key=_moment):
        reduction = _reduction(doses, _facts(doses, wanted, context), wanted, context)
        if reduction.missing:
            for one in _not_cleared(doses, wanted, context):
                told = partial(_unknown, one, because, reduction.missing, {}, wanted, context)
                unknowns.add(one.days, reduction.missing, told)
        elif reduction.text and not _within(doses.dose, reduction.most, wanted):
            why = because or _state(doses.first_day, wanted, context)
            hits += [_hit(event, why, reduction, wanted, context) for event in _still_ill(doses, wanted, context)]
        else:
            _look_again(doses, because, unknowns, wanted, context)
    yield from sorted(hits, key=lambda hit: hit.events[0][:2])
    yield from unknowns.hits()


def _look_again(doses: Alike, because: str, unknowns: Unknowns, wanted: ReducedDose, context: Context) -> None:
    """Doses that a result lets stand by then too old for that."""
    names = _subjects(wanted, context)
    old_at = partial(context.old_results, days=wanted.clears_for_days, codes=names)
    last = old_at(doses.last_day)  # what is not old by then was never
    alike = old_at(doses.first_day).keys() == last.keys()
    for one in () if not last else (doses,) if alike else doses.one_by_one():
        old = old_at(one.first_day)
        missing = _reduction(one, without(context.facts(one.first_day), old, names), wanted, context).missing
        for some in _not_cleared(one, wanted, context) if missing else ():
            told = partial(_unknown, some, because, missing, old, wanted, context)
            unknowns.add(some.days, lacks(missing, old), told)


def _not_cleared(doses: Alike, wanted: ReducedDose, context: Context) -> Iterator[Alike]:
    """Those for which no other result tells that a missing one cannot ask for less."""
    if not wanted.clears:
        yield doses
        return
    names = [clause.subject for clause in wanted.clears.clauses]
    for one in doses.one_by_one():
        day = one.first_day
        old = context.old_results(day, days=wanted.clears_for_days, codes=names)
        if wanted.clears.holds(without(context.facts(day), old, names)) is not True:
            yield one


def _still_ill(doses: Alike, wanted: ReducedDose, context: Context) -> list[Event]:
    """Those that no newer result clears, where all that ask for less are old."""
    if not wanted.clears:
        return list(doses.events)
    kept, names = list[Event](), _subjects(wanted, context)
    for one in doses.one_by_one():
        old = context.old_results(one.first_day, wanted.clears_for_days, names)
        newer = _reduction(one, without(_facts(one, wanted, context), old, names), wanted, context)
        asked = newer.text and not _within(one.dose, newer.most, wanted)
        kept += one.events if asked or any(_not_cleared(one, wanted, context)) else ()
    return kept


def _facts(doses: Alike, wanted: ReducedDose, context: Context) -> Mapping[str, Fact]:
    """What is known on their days, where anything is asked."""
    return _known(doses.first_day, wanted, context) if _subjects(wanted, context) else {}


def _known(day: int, wanted: ReducedDose, context: Context) -> Mapping[str, Fact]:
    """What is known on a day, without results that belonged to an earlier dose."""
    facts = context.facts(day)
    gone = context.old_results(day, wanted.clears_for_days, wanted.fleeting) if wanted.fleeting else {}
    return {name: fact for name, fact in facts.items() if name not in gone} if gone else facts


def _reducible(
    rule: SequencingRule, beside: dict[int, str] | None, wanted: ReducedDose, context: Context
) -> Iterator[tuple[str, Alike]]:
    """The doses that may have to be reduced, with what for."""
    spans, wait = context.spans(wanted.others) if wanted.others else (), dict(wanted.wait_days)
    names = _subjects(wanted, context)
    for doses in context.judged_alike(wanted.agents, rule.protocols):
        for some in context.by_era(doses, names):
            if beside is None:
                yield "", some
                continue
            if beside.keys().isdisjoint(some.days) and not spans:
                continue
            for one in some.one_by_one():
                because = beside.get(one.first_day) or _of_spans(one.first_day, spans, wait)
                if because:
                    yield because, one


def _moment(found: tuple[str, Alike]) -> tuple[int, int]:
    return found[1].moment


def _beside(wanted: ReducedDose, context: Context) -> dict[int, str]:
    """Days of the plan with a dose of the others, each with its name, and those on which it still acts."""
    found, wait = dict[int, str](), dict(wanted.wait_days)
    for one in by_moment(context.alike(wanted.others)):
        days = wait.get(one.run.line.agent, 0)
        for day in one.days:
            name = f"{one.run.line.agent_name} of the plan{_and_after(days)}"
            found.update(dict.fromkeys(range(day, day + days + 1), name))
    return found


def _and_after(days: int) -> str:
    return f", and {plural(days, 'day')} after it" if days else ""


def _of_spans(day: int, spans: Sequence[Span], wait: Mapping[str, int]) -> str:
    for span in spans:
        days = wait.get(span.agent, 0) if span.end < NO_END else 0
        if span.start <= day <= span.end + days:
            return f"{span_text(span)}{_and_after(days)}"
    return ""


def _reduction(doses: Alike, facts: Mapping[str, Fact], wanted: ReducedDose, context: Context) -> _Reduction:
    dose = doses.dose
    if dose is None or dose.value is None:
        return _Reduction(None, "", ("dose",))
    full = dose.value if dose.full is None else dose.full
    if wanted.steps:
        lower = {Decimal(name): Decimal(number) for name, number in wanted.steps}
        if full not in lower:
            return _Reduction(None, f"a lower dose than {format_amount(full, dose.unit)}")
        return _Reduction(lower[full], format_amount(lower[full], dose.unit))
    answers = context.known.answers(wanted.to_percent)
    percent, missing = answers.on(facts)
    if missing:  # what is above the largest that may be asked for is too much, whatever else is not known
        most = answers.bound(facts)
        percent = None if most is None or _within(dose, full * most / 100, wanted) else most
    if percent is not None:
        return _Reduction(full * percent / 100, f"{format_number(percent)} % of {format_amount(full, dose.unit)}")
    if missing:
        return _Reduction(None, "", missing)
    return _per_m2(doses.dose, *context.known.answers(wanted.at_most_per_m2).on(facts))


def _per_m2(dose: ComputedDose | None, limit: Decimal | None, missing: tuple[str, ...]) -> _Reduction:
    if limit is None or dose is None or dose.value is None:
        return _Reduction(None, "", missing)
    if dose.per_m2 is None:
        return _Reduction(None, "", ("dose per m2",))
    text = f"{format_number(limit)} {dose.unit}/m2"
    return _Reduction(limit * dose.value / dose.per_m2 if dose.per_m2 else limit, text)


def _within(dose: ComputedDose | None, most: Decimal | None, wanted: ReducedDose) -> bool:
    value = dose.value if dose else None
    return most is not None and value is not None and value <= most * (100 + wanted.rounding_percent) / 100


def _state(day: int, wanted: ReducedDose, context: Context) -> str:
    facts = _known(day, wanted, context)
    names = dict.fromkeys(_subjects(wanted, context))
    return "; ".join(as_recorded(name, facts[name], day, context) for name in names if name in facts)


def _subjects(wanted: ReducedDose, context: Context) -> list[str]:
    """The facts by which a dose is reduced."""
    return [
        name for limits in (wanted.to_percent, wanted.at_most_per_m2) for name in context.known.answers(limits).subjects
    ]


def _unknown(
    doses: Alike, because: str, missing: tuple[str, ...], old: Results, wanted: ReducedDose, context: Context
) -> Hit:
    event = doses.first
    dose, beside = named(event), f" beside {because}" if because else ""
    told = not_told(missing, old, wanted.clears_for_days, "known", _facts(doses, wanted, context))
    return Hit(
        f"{dose}{beside}: cannot tell whether the dose has to be reduced ({told}).",
        (event,),
        (("dose", dose), ("because of", because or "the patient's state"), *((("not known", told),) if old else ())),
    )


def _hit(event: Event, because: str, reduction: _Reduction, wanted: ReducedDose, context: Context) -> Hit:
    dose = event.dose
    planned = format_amount(dose.value, dose.unit) if dose and dose.value is not None else ""
    barred = wanted.contraindicated_where and wanted.contraindicated_where.holds(context.facts(event.day)) is True
    asked = reduction.text if reduction.most is None or reduction.most else "none"
    return Hit(
        f"{named(event)}: {planned} with {because}; at most {asked}.",
        (event,),
        (("dose", planned), ("because of", because), ("at most", asked)),
        f"{planned}, above {asked}",
        severity="contraindicated" if barred else "",
        key=f"{event.placed.block.id}/{event.placed.agent}/{because}",
    )
