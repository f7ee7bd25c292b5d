"""A protocol in words, for `protocols show`: every order, assessment and decision with its evidence and sources."""

from collections.abc import Iterator, Mapping

from planner.model.agent import Agent
from planner.model.civil import WEEKDAYS, clinical_date, clock
from planner.model.fact_words import condition_words
from planner.model.flow import duration_words, stated_words
from planner.model.protocol import (
    DoseBand,
    Phase,
    Protocol,
    TemplateAssessment,
    TemplateDecision,
    TemplateOrder,
    TimeAnchor,
    Variant,
    Window,
)


def protocol_lines(protocol: Protocol, agents: Mapping[str, Agent]) -> list[str]:
    """All lines, from the head to the sources that the codes in brackets stand for."""
    lines = [f"{protocol.id} {protocol.version} ({protocol.status}): {protocol.title}", *_head(protocol)]
    lines += _own_rounding(protocol, agents)
    for variant in protocol.variants:
        lines += _variant(variant)
    for phase in protocol.phases:
        drawn = tuple(cycle for step in protocol.course if step.phase == phase.id for cycle in step.cycles)
        lines += ["", *_phase(phase, drawn)]
    lines += ["", "Decisions"]
    for decision in protocol.decisions:
        lines += _decision(decision)
    lines += ["", "Sources"]
    lines += [f"  {source.id}: {source.text} {source.url}".rstrip() for source in protocol.references]
    return lines


def _head(protocol: Protocol) -> Iterator[str]:
    dates = [("valid from", protocol.valid_from), ("review by", protocol.review_by)]
    told = {
        "": protocol.summary,
        "For": f"{protocol.disease}; {protocol.population}",
        "Enter": _entry(protocol),
        "Use": protocol.use,
        "Marks": ", ".join(protocol.marks),
        "Holds in": protocol.jurisdiction,
        "Dates": ", ".join(f"{name} {clinical_date(day)}" for name, day in dates if day),
        "Superseded by": protocol.superseded_by,
        "Course": ", ".join(f"{step.phase} {','.join(map(str, step.cycles))}" for step in protocol.course),
    }
    yield from (f"{name}: {words}" if name else words for name, words in told.items() if words)
    yield from (f"Exempt from {rule}: {because}" for rule, because in protocol.exemptions)


def _own_rounding(protocol: Protocol, agents: Mapping[str, Agent]) -> Iterator[str]:
    """The drugs of the protocol that a site's file rounds otherwise than the shipped one."""
    for name in dict.fromkeys(order.agent for phase in protocol.phases for order in phase.orders):
        agent = agents.get(name)
        if agent and agent.changed:
            yield f"This site's own file gives {', '.join(agent.changed)} of {agent.name}"


def _entry(protocol: Protocol) -> str:
    words = "; ".join(f"{text}{f' ({condition_words(when)})' if when else ''}" for when, text in protocol.entry)
    return f"{words}{_codes(protocol.entry_references)}".strip()


def _variant(variant: Variant) -> Iterator[str]:
    choices = " | ".join(choice.id for choice in variant.choices)
    yield f"Variant {variant.id}: {variant.question} {choices} (default {variant.default})"
    for one in variant.choices:
        yield f"  {one.id}: {one.title}{_codes(one.references)}"
        yield from _note("    ", one.note)


def _length(phase: Phase, drawn: tuple[int, ...]) -> str:
    """How many cycles of how many days, which of them the course draws, and where the days are counted from."""
    run = bool(drawn) and drawn == tuple(range(drawn[0], drawn[-1] + 1))
    if not drawn or drawn == tuple(range(1, phase.cycles + 1)):
        parts = [f"{phase.cycles} × {phase.cycle_days} days"]
    elif len(drawn) == 1:
        parts = [f"cycle {drawn[0]} of {phase.cycle_days} days"]
    else:
        some = f"{drawn[0]} to {drawn[-1]}" if run and len(drawn) > 2 else ", ".join(map(str, drawn))
        parts = [f"cycles {some} of {phase.cycle_days} days"]
    parts += [f"cycle {cycle} of {days} days" for cycle, days in phase.cycle_lengths]
    last = max(drawn, default=phase.cycles)
    parts += [f"up to cycle {phase.max_cycles}"] if phase.max_cycles and phase.max_cycles > last else []
    parts += [f"counted from Day {phase.first_day}"] if phase.first_day != 1 else []
    parts += ["without an end of its own"] if phase.open_end else []
    return ", ".join(parts)


def _phase(phase: Phase, drawn: tuple[int, ...]) -> Iterator[str]:
    begins = phase.start.phase or "the protocol's start"
    on = f"Day {phase.start.day} of {begins}" if phase.start.day is not None else begins
    gap = f" + {phase.start.gap_days} days" if phase.start.gap_days else ""
    only = f", only if {condition_words(phase.only_if)}" if phase.only_if else ""
    yield f"Phase {phase.id}: {phase.title}, {_length(phase, drawn)}{only}{_codes(phase.references)}"
    yield f"  starts after {on}{gap}" if phase.start.day is None and phase.start.phase else f"  starts on {on}{gap}"
    yield from _note("  ", phase.note)
    if phase.start.gate:
        yield f"  waits for {phase.start.gate}"
    for end in phase.ends:
        when = f" if {condition_words(end.when)}" if end.when else ""
        yield f"  ends {end.months} months after Day {end.day} of {end.phase}{when}"
    for order in phase.orders:
        yield _order(order)
        yield from _note("    ", order.note)
    for one in phase.assessments:
        yield _assessment(one)
        yield from _note("    ", one.note)


def _order(order: TemplateOrder) -> str:
    parts = [f"  {order.agent} {' | '.join(map(_band, order.bands))} {order.route}", f"days {order.days.text}"]
    if order.every_hours:
        parts.append(f"every {order.every_hours} h × {order.dose_count}")
    elif order.doses_per_day > 1:
        parts.append(f"{order.doses_per_day} times a day")
    parts += [f"raised by {order.escalation} each time"] if order.escalation else []
    parts += [f"at most {order.course_cap} in a course"] if order.course_cap else []
    parts += [f"by {order.weight} weight"] if order.weight != "actual" else []
    parts += [f"at {', '.join(map(clock, order.at))}"] if order.at else []
    parts += [_timing(order.anchor)] if order.anchor else []
    parts += _cycles(order.cycles) + _window(order.window)
    parts += ["continuous"] if order.continuous else []
    parts += [f"over {duration_words(order.duration_h)}"] if order.duration_h else []
    parts += list(filter(None, (stated_words(order),)))
    parts += [f"until {order.until}"] if order.until else []
    parts += [f"on {', '.join(WEEKDAYS[day] for day in order.weekdays)} only"] if order.weekdays else []
    parts += [f"not on {', '.join(WEEKDAYS[day] for day in order.not_on)}"] if order.not_on else []
    parts += _company(order.goes_with) + _staying(order)
    parts += [f"at least {days} days from {other}" for other, days in order.apart]
    parts += [f"only if {condition_words(order.when)}"] if order.when else []
    return f"{', '.join(parts)} ({order.evidence}){_codes(order.references)}"


def _staying(order: TemplateOrder) -> list[str]:
    if not order.stays:
        return []
    return ["keeps its calendar days once begun" if order.begins else "keeps its calendar days"]


def _band(band: DoseBand) -> str:
    cap = f" (at most {band.cap})" if band.cap else ""
    return f"{band.dose or 'local dose'}{cap}{f' if {condition_words(band.when)}' if band.when else ''}"


def _assessment(one: TemplateAssessment) -> str:
    parts = [f"  {one.kind}: {one.title}", f"days {one.days.text}", *_cycles(one.cycles), *_window(one.window)]
    parts += _company(one.goes_with)
    parts += [f"the cycle waits for {one.gate}"] if one.gate else []
    parts += [f"only if {condition_words(one.when)}"] if one.when else []
    return f"{', '.join(parts)} ({one.evidence}){_codes(one.references)}"


def _cycles(cycles: tuple[int, ...]) -> list[str]:
    return [f"cycle{'s' if len(cycles) > 1 else ''} {', '.join(map(str, cycles))} only"] if cycles else []


def _window(window: Window) -> list[str]:
    return [f"window -{window.earlier}/+{window.later}"] if window.earlier or window.later else []


def _company(others: tuple[str, ...]) -> list[str]:
    return [f"moves with {', '.join(others)}"] if others else []


def _timing(anchor: TimeAnchor) -> str:
    minutes = abs(anchor.minutes)
    length = f"{minutes} min" if minutes % 60 or not minutes else f"{minutes // 60} h"
    return (
        f"{length} before {anchor.order_id}"
        if anchor.minutes < 0
        else f"{length} after {anchor.edge} of {anchor.order_id}"
    )


def _note(indent: str, note: str) -> Iterator[str]:
    if note:
        yield f"{indent}{note}"


def _decision(one: TemplateDecision) -> Iterator[str]:
    choices = " | ".join(choice.id for choice in one.choices)
    when = f", asked if {condition_words(one.when)}" if one.when else ""
    place = f"{one.phase} C{one.cycle} D{one.day}"
    yield f"  {one.id}, {place}: {one.question} {choices}{when} ({one.evidence}){_codes(one.references)}"
    for choice in one.choices:
        yield f"    {choice.id}: {choice.title}{_codes(choice.references)}"
        yield from _note("      ", choice.note)
    if one.needs:
        yield f"    needs {', '.join(one.needs)}"


def _codes(references: tuple[str, ...]) -> str:
    return f" [{', '.join(references)}]" if references else ""
