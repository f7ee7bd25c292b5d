"""Wrong passphrases, and kill -9 while the passphrase changes or a plain store is encrypted (promises.md S1b).

No wrong one opens anything or locks anybody out; killed at any moment, one of the two opens the whole store.
"""

import random
import shutil
import string
import time
from contextlib import closing
from datetime import UTC, datetime

from planner.errors import KnownError, WrongPassphrase
from planner.model.store import Protection
from planner.services.store.archive import Archive
from planner.services.store.keeping import encrypt_store
from planner.services.store.protection import STORE_FILE, create, protect, unlock
from planner.storage import key_file
from planner.storage.database import is_plain
from planner.storage.repository import Edit, Repository
from tests.faults.forking import Child
from tests.quick_keys import quick_keys
from tests.storage.plans import AT, later, small_plan

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
OLD, NEW = "correct horse battery", "another staple of mine"
IN_FULL = 50
"""One wrong passphrase in so many, and every change that is killed, costs what it costs a person; the rest is quick."""
PLANS = 20


def try_keys(folder, wrong, kills, seed=1):
    """So many wrong passphrases and killed changes of it; the figures."""
    chance = random.Random(seed)
    return {
        "wrong passphrases": _wrong(folder / "wrong", wrong, chance),
        "changed": _killed(folder / "changed", kills, chance, _changes, Protection.PASSPHRASE),
        "encrypted": _killed(folder / "encrypted", max(2, kills // 2), chance, _encrypts, Protection.PLAIN),
    }


def _wrong(folder, count, chance):
    found = {"tried": count, "opened": 0, "crashes": 0, "lost": 0}
    with quick_keys():
        _filled(folder / "quick", Protection.PASSPHRASE)
    _filled(folder / "full", Protection.PASSPHRASE)
    before = {path: path.read_bytes() for path in folder.rglob("plans.*")}
    for number in range(count):
        place = folder / ("quick" if number % IN_FULL else "full")
        try:
            unlock(place, _near(OLD, chance))
            found["opened"] += 1
        except WrongPassphrase:
            pass
        except Exception:
            found["crashes"] += 1
    found["lost"] += any(path.read_bytes() != content for path, content in before.items())
    for place in (folder / "quick", folder / "full"):
        with closing(Repository(place / STORE_FILE, unlock(place, OLD))) as store:
            found["lost"] += store.count() != PLANS or bool(store.verify())
    return found


def _near(right, chance):
    """A passphrase that is nearly right, or any other."""
    typed = list(right)
    place = chance.randrange(len(typed))
    match chance.randrange(6):
        case 0:
            typed[place] = chance.choice(string.printable[:95])
        case 1:
            del typed[place]
        case 2:
            typed.insert(place, chance.choice(string.printable[:95]))
        case 3:
            typed[place] = typed[place].upper()
        case 4:
            typed = [chr(chance.randrange(32, 0xD000)) for _ in range(chance.randint(1, 40))]
        case _:
            typed += chance.choice((" ", "\u0301", "\x00", "\n"))
    return "".join(typed) if "".join(typed) != right else right + "x"


def _filled(folder, protection):
    key = create(folder, protection, OLD)
    with Archive.open(folder, key) as archive:
        plans = [Edit(later(small_plan(f"plan-{number}"), number + 1), "New plan") for number in range(PLANS)]
        archive.repository.append_all(plans, "w", AT)
    return key


def _changes(place, key):
    protect(place, key, Protection.PASSPHRASE, NEW)


def _encrypts(place, _key):
    encrypt_store(place, Protection.PASSPHRASE, NEW, NOW)


def _killed(folder, count, chance, act, protection):
    found = {
        "kills": count,
        "old": 0,
        "new": 0,
        "locked out": 0,
        "corrupt": 0,
        "acknowledged but lost": 0,
        "left behind": 0,
    }
    key = _filled(folder / "good", protection)
    shutil.copytree(folder / "good", folder / "timed")
    lasts = time.monotonic()
    act(folder / "timed", key)
    lasts = time.monotonic() - lasts
    for _ in range(count):
        place = folder / "work"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(folder / "good", place)

        def work(tell, place=place):
            tell("ready")
            act(place, key)
            tell("done")

        child = Child(work)
        child.first_line()
        told = "done" in child.kill_after(chance.uniform(0, 1.3) * lasts)
        lasts *= 0.97 if told else 1.03
        _judge(place, told, found)
    return found


def _judge(place, told, found):
    """Which passphrase opens it now: exactly one, and the whole store."""
    opened = "old" if is_plain(place / STORE_FILE) else ""
    key = key_file.PLAIN_KEY
    for name, passphrase in (("old", OLD), ("new", NEW)):
        if not opened:
            try:
                key, opened = unlock(place, passphrase), name
            except KnownError:
                continue
    if not opened:
        found["locked out"] += 1
        return
    found[opened] += 1
    found["acknowledged but lost"] += told and opened == "old"
    try:
        with Archive.open(place, key) as archive:
            found["corrupt"] += bool(archive.verify()) or archive.count() != PLANS
            found["corrupt"] += archive.load("plan-3") != later(small_plan("plan-3"), 4)
        found["left behind"] += sum(1 for _ in place.rglob(".*"))
    except KnownError:
        found["corrupt"] += 1
