"""A rescue given otherwise from an hour on, by the second opinion. It shares no code with the planner.

A raised rescue is told as an added order with the order it is timed by, the minutes behind that and the hours between
its doses. It takes the place of what is drawn of its drug from its first dose to the next dose of what it rescues from.
"""

from datetime import date, datetime, time, timedelta

from tests.assembly.second_opinion import Row
from tests.assembly.second_reading import walk

Moments = list[tuple[datetime, int, int, bool]]


def leaders(opinion, order: dict, orders: dict[str, dict]) -> set[str]:
    """What an order hangs on by its hours or its days, through as many others as it takes, but for rescues."""
    found: set[str] = set()
    asked = [order]
    while asked:
        one = asked.pop()
        names = {name for name in one.get("goes_with", "").split(", ") if name}
        names |= {opinion.hangs(one)[0]} if "timing" in one else {one["lead"]} if "lead" in one else set()
        asked += [orders[name] for name in names - found if name in orders]
        found |= names
    return {name for name in found if orders.get(name, {}).get("role") != "rescue"}


def orders_of(opinion) -> dict[str, dict]:
    """The orders of the phase at hand, by their ids."""
    return {one["id"]: one for one in opinion.phase.get("orders", [])}


def rescues(opinion, lead: str) -> list[dict]:
    """The rescues that hang on the order, or on none: the protocol's, then those raised before.

    One that this patient has no dose of in this cycle is none of them.
    """
    known = orders_of(opinion)
    drawn = [one for one in known.values() if opinion.went.get(one["id"])]
    here = [one for one in (*drawn, *opinion.raised.values()) if one["role"] == "rescue"]
    return [one for one in here if lead in (names := leaders(opinion, one, known)) or not names]


def moments(opinion, change: dict, first: date) -> Moments:
    """The doses of a raised rescue, as planned: from its first hour on to the end of its last day."""
    number = opinion.phase.get("first_day", 1)
    wanted, last = (walk(first, number, change["days"][place]) for place in (0, -1))
    begins = [at + timedelta(minutes=change["minutes"]) for at in sorted(opinion.times.get(change["lead"], []))]
    at = min(begins, key=lambda one: abs((one.date() - wanted).days), default=None)
    at = at or datetime.combine(wanted, opinion.day_starts)
    last += at.date() - wanted  # as long as it was, wherever it begins
    found: Moments = []
    while at.date() <= last:
        own = opinion.step(number, (at.date() - first).days, number)
        found.append((at, own, 1, True))
        at += timedelta(hours=change["every"])
    return found


def raised_order(opinion, change: dict, order: dict, first: date) -> dict:
    """The order that a raised rescue is, with the end and the company of the rescue in whose place it comes."""
    known = orders_of(opinion)
    order |= {"moments": moments(opinion, change, first), "lead": change["lead"], "every": change["every"]}
    alike = [one for one in rescues(opinion, change["lead"]) if one["agent"] == order["agent"]]
    stands_for = next((one for one in alike if "until" in one), None)
    if stands_for is None:
        order["timing"] = f"{change['minutes']} min after start of {change['lead']}"
    else:
        order["until"] = stands_for["until"]
        order["goes_with"] = ", ".join(sorted(leaders(opinion, stands_for, known)))
    opinion.raised[order["id"]] = order
    return order


def drawn_up_to(opinion, rows: list[Row], order: dict, place: tuple[str, int, date]) -> list[Row]:
    """What goes on unsaid, drawn again on the day on which another rescue comes in its place, up to that hour."""
    block, cycle, first = place
    if "until" not in order or ":end" in order["days"] or not rows or order.get("role") != "rescue":
        return []
    own = leaders(opinion, order, orders_of(opinion))
    later = False
    found: list[Row] = []
    done: set[datetime | None] = set()
    for change in opinion.here("add", block, cycle):
        later = later or "lead" not in order or change["order"] == order["id"]
        if "lead" not in change or change["order"] == order["id"] or not later:
            continue
        if change["agent"] != order["agent"] or (own and change["lead"] not in own):
            continue
        begins = moments(opinion, change, first)[0][0]
        ends = min((at for at in opinion.times.get(change["lead"], []) if at > begins), default=None)
        if ends not in done:
            found += _drawn_on(opinion, [*rows, *found], order, (begins, ends), first)
            done.add(ends)
    return found


def _drawn_on(opinion, rows: list[Row], order: dict, reach: tuple, first: date) -> list[Row]:
    begins, ends = reach
    clocks = opinion.clock[: len(rows)]
    timed = [(row, at, at or datetime.fromisoformat(row[0])) for row, at in zip(rows, clocks, strict=True)]
    before = [one for one in timed if ends is None or one[2] < ends]
    if not before:
        return []
    last, number = max(one[0][0] for one in before), opinion.phase.get("first_day", 1)
    again = [one for one in before if one[0][0] == last]
    again.sort(key=lambda one: (one[2], one[1] is not None))  # as on its last day, without a clock time first
    hours: list[time | None] = [at.time() if at else None for _, at, _ in again]
    if (between := _between(order)) and hours[0]:
        minute = hours[0].hour * 60 + hours[0].minute
        every = sorted((minute + 60 * step) % (24 * 60) for step in range(0, 24, between))
        hours = [time(*divmod(one, 60)) for one in every]
    day = begins.date()
    if not date.fromisoformat(last) < day < opinion.ends[1]:
        return []
    own = opinion.step(number, (day - first).days, number)
    found = []
    for hour in hours:
        if datetime.combine(day, hour or time()) < begins:
            found.append((day.isoformat(), *again[0][0][1:3], own, *again[0][0][4:]))
            opinion.clock.append(datetime.combine(day, hour) if hour else None)
    return found


def _between(order: dict) -> int:
    if "every" in order:
        return int(order["every"])
    words = order.get("frequency", "").split()
    return int(words[1]) if words[:1] == ["every"] else 0


def in_its_place(opinion) -> None:
    """Stop what is drawn of the drug from the first dose of a raised rescue to the next of what it rescues from."""
    for name, new in opinion.raised.items():
        begins = min(_at(opinion, opinion.made.get(name, [])), default=None)
        if begins is None:
            continue
        led = _at(opinion, opinion.made.get(new["lead"], []))
        ends = min((at for at in led if at > begins), default=None)
        for old in _before(opinion, name, new):
            for place in opinion.made.get(old, []):
                if opinion.pairs[place][0][4] == new["agent"]:  # a dose replaced by another drug is no rescue of it
                    _replace(opinion, place, begins, ends)


def _before(opinion, name: str, new: dict) -> list[str]:
    """The ids of the rescues in whose place it comes: the protocol's and those raised before it."""
    raised = [*opinion.raised]
    found = [one["id"] for one in rescues(opinion, new["lead"])]
    return [one for one in found if one not in raised or raised.index(one) < raised.index(name)]


def _at(opinion, places: list[int]) -> list[datetime]:
    starts = []
    for place in places:
        hour = opinion.hours[place] or opinion.day_starts
        starts.append(datetime.combine(date.fromisoformat(opinion.pairs[place][0][0]), hour))
    return sorted(starts)


def _replace(opinion, place: int, begins: datetime, ends: datetime | None) -> None:
    row, told = opinion.pairs[place]
    state, rest = told.split(" ", 1)
    hour = opinion.hours[place]
    at = datetime.combine(date.fromisoformat(row[0]), hour or time())
    if state not in ("", "held", "stopped") or rest.startswith("given") or (ends and at >= ends) or at < begins:
        return
    opinion.pairs[place] = row, f"stopped {rest}"
