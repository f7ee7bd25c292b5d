"""A second way to compute dates and doses, written from the format's description alone.

It shares no code with the planner: it reads the TOML by itself, walks the calendar day by day, evaluates conditions
with its own reader and computes doses in fractions. Slow and plain on purpose; the tests hold the planner against it.
"""

import re
import tomllib
from collections.abc import Container
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from tests.assembly.second_doses import SecondDoses
from tests.assembly.second_person import Person
from tests.assembly.second_reading import (
    cycles_of,
    hung_last,
    lasting,
    listed,
    months_for_years,
    shifted,
    true_of,
    walk,
)

TIMES_A_DAY = [f"{often} daily" for often in ("once", "twice", "three times", "four times", "five times", "six times")]

Row = tuple[str, str, int, int, str, str]
"""date, block, cycle, day number, agent, dose (as a plain decimal with unit, or empty)."""


def read(text: str) -> dict:
    """A file's tables, with fractions for its numbers. Nothing changes them, so people can share one reading."""
    return tomllib.loads(text, parse_float=Fraction)


class SecondOpinion:
    """The schedule of one whole protocol placed on a date, with no changes made to it."""

    day_starts = time(9)
    """When the clinic's treatment days start."""

    def __init__(self, text: str | dict, person: Person, start: date, answers: dict[str, str] | None = None) -> None:
        self.raw = text if isinstance(text, dict) else read(text)
        self.late_by: list[int] = []  # days by which each dose of the order at hand is moved, where that matters
        self.person = person
        self.start = start
        answers = answers or {}
        self.known: dict[str, object] = {
            f"variant.{one['id']}": answers.get(f"variant.{one['id']}", one["default"])
            for one in self.raw.get("variants", [])
        }
        self.known |= {
            f"decision.{one['id']}": answers.get(f"decision.{one['id']}", one["expected"])
            for one in self.raw.get("decisions", [])
        }
        for one in self.raw.get("decisions", []):
            if true_of(one.get("when", ""), self.known) is False:
                self.known[f"decision.{one['id']}"] = "pending"
        self.known["age_at_entry"] = person.age(start)
        self.phases = {phase["id"]: phase for phase in self.raw["phases"]}

    def rows(self, round_steps: dict[str, Fraction] | None = None) -> list[Row]:
        """All doses, in no special order. The first round only finds the days on which decisions are due."""
        self.find_due_days()
        return self.one_round(round_steps or {})

    def asked_in_time(self, asked: date, block: str, cycle: int) -> date:
        """The day of a question; nothing ends a cycle here before it."""
        return asked

    def find_due_days(self) -> None:
        """A round for the days on which decisions are due, without any doses."""
        self.due: dict[str, date] = {}
        self.facts_known: dict[tuple, dict[str, object]] = {}
        self.doses = SecondDoses(self.person)
        self.only_due = True
        self.one_round({})
        self.only_due = False

    def one_round(self, round_steps: dict[str, Fraction]) -> list[Row]:
        found: list[Row] = []
        previous_end, first_step = self.start, True
        begins: dict[str, date] = {}
        self.firsts: dict[str, tuple[str, int]] = {}  # the block and cycle a phase really begins with
        ends: dict[str, date] = {}
        names: dict[str, int] = {}
        for step in self.raw.get("course") or list(self.phases):
            name, _, which = step.partition(" ")
            phase = self.phases[name]
            cycles = cycles_of(which) if which else list(range(1, phase.get("cycles", 1) + 1))
            names[name] = names.get(name, 0) + 1
            day = self.begin(phase, previous_end, begins, ends, first_step, names[name] > 1)
            holds = true_of(phase.get("only_if", ""), {**self.person.at(day), **self.known})
            first_step = False
            stop = self.stop(phase, begins, day)
            block = name if names[name] == 1 else f"{name}-{names[name]}"
            self.starts(block, day)
            happened = {cycle: self.happened(block, cycle) for cycle in cycles}
            if (holds is False or (stop and day >= stop)) and not any(happened.values()):
                ends[name] = previous_end = day
                continue
            stop = day if holds is False else stop
            placed_end = day
            for cycle in cycles:
                length = phase.get("cycle_lengths", {}).get(str(cycle), phase["cycle_days"])
                days = self.length(phase, block, cycle, length)
                if not days:
                    continue
                after = day + timedelta(days)
                self.now = (block, cycle, cycles, length)
                if not (stop and day >= stop) or happened[cycle]:  # a phase wholly closed up never begins
                    self.firsts.setdefault(name, (block, cycle))
                    begins.setdefault(name, day)
                if stop and day >= stop:
                    last = happened[cycle]
                    if last:  # what was given has happened, whatever ends or leaves out the block
                        placed_end = min(after, max(day, last) + timedelta(1))
                        found += self.cycle_rows(phase, block, cycle, day, placed_end, True, round_steps)
                    day = after
                    continue
                cut = stop if stop and stop < after else None
                found += self.cycle_rows(phase, block, cycle, day, cut or after, bool(cut), round_steps)
                placed_end, day = cut or after, after  # a later cycle keeps its days, as far as it was given
            ends[name] = previous_end = placed_end
        return found

    def slip(self, block: str, cycle: int, day: int, alone: bool) -> int:
        """Days by which that day of a cycle is moved; none where nobody changes anything."""
        return 0

    def starts(self, block: str, day: date) -> None:
        """Called with the day on which a block starts, or would if it were on the plan."""

    def happened(self, block: str, cycle: int) -> date | None:
        """The last day on which something of a cycle was given; None where nobody records anything."""
        return None

    def length(self, phase: dict, block: str, cycle: int, planned: int) -> int:
        """Days of a cycle that nobody changed; `second_changes` knows better."""
        return planned

    def begin(
        self, phase: dict, previous: date, begins: dict[str, date], ends: dict[str, date], first: bool, again: bool
    ) -> date:
        if first:
            return self.start
        rule = phase.get("start", "")
        gap = 0
        more = re.search(r" \+ (\d+) days?$", rule)
        if more:
            gap, rule = int(more[1]), rule[: more.start()]
        on_day = re.fullmatch(r"(\S+) day (-?\d+)", rule)
        behind = re.fullmatch(r"after (\S+)", rule)
        if again:
            return previous
        if on_day and on_day[1] not in begins and on_day[1] in ends:
            return ends[on_day[1]] + timedelta(gap)
        if on_day and on_day[1] in begins:
            number = self.phases[on_day[1]].get("first_day", 1)
            moved = self.slip(*self.firsts[on_day[1]], int(on_day[2]), True)
            return walk(begins[on_day[1]], number, int(on_day[2])) + timedelta(gap + moved)
        if behind and behind[1] in ends:
            return ends[behind[1]] + timedelta(gap)
        return previous + timedelta(gap)

    def stop(self, phase: dict, begins: dict[str, date], day: date) -> date | None:
        for rule in phase.get("ends", []):
            if not true_of(rule.get("when", ""), {**self.person.at(day), **self.known}):
                continue
            found = re.fullmatch(r"(\d+) months? after (\S+) day (-?\d+)", months_for_years(rule["until"]))
            assert found, rule
            if found[2] not in begins and found[2] != phase["id"]:
                return None
            anchor = walk(begins.get(found[2], day), self.phases[found[2]].get("first_day", 1), int(found[3]))
            if found[2] in begins:
                anchor += timedelta(self.slip(*self.firsts[found[2]], int(found[3]), True))
            year, month = anchor.year, anchor.month
            for _ in range(int(found[1])):
                year, month = (year + 1, 1) if month == 12 else (year, month + 1)
            day_of_month = anchor.day
            while True:
                try:
                    return date(year, month, day_of_month)
                except ValueError:
                    day_of_month -= 1
        return None

    def cycle_rows(
        self, phase: dict, block: str, cycle: int, first: date, end: date, cut: bool, round_steps: dict[str, Fraction]
    ) -> list[Row]:
        found: list[Row] = []
        number = phase.get("first_day", 1)
        cycles, length = self.now[2:]
        behind = [cycle]  # itself and the cycles right behind it that closed up: it asks for them
        for later in cycles[cycles.index(cycle) + 1 :]:
            planned = phase.get("cycle_lengths", {}).get(str(later), phase["cycle_days"])
            if self.length(phase, block, later, planned):
                break
            behind.append(later)
        self.asked_here: set[str] = set()
        for one in self.raw.get("decisions", []):
            if one["phase"] == phase["id"] and one["cycle"] in behind:
                self.asked_here |= {one["id"]} if one["day"] >= number else set()
                day = one["day"] if one["cycle"] == cycle else min(one["day"], number + length - 1)
                asked = walk(first, number, day) + timedelta(self.slip(block, cycle, day, True))
                self.due[one["id"]] = self.asked_in_time(asked, block, cycle)
        if self.only_due:
            return []
        self.measured = self.treated_from(phase, block, cycle, first)
        known = self.known_on(first)
        self.times: dict[str, list[datetime]] = {}
        self.late: dict[str, timedelta] = {}  # how much later than with days that start at nine an order's doses are
        self.lengths = {one["id"]: lasting(one) for one in phase.get("orders", [])}
        for order in hung_last(phase.get("orders", [])):
            if "cycles" in order and cycle not in cycles_of(order["cycles"]):
                continue
            if "days" not in order:
                continue
            self.no_day_zero = number >= 1
            days, on = listed(order["days"])
            dated = [(one, walk(first, number, one)) for one in days]
            while on and dated[-1][1] + timedelta(1) < end:
                following = dated[-1][0] + 1
                if following == 0 and number >= 1:
                    following = 1
                dated.append((following, dated[-1][1] + timedelta(1)))
            if "not_on" in order:
                dated = self.off_days(order, dated, first, number, end)
            found += self.order_rows(order, block, cycle, dated, first, known, round_steps)
        return [row for row in found if not cut or row[0] < end.isoformat()]

    def off_days(self, order: dict, dated: list, first: date, number: int, end: date) -> list:
        """The dated days after moving those on excluded weekdays; none moves out of its cycle."""
        extras, at = {}, {}
        for day, _ in dated:
            extras[day] = self.instead(order, day, number)
            at |= {one: walk(first, number, one) for one in extras[day]}
            before = walk(first, number, day) < first
            extras[day] = [one for one in extras[day] if (at[one] < first) == before and at[one] < end]
        return shifted(order, dated, extras, at)

    def instead(self, order: dict, day: int, number: int) -> list[int]:
        """The days that may stand in for a day: those listed for it, else its window, later days first."""
        for piece in order["days"].split(","):
            one, *others = (part.strip() for part in piece.split(" or "))
            if others and int(one) == day:
                return [int(other) for other in others]
        earlier, later = (int(part) for part in re.findall(r"\d+", order.get("window", "-0/+0")))
        return [self.step(day, more, number) for more in range(1, later + 1)] + [
            self.step(day, -less, number) for less in range(1, earlier + 1)
        ]

    def step(self, day: int, by: int, first_number: int) -> int:
        """The number so many days after (or before) that day; no Day 0 where the phase counts from Day 1."""
        for _ in range(abs(by)):
            day += 1 if by > 0 else -1
            if day == 0 and first_number >= 1:
                day += 1 if by > 0 else -1
        return day

    def treated_from(self, phase: dict, block: str, cycle: int, first: date) -> date:
        """The day on which treatment of a cycle begins: it is dosed by what is known of the person then."""
        return first

    def known_on(self, day: date, too: Container[str] = ()) -> dict[str, object]:
        """What orders may ask in the cycle at hand; decisions due on `day` or later are pending, and those in `too`."""
        ahead = tuple(name for name, due in self.due.items() if due >= day or name in too)
        place = self.measured, ahead
        if place not in self.facts_known:
            pending = {f"decision.{name}": "pending" for name in ahead}
            self.facts_known[place] = {**self.known, **pending, **self.person.at(self.measured)}
        return self.facts_known[place]

    def order_rows(
        self,
        order: dict,
        block: str,
        cycle: int,
        dated: list,
        first: date,
        known: dict,
        round_steps: dict[str, Fraction],
    ) -> list[Row]:
        found: list[Row] = []
        clocks = [part.strip() for part in order["at"].split(",")] if "at" in order else []
        if "weekdays" in order:
            names = [part.strip() for part in order["weekdays"].split(",")]
            dated = [(number, day) for number, day in dated if day.strftime("%a") in names]
        words = {name: times for times, name in enumerate(TIMES_A_DAY, 1)}
        frequency = order.get("frequency", "once daily")
        run = re.fullmatch(r"every (\d+) h x (\d+)", frequency)
        moments: list[tuple[datetime, int, int, bool]] = []
        hung = self.hung_on(order) if "timing" in order else {}
        shift = datetime.combine(self.start, self.day_starts) - datetime.combine(self.start, time(9))
        if "at" not in order:  # what hangs on another order is as late as that one
            self.late[order["id"]] = self.late.get(self.hangs(order)[0], timedelta()) if "timing" in order else shift
        for number, day in dated:
            has_clock = "timing" not in order or day in hung
            begin = hung.get(day, datetime.combine(day, self.day_starts if has_clock else time()))
            if not run:
                hours = [datetime.combine(day, time.fromisoformat(clock)) for clock in clocks]
                hours = hours or [begin] * words[frequency]
                own = self.step(number, (hours[0].date() - day).days, 1 if self.no_day_zero else 0)
                moments += [(at, own, len(hours), has_clock) for at in hours]
                continue
            for dose in range(int(run[2])):
                at = begin + timedelta(hours=dose * int(run[1]))
                later = self.step(number, (at.date() - day).days, 1 if self.no_day_zero else 0)
                moments.append((at, later, 24 // int(run[1]), has_clock))
        moments = order.get("moments", moments)
        given = self.times[order["id"]] = []
        self.clock: list[datetime | None] = []  # beside the rows
        texts: dict[tuple[int, int, int], str | None] = {}  # what the same facts give; they are kept by `facts_known`
        grows = "escalation" in order or "course_cap" in order
        for count, (at, number, doses, has_clock) in enumerate(moments):
            day = at.date()
            falls = day + timedelta(self.late_by[count]) if self.late_by else day
            told = self.known_on(falls) if order.get("changes") == "at once" else known
            key = (id(told), doses, count if grows else 0)
            if key not in texts:
                is_given = true_of(order.get("when", ""), told) is not False
                texts[key] = (
                    self.doses.dose(order, self.measured, told, doses, count, round_steps) if is_given else None
                )
            text = texts[key]
            if text is not None:
                found.append((day.isoformat(), block, cycle, number, order["agent"], text))
                given += [at] if has_clock else []
                self.clock.append(at if has_clock else None)
        return found

    def hung_on(self, order: dict) -> dict[date, datetime]:
        """The moments that the order it hangs on gives to a timed order, by the day the protocol has for it.

        That day is told by treatment days that start at nine. The last of a day counts, of those that it comes before
        the first. On other days nobody knows the clock time, and its doses are counted from midnight.
        """
        other, away = self.hangs(order)
        led = sorted(self.times.get(other, []), reverse=away < timedelta())
        return {(at - self.late.get(other, timedelta()) + away).date(): at + away for at in led}

    def hangs(self, order: dict) -> tuple[str, timedelta]:
        """The order that a timed one hangs on, and how long after its start it comes; negative for before."""
        found = re.fullmatch(r"(\S+) (h|min) (before|after start of|after end of) (\S+)", order["timing"])
        assert found, order["timing"]
        away = timedelta(**{"hours" if found[2] == "h" else "minutes": float(found[1])})
        if found[3] == "before":
            away = -away
        if found[3] == "after end of":
            hours, unit = self.lengths[found[4]].split()
            away += timedelta(**{"hours" if unit == "h" else "minutes": float(hours)})
        return found[4], away
