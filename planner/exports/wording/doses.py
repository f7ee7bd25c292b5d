"""Doses and routes in words, the same on every sheet."""

from collections.abc import Sequence
from decimal import Decimal

from planner.exports.wording.text import day_name
from planner.model.civil import weekday_date
from planner.model.cycle_content import ComputedDose, State
from planner.model.day_words import is_part
from planner.model.gate import START_GATE
from planner.model.going_on import lasts_unsaid, stands_in
from planner.model.language import glued
from planner.model.open_dose import is_dose_open
from planner.model.protocol import TemplateAssessment, TemplateOrder, Window
from planner.model.quantity import format_amount, format_number
from planner.model.schedule import Event, PlacedOrder

ROUTES = {
    "PO": "by mouth",
    "IV": "intravenous",
    "SC": "subcutaneous",
    "IM": "intramuscular",
    "IT": "INTRATHECAL",
    "topical": "on the skin",
    "ophthalmic": "into each eye",
    "radiation": "radiation",
}

EYE = "ophthalmic"
"""The route of doses that are told of one eye: 42 drops in all were half of what is used."""

DRUG_KINDS = ("administration", "infusion", "cell_infusion")

AT_HOME = ("PO", "topical", "ophthalmic")
"""Routes of what patients take themselves."""

STATES = {
    State.PROVISIONAL: "provisional",
    State.HELD: "HELD",
    State.OMITTED: "OMITTED",
    State.GIVEN: "given",
    State.STOPPED: "STOPPED",
}

DOSE_OPEN = "goes on in any case, only its dose is provisional"

TOLERATED = "if each dose before was tolerated"
"""How the arithmetic says that a dose rises."""

CELLS = "cell therapy"
"""The role of cells: their day hangs on what was given before them, also where their whole block is put off."""
MILLION = 10**6
"""How the note of a dose begins of which less was given: it says that it was."""
IN_PART = "given in part"
GIVEN, DONE = "GIVEN", "DONE"
"""Stands where something would be written in, once it is recorded: an empty line asks for a second dose."""

PREMEDICATION = "premedication"
NOT_TO_BE_GIVEN = (State.OMITTED, State.HELD, State.STOPPED)
"""Struck out on paper, with the word for it beside."""
NEVER = (State.OMITTED, State.STOPPED)
"""Not to be given, nor to be once a hold is over."""


IN_ALL = "in all that day"
"""What is said beside the recorded dose of such a drug."""
NOT_SAID = "times a day: ask the prescriber"
"""How often a dose is taken that is told by the day (see `is_day_total`)."""


def dose_words(event: Event, micrograms: str) -> str:
    """The single dose ("2 mg"), unbreakable; "enter dose" where the site has to; empty for what has no dose.

    "2,600 mg a day" where that is all the protocol tells (see `is_day_total`).
    """
    dose = event.dose
    if dose is None:
        return ""
    if dose.value is None:
        return glued("enter dose")
    amount = glued(format_amount(dose.value, dose.unit, micrograms))
    return f"{amount} {glued('a day')}" if is_day_total(event) else amount


def cell_words(event: Event) -> str:
    """ "= 10 × 10⁶ cells": beside a dose of cells in millions, whose zeros nobody should have to count."""
    dose = event.dose
    if dose is None or dose.value is None or dose.unit != "cells" or dose.value < MILLION:
        return ""
    return glued(f"= {format_number(dose.value / MILLION)} × 10⁶ cells")


def dose_of_day(event: Event, micrograms: str) -> str:
    """Likewise, where that of a continuous infusion is the one of a day: "28 mcg" at 09:00 was read as one dose."""
    infusion = event.placed.kind == "infusion" and event.dose is not None and event.dose.value is not None
    return f"{dose_words(event, micrograms)} {glued('a day')}" if infusion else dose_words(event, micrograms)


def is_day_total(event: Event) -> bool:
    """Whether its dose is the whole of a day, as the protocol gives it, and in how many doses is not told.

    One over some hours is one dose, a continuous infusion is told by the day anyway, and what was given was given.
    """
    dose, placed = event.dose, event.placed
    if dose is None or placed.kind != "administration" or placed.duration_h is not None or is_recorded(event):
        return False
    return dose.protocol_dose.endswith("/day")


def is_recorded_total(event: Event) -> bool:
    """Whether it was recorded as given, of what the protocol gives by the day: in how many doses nobody recorded."""
    dose, placed = event.dose, event.placed
    by_day = dose is not None and placed.kind == "administration" and placed.duration_h is None
    return by_day and is_recorded(event) and dose is not None and dose.protocol_dose.endswith("/day")


def doses_a_day(placed: PlacedOrder) -> int:
    """Its doses on a day behind the drawn ones, as the protocol tells; one where it does not."""
    return placed.order.doses_of_day if isinstance(placed.order, TemplateOrder) else 1


def left_that_day(events: Sequence[Event]) -> int:
    """How many doses of a day come behind those drawn on it: by their hours where these are known."""
    last = events[-1]
    every = last.placed.order.every_hours if isinstance(last.placed.order, TemplateOrder) else None
    if last.minute < 0 or not every:
        return max(doses_a_day(last.placed) - len(events), 0)
    return (24 * 60 - 1 - last.minute) // (every * 60)


def often_words(placed: PlacedOrder) -> str:
    """ "every 6 h" or "3 times a day"; empty of one dose a day."""
    every = placed.order.every_hours if isinstance(placed.order, TemplateOrder) else None
    count = doses_a_day(placed)
    return glued(f"every {every} h" if every else f"{count} times a day" if count > 1 else "")


def says_how_often(order: TemplateOrder) -> bool:
    """Whether the protocol gives several doses a day, or hours between them."""
    return order.doses_of_day > 1 or bool(order.every_hours)


def is_often_open(event: Event) -> bool:
    """Whether the site has to enter how often as well as how much: no dose and no frequency are told, or a day's range.

    Such a drug is drawn once a day, which says nothing of how it is given; nor does a dose that somebody entered. What
    stands in for another drug is given as often as that one: that was asked when it was put there.
    """
    dose, order = event.dose, event.placed.order
    if dose is None or not isinstance(order, TemplateOrder):
        return False
    if says_how_often(order):
        return False
    if is_to_enter(event):
        return not dose.protocol_dose or dose.protocol_dose.endswith("/day")
    return is_often_unsaid(event) and event.state not in (State.GIVEN, *NOT_TO_BE_GIVEN)


def is_often_unsaid(event: Event) -> bool:
    """Whether nobody told how often: neither the protocol, which tells no dose, nor who entered or gave one."""
    order = event.placed.order
    if stands_in(event.placed) or not isinstance(order, TemplateOrder) or event.placed.duration_h is not None:
        return False
    if says_how_often(order):
        return False
    return event.dose is not None and all(band.dose is None for band in order.bands)


def asks_how_often(event: Event) -> bool:
    """Whether a dose drawn alone has to say so: it goes on behind its days, and one line reads as once."""
    return is_often_open(event) and lasts_unsaid(event.placed)


INSTEAD = "instead of "


def instead_words(event: Event, micrograms: str) -> str:
    """ "instead of 5,448 mg", where somebody reduced the dose or gave another one than the protocol's comes to.

    Beside the protocol's formula alone it read as a fault of the arithmetic.
    """
    dose = event.dose
    if dose is None or dose.value is None or dose.full in (None, dose.value):
        return ""
    return f"{INSTEAD}{glued(format_amount(dose.full, dose.unit, micrograms))}"


def if_tolerated(event: Event) -> str:
    """What a dose that rises hangs on: "only if each dose before was tolerated"; not the first, nor a given one."""
    dose = event.dose
    rises = dose is not None and dose.value is not None and any(TOLERATED in step for step in dose.steps)
    return f"only {TOLERATED}" if rises and event.state not in (*NOT_TO_BE_GIVEN, State.GIVEN) else ""


def no_tablets(event: Event) -> str:
    """That tablets of known strengths do not make a dose by mouth, and which doses they make instead; else empty."""
    dose = event.dose
    unmade = dose is not None and event.placed.route == "PO" and dose.value is not None and not dose.tablets
    return dose.made_of if dose is not None and unmade and event.state not in (*NOT_TO_BE_GIVEN, State.GIVEN) else ""


def dose_each_time(event: Event, micrograms: str) -> str:
    """The dose where it has to be told from that of a day: "20 mg each time", "40 mg a day"."""
    words = dose_words(event, micrograms)
    by_day = is_to_enter(event) or is_day_total(event) or is_recorded_total(event)
    return words if by_day else f"{words} {glued('each time')}"


def is_to_enter(event: Event) -> bool:
    """Whether the site has to enter the dose: on paper a rule to write it on."""
    return event.dose is not None and event.dose.value is None and event.state not in NOT_TO_BE_GIVEN


def asks_for_dose(event: Event, note: str) -> bool:
    """Whether a note only says that the dose has to be entered: "enter dose" and a line to write on say so."""
    dose = event.dose
    return dose is not None and dose.least is None and is_to_enter(event) and note == dose.missing


def is_unsure(event: Event) -> bool:
    """Whether it is provisional that it is given at all, not its dose alone."""
    return event.state is State.PROVISIONAL and not is_dose_open(event)


def state_told(event: Event) -> str:
    """The word for its state beside it; empty of what is planned."""
    return DOSE_OPEN if is_dose_open(event) else IN_PART if is_part(event) else STATES.get(event.state, "")


def place_words(event: Event) -> str:
    """Where each of a sum of doses goes: drops are told by the eye, and both get them."""
    return f" {ROUTES[EYE]}" if event.placed.route == EYE else ""


def route_words(route: str) -> str:
    """The route in full."""
    return ROUTES.get(route, route)


def days_words(first: int, last: int, count: int) -> str:
    """ "daily D1 to D84, 84 days" (CTEP: consecutive days as a number and as a list, promises C7)."""
    return f"daily {glued(f'D{day_name(first)} to D{day_name(last)}')}, {glued(f'{count} days')}"


def window_words(window: Window) -> str:
    """ "up to 1 day earlier or 3 days later"; empty without a window."""
    sides = [
        glued(f"{count} {'day' if count == 1 else 'days'} {side}")
        for count, side in ((window.earlier, "earlier"), (window.later, "later"))
        if count
    ]
    return f"up to {' or '.join(sides)}" if sides else ""


def moved_with_cycle(event: Event) -> bool:
    """Whether it was put off by as many days as its whole cycle: then nothing of it moved by itself."""
    late = next((one.late for one in event.placed.block.cycles if one.number == event.placed.cycle), 0)
    return event.moved_from is not None and event.day - event.due_day == late


def window_days(event: Event) -> tuple[int, int] | None:
    """The days of the window of a dose that was moved away from the day it hangs on; None of all others.

    "Up to 11 days later" of cells that were put off by four: laid on the new day, the window ran over its limit.
    """
    window = getattr(event.placed.order, "window", None)
    by_itself = event.moved_from is not None and (not moved_with_cycle(event) or event.placed.role == CELLS)
    if not window or not window_words(window) or not by_itself:
        return None
    return event.due_day - window.earlier, event.due_day + window.later


def window_told(event: Event) -> str:
    """The window of a dose in words; of one that was moved by itself, the days that it was before."""
    window = getattr(event.placed.order, "window", None)
    if days := window_days(event):
        return f"window of the day it was due: {' to '.join(glued(weekday_date(day)) for day in dict.fromkeys(days))}"
    words = window_words(window) if window else ""
    return f"window: {words}" if words else ""


def is_recorded(event: Event) -> bool:
    """Whether its dose is the one that was given: how often it is taken, or of which tablets, nobody recorded."""
    return event.dose is not None and event.dose.origin == "given"


def planned_value(dose: ComputedDose) -> Decimal | None:
    """The amount that was planned, also of a dose of which another one was given."""
    return dose.value if dose.planned is None else dose.planned


def is_drug(placed: PlacedOrder) -> bool:
    """Whether it is something given, not something examined or decided."""
    return placed.kind in DRUG_KINDS


def is_start_gate(placed: PlacedOrder) -> bool:
    """Whether it is the recovery that a block waits for: met or not before anything is given."""
    return isinstance(placed.order, TemplateAssessment) and placed.order.id == START_GATE


def is_intrathecal(placed: PlacedOrder) -> bool:
    """Whether it goes into the spinal fluid, by route or by role."""
    return is_drug(placed) and (placed.route == "IT" or placed.role == "intrathecal")


def in_order_of_day(event: Event) -> tuple[int, int, int]:
    """Sorts a day: first what has no time, then by time.

    Behind the last hour, often on a second page, stood "Before the cells: no infection", the fluids before
    methotrexate and intrathecal doses. First of these is what the start waits for, then checks: an
    intrathecal dose may wait for the count of its day. Then the intrathecal ones, then premedication.
    """
    placed = event.placed
    checked = placed.kind in ("assessment", "procedure")
    kinds = (is_start_gate(placed), checked, is_intrathecal(placed), placed.role == PREMEDICATION, True)
    return (len(kinds) if event.minute >= 0 else kinds.index(True), event.minute, event.sequence)
