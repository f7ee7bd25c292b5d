"""Hostile files of every kind that is read: refused in words within a second, nothing hung, nothing written."""

import json
import random
import sys
import time
from datetime import date

from planner.content.agent_file import read_agents
from planner.content.patient_file import read_patient
from planner.content.protocol_file import read_protocol
from planner.content.rule_file import read_rule
from planner.errors import KnownError
from planner.files import read_text
from planner.paths import resources
from planner.services.store.store_tables import read_patients_csv
from planner.storage import key_file
from planner.storage.hand_over import open_sealed, seal_text
from planner.storage.key_file import PLAIN_KEY, key_path, read_box
from planner.storage.plan_codec import decode, encode
from planner.storage.repository import Repository
from tests.storage.plans import AT, small_plan

TODAY = date(2026, 11, 28)
LIMIT = 1.0
BYTES = (
    b"",
    b"\0" * 2000,
    b"\xef\xbb\xbf",
    b"\xff\xfe{\0}\0",
    b"{" * 100_000,
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b"1e999999999",
    b"9" * 500_000,
    b'{"a":NaN,"b":Infinity}',
    b'{"a":1,"a":2}',
    b"a = 1\na = 2\n",
    b"x" * 3_000_000,
    b"\r\n" * 100_000,
    b"a=b\r" * 1000,
    b'"' + b"\\u202e" * 1000 + b'"',
    b"=cmd|' /C calc'!A0\n" * 500,
    b"id,family,birth_date,sex\n" + b"x," * 200_000,
    b'id,family,birth_date,sex\n"' + b"y" * 300_000,
    b"../../etc/passwd",
    b"SQLite format 3\0" + b"\0" * 4000,
    b"PK\x03\x04" * 500,
    b"---\n!!python/object/apply:os.system ['true']\n",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b"\x1b[2J" * 100,
)
WORDS = (
    "NaN",
    "1e999",
    "-1",
    "10" * 200,
    "null",
    "true",
    "[]",
    "{}",
    '"\\ud800"',
    '"../../x"',
    '"\\u0000"',
    "0x10",
    "1_000",
    "\u202e",
    "\0",
    "9999-99-99",
    '"99999-01-01"',
    "'); DROP TABLE plan; --",
)


def read_hostile(folder, count, seed=1):
    """So many files, each given to every reader of its kind; the figures."""
    chance, found = random.Random(seed), {"files": count, "hangs": 0, "crashes": 0, "writes outside": 0, "slowest": 0.0}
    folder.mkdir(parents=True, exist_ok=True)
    outside = _watch(folder)
    readers, seeds = _readers(folder), _seeds(folder)
    for number in range(count):
        content = BYTES[number] if number < len(BYTES) else _mutant(chance.choice(seeds), chance)
        file = folder / f"hostile-{number % 5}"
        file.write_bytes(content)
        for reader in readers:
            took = _read(reader, file, found)
            found["hangs"] += took > LIMIT
            found["slowest"] = round(max(found["slowest"], took), 2)
    found["writes outside"] = len(outside)
    return found


def _read(reader, file, found):
    """Seconds of the processor until the file was read or refused; anything but a refusal in words is a crash."""
    began = time.process_time()
    try:
        reader(file)
    except KnownError:
        pass
    except Exception as error:
        found["crashes"] += 1
        found.setdefault("first crash", f"{type(error).__name__}: {error}"[:200])
    return time.process_time() - began


def _watch(folder):
    """Every file that is opened for writing elsewhere."""
    outside = []

    def hook(event, arguments):
        if (
            event == "open"
            and isinstance(arguments[0], str)
            and isinstance(arguments[1], str)
            and set(arguments[1]) & set("wax+")
        ):
            place = arguments[0]
            if not place.startswith((str(folder), "/dev/")) and "regimap-" not in place and ".pyc" not in place:
                outside.append(place)

    sys.addaudithook(hook)
    return outside


def _readers(folder):
    store = folder / "plans.db"

    def from_key(file):
        key_path(store).write_bytes(file.read_bytes())
        read_box(store)

    def from_store(file):
        path = folder / "hostile.db"
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        path.write_bytes(file.read_bytes())
        repository = Repository(path, PLAIN_KEY)
        try:
            repository.summaries()
            repository.verify()
        finally:
            repository.close()

    return (
        lambda file: decode(read_text(file), "f"),
        lambda file: open_sealed(read_text(file), "correct horse", "f"),
        lambda file: read_patients_csv(read_text(file), "f", TODAY),
        lambda file: read_patient(read_text(file), "f", TODAY),
        lambda file: read_protocol(read_text(file), "f", {}),
        lambda file: read_rule(read_text(file), "f", {}),
        lambda file: read_agents(read_text(file), "f"),
        from_key,
        from_store,
    )


def _seeds(folder):
    """One good file of each kind, to be spoilt."""
    plain = folder / "seed.db"
    repository = Repository(plain, PLAIN_KEY)
    repository.append(small_plan(), "New plan", "w", AT)
    repository.close()
    shipped = [min((resources() / kind).rglob("*.toml")).read_bytes() for kind in ("protocols", "rules", "agents")]
    table = "id,family,given,birth_date,sex\n00123,NA,Ana,1981-03-14,female\n"
    return [
        encode(small_plan()).encode(),
        seal_text(encode(small_plan()), "correct horse").encode(),
        json.dumps(key_file.file_box(key_file.new_key(bytes))).encode(),
        (resources() / "demo" / "patient.json").read_bytes(),
        table.encode(),
        plain.read_bytes(),
        *shipped,
    ]


def _mutant(good, chance):
    """The file with bytes flipped, cut, doubled, or a hostile word put in."""
    content = bytearray(good)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(content) or 1)
        kind = chance.randrange(5)
        if kind == 0 and content:
            content[place] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del content[place : place + chance.randint(1, 400)]
        elif kind == 2:
            content[place:place] = chance.choice(WORDS).encode("utf-8", "surrogatepass")
        elif kind == 3:
            content[place:place] = content[place : place + chance.randint(1, 2000)]
        else:
            del content[place:]
    return bytes(content)
