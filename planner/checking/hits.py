"""What a kind of rule hands back: one thing it found, with the doses, the values used and the sum done."""

import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple, Self

from planner.model.civil import clinical_date, clock, weekday_date
from planner.model.cycle_content import State
from planner.model.rule_values import Selector
from planner.model.schedule import Event

FAILED = "failed"
"""The key of what a rule that raised leaves behind."""
_OPEN, _CLOSE = "\ue000", "\ue001"
"""Around a day in a text: two characters of those that stand for nothing in any writing."""
_DAY = re.compile(f"{_OPEN}(w?)([0-9]{{1,7}}){_CLOSE}")
Spot = tuple[int, int, str]
"""Day, minute and order of a dose."""
FEW_DAYS = 4
"""Days that are named one by one."""
FIGURES = 4
MOST_PLACES = 12


class Hit(NamedTuple):
    """One thing found. Hits with one `key` are one series and become one finding with a count.

    `missing` names what the check lacks; the finding is then cannot_check. An empty `key` means agent and block of the
    first event; empty `days` the days of the events; an empty `severity` that of the rule.
    """

    message: str
    events: tuple[Event, ...] = ()
    inputs: tuple[tuple[str, str], ...] = ()
    arithmetic: str = ""
    missing: tuple[str, ...] = ()
    severity: str = ""
    key: str = ""
    days: tuple[int, ...] = ()
    times: int = 1

    @property
    def of(self) -> Self:
        """Itself: it stands where it was found. For a hit that moved (`moved`), the hit that it was."""
        return self

    @property
    def by(self) -> int:
        """Days that its dates are to be counted on: none."""
        return 0

    @property
    def spots(self) -> Sequence[Spot]:
        """Its doses, each by day, minute and order."""
        return [(event[0], event[1], event.placed.id) for event in self.events]

    def full(self) -> Self:
        """Itself, with its doses."""
        return self


def on_day(day: int) -> str:
    """A day of the plan in the texts of a hit. It stays a number there, so that the hit can move; `worded` says it.

    Days that stand by themselves, as those of results and of other medicines, are written with `clinical_date`.
    """
    return f"{_OPEN}{day}{_CLOSE}"


def on_weekday(day: int) -> str:
    """The same with its day of the week."""
    return f"{_OPEN}w{day}{_CLOSE}"


def names_day(text: str) -> bool:
    """Whether a text of a hit names a day of the plan."""
    return _OPEN in text


def worded(text: str, by: int = 0) -> str:
    """A text of a hit with its days as dates (08-Jan-2026), so many days on."""
    if _OPEN not in text:
        return text
    return _DAY.sub(lambda found: (weekday_date if found[1] else clinical_date)(int(found[2]) + by), text)


def some_days(days: Sequence[int]) -> str:
    """Days of the plan in order; of many the first ones, the last and how many there are."""
    if len(days) <= FEW_DAYS:
        return ", ".join(map(on_day, days))
    return f"{', '.join(map(on_day, days[: FEW_DAYS - 1]))}, ... {on_day(days[-1])} ({len(days)} days in all)"


def moment(event: Event) -> str:
    """Date and, where there is one, clock time: 08-Jan-2026 09:00."""
    return f"{on_day(event.day)} {clock(event.minute)}".rstrip()


def named(event: Event) -> str:
    """Agent, cycle, day and date, and that it is provisional where it is: Vincristine C1 D8 (08-Jan-2026)."""
    provisional = ", provisional" if event.state is State.PROVISIONAL else ""
    return f"{event.label} ({moment(event)}{provisional})"


def beside(amount: Decimal, limit: Decimal) -> Decimal:
    """A computed amount as it is shown beside its limit: four figures, more only where it would read as the limit."""
    for figures in range(FIGURES, amount.adjusted() + MOST_PLACES):
        shown = amount.quantize(Decimal(1).scaleb(min(amount.adjusted() - figures + 1, 0)), rounding=ROUND_HALF_UP)
        if (shown > limit) == (amount > limit) and (shown < limit) == (amount < limit):
            return shown
    return amount


_CAPITALS = frozenset({"tki", "hbv", "pjp", "h1", "h2", "ppi", "nsaid", "cd19", "cd20", "cd22", "ecg", "mrd", "hiv"})


def spoken(selectors: Iterable[Selector]) -> str:
    """Selectors as words: "class:h2-blocker" is H2 blocker, "any IT" an intrathecal dose; negated ones are left out."""
    return " or ".join(dict.fromkeys(_word(one) for one in selectors if not one.negated))


_EXAMINED = {
    "counts": "blood counts",
    "irradiated": "irradiated blood products",
    "level": "drug level",
    "liver": "liver tests",
    "marrow": "marrow examination",
    "methotrexate": "methotrexate level",
}
"""Examinations whose short name is another thing in a sentence: "no liver" is no finding about tests."""
_SAID = {
    "eye-steroid": "steroid eye drops",
    "mtor-inhibitor": "mTOR inhibitor",
    "trimethoprim-sulfamethoxazole": "trimethoprim-sulfamethoxazole",
}
"""Drugs and classes that are not said by the words of their id."""


def _word(one: Selector) -> str:
    if one.by in ("assessment", "procedure") and one.name in _EXAMINED:
        return _EXAMINED[one.name]
    if one.by == "any" or one.name == "intrathecal":
        return "intrathecal dose" if one.routes in ((), ("IT",)) else f"dose {'/'.join(one.routes)}"
    name = _SAID.get(one.name) or " ".join(word.upper() if word in _CAPITALS else word for word in one.name.split("-"))
    if not one.from_per_m2:
        return name
    return f"{name} from {one.from_per_m2:,} mg/m2{' a day' if one.a_day else ''}"


def plural(count: int, word: str) -> str:
    """1 day, 2 days."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
