"""A protocol as a page: for whom, what was chosen, every phase with its orders, every source."""

from collections.abc import Iterator, Mapping

from PySide6.QtWidgets import QWidget

from planner.model.agent import Agent
from planner.model.civil import WEEKDAYS, clinical_date, clock
from planner.model.condition import Condition
from planner.model.fact_words import condition_words
from planner.model.flow import duration_words, stated_words
from planner.model.library import ShelvedProtocol
from planner.model.protocol import DoseBand, Phase, Protocol, TemplateAssessment, TemplateOrder, Window
from planner.services.agent_words import class_line
from planner.services.catalogue import evidence_counts
from ui.dialogs.page import PageDialog
from ui.models.description import Section, addresses, shortened
from ui.tongue import say

ORIGINS = {"shipped": "shipped with the program", "plan": "as this plan keeps it"}


def protocol_page(shelved: ShelvedProtocol, agents: Mapping[str, Agent], parent: QWidget) -> PageDialog:
    """The protocol to read, with a line to search in it."""
    protocol = shelved.protocol
    return PageDialog(
        protocol.title,
        f"{protocol.id}, {say('version {version}', version=protocol.version)}, {say(protocol.status.value)}",
        protocol_sections(shelved, agents),
        parent,
        hint="Search this protocol: a drug, a day, a source",
    )


def protocol_sections(shelved: ShelvedProtocol, agents: Mapping[str, Agent]) -> tuple[Section, ...]:
    """All that the file says, in its order."""
    protocol = shelved.protocol
    return tuple(
        section
        for section in (
            Section("About", tuple(_about(shelved))),
            Section("Entry", tuple(_entry(protocol))),
            *(_variant_sections(protocol)),
            *(Section(_phase_title(phase), tuple(_phase(phase, agents))) for phase in protocol.phases),
            *(_decision_sections(protocol)),
            Section("Course", tuple(_course(protocol))),
            Section("Drugs", tuple(_drugs(protocol, agents))),
            _sources(protocol),
        )
        if section.lines or section.links
    )


def _entry(protocol: Protocol) -> Iterator[str]:
    yield from (f"{text}{_when(condition)}" for condition, text in protocol.entry)
    if protocol.entry_references:
        yield _cited(protocol.entry_references).strip()


def _about(shelved: ShelvedProtocol) -> Iterator[str]:
    protocol = shelved.protocol
    yield protocol.summary
    yield say("For: {whom}", whom=f"{protocol.disease}. {protocol.population}")
    if protocol.use:
        yield say("Use: {use}", use=protocol.use)
    if protocol.jurisdiction:
        yield say("Jurisdiction: {where}", where=protocol.jurisdiction)
    origin = say(ORIGINS.get(shelved.origin, "this site's own"))
    yield say("Version {version}, {status}", version=protocol.version, status=f"{say(protocol.status.value)}, {origin}")
    for day, words in ((protocol.valid_from, "Valid from"), (protocol.review_by, "To be reviewed by")):
        if day:
            yield f"{say(words)} {clinical_date(day)}"
    evidence = ", ".join(f"{say(kind)} {count}" for kind, count in evidence_counts(protocol).items())
    yield say("Evidence of its items: {evidence}", evidence=evidence)
    yield say("Text (SHA-256): {begin} …", begin=shelved.pin.sha256[:16])


def _variant_sections(protocol: Protocol) -> Iterator[Section]:
    for variant in protocol.variants:
        lines = [
            f"{choice.title}{' (default)' if choice.id == variant.default else ''}{_cited(choice.references)}"
            f"{f'. {choice.note}' if choice.note else ''}"
            for choice in variant.choices
        ]
        yield Section(say("Where sources or sites differ: {question}", question=variant.question), tuple(lines))


def _decision_sections(protocol: Protocol) -> Iterator[Section]:
    for decision in protocol.decisions:
        answers = [
            f"• {choice.title}{' (expected)' if choice.id == decision.expected else ''}{_cited(choice.references)}"
            for choice in decision.choices
        ]
        needs = [say("Needs {what}", what=", ".join(decision.needs))] if decision.needs else []
        at = f"{decision.phase} C{decision.cycle} D{decision.day}, {decision.evidence.value}"
        yield Section(say("Decision: {question} ({place})", question=decision.question, place=at), (*answers, *needs))


def _phase_title(phase: Phase) -> str:
    cycles = f"{phase.cycles} × " if phase.cycles > 1 else ""
    return say(
        "{phase}: {cycles}{days} days from Day {first}",
        phase=phase.title,
        cycles=cycles,
        days=phase.cycle_days,
        first=phase.first_day,
    )


def _phase(phase: Phase, agents: Mapping[str, Agent]) -> Iterator[str]:
    if phase.start.phase:
        day = say("day {day}", day=phase.start.day) if phase.start.day is not None else say("the end")
        gap = ", " + say("{days} days later", days=phase.start.gap_days) if phase.start.gap_days else ""
        yield say("Starts after {day} of {phase}", day=day, phase=phase.start.phase) + gap
    if phase.start.gate:
        yield say("Waits for: {gate}", gate=phase.start.gate)
    if phase.only_if:
        yield say("Only if {condition}", condition=condition_words(phase.only_if))
    for order in phase.orders:
        yield _order(order, agents)
    for assessment in phase.assessments:
        yield _assessment(assessment)
    if phase.note:
        yield phase.note


def _order(order: TemplateOrder, agents: Mapping[str, Agent]) -> str:
    known = agents.get(order.agent)
    doses = " / ".join(_band(band) for band in order.bands) or "no dose"
    parts = [f"{known.name if known else order.agent} {doses} {order.route}", say("days {days}", days=order.days.text)]
    parts += [say("cycles {cycles}", cycles=", ".join(map(str, order.cycles)))] if order.cycles else []
    parts += [say("{count} × a day", count=order.doses_per_day)] if order.doses_per_day > 1 else []
    parts += (
        [say("every {hours} h × {count}", hours=order.every_hours, count=order.dose_count)] if order.every_hours else []
    )
    parts += [say("continuous infusion")] if order.continuous else []
    parts += [say("over {time}", time=duration_words(order.duration_h))] if order.duration_h else []
    parts += list(filter(None, (stated_words(order),)))
    parts += [f"at {', '.join(clock(minute) for minute in order.at)}"] if order.at else []
    parts += [f"on {', '.join(WEEKDAYS[day] for day in order.weekdays)}"] if order.weekdays else []
    parts += _window(order.window)
    parts += [f"if {condition_words(order.when)}"] if order.when else []
    parts += [order.role, f"{order.evidence.value}{_cited(order.references)}"]
    return f"{', '.join(parts)}{f'. {order.note}' if order.note else ''}"


def _band(band: DoseBand) -> str:
    dose = str(band.dose) if band.dose else "the site's own dose"
    cap = " " + say("(at most {cap})", cap=band.cap) if band.cap else ""
    return f"{dose}{cap}{_when(band.when)}"


def _assessment(assessment: TemplateAssessment) -> str:
    parts = [assessment.title, say("days {days}", days=assessment.days.text), *_window(assessment.window)]
    parts += [f"if {condition_words(assessment.when)}"] if assessment.when else []
    parts += [assessment.kind, f"{assessment.evidence.value}{_cited(assessment.references)}"]
    return f"{', '.join(parts)}{f'. {assessment.note}' if assessment.note else ''}"


def _window(window: Window) -> list[str]:
    return (
        [say("window −{earlier}/+{later}", earlier=window.earlier, later=window.later)]
        if window.earlier or window.later
        else []
    )


def _course(protocol: Protocol) -> Iterator[str]:
    titles = {phase.id: phase.title for phase in protocol.phases}
    for step in protocol.course:
        yield f"{titles.get(step.phase, step.phase)}: {say('cycles {cycles}', cycles=', '.join(map(str, step.cycles)))}"


def _drugs(protocol: Protocol, agents: Mapping[str, Agent]) -> Iterator[str]:
    """Each drug's classes, by which rules know it, and where they were read."""
    for name in dict.fromkeys(order.agent for phase in protocol.phases for order in phase.orders):
        if name in agents:
            yield f"{agents[name].name}. {class_line(agents[name])}"


def _sources(protocol: Protocol) -> Section:
    lines = tuple(f"{one.id}: {shortened(one.text)}" for one in protocol.references)
    links = (
        (f"{one.id}: {address}", address) for one in protocol.references for address in addresses(one.text, one.url)
    )
    return Section("Sources", lines, tuple(links))


def _cited(references: tuple[str, ...]) -> str:
    return f" [{', '.join(references)}]" if references else ""


def _when(condition: Condition) -> str:
    return f" if {condition_words(condition)}" if condition else ""
