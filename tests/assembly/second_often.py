"""How often what stands in for a drug is given, and when a dose really was, by the second opinion.

It shares no code with the planner.
"""

import re
from datetime import date, datetime, timedelta

from tests.assembly.second_opinion import TIMES_A_DAY, Row

Clocks = list[datetime | None]


def usual(order: dict) -> int:
    """The doses a day of an order, by its clock times, the hours between them or its frequency."""
    if "at" in order:
        return len(order["at"].split(","))
    frequency = order.get("frequency", "once daily")
    run = re.fullmatch(r"every (\d+) h x \d+", frequency)
    return 24 // int(run[1]) if run else TIMES_A_DAY.index(frequency) + 1


def counts(changes: list[dict], number: int, order: dict, block: str) -> bool:
    """Whether a change of a drug or dose, or its end, counts for an order: one that was added later stands as it was
    ordered, and a change of one order alone is none of another's. What closes up takes all along.
    """
    if changes[number].get("alone") and changes[number]["order"] != order["id"]:
        return False
    if changes[number]["kind"] == "stop" and changes[number]["closes"]:
        return True
    added = (n for n, one in enumerate(changes) if one["kind"] == "add" and one["order"] == order["id"])
    return number > next((n for n in added if changes[n]["block"] == block), -1)


def swap_of(opinion, row: Row, slip: int, order: dict) -> dict | None:
    """The last change that puts another drug in the place of that dose."""
    moved = date.fromisoformat(row[0]) + timedelta(slip)
    found = [
        one
        for number, one in enumerate(opinion.changes)
        if one["kind"] == "replace"
        and counts(opinion.changes, number, order, row[1])
        and opinion.reaches(one, *row[1:4], order, moved)
    ]
    return found[-1] if found else None


def as_often(opinion, order: dict, rows: list[Row], slips: list[int]) -> tuple[list[Row], list[int], Clocks]:
    """An order's rows, with as many on each day as the change says that reaches them; their slips and clocks beside.

    One dose keeps the hour of the first, several have none.
    """
    clock = opinion.clock
    if not any(one.get("times") for one in opinion.changes):
        return rows, slips, clock
    found: list[tuple[Row, int, datetime | None]] = []
    done: set[tuple[int, int]] = set()
    for at in sorted(range(len(rows)), key=lambda one: (rows[one][0], clock[one] or datetime.min)):
        swap = swap_of(opinion, rows[at], slips[at], order) or {}
        times, group = swap.get("times", 0), (rows[at][3], id(swap))
        if not times or times == usual(order):
            found.append((rows[at], slips[at], clock[at]))
        elif group not in done:
            done.add(group)
            found += [(rows[at], slips[at], clock[at] if times == 1 else None)] * times
    return [one[0] for one in found], [one[1] for one in found], [one[2] for one in found]


def really(opinion, order: dict, rows: list[Row], slips: list[int]) -> list[int]:
    """Days between the protocol's day of each dose and that on which it was given, or is planned now."""
    found = []
    for row, slip, number in zip(rows, slips, opinion.numbers(rows), strict=True):
        record = None if number else opinion.record(row, order, slip)
        given = record and not record.get("missed")
        found.append((date.fromisoformat(record["on"]) - date.fromisoformat(row[0])).days if given else slip)
    return found


def whole_days(rows: list[Row], slips: list[int], went: list[int]) -> list[tuple[str, int]]:
    """Each day, and by how many days it moves: as it was put off, and with all doses of it given on another day."""
    found = []
    for day in dict.fromkeys(row[0] for row in rows):
        here = [number for number, row in enumerate(rows) if row[0] == day]
        off = ([slips[number] for number in here if slips[number]] or [0])[-1]
        late = [went[number] - off for number in here if slips[number] == off]
        found.append((day, off + min(late, key=abs)))
    return found
