"""The small languages inside a rule's parameters: who is meant, how long, up to how much.

"vincristine", "class:azole", "role:intrathecal", "any IT", "class:cytotoxic IV|SC|IM", "not class:steroid",
    "methotrexate IV from 500 mg/m2 a day", "assessment:marrow", "procedure:leukapheresis"
"42 days", "-1 h", "30 min"
2, or [{ when = "age <= 21", value = 2500 }, { when = "age > 21", value = 2000 }]
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from planner.model.condition import ALWAYS, Condition, parse_condition
from planner.model.fact_words import condition_words
from planner.model.protocol import ROLES, ROUTES
from planner.model.quantity import parse_dose, plain

_WHO = re.compile(r"(?:(?P<by>class|assessment|procedure):)?(?P<name>[a-z0-9]+(?:-[a-z0-9]+)*)|role:(?P<role>[a-z ]+)")
_BOUND = re.compile(r" from ([1-9]\d{0,5}) mg/m2( a day)?$", re.ASCII)
_DURATION = re.compile(r"(-?\d{1,5}) (days?|h|min)", re.ASCII)
_DAY_SPAN = re.compile(r"(-?\d{1,4}) to (-?\d{1,4})", re.ASCII)
_MINUTES = {"day": 24 * 60, "days": 24 * 60, "h": 60, "min": 1}


class Selector(NamedTuple):
    """Which administrations are meant: `by` is agent, class, role or any; no routes means every route.

    By assessment or procedure it means what is examined or done instead: where each of the words that the name joins by
    hyphens stands in the topic, the title or the id. `from_per_m2` leaves out doses known to be below so many mg/m2;
    with `a_day` the doses of an agent that begin within 24 h count together, and the largest stands for them; of these
    `protocols` only, where a rule is kept to some.
    In a list, a dose is meant when one selector takes it and no negated one does.
    """

    by: str
    name: str
    routes: tuple[str, ...] = ()
    negated: bool = False
    from_per_m2: int = 0
    a_day: bool = False
    protocols: tuple[str, ...] = ()

    def __str__(self) -> str:
        who = {"agent": self.name, "any": "any"}.get(self.by, f"{self.by}:{self.name}")
        routes = f" {'|'.join(self.routes)}" if self.routes else ""
        bound = f" from {self.from_per_m2} mg/m2{' a day' if self.a_day else ''}" if self.from_per_m2 else ""
        return f"{'not ' if self.negated else ''}{who}{routes}{bound}"


class Duration(NamedTuple):
    """A length of time in minutes. `in_days` counts calendar days; hours and minutes look at clock times."""

    minutes: int
    in_days: bool

    @property
    def days(self) -> int:
        """Whole calendar days it reaches over, away from zero."""
        whole = -(-abs(self.minutes) // (24 * 60))
        return whole if self.minutes >= 0 else -whole

    def __str__(self) -> str:
        if self.in_days:
            days = self.minutes // (24 * 60)
            return f"{days} day" if abs(days) == 1 else f"{days} days"
        return f"{self.minutes // 60} h" if self.minutes % 60 == 0 else f"{self.minutes} min"


class Limit(NamedTuple):
    """A number that holds under a condition on the patient's facts."""

    when: Condition
    value: Decimal

    def __str__(self) -> str:
        return f"{plain(self.value)} where {condition_words(self.when)}" if self.when else plain(self.value)


class OrderText(NamedTuple):
    """An order as a rule's own source gives it: "dexamethasone 20 mg IV"."""

    agent: str
    dose: str
    route: str

    def __str__(self) -> str:
        return f"{self.agent} {self.dose} {self.route}"


class DaySpan(NamedTuple):
    """Days from the first to the last, both included, in a protocol's own numbers."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


Selectors = tuple[Selector, ...]
DayNumbers = tuple[int, ...]
Limits = tuple[Limit, ...]
OrderTexts = tuple[OrderText, ...]
Weekdays = tuple[Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"], ...]
WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DoseUnitName = Annotated[str, "a unit that computed doses have"]
"""mg, mcg, units ...: grams are computed in mg, so no dose is ever in g, and a limit in it would never be compared."""
DoseUnitNames = Annotated[tuple[str, ...], "units that computed doses have"]
Dates = tuple[date, ...]
Factors = tuple[tuple[str, Decimal], ...]
"""Pairs of an agent and the number its doses are multiplied by, from a table."""
Numbers = tuple[tuple[str, int], ...]
"""Pairs of a name and a whole number, from a table."""


def subjects_of(limits: Limits) -> tuple[str, ...]:
    """The facts that tell which of these numbers holds."""
    return tuple(dict.fromkeys(clause.subject for limit in limits for clause in limit.when.clauses))


def parse_selector(text: str) -> Selector:
    """Read one selector; ValueError says what is allowed."""
    positive = text.removeprefix("not ")
    bound = _BOUND.search(positive)
    bare = positive[: bound.start()] if bound and positive == text else positive
    who, _, last = bare.rpartition(" ")
    routes = tuple(last.split("|")) if who and set(last.split("|")) <= set(ROUTES) else ()
    found = _WHO.fullmatch(who if routes else bare)
    if not found:
        raise ValueError(
            f'cannot read "{text}"; write the id of an agent, "class:azole", "role:intrathecal", "any", '
            '"assessment:marrow" or "procedure:leukapheresis", '
            f'with routes ({", ".join(ROUTES)}) behind it as in "methotrexate IV|SC", '
            'a bound such as "from 500 mg/m2" or "from 500 mg/m2 a day", and "not " before it as needed'
        )
    by = "role" if found["role"] else found["by"] or "agent"
    name = found["role"] or found["name"]
    if by == "role" and name not in ROLES:
        raise ValueError(f'"{text}": there is no role "{name}"; roles are {", ".join(ROLES)}')
    by = "any" if (by, name) == ("agent", "any") else by
    if bound and bound[2] and by != "agent":
        raise ValueError(f'"{text}": only the doses of one agent are added up: write its id before "from ... a day"')
    return Selector(by, name, routes, positive != text, int(bound[1]) if bound else 0, a_day=bool(bound and bound[2]))


def parse_order(text: str) -> OrderText:
    """Read "dexamethasone 20 mg IV"; ValueError says what is allowed."""
    agent, _, rest = text.partition(" ")
    dose, _, route = rest.rpartition(" ")
    if route not in ROUTES or not dose:
        raise ValueError(f'cannot read "{text}"; write agent, dose and route: "dexamethasone 20 mg IV"')
    parse_dose(dose)
    return OrderText(agent, dose, route)


def parse_duration(text: str) -> Duration:
    """Read "42 days", "24 h", "-1 h" or "30 min"; ValueError says what is allowed."""
    found = _DURATION.fullmatch(text)
    if not found:
        raise ValueError(f'cannot read "{text}"; write for example "42 days", "24 h" or "-1 h"')
    return Duration(int(found[1]) * _MINUTES[found[2]], found[2].startswith("day"))


def parse_day_span(text: str) -> DaySpan:
    """Read "0 to 4" or "-7 to -1"; ValueError says what is allowed."""
    found = _DAY_SPAN.fullmatch(text)
    if not found or int(found[1]) > int(found[2]):
        raise ValueError(f'cannot read "{text}"; write the first and the last day: "0 to 4"')
    return DaySpan(int(found[1]), int(found[2]))


def parse_limits(value: object) -> Limits:
    """Read a number, or tables of a condition and its number, tried from the top; else ValueError or TypeError."""
    rows = value if isinstance(value, list | tuple) else [{"value": value}]
    limits = tuple(_parse_limit(row) for row in rows)
    if not limits:
        raise ValueError("needs at least one number")
    return limits


def _parse_limit(row: object) -> Limit:
    if not isinstance(row, Mapping) or not {"value"} <= set(row) <= {"when", "value"}:
        raise ValueError('write a number, or tables such as { when = "age > 21", value = 2000 }')
    when = row.get("when", "")
    if not isinstance(when, str):
        raise TypeError("a condition is a text")
    return Limit(parse_condition(when) if when else ALWAYS, parse_decimal(row["value"]))


def parse_decimal(value: object) -> Decimal:
    """A number from 0 on; ValueError otherwise, TypeError for a text or a binary float (read those as Decimal)."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError(f'"{value}" is not a number')
    number = Decimal(value)
    if not number.is_finite() or number < 0:
        raise ValueError(f"{value} must be a number from 0 on")
    return number


def texts_of(parameters: Mapping[str, object], name: str) -> tuple[str, ...]:
    """The words of a parameter that holds one or several; none where it holds anything else."""
    value = parameters.get(name)
    several = value if isinstance(value, tuple) else (value,)
    return tuple(one for one in several if isinstance(one, str))
