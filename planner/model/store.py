"""What there is to say about a store as a whole: how it is protected, its key, who edits it."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from planner.model import store_words as words
from planner.model.civil import clinical_date


class Protection(StrEnum):
    """How a store is protected against somebody who holds its files."""

    PASSPHRASE = "passphrase"  # noqa: S105 - a kind, no secret
    """Encrypted; the key is sealed under a passphrase."""
    KEYRING = "keyring"
    """Encrypted; the key lies in the keyring of the operating system's account."""
    FILE = "file"
    """Encrypted, but the key lies beside it: whoever may read the folder may read the plans."""
    PLAIN = "plain"
    """Not encrypted."""


class StoreKey(Struct, frozen=True):
    """The key of an open store, None for a plain one. It never shows in a message or a log."""

    raw: bytes | None

    def __repr__(self) -> str:
        return "StoreKey(...)"


class Holder(NamedTuple):
    """Who edits: name, account, machine, process, which start of the machine, since when (ISO text), window's door."""

    who: str
    account: str
    host: str
    pid: int
    boot: str
    since: str
    door: str = ""

    @property
    def sentence(self) -> str:
        """For a banner: who has the store open, where and since when."""
        name = self.who or self.account or "somebody"
        try:
            moment = datetime.fromisoformat(self.since)
            since = f"{clinical_date(moment.date())} {moment:%H:%M}"
        except ValueError:
            since = self.since  # words, where no clock was asked
        return words.HOLDER.format(name=name, account=self.account, host=self.host, since=since)
