"""The names and texts of bars: an id, a dose for the bar itself, and the lines that tell all about it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from planner.model.civil import weekday_date
from planner.model.cycle_content import ComputedDose, State
from planner.model.finding import Finding
from planner.model.protocol import TemplateAssessment, TemplateDecision, TemplateOrder, Window
from planner.model.quantity import format_amount
from planner.model.schedule import Event, OpenDecision, PlacedBlock

TIMES_A_DAY = {1: "daily", 2: "twice daily", 3: "three times daily", 4: "four times daily"}

STATE_WORDS = {
    State.PROVISIONAL: "Provisional: behind an open decision",
    State.DEFERRED: "Deferred",
    State.HELD: "Held",
    State.OMITTED: "Omitted: not to be given",
    State.GIVEN: "Given",
    State.STOPPED: "Stopped",
}
DOSE_TO_ENTER = "dose to enter"


def shift_of(event: Event) -> int:
    """Days by which a deferral moved the event."""
    return event.day - event.due_day


def bar_id(first: Event) -> str:
    """The order and its day number, so that it stays when the block moves; what was moved or is settled says so."""
    moved = f"{shift_of(first):+d}" if shift_of(first) else ""
    settled = "" if first.state in (State.PLANNED, State.PROVISIONAL, State.DEFERRED) else f"/{first.state}"
    return f"{first.placed.id}@D{first.cycle_day}{moved}{settled}"


def dose_words(dose: ComputedDose | None) -> str:
    """The single dose as text; says so where a person has to enter it; empty where there is none (assessments)."""
    if dose is None:
        return ""
    return DOSE_TO_ENTER if dose.value is None else _amount_words(dose.value, dose.unit)


@lru_cache(maxsize=4096)
def _amount_words(value: Decimal, unit: str) -> str:
    """Kept, because a course repeats few doses over thousands of days and is laid out at every edit."""
    return format_amount(value, unit)


def doses_of_day(events: Sequence[Event]) -> str:
    """All doses of one order on one day: "2 mg", "1,500 mg × 2", or "10 mg + 5 mg" where they differ."""
    first = dose_words(events[0].dose)
    if len(events) == 1:
        return first
    words = [dose_words(event.dose) for event in events]
    return f"{first} × {len(words)}" if len(set(words)) == 1 else " + ".join(words)


def daily_words(events: Sequence[Event]) -> str:
    """The doses of a day within a span: "85 mg daily", "40 mg twice daily"."""
    words = {dose_words(event.dose) for event in events}
    if DOSE_TO_ENTER in words:
        return DOSE_TO_ENTER
    if len(words) == 1 and len(events) in TIMES_A_DAY:
        return f"{words.pop()} {TIMES_A_DAY[len(events)]}"
    return f"{doses_of_day(events)} daily"


def rate_words(event: Event) -> str:
    """The dose of one infusion day: "28 mcg/day"."""
    words = dose_words(event.dose)
    return f"{words}/day" if event.dose is not None and event.dose.value is not None else words


def place_words(first: Event, last: Event) -> str:
    """Where events stand in their protocol: "Induction C1 D8", "Maintenance C1 D1 to C3 D28"."""
    block, placed = first.placed.block, first.placed
    start = f"{block.title} C{placed.cycle} D{first.cycle_day}"
    if placed.cycle != last.placed.cycle:
        return f"{start} to C{last.placed.cycle} D{last.cycle_day}"
    return start if first.cycle_day == last.cycle_day else f"{start} to D{last.cycle_day}"


def window_words(window: Window) -> str:
    """ "Window −2 to +2 days"; empty without a window."""
    if not window.earlier and not window.later:
        return ""
    return f"Window −{window.earlier} to +{window.later} days"


def drug_detail(first: Event, last: Event, dose: str, numbers: tuple[int, ...] = ()) -> str:
    """Lines about a drug bar: name, dose and route; where it stands; what is particular about it.

    `numbers` are the day numbers of single days; without them the bar runs from the first to the last event.
    """
    placed = first.placed
    place = place_words(first, first if numbers else last) + "".join(f", D{number}" for number in numbers[1:])
    lines = [" ".join(filter(None, (placed.agent_name, dose, placed.route))), place]
    if first.dose is not None:
        capped = ", capped" if first.dose.capped else ""
        lines.append(f"Protocol dose {first.dose.protocol_dose}{capped}" if first.dose.protocol_dose else "")
        lines.append(first.dose.missing)
    window = placed.order.window if isinstance(placed.order, TemplateOrder) else Window()
    lines += [window_words(window), _state_words(first), _evidence_words(first)]
    return "\n".join(filter(None, lines))


def assessment_detail(events: Sequence[Event]) -> str:
    """Lines about the assessments of one day, each with its window."""
    lines = []
    for event in events:
        rule = event.placed.order
        window = window_words(rule.window) if isinstance(rule, TemplateAssessment) else ""
        lines.append(event.placed.agent_name + (f" ({window[0].lower()}{window[1:]})" if window else ""))
    lines += [place_words(events[0], events[0]), _state_words(events[0]), _evidence_words(events[0])]
    return "\n".join(filter(None, lines))


def decision_detail(event: Event, decision: OpenDecision | None) -> str:
    """Lines about a decision: the question, what it needs, its answers and the one taken or expected."""
    rule = event.placed.order
    if not isinstance(rule, TemplateDecision):
        return event.placed.agent_name
    lines = [rule.question, place_words(event, event)]
    taken = decision.choice if decision is not None else None
    lines.append("Decided" if taken else "Open: the plan is drawn with the expected answer")
    marked = taken or rule.expected
    sign = "taken" if taken else "expected"
    lines += [f"• {choice.title}{f' ({sign})' if choice.id == marked else ''}" for choice in rule.choices]
    lines.append(f"Needs {', '.join(rule.needs)}" if rule.needs else "")
    return "\n".join(filter(None, lines))


def block_detail(block: PlacedBlock) -> str:
    """Lines about a block: name and length, protocol, why it stands there."""
    days = block.end - block.start
    cycles = f", {len(block.cycles)} cycles" if len(block.cycles) > 1 else ""
    lines = [f"{block.title}: {days} days{cycles}", f"{block.protocol_title}, version {block.protocol_version}"]
    lines += block.why
    lines.append(STATE_WORDS[State.PROVISIONAL] if block.provisional else "")
    return "\n".join(filter(None, lines))


def finding_detail(finding: Finding) -> str:
    """Lines about a finding: severity and rule, what it says, what to do."""
    stands = "acknowledged" if finding.status == "acknowledged" else finding.severity
    lines = [f"{finding.rule} {finding.title} ({stands})", finding.message, finding.advice]
    return "\n".join(filter(None, lines))


def co_medication_detail(name: str, start: date, end: date | None) -> str:
    """Lines about a co-medication; one without an end is still taken."""
    until = f"to {weekday_date(end)}" if end else "and still taken"
    return f"{name}\nCo-medication from {weekday_date(start)} {until}"


def _state_words(event: Event) -> str:
    words = STATE_WORDS.get(event.state, "")
    if shift_of(event):
        return f"{words or 'Deferred'} by {shift_of(event):+d} days from {weekday_date(event.due_day)}"
    return words


def _evidence_words(event: Event) -> str:
    evidence = event.placed.evidence
    return f"Check: {evidence.value} value" if evidence.needs_confirmation else ""
