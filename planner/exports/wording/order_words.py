"""An order of a protocol in words for a pharmacist: dose, days, frequency, timing, sources."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby

from planner.exports.wording.doses import window_words
from planner.exports.wording.runs import DayDoses, is_weekly
from planner.exports.wording.text import WEEKDAYS, day_name, listed
from planner.model.civil import weekday_date
from planner.model.condition import Condition
from planner.model.day_words import in_a_row
from planner.model.fact_words import condition_words
from planner.model.flow import duration_words, flow_of
from planner.model.going_on import lasts_unsaid, stays_unsaid
from planner.model.language import glued
from planner.model.plan import REASONS
from planner.model.protocol import Days, TemplateAssessment, TemplateDecision, TemplateOrder
from planner.model.quantity import format_number
from planner.model.schedule import Event, PlacedOrder
from planner.model.unsure import ONLY_IF

LONGEST_DAY_LIST = 3
CUT = "more than the cap"
"""How the arithmetic says that a cap made a dose smaller."""
ACTUAL = "actual"
"""The weight that is measured (see `TemplateOrder.weight`)."""
WEIGHED = re.compile(r"× (\S+ kg) \((.+), on [^)]*\)")
"""How the arithmetic names a weight: the kilograms, and which weight they are."""
MOST_WEEKDAYS = 3
"""Changes of the weekday of a weekly drug that are told one by one."""
LENGTH_UNSAID = "whether it is given again is not said"
"""Of what stands in for a drug that goes on until nobody knows when."""
TO_ENTER_LAST = "the last day that the site enters"
"""Until when a protocol gives what it leaves to the site to end."""
REASON_UNSAID = "reason not named"
LAST_DAY_OPEN = "last day not entered"
ASK_WHOM = ": ask the pharmacist"
ENTERED = re.compile(r"dose (\d[\d,]*(?:\.\d+)?)( [^\s%].*?): other(?=$|, )(.*)")
"""How assembly says of a dose that somebody entered it and gave no reason."""
OF_NO_REASON = re.compile(rf"[a-z ]+(?: [\d.]+ %)?: {REASONS[-1]}")
"""How a note says what was done that gives no reason: "not given: other"."""
OF_A_NOTE = re.compile(rf"([a-z ]+(?: [\d.]+ %)?: ){REASONS[-1]}, (.+)")
"""Likewise of one that gives a reason of its own words: "stopped: other, relapse"."""
OF_DAY = re.compile(r"dose \d+ of \d+ this day")
"""What assembly says of each dose of a day; a sheet shows them one after the other anyway."""


def dose_formula(events: Sequence[Event]) -> str:
    """The dose as the protocol says it, with its cap: "1.5 mg/m2, cap 2 mg". Several where cycles differ."""
    found: dict[str, None] = {}
    caps: dict[tuple[str, str], tuple[str, bool]] = {}
    for event in events:
        dose, order = event.dose, event.placed.order
        if dose is None or not isinstance(order, TemplateOrder):
            continue
        text = dose.protocol_dose or "no sourced dose: enter the site's own"
        key = event.placed.id, text
        if key not in caps:
            caps[key] = _cap(order, text)
        cap, sure = caps[key]
        known = cap and (sure or any(CUT in step for step in dose.steps))
        found[f"{glued(text) if len(text) < 20 else text}{', ' + glued(f'cap {cap}') if known else ''}"] = None
    texts = list(found)
    order = events[0].placed.order
    if isinstance(order, TemplateOrder) and order.escalation and len(events) > 1 and texts:
        return f"{texts[0]}; each further dose + {glued(str(order.escalation))} if tolerated"
    return " or ".join(texts)


def weight_words(event: Event) -> str:
    """ "on 59.6 kg (ideal weight, ...)" of a dose by a weight that is not the measured one; else empty.

    Beside that one a checker worked busulfan out to another dose and found no word why.
    """
    dose, order = event.dose, event.placed.order
    if dose is None or dose.value is None or not isinstance(order, TemplateOrder) or order.weight == ACTUAL:
        return ""
    found = WEIGHED.search(" ".join(dose.steps[:1]))
    return f"on {glued(found[1])} ({found[2]})" if found else ""


def _cap(order: TemplateOrder, text: str) -> tuple[str, bool]:
    """The cap of a dose, where it is known which one may hold, and whether it holds in any case.

    A choice of the protocol may give the same dose with a cap and without: then the arithmetic says whether it was cut.
    """
    caps = {str(band.cap) if band.cap else "" for band in order.bands if band.dose and _starts(text, str(band.dose))}
    named = caps - {""}
    return (named.pop(), "" not in caps) if len(named) == 1 else ("", False)


def _starts(text: str, dose: str) -> bool:
    return text == dose or text.startswith(f"{dose} ")


def days_in_words(days: Days) -> str:
    """ "D1, D8, D15", "D1 to D28 (28 days)" or "D1 to the end of the cycle"."""
    if days.to_end:
        return f"D{day_name(days.numbers[0])} to the end of the cycle"
    parts, start = [], 0
    numbers = days.numbers
    for index in range(1, len(numbers) + 1):
        if index < len(numbers) and numbers[index] == numbers[index - 1] + 1:
            continue
        parts.append(_stretch(numbers[start:index]))
        start = index
    return ", ".join(parts)


def _stretch(numbers: Sequence[int]) -> str:
    if len(numbers) < LONGEST_DAY_LIST:
        return ", ".join(f"D{day_name(number)}" for number in numbers)
    return f"{glued(f'D{day_name(numbers[0])} to D{day_name(numbers[-1])}')} {glued(f'({len(numbers)} days)')}"


def when_given(events: Sequence[Event], names: Mapping[str, str]) -> str:
    """Days of an order with everything that goes with them: cycles, times a day, hours, window, weekday.

    `names` are those of the drugs of its block by their order, for what it is timed by.
    """
    placed = events[0].placed
    order = placed.order
    if not isinstance(order, TemplateOrder):
        return ""
    parts = [days_in_words(order.days) or "with the order it hangs on"]
    parts += [f"and on, {until_words(placed)}"] if lasts_unsaid(placed) else []
    parts += [LENGTH_UNSAID] if stays_unsaid(placed) else []
    parts += [cycles_words(events)]
    if is_weekly(placed) and placed.route == "PO":
        parts.append(weekly_words(events))
    if order.every_hours:
        parts.append(f"every {order.every_hours} h × {order.dose_count}")
    elif order.doses_per_day > 1:
        parts.append(f"{order.doses_per_day} times a day")
    flow = glued(flow_of(order, events[0].dose).words())
    parts += [_timing(placed, order, names), _lasting(order), flow, window_words(order.window)]
    return "; ".join(part for part in parts if part)


NO_END_PLANNED = "no end planned"


def until_words(placed: PlacedOrder) -> str:
    """ "until counts recover"; of what ends on a day that the site enters that nobody has; of what has no end that."""
    until = getattr(placed.order, "until", "")
    if not until:
        return NO_END_PLANNED
    return LAST_DAY_OPEN if until == TO_ENTER_LAST else f"until {until}"


def cycles_words(events: Sequence[Event]) -> str:
    """ "cycles 2 to 5 only", of the cycles of its block; empty of an order that all of them have."""
    block, here = events[0].placed.block, {event.placed.cycle for event in events}
    if len(here) == len(block.cycles):
        return ""
    numbers = listed(_spans(sorted(here)))
    return f"{'cycle' if len(here) == 1 else 'cycles'} {numbers} only"


def _spans(numbers: Iterable[int]) -> list[str]:
    """Numbers in a row as one piece: "1", "3 to 5"."""
    return [glued(f"{one[0]} to {one[-1]}") if len(one) > 1 else str(one[0]) for one in in_a_row(numbers)]


def weekly_words(events: Sequence[Event]) -> str:
    """ "once a week, on Mondays, not every day" (promises P15); where a deferral moved it, from when on which weekday.

    "On Mondays and Wednesdays" of doses that moved from the one to the other read as twice a week.
    """
    days = sorted({event.date for event in events})
    firsts = [next(found) for _, found in groupby(days, key=date.weekday)]
    told = [f"on {WEEKDAYS[firsts[0].weekday()]}s"]
    told += [f"from {glued(weekday_date(day))} on {WEEKDAYS[day.weekday()]}s" for day in firsts[1:]]
    words = ", ".join(told) if len(told) <= MOST_WEEKDAYS else "on changing weekdays: see the single days"
    return f"once a week, {words}, {glued('not every day')}"


def once_a_week_words(event: Event) -> str:
    """The same of one dose by mouth, beside its date on a sheet of days; empty of what is not weekly."""
    return weekly_words((event,)) if event.placed.route == "PO" and is_weekly(event.placed) else ""


def _lasting(order: TemplateOrder) -> str:
    if order.continuous:
        return "continuous infusion"
    return f"over {glued(duration_words(order.duration_h))}" if order.duration_h else ""


def _timing(placed: PlacedOrder, order: TemplateOrder, names: Mapping[str, str]) -> str:
    if order.anchor is None:
        return ""
    other = next((one.agent for one in placed.block.phase.orders if one.id == order.anchor.order_id), "")
    name = names.get(order.anchor.order_id) or other or order.anchor.order_id
    minutes = abs(order.anchor.minutes)
    if minutes == 0:
        return f"at the {order.anchor.edge} of {name}"
    length = f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"
    side = "before" if order.anchor.minutes < 0 else "after"
    return f"{glued(length)} {side} the {order.anchor.edge} of {name}"


def assessment_when(order: TemplateAssessment) -> str:
    """Days and window of a study."""
    return "; ".join(part for part in (days_in_words(order.days), window_words(order.window)) if part)


def source_codes(order: TemplateOrder | TemplateAssessment | TemplateDecision) -> str:
    """ "[C1, C4]", the codes of the list of sources; "no source" where there is none."""
    return f"[{', '.join(order.references)}]" if order.references else "no source"


def times_of(day: DayDoses) -> tuple[int, ...]:
    """The clock times of a day's doses, in minutes; empty where the protocol speaks of days only."""
    return tuple(event.minute for event in day.events if event.minute >= 0)


def own_notes(event: Event) -> list[str]:
    """What the event says of itself, without the note of its order, which stands in the table of drugs."""
    notes = event.notes
    if event.placed.note and notes[-1:] == (event.placed.note,):
        notes = notes[:-1]
    unsaid = [LENGTH_UNSAID] if stays_unsaid(event.placed) else []
    return [_plainly(note, event.placed.order.when) for note in notes if not OF_DAY.fullmatch(note)] + unsaid


def _plainly(note: str, condition: Condition) -> str:
    """A condition without what the plan's own choices say of it, which stand with the block; all else as it is.

    "Until the last day that the site enters: how long is not known" told a ward nothing to do.
    """
    if note.startswith(f"until {TO_ENTER_LAST}"):
        return f"{LAST_DAY_OPEN}{ASK_WHOM}"
    if note == REASONS[-1]:
        return REASON_UNSAID
    if OF_NO_REASON.fullmatch(note):
        return f"{note.removesuffix(REASONS[-1])}{REASON_UNSAID}"
    if told := OF_A_NOTE.fullmatch(note):
        return f"{told[1]}{told[2]}"
    if entered := ENTERED.fullmatch(note):
        return f"dose entered for this plan: {format_number(Decimal(entered[1].replace(',', '')))}{entered[2]}"
    if note != ONLY_IF + condition_words(condition):
        return note
    groups = tuple(
        tuple(clause for clause in group if not clause.subject.startswith("variant.")) for group in condition.groups
    )
    return ONLY_IF + condition_words(Condition(groups)) if all(groups) else note


def event_name(placed: PlacedOrder) -> str:
    """The name as a sheet says it in front of a note: a bag by its drug, for its note begins with its number.

    An intrathecal drug says so: the same drug often runs by vein on the same day.
    """
    if placed.kind == "bag":
        return placed.agent_name.partition(":")[0]
    return f"{placed.agent_name} IT" if placed.route == "IT" else placed.agent_name
