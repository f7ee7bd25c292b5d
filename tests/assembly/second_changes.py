"""The second opinion on changes: what verbs do to dates, states and doses, written from their description alone.

It shares no code with the planner. A change is a plain dictionary: kind, block, cycle, day, order and what it needs.
"""

from datetime import date, datetime, timedelta
from fractions import Fraction

from tests.assembly.second_company import struck_with_its_dose
from tests.assembly.second_doses import drug, smaller
from tests.assembly.second_going import before_it, defers, drawn_behind, moved_with_all, off_barred_days, whole_defers
from tests.assembly.second_knowing import answers_by_then
from tests.assembly.second_often import as_often, counts, really, whole_days
from tests.assembly.second_opinion import Row, SecondOpinion
from tests.assembly.second_person import Person
from tests.assembly.second_reading import along, first_if_begins, keeps, walk, written
from tests.assembly.second_rescue import drawn_up_to, in_its_place, raised_order

REACHES = ("following", "all")
FAR = ("stop", "hold", "reduce", "replace")
"""What may reach every later block."""
State = str
"""Empty for what is to be given, else omitted, stopped or held; then what people did to the dose, and its evidence."""


class ChangedOpinion(SecondOpinion):
    """The schedule of one protocol with changes; `states` stand beside the rows."""

    def __init__(self, text: str, person: Person, start: date, changes: list[dict]) -> None:
        answers = {f"decision.{one['decision']}": one["choice"] for one in changes if one["kind"] == "answer"}
        super().__init__(text, person, start, {asked: choice for asked, choice in answers.items() if choice})
        self.changes = [one for one in changes if one["kind"] != "answer"]
        self.pairs: list[tuple[Row, State]] = []
        self.asked_for: list[str] | None = None  # the ids of the orders that this pass draws; None: all

    def begin(self, phase, previous, begins, ends, first, again):
        """As the protocol says it; a block with a date of its own starts there, later by what moved all before it."""
        day = super().begin(phase, previous, begins, ends, first, again)
        names = list(self.phases)
        earlier = names[: names.index(phase["id"])]
        for number, one in enumerate(self.changes):
            if one["block"] != phase["id"]:
                continue
            if one["kind"] == "start":  # said of the plan as it was then
                later = [other for other in self.changes[number:] if other["kind"] == "defer"]
                slip = moved_with_all(phase["id"], earlier, later)
                day = date.fromisoformat(one["on"]) + timedelta(slip)
            elif one["kind"] == "shift":
                day += timedelta(one["days"])
        return day

    def told(self) -> list[tuple[Row, State]]:
        """Every dose with its state, in no special order."""
        self.began: dict[tuple[str, int], date] = {}
        self.over: dict[str, date] = {}  # the day after a block's last cycle; where it has none, the day it would start
        self.find_due_days()
        self.pairs, self.hours = [], []
        self.one_round({})
        return self.pairs

    def starts(self, block, day):
        self.over[block] = day

    def touches(self, one: dict, block: str, cycle: int) -> bool:
        """Whether a change of the block can reach that cycle."""
        if one["block"] != block or one["cycle"] in (0, cycle):
            return bool(one["block"] == block or (one["kind"] in FAR and one["scope"] == "all"))
        far = one["kind"] != "defer" or one["order"]  # a deferral of one order reaches the later cycles too
        return bool(far and one["cycle"] < cycle and one.get("scope") in REACHES)

    def here(self, kind: str, block: str, cycle: int) -> list[dict]:
        place = (kind, block, cycle)
        return [one for one in self.changes if (one["kind"], one["block"], one["cycle"]) == place]

    def slip(self, block: str, cycle: int, day: int, alone: bool, order: str = "", number: int = -1) -> int:
        """Days by which all deferrals of a day move it; those of one order alone where that is told.

        A dose that was given before the rest of its day moved stays: `number` tells which one of the day it is.
        """
        total = 0
        for one in defers(self, block, cycle):
            if one["order"] and one["order"] != order:
                continue
            if one["day"] == day and [order, number] in one.get("kept", []):
                continue
            if one["scope"] == "day":
                total += one["days"] if alone and one["day"] == day else 0
            elif day >= one["day"]:
                total += one["days"]
        return total

    def asked_in_time(self, asked, block, cycle):
        closed = any(one["closes"] for one in self.here("stop", block, cycle))
        return min(asked, self.ends[1] - timedelta(1)) if closed else asked

    def treated_from(self, phase, block, cycle, first):
        whole = [one for one in whole_defers(self, block, cycle) if one["scope"] != "day" and not one.get("kept")]
        return first + timedelta(sum(one["days"] for one in whole if one["day"] <= phase.get("first_day", 1)))

    def length(self, phase: dict, block: str, cycle: int, planned: int) -> int:
        if any(one["closes"] for one in self.here("skip", block, cycle)):
            return 0
        for one in self.changes:
            closing = one["kind"] == "stop" and one["block"] == block and one["closes"] and one["scope"] in REACHES
            if closing and one["cycle"] < cycle:
                return 0
        days = planned + sum(one["days"] for one in whole_defers(self, block, cycle) if one["scope"] in REACHES)
        days = max(1, days)
        for one in self.here("stop", block, cycle):
            if one["closes"]:
                home = date(2026, 1, 1)
                day = walk(home, phase.get("first_day", 1), one["day"]) - home
                days = min(days, max(0, day.days + self.slip(block, cycle, one["day"], True)))
        return days

    def cycle_rows(self, phase, block, cycle, first, end, cut, round_steps):
        _, _, _, planned = self.now
        self.began[block, cycle] = first
        self.over[block] = end
        planned_end = first + timedelta(planned)
        self.ends = planned_end, first + timedelta(self.length(phase, block, cycle, planned))
        if cut:
            self.ends = planned_end, min(self.ends[1], end)
        self.cut_at = end if cut else None
        self.phase, self.made = phase, {}
        self.raised: dict[str, dict] = {}
        self.led: dict[str, list[tuple[datetime, int]]] = {}
        self.went: dict[str, list[tuple[str, int]]] = {}  # each day of an order, and by how many it moves as a whole
        if not any(self.touches(one, block, cycle) for one in self.changes):
            return super().cycle_rows(phase, block, cycle, first, end, cut, round_steps)
        rows = []
        earlier = any(one["days"] < 0 for one in defers(self, block, cycle))
        # What the phase no longer reaches leads nothing either, unless it comes back within its reach.
        drawn = min(planned_end, end) if cut and not earlier else planned_end
        passes: dict[date, list[str]] = {drawn: []}
        for order in phase.get("orders", []):
            until = max(self.ends) if keeps(order) else drawn
            ends, moved = until, along(order, self.here("defer", block, cycle))
            if first_if_begins(order) is not None:
                grown = sum(one["days"] for one in whole_defers(self, block, cycle) if one["scope"] in REACHES)
                ends = planned_end + timedelta(grown)
            if keeps(order) and cut and "not_on" in order:  # no dose moves off a weekday to a day that is cut
                ends = min(ends, end)
            until = max(ends - timedelta(moved), first + timedelta(1)) if keeps(order) else until
            passes.setdefault(until, []).append(order["id"])
        for until, ids in passes.items():
            self.asked_for = ids
            rows += super().cycle_rows(phase, block, cycle, first, until, False, round_steps)
        self.asked_for = None
        for one in self.changes if not self.only_due else ():
            if one["kind"] in ("add", "examine") and one["block"] == block and one["cycle"] in (0, cycle):
                self.no_day_zero = phase.get("first_day", 1) >= 1
                dated = [(day, walk(first, phase.get("first_day", 1), day)) for day in one["days"]]
                order = {
                    "id": one["order"],
                    "days": "1",
                    **{key: one[key] for key in ("agent", "role", "route", "dose") if key in one},
                }
                if "lead" in one:
                    order, dated = raised_order(self, one, order, first), []
                rows += self.order_rows(order, block, cycle, dated, first, self.person.at(self.measured), round_steps)
        in_its_place(self)
        struck_with_its_dose(self, self.made)
        return rows

    def order_rows(self, order, block, cycle, dated, first, known, round_steps):
        known = self.asked = answers_by_then(self, order, (block, cycle), dated, first, known)
        closing = any(one["closes"] and one["scope"] == "cycle" for one in self.here("stop", block, cycle))
        deferred = [one["days"] for one in whole_defers(self, block, cycle) if one["scope"] in REACHES]
        # What keeps its days ends with the cycle: the next one goes on from there.
        shorter = closing or sum(deferred) < 0
        rows = super().order_rows(order, block, cycle, dated, first, known, round_steps)
        rows += drawn_behind(self, rows, order, (block, cycle, first))
        rows += drawn_up_to(self, rows, order, (block, cycle, first))
        slips = off_barred_days(self, rows, self.slips(rows, order, block, cycle), order, first)
        went = really(self, order, rows, slips)
        self.went[order["id"]] = whole_days(rows, slips, went)
        self.led[order["id"]] = [(at, slip) for at, slip in zip(self.clock, went, strict=True) if at]
        if self.asked_for is not None and order["id"] not in self.asked_for:
            return []
        rows, slips, self.clock = as_often(self, order, rows, slips)
        kept = []
        seen: set[int] = set()
        for row, slip, number, at in zip(rows, slips, self.numbers(rows), self.clock, strict=True):
            if keeps(order) and shorter and date.fromisoformat(row[0]) + timedelta(slip) >= self.ends[1]:
                continue
            record = None if number else self.record(row, order, slip)
            changed = self.one_row(row, order, keeps(order), slip, recorded=bool(record))
            seen.add(row[3])
            if changed and record and record.get("missed"):
                changed = changed[0], f"omitted {changed[1].split(' ', 1)[1]}"
                record = None
            if changed and record:
                label = changed[1].rsplit(" ", 1)[1]
                changed = (record["on"], *changed[0][1:5], record["dose"]), f" given {label}"
            elif changed and self.cut_at and changed[0][0] >= self.cut_at.isoformat():
                changed = None
            if changed:
                kept.append(changed)
                self.hours.append(at.time() if at else None)
        kept += self.unplanned(block, cycle, order, seen)
        self.hours += [None] * (len(self.pairs) + len(kept) - len(self.hours))
        self.made[order["id"]] = [*range(len(self.pairs), len(self.pairs) + len(kept))]
        self.pairs += kept
        return [one[0] for one in kept]

    def unplanned(self, block: str, cycle: int, order: dict, planned: set[int]) -> list[tuple[Row, State]]:
        """What was given on day numbers that nothing plans any more, the last record of each: it has happened."""
        last = {one["day"]: one for one in self.here("give", block, cycle) if one["order"] == order["id"]}
        found: list[tuple[Row, State]] = []
        for day, one in last.items():
            if day not in planned and "evidence" in order and not one.get("missed"):
                due = walk(self.began[block, cycle], self.phase.get("first_day", 1), day)
                row = (one["on"], block, cycle, day, order["agent"], "")
                told = self.one_row(row, order, keeps(order), 0, due)
                agent, label = (told[0][4], told[1].rsplit(" ", 1)[1]) if told else (order["agent"], order["evidence"])
                found.append(((one["on"], block, cycle, day, agent, one["dose"]), f" given {label}"))
        return found

    def happened(self, block: str, cycle: int) -> date | None:
        last = {(one["day"], one["order"]): one for one in self.here("give", block, cycle)}
        given = [date.fromisoformat(one["on"]) for one in last.values() if not one.get("missed")]
        return max(given, default=None)

    def record(self, row: Row, order: dict, slip: int) -> dict | None:
        """What was recorded of the first dose of an order on a day; the last record counts, a missed one on its day."""
        place, moved = (row[3], order["id"]), (date.fromisoformat(row[0]) + timedelta(slip)).isoformat()
        found = [one for one in self.here("give", row[1], row[2]) if (one["day"], one["order"]) == place]
        return None if not found or (found[-1].get("missed") and moved > found[-1]["on"]) else found[-1]

    def numbers(self, rows: list[Row]) -> list[int]:
        """How records count each row among those of its day number, from 0: in time, without a clock time first."""
        timed = sorted(range(len(rows)), key=lambda one: (rows[one][0], self.clock[one] or datetime.min))
        counted: dict[int, int] = {}
        found = [0] * len(rows)
        for one in timed:
            found[one] = counted.get(rows[one][3], 0)
            counted[rows[one][3]] = found[one] + 1
        return found

    def slips(self, rows: list[Row], order: dict, block: str, cycle: int) -> list[int]:
        """Days by which deferrals move each row: by its own day, or with the dose it is timed by."""
        if keeps(order):
            return [along(order, self.here("defer", block, cycle))] * len(rows)
        planned = {row[0] for row in rows}
        found = []
        for row, at, number in zip(rows, self.clock, self.numbers(rows), strict=True):
            near = {(date.fromisoformat(row[0]) + timedelta(step)).isoformat() for step in (-1, 1)}
            slip = self.slip(block, cycle, row[3], not near & planned, order["id"], number)
            mine = [one for one in defers(self, block, cycle) if one["order"] == order["id"]]
            alone = sum(
                one["days"]
                for one in mine
                if (one["day"] == row[3] and not near & planned if one["scope"] == "day" else row[3] >= one["day"])
                and [order["id"], number] not in one.get("kept", [])
            )
            leaders = order.get("goes_with", "").split(", ")
            company = sorted((one for name in leaders for one in self.went.get(name, [])), key=lambda one: one[0])
            if company:
                ahead = [days for day, days in company if day <= row[0]]
                slip = alone + (ahead[-1] if ahead else company[0][1])
            if "timing" in order and at:
                other, away = self.hangs(order)
                led = sorted(self.led.get(other, []), key=lambda one: one[0])  # of equal starts the last stands for all
                later = [days for start, days in led if start + away >= at]
                sooner = [days for start, days in led if start + away <= at]
                if led and away < timedelta():
                    slip = alone + (later[0] if later else led[-1][1])
                elif led:
                    slip = alone + (sooner[-1] if sooner else led[0][1])
            found.append(slip)
        return found

    def far(self, one: dict, moved: date) -> bool:
        """Whether a change that reaches the whole plan, made in another block, reaches what falls on that day."""
        return bool(one["kind"] in FAR and one["scope"] == "all" and moved >= self.since(one))

    def since(self, one: dict) -> date:
        """The day from which a change of the whole plan reaches other blocks."""
        start = self.began.get((one["block"], one["cycle"]))
        if start is None:  # its cycle closed up, or its block is left out: what followed there is reached
            later = [
                day for (block, cycle), day in self.began.items() if block == one["block"] and cycle > one["cycle"]
            ]
            return min(later, default=self.over[one["block"]])
        begun = walk(start, self.phases[one["block"]].get("first_day", 1), one["day"])
        return begun + timedelta(self.slip(one["block"], one["cycle"], one["day"], True))

    def used_up(self, order: dict, day: date) -> bool:
        """Whether a dose that is nothing would be something, had the doses before not used the course's cap up."""
        told = self.known_on(day) if order.get("changes") == "at once" else self.asked
        return "course_cap" in order and self.doses.single(order, self.measured, told, 1, 0, {})[0] is not None

    def protocol_has_one(self, order: dict, day: date) -> bool:
        """Whether the protocol says one dose, if perhaps one that nobody can compute; of a range somebody says it."""
        told = self.known_on(day) if order.get("changes") == "at once" else self.asked
        band = self.doses.band(order, told)
        return band is not None and "-" not in band.get("dose", "-")

    def typed(self, order: dict, dose: str, wanted: str, day: date, agent: str) -> tuple[str, str]:
        """The dose that somebody typed in place of one, where it is less, and how its origin reads; "" leaves it."""
        value, unit = wanted.split()
        least = Fraction(value)
        if "course_cap" in order and agent == order["agent"]:
            most, cap_unit = order["course_cap"].split()
            least = min(least, Fraction(most) * (1000 if cap_unit == "g" else 1))
        if not dose and agent == order["agent"] and self.used_up(order, day):
            return dose, ""
        if dose and dose.split()[1] == unit and least >= Fraction(dose.split(maxsplit=1)[0]):
            return dose, ""
        own = bool(dose) or agent != order["agent"] or self.protocol_has_one(order, day)
        return f"{written(least)} {unit}", "reduced" if own else "typed"

    def one_row(
        self, row: Row, order: dict, stays: bool, slip: int, due: date | None = None, recorded: bool = False
    ) -> tuple[Row, State] | None:
        """A row as the changes leave it; None where it closes up behind a stop and nobody recorded what became of it.

        A dose that was not given is a fact with its reason: a stop made later does not take it out of the course.
        """
        on, block, cycle, day, agent, dose = row
        planned = date.fromisoformat(on)
        moved = due or planned + timedelta(slip)
        states: set[str] = set()
        evidence, origin = order.get("evidence", "local"), "" if "evidence" in order else "typed"
        wanted = None
        for number, one in enumerate(self.changes):
            if one["kind"] in ("replace", "reduce", "stop") and not counts(self.changes, number, order, block):
                continue
            if not self.reaches(one, block, cycle, day, order, moved):
                continue
            if one.get("until") and moved >= date.fromisoformat(one["until"]):
                continue
            pauses = one["kind"] in ("skip", "hold") or (one["kind"] == "stop" and one["scope"] == "cycle")
            if pauses and stays and not one.get("order") and not before_it(self, one, block, cycle, order):
                continue
            if one["kind"] == "stop" and one["closes"]:
                if recorded:
                    continue
                return None
            if one["kind"] in ("omit", "skip", "stop", "hold"):
                held = "omitted" if one.get("until") else "held"
                states.add({"omit": "omitted", "skip": "omitted", "stop": "stopped", "hold": held}[one["kind"]])
            elif one["kind"] == "replace":
                agent, dose, wanted = one["agent"], one["dose"], None
                evidence, origin = "local", "replaced"
            elif one["kind"] == "reduce":
                wanted = one.get("dose") or (None if one["percent"] == 100 else one["percent"])
        if isinstance(wanted, str):
            dose, told = self.typed(order, dose, wanted, planned + timedelta(slip), agent)
            origin = told or origin
        elif wanted is not None:
            origin, dose = "reduced", smaller(dose, wanted) if dose else dose
        state = next((one for one in ("omitted", "stopped", "held") if one in states), "")
        return (moved.isoformat(), block, cycle, day, agent, dose), f"{state} {origin} {evidence}"

    def reaches(self, one: dict, block: str, cycle: int, day: int, order: dict, moved: date) -> bool:
        if one["kind"] in ("defer", "add", "examine", "give", "shift", "start"):
            return False
        if one["block"] != block:
            same = not one.get("order") or self.drug_of(one["block"], one["order"]) == drug(order)
            return same and self.far(one, moved)
        if one["kind"] == "skip":
            return bool(one["cycle"] == cycle)
        wanted = one.get("order", "")
        if one["kind"] == "omit" or one.get("scope") == "day":
            same = wanted in ("", order["id"])
            return bool(same and one["cycle"] == cycle and one["day"] == day)
        if wanted and self.drug_of(block, wanted) != drug(order):
            return False
        if one["cycle"] == cycle:
            return bool(day >= one["day"])
        return bool(one["cycle"] < cycle and one["scope"] in REACHES)

    def drug_of(self, block: str, order_id: str) -> tuple[str, str, str]:
        for phase in self.raw["phases"]:
            if phase["id"] == block:
                for order in phase["orders"]:
                    if order["id"] == order_id:
                        return drug(order)
        added = (one for one in self.changes if one["kind"] == "add" and one["block"] == block)
        return next(drug(one) for one in added if one["order"] == order_id)
