"""How the store's key is kept: a random key, sealed under a passphrase, in the system's keyring, or in a file beside.

The store is encrypted with 32 random bytes, never with the passphrase itself. So a passphrase can be changed without
writing the store again, and never half: the small file that holds the sealed key is replaced whole.

Sealing: argon2id stretches the passphrase, with a salt that is made anew each time, to 64 bytes. The first half is laid
over the key (a pad used once), the second half authenticates the whole file. Without the passphrase the key is lost.
"""

import hashlib
import hmac
import json
import os
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from planner.errors import EnvironmentProblem, KnownError, WrongPassphrase
from planner.files import cause_of, read_text, told, write_whole
from planner.model import store_words as words
from planner.model.store import Protection, StoreKey

FORMAT = "regimap-key"
VERSION = 1
KEY_BYTES = 32
SALT_BYTES = 32
SHORTEST_PASSPHRASE = 8
"""Characters. A limit against slips, no judgement of strength."""
TIME, MEMORY_KIB, LANES = 3, 64 * 1024, 4
"""argon2id: about 0.2 s and 64 MiB for each try (ecosystem.md section 4)."""
_MOST_TIME, _MOST_MEMORY_KIB, _MOST_LANES = 6, 128 * 1024, 8
"""A planted key file must not take the machine's memory or a long time (promises.md S10: 1 s, 200 MB)."""
_LEAST_KIB_A_LANE = 8
"""Less is no argon2 (RFC 9106, section 3.1)."""
RandomBytes = Callable[[int], bytes]


PLAIN_KEY = StoreKey(None)


def new_key(random_bytes: RandomBytes = os.urandom) -> StoreKey:
    """A key nobody has used before."""
    return StoreKey(random_bytes(KEY_BYTES))


def key_path(store: Path) -> Path:
    """The key file of a store."""
    return store.with_suffix(".key")


def copy_path(store: Path) -> Path:
    """Its second copy, because a lost key file would lose the whole store."""
    return store.with_suffix(".key.copy")


def sealed_box(key: StoreKey, passphrase: str, random_bytes: RandomBytes = os.urandom) -> dict[str, Any]:
    """The content of a key file that opens with this passphrase."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise WrongPassphrase(words.SHORT.format(least=SHORTEST_PASSPHRASE))
    salt = random_bytes(SALT_BYTES)
    kdf = {"name": "argon2id", "time": TIME, "memory_kib": MEMORY_KIB, "lanes": LANES}
    pad, secret = _stretch(passphrase, salt, kdf)
    box = _box(Protection.PASSPHRASE, kdf=kdf, salt=salt.hex(), sealed=_over(_raw(key), pad).hex())
    return {**box, "tag": _tag(box, secret)}


def file_box(key: StoreKey) -> dict[str, Any]:
    """The content of a key file that needs no passphrase."""
    return _box(Protection.FILE, key=_raw(key).hex())


def keyring_box(account: str) -> dict[str, Any]:
    """The content of a key file whose key lies in the keyring under that account name."""
    return _box(Protection.KEYRING, account=account)


def open_box(box: Mapping[str, Any], passphrase: str) -> StoreKey:
    """The key in a box of kind file or passphrase; WrongPassphrase where it does not open."""
    if box["kind"] == Protection.FILE:
        return StoreKey(bytes.fromhex(box["key"]))
    pad, secret = _stretch(passphrase, bytes.fromhex(box["salt"]), box["kdf"])
    bare = {name: value for name, value in box.items() if name not in ("tag", "checksum")}
    if not hmac.compare_digest(_tag(bare, secret), box["tag"]):
        raise WrongPassphrase(words.WRONG)
    return StoreKey(_over(bytes.fromhex(box["sealed"]), pad))


def write_box(store: Path, box: Mapping[str, Any]) -> None:
    """Replace the key file whole, then its copy. Killed in between, the old copy opens nothing but the same store."""
    content = (json.dumps(with_checksum(box), indent=1, sort_keys=True) + "\n").encode()
    write_whole(key_path(store), content)
    write_whole(copy_path(store), content)


def put_aside(store: Path) -> None:
    """Keep the key file of a store that is not here any more: somebody may have carried it off without its key."""
    kept = key_path(store)
    if _read(kept)[1] == words.NO_KEY:
        return
    number = 1
    while (aside := store.with_name(f"{store.stem}-old-{number}.key")).exists():
        number += 1
    try:
        kept.rename(aside)
    except OSError as error:
        raise EnvironmentProblem(told(aside, words.NOT_KEPT, cause=cause_of(error))) from error


def drop_key(store: Path) -> None:
    """Take back a key that nothing was encrypted with."""
    for path in (key_path(store), copy_path(store)):
        path.unlink(missing_ok=True)


def asides(store: Path) -> Iterator[Path]:
    """The key files beside a store that were put aside."""
    return store.parent.glob(f"{store.stem}-old-*.key")


def content_of(store: Path) -> bytes:
    """What the key file holds, not understood; empty where it cannot be read."""
    try:
        return key_path(store).read_bytes()
    except OSError:
        return b""


def drop_copies(store: Path, content: bytes) -> None:
    """Remove the key files put aside that are that very one."""
    for aside in tuple(asides(store)):
        with suppress(OSError):
            if content and aside.read_bytes() == content:
                aside.unlink()


def with_checksum(box: Mapping[str, Any]) -> dict[str, Any]:
    """The box as it stands in the file."""
    return {**box, "checksum": _checksum(box)}


def read_box(store: Path) -> dict[str, Any]:
    """The key file, or its copy where the file is missing or damaged. EnvironmentProblem where neither can be read."""
    return read_boxes(store)[0]


def read_boxes(store: Path) -> tuple[dict[str, Any], ...]:
    """The key file and its copy, those that can be read: one where they are the same. EnvironmentProblem for none.

    They differ after a kill between the writing of both, or where somebody put the key file of another store here.
    Neither is written over the other before it has opened the store (`make_whole`).
    """
    found, problem = _read(key_path(store))
    if problem == words.NEWER_KEY:
        raise EnvironmentProblem(told(store, problem))
    copied, _ = _read(copy_path(store))
    boxes = [one for one in (found, copied) if one is not None]
    if not boxes:
        raise EnvironmentProblem(told(store, problem))
    return tuple(boxes[:1] if found == copied else boxes)


def is_kept_twice(store: Path) -> bool:
    """Whether file and copy are there and the same, as they nearly always are; looked at without being understood."""
    try:
        content = key_path(store).read_bytes()
        return bool(content) and content == copy_path(store).read_bytes()
    except OSError:
        return False


def make_whole(store: Path, box: Mapping[str, Any]) -> None:
    """Let file and copy both be this box, which opens the store, where they may be written."""
    if any(_read(path)[0] != box for path in (key_path(store), copy_path(store))):
        with suppress(EnvironmentProblem):  # a folder that may only be read is no reason not to open the store
            write_box(store, box)


def _read(path: Path) -> tuple[dict[str, Any] | None, str]:
    """The box in a file, or what is wrong with it."""
    try:
        kept = json.loads(read_text(path))
    except (KnownError, ValueError, RecursionError):
        return None, words.NO_KEY
    if not isinstance(kept, dict) or kept.get("format") != FORMAT:
        return None, words.NO_KEY
    if isinstance(kept.get("version"), int) and kept["version"] > VERSION:
        return None, words.NEWER_KEY
    checksum = kept.pop("checksum", "")
    if checksum != _checksum(kept) or not is_sound_box(kept):
        return None, words.NO_KEY
    return kept, ""


def is_sound_box(box: object) -> bool:
    """Whether every part is there and within its limits, so that opening cannot run wild."""
    if not isinstance(box, dict):
        return False
    try:
        if box["kind"] == Protection.FILE:
            return len(bytes.fromhex(box["key"])) == KEY_BYTES
        if box["kind"] == Protection.KEYRING:
            return bool(box["account"]) and isinstance(box["account"], str)
        kdf = box["kdf"]
        if box["kind"] != Protection.PASSPHRASE:
            return False
        limits = (("time", _MOST_TIME), ("memory_kib", _MOST_MEMORY_KIB), ("lanes", _MOST_LANES))
        fits = all(type(kdf[name]) is int and 1 <= kdf[name] <= most for name, most in limits)
        fits = fits and kdf["memory_kib"] >= _LEAST_KIB_A_LANE * kdf["lanes"]
        lengths = (len(bytes.fromhex(box["sealed"])), len(bytes.fromhex(box["salt"])), len(box["tag"]))
        return fits and kdf["name"] == "argon2id" and lengths == (KEY_BYTES, SALT_BYTES, 64)
    except (KeyError, TypeError, ValueError):
        return False


def _box(kind: Protection, **parts: Any) -> dict[str, Any]:
    return {"format": FORMAT, "version": VERSION, "kind": str(kind), **parts}


def _stretch(passphrase: str, salt: bytes, kdf: Mapping[str, Any]) -> tuple[bytes, bytes]:
    from argon2.low_level import Type, hash_secret_raw

    typed = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    long = hash_secret_raw(typed, salt, kdf["time"], kdf["memory_kib"], kdf["lanes"], 2 * KEY_BYTES, Type.ID)
    return long[:KEY_BYTES], long[KEY_BYTES:]


def _tag(box: Mapping[str, Any], secret: bytes) -> str:
    return hmac.new(secret, _canonical(box), hashlib.sha256).hexdigest()


def _checksum(box: Mapping[str, Any]) -> str:
    return hashlib.sha256(_canonical(box)).hexdigest()


def _canonical(box: Mapping[str, Any]) -> bytes:
    return json.dumps(box, sort_keys=True, separators=(",", ":")).encode()


def _over(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _raw(key: StoreKey) -> bytes:
    if key.raw is None:
        raise ValueError("a plain store has no key")
    return key.raw
