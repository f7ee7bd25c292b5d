"""A plan file sealed with a passphrase, to be handed over: the text in a small encrypted database, inside JSON."""

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from planner.errors import EnvironmentProblem, InputProblem, WrongPassphrase
from planner.files import cause_of, told
from planner.model import store_words as words
from planner.storage.database import connect, guarded
from planner.storage.key_file import RandomBytes, is_sound_box, new_key, open_box, sealed_box

FORMAT = "regimap-sealed-plan"
VERSION = 1


def seal_text(text: str, passphrase: str, random_bytes: RandomBytes = os.urandom) -> str:
    """The text of a sealed file. Only the passphrase opens it; it cannot be found again."""
    key = new_key(random_bytes)
    with _container() as path:
        with guarded(path), closing(connect(path, "rw", key)) as container:
            container.execute("CREATE TABLE content (text TEXT NOT NULL) STRICT")
            container.execute("INSERT INTO content VALUES (?)", (text,))
        data = base64.b64encode(path.read_bytes()).decode("ascii")
    outer = {"format": FORMAT, "version": VERSION, "key": sealed_box(key, passphrase, random_bytes), "data": data}
    return json.dumps({**outer, "checksum": checksum_of(outer)}, indent=1) + "\n"


def is_sealed(text: str) -> bool:
    """Whether a file says of itself that it is sealed."""
    return text.lstrip()[:400].startswith("{") and f'"format": "{FORMAT}"' in text[:400]


def open_sealed(text: str, passphrase: str, file: str) -> str:
    """The text in a sealed file. WrongPassphrase where it does not open, InputProblem where the file is damaged."""
    outer = _outer(text, file)
    try:
        key = open_box(outer["key"], passphrase)
    except WrongPassphrase:
        raise WrongPassphrase(told(file, words.WRONG_SEAL)) from None
    damaged = InputProblem((f"{file}: the sealed plan is damaged; use another copy",))
    try:
        content = base64.b64decode(outer["data"], validate=True)
    except ValueError:
        raise damaged from None
    with _container() as path:
        path.write_bytes(content)
        try:
            with guarded(path), closing(connect(path, "ro", key)) as container:
                return str(container.execute("SELECT text FROM content").fetchone()[0])
        except (EnvironmentProblem, TypeError):
            raise damaged from None


@contextmanager
def _container() -> Iterator[Path]:
    """An empty private file in a folder of its own that is removed afterwards. EnvironmentProblem where none can be."""
    import tempfile  # its import would be seen at every start

    try:
        with tempfile.TemporaryDirectory(prefix="regimap-") as folder:
            path = Path(folder) / "sealed.db"
            path.touch(mode=0o600)
            yield path
    except OSError as error:
        raise EnvironmentProblem(words.TEMPORARY.format(cause=cause_of(error))) from error


def _outer(text: str, file: str) -> dict[str, Any]:
    try:
        outer = json.loads(text)
    except (ValueError, RecursionError):
        raise InputProblem((f"{file}: not a sealed plan, or cut off",)) from None
    if not isinstance(outer, dict) or outer.get("format") != FORMAT:
        raise InputProblem((f"{file}: not a sealed plan of this program",))
    if isinstance(outer.get("version"), int) and outer["version"] > VERSION:
        raise InputProblem((f"{file}: sealed by a newer version of this program; update the program",))
    checksum = outer.pop("checksum", "")
    key = outer.get("key")
    if checksum != checksum_of(outer) or not is_sound_box(key) or not isinstance(outer.get("data"), str):
        raise InputProblem((f"{file}: the sealed plan was changed or damaged; use another copy",))
    return outer


def checksum_of(outer: dict[str, Any]) -> str:
    """The checksum over everything else in a sealed file; it tells damage, not intent."""
    return hashlib.sha256(json.dumps(outer, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
