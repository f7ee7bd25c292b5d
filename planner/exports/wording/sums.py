"""Doses added up, as far as they are known, and what kind of treatment a sum is of."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from planner.exports.wording.doses import is_drug
from planner.exports.wording.text import counted, listed
from planner.model.language import glued
from planner.model.quantity import format_amount
from planner.model.schedule import Event, PlacedOrder

COUNTED_ROLES = ("antineoplastic", "cell therapy", "intrathecal")

DRUGS, CELLS, RADIOTHERAPY = "anticancer drugs", "cells", "radiotherapy"


def kind_of_treatment(placed: PlacedOrder) -> str:
    """What it counts as; empty of what is not counted. A graft is no anticancer dose, nor is a fraction of Gy."""
    if not is_drug(placed) or placed.role not in COUNTED_ROLES:
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
