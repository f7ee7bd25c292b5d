"""Where what goes on behind its drawn days is drawn again: the second opinion. It shares no code with the planner."""

from datetime import date, datetime, timedelta

from tests.assembly.second_opinion import Row
from tests.assembly.second_reading import first_if_begins, keeps, listed, walk


def drawn_behind(opinion, rows: list[Row], order: dict, place: tuple[str, int, date]) -> list[Row]:
    """What goes on behind its drawn days until somebody says when it ends, on the days on which it is changed there.

    On the first day of a change of that very order in its cycle, and on the day on which a hold of it is over, as on
    the last drawn day; within the cycle as long as that is now. Their clocks go behind those of the opinion.
    """
    if "until" not in order or ":end" in order["days"] or not rows:
        return []
    block, cycle, first = place
    number, last = opinion.phase.get("first_day", 1), max(row[0] for row in rows)
    days: set[date] = set()
    for one in opinion.changes:
        if one["kind"] in ("hold", "reduce", "replace") and (one["block"], one["order"]) == (block, order["id"]):
            if one["cycle"] == cycle:
                days.add(walk(first, number, one["day"]))
            if "until" in one and (one["cycle"] == cycle or (one["cycle"] < cycle and one["scope"] != "day")):
                days.add(date.fromisoformat(one["until"]))
    again = [(row, clock) for row, clock in zip(rows, opinion.clock, strict=True) if row[0] == last]
    found: list[Row] = []
    for day in sorted(one for one in days if last < one.isoformat() and one < opinion.ends[1]):
        own = opinion.step(number, (day - first).days, number)
        found += [(day.isoformat(), *row[1:3], own, *row[4:]) for row, _ in again]
        opinion.clock += [datetime.combine(day, clock.time()) if clock else None for _, clock in again]
    return found


def before_it(opinion, one: dict, block: str, cycle: int, order: dict) -> bool:
    """Whether a pause begins on the first day of an order that stays once it has begun, or before: it waits too."""
    first = first_if_begins(order)
    if first is None:
        return False
    if one["block"] != block:
        return opinion.since(one) <= walk(opinion.began[block, cycle], opinion.phase.get("first_day", 1), first)
    return bool(one["kind"] == "skip" or one["cycle"] < cycle or one["day"] <= first)


def defers(opinion, block: str, cycle: int) -> list[dict]:
    """The deferrals that move something of a cycle: its own, and those of one order from an earlier cycle on."""
    earlier = [
        {**one, "day": -1000}
        for one in opinion.changes
        if one["kind"] == "defer" and one["block"] == block and one["cycle"] < cycle
        if one["order"] and one["scope"] == "following"
    ]
    return [*opinion.here("defer", block, cycle), *earlier]


def whole_defers(opinion, block: str, cycle: int) -> list[dict]:
    """The deferrals of a cycle that are not of one order alone."""
    return [one for one in opinion.here("defer", block, cycle) if not one["order"]]


def moved_with_all(phase: str, earlier: list[str], deferrals: list[dict]) -> int:
    """Days by which deferrals of everything, made since its date was said, move a block that does not begin before."""
    here = [one for one in deferrals if one["scope"] == "all" and one["block"] in earlier]
    return sum(one["days"] for one in here if phase not in one.get("before", []))


def begun_before(opinion, change: dict) -> list[str]:
    """The blocks that begin before the day from which on a change reaches, as the course stands."""
    opinion.told()
    block, cycle = change["block"], change["cycle"]
    first = walk(opinion.began[block, cycle], opinion.phases[block].get("first_day", 1), change["day"])
    day = first + timedelta(opinion.slip(block, cycle, change["day"], True))
    firsts: dict[str, int] = {}
    for name, number in opinion.began:  # in the order of a block's cycles
        firsts.setdefault(name, number)
    return sorted(
        name
        for name, number in firsts.items()
        if opinion.treated_from(opinion.phases[name], name, number, opinion.began[name, number]) < day
    )


def off_barred_days(opinion, rows: list[Row], slips: list[int], order: dict, first: date) -> list[int]:
    """The same days, but that no moved dose falls on a weekday its order excludes while another day is free."""
    if "not_on" not in order or keeps(order):
        return slips
    barred = [part.strip() for part in order["not_on"].split(",")]
    number = opinion.phase.get("first_day", 1)
    numbers, runs_on = listed(order["days"])
    days = [date.fromisoformat(row[0]) + timedelta(slip) for row, slip in zip(rows, slips, strict=True)]
    taken, done, found = set(days), {}, []
    for row, day, slip in zip(rows, days, slips, strict=True):
        own = row[3]
        if slip and (own, day) not in done:
            done[own, day] = day
            homes = [one for one in numbers if own in opinion.instead(order, one, number)]
            home = own if own in numbers or (runs_on and own > numbers[-1]) or not homes else homes[0]
            for other in [home, *opinion.instead(order, home, number)] if day.strftime("%a") in barred else []:
                there = walk(first, number, other) + timedelta(slip)
                bad = there in taken or there >= opinion.ends[1] or there.strftime("%a") in barred
                if other != own and not bad:
                    done[own, day] = there
                    break
            taken.add(done[own, day])
        found.append((done.get((own, day), day) - day).days + slip if slip else 0)
    return found
