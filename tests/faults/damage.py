"""Flipped bits and cut files: never shown as good, never a crash. On an encrypted store and on a plain one."""

import random
from contextlib import closing, suppress

from planner.errors import KnownError
from planner.storage.key_file import PLAIN_KEY, new_key
from planner.storage.repository import Repository
from tests.storage.plans import AT, later, small_plan

NAMES = {f"plan-{number}": f"Name {number}" for number in range(6)}


def break_stores(folder, flips, cuts, seed=1):
    """So many flipped bits and cut files, half of each on either kind of store; the figures."""
    chance = random.Random(seed)
    found = {"flips": flips, "cuts": cuts, "silent changes": 0, "crashes": 0, "noticed": 0, "harmless": 0}
    for name, key in (("sealed", new_key(bytes)), ("plain", PLAIN_KEY)):
        path = folder / name / "plans.db"
        good = _filled(path, key)
        raw, bad = path.read_bytes(), folder / f"{name}-bad.db"
        for _ in range(flips // 2):
            broken = bytearray(raw)
            broken[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
            _judge(bad, bytes(broken), key, good, found)
        for _ in range(cuts // 2):
            _judge(bad, raw[: chance.randrange(len(raw))], key, good, found)
    return found


def _filled(path, key):
    with closing(Repository(path, key)) as store:
        for plan_id, given in NAMES.items():
            for days in range(1, 5):
                store.append(later(small_plan(plan_id, given), days), "Edit", "Ph. One", AT)
        return {
            (plan_id, days): later(small_plan(plan_id, given), days)
            for plan_id, given in NAMES.items()
            for days in range(1, 5)
        }


def _judge(path, content, key, good, found):
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.write_bytes(content)
    refused = 0
    try:
        try:
            store = Repository(path, key)
        except KnownError:
            found["noticed"] += 1
            return
        with closing(store):
            refused += _look(store, good, found)
            with suppress(KnownError):
                refused += bool(store.verify())
            _use(store)
        found["noticed" if refused else "harmless"] += 1
    except Exception as error:
        found["crashes"] += 1
        found.setdefault("first crash", f"{type(error).__name__}: {error}")


def _look(store, good, found):
    """Everything a person could see; what is shown must be what was saved."""
    refused, silent = 0, False
    try:
        lines = store.summaries()
        silent |= any(line.given_name != NAMES.get(line.plan_id) for line in lines if not line.damaged)
        silent |= len(lines) < len(NAMES) and not store.verify()
        refused += any(line.damaged for line in lines)
    except KnownError:
        refused += 1
    for (plan_id, counter), saved in good.items():
        for asked in {counter, None if counter == 4 else counter}:
            try:
                silent |= store.load(plan_id, asked)[0] != saved
            except KnownError:
                refused += 1
    found["silent changes"] += silent
    return refused


def _use(store):
    """All else that is done with a store; a damaged one may refuse, in a sentence."""
    for act in (
        lambda: store.summaries("name exam"),
        lambda: store.history("plan-2"),
        store.trail,
        lambda: store.append(small_plan("plan-2"), "Edit", "Ph. One", AT),
        lambda: store.append(small_plan("plan-new"), "New plan", "Ph. One", AT),
        lambda: store.void(["plan-3"], "gone", "Ph. One", AT),
        lambda: store.record("print", "sheet", "Ph. One", AT, "plan-1", 4),
    ):
        with suppress(KnownError):
            act()
