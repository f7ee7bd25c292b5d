"""How long a level in the blood calls for something: what it asks for stands on each of these days."""

from decimal import Decimal

from planner.checking.context import Context

MOST_DAYS = 10
"""Days after which a level that nobody measured again is asked for no more, as rules ask for a rescue so long."""


def days_until(context: Context, result: str, below: Decimal, first: int, last: int) -> range:
    """The days from the first one to the last, or to the one before a later result that is below."""
    for day in range(first + 1, last + 1):
        level = context.results_on(day).get(result)
        if level is not None and level[1].toordinal() > first and level[0] < below:
            return range(first, day)
    return range(first, max(first, last) + 1)
