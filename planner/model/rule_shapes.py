"""What a cycle looks like, as rule files say it: which doses on which days, for whom, in which cycles.

"1 0.8 mg/m2, 8 0.5 mg/m2" is a dose on day 1 and another on day 8, "1-7 9 mcg/day" one on each day of a week; without
a dose ("1-9") something only has to be there. Day 1 is the day of the cycle's first dose.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from planner.model.condition import ALWAYS, Condition, parse_condition
from planner.model.fact_words import condition_words
from planner.model.quantity import DoseRule, parse_dose
from planner.model.rule_values import Selectors, parse_selector

_PART = re.compile(r"(\d{1,3})(?:-(\d{1,3}))?(?: (.+))?", re.ASCII)
_CYCLES = re.compile(r"(\d{1,3})(?:-(\d{1,3}))?", re.ASCII)
_KEYS = ("when", "decided", "cycles", "ahead_of", "of", "doses", "least_days")


class ShapeDose(NamedTuple):
    """A dose on one day; None where anything will do."""

    day: int
    dose: DoseRule | None


class Shape(NamedTuple):
    """One shape a cycle may have.

    It is for cycles of these numbers (none: all), where `when` holds on the first day, ahead of a dose of `ahead_of`.
    `of` is what the days are compared with (none: the agents of the rule). The next cycle starts at least `least_days`
    after this one (0: not asked). Without doses only that is asked. Where `when` cannot be told, or is not there, what
    was chosen for the placement tells: `decided` is the id of one of its decisions or variants, and that choice.
    """

    doses: tuple[ShapeDose, ...]
    text: str
    when: Condition = ALWAYS
    cycles: tuple[int, ...] = ()
    ahead_of: Selectors = ()
    of: Selectors = ()
    least_days: int = 0
    decided: tuple[str, ...] = ()

    def __str__(self) -> str:
        limits = (
            f"cycles {', '.join(map(str, self.cycles))}" if self.cycles else "",
            f"where {condition_words(self.when)}" if self.when else "",
            f"ahead of {', '.join(map(str, self.ahead_of))}" if self.ahead_of else "",
        )
        of = f"{', '.join(map(str, self.of))} " if self.of else ""
        least = f"; next cycle after {self.least_days} days" if self.least_days else ""
        where = ", ".join(filter(None, limits))
        return f"{of}{self.text}{least}{f' ({where})' if where else ''}"


Shapes = tuple[Shape, ...]


def parse_shapes(value: object) -> Shapes:
    """Read a list of tables with `doses` and what limits them; ValueError or TypeError says what is allowed."""
    if not isinstance(value, list | tuple) or not value:
        raise ValueError('must be a list of tables such as { cycles = "1", doses = "1 0.8 mg/m2, 8 0.5 mg/m2" }')
    return tuple(_parse_shape(row) for row in value)


def _parse_shape(row: object) -> Shape:
    if not isinstance(row, Mapping) or not set(row) <= set(_KEYS) or not {"doses", "least_days"} & set(row):
        raise ValueError(f"a shape is a table with doses or least_days, and what limits it: {', '.join(_KEYS)}")
    least = row.get("least_days", 0)
    if isinstance(least, bool) or not isinstance(least, int) or least < 0:
        raise ValueError("least_days must be a whole number from 0 on")
    when, text = _text(row, "when"), _text(row, "doses")
    ahead, of = _text(row, "ahead_of"), _text(row, "of")
    return Shape(
        parse_doses(text) if text else (),
        text,
        parse_condition(when) if when else ALWAYS,
        parse_cycles(_text(row, "cycles")),
        (parse_selector(ahead),) if ahead else (),
        (parse_selector(of),) if of else (),
        least,
        _parse_decided(_text(row, "decided")),
    )


def _parse_decided(text: str) -> tuple[str, ...]:
    """Read "burden = high"; nothing where no decision tells."""
    parts = tuple(part.strip() for part in text.split("=")) if text else ()
    if parts and (len(parts) != 2 or not all(parts)):
        raise ValueError(f'cannot read decided "{text}"; write for example "burden = high"')
    return parts


def _text(row: Mapping[str, object], name: str) -> str:
    value = row.get(name, "")
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a text")
    return value


def parse_doses(text: str) -> tuple[ShapeDose, ...]:
    """Read "1 0.8 mg/m2, 8 0.5 mg/m2" or "1-9"; days rise. ValueError says what is allowed."""
    found: list[ShapeDose] = []
    for part in text.split(","):
        parts = _PART.fullmatch(part.strip())
        if not parts:
            raise ValueError(f'cannot read "{part.strip()}"; write for example "1 0.8 mg/m2" or "1-7 9 mcg/day"')
        dose = parse_dose(parts[3]) if parts[3] else None
        found += (ShapeDose(day, dose) for day in range(int(parts[1]), int(parts[2] or parts[1]) + 1))
    days = [one.day for one in found]
    if days != sorted(set(days)) or days[0] < 1:
        raise ValueError(f'"{text}": the days of a shape rise from 1 on')
    return tuple(found)


def parse_cycles(text: str) -> tuple[int, ...]:
    """Read "1", "2-6" or "1, 3-5"; nothing for every cycle. ValueError says what is allowed."""
    cycles: list[int] = []
    for part in text.split(",") if text else ():
        found = _CYCLES.fullmatch(part.strip())
        if not found:
            raise ValueError(f'cannot read the cycles "{text}"; write for example "1" or "2-6"')
        cycles += range(int(found[1]), int(found[2] or found[1]) + 1)
    return tuple(cycles)
