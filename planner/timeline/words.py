"""The texts of bars: a dose for the bar itself, and the lines that tell all about it, made when somebody reads them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from planner.model.civil import weekday_date
from planner.model.cycle_content import ComputedDose, State
from planner.model.day_words import shift_words
from planner.model.evidence import Evidence
from planner.model.finding import Finding
from planner.model.protocol import TemplateAssessment, TemplateDecision, TemplateOrder, Window
from planner.model.quantity import format_amount
from planner.model.schedule import Event, PlacedBlock
from planner.model.timeline import Bar, OrderAt
from planner.model.unsure import lacking, unsure_of

TIMES_A_DAY = {
    1: "daily",
    2: "twice daily",
    3: "three times daily",
    4: "four times daily",
    5: "five times daily",
    6: "six times daily",
}

STATE_WORDS = {
    State.DEFERRED: "Deferred",
    State.HELD: "Held",
    State.OMITTED: "Omitted: not to be given",
    State.GIVEN: "Given",
    State.STOPPED: "Stopped",
}
DOSE_TO_ENTER = "dose to enter"

Rule = TemplateOrder | TemplateAssessment | TemplateDecision
DayAt = tuple[int, int]
"""The place of a cycle in its block, and a day number in it."""


TOLD_BY_NAME = {"radiation": "irradiation", "ophthalmic": "eye"}
"""Routes by the word in a name that tells them: "Total body irradiation", "Prednisolone eye drops"."""


def route_beside(name: str, route: str) -> str:
    """The route as it stands behind the name of a drug; empty where the name says it already."""
    told = TOLD_BY_NAME.get(route, "")
    return "" if told and told in name else route


def shift_of(event: Event) -> int:
    """Days by which a deferral moved the event."""
    return event.day - event.due_day


def window_of(event: Event, window: Window) -> tuple[int, int]:
    """Days earlier and later on which an event may fall, counted from where it stands.

    What was moved away from the day it hangs on keeps the window of that day: laid on the new day, it ran over its
    limit. With a whole cycle that is put off it moves along, but for cells, whose days are counted from the first.
    """
    shift = event.day - event.due_day
    placed = event.placed
    along = shift == placed.block.cycles[placed.cycle].late and placed.role != "cell therapy"
    if not shift or event.moved_from is None or along or not (window.earlier or window.later):
        return window.earlier, window.later
    return window_behind((window.earlier, window.later), shift)


def window_behind(window: tuple[int, int], shift: int) -> tuple[int, int]:
    """A window that stays where it was, in days earlier and later than the day it was left for."""
    return max(window[0] + shift, 0), max(window[1] - shift, 0)


def order_at(event: Event) -> OrderAt:
    """The order of an event that is counted within its block."""
    return event.placed.cycle, event.placed.order.id


def day_at(event: Event) -> DayAt:
    """The day of an event by the place of its cycle in the block and its number."""
    return event.placed.cycle, event.cycle_day


def dose_words(dose: ComputedDose | None) -> str:
    """The single dose as text; says so where a person has to enter it; empty where there is none (assessments)."""
    if dose is None:
        return ""
    return DOSE_TO_ENTER if dose.value is None else _amount_words(dose.value, dose.unit)


@lru_cache(maxsize=4096)
def _amount_words(value: Decimal, unit: str) -> str:
    """Kept, because a course repeats few doses over thousands of days and is laid out at every edit."""
    return format_amount(value, unit)


def doses_of_day(events: Sequence[Event], beside: Sequence[Event] = ()) -> str:
    """All doses of one order on one day: "2 mg", "1,500 mg × 2", or "10 mg + 5 mg" where they differ.

    Where some of them, or of those `beside` them in one bar, are given and some are not, it says which:
    "1,500 mg × 2 (1 given)", "12 mg (given)".
    """
    first = dose_words(events[0].dose)
    if len(events) == 1:
        return first + (" (given)" if beside and _is_given_alone(events[0], beside) else "")
    words = [dose_words(event.dose) for event in events]
    told = f"{first} × {len(words)}" if len(set(words)) == 1 else " + ".join(words)
    given = sum(event.state is State.GIVEN for event in events)
    if given == len(events):
        return told + (" (given)" if _is_given_alone(events[0], beside) else "")
    return f"{told} ({given} given)" if given else told


def _is_given_alone(event: Event, beside: Sequence[Event]) -> bool:
    return event.state is State.GIVEN and any(one.state is not State.GIVEN for one in beside)


def daily_words(events: Sequence[Event]) -> str:
    """The doses of a day within a span: "85 mg daily", "40 mg twice daily"."""
    words = {dose_words(event.dose) for event in events}
    if DOSE_TO_ENTER in words:
        return DOSE_TO_ENTER
    whole = events[0].state is events[-1].state  # else it has to be said how many of each day are given
    if len(words) == 1 and whole and len(events) in TIMES_A_DAY:
        return f"{words.pop()} {TIMES_A_DAY[len(events)]}"
    return f"{doses_of_day(events)} daily"


def rate_words(event: Event) -> str:
    """The dose of one infusion day: "28 mcg/day"."""
    words = dose_words(event.dose)
    return f"{words}/day" if event.dose is not None and event.dose.value is not None else words


def _place_words(bar: Bar, first: DayAt, last: DayAt) -> str:
    """Where events stand in their protocol: "Induction C1 D8", "Maintenance C1 D1 to C3 D28"."""
    cycles = bar.ground.cycles
    start = f"{bar.ground.title} C{cycles[first[0]].number} D{first[1]}"
    if first[0] != last[0]:
        return f"{start} to C{cycles[last[0]].number} D{last[1]}"
    return start if first[1] == last[1] else f"{start} to D{last[1]}"


def window_words(window: Window) -> str:
    """ "Window −2 to +2 days"; empty without a window."""
    if not window.earlier and not window.later:
        return ""
    return f"Window −{window.earlier} to +{window.later} days"


class DrugDetail(Struct, frozen=True, gc=False):
    """Lines about a drug: name, dose and route; where it stands; what is particular about it.

    `last_day` of `last_cycle` (at -1 the first) is where it ends; `numbers` are the day numbers of single days.
    """

    name: str
    route: str
    order: Rule
    evidence: Evidence
    dose: ComputedDose | None
    given: str
    last_cycle: int = -1
    last_day: int = 0
    numbers: tuple[int, ...] = ()
    lacks: str = ""

    @classmethod
    def of(cls, first: Event, last: Event, given: str, numbers: tuple[int, ...] = ()) -> "DrugDetail":
        """What is to be told of the events from the first to the last."""
        one, until = first.placed, day_at(last) if day_at(last) != day_at(first) else (-1, 0)
        return cls(
            one.agent_name, one.route, one.order, one.evidence, first.dose, given, *until, numbers, _lacking(first)
        )

    def words(self, bar: Bar, first: DayAt | None = None) -> str:
        """The lines, of the bar's first event or another that it holds."""
        dose, first = self.dose, first or (bar.figure.cycle, bar.figure.number)
        single = self.numbers or self.last_cycle < 0
        place = _place_words(bar, first, first if single else (self.last_cycle, self.last_day))
        place += "".join(f", D{number}" for number in self.numbers[1:])
        lines = [" ".join(filter(None, (self.name, self.given, route_beside(self.name, self.route)))), place]
        if dose is not None:
            capped = ", capped" if dose.capped else ""
            lines += [f"Protocol dose {dose.protocol_dose}{capped}" if dose.protocol_dose else "", dose.missing]
        window = self.order.window if isinstance(self.order, TemplateOrder) else Window()
        lines += [_window_here(window, bar), _state_words(bar, self.lacks), _evidence_words(self.evidence, bar)]
        return "\n".join(filter(None, lines))


def _window_here(window: Window, bar: Bar) -> str:
    """The window of a bar; of what was moved out of it, the days that it was."""
    if bar.window == (window.earlier, window.later) or not (window.earlier or window.later):
        return window_words(window)
    due = bar.start - bar.shift
    return f"Window {weekday_date(due - window.earlier)} to {weekday_date(due + window.later)}"


class SeveralDetails(Struct, frozen=True, gc=False):
    """Lines about several drugs that are one bar, each with its day."""

    parts: tuple[tuple[DrugDetail, DayAt], ...]

    def words(self, bar: Bar) -> str:
        """The lines of each."""
        return "\n".join(detail.words(bar, at) for detail, at in self.parts)


class AssessmentDetail(Struct, frozen=True, gc=False):
    """Lines about the assessments of one day, each with its window."""

    rules: tuple[tuple[str, Rule], ...]
    evidence: Evidence
    cycle: int
    day: int
    lacks: str = ""

    @classmethod
    def of(cls, events: Sequence[Event]) -> "AssessmentDetail":
        """What is to be told of these."""
        rules = tuple((event.placed.agent_name, event.placed.order) for event in events)
        first = events[0]
        return cls(rules, first.placed.evidence, first.placed.cycle, first.cycle_day, _lacking(first))

    def words(self, bar: Bar) -> str:
        """The lines."""
        here = (self.cycle, self.day)
        state = _state_words(bar, self.lacks)
        told = [_place_words(bar, here, here), state, _evidence_words(self.evidence, bar)]
        return "\n".join(filter(None, (*(_assessment_words(*one) for one in self.rules), *told)))


def _assessment_words(name: str, rule: Rule) -> str:
    window = window_words(rule.window) if isinstance(rule, TemplateAssessment) else ""
    return name + (f" ({window[0].lower()}{window[1:]})" if window else "")


class DecisionDetail(Struct, frozen=True, gc=False):
    """Lines about a decision: the question, what it needs, its answers and the one taken or expected."""

    name: str
    rule: Rule
    taken: str | None
    cycle: int
    day: int

    @classmethod
    def of(cls, event: Event, taken: str | None) -> "DecisionDetail":
        """What is to be told of it."""
        placed = event.placed
        return cls(placed.agent_name, placed.order, taken, placed.cycle, event.cycle_day)

    def words(self, bar: Bar) -> str:
        """The lines."""
        rule, taken, here = self.rule, self.taken, (self.cycle, self.day)
        if not isinstance(rule, TemplateDecision):
            return self.name
        lines = [rule.question, _place_words(bar, here, here)]
        lines.append("Decided" if taken else "Open: the plan is drawn with the expected answer")
        marked = taken or rule.expected
        sign = "taken" if taken else "expected"
        lines += [f"• {choice.title}{f' ({sign})' if choice.id == marked else ''}" for choice in rule.choices]
        lines.append(f"Needs {', '.join(rule.needs)}" if rule.needs else "")
        return "\n".join(filter(None, lines))


class BlockDetail(Struct, frozen=True, gc=False):
    """Lines about a block: name and length, protocol, why it stands there."""

    def words(self, bar: Bar) -> str:
        """The lines."""
        block = bar.ground
        if not isinstance(block, PlacedBlock):
            return block.title
        days = block.end - block.begins
        cycles = f", {len(block.cycles)} cycles" if len(block.cycles) > 1 else ""
        lines = [f"{block.title}: {days} days{cycles}", f"{block.protocol_title}, version {block.protocol_version}"]
        lines += block.why
        lines.append(_state(bar))
        return "\n".join(filter(None, lines))


class CycleDetail(Struct, frozen=True, gc=False):
    """A cycle with its days."""

    def words(self, bar: Bar) -> str:
        """The line."""
        return f"{bar.ground.title} {bar.label}: {bar.end - bar.start} days"


def finding_detail(finding: Finding) -> str:
    """Lines about a finding: severity and rule, what it says, what to do."""
    stands = "acknowledged" if finding.status == "acknowledged" else finding.severity
    lines = [f"{finding.rule} {finding.title} ({stands})", finding.message, finding.advice]
    return "\n".join(filter(None, lines))


def co_medication_detail(name: str, start: date, end: date | None) -> str:
    """Lines about a co-medication; one without an end is still taken."""
    until = f"to {weekday_date(end)}" if end else "and still taken"
    return f"{name}\nCo-medication from {weekday_date(start)} {until}"


def _lacking(event: Event) -> str:
    return lacking(event.notes) if event.state is State.PROVISIONAL else ""


def _state(bar: Bar, lacks: str = "") -> str:
    if bar.state is State.PROVISIONAL and isinstance(bar.ground, PlacedBlock):
        return f"Provisional: {unsure_of(bar.ground, lacks)}"
    return STATE_WORDS.get(bar.state, "")


def _state_words(bar: Bar, lacks: str) -> str:
    words = _state(bar, lacks)
    if bar.shift:
        return f"{words or 'Deferred'} by {shift_words(bar.shift)} from {weekday_date(bar.start - bar.shift)}"
    return words


def _evidence_words(evidence: Evidence, bar: Bar) -> str:
    if not evidence.needs_confirmation:
        return ""
    return f"Check: {evidence.value} value" if bar.needs_check else f"Confirmed: {evidence.value} value"
