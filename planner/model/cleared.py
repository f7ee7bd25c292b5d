"""The end of what goes on until a drug has cleared: the first level below the bound that its protocol names."""

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from planner.model.patient import LabResult
from planner.model.protocol import TemplateOrder
from planner.model.results import RESULTS, in_its_unit, number_in_its_unit

_NUMBER = r"\d+(?:\.\d+)?"
_BOUND = re.compile(
    rf"(?P<drug>[a-z-]+) (?:is|has cleared \() ?below (?P<number>{_NUMBER})(?: to {_NUMBER})? (?P<unit>[^ )]+)\)?"
)


class Level(NamedTuple):
    """A result and the number below which it has to be, in the unit of `results.RESULTS`."""

    code: str
    below: Decimal


@lru_cache(maxsize=256)
def level_asked(until: str) -> Level | None:
    """The level that the end of an order waits for: "methotrexate is below 0.1 micromol/L"; None for other words.

    Of a range ("below 0.05 to 0.1") the lower number counts, whichever of the two a site goes by.
    """
    found = _BOUND.fullmatch(until)
    if not found or f"{found['drug']}-level" not in RESULTS:
        return None
    read = number_in_its_unit(f"{found['drug']}-level", Decimal(found["number"]), found["unit"])
    return Level(*read) if read else None


def level_of(order: TemplateOrder, others: Iterable[TemplateOrder]) -> Level | None:
    """The level that ends an order; where its own words name none, the lowest of what waits for the same doses.

    `others` are the orders that do. Fluids go on "until methotrexate has cleared", as leucovorin tells when.
    """
    own = level_asked(order.until)
    if own:
        return own
    drug = order.until.partition(" ")[0]
    found = [level for one in others if one.until.startswith(f"{drug} ") and (level := level_asked(one.until))]
    return min(found, key=lambda one: one.below, default=None)


def cleared_on(level: Level, labs: Iterable[LabResult], first: int, end: int) -> int | None:
    """The ordinal of the first level below its bound, of the days from `first` to the one before `end`.

    None where there is none, or a later level of these days is not below it: after glucarpidase levels rise again.
    """
    found: dict[int, Decimal] = {}
    for one in labs:
        read = in_its_unit(one)
        if read and read[0] == level.code and first <= one.date.toordinal() < end:
            found[one.date.toordinal()] = read[1]
    low = [day for day, value in found.items() if value < level.below]
    high = max((day for day, value in found.items() if value >= level.below), default=0)
    return min((day for day in low if day > high), default=None)
