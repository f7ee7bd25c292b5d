"""Doses added up, as far as they are known, and what kind of treatment a sum is of."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from planner.exports.wording.doses import NOT_TO_BE_GIVEN, is_drug, is_intrathecal, is_unsure
from planner.exports.wording.text import counted, listed
from planner.model.alternatives import most_together
from planner.model.fact_words import names_of
from planner.model.language import glued
from planner.model.open_dose import is_dose_open
from planner.model.protocol import TREATING
from planner.model.quantity import format_amount, format_number
from planner.model.schedule import Event, PlacedOrder

NO_INTRATHECAL = "No INTRATHECAL dose is drawn in this plan; what protocols leave to the site stands in their notes."
ALL_UNSURE = "all provisional"

DRUGS, CELLS, RADIOTHERAPY = "anticancer drugs", "cells", "radiotherapy"


def kind_of_treatment(placed: PlacedOrder) -> str:
    """What it counts as; empty of what is not counted. A graft is no anticancer dose, nor is a fraction of Gy."""
    if not is_drug(placed) or placed.role not in TREATING:
        return ""
    if placed.kind == "cell_infusion":
        return CELLS
    return RADIOTHERAPY if placed.route == "radiation" else DRUGS


def sum_words(events: Iterable[Event], micrograms: str) -> str:
    """ "1,813 mg and 5 doses not known": one dose that has to be entered hid the sum of all others."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    unknown = 0
    for event in events:
        if event.dose is None or event.dose.value is None:
            unknown += 1
        else:
            sums[event.dose.unit] += event.dose.value
    known = [glued(format_amount(total, unit, micrograms)) for unit, total in sums.items()]
    missing = [f"{counted(unknown, 'dose')} not known"] if unknown else []
    return listed([*known, *missing]) or "none"


def unsure_words(events: Sequence[Event]) -> str:
    """ "of these 22 provisional; in all at most 23, whatever the CNS status": how many doses hang on an answer.

    Empty where none does. Of doses that exclude each other both are drawn, and counted one by one they were too many.
    """
    open_doses = sum(map(is_dose_open, events))
    told = f"of {number_words(open_doses)} only the dose is provisional" if open_doses else ""
    return ", ".join(filter(None, (_share(events), told)))


def _share(events: Sequence[Event]) -> str:
    unsure = sum(map(is_unsure, events))
    if not unsure:
        return ""
    share = ALL_UNSURE if unsure == len(events) else f"of these {glued(f'{number_words(unsure)} provisional')}"
    most, facts = most_together(events)
    if not facts:
        return share
    return f"{share}; in all {glued(f'at most {number_words(len(most))}')}, whatever the {names_of(facts)}"


def total_words(events: Sequence[Event], micrograms: str) -> str:
    """Their sum, of those that exclude each other the greatest that can come: "at most 345 mg"."""
    standing = [event for event in events if event.state not in NOT_TO_BE_GIVEN]
    most, facts = most_together(standing, amount_of)
    return f"{'at most ' if facts else ''}{sum_words(most if _adds_up(standing) else standing, micrograms)}"


def no_intrathecal(events: Iterable[Event]) -> str:
    """That none is drawn; empty where any is. ALL2820 leaves fifteen to the site, and its summary read as none."""
    return "" if any(is_intrathecal(event.placed) for event in events) else NO_INTRATHECAL


def amount_of(events: Sequence[Event]) -> Decimal:
    """What the doses add up to, of one unit."""
    return sum((event.dose.value for event in events if event.dose and event.dose.value is not None), Decimal(0))


def _adds_up(events: Sequence[Event]) -> bool:
    """Whether all doses are known, in one unit; else nobody knows which of those that exclude each other are more."""
    doses = [event.dose for event in events]
    return all(dose and dose.value is not None for dose in doses) and len({dose.unit for dose in doses if dose}) == 1


def number_words(count: int) -> str:
    """1,250."""
    return format_number(Decimal(count))
