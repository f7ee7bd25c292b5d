"""Edits to the audit trail behind the program's back: each is detected, and the place is named."""

import random
import re
from contextlib import closing

from planner.storage.acts import check_trail
from planner.storage.database import connect
from planner.storage.repository import Repository
from tests.storage.plans import AT, later, small_plan

COLUMNS = (
    "at",
    "zone",
    "who",
    "kind",
    "plan",
    "counter",
    "before",
    "what",
    "salt",
    "said",
    "checksum",
    "seal",
    "chain",
)


def edit_trails(folder, count, seed=1):
    """So many edits of one kind each, on one trail; detected and located counts."""
    chance = random.Random(seed)
    path = folder / "plans.db"
    with closing(Repository(path)) as store:
        for number in range(60):
            store.append(later(small_plan(f"plan-{number % 7}"), number + 1), f"Edit {number}", f"Ph. {number % 3}", AT)
            if number % 10 == 9:
                store.record("print", "Roadmap", "Ph. One", AT, "plan-1", 1)
    found = {"edits": count, "detected": 0, "located": 0}
    with closing(connect(path, "rw")) as raw:
        raw.execute("DROP TRIGGER act_unchanged")
        raw.execute("DROP TRIGGER act_kept")
        (last,) = raw.execute("SELECT max(number) FROM act").fetchone()
        for _ in range(count):
            raw.execute("BEGIN")
            places = _edit(raw, chance, last)
            problems = check_trail(raw)
            # What was cut off at the end shows in the list of plans or in the head.
            problems += _lost_end(raw, last)
            raw.execute("ROLLBACK")
            named = {int(figure) for line in problems for figure in re.findall(r"lines? (\d+)", line)}
            found["detected"] += bool(problems)
            found["located"] += bool(named & places)
    return found


def _edit(raw, chance, last):
    """One edit; the numbers of the lines at which it may show."""
    number = chance.randint(1, last)
    kind = chance.choice(("change", "change", "change", "remove", "swap", "insert", "blank"))
    if kind == "change":
        column = chance.choice(COLUMNS)
        (old,) = raw.execute(f"SELECT {column} FROM act WHERE number = ?", (number,)).fetchone()
        raw.execute(f"UPDATE act SET {column} = ? WHERE number = ?", (_other(old, chance), number))
    elif kind == "remove":
        raw.execute("DELETE FROM act WHERE number = ?", (number,))
    elif kind == "swap":
        other = number % last + 1
        for old, new in ((number, -1), (other, number), (-1, other)):
            raw.execute("UPDATE act SET number = ? WHERE number = ?", (new, old))
        return {number, other}
    elif kind == "insert":
        raw.execute("UPDATE act SET number = number + 1000 WHERE number > ?", (number,))
        raw.execute("UPDATE act SET number = number - 999 WHERE number > 1000")
        columns = ", ".join((*COLUMNS, "depth", "body"))
        raw.execute(
            f"INSERT INTO act (number, {columns}) SELECT ?, {columns} FROM act WHERE number = ?", (number + 1, number)
        )
        return {number + 1}
    else:
        raw.execute("UPDATE act SET plan = '', what = '' WHERE number = ?", (number,))
    return {number, number + 1}


def _other(value, chance):
    if isinstance(value, int):
        return value + chance.choice((-1, 1, 7))
    if isinstance(value, bytes):
        changed = bytearray(value or b"x")
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        return bytes(changed)
    place = chance.randrange(len(value) + 1)
    return value[:place] + "x" + value[place:]


def _lost_end(raw, last):
    (kept,) = raw.execute("SELECT max(number) FROM act").fetchone()
    (head,) = raw.execute("SELECT last FROM head").fetchone()
    (newest,) = raw.execute("SELECT max(number) FROM plan").fetchone()
    return (f"audit trail: line {last} is missing",) if kept < max(head, newest) else ()
