"""Slips in a typed dose that show without a second protocol: a unit the drug is not dosed in, a size no dose has.

Nothing here is a clinical limit: the bounds are Regimap's own, wide, against a forgotten million and the wrong unit.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal

from planner.model.agent import Agent
from planner.model.quantity import IN_MG, DoseRule, format_amount

OF_ITS_OWN = frozenset({"cells", "Gy"})
"""Units in which a drug is dosed only where its entry in the vocabulary or a protocol says so."""
SIZES: Mapping[str, tuple[Decimal, Decimal]] = {
    "mg": (Decimal("0.0001"), Decimal(20_000)),
    "mg PO": (Decimal("0.0001"), Decimal(4_000)),
    "mL": (Decimal(1), Decimal(10_000)),
    "mL IV": (Decimal(20), Decimal(10_000)),
    "Gy": (Decimal("0.1"), Decimal(30)),
    "cells": (Decimal(100_000), Decimal(2_000_000_000)),
}
"""The least and the most of one dose in a unit, by a route where that has its own; of cells per kg of the patient."""
MOST_BY_WEIGHT = 100
"""mg/kg of one dose that is told by weight."""
IN = "doses of {drug} are in {unit}"
NOT_IN = "no protocol here doses {drug} in {unit}"
TOO_MUCH = "{dose} of {drug} at once is more than {most}, above which every dose is asked about"
TOO_LITTLE = "{dose} of {drug} at once is less than {least}, below which every dose is asked about"

Fill = Callable[..., str]


def size_doubt(
    agent: Agent, route: str, rule: DoseRule, sizes: Mapping[str, Decimal], fill: Fill, *, times: int = 1
) -> str:
    """Why nobody can mean that dose of the drug; empty where somebody can.

    `sizes` are m2 and kg of the patient; a total of a day is given in so many `times`.
    """
    if rule.per == "AUC":
        return ""
    unit = "mg" if rule.unit in IN_MG else rule.unit
    usual = "mg" if agent.usual_unit in IN_MG else agent.usual_unit
    if usual and unit != usual:
        return fill(IN, drug=agent.name, unit=usual)
    if not usual and unit in OF_ITS_OWN:
        return fill(NOT_IN, drug=agent.name, unit=rule.unit)
    if unit not in SIZES:
        return ""
    least, most = (
        bound * (sizes["kg"] if unit == "cells" else 1) for bound in SIZES.get(f"{unit} {route}", SIZES[unit])
    )
    if (unit, rule.per) == ("mg", "kg"):
        most = min(most, MOST_BY_WEIGHT * sizes["kg"])
    factor = sizes[rule.per] * IN_MG.get(rule.unit, Decimal(1)) / (times if rule.per_day else 1)
    if (rule.most or rule.amount) * factor > most:
        return fill(TOO_MUCH, dose=str(rule), drug=agent.name, most=_bound(most, unit))
    if rule.amount * factor < least:
        return fill(TOO_LITTLE, dose=str(rule), drug=agent.name, least=_bound(least, unit))
    return ""


def _bound(value: Decimal, unit: str) -> str:
    if unit != "mg":
        return format_amount(value, unit)
    return format_amount(value / 1000, "g") if value >= 1000 else format_amount(value * 1000, "mcg")
