"""What the inspector says about the selected thing, as sections of plain lines."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from planner.model.civil import clock, recorded_day
from planner.model.cycle_content import ComputedDose, State
from planner.model.day_words import in_a_row
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.evidence import Evidence
from planner.model.finding import Finding, FindingStatus
from planner.model.flow import Flow, duration_words, flow_of
from planner.model.plan import BlockChange, Deferral, Plan
from planner.model.protocol import Reference, TemplateDecision
from planner.model.release import confirmed_as
from planner.model.schedule import Event, PlacedBlock, PlacedCycle, PlacedOrder
from planner.model.unsure import event_unsure
from planner.services.telling.change_words import change_words, course_words, titled
from planner.services.telling.drugs_given import changes_as_given
from planner.services.telling.explanation import sources_of, why_here
from ui.models.description import Description, Section, addresses, shortened
from ui.models.finding_table import by_severity, severity_word
from ui.models.missing_facts import lacks_facts
from ui.models.subject import Subject
from ui.panels.several_text import describe_several
from ui.plan_words import event_name, plan_words
from ui.tongue import ENGLISH, amount_words, language, say, weekday_date

EVIDENCE_WORDS = {
    Evidence.LABEL: "label: read in the product label",
    Evidence.TRIAL: "trial: read in the trial's own paper or registry record",
    Evidence.SECONDARY: "secondary: read in a source that retells the primary one",
    Evidence.UNVERIFIED: "unverified: nobody has read it in a source yet; a person must confirm it",
    Evidence.LOCAL: "local: no source gives a value; the site enters its own",
}

RULES_SPEAK = "rules speak English"
"""Their statements are clinical data and stay as the files say them; what they found is made of the same words."""
MOST_RUNS = 12
"""How many dates of a finding are listed before the rest is counted."""


def describe(evaluated: EvaluatedPlan, subject: Subject) -> Description:
    """All there is to say about the subject. Empty sections are left out."""
    if subject.others:
        return describe_several(subject)
    if subject.finding:
        return _describe_finding(subject.finding)
    if subject.events:
        return _describe_events(evaluated, subject)
    if subject.block:
        return _describe_block(evaluated, subject, subject.block)
    detail = plan_words(subject.bar.detail).splitlines() if subject.bar else []
    return Description(subject.bar.label if subject.bar else "", "", (Section("", tuple(detail)),))


def _describe_block(evaluated: EvaluatedPlan, subject: Subject, block: PlacedBlock) -> Description:
    days = block.end - block.begins
    cycles = tuple(f"C{cycle.number}  {_from_to(cycle)}" for cycle in block.cycles)
    when = (say("{span}, {days} days", span=_from_to(block), days=days),)
    gate = block.phase.start.gate
    sections = (
        Section("When", (*when, *(cycles if len(cycles) > 1 else ()))),
        Section("Why is it here?", tuple(map(plan_words, block.why))),
        Section("Wait for", (gate,) if gate else ()),
        Section("Missing", tuple(say("{fact} is not recorded", fact=fact) for fact in block.facts_unknown)),
        Section("Differs from the protocol", tuple(_changes(evaluated, block))),
        _findings(subject.findings),
        Section("Note", (block.phase.note,) if block.phase.note else ()),
    )
    subtitle = say("{protocol}, version {version}", protocol=block.protocol_title, version=block.protocol_version)
    return Description(
        block.title, subtitle, _filled(sections), ("given", "move", "defer", "hold", "remove", "compare_plan")
    )


def _interruptions(plan: Plan, events: Sequence[Event]) -> Iterator[str]:
    """Where an infusion stood still for hours: no date moved and no dose, so nothing else of it says so."""
    placed, days = events[0].placed, {event.cycle_day for event in events}
    stops = (one for one in plan.modifications if isinstance(one, Deferral) and not one.days)
    for one in stops if placed.kind == "infusion" else ():
        if (one.block, one.cycle) == (placed.block.id, placed.cycle) and one.day in days:
            yield change_words(titled(one, plan), say)


def _changes(evaluated: EvaluatedPlan, block: PlacedBlock) -> Iterator[str]:
    """What somebody changed in the block; the doses that differ for it stand on the page of the comparison."""
    plan = evaluated.plan
    changes = [
        change_words(titled(one, plan), say)
        for one in changes_as_given(plan, evaluated.schedule, say)
        if one.block == block.id
    ]
    changes += [
        course_words(one, plan, say)
        for one in plan.course_changes
        if isinstance(one, BlockChange) and one.block == block.id
    ]
    yield from changes[:MOST_RUNS]
    if len(changes) > MOST_RUNS:
        yield say("and {count} more", count=len(changes) - MOST_RUNS)


def _describe_events(evaluated: EvaluatedPlan, subject: Subject) -> Description:
    first, last = subject.events[0], subject.events[-1]
    placed = first.placed
    sections = [
        Section("What", (*_what(first), *_states(subject.events))),
        Section("When", tuple(_when(subject.events))),
        Section("Why is it here?", tuple(map(plan_words, why_here(evaluated, first)))),
        Section("Dose", tuple(_dose(first))),
        Section("Differs from the protocol", tuple(_interruptions(evaluated.plan, subject.events))),
        _findings(subject.findings),
        Section("Note", tuple(plan_words(text) for text in dict.fromkeys((*first.notes, placed.note)) if text)),
        _sources(sources_of(evaluated, placed), placed.evidence, _confirmed(evaluated.plan, placed)),
    ]
    place = f"{placed.block.title} C{placed.cycle} D{first.cycle_day}"
    if (last.placed.cycle, last.cycle_day) != (placed.cycle, first.cycle_day):
        place = say("{first} to {last}", first=place, last=f"C{last.placed.cycle} D{last.cycle_day}")
    decision = isinstance(placed.order, TemplateDecision)
    enter = ("enter_dose",) if first.dose and first.dose.value is None else ()
    pause = "resume" if first.state is State.HELD else "hold"
    hold = (pause,) if placed.kind == "infusion" or pause == "resume" else ()
    rescue = ("rescue",) if placed.role == "rescue" else ()
    of_dose = (*enter, "given", *rescue, *hold, "defer", "omit") if first.dose else ("defer",)
    actions = ("decide", "branches") if decision else of_dose
    return Description(event_name(placed.agent_name), place, _filled(sections), actions)


def _what(event: Event) -> Iterator[str]:
    placed, order = event.placed, event.placed.order
    if isinstance(order, TemplateDecision):
        yield order.question
        yield from (f"• {choice.title}" for choice in order.choices)
        if order.needs:
            yield say("Needs {what}", what=", ".join(order.needs))
        return
    if event.dose is not None:
        yield _amount(event.dose, placed)
        if event.dose.missing:
            yield say("Check: {what}", what=plan_words(event.dose.missing))
    length = say("over {time}", time=duration_words(placed.duration_h)) if placed.duration_h is not None else ""
    flow = flow_of(order, event.dose)
    own_volume = event.dose is not None and event.dose.unit == "mL" and flow.volume_ml == event.dose.value
    if own_volume and event.dose:  # said as the dose already
        flow = Flow(None, flow.rate_ml_h)
    running = ", ".join(filter(None, (length, flow.words())))
    if running:
        yield running
    yield say(placed.role)


def _states(events: Sequence[Event]) -> Iterator[str]:
    """The state of what is selected; where that is several doses of which only some are given, how many of each."""
    states = Counter(event.state for event in events)
    if len(states) > 1:
        yield say("Status: {state}", state=", ".join(f"{count} {say(state.value)}" for state, count in states.items()))
    elif State.PLANNED not in states and not isinstance(events[0].placed.order, TemplateDecision):
        state = say(events[0].state.value)
        if events[0].state is State.PROVISIONAL:
            state = f"{state}: {plan_words(event_unsure(events[0]))}"
        yield say("Status: {state}", state=state)


def _amount(dose: ComputedDose, placed: PlacedOrder) -> str:
    """The dose with its route: "28 mcg/day, continuous IV"."""
    if dose.value is None:
        amount = say("dose to enter")
    else:
        amount = amount_words(dose.value, dose.unit)
        amount = say("{dose}/day, continuous", dose=amount) if placed.kind == "infusion" else amount
    words = f"{amount} {placed.route}"
    return say("{dose}, capped", dose=words) if dose.capped else words


def _dose(event: Event) -> Iterator[str]:
    """How the dose came about, what it is made of, and how fast it runs."""
    if event.dose is not None:
        yield from map(plan_words, event.dose.steps)
        yield from filter(None, (plan_words(event.dose.made_of),))
        yield from flow_of(event.placed.order, event.dose).working


def _when(events: tuple[Event, ...]) -> Iterator[str]:
    first, last = events[0], events[-1]
    days = sorted({event.day for event in events})
    if len(days) == 1:
        told = len({event.state for event in events}) > 1
        timed = [event for event in events if event.minute >= 0]
        times = ", ".join(clock(one.minute) + (f" ({say(one.state.value)})" if told else "") for one in timed)
        yield f"{weekday_date(first.day)} {times}".rstrip()
    else:
        yield _span_words(first.day, last.day, len(days))
    if first.end_day >= 0 and first.end_day != first.day:
        yield say("runs until {when}", when=f"{weekday_date(last.end_day)} {clock(last.end_minute)}".rstrip())
    if first.moved_from is not None:
        yield say("was due on {day}", day=weekday_date(first.moved_from))


def _span_words(first: int, last: int, days: int) -> str:
    return say("{first} to {last}, {days} days", first=weekday_date(first), last=weekday_date(last), days=days)


def _describe_finding(finding: Finding) -> Description:
    inputs = tuple(f"{name}: {value}" for name, value in finding.inputs)
    sections = (
        Section("Finding", (finding.message,)),
        Section("What to do", (finding.advice,) if finding.advice else ()),
        Section("Compared", (*((finding.arithmetic,) if finding.arithmetic else ()), *inputs)),
        Section("Dates", tuple(_date_runs(finding.days))),
        Section("The rule says", (finding.statement,)),
        Section(
            "Source",
            (shortened(finding.source), say(EVIDENCE_WORDS.get(Evidence(finding.evidence), finding.evidence))),
            tuple((one, one) for one in addresses(finding.source, finding.url)),
        ),
    )
    # What is not recorded about the patient is the next step where it is what the rule asks for.
    enter = ("edit_patient",) if lacks_facts(finding) else ()
    actions = (*enter, "fix", "acknowledge") if finding.status is FindingStatus.OPEN else enter
    spoken = (severity_word(finding), *(() if language() == ENGLISH else (say(RULES_SPEAK),)))
    return Description(f"{finding.rule} {finding.title}", " · ".join(spoken), _filled(sections), actions)


def _date_runs(days: tuple[int, ...]) -> Iterator[str]:
    """Days in a row as one line, first to last."""
    runs = in_a_row(sorted(set(days)))
    for run in runs[:MOST_RUNS]:
        yield _span_words(run[0], run[-1], len(run)) if len(run) > 1 else weekday_date(run[0])
    if len(runs) > MOST_RUNS:
        yield say("and {count} more", count=len(runs) - MOST_RUNS)


def _findings(findings: tuple[Finding, ...]) -> Section:
    told = by_severity(findings)
    return Section("Findings", tuple(f"{one.rule} {severity_word(one).lower()}: {one.message}" for one in told))


def _sources(references: tuple[Reference, ...], evidence: Evidence, confirmed: Iterable[str]) -> Section:
    lines = (say(EVIDENCE_WORDS[evidence]), *confirmed, *(f"{one.id}: {shortened(one.text)}" for one in references))
    found = dict.fromkeys(address for one in references for address in addresses(one.text, one.url))
    return Section("Source", lines, tuple((one, one) for one in found))


def _confirmed(plan: Plan, placed: PlacedOrder) -> Iterator[str]:
    """Who checked the order's value, and when."""
    pin = next((block.pin for block in plan.blocks if block.id == placed.block.id), "")
    for one in plan.confirmations:
        if (one.pin, one.order) == (pin, confirmed_as(placed)):
            yield say("Confirmed by {who} on {day}", who=one.by, day=recorded_day(one.at, weekday_date))


def _filled(sections: tuple[Section, ...] | list[Section]) -> tuple[Section, ...]:
    return tuple(section for section in sections if section.lines or section.links)


def _from_to(placed: PlacedBlock | PlacedCycle) -> str:
    """Its first and its last day."""
    return say("{first} to {last}", first=weekday_date(placed.begins), last=weekday_date(placed.end - 1))
