"""The small languages inside a protocol file: days, cycles, frequency, timing, window, duration, flow, starts, ends.

Each function reads one text and raises ValueError with one sentence that says what is wrong and what would be right.
No function depends on the rest of the file, and each costs a time that its result, not its input, decides.
"""

import re
from decimal import Decimal
from itertools import pairwise

from planner.model.civil import WEEKDAYS
from planner.model.protocol import Days, EndRule, StartRule, TimeAnchor, Window
from planner.model.quantity import Amount, parse_amount
from planner.model.sentence import Sentence

ID = r"[a-z0-9]+(?:-[a-z0-9]+)*"
"""Phases, orders, variants, choices, decisions, agents and protocols: small letters, digits and single hyphens."""

MOST_DAYS = 1000
"""Days of one order in one cycle; more is a slip of the pen."""

_DAY_PART = re.compile(r"(-?\d{1,4})(?::(?:(end)|(-?\d{1,4})(?:/(\d{1,3}))?))?", re.ASCII)
_ONE_DAY = re.compile(r"-?\d{1,4}", re.ASCII)
_APART = re.compile(rf"(\d{{1,3}}) days? from ({ID})", re.ASCII)
_CYCLE_PART = re.compile(r"(\d{1,3})(?:-(\d{1,3}))?", re.ASCII)
_EVERY = re.compile(r"every (\d{1,3}) h x (\d{1,3})", re.ASCII)
_TIMING = re.compile(rf"(\d{{1,4}}(?:\.\d+)?) (h|min) (before|after)(?: (start|end) of)? ({ID})", re.ASCII)
_WINDOW = re.compile(r"-(\d{1,3})/\+(\d{1,3})", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_DURATION = re.compile(r"(\d{1,4}(?:\.\d+)?) (h|min)", re.ASCII)
_VOLUME = re.compile(r"(\d{1,5}(?:\.\d{1,2})?) mL", re.ASCII)
_RATE = re.compile(r"(\d{1,4}(?:\.\d{1,2})?) mL/h", re.ASCII)
_AFTER = re.compile(rf"after ({ID})(?: \+ (\d{{1,4}}) days?)?", re.ASCII)
_ON_DAY = re.compile(rf"({ID}) day (-?\d{{1,4}})(?: \+ (\d{{1,4}}) days?)?", re.ASCII)
_UNTIL = re.compile(rf"(\d{{1,3}}) (months?|years?) after ({ID}) day (-?\d{{1,4}})", re.ASCII)
_STEP = re.compile(rf"({ID})(?: (\S.*))?", re.ASCII)
_DOSES_PER_DAY = {
    "once daily": 1,
    "twice daily": 2,
    "three times daily": 3,
    "four times daily": 4,
    "five times daily": 5,
    "six times daily": 6,
}


def parse_days(text: str, first_day: int = 1) -> Days:
    """Read "1, 8, 15:18, 8:78/7, 1:end, -7:-1": single days, ranges, every so many days, daily to the cycle's end.

    "4 or 5 or 6" is a day that may be exchanged for others; it is planned on the first.
    `first_day` is the number of the phase's first day: from 1 on there is no Day 0, and ranges step over it.
    """
    numbers: list[int] = []
    to_end = False
    others: list[tuple[int, tuple[int, ...]]] = []
    for whole in text.split(","):
        part, *exchange = whole.split(" or ")
        if exchange:
            others.append(_exchange(whole, part, exchange, first_day))
        found = _DAY_PART.fullmatch(part.strip())
        if not found:
            raise ValueError(
                Sentence(
                    'cannot read the days "{days}"; write for example "1, 8, 15:18", "8:78/7", "1:end" or "-7:-1"',
                    days=part.strip(),
                )
            )
        if to_end:
            raise ValueError(Sentence('"{days}": nothing can follow a range up to the end', days=text))
        to_end = bool(found[2])
        numbers += _days_of(found, has_zero=first_day < 1)
        if len(numbers) > MOST_DAYS:
            raise ValueError(
                Sentence(
                    '"{days}": an order has at most {most} days; use more cycles, or a range to the end',
                    days=text,
                    most=MOST_DAYS,
                )
            )
    for earlier, later in pairwise(numbers):
        if later <= earlier:
            raise ValueError(
                Sentence(
                    '"{days}": days must rise, but day {later} stands after day {earlier}',
                    days=text,
                    later=later,
                    earlier=earlier,
                )
            )
    return Days(tuple(numbers), to_end, text, tuple(others))


def _exchange(whole: str, part: str, others: list[str], first_day: int) -> tuple[int, tuple[int, ...]]:
    numbers = [int(one) for one in (part.strip(), *map(str.strip, others)) if _ONE_DAY.fullmatch(one)]
    if len(numbers) != 1 + len(others) or numbers != sorted(set(numbers)) or (first_day >= 1 and 0 in numbers):
        raise ValueError(
            Sentence('cannot read the days "{days}"; write for example "4 or 5 or 6", rising', days=whole.strip())
        )
    return numbers[0], tuple(numbers[1:])


def _days_of(found: re.Match[str], has_zero: bool) -> list[int]:
    first = int(found[1])
    last = first if found[3] is None else int(found[3])
    step = int(found[4] or 1)
    if not has_zero and 0 in (first, last):
        raise ValueError(Sentence('"{days}": there is no Day 0 here; the day before Day 1 is Day -1', days=found[0]))
    if last < first or step == 0 or (found[3] is not None and last == first):
        raise ValueError(
            Sentence('"{days}": a range runs from an earlier to a later day, in steps of at least 1', days=found[0])
        )
    if has_zero or first > 0 or last < 0:
        return list(range(first, last + 1, step))
    # One number is missing between -1 and 1: walk the calendar days and leave it out.
    return [day if day < 0 else day + 1 for day in range(first, last, step)]


def parse_cycles(text: str) -> tuple[int, ...]:
    """Read "1", "1, 3" or "2-4": rising cycle numbers from 1."""
    numbers: list[int] = []
    for part in text.split(","):
        found = _CYCLE_PART.fullmatch(part.strip())
        if not found:
            raise ValueError(f'cannot read the cycles "{part.strip()}"; write for example "1", "1, 3" or "2-4"')
        first, last = int(found[1]), int(found[2] or found[1])
        if first < 1 or last < first or (found[2] and last == first) or (numbers and first <= numbers[-1]):
            raise ValueError(f'"{text}": cycles count from 1 and must rise')
        numbers += range(first, last + 1)
    return tuple(numbers)


def parse_frequency(text: str) -> tuple[int, int | None, int]:
    """Read "twice daily" or "every 12 h x 6" as (doses a day, hours between doses or None, doses in the run)."""
    if text in _DOSES_PER_DAY:
        return _DOSES_PER_DAY[text], None, 1
    found = _EVERY.fullmatch(text)
    if not found or int(found[1]) < 1 or int(found[2]) < 2:
        raise ValueError(f'cannot read the frequency "{text}"; write for example "twice daily" or "every 12 h x 6"')
    return 1, int(found[1]), int(found[2])


def parse_clock_times(text: str) -> tuple[int, ...]:
    """Read "08:00, 20:00" as minutes from midnight, rising."""
    minutes = []
    for part in text.split(","):
        found = _CLOCK.fullmatch(part.strip())
        if not found:
            raise ValueError(f'"{part.strip()}" is not a clock time; write for example "08:00, 20:00"')
        minutes.append(int(found[1]) * 60 + int(found[2]))
    if minutes != sorted(set(minutes)):
        raise ValueError(f'"{text}": clock times must rise')
    return tuple(minutes)


def parse_weekdays(text: str) -> tuple[int, ...]:
    """Read "Sat, Sun" as weekday numbers from 0 for Monday, rising."""
    numbers = []
    for part in text.split(","):
        if part.strip() not in WEEKDAYS:
            raise ValueError(f'"{part.strip()}" is not a weekday; write {", ".join(WEEKDAYS)}')
        numbers.append(WEEKDAYS.index(part.strip()))
    if numbers != sorted(set(numbers)):
        raise ValueError(f'"{text}": weekdays must rise from Mon to Sun')
    return tuple(numbers)


def parse_apart(text: str) -> tuple[str, int]:
    """Read "5 days from x": the least number of days between doses of this order and those of x, of the same phase."""
    found = _APART.fullmatch(text)
    if not found or int(found[1]) == 0:
        raise ValueError(f'cannot read "{text}"; write for example "5 days from x" with the id of another order')
    return found[2], int(found[1])


def parse_company(text: str) -> tuple[str, ...]:
    """Read "methotrexate" or "dose-a, dose-b": the ids of orders of the same phase; an empty text names none."""
    names = tuple(part.strip() for part in text.split(",")) if text else ()
    if any(not re.fullmatch(ID, name) for name in names) or len(set(names)) < len(names):
        raise ValueError(f'cannot read "{text}"; write ids of other orders, each once, with commas between them')
    return names


def parse_timing(text: str) -> TimeAnchor:
    """Read "1 h before x", "24 h after start of x" or "12 h after end of x", where x is an order of the same phase."""
    found = _TIMING.fullmatch(text)
    if not found or (found[3] == "after" and not found[4]):
        raise ValueError(
            f'cannot read the timing "{text}"; write for example "1 h before x", "24 h after start of x" '
            'or "30 min after end of x" with the id of another order of this phase'
        )
    minutes = Decimal(found[1]) * (60 if found[2] == "h" else 1)
    if minutes != int(minutes):
        raise ValueError(f'"{text}": times are whole minutes')
    return TimeAnchor(found[5], -int(minutes) if found[3] == "before" else int(minutes), found[4] or "start")


def parse_window(text: str) -> Window:
    """Read "-1/+2": at most so many days earlier and later."""
    found = _WINDOW.fullmatch(text)
    if not found:
        raise ValueError(f'cannot read the window "{text}"; write for example "-1/+2" (days earlier, days later)')
    return Window(int(found[1]), int(found[2]))


def parse_duration(text: str) -> Decimal:
    """Read "15 min" or "24 h" as hours; 20 min is a third of an hour to 28 digits, so round where you show it."""
    found = _DURATION.fullmatch(text)
    if not found or Decimal(found[1]) == 0:
        raise ValueError(f'cannot read the duration "{text}"; write for example "15 min" or "24 h"')
    return Decimal(found[1]) / (1 if found[2] == "h" else 60)


def parse_volume(text: str) -> Decimal:
    """Read "50 mL" as mL: what one dose is given in, ready to give."""
    found = _VOLUME.fullmatch(text)
    if not found or Decimal(found[1]) == 0:
        raise ValueError(f'cannot read the volume "{text}"; write for example "50 mL"')
    return Decimal(found[1])


def parse_concentration(text: str) -> Amount:
    """Read "5 mg/mL" as what is in one mL."""
    amount, _, per = text.rpartition("/")
    try:
        found = parse_amount(amount)
    except ValueError:
        found = None
    if found is None or per != "mL" or found.unit in ("mL", "Gy", "drop") or not found.value:
        raise ValueError(f'cannot read the concentration "{text}"; write for example "5 mg/mL"')
    return found


def parse_rate(text: str) -> Decimal:
    """Read "50 mL/h" as mL/h."""
    found = _RATE.fullmatch(text)
    if not found or Decimal(found[1]) == 0:
        raise ValueError(f'cannot read the rate "{text}"; write for example "50 mL/h"')
    return Decimal(found[1])


def parse_start(text: str, gate: str = "") -> StartRule:
    """Read "protocol start", "after x", "after x + 7 days" or "x day 57", where x is another phase."""
    if text == "protocol start":
        return StartRule(gate=gate)
    if found := _AFTER.fullmatch(text):
        return StartRule(found[1], None, int(found[2] or 0), gate)
    if found := _ON_DAY.fullmatch(text):
        return StartRule(found[1], int(found[2]), int(found[3] or 0), gate)
    raise ValueError(
        f'cannot read the start "{text}"; write "protocol start", "after x", "after x + 7 days" or "x day 57" '
        "with the id of another phase"
    )


def parse_until(text: str) -> EndRule:
    """Read "36 months after x day 1" (or years), where x is another phase."""
    found = _UNTIL.fullmatch(text)
    if not found or int(found[1]) == 0:
        raise ValueError(f'cannot read the end "{text}"; write for example "36 months after x day 1" with a phase id')
    months = int(found[1]) * (12 if found[2].startswith("year") else 1)
    return EndRule(months, found[3], int(found[4]))


def parse_step(text: str) -> tuple[str, tuple[int, ...]]:
    """Read "x" or "x 1-2" of a course as (phase, cycles); no cycles means all that the phase has by default."""
    found = _STEP.fullmatch(text)
    if not found:
        raise ValueError(f'cannot read the step "{text}"; write a phase id, or a phase id and its cycles: "x 1-2"')
    return found[1], parse_cycles(found[2]) if found[2] else ()
