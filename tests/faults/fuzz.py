"""Good files spoilt at random, each given to the reader of its kind: read or refused in words, never anything else.

Unlike `hostile` it spoils single words and numbers too, makes the checksums of spoilt plans, key files and sealed plans
fit again so that they get past them, and writes again whatever was read.
"""

import base64
import json
import random
import re
import resource
import time
from pathlib import Path

from planner.errors import KnownError
from planner.model.revision import Passed
from planner.model.store import Protection
from planner.paths import resources
from planner.services.store.coming_home import with_own
from planner.settings import load_settings
from planner.storage import hand_over, key_file
from planner.storage.plan_codec import decode, encode
from tests.faults.hostile import WORDS, _mutant, _readers, _seeds, _watch
from tests.quick_keys import quick_keys
from tests.storage.plans import AT, resealed, small_plan

LIMIT = 1.0
KINDS = ("plan", "sealed plan", "key file", "patient", "patients table", "store", "protocol", "rule", "agents")
READERS = (0, 1, 7, 3, 2, 8, 4, 5, 6)
"""Which of hostile.py's readers takes the file of that kind."""
RESEALED, SETTINGS = "plan sealed again", "settings"
KEY_RESEALED, HAND_RESEALED = "key file with its checksum", "sealed plan with its checksum"
_TOKEN = re.compile(rb"[A-Za-z_]+|[0-9][0-9.:-]*")
OTHER = 8
"""One file in so many goes to a reader of another kind."""
"""A key file made in no time; trying a passphrase would else be all that is measured."""


def fuzz_readers(folder, count, seed=1):
    """So many spoilt files; the figures; "answered" counts what was read, or whose problems were listed."""
    chance = random.Random(seed)
    found = {
        "cases": count,
        "crashes": 0,
        "hangs": 0,
        "writes outside": 0,
        "slowest": 0.0,
        "MB more in memory": 0,
        "answered": {},
        "refused": {},
    }
    folder.mkdir(parents=True, exist_ok=True)
    outside = _watch(folder)
    work, began = _cases(folder), time.process_time()
    kinds, at_first = tuple(work), _most_memory()
    for _ in range(count):
        kind = chance.choice(kinds)
        seeds, reader = work[kind]
        if not chance.randrange(OTHER):
            reader = work[chance.choice(kinds)][1]
        content = _spoilt(kind, chance.choice(seeds), chance)
        took = _try(kind, reader, folder / "case", content, found)
        found["hangs"] += took > LIMIT
        found["slowest"] = round(max(found["slowest"], took), 2)
    found["writes outside"] = len(outside)
    found["MB more in memory"] = round(_most_memory() - at_first)
    found["cases a second of CPU"] = round(count / (time.process_time() - began))
    return found


def _most_memory():
    """MB this process had at most; Linux tells it in KiB, macOS in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1024 if most < 1 << 30 else most / 1024 / 1024


def _cases(folder):
    """By kind: good files, and what reads them."""
    with quick_keys():
        seeds, box = _seeds(folder), _passphrase_box()
    readers = _readers(folder)
    work = {kind: ([seeds[index]], readers[READERS[index]]) for index, kind in enumerate(KINDS)}
    for kind in ("protocol", "rule", "agents"):
        shipped = sorted(
            (resources() / f"{kind.removesuffix('s')}s").rglob("*.toml"), key=lambda file: file.stat().st_size
        )
        work[kind] = ([file.read_bytes() for file in shipped[:40]], work[kind][1])
    plan = encode(small_plan()).encode()
    passed = with_own((Passed("0" * 64, "w", AT),), small_plan())
    work["plan"] = ([encode(small_plan(), passed).encode()], _written_again)
    work[RESEALED] = ([plan], _written_again)
    work["key file"] = (work["key file"][0], _key_opened(folder / "fuzzed.db"))
    work[KEY_RESEALED] = ([box], work["key file"][1])
    work[HAND_RESEALED] = work["sealed plan"]
    work[SETTINGS] = ([b'{"who":"Ph. One","paper":"A4","second_backup":"/x","language":"es"}'], load_settings)
    return work


def _passphrase_box():
    box = key_file.sealed_box(key_file.new_key(bytes), "correct horse")
    return json.dumps(key_file.with_checksum(box)).encode()


def _key_opened(store):
    """The reader of key files, without the copy that stands in for a damaged one."""

    def read(file):
        key_file.copy_path(store).unlink(missing_ok=True)
        key_file.key_path(store).write_bytes(file.read_bytes())
        box = key_file.read_box(store)
        if box["kind"] != Protection.KEYRING:
            key_file.open_box(box, "correct horse")

    return read


def _written_again(file):
    """A plan that was read can be written, and is the same then."""
    plan = decode(file.read_text(encoding="utf-8", errors="replace"), "f")
    assert decode(encode(plan), "f") == plan


def _spoilt(kind, good, chance):
    if kind in _AGAIN:
        return _AGAIN[kind](good, chance)
    if chance.random() < 0.4:
        return _mutant(good, chance)
    content = good
    for _ in range(chance.randint(1, 3)):
        token, other = _token_in(content, chance), _token_in(content, chance)
        if not (token and other):
            break
        new = other[0] if chance.random() < 0.5 else chance.choice(WORDS).encode("utf-8", "surrogatepass")
        content = content[: token.start()] + new + content[token.end() :]
    return content


def _token_in(content, chance):
    """A word or number at a random place; looking for all of them took longer than reading most files."""
    return _TOKEN.search(content, chance.randrange(len(content) or 1)) or _TOKEN.search(content)


def _sealed_again(good, chance):
    """Somebody changes values of a plan on purpose and makes the checksum fit."""

    def change(plan):
        places = list(_places(plan))
        for _ in range(chance.randint(1, 3)):
            holder, key = chance.choice(places)
            other, place = chance.choice(places)
            new = other.get(place) if isinstance(other, dict) else other[place] if place < len(other) else None
            if isinstance(holder, list) and key >= len(holder):
                continue
            pick = chance.randrange(3)
            holder[key] = new if pick == 0 else chance.choice(ODD) if pick == 1 else [holder[key]]

    try:
        return resealed(good.decode(), change).encode("utf-8", "surrogatepass")
    except (TypeError, KeyError, AttributeError, ValueError):  # the list of protocols itself was changed
        return good


def _box_again(good, chance):
    """A key file with values changed on purpose, and the checksum that fits them."""
    box = json.loads(good)
    box.pop("checksum")
    _change_values(box, chance)
    return _dumped(key_file.with_checksum(box))


def _hand_again(good, chance):
    """A sealed plan with another key box, or other bytes in its container, and the checksum that fits."""
    outer = json.loads(good)
    outer.pop("checksum")
    if chance.random() < 0.5:
        outer["data"] = base64.b64encode(_mutant(base64.b64decode(outer["data"]), chance)).decode()
    else:
        _change_values(outer, chance)
    return _dumped({**outer, "checksum": hand_over.checksum_of(outer)})


def _change_values(value, chance):
    places = list(_places(value))
    for _ in range(chance.randint(1, 3)):
        holder, key = chance.choice(places)
        holder[key] = chance.choice(ODD) if chance.random() < 0.7 else chance.choice(places)[1]


def _dumped(value):
    return json.dumps(value).encode("utf-8", "surrogatepass")


_AGAIN = {RESEALED: _sealed_again, KEY_RESEALED: _box_again, HAND_RESEALED: _hand_again}
ODD = (
    None,
    True,
    -1,
    0,
    10**30,
    "",
    "x",
    "NaN",
    "-0",
    "1e999",
    "2026-02-30",
    "9999-12-31",
    [],
    {},
    [[]],
    "\u202e",
    "../x",
    "\x00",
)


def _places(value):
    """Every place in a JSON value that could be changed."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in list(inner):
        yield value, key
        yield from _places(one)


def _try(kind, reader, file, content, found):
    file.write_bytes(content)
    began = time.process_time()  # a busy machine is no hang
    try:
        reader(file)
        found["answered"][kind] = found["answered"].get(kind, 0) + 1
    except KnownError:
        found["refused"][kind] = found["refused"].get(kind, 0) + 1
    except Exception as error:
        found["crashes"] += 1
        if found["crashes"] < 20:
            found.setdefault("crashed", []).append(f"{kind}: {type(error).__name__}: {error}"[:200])
            Path(file.with_name(f"crash-{found['crashes']}")).write_bytes(content)
    return time.process_time() - began
