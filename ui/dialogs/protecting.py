"""How the store is protected, as a form: the way, and a passphrase typed twice."""

from collections.abc import Callable, Sequence

from planner.errors import KnownError
from planner.model.store import Protection
from ui.dialogs.fields import Answers, Field
from ui.tongue import say

LEAST = 8
"""Characters of a passphrase."""
KEEP_WORDS = {
    Protection.PASSPHRASE: "Encrypted, with a passphrase nobody can recover",
    Protection.KEYRING: "Encrypted, opened by this account's keyring",
    Protection.FILE: "Encrypted, key beside it: open to all who read your files",
}
PROTECT_WORDS = (
    "The key of the plans stays the same; only the way to it changes. A lost passphrase cannot be recovered.",
    "Whoever has an old copy of the key file and its passphrase can still open the plans.",
)


def ways(*, keyring: bool) -> list[Protection]:
    """The ways there are on this machine."""
    return [Protection.PASSPHRASE, *([Protection.KEYRING] if keyring else []), Protection.FILE]


def protection_fields(now: Protection, *, keyring: bool) -> tuple[Field, ...]:
    """The present passphrase where there is one, the way from now on, the new passphrase twice."""

    def sealed(answers: Answers) -> bool:
        return answers["kind"] is Protection.PASSPHRASE

    kept = [(way, KEEP_WORDS[way]) for way in ways(keyring=keyring)]
    present = (Field("present", "Passphrase &now", "secret"),) if now is Protection.PASSPHRASE else ()
    return (
        *present,
        Field("kind", "Plans are &kept", "choice", now if now in KEEP_WORDS else Protection.PASSPHRASE, kept),
        *passphrase_fields(sealed),
    )


def passphrase_fields(asked: Callable[[Answers], bool]) -> tuple[Field, ...]:
    """A new passphrase, typed twice."""
    return (
        Field(
            "passphrase", "Pass&phrase", "secret", hint=say("at least {count} characters", count=LEAST), shown_if=asked
        ),
        Field("again", "Passphrase aga&in", "secret", shown_if=asked),
    )


def passphrase_problems(answers: Answers) -> Sequence[str]:
    """What is wrong with a passphrase typed twice."""
    if len(answers["passphrase"]) < LEAST:
        return (say("The passphrase needs at least {least} characters.", least=LEAST),)
    return () if answers["passphrase"] == answers["again"] else (say("The two passphrases differ."),)


def protection_problems(opens: Callable[[str], bool], now: Protection, answers: Answers) -> Sequence[str]:
    """Whether the present passphrase is right, and the new one can be used."""
    if now is Protection.PASSPHRASE:
        try:
            if not opens(answers["present"]):
                return (say("The passphrase opens another store."),)
        except KnownError as error:
            return error.lines
    return passphrase_problems(answers) if answers["kind"] is Protection.PASSPHRASE else ()
